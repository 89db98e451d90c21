"""Documents as XLSX. What is written here is read back by `monitoring.imports` to the same content."""

import re
from collections import Counter
from io import BytesIO
from math import ceil

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

from centres.spreadsheets import neutralise, printable
from monitoring.imports import labels

from .documents import CENTRES_PER_PART, MatrixDocument

LONGEST = 32_000  # characters; a spreadsheet's cell holds 32,767

TOP = Alignment(vertical="top", wrap_text=True)
BOTTOM = Alignment(vertical="bottom", wrap_text=True)
HEADING = Font(name="Calibri", size=11, bold=True, color="FFFFFF")
BOLD = Font(name="Calibri", size=11, bold=True)
PLAIN = Font(name="Calibri", size=11)
BRAND = PatternFill("solid", start_color="0B5C6B")
BAND = PatternFill("solid", start_color="E3F0F1")
NETWORK = PatternFill("solid", start_color="FFFAF0")
LINE = Side(style="thin", color="D9DFE5")
BORDER = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)


def matrix_xlsx(document: MatrixDocument) -> bytes:
    """The matrix as a workbook: the table with its headings in the first row, then a sheet about it."""
    book = Workbook()
    _matrix_sheet(book.active, document)
    _about_sheet(book.create_sheet(), document)
    book.properties.title = f"{_('Monitoring matrix')} · {document.cycle_title}"
    book.properties.creator = document.network
    book.properties.language = document.language
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _matrix_sheet(sheet, document):
    language = document.language
    sheet.title = _title(f"{_('Matrix')} {document.cycle_code}")
    headings = [labels.NUMBER_HEADINGS[language][0], labels.ASPECT_HEADINGS[language][0], *_centre_headings(document)]
    if document.with_conclusions:
        headings.append(labels.SUMMARY_HEADINGS[language][0])
    for column, text in enumerate(headings, start=1):
        _put(sheet, 1, column, text, font=HEADING, fill=BRAND, alignment=BOTTOM)
    row = 2
    for aspect in document.rows:
        row = _aspect(sheet, row, aspect, document)

    sheet.freeze_panes = "C2"
    widths = [5, 26, *[34] * len(document.columns), *[46] * document.with_conclusions]
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    _print_setup(sheet, document)


def _aspect(sheet, row, aspect, document) -> int:
    """Write one aspect from that row on; the first row below it. A text longer than a cell goes on one row down."""
    texts = [
        labels.write_cell(cell.finding, cell.perspective, _assessed(cell), document.language) for cell in aspect.cells
    ]
    if document.with_conclusions:
        conclusion = aspect.conclusion
        numbered = [(item.number, item.text) for item in conclusion.recommendations] if conclusion else []
        texts.append(labels.write_summary(conclusion.text if conclusion else "", numbered, document.language))
    columns = [_pieces(printable(text)) for text in texts]
    depth = max(map(len, columns), default=1)
    for step in range(depth):
        first = step == 0
        _put(sheet, row + step, 1, aspect.number if first else None, font=BOLD, fill=BAND)
        _put(sheet, row + step, 2, aspect.title if first else None, font=BOLD, fill=BAND)
        for column, pieces in enumerate(columns, start=3):
            network = NETWORK if column - 3 == len(aspect.cells) else None
            _put(sheet, row + step, column, pieces[step] if step < len(pieces) else None, fill=network)
    return row + depth


def _about_sheet(sheet, document):
    """What the file is, for who finds it in a year: network, cycle, period, state, date, language."""
    sheet.title = _title(_("About"))
    state = _("Published") if document.is_published else _("Draft, not published")
    period = _span(document.period_start, document.period_end)
    visits = _span(document.visits_start, document.visits_end)
    facts = [
        (_("Network"), document.network),
        (_("Cycle"), document.cycle_title),
        (_("Period"), period),
        (_("Visits"), visits),
        (_("Methods"), document.methods),
        (_("Sources"), document.sources),
        (_("State"), state),
        (_("Cells"), ", ".join(f"{item.label}: {item.count}" for item in document.state_counts)),
        (_("Data of"), date_format(document.data_date, "DATE_FORMAT")),
        (_("Language"), dict(settings.LANGUAGES)[document.language]),
    ]
    for row, (name, text) in enumerate((fact for fact in facts if fact[1]), start=1):
        _put(sheet, row, 1, name, font=BOLD)
        _put(sheet, row, 2, text)
    sheet.column_dimensions["A"].width = 18
    sheet.column_dimensions["B"].width = 90


def _put(sheet, row, column, value, *, font=PLAIN, fill=None, alignment=TOP):
    cell = sheet.cell(row, column)
    if isinstance(value, str):
        cell.value = neutralise(value)
        cell.data_type = "s"  # also for a text like "#N/A", which would otherwise be an error value
    elif value is not None:
        cell.value = value
    cell.font, cell.alignment, cell.border = font, alignment, BORDER
    if fill:
        cell.fill = fill


def _print_setup(sheet, document):
    """A3 landscape, as many pages wide as the PDF, the headings and the aspect on each."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A3
    sheet.page_setup.fitToWidth = max(1, ceil(len(document.columns) / CENTRES_PER_PART))
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "1:1"
    sheet.print_title_cols = "A:B"
    sheet.page_margins.left = sheet.page_margins.right = 0.4  # inches
    state = _("Published") if document.is_published else _("Draft, not published")
    sheet.oddHeader.left.text = _ampersands(f"{document.network} · {document.cycle_title}")
    sheet.oddHeader.right.text = _ampersands(state)
    sheet.oddFooter.left.text = _ampersands(date_format(document.data_date, "DATE_FORMAT"))
    sheet.oddFooter.right.text = "&P / &N"


def _centre_headings(document):
    """Names, which the importer recognises; the code where two centres share a name."""
    same = Counter(column.name.casefold() for column in document.columns)
    return [column.name if same[column.name.casefold()] == 1 else column.code for column in document.columns]


def _assessed(cell) -> str:
    """The level as the importer wants it: no line for a cell that nobody has assessed."""
    return "" if cell.level == "not_assessed" else cell.level


def _pieces(text: str) -> list[str]:
    """The text in parts that a cell can hold, cut so that the importer joins them to the same text again.

    It joins two parts with a space, or with a line end where the second begins with a label ("Perspective:").
    """
    pieces = []
    while len(text) > LONGEST:
        cut = max(_cuts(text), default=LONGEST)
        pieces.append(text[:cut])
        text = text[cut:].lstrip()
    return [*pieces, text]


def _cuts(text):
    for gap in re.finditer(r"(?<=\S)[ \n](?=\S)", text[: LONGEST + 1]):
        if (gap.group() == "\n") == labels.starts_with_label(text[gap.end() : gap.end() + 60]):
            yield gap.start()


def _span(start, end) -> str:
    if not start:
        return ""
    first = date_format(start, "DATE_FORMAT")
    if not end or end == start:
        return first
    return _("%(start)s to %(end)s") % {"start": first, "end": date_format(end, "DATE_FORMAT")}


def _title(text: str) -> str:
    """A sheet's name: spreadsheets allow 31 characters and not all of them."""
    return re.sub(r"[\[\]:*?/\\]", "-", text)[:31]


def _ampersands(text: str) -> str:
    """Text for a page's head or foot, where & begins a code."""
    return text.replace("&", "&&")
