"""An answer's value as a page shows it: words, or a table."""

from dataclasses import dataclass
from functools import cached_property

from .instruments import Kind, is_answered, said, totals
from .models import Question
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
        options, rows = self.question.options, self.value.get("rows")
        if not rows:
            return None
        has_names = self.question.kind == Kind.FIXED_TABLE
        lines = [(said(row.label), rows.get(row.key, {})) for row in options.rows] if has_names else []
        lines = lines or [("", row) for row in rows]
        sums = totals(options, self.value) if options.total_row else {}
        return Table(
            [said(column.label) for column in options.columns],
            [
                (name, [_cell(column, cells.get(column.key, "")) for column in options.columns])
                for name, cells in lines
                if any(cells.values())
            ],
            [_cell(column, str(sums.get(column.key, ""))) for column in options.columns] if sums else [],
            has_names,
        )


def _cell(column, text: str) -> Cell:
    show = {"number": number, "date": date}.get(column.kind, str)
    return Cell(said(column.label), show(text) if text else "")
