"""A centre's workbook: what goes out, that the same comes back, and everything that can be the matter."""

import io
import random

import openpyxl
import pytest
from django.utils import timezone, translation

from centres.imports import reader
from monitoring import prefill
from monitoring.exchange.plan import Plan
from monitoring.exchange.workbook import sheet_name, workbook
from monitoring.exchange.workbook_in import Reader
from monitoring.forms.exchange import other_versions
from monitoring.instruments import Kind, QuestionText
from monitoring.models import Cycle, Questionnaire, SelfAssessment
from tests.factories import make_answer, make_assessment, make_facilitator, make_questionnaire
from tests.kept import make_partner
from tests.spreadsheets import saved

from .everything import QUESTIONS, chance, standing

pytestmark = pytest.mark.django_db


def loaded(assessment):
    """As the pages load it."""
    return type(assessment).objects.for_page().get(pk=assessment.pk)


def opened(assessment):
    return openpyxl.load_workbook(io.BytesIO(workbook(loaded(assessment))))


def parse(assessment, book, versions=None):
    data = book if isinstance(book, bytes) else saved(book)
    return Reader(reader.read(data), loaded(assessment), versions).read()


def row_of(book, code):
    """The row that begins with the code: (sheet, number)."""
    for sheet in book.worksheets:
        for number, cell in enumerate(sheet["A"], start=1):
            if cell.value == code:
                return sheet, number
    raise LookupError(code)


def write(book, code, *texts):
    sheet, number = row_of(book, code)
    for place, text in enumerate(texts, start=4):
        sheet.cell(number, place, text)


def read_values(parsed):
    return {given.code: given.value for given in parsed.answers}


def kinds(parsed):
    return [problem.kind for problem in parsed.problems]


def one(parsed):
    [problem] = parsed.problems
    return str(problem)


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_a_round_trip(own, facilitator, language, seed):
    dice = random.Random(seed)
    values = {question.code: chance(question, dice) for question in QUESTIONS}
    for code, value in values.items():
        make_answer(own, code, value, by=facilitator)
    with translation.override(language):
        parsed = parse(own, workbook(loaded(own)))
    assert (parsed.problems, read_values(parsed)) == ([], values)


@pytest.mark.parametrize("day", ["1900-01-01", "1900-02-28", "1901-01-01", "2100-12-31"])
def test_days_long_ago(own, facilitator, day):
    make_answer(own, "1.5", {"date": day}, by=facilitator)
    assert read_values(parse(own, workbook(loaded(own)))) == {"1.5": {"date": day}}


@pytest.mark.parametrize("seed", range(2))
def test_answers_typed_into_an_empty_workbook(own, seed):
    """As a person types them: words of the lists, numbers, days."""
    dice = random.Random(seed)
    values = {question.code: chance(question, dice) for question in QUESTIONS}
    book = opened(own)
    for question in QUESTIONS:
        value = values[question.code]
        match question.kind:
            case Kind.GRADE:
                grade = {"yes": "Yes", "no": "No", "partly": "Partly"}[value["grade"]]
                write(book, question.code, grade, *(escaped(value.get(part)) for part in ("source", "proposal")))
            case Kind.CHOICE:
                write(book, question.code, value["choice"].title())
            case Kind.FIXED_TABLE | Kind.OPEN_TABLE:
                rows = value["rows"]
                keyed = rows.items() if isinstance(rows, dict) else enumerate(rows, start=1)
                for key, cells in keyed:
                    texts = [escaped(cells.get(column.key)) for column in question.options.columns]
                    write(book, f"{question.code}/{key}", *texts)
            case _:
                [text] = value.values()
                write(book, question.code, escaped(text))
    parsed = parse(own, book)
    assert (parsed.problems, read_values(parsed)) == ([], values)


def escaped(text):
    """A cell of text is written with an apostrophe where it would be a formula."""
    return f"'{text}" if text and text.lstrip("'")[:1] in "=+-@" else text


def test_what_it_looks_like(own, facilitator):
    make_answer(own, "8.1.1", {"grade": "partly", "proposal": "=A1"}, by=facilitator)
    make_answer(own, "9.2", {"rows": [{"curriculum": "Sewing", "men": "3"}]}, by=facilitator)
    book = opened(own)
    assert book.sheetnames == ["How to fill in", "1 The centre", "8 The work", "9 Tables", "clcnet", "lists"]
    assert [sheet.sheet_state for sheet in book] == ["visible"] * 4 + ["hidden"] * 2
    assert [cell.value for cell in book.worksheets[0]["A"]][:3] == [
        "Alpha", "Self-assessment · Monitoring 2006", "Version 1 of the questionnaire",
    ]  # fmt: skip
    work = book["8 The work"]
    assert [cell.value for cell in work[1]] == [
        "№",
        "Question",
        "Help",
        "Answer",
        "Source of information",
        "Proposal",
    ]
    sheet, number = row_of(book, "8.1.1")
    assert [cell.value for cell in sheet[number]] == ["8.1.1", "Is there a plan? *", None, "Partly", None, "'=A1"]
    assert [cell.protection.locked for cell in sheet[number]] == [True, True, True, False, False, False]
    assert (work.protection.sheet, work.freeze_panes) == (True, "C2")
    rules = {str(rule.sqref): rule.formula1 for rule in work.data_validations.dataValidation}
    assert rules == {f"D{number} D{number + 1}": "lists!$A$1:$A$3", f"D{number + 2}": "lists!$B$1:$B$3"}
    assert [cell.value for cell in book["lists"]["A"]] == ["Yes", "Partly", "No"]
    sheet, number = row_of(book, "9.2: curriculum, begun, total, men, women")
    assert [cell.value for cell in sheet[number]][3:] == ["Curriculum", "Begun on", "Total", "Men", "Women"]
    assert [cell.value for cell in sheet[number + 1]][:8] == ["9.2/1", "1", None, "Sewing", None, None, 3, None]
    assert row_of(book, "9.2/11")
    with pytest.raises(LookupError):
        row_of(book, "9.2/12")


@pytest.mark.parametrize(
    ("text", "shown"),
    [("+7 (726) 2-12-34, +7 701", "+7 (726) 2-12-34, +7 701"), ("+cmd|x", "'+cmd|x"), ("+7+A1", "'+7+A1")],
)
def test_a_phone_number_stands_there_as_it_is(own, facilitator, text, shown):
    make_answer(own, "1.1", {"text": text}, by=facilitator)
    book = opened(own)
    sheet, number = row_of(book, "1.1")
    cell = sheet.cell(number, 4)
    assert (cell.value, cell.number_format, cell.data_type) == (shown, "@", "s")
    assert read_values(parse(own, book)) == {"1.1": {"text": text}}


def test_in_the_readers_language(own):
    with translation.override("ru"):
        book = opened(own)
    sheet, number = row_of(book, "8.1.source")
    assert sheet.title == "8 По-русски The work"
    assert sheet.cell(number, 2).value == "По-русски: Band"
    assert [cell.value for cell in book["lists"]["B"]] == ["Хорошая", "Средняя", "Слабая"]


def test_what_the_data_say_is_filled_in(alpha):
    """A value counts once it comes back; a text to begin with only when it was worked on."""
    questions = [
        QuestionText("1", Kind.TEXT, {"en": "Name?"}, prefill="centre_name"),
        QuestionText("2", Kind.LONG_TEXT, {"en": "With whom does it work?"}, prefill="partners"),
    ]
    make_partner(alpha, name="Library")
    own = loaded(make_assessment(alpha, make_questionnaire(alpha.network, questions)))
    assert {*prefill.computed(own, own.questionnaire.all_questions)} == {"1", "2"}
    book = opened(own)
    shown = []
    for code in ("1", "2"):
        sheet, number = row_of(book, code)
        shown.append(sheet.cell(number, 4).value)
    assert shown == ["Alpha", "Library"]
    facilitator = make_facilitator(alpha)

    def writes():
        plan = Plan.of(own.cycle, parse(own, book), facilitator)
        return {change.given.code: change.given.value["text"] for change in plan.writes}

    assert writes() == {"1": "Alpha"}
    write(book, "2", "With the library")
    assert writes() == {"1": "Alpha", "2": "With the library"}


@pytest.mark.parametrize("moment", ["submitted", "accepted", "published"])
def test_what_the_data_say_now_is_not_written_into_what_was_handed_in(alpha, moment):
    question = QuestionText("1", Kind.TEXT, {"en": "Name?"}, prefill="centre_name")
    own = loaded(make_assessment(alpha, make_questionnaire(alpha.network, [question])))
    if moment == "published":
        Cycle.objects.filter(pk=own.cycle_id).update(state="published", published_at=timezone.now())
    else:
        SelfAssessment.objects.filter(pk=own.pk).update(state=moment)
    sheet, number = row_of(opened(own), "1")
    assert sheet.cell(number, 4).value is None


def test_a_row_of_a_high_number(own):
    book = opened(own)
    book["9 Tables"].append(["9.2/250", "", "", "Sewing"])
    assert read_values(parse(own, book)) == {"9.2": {"rows": [{"curriculum": "Sewing"}]}}


def test_only_what_was_changed_in_the_workbook_is_imported(own, facilitator):
    for code in ("1.1", "1.2", "8.3"):
        make_answer(own, code, {"text": "As it was"}, by=facilitator)
    book = opened(own)
    write(book, "1.2", "From the workbook")
    write(book, "8.3", "From the workbook")
    write(book, "1.3", 4)
    make_answer(own, "1.1", {"text": "Changed here meanwhile"}, by=facilitator)
    make_answer(own, "8.3", {"text": "Changed here meanwhile"}, by=facilitator)
    plan = Plan.of(own.cycle, parse(own, book), facilitator)
    assert {change.given.code: str(change.outcome.value) for change in plan.changes} == {
        "1.1": "same", "1.2": "changed", "1.3": "new", "8.3": "newer",
    }  # fmt: skip
    make_answer(own, "1.3", {"number": "5"}, by=facilitator)  # there was none when the workbook was made
    plan = Plan.of(own.cycle, parse(own, book), facilitator)
    assert [change.given.code for change in plan.newer] == ["1.3", "8.3"]


def test_a_cell_that_is_emptied_changes_nothing(own, facilitator):
    """As the first sheet says, also of a part of an answer."""
    values = {
        "8.1.1": {"grade": "no", "source": "Plan", "proposal": "Meet"},
        "9.1": {"rows": {"main": {"year": "5", "forecast": "6"}}},
    }
    for code, value in values.items():
        make_answer(own, code, value, by=facilitator)
    book = opened(own)
    write(book, "8.1.1", "Yes", None, None)
    write(book, "9.1/main", None, 6)
    plan = Plan.of(own.cycle, parse(own, book), facilitator)
    assert [(change.given.code, change.value) for change in plan.writes] == [
        ("8.1.1", values["8.1.1"] | {"grade": "yes"})
    ]
    plan.write(by=facilitator)
    assert standing(own) == values | {"8.1.1": {"grade": "yes", "source": "Plan", "proposal": "Meet"}}


@pytest.mark.parametrize(
    ("code", "texts", "told"),
    [
        ("1.3", ["five"], "D: Question 1.3: Write a number in figures, without words, for example 1 500."),
        ("1.3", ["=2+3"], "D: The cell holds a formula. Replace it with its value."),
        ("1.3", ["#REF!"], "D: The cell shows #REF!. Replace it with what it should say."),
        ("8.1.1", ["Maybe"], "D: Question 8.1.1: Choose one of the answers that are given."),
        ("9.1/main", [None, "much"], "E: Question 9.1: Write a number in figures, without words, "
         "for example 1 500 or 12,5."),
        ("9.2/1", ["Sewing", None, 9, 3, 4], "F: Question 9.2: Sewing: Men + Women make 7, but “Total” says 9."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(own, code, texts, told):
    book = opened(own)
    write(book, code, *texts)
    sheet, number = row_of(book, code)
    assert one(parse(own, book)) == f"Sheet “{sheet.title}”, row {number}, column {told}"


def test_a_decimal_comma(own):
    book = opened(own)
    write(book, "1.4", "12,5")
    write(book, "9.1/main", "1 500,25")
    assert read_values(parse(own, book)) == {"1.4": {"number": "12.5"}, "9.1": {"rows": {"main": {"year": "1500.25"}}}}


def test_another_centres_and_another_cycles_workbook(own, asked, beta):
    book = opened(asked.self_assessments.get(centre=beta))
    assert one(parse(own, book)) == ("This workbook was made for the centre “beta”. Choose the one of this centre.")
    other = make_assessment(own.centre, own.questionnaire)
    assert kinds(parse(other, opened(own))) == ["other_cycle"]


def test_an_empty_workbook_and_others(own):
    assert kinds(parse(own, opened(own))) == ["no_answers"]
    book = openpyxl.Workbook()
    book.active["A1"] = "Something else"
    assert kinds(parse(own, book)) == ["no_sheets"]
    book.active["A1"] = "8.1.1"  # saved without the hidden sheet
    book.active["D1"] = "Yes"
    assert read_values(parse(own, book)) == {"8.1.1": {"grade": "yes"}}
    assert read_values(parse(own, b"Code,Question,Help,Answer\n1.1,Name,,Alpha\n")) == {"1.1": {"text": "Alpha"}}


def test_a_row_twice(own):
    book = opened(own)
    write(book, "1.1", "One")
    sheet, number = row_of(book, "1.1")
    sheet.append(["1.1", "", "", "Two"])
    assert one(parse(own, book)) == (
        f"Sheet “1 The centre”, row {sheet.max_row}, column A: The code “1.1” already stands in row {number}. "
        "Keep one of the two rows."
    )


def test_rows_that_are_no_questions(own):
    book = opened(own)
    write(book, "1.1", "Fine")
    for code in ("7.7", "9.1/loans", "9.2/5000"):
        book["9 Tables"].append([code, "", "", "x"])
    parsed = parse(own, book)
    assert read_values(parsed) == {"1.1": {"text": "Fine"}}
    assert [problem.facts["text"] for problem in parsed.problems] == ["7.7", "9.1/loans", "9.2/5000"]


def test_a_workbook_of_another_version(own, asked, questionnaire):
    book = opened(own)
    write(book, "1.1", "Fine")
    write(book, "1.2", "Gone")
    write(book, "8.1.source", "Fair")
    second = questionnaire.next_version()
    old = second.document()
    first = old.sections[0]
    kept = tuple(row for row in first.questions if row.code != "1.2")
    sections = (type(first)(first.code, first.title, questions=kept), *old.sections[1:])
    second.rewrite(type(old)(old.key, old.title, sections=sections), revision=second.revision)
    second.publish()
    asked.self_assessments.update(questionnaire=second)
    parsed = parse(own, book, other_versions(second, {"1"}))
    assert read_values(parsed) == {"1.1": {"text": "Fine"}, "8.1.source": {"choice": "fair"}}
    assert kinds(parsed) == ["other_version", "unknown_row"]
    assert str(parsed.problems[0]) == (
        "The answers were given to version 1 of the questionnaire; this cycle uses version 2. "
        "They are taken by the questions' codes."
    )


def test_marks_that_were_meddled_with(own):
    book = opened(own)
    write(book, "1.1", "Fine")
    for row in book["clcnet"].iter_rows():
        if row[0].value in ("answer", "version"):
            row[1].value, row[2].value = row[1].value if row[0].value == "answer" else "²", "²"
    parsed = parse(own, book, other_versions(own.questionnaire, {"²"}))
    assert (read_values(parsed), kinds(parsed)) == ({"1.1": {"text": "Fine"}}, ["other_version"])


def test_the_same_queries_with_and_without_answers(own, facilitator, values, django_assert_num_queries):
    with django_assert_num_queries(4):
        workbook(loaded(own))
    for code, value in values.items():
        make_answer(own, code, value, by=facilitator)
    with django_assert_num_queries(4):
        workbook(loaded(own))


def test_names_of_sheets():
    assert sheet_name("8.1 Work/plan: [what?] of 'us' *") == "8.1 Work plan what of us"
    assert sheet_name("1 " + "x" * 50) == "1 " + "x" * 29
    assert sheet_name("[]") == "-"


def test_a_drafts_workbook_can_be_told_from_others(own):
    """The version is named where people see it, and where the way back looks."""
    book = opened(own)
    marks = {row[0].value: row[1].value for row in book["clcnet"].iter_rows() if row[0].value != "answer"}
    assert marks == {"centre": "alpha", "cycle": "2006", "questionnaire": "own", "version": "1"}
    assert Questionnaire.objects.get(key="own").version == 1
