"""Trainees: found in any spelling, entered once, shown to whom they may be shown."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from centres.models import TargetGroup
from training.models import Consent, ConsentText, Enrolment, Trainee

from ..factories import make_centre, make_enrolment, make_facilitator, make_group, make_trainee

pytestmark = pytest.mark.django_db
LIST, NEW = "/training/trainees/", "/training/trainees/new/"


@pytest.fixture
def facilitator(alpha):
    return make_facilitator(alpha, username="aigerim")


@pytest.fixture
def groups(network):
    TargetGroup.objects.furnish(network)
    return {group.key: group for group in network.target_groups.all()}


def entry(**values):
    """What the form of a new trainee sends."""
    return {"surname": "Қыдырбекова", "given_name": "Айгүл", "registered_on": "2005-02-01", **values}


def names(response) -> list[str]:
    return [str(trainee) for trainee, _hidden in response.context["rows"]]


def agree(trainee, **values):
    text = ConsentText.objects.filter(network=trainee.centre.network, purpose="data").first()
    if text is None:
        ConsentText.objects.furnish(trainee.centre.network)
        text = ConsentText.objects.get(network=trainee.centre.network, purpose="data")
    given = {"centre": trainee.centre, "trainee": trainee, "text": text, "language": "ru", "given_on": "2005-02-01"}
    return Consent.objects.create(**{**given, **values})


# --- Search ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        "Кенжеғали",
        "кенжегали айгуль",
        "Kenzhegali",
        "Aigul Kenjegali",
        "кенже",
        "Kenzegali",  # a typing error
        "Айгол",  # another, in a short name
        "АЙГҮЛ КЕНЖЕҒАЛИ",
    ],
)
def test_a_name_is_found_in_any_spelling(client_of, facilitator, alpha, typed):
    make_trainee(alpha, surname="Кенжеғали", given_name="Айгүл")
    make_trainee(alpha, surname="Петров", given_name="Иван")
    assert names(client_of(facilitator).get(LIST, {"q": typed})) == ["Кенжеғали Айгүл"]


def test_the_nearest_comes_first(client_of, facilitator, alpha):
    for surname in ("Ахметова", "Ахметов", "Ахмедова"):
        make_trainee(alpha, surname=surname, given_name="Алия")
    found = names(client_of(facilitator).get(LIST, {"q": "Ахмедова"}))
    assert found[0] == "Ахмедова Алия"
    assert sorted(found) == ["Ахмедова Алия", "Ахметов Алия", "Ахметова Алия"]


@pytest.mark.parametrize("typed", ["%", "_", "ъ", "\x00", "'", "a" * 500, "1,5", "<b>", "\\"])
def test_odd_searches_find_nothing_and_break_nothing(client_of, facilitator, alpha, typed):
    make_trainee(alpha, surname="Петров", given_name="Иван")
    assert client_of(facilitator).get(LIST, {"q": typed}).status_code == 200
