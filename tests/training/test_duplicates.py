"""Likely pairs: found in every spelling, judged name by name, decided once; the pages of merging."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from training.likeness import likeness
from training.models import Merge, NotSame, Trainee
from training.models.duplicates import likely_pairs

from ..factories import make_consent, make_enrolment, make_facilitator, make_group, make_trainee

pytestmark = pytest.mark.django_db
LIST = "/training/duplicates/"


@pytest.fixture
def facilitator(alpha):
    return make_facilitator(alpha, username="aigerim")


def person(surname, given_name, birth_year=1975, patronymic=""):
    return Trainee(surname=surname, given_name=given_name, birth_year=birth_year, patronymic=patronymic)


def stored(centre, surname, given_name, birth_year=1975, patronymic="", **kwargs):
    names = {"surname": surname, "given_name": given_name, "patronymic": patronymic}
    return make_trainee(centre, birth_year=birth_year, **names, **kwargs)


SAME = [
    (("Ахметова", "Айгүл"), ("Ахметова", "Айгүл"), ("same_name", "same_year")),
    (("Кенжеғали", "Айгүл"), ("Kenzhegali", "Aigul"), ("spelling", "same_year")),
    (("Кенжеғали", "Айгүл"), ("Айгуль", "Кенжегали"), ("swapped", "same_year")),
    (("Ахметова", "Айгүл"), ("Ахмедова", "Айгүл"), ("typing", "same_year")),
    (("Ким", "Асель"), ("Ким", "Асиль"), ("typing", "same_year")),
    (("Ахметова", "А."), ("Ахметова", "Айгүл"), ("typing", "same_year")),
    (("Ахметова", "Айгүл", None), ("Ахметова", "Айгүл"), ("same_name", "no_year")),
    (("Ахметова", "Айгүл", 1957), ("Ахметова", "Айгүл"), ("same_name", "near_year")),
    (("Ахметова", "Айгүл", 1976), ("Ахметова", "Айгүл"), ("same_name", "near_year")),
    (("Ахметова", "Айгүл", 1975, "Серікқызы"), ("Ахметова", "Айгүл"), ("same_name", "same_year")),
    (("Ахметова", "Айгүл", 1975, "Сериккызы"), ("Akhmetova", "Aigul", 1975, "S."), ("spelling", "same_year")),
]
DIFFERENT = [
    (("Ахметова", "Айгүл"), ("Ахметова", "Сәуле")),  # sisters
    (("Ахметова", "Айгүл", None, "Серікқызы"), ("Ахметова", "Айгерім", None, "Серікқызы")),
    (("Ахметова", "Айгүл", 1975), ("Ахметова", "Айгүл", 1960)),  # aunt and niece
    (("Ахметова", "Айгүл", 1975, "Серікқызы"), ("Ахметова", "Айгүл", 1975, "Болатқызы")),
    (("Петров", "Иван"), ("Иванов", "Пётр")),
]


@pytest.mark.parametrize(("one", "other", "signs"), SAME)
def test_likely_the_same_and_why(one, other, signs):
    for first, second in ((one, other), (other, one)):
        assert likeness(person(*first), person(*second)).signs == signs


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_hardly_the_same(one, other):
    assert likeness(person(*one), person(*other)) is None


@pytest.mark.parametrize(("one", "other", "signs"), SAME)
def test_the_database_finds_the_pair(alpha, one, other, signs):
    for year, surname in ((1940, "Петрова"), (1950, "Сейтова"), (1960, "Цой"), (None, "Бекетова")):
        stored(alpha, surname, "Жанар", year)
    rows = [stored(alpha, *one), stored(alpha, *other)]
    found = likely_pairs(Trainee.objects.all(), list(Trainee.objects.values_list("pk", flat=True)))
    assert [({pair.one, pair.other}, pair.likeness.signs) for pair in found] == [(set(rows), signs)]


def test_the_likeliest_stands_first_and_each_pair_once(alpha):
    exact = [stored(alpha, "Ахметова", "Айгүл", registered_on=date(2005, 1, day)) for day in (10, 11)]
    typing = [stored(alpha, "Сейтова", "Дина"), stored(alpha, "Сеитова", "Дино", None)]
    pairs = likely_pairs(Trainee.objects.all(), list(Trainee.objects.values_list("pk", flat=True)))
    assert [{pair.one, pair.other} for pair in pairs] == [set(exact), set(typing)]
    newer = likely_pairs(Trainee.objects.all(), [exact[1].pk])
    assert [(pair.one, pair.other) for pair in newer] == [(exact[1], exact[0])]
    assert likely_pairs(Trainee.objects.all(), [exact[0].pk]) == []  # stands on the newer one's page


def test_the_page_shows_one_centre_and_remembers_verdicts(client_of, facilitator, alpha, beta):
    one, other = stored(alpha, "Ахметова", "Айгүл"), stored(alpha, "Akhmetova", "Aigul")
    foreign = stored(beta, "Ахметова", "Айгүл")
    stored(beta, "Ахметова", "Айгүл")
    client = client_of(facilitator)
    page = client.get(LIST)
    assert [{pair.one, pair.other} for pair in page.context["pairs"]] == [{one, other}]
    assert str(foreign.pk) not in page.content.decode()
    response = client.post(f"{LIST}{one.pk}/{other.pk}/different/")
    assert response.headers["Location"] == f"{LIST}?centre=alpha"
    client.post(f"{LIST}{other.pk}/{one.pk}/different/")  # said twice
    verdict = NotSame.objects.get()
    assert {verdict.first, verdict.second, verdict.by} == {one, other, facilitator}
    assert client.get(LIST).context["pairs"] == []
    client.post(f"{LIST}verdicts/{verdict.pk}/again/")
    assert len(client.get(LIST).context["pairs"]) == 1


def test_a_pair_of_two_centres_does_not_exist(client_of, coordinator, alpha, beta):
    one, other = stored(alpha, "Ахметова", "Айгүл"), stored(beta, "Ахметова", "Айгүл")
    client = client_of(coordinator)
    assert client.get(f"{LIST}{one.pk}/{other.pk}/").status_code == 404
    assert client.get(f"{LIST}{one.pk}/{one.pk}/").status_code == 404
    assert client.post(f"{LIST}{one.pk}/{other.pk}/different/").status_code == 404


def test_a_coordinator_chooses_the_centre(client_of, coordinator, alpha, beta):
    client = client_of(coordinator)
    offered = client.get(LIST).context["choice"].fields["centre"].choices
    assert [code for code, _name in offered] == ["alpha", "beta"]
    stored(beta, "Ахметова", "Айгүл")
    stored(beta, "Ахметова", "Айгүл")
    assert len(client.get(LIST, {"centre": "beta"}).context["pairs"]) == 1


def test_merging_field_by_field_and_undoing_it(client_of, facilitator, alpha):
    kept = stored(alpha, "Ахметова", "Айгүл", phone="8 701 111 11 11", note="Утром.")
    later = {"phone": "8 702 222 22 22", "note": "Вечером.", "registered_on": date(2005, 2, 1)}
    absorbed = stored(alpha, "Akhmetova", "Aigul", None, "Серікқызы", **later)
    make_enrolment(make_group(alpha, name="Sewing"), kept)
    row = make_enrolment(make_group(alpha, name="Computers"), absorbed)
    client = client_of(facilitator)
    address = f"{LIST}{absorbed.pk}/{kept.pk}/"  # in either order the older entry is kept
    form = client.get(address).context["form"]
    asked = {name: form[name].value() for name in form.fields}
    assert asked["registered_on"] == "one"  # the earlier day
    assert asked["patronymic"] == "other"  # the filled one
    assert asked["note"] == "both"
    response = client.post(address, {**asked, "phone": "other"})
    merge = Merge.objects.get()
    assert response.headers["Location"] == merge.get_absolute_url()
    found = {row.pk: row for row in Trainee.objects.all()}
    first = found[merge.kept_id]
    assert (first.patronymic, first.phone, first.birth_year) == ("Серікқызы", "8 702 222 22 22", 1975)
    assert sorted(first.note.split()) == ["Вечером.", "Утром."]
    assert first.enrolments.count() == 2
    away = found[merge.absorbed_id]
    assert client.get(away.get_absolute_url()).headers["Location"] == first.get_absolute_url()
    assert client.get(f"{away.get_absolute_url()}edit/").headers["Location"] == first.get_absolute_url()
    address = f"{first.get_absolute_url()}history/"
    assert client.get(f"{away.get_absolute_url()}history/").headers["Location"] == address
    history = client.get(address).content.decode()
    assert "Merge" in history
    assert "merged by" in history.lower()
    assert [str(row) for row, _hidden in client.get("/training/trainees/").context["rows"]] == [str(first)]
    page = client.get(merge.get_absolute_url())
    assert page.context["against"] == []
    assert client.post(f"{merge.get_absolute_url()}undo/").status_code == 302
    row.refresh_from_db()
    assert row.trainee == absorbed
    assert client.get(away.get_absolute_url()).status_code == 200
    assert client.get(merge.get_absolute_url()).status_code == 200


def test_both_in_one_group_is_said_with_its_name(client_of, facilitator, alpha):
    group = make_group(alpha, name="Sewing")
    one, other = (make_enrolment(group, stored(alpha, "Ахметова", "Айгүл")).trainee for _ in range(2))
    client = client_of(facilitator)
    page = client.get(f"{LIST}{one.pk}/{other.pk}/")
    assert page.context["reasons"] == ["Both are in the group Sewing. Delete one of the two enrolments first."]
    form = page.context["form"]
    response = client.post(f"{LIST}{one.pk}/{other.pk}/", {name: form[name].value() for name in form.fields})
    assert response.status_code == 422
    assert Merge.objects.count() == 0


def test_contacts_that_the_reader_does_not_see_are_not_in_the_preview(client_of, facilitator, alpha):
    kept = stored(alpha, "Ахметова", "Айгүл", phone="8 701 111 11 11")
    absorbed = stored(alpha, "Ахметова", "Айгуль", phone="8 702 222 22 22", contact="contact-word")
    make_enrolment(make_group(alpha), kept)
    make_consent(absorbed, withdrawn_on=date(2005, 5, 1))
    client = client_of(facilitator)
    address = f"{LIST}{kept.pk}/{absorbed.pk}/"
    page = client.get(address)
    form = page.context["form"]
    assert {"phone", "contact"} & form.fields.keys() == set()
    assert [secret for secret in ("8 70", "contact-word") if secret in page.content.decode()] == []
    client.post(address, {name: form[name].value() for name in form.fields})
    kept.refresh_from_db()
    assert (kept.phone, kept.contact) == ("8 701 111 11 11", "")
    shown = client.get(Merge.objects.get().get_absolute_url()).content.decode()
    assert [secret for secret in ("8 70", "contact-word") if secret in shown] == []


def test_pairs_take_the_same_queries_however_many(client_of, facilitator, alpha):
    client, counts = client_of(facilitator), []
    for rows in (2, 6):
        for number in range(rows):
            make_enrolment(make_group(alpha), stored(alpha, f"Ахметова{'абвгд'[number % 5]}", "Айгүл"))
        with CaptureQueriesContext(connection) as queries:
            page = client.get(LIST)
        counts.append(len(queries))
    assert len(page.context["pairs"]) > 5
    assert counts[0] == counts[1]


def test_a_merge_shows_nothing_that_was_hidden(client_of, facilitator, alpha):
    """The other entry's contacts were withdrawn; the kept one's consent came later and opens what it has itself."""
    kept = stored(alpha, "Ахметова", "Айгүл", registered_on=date(2005, 1, 1), contact="")
    make_enrolment(make_group(alpha), kept)
    gone = stored(alpha, "Ахметова", "Айгүл", phone="8 701 111 22 33", guardian_name="Her mother")
    make_consent(gone, given_on=date(2005, 2, 1), withdrawn_on=date(2005, 3, 1))
    make_consent(kept, given_on=date(2005, 5, 1))
    client, address = client_of(facilitator), f"{LIST}{kept.pk}/{gone.pk}/"
    form = client.get(address).context["form"]
    sent = {name: "1" if name.endswith("_version") else "one" for name in form.fields}
    assert client.post(address, sent).status_code == 302
    kept = Trainee.objects.get(pk=kept.pk)
    assert (kept.phone, kept.guardian_name, kept.consent_state) == ("", "", "given")
    done = client.get(Merge.objects.get().get_absolute_url()).content.decode()
    assert "8 701" not in done
    Merge.objects.get().undo(by=facilitator)
    assert Trainee.objects.get(pk=gone.pk).phone == "8 701 111 22 33"
