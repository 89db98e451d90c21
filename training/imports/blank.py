"""The tables to fill in without a line: one per centre and list, with drop-downs and a sheet of rules."""

import io

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from centres.spreadsheets import neutralise

from .columns import Choice, Clock, Counted, Day, GroupName, TraineeName, Year
from .scope import Scope
from .sheet import MARK

ROWS = 1000  # rows with drop-downs
LISTS = "lists"


def rule(column) -> str:
    """What may stand in a column, in a sentence."""
    if isinstance(column, Day):
        return _("A day as 31.12.2005 or 2005-12-31.")
    if isinstance(column, Clock):
        return _("A time of day as 14:30.")
    if isinstance(column, Year):
        return _("A year of four digits.")
    if isinstance(column, Counted):
        return _("A whole number.")
    if column.key == "amount":
        return _("An amount in figures: 1500000, 1 500 000 or 1,5.")
    if column.key == "id":
        return _("Leave it empty. A downloaded list has a number here, by which a changed entry is still known.")
    if column.key == "target_groups":
        return _("One or several of the network's target groups, parted by semicolons.")
    if isinstance(column, GroupName):
        return _("A group of the centre, chosen from the list.")
    if isinstance(column, TraineeName):
        return _("A trainee who is registered at the centre, chosen from the list.")
    if isinstance(column, Choice):
        return _("One of: %(allowed)s.") % {"allowed": ", ".join(column.options(None))}
    return _("A text of at most %(limit)s characters.") % {"limit": column.limit}


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
        if not isinstance(column, Counted | Year) and column.key != "amount":
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
        *((column.heading + (" *" if column.required else ""), rule(column)) for column in kind.columns),
    ]
    for number, (left, right) in enumerate(lines, start=1):
        notes.cell(number, 1, neutralise(left)).font = Font(bold=number == 1 or bool(right))
        notes.cell(number, 2, neutralise(right)).alignment = Alignment(wrap_text=True)
