"""What the columns of an export are: by the names of our XLSForm, with or without groups, or by their labels."""

import re

from centres.forms.languages import LANGUAGES
from centres.imports.reader import column_letter

from ..instruments import Kind
from .names import Place, label, name_of, names
from .problems import Problem
from .xlsform import CENTRE, KEY, TOLD_BY, VERSION, ours

__all__ = ["CENTRE", "KEY", "TIMES", "TOLD_BY", "VERSION", "Headings"]

TIMES = ("end", "_submission_time", "SubmissionDate")  # filled in to its end, sent
ABOUT = (CENTRE, TOLD_BY, KEY, VERSION, *TIMES, "KEY", "PARENT_KEY", "_index", "_parent_index")
# What the programs add of their own accord, and our notes.
THEIRS = re.compile(
    r"_.*|meta\b.*|formhub\b.*|SET-OF-.*|introduction|.*__note|start|today|deviceid|username|phonenumber|"
    r"instanceID|instanceName|FormVersion|(Submitter|Attachments|Review|Device|Edits|Status|Submission)\w*"
)
SEPARATOR = re.compile(r"[/\-.:]")
REPEATED = re.compile(r"\[(\d{1,9})\]")
SHOWN = 80  # characters of a heading in a sentence


class Headings:
    """The first row of a table, understood."""

    def __init__(self, table, known: dict, questions: dict):
        """`known`: see `index`; `questions`: this version's by code."""
        self.name, self.known, self.problems = table.name, known, []
        (self.row, texts), *self.rows = table.rows
        self.about, self.places = {}, {}
        filled = {column for _row, cells in self.rows for column in cells}
        unknown = []
        for column, text in sorted(texts.items()):
            found = self.find(text)
            if found is None:
                if column in filled:
                    unknown.append((column, text))
            elif isinstance(found, str):
                self._once(self.about, column, found, text)
            elif is_part(questions.get(found.code), found):
                self._once(self.places, column, found, text)
            elif column in filled:
                unknown.append((column, text))
        if not (self.places or CENTRE in self.about.values()):
            self._tell("unknown_sheet")
            return
        for column, text in unknown:
            self._tell("unknown_column", column, text=text[:SHOWN])
        for kind, cells in (("formula", table.formulas), ("failure", table.failures)):
            for row, column, *shown in cells:
                if column in self.about or column in self.places:
                    facts = {"text": shown[0]} if shown else {}
                    self.problems.append(Problem(kind, self.name, row, column, facts))

    @property
    def is_main(self) -> bool:
        """Whether its rows are forms, which name their centre."""
        return CENTRE in self.about.values()

    @property
    def is_repeat(self) -> bool:
        return bool(self.places) and not self.is_main

    def find(self, heading: str):
        """The name of one of our own columns, the part of an answer, "" for what is passed over, None if unknown."""
        heading = heading.strip()
        numbers = REPEATED.findall(heading)
        heading = REPEATED.sub("", heading)
        starts = [0, *(match.end() for match in SEPARATOR.finditer(heading))]
        for start in starts:
            text = heading[start:].strip()
            found = self.known.get(text) or self.known.get(text.casefold())
            if isinstance(found, Place) and numbers:
                return Place(found.code, str(int(numbers[-1]) - 1), found.part)
            if found:
                return found
        last = heading[starts[-1] :]
        return "" if THEIRS.fullmatch(heading) or THEIRS.fullmatch(last) or last in self.known else None

    def _once(self, columns, column, found, text):
        """Note what a column is; a second one of the same meaning is told."""
        if not found:
            return
        first = next((place for place, other in columns.items() if other == found), None)
        if first is None:
            columns[column] = found
        elif isinstance(found, Place):
            self._tell("double_column", column, text=text[:SHOWN], first=column_letter(first))

    def _tell(self, kind, column=None, **facts):
        self.problems.append(Problem(kind, self.name, self.row, column, facts))


def is_part(question, place: Place) -> bool:
    """Whether this version's question has such a part."""
    if question is None:
        return False
    columns = {column.key for column in question.options.columns}
    match question.kind:
        case Kind.FIXED_TABLE:
            return place.part in columns and place.row in {row.key for row in question.options.rows}
        case Kind.OPEN_TABLE:
            return place.part in columns
        case Kind.GRADE:
            return not place.part or getattr(question.options, place.part, False)
    return not (place.row or place.part)


def index(questionnaires) -> dict:
    """Everything that can be a heading: of the first questionnaire, then what only the others have."""
    known = {name: name for name in ABOUT}
    for word in (CENTRE, TOLD_BY):
        known |= {text.casefold(): word for text in ours(word).values()}
    for questionnaire in questionnaires:
        questions = {question.code: question for question in questionnaire.all_questions}
        fresh, twice = {}, set()
        for place, name in names(questions.values()).items():
            known.setdefault(name, place)
            for language in LANGUAGES:
                text = label(questions[place.code], place, language).casefold()
                if fresh.setdefault(text, place) != place:
                    twice.add(text)
        for question in questions.values():
            known.setdefault(name_of(question.code), "" if question.is_heading else Place(question.code))
        for text, place in fresh.items():
            if text not in twice:
                known.setdefault(text, place)
    return known
