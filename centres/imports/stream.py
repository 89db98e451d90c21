"""Reads one large uploaded table in a process of its own: file on stdin, its cells on stdout.

The sibling of `unpack` for lists of a hundred thousand rows: python-calamine reads the workbook, and rows leave as they
come. Run by `reader.stream`, never imported by Django code. Memory, processor time and output are limited before the
first byte is looked at.

Writes deflated lines of JSON: {"sheet": name, "visible": true, "failures": [...]} and after it
[row number, [text, ...]] for each row that holds text; the last line is {"end": true}. `failures` are
(row, column, "#REF!") for cells that hold an error of the spreadsheet program, with "" for a formula that was never
worked out. A refused file gives one line {"error": code, ...} as `unpack` does.
"""

import datetime
import html
import io
import json
import re
import resource
import signal
import sys
import zipfile
import zlib
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # this process is isolated from the application's modules

import unpack

MEMORY = 420 * 1024 * 1024  # bytes of address space; about half of it is ever used
CPU_SECONDS = 20
CELLS = 4_000_000
INFLATED = 400 * 1024 * 1024  # bytes of all parts of a workbook together
CHARACTERS = 80_000_000
ROWS = 200_000
FAILURES = 1000  # that are told of one sheet


def limit():
    """Bind this process to its memory, its time and to writing nothing."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    unpack.CELLS = unpack.ELEMENTS = CELLS
    unpack.INFLATED = INFLATED


class Lines:
    """What is written, deflated at once so that it stays small."""

    def __init__(self):
        self.deflate = zlib.compressobj(1)
        self.waiting = []
        self.rows = 0
        self.characters = CHARACTERS

    def add(self, line):
        self.waiting.append(json.dumps(line, ensure_ascii=False, separators=(",", ":")))
        if len(self.waiting) > 1000:
            self.flush()

    def add_row(self, number, cells):
        """Keep a row, unless it holds no text."""
        texts = [shown(cell, number, column) for column, cell in enumerate(cells, start=1)]
        if not any(texts):
            return
        while not texts[-1]:
            texts.pop()
        self.rows += 1
        self.characters -= sum(map(len, texts))
        if self.rows > ROWS or self.characters < 0:
            raise unpack.Refused("too_large")
        self.add([number, texts])

    def flush(self):
        if self.waiting:
            text = "\n".join(self.waiting) + "\n"
            sys.stdout.buffer.write(self.deflate.compress(text.encode()))
            self.waiting.clear()

    def end(self):
        self.add({"end": True})
        self.flush()
        sys.stdout.buffer.write(self.deflate.flush())


def shown(cell, row, column):
    """A cell as its reader sees it: 12.0 -> 12, dates as year-month-day, a text without control characters."""
    if isinstance(cell, str):
        if len(cell) > unpack.CELL_CHARACTERS:
            raise unpack.Refused("cell_too_long", row=row, column=column, limit=unpack.CELL_CHARACTERS)
        return cell if cell.isalnum() else unpack.tidy(cell)
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, int | float):
        return str(int(cell)) if cell == int(cell) and abs(cell) < 1e15 else unpack.shown_number(cell, "")
    if isinstance(cell, datetime.timedelta):
        minutes, seconds = divmod(round(cell.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    return unpack.shown_date(cell, "")


def workbook(data, lines):
    """The sheets of an XLSX file."""
    unpack.inspect_archive(data)
    from python_calamine import CalamineError, CalamineWorkbook

    failures = failures_by_sheet(data)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for number, told in enumerate(book.sheets_metadata):
            visible = str(told.visible).endswith(".Visible")  # the enumeration's own name holds the word too
            lines.add({"sheet": told.name, "visible": visible, "failures": failures.get(told.name, [])})
            if "WorkSheet" in str(told.typ):
                sheet = book.get_sheet_by_index(number)
                for row, cells in enumerate(sheet.iter_rows(), start=1):
                    # A sheet whose first columns are empty comes without them.
                    lines.add_row(row, [""] * (sheet.start[1] if sheet.start else 0) + cells)
    except (MemoryError, unpack.Refused):
        raise
    except (CalamineError, OSError, ValueError, KeyError, IndexError):
        raise unpack.Refused("damaged") from None


SHEET = re.compile(rb"<(?:\w+:)?sheet\s[^>]*?>")
RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^>]*?>")
CELL = re.compile(rb'<c\s[^>]*?r="([A-Z]{1,3})(\d{1,7})"([^>]*?)(?:/>|>(.*?)</c>)', re.DOTALL)
VALUE = re.compile(rb"<v>([^<]+)</v>")


def attribute(tag, name):
    """One attribute of a tag, as text."""
    found = re.search(rb"[\s:]" + name + rb'\s*=\s*"([^"]*)"', tag)
    return html.unescape(found[1].decode("utf-8", "replace")) if found else ""


def failures_by_sheet(data):
    """Cells that look empty to calamine but are not, by the name of their sheet. Most workbooks have none."""
    archive = zipfile.ZipFile(io.BytesIO(data))
    names = set(archive.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return {}
    parts = {
        attribute(tag, b"Id"): attribute(tag, b"Target").removeprefix("/xl/")
        for tag in RELATION.findall(archive.read("xl/_rels/workbook.xml.rels"))
    }
    found = {}
    for tag in SHEET.findall(archive.read("xl/workbook.xml")):
        part = f"xl/{parts.get(attribute(tag, b'id'))}"
        if part in names:
            found[attribute(tag, b"name")] = failures(archive.read(part))
    return found


def failures(xml):
    """(row, column, what it shows) of the cells with errors and of formulas without a value."""
    if b't="e"' not in xml and b"<f" not in xml:
        return []
    found = []
    for letters, row, attributes, inside in CELL.findall(xml):
        value = VALUE.search(inside)
        if b't="e"' in attributes or (b"<f" in inside and not value and b't="str"' not in attributes):
            column = 0
            for letter in letters:
                column = column * 26 + letter - 64
            found.append((int(row), column, value[1].decode("utf-8", "replace")[:20] if value else ""))
        if len(found) == FAILURES:
            break
    return found


def text_table(data, lines):
    """The one table of a CSV file."""
    unpack.Table.budget_cells, unpack.Table.budget_characters = CELLS, CHARACTERS
    [table] = unpack.text_table(unpack.decoded(data))
    lines.add({"sheet": "", "visible": True})
    for number, cells in table.rows:
        lines.add_row(number, [cells.get(column, "") for column in range(1, max(cells) + 1)])


def main():
    """Read stdin, answer on stdout."""
    limit()
    lines = Lines()
    try:
        data = sys.stdin.buffer.read()
        if data.startswith(b"PK"):
            workbook(data, lines)
        else:
            kind = next((kind for signature, kind in unpack.SIGNATURES.items() if data.startswith(signature)), "")
            if kind or data.startswith(unpack.OLE) or re.match(rb"(\xef\xbb\xbf)?\s*<", data[:200]):
                unpack.unpack(data)  # which says what it is
            text_table(data, lines)
        lines.end()
    except unpack.Refused as refused:
        lines.waiting = []
        lines.add({"error": refused.code, **refused.facts})
        lines.end()
    except (MemoryError, RecursionError):
        sys.exit(signal.SIGKILL + 128)


if __name__ == "__main__":
    main()
