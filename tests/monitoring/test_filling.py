"""Filling in a self-assessment: its pages, saving one answer and a whole section, who was faster, what is refused."""

import re
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from monitoring.filling import Sheet
from monitoring.instruments import Choice, Column, Kind, Options, QuestionText, Row, SectionText
from monitoring.library import ANNEX_1
from monitoring.models import Cycle, CycleFrozen, Questionnaire, SelfAssessment, StepRefused
from monitoring.sending import found, sealed
from monitoring.shown import Shown

from ..factories import (
    GRADED,
    make_answer,
    make_assessment,
    make_coordinator,
    make_cycle,
    make_expert,
    make_facilitator,
    make_questionnaire,
)

pytestmark = pytest.mark.django_db

PEOPLE = Options(
    columns=(
        Column("curriculum", {"en": "Curriculum"}, "text"),
        Column("men", {"en": "Men"}),
        Column("women", {"en": "Women"}),
        Column("total", {"en": "Total"}, sum_of=("men", "women")),
    ),
    total_row=True,
)
INCOMES = Options(
    rows=(Row("grants", {"en": "Grants"}), Row("rent", {"en": "Rent"})),
    columns=(Column("year", {"en": "This year"}), Column("forecast", {"en": "Forecast"})),
    total_row=True,
)
SECTIONS = (
    SectionText(
        "1",
        {"en": "The centre"},
        questions=(
            QuestionText("1.1", Kind.TEXT, {"en": "Name"}, required=True, prefill="centre_name"),
            QuestionText("1.2", Kind.GRADE, {"en": "Is there a plan?"}, required=True, options=GRADED),
            QuestionText(
                "1.3", Kind.DATE, {"en": "Since when?"}, required=True, depends_on="1.2", depends_values=("yes",)
            ),
        ),
    ),
    SectionText(
        "2",
        {"en": "Its work"},
        questions=(
            QuestionText("2", Kind.HEADING, {"en": "Trainees"}),
            QuestionText("2.1", Kind.OPEN_TABLE, {"en": "Trainees by curriculum"}, options=PEOPLE),
            QuestionText("2.2", Kind.FIXED_TABLE, {"en": "Incomes"}, options=INCOMES),
            QuestionText(
                "2.3",
                Kind.CHOICE,
                {"en": "Attendance"},
                options=Options(choices=(Choice("good", {"en": "Good"}, "strong"), Choice("bad", {"en": "Bad"}))),
            ),
            QuestionText("2.4", Kind.NUMBER, {"en": "Share"}, options=Options(decimals=1, unit={"en": "%"})),
            QuestionText("2.5", Kind.LONG_TEXT, {"en": "Anything else?"}),
        ),
    ),
)


@pytest.fixture
def assessment(alpha):
    cycle = make_cycle(
        alpha.network, [alpha], code="2006", questionnaire=make_questionnaire(alpha.network, sections=SECTIONS)
    )
    return make_assessment(alpha, cycle=cycle)


@pytest.fixture
def facilitator(alpha):
    return make_facilitator(alpha)


@pytest.fixture
def client(client_of, facilitator):
    return client_of(facilitator)


def address(name, *args):
    return reverse(f"monitoring:{name}", args=["2006", "alpha", *args])


def token(assessment, code, value):
    """What a page carries of what the data said."""
    return sealed(assessment, code, {"source": "centre_name", "value": value, "at": "2006-01-01T00:00:00+00:00"})


def send(client, code, version=0, explanation="", token="", **fields):
    """Save one answer as the script does."""
    data = {f"q-{code}-{name.replace('__', '-')}": text for name, text in fields.items()}
    data |= {f"q-{code}-version": version, f"q-{code}-explanation": explanation}
    return client.post(address("assessment_answer", code), data | ({f"q-{code}-token": token} if token else {}))


def values(assessment):
    return {row.question.code: row.value for row in assessment.answers.select_related("question")}


# --- One answer ---


def test_one_answer_is_saved_with_at_most_six_queries(client, assessment):
    for version, name in enumerate(["Alpha", "Alpha centre"]):
        with CaptureQueriesContext(connection) as queries:
            response = send(client, "1.1", version, text=name)
        assert response.json() == {"version": version + 1, "differs": False, "given": True}
        assert len(queries) <= 6, [query["sql"] for query in queries]
    assert values(assessment) == {"1.1": {"text": "Alpha centre"}}


def test_a_coordinator_needs_no_more(client_of, assessment, alpha):
    assessment.told_by = "Aigul"
    assessment.save()
    client = client_of(make_coordinator(alpha.network))
    with CaptureQueriesContext(connection) as queries:
        assert send(client, "1.2", grade="yes").status_code == 200
    assert len(queries) <= 6, [query["sql"] for query in queries]
    assert assessment.answers.get().told_by == "Aigul"


@pytest.mark.parametrize(
    ("code", "fields", "errors"),
    [
        ("1.2", {"grade": "maybe"}, [["id_q-1.2-grade_0", "Choose one of the answers that are given."]]),
        (
            "2.4",
            {"number": "about 90"},
            [["id_q-2.4-number", "Write a number in figures, without words, for example 1 500 or 12,5."]],
        ),
        (
            "2.1",
            {"0__curriculum": "Sewing", "0__men": "1", "0__women": "2", "0__total": "4"},
            [["id_q-2.1-0-total", "Sewing: Men + Women make 3, but “Total” says 4."]],
        ),
        (
            "2.1",
            {"1__men": "two"},
            [["id_q-2.1-1-men", "Men: Write a number in figures, without words, for example 1 500."]],
        ),
        (
            "1.1",
            {"text": "A", "explanation": "x" * 2001},
            [["id_q-1.1-explanation", "The text has 2001 characters; the limit is 2000. Shorten it."]],
        ),
    ],
)
def test_what_cannot_be_read_is_not_saved(client, assessment, code, fields, errors):
    response = send(client, code, **fields)
    assert (response.status_code, response.json()) == (422, {"errors": errors})
    assert assessment.answers.count() == 0


def test_two_people_in_one_answer(client, assessment):
    other = make_facilitator(assessment.centre, name="Somebody else")
    make_answer(assessment, "1.1", {"text": "Base"})
    make_answer(assessment, "1.1", {"text": "Theirs"}, by=other, explanation="So it is.")
    response = send(client, "1.1", 1, text="Mine")
    found = response.json()
    assert (response.status_code, found["version"]) == (409, 2)
    for text in ("Somebody else", "Mine", "Theirs", "So it is."):
        assert text in found["html"]
    assert values(assessment) == {"1.1": {"text": "Theirs"}}
    assert send(client, "1.1", found["version"], text="Mine").status_code == 200
    assert values(assessment) == {"1.1": {"text": "Mine"}}


def test_the_same_sent_again_is_recognised(client, assessment):
    for _sending in range(2):
        assert send(client, "1.1", text="Alpha").json()["version"] == 1
    assert assessment.answers.get().version == 1


def test_a_version_of_an_answer_that_is_not_there_any_more(client, assessment):
    """As every open page knows it, after yesterday's backup was brought back."""
    assert send(client, "1.1", 3, text="Alpha").json()["version"] == 1
    response = client.post(address("assessment_section", "2"), {"q-2.5-version": 3, "q-2.5-text": "More"})
    assert (response.status_code, values(assessment)) == (302, {"1.1": {"text": "Alpha"}, "2.5": {"text": "More"}})


def test_what_the_data_said_is_kept_with_the_answer(client, assessment):
    said = token(assessment, "1.1", {"text": "Alpha"})
    assert send(client, "1.1", token=said, text="Omega").json() == {"version": 1, "differs": True, "given": True}
    assert assessment.answers.get().computed["value"] == {"text": "Alpha"}
    response = send(client, "1.1", 1, text="Omega", explanation="Renamed.")  # from a page that carried no token
    assert response.json() == {"version": 2, "differs": True, "given": True}
    answer = assessment.answers.get()
    assert (answer.computed["value"], answer.explanation) == ({"text": "Alpha"}, "Renamed.")


def test_a_token_of_another_question_or_a_forged_one_counts_for_nothing(client, assessment):
    other = make_assessment(
        assessment.centre, cycle=make_cycle(questionnaire=assessment.questionnaire, centres=[assessment.centre])
    )
    tokens = [token(assessment, "1.2", {"text": "x"}), token(other, "1.1", {"text": "x"}), "x:y:z", "\x00"]
    for version, each in enumerate(tokens):
        assert send(client, "1.1", version, token=each, text=f"Alpha {version}").status_code == 200
    assert assessment.answers.get().computed is None


def test_bad_addresses_and_requests(client, assessment):
    assert send(client, "9.9", text="x").status_code == 404
    assert send(client, "2", text="x").status_code == 404  # a heading
    assert client.post(address("assessment_answer", "1.1"), {"q-1.1-text": "x"}).status_code == 400
    assert send(client, "1.1", "much", text="x").status_code == 400
    assert client.get(address("assessment_section", "9")).status_code == 404
    assert client.get(address("assessment_answer", "9.9")).status_code == 404
    assert assessment.answers.count() == 0


def test_a_submitted_one_takes_no_answer(client, assessment, facilitator):
    make_answer(assessment, "1.1", {"text": "Alpha"})
    assessment.submit(by=facilitator, version=0)
    response = send(client, "1.1", 1, text="Later")
    assert response.status_code == 422
    assert response.json() == {"refused": "This step is not possible now: the self-assessment is “submitted”."}
    assert send(client, "1.1", 0, text="Alpha").json()["version"] == 1  # it had arrived before
    Cycle.objects.filter(code="2006").update(state="published", published_at="2006-07-01T00:00Z")
    assert send(client, "1.1", 1, text="Later").status_code == 403
    assert values(assessment) == {"1.1": {"text": "Alpha"}}


# --- A section ---


def inputs(response):
    """The names and values of what a section's form would send."""
    html = re.sub(r"<template>.*?</template>", "", response.content.decode(), flags=re.DOTALL)
    sent = {}
    for tag in re.findall(r"<(?:input|textarea)[^>]*>(?:[^<]*</textarea>)?", html):
        name = re.search(r'name="(q-[^"]+)"', tag)
        if not name or ('type="radio"' in tag and "checked" not in tag) or 'type="checkbox"' in tag:
            continue
        value = re.search(r'value="([^"]*)"', tag) or re.search(r">\n?([^<]*)</textarea>", tag)
        sent[name[1]] = value[1] if value else ""
    return sent


def open_section(client, code):
    response = client.get(address("assessment_section", code))
    assert response.status_code == 200
    return inputs(response)


def test_a_section_is_saved_with_one_button(client, assessment):
    page = open_section(client, "2")
    answers = {
        "q-2.1-0-curriculum": "Sewing", "q-2.1-0-men": "1", "q-2.1-0-women": "14",
        "q-2.2-grants-year": "1 500", "q-2.3-choice": "good", "q-2.4-number": "92,5", "q-2.5-text": "No\r\nmore",
    }  # fmt: skip
    response = client.post(address("assessment_section", "2"), page | answers | {"do": "home"}, follow=True)
    assert response.redirect_chain == [(address("assessment"), 302)]
    assert "5 answers saved." in response.content.decode()
    assert values(assessment) == {
        "2.1": {"rows": [{"curriculum": "Sewing", "men": "1", "women": "14", "total": "15"}]},
        "2.2": {"rows": {"grants": {"year": "1500"}}},
        "2.3": {"choice": "good"},
        "2.4": {"number": "92.5"},
        "2.5": {"text": "No\nmore"},
    }
    again = client.post(address("assessment_section", "2"), open_section(client, "2") | {"do": "save"}, follow=True)
    assert "Nothing was changed." in again.content.decode()
    assert set(assessment.answers.values_list("version", flat=True)) == {1}


def test_only_what_was_changed_gets_a_new_version(client, assessment):
    make_answer(assessment, "2.3", {"choice": "good"})
    make_answer(assessment, "2.4", {"number": "90"})
    response = client.post(address("assessment_section", "2"), open_section(client, "2") | {"q-2.4-number": "91"})
    assert response.status_code == 302
    versions = dict(assessment.answers.values_list("question__code", "version"))
    assert versions == {"2.3": 1, "2.4": 2}


def test_what_is_wrong_stays_and_the_rest_is_saved(client, assessment):
    page = open_section(client, "2") | {"q-2.4-number": "ninety", "q-2.5-text": "Enough", "q-2.1-0-men": "1,500"}
    response = client.post(address("assessment_section", "2"), page)
    html = response.content.decode()
    assert response.status_code == 422
    assert values(assessment) == {"2.5": {"text": "Enough"}}
    assert "1 answer saved. 2 are not saved yet:" in html
    assert '<a href="#id_q-2.4-number">2.4</a>' in html
    assert 'value="ninety"' in html
    assert 'value="1,500"' in html
    mended = inputs(response) | {"q-2.4-number": "90", "q-2.1-0-men": "1 500"}
    assert client.post(address("assessment_section", "2"), mended).status_code == 302
    assert values(assessment)["2.4"] == {"number": "90"}


def test_who_was_faster_is_shown_and_nothing_is_lost(client, assessment):
    make_answer(assessment, "2.3", {"choice": "good"})
    make_answer(assessment, "2.4", {"number": "90"})
    make_answer(assessment, "2.5", {"text": "Before"})
    page = open_section(client, "2")
    make_answer(assessment, "2.4", {"number": "80"})
    make_answer(assessment, "2.5", {"text": "Theirs"})
    response = client.post(address("assessment_section", "2"), page | {"q-2.4-number": "95", "q-2.3-choice": "bad"})
    html = response.content.decode()
    assert response.status_code == 409
    assert values(assessment) == {"2.3": {"choice": "bad"}, "2.4": {"number": "80"}, "2.5": {"text": "Theirs"}}
    assert html.count("answered this question at") == 1, "what she did not touch is no conflict"
    again = inputs(response)
    assert (again["q-2.4-number"], again["q-2.4-version"]) == ("95", "2")
    theirs = client.post(address("assessment_section", "2"), again | {"q-2.4-theirs": "1"})
    assert (theirs.status_code, values(assessment)["2.4"]) == (302, {"number": "80"})
    mine = client.post(address("assessment_section", "2"), again)
    assert (mine.status_code, values(assessment)["2.4"]) == (302, {"number": "95"})


def test_more_rows_without_a_script_keep_what_was_typed(client, assessment):
    page = open_section(client, "2") | {"q-2.1-1-curriculum": "Sewing", "q-2.4-number": "ninety", "more": "2.1"}
    response = client.post(address("assessment_section", "2"), page)
    again = inputs(response)
    assert response.status_code == 200
    assert len([name for name in again if name.startswith("q-2.1-") and name.endswith("-men")]) == 7
    assert (again["q-2.1-1-curriculum"], again["q-2.4-number"]) == ("Sewing", "ninety")
    assert assessment.answers.count() == 0


def test_a_prefilled_value_is_shown_and_confirmed_by_saving(client, assessment):
    response = client.get(address("assessment_section", "1"))
    html = response.content.decode()
    page = inputs(response)
    assert page["q-1.1-text"] == "Alpha"
    assert "Not confirmed yet" in html
    assert "data-unconfirmed" in html
    assert "0 of 2 answered" in html
    client.post(address("assessment_section", "1"), page)
    answer = assessment.answers.get()
    assert (answer.value, answer.computed["value"]) == ({"text": "Alpha"}, {"text": "Alpha"})
    assert "Not confirmed yet" not in client.get(address("assessment_section", "1")).content.decode()


def test_a_difference_asks_why(client, assessment):
    page = open_section(client, "1")
    client.post(address("assessment_section", "1"), page | {"q-1.1-text": "Omega"})
    html = client.get(address("assessment_section", "1")).content.decode()
    [why] = re.findall(r'<div class="q-why"( hidden)?>', html)
    assert why == ""
    page = open_section(client, "1") | {"q-1.1-explanation": "Renamed in May."}
    client.post(address("assessment_section", "1"), page)
    assert assessment.answers.get().explanation == "Renamed in May."
    [section, *_] = Sheet(found(make_facilitator(assessment.centre), "2006", "alpha"), None).standing.sections
    assert section.unexplained == []


def why(html):
    """The place for the explanation, as far as it is seen."""
    [place] = re.findall(r'<div class="q-why"( hidden)?><p class="q-idle"( hidden)?>', html)
    return ["hidden" in each for each in place]


def test_an_explanation_that_outlives_the_difference_is_offered_for_removal_and_not_shown(
    client, client_of, assessment
):
    said = {"source": "centre_name", "value": {"text": "Alpha"}, "at": "2006-01-01T00:00:00+00:00"}
    expert = client_of(make_expert(assessment.centre.network))
    review, section = address("assessment_review"), address("assessment_section", "1")
    make_answer(assessment, "1.1", {"text": "Omega"}, explanation="Renamed in May.", computed=said)
    assert [each.get(review).text.count("Renamed in May.") for each in (client, expert)] == [1, 1]
    assert why(client.get(section).text) == [False, True]
    assert expert.get(review).text.count("As the data say.") == 0
    make_answer(assessment, "1.1", {"text": "Alpha"}, explanation="Renamed in May.", computed=said)
    assert expert.get(review).text.count("As the data say.") == 1
    assert [each.get(review).text.count("Renamed in May.") for each in (client, expert)] == [0, 0]
    assert why(client.get(section).text) == [False, False]
    assert expert.get(section).text.count("Renamed in May.") == 0
    client.post(section, open_section(client, "1") | {"q-1.1-explanation": ""})
    assert why(client.get(section).text) == [True, True]
    assert assessment.answers.get().explanation == ""


def test_what_the_data_say_stays_where_the_answer_was_emptied(client, assessment):
    make_answer(assessment, "1.1", {"text": "Alpha"})
    shown = '<div class="q-differs">'
    assert shown not in client.get(address("assessment_section", "1")).text
    make_answer(assessment, "1.1", {})
    assert shown in client.get(address("assessment_section", "1")).text


def test_a_wrong_word_in_a_prefilled_field_is_not_offered_as_right(client, assessment):
    assert "data-confirm" in client.get(address("assessment_section", "1")).text
    page = open_section(client, "1") | {"q-1.1-text": "x" * 501}
    refused = client.post(address("assessment_section", "1"), page)
    assert (refused.status_code, "data-confirm" in refused.text) == (422, False)


def test_of_a_table_only_the_rows_that_differ_are_said(client, assessment):
    question = assessment.questionnaire.questions.get(code="2.1")
    rows = [{"curriculum": name, "men": "1", "women": "2", "total": "3"} for name in ("Sewing", "Computers", "Law")]
    entry = {"source": "trainees_by_programme", "value": {"rows": rows}, "at": "2006-01-01T00:00:00+00:00"}
    mine = [*rows[::2], rows[1] | {"men": "4", "total": "6"}]
    table = Shown.of_data(question, entry, {"rows": mine}).table
    assert [[cell.text for cell in cells] for _name, cells in table.rows] == [["Computers", "1", "2", "3"]]
    assert table.sums == [], "of some rows it would mislead"
    whole = Shown.of_data(question, entry, {"rows": []}).table
    assert [cell.text for cell in whole.sums] == ["Sum", "3", "6", "9"]
    token = sealed(assessment, "2.1", entry)
    typed = {f"{place}__{key}": text for place, row in enumerate(mine) for key, text in row.items()}
    told = send(client, "2.1", token=token, **typed).json()
    assert [name in told["data"] for name in ("Sewing", "Computers", "Law")] == [False, True, False]


def test_a_fixed_table_says_the_rows_that_differ(assessment):
    question = assessment.questionnaire.questions.get(code="2.2")
    rows = {"grants": {"year": "100"}, "rent": {"year": "5"}}
    shown = Shown.of_data(question, {"value": {"rows": rows}}, {"rows": {"grants": {"year": "100"}}})
    assert [name for name, _cells in shown.table.rows] == ["Rent"]


def test_a_question_that_is_not_asked_is_hidden_and_keeps_its_answer(client, assessment):
    make_answer(assessment, "1.2", {"grade": "yes"})
    make_answer(assessment, "1.3", {"date": "2005-01-10"})
    block = '<article class="q box" id="q-1.3"'
    assert f"{block} data-code" in client.get(address("assessment_section", "1")).content.decode()
    page = open_section(client, "1") | {"q-1.2-grade": "no"}
    client.post(address("assessment_section", "1"), page)
    html = client.get(address("assessment_section", "1")).content.decode()
    assert f"{block} hidden data-code" in html
    assert values(assessment)["1.3"] == {"date": "2005-01-10"}
    assert "2 of 2 answered" in html


# --- Size and speed ---


def long_one(alpha, questions):
    """A self-assessment with a section of so many questions, all answered."""
    own = {"options": PEOPLE, "prefill": "trainees_by_programme"}
    rows = [QuestionText(f"1.{n}", Kind.OPEN_TABLE, {"en": f"Trainees {n}"}, **own) for n in range(1, questions + 1)]
    questionnaire = make_questionnaire(alpha.network, rows, key=f"long-{questions}")
    cycle = make_cycle(alpha.network, [alpha], code=f"long-{questions}", questionnaire=questionnaire)
    assessment = make_assessment(alpha, cycle=cycle)
    for row in rows:
        make_answer(assessment, row.code, {"rows": [{"curriculum": "Sewing", "men": "1"}]})
    return assessment


@pytest.mark.parametrize("name", ["assessment", "assessment_section", "assessment_review"])
def test_pages_take_the_same_queries_for_three_and_sixty_questions(client, alpha, name):
    counts, sizes = [], []
    for questions in (3, 60):
        assessment = long_one(alpha, questions)
        args = [assessment.cycle.code, "alpha"] + (["1"] if name.endswith("section") else [])
        with CaptureQueriesContext(connection) as queries:
            response = client.get(reverse(f"monitoring:{name}", args=args))
        assert response.status_code == 200
        counts.append(len(queries))
        sizes.append(len(response.content))
    assert counts[0] == counts[1]
    assert name == "assessment" or sizes[0] < sizes[1]


def words(chance, number):
    """Text that compresses no better than what people write."""
    return " ".join(
        "".join(chance.choices("аәбгғдеиікқлмнңоөпрстуұүшы", k=chance.randint(2, 9))) for _ in range(number)
    )


def full(question):
    """An answer as long as people would ever write it."""
    chance, options = Random(question.code), question.options
    match question.kind:
        case Kind.GRADE:
            return {"grade": "partly", "source": words(chance, 15), "proposal": words(chance, 60)}
        case Kind.CHOICE:
            return {"choice": options.choices[0].key}
        case Kind.NUMBER:
            return {"number": "120"}
        case Kind.DATE:
            return {"date": "2005-06-28"}
        case Kind.FIXED_TABLE:
            return {"rows": {row.key: full_row(chance, options) for row in options.rows}}
        case Kind.OPEN_TABLE:
            return {"rows": [full_row(chance, options) for _ in range(30)]}
    return {"text": words(chance, 120)}


def full_row(chance, options):
    cells = {"number": lambda column: str(len(column.sum_of) or 1), "date": lambda column: "2005-06-28"}
    return {column.key: cells.get(column.kind, lambda _: words(chance, 5))(column) for column in options.columns}


def test_every_section_of_annex_1_is_small_enough_for_a_bad_line(client, alpha):
    questionnaire = Questionnaire.begin(network=alpha.network, document=ANNEX_1)
    questionnaire.publish()
    cycle = make_cycle(alpha.network, [alpha], code="2006", questionnaire=questionnaire)
    assessment = make_assessment(alpha, cycle=cycle)
    for question in questionnaire.all_questions:
        if not question.is_heading:
            make_answer(assessment, question.code, full(question))
    sizes = {}
    for section in questionnaire.outline:
        response = client.get(address("assessment_section", section.code), headers={"Accept-Encoding": "gzip"})
        assert response.headers["Content-Encoding"] == "gzip"
        sizes[section.code] = len(response.content)
    assert max(sizes.values()) < 60_000, sizes


def submitted(assessment, facilitator):
    SelfAssessment.objects.get(pk=assessment.pk).submit(by=facilitator, version=0)


def published(assessment, _facilitator):
    Cycle.objects.filter(pk=assessment.cycle_id).update(state="published", published_at="2006-07-01T00:00Z")


@pytest.mark.parametrize("meanwhile", [submitted, published])
def test_a_section_sent_too_late_keeps_what_was_typed(client, assessment, facilitator, monkeypatch, meanwhile):
    """Handed in, or published, after the page looked and before the first answer was written."""

    def too_late(self, sheet, **kwargs):
        meanwhile(assessment, facilitator)
        raise StepRefused("Too late.") if meanwhile == submitted else CycleFrozen

    monkeypatch.setattr("monitoring.sending.Sent.save", too_late)
    data = {"q-2.5-version": 0, "q-2.5-text": "What I wrote this morning"}
    answer = client.post(address("assessment_section", "2"), data)
    assert (answer.status_code, "What I wrote this morning" in answer.text) == (422, True)


def test_a_section_sent_after_it_was_handed_in_keeps_what_was_typed(client, assessment, facilitator):
    submitted(assessment, facilitator)
    data = {"q-2.5-version": 0, "q-2.5-text": "What I wrote this morning"}
    answer = client.post(address("assessment_section", "2"), data)
    assert (answer.status_code, "What I wrote this morning" in answer.text) == (422, True)


def test_a_section_sent_after_publication_keeps_what_was_typed(client, client_of, assessment):
    published(assessment, None)
    data = {"q-2.5-version": 0, "q-2.5-text": "What I wrote this morning"}
    coordinator = client_of(make_coordinator(assessment.centre.network))
    for each in (client, coordinator):
        answer = each.post(address("assessment_section", "2"), data)
        assert (answer.status_code, "What I wrote this morning" in answer.text) == (422, True)
    expert = client_of(make_expert(assessment.centre.network))
    assert expert.post(address("assessment_section", "2"), data).status_code == 403
    assert assessment.answers.count() == 0
