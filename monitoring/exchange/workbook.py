"""A centre's self-assessment as a workbook to fill in without a line: one sheet per section, lists to choose from.

The first column says what a row is, for the way back: `8.1.1` a question, `5/rent` and `3.1/2` rows of a table,
`3.1: curriculum, men` the columns of the table below. A hidden sheet names centre, cycle and version, and which answers
stood when the workbook was made.
"""

import io
import re
from datetime import date
from decimal import Decimal

from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from centres.spreadsheets import neutralise, printable

from .. import prefill
from ..instruments import MOST_ROWS, Kind, said
from .names import PARTS, answer_labels
from .parsed import FIELDS, digest_of

MARK, LISTS = "clcnet", "lists"  # hidden sheets
FIRST = 4  # column of the first answer
SPARE_ROWS = 10  # empty rows of an open table
WIDTHS = (12, 48, 40, 34, 34, 34, 16, 16, 16, 16, 16, 16)
# These begin like a formula and are none in a cell of text: they need no apostrophe, which people would see.
PHONES = re.compile(r"\+[0-9][0-9 ()/,;+-]*")

GREY, HEAD = Font(color="777777", size=9), PatternFill("solid", start_color="E3F0F1")
FIELD = PatternFill("solid", start_color="FFFDE8")
EDGE = Border(*[Side(style="thin", color="999999")] * 4)
WRAP = Alignment(wrap_text=True, vertical="top")


def workbook(assessment) -> bytes:
    """XLSX in the reader's language, with the answers that stand and, where there is none, what the data say."""
    return Filling(assessment).save()


class Filling:
    """The workbook while it is made."""

    def __init__(self, assessment):
        self.assessment, self.questionnaire = assessment, assessment.questionnaire
        questions = self.questionnaire.all_questions
        self.answers = {row.question_id: row for row in assessment.answers.all()}
        unanswered = [row for row in questions if not self.stored(row)]
        # What was handed in stays as it was: an empty cell there is a question that nobody answered.
        is_open = assessment.is_writable and not assessment.cycle.is_published
        self.computed = prefill.computed(assessment, unanswered) if is_open else {}
        self.book, self.bases, self.lists = Workbook(), [], {}
        self.explain(self.book.active)
        self.list_sheet = self.book.create_sheet(LISTS)
        for section in self.questionnaire.outline:
            SectionSheet(self, section)
        self.mark(self.book.create_sheet(MARK))
        self.book.move_sheet(LISTS, len(self.book.sheetnames))
        self.list_sheet.sheet_state = self.book[MARK].sheet_state = "hidden"

    def stored(self, question) -> dict:
        answer = self.answers.get(question.pk)
        return answer.value if answer else {}

    def value(self, question) -> dict:
        """What its cells show; noted, so that what is left as it was is recognised when it comes back."""
        stored, entry = self.stored(question), self.computed.get(question.code)
        value = stored or (entry["value"] if entry else {})
        # What the data say counts once it comes back, a text to begin with only once it was worked on.
        known = value if stored or (entry and prefill.is_draft(question, entry)) else {}
        answer = self.answers.get(question.pk)
        self.bases.append((question.code, answer.version if answer else 0, digest_of(known)))
        return value

    def listed(self, labels: list[str]) -> str:
        """Where a list to choose from stands."""
        labels = tuple(map(neutralise, labels))
        if labels not in self.lists:
            place = len(self.lists) + 1
            for number, text in enumerate(labels, start=1):
                self.list_sheet.cell(number, place, text)
            letter = get_column_letter(place)
            self.lists[labels] = f"{LISTS}!${letter}$1:${letter}${len(labels)}"
        return self.lists[labels]

    def explain(self, sheet):
        sheet.title = sheet_name(_("How to fill in"))
        sheet.column_dimensions["A"].width = 110
        lines = [
            str(self.assessment.centre),
            f"{self.questionnaire.title_i18n} · {self.assessment.cycle}",
            _("Version %(n)s of the questionnaire") % {"n": self.questionnaire.version},
            "",
            _("Write into the yellow cells only. The first column stays as it is."),
            _("What you leave empty changes nothing. Unknown is not 0: leave it empty."),
            _("Only a table whose rows you write yourself is replaced as a whole, by the rows of the file."),
            _("What stands here already is your answers so far, or what the data say. Correct what is wrong."),
            _("Save the workbook and upload it on the page of the self-assessment. You see every change first."),
        ]
        for number, text in enumerate(lines, start=1):
            cell = sheet.cell(number, 1, neutralise(text))
            cell.alignment, cell.font = WRAP, Font(bold=number == 1)
        sheet.protection.sheet = True

    def mark(self, sheet):
        rows = [
            ("centre", self.assessment.centre.code),
            ("cycle", self.assessment.cycle.code),
            ("questionnaire", self.questionnaire.key),
            ("version", self.questionnaire.version),
            *(("answer", *base) for base in self.bases),
        ]
        for row in rows:
            sheet.append([str(text) for text in row])

    def save(self) -> bytes:
        file = io.BytesIO()
        self.book.save(file)
        return file.getvalue()


class SectionSheet:
    """One section's questions below each other."""

    def __init__(self, filling, section):
        self.filling, self.language = filling, get_language()
        name = sheet_name(f"{section.code} {section.title_i18n}")
        self.sheet = filling.book.create_sheet(name)
        self.row, self.validations = 0, {}
        for place, width in enumerate(WIDTHS, start=1):
            self.sheet.column_dimensions[get_column_letter(place)].width = width
        self.head("№", _("Question"), _("Help"), capfirst(_("answer")), _("Source of information"), _("Proposal"))
        self.sheet.freeze_panes = "C2"
        self.line("", str(section), section.guidance_i18n, bold=True)
        for question in section.asked:
            self.question(question)
        self.sheet.protection.sheet = True
        self.sheet.protection.formatColumns = self.sheet.protection.formatRows = False  # False allows it

    def head(self, *texts):
        self.row += 1
        for place, text in enumerate(texts, start=1):
            cell = self.sheet.cell(self.row, place, neutralise(text))
            cell.font, cell.fill, cell.alignment = (GREY if place == 1 else Font(bold=True)), HEAD, WRAP

    def line(self, code, text, help_text="", bold=False):
        self.row += 1
        for place, words in enumerate((code, text, help_text), start=1):
            cell = self.sheet.cell(self.row, place, neutralise(words) or None)
            cell.alignment, cell.number_format = WRAP, "@"
            cell.font = GREY if place != 2 else Font(bold=bold)

    def question(self, question):
        text = f"{question.text_i18n} *" if question.required else question.text_i18n
        if unit := said(question.options.unit):
            text += f" ({unit})"
        self.line(question.code, text, question.guidance_i18n, bold=question.is_heading)
        if question.is_heading:
            return
        value = self.filling.value(question)
        if question.kind == Kind.FIXED_TABLE:
            self.table(question, [(row.key, said(row.label)) for row in question.options.rows], value.get("rows", {}))
        elif question.kind == Kind.OPEN_TABLE:
            stored = value.get("rows", [])
            rows = [(str(n), str(n)) for n in range(1, min(len(stored) + SPARE_ROWS, MOST_ROWS) + 1)]
            self.table(question, rows, {str(n): cells for n, cells in enumerate(stored, start=1)})
        else:
            kind, decimals = str(question.kind), question.options.decimals
            self.cell(FIRST, kind, value.get(FIELDS.get(kind, kind), ""), question, decimals)
            for place, part in enumerate(PARTS, start=FIRST + 1):
                if question.kind == Kind.GRADE and getattr(question.options, part):
                    self.cell(place, "text", value.get(part, ""))

    def table(self, question, rows, stored):
        """The columns' names, then a line for each row."""
        columns = question.options.columns
        keys = ", ".join(column.key for column in columns)
        self.head(f"{question.code}: {keys}", "", "", *(said(column.label) for column in columns))
        for key, label in rows:
            self.line(f"{question.code}/{key}", label)
            for place, column in enumerate(columns, start=FIRST):
                text = stored.get(key, {}).get(column.key, "")
                self.cell(place, column.kind, text, decimals=column.decimals)

    def cell(self, place, kind, text, question=None, decimals=0):
        """A cell to fill in, with what is known."""
        cell = self.sheet.cell(self.row, place)
        cell.fill, cell.border, cell.alignment, cell.protection = FIELD, EDGE, WRAP, Protection(locked=False)
        match kind:
            case "number":
                cell.value = Decimal(text) if text else None
                self.rule(cell, type="decimal", operator="greaterThanOrEqual", formula1="0")
            case "date":
                # The first weeks of 1900 are counted in two ways by spreadsheet programs.
                day = date.fromisoformat(text) if text >= "1901" else text or None
                cell.value, cell.number_format = day, "yyyy-mm-dd"
            case Kind.GRADE | Kind.CHOICE:
                labels = answer_labels(question, self.language)
                cell.value = neutralise(labels.get(text, "")) or None
                self.rule(cell, type="list", formula1=self.filling.listed(list(labels.values())))
            case _:
                # As text: a spreadsheet program would turn some words into days and numbers.
                words = printable(text) if PHONES.fullmatch(text) else neutralise(text)
                cell.value, cell.number_format = words or None, "@"

    def rule(self, cell, **rule):
        key = tuple(rule.items())
        if key not in self.validations:
            made = self.validations[key] = DataValidation(allow_blank=True, showErrorMessage=True, **rule)
            made.error = (
                _("Choose from the list.") if rule["type"] == "list" else _("Write a number that is 0 or more.")
            )
            self.sheet.add_data_validation(made)
        self.validations[key].add(cell)


def sheet_name(text: str) -> str:
    """A text as the name of a sheet: without what no name can hold."""
    return " ".join(re.sub(r"[\[\]:*?/\\']", " ", text).split())[:31].strip() or "-"
