"""The questionnaires that come with the system: Annex 1 is complete, in three languages, and names what exists."""

import re
from decimal import Decimal

import pytest

from centres.models import Equipment
from centres.models.finance import Source
from clcnet.demo import matrix_2005 as matrix
from monitoring import prefill
from monitoring.instruments import KEY, LEVELS, Kind, Options, code_is_fine, code_order, totals
from monitoring.library import ANNEX_1, DOCUMENTS, FOUR_AREAS
from monitoring.models import Questionnaire
from training.models import Trainer

from ..factories import make_network

# What the printed questionnaire asks, by its codes; the sub-points of 8.3.1 and the parts 4 to 6 have none there.
ASKED = {
    "1.1": "text",
    "1.2": "text",
    "1.3": "text",
    "1.4": "text",
    "1.5": "text",
    "1.6": "open_table",
    "2.1": "fixed_table",
    "2.2": "long_text",
    "2.3": "long_text",
    "3.1": "open_table",
    "3.2": "number",
    "3.3": "choice",
    "3.4": "choice",
    "4.1": "fixed_table",
    "4.2": "long_text",
    "5.1": "fixed_table",
    "6.1": "long_text",
    "7.1": "grade",
    "7.2": "grade",
    "7.3": "grade",
    "7.4": "grade",
    "7.5": "grade",
    "8.1": "heading",
    "8.1.1": "grade",
    "8.1.2": "grade",
    "8.1.3": "grade",
    "8.1.4": "grade",
    "8.1.5": "grade",
    "8.2": "heading",
    "8.2.1": "grade",
    "8.2.2": "grade",
    "8.2.3": "grade",
    "8.2.4": "grade",
    "8.2.5": "grade",
    "8.3": "heading",
    "8.3.1": "grade",
    "8.3.1.1": "grade",
    "8.3.1.2": "grade",
    "8.3.1.3": "grade",
    "8.3.1.4": "grade",
    "8.3.1.5": "grade",
    "8.3.2": "grade",
}
NOT_REQUIRED = {"1.4", "1.5", "1.6", "2.2", "2.3", "3.2", "3.4", "4.2"}
PREFILLED = {
    "1.1": "centre_name",
    "1.2": "head_name",
    "1.3": "centre_address",
    "1.4": "centre_phone",
    "1.5": "committee_chair",
    "1.6": "measures",
    "2.1": "equipment_state",
    "2.2": "av_aids",
    "3.1": "trainees_by_programme",
    "3.2": "needy_trainees",
    "3.3": "attendance_band",
    "3.4": "trainee_trend",
    "4.1": "staff",
    "5.1": "incomes",
    "6.1": "partners",
    "7.1": "document_year_plan",
    "7.2": "document_operational_plans",
    "7.3": "document_schedule",
    "7.4": "document_journal",
    "7.5": "document_curricula",
    "8.2.1": "curricula_available",
}
CYRILLIC = re.compile("[а-яёәғқңөұүһі]", re.IGNORECASE)
every_document = pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS.keys())


def by_code(document):
    return {question.code: question for question in document.questions}


def texts(document):
    """(where, text) of everything that is read."""
    yield "title", document.title
    yield "introduction", document.guidance
    for section in document.sections:
        yield f"section {section.code}", section.title
        if section.guidance:
            yield f"section {section.code}, guidance", section.guidance
        for question in section.questions:
            yield question.code, question.text
            yield f"{question.code}, help", question.guidance
            for part in (*question.options.choices, *question.options.rows, *question.options.columns):
                yield f"{question.code}, {part.key}", part.label
            if question.options.unit:
                yield f"{question.code}, unit", question.options.unit


def test_all_of_annex_1_is_asked_in_its_order():
    assert {question.code: question.kind for question in ANNEX_1.questions} == ASKED
    assert [question.code for question in ANNEX_1.questions] == list(ASKED)
    assert [section.code for section in ANNEX_1.sections] == list("12345678")
    assert all(
        question.code.split(".")[0] == section.code for section in ANNEX_1.sections for question in section.questions
    )


@every_document
def test_every_text_is_there_in_three_languages(document):
    for where, text in texts(document):
        assert list(text) == ["en", "ru", "kk"], where
        assert len({said.strip() for said in text.values()} - {""}) == 3, where
        assert not CYRILLIC.search(text["en"]), where
        assert CYRILLIC.search(text["ru"]), where
        assert CYRILLIC.search(text["kk"]), where
        assert not re.search("[әғқңөұүһі]", text["ru"]), where
        assert all(said == said.strip() and "  " not in said for said in text.values()), where


@every_document
def test_codes_and_keys_are_fine_and_stand_in_order(document):
    codes = [question.code for question in document.questions]
    assert codes == sorted(set(codes), key=code_order)
    for question in document.questions:
        code_is_fine(question.code)
        for parts in (question.options.choices, question.options.rows, question.options.columns):
            keys = [part.key for part in parts]
            assert len(set(keys)) == len(keys), question.code
            assert all(KEY.fullmatch(key) for key in keys), question.code


@every_document
def test_every_kind_has_what_it_needs(document):
    for question in document.questions:
        options = question.options
        assert bool(options.choices) == (question.kind == Kind.CHOICE), question.code
        assert bool(options.columns) == (question.kind in {Kind.FIXED_TABLE, Kind.OPEN_TABLE}), question.code
        assert bool(options.rows) == (question.kind == Kind.FIXED_TABLE), question.code
        assert options.source == options.proposal, question.code
        assert not options.source or question.kind == Kind.GRADE, question.code
        assert not (question.kind == Kind.HEADING and question.required), question.code
        assert {choice.level for choice in options.choices} <= {*LEVELS.values(), ""}, question.code


@every_document
def test_what_a_question_names_exists(document):
    known = by_code(document)
    codes = list(known)
    for code, question in known.items():
        columns = {column.key: column for column in question.options.columns}
        rows = {row.key: row for row in question.options.rows}
        for column in columns.values():
            assert all(columns[key].kind == "number" and not columns[key].sum_of for key in column.sum_of), code
        for row in rows.values():
            assert not row.part_of or not rows[row.part_of].part_of, code
        if question.depends_on:
            decides = known[question.depends_on]
            assert codes.index(decides.code) < codes.index(code)
            given = {choice.key for choice in decides.options.choices} or set(map(str, LEVELS))
            assert question.depends_values
            assert set(question.depends_values) < given, code
        assert not question.prefill or question.kind in prefill.SOURCES[question.prefill].kinds, code
        assert set(question.aspects) <= {aspect.key for aspect in matrix.ASPECTS}, code


@pytest.mark.django_db
@every_document
def test_a_network_takes_it_over_and_reads_the_same(document):
    draft = Questionnaire.begin(network=make_network(), document=document)
    draft.publish()
    assert (draft.key, draft.version) == (document.key, 1)
    stored = Questionnaire.objects.get(pk=draft.pk).document()
    assert [(section.code, section.title, section.guidance) for section in stored.sections] == [
        (section.code, section.title, section.guidance) for section in document.sections
    ]
    for question in document.questions:
        assert by_code(stored)[question.code].options == question.options, question.code
    assert {code: question.aspects for code, question in by_code(stored).items()} == {
        question.code: tuple(sorted(question.aspects)) for question in document.questions
    }
    assert (stored.title, stored.guidance) == (document.title, document.guidance)


# Annex 1


def test_which_questions_of_annex_1_are_required():
    required = {question.code for question in ANNEX_1.questions if question.required}
    assert required == {code for code, kind in ASKED.items() if kind != "heading"} - NOT_REQUIRED


def test_what_the_data_can_say_is_filled_in():
    assert {question.code: question.prefill for question in ANNEX_1.questions if question.prefill} == PREFILLED


def test_twelve_graded_items_name_a_source_and_a_proposal():
    graded = [question.code for question in ANNEX_1.questions if question.options.source]
    assert graded == [code for code in ASKED if re.fullmatch(r"8\.[123]\.\d", code)]
    assert len(graded) == 12


def test_five_sub_points_are_asked_where_there_is_something_to_say():
    rules = {
        question.code: (question.depends_on, question.depends_values)
        for question in ANNEX_1.questions
        if question.depends_on
    }
    assert rules == {f"8.3.1.{n}": ("8.3.1", ("yes", "partly")) for n in range(1, 6)}


def test_tables_have_the_rows_of_the_register():
    known = by_code(ANNEX_1)
    keys = {code: [row.key for row in known[code].options.rows] for code in ("2.1", "4.1", "5.1")}
    assert keys["2.1"] == Equipment.Kind.values
    assert keys["4.1"] == Trainer.Payer.values
    assert [key for key in keys["5.1"] if key in Source.values] == Source.values
    parts = {row.key: row.part_of for row in known["5.1"].options.rows if row.part_of}
    assert parts == {"education_payable": "education", "education_placement": "education"}


def test_tables_have_these_columns():
    columns = {
        question.code: [
            (column.key, column.kind, column.sum_of, column.decimals) for column in question.options.columns
        ]
        for question in ANNEX_1.questions
        if question.options.columns
    }
    assert columns == {
        "1.6": [("date", "date", (), 0), ("measure", "text", (), 0)],
        "2.1": [
            ("total", "number", ("working", "broken"), 0),
            ("working", "number", (), 0),
            ("broken", "number", (), 0),
        ],
        "3.1": [
            ("curriculum", "text", (), 0),
            ("men", "number", (), 0),
            ("women", "number", (), 0),
            ("total", "number", ("men", "women"), 0),
        ],
        "4.1": [("number", "number", (), 0), ("certified", "number", (), 0)],
        "5.1": [("year", "number", (), 2), ("forecast", "number", (), 2)],
    }
    with_total = {question.code for question in ANNEX_1.questions if question.options.total_row}
    assert with_total == {"3.1", "4.1", "5.1"}


def test_numbers_are_added_up_whatever_stands_beside_them():
    known = by_code(ANNEX_1)
    rows = [
        {"curriculum": "Sewing", "men": "0", "women": "14", "total": "14"},
        {"curriculum": "36", "men": "2", "total": "30"},
    ]
    assert totals(known["3.1"].options, {"rows": rows}) == {"men": 2, "women": 14, "total": 44}
    money = {"main_budget": {"year": "10.5"}, "education": {"year": "7"}, "education_payable": {"year": "7"}}
    assert totals(known["5.1"].options, {"rows": money}) == {"year": Decimal("17.5")}


def test_attendance_has_bounds_without_holes_in_every_language():
    known = by_code(ANNEX_1)
    assert [(choice.key, choice.level) for choice in known["3.3"].options.choices] == [
        ("good", "strong"),
        ("satisfactory", "partly"),
        ("unsatisfactory", "weak"),
    ]
    for language in ("en", "ru", "kk"):
        good, fair, poor = (set(re.findall(r"\d+", c.label[language])) for c in known["3.3"].options.choices)
        assert (good, fair, poor) == ({"90"}, {"65", "90"}, {"65"})
    assert [(choice.key, choice.level) for choice in known["3.4"].options.choices] == [
        ("increasing", "strong"),
        ("sustainable", "partly"),
        ("decreasing", "weak"),
    ]


def test_the_aspects_that_can_be_compared():
    levelled = {
        aspect
        for question in ANNEX_1.questions
        if question.kind in {Kind.GRADE, Kind.CHOICE}
        for aspect in question.aspects
    }
    mapped = {aspect for question in ANNEX_1.questions for aspect in question.aspects}
    every = {aspect.key for aspect in matrix.ASPECTS}
    assert every - levelled == {"trainers", "equipment", "partnership", "experience"}
    assert every - mapped == {"experience"}


# Four areas


def test_four_areas_are_scored_and_low_scores_are_explained():
    assert [(question.code, question.kind) for question in FOUR_AREAS.questions] == [
        (f"{n}.{place}", kind) for n in range(1, 5) for place, kind in ((1, "choice"), (2, "long_text"))
    ]
    for question in FOUR_AREAS.questions:
        if question.kind == Kind.CHOICE:
            levels = [choice.level for choice in question.options.choices]
            assert levels == ["weak", "partly", "partly", "strong"]
        else:
            assert question.depends_on == question.code.replace(".2", ".1")
            assert question.depends_values == ("step_1", "step_2")
    assert not any(question.prefill or question.aspects for question in FOUR_AREAS.questions)


def test_options_come_back_from_their_json():
    for document in DOCUMENTS.values():
        for question in document.questions:
            assert Options.read(question.options.as_json()) == question.options
