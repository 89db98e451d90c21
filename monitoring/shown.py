"""An answer's value as a page shows it: words, or a table."""

from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from .instruments import Kind, is_answered, said, totals
from .models import Question
from .prefill.values import same
from .wording import date, in_words, number


@dataclass(frozen=True)
class Cell:
    """What stands in a column, whose head it repeats for narrow screens; false where nothing stands there."""

    head: str
    text: str

    def __bool__(self):
        return bool(self.text)


@dataclass(frozen=True)
class Table:
    """A table as one reads it: the heads of its columns, the rows that hold something with their names, its sums."""

    heads: list[str]
    rows: list[tuple[str, list[Cell]]]
    sums: list[Cell]
    has_names: bool


@dataclass
class Shown:
    """A value in the reader's words."""

    question: Question
    value: dict
    rows: dict | list | None = None  # those of a table that are shown, where it is not all of them

    @classmethod
    def of_data(cls, question: Question, entry: dict, value: dict) -> "Shown":
        """What the data say beside an answer: of a table the rows in which the answer says something else."""
        whole = entry["value"]
        rows = other_rows(question, entry, value) if is_answered(question.kind, value) else None
        return cls(question, whole, rows if rows and len(rows) < len(whole["rows"]) else None)

    @cached_property
    def is_given(self) -> bool:
        return is_answered(self.question.kind, self.value)

    @property
    def words(self) -> str:
        return "\n".join(in_words(self.question, self.value))

    @property
    def source(self) -> str:
        return self.value.get("source", "")

    @property
    def proposal(self) -> str:
        return self.value.get("proposal", "")

    @cached_property
    def table(self) -> Table | None:
        options, rows = self.question.options, self.rows or self.value.get("rows")
        if not rows:
            return None
        has_names = self.question.kind == Kind.FIXED_TABLE
        lines = [(said(row.label), rows.get(row.key, {})) for row in options.rows] if has_names else []
        lines = lines or [("", row) for row in rows]
        sums = totals(options, self.value) if options.total_row and self.rows is None else {}
        sums = [_cell(column, str(sums.get(column.key, ""))) for column in options.columns] if sums else []
        if sums and not (has_names or sums[0]):
            sums[0] = Cell("", _("Sum"))
        return Table(
            [said(column.label) for column in options.columns],
            [
                (name, [_cell(column, cells.get(column.key, "")) for column in options.columns])
                for name, cells in lines
                if any(cells.values())
            ],
            sums,
            has_names,
        )


def _cell(column, text: str) -> Cell:
    show = {"number": number, "date": date}.get(column.kind, str)
    return Cell(said(column.label), show(text) if text else "")


def other_rows(question: Question, entry: dict, value: dict) -> dict | list | None:
    """The rows of a table that the data know and the answer does not hold; None of what is no table."""
    rows, mine, names = entry["value"].get("rows"), value.get("rows"), entry.get("names", ())
    if isinstance(rows, dict):
        own = {key: {"rows": {key: (mine or {}).get(key, {})}} for key in rows}
        return {key: row for key, row in rows.items() if not same(question, own[key], {"rows": {key: row}}, names)}
    if rows:
        return [
            row for row in rows if not any(same(question, {"rows": [each]}, {"rows": [row]}, names) for each in mine)
        ]
    return None
