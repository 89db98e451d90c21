"""Recognises a monitoring matrix in tables of text: which row is which aspect, which column which centre.

It never stops at the first problem: every one is collected with its sheet, row, column and a sentence that says what
to do. It needs no database: aspects and centres come as plain names.
"""

import difflib
import re
import unicodedata
from collections import defaultdict
from dataclasses import asdict, dataclass, field

from django.utils.translation import gettext_lazy as _

from . import labels
from .reader import column_letter

TEXT_LIMIT = 20_000  # characters of one text, as in the matrix itself
HEADING_DEPTH = 60  # rows in which the headings are looked for
HEADING_LIMIT = 200  # characters; a longer text is no heading and no title
CELL_LIMIT = 5 * TEXT_LIMIT  # characters of one cell with all that continues it
PLACES_LIMIT = 200  # problems of one kind that are named; of the rest only the number
GUESSES = 20  # misspelt names for which the nearest known one is looked up

ERROR, NOTICE = "error", "notice"

# kind: (severity, heading of its group, sentence)
KINDS = {
    "no_headings": (
        ERROR,
        _("The table was not recognised"),
        _(
            "No row with the names of the centres was found. The table needs one row of headings: "
            "N, Aspects, the centres, Conclusion and recommendations."
        ),
    ),
    "no_aspect_column": (
        ERROR,
        _("The aspects were not recognised"),
        _("No column holds the aspects' numbers or titles. Add a column “N” or “Aspects” left of the centres."),
    ),
    "no_rows": (
        ERROR,
        _("The aspects were not recognised"),
        _("There is nothing under the headings. Add one row for each aspect."),
    ),
    "unknown_centre": (
        ERROR,
        _("Unknown centres"),
        _(
            "“%(text)s” is not a centre of this network. Correct the heading, add the spelling "
            "to the centre's other names, or delete the column."
        ),
    ),
    "unknown_centre_like": (
        ERROR,
        _("Unknown centres"),
        _(
            "“%(text)s” is not a centre of this network. If “%(like)s” is meant, correct the heading "
            "or add the spelling to the centre's other names."
        ),
    ),
    "ambiguous_centre": (
        ERROR,
        _("Unknown centres"),
        _("“%(text)s” can mean several centres: %(centres)s. Write the full name or the centre's code."),
    ),
    "double_centre": (
        ERROR,
        _("Centres that appear twice"),
        _("“%(text)s” is the same centre as column %(first)s (“%(first_text)s”). Keep one of the two columns."),
    ),
    "double_column": (
        ERROR,
        _("Columns that appear twice"),
        _("“%(text)s” means the same as column %(first)s. Join the two columns into one."),
    ),
    "no_heading": (
        ERROR,
        _("Text without a heading"),
        _("There is text in a column that has no heading. Name the column's centre above it or delete the text."),
    ),
    "above_rows": (
        ERROR,
        _("Text above the first aspect"),
        _("There is text between the headings and the first aspect. Move it into an aspect's row or delete it."),
    ),
    "other_headings": (
        ERROR,
        _("Headings in the middle of the table"),
        _("This row names the centres again in another order. Keep one order and delete this row."),
    ),
    "unknown_aspect": (
        ERROR,
        _("Unknown aspects"),
        _("“%(text)s” is not an aspect of this cycle's matrix. Correct the number or title, or delete the row."),
    ),
    "unknown_aspect_like": (
        ERROR,
        _("Unknown aspects"),
        _("“%(text)s” is not an aspect of this cycle's matrix. If aspect %(number)s is meant, write that number."),
    ),
    "contradiction": (
        ERROR,
        _("Number and title disagree"),
        _("The number is %(number)s, but “%(title)s” is aspect %(other)s. Correct one of the two."),
    ),
    "double_aspect": (
        ERROR,
        _("Aspects that appear twice"),
        _(
            "Aspect %(number)s already stands in row %(first)s. Keep one of the two rows; "
            "if this one continues that one, delete its number and title."
        ),
    ),
    "missing_aspect": (
        ERROR,
        _("Missing aspects"),
        _("Aspect %(number)s, “%(title)s”, has no row. Add the row; leave its cells empty if nothing changes."),
    ),
    "formula": (
        ERROR,
        _("Formulas"),
        _("The cell holds a formula. Replace it with its value."),
    ),
    "failure": (
        ERROR,
        _("Failed formulas"),
        _("The cell shows %(text)s. Replace it with what it should say."),
    ),
    "too_long": (
        ERROR,
        _("Texts that are too long"),
        _("The text has %(length)s characters; the limit is %(limit)s. Shorten it."),
    ),
    "more_errors": (
        ERROR,
        _("Not all are listed"),
        _("%(heading)s: %(count)s more."),
    ),
    "more_notices": (
        NOTICE,
        _("Not all are listed"),
        _("%(heading)s: %(count)s more."),
    ),
    "title_differs": (
        NOTICE,
        _("Other titles"),
        _("The title “%(text)s” is not the one of aspect %(number)s (“%(title)s”). The row is taken by its number."),
    ),
    "letters_mixed": (
        NOTICE,
        _("Mixed alphabets"),
        _("“%(text)s” mixes Cyrillic and Latin letters. It is taken for %(centre)s."),
    ),
    "no_summary": (
        NOTICE,
        _("No conclusions"),
        _("The table has no column of conclusions and recommendations. They stay as they are."),
    ),
    "unknown_level": (
        NOTICE,
        _("Unknown levels"),
        _("“%(text)s” names no level (%(words)s). The line stays part of the text."),
    ),
    "miscounted": (
        NOTICE,
        _("Lists that do not count 1, 2, 3"),
        _("The numbers in the recommendations do not run 1, 2, 3. The text is kept as one recommendation."),
    ),
    "unknown_reference": (
        NOTICE,
        _("References without an aspect"),
        _("The text points to section %(number)s, which this matrix does not have. The words stay, without a link."),
    ),
    "only_number": (
        NOTICE,
        _("Cells with only a number or date"),
        _("The cell holds only “%(text)s”. It is kept so; check that the spreadsheet program did not change it."),
    ),
    "lost_letters": (
        NOTICE,
        _("Lost letters"),
        _(
            "Question marks stand where letters were: Windows-1251 has no Kazakh letters. "
            "Save the table as CSV UTF-8 or XLSX."
        ),
    ),
    "merged": (
        NOTICE,
        _("Merged cells"),
        _("The cells %(range)s are merged. Their text is taken for the first of them only."),
    ),
    "hidden_rows": (
        NOTICE,
        _("Hidden parts"),
        _("Hidden rows are read as well: %(which)s."),
    ),
    "hidden_columns": (
        NOTICE,
        _("Hidden parts"),
        _("Hidden columns are read as well: %(which)s."),
    ),
    "hidden_sheet": (
        NOTICE,
        _("Hidden parts"),
        _("The matrix stands in a hidden sheet. It is read all the same."),
    ),
    "other_sheet": (
        NOTICE,
        _("Further sheets"),
        _("The sheet “%(other)s” looks like a matrix, too. Only the first one is read."),
    ),
}


@dataclass(frozen=True)
class AspectNames:
    """An aspect of the cycle's template: its number and its titles, the reader's language first."""

    number: int
    titles: tuple


@dataclass(frozen=True)
class CentreNames:
    """A centre of the network: its code and all its names and other spellings, the reader's language first."""

    code: str
    names: tuple


@dataclass(frozen=True)
class Problem:
    """Something in the file that a person should know (notice) or must put right (error)."""

    kind: str
    sheet: str = ""
    row: int | None = None
    column: int | None = None
    facts: dict = field(default_factory=dict)

    @property
    def is_error(self):
        """Whether it stands in the way of the import."""
        return KINDS[self.kind][0] == ERROR

    @property
    def heading(self):
        """What it has in common with others of its kind."""
        return KINDS[self.kind][1]

    @property
    def sentence(self):
        """What is the matter and what to do, without the place."""
        return str(KINDS[self.kind][2]) % self.facts

    @property
    def letter(self):
        """The column as the spreadsheet program names it."""
        return column_letter(self.column) if self.column else ""

    @property
    def place(self):
        """Sheet, row and column in words; "" for the file as a whole."""
        facts = {"sheet": self.sheet, "row": self.row, "column": self.letter}
        if self.row and self.column:
            place = _("row %(row)s, column %(column)s") % facts
        elif self.row:
            place = _("row %(row)s") % facts
        elif self.column:
            place = _("column %(column)s") % facts
        else:
            place = ""
        if not self.sheet:
            return str(place)
        if not place:
            return _("sheet “%(sheet)s”") % facts
        return _("sheet “%(sheet)s”, %(place)s") % {"sheet": self.sheet, "place": place}

    def __str__(self):
        place = self.place
        return f"{place[:1].upper()}{place[1:]}: {self.sentence}" if place else self.sentence


@dataclass(frozen=True)
class ParsedCell:
    """What the file says for one aspect at one centre; empty texts and level where it says nothing."""

    aspect: int
    centre: str
    finding: str
    perspective: str
    level: str
    row: int
    column: int

    @property
    def is_empty(self):
        """Whether the file says nothing."""
        return not (self.finding or self.perspective or self.level)


@dataclass(frozen=True)
class ParsedConclusion:
    """What the file says in the last column for one aspect."""

    aspect: int
    text: str
    recommendations: tuple  # (number, text)
    row: int
    column: int


@dataclass
class ParsedMatrix:
    """A matrix as the file holds it, and every problem found on the way."""

    sheet: str = ""
    centres: list = field(default_factory=list)  # codes, in the file's order
    cells: list = field(default_factory=list)
    conclusions: list = field(default_factory=list)
    problems: list = field(default_factory=list)

    @property
    def errors(self):
        """The problems that stand in the way of the import."""
        return [problem for problem in self.problems if problem.is_error]

    @property
    def notices(self):
        """The problems that do not."""
        return [problem for problem in self.problems if not problem.is_error]

    def as_json(self):
        """The matrix as plain lists and dictionaries."""
        return asdict(self)

    @classmethod
    def from_json(cls, data):
        """The matrix that `as_json` was called on."""
        return cls(
            sheet=data["sheet"],
            centres=data["centres"],
            cells=[ParsedCell(**cell) for cell in data["cells"]],
            conclusions=[
                ParsedConclusion(
                    **{**row, "recommendations": tuple((number, text) for number, text in row["recommendations"])}
                )
                for row in data["conclusions"]
            ],
            problems=[Problem(**problem) for problem in data["problems"]],
        )


@dataclass
class Group:
    """Problems of one kind: what they have in common, and each different sentence with all its places."""

    heading: str
    is_error: bool
    sentences: dict = field(default_factory=dict)  # sentence: [place, ...]

    @property
    def count(self):
        """How many problems it holds."""
        return sum(map(len, self.sentences.values()))


def grouped(problems):
    """The problems as Groups, errors first, in the order of their first appearance."""
    groups = {}
    for problem in sorted(problems, key=lambda problem: not problem.is_error):
        heading = str(problem.heading)
        group = groups.setdefault((problem.is_error, heading), Group(heading, problem.is_error))
        group.sentences.setdefault(problem.sentence, []).append(problem.place)
    return list(groups.values())


# ---------------------------------------------------------------------------------------------------------------------
# Names
# ---------------------------------------------------------------------------------------------------------------------

# Words that say "centre" around a centre's name, in the three languages and their abbreviations.
CENTRE_WORDS = {
    *("clc", "clcs", "center", "centre", "community", "learning"),
    *("оуц", "цоо", "оцо", "цмо", "мцо", "цоб", "центр", "общественный", "общинный", "учебный", "обучающий"),
    *("обучения", "образования"),
    *("оқо", "қоо", "қбо", "қоғамдық", "орталық", "орталығы", "оқу", "оқыту", "білім", "беру"),
}
LOOKALIKES = str.maketrans("авекмнорстухіјѕԁһ", "abekmhopctyxijsdh")
LOST = re.compile(r"(?:[а-яё]|(?<!\S))\?[а-яё]", re.IGNORECASE)  # a question mark within a word or before one
LATIN, CYRILLIC = re.compile(r"[a-z]"), re.compile(r"[а-яёіїјѕәғқңөұүһԁ]")


def normal(text):
    """Text for comparing: letters and digits only, one case, ё as е, mixed alphabets as Latin."""
    text = unicodedata.normalize("NFKC", text).casefold().replace("ё", "е")
    words = re.findall(r"[^\W_]+", text)
    return " ".join(word.translate(LOOKALIKES) if is_mixed(word) else word for word in words)


def is_mixed(word):
    """Whether one word has both Cyrillic and Latin letters, which only a typing error explains."""
    return bool(LATIN.search(word) and CYRILLIC.search(word))


def without_centre_words(name):
    """A normalised name without the words that only say that it is a centre."""
    return " ".join(word for word in name.split() if word not in CENTRE_WORDS) or name


class CentreIndex:
    """Finds a centre by any spelling of its name."""

    def __init__(self, centres):
        self.labels = {centre.code: centre.names[0] if centre.names else centre.code for centre in centres}
        self.full, self.core = defaultdict(set), defaultdict(set)
        self.guesses = 0
        for centre in centres:
            for name in (centre.code, *centre.names):
                self.full[normal(name)].add(centre.code)
                self.core[without_centre_words(normal(name))].add(centre.code)

    def find(self, heading):
        """The codes of all centres that a heading can mean: one, none or several."""
        name = normal(heading)
        return sorted(self.full.get(name) or self.core.get(without_centre_words(name)) or ())

    def nearest(self, heading):
        """The name of the centre that a misspelt heading most resembles, or ""."""
        self.guesses += 1
        if self.guesses > GUESSES or len(heading) > HEADING_LIMIT:
            return ""
        close = difflib.get_close_matches(without_centre_words(normal(heading)), list(self.core), n=1, cutoff=0.72)
        return self.labels[min(self.core[close[0]])] if close else ""


def row_number(text):
    """The aspect number in a number cell ("1.", "1", "1.0", "№ 1", "1)"), or None."""
    match = re.fullmatch(r"(?:№|#|n|no\.?)?\s*(\d{1,3})(?:[.,]0+)?\s*[.):]?", text.strip(), re.IGNORECASE)
    return int(match[1]) if match else None


# ---------------------------------------------------------------------------------------------------------------------
# Headings
# ---------------------------------------------------------------------------------------------------------------------


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


# ---------------------------------------------------------------------------------------------------------------------
# The table
# ---------------------------------------------------------------------------------------------------------------------


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
            piece = labels.plain(piece).strip()
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
            words = ", ".join(words["en"][0] for words in labels.LEVELS.values())
            self.problem("unknown_level", row, column, text=shortened(text.rpartition("\n")[2]), words=words)
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


def shortened(text, length=80):
    """A text for a message: one line, not too long."""
    text = " ".join(text.split())
    return text if len(text) <= length else text[: length - 1] + "…"
