"""The tables to fill in without a line: one per centre and list, with drop-downs and a sheet of rules."""

import io

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from centres.spreadsheets import neutralise

from .scope import Scope
from .sheet import MARK

ROWS = 1000  # rows with drop-downs
LISTS = "lists"


def blank_table(kind, centre, user) -> bytes:
    """The empty workbook, in the reader's language."""
    scope = Scope(centre, user, kind.model)
    book = Workbook()
    sheet = book.active
    sheet.title = capfirst(str(kind.model._meta.verbose_name_plural))[:31]
    sheet.freeze_panes = "A2"
    notes = book.create_sheet(str(_("How to fill in"))[:31])
    lists = book.create_sheet(LISTS)
    for place, column in enumerate(kind.columns, start=1):
        letter = get_column_letter(place)
        cell = sheet.cell(1, place, f"{column.heading} *" if column.required else column.heading)
        cell.font = Font(bold=True)
        sheet.column_dimensions[letter].width = column.width
        if column.as_text:
            # As text: a spreadsheet program would turn some names and days into something else.
            sheet.column_dimensions[letter].number_format = "@"
        choices = [neutralise(text) for text in column.options(scope)]
        for number, text in enumerate(choices, start=1):
            lists.cell(number, place, text)
        if choices:
            listed = DataValidation(
                type="list", formula1=f"{LISTS}!${letter}$1:${letter}${len(choices)}", allow_blank=True
            )
            listed.error = _("Choose from the list.")
            listed.showErrorMessage = True
            sheet.add_data_validation(listed)
            listed.add(f"{letter}2:{letter}{ROWS + 1}")
    _explain(notes, kind, centre)
    mark = book.create_sheet(MARK)
    for number, pair in enumerate((("centre", centre.code), ("kind", kind.key)), start=1):
        mark.cell(number, 1, pair[0])
        mark.cell(number, 2, pair[1])
    lists.sheet_state = mark.sheet_state = "hidden"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _explain(notes, kind, centre):
    notes.column_dimensions["A"].width = 30
    notes.column_dimensions["B"].width = 90
    lines = [
        (str(centre), ""),
        (_("One row for each entry, below the headings. Columns with * are needed."), ""),
        (_("Columns may be left out or put in another order; their headings stay as they are."), ""),
        ("", ""),
        *((column.heading + (" *" if column.required else ""), column.rule) for column in kind.columns),
    ]
    for number, (left, right) in enumerate(lines, start=1):
        notes.cell(number, 1, neutralise(left)).font = Font(bold=number == 1 or bool(right))
        notes.cell(number, 2, neutralise(right)).alignment = Alignment(wrap_text=True)
