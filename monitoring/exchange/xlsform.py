"""A version of a questionnaire as an XLSForm, which ODK and KoBoToolbox make a form of for phones without a line."""

import io
from collections import Counter

from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from openpyxl import Workbook
from openpyxl.styles import Font

from centres.forms.entry import DAYS, FAR
from centres.forms.languages import LANGUAGES
from centres.forms.numbers import MOST
from centres.spreadsheets import neutralise

from ..forms.answer_fields import LONG_TEXT_LIMIT, PROPOSAL_LIMIT, SOURCE_LIMIT, TEXT_LIMIT
from ..instruments import Kind, said, texts_of
from .names import Place, answer_labels, grade_labels, name_of, names, short_label

SPOKEN = {"en": "English (en)", "ru": "Русский (ru)", "kk": "Қазақша (kk)"}
CENTRE, TOLD_BY, KEY, VERSION = "centre_code", "told_by", "questionnaire_key", "questionnaire_version"

TYPES = {"text": "text", "long_text": "text", "number": "integer", "date": "date"}
LIMITS = {"source": SOURCE_LIMIT, "proposal": PROPOSAL_LIMIT}
WORDS = {
    CENTRE: _("Code of the centre"),
    "centre": _("Centre"),
    TOLD_BY: _("Who gives these answers (name and post)"),
    "code_hint": _("As in the address of the centre's page, in small Latin letters."),
    "code_wrong": _("A code is small Latin letters, figures and hyphens."),
    "required": _("Please answer this question."),
    "negative": _("Write a number that is 0 or more."),
    "decimals": _("Write a number that is 0 or more, with at most %(n)s figures after the point."),
    "sum": _("This has to be the sum of: %(columns)s."),
    "part": _("This is a part of “%(whole)s” and cannot be more than it."),
    "year": FAR,
    "too_long": _("This is longer than %(limit)s characters."),
}


def xlsform(questionnaire) -> bytes:
    """The workbook with the sheets survey, choices and settings, in three languages; the reader's is the default."""
    form = Form(questionnaire)
    book = Workbook()
    book.remove(book.active)
    for name, rows in (("survey", form.survey), ("choices", form.choices), ("settings", [form.settings])):
        sheet = book.create_sheet(name)
        columns = list(dict.fromkeys(column for row in rows for column in row))
        for place, column in enumerate(columns, start=1):
            sheet.cell(1, place, column).font = Font(bold=True)
            for number, row in enumerate(rows, start=2):
                if row.get(column, "") != "":
                    sheet.cell(number, place, row[column])
        sheet.freeze_panes = "A2"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def in_languages(column: str, texts: dict) -> dict:
    """A text as its columns; a language that lacks it has the words of another one."""
    return {
        f"{column}::{SPOKEN[code]}": neutralise(words.replace("${", "$ {"))  # ${...} would stand for another answer
        for code in LANGUAGES
        if (words := said(texts, code))
    }


def ours(word: str, **facts) -> dict:
    """A text of ours in all languages."""
    texts = {}
    for code in LANGUAGES:
        with translation.override(code):
            texts[code] = str(WORDS[word]) % {
                name: fact[code] if isinstance(fact, dict) else fact for name, fact in facts.items()
            }
    return texts


class Form:
    """The rows of the three sheets."""

    def __init__(self, questionnaire):
        self.questionnaire = questionnaire
        self.names = names(questionnaire.all_questions)
        self.kinds = {question.code: question.kind for question in questionnaire.all_questions}
        self.survey, self.choices, self.open = [], [], []
        self._choices("grade", {code: grade_labels(code) for code in LANGUAGES})
        self._about()
        for section in questionnaire.outline:
            self._section(section)

    @property
    def settings(self) -> dict:
        title = texts_of(self.questionnaire, "title")
        return {
            "form_title": neutralise(said(title)),
            "form_id": f"{self.questionnaire.network.code}-{self.questionnaire.key}",
            "version": str(self.questionnaire.version),
            "default_language": SPOKEN.get(get_language(), SPOKEN["en"]),
            "instance_name": f"${{{CENTRE}}}",
        }

    # ---- groups --------------------------------------------------------------------------------------------------

    def _row(self, kind, name, texts=None, hint=None, **more):
        row = {"type": kind, "name": name, **in_languages("label", texts or {}), **in_languages("hint", hint or {})}
        for column in ("constraint_message", "required_message"):
            row |= in_languages(column, more.pop(column, {}))
        self.survey.append(row | more)

    def _begin(self, name, texts, relevant="", what="group", **more):
        self._row(f"begin_{what}", name, texts, relevant=relevant, **more)

    def _end(self, what="group"):
        self.survey.append({"type": f"end_{what}"})

    def _note(self, name, texts):
        if texts:
            self._row("note", name, texts)

    # ---- who answers ---------------------------------------------------------------------------------------------

    def _about(self):
        self._row("end", "end")  # a form filled in without a line is sent days later
        self._note("introduction", texts_of(self.questionnaire, "guidance"))
        needed = {"required": "yes", "required_message": ours("required")}
        self._centre(needed)
        self._row("text", TOLD_BY, ours(TOLD_BY), constraint="string-length(.) <= 200", **needed)
        for name, value in ((KEY, self.questionnaire.key), (VERSION, self.questionnaire.version)):
            self._row("calculate", name, calculation=f"'{value}'")

    def _centre(self, needed):
        """Which centre answers: to choose, while the network has any."""
        centres = list(self.questionnaire.network.centres.order_by("name", "code"))
        if not centres:
            rule = {"constraint": "regex(., '^[a-z0-9_-]{1,50}$')", "constraint_message": ours("code_wrong")}
            self._row("text", CENTRE, ours(CENTRE), ours("code_hint"), **needed, **rule)
            return
        named = Counter(centre.name for centre in centres)
        for centre in centres:
            more = f" ({centre.code})" if named[centre.name] > 1 else ""
            texts = {code: words + more for code, words in texts_of(centre, "name").items() if words}
            self.choices.append({"list_name": "centre", "name": centre.code, **in_languages("label", texts)})
        self._row("select_one centre", CENTRE, ours("centre"), **needed, appearance="minimal autocomplete")

    # ---- sections and questions ----------------------------------------------------------------------------------

    def _section(self, section):
        name = f"s_{section.code.replace('.', '_')}"
        self._begin(name, coded(section.code, texts_of(section, "title")))
        self._note(f"{name}__note", texts_of(section, "guidance"))
        for question in section.asked:
            while self.open and not question.code.startswith(f"{self.open[-1]}."):
                self._close()
            if question.is_heading:
                self._heading(question)
            else:
                self._question(question)
        while self.open:
            self._close()
        self._end()

    def _heading(self, question):
        """A group around what lies below it by its code, or only words where nothing does."""
        name, texts = name_of(question.code), coded(question.code, texts_of(question, "text"))
        if any(code.startswith(f"{question.code}.") for code in self.kinds):
            self._begin(name, texts, self._relevant(question))
            self.open.append(question.code)
            self._note(f"{name}__note", texts_of(question, "guidance"))
        else:
            self._row("note", name, texts, texts_of(question, "guidance"), relevant=self._relevant(question))

    def _close(self):
        self.open.pop()
        self._end()

    def _relevant(self, question) -> str:
        """The rule by which the question is asked; "" where it always is."""
        if self.kinds.get(question.depends_on) not in (Kind.GRADE, Kind.CHOICE):
            return ""
        name = self.names[Place(question.depends_on)]
        return " or ".join(f"${{{name}}} = '{value}'" for value in question.depends_values) or "false()"

    def _question(self, question):
        common = {
            "texts": coded(question.code, texts_of(question, "text")),
            "hint": texts_of(question, "guidance"),
            "relevant": self._relevant(question),
        }
        needed = {"required": "yes", "required_message": ours("required")} if question.required else {}
        match question.kind:
            case Kind.GRADE:
                self._grade(question, common, needed)
            case Kind.FIXED_TABLE:
                self._fixed_table(question, common)
            case Kind.OPEN_TABLE:
                self._open_table(question, common)
            case Kind.CHOICE:
                listed = f"of_{name_of(question.code)}"
                self._choices(listed, {code: answer_labels(question, code) for code in LANGUAGES})
                self._row(f"select_one {listed}", name_of(question.code), **common, **needed)
            case _:
                rules = self._rules(question.kind, question.options.decimals)
                if unit := question.options.unit:
                    common["texts"] = {
                        code: f"{said(common['texts'], code)} ({said(unit, code)})" for code in LANGUAGES
                    }
                self._row(kind_of(question.kind, question.options), name_of(question.code), **common, **rules, **needed)

    def _grade(self, question, common, needed):
        name, options = name_of(question.code), question.options
        if not (options.source or options.proposal):
            self._row("select_one grade", name, **common, **needed)
            return
        relevant = common.pop("relevant")
        self._begin(f"g_{name}", common["texts"], relevant, appearance="field-list")
        self._row("select_one grade", name, **common, **needed)
        for part, place in ((part, Place(question.code, part=part)) for part in LIMITS if getattr(options, part)):
            self._row("text", self.names[place], self._label(question, place), **longest(LIMITS[part]))
        self._end()

    def _fixed_table(self, question, common):
        self._begin(f"t_{name_of(question.code)}", common["texts"], common["relevant"])
        self._note(f"t_{name_of(question.code)}__note", common["hint"])
        for row in question.options.rows:
            inside = f"t_{name_of(question.code, row.key)}"
            self._begin(inside, coded(question.code, row.label), appearance="field-list")
            self._cells(question, row.key)
            self._end()
        self._end()

    def _open_table(self, question, common):
        inside = f"t_{name_of(question.code)}"
        self._begin(inside, common["texts"], common["relevant"])
        self._note(f"{inside}__note", common["hint"])
        self._begin(name_of(question.code), common["texts"], what="repeat")
        self._cells(question)
        self._end("repeat")
        self._end()

    def _cells(self, question, row=""):
        """The columns of one row; those that are sums come after what they are the sum of."""
        for column in sorted(question.options.columns, key=lambda column: bool(column.sum_of)):
            place = Place(question.code, row, column.key)
            rules = self._rules(column.kind, column.decimals)
            if column.kind == "number" and column.sum_of:
                rules = self._sum(question, row, column)
            if column.kind == "number":
                rules = self._within(question, row, column, rules)
            self._row(kind_of(column.kind, column), self.names[place], self._label(question, place), **rules)

    def _sum(self, question, row, column) -> dict:
        """As the answers' own form has it: a total equals its parts where all are given, and is never less."""
        parts = [f"${{{self.names[Place(question.code, row, key)]}}}" for key in column.sum_of]
        labels = {
            code: ", ".join(said(other.label, code) for other in question.options.columns if other.key in column.sum_of)
            for code in LANGUAGES
        }
        all_given = " and ".join(f"{part} != ''" for part in parts)
        known = " + ".join(f"coalesce({part}, 0)" for part in parts)
        # Rounded, since 0.1 + 0.2 is not 0.3 for a phone.
        total, known = f"round(., {column.decimals})", f"round({known}, {column.decimals})"
        return {
            "constraint": f". >= 0 and if({all_given}, {total} = {known}, {total} >= {known})",
            "constraint_message": ours("sum", columns=labels),
        }

    def _within(self, question, row, column, rules) -> dict:
        """A row that is part of another is not more than it, where both are given."""
        whole = next((each.part_of for each in question.options.rows if each.key == row), "")
        other = next((each for each in question.options.rows if whole and each.key == whole), None)
        if other is None:
            return rules
        amount = f"${{{self.names[Place(question.code, whole, column.key)]}}}"
        words = ours("part", whole={code: said(other.label, code) for code in LANGUAGES})
        return {
            "constraint": f"{rules['constraint']} and ({amount} = '' or . <= {amount})",
            "constraint_message": {code: f"{rules['constraint_message'][code]} {words[code]}" for code in LANGUAGES},
        }

    def _label(self, question, place) -> dict:
        """With the code, so that no two columns of an export have the same heading."""
        return coded(question.code, {code: short_label(question, place, code) for code in LANGUAGES})

    def _rules(self, kind, decimals) -> dict:
        match kind:
            case "number" if decimals:
                return {
                    "constraint": f". >= 0 and . <= {MOST} and . = round(., {decimals})",
                    "constraint_message": ours("decimals", n=decimals),
                }
            case "number":
                return {"constraint": f". >= 0 and . <= {MOST}", "constraint_message": ours("negative")}
            case "date":
                first, last = (f"date('{each.limit_value.isoformat()}')" for each in DAYS)
                return {
                    "constraint": f". >= {first} and . <= {last}",
                    "constraint_message": ours("year"),
                }
            case "text":
                return longest(TEXT_LIMIT)
            case "long_text":
                return longest(LONG_TEXT_LIMIT) | {"appearance": "multiline"}
        return {}

    def _choices(self, listed, labels_by_language):
        for key in labels_by_language[LANGUAGES[0]]:
            texts = {code: labels[key] for code, labels in labels_by_language.items()}
            self.choices.append({"list_name": listed, "name": key, **in_languages("label", texts)})


def coded(code: str, texts: dict) -> dict:
    """The texts with the code before them."""
    return {language: f"{code} {words}" for language, words in texts.items()}


def kind_of(kind: str, options) -> str:
    return "decimal" if kind == "number" and options.decimals else TYPES[kind]


def longest(limit: int) -> dict:
    return {"constraint": f"string-length(.) <= {limit}", "constraint_message": ours("too_long", limit=limit)}
