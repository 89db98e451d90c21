"""Consents: what people agree to, who gave it, and what follows when it is taken back."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from training.models import Consent, ConsentText, Enrolment, Merge, Trainee

from ..factories import (
    make_consent,
    make_enrolment,
    make_facilitator,
    make_follow_up,
    make_group,
    make_trainee,
)

pytestmark = pytest.mark.django_db
TEXTS = "/training/consent-texts/"


@pytest.fixture
def facilitator(alpha):
    return make_facilitator(alpha, username="aigerim")


@pytest.fixture
def text(network):
    ConsentText.objects.furnish(network)
    return network.consent_texts.get(purpose="data")


def state(trainee) -> str:
    return Trainee.objects.with_consent().get(pk=trainee.pk).consent_state


def give(client, trainee, text, **values):
    sent = {"text": text.pk, "language": "kk", "given_by": "trainee", "given_on": "2005-02-01", **values}
    return client.post(f"{trainee.get_absolute_url()}consent/", sent)


# --- Texts ----------------------------------------------------------------------------------------------------------


def test_the_usual_texts_come_in_three_languages_and_once(network, client_of, coordinator):
    client = client_of(coordinator)
    assert f"{TEXTS}usual/{network.code}/" in client.get(TEXTS).content.decode()
    for _ in range(2):
        assert client.post(f"{TEXTS}usual/{network.code}/").status_code == 302
    rows = list(network.consent_texts.order_by("purpose"))
    assert [(row.purpose, row.number) for row in rows] == [("data", 1), ("photo", 1)]
    for row in rows:
        assert len({row.text, row.text_ru, row.text_kk}) == 3
        assert min(map(len, (row.text, row.text_ru, row.text_kk))) > 400
    assert f"{TEXTS}usual/{network.code}/" not in client.get(TEXTS).content.decode()


def test_a_text_that_somebody_agreed_to_never_changes(text, alpha, client_of, coordinator):
    address, client = f"{TEXTS}{text.pk}/", client_of(coordinator)
    sent = {"since": "2005-01-01", "text": "Other words.", "text_ru": "", "text_kk": "", "version": 1, "base": "{}"}
    assert client.post(address, sent).status_code == 302
    text.refresh_from_db()
    assert text.text == "Other words."
    make_consent(make_trainee(alpha))
    assert client.get(address).headers["Location"] == TEXTS
    assert client.post(address, {**sent, "text": "Third words.", "version": 2}).headers["Location"] == TEXTS
    for change in ({"text": "x"}, {"i18n": {"text_ru": "x"}}, {"number": 7}, {"purpose": "photo"}):
        with pytest.raises(IntegrityError, match="agreed to this text"), transaction.atomic():
            ConsentText.objects.filter(pk=text.pk).update(**change)
    text.refresh_from_db()
    assert text.text == "Other words."
    ConsentText.objects.filter(pk=text.pk).update(since=date(2004, 1, 1))  # a date is no word


def test_a_new_text_gets_the_next_number_and_is_in_force(text, client_of, coordinator, network):
    client = client_of(coordinator)
    begun = client.get(f"{TEXTS}new/?from={text.pk}").context["form"]
    assert begun["text_ru"].value() == text.text_ru
    sent = {"purpose": "data", "since": "2005-03-01", "text": "", "text_ru": "Новые слова.", "text_kk": ""}
    assert client.post(f"{TEXTS}new/", sent).status_code == 302
    newest = network.consent_texts.filter(purpose="data").in_force().get()
    assert (newest.number, newest.text_ru, newest.text) == (2, "Новые слова.", "Новые слова.")
    assert client.post(f"{TEXTS}new/", {**sent, "text_ru": ""}).status_code == 422


def test_texts_of_another_network_cannot_be_chosen(client_of, facilitator, personas, alpha, text):
    ConsentText.objects.furnish(personas.outsider.memberships.first().network)
    stranger = ConsentText.objects.exclude(network=alpha.network).first()
    trainee = make_trainee(alpha)
    assert give(client_of(facilitator), trainee, stranger).status_code == 422
    assert Consent.objects.count() == 0


# --- Giving ---------------------------------------------------------------------------------------------------------


def test_a_consent_is_noted_with_text_language_and_day(client_of, facilitator, alpha, text):
    trainee = make_trainee(alpha)
    assert state(trainee) == "missing"
    response = give(client_of(facilitator), trainee, text, giver_name="left over")
    assert response.headers["Location"] == trainee.get_absolute_url()
    row = trainee.consents.get()
    assert (row.text, row.language, row.given_by, row.giver_name) == (text, "kk", "trainee", "")
    assert (row.given_on, row.centre) == (date(2005, 2, 1), alpha)
    assert state(trainee) == "given"


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ({"given_by": "trainee"}, {"given_by": ["Under 18 years the guardian gives it."]}),
        ({"given_by": "guardian"}, {"giver_name": ["Name the guardian, if the guardian gave the consent."]}),
        (
            {"given_by": "guardian", "giver_name": "Her mother", "given_on": "2099-01-01"},
            {"given_on": ["This day lies in the future."]},
        ),
    ],
)
def test_a_minor_s_consent_is_the_guardian_s(client_of, facilitator, alpha, text, values, errors):
    child = make_trainee(alpha, birth_year=1995, guardian_name="Her mother")
    response = give(client_of(facilitator), child, text, **values)
    assert response.status_code == 422
    assert response.context["form"].errors == errors
    assert give(client_of(facilitator), child, text, given_by="guardian", giver_name="Her mother").status_code == 302


def test_a_minor_s_form_begins_with_the_guardian(client_of, facilitator, alpha, text):
    year = timezone.localdate().year - 10
    child = make_trainee(alpha, birth_year=year, guardian_name="Her mother", registered_on=timezone.localdate())
    form = client_of(facilitator).get(f"{child.get_absolute_url()}consent/").context["form"]
    assert (form["given_by"].value(), form["giver_name"].value()) == ("guardian", "Her mother")


# --- Taking back ----------------------------------------------------------------------------------------------------


@pytest.fixture
def withdrawn(alpha, facilitator, client_of):
    """Somebody who had left her phone, and took her consent back on the page."""
    trainee = make_trainee(
        alpha, surname="Withdrawnova", phone="8 701 111 22 33", contact="contact-word", guardian_name="guardian-word"
    )
    consent = make_consent(trainee)
    client = client_of(facilitator)
    address = f"/training/consents/{consent.pk}/withdraw/"
    assert client.get(address).status_code == 200
    response = client.post(address, {"withdrawn_on": "2005-05-01", "version": 1})
    assert response.headers["Location"] == trainee.get_absolute_url()
    return trainee


def test_after_a_withdrawal_only_coordinators_see_contacts(
    client_of, facilitator, coordinator, expert, withdrawn, alpha
):
    group = make_group(alpha)
    make_enrolment(group, withdrawn)
    address = withdrawn.get_absolute_url()
    pages = [
        address,
        f"{address}edit/",
        f"{address}history/",
        "/training/trainees/",
        f"/training/groups/{group.pk}/members/",
    ]
    secrets = ["8 701", "contact-word", "guardian-word"]
    for page in pages:
        text = client_of(facilitator).get(page).content.decode()
        assert "Withdrawnova" in text, page
        assert [secret for secret in secrets if secret in text] == [], page
    assert "The consent is withdrawn" in client_of(facilitator).get(address).content.decode()
    seen = client_of(coordinator).get(address).content.decode()
    assert [secret for secret in secrets if secret not in seen] == []
    assert "8 701" not in client_of(expert).get(address).content.decode()


def test_an_edit_without_the_contacts_leaves_them_alone(client_of, facilitator, withdrawn):
    client = client_of(facilitator)
    address = f"{withdrawn.get_absolute_url()}edit/"
    form = client.get(address).context["form"]
    assert {"phone", "contact", "guardian_name", "guardian_phone"} & form.fields.keys() == set()
    sent = {name: form[name].value() for name in form.fields}
    sent = {name: "" if value is None else value for name, value in sent.items()}
    assert client.post(address, {**sent, "given_name": "Алия", "phone": "1"}).status_code == 302
    withdrawn.refresh_from_db()
    assert (withdrawn.given_name, withdrawn.phone, withdrawn.contact) == ("Алия", "8 701 111 22 33", "contact-word")


def test_nobody_who_withdrew_is_asked(withdrawn, alpha):
    group = make_group(alpha)
    make_enrolment(group, withdrawn, status="completed", ended_on=date(2005, 6, 1))
    other = make_enrolment(group, status="completed", ended_on=date(2005, 6, 1))
    assert list(Enrolment.objects.may_be_asked()) == [other]


def test_who_may_be_asked_is_looked_up_person_by_person():
    """Not by reading the consents of everybody in every network."""
    assert '= ("training_enrolment"."trainee_id")' in str(Enrolment.objects.may_be_asked().query)


def test_the_phones_of_who_withdrew_are_on_no_page_of_follow_ups(client_of, facilitator, coordinator, withdrawn, alpha):
    row = make_enrolment(make_group(alpha), withdrawn, status="completed", ended_on=date(2005, 6, 1))
    attempt = make_follow_up(row)
    for address in (f"/training/follow-ups/for/{row.pk}/", f"/training/follow-ups/{attempt.pk}/"):
        assert "8 701 111 22 33" not in client_of(facilitator).get(address).content.decode()
        assert "8 701 111 22 33" in client_of(coordinator).get(address).content.decode()


def test_a_merged_entry_s_history_is_the_kept_one_s(client_of, facilitator, withdrawn, alpha):
    kept = make_trainee(alpha)
    client, address = client_of(facilitator), f"{withdrawn.get_absolute_url()}history/"
    Merge.objects.merge(kept=kept, absorbed=withdrawn, values={}, versions=(1, 1), by=facilitator)
    assert client.get(address).headers["Location"] == f"{kept.get_absolute_url()}history/"


def test_the_form_names_no_guardian_of_somebody_who_withdrew(client_of, facilitator, coordinator, alpha, text):
    year = timezone.localdate().year - 10
    today = timezone.localdate()
    child = make_trainee(alpha, birth_year=year, guardian_name="Her mother", registered_on=today)
    make_consent(child, given_by="guardian", giver_name="Her mother", withdrawn_on=today)
    address = f"{child.get_absolute_url()}consent/"
    names = [client_of(who).get(address).context["form"]["giver_name"].value() for who in (facilitator, coordinator)]
    assert names == ["", "Her mother"]
    assert "Her mother" not in client_of(facilitator).get(address).content.decode()


def test_one_consent_is_noted_once_a_day(client_of, facilitator, alpha, text):
    """Sent from two tabs, each with its own id."""
    trainee = make_trainee(alpha)
    assert give(client_of(facilitator), trainee, text).status_code == 302
    again = give(client_of(facilitator), trainee, text)
    assert (again.status_code, again.context["form"].non_field_errors()) == (422, ["This consent is noted already."])
    with pytest.raises(IntegrityError, match="consent_once"), transaction.atomic():
        make_consent(trainee, given_on=date(2005, 2, 1))
    assert trainee.consents.count() == 1


def test_taking_back_is_about_every_consent_of_the_purpose_so_far(facilitator, alpha, text):
    trainee, today = make_trainee(alpha), timezone.localdate()
    newer = ConsentText(network=alpha.network, purpose="data", text="More words.")
    newer.issue(by=facilitator)
    first = make_consent(trainee, text=text, given_on=today)
    make_consent(trainee, text=newer, given_on=today)
    photo = make_consent(trainee, text=alpha.network.consent_texts.get(purpose="photo"), given_on=today)
    first.withdraw(by=facilitator, on=today, version=1)
    assert state(trainee) == "withdrawn"
    assert list(trainee.consents.in_force()) == [photo]
    assert set(trainee.consents.filter(text__purpose="data").values_list("version", flat=True)) == {2}


def test_somebody_merged_away_meanwhile_gives_no_consent(client_of, facilitator, alpha, text, monkeypatch):
    trainee, kept, hold = make_trainee(alpha), make_trainee(alpha, surname="Kept"), Trainee.hold

    def merged_first(self):
        Trainee.objects.filter(pk=self.pk).update(merged_into=kept)
        hold(self)

    monkeypatch.setattr(Trainee, "hold", merged_first)
    response = give(client_of(facilitator), trainee, text)
    assert response.status_code == 422
    sentence = f"This entry was merged into another entry of the same person: {kept}."
    assert response.context["form"].non_field_errors() == [sentence]
    assert Consent.objects.count() == 0


def test_withdrawn_is_not_missing_and_a_later_consent_counts_again(withdrawn, alpha, client_of, facilitator):
    assert state(withdrawn) == "withdrawn"
    make_consent(withdrawn, given_on=date(2005, 4, 1))  # a second paper, older than the withdrawal
    assert state(withdrawn) == "withdrawn"
    make_consent(withdrawn, given_on=date(2005, 5, 2))
    assert state(withdrawn) == "given"
    assert "8 701" in client_of(facilitator).get(withdrawn.get_absolute_url()).content.decode()


def test_a_photo_consent_is_another_matter(alpha, text):
    trainee = make_trainee(alpha)
    photo = alpha.network.consent_texts.get(purpose="photo")
    make_consent(trainee, text=photo)
    assert state(trainee) == "missing"
    make_consent(trainee)
    Consent.objects.filter(text=photo).update(withdrawn_on=date(2005, 6, 1))
    assert state(trainee) == "given"


@pytest.mark.parametrize(
    ("day", "sentence"),
    [
        ("2004-12-31", "It was withdrawn before it was given."),
        ((timezone.localdate() + timedelta(days=2)).isoformat(), "This day lies in the future."),
        ("", "This field is required."),
        ("31.02.2005", "Enter a valid date."),
    ],
)
def test_a_day_that_does_not_fit_is_refused_in_place(client_of, facilitator, alpha, day, sentence):
    consent = make_consent(make_trainee(alpha))
    response = client_of(facilitator).post(
        f"/training/consents/{consent.pk}/withdraw/", {"withdrawn_on": day, "version": 1}
    )
    assert response.status_code == 422
    assert response.context["form"].errors == {"withdrawn_on": [sentence]}
    consent.refresh_from_db()
    assert consent.withdrawn_on is None


def test_the_texts_take_the_same_queries_however_many(client_of, coordinator, network, text, alpha):
    client, counts = client_of(coordinator), []
    for rows in (1, 4):
        for _ in range(rows):
            ConsentText(network=network, purpose="data", text="More words.").issue(by=coordinator)
        make_consent(make_trainee(alpha))
        with CaptureQueriesContext(connection) as queries:
            client.get(TEXTS)
        counts.append(len(queries))
    assert counts[0] == counts[1]
