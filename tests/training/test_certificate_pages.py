"""Issuing on the page of a group, the list, revoking, and the public page that verifies."""

import re
import time
from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from training.forms.certificates import latin_name
from training.models import Certificate
from training.views import verification

from ..factories import (
    make_centre,
    make_certificate,
    make_completed,
    make_enrolment,
    make_group,
    make_post,
    make_programme,
    make_trainee,
    wordings,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_counts():
    cache.clear()


@pytest.fixture
def group(alpha):
    programme = make_programme(alpha.network, title="Sewing", title_ru="Шитьё", title_kk="Тігін", hours=36)
    alpha.name_ru, alpha.name_kk = "Центр «Альфа»", "Алфа орталығы"
    alpha.save()
    make_post(alpha, name="Сәуле Жұмабекова")
    return make_group(alpha, programme)


@pytest.fixture
def facilitator(personas, client_of):
    return client_of(personas.facilitator_alpha)


def trainee(group, surname="Щербакова", given_name="Айгүл"):
    return make_trainee(group.centre, surname=surname, given_name=given_name)


def page(client, group, form="kk+ru"):
    return client.get(reverse("training:group_certificates", args=[group.pk]), {"form": form})


def send(client, group, form="kk+ru", give=None, **changes):
    """Send the form as the page gave it, with these changes."""
    shown = page(client, group, form).context["form"]
    data = {name: shown[name].initial for name in shown.fields} | {"form": form} | changes
    if give is not None:
        data["give"] = [row.pk.hex for row in give]
    return client.post(reverse("training:group_certificates", args=[group.pk]), data)


def text_of(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


# --- Issuing --------------------------------------------------------------------------------------------------------


def test_those_who_completed_get_one_in_kazakh_and_russian(facilitator, group, personas):
    first, second = make_completed(group, trainee(group)), make_completed(group, trainee(group, "Ахметов"))
    assert send(facilitator, group, issued_on="2005-06-30").status_code == 302
    rows = list(Certificate.objects.order_by("number"))
    assert [(row.number, row.enrolment_id) for row in rows] == [(1, second.pk), (2, first.pk)]  # by the alphabet
    row = rows[1]
    assert (row.name, row.signatory, row.signs_as) == ("Щербакова Айгүл", "Сәуле Жұмабекова", "head")
    assert (row.issued_on, row.first_day, row.last_day) == (date(2005, 6, 30), date(2005, 1, 10), date(2005, 6, 24))
    assert (row.hours, row.is_recognised, row.issued_by) == (36, False, personas.facilitator_alpha)
    assert [(words.language, words.programme, words.centre) for words in row.in_words()] == [
        ("kk", "Тігін", "Алфа орталығы"),
        ("ru", "Шитьё", "Центр «Альфа»"),
    ]


def test_in_english_names_are_proposed_in_latin_letters_and_can_be_corrected(facilitator, group):
    row = make_completed(group, trainee(group))
    shown = page(facilitator, group, "en").context["form"]
    assert shown[f"name_{row.pk.hex}"].initial == "Shcherbakova Aigul"
    assert shown["signatory"].initial == "Saule Zhumabekova"
    assert send(facilitator, group, "en", **{f"name_{row.pk.hex}": "Scherbakova Aigul"}).status_code == 302
    made = Certificate.objects.get()
    assert (made.form, made.name) == ("en", "Scherbakova Aigul")
    (words,) = made.in_words()
    assert (words.programme, words.centre) == ("Sewing", "Community Learning Centre Alpha")


@pytest.mark.parametrize(
    ("name", "latin"),
    [
        ("Қасымова-Әлі Гүлнұр Ыбырайқызы", "Kasymova-Ali Gulnur Ybyraikyzy"),
        ("ЩЕРБАКОВ Юрий", "Shcherbakov Yurii"),
        ("O'Neill Mary", "O'Neill Mary"),
    ],
)
def test_a_latin_name_has_capitals_where_names_have_them(name, latin):
    assert latin_name(name) == latin


def test_only_those_chosen_get_one(facilitator, group):
    first, second = make_completed(group), make_completed(group)
    values = {f"name_{row.pk.hex}": "Анар" for row in (first, second)}
    assert send(facilitator, group, give=[second], **values).status_code == 302
    assert [row.enrolment_id for row in Certificate.objects.all()] == [second.pk]


def test_who_cannot_get_one_is_said_in_one_sentence_and_who_has_one_is_not_listed_again(facilitator, group):
    make_enrolment(group, trainee(group, "Running"))
    make_enrolment(group, trainee(group, "Left"), status="dropped", ended_on=date(2005, 3, 1), reason="work")
    assert "Nobody can get one at the moment." in text_of(page(facilitator, group))
    assert "Running" not in text_of(page(facilitator, group))
    held = make_completed(group, trainee(group, "Held"))
    make_certificate(group.centre, held, form="kk+ru", wordings=wordings("kk", "ru"))
    shown = text_of(page(facilitator, group))
    assert "Everybody who has completed the group has a certificate in this language." in shown
    assert shown.count("Held") == 1
    able = make_completed(group, trainee(group, "Able"))
    response = page(facilitator, group)
    form = response.context["form"]
    assert [row.enrolment for row in form.candidates] == [able]
    assert form.refused == {"has not completed the group": ["Left Айгүл", "Running Айгүл"]}
    assert "Has not completed the group: Left Айгүл, Running Айгүл" in text_of(response)


def test_what_has_no_wording_in_a_language_is_proposed_in_another_ones(beta, client_of, personas):
    beta.name, beta.name_ru, beta.name_kk = "Бета", "", "Бета"
    beta.save()
    row = make_group(beta, make_programme(beta.network, centre=beta, title="", title_ru="", title_kk="Ұлттық қолөнер"))
    make_completed(row, trainee(row))
    client = client_of(personas.facilitator_beta)
    form = page(client, row).context["form"]
    assert (form["programme_kk"].initial, form["programme_kk"].help_text) == ("Ұлттық қолөнер", "")
    assert form["programme_ru"].initial == "Ұлттық қолөнер"
    assert form["programme_ru"].help_text == "Not translated yet; shown in another language: Қазақша"
    assert page(client, row, "en").context["form"]["programme_en"].initial == "Ulttyk Koloner"
    assert send(client, row).status_code == 302


def test_who_signs_is_the_head_else_the_facilitator_by_post_or_by_account(beta, client_of, personas):
    row = make_group(beta)
    make_completed(row, trainee(row))
    client = client_of(personas.facilitator_beta)

    def signs():
        form = page(client, row).context["form"]
        return form["signatory"].initial, form["signs_as"].initial

    assert signs() == (str(personas.facilitator_beta), "facilitator")
    make_post(beta, kind="facilitator", name="Нұрлан")
    assert signs() == ("Нұрлан", "facilitator")
    make_post(beta, name="Сәуле")
    assert signs() == ("Сәуле", "head")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"issued_on": "2005-06-23"}, "ended on 24 June 2005, after the day of issue"),
        ({"issued_on": str(timezone.localdate() + timedelta(days=1))}, "This day lies in the future."),
        ({"issued_on": ""}, "This field is required."),
        ({"signatory": ""}, "This field is required."),
        ({"programme_kk": ""}, "This field is required."),
        ({"give": []}, "Choose at least one person."),
    ],
)
def test_bad_input_is_named_and_nothing_is_issued(facilitator, group, changes, sentence):
    make_completed(group, trainee(group))
    response = send(facilitator, group, **changes)
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert Certificate.objects.count() == 0


@pytest.mark.parametrize(
    ("form", "name", "sentence"),
    [
        ("en", "Айгүл", "Write it in Latin letters."),
        ("kk+ru", "Aigul", "Write it in Cyrillic letters."),
        ("en", "", "Write the name as it is to be printed."),
    ],
)
def test_a_name_in_other_letters_than_the_form_is_refused(facilitator, group, form, name, sentence):
    row = make_completed(group, trainee(group))
    response = send(facilitator, group, form, **{f"name_{row.pk.hex}": name})
    assert (response.status_code, Certificate.objects.count()) == (422, 0)
    assert sentence in text_of(response)


def test_one_bad_date_among_many_issues_none(facilitator, group):
    make_completed(group, trainee(group)), make_completed(group, trainee(group), ended_on=date(2005, 7, 20))
    assert send(facilitator, group, issued_on="2005-07-01").status_code == 422
    assert Certificate.objects.count() == 0
    assert send(facilitator, group, issued_on="2005-07-20").status_code == 302
    assert [row.number for row in Certificate.objects.order_by("number")] == [1, 2]


def test_somebody_of_another_group_cannot_be_slipped_in(facilitator, group, beta):
    make_completed(group, trainee(group))
    stranger = make_completed(make_group(beta))
    response = send(facilitator, group, give=[stranger])
    assert (response.status_code, Certificate.objects.count()) == (422, 0)


@pytest.mark.parametrize(
    ("status", "words"),
    [("registered", "is a registered legal entity"), ("part_of_host", "is not a registered legal entity")],
)
def test_the_page_says_what_the_legal_status_means(facilitator, group, status, words):
    make_completed(group)
    group.centre.legal_status = status
    group.centre.save()
    assert words in text_of(page(facilitator, group))


def test_an_expert_reads_and_cannot_issue(client_of, personas, group):
    make_certificate(group.centre, make_completed(group))
    shown = page(client_of(personas.expert), group)
    assert "00001" in text_of(shown)
    assert "Issue certificates" not in text_of(shown)


def test_without_names_there_is_nobody_to_name(facilitator, alpha):
    assert "attendance is kept without names" in text_of(page(facilitator, make_group(alpha, keeping="totals")))


# --- The list -------------------------------------------------------------------------------------------------------


def found(client, **query):
    return [row.number for row in client.get(reverse("training:certificates"), query).context["page"]]


def test_the_list_is_searched_by_number_code_and_any_spelling_of_the_name(facilitator, alpha):
    first = make_certificate(alpha, name="Shcherbakova Aigul")
    make_certificate(alpha, name="Ахметов Ержан")
    assert found(facilitator) == [2, 1]
    assert found(facilitator, q="Щербакова") == [1]
    assert found(facilitator, q="ahmetov yerzhan") == [2]
    assert found(facilitator, q="00002") == [2]
    assert found(facilitator, q="№ 1") == [1]
    assert found(facilitator, q=first.code_text.lower()) == [1]
    assert found(facilitator, q="99999999999") == []


def test_the_list_is_filtered_by_centre_and_state(client_of, coordinator, alpha, beta):
    make_certificate(alpha), make_certificate(beta), make_certificate(beta)
    Certificate.objects.get(centre=beta, number=2).revoke(by=coordinator, reason="x")
    client = client_of(coordinator)
    assert sorted(found(client)) == [1, 1, 2]
    assert found(client, centre="beta") == [2, 1]
    assert found(client, centre="beta", state="valid") == [1]
    assert found(client, state="revoked") == [2]


def test_other_centres_see_none(client_of, personas, alpha):
    make_certificate(alpha)
    for persona in ("facilitator_beta", "outsider"):
        client = client_of(getattr(personas, persona))
        assert found(client) == []
        assert found(client, q="00001") == []


@pytest.mark.parametrize("name", ["certificates", "group_certificates"])
def test_lists_take_the_same_queries_however_long(facilitator, group, name):
    counts = []
    for _ in range(2):
        for number in range(1 + 4 * len(counts)):
            row = make_completed(group)
            if number % 2 == 0:
                make_certificate(group.centre, row)
        args = [group.pk] if name == "group_certificates" else []
        with CaptureQueriesContext(connection) as queries:
            assert facilitator.get(reverse(f"training:{name}", args=args)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


# --- Revoking -------------------------------------------------------------------------------------------------------


def test_revoking_needs_a_reason_and_lets_a_new_one_be_issued(facilitator, group, personas):
    row = make_completed(group, trainee(group))
    send(facilitator, group)
    first = Certificate.objects.get()
    address = reverse("training:certificate_revoke", args=[first.pk])
    assert facilitator.post(address, {"reason": " "}).status_code == 422
    assert Certificate.objects.valid().count() == 1
    assert facilitator.post(address, {"reason": "A letter is wrong."}).status_code == 302
    first.refresh_from_db()
    assert (first.revoked_by, first.revoked_reason) == (personas.facilitator_alpha, "A letter is wrong.")
    assert "A letter is wrong." in text_of(facilitator.get(first.get_absolute_url()))
    assert facilitator.post(address, {"reason": "Again."}).status_code == 302
    first.refresh_from_db()
    assert first.revoked_reason == "A letter is wrong."
    assert send(facilitator, group).status_code == 302
    assert Certificate.objects.valid().get(enrolment=row).number == 2


# --- The public page ------------------------------------------------------------------------------------------------


@pytest.fixture
def issued(network, coordinator):
    centre = make_centre(network, name="Register name", phone="+7 700 000 00 00")
    person = make_trainee(centre, surname="Registered", birth_year=1981, phone="+7 701 111 11 11", needy="yes")
    enrolment = make_completed(make_group(centre, name="Group of secrets"), person)
    return make_certificate(centre, enrolment, name="Printed Name", issued_by=coordinator)


def test_anybody_verifies_it_and_sees_what_is_printed(client, issued):
    response = client.get(issued.public_path)
    text = text_of(response)
    assert response.status_code == 200
    for printed in ("Printed Name", "Sewing (en)", "Alpha (en)", "36", "24 June 2005", "1 July 2005", "Head of Alpha"):
        assert printed in text
    assert "This certificate is valid." in text
    assert "not a state-recognised document" in text
    assert issued.code_text in text


def test_it_shows_no_more_than_is_printed(client, issued, coordinator):
    make_certificate(issued.centre), make_certificate(issued.centre)
    html = client.get(issued.public_path).content.decode()
    secrets = ["Register name", "Registered", "1981", "+7 70", "Group of secrets", str(coordinator), "user-"]
    secrets += [str(issued.pk), str(issued.enrolment_id), issued.centre.code, "00002", "00003"]
    assert [secret for secret in secrets if secret in html] == []
    links = set(re.findall(r'(?:href|action)="([^"]+)"', html))
    assert {link for link in links if not link.startswith("/static/")} == {
        "/certificates/",
        "/language/",
        "#main",
    } & links


def test_a_revoked_one_is_shown_as_revoked_without_the_reason(client, issued, coordinator):
    issued.revoke(by=coordinator, reason="She had paid for it.")
    text = text_of(client.get(issued.public_path))
    assert "This certificate is revoked." in text
    assert "valid." not in text.replace("no longer valid,", "")
    assert "paid" not in text


@pytest.mark.parametrize("spell", [str.lower, lambda code: code.replace("-", " "), lambda code: code.replace("-", "")])
def test_a_code_is_understood_as_typed(client, issued, spell):
    assert client.get(f"/certificates/{spell(issued.code_text)}/").status_code == 200
    response = client.get("/certificates/", {"code": spell(issued.code_text)})
    assert (response.status_code, response.url) == (302, issued.public_path)


@pytest.mark.parametrize(
    "path", ["/certificates/0000-0000-0000-0000/", "/certificates/x/", "/certificates/?code=x%2Fy"]
)
def test_an_unknown_code_gets_a_friendly_page_with_a_field(client, issued, path):
    response = client.get(path)
    assert response.status_code == 404
    assert "No such certificate" in text_of(response)
    assert 'name="code"' in response.content.decode()


def test_the_page_comes_in_the_languages_that_the_reader_switches_to(client, issued):
    client.post("/language/", {"language": "ru", "next": issued.public_path})
    response = client.get(issued.public_path)
    assert response.headers["Content-Language"] == "ru"
    assert '<html lang="ru"' in response.content.decode()


@pytest.mark.parametrize("path", ["/certificates/", "/certificates/x/"])
def test_no_search_engine_keeps_it(client, issued, path):
    for address in (path, issued.public_path):
        assert client.get(address).headers["X-Robots-Tag"] == "noindex, nofollow, noarchive"


def test_guessing_is_stopped_and_nobody_else_suffers(client, issued, monkeypatch):
    start = (time.time() // verification.WINDOW + 2) * verification.WINDOW
    monkeypatch.setattr(verification.time, "time", lambda: start)
    for _ in range(verification.TRIES):
        assert client.get("/certificates/0000-0000-0000-0000/").status_code == 404
    assert client.get("/certificates/0000-0000-0000-0001/").status_code == 429
    assert client.get(issued.public_path).status_code == 200
    wrong = "/certificates/0000-0000-0000-0001/"
    assert client.get(wrong, REMOTE_ADDR="192.0.2.7").status_code == 404
    monkeypatch.setattr(verification.time, "time", lambda: start + verification.WINDOW)
    assert client.get(wrong).status_code == 404


@pytest.mark.parametrize("address", ["", "unix:"])
def test_an_address_that_is_none_is_read_like_any_other(client, issued, address):
    assert client.get(issued.public_path, REMOTE_ADDR=address).status_code == 200
    assert client.get("/certificates/0000-0000-0000-0000/", REMOTE_ADDR=address).status_code == 404


def test_reading_what_is_valid_is_not_counted_as_guessing(client, issued):
    for _ in range(verification.TRIES + 5):
        assert client.get(issued.public_path).status_code == 200


def test_the_public_page_sends_nothing_by_post(client, issued):
    assert client.post(issued.public_path).status_code == 405
