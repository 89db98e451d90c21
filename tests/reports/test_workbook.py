"""The matrix as a workbook: formatted for people, and read back by the import to the same content."""

from dataclasses import replace
from io import BytesIO

import pytest
from django.utils import translation
from openpyxl import load_workbook

from centres.imports import reader
from monitoring.imports import matrix as importer
from monitoring.imports.names import AspectNames, CentreNames
from monitoring.imports.plan import Plan, aspect_names, centre_names
from monitoring.models import Recommendation
from reports import documents
from reports.documents import AspectRow, CellText, CentreColumn, ConclusionText, RecommendationText
from reports.workbook import LONGEST, matrix_xlsx
from tests.factories import make_cycle, write_cell

from .conftest import make_document, words

LANGUAGES = ("en", "ru", "kk")
AWKWARD = [
    "=SUM(A1:A9)",
    "+7 701 000 00 00",
    "- a dash\n- and another",
    "@everyone",
    "'=quoted already",
    "#N/A",
    "12,5",
    "1. First. 2. Second.",
    "Two lines\nPerspective: a word that is also a label\nthe rest",
    "Level: strong",
    "Қазақша мәтін: әғқңөұүһі «тырнақша»",
    'Recommendations:\n1. a list inside\n"quoted", and; so on',
]


def sheet_of(document):
    return load_workbook(BytesIO(matrix_xlsx(document))).worksheets[0]


def cell(finding, perspective="", level="not_assessed"):
    return CellText(finding, perspective, level, level, "accepted", "accepted")


def read_back(document):
    """What the import finds in the document's workbook: {(aspect, centre code): texts}, {aspect: conclusion}."""
    names = [AspectNames(row.number, (row.title,)) for row in document.rows]
    centres = [CentreNames(column.code, (column.name,)) for column in document.columns]
    found = importer.parse(reader.read(matrix_xlsx(document)), names, centres)
    assert [str(problem) for problem in found.errors] == []
    cells = {(item.aspect, item.centre): (item.finding, item.perspective, item.level) for item in found.cells}
    return cells, {item.aspect: (item.text, item.recommendations) for item in found.conclusions}


@pytest.mark.parametrize("language", LANGUAGES)
def test_awkward_texts_are_read_back_unchanged(language):
    levels = ["strong", "partly", "weak", "not_assessed"]
    rows = tuple(
        AspectRow(
            number,
            f"Aspect title {number}",
            (cell(text, "", levels[number % 4]), cell(f"Before {text}", text, levels[(number + 1) % 4])),
            ConclusionText(text, (), (RecommendationText(1, text), RecommendationText(2, f"Do {text}"))),
        )
        for number, text in enumerate(AWKWARD, start=1)
    )
    document = replace(make_document(), rows=rows, language=language)
    cells, conclusions = read_back(document)
    for row in rows:
        for column, item in zip(document.columns, row.cells, strict=True):
            level = "" if item.level == "not_assessed" else item.level
            assert cells[row.number, column.code] == (item.finding, item.perspective, level)
        recommendations = tuple((item.number, item.text) for item in row.conclusion.recommendations)
        assert conclusions[row.number] == (row.conclusion.text, recommendations)


def test_texts_longer_than_a_cell_go_on_in_the_next_row_and_are_read_back_whole():
    finding, perspective, conclusion = words(1_000, 2_200), words(5_000, 2_200), words(10_000, 2_000)
    items = tuple(RecommendationText(n, words(20_000 + n * 1_000, 990)) for n in range(1, 6))
    row = AspectRow(1, "Aspect title 1", (cell(finding, perspective, "weak"),), ConclusionText(conclusion, (), items))
    document = replace(make_document(1), rows=(row, make_document(1).rows[1]))
    assert len(finding) + len(perspective) > LONGEST
    sheet = sheet_of(document)
    assert max(len(str(value or "")) for row in sheet.iter_rows(values_only=True) for value in row) <= 32_767
    assert [sheet.cell(line, 1).value for line in range(2, 5)] == [1, None, 2]
    cells, conclusions = read_back(document)
    assert cells[1, "c0"] == (finding, perspective, "weak")
    assert conclusions[1] == (conclusion, tuple((item.number, item.text) for item in items))


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "'=1"])
def test_no_text_is_a_formula(text):
    columns = (CentreColumn("c0", text),)
    row = AspectRow(1, text, (cell(text),), ConclusionText(text))
    document = replace(make_document(1), columns=columns, rows=(row,), network=text, cycle_title=text, methods=text)
    book = load_workbook(BytesIO(matrix_xlsx(document)))
    found = [item for sheet in book for line in sheet.iter_rows() for item in line if text.strip() in str(item.value)]
    assert len(found) == 7
    for item in found:
        assert item.data_type == "s"
        assert item.value.startswith("'")


def test_control_characters_that_no_workbook_holds_are_left_out():
    row = AspectRow(1, "Aspect", (cell("Bell\x07 and\x0b tab"),), ConclusionText())
    assert sheet_of(replace(make_document(1), rows=(row,))).cell(2, 3).value == "Bell and tab"


def test_the_sheet_is_laid_out_for_reading_and_for_a3():
    sheet = sheet_of(make_document(9))
    assert [item.value for item in sheet[1]] == [
        "N",
        "Aspects",
        *(f"Орталық {n}" for n in range(9)),
        "Conclusion and recommendations",
    ]
    assert sheet.freeze_panes == "C2"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 8)
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (2, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage is True
    assert (sheet.print_title_rows, sheet.print_title_cols) == ("$1:$1", "$A:$B")
    assert sheet.oddHeader.left.text == "Alpha && beta <network> · Monitoring 2005"
    assert all(item.alignment.wrap_text for line in sheet.iter_rows() for item in line)
    assert sheet["A1"].fill.start_color.rgb == "000B5C6B"
    assert [sheet.column_dimensions[letter].width for letter in "ABCL"] == [5, 26, 34, 46]


def test_a_second_sheet_says_what_the_file_is():
    about = load_workbook(BytesIO(matrix_xlsx(make_document(is_published=False)))).worksheets[1]
    assert about.title == "About"
    assert dict(about.iter_rows(values_only=True)) == {
        "Network": "Alpha & beta <network>",
        "Cycle": "Monitoring 2005",
        "Period": "1 January 2005 to 30 June 2005",
        "Visits": "17 June 2005 to 23 June 2005",
        "Methods": "Visits and interviews",
        "Sources": "Plans and journals",
        "State": "Draft, not published",
        "Cells": "accepted: 4",
        "Data of": "22 November 2026",
        "Language": "English",
    }


def test_centres_of_the_same_name_are_told_apart_by_their_codes():
    columns = (CentreColumn("taraz-1", "Taraz"), CentreColumn("taraz-2", "taraz"))
    document = replace(make_document(), columns=columns)
    assert [item.value for item in sheet_of(document)[1]][2:4] == ["taraz-1", "taraz-2"]
    cells, _ = read_back(document)
    assert {code for _, code in cells} == {"taraz-1", "taraz-2"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.django_db
def test_a_cycle_is_exported_and_imported_to_the_same_content(cycle, alpha, beta, expert, language):
    for number, item in enumerate(cycle.cells.filter(state="empty").order_by("pk")):
        write_cell(item, expert, finding=AWKWARD[number], perspective=AWKWARD[-1 - number], level="partly")
    for number, conclusion in enumerate(cycle.conclusions.order_by("pk")):
        conclusion.text = f"See section 2. {AWKWARD[number]}"
        conclusion.save()
        Recommendation.objects.create(cycle=cycle, conclusion=conclusion, number=1, text=AWKWARD[-1 - number])
    with translation.override(language):
        content = matrix_xlsx(documents.matrix(cycle, expert))

    found = importer.parse(reader.read(content), aspect_names(cycle), centre_names(cycle))
    assert [str(problem) for problem in found.problems] == []
    again = Plan.of(cycle, found)
    assert [change.outcome for change in again.changes if getattr(change, "number", None) != 0] == []

    fresh = make_cycle(cycle.network, [alpha, beta], template=cycle.template)
    Plan.of(fresh, found).apply(by=expert)
    for name in ("finding", "perspective", "level"):
        assert values(fresh.cells, name, "aspect__number", "centre") == values(
            cycle.cells, name, "aspect__number", "centre"
        )
    assert values(fresh.conclusions, "text", "aspect__number") == values(cycle.conclusions, "text", "aspect__number")
    assert values(fresh.recommendations, "number", "text") == values(cycle.recommendations, "number", "text")


def values(rows, *names):
    return sorted(rows.values_list(*names))
