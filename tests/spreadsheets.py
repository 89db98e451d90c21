"""Small spreadsheets for the tests, good and bad."""

import io
import zipfile

import openpyxl

CONTENT_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
    '<Override PartName="/xl/sharedStrings.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
)
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def as_csv(rows, delimiter=",", encoding="utf-8"):
    """The rows as a CSV file's bytes, each cell in quotation marks where it must be."""

    def cell(text):
        text = "" if text is None else str(text)
        return '"' + text.replace('"', '""') + '"' if set(text) & set(f'"\n\r{delimiter}') else text

    return "\r\n".join(delimiter.join(map(cell, row)) for row in rows).encode(encoding)


def as_xlsx(rows, change=None):
    """The rows as an XLSX file's bytes; `change(workbook, sheet)` may do more before it is saved."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Matrix"
    for row in rows:
        sheet.append(row)
    if change:
        change(book, sheet)
    return saved(book)


def saved(book):
    """A workbook's bytes."""
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def raw_xlsx(sheet, strings="", extra=(), dtd=""):
    """An XLSX file from the bare XML inside <worksheet> and <sst>, to build what no program would write."""
    parts = {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": '<?xml version="1.0"?><Relationships xmlns='
        '"http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<?xml version="1.0"?><workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>'
        '<sheet name="Matrix" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": '<?xml version="1.0"?><Relationships xmlns='
        '"http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        f'Type="{RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" '
        f'Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<?xml version="1.0"?>{dtd}<worksheet xmlns="{MAIN}">{sheet}</worksheet>',
        "xl/sharedStrings.xml": f'<?xml version="1.0"?>{dtd}<sst xmlns="{MAIN}">{strings}</sst>',
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (*parts.items(), *extra):
            archive.writestr(name, text)
    return stream.getvalue()


def text_cell(place, text="x"):
    """A cell with its text inside, as XML."""
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'
