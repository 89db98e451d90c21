"""Recognises a monitoring matrix in tables of text: which row is which aspect, which column which centre.

It never stops at the first problem: every one is collected with its sheet, row, column and a sentence that says what
to do. It needs no database: aspects and centres come as plain names.
"""

import difflib
import re
from collections import defaultdict

from centres.imports.reader import column_letter
from centres.spreadsheets import plain

from . import labels
from .headings import find_headings, headings_in
from .names import GUESSES, HEADING_LIMIT, CentreIndex, is_mixed, normal, row_number
from .parsed import ParsedCell, ParsedConclusion, ParsedMatrix
from .problems import ERROR, KINDS, PLACES_LIMIT, Problem, shortened

TEXT_LIMIT = 20_000  # characters of one text, as in the matrix itself
CELL_LIMIT = 5 * TEXT_LIMIT  # characters of one cell with all that continues it
LOST = re.compile(r"(?:[а-яё]|(?<!\S))\?[а-яё]", re.IGNORECASE)  # a question mark within a word or before one


def parse(tables, aspects, centres):
    """The monitoring matrix in the first table whose headings are recognised, visible sheets before hidden ones."""
    index = CentreIndex(centres)
    recognised = []
    for table in sorted(tables, key=lambda table: table.hidden):
        headings = find_headings(table, index)
        if headings:
            recognised.append((table, headings))
    if not recognised:
        return unrecognised(tables)
    table, headings = recognised[0]
    matrix = MatrixReader(table, headings, index, aspects).read()
    matrix.problems.extend(
        Problem("other_sheet", sheet=table.name, facts={"other": other.name}) for other, _headings in recognised[1:]
    )
    return matrix


def unrecognised(tables):
    """The answer to a file without recognisable headings. Formulas are named, since they may have hidden them."""
    first = next((table for table in tables if table.rows), tables[0])
    problems = [Problem("no_headings", sheet=first.name)]
    for table in tables:
        problems.extend(Problem("formula", table.name, row, column) for row, column in table.formulas[:PLACES_LIMIT])
    return ParsedMatrix(sheet=first.name, problems=problems)


class MatrixReader:
    """Reads one table under its headings."""

    def __init__(self, table, headings, index, aspects):
        self.table = table
        self.headings = headings
        self.index = index
        self.aspects = {aspect.number: aspect for aspect in aspects}
        self.titles = {normal(title): aspect.number for aspect in aspects for title in aspect.titles if title}
        self.body = [(row, cells) for row, cells in table.rows if row > headings.row]
        self.matrix = ParsedMatrix(sheet=table.name)
        self.columns = {}  # column: centre code
        self.first_rows = {}  # aspect number: row
        self.rows_of = defaultdict(list)  # aspect number: all its rows
        self.pieces = defaultdict(list)  # (aspect number, column): texts of the row and those that continue it
        self.kept = defaultdict(int)  # kind: number of its problems
        self.guesses = 0

    def read(self):
        """The parsed matrix with all its problems."""
        self.read_columns()
        self.read_rows()
        self.read_cells()
        self.note_formulas()
        self.note_hidden()
        self.note_merged()
        for kind, count in self.kept.items():
            if count > PLACES_LIMIT:
                more = "more_errors" if KINDS[kind][0] == ERROR else "more_notices"
                facts = {"heading": str(KINDS[kind][1]), "count": count - PLACES_LIMIT}
                self.matrix.problems.append(Problem(more, self.table.name, facts=facts))
        self.matrix.problems.sort(key=lambda problem: (not problem.is_error, problem.row or 0, problem.column or 0))
        return self.matrix

    def problem(self, kind, row=None, column=None, **facts):
        """Keep a problem with its place."""
        self.kept[kind] += 1
        if self.kept[kind] <= PLACES_LIMIT:
            self.matrix.problems.append(Problem(kind, self.table.name, row, column, facts))

    # Columns

    def read_columns(self):
        """Decide what each column is."""
        headings = self.headings
        self.infer_aspect_columns()
        own = {headings.number, headings.title, headings.summary}
        for column, first in headings.doubles:
            if column not in own:
                self.problem(
                    "double_column", headings.row, column, text=headings.texts[column], first=column_letter(first)
                )
        known = own | set(headings.centres) | {column for column, _first in headings.doubles}
        for column, text in sorted(headings.texts.items()):
            if column in headings.centres:
                self.read_centre_heading(column, text, headings.centres[column])
            elif column not in known:
                like = self.index.nearest(text)
                kind = "unknown_centre_like" if like else "unknown_centre"
                self.problem(kind, headings.row, column, text=shortened(text), like=like)
        if headings.number is None and headings.title is None:
            self.problem("no_aspect_column", headings.row)
        if headings.summary is None:
            self.problem("no_summary", headings.row)

    def read_centre_heading(self, column, text, codes):
        """One column of a centre."""
        row = self.headings.row
        if len(codes) > 1:
            names = ", ".join(f"{self.index.labels[code]} ({code})" for code in codes)
            self.problem("ambiguous_centre", row, column, text=text, centres=names)
            return
        first = next((other for other, code in self.columns.items() if code == codes[0]), None)
        if first is not None:
            first_text = self.headings.texts[first]
            self.problem("double_centre", row, column, text=text, first=column_letter(first), first_text=first_text)
            return
        if any(is_mixed(word) for word in text.casefold().split()):
            self.problem("letters_mixed", row, column, text=text, centre=self.index.labels[codes[0]])
        self.columns[column] = codes[0]
        self.matrix.centres.append(codes[0])

    def infer_aspect_columns(self):
        """Find the number and title columns by what is in them where their headings say nothing."""
        headings = self.headings
        taken = {headings.number, headings.title, headings.summary, *headings.centres}
        for column in sorted({column for _row, cells in self.body for column in cells} - taken):
            texts = [cells[column] for _row, cells in self.body if column in cells]
            numbers = sum(row_number(text) in self.aspects for text in texts)
            titles = sum(self.title_number(text) is not None for text in texts)
            if headings.number is None and numbers * 2 > len(texts):
                headings.number = column
            elif headings.title is None and titles * 3 > len(texts):
                headings.title = column

    # Rows

    def title_number(self, text):
        """The aspect that a title names, also with its number before it ("3. Trainers"), or None."""
        if len(text) > HEADING_LIMIT:
            return None
        name = normal(text)
        if name in self.titles:
            return self.titles[name]
        match = re.match(r"\s*(\d{1,3})\s*[.)]\s*(.+)", text, re.DOTALL)
        return self.titles.get(normal(match[2])) if match else None

    def read_rows(self):
        """Give every text under the headings to its aspect."""
        if not self.body:
            self.problem("no_rows", self.headings.row)
            return
        if self.headings.number is None and self.headings.title is None:
            return
        current, title_so_far, skipping = None, "", False
        for row, cells in self.body:
            number_text = cells.get(self.headings.number, "")
            title_text = cells.get(self.headings.title, "")
            if self.repeats_headings(row, cells):
                continue
            if current and not number_text and title_text and self.continues_title(current, title_so_far, title_text):
                title_so_far, title_text = f"{title_so_far} {title_text}", ""
            if number_text or title_text:
                current = self.identify(row, number_text, title_text)
                title_so_far, skipping = title_text, current is None
            elif current is None and not skipping:
                texts = [column for column in cells if column in self.columns or column == self.headings.summary]
                if texts:
                    self.problem("above_rows", row, min(texts))
            if current:
                self.rows_of[current].append(row)
            self.collect(row, cells, current)
        for number, aspect in sorted(self.aspects.items()):
            if number not in self.first_rows:
                self.problem("missing_aspect", number=number, title=aspect.titles[0] if aspect.titles else "")

    def repeats_headings(self, row, cells):
        """Whether a row under the headings is the headings again, as printed tables have them on every page."""
        again = headings_in(row, cells, self.index)
        if len(again.centres) < 2:
            return False
        if any(self.headings.centres.get(column) != codes for column, codes in again.centres.items()):
            self.problem("other_headings", row)
        return True

    def continues_title(self, current, title_so_far, text):
        """Whether a title without a number is the rest of the title above, broken by the page's end."""
        joined = normal(f"{title_so_far} {text}")
        if normal(text) in self.titles:
            return False
        return any(normal(title).startswith(joined) for title in self.aspects[current].titles if title)

    def identify(self, row, number_text, title_text):
        """The aspect that a row's number and title name; None, with the problem kept, if they name none."""
        headings = self.headings
        number = row_number(number_text) if number_text else None
        by_title = self.title_number(title_text) if title_text else None
        if number_text and number is None and not title_text:
            by_title = self.title_number(number_text)
        shown = shortened(" ".join(text for text in (number_text, title_text) if text))
        column = headings.number if number_text else headings.title
        if number is not None and by_title is not None and by_title != number:
            self.problem(
                "contradiction", row, headings.title, number=number, title=shortened(title_text), other=by_title
            )
            return None
        if number_text and number is None and by_title is None:
            return self.unknown_aspect(row, column, shown, title_text or number_text)
        found = number if number is not None else by_title
        if found not in self.aspects:
            return self.unknown_aspect(row, column, shown, title_text)
        if found in self.first_rows:
            self.problem("double_aspect", row, column, number=found, first=self.first_rows[found])
            return None
        self.first_rows[found] = row
        if title_text and by_title is None and not self.resembles(found, title_text):
            title = self.aspects[found].titles[0] if self.aspects[found].titles else ""
            self.problem("title_differs", row, headings.title, text=shortened(title_text), number=found, title=title)
        return found

    def resembles(self, number, text):
        """Whether a title shares the beginning of a longer word with one of the aspect's own titles."""
        stems = {word[:5] for title in self.aspects[number].titles for word in normal(title).split() if len(word) > 3}
        return any(word[:5] in stems for word in normal(text).split() if len(word) > 3)

    def unknown_aspect(self, row, column, shown, title):
        """Keep the problem, with the aspect whose title comes nearest."""
        self.guesses += 1
        close = []
        if title and len(title) <= HEADING_LIMIT and self.guesses <= GUESSES:
            close = difflib.get_close_matches(normal(title), list(self.titles), n=1, cutoff=0.75)
        if close:
            self.problem("unknown_aspect_like", row, column, text=shown, number=self.titles[close[0]])
        else:
            self.problem("unknown_aspect", row, column, text=shown)

    def collect(self, row, cells, current):
        """Keep a row's texts for their aspect; text under no heading is a problem."""
        own = {self.headings.number, self.headings.title}
        for column, text in cells.items():
            if column in self.columns or column == self.headings.summary:
                if current:
                    self.pieces[current, column].append((row, text))
            elif column not in own and column not in self.headings.texts:
                self.problem("no_heading", row, column)

    # Cells

    def read_cells(self):
        """Take the texts apart into findings, perspectives, levels, conclusions and recommendations."""
        for number, row in sorted(self.first_rows.items()):
            for column, code in self.columns.items():
                self.read_cell(number, code, row, column)
            if self.headings.summary is not None:
                self.read_summary(number, row, self.headings.summary)

    def joined(self, number, column):
        """The text of a cell with the rows that continue it: the same words in the same order as if unbroken."""
        parts, length = [], 0
        for row, piece in self.pieces[number, column]:
            piece = plain(piece).strip()
            if "\ufffd" in piece or len(LOST.findall(piece)) > 1:
                self.problem("lost_letters", row, column)
            length += len(piece)
            if length > CELL_LIMIT:
                self.problem("too_long", row, column, length=length, limit=CELL_LIMIT)
                break
            if parts:
                parts.append("\n" if labels.starts_with_label(piece) else " ")
            parts.append(piece)
        return "".join(parts)

    def read_cell(self, number, code, row, column):
        """One centre's cell."""
        text = self.joined(number, column)
        finding, perspective, level = labels.read_cell(text)
        self.check_length(row, column, finding, perspective)
        if labels.names_unknown_level(text):
            self.problem("unknown_level", row, column, text=shortened(text.rpartition("\n")[2]))
        if re.fullmatch(r"[\d\s.,:/%-]+", text) and re.search(r"\d", text):
            self.problem("only_number", row, column, text=shortened(text))
        self.matrix.cells.append(ParsedCell(number, code, finding, perspective, level, row, column))

    def read_summary(self, number, row, column):
        """One aspect's conclusion and recommendations."""
        summary = labels.read_summary(self.joined(number, column))
        texts = [summary.conclusion, *(text for _number, text in summary.recommendations)]
        self.check_length(row, column, *texts)
        if summary.miscounted:
            self.problem("miscounted", row, column)
        for reference in sorted({reference for text in texts for reference in labels.references(text)}):
            if reference not in self.aspects:
                self.problem("unknown_reference", row, column, number=reference)
        self.matrix.conclusions.append(
            ParsedConclusion(number, summary.conclusion, tuple(summary.recommendations), row, column)
        )

    def check_length(self, row, column, *texts):
        """No text is longer than the matrix takes."""
        longest = max(len(text) for text in texts)
        if longest > TEXT_LIMIT:
            self.problem("too_long", row, column, length=longest, limit=TEXT_LIMIT)

    # What a spreadsheet can hide

    def note_formulas(self):
        """Name every formula and every failed one from the headings down."""
        for row, column in self.table.formulas:
            if row >= self.headings.row:
                self.problem("formula", row, column)
        for row, column, text in self.table.failures:
            if row >= self.headings.row:
                self.problem("failure", row, column, text=text)

    def note_hidden(self):
        """Hidden parts are read, since leaving them out would lose text without a word; but they are named."""
        used = {row for row, _cells in self.body}
        rows = [row for row in self.table.hidden_rows if row in used]
        columns = [column for column in self.table.hidden_columns if column in self.headings.texts]
        if rows:
            self.problem("hidden_rows", rows[0], which=", ".join(map(str, rows[:50])))
        if columns:
            letters = ", ".join(map(column_letter, columns[:50]))
            self.problem("hidden_columns", None, columns[0], which=letters)
        if self.table.hidden:
            self.problem("hidden_sheet")

    def note_merged(self):
        """A cell merged over two centres or two aspects has its text in the first one only."""
        for first_column, first_row, last_column, last_row in self.table.merged:
            columns = [column for column in self.columns if first_column <= column <= last_column]
            aspects = [
                number for number, rows in self.rows_of.items() if any(first_row <= row <= last_row for row in rows)
            ]
            if aspects and columns and (len(columns) > 1 or len(aspects) > 1):
                corner = f"{column_letter(first_column)}{first_row}:{column_letter(last_column)}{last_row}"
                self.problem("merged", first_row, first_column, range=corner)
