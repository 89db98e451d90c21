"""Answers as they are typed: THE place where each kind is read, checked and made the value that is stored.

`answer_form(question, data)` is bound to what was typed, `answer_form(question, value=…)` shows what is stored. A valid
form has the canonical `value` of `instruments`; nothing typed is `{}`. Nothing is required here: an answer may be
unfinished, and what is missing is told when the self-assessment is handed in.
"""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from centres.forms.entry import Entry
from centres.forms.numbers import plain_amount

from ..instruments import MOST_ROWS, Grade, Kind, said, totals
from ..wording import number as in_figures
from .answer_fields import (
    PROPOSAL_LIMIT,
    SOURCE_LIMIT,
    canonical,
    choice,
    day,
    line,
    long_text,
    number,
)

SPARE = 2  # empty rows of an open table, besides those that are filled
READ_ROWS = 200  # rows of an open table that are read and shown again, so that one can see which are too many
ROW = re.compile(r"(\d{1,9})-")


def answer_form(question, data=None, value=None, prefix=None, more=0) -> "AnswerForm":
    """The form of one question (a `Question` or a `QuestionText`); its fields are named `q-<code>-…`.

    `more`: so many empty rows of an open table besides the usual ones.
    """
    return FORMS[question.kind](question, data=data, value=value, prefix=prefix or f"q-{question.code}", more=more)


def typed(question, value: dict, prefix=None) -> dict[str, str]:
    """A stored value as the data that `answer_form` reads, every field by its name."""
    prefix = prefix or f"q-{question.code}"
    rows = value.get("rows")
    if rows is None:
        return {f"{prefix}-{name}": text for name, text in value.items()}
    pairs = rows.items() if isinstance(rows, dict) else enumerate(rows)
    return {f"{prefix}-{row}-{name}": text for row, cells in pairs for name, text in cells.items()}


@dataclass(frozen=True)
class TableRow:
    """A row of a table as a page shows it: its words, and per column the bound field."""

    key: str
    label: str
    pairs: list[tuple]  # each bound field with the head of its column
    is_part: bool = False
    errors: list[str] = ()

    @property
    def cells(self) -> list:
        return [field for field, _head in self.pairs]


class AnswerForm(Entry, forms.Form):
    """One question's answer; a subclass per kind gives the fields, what they show and the value."""

    def __init__(self, question, *, data, value, prefix, more=0):
        self.question, self.options, self.given, self.more = question, question.options, value or {}, more
        self.typed = {} if data is None else data
        self.prefix = prefix
        self.label = getattr(question, "text_i18n", "") or said(question.text)
        self.base_fields = self.asked()
        for name, field in self.base_fields.items():
            if not isinstance(field.widget, forms.RadioSelect):
                field.widget.attrs["class"] = "form-control"
            if name in ("text", "number", "date"):  # the question above is its label
                field.widget.attrs["aria-labelledby"] = f"t-{question.code}"
        super().__init__(data, prefix=prefix, initial=self.shown(), use_required_attribute=False)

    def asked(self) -> dict[str, forms.Field]:
        """Its fields by name, in order."""
        return {}

    def shown(self) -> dict:
        """What the fields show of the stored value, by name."""
        return self.given

    @property
    def value(self) -> dict:
        """What is to be stored; only of a valid form. What was left empty is left out."""
        found = {name: stored(self.cleaned_data.get(name)) for name in self.fields}
        return {name: text for name, text in found.items() if text}

    @property
    def told(self) -> list[tuple[forms.BoundField, str]]:
        """Every error of a field, with the field."""
        return [(bound, str(error)) for bound in self for error in bound.errors]


def stored(cleaned) -> str:
    """A field's cleaned value as an answer holds it."""
    if cleaned is None:
        return ""
    if isinstance(cleaned, Decimal):
        return canonical(cleaned)
    return cleaned.isoformat() if isinstance(cleaned, date) else cleaned.replace("\r\n", "\n")


class TextForm(AnswerForm):
    def asked(self):
        return {"text": line(self.label)}


class LongTextForm(AnswerForm):
    def asked(self):
        return {"text": long_text(self.label)}


class NumberForm(AnswerForm):
    def asked(self):
        return {"number": number(self.label, self.options.decimals)}

    def shown(self):
        return {name: Decimal(text) for name, text in self.given.items()}

    @property
    def unit(self) -> str:
        return said(self.options.unit)


class DateForm(AnswerForm):
    def asked(self):
        return {"date": day(self.label)}


class ChoiceForm(AnswerForm):
    def asked(self):
        return {"choice": choice(self.label, [(each.key, said(each.label)) for each in self.options.choices])}


class GradeForm(AnswerForm):
    def asked(self):
        fields = {"grade": choice(self.label, Grade.choices)}
        if self.options.source:
            fields["source"] = line(_("Source of information"), SOURCE_LIMIT)
        if self.options.proposal:
            fields["proposal"] = long_text(_("Proposal"), PROPOSAL_LIMIT, rows=2)
        return fields


class TableForm(AnswerForm):
    """A table: a field per row and column, named `<row>-<column>`. A total equals its parts, where all are given."""

    is_table = True

    @cached_property
    def row_labels(self) -> dict[str, str]:
        """The rows' names on the page by the part of the field's name that stands for them."""
        return {row.key: said(row.label) for row in self.options.rows}

    @property
    def columns(self) -> list[str]:
        return [column.key for column in self.options.columns]

    @property
    def stored_rows(self) -> dict[str, dict]:
        return self.given.get("rows") or {}

    def asked(self):
        return {
            f"{row}-{column.key}": self._field(column, words)
            for row, words in self.row_labels.items()
            for column in self.options.columns
        }

    def _field(self, column, row: str) -> forms.Field:
        label = ", ".join(filter(None, [row, said(column.label)]))
        field = {"number": lambda: number(label, column.decimals), "date": lambda: day(label)}.get(
            column.kind, lambda: line(label)
        )()
        field.widget.attrs["aria-label"] = label
        return field

    def shown(self):
        numbers = {column.key for column in self.options.columns if column.kind == "number"}
        return {
            f"{row}-{key}": Decimal(text) if key in numbers else text
            for row, cells in self.stored_rows.items()
            for key, text in cells.items()
            if text
        }

    @property
    def rows(self) -> list[TableRow]:
        """The table as a page shows it."""
        parts = {row.key for row in self.options.rows if row.part_of}
        wrong = self.told if self.is_bound else []
        return [
            TableRow(row, words, self._pairs(row), row in parts, _of_row(wrong, row))
            for row, words in self.row_labels.items()
        ]

    @property
    def told(self):
        """Every error of a cell, with the head of its column where the error does not say which one is meant."""
        heads = dict(zip(self.columns, self.heads, strict=True))
        found = []
        for name, errors in self.errors.as_data().items():
            head = heads.get(name.partition("-")[2])
            for error in errors if head else ():
                [words] = error.messages
                found.append((self[name], words if error.code == "sum" else f"{head}: {words}"))
        return found

    def _pairs(self, row: str) -> list[tuple]:
        return [(self[f"{row}-{key}"], head) for key, head in zip(self.columns, self.heads, strict=True)]

    @property
    def heads(self) -> list[str]:
        return [said(column.label) for column in self.options.columns]

    @property
    def sums(self) -> list[tuple[str, str, str]]:
        """Per column its key, head and the sum of what is stored; without a key where nothing is added up."""
        if not self.options.total_row:
            return []
        added = totals(self.options, self.given)
        return [
            (column.key, head, plain_amount(added[column.key]) if column.key in added else "")
            if column.kind == "number"
            else ("", head, "")
            for column, head in zip(self.options.columns, self.heads, strict=True)
        ]

    def clean(self):
        cleaned = super().clean()
        for row, words in self.row_labels.items():
            for column in self.options.columns:
                if column.sum_of:
                    self._add_up(cleaned, row, words, column)
        for part in self.options.rows:
            for column in self.options.columns:
                if part.part_of and column.kind == "number":
                    self._fit_in(cleaned, part, column.key)
        return cleaned

    def _fit_in(self, cleaned: dict, part, column: str) -> None:
        """A row that is part of another is not more than it, where both are given."""
        amount, whole = cleaned.get(f"{part.key}-{column}"), cleaned.get(f"{part.part_of}-{column}")
        if amount is not None and whole is not None and amount > whole:
            names = {"part": self.row_labels[part.key], "whole": self.row_labels[part.part_of]}
            words = _("“%(part)s” is a part of “%(whole)s” and cannot be more than %(total)s.")
            self.add_error(
                f"{part.key}-{column}", ValidationError(words, "part", names | {"total": in_figures(canonical(whole))})
            )

    def _add_up(self, cleaned: dict, row: str, words: str, column) -> None:
        """A total left empty is filled in where all its parts are given; one that does not fit them is refused."""
        names = [f"{row}-{key}" for key in column.sum_of]
        if any(name in self.errors for name in [*names, f"{row}-{column.key}"]):
            return
        given = [cleaned.get(name) for name in names]
        total, known = cleaned.get(f"{row}-{column.key}"), sum((each for each in given if each is not None), Decimal())
        if total is None:
            if all(each is not None for each in given):
                cleaned[f"{row}-{column.key}"] = known
        elif total != known if all(each is not None for each in given) else total < known:
            parts = [said(each.label) for each in self.options.columns if each.key in column.sum_of]
            self.add_error(
                f"{row}-{column.key}",
                ValidationError(
                    _("%(row)s: %(parts)s make %(sum)s, but %(column)s says %(total)s."),
                    "sum",
                    {
                        "row": self.row_name(row, words, cleaned),
                        "parts": " + ".join(parts),
                        "sum": in_figures(canonical(known)),
                        "column": _("“%(name)s”") % {"name": said(column.label)},
                        "total": in_figures(canonical(total)),
                    },
                ),
            )

    def row_name(self, row: str, words: str, cleaned: dict) -> str:
        return words

    @property
    def value(self):
        rows = {}
        for row in self.row_labels:
            cells = {key: stored(self.cleaned_data.get(f"{row}-{key}")) for key in self.columns}
            rows[row] = {key: text for key, text in cells.items() if text}
        return self._with(rows)

    def _with(self, rows: dict) -> dict:
        rows = {row: cells for row, cells in rows.items() if cells}
        return {"rows": rows} if rows else {}


def _of_row(told: list[tuple], row: str) -> list[str]:
    return [words for bound, words in told if bound.name.partition("-")[0] == row]


class OpenTableForm(TableForm):
    """A table of which people write the rows: always some empty ones more; what stays empty is left out."""

    @cached_property
    def row_labels(self):
        if self.typed:
            beginning = f"{self.prefix}-"
            found = [ROW.match(name[len(beginning) :]) for name in self.typed if name.startswith(beginning)]
            number_of_rows = max((int(match[1]) + 1 for match in found if match), default=0)
        else:
            number_of_rows = len(self.given.get("rows") or ())
        number_of_rows += self.more if self.typed else self.more + SPARE
        top = min(number_of_rows, max(MOST_ROWS, number_of_rows - self.more), READ_ROWS)
        return {str(place): str(_("Row %(n)d") % {"n": place + 1}) for place in range(top)}

    @property
    def most_rows(self) -> int:
        return MOST_ROWS

    @property
    def stored_rows(self):
        return {str(place): cells for place, cells in enumerate(self.given.get("rows") or ())}

    @property
    def blank(self) -> TableRow:
        """A row for scripts to copy; __row__ stands for its number."""
        form = type(self).__new__(type(self))
        form.__dict__ |= self.__dict__
        form.fields = {f"__row__-{column.key}": self._field(column, "") for column in self.options.columns}
        for field in form.fields.values():
            field.widget.attrs["class"] = "form-control"
        form.is_bound, form._bound_fields_cache = False, {}
        return TableRow("__row__", "", form._pairs("__row__"))

    def row_name(self, row, words, cleaned):
        """The row's first text, which people know it by, else its number."""
        texts = (cleaned.get(f"{row}-{column.key}") for column in self.options.columns if column.kind == "text")
        return next(filter(None, texts), "") or words

    def clean(self):
        cleaned = super().clean()
        filled = max(len(self._filled(cleaned)), self._unread)
        if filled > MOST_ROWS:
            self.add_error(
                None,
                ValidationError(
                    _("The table has %(n)s rows; at most %(most)s fit in. Put small ones together."),
                    "rows",
                    {"n": filled, "most": MOST_ROWS},
                ),
            )
        return cleaned

    @property
    def _unread(self) -> int:
        """The number of the last row that holds something beyond those that are read; 0 where none does."""
        beginning = f"{self.prefix}-"
        found = {
            ROW.match(name[len(beginning) :])
            for name, text in self.typed.items()
            if name.startswith(beginning) and text
        }
        return max((int(match[1]) + 1 for match in found if match and int(match[1]) >= READ_ROWS), default=0)

    def _filled(self, cleaned) -> set:
        return {name.partition("-")[0] for name, each in cleaned.items() if each not in (None, "")}

    def _with(self, rows):
        rows = [cells for cells in rows.values() if cells]
        return {"rows": rows} if rows else {}


FORMS = {
    Kind.TEXT: TextForm,
    Kind.LONG_TEXT: LongTextForm,
    Kind.NUMBER: NumberForm,
    Kind.DATE: DateForm,
    Kind.CHOICE: ChoiceForm,
    Kind.GRADE: GradeForm,
    Kind.FIXED_TABLE: TableForm,
    Kind.OPEN_TABLE: OpenTableForm,
    Kind.HEADING: AnswerForm,
}
