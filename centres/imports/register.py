"""Recognises a list of centres in a spreadsheet, says what importing it would do, and does it."""

import hashlib
import json
from dataclasses import asdict, dataclass, field

import tablib
from django.core import signing
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ..models.centre import free_code, spelling
from ..resources import COLUMNS, CentreResource, heading, in_all_languages
from ..spreadsheets import plain
from . import reader

ROWS = 1000  # centres in one file
HEAD_WITHIN = 20  # the headings stand in one of the first rows
SALT = "centres.imports.register"
DAY = 24 * 3600  # how long a preview can be confirmed, in seconds


@dataclass(frozen=True)
class Problem:
    """Something about the file: where, and a sentence. An error keeps the whole file out."""

    sentence: str
    sheet: str = ""
    row: int | None = None
    column: str = ""
    is_error: bool = True


@dataclass
class Sheet:
    """A recognised list: the columns (number -> our name) and the rows (number -> {our name: text})."""

    name: str
    columns: dict[int, str]
    rows: dict[int, dict[str, str]]
    problems: list[Problem] = field(default_factory=list)

    @property
    def errors(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.is_error]

    def letter(self, name: str) -> str:
        """The letter over one of our columns, empty when the file does not have it."""
        return next((reader.column_letter(number) for number, known in self.columns.items() if known == name), "")

    def sealed(self) -> str:
        """The list as a text that only we can have written, to be sent back with the confirmation."""
        return signing.dumps(
            {"name": self.name, "columns": list(self.columns.items()), "rows": list(self.rows.items())},
            salt=SALT,
            compress=True,
        )

    @classmethod
    def unsealed(cls, text: str) -> "Sheet":
        """The list from its sealed text; raises signing.BadSignature."""
        told = signing.loads(text, salt=SALT, max_age=DAY)
        return cls(told["name"], dict(told["columns"]), dict(told["rows"]))


def headings() -> dict[str, str]:
    """How a column may be headed, in any language, and our name for it."""
    return {spelling(said): name for name in COLUMNS for said in (name, *in_all_languages(COLUMNS[name]))}


def recognise(data: bytes) -> Sheet:
    """The first sheet that has a row of our headings; raises reader.BadFile when the file is no table at all."""
    known = headings()
    for table in reader.read(data):
        for number, cells in table.rows[:HEAD_WITHIN]:
            columns = {column: known.get(spelling(text.rstrip(" *"))) for column, text in cells.items()}
            if "name" in columns.values() and not table.hidden:
                return _sheet(table, number, cells, columns)
    sentence = _("No row with the heading “%(name)s” was found. Start from the empty table below.")
    return Sheet("", {}, {}, [Problem(sentence % {"name": heading("name")})])


def _sheet(table, head, heads, columns) -> Sheet:
    problems = []

    def tell(sentence, row, column, is_error=True):
        problems.append(Problem(sentence, table.name, row, reader.column_letter(column), is_error))

    found = {}
    for column, name in columns.items():
        if name is None:
            tell(
                _("The column “%(name)s” is not known and is left out.") % {"name": heads[column]}, head, column, False
            )
        elif name in found.values():
            tell(_("The column “%(name)s” comes twice.") % {"name": heads[column]}, head, column)
        else:
            found[column] = name
    rows = {}
    for number, cells in table.rows:
        row = {found[column]: plain(text) for column, text in cells.items() if column in found}
        if number > head and row:
            rows[number] = row
    for row, column in table.formulas:
        if row > head and column in found:
            tell(_("This cell holds a formula. Put its value there instead."), row, column)
    for row, column, failure in table.failures:
        if row > head and column in found:
            tell(_("This cell holds the error %(failure)s.") % {"failure": failure}, row, column)
    if not rows:
        tell(_("Below the headings there is no centre."), head, 1)
    if len(rows) > ROWS:
        text = _("The list has %(rows)s centres; the limit is %(limit)s. Split it into several files.")
        tell(text % {"rows": len(rows), "limit": ROWS}, head, 1)
    return Sheet(table.name, found, rows, problems)


@dataclass(frozen=True)
class Change:
    """What one row does: add a centre, change one, or nothing; with its fields as (label, before, after)."""

    row: int
    code: str
    name: str
    kind: str  # new, update, skip
    fields: list


@dataclass(frozen=True)
class Outcome:
    """What an import does, or would do: its problems or, row by row, its changes, and what looks wrong in them."""

    problems: list[Problem]
    changes: list[Change]
    places: list[str]
    hints: list[Problem]

    @property
    def added(self) -> list[Change]:
        return [change for change in self.changes if change.kind == "new"]

    @property
    def changed(self) -> list[Change]:
        return [change for change in self.changes if change.kind == "update"]

    @property
    def unchanged(self) -> int:
        return len(self.changes) - len(self.added) - len(self.changed)

    @property
    def fingerprint(self) -> str:
        """Tells whether what is done is still what was shown."""
        return hashlib.sha256(json.dumps([asdict(change) for change in self.changes]).encode()).hexdigest()


def run(sheet: Sheet, *, user, network, dry_run: bool) -> Outcome:
    """Import all rows or none; with `dry_run` none in any case."""
    resource = CentreResource(user=user, network=network)
    data, numbers, problems = _dataset(sheet, network)
    result = resource.import_data(data, dry_run=dry_run or bool(problems), rollback_on_validation_errors=True)
    problems += [Problem(str(error.error), sheet.name) for error in result.base_errors]
    for invalid in result.invalid_rows:
        problems += _problems(sheet, numbers[invalid.number - 1], invalid.error)
    for broken in result.error_rows:
        problems.append(Problem(_("This row cannot be stored."), sheet.name, numbers[broken.number - 1]))
    if problems:
        return Outcome(sorted(problems, key=lambda problem: (problem.row or 0, problem.column)), [], [], [])
    changes, hints = [], []
    for number, told in zip(numbers, result.rows, strict=True):
        changes.append(_change(number, sheet.rows[number], told))
        if told.import_type != "skip":
            for name, sentence in told.instance.doubts.items():
                hints.append(Problem(str(sentence), sheet.name, number, sheet.letter(name), is_error=False))
    places = [f"{unit} ({unit.above})" for unit in resource.fields["place"].widget.prepared.values()]
    return Outcome([], changes, places, hints)


def _dataset(sheet, network):
    """The rows as a table with a code in each: the row's own, that of the centre so named, or one made of the name."""
    known = network.centres.spellings()
    names = list(COLUMNS)
    data, numbers, problems, used = tablib.Dataset(headers=names), [], [], {}
    for number, row in sheet.rows.items():
        name = row.get("name", "")
        centre = known.get(spelling(name))
        code = row.get("code") or (centre.code if centre else free_code(name, used))
        if not name and not row.get("code"):
            problems.append(Problem(_("This row names no centre."), sheet.name, number, sheet.letter("name")))
            continue
        if not code:
            text = _("Write a code for “%(name)s”: the name gives none.")
            problems.append(Problem(text % {"name": name}, sheet.name, number, sheet.letter("code")))
            continue
        if code in used:
            text = _("This is the same centre as in row %(row)s.")
            problems.append(Problem(text % {"row": used[code]}, sheet.name, number, sheet.letter("name")))
            continue
        used[code] = number
        numbers.append(number)
        row = row | {"code": code}
        if row.get("kato") and not row.get("place"):
            row["place"] = row["kato"]
        data.append([row.get(column, "") for column in names])
    return data, numbers, problems


def _problems(sheet, number, error):
    for name, sentences in error.message_dict.items():
        for sentence in sentences:
            if sheet.letter(name):
                yield Problem(sentence, sheet.name, number, sheet.letter(name))
            elif name in COLUMNS:  # the file lacks the column: the sentence alone would not say which
                yield Problem(f"{heading(name)}: {sentence}", sheet.name, number)
            else:
                yield Problem(sentence, sheet.name, number)


def _change(number, row, told) -> Change:
    centre, original = told.instance, getattr(told, "original", None)
    fields = []
    if told.import_type != "skip":
        for name in COLUMNS:
            if not row.get(name) or name in ("code", "network", "kato", "raion", "oblast"):
                continue
            if name in ("aliases", "head", "facilitator", "chair"):
                if told.import_type == "new" or name == "aliases":
                    fields.append((heading(name), "", row[name]))
                continue
            before, after = (_shown(part, name) if part else "" for part in (original, centre))
            if before != after:
                fields.append((heading(name), before, after))
    return Change(number, centre.code, centre.name, told.import_type, fields)


def _shown(centre, name) -> str:
    """A field as its reader knows it."""
    if name in ("kind", "host", "legal_status"):
        return str(getattr(centre, f"get_{name}_display")())
    value = getattr(centre, name)
    if name in ("opened", "closed"):
        return date_format(value) if value else ""
    return str(value or "")
