"""Writing a questionnaire: what a change makes of a whole document, what is wrong with it, what is not translated.

All of it is about plain documents (`instruments.Document`); `models.drafts` stores what comes out.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from centres.forms.languages import LANGUAGES

from .instruments import Document, Grade, Kind, Options, QuestionText, SectionText, code_order

TABLES = {Kind.FIXED_TABLE, Kind.OPEN_TABLE}
MOST_QUESTIONS = 300  # of one questionnaire


class QuestionnaireRefused(Exception):
    """The step does not fit the questionnaire's state or lacks something; the message says what to do."""


@dataclass(frozen=True)
class Fault:
    """What keeps a version from being published; the code leads to the place."""

    code: str
    text: str


def sources() -> dict:
    """Where answers can be filled in from, by key. Read late: it knows all the data, and they know questionnaires."""
    from .prefill import SOURCES

    return SOURCES


# Finding.


def question_in(document: Document, code: str) -> QuestionText | None:
    return next((question for question in document.questions if question.code == code), None)


def section_in(document: Document, code: str) -> SectionText | None:
    return next((section for section in document.sections if section.code == code), None)


def section_with(document: Document, code: str) -> SectionText | None:
    """The section in which the question of that code stands."""
    return next((each for each in document.sections if any(row.code == code for row in each.questions)), None)


def can_decide(question) -> bool:
    """Whether other questions can be asked only after certain answers to this one."""
    return question.kind in (Kind.GRADE, Kind.CHOICE)


def answers_of(question) -> list[str]:
    """The grades or the keys of the choices that decide."""
    return list(Grade.values) if question.kind == Kind.GRADE else [choice.key for choice in question.options.choices]


# Changing: every step gives another document.


def with_question(document: Document, section: str, question: QuestionText, was: str = "") -> Document:
    """The question in the section: in the place of the one that `was`, a new one where its code puts it."""
    return _each(document, section, lambda row: replace(row, questions=_placed(row.questions, question, was)))


def with_section(document: Document, section: SectionText, was: str = "") -> Document:
    """The section's own words; a new one stands where its code puts it. Its questions stay."""
    known = section_in(document, was)
    section = replace(section, questions=known.questions if known else ())
    return replace(document, sections=_placed(document.sections, section, was))


def without_question(document: Document, code: str) -> Document:
    return replace(
        document,
        sections=tuple(
            replace(section, questions=tuple(row for row in section.questions if row.code != code))
            for section in document.sections
        ),
    )


def without_section(document: Document, code: str) -> Document:
    return replace(document, sections=tuple(section for section in document.sections if section.code != code))


def question_moved(document: Document, code: str, step: int) -> Document:
    """The question one place up (-1) or down (1) in its section."""
    section = section_with(document, code)
    if section is None:
        return document
    return _each(document, section.code, lambda row: replace(row, questions=_moved(row.questions, code, step)))


def section_moved(document: Document, code: str, step: int) -> Document:
    """The section with its questions one place up (-1) or down (1)."""
    return replace(document, sections=_moved(document.sections, code, step))


def _each(document, section, change) -> Document:
    return replace(document, sections=tuple(change(row) if row.code == section else row for row in document.sections))


def _placed(rows: tuple, row, was: str) -> tuple:
    if any(each.code == was for each in rows):
        return tuple(row if each.code == was else each for each in rows)
    later = (place for place, each in enumerate(rows) if code_order(each.code) > code_order(row.code))
    place = next(later, len(rows))
    return (*rows[:place], row, *rows[place:])


def _moved(rows: tuple, code: str, step: int) -> tuple:
    rows = list(rows)
    place = next((place for place, row in enumerate(rows) if row.code == code), None)
    if place is not None and 0 <= place + step < len(rows):
        rows[place], rows[place + step] = rows[place + step], rows[place]
    return tuple(rows)


# What is wrong.


def faults(document: Document, earlier: dict[str, str] | None = None) -> list[Fault]:
    """All that would break when centres fill it in. `earlier`: the kinds of the codes in published versions."""
    found, before, all_codes = [], {}, {question.code for question in document.questions}
    for question in document.questions:
        words = [*_in_options(question), *_in_rule(question, before, all_codes)]
        kind = (earlier or {}).get(question.code, question.kind)
        if kind != question.kind:
            words.append(
                _(
                    "Question %(code)s was “%(before)s” in an earlier version, now it is “%(now)s”. "
                    "Give what is asked now a new code."
                )
                % {"code": question.code, "before": Kind(kind).label, "now": Kind(question.kind).label}
            )
        found += [Fault(question.code, text) for text in words]
        before[question.code] = question
    return found


def _in_options(question) -> Iterator[str]:
    options, code = question.options, {"code": question.code}
    if question.kind == Kind.CHOICE and not options.choices:
        yield _("Question %(code)s has no answers to choose from.") % code
    if question.kind == Kind.FIXED_TABLE and not options.rows:
        yield _("The table of question %(code)s has no rows.") % code
    if question.kind in TABLES and not options.columns:
        yield _("The table of question %(code)s has no columns.") % code
    rows, columns = {row.key for row in options.rows}, {column.key for column in options.columns}
    if any(row.part_of and row.part_of not in rows for row in options.rows):
        yield _("In the table of question %(code)s a row is part of one that is not there.") % code
    if any(not columns.issuperset(column.sum_of) for column in options.columns):
        yield _("In the table of question %(code)s a column adds up one that is not there.") % code


def _in_rule(question, before: dict, all_codes: set) -> Iterator[str]:
    if not question.depends_on:
        return
    words = {"code": question.code, "other": question.depends_on}
    other = before.get(question.depends_on)
    if question.depends_on not in all_codes:
        yield _("Question %(code)s is asked only after %(other)s: change that rule first.") % words
    elif other is None:
        yield _("Question %(code)s is asked only after %(other)s, so it has to stand below it.") % words
    elif not can_decide(other):
        yield _("Question %(code)s is asked only after %(other)s, which has no answers to choose from.") % words
    elif not question.depends_values or not set(question.depends_values) <= {*answers_of(other)}:
        yield _("Question %(code)s is asked only after an answer to %(other)s that is not there.") % words


def new_faults(before: Document, after: Document) -> list[Fault]:
    """What a change would break that was whole before; its own places that still wait to be filled do not count."""
    known = {row for document in (before, after) for row in _unfinished(document)} | {*faults(before)}
    return [fault for fault in faults(after) if fault not in known]


def _unfinished(document) -> Iterator[Fault]:
    """Lists of answers, rows and columns that nobody has written yet."""
    for question in document.questions:
        bare = replace(question, depends_on="", options=Options())
        yield from (Fault(question.code, text) for text in _in_options(bare))


# What is not translated.


def texts(document: Document) -> Iterator[tuple[str, dict]]:
    """All its texts by language, each with the code of its section or question ("" for the whole)."""
    yield from (("", document.title), ("", document.guidance))
    for section in document.sections:
        yield from ((section.code, section.title), (section.code, section.guidance))
        for question in section.questions:
            options = question.options
            labels = [row.label for row in (*options.choices, *options.rows, *options.columns)]
            yield from ((question.code, words) for words in (question.text, question.guidance, options.unit, *labels))


def untranslated(document: Document) -> dict[str, list[str]]:
    """Per language the codes of what has words in another one only, in order."""
    lacking = {language: {} for language in LANGUAGES}
    for code, words in texts(document):
        if any(words.values()):
            for language in LANGUAGES:
                if not words.get(language):
                    lacking[language][code] = None
    return {language: list(codes) for language, codes in lacking.items()}
