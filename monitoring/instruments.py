"""What a questionnaire is made of, as plain data: kinds of questions, their options, the shape of an answer.

A question's code is a path (`8.1.1`) that stays the same over all versions. Texts are dicts by language. An answer's
value is a dict whose shape follows the kind; numbers in it are text with a decimal point, dates are ISO. An empty dict
is "no answer", which is neither No nor 0.

| kind | value |
|---|---|
| text, long_text | `{"text": …}` |
| number | `{"number": "12.5"}` |
| date | `{"date": "2005-06-28"}` |
| choice | `{"choice": key}` |
| grade | `{"grade": "yes" | "no" | "partly", "source": …, "proposal": …}` |
| fixed_table | `{"rows": {row key: {column key: …}}}` |
| open_table | `{"rows": [{column key: …}]}` |
| heading | never answered |
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from centres.forms.languages import LANGUAGES, field_in

from .levels import Level

CODE = re.compile(r"[0-9A-Za-z]{1,6}(\.[0-9A-Za-z]{1,6}){0,5}")
KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
MOST_ROWS = 60  # of an open table


class Kind(models.TextChoices):
    """How a question is answered."""

    TEXT = "text", _("a line of text")
    LONG_TEXT = "long_text", pgettext_lazy("kind of answer", "text")
    NUMBER = "number", pgettext_lazy("kind of answer", "number")
    DATE = "date", pgettext_lazy("kind of answer", "date")
    CHOICE = "choice", _("one of several answers")
    GRADE = "grade", _("Yes, No or Partly")
    FIXED_TABLE = "fixed_table", _("table with given rows")
    OPEN_TABLE = "open_table", _("table with rows to add")
    HEADING = "heading", _("heading, not a question")


class Grade(models.TextChoices):
    """The three answers of a graded item (§ Annex 1, part 8). Unanswered is none of them."""

    YES = "yes", pgettext_lazy("grade", "Yes")
    PARTLY = "partly", pgettext_lazy("grade", "Partly")
    NO = "no", pgettext_lazy("grade", "No")


LEVELS = {Grade.YES: Level.STRONG, Grade.PARTLY: Level.PARTLY, Grade.NO: Level.WEAK}


def said(texts: dict | None, language: str | None = None) -> str:
    """A text in the reader's language, otherwise in the first one that has it."""
    texts = texts or {}
    return next((texts[code] for code in (language or get_language(), *LANGUAGES) if texts.get(code)), "")


def texts_of(row, name: str) -> dict:
    """A translated field as a dict by language, empty languages left out; a copy in the English field counts once."""
    texts = {code: getattr(row, field_in(name, code)) or "" for code in LANGUAGES}
    if texts["en"] and texts["en"] in (texts["ru"], texts["kk"]):
        texts["en"] = ""
    return {code: text for code, text in texts.items() if text}


def fields_of(name: str, texts: dict) -> dict:
    """The other way round: the model's own column holds English, or the first language there is."""
    own = next((texts[code] for code in LANGUAGES if texts.get(code)), "")
    return {name: own} | {field_in(name, code): texts.get(code) or None for code in LANGUAGES if code != "en"}


def code_is_fine(code: str) -> None:
    if not CODE.fullmatch(code):
        raise ValidationError(_("A code is figures and Latin letters between points, for example 8.1.1."))


def code_order(code: str) -> list:
    """Sorts 8.2 before 8.10."""
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in code.split(".")]


# The options of a question, as they are stored.


@dataclass(frozen=True)
class Choice:
    """One of several answers. Its level, where it has one, compares it with a cell of the matrix."""

    key: str
    label: dict
    level: str = ""


@dataclass(frozen=True)
class Row:
    """A given row of a table; one that is part of another is not added to the total once more."""

    key: str
    label: dict
    part_of: str = ""


@dataclass(frozen=True)
class Column:
    """A column of a table: text, number or date. A number may have to be the sum of other columns."""

    key: str
    label: dict
    kind: str = "number"
    sum_of: tuple[str, ...] = ()
    decimals: int = 0


@dataclass(frozen=True)
class Options:
    """What belongs to some kinds only."""

    choices: tuple[Choice, ...] = ()
    rows: tuple[Row, ...] = ()
    columns: tuple[Column, ...] = ()
    total_row: bool = False  # whether the page adds up the columns of numbers
    source: bool = False  # a grade names its source of information
    proposal: bool = False  # a grade asks for a proposal
    decimals: int = 0  # of a number
    unit: dict = field(default_factory=dict)  # of a number

    @classmethod
    def read(cls, stored: dict) -> "Options":
        """From a question's JSON. What is not known there is passed over."""
        values = {name: stored[name] for name in cls.__dataclass_fields__ if name in stored}
        for name, made in (("choices", Choice), ("rows", Row), ("columns", Column)):
            values[name] = tuple(made(**_known(made, row)) for row in values.get(name, ()))
        return cls(**values)

    def as_json(self) -> dict:
        """Only what differs from the default."""
        values = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {
            name: [_shown(row) for row in value] if isinstance(value, tuple) else value
            for name, value in values.items()
            if value
        }

    def choice(self, key: str) -> Choice | None:
        return next((choice for choice in self.choices if choice.key == key), None)


def _known(made, row: dict) -> dict:
    values = {name: row[name] for name in made.__dataclass_fields__ if name in row}
    return values | ({"sum_of": tuple(values["sum_of"])} if "sum_of" in values else {})


def _shown(row) -> dict:
    shown = {name: getattr(row, name) for name in row.__dataclass_fields__}
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in shown.items() if value or value == 0
    }


# A whole questionnaire as a document: how the library, an export and a new version speak of it.


@dataclass(frozen=True)
class QuestionText:
    """A question of a document."""

    code: str
    kind: str
    text: dict
    guidance: dict = field(default_factory=dict)
    required: bool = False
    options: Options = field(default_factory=Options)
    prefill: str = ""  # key of a source in `prefill`
    depends_on: str = ""  # code of the question that decides whether this one is asked
    depends_values: tuple[str, ...] = ()  # ... its grades or choices with which it is
    aspects: tuple[str, ...] = ()  # keys of the aspects that it speaks about


@dataclass(frozen=True)
class SectionText:
    """A section of a document with its questions in order."""

    code: str
    title: dict
    guidance: dict = field(default_factory=dict)
    questions: tuple[QuestionText, ...] = ()


@dataclass(frozen=True)
class Document:
    """A questionnaire: what `Questionnaire.begin` stores and `Questionnaire.document` gives."""

    key: str
    title: dict
    guidance: dict = field(default_factory=dict)
    sections: tuple[SectionText, ...] = ()

    @property
    def questions(self) -> list[QuestionText]:
        return [question for section in self.sections for question in section.questions]


# Answers.


def is_answered(kind: str, value: dict) -> bool:
    """Whether the value says anything; a grade's proposal alone is no answer."""
    match kind:
        case Kind.FIXED_TABLE:
            return any(cell for row in value.get("rows", {}).values() for cell in row.values())
        case Kind.OPEN_TABLE:
            return any(cell for row in value.get("rows", []) for cell in row.values())
        case Kind.HEADING:
            return False
    name = {Kind.LONG_TEXT: "text"}.get(kind, str(kind))
    return bool(value.get(name))


def level_of(kind: str, options: Options, value: dict) -> str:
    """What the answer says as a level of the matrix; "" where it has none: text, numbers, no answer."""
    if kind == Kind.GRADE:
        return LEVELS.get(value.get("grade"), "")
    if kind == Kind.CHOICE and (choice := options.choice(value.get("choice", ""))):
        return choice.level
    return ""


def is_asked(question, answers: dict[str, dict]) -> bool:
    """Whether the question is to be answered, by the values given so far (by code)."""
    if not question.depends_on:
        return True
    value = answers.get(question.depends_on, {})
    return (value.get("grade") or value.get("choice")) in question.depends_values


def totals(options: Options, value: dict) -> dict[str, Decimal]:
    """The sums of a table's columns of numbers, parts of other rows left out; a column without a number has none."""
    parts = {row.key for row in options.rows if row.part_of}
    stored = value.get("rows", {})
    rows = [row for key, row in stored.items() if key not in parts] if isinstance(stored, dict) else stored
    sums = {}
    for column in options.columns:
        if column.kind == "number" and (given := [Decimal(row[column.key]) for row in rows if row.get(column.key)]):
            sums[column.key] = sum(given)
    return sums
