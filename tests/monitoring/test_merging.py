"""Two people's changes of one conclusion become one, and nothing of either is lost."""

import pytest

from monitoring.conclusions import Advice, Content, merged


def content(text="Base.", rests_on=(), see_also=(), *advice):
    return Content(text, frozenset(rests_on), frozenset(see_also), tuple(Advice(*row) for row in advice))


@pytest.mark.parametrize(
    ("mine", "theirs", "together"),
    [
        ("Base.", "Theirs.", "Theirs."),
        ("Mine.", "Base.", "Mine."),
        ("Mine.", "Theirs.", "Mine."),
        ("", "Base.", ""),
    ],
)
def test_the_text_is_of_who_changed_it_and_mine_if_both_did(mine, theirs, together):
    assert merged(content(), content(mine), content(theirs)).text == together


@pytest.mark.parametrize("field", ["rests_on", "see_also"])
def test_links_that_either_added_stay_and_those_that_either_took_away_go(field):
    base, mine, theirs = (content()._replace(**{field: frozenset(pks)}) for pks in ("abc", "bcd", "ace"))
    assert getattr(merged(base, mine, theirs), field) == frozenset("cde")


def advised(base, mine, theirs):
    return merged(*(content("", (), (), *rows) for rows in (base, mine, theirs))).recommendations


@pytest.mark.parametrize(
    ("mine", "theirs", "together"),
    [
        ([(1, "Meet.")], [(1, "Meet."), (2, "Plan.")], [(1, "Meet."), (2, "Plan.")]),  # they added one
        ([(1, "Meet."), (None, "Plan.")], [(1, "Meet.")], [(1, "Meet."), (None, "Plan.")]),  # I did
        (
            [(1, "Meet."), (None, "Mine.")],
            [(1, "Meet."), (2, "Theirs.")],
            [(1, "Meet."), (None, "Mine."), (2, "Theirs.")],
        ),
        ([(1, "Meet."), (None, "Plan.")], [(1, "Meet."), (2, "Plan.")], [(1, "Meet."), (2, "Plan.")]),  # the same one
        ([(1, "Meet.")], [(1, "Meet more.")], [(1, "Meet more.")]),
        ([(1, "Meet often.")], [(1, "Meet.")], [(1, "Meet often.")]),
        ([(1, "Meet often.")], [(1, "Meet more.")], [(1, "Meet often.")]),
        ([(1, "")], [(1, "Meet.")], [(1, "")]),  # I took it away
        ([(1, "")], [(1, "Meet more.")], [(1, "Meet more.")]),  # ... while they worked on it
        ([(1, "Meet.")], [], []),  # they took it away
        ([(1, "Meet often.")], [], [(None, "Meet often.")]),  # ... while I worked on it
        ([(1, "")], [], []),
    ],
)
def test_recommendations(mine, theirs, together):
    assert advised([(1, "Meet.")], mine, theirs) == tuple(Advice(*row) for row in together)


def test_links_of_a_recommendation_are_merged_too():
    base, mine, theirs = ([(1, "Meet.", frozenset(pks))] for pks in ("abc", "bcd", "ace"))
    assert advised(base, mine, theirs) == (Advice(1, "Meet.", frozenset("cde")),)


def test_without_a_base_everything_stays():
    mine = content("Mine.", [1], [4], (7, "Meet."), (None, "Plan."))
    theirs = content("Theirs.", [2], [5], (7, "Meet more."), (8, "Write."))
    advice = (Advice(7, "Meet."), Advice(None, "Plan."), Advice(8, "Write."))
    assert merged(Content(), mine, theirs) == content("Mine.", [1, 2], [4, 5])._replace(recommendations=advice)


def test_a_form_carries_it():
    shown = content("Жоспар «x»\n<b>", [3, 1], [2], (7, "Meet.", frozenset([1])))
    assert Content.from_text(shown.as_text()) == shown


@pytest.mark.parametrize(
    "wrong",
    ["", "x", "5", "null", "[]", "{}", '["a", 5, [], []]', '["a", [], [], [[1]]]', '["a", ["x"], [], []]',
     '["a", [Infinity], [], []]', '["a", [[]], [], []]', "[" * 100_000, f'["a", [{"9" * 5_000}], [], []]'],
)  # fmt: skip
def test_anything_else_in_its_place_is_nothing(wrong):
    assert Content.from_text(wrong) is None


def test_a_resend_says_what_stands_already():
    stored = content("x", [1], [2], (7, "Meet."), (8, "Plan."))
    assert content("x", [1], [2], (7, "Meet."), (None, "Plan.")).says(stored)
    assert not content("x", [1], [2], (7, "Meet.")).says(stored)
    assert not content("x", [1], [2], (7, "Meet."), (None, "Plan."), (None, "More.")).says(stored)
    assert not content("x", [1], [2], (8, "Meet."), (7, "Plan.")).says(stored)
    assert not content("y", [1], [2], (7, "Meet."), (None, "Plan.")).says(stored)
