"""What can be the matter with a file that holds a matrix: each kind with its severity, heading and sentence."""

from dataclasses import dataclass, field

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from centres.imports.reader import column_letter

from .labels import LEVELS

PLACES_LIMIT = 200  # problems of one kind that are named; of the rest only the number

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
        _("“%(text)s” names no level (%(levels)s). The line stays part of the text."),
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
        return str(KINDS[self.kind][2]) % ({"levels": levels()} | self.facts)

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


def levels():
    """The levels in the reader's language, as exports write them."""
    return ", ".join(words[get_language()][0] for words in LEVELS.values())


def shortened(text, length=80):
    """A text for a message: one line, not too long."""
    text = " ".join(text.split())
    return text if len(text) <= length else text[: length - 1] + "…"
