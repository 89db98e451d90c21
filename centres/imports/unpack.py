"""Unpacks one uploaded spreadsheet in a process of its own: file on stdin, JSON on stdout.

Run by `reader.read`, never imported by Django code. Whatever the file does, it can only use up this process: memory
and processor time are limited before the first byte is looked at, and nothing can be written to disk. It imports the
standard library, and openpyxl only when the file is a workbook, so that it starts in about a tenth of a second.

Answers {"tables": [...]} or {"error": code, ...}; the codes are the keys of `reader.SENTENCES`. A limit that is hit
so hard that no answer can be given ends the process by a signal, which the reader takes for "too_large".
"""

import csv
import datetime
import io
import json
import os
import re
import resource
import signal
import sys
import zipfile
import zlib
from decimal import Decimal

MEMORY = 260 * 1024 * 1024  # bytes of address space, interpreter included
CPU_SECONDS = 1.2  # from the start of this process
INFLATED = 40 * 1024 * 1024  # bytes of all parts of a workbook together
RATIO = 200  # inflated to packed; honest sheets stay under 60
RATIO_FROM = 4 * 1024 * 1024  # a small part may be as repetitive as it likes
ENTRIES = 1000
CELLS = 50_000  # filled cells in the file: a matrix of 12 aspects at 4,000 centres
ELEMENTS = 100_000  # cells in the file, those that only have a colour included
MERGED = 200_000  # cells under all merged ranges together
CELL_CHARACTERS = 32_767  # what a spreadsheet program holds in one cell
CHARACTERS = 8_000_000  # of all cells together
COLUMNS = 16_384

SIGNATURES = {
    b"%PDF": "pdf",
    b"{\\rtf": "document",
    b"\x89PNG": "picture",
    b"\xff\xd8\xff": "picture",
    b"GIF8": "picture",
    b"\x1f\x8b": "archive",
    b"7z\xbc\xaf": "archive",
    b"Rar!": "archive",
    b"\xfd7zXZ": "archive",
    b"BZh": "archive",
}
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
DELIMITERS = ",;\t"
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


class Refused(Exception):
    """The file cannot be used; `code` says why and `facts` fill in the sentence."""

    def __init__(self, code, **facts):
        super().__init__(code)
        self.code = code
        self.facts = facts


def limit():
    """Bind this process to its memory, its time and to writing nothing."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (3, 3))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)


class Table:
    """One sheet: rows in order, each with the number and the texts a person sees, and what else they should know."""

    budget_cells = CELLS
    budget_characters = CHARACTERS

    def __init__(self, name):
        self.name = name
        self.hidden = False
        self.rows = []
        self.formulas = []
        self.failures = []
        self.merged = []
        self.hidden_rows = []
        self.hidden_columns = []

    def add_row(self, number, cells):
        """Keep one row's texts ({column: text}); empty ones and empty rows are left out."""
        kept = {}
        for column, text in cells:
            text = tidy(text)
            if not text:
                continue
            if len(text) > CELL_CHARACTERS:
                raise Refused("cell_too_long", sheet=self.name, row=number, column=column, limit=CELL_CHARACTERS)
            Table.budget_cells -= 1
            Table.budget_characters -= len(text)
            if Table.budget_cells < 0 or Table.budget_characters < 0:
                raise Refused("too_large")
            kept[column] = text
        if kept:
            self.rows.append((number, kept))


def tidy(text):
    """The text without control characters (no database and no workbook takes them), with one kind of line end."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\v", "\n").replace("\f", "\n")
    return CONTROL.sub("", text).replace("\ufeff", "").strip()


# ---------------------------------------------------------------------------------------------------------------------
# What kind of file it is: by its content, since a name can say anything
# ---------------------------------------------------------------------------------------------------------------------


def unpack(data):
    """The file's tables; raises Refused."""
    if data.startswith(OLE):
        raise Refused("password" if "EncryptedPackage".encode("utf-16-le") in data else "old_excel")
    if data.startswith(b"PK"):
        return workbook(data)
    for signature, kind in SIGNATURES.items():
        if data.startswith(signature):
            raise Refused(kind)
    if re.match(rb"(\xef\xbb\xbf)?\s*<(!doctype|html|table|\?xml|meta|head)", data[:200], re.IGNORECASE):
        raise Refused("web_page")
    return text_table(decoded(data))


# ---------------------------------------------------------------------------------------------------------------------
# Text: CSV
# ---------------------------------------------------------------------------------------------------------------------


def decoded(data):
    """The text of a CSV file: UTF-8 and UTF-16 by their marks, else UTF-8 if it is, else Windows-1251."""
    if data.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        raise Refused("encoding")
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            text = data.decode("utf-16")
        elif data.startswith(b"\xef\xbb\xbf"):
            text = data.decode("utf-8-sig")
        else:
            try:
                text = data.decode("utf-8")
            except UnicodeDecodeError:
                text = data.decode("windows-1251")
    except UnicodeDecodeError:
        raise Refused("not_text" if b"\x00" in data else "encoding") from None
    strange = len(CONTROL.findall(text))
    if "\x00" in text or strange > 3 + len(text) // 1000:
        raise Refused("not_text")
    return text


def text_table(text):
    """The one table of a CSV file. The row numbers are those a spreadsheet program would show."""
    csv.field_size_limit(len(text) + 1)
    first_line, _, rest = text.partition("\n")
    told = re.fullmatch(r"\s*sep=([,;\t|])\s*", first_line, re.IGNORECASE)  # a hint that Excel writes and obeys
    if told:
        text = rest
    delimiter = told.group(1) if told else likely_delimiter(text)
    table = Table("")
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, row in enumerate(rows, start=1):
            if len(row) > COLUMNS:
                raise Refused("too_large")
            table.add_row(number, enumerate(row, start=1))
    except csv.Error as error:
        code = "quote_open" if "end of data" in str(error) else "quote_inside"
        raise Refused(code, row=number + 1) from None
    return [table]


def likely_delimiter(text):
    """The delimiter that cuts the first rows most evenly into most columns."""

    def evenness(delimiter):
        widths = []
        reader = csv.reader(io.StringIO(text[:200_000], newline=""), delimiter=delimiter)
        for row in reader:
            if any(field.strip() for field in row):
                widths.append(len(row))
            if len(widths) == 40:
                break
        common = max(set(widths), key=lambda width: (widths.count(width), width), default=1)
        return (common - 1) * widths.count(common), common

    return max(DELIMITERS, key=evenness)


# ---------------------------------------------------------------------------------------------------------------------
# Workbooks: XLSX
# ---------------------------------------------------------------------------------------------------------------------


def workbook(data):
    """The sheets of an XLSX file."""
    inspect_archive(data)
    os.environ["OPENPYXL_LXML"] = "False"  # expat knows its limits and is always there
    import openpyxl

    try:
        book = openpyxl.load_workbook(io.BytesIO(data), keep_links=False, keep_vba=False)
        return [sheet_table(sheet) for sheet in book.worksheets]
    except (MemoryError, Refused):
        raise
    except Exception as error:
        # openpyxl answers a malformed workbook with whatever its code runs into: KeyError, TypeError, ParseError ...
        raise Refused("too_large" if "out of memory" in str(error) else "damaged") from None


def inspect_archive(data):
    """Refuse an archive that is no workbook or that would grow out of bounds, before any XML is parsed.

    The declared sizes are checked first; then every part is inflated once, piece by piece, and thrown away: zipfile
    stops at the declared size and checks the sum, so that a size that lies is found here.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = archive.infolist()
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, ValueError, OSError):
        raise Refused("damaged") from None
    names = {entry.filename for entry in entries}
    if len(entries) > ENTRIES or sum(entry.file_size for entry in entries) > INFLATED:
        raise Refused("too_large")
    for entry in entries:
        if entry.flag_bits & 0x1:
            raise Refused("password")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Refused("damaged")
        if entry.file_size > RATIO_FROM and entry.file_size > RATIO * max(entry.compress_size, 1):
            raise Refused("too_large")
    if "[Content_Types].xml" not in names or not any(re.fullmatch(r"xl/workbook\d*\.xml", name) for name in names):
        raise Refused("other_archive")
    budget = {"cells": ELEMENTS, "filled": CELLS, "merged": MERGED}
    try:
        for entry in entries:
            inspect_entry(archive, entry, budget)
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError, zlib.error):
        raise Refused("damaged") from None


CELL_TAG = re.compile(rb"<(?:\w+:)?c[\s/>]")
FILLED_TAG = re.compile(rb"<(?:\w+:)?(?:v|is)[\s/>]")
MERGE_TAG = re.compile(
    rb"<(?:\w+:)?mergeCell\s[^>]{0,200}?ref\s*=\s*[\"']\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})"
)


def inspect_entry(archive, entry, budget):
    """Inflate one part; refuse XML that declares its own entities (a workbook never does) or too many cells."""
    if not entry.filename.endswith((".xml", ".rels", ".vml")):
        with archive.open(entry) as part:
            while part.read(1 << 16):
                pass
        return
    tail = b""
    with archive.open(entry) as part:
        while piece := part.read(1 << 16):
            window = tail + piece
            if b"<!DOCTYPE" in window or b"<!ENTITY" in window or b"\x00" in window:
                raise Refused("damaged")  # the zero byte: UTF-16, where the words would hide
            # A tag is counted where it ends within the window; the next window begins where the last tag does.
            cut = max(window.rfind(b"<"), len(window) - 1000) if len(window) > 1000 else len(window)
            budget["cells"] -= len(CELL_TAG.findall(window, 0, cut))
            budget["filled"] -= len(FILLED_TAG.findall(window, 0, cut))
            budget["merged"] -= sum(map(area, MERGE_TAG.findall(window, 0, cut)))
            if min(budget.values()) < 0:
                raise Refused("too_large")
            tail = window[cut:] if cut < len(window) else b""


def area(corners):
    """The number of cells in a merged range, from the letters and numbers of its two corners."""
    left, top, right, bottom = corners

    def column(letters):
        number = 0
        for letter in letters:
            number = number * 26 + letter - 64
        return number

    return (abs(column(right) - column(left)) + 1) * (abs(int(bottom) - int(top)) + 1)


def sheet_table(sheet):
    """One worksheet as a table of the texts a person sees in it."""
    table = Table(sheet.title)
    table.hidden = sheet.sheet_state != "visible"
    table.hidden_rows = sorted(number for number, row in sheet.row_dimensions.items() if row.hidden)[:CELLS]
    for dimension in sheet.column_dimensions.values():
        if dimension.hidden:
            last = min(dimension.max or dimension.index_int, COLUMNS)
            table.hidden_columns.extend(range(dimension.min or dimension.index_int, last + 1))
    table.merged = [list(merged.bounds) for merged in sheet.merged_cells.ranges][:CELLS]
    by_row = {}
    for (row, column), cell in sorted(sheet._cells.items()):
        if cell.value is not None:
            by_row.setdefault(row, []).append((column, cell))
    for row, cells in by_row.items():
        texts = []
        for column, cell in cells:
            if cell.data_type == "f":
                table.formulas.append((row, column))
            elif cell.data_type == "e":
                table.failures.append((row, column, str(cell.value)))
            else:
                texts.append((column, shown(cell)))
        table.add_row(row, texts)
    if len(table.formulas) + len(table.failures) > CELLS:
        raise Refused("too_large")
    return table


def shown(cell):
    """A cell's value as its reader sees it; numbers keep their digits whatever the format rounds them to."""
    value = cell.value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return shown_number(value, cell.number_format or "")
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return shown_date(value, cell.number_format or "")
    if isinstance(value, datetime.timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda match: chr(int(match.group(1), 16)), str(value))


def shown_number(value, number_format):
    """12.0 -> 12, 0.15 as a per cent -> 15%, 0.1 + 0.2 -> 0.3 (a spreadsheet shows 15 digits)."""
    number = Decimal(format(value, ".15g"))
    if not number.is_finite():
        return str(value)
    sign = "%" if "%" in re.sub(r'"[^"]*"', "", number_format) else ""
    if sign:
        number *= 100
    text = format(number, "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) + sign


DATE_PARTS = {"yyyy": "%Y", "yy": "%y", "mm": "%m", "dd": "%d"}


def shown_date(value, number_format):
    """A date in its cell's own format where that is plain digits, else as year-month-day."""
    plain = re.fullmatch(r"((?:yyyy|yy|mm|dd)[-./ ]?){2,3}(;@)?", number_format.replace("\\", "").lower())
    if plain and isinstance(value, datetime.date) and number_format != "mm-dd-yy":  # that one means "as here usual"
        pattern = number_format.replace("\\", "").lower().removesuffix(";@")
        return value.strftime(re.sub("yyyy|yy|mm|dd", lambda match: DATE_PARTS[match.group()], pattern))
    if isinstance(value, datetime.datetime):
        if value.time() == datetime.time():
            return value.date().isoformat()
        return value.isoformat(" ", "minutes" if not value.second else "seconds")
    if isinstance(value, datetime.time):
        return value.isoformat("minutes" if not value.second else "seconds")
    return value.isoformat()


def main():
    """Read stdin, answer on stdout."""
    limit()
    try:
        tables = unpack(sys.stdin.buffer.read())
        answer = {"tables": [vars(table) for table in tables]}
        text = json.dumps(answer, ensure_ascii=False)
    except Refused as refused:
        text = json.dumps({"error": refused.code, **refused.facts}, ensure_ascii=False)
    except (MemoryError, RecursionError):
        text = '{"error": "too_large"}'
    sys.stdout.buffer.write(text.encode())


if __name__ == "__main__":
    main()
