"""Files into tables: good ones in every form, bad ones with a sentence, in time and in bounds."""

import contextlib
import io
import random
import re
import struct
import subprocess
import sys
import threading
import time
import zipfile
from datetime import date, datetime, timedelta
from datetime import time as clock
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.formula import ArrayFormula

from centres.imports import reader
from tests.spreadsheets import as_csv, as_xlsx, raw_xlsx, saved, text_cell

TABLE = [
    ["N", "Aspects", "Alpha"],
    ["1.", "Plan", "A plan for the year hangs on the wall."],
    ["2.", "Looms", "All six work."],
]

SECONDS = 5  # two on an idle machine; tests share theirs
MEGABYTE = 1024 * 1024


def rows_of(data):
    """The texts of the first table, row by row."""
    return [list(cells.values()) for _number, cells in reader.read(data)[0].rows]


def refusal(data):
    """The code of the refusal; the sentence must be fit to show."""
    with pytest.raises(reader.BadFile) as caught:
        reader.read(data)
    sentence = caught.value.sentence
    assert sentence.endswith((".", ')."', ").")), sentence
    assert "%(" not in sentence
    return caught.value.code


# ---- what is read ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1251", "utf-16"])
def test_csv_in_every_encoding_with_every_delimiter(encoding, delimiter):
    table = [
        ["N", "Аспекты", "Альфа", "Бета"],
        ["1", "План, цели; задачи", "Есть план:\nна год", 'Нет "плана"'],
        ["2", "Ёлка", "3,5 часа; иногда", ""],
    ]
    assert rows_of(as_csv(table, delimiter, encoding)) == [[text for text in row if text] for row in table]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_kazakh_letters_survive(encoding):
    assert rows_of(as_csv([["Аспектілер", "Қорытынды"], ["Ұсыныс", "әңгімө"]], encoding=encoding)) == [
        ["Аспектілер", "Қорытынды"],
        ["Ұсыныс", "әңгімө"],
    ]


def test_a_line_that_names_the_delimiter_is_obeyed():
    assert rows_of(b"sep=;\r\na,b;c\r\n1;2\r\n") == [["a,b", "c"], ["1", "2"]]


def test_rows_are_counted_as_a_spreadsheet_program_counts_them():
    table = reader.read(b'a,b\r\n"two\r\nlines",x\r\n,\r\nlast,y\r\n')[0]
    assert table.rows == [(1, {1: "a", 2: "b"}), (2, {1: "two\nlines", 2: "x"}), (4, {1: "last", 2: "y"})]


def test_a_workbook_gives_the_texts_a_person_sees():
    def change(book, sheet):
        sheet["A1"] = 12.0
        sheet["B1"] = 1.25
        sheet["B1"].number_format = "0.0"
        sheet["C1"] = 0.155
        sheet["C1"].number_format = "0.0%"
        sheet["D1"] = True
        sheet["E1"] = 0.1 + 0.2
        sheet["A2"] = datetime(2005, 6, 17)
        sheet["A2"].number_format = "dd.mm.yyyy"
        sheet["B2"] = date(2005, 6, 17)
        sheet["C2"] = datetime(2005, 6, 17, 9, 30)
        sheet["D2"] = clock(9, 30)
        sheet["E2"] = timedelta(hours=26, minutes=5)
        sheet["A3"] = "  two\r\nlines  "
        sheet["B3"] = 123456789012
        sheet["C3"] = "cut_x000D_here"

    assert rows_of(as_xlsx([], change)) == [
        ["12", "1.25", "15.5%", "TRUE", "0.3"],
        ["17.06.2005", "2005-06-17", "2005-06-17 09:30", "09:30", "26:05:00"],
        ["two\nlines", "123456789012", "cut\nhere"],
    ]


def test_formulas_and_failed_ones_are_told_apart_from_text():
    def change(book, sheet):
        sheet["A1"] = "=1+1"
        sheet["B2"] = ArrayFormula("B2:B3", "=SUM(A1:A2)")
        sheet["C1"] = "#REF!"
        sheet["D1"] = "=text"
        sheet["D1"].data_type = "s"

    table = reader.read(as_xlsx([], change))[0]
    assert table.formulas == [(1, 1), (2, 2)]
    assert table.failures == [(1, 3, "#REF!")]
    assert table.rows == [(1, {4: "=text"})]


def test_hidden_and_merged_parts_are_read_and_told():
    def change(book, sheet):
        sheet.row_dimensions[2].hidden = True
        sheet.column_dimensions["C"].hidden = True
        sheet.merge_cells("D2:E3")
        book.create_sheet("Old").sheet_state = "hidden"

    first, second = reader.read(as_xlsx(TABLE, change))
    assert (first.hidden_rows, first.hidden_columns, first.merged) == ([2], [3], [(4, 2, 5, 3)])
    assert (first.hidden, second.hidden) == (False, True)
    assert first.rows[2][1][3] == "All six work."


def test_letters_of_columns():
    assert [reader.column_letter(column) for column in (1, 26, 27, 52, 703, 16384)] == [
        "A", "Z", "AA", "AZ", "AAA", "XFD",
    ]  # fmt: skip


def test_the_file_name_plays_no_part():
    """CSV bytes are read as CSV and XLSX bytes as XLSX; there is no name that could say otherwise."""
    assert rows_of(as_csv(TABLE)) == rows_of(as_xlsx(TABLE))


# ---- what is refused -----------------------------------------------------------------------------------------------


def empty_workbook():
    return saved(openpyxl.Workbook())


def packed(parts):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def encrypted_entries():
    data = bytearray(as_xlsx(TABLE))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(signature)
        while place >= 0:
            data[place + offset] |= 1
            place = data.find(signature, place + 4)
    return bytes(data)


def noise(size, seed=7):
    return random.Random(seed).randbytes(size)


def sharing_one_long_text():
    """32,000 characters stored once and shown in 2,000 cells."""
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 2001))
    return raw_xlsx(f"<sheetData>{cells}</sheetData>", f"<si><t>{'long ' * 6400}</t></si>")


def lying_about_sizes():
    """A part of 60 MB that both directories declare as 100 bytes."""
    data = bytearray(raw_xlsx("<sheetData/>", extra=[("xl/media/bomb.xml", " " * 60 * MEGABYTE)]))
    size = struct.pack("<I", 60 * MEGABYTE)
    place = data.find(size)
    while place >= 0:
        data[place : place + 4] = struct.pack("<I", 100)
        place = data.find(size, place)
    return bytes(data)


def laughing(entity="<!ENTITY a0 'ha'>"):
    entities = entity + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10))
    return raw_xlsx("<sheetData/>", "<si><t>&a9;</t></si>", dtd=f"<!DOCTYPE x [{entities}]>")


def laughing_in_utf16():
    bomb = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY a "ha">]><x>&a;</x>'
    return raw_xlsx("<sheetData/>", extra=[("xl/styles.xml", bomb.encode("utf-16"))])


def coloured_rows(count):
    """Rows of three cells with a style and nothing in them, not so alike that they would pack to nothing."""
    return "".join(
        f'<row r="{n}"><c r="A{n}" s="0"/><c r="B{n}" s="0"/><c r="C{n}" s="0"/></row>' for n in range(1, count)
    )


def rows_without_text(count, cells=3):
    row = "".join('<c s="0"/>' for _ in range(cells))
    return raw_xlsx(f"<sheetData>{f'<row>{row}</row>' * count}</sheetData>")


BAD = {
    "empty": ("empty", b""),
    "only blanks": ("empty", b"\r\n  \n"),
    "too big": ("too_big", b"a" * (reader.SIZE_LIMIT + 1)),
    "only delimiters": ("no_data", b",,,\r\n,,,\r\n"),
    "workbook without data": ("no_data", empty_workbook()),
    "pdf": ("pdf", b"%PDF-1.7\n" + noise(2000)),
    "rtf": ("document", b"{\\rtf1\\ansi Plan}"),
    "picture": ("picture", b"\x89PNG\r\n\x1a\n" + noise(2000)),
    "gzip": ("archive", b"\x1f\x8b\x08\x00" + noise(2000)),
    "web page named xls": ("web_page", b"<html><table><tr><td>1</td></tr></table></html>"),
    "old spreadsheet xml": ("web_page", b'<?xml version="1.0"?><Workbook></Workbook>'),
    "old excel": ("old_excel", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512) + "Workbook".encode("utf-16-le")),
    "password": ("password", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512) + "EncryptedPackage".encode("utf-16-le")),
    "encrypted parts": ("password", encrypted_entries()),
    "cut short": ("damaged", as_xlsx(TABLE)[:-300]),
    "cut to its head": ("damaged", as_xlsx(TABLE)[:400]),
    "noise after the signature": ("damaged", b"PK\x03\x04" + noise(5000)),
    "a part spoiled": ("damaged", as_xlsx(TABLE).replace(b"<", b"<", 1)[:60] + noise(40) + as_xlsx(TABLE)[100:]),
    "no xml in it": ("damaged", raw_xlsx("<sheetData><row></sheetData>")),
    "word document": ("other_archive", packed({"[Content_Types].xml": "<Types/>", "word/document.xml": "<x/>"})),
    "open document": ("other_archive", packed({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"})),
    "plain zip": ("other_archive", packed({"matrix.csv": "N,Aspects"})),
    "binary as csv": ("not_text", b"N,Aspects\r\n" + noise(5000)),
    "zeros": ("not_text", bytes(5000)),
    "utf-16 without its mark": ("not_text", as_csv(TABLE, encoding="utf-16-le")),
    "utf-32": ("encoding", as_csv(TABLE, encoding="utf-32")),
    "half a letter": ("encoding", b"\xef\xbb\xbfN,Aspects\r\n1,\xd0"),
    "no letter of windows-1251": ("encoding", b"N,Aspects\r\n1,\x98\xff"),
    "quotation mark never closed": ("quote_open", b'N,Aspects\r\n1,"Plan\r\n2,Equipment\r\n'),
    "text after a quotation": ("quote_inside", b'N,Aspects\r\n1,"Plan" B\r\n'),
    "cell too long in csv": ("cell_too_long", b"N,Aspects\r\n1," + b"word " * 10000),
    "cell too long": (
        "cell_too_long",
        raw_xlsx(f"<sheetData><row>{text_cell('A1', 'word ' * 10000)}</row></sheetData>"),
    ),
}
BOMBS = {
    "declared sizes": ("too_large", raw_xlsx(f"<sheetData>{' ' * 60 * MEGABYTE}</sheetData>")),
    "ratio": ("too_large", raw_xlsx(f"<sheetData>{' ' * 20 * MEGABYTE}</sheetData>")),
    "sizes that lie": ("damaged", lying_about_sizes()),
    "entries": ("too_large", raw_xlsx("<sheetData/>", extra=[(f"xl/x{n}.xml", "<x/>") for n in range(3000)])),
    "billion laughs": ("damaged", laughing()),
    "quadratic blow-up": ("damaged", laughing(f"<!ENTITY a0 '{'ha' * 50000}'>")),
    "an outer entity": ("damaged", laughing('<!ENTITY a0 SYSTEM "file:///etc/passwd">')),
    "entities in utf-16": ("damaged", laughing_in_utf16()),
    "one text in many cells": ("too_large", sharing_one_long_text()),
    "a million cells without text": ("too_large", rows_without_text(400_000)),
    "merged to the end": (
        "too_large",
        raw_xlsx(
            f"<sheetData><row>{text_cell('A1')}</row></sheetData>"
            '<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
        ),
    ),
    "too many cells": (
        "too_large",
        raw_xlsx(f"<sheetData>{'<row><c><v>1</v></c><c><v>1</v></c></row>' * 30_000}</sheetData>"),
    ),
    "too many coloured cells": ("too_large", raw_xlsx(f"<sheetData>{coloured_rows(60_000)}</sheetData>")),
    "elements in elements": ("damaged", raw_xlsx("<x>" * 300_000)),
    "ten megabytes of delimiters": ("too_large", b"x" + b";" * (reader.SIZE_LIMIT - 1)),
    "ten megabytes of short cells": ("too_large", b"ab;" * (reader.SIZE_LIMIT // 3)),
    "ten megabytes of short rows": ("too_large", b"a\n" * (reader.SIZE_LIMIT // 2)),
    "ten megabytes of quotation marks": ("cell_too_long", b'"' * (reader.SIZE_LIMIT - 2)),
    "ten megabytes of one word": ("cell_too_long", b"x" * reader.SIZE_LIMIT),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_files_are_refused_with_a_sentence(name):
    code, data = BAD[name]
    assert refusal(data) == code


def measured(data):
    """(seconds, peak MB) of the process that unpacks the file; the peak is the kernel's own, read again and again."""
    start = time.monotonic()
    command = [sys.executable, "-I", "-W", "ignore", str(reader.UNPACK)]
    peak = 0
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        talk = threading.Thread(target=process.communicate, args=(data,))
        talk.start()
        while talk.is_alive():
            with contextlib.suppress(OSError):
                status = Path(f"/proc/{process.pid}/status").read_text()
                peak = max([peak, *(int(kilobytes) for kilobytes in re.findall(r"VmHWM:\s+(\d+) kB", status))])
            talk.join(0.005)
    return time.monotonic() - start, peak / 1024


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_stay_within_time_and_memory(name):
    code, data = BOMBS[name]
    start = time.monotonic()
    assert refusal(data) == code
    assert time.monotonic() - start < SECONDS
    seconds, megabytes = measured(data)
    assert seconds < SECONDS
    assert 1 < megabytes < 300


@pytest.mark.parametrize("place", ["XFD1048576", "A1048576", "XFD1"])
def test_a_cell_at_the_far_end_costs_nothing(place):
    sheet = '<dimension ref="A1:XFD1048576"/><sheetData><row>' + text_cell(place) + "</row></sheetData>"
    assert [list(cells.values()) for _row, cells in reader.read(raw_xlsx(sheet))[0].rows] == [["x"]]


def test_no_bytes_at_all_make_the_reader_stumble():
    """Any flipped byte gives a table or a refusal, never another exception."""
    good = as_xlsx(TABLE)
    chance = random.Random(2005)
    for _ in range(12):
        data = bytearray(good)
        for _ in range(chance.choice([1, 5, 40])):
            data[chance.randrange(len(data))] = chance.randrange(256)
        with contextlib.suppress(reader.BadFile):
            assert reader.read(bytes(data))


def test_the_unpacking_process_cannot_write_files_or_take_memory(tmp_path):
    """Its limits hold for whatever runs in it."""
    script = tmp_path / "script.py"
    script.write_text(
        f"import sys; sys.path.insert(0, {str(reader.UNPACK.parent)!r})\n"
        "import unpack, os\n"
        "unpack.limit()\n"
        "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "try:\n    bytearray(400 * 1024 * 1024)\nexcept MemoryError:\n    print('memory')\n"
        f"try:\n    open({str(tmp_path / 'out')!r}, 'wb', buffering=0).write(b'x')\n"
        "except OSError:\n    print('disk')\n"
    )
    done = subprocess.run([sys.executable, "-I", str(script)], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["memory", "disk"]
