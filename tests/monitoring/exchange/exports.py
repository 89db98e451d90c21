"""Exports as KoBoToolbox and ODK Central make them, from the form that pyxform makes of our XLSForm."""

import io
from xml.etree import ElementTree

from openpyxl import Workbook
from pyxform import xls2xform

from monitoring.instruments import Kind
from tests.spreadsheets import as_csv, saved

XF = "{http://www.w3.org/2002/xforms}"
DAY = "2005-06-28T10:00:00"


def converted(data: bytes):
    """pyxform's result and its warnings."""
    warnings = []
    return xls2xform.convert(xlsform=data, warnings=warnings, file_type=".xlsx"), warnings


def leaves(xform: str):
    """The paths of the form's fields below its root, and those of its repeats, in order."""
    tree = ElementTree.fromstring(xform.encode())
    root = next(tree.iter(f"{XF}instance"))[0]
    repeats = {"/".join(node.get("nodeset").split("/")[2:]) for node in tree.iter(f"{XF}repeat")}
    found = []

    def walk(node, path):
        for child in node:
            name = child.tag.split("}")[1]
            if child.get("{http://openrosa.org/javarosa}template") is not None and f"{path}{name}" in repeats:
                continue  # pyxform writes a repeat twice, once as its template
            if len(child):
                walk(child, f"{path}{name}/")
            elif not path.startswith("meta"):
                found.append(f"{path}{name}")

    walk(root, "")
    return list(dict.fromkeys(found)), repeats


def written(question, value: dict, row=None) -> dict:
    """What a person's device sends of an answer, by the field's name; of an open table one row."""
    name = "q_" + question.code.replace(".", "_")
    match question.kind:
        case Kind.FIXED_TABLE:
            rows = value.get("rows", {}).items()
            return {f"{name}__{key}__{column}": text for key, cells in rows for column, text in cells.items()}
        case Kind.OPEN_TABLE:
            return {f"{name}__{column}": text for column, text in value["rows"][row].items()}
        case Kind.GRADE:
            return {f"{name}__{part}" if part != "grade" else name: text for part, text in value.items()}
    [text] = value.values()
    return {name: text}


def submission(questions, values: dict, centre="alpha", version=1, key="own", at=DAY, told_by="Head", **more) -> dict:
    """One form: its fields by name, and the rows of its repeats by theirs."""
    fields = {
        "centre_code": centre,
        "told_by": told_by,
        "questionnaire_key": key,
        "questionnaire_version": str(version),
    }
    repeats = {}
    for question in questions:
        if value := values.get(question.code):
            if question.kind == Kind.OPEN_TABLE:
                name = "q_" + question.code.replace(".", "_")
                repeats[name] = [written(question, value, row) for row in range(len(value["rows"]))]
            else:
                fields |= written(question, value)
    return {"fields": fields | more, "repeats": repeats, "at": at}


def tables(xform, submissions, *, groups=True, odk=False):
    """{name of the table: its rows, headings first}, the forms' own first."""
    paths, repeats = leaves(xform)
    joint = "-" if odk else "/"
    inside = {path: next((name for name in repeats if path.startswith(f"{name}/")), "") for path in paths}

    def heading(path):
        if odk and inside[path]:
            path = path.removeprefix(f"{inside[path]}/")
        return path.replace("/", joint) if groups else path.rpartition("/")[2]

    own = [path for path in paths if not inside[path]]
    last = {path: path.rpartition("/")[2] for path in paths}
    ids = [f"uuid:{number}" if odk else str(number) for number in range(1, len(submissions) + 1)]
    known = set(last.values())
    for sent in submissions:  # nothing that is sent can be missing from the form
        assert {*sent["fields"]} - known == set()
        assert {name for rows in sent["repeats"].values() for row in rows for name in row} - known == set()
    main = [[*map(heading, own), "SubmissionDate" if odk else "_submission_time", "KEY" if odk else "_index", "_uuid"]]
    for number, sent in zip(ids, submissions, strict=True):
        main.append([*(sent["fields"].get(last[path], "") for path in own), sent["at"], number, f"u{number}"])
    made = {"Self-assessment": main}
    for repeat in sorted(repeats):
        fields = [path for path in paths if inside[path] == repeat]
        rows = [[*map(heading, fields), "PARENT_KEY" if odk else "_parent_index", "KEY" if odk else "_index"]]
        for number, sent in zip(ids, submissions, strict=True):
            for row in sent["repeats"].get(repeat.rpartition("/")[2], ()):
                rows.append([*(row.get(last[path], "") for path in fields), number, f"{number}/{len(rows)}"])
        made[repeat.rpartition("/")[2]] = rows
    return made


def as_workbook(made: dict) -> bytes:
    """KoBoToolbox's XLSX: everything as text."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in made.items():
        sheet = book.create_sheet(name[:31])
        for row, texts in enumerate(rows, start=1):
            for column, text in enumerate(texts, start=1):
                if text != "":
                    sheet.cell(row, column, text).data_type = "s"  # = + - @ begin no formula
    return saved(book)


def as_csvs(made: dict) -> list:
    """ODK Central's CSV files, unpacked."""
    files = []
    for name, rows in made.items():
        file = io.BytesIO(as_csv(rows))
        file.name = f"{name}.csv"
        files.append(file)
    return files
