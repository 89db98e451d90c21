"""A pile of signed sheets: the consents of many people noted on one page."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from centres.models import User
from training.models import Consent, ConsentText, Trainee

from ..factories import make_consent, make_enrolment, make_facilitator, make_group, make_trainee

pytestmark = pytest.mark.django_db
PAGE = "/training/consents/new/"
TODAY = timezone.localdate


@pytest.fixture
def client(alpha, client_of):
    return client_of(make_facilitator(alpha, username="aigerim"))


@pytest.fixture
def text(network):
    ConsentText.objects.furnish(network)
    return network.consent_texts.get(purpose="data")


@pytest.fixture
def group(alpha):
    return make_group(alpha, name="Sewing", start=TODAY() - timedelta(days=30), end=None)


def member(group, surname, **kwargs):
    person = make_trainee(group.centre, surname=surname, registered_on=TODAY(), **kwargs)
    make_enrolment(group, person, applied_on=group.start, started_on=group.start)
    return person


def shown(client, **query):
    return [str(person) for person, _ticked, _giver in client.get(PAGE, query).context["form"].rows]


def send(client, people, query="", **values):
    pick = [str(person.pk) for person in people]
    return client.post(f"{PAGE}{query}", {"language": "kk", "given_on": TODAY().isoformat(), "pick": pick, **values})


def test_many_consents_are_noted_at_once(client, text, group):
    people = [member(group, name) for name in ("Abenova", "Bekova", "Dauletova")]
    answer = send(client, people[:2])
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{PAGE}?centre=alpha")
    rows = Consent.objects.values_list("trainee", "text", "language", "given_by", "given_on", "centre", "giver_name")
    expected = [(person.pk, text.pk, "kk", "trainee", TODAY(), group.centre_id, "") for person in people[:2]]
    assert sorted(rows, key=str) == sorted(expected, key=str)
    assert shown(client) == [str(people[2])]
    told = Consent.pgh_event_model.objects.values_list("trainee", "pgh_context__metadata__user")
    assert set(told) == {(person.pk, User.objects.get(username="aigerim").pk) for person in people[:2]}


def test_sent_twice_they_are_noted_once(client, text, group):
    people = [member(group, name) for name in ("Abenova", "Bekova")]
    assert [send(client, people).status_code for _ in range(2)] == [302, 302]
    assert Consent.objects.count() == 2


def test_who_is_listed(client, text, alpha, beta, group):
    here, waiting = member(group, "Here"), make_trainee(alpha, surname="Waiting")
    make_enrolment(group, waiting, status="waiting", started_on=None)
    before = make_enrolment(make_group(alpha), make_trainee(alpha, surname="Years ago")).trainee
    before.enrolments.update(status="completed", ended_on=date(2005, 6, 1))
    make_enrolment(make_group(beta, start=TODAY(), end=None), started_on=TODAY(), applied_on=TODAY())
    agreed, withdrew = member(group, "Agreed"), member(group, "Withdrew")
    make_consent(agreed)
    make_consent(withdrew, withdrawn_on=TODAY())
    assert shown(client) == [str(here)]
    assert shown(client, who=str(group.pk)) == [str(here), str(waiting)]
    assert shown(client, who="all") == [str(here), str(waiting), str(before)]
    assert shown(client, who="nobody") == [str(here)]
    assert sorted(shown(client, purpose="photo")) == sorted(map(str, (here, agreed, withdrew)))


def test_of_a_minor_the_guardian_is_named(client, text, group):
    child = member(group, "Child", birth_year=TODAY().year - 10, guardian_name="Her mother")
    grown = member(group, "Grown", birth_year=TODAY().year - 18)
    fields = {str(person): giver and giver.value() for person, _ticked, giver in client.get(PAGE).context["form"].rows}
    assert fields == {str(child): "Her mother", str(grown): None}
    refused = send(client, [child, grown], **{f"giver_{child.pk}": ""})
    assert refused.status_code == 422
    sentence = "Name the guardian, if the guardian gave the consent."
    assert refused.context["form"].errors == {f"giver_{child.pk}": [sentence]}
    assert [ticked for _person, ticked, _giver in refused.context["form"].rows] == [True, True]
    a_year_ago = TODAY().replace(day=1) - timedelta(days=366)  # she was under 18 on that day
    refused = send(client, [grown], given_on=a_year_ago.isoformat())
    assert refused.context["form"].errors == {f"giver_{grown.pk}": [sentence]}
    assert Consent.objects.count() == 0
    assert send(client, [child, grown], **{f"giver_{child.pk}": "Her aunt"}).status_code == 302
    assert set(Consent.objects.values_list("trainee", "given_by", "giver_name")) == {
        (child.pk, "guardian", "Her aunt"),
        (grown.pk, "trainee", ""),
    }


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ({"pick": []}, {"pick": ["Choose at least one person."]}),
        ({"given_on": "2099-01-01"}, {"given_on": ["This day lies in the future."]}),
        ({"given_on": "31.02.2005"}, {"given_on": ["Enter a valid date."]}),
        ({"language": "xx"}, {"language": ["Select a valid choice. xx is not one of the available choices."]}),
    ],
)
def test_what_does_not_fit_is_told_in_place(client, text, group, values, errors):
    answer = send(client, [member(group, "Abenova")], **values)
    assert (answer.status_code, answer.context["form"].errors) == (422, errors)
    assert Consent.objects.count() == 0


def test_a_stranger_cannot_be_ticked(client, text, group, beta):
    stranger = make_trainee(beta)
    assert send(client, [stranger], query="?who=all").status_code == 302
    assert send(client, [stranger, member(group, "Abenova")]).status_code == 302
    assert [row.trainee.surname for row in Consent.objects.all()] == ["Abenova"]


def test_who_was_merged_or_agreed_meanwhile_is_left_out(text, group, coordinator):
    people = [member(group, name) for name in ("Abenova", "Bekova", "Dauletova")]
    rows = [Consent(centre=group.centre, trainee=person, text=text, language="kk") for person in people]
    Trainee.objects.filter(pk=people[0].pk).update(merged_into=people[1])
    make_consent(people[1])
    made = Consent.objects.give(rows, text=text, by=coordinator)
    assert [row.trainee for row in made] == [people[2]]
    assert Consent.objects.count() == 2


def test_without_a_text_nothing_is_asked(client, group):
    member(group, "Abenova")
    assert "The network has no text yet" in client.get(PAGE).content.decode()
    assert send(client, []).status_code == 200


def test_the_page_and_saving_take_the_same_queries_however_many(client, text, group):
    counts = []
    for number in (2, 7):
        people = [member(group, f"Abenova {place}", birth_year=2015, guardian_name="Mother") for place in range(number)]
        givers = {f"giver_{person.pk}": "Mother" for person in people}
        with CaptureQueriesContext(connection) as queries:
            client.get(PAGE)
            assert send(client, people, **givers).status_code == 302
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert Consent.objects.count() == 9
