"""Where there are too many centres for a list of them, the centre is typed, and long lists wait for one."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from training.forms import filters

from ..factories import (
    make_centre,
    make_enrolment,
    make_facilitator,
    make_group,
    make_network,
    make_programme,
    make_trainee,
    make_trainer,
)

pytestmark = pytest.mark.django_db
UNCLEAR = "Not one centre fits this, or several do."
LISTS = [
    f"training:{name}"
    for name in ("trainees", "groups", "follow_ups", "trainers", "rooms", "programmes", "certificates")
]


@pytest.fixture
def many(monkeypatch, network, alpha, beta):
    """One centre is few, two are too many."""
    monkeypatch.setattr(filters, "MANY", 1)
    alpha.name, beta.name = "Alpha village", "Beta village"
    alpha.save()
    beta.save()
    make_group(beta)
    make_trainer(beta)


@pytest.fixture
def client(client_of, coordinator):
    return client_of(coordinator)


def code_of(response):
    return response.context["filters"].chosen.get("centre")


@pytest.mark.parametrize("name", LISTS)
def test_a_centre_is_typed_as_code_or_name(many, client, name):
    page = reverse(name)
    assert [code_of(client.get(page, {"centre": text})) for text in ("beta", " alpha ", "Beta vill")] == [
        "beta",
        "alpha",
        "beta",
    ]
    answer = client.get(page)
    assert 'list="centre-offered"' in answer.text
    assert '<option value="beta"' not in answer.text
    assert UNCLEAR not in answer.text


@pytest.mark.parametrize("text", ["village", "elsewhere", "gamma"])
@pytest.mark.parametrize("name", LISTS)
def test_what_fits_no_centre_or_several_is_told(many, client, name, text):
    make_centre(make_network(name="Other"), code="gamma")
    answer = client.get(reverse(name), {"centre": text})
    assert (code_of(answer), answer.text.count(UNCLEAR)) == (None, 1)


def test_few_centres_are_a_list(client, alpha, beta):
    make_trainee(alpha)
    answer = client.get(reverse("training:trainees"), {"centre": "elsewhere"})
    assert '<option value="beta"' in answer.text
    assert UNCLEAR not in answer.text


def test_the_trainees_of_very_many_centres_wait_for_a_centre_or_a_name(many, client, beta):
    known = make_trainee(beta)
    page, words = reverse("training:trainees"), "The list would be very long: choose a centre, or search for a name."
    waiting = client.get(page, {"consent": "missing"})
    assert (waiting.context["rows"], words in waiting.text) == ([], True)
    for chosen in ({"centre": "beta"}, {"q": known.surname}):
        answer = client.get(page, chosen)
        assert ([row.pk for row, _hidden in answer.context["rows"]], words in answer.text) == ([known.pk], False)


@pytest.mark.parametrize("query", [{}, {"list": "answers"}])
def test_the_follow_ups_of_very_many_centres_wait_for_a_centre(many, client, beta, query):

    ended = timezone.localdate() - timedelta(days=200)
    group = make_group(beta, start=ended - timedelta(days=50), end=None)
    make_enrolment(group, status="completed", started_on=group.start, applied_on=group.start, ended_on=ended)
    page, words = reverse("training:follow_ups"), "The list would be very long: choose a centre."
    waiting = client.get(page, query)
    assert (list(waiting.context["rows"]), waiting.context["figures"].graduates, words in waiting.text) == ([], 0, True)
    chosen = client.get(page, {**query, "centre": "beta"})
    assert (chosen.context["figures"].graduates, words in chosen.text) == (1, False)


def test_something_new_at_a_typed_centre(many, client, beta):
    page = reverse("training:group_new")
    assert 'list="centre-offered"' in client.get(page).text
    assert UNCLEAR in client.get(page, {"centre": "village"}).text
    assert client.get(page, {"centre": "beta vil"}).context["centre"] == beta


def test_the_timetable_of_a_typed_centre(many, client, beta):
    page = reverse("training:timetable", args=["alpha"])
    assert client.get(page, {"centre": "Beta"}).url.startswith(reverse("training:timetable", args=["beta"]))
    unclear = client.get(page, {"centre": "village"})
    assert (unclear.context["centre"].code, UNCLEAR in unclear.text) == ("alpha", True)


def test_names_are_offered_of_the_own_centres_alone(client_of, coordinator, network, alpha, beta):
    make_centre(make_network(name="Other"), code="gamma", name="Alpha too")
    page = reverse("training:centre_names")

    def offered(user, text):
        return [centre.code for centre in client_of(user).get(page, {"centre": text}).context["centres"]]

    assert offered(coordinator, "alph") == ["alpha"]
    assert offered(coordinator, " ") == []
    assert offered(make_facilitator(beta), "alph") == []
    assert client_of(coordinator).get(page, {"centre": "alph"}).text.strip() == '<option value="alpha">Alpha</option>'


@pytest.mark.parametrize("name", ["training:groups", "training:trainers"])
def test_with_several_centres_each_row_tells_its_centre(client, alpha, beta, name):
    for centre in (alpha, beta):
        make_group(centre)
        make_trainer(centre)
    page = reverse(name)
    assert '<td data-label="Centre">Beta</td>' in client.get(page).text
    assert '<td data-label="Centre">' not in client.get(page, {"centre": "beta"}).text


@pytest.mark.parametrize("name", LISTS)
def test_three_and_sixty_centres_take_the_same_queries(many, client, network, name):
    counts = []
    for more in (1, 57):
        for _ in range(more):
            make_programme(centre=make_centre(network))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse(name), {"centre": "alpha"}).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
