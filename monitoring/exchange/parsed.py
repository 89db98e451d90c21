"""Answers as a file holds them, checked by the same form as typed ones, and what is to be said about the file."""

import hashlib
import json
from dataclasses import asdict, dataclass, field, replace

from ..forms.answers import answer_form
from ..instruments import MOST_ROWS, Kind
from .names import Place, spelt
from .problems import Problem, shortened

FIELDS = {Kind.LONG_TEXT: "text"}  # of a form, where it is not named as the kind is


@dataclass(frozen=True)
class Written:
    """A text in a file, and where it stands."""

    text: str
    sheet: str
    row: int
    column: int

    def problem(self, kind, **facts) -> Problem:
        return Problem(kind, self.sheet, self.row, self.column, facts)


@dataclass(frozen=True)
class Given:
    """One answer of one centre. `at`: when it was sent; `version` and `digest`: what stood when the file was made."""

    centre: str
    code: str
    value: dict
    at: str = ""
    version: int | None = None
    digest: str = ""


@dataclass
class Parsed:
    """What was read from a file, for the questionnaire of that id."""

    questionnaire: int
    answers: list = field(default_factory=list)
    told_by: dict = field(default_factory=dict)  # by centre
    problems: list = field(default_factory=list)

    @property
    def errors(self) -> list:
        """What stands in the way of the import."""
        return [problem for problem in self.problems if problem.is_error]

    def as_json(self) -> dict:
        return asdict(self) | {"problems": [asdict(problem) for problem in shortened(self.problems)]}

    @classmethod
    def from_json(cls, stored: dict) -> "Parsed":
        return cls(
            stored["questionnaire"],
            [Given(**row) for row in stored["answers"]],
            stored["told_by"],
            [Problem(**row) for row in stored["problems"]],
        )


class Taker:
    """Takes answers into what was parsed; of another version as far as they still fit, the rest is told."""

    def __init__(self, parsed: Parsed, questions: dict):
        self.parsed, self.questions = parsed, questions
        self.told = set()  # questions whose kind is another one

    def take(self, centre, answers: dict, *, before: dict | None = None, at="", bases=None):
        """One centre's cells by code.

        `before`: the questions by code of the other version that they were given to, as far as we know it; None for
        this version. `bases`: version and digest of what stood when the file was made, by code.
        """
        for code, cells in answers.items():
            question, old = self.questions.get(code), (before or {}).get(code)
            if question is None:
                continue  # its column or row is told
            if old is not None and old.kind != question.kind:
                self._tell(question, old)
                continue
            ways = spelt(old) if old is not None and old.kind in (Kind.CHOICE, Kind.GRADE) else {}
            misfit = "bad_answer" if before is None else "misfit"
            value = read_answer(question, cells, self.parsed.problems, ways=ways, misfit=misfit)
            if value:
                version, digest = (bases or {}).get(code, (None if bases is None else 0, ""))
                self.parsed.answers.append(Given(centre, code, value, at, version, digest))

    def _tell(self, question, old):
        if question.code not in self.told:
            self.told.add(question.code)
            names = {"before": str(old.get_kind_display()), "now": str(question.get_kind_display())}
            self.parsed.problems.append(Problem("kind_changed", facts={"code": question.code, **names}))


def read_answer(question, cells: dict[Place, Written], problems: list, *, ways=None, misfit="bad_answer") -> dict:
    """The value that the cells say, {} where they say nothing or something wrong, which is then told.

    A cell's place names its part; in an open table the row is its number. `ways`: how else the answers of a choice
    can be written. `misfit`: the kind of problem that a refused text is.
    """
    told = {**(ways or {}), **spelt(question)} if question.kind in (Kind.GRADE, Kind.CHOICE) else {}
    prefix, data, written = "a", {}, {}
    numbers = numbered(cells) if question.kind == Kind.OPEN_TABLE else {}
    for place, cell in cells.items():
        place = replace(place, row=numbers.get(place.row, place.row))
        name = field_of(question.kind, place)
        text = cell.text if place.part else told.get(cell.text.casefold(), cell.text)
        data[f"{prefix}-{name}"] = plain_number(text) if has_decimals(question, place) else text
        written[name] = cell
    if not data:
        return {}
    form = answer_form(question, data=data, prefix=prefix)
    if form.is_valid():
        return form.value
    first = next(iter(written.values()))
    for name, errors in form.errors.items():
        problems += [written.get(name, first).problem(misfit, code=question.code, error=error) for error in errors]
    return {}


def numbered(cells: dict[Place, Written]) -> dict[str, str]:
    """The rows of an open table by what stands for them in the file; counted anew where a form would not read them."""
    rows = sorted({place.row for place in cells}, key=lambda row: int(row or 0))
    if set(rows) <= set(map(str, range(MOST_ROWS))):
        return {}
    return {row: str(number) for number, row in enumerate(rows)}


def field_of(kind: str, place: Place) -> str:
    """The name of a part's field in the form of its question."""
    if kind in (Kind.FIXED_TABLE, Kind.OPEN_TABLE):
        return f"{place.row}-{place.part}"
    return place.part or FIELDS.get(kind, str(kind))


def has_decimals(question, place: Place) -> bool:
    """Whether three figures after a point can be meant as such."""
    column = next((column for column in question.options.columns if column.key == place.part), None)
    if column:
        return column.kind == "number" and column.decimals > 2
    return question.kind == Kind.NUMBER and question.options.decimals > 2


def plain_number(text: str) -> str:
    """A file's number has a decimal point. 1.234 could also be a thousand as people write it; 1.2340 cannot."""
    whole, point, fraction = text.partition(".")
    return f"{text}0" if point and whole.isdigit() and len(fraction) == 3 and fraction.isdigit() else text


def digest_of(value: dict) -> str:
    """Tells whether two values are the same, without keeping them."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
