"""Exports of KoBoToolbox and ODK Central, read without a browser: round trips, and all that can be the matter."""

import random
from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from centres.imports import reader
from monitoring.exchange import answers_in
from monitoring.exchange.names import answer_labels, grade_labels, label, names
from monitoring.exchange.parsed import Parsed
from monitoring.exchange.plan import fillable
from monitoring.exchange.xlsform import xlsform
from monitoring.forms.exchange import other_versions, tables_of
from monitoring.imports.plan import centre_names
from monitoring.instruments import Choice, Kind, Options, QuestionText, SectionText
from monitoring.library.annex1 import ANNEX_1
from monitoring.models import Questionnaire
from tests.factories import make_coordinator, make_cycle
from tests.spreadsheets import as_csv, as_xlsx

from .everything import QUESTIONS, SECTIONS, chance
from .exports import as_csvs, as_workbook, converted, submission, tables

pytestmark = pytest.mark.django_db


def parse(cycle, user, *files) -> Parsed:
    """What the upload makes of the files."""
    found = [table for data in files for table in reader.read(data)]
    questionnaire = cycle.questionnaire
    versions = other_versions(questionnaire, answers_in.versions_named(found))
    return answers_in.Reader(found, questionnaire, fillable(cycle, user), centre_names(cycle), versions).read()


def read_values(parsed: Parsed, centre="alpha") -> dict:
    return {given.code: given.value for given in parsed.answers if given.centre == centre}


def kinds(parsed: Parsed) -> list:
    return [problem.kind for problem in parsed.problems]


def one(parsed: Parsed):
    [problem] = parsed.problems
    return problem


def words(problem) -> str:
    return str(problem)


HEAD = ["centre_code", "told_by", "questionnaire_key", "questionnaire_version", "_submission_time", "_index"]


def small(cycle, user, columns: dict, **about) -> Parsed:
    """A file with one form of alpha's that has only these columns."""
    known = {
        "centre_code": "alpha", "told_by": "Head", "questionnaire_key": "own", "questionnaire_version": "1",
        "_submission_time": "2006-06-28T10:00:00", "_index": "1",
    } | about  # fmt: skip
    parsed = parse(cycle, user, as_csv([[*known, *columns], [*known.values(), *columns.values()]]))
    parsed.problems = [problem for problem in parsed.problems if problem.kind != "no_table"]
    return parsed


# ---- round trips -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("groups", [True, False], ids=["paths", "names"])
def test_a_round_trip_through_kobotoolbox(asked, seen, xform, groups, seed):
    dice = random.Random(seed)
    alpha, beta = ({question.code: chance(question, dice) for question in QUESTIONS} for _ in range(2))
    sent = [submission(QUESTIONS, alpha), submission(QUESTIONS, beta, centre="beta", told_by="Ms Beta")]
    parsed = parse(asked, seen, as_workbook(tables(xform, sent, groups=groups)))
    assert parsed.problems == []
    assert (read_values(parsed), read_values(parsed, "beta")) == (alpha, beta)
    assert parsed.told_by == {"alpha": "Head", "beta": "Ms Beta"}
    assert {given.at for given in parsed.answers} == {"2005-06-28T10:00:00+00:00"}
    assert Parsed.from_json(parsed.as_json()) == parsed


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("groups", [True, False], ids=["paths", "names"])
def test_a_round_trip_through_odk_central(asked, seen, xform, groups, seed):
    dice = random.Random(seed)
    alpha, beta = ({question.code: chance(question, dice) for question in QUESTIONS} for _ in range(2))
    sent = [
        submission(QUESTIONS, alpha, at="2005-06-28T10:00:00.000Z"),
        submission(QUESTIONS, beta, centre="beta", at="2005-06-28T16:00:00.000+06:00"),
    ]
    files = [file.getvalue() for file in as_csvs(tables(xform, sent, groups=groups, odk=True))]
    parsed = parse(asked, seen, *files)
    assert parsed.problems == []
    assert (read_values(parsed), read_values(parsed, "beta")) == (alpha, beta)
    assert {given.at for given in parsed.answers} == {"2005-06-28T10:00:00+00:00", "2005-06-28T16:00:00+06:00"}


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_labels_as_headings_and_values(asked, seen, questionnaire, values, language):
    """As KoBoToolbox exports a form in one of its languages."""
    xform = converted(xlsform(questionnaire))[0].xform
    made = tables(xform, [submission(QUESTIONS, values)], groups=False)
    questions = {question.code: question for question in questionnaire.all_questions}
    spoken = {
        name: label(questions[place.code], place, language)
        for place, name in names(questionnaire.all_questions).items()
    }
    keys = {
        ("q_" + question.code.replace(".", "_"), key): text
        for question in questions.values()
        if question.kind in (Kind.CHOICE, Kind.GRADE)
        for key, text in answer_labels(question, language).items()
    }
    for rows in made.values():
        heads = rows[0]
        for row in rows[1:]:
            row[:] = [keys.get((head, text), text) for head, text in zip(heads, row, strict=True)]
        rows[0] = [spoken.get(head, head) for head in heads]
    parsed = parse(asked, seen, as_workbook(made))
    assert parsed.problems == []
    assert read_values(parsed) == values


def test_a_round_trip_of_annex_1(network, alpha):
    """All its questions, through the form that pyxform makes of it."""
    questionnaire = Questionnaire.begin(network=network, document=ANNEX_1)
    questionnaire.publish()
    cycle = make_cycle(network, [alpha], questionnaire=questionnaire)
    dice = random.Random(5)
    values = {row.code: chance(row, dice) for row in questionnaire.all_questions if not row.is_heading}
    xform = converted(xlsform(questionnaire))[0].xform
    sent = submission(questionnaire.all_questions, values, key=ANNEX_1.key)
    parsed = parse(cycle, make_coordinator(network), as_workbook(tables(xform, [sent])))
    assert (parsed.problems, read_values(parsed)) == ([], values)


def test_numbers_and_days_as_a_workbook_has_them(asked, seen):
    rows = [
        ["centre_code", "questionnaire_version", "_submission_time", "q_1_3", "q_1_4", "q_1_5"],
        ["alpha", 1, datetime(2006, 6, 28, 10), 1500.0, 0.1 + 0.2, date(2005, 6, 28)],
    ]
    parsed = parse(asked, seen, as_xlsx(rows))
    assert parsed.errors == []
    assert read_values(parsed) == {"1.3": {"number": "1500"}, "1.4": {"number": "0.3"}, "1.5": {"date": "2005-06-28"}}
    assert {given.at for given in parsed.answers} == {"2006-06-28T10:00:00+00:00"}


def test_repeats_as_numbered_columns(asked, seen):
    parsed = small(
        asked, seen, {"s_9/t_q_9_2/q_9_2[1]/q_9_2__men": "3", "q_9_2[2]/q_9_2__men": "5", "q_9_2[2]/q_9_2__women": "1"}
    )
    assert parsed.problems == []
    assert read_values(parsed) == {"9.2": {"rows": [{"men": "3"}, {"total": "6", "men": "5", "women": "1"}]}}


@pytest.mark.parametrize(
    "headings",
    [("q_9_2[0]/q_9_2__men", "q_9_2[1]/q_9_2__men"), ("q_9_2[7]/q_9_2__men", "q_9_2[300]/q_9_2__men"),
     ("q_9_2__men", "q_9_2[2]/q_9_2__men")],
)  # fmt: skip
def test_no_row_is_lost_whatever_its_number(asked, seen, headings):
    parsed = small(asked, seen, dict(zip(headings, ("3", "5"), strict=True)))
    assert (parsed.problems, read_values(parsed)) == ([], {"9.2": {"rows": [{"men": "3"}, {"men": "5"}]}})


def test_a_number_that_is_none(asked, seen):
    parsed = small(asked, seen, {f"q_9_2[{'9' * 5000}]/q_9_2__men": "3", "q_1_1": "x"})
    assert (parsed.problems, read_values(parsed)) == ([], {"1.1": {"text": "x"}, "9.2": {"rows": [{"men": "3"}]}})


# ---- single answers --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "code", "value"),
    [
        ("q_1_3", "1 500", "1.3", {"number": "1500"}),
        ("q_1_4", "12,5", "1.4", {"number": "12.5"}),
        ("q_1_4", "1.234", "1.4", {"number": "1.234"}),
        ("q_1_5", "28.06.2005", "1.5", {"date": "2005-06-28"}),
        ("q_8_1_1", "PARTLY", "8.1.1", {"grade": "partly"}),
        ("q_8_1_source", "жақсы", "8.1.source", {"choice": "good"}),
        ("q_9_1__main__year", "0", "9.1", {"rows": {"main": {"year": "0"}}}),
    ],
)
def test_ways_to_write(asked, seen, name, text, code, value):
    parsed = small(asked, seen, {name: text})
    assert parsed.problems == []
    assert read_values(parsed) == {code: value}


def test_what_is_empty_is_no_answer(asked, seen):
    parsed = small(asked, seen, {"q_1_1": "", "q_1_3": " ", "q_9_1__main__year": ""})
    assert (parsed.answers, kinds(parsed)) == ([], ["no_answers"])


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("q_1_3", "about five", "Question 1.3: Write a number in figures, without words, for example 1 500."),
        ("q_1_3", "2,5", "Question 1.3: Write a whole number, without a fraction."),
        ("q_1_5", "next week", "Question 1.5: "),
        ("q_8_1_1", "maybe", "Question 8.1.1: Choose one of the answers that are given."),
        ("q_8_1_source", "excellent", "Question 8.1.source: Choose one of the answers that are given."),
        ("q_1_1", "x" * 501, "Question 1.1: "),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(asked, seen, name, text, sentence):
    parsed = small(asked, seen, {"q_1_2": "Fine", name: text})
    problem = one(parsed)
    assert problem.is_error
    assert words(problem).startswith(f"Row 2, column H: {sentence}")
    assert read_values(parsed) == {"1.2": {"text": "Fine"}}


def test_men_and_women_are_the_total(asked, seen):
    made = {
        "Forms": [HEAD, ["alpha", "Head", "own", "1", "", "1"]],
        "q_9_2": [
            ["q_9_2__curriculum", "q_9_2__men", "q_9_2__women", "q_9_2__total", "_parent_index"],
            ["Sewing", "3", "4", "8", "1"],
            ["Computers", "3", "4", "", "1"],
        ],
    }
    problem = one(parse(asked, seen, as_workbook(made)))
    assert words(problem) == (
        "Sheet “q_9_2”, row 2, column D: Question 9.2: Sewing: Men + Women make 7, but “Total” says 8."
    )


def test_formulas_and_their_failures(asked, seen):
    rows = [["centre_code", "q_1_3", "q_1_1", "other"], ["alpha", "=2+3", "x", "=1"]]
    parsed = parse(asked, seen, as_xlsx(rows))
    told = [words(problem) for problem in parsed.errors]
    assert told == ["Sheet “Matrix”, row 2, column B: The cell holds a formula. Replace it with its value."]


# ---- whose and which -------------------------------------------------------------------------------------------------


def test_an_unknown_centre_and_a_foreign_one_are_told_alike(asked, facilitator):
    rows = [
        ["centre_code", "q_1_1"], ["alpha", "Ours"], ["beta", "Theirs"], ["omsk", "Nowhere"], ["", "Whose?"],
    ]  # fmt: skip
    parsed = parse(asked, facilitator, as_xlsx(rows))
    assert read_values(parsed) == {"1.1": {"text": "Ours"}}
    assert [
        (problem.kind, problem.row, problem.facts) for problem in parsed.problems if problem.kind != "no_table"
    ] == [
        ("unknown_centre", 3, {"text": "beta"}),
        ("unknown_centre", 4, {"text": "omsk"}),
        ("no_centre", 5, {}),
    ]


@pytest.mark.parametrize("text", ["alpha", "ALPHA ", "Alpha", "Альфа", "Dostyk (alpha)"])
def test_a_centre_by_its_code_and_its_names(asked, seen, alpha, text):
    alpha.name_ru = "Альфа"
    alpha.save()
    parsed = small(asked, seen, {"q_1_1": "x"}, centre_code=text)
    assert (parsed.problems, read_values(parsed)) == ([], {"1.1": {"text": "x"}})


def test_the_last_of_several_forms_counts(asked, seen):
    rows = [
        ["centre_code", "questionnaire_key", "_submission_time", "q_1_1"],
        ["alpha", "own", "2006-03-02T00:00:00", "second"],
        ["alpha", "own", "2006-03-03T01:00:00+06:00", "third"],
        ["alpha", "own", "2006-03-02T18:00:00", "second, later"],
        ["alpha", "another", "2006-04-02T00:00:00", "of another questionnaire"],
    ]
    parsed = parse(asked, seen, as_csv(rows))
    assert read_values(parsed) == {"1.1": {"text": "third"}}
    assert [
        (problem.kind, problem.row, problem.facts) for problem in parsed.problems if problem.kind != "no_table"
    ] == [
        ("other_questionnaire", 5, {"text": "another"}),
        ("several", 2, {"centre": "Alpha", "last": 3}),
        ("several", 4, {"centre": "Alpha", "last": 3}),
    ]


def test_one_that_is_handed_in_is_left_out(asked, seen, own, facilitator):
    own.submit(by=facilitator, version=0)
    parsed = small(asked, seen, {"q_1_1": "x"})
    assert kinds(parsed) == ["closed", "no_answers"]


def test_rows_of_a_table_without_a_form(asked, seen):
    made = {"Forms": [[*HEAD, "q_1_1"], ["alpha", "Head", "own", "1", "", "1", "x"]]}
    made["rows"] = [["q_9_2__men", "_parent_index"], ["3", "1"], ["4", "2"]]
    parsed = parse(asked, seen, as_workbook(made))
    assert (
        words(one(parsed)) == "Sheet “rows”, row 3, column A: The row belongs to no form of this file. It is left out."
    )
    assert read_values(parsed)["9.2"] == {"rows": [{"men": "3"}]}


def test_a_file_without_the_tables_says_so(asked, seen):
    parsed = parse(asked, seen, as_csv([["centre_code", "q_1_1"], ["alpha", "x"]]))
    assert (kinds(parsed), one(parsed).is_error) == (["no_table"], False)


@pytest.mark.parametrize(
    "rows",
    [
        [["N", "Aspects", "Alpha"], ["1", "Plan", "Text"]],
        [["q_1_1"], ["x"]],
        [["centre_code"]],
    ],
    ids=["a matrix", "no centre", "only a heading"],
)
def test_other_tables_are_refused(asked, seen, rows):
    parsed = parse(asked, seen, as_xlsx(rows))
    assert parsed.errors[-1].kind in ("no_columns", "no_answers")


def test_unknown_columns_are_told_if_they_hold_something(asked, seen):
    parsed = small(asked, seen, {"q_1_1": "x", "q_7_7": "y", "s_1/q_6_6": "", "_uuid": "z", "meta-instanceID": "u"})
    assert [problem.facts["text"] for problem in parsed.problems] == ["q_7_7"]


def test_a_column_twice(asked, seen):
    problem = one(small(asked, seen, {"q_1_1": "x", "s_1/q_1_1": "y"}))
    assert words(problem) == "Row 1, column H: “s_1/q_1_1” means the same as column G. Join the two columns into one."


# ---- another version -------------------------------------------------------------------------------------------------


@pytest.fixture
def second(asked, questionnaire):
    """The next version: 1.3 is text now, 1.2 is gone, 1.6 is new, a band and a column are gone, 1.1 says it anew."""
    draft = questionnaire.next_version()
    old = draft.document()
    changed = {
        "1.1": QuestionText("1.1", Kind.TEXT, {"en": "What is it called?"}),
        "1.3": QuestionText("1.3", Kind.LONG_TEXT, {"en": "Rooms, in words"}),
        "8.1.source": QuestionText(
            "8.1.source",
            Kind.CHOICE,
            {"en": "Band"},
            options=Options(choices=(Choice("good", {"en": "Fine"}), Choice("poor", {"en": "Bad"}))),
        ),
        "9.2": QuestionText(
            "9.2", Kind.OPEN_TABLE, {"en": "T"}, options=Options(columns=SECTIONS[2].questions[1].options.columns[:1])
        ),
    }
    sections = tuple(
        SectionText(
            section.code,
            section.title,
            questions=tuple(changed.get(row.code, row) for row in section.questions if row.code != "1.2")
            + ((QuestionText("1.6", Kind.TEXT, {"en": "New"}),) if section.code == "1" else ()),
        )
        for section in old.sections
    )
    draft.rewrite(type(old)(old.key, old.title, sections=sections), revision=draft.revision)
    # Its kind of 1.3 would not be published today; whatever was published once is read all the same.
    Questionnaire.objects.filter(pk=draft.pk).update(published_at=timezone.now())
    draft.refresh_from_db()
    asked.questionnaire = draft
    asked.save()
    asked.self_assessments.update(questionnaire=draft)
    return draft


def test_an_answer_file_of_another_version_is_mapped_by_code(asked, seen, second, xform, values):
    values |= {"8.1.source": {"choice": "good"}}
    parsed = parse(asked, seen, as_workbook(tables(xform, [submission(QUESTIONS, values)])))
    assert parsed.errors == []
    same = ("1.1", "1.4", "1.5", "8.1.1", "8.1.2", "8.3", "8.1.source", "9.1")
    assert read_values(parsed) == {code: values[code] for code in same} | {
        "9.2": {"rows": [{"curriculum": row["curriculum"]} for row in values["9.2"]["rows"]]}
    }
    told = [(problem.kind, problem.facts) for problem in parsed.problems]
    assert ("other_version", {"version": "1", "current": 2}) in told
    assert ("kind_changed", {"code": "1.3", "before": "number", "now": "text"}) in told
    assert [facts["text"] for kind, facts in told if kind == "unknown_column"] == [
        "s_1/q_1_2",
        *(f"s_9/t_q_9_2/q_9_2/q_9_2__{column}" for column in ("begun", "men", "women", "total")),
    ]


def test_an_option_that_is_gone_is_told_and_stops_nothing(asked, seen, second):
    parsed = small(asked, seen, {"q_8_1_source": "Средняя", "q_1_1": "x"}, questionnaire_version="1")
    assert read_values(parsed) == {"1.1": {"text": "x"}}
    assert kinds(parsed) == ["other_version", "misfit"]
    assert parsed.problems[1].sentence == (
        "Question 8.1.source: Choose one of the answers that are given. The answer is left out."
    )


def test_an_old_label_still_means_its_option(asked, seen, second):
    parsed = small(asked, seen, {"q_8_1_source": "Жақсы"}, questionnaire_version="1")
    assert read_values(parsed) == {"8.1.source": {"choice": "good"}}


@pytest.mark.parametrize("version", ["9", "99999999", "first", "-1", "²"])
def test_a_version_that_does_not_exist(asked, seen, version):
    parsed = small(asked, seen, {"q_1_3": "two", "q_1_1": "x"}, questionnaire_version=version)
    assert (kinds(parsed), read_values(parsed)) == (["other_version", "misfit"], {"1.1": {"text": "x"}})


def test_grades_are_read_in_every_language(asked, seen):
    for language in ("en", "ru", "kk"):
        for key, text in grade_labels(language).items():
            assert read_values(small(asked, seen, {"q_8_1_1": text})) == {"8.1.1": {"grade": key}}


def test_times():
    assert answers_in.moment("2005-06-28T10:00:00") == datetime(2005, 6, 28, 10, tzinfo=UTC)
    assert answers_in.moment("2005-06-28 10:00").hour == 10
    assert answers_in.moment("yesterday") is None


def test_several_files_stand_before_their_sheets(asked, seen, xform, values):
    files = as_csvs(tables(xform, [submission(QUESTIONS, values)], odk=True))
    for file in files:
        file.size = len(file.getvalue())
    assert [table.name for table in tables_of(files)] == ["Self-assessment.csv", "q_9_2.csv"]
