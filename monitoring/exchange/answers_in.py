"""Reads an export of KoBoToolbox or ODK Central: forms of one or more centres, their repeats in tables of their own."""

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial

from ..imports.names import CentreIndex
from ..instruments import Kind
from .columns import CENTRE, KEY, TIMES, TOLD_BY, VERSION, Headings, index
from .parsed import Parsed, Taker, Written
from .problems import Problem

IDS = ("KEY", "_index")  # of a form; ODK Central's and KoBoToolbox's
PARENTS = ("PARENT_KEY", "_parent_index")  # by which the row of a repeat names its form
MOST_CENTRES = 100  # in one file: it is read, and written, while the person waits
TOLD_BY_LIMIT = 200
CODED = re.compile(r".*\((\S+)\)")  # of two centres of one name the form says the code
WRITTEN = ("%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M:%S")  # times as spreadsheet programs rewrite them


@dataclass
class Submission:
    """One form as it was sent: what it says of itself, and its answers by question and part."""

    place: Written  # of the centre's code, or of the first cell
    about: dict = field(default_factory=dict)  # our own columns by name
    cells: dict = field(default_factory=dict)  # code: {Place: Written}
    tables: dict = field(default_factory=dict)  # code of an open table: number of rows so far

    @property
    def at(self) -> datetime | None:
        """When it was filled in, which may be days before it was sent; None where the file does not tell."""
        return min(filter(None, (moment(self.text(name)) for name in TIMES)), default=None)

    def text(self, name: str) -> str:
        return self.about[name].text if name in self.about else ""


def moment(text: str) -> datetime | None:
    """A time as the exports write it, or as a spreadsheet program rewrote it; without a zone it is UTC."""
    for read in (datetime.fromisoformat, *(partial(_written, form) for form in WRITTEN)):
        try:
            found = read(text.strip())
        except ValueError:
            continue
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    return None


def _written(form: str, text: str) -> datetime:
    return datetime.strptime(text, form)


class Reader:
    """Reads the tables of one upload for a questionnaire, for the self-assessments that the person fills in."""

    def __init__(self, tables, questionnaire, own: dict, centres=(), versions=None):
        """`own`: self-assessments by the centre's code; `versions`: the questionnaire's other versions by number."""
        self.questionnaire, self.own, self.versions = questionnaire, own, versions or {}
        self.parsed = Parsed(questionnaire.pk)
        self.questions = {question.code: question for question in questionnaire.all_questions}
        self.index = CentreIndex([names for names in centres if names.code in own])
        known = index([questionnaire, *self.versions.values()])
        self.headings = [Headings(table, known, self.questions) for table in tables if table.rows]
        self.taker = Taker(self.parsed, self.questions)

    def problem(self, kind, place=None, **facts):
        self.parsed.problems.append(place.problem(kind, **facts) if place else Problem(kind, facts=facts))

    def read(self) -> Parsed:
        """Everything that was recognised, and everything that was not."""
        for headings in self.headings:
            self.parsed.problems += headings.problems
        forms = self.forms()
        if forms is None:
            self.problem("no_columns")
            return self.parsed
        latest = self.latest(forms)
        if len(latest) > MOST_CENTRES:
            self.problem("too_many", n=len(latest), most=MOST_CENTRES)
            return self.parsed
        for code, sent in latest.items():
            self.answers(code, sent)
        if not self.parsed.answers and not self.parsed.errors:
            self.problem("no_answers")
        return self.parsed

    # ---- tables --------------------------------------------------------------------------------------------------

    def forms(self) -> list[Submission] | None:
        """All forms of the file, with the rows of their repeats; None where no table has any."""
        main = [headings for headings in self.headings if headings.is_main]
        if not main:
            return None
        forms, by_id = [], {}
        for headings in main:
            for number, (row, cells) in enumerate(headings.rows, start=1):
                sent = self.sent(headings, row, cells)
                forms.append(sent)
                ids = [sent.text(name) for name in IDS if sent.text(name)] or [str(number)]
                by_id |= dict.fromkeys(ids, sent)
        for headings in self.headings:
            if headings.is_repeat:
                self.repeats(headings, by_id)
        self.tell_missing_tables(main)
        return forms

    def sent(self, headings, row, cells) -> Submission:
        first = min(cells, default=1)
        sent = Submission(Written(cells.get(first, ""), headings.name, row, first))
        for column, text in cells.items():
            written = Written(text, headings.name, row, column)
            if column in headings.about:
                sent.about[headings.about[column]] = written
            elif column in headings.places:
                place = headings.places[column]
                sent.cells.setdefault(place.code, {})[place] = written
        if CENTRE in sent.about:
            sent.place = sent.about[CENTRE]
        return sent

    def repeats(self, headings, by_id):
        """The rows of an open table, each to its form."""
        for row, cells in headings.rows:
            known = {headings.about[column]: text for column, text in cells.items() if column in headings.about}
            parent = next((known[name] for name in PARENTS if name in known), None)
            found = {column: text for column, text in cells.items() if column in headings.places}
            if not found:
                continue
            sent = by_id.get(parent)
            if sent is None:
                first = min(found)
                self.problem("orphans", Written(found[first], headings.name, row, first))
                continue
            for code in {headings.places[column].code for column in found}:
                number = sent.tables[code] = sent.tables.get(code, -1) + 1
                for column, text in found.items():
                    if (place := headings.places[column]).code == code:
                        written = Written(text, headings.name, row, column)
                        sent.cells.setdefault(code, {})[replace(place, row=str(number))] = written

    def tell_missing_tables(self, main):
        """An export to CSV leaves the repeats out, without a word."""
        if not any(headings.places for headings in main):
            return
        there = {place.code for headings in self.headings for place in headings.places.values()}
        for question in self.questions.values():
            if question.kind == Kind.OPEN_TABLE and question.code not in there:
                self.problem("no_table", code=question.code)

    # ---- forms ---------------------------------------------------------------------------------------------------

    def latest(self, forms) -> dict:
        """By the centre's code the form that counts."""
        by_centre = {}
        for sent in forms:
            if not (sent.cells or CENTRE in sent.about):
                continue
            if sent.text(KEY) not in ("", self.questionnaire.key):
                self.problem("other_questionnaire", sent.about[KEY], text=sent.text(KEY))
                continue
            assessment = self.assessment(sent)
            if assessment is None:
                continue
            by_centre.setdefault(assessment.centre.code, (assessment, []))[1].append(sent)
        chosen = {}
        for code, (assessment, sents) in by_centre.items():
            # Of those without a time, or sent at the same one, the last row.
            sents.sort(key=lambda sent: sent.at or datetime.min.replace(tzinfo=UTC))
            for sent in sents[:-1]:
                self.problem("several", sent.place, centre=str(assessment.centre), last=sents[-1].place.row)
            chosen[code] = sents[-1]
        return chosen

    def assessment(self, sent):
        """The self-assessment that the form answers, if the person fills it in and it is with the centre."""
        text = sent.text(CENTRE)
        if not text:
            self.problem("no_centre", sent.place)
            return None
        code = text.strip().casefold()
        if named := CODED.fullmatch(code):
            code = named[1] if named[1] in self.own else code
        found = [code] if code in self.own else self.index.find(text)
        if len(found) != 1:
            self.problem("unknown_centre", sent.about[CENTRE], text=text[:80])
            return None
        assessment = self.own[found[0]]
        if not assessment.is_writable:
            state = assessment.get_state_display()
            self.problem("closed", sent.about[CENTRE], centre=str(assessment.centre), state=str(state))
            return None
        return assessment

    def answers(self, code, sent):
        """Take the answers of a form, and who gave them."""
        at = sent.at.isoformat() if sent.at else ""
        self.taker.take(code, sent.cells, before=self.version_of(sent), at=at)
        if told_by := sent.text(TOLD_BY)[:TOLD_BY_LIMIT]:
            self.parsed.told_by[code] = told_by

    def version_of(self, sent) -> dict | None:
        """The questions of the other version that a form names, where we know it; None for this version."""
        text = sent.text(VERSION).removesuffix(".0")
        if text in ("", str(self.questionnaire.version)):
            return None
        self.problem("other_version", sent.about[VERSION], version=text[:20], current=self.questionnaire.version)
        other = self.versions.get(text)
        return {question.code: question for question in other.all_questions} if other else {}


def versions_named(tables) -> set[str]:
    """The versions that a file's rows name, to look them up."""
    named = set()
    for table in tables:
        if not table.rows:
            continue
        columns = [column for column, text in table.rows[0][1].items() if re.search(rf"(^|\W){VERSION}$", text)]
        named |= {
            cells[column].removesuffix(".0")
            for _number, cells in table.rows[1:]
            for column in columns
            if column in cells
        }
    return named
