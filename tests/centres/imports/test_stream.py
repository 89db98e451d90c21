"""Long lists: the same texts as the other reader gives, within limits of their own."""

import datetime
import io
import zipfile

import pytest
from openpyxl import Workbook

from centres.imports import reader


def workbook(*rows, **sheets):
    """An XLSX file's bytes: the first sheet's rows, and further sheets by name."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for name, cells in sheets.items():
        for row in cells:
            (book[name] if name in book.sheetnames else book.create_sheet(name)).append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def rows(data):
    return [line for line in reader.lines(reader.stream(data)) if isinstance(line, list)]


def test_cells_as_their_reader_sees_them():
    day, moment = datetime.date(2005, 6, 1), datetime.datetime(2005, 6, 1, 9, 30)
    data = workbook(
        ["  two\nlines ", 12, 1.5, 0.1 + 0.2, True], [None], [None, day, moment, datetime.time(9, 5), "12.0"]
    )
    assert rows(data) == [
        [1, ["two\nlines", "12", "1.5", "0.3", "TRUE"]],
        [3, ["", "2005-06-01", "2005-06-01 09:30", "09:05", "12.0"]],
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
def test_csv_in_any_encoding(encoding):
    assert rows("Фамилия;Имя\r\n\r\nКим;Айгуль\r\n".encode(encoding)) == [
        [1, ["Фамилия", "Имя"]],
        [3, ["Ким", "Айгуль"]],
    ]


def test_sheets_hidden_ones_and_columns_that_begin_late():
    book = Workbook()
    book.active.title = "List"
    book.active["C4"] = "x"
    book.create_sheet("Hidden").sheet_state = "hidden"
    file = io.BytesIO()
    book.save(file)
    assert list(reader.lines(reader.stream(file.getvalue()))) == [
        {"sheet": "List", "visible": True, "failures": []},
        [4, ["", "", "x"]],
        {"sheet": "Hidden", "visible": False, "failures": []},
        {"end": True},
    ]


def test_errors_and_formulas_without_a_value():
    book = Workbook()
    book.active.append(["head", "#N/A", "=1+1"])
    book.active["B1"].data_type = "e"
    file = io.BytesIO()
    book.save(file)
    sheet, *_rest = reader.lines(reader.stream(file.getvalue()))
    assert sheet["failures"] == [[1, 2, "#N/A"], [1, 3, ""]]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b" , ,\n", "no_data"),
        (b"%PDF-1.7", "pdf"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_excel"),
        (b"PK\x03\x04 nonsense", "damaged"),
        (b"<html><table>", "web_page"),
        (b'a,b\n"open,1\n', "quote_open"),
        (b"\x00\x01\x02\x03" * 100, "not_text"),
    ],
)
def test_what_is_no_table(data, code):
    with pytest.raises(reader.BadFile) as refused:
        reader.stream(data)
    assert refused.value.code == code
    assert refused.value.sentence


def test_a_bomb_uses_up_its_own_process_only():
    file = io.BytesIO(workbook(["x"]))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/bomb.bin", b"\0" * (450 * 1024 * 1024))
    with pytest.raises(reader.BadFile) as refused:
        reader.stream(file.getvalue())
    assert refused.value.code == "too_large"


def test_a_cell_at_the_far_corner_does_not_fill_the_memory():
    book = Workbook()
    book.active["A1"] = "x"
    book.active["XFD1048576"] = "y"
    file = io.BytesIO()
    book.save(file)
    with pytest.raises(reader.BadFile) as refused:
        reader.stream(file.getvalue())
    assert refused.value.code == "too_large"


def test_more_rows_than_a_list_may_have():
    with pytest.raises(reader.BadFile) as refused:
        reader.stream(b"x\n" * 200_001)
    assert refused.value.code == "too_large"
