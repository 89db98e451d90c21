"""Finds the list in an uploaded file: the row of headings, and from which table to fill in it was made."""

from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from centres.imports import reader
from centres.models.centre import spelling
from centres.resources import in_all_languages

from .problems import Problems

HEAD_WITHIN = 20  # the headings stand in one of the first rows
MARK = "clcnet"  # the hidden sheet of a table to fill in: centre and kind
CENTRE = _("centre")


@dataclass
class Sheet:
    """A recognised list: which of our columns stands where. `columns` gives its place in a row, from 0, by key."""

    packed: bytes
    name: str
    head: int  # number of the row of headings
    columns: dict[str, int]
    rows: int = 0
    problems: Problems = field(default_factory=Problems)

    def lines(self):
        """The rows below the headings as (number, [text, ...])."""
        name = None
        for line in reader.lines(self.packed):
            if isinstance(line, dict):
                name = line.get("sheet")
            elif name == self.name and line[0] > self.head:
                yield line


def recognise(packed: bytes, kind, centre) -> Sheet:
    """The first visible sheet that has a row of the kind's headings, problems included."""
    known = {spelling(said): "centre" for said in ("centre", *in_all_languages(CENTRE))}
    for column in kind.columns:
        known |= dict.fromkeys(column.headings(), column.key)
    needed = {column.key for column in kind.columns if column.required}
    marks, best, name, visible, failures = {}, None, "", True, []
    sheet = None
    for line in reader.lines(packed):
        if isinstance(line, dict):
            name, visible, failures = line.get("sheet", ""), line.get("visible", True), line.get("failures", [])
            continue
        number, texts = line
        if name == MARK:
            marks[texts[0]] = texts[1] if len(texts) > 1 else ""
        elif not visible:
            continue
        elif sheet and sheet.name == name:
            sheet.rows += 1
        elif sheet is None and number <= HEAD_WITHIN:
            found = [known.get(spelling(text.rstrip(" *"))) for text in texts]
            hits = len(needed.intersection(found))
            if hits >= max(1, len(needed) - 1):  # one may be misspelt: then it is missing, and is said to be
                sheet = _headed(packed, name, number, texts, found, kind)
                _tell_failures(sheet, failures)
            elif best is None:
                best = name
    if sheet is None:
        sheet = Sheet(packed, best or "", 0, {}, problems=Problems(best or ""))
        sheet.problems.add("no_headings", heading=kind.columns[0].heading)
    elif not sheet.rows:
        sheet.problems.add("nothing_below", row=sheet.head)
    if marks.get("centre", centre.code) != centre.code:
        sheet.problems.add("other_file", centre=centre)
    elif marks.get("kind", kind.key) != kind.key:
        sheet.problems.add("other_kind")
    return sheet


def _headed(packed, name, number, texts, found, kind) -> Sheet:
    columns, unknown, twice = {}, [], []
    for place, (text, key) in enumerate(zip(texts, found, strict=True)):
        if key is None and text:
            unknown.append(text)
        elif key in columns:
            twice.append((text, key))
        elif key:
            columns[key] = place
    headings = {key: texts[place].rstrip(" *") for key, place in columns.items()}
    letters = {key: reader.column_letter(place + 1) for key, place in columns.items()}
    sheet = Sheet(packed, name, number, columns, problems=Problems(name, letters, headings))
    for text in unknown:
        sheet.problems.add("unknown_column", row=number, column=text, heading=text)
    for text, key in twice:
        sheet.problems.add("column_twice", row=number, column=key, heading=text)
    for column in kind.columns:
        if column.required and column.key not in columns:
            sheet.problems.add("missing_column", row=number, column=column.key, heading=column.heading)
    return sheet


def _tell_failures(sheet, failures):
    """Cells of the list that hold no value, though they are not empty."""
    keys = {place + 1: key for key, place in sheet.columns.items()}
    for row, column, failure in failures:
        if row > sheet.head and column in keys:
            code = "cell_error" if failure else "cell_formula"
            sheet.problems.add(code, row=row, column=keys[column], **({"failure": failure} if failure else {}))
