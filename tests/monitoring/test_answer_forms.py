"""Answers as people type them: what each kind makes of it, and what it says where it cannot."""

import pytest
from django.utils.translation import override

from monitoring.forms.answers import MOST_ROWS, answer_form, typed
from monitoring.instruments import Choice, Column, Kind, Options, QuestionText, Row

PEOPLE = (
    Column("curriculum", {"en": "Curriculum"}, "text"),
    Column("men", {"en": "Men"}),
    Column("women", {"en": "Women"}),
    Column("total", {"en": "Total"}, sum_of=("men", "women")),
)
INCOMES = Options(
    rows=(Row("grants", {"en": "Grants"}), Row("rent", {"en": "Rent"})),
    columns=(Column("year", {"en": "This year"}, decimals=2), Column("forecast", {"en": "Forecast"}, decimals=2)),
)


def ask(kind, **options):
    return QuestionText("3.1", kind, {"en": "The question"}, options=Options(**options))


def read(question, **data):
    """The form of what was typed, by the fields' names without their beginning."""
    return answer_form(question, {f"q-3.1-{name.replace('__', '-')}": text for name, text in data.items()})


def errors(form):
    return {name: [str(error) for error in found] for name, found in form.errors.items()}


GRADED = ask(Kind.GRADE, source=True, proposal=True)
CHOICE = ask(Kind.CHOICE, choices=(Choice("good", {"en": "Good"}), Choice("bad", {"en": "Bad"})))
FIXED = QuestionText("3.1", Kind.FIXED_TABLE, {"en": "Incomes"}, options=INCOMES)
PARTS = ask(
    Kind.FIXED_TABLE,
    rows=(Row("education", {"en": "education"}), Row("fees", {"en": "paid by trainees"}, part_of="education")),
    columns=INCOMES.columns,
)
OPEN = ask(Kind.OPEN_TABLE, columns=PEOPLE)


@pytest.mark.parametrize(
    ("question", "data", "value"),
    [
        (ask(Kind.TEXT), {"text": "  Aksu \x0bCLC "}, {"text": "Aksu CLC"}),
        (ask(Kind.TEXT), {"text": "   "}, {}),
        (ask(Kind.LONG_TEXT), {"text": "One\r\ntwo"}, {"text": "One\ntwo"}),
        (ask(Kind.NUMBER), {"number": "1 500"}, {"number": "1500"}),
        (ask(Kind.NUMBER), {"number": "-0"}, {"number": "0"}),
        (ask(Kind.NUMBER), {"number": "0"}, {"number": "0"}),
        (ask(Kind.NUMBER), {"number": "12,0"}, {"number": "12"}),
        (ask(Kind.NUMBER), {"number": ""}, {}),
        (ask(Kind.NUMBER, decimals=1), {"number": "12,5"}, {"number": "12.5"}),
        (ask(Kind.NUMBER, decimals=1), {"number": "12.50"}, {"number": "12.5"}),
        (ask(Kind.NUMBER, decimals=3), {"number": "0,125"}, {"number": "0.125"}),
        (ask(Kind.DATE), {"date": "2005-06-28"}, {"date": "2005-06-28"}),
        (ask(Kind.DATE), {"date": "28.06.2005"}, {"date": "2005-06-28"}),
        (CHOICE, {"choice": "bad"}, {"choice": "bad"}),
        (CHOICE, {"choice": ""}, {}),
        (GRADED, {"grade": "no", "source": "Plan"}, {"grade": "no", "source": "Plan"}),
        (GRADED, {"grade": "", "proposal": "A plan"}, {"proposal": "A plan"}),
        (ask(Kind.GRADE), {"grade": "yes", "source": "not asked"}, {"grade": "yes"}),
        (FIXED, {"grants__year": "1 500,5", "rent__year": ""}, {"rows": {"grants": {"year": "1500.5"}}}),
        (FIXED, {"grants__year": ""}, {}),
        (PARTS, {"fees__year": "120"}, {"rows": {"fees": {"year": "120"}}}),
        (
            OPEN,
            {"0__curriculum": "Sewing", "0__men": "", "2__curriculum": "Computers", "2__total": "3"},
            {"rows": [{"curriculum": "Sewing"}, {"curriculum": "Computers", "total": "3"}]},
        ),
        (OPEN, {"0__men": "2", "0__women": "3"}, {"rows": [{"men": "2", "women": "3", "total": "5"}]}),
        (OPEN, {"0__men": "2", "0__total": "5"}, {"rows": [{"men": "2", "total": "5"}]}),
    ],
)
def test_what_is_typed_becomes_the_value(question, data, value):
    form = read(question, **data)
    assert errors(form) == {}
    assert form.value == value
    again = answer_form(question, typed(question, value))
    assert (again.errors, again.value) == ({}, value)


WORDS = "Write a number in figures, without words, for example 1 500."
BROKEN = "Write a number in figures, without words, for example 1 500 or 12,5."


@pytest.mark.parametrize(
    ("question", "data", "said"),
    [
        (ask(Kind.NUMBER), {"number": "about 20"}, {"number": [WORDS]}),
        (ask(Kind.NUMBER), {"number": "20 %"}, {"number": [WORDS]}),
        (ask(Kind.NUMBER, decimals=1), {"number": "about 20"}, {"number": [BROKEN]}),
        (ask(Kind.NUMBER), {"number": "9" * 13}, {"number": ["Not above 999\u202f999\u202f999\u202f999."]}),
        (
            ask(Kind.NUMBER, decimals=2),
            {"number": "9" * 13},
            {"number": ["Not above 999\u202f999\u202f999\u202f999.99."]},
        ),
        (ask(Kind.NUMBER), {"number": "-1"}, {"number": ["Not below 0."]}),
        (ask(Kind.NUMBER), {"number": "1,5"}, {"number": ["Write a whole number, without a fraction."]}),
        (ask(Kind.NUMBER), {"number": "1,500"}, {"number": ["Write thousands with spaces: 1 500."]}),
        (
            ask(Kind.NUMBER, decimals=1),
            {"number": "1,500"},
            {"number": ["“1,500” can be read in two ways. Write 1 500 or 1,50."]},
        ),
        (ask(Kind.NUMBER, decimals=1), {"number": "1,25"}, {"number": ["Write at most 1 figure after the comma."]}),
        (ask(Kind.DATE), {"date": "1005-06-28"}, {"date": ["The year lies between 1900 and 2100."]}),
        (ask(Kind.DATE), {"date": "28 June"}, {"date": ["Enter a valid date."]}),
        (CHOICE, {"choice": "great"}, {"choice": ["Choose one of the answers that are given."]}),
        (GRADED, {"grade": "maybe"}, {"grade": ["Choose one of the answers that are given."]}),
        (FIXED, {"rent__year": "much"}, {"rent-year": [BROKEN]}),
        (
            PARTS,
            {"fees__year": "12000", "education__year": "10000", "fees__forecast": "9", "education__forecast": "9"},
            {"fees-year": ["“paid by trainees” is a part of “education” and cannot be more than 10\u202f000."]},
        ),
        (
            OPEN,
            {"0__curriculum": "Sewing", "0__men": "1", "0__women": "4", "0__total": "6"},
            {"0-total": ["Sewing: Men + Women make 5, but “Total” says 6."]},
        ),
        (
            OPEN,
            {"1__men": "7000", "1__total": "6"},
            {"1-total": ["Row 2: Men + Women make 7\u202f000, but “Total” says 6."]},
        ),
    ],
)
def test_what_cannot_be_read_is_told_in_its_place(question, data, said):
    form = read(question, **data)
    assert errors(form) == said
    assert [form[name].value() for name in said] == [data[name.replace("-", "__")] for name in said]


@pytest.mark.parametrize(
    ("question", "name", "limit"),
    [
        (ask(Kind.TEXT), "text", 500),
        (ask(Kind.LONG_TEXT), "text", 5_000),
        (GRADED, "source", 500),
        (GRADED, "proposal", 2_000),
        (OPEN, "0-curriculum", 500),
    ],
)
def test_a_text_that_is_too_long_is_kept_and_told(question, name, limit):
    """The field itself would cut what is pasted without a word."""
    fits = ("x" * (limit - 1)).replace("xx", "x\r\n", 1) + "x"  # a line's end is one character
    assert errors(read(question, **{name: fits})) == {}
    form = read(question, **{name: "x" * (limit + 1)})
    told = f"The text has {limit + 1} characters; the limit is {limit}. Shorten it."
    assert errors(form) == {name: [told]}
    assert form[name].value() == "x" * (limit + 1)
    assert "maxlength" not in str(form[name])


def test_an_error_of_a_row_stands_under_it_and_names_its_column():
    form = read(OPEN, **{"0__men": "many", "1__curriculum": "Sewing", "1__men": "3", "1__total": "2"})
    sums = "Sewing: Men + Women make 3, but “Total” says 2."
    assert [row.errors for row in form.rows] == [[f"Men: {WORDS}"], [sums]]


def test_a_refused_sum_leaves_the_other_rows_alone():
    form = read(OPEN, **{"0__men": "many", "0__total": "1", "1__men": "2", "1__women": "2"})
    assert errors(form) == {"0-men": [WORDS]}


def test_an_open_table_has_always_some_rows_more():
    value = {"rows": [{"curriculum": "Sewing", "men": "1"}] * 3}
    assert len(answer_form(OPEN, value=value).rows) == 5
    assert len(answer_form(OPEN).rows) == 2
    more = answer_form(OPEN, typed(OPEN, value), more=4)
    assert [len(more.rows), more["2-curriculum"].value(), more["6-curriculum"].value()] == [7, "Sewing", None]
    assert len(answer_form(OPEN, typed(OPEN, {"rows": value["rows"] * 20}), more=4).rows) == MOST_ROWS


def test_an_open_table_refuses_more_rows_than_it_holds_and_shows_them_all():
    data = typed(OPEN, {"rows": [{"curriculum": f"Course {n}"} for n in range(MOST_ROWS + 1)]})
    form = answer_form(OPEN, data)
    assert errors(form) == {"__all__": ["The table has 61 rows; at most 60 fit in. Put small ones together."]}
    assert len(form.rows) == MOST_ROWS + 1


def test_rows_that_are_not_even_read_are_refused():
    data = {"q-3.1-0-men": "1", "q-3.1-250-men": "1", "q-3.1-1250-men": "1", "q-3.1-251-men": ""}
    told = ["The table has 1251 rows; at most 60 fit in. Put small ones together."]
    assert errors(answer_form(OPEN, data)) == {"__all__": told}


def test_a_row_to_copy_has_a_field_per_column():
    blank = answer_form(OPEN).blank
    names = [cell.html_name for cell in blank.cells]
    assert names == [f"q-3.1-__row__-{key}" for key in ("curriculum", "men", "women", "total")]
    assert 'name="q-3.1-__row__-men"' in str(blank.cells[1])


def test_a_stored_value_is_shown_as_the_reader_types_it():
    with override("ru"):
        form = answer_form(FIXED, value={"rows": {"grants": {"year": "1500.5"}}})
        assert 'value="1500,5"' in str(form["grants-year"])
    assert "checked" in str(answer_form(CHOICE, value={"choice": "good"})["choice"])
    assert 'value="2005-06-28"' in str(answer_form(ask(Kind.DATE), value={"date": "2005-06-28"})["date"])


def test_a_heading_asks_for_nothing():
    form = answer_form(QuestionText("3", Kind.HEADING, {"en": "About trainees"}), {})
    assert (form.is_valid(), form.value, list(form)) == (True, {}, [])
