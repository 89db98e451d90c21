"""A matrix recognised in tables of text, with every problem named by its place."""

import random
import time
from collections import Counter

import pytest
from django.utils import translation

from centres.imports import reader
from monitoring.imports.labels import write_cell, write_summary
from monitoring.imports.matrix import parse
from monitoring.imports.names import AspectNames, CentreNames
from monitoring.imports.parsed import ParsedMatrix
from monitoring.imports.problems import grouped
from tests.spreadsheets import as_csv, as_xlsx

from .tables import HEADINGS, TABLE, with_row

ASPECTS = [
    AspectNames(1, ("Plan", "План", "Жоспар")),
    AspectNames(2, ("Equipment", "Оборудование", "Жабдық")),
    AspectNames(3, ("Committee", "Комитет центра", "Орталық комитеті")),
]
CENTRES = [
    CentreNames("alpha", ("Alpha", "Альфа", "Әлфа")),
    CentreNames("beta", ("Beta", "Бета", "Бэта", "Beta on the Sea")),
    CentreNames("nogai-bai", ("Nogaibai", "Ногайбай", "Ноғайбай", "Nogibai")),
]


def parsed(rows, change=None):
    """The matrix in a workbook of these rows."""
    return parse(reader.read(as_xlsx(rows, change)), ASPECTS, CENTRES)


def content(matrix):
    """What a matrix says, without where."""
    cells = {(cell.aspect, cell.centre): (cell.finding, cell.perspective, cell.level) for cell in matrix.cells}
    return cells, {row.aspect: (row.text, row.recommendations) for row in matrix.conclusions}


def problems(matrix):
    """Kinds and places of all problems."""
    return [(problem.kind, problem.row, problem.letter) for problem in matrix.problems]


def expect(rows, *wanted, change=None):
    """Exactly these problems, each with a sentence that is fit to show."""
    matrix = parsed(rows, change)
    assert problems(matrix) == list(wanted)
    for problem in matrix.problems:
        assert "%(" not in str(problem)
        assert str(problem).endswith(".")
    return matrix


def test_the_table_is_read():
    matrix = expect(TABLE)
    assert matrix.sheet == "Matrix"
    assert matrix.centres == ["alpha", "beta"]
    assert content(matrix) == (
        {
            (1, "alpha"): ("A plan for the year hangs on the wall.", "a plan for two years.", ""),
            (1, "beta"): ("No plan yet.", "", ""),
            (2, "alpha"): ("All six looms work.", "", ""),
            (2, "beta"): ("Over 1,5 looms work; one waits for a belt.", "", ""),
            (3, "alpha"): ("It meets; every month.", "", ""),
            (3, "beta"): ("It never met.", "", ""),
        },
        {
            1: ("One centre of two plans.", ((1, "Write a plan."), (2, "Show it to the committee."))),
            2: ("See section 1.", ()),
            3: ("Half of them meet.", ((1, "Meet, often."),)),
        },
    )


def test_csv_and_xlsx_give_the_same():
    wanted = content(parsed(TABLE))
    for delimiter in ",;\t":
        for encoding in ("utf-8", "utf-8-sig", "windows-1251", "utf-16"):
            matrix = parse(reader.read(as_csv(TABLE, delimiter, encoding)), ASPECTS, CENTRES)
            assert (content(matrix), matrix.problems) == (wanted, [])


def test_columns_may_stand_in_any_order():
    order = [4, 3, 1, 0, 2]
    matrix = expect([[row[place] for place in order] for row in TABLE])
    assert content(matrix) == content(parsed(TABLE))
    assert matrix.centres == ["beta", "alpha"]


def test_rows_may_stand_in_any_order_below_a_title():
    rows = [["Monitoring of an invented network"], [], TABLE[0], TABLE[3], TABLE[1], TABLE[2]]
    assert content(expect(rows)) == content(parsed(TABLE))


@pytest.mark.parametrize(
    "headings",
    [
        ["№", "Аспекты", "ЦОО «Альфа»", "Общественный центр обучения Бета", "Выводы и рекомендации"],
        ["№ п/п", "АСПЕКТ", "альфа", "БЕТА ЦОО", "Вывод"],
        ["№", "Аспектілер", "Әлфа ҚОО", "Бэта қоғамдық оқу орталығы", "Қорытынды және ұсыныстар"],
        ["#", "aspect", "  ALPHA \n clc ", "beta", "Conclusions"],
        ["No.", "Aspects", "CLC Alpha", "Beta   on the sea", "RECOMMENDATIONS"],
        ["N", "Aspects", "alpha", "BETA", "Conclusion/recommendations:"],
    ],
)
def test_headings_in_every_language_and_spelling(headings):
    assert content(expect([headings, *TABLE[1:]])) == content(parsed(TABLE))


@pytest.mark.parametrize("heading", ["Nogibai", "NOGAIBAI CLC", "nogai-bai", "Ногайбай", "Ноғайбай ҚОО", "«Nogaibai»"])
def test_other_spellings_of_a_centre(heading):
    assert expect([[*HEADINGS[:3], heading, HEADINGS[4]], *TABLE[1:]]).centres == ["alpha", "nogai-bai"]


def test_cyrillic_letters_in_a_latin_name_are_told():
    matrix = expect([[*HEADINGS[:2], "Аlphа", *HEADINGS[3:]], *TABLE[1:]], ("letters_mixed", 1, "C"))
    assert matrix.centres == ["alpha", "beta"]


@pytest.mark.parametrize("number", ["1", "1.", 1, 1.0, "1.0", "№ 1", "1)", " 1 "])
def test_numbers_of_rows(number):
    assert content(expect(with_row(1, number, *TABLE[1][1:]))) == content(parsed(TABLE))


@pytest.mark.parametrize("title", ["Plan", "PLAN", "План", "жоспар", " «Plan». ", "1. Plan"])
def test_rows_by_title_alone(title):
    assert content(expect(with_row(1, None, title, *TABLE[1][2:]))) == content(parsed(TABLE))


def test_a_table_without_a_column_of_numbers_or_without_one_of_titles():
    assert content(expect([row[1:] for row in TABLE])) == content(parsed(TABLE))
    assert content(expect([row[:1] + row[2:] for row in TABLE])) == content(parsed(TABLE))


def test_columns_left_of_the_centres_are_known_by_what_is_in_them():
    assert content(expect([["", "Направления", *HEADINGS[2:]], *TABLE[1:]])) == content(parsed(TABLE))


def broken(chance):
    """The table with its rows broken between words, as page turns break them, and the headings again between."""
    rows = [HEADINGS]
    for number, title, *texts in TABLE[1:]:
        cuts = [sorted(chance.choices([*range(len(text.split()) + 1)], k=2)) for text in texts]
        parts = [
            [" ".join(text.split()[start:end]) for text, (start, end) in zip(texts, places, strict=True)]
            for places in (
                [(0, first) for first, _second in cuts],
                [(first, second) for first, second in cuts],
                [(second, None) for _first, second in cuts],
            )
        ]
        rows += [[number, title, *parts[0]], [None, None, *parts[1]], HEADINGS, ["", " ", *parts[2]]]
    return rows


def test_broken_rows_give_the_same_words_in_the_same_order():
    chance = random.Random(2005)
    wanted = content(parsed(TABLE))
    for _ in range(10):
        rows = broken(chance)
        matrix = parse(reader.read(as_csv(rows)), ASPECTS, CENTRES)
        assert (content(matrix), matrix.problems) == (wanted, []), rows


def test_a_broken_title_continues_too():
    rows = [*TABLE[:3], ["3.", "Комитет", "It", "It", "Half"], [None, "центра", "meets.", "never", "meet."]]
    matrix = expect(rows)
    assert content(matrix)[0][3, "alpha"] == ("It meets.", "", "")


def test_a_level_in_the_continuing_row():
    rows = [*TABLE, [None, None, "Level: weak", "Perspective: a first meeting.", "Recommendations: 1. Try."]]
    cells, conclusions = content(expect(rows))
    assert cells[3, "alpha"] == ("It meets; every month.", "", "weak")
    assert cells[3, "beta"] == ("It never met.", "a first meeting.", "")
    assert conclusions[3] == ("Half of them meet. Recommendation: Meet, often.", ((1, "Try."),))


def test_formulas_written_out_by_an_export_come_back():
    def change(book, sheet):
        sheet["C2"] = "'=1+1"
        sheet["D2"] = "'- a dash"

    cells, _conclusions = content(expect(TABLE, change=change))
    assert (cells[1, "alpha"][0], cells[1, "beta"][0]) == ("=1+1", "- a dash")


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_what_is_written_is_recognised(language):
    rows = [
        HEADINGS,
        *(
            [
                aspect.number,
                aspect.titles[0],
                write_cell("Good.\nAnd more.", "Next: this.", "partly", language),
                write_cell("Bad.", "", "", language),
                write_summary("So so.", [(1, "First.\nStill first."), (2, "Second. 3. Not third.")], language),
            ]
            for aspect in ASPECTS
        ),
    ]
    cells, conclusions = content(expect(rows))
    assert set(cells.values()) == {("Good.\nAnd more.", "Next: this.", "partly"), ("Bad.", "", "")}
    assert set(conclusions.values()) == {("So so.", ((1, "First.\nStill first."), (2, "Second. 3. Not third.")))}


# ---- problems ------------------------------------------------------------------------------------------------------


def test_unknown_centres():
    matrix = expect(
        [[*HEADINGS[:3], "Bega", "Omsk", HEADINGS[4]], *TABLE[1:]],
        ("unknown_centre_like", 1, "D"),
        ("unknown_centre", 1, "E"),
    )
    assert str(matrix.problems[0]) == (
        "Sheet “Matrix”, row 1, column D: “Bega” is not a centre of this network. If “Beta” is meant, "
        "correct the heading or add the spelling to the centre's other names."
    )


def test_a_table_with_unknown_centres_only():
    expect(
        [[*HEADINGS[:2], "Omsk", "Tomsk", HEADINGS[4]], *TABLE[1:]],
        ("unknown_centre", 1, "C"),
        ("unknown_centre", 1, "D"),
    )


def test_a_centre_twice_also_under_another_name():
    expect([[*HEADINGS[:3], "Альфа", HEADINGS[4]], *TABLE[1:]], ("double_centre", 1, "D"))


def test_a_name_that_two_centres_share():
    twins = [CentreNames("north", ("Otar",)), CentreNames("south", ("Otar",)), CENTRES[0]]
    rows = [[*HEADINGS[:3], "Otar", HEADINGS[4]], *TABLE[1:]]
    matrix = parse(reader.read(as_xlsx(rows)), ASPECTS, twins)
    assert problems(matrix) == [("ambiguous_centre", 1, "D")]
    assert "Otar (north), Otar (south)" in matrix.problems[0].sentence
    by_code = [[*HEADINGS[:3], "south", HEADINGS[4]], *TABLE[1:]]
    assert parse(reader.read(as_xlsx(by_code)), ASPECTS, twins).centres == ["alpha", "south"]


def test_two_columns_of_conclusions():
    rows = [[*HEADINGS[:3], "Conclusion", "Recommendations"], *TABLE[1:]]
    expect(rows, ("double_column", 1, "E"))


def test_missing_aspects_are_each_named():
    matrix = expect(TABLE[:2], ("missing_aspect", None, ""), ("missing_aspect", None, ""))
    assert str(matrix.problems[0]).startswith("Sheet “Matrix”: Aspect 2, “Equipment”, has no row.")


def test_two_rows_for_one_aspect():
    matrix = expect([*TABLE, TABLE[2]], ("double_aspect", 5, "A"))
    assert "row 3" in matrix.problems[0].sentence
    assert content(matrix) == content(parsed(TABLE))


def test_number_and_title_that_disagree():
    expect(with_row(2, "1.", "Equipment", "a", "b", "c"), ("missing_aspect", None, ""), ("contradiction", 3, "B"))
    expect(with_row(2, "7", "Equipment", "a", "b", "c"), ("missing_aspect", None, ""), ("contradiction", 3, "B"))


def test_unknown_aspects_and_footnotes():
    expect([*TABLE, ["4.", "Roof", "leaks"]], ("unknown_aspect", 5, "A"))
    expect([*TABLE, ["Source: our own talks"]], ("unknown_aspect", 5, "A"))
    expect([*TABLE, [None, "Equipmet", "x"]], ("unknown_aspect_like", 5, "B"))


def test_text_above_the_first_aspect_and_without_a_heading():
    rows = [HEADINGS, [None, None, None, "lost"], *TABLE[1:3], [*TABLE[3], None, "beside"]]
    expect(rows, ("above_rows", 2, "D"), ("no_heading", 5, "G"))


def test_headings_again_in_another_order():
    other = [*HEADINGS[:2], "Beta", "Alpha", HEADINGS[4]]
    expect([*TABLE[:3], other, TABLE[3]], ("other_headings", 4, ""))


def test_formulas_and_failed_ones():
    def change(book, sheet):
        sheet["C3"] = "=A1"
        sheet["D3"] = "#N/A"

    matrix = expect(TABLE, ("formula", 3, "C"), ("failure", 3, "D"), change=change)
    assert matrix.errors == matrix.problems


def test_headings_that_are_formulas():
    def change(book, sheet):
        for column in range(3, 6):
            sheet.cell(1, column).value = '="x"'

    kinds = [problem.kind for problem in parsed(TABLE, change).problems]
    assert kinds == ["no_headings", "formula", "formula", "formula"]


def test_texts_that_are_too_long():
    expect(
        with_row(2, "2.", "Equipment", "word " * 4001, "b", "Recommendation: " + "word " * 4001),
        ("too_long", 3, "C"),
        ("too_long", 3, "E"),
    )


def test_tables_that_are_no_matrix():
    expect([["Name", "Phone"], ["Ann", "1"]], ("no_headings", None, ""))
    expect([HEADINGS], ("no_rows", 1, ""))
    expect([["", *HEADINGS[2:]], ["odd", "a", "b", "c"]], ("no_aspect_column", 1, ""))


def test_every_problem_is_found_at_once():
    def change(book, sheet):
        sheet["C2"] = "=1"

    rows = [[*HEADINGS[:3], "Omsk", HEADINGS[4]], TABLE[1], TABLE[1], [None, "Roof"]]
    expect(
        rows,
        ("missing_aspect", None, ""),
        ("missing_aspect", None, ""),
        ("unknown_centre", 1, "D"),
        ("formula", 2, "C"),
        ("double_aspect", 3, "A"),
        ("unknown_aspect", 4, "B"),
        change=change,
    )


def test_a_table_full_of_junk_is_answered_in_time_and_in_a_list_that_can_be_read():
    junk = "x" * 30
    rows = [[*HEADINGS, *(f"{junk} {n}" for n in range(3000))], *([f"{junk} {n}", "a"] for n in range(3000))]
    data = as_csv(rows)
    start = time.monotonic()
    matrix = parse(reader.read(data), ASPECTS, [CentreNames(f"c{n}", (f"Centre {n}",)) for n in range(2000)] + CENTRES)
    assert time.monotonic() - start < 5
    counts = Counter(problem.kind for problem in matrix.problems)
    assert counts == {"unknown_centre": 200, "unknown_aspect": 200, "missing_aspect": 3, "more_errors": 2}
    assert "Unknown centres: 2800 more." in [problem.sentence for problem in matrix.problems]


# ---- notices -------------------------------------------------------------------------------------------------------


def test_notices_do_not_stand_in_the_way():
    rows = [
        HEADINGS,
        ["1.", "Something else", "A plan.\nLevel: splendid", "1,5", "Recommendations: 1. One. 3. Three."],
        ["2.", "Equipment and tools", "Looms.", "Looms.", "See section 9 and 2."],
        TABLE[3],
    ]
    matrix = expect(
        rows,
        ("title_differs", 2, "B"),
        ("unknown_level", 2, "C"),
        ("only_number", 2, "D"),
        ("miscounted", 2, "E"),
        ("unknown_reference", 3, "E"),
    )
    assert matrix.errors == []
    assert content(matrix)[0][1, "beta"] == ("1,5", "", "")
    assert content(matrix)[0][1, "alpha"] == ("A plan.\nLevel: splendid", "", "")


@pytest.mark.parametrize(
    ("language", "levels"),
    [
        ("en", "strong, partly, weak, not assessed"),
        ("ru", "хорошо, частично, слабо, не оценено"),
        ("kk", "жақсы, ішінара, әлсіз, бағаланбаған"),
    ],
)
def test_levels_are_named_in_the_readers_language(language, levels):
    matrix = expect(
        [HEADINGS, ["1.", "Plan", "A plan.\nLevel: splendid", "", ""], *TABLE[2:]], ("unknown_level", 2, "C")
    )
    with translation.override(language):
        (sentence,) = (problem.sentence for problem in matrix.problems)
    assert f"({levels})" in sentence


def test_a_table_without_conclusions():
    matrix = expect([row[:4] for row in TABLE], ("no_summary", 1, ""))
    assert (matrix.errors, matrix.conclusions) == ([], [])


def test_hidden_and_merged_parts():
    def change(book, sheet):
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["D"].hidden = True
        sheet.merge_cells("C2:D2")

    matrix = expect(TABLE, ("hidden_columns", None, "D"), ("merged", 2, "C"), ("hidden_rows", 3, ""), change=change)
    assert content(matrix)[0][1, "beta"] == ("", "", "")
    assert content(matrix)[0][2, "beta"] == content(parsed(TABLE))[0][2, "beta"]


def test_the_first_sheet_that_holds_a_matrix_is_taken():
    def change(book, sheet):
        book.create_sheet("Notes", 0)["A1"] = "Nothing of use"
        copy = book.create_sheet("Copy")
        for row in TABLE:
            copy.append(row)

    matrix = expect(TABLE, ("other_sheet", None, ""), change=change)
    assert (matrix.sheet, matrix.problems[0].facts) == ("Matrix", {"other": "Copy"})


def test_a_hidden_sheet_is_taken_last():
    def change(book, sheet):
        book.create_sheet("Cover")["A1"] = "x"
        book.active = 1
        sheet.sheet_state = "hidden"

    expect(TABLE, ("hidden_sheet", None, ""), change=change)


def test_kazakh_letters_lost_in_windows_1251_are_told():
    rows = with_row(2, "2.", "Equipment", "Тоғыз қазан әзір", "Looms.", "")
    data = as_csv(rows).decode().encode("windows-1251", "replace")
    matrix = parse(reader.read(data), ASPECTS, CENTRES)
    assert problems(matrix) == [("lost_letters", 3, "C")]


# ---- the parsed matrix ---------------------------------------------------------------------------------------------


def test_a_matrix_survives_storage():
    matrix = parsed([*TABLE[:3], ["3.", "Something else", "a", "1,5", "Recommendations: 1. x 2. y"]])
    assert ParsedMatrix.from_json(matrix.as_json()) == matrix


def test_problems_are_grouped_by_kind_with_all_places():
    def change(book, sheet):
        for place in ("C2", "D3", "C4"):
            sheet[place] = "=1"

    groups = grouped(parsed([*TABLE, TABLE[2]], change).problems)
    assert [(group.heading, group.count, list(group.sentences.values())) for group in groups] == [
        (
            "Formulas",
            3,
            [[f"sheet “Matrix”, row {row}, column {letter}" for row, letter in ((2, "C"), (3, "D"), (4, "C"))]],
        ),
        ("Aspects that appear twice", 1, [["sheet “Matrix”, row 5, column A"]]),
    ]
