"""Finds a table's row of headings and what each column is."""

from dataclasses import dataclass, field

from . import labels
from .names import HEADING_LIMIT, normal

HEADING_DEPTH = 60  # rows in which the headings are looked for


@dataclass
class Headings:
    """The row of headings: which column is what."""

    row: int
    texts: dict  # column: text
    number: int | None = None
    title: int | None = None
    summary: int | None = None
    centres: dict = field(default_factory=dict)  # column: codes that its heading can mean
    doubles: list = field(default_factory=list)  # (column, the first column of the same meaning)

    @property
    def score(self):
        """How much of a row of headings this is; 0 if it is none."""
        found = len(self.centres)
        named = sum(column is not None for column in (self.number, self.title, self.summary))
        if (found >= 2) or (found and named) or (self.title and self.summary) or (named == 3):
            return found + named
        return 0


def is_heading(text, words):
    """Whether a heading is one of these words, whatever its case and punctuation."""
    bare = " ".join(text.casefold().split()).strip(" .:")
    return bare in {" ".join(word.casefold().split()).strip(" .:") for word in labels.every(words)}


def headings_in(row, texts, index):
    """What a row of texts would be as headings."""
    headings = Headings(row=row, texts=texts)
    for column, text in sorted(texts.items()):
        if len(text) > HEADING_LIMIT:
            continue
        codes = index.find(text)
        if codes:
            headings.centres[column] = codes
            continue
        if is_heading(text, labels.NUMBER_HEADINGS):
            role = "number"
        elif is_heading(text, labels.ASPECT_HEADINGS):
            role = "title"
        elif set(normal(text).split()) & set(labels.SUMMARY_WORDS):
            role = "summary"
        else:
            continue
        if getattr(headings, role) is None:
            setattr(headings, role, column)
        else:
            headings.doubles.append((column, getattr(headings, role)))
    return headings


def find_headings(table, index):
    """The best row of headings near the top of a table, or None."""
    best = None
    for number, texts in table.rows[:HEADING_DEPTH]:
        headings = headings_in(number, texts, index)
        if headings.score and (best is None or headings.score > best.score):
            best = headings
    return best
