"""Gathers a questionnaire for paper: blank to fill in by hand, or with what a centre answered.

Everything is gathered in the active language; what people wrote stays as they wrote it. Nothing answered is said to be
that, and is neither No nor 0.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from monitoring.completeness import asked_codes
from monitoring.instruments import Grade, Kind, said, totals
from monitoring.prefill import differs, shown
from monitoring.wording import date as day_in_words
from monitoring.wording import number as number_in_words

from .paper import Form

CODE = "F-06"
SPARE_ROWS = 8  # of an open table that nobody has begun
MORE_ROWS = 4  # of one that the data have begun
LINES = {Kind.TEXT: 1, Kind.LONG_TEXT: 5}  # to write on
LONG = 900  # letters of an answer that may go on over the page
MANY_ROWS = 20  # of a table that may go on over the page
TABLES = (Kind.FIXED_TABLE, Kind.OPEN_TABLE)
UNITS = {"text": 3.0, "date": 1.7, "number": 1.3}  # of a table's columns, beside one another


@dataclass(frozen=True)
class Table:
    """Rows in given columns, with their sums; in a fixed table each row has a name."""

    heads: tuple[str, ...]  # the first one is empty where rows have names
    widths: tuple[str, ...]
    kinds: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    parts: tuple[bool, ...] = ()  # whether the row is a part of another one
    sums: tuple[str, ...] = ()  # of a column that is not added up: empty
    named: bool = False

    @property
    def lines(self):
        """(whether it is a part of another row, its name or None, the other cells with their kinds) of each row."""
        for row, part in zip(self.rows, self.parts, strict=True):
            name, cells = (row[0], row[1:]) if self.named else (None, row)
            yield part, name, list(zip(cells, self.kinds[self.named :], strict=True))

    @property
    def sum_cells(self):
        return list(zip(self.sums[1:], self.kinds[1:], strict=True))


@dataclass(frozen=True)
class Value:
    """What was answered, or what the data say, in the reader's words; empty where there is nothing."""

    words: str = ""
    source: str = ""
    proposal: str = ""
    table: Table | None = None

    @property
    def is_long(self) -> bool:
        return len(self.words) > LONG or bool(self.table and len(self.table.rows) > MANY_ROWS)


@dataclass(frozen=True)
class Item:
    """One question as it stands on paper."""

    code: str
    kind: str
    text: str
    guidance: str = ""
    required: bool = False
    depth: int = 1
    only_if: str = ""  # the rule by which it is left out
    unit: str = ""
    choices: tuple[str, ...] = ()
    with_source: bool = False
    with_proposal: bool = False
    table: Table | None = None  # empty, to write in
    lines: int = 0
    answer: Value | None = None  # None: nothing is answered
    asked: bool = True
    data: Value | None = None  # what the data say, where it is to be shown
    data_from: str = ""
    explanation: str = ""
    written: str = ""  # by whom and on whose behalf, where it was not the centre itself
    reason: str = ""  # why it was returned

    @property
    def has_room(self) -> bool:
        """Whether a graded question asks for words too, which want room of their own below it."""
        return self.with_source or self.with_proposal

    @property
    def write_lines(self):
        return range(self.lines)

    @property
    def may_go_on(self) -> bool:
        """Whether it is so long that it need not stay on one page."""
        return any(value and value.is_long for value in (self.answer, self.data)) or bool(
            self.table and len(self.table.rows) > MANY_ROWS
        )


@dataclass(frozen=True)
class Run:
    """Neighbouring questions that are printed in the same way: one by one, or as the rows of a table of grades."""

    kind: str
    items: tuple[Item, ...]

    @property
    def first(self) -> Item:
        return self.items[0]


@dataclass(frozen=True)
class Part:
    """A section."""

    code: str
    title: str
    guidance: str
    items: tuple[Item, ...]

    @property
    def runs(self) -> list[Run]:
        """Grades beside one another make a table; everything else stands alone."""

        def alike(numbered):
            place, item = numbered
            grade = item.kind == Kind.GRADE
            return (Kind.GRADE, item.with_source, item.with_proposal) if grade else (item.kind, place, None)

        found = groupby(enumerate(self.items), alike)
        return [Run(str(key[0]), tuple(item for _place, item in items)) for key, items in found]


@dataclass(frozen=True)
class Sheet:
    """A questionnaire on paper: what it is, of which centre and cycle, its sections, who signs."""

    form: Form
    language: str
    network: str
    title: str
    guidance: str
    version: int
    published_on: date | None
    printed_on: date
    parts: tuple[Part, ...]
    centre: str = ""
    place: str = ""
    cycle: str = ""
    period: tuple[date, date] | None = None
    due: date | None = None
    is_filled: bool = False
    state: str = ""
    state_label: str = ""
    steps: tuple[str, ...] = ()
    writers: tuple[str, ...] = ()
    answered: int = 0
    asked: int = 0
    course: None = None  # no group: the frame of all blanks asks for one
    grades: tuple[str, ...] = field(default_factory=lambda: tuple(str(grade.label) for grade in Grade))


def blank(questionnaire, assessment=None, computed=None) -> Sheet:
    """To fill in by hand: of a centre in a cycle, or of a version that nobody uses yet (2 queries).

    `computed` is what the data say, by code, to be printed beside; None where it is not wanted.
    """
    computed = computed or {}
    texts = {question.code: question for question in questionnaire.all_questions}

    def item(question):
        known = computed.get(question.code)
        return _item(
            question,
            texts,
            table=_empty(question, known),
            lines=LINES.get(question.kind, 0),
            data=_value(question, known["value"]) if known and question.kind not in TABLES else None,
            data_from=shown(known) if known else "",
        )

    return _sheet(questionnaire, assessment, item)


def filled(assessment) -> Sheet:
    """With the centre's answers, the data where they differ, the reasons of a return, and who wrote (6 queries)."""
    questionnaire = assessment.questionnaire
    questions = questionnaire.all_questions
    texts = {question.code: question for question in questions}
    by_pk = {question.pk: question for question in questions}
    answers = {}
    for row in assessment.answers.select_related("updated_by"):
        row.question = by_pk[row.question_id]
        answers[row.question.code] = row
    asked = asked_codes(questions, {code: row.value for code, row in answers.items()})
    reasons = {row.question.code: row.reason for row in assessment.returned()}

    def item(question):
        row = answers.get(question.code)
        given = bool(row and row.is_given)
        differing = bool(row and row.computed and differs(question, row.value, row.computed))
        return _item(
            question,
            texts,
            answer=_value(question, row.value) if row and (given or row.value) else None,
            asked=question.code in asked,
            data=_value(question, row.computed["value"]) if differing else None,
            data_from=shown(row.computed) if differing else "",
            explanation=row.explanation if differing else "",
            written=_on_behalf(row) if given and row.told_by else "",
            reason=reasons.get(question.code, ""),
        )

    given = [row for row in answers.values() if row.is_given]
    writers = Counter(_writer(row) for row in given)
    return _sheet(
        questionnaire,
        assessment,
        item,
        is_filled=True,
        state=assessment.state,
        state_label=capfirst(assessment.get_state_display()),
        steps=tuple(_step(step) for step in assessment.steps.select_related("by").order_by("pk")),
        writers=tuple(f"{who}: {n}" for who, n in writers.most_common()),
        answered=sum(row.question.code in asked for row in given),
        asked=len(asked),
    )


def _sheet(questionnaire, assessment, item, **kwargs) -> Sheet:
    facts = {}
    if assessment:
        centre, cycle = assessment.centre, assessment.cycle
        facts = {
            "centre": centre.name_i18n,
            "place": centre.place.name_i18n if centre.place else "",
            "cycle": cycle.title_i18n,
            "period": (cycle.period_start, cycle.period_end),
            "due": cycle.self_assessment_due,
        }
    published = questionnaire.published_at
    return Sheet(
        form=Form("self-assessment", CODE, _("Self-assessment"), ""),
        language=translation.get_language(),
        network=questionnaire.network.name_i18n,
        title=questionnaire.title_i18n,
        guidance=questionnaire.guidance_i18n or "",
        version=questionnaire.version,
        published_on=timezone.localdate(published) if published else None,
        printed_on=timezone.localdate(),
        parts=tuple(
            Part(
                section.code,
                section.title_i18n,
                section.guidance_i18n or "",
                tuple(item(question) for question in section.asked),
            )
            for section in questionnaire.outline
        ),
        **facts,
        **kwargs,
    )


def _item(question, texts, **kwargs) -> Item:
    options = question.options
    return Item(
        code=question.code,
        kind=question.kind,
        text=question.text_i18n,
        guidance=question.guidance_i18n or "",
        required=question.required,
        depth=question.depth,
        only_if=_rule(question, texts),
        unit=said(options.unit),
        choices=tuple(said(choice.label) for choice in options.choices),
        with_source=options.source,
        with_proposal=options.proposal,
        **kwargs,
    )


def _rule(question, texts) -> str:
    """When the question is asked, in words; empty where it always is."""
    if not question.depends_on:
        return ""
    decides = texts.get(question.depends_on)
    answers = ", ".join(_("“%(name)s”") % {"name": _word(decides, key)} for key in question.depends_values)
    return _("Only if the answer to %(code)s is: %(answers)s.") % {"code": question.depends_on, "answers": answers}


def _word(question, key: str) -> str:
    """A grade or a choice as the reader knows it."""
    if question is None or question.kind == Kind.GRADE:
        return str(Grade(key).label) if key in Grade.values else key
    choice = question.options.choice(key)
    return said(choice.label) if choice else key


def _value(question, value: dict) -> Value:
    match question.kind:
        case Kind.TEXT | Kind.LONG_TEXT:
            return Value(_lines(value.get("text")))
        case Kind.NUMBER:
            number, unit = number_in_words(value.get("number") or ""), said(question.options.unit)
            return Value(f"{number} {unit}".strip() if number else "")
        case Kind.DATE:
            return Value(day_in_words(value.get("date") or ""))
        case Kind.CHOICE:
            return Value(_word(question, value["choice"]) if value.get("choice") else "")
        case Kind.GRADE:
            word = _word(question, value["grade"]) if value.get("grade") else ""
            return Value(word, _lines(value.get("source")), _lines(value.get("proposal")))
    if question.kind in TABLES:
        return Value(table=_table(question, value))
    return Value()


def _table(question, value: dict, spare: int = 0) -> Table:
    """A table with its rows; one whose rows are added gets some more to write in."""
    options, named = question.options, question.kind == Kind.FIXED_TABLE
    stored = value.get("rows") or ({} if named else [])
    if named:
        rows = [(said(row.label), stored.get(row.key, {})) for row in options.rows]
        parts = tuple(bool(row.part_of) for row in options.rows)
    else:
        rows = [(None, row) for row in [*stored, *({} for _row in range(spare))]]
        parts = (False,) * len(rows)
    kinds = (("name",) if named else ()) + tuple(column.kind for column in options.columns)
    units = [3.4 if kind == "name" else UNITS.get(kind, 1.3) for kind in kinds]
    sums = ()
    if options.total_row:
        added = totals(options, value)
        words = [number_in_words(str(added[column.key])) if column.key in added else "" for column in options.columns]
        sums = ("", *words) if named else tuple(words)
    return Table(
        heads=(("",) if named else ()) + tuple(said(column.label) for column in options.columns),
        widths=tuple(f"{100 * unit / sum(units):.2f}%" for unit in units),
        kinds=kinds,
        rows=tuple(
            ((name,) if named else ()) + tuple(_cell(column, row.get(column.key)) for column in options.columns)
            for name, row in rows
        ),
        parts=parts,
        sums=sums,
        named=named,
    )


def _empty(question, computed) -> Table | None:
    """A table to write in. What the data say stands in it already, to be put right by hand."""
    if question.kind not in TABLES:
        return None
    known = computed["value"] if computed else {}
    return _table(question, known, spare=MORE_ROWS if known.get("rows") else SPARE_ROWS)


def _cell(column, value) -> str:
    match column.kind:
        case "number":
            return number_in_words(value or "")
        case "date":
            return day_in_words(value or "")
    return _lines(value)


def _lines(text) -> str:
    """One kind of line end; browsers send another than spreadsheets."""
    return (text or "").replace("\r\n", "\n").replace("\r", "\n").strip()


def _writer(row) -> str:
    return _on_behalf(row) if row.told_by else str(row.updated_by)


def _on_behalf(row) -> str:
    return _("%(person)s on behalf of %(told_by)s") % {"person": row.updated_by, "told_by": row.told_by}


def _step(step) -> str:
    who = str(step.by)
    if step.told_by:
        who = _("%(person)s on behalf of %(told_by)s") % {"person": step.by, "told_by": step.told_by}
    day = date_format(timezone.localdate(step.at), "DATE_FORMAT")
    return f"{capfirst(step.get_to_state_display())}: {day}, {who}" + (f" – {step.note}" if step.note else "")
