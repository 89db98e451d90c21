"""What an import would do to the answers that stand: new, changed, newer, completed; nothing is lost unasked."""

from datetime import UTC, timedelta

import pytest
from django.utils import timezone

from monitoring.exchange.plan import Plan
from monitoring.instruments import Column, Kind, Options, QuestionText, Row
from monitoring.models import Answer
from tests.factories import make_answer, make_assessment, make_facilitator, make_questionnaire
from tests.spreadsheets import as_csv

from .everything import QUESTIONS, standing
from .exports import as_workbook, submission, tables
from .test_answers_in import parse, small

pytestmark = pytest.mark.django_db


def outcomes(plan) -> dict:
    return {change.given.code: str(change.outcome.value) for change in plan.changes}


def test_new_changed_the_same_and_newer(asked, seen, own, facilitator):
    for code, value in (("1.1", {"text": "As it was"}), ("1.2", {"text": "Old"}), ("1.3", {"number": "4"})):
        make_answer(own, code, value, by=facilitator)
    columns = {"q_1_1": "As it was", "q_1_2": "Fresh", "q_1_3": "5", "q_1_4": "1"}
    after = (timezone.now() + timedelta(hours=1)).astimezone(UTC)
    plan = Plan.of(asked, small(asked, seen, columns, _submission_time=after.isoformat()), seen)
    assert outcomes(plan) == {"1.1": "same", "1.2": "changed", "1.3": "changed", "1.4": "new"}
    Answer.objects.filter(question__code="1.2").update(updated_at=after + timedelta(seconds=1))
    plan = Plan.of(asked, small(asked, seen, columns, _submission_time=after.isoformat()), seen)
    assert outcomes(plan) == {"1.1": "same", "1.2": "newer", "1.3": "changed", "1.4": "new"}
    assert [change.given.code for change in plan.writes] == ["1.3", "1.4"]


@pytest.mark.parametrize(
    ("about", "outcome"),
    [
        ({"_submission_time": ""}, "newer"),  # of what has no time nobody knows whether it is newer
        ({"_submission_time": "yesterday"}, "newer"),
        ({"_submission_time": "28.06.2005 10:00"}, "newer"),
        ({"_submission_time": "28.06.2099 10:00:59"}, "changed"),
        ({"_submission_time": "2099-06-28T10:00:00", "end": "2005-06-28T10:00:00+06:00"}, "newer"),  # filled in before
        ({"_submission_time": "2099-06-28T10:00:00", "end": "2099-06-27T10:00:00+06:00"}, "changed"),
    ],
)
def test_what_was_typed_after_the_form_was_filled_in_is_not_overwritten(asked, seen, own, facilitator, about, outcome):
    make_answer(own, "1.1", {"text": "Typed here"}, by=facilitator)
    plan = Plan.of(asked, small(asked, seen, {"q_1_1": "From the phone"}, **about), seen)
    assert outcomes(plan) == {"1.1": outcome}


FULL = {"rows": {"main": {"year": "5", "forecast": "6.25"}, "paid": {"year": "1"}}}


@pytest.mark.parametrize(
    ("code", "before", "columns", "after"),
    [
        # a grade's source and proposal
        ("8.1.1", {"grade": "no", "source": "s", "proposal": "p"}, {"q_8_1_1": "yes"},
         {"grade": "yes", "source": "s", "proposal": "p"}),
        ("8.1.1", {"grade": "no", "proposal": "p"}, {"q_8_1_1__proposal": "better", "q_8_1_1": ""},
         {"grade": "no", "proposal": "better"}),
        ("8.1.1", {"proposal": "p"}, {"q_8_1_1__source": "s"}, {"source": "s", "proposal": "p"}),
        # cells of a table
        ("9.1", FULL, {"q_9_1__main__year": "7", "q_9_1__education__year": "4"},
         {"rows": {"main": {"year": "7", "forecast": "6.25"}, "education": {"year": "4"}, "paid": {"year": "1"}}}),
        # rows without names
        ("9.2", {"rows": [{"curriculum": "Sewing", "men": "3"}]}, {"q_9_2[1]/q_9_2__men": "4"},
         {"rows": [{"men": "4"}]}),
    ],
)  # fmt: skip
def test_what_a_file_leaves_empty_of_an_answer_stays(asked, seen, own, facilitator, code, before, columns, after):
    make_answer(own, code, before, by=facilitator)
    plan = Plan.of(asked, small(asked, seen, columns, _submission_time="2099-06-28T10:00:00"), seen)
    [change] = plan.writes
    assert (change.value, change.is_completed, change.replaces_rows) == (after, code != "9.2", code == "9.2")
    plan.write(by=seen)
    assert standing(own) == {code: after}


@pytest.mark.parametrize(
    ("code", "before", "columns"),
    [
        ("8.1.1", {"grade": "no", "source": "s", "proposal": "p"}, {"q_8_1_1": "no"}),
        ("9.1", FULL, {"q_9_1__main__forecast": "6.25"}),
    ],
)
def test_a_part_that_stands_already_is_nothing_new(asked, seen, own, facilitator, code, before, columns):
    make_answer(own, code, before, by=facilitator)
    plan = Plan.of(asked, small(asked, seen, columns, _submission_time=""), seen)
    assert (outcomes(plan), plan.is_empty) == ({code: "same"}, True)


def test_the_fingerprint_is_that_of_the_whole_answer(asked, seen, own, facilitator):
    """What stays is part of what was shown."""
    answer = make_answer(own, "8.1.1", {"grade": "no", "proposal": "p"}, by=facilitator)
    parsed = small(asked, seen, {"q_8_1_1": "yes"}, _submission_time="2099-06-28T10:00:00")
    shown = Plan.of(asked, parsed, seen).fingerprint
    Answer.objects.filter(pk=answer.pk).update(value={"grade": "no", "proposal": "another"})
    assert Plan.of(asked, parsed, seen).fingerprint != shown


SUMS = Options(
    rows=(Row("a", {"en": "Sewing"}), Row("b", {"en": "Cooking"})),
    columns=(
        Column("total", {"en": "Total"}, sum_of=("men", "women"), decimals=3),
        Column("men", {"en": "Men"}, decimals=3),
        Column("women", {"en": "Women"}, decimals=3),
    ),
)


@pytest.mark.parametrize(
    ("before", "cells", "after", "misfits"),
    [
        ({"men": "3", "women": "4", "total": "7"}, {"men": "1.234"},
         {"men": "1.234", "women": "4", "total": "5.234"}, []),
        ({"men": "3", "total": "7"}, {"women": "9"}, {"men": "3", "women": "9", "total": "12"}, []),
        ({"men": "3"}, {"total": "7"}, {"men": "3", "total": "7"}, []),
        ({"men": "1.234", "total": "7"}, {"men": "5"}, {"men": "5", "total": "7"}, []),
        ({"men": "3", "women": "4", "total": "7"}, {"total": "8"}, {"men": "3", "women": "4", "total": "8"},
         ["Sewing: Men + Women make 7, but “Total” says 8."]),
    ],
)  # fmt: skip
def test_a_total_fits_the_parts_that_stay(network, alpha, before, cells, after, misfits):
    asked = [QuestionText("3.1", Kind.FIXED_TABLE, {"en": "Trainees"}, options=SUMS)]
    own = make_assessment(alpha, make_questionnaire(network, asked))
    person = make_facilitator(alpha)
    other = {"b": {"men": "1", "women": "1", "total": "2"}}  # of which the file says nothing
    make_answer(own, "3.1", {"rows": {"a": before} | other}, by=person)
    columns = {f"q_3_1__a__{name}": text for name, text in cells.items()}
    rows = [["centre_code", "_submission_time", *columns], ["alpha", "2099-06-28T10:00:00", *columns.values()]]
    plan = Plan.of(own.cycle, parse(own.cycle, person, as_csv(rows)), person)
    [change] = plan.changes
    assert (change.value, change.misfits) == ({"rows": {"a": after} | other}, misfits)
    assert ([*map(len, (plan.writes, plan.unfit))], plan.is_empty) == ([0, 1] if misfits else [1, 0], False)
    assert plan.write(by=person, take=[change.key]) == len(plan.writes)
    assert standing(own) == {"3.1": {"rows": {"a": before if misfits else after} | other}}


def test_a_part_is_not_more_than_the_whole_that_stays(asked, seen, own, facilitator):
    make_answer(own, "9.1", {"rows": {"education": {"year": "5"}}}, by=facilitator)
    plan = Plan.of(asked, small(asked, seen, {"q_9_1__paid__year": "6"}, _submission_time="2099-06-28T10:00:00"), seen)
    assert [change.misfits for change in plan.unfit] == [
        ["“of it paid” is a part of “Education” and cannot be more than 5."]
    ]


def test_the_plan_takes_the_same_queries_for_one_and_all(asked, seen, xform, values, django_assert_num_queries):
    one = small(asked, seen, {"q_1_1": "x"})
    many = parse(asked, seen, as_workbook(tables(xform, [
        submission(QUESTIONS, values), submission(QUESTIONS, values, centre="beta"),
    ])))  # fmt: skip
    assert (len(one.answers), len(many.answers)) == (1, 2 * len(values))
    for parsed in (one, many):
        asked = type(asked).objects.select_related("questionnaire").get(pk=asked.pk)
        with django_assert_num_queries(4):
            assert len(Plan.of(asked, parsed, seen).changes) == len(parsed.answers)
