"""An empty table in which a matrix can be written without a connection and imported afterwards."""

from io import BytesIO

from django.utils.translation import get_language
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from centres.spreadsheets import neutralise

from . import labels


def blank_table(cycle, centres, aspects):
    """XLSX bytes: headings in the reader's language, one row per aspect, one column per centre, nothing else."""
    language = get_language()
    book = Workbook()
    sheet = book.active
    sheet.title = "".join("-" if letter in "[]:*?/\\" else letter for letter in cycle.code)[:31]
    headings = [
        labels.NUMBER_HEADINGS[language][0],
        labels.ASPECT_HEADINGS[language][0],
        *map(str, centres),
        labels.SUMMARY_HEADINGS[language][0],
    ]
    rows = [headings, *([aspect.number, aspect.title_i18n] for aspect in aspects)]
    for row, texts in enumerate(rows, start=1):
        for column, text in enumerate(texts, start=1):
            cell = sheet.cell(row, column)
            cell.value = neutralise(text)
            cell.font = Font(bold=True)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.fill = PatternFill("solid", start_color="E3F0F1")
    for column in range(1, len(headings) + 1):
        sheet.column_dimensions[get_column_letter(column)].width = {1: 5, 2: 30}.get(column, 36)
        for row in range(2, len(rows) + 1):
            sheet.cell(row, column).alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "C2"
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()
