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
from django.utils.translation import ngettext_lazy

from centres.forms.entry import DateInput, Entry
from centres.forms.numbers import GROUPED, MOST, plain_amount, readings, without_spaces

from ..instruments import MOST_ROWS, Grade, Kind, said, totals

TEXT_LIMIT = 500  # characters of a line, also of one in a table
LONG_TEXT_LIMIT = 5_000
SOURCE_LIMIT = 500
PROPOSAL_LIMIT = 2_000
SPARE = 2  # empty rows of an open table, besides those that are filled
READ_ROWS = 200  # rows of an open table that are read and shown again, so that one can see which are too many
NUMBER = re.compile(r"-?\d+(?:[.,](\d+))?")
ROW = re.compile(r"(\d{1,3})-")
CHOOSE = {"invalid_choice": _("Choose one of the answers that are given.")}


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


def canonical(number: Decimal) -> str:
    """As an answer stores it: a decimal point, no empty fraction."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


class NumberField(forms.DecimalField):
    """A number, not negative, as people write it: 1 500, 12,5 or 12.5. Unknown is not 0, so nothing stays nothing."""

    widget = forms.TextInput

    def __init__(self, *, decimals=0, **kwargs):
        self.decimals = decimals
        super().__init__(min_value=0, max_value=MOST, **kwargs)

    def widget_attrs(self, widget):
        return {"inputmode": "decimal" if self.decimals else "numeric", "autocomplete": "off"}

    def prepare_value(self, value):
        return plain_amount(value) if isinstance(value, Decimal) else value

    def to_python(self, value):
        if value in self.empty_values or isinstance(value, Decimal):
            return None if value in self.empty_values else value
        text = without_spaces(value)
        if not text:
            return None
        if GROUPED.fullmatch(text) and not text.startswith("0"):
            self._refuse_two_ways(text)
        found = NUMBER.fullmatch(text)
        if not found:
            raise ValidationError(_("Write a number in figures, without words, for example 1 500 or 12,5."), "words")
        if len((found[1] or "").rstrip("0")) > self.decimals:
            if not self.decimals:
                raise ValidationError(_("Write a whole number, without a fraction."), "fraction")
            raise ValidationError(
                ngettext_lazy(
                    "Write at most %(n)d figure after the comma.", "Write at most %(n)d figures after the comma.", "n"
                ),
                "fraction",
                {"n": self.decimals},
            )
        return Decimal(text.replace(",", ".")) + 0  # -0 is 0

    def _refuse_two_ways(self, text: str):
        """1,500 is one and a half or one thousand five hundred; as a whole number it can only be the latter."""
        words, code, values = readings(text)
        if not self.decimals and code == "two_ways":
            words, values = _("Write thousands with spaces: %(amount)s."), {"amount": values["thousands"]}
        raise ValidationError(words, code, values)


def line(label="", limit=TEXT_LIMIT) -> forms.CharField:
    return forms.CharField(label=label, max_length=limit, required=False)


def long_text(label="", limit=LONG_TEXT_LIMIT, rows=4) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    del widget.attrs["cols"]
    return forms.CharField(label=label, max_length=limit, required=False, widget=widget)


def number(label="", decimals=0) -> NumberField:
    return NumberField(label=label, decimals=decimals, required=False)


def day(label="") -> forms.DateField:
    return forms.DateField(
        label=label, required=False, widget=DateInput, input_formats=["%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y"]
    )


def choice(label, choices) -> forms.ChoiceField:
    """Buttons, the last of which takes the answer back."""
    return forms.ChoiceField(
        label=label,
        required=False,
        choices=[*choices, ("", _("no answer"))],
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )


@dataclass(frozen=True)
class TableRow:
    """A row of a table as a page shows it: its words, and per column the bound field."""

    key: str
    label: str
    pairs: list[tuple]  # each bound field with the head of its column
    is_part: bool = False

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
        return [TableRow(row, words, self._pairs(row), row in parts) for row, words in self.row_labels.items()]

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
        return cleaned

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
                        "sum": plain_amount(known),
                        "column": f"“{said(column.label)}”",
                        "total": plain_amount(total),
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
        filled = len(self._filled(cleaned))
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
