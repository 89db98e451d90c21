"""The five lists as they stand, for a spreadsheet program: what the reader may see, and no formulas."""

import csv
import io

from django.utils import translation
from django.utils.text import capfirst
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from centres.spreadsheets import neutralise

from .sheet import CENTRE

CHUNK = 2000  # rows fetched at a time


def headings(kind) -> list[str]:
    return [capfirst(str(CENTRE)), *(column.heading for column in kind.columns)]


def rows(kind, user, centre=None):
    """One list per entry that the reader sees, in the order of the headings; at one centre, or at all of hers."""
    found = kind.for_export(kind.model.objects.visible_to(user), user)
    if centre:
        found = found.filter(centre=centre)
    for entry in found.iterator(chunk_size=CHUNK):
        hidden = kind.hidden_from(entry, user)
        yield [
            entry.centre.code,
            *(
                "" if column.key in hidden else neutralise(column.write(kind.value(entry, column.key), entry))
                for column in kind.columns
            ),
        ]


def as_csv(kind, user, centre=None):
    """Pieces of a CSV file: UTF-8 with its mark, so that a spreadsheet program reads Cyrillic letters.

    All in the language of the moment of asking: the answer is sent when that of the thread has been set back.
    """
    return spoken(translation.get_language(), _as_csv(kind, user, centre))


def spoken(language, pieces):
    """The pieces, each made in that language."""
    while True:
        with translation.override(language):
            piece = next(pieces, None)
        if piece is None:
            return
        yield piece


def _as_csv(kind, user, centre):
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow(headings(kind))
    for number, row in enumerate(rows(kind, user, centre)):
        writer.writerow(row)
        if number % CHUNK == 0:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def as_xlsx(kind, user, centre=None) -> bytes:
    """A workbook with a frozen head."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(capfirst(str(kind.model._meta.verbose_name_plural))[:31])
    sheet.freeze_panes = "A2"
    for place, width in enumerate([14, *(column.width for column in kind.columns)], start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.append([bold(sheet, text) for text in headings(kind)])
    for row in rows(kind, user, centre):
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def bold(sheet, text):
    """A heading."""
    cell = WriteOnlyCell(sheet, value=text)
    cell.font = Font(bold=True)
    return cell
