"""What the demo's records of 2005 say in answer to Annex 1, beside the report (§6.5) and the centres' own answers."""

from collections import defaultdict
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from monitoring import prefill
from monitoring.instruments import Kind, QuestionText
from monitoring.models import Answer, SelfAssessment

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

CODES = ("sortobe", "nogaibai", "kordai", "karabulak", "amanbokter", "taraz", "karaganda")
PEOPLE = QuestionText("0.1", Kind.NUMBER, {}, prefill="trainees")


@pytest.fixture
def said():
    """What the data say by centre and code of the question."""
    found = {}
    for row in SelfAssessment.objects.for_page().filter(cycle__code="2005"):
        found[row.centre.code] = prefill.computed(row, [PEOPLE, *row.questionnaire.all_questions])
    return found


def of_all(said, code, value=lambda value: value):
    """The value of each centre that has one, by its code."""
    return {centre: value(entries[code]["value"]) for centre, entries in said.items() if code in entries}


def test_trainees_are_those_of_the_report(said):
    numbers = of_all(said, PEOPLE.code, lambda value: int(value["number"]))
    assert numbers == dict(zip(CODES, (1500, 70, 62, 1000, 30, 120, 519), strict=True))
    beside = {centre: entries["3.1"]["beside"]["people"] for centre, entries in said.items()}
    assert beside == numbers


def test_karaganda_counts_755_from_september_2004():
    row = SelfAssessment.objects.for_page().get(cycle__code="2005", centre__code="karaganda")
    row.cycle.period_start = date(2004, 9, 1)
    assert prefill.computed(row, [PEOPLE])["0.1"]["value"] == {"number": "755"}


def test_kordais_programmes_add_up_to_more_than_its_62_people(said):
    rows = {row["curriculum"]: row for row in said["kordai"]["3.1"]["value"]["rows"]}
    totals = {title: int(row["total"]) for title, row in rows.items()}
    assert totals == {"Computer use, being written": 21, "Cooking": 12, "Salad making": 18, "Sewing": 14}
    assert sum(totals.values()) == 65  # three women were in two courses
    assert rows["Sewing"] == {"curriculum": "Sewing", "men": "0", "women": "14", "total": "14"}


def test_what_was_told_without_names_stands_beside(said):
    told = {centre: entries["3.1"]["beside"].get("told_visits") for centre, entries in said.items()}
    assert told == dict.fromkeys(CODES) | {"sortobe": 199, "karabulak": 134, "karaganda": 96}


def test_documents_are_those_of_the_report(said):
    there = {
        centre: "".join(place for place in "12345" if entries[f"7.{place}"]["value"] == {"grade": "yes"})
        for centre, entries in said.items()
    }
    assert there == dict(zip(CODES, ("345", "", "4", "2345", "3", "34", "2345"), strict=True))


def test_trainers_are_those_of_the_report(said):
    rows = of_all(said, "4.1", lambda value: {key: int(row["number"]) for key, row in value["rows"].items()})
    nobody = dict.fromkeys(("centre", "akimat", "employment_centre", "project", "volunteer"), 0)
    assert rows["taraz"] == nobody | {"centre": 5}
    assert rows["karaganda"] == nobody | {"employment_centre": 4, "volunteer": 8}


def test_attendance_is_good_at_sortobe_only(said):
    bands = of_all(said, "3.3", lambda value: value["choice"])
    assert bands == dict.fromkeys(CODES, "satisfactory") | {"sortobe": "good"}


def test_kordai_alone_has_an_unfinished_programme(said):
    grades = of_all(said, "8.2.1", lambda value: value["grade"])
    assert grades == dict.fromkeys(CODES, "yes") | {"kordai": "partly"}


def test_nothing_is_known_of_the_half_year_before_the_registers_began(said):
    assert of_all(said, "3.4") == {}


def test_a_centre_without_incomes_or_a_chair_has_nothing_computed(said):
    assert set(CODES) - set(of_all(said, "5.1")) == {"nogaibai"}
    assert set(CODES) - set(of_all(said, "1.5")) == {"nogaibai"}


def test_everything_of_a_centre_takes_few_queries_at_30_and_at_1500_people():
    numbers = {}
    for row in SelfAssessment.objects.for_page().filter(cycle__code="2005", centre__code__in=("amanbokter", "sortobe")):
        questions = row.questionnaire.all_questions
        with CaptureQueriesContext(connection) as queries:
            prefill.computed(row, questions)
        numbers[row.centre.code] = len(queries)
    assert numbers["amanbokter"] == numbers["sortobe"] <= 22


# What the centres answered


def answers():
    rows = Answer.objects.filter(assessment__cycle__code="2005").select_related("question", "assessment__centre")
    found = defaultdict(dict)
    for row in rows:
        found[row.assessment.centre.code][row.question.code] = row
    return found


def test_the_centres_answers_keep_what_the_data_say_now(said):
    for centre, rows in answers().items():
        kept = {code: row.computed for code, row in rows.items() if row.computed}
        now = {code: entry for code, entry in said[centre].items() if code in rows}
        assert kept.keys() == now.keys(), centre
        strange = [code for code in now if prefill.differs(rows[code].question, kept[code]["value"], now[code])]
        assert strange == [], centre


def total(value):
    return sum(int(row["total"]) for row in value["rows"])


def test_told_figures_and_the_years_beginning_are_the_differences_in_people():
    rows = {centre: found["3.1"] for centre, found in answers().items() if "3.1" in found}
    totals = {centre: total(row.value) - total(row.computed["value"]) for centre, row in rows.items()}
    assert totals.pop("karaganda") > 0
    assert totals == dict.fromkeys(totals, 0) | {"sortobe": 199, "kordai": -3}  # heads without names; each once
    karaganda = SelfAssessment.objects.for_page().get(cycle__code="2005", centre__code="karaganda")
    karaganda.cycle.period_start = date(2004, 9, 1)
    question = next(each for each in karaganda.questionnaire.all_questions if each.code == "3.1")
    [since_opening] = prefill.computed(karaganda, [question]).values()
    assert not prefill.differs(question, rows["karaganda"].value, since_opening)
