"""What the parts of an answer are called outside: as names in an XLSForm, and as headings that a person reads.

A question's code is in its name: 8.1.1 is `q_8_1_1`, its source of information `q_8_1_1__source`, the year's income
from rent `q_5__rent__year`, the column of men in an open table `q_3_1__men`.
"""

from dataclasses import dataclass, replace

from django.utils import translation
from django.utils.translation import gettext as _

from centres.forms.languages import LANGUAGES

from ..instruments import Grade, Kind, said
from ..models.questionnaires import texts_of

PARTS = ("source", "proposal")  # of a grade, besides itself
RUNNING = " · "


@dataclass(frozen=True)
class Place:
    """A part of an answer: a cell of a table, a grade's source or proposal; without both, the answer itself."""

    code: str
    row: str = ""  # of a fixed table
    part: str = ""  # a column, or one of PARTS


def places(question) -> list[Place]:
    """The parts of a question's answer, in order; none of a heading."""
    place = Place(question.code)
    match question.kind:
        case Kind.HEADING:
            return []
        case Kind.GRADE:
            asked = [part for part in PARTS if getattr(question.options, part)]
            return [place, *(replace(place, part=part) for part in asked)]
        case Kind.FIXED_TABLE:
            return [
                Place(question.code, row.key, column.key)
                for row in question.options.rows
                for column in question.options.columns
            ]
        case Kind.OPEN_TABLE:
            return [Place(question.code, part=column.key) for column in question.options.columns]
    return [place]


def name_of(code: str, *parts: str) -> str:
    """`q_8_1_1` or `q_8_1_1__source`."""
    return "__".join(["q_" + code.replace(".", "_"), *filter(None, parts)])


def names(questions) -> dict[Place, str]:
    """Every part's name; none twice."""
    given, taken = {}, set()
    for question in questions:
        for place in places(question):
            name = name_of(place.code, place.row, place.part)
            while name in taken:  # a key with two low lines in it
                name += "_"
            taken.add(name)
            given[place] = name
    return given


def label(question, place: Place, language: str) -> str:
    """A part's heading: it begins with the code, so that it can be told from all others."""
    return f"{question.code} {short_label(question, place, language)}"


def short_label(question, place: Place, language: str) -> str:
    """The same below its question, whose code and words are already read there."""
    if not place.part:
        return said(texts_of(question, "text"), language)
    if question.kind == Kind.GRADE:
        with translation.override(language):
            return _("Source of information") if place.part == "source" else _("Proposal")
    words = [said(row.label, language) for row in question.options.rows if row.key == place.row]
    words += [said(column.label, language) for column in question.options.columns if column.key == place.part]
    return RUNNING.join(words)


def grade_labels(language: str) -> dict[str, str]:
    """Yes, Partly and No in a language, by their codes."""
    with translation.override(language):
        return {grade.value: str(grade.label) for grade in Grade}


def answer_labels(question, language: str) -> dict[str, str]:
    """The answers that a grade or a choice offers, by their codes."""
    if question.kind == Kind.GRADE:
        return grade_labels(language)
    return {choice.key: said(choice.label, language) for choice in question.options.choices}


def spelt(question) -> dict[str, str]:
    """The code of each answer by every way to write it: the code itself and its words in three languages."""
    ways = {}
    for language in LANGUAGES:
        for key, words in answer_labels(question, language).items():
            ways.setdefault(words.casefold(), key)
    return ways | {key.casefold(): key for key in answer_labels(question, LANGUAGES[0])}
