"""Turns an uploaded spreadsheet (XLSX or CSV) into tables of text, whatever the upload really is."""

import json
import signal
import subprocess
import sys
import zlib
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext_lazy as _

SIZE_LIMIT = 10 * 1024 * 1024  # bytes
UNPACK = Path(__file__).with_name("unpack.py")
STREAM = Path(__file__).with_name("stream.py")
STREAM_PATIENCE = 60  # seconds on the clock
PATIENCE = 10  # seconds on the clock; the process limits its own processor time to less than two

SENTENCES = {
    "empty": _("The file is empty. Choose the file that holds the table."),
    "too_big": _(
        "The file has %(size)s MB; the limit is %(limit)s MB. Remove pictures and sheets that are not needed."
    ),
    "too_large": _(
        "The file unpacks to more than a table of ours can hold. Copy only the table into a new workbook and save that."
    ),
    "password": _("The workbook is protected by a password. Remove the password in the spreadsheet program and save."),
    "old_excel": _("This is an old Excel file (.xls). Open it and save it as an Excel workbook (.xlsx)."),
    "damaged": _("The workbook is damaged and cannot be read. Open it in a spreadsheet program and save it again."),
    "other_archive": _("This is not an Excel workbook. Save the table as an Excel workbook (.xlsx) or as CSV."),
    "pdf": _("This is a PDF document, not a table. Save the table as an Excel workbook (.xlsx) or as CSV."),
    "document": _("This is a text document, not a table. Save the table as an Excel workbook (.xlsx) or as CSV."),
    "picture": _("This is a picture, not a table. Save the table as an Excel workbook (.xlsx) or as CSV."),
    "archive": _("This is a packed archive. Unpack it and upload the table inside it."),
    "web_page": _("This is a web page, not a table. Open it and save it as an Excel workbook (.xlsx) or as CSV."),
    "not_text": _("This is neither an Excel workbook nor text. Save the table as an Excel workbook (.xlsx) or as CSV."),
    "encoding": _("The letters of this file cannot be read. Save it as CSV UTF-8 or as an Excel workbook (.xlsx)."),
    "no_data": _("The file holds no text. Fill in the table and save it before uploading."),
    "cell_too_long": _(
        "The cell in row %(row)s, column %(letter)s, is longer than %(limit)s characters. Shorten it or split it."
    ),
    "quote_open": _("In row %(row)s a quotation mark is opened and never closed. Close it and save the file again."),
    "quote_inside": _(
        "In row %(row)s a cell goes on after its closing quotation mark. "
        'Write a quotation mark inside a cell twice ("").'
    ),
}


class BadFile(Exception):
    """The file cannot be read as a table; `sentence` says why and what to do, in the reader's language."""

    def __init__(self, code, **facts):
        super().__init__(code)
        self.code = code
        self.facts = facts

    @property
    def sentence(self):
        """What is wrong and what to do about it."""
        return str(SENTENCES[self.code]) % self.facts

    def __str__(self):
        return self.sentence


@dataclass(frozen=True)
class Table:
    """One sheet (a CSV file is one sheet without a name). Rows and columns count from 1, as on the screen."""

    name: str
    rows: list  # (row number, {column number: text}), only what holds text
    formulas: list = field(default_factory=list)  # (row, column)
    failures: list = field(default_factory=list)  # (row, column, "#REF!"), a spreadsheet's own error values
    merged: list = field(default_factory=list)  # (first column, first row, last column, last row)
    hidden: bool = False
    hidden_rows: list = field(default_factory=list)
    hidden_columns: list = field(default_factory=list)


def column_letter(column):
    """The letter over a column: 1 -> A, 28 -> AB."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def too_big(size):
    """The refusal of a file of so many bytes."""
    megabyte = 1024 * 1024
    return BadFile("too_big", size=-(-size // megabyte), limit=SIZE_LIMIT // megabyte)


def read(data):
    """The tables in an uploaded file's bytes; raises BadFile.

    The file's name plays no part: it can lie. The work is done by `unpack` in a process of its own, because a
    small file can ask for any amount of memory and time.
    """
    if len(data) > SIZE_LIMIT:
        raise too_big(len(data))
    if not data.strip():
        raise BadFile("empty")
    answer = unpacked(data)
    if "error" in answer:
        code = answer.pop("error")
        if "column" in answer:
            answer["letter"] = column_letter(answer["column"])
        raise BadFile(code, **answer)
    tables = [
        Table(
            name=table["name"],
            rows=[(number, {int(column): text for column, text in cells.items()}) for number, cells in table["rows"]],
            formulas=[tuple(place) for place in table["formulas"]],
            failures=[tuple(failure) for failure in table["failures"]],
            merged=[tuple(bounds) for bounds in table["merged"]],
            hidden=table["hidden"],
            hidden_rows=table["hidden_rows"],
            hidden_columns=table["hidden_columns"],
        )
        for table in answer["tables"]
    ]
    if not any(table.rows or table.formulas for table in tables):
        raise BadFile("no_data")
    return tables


def unpacked(data):
    """What the unpacking process answers. One that was stopped, or fell over its limits, means "too_large"."""
    command = [sys.executable, "-I", "-W", "ignore", str(UNPACK)]
    try:
        # The command is ours and holds nothing of the upload.
        done = subprocess.run(command, input=data, capture_output=True, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        return {"error": "too_large"}
    if done.returncode == 0:
        try:
            return json.loads(done.stdout)
        except ValueError:
            return {"error": "damaged"}
    if done.returncode in (-signal.SIGPROF, -signal.SIGXCPU, -signal.SIGKILL) or b"MemoryError" in done.stderr:
        return {"error": "too_large"}
    return {"error": "damaged"}


def stream(data):
    """A large list of one line per row, as `stream` packs it: for `lines`. Raises BadFile.

    Up to 200,000 rows of any width; the texts are those that `read` gives, apart from numbers and dates, which come
    plain, whatever their cells' formats are.
    """
    if len(data) > SIZE_LIMIT:
        raise too_big(len(data))
    if not data.strip():
        raise BadFile("empty")
    command = [sys.executable, "-I", "-W", "ignore", str(STREAM)]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=STREAM_PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        raise BadFile("too_large") from None
    if done.returncode:
        raise BadFile("damaged" if done.returncode == 1 else "too_large")  # 1: a bug of a library, met by this file
    held = ended = False
    for line in lines(done.stdout):
        if isinstance(line, list):
            held = True
        elif "error" in line:
            if "column" in line:
                line["letter"] = column_letter(line["column"])
            raise BadFile(line.pop("error"), **line)
        else:
            ended = "end" in line
    if not ended:
        raise BadFile("damaged")
    if not held:
        raise BadFile("no_data")
    return done.stdout


def lines(packed):
    """The lines of `stream` one by one: {"sheet": name, "visible": bool}, then its rows as [number, [text, ...]]."""
    inflate, rest = zlib.decompressobj(), b""
    for start in range(0, len(packed), 1 << 16):
        *whole, rest = (rest + inflate.decompress(packed[start : start + (1 << 16)])).split(b"\n")
        yield from map(json.loads, whole)
