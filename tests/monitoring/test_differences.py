"""Changed words: both texts come out whole, and no text takes longer than a reader waits."""

import random
from time import process_time

import pytest
from django.urls import reverse

from monitoring.differences import Budget, differences
from monitoring.models import Cell
from monitoring.views.imports import pieces


def rebuilt(found):
    return tuple("".join(text for kind, text in found if kind != other) for other in ("ins", "del"))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", []),
        ("", "Two.", [("ins", "Two.")]),
        ("Two.", "", [("del", "Two.")]),
        ("Two.", "Two.", [("same", "Two.")]),
        (
            "Two are broken.",
            "Three are broken.",
            [("del", "Two"), ("ins", "Three"), ("same", " are broken.")],
        ),
        (
            "Plans are weak.",
            "Plans are better.",
            [("same", "Plans are "), ("del", "weak"), ("ins", "better"), ("same", ".")],
        ),
        ("a b", "a\nb", [("same", "a"), ("del", " b"), ("ins", "\nb")]),
        ("a a", "a a a", [("same", "a a"), ("ins", " a")]),
        (" \n", "\n", [("del", " \n"), ("ins", "\n")]),
    ],
)
def test_words(old, new, expected):
    assert differences(old, new) == expected


def test_both_texts_come_out_whole():
    chance = random.Random(7)
    for _ in range(300):
        old, new = ("".join(chance.choices("аб \n.,-'", k=chance.randrange(40))) for _ in range(2))
        found = differences(old, new, Budget(chance.choice([0, 30, 1_000_000])))
        assert rebuilt(found) == (old, new)


def prose(length, chance):
    words = [f"сөз{n}" for n in range(800)]
    usual = [1 / n for n in range(1, 801)]
    return chance.choices(words, usual, k=length)


def test_a_page_full_of_prose_is_compared_word_by_word_within_a_second():
    chance = random.Random(7)
    old = prose(4_000, chance)
    new = [word if chance.random() > 0.3 else chance.choice(old) for word in old]
    old, new = " ".join(old)[:20_000], " ".join(new)[:20_000]
    begun = process_time()
    found = differences(old, new)
    assert process_time() - begun < 1
    assert rebuilt(found) == (old, new)
    assert sum(len(text) for kind, text in found if kind == "same") > 12_000


REPEATING = [
    ("a " * 250, "a b " * 125),
    ("a " * 500, "a b " * 250),
    ("a " * 2_500, "a b " * 1_250),
    ("a " * 10_000, "a b " * 5_000),
    ("." * 500, ". " * 250),
    ("x" + "." * 19_998 + "x", "y" + ". " * 9_999 + "y"),
    ("_ _" * 6_000, "_  _" * 5_000),
]


@pytest.mark.parametrize(("old", "new"), REPEATING)
def test_texts_that_repeat_take_no_longer(old, new):
    begun = process_time()
    assert rebuilt(differences(old, new)) == (old, new)
    shown = pieces(old, new, Budget())
    assert process_time() - begun < 2
    assert rebuilt([piece for piece in shown if piece != ("same", "\n")]) == (old, new)


@pytest.mark.django_db
def test_a_whole_history_shares_one_budget(cycle, expert, client_of):
    cell = Cell.objects.for_page().get(cycle=cycle, aspect__number=2, centre__code="alpha")
    for version in range(8):
        cell.revise(by=expert, version=version, finding=("a " * 1_000, "a b " * 500)[version % 2])
    url = reverse("monitoring:history", args=[cycle.code, 2, "alpha"])
    client = client_of(expert)
    begun = process_time()
    rows = client.get(url).context["rows"]
    assert process_time() - begun < 3
    assert [rebuilt(row.texts["finding"])[1] for row in rows] == [row.event.finding for row in rows]
    assert len(rows) == 9
