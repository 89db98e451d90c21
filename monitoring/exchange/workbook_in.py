"""Reads a centre's workbook back, as `workbook` made it and people filled it in."""

import re

from centres.spreadsheets import plain

from ..instruments import CODE, Kind
from .columns import is_part
from .names import PARTS, Place
from .parsed import Parsed, Taker, Written
from .problems import Problem
from .workbook import FIRST, MARK

HEADED = re.compile(rf"({CODE.pattern})\s*:\s*(.*)")
NUMBER = re.compile("[0-9]{1,9}")
ROWED = re.compile(rf"({CODE.pattern})\s*/\s*([0-9a-z_]+)")


def marks(tables) -> dict:
    """What the hidden sheet says: centre, cycle, questionnaire, version, and the answers that stood, by code."""
    found = {"answers": {}}
    for _number, cells in next((table.rows for table in tables if table.name == MARK), ()):
        name, first, version, digest = (cells.get(column, "") for column in range(1, 5))
        if name == "answer":
            found["answers"][first] = (int(version) if NUMBER.fullmatch(version) else 0, digest)
        elif name:
            found[name] = first
    return found


class Reader:
    """Reads one workbook for one self-assessment."""

    def __init__(self, tables, assessment, versions=None):
        self.assessment, self.questionnaire = assessment, assessment.questionnaire
        self.tables = [table for table in tables if not table.hidden]
        self.marks = marks(tables)
        self.versions = versions or {}
        self.questions = {question.code: question for question in self.questionnaire.all_questions}
        self.parsed = Parsed(self.questionnaire.pk)
        self.cells, self.seen, self.recognised = {}, {}, 0

    def problem(self, kind, place=None, **facts):
        self.parsed.problems.append(place.problem(kind, **facts) if place else Problem(kind, facts=facts))

    def read(self) -> Parsed:
        """Everything that was recognised, and everything that was not."""
        before = self.version_of()
        if self.parsed.errors:
            return self.parsed
        for table in self.tables:
            self.sheet(table)
        if not self.recognised:
            self.problem("no_sheets")
            return self.parsed
        bases = self.marks["answers"] if "version" in self.marks else None
        taker = Taker(self.parsed, self.questions)
        taker.take(self.assessment.centre.code, self.cells, before=before, bases=bases)
        if not self.parsed.answers and not self.parsed.errors:
            self.problem("no_answers")
        return self.parsed

    def version_of(self) -> dict | None:
        """The questions of the version that the workbook names, {} if unknown, None if it is this one."""
        own = {"centre": self.assessment.centre.code, "cycle": self.assessment.cycle.code}
        for name, code in own.items():
            if self.marks.get(name, code) != code:
                self.problem(f"other_{name}", text=self.marks[name][:80])
        version, current = self.marks.get("version", ""), str(self.questionnaire.version)
        if version in ("", current):
            return None
        self.problem("other_version", version=version[:20], current=current)
        other = self.versions.get(version)
        return {question.code: question for question in other.all_questions} if other else {}

    def sheet(self, table):
        columns = {}  # of the tables read so far: by code the columns' keys from FIRST on
        bad = dict.fromkeys(table.formulas, ("formula", ""))
        bad |= {(row, column): ("failure", text) for row, column, text in table.failures}
        for number, cells in table.rows:
            first = cells.get(1, "")
            here = Written(first[:80], table.name, number, 1)
            if found := HEADED.fullmatch(first):
                columns[found[1]] = [key.strip() for key in found[3].split(",")]
                self.recognised += found[1] in self.questions
            elif found := ROWED.fullmatch(first):
                self.take(here, cells, bad, found[1], found[3], columns.get(found[1], []))
            elif CODE.fullmatch(first):
                self.take(here, cells, bad, first, "", ["", *PARTS])

    def take(self, here, cells, bad, code, row, parts):
        """The cells of one row."""
        question = self.questions.get(code)
        self.recognised += question is not None
        filled = [column for column in range(FIRST, FIRST + len(parts)) if column in cells]
        wrong = [column for line, column in bad if line == here.row and column >= FIRST]
        if question is not None and question.kind == Kind.HEADING:
            return
        if question is None or (row and not self.is_row(question, row)):
            if filled:
                self.problem("unknown_row", here, text=here.text)
            return
        if (code, row) in self.seen and (filled or wrong):
            self.problem("double_row", here, text=here.text, first=self.seen[code, row])
            return
        self.seen.setdefault((code, row), here.row)
        for column in wrong:
            kind, shown = bad[here.row, column]
            facts = {"text": shown} if kind == "failure" else {}
            self.problem(kind, Written("", here.sheet, here.row, column), **facts)
        for column in filled:
            place = Place(code, row, parts[column - FIRST])
            if is_part(question, place):
                text = plain(cells[column])
                self.cells.setdefault(code, {})[place] = Written(text, here.sheet, here.row, column)

    @staticmethod
    def is_row(question, row: str) -> bool:
        if question.kind == Kind.OPEN_TABLE:
            return bool(NUMBER.fullmatch(row)) and len(row) < 4
        return question.kind == Kind.FIXED_TABLE and row in {known.key for known in question.options.rows}
