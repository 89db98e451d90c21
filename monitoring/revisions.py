"""What changed from one version of a questionnaire to the next, by code, in words for a reader."""

from dataclasses import dataclass, field
from difflib import SequenceMatcher

from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from centres.forms.languages import LANGUAGES

from .differences import Budget, differences
from .drafting import sources
from .instruments import Document, Grade, Kind, QuestionText, said
from .levels import Level

COLUMN_KINDS = {
    "text": pgettext_lazy("kind of answer", "text"),
    "number": pgettext_lazy("kind of answer", "number"),
    "date": pgettext_lazy("kind of answer", "date"),
}
PARTS = {
    "choices": (pgettext_lazy("to a question", "Answer"), gettext_lazy("Order of the answers")),
    "rows": (gettext_lazy("Row"), gettext_lazy("Order of the rows")),
    "columns": (gettext_lazy("Column"), gettext_lazy("Order of the columns")),
}


@dataclass(frozen=True)
class Note:
    """One thing that differs: what it is, and its words in pieces ("same" | "del" | "ins", text)."""

    label: str
    pieces: list


@dataclass
class Change:
    """What became of one section, question or (code "") of the whole."""

    code: str
    text: str
    is_section: bool = False
    notes: list[Note] = field(default_factory=list)


@dataclass
class Changes:
    """All that differs between two versions, each list in the order of the questionnaire."""

    new: list[Change] = field(default_factory=list)
    removed: list[Change] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)

    @property
    def groups(self) -> list[tuple[str, list[Change]]]:
        words = [(_("New"), self.new), (_("Removed"), self.removed), (_("Changed"), self.changed)]
        return [(word, rows) for word, rows in words if rows]

    def __bool__(self) -> bool:
        return bool(self.new or self.removed or self.changed)


WHOLE = {"title": gettext_lazy("title"), "guidance": gettext_lazy("introduction")}
IN_SECTION = {"title": gettext_lazy("title"), "guidance": gettext_lazy("guidance")}
IN_QUESTION = {"text": gettext_lazy("question"), "guidance": gettext_lazy("help")}


def changes(old: Document, new: Document) -> Changes:
    """What a reader of the new version has to know who knew the old one."""
    found, budget = Changes(), Budget()
    if notes := [*_in_texts(old, new, WHOLE, budget)]:
        found.changed.append(Change("", _("The whole questionnaire"), notes=notes))
    sections, questions = _by_code(old.sections), _by_code(old.questions)
    moved = _moved(old.sections, new.sections)
    for section in new.sections:
        before = sections.get(section.code)
        if before is None:
            found.new.append(Change(section.code, said(section.title), is_section=True))
        elif notes := [*_in_texts(before, section, IN_SECTION, budget), *_place(section.code in moved)]:
            found.changed.append(Change(section.code, said(section.title), is_section=True, notes=notes))
        shifted = _moved(before.questions, section.questions) if before else set()
        for question in section.questions:
            if question.code not in questions:
                found.new.append(Change(question.code, said(question.text)))
            elif notes := [
                *_in_question(questions[question.code], question, budget),
                *_place(question.code in shifted),
            ]:
                found.changed.append(Change(question.code, said(question.text), notes=notes))
    stay = {*_by_code(new.sections)}, {*_by_code(new.questions)}
    for section in old.sections:
        if section.code not in stay[0]:
            found.removed.append(Change(section.code, said(section.title), is_section=True))
        gone = [question for question in section.questions if question.code not in stay[1]]
        found.removed += [Change(question.code, said(question.text)) for question in gone]
    return found


def _by_code(rows) -> dict:
    return {row.code: row for row in rows}


def _moved(before, after) -> set[str]:
    """The codes that stand elsewhere among those that were there before; as few as explain the new order."""
    old, new = ([row.code for row in rows] for rows in (before, after))
    old, new = [code for code in old if code in new], [code for code in new if code in old]
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    return {*old} - {code for block in blocks for code in old[block.a : block.a + block.size]}


def _place(moved: bool) -> list[Note]:
    return [Note(_("Place"), [("ins", _("moved"))])] if moved else []


def _in_texts(before, after, names: dict, budget):
    """A note for each text and language in which the words differ."""
    for name, label in names.items():
        yield from _in_languages(capfirst(label), getattr(before, name), getattr(after, name), budget)


def _in_languages(label, before: dict, after: dict, budget):
    """A note for each language in which the words differ; beside them, which languages still say what they said."""
    pairs = [(language, before.get(language, ""), after.get(language, "")) for language in LANGUAGES]
    if all(was == now for _language, was, now in pairs):
        return
    for language, was, now in pairs:
        pieces = differences(was, now, budget) if was != now else [("same", _("not changed"))]
        if was or now:
            yield Note(f"{label} ({dict(settings.LANGUAGES)[language]})", pieces)


def _in_question(before: QuestionText, after: QuestionText, budget):
    yield from _in_texts(before, after, IN_QUESTION, budget)
    facts, later = facts_of(before), facts_of(after)
    for label in {**facts, **later}:
        was, now = facts.get(label, ""), later.get(label, "")
        if was != now:
            yield Note(label, [(kind, text) for kind, text in (("del", was), ("ins", now)) if text])
    yield from _in_languages(_("Unit"), before.options.unit, after.options.unit, budget)
    for name, (label, order) in PARTS.items():
        yield from _in_list(label, order, getattr(before.options, name), getattr(after.options, name), budget)


def _in_list(label, order, before, after, budget):
    """Which answers, rows or columns came, went, or read otherwise; by their keys."""
    was, now = {row.key: row for row in before}, {row.key: row for row in after}
    for key, row in now.items():
        if key not in was:
            yield Note(label, [("ins", row_in_words(row, after))])
            continue
        name = said(row.label) or key
        words = f"{label} {_('“%(name)s”') % {'name': name}}"
        yield from _in_languages(words, was[key].label, row.label, budget)
        if about(was[key]) != about(row):
            old, new = ", ".join(about(was[key], before)), ", ".join(about(row, after))
            yield Note(words, [(kind, text) for kind, text in (("del", old), ("ins", new)) if text])
    for key, row in was.items():
        if key not in now:
            yield Note(label, [("del", row_in_words(row, before))])
    if [key for key in was if key in now] != [key for key in now if key in was]:
        yield Note(order, [("ins", ", ".join(said(row.label) or row.key for row in after))])


# A question's particulars in words, for a reader of one version too.


def facts_of(question) -> dict[str, str]:
    """What is set for the question besides its texts and lists; only what is."""
    options, yes = question.options, pgettext("grade", "Yes")
    rule = rule_in_words(question)
    facts = {
        _("Kind of answer"): str(Kind(question.kind).label),
        _("Required"): yes * question.required,
        _("Source of information is asked"): yes * options.source,
        _("Proposal is asked"): yes * options.proposal,
        _("Columns are added up"): yes * options.total_row,
        _("Decimals"): str(options.decimals or ""),
        _("Filled in from"): source_in_words(question.prefill),
        _("Asked only after"): rule,
    }
    return {str(label): text for label, text in facts.items() if text}


def source_in_words(key: str) -> str:
    """Where an answer is filled in from."""
    source = sources().get(key)
    return f"{source.title} ({source.label})" if source else key


def rule_in_words(question, other=None) -> str:
    """After which answers the question is asked: 8.3.1: Yes, Partly. `other` gives its choices their labels."""
    if not question.depends_on:
        return ""
    grades = {str(grade.value): str(grade.label) for grade in Grade}
    if other is not None and other.kind == Kind.CHOICE:
        grades = {choice.key: said(choice.label) or choice.key for choice in other.options.choices}
    return f"{question.depends_on}: {', '.join(grades.get(value, value) for value in question.depends_values)}"


def about(row, among=()) -> list[str]:
    """What is set for an answer, row or column besides its label; `among` gives the others their labels."""
    words, names = [], {each.key: said(each.label) or each.key for each in among}
    if getattr(row, "level", ""):
        words.append(str(Level(row.level).label))
    if getattr(row, "part_of", ""):
        words.append(_("part of %(row)s") % {"row": names.get(row.part_of, row.part_of)})
    if getattr(row, "kind", ""):
        words.append(str(COLUMN_KINDS.get(row.kind, row.kind)))
    if getattr(row, "decimals", 0):
        words.append(_("decimals: %(number)s") % {"number": row.decimals})
    if getattr(row, "sum_of", ()):
        words.append(_("sum of %(columns)s") % {"columns": ", ".join(names.get(key, key) for key in row.sum_of)})
    return words


def row_in_words(row, among) -> str:
    """An answer, row or column with what is set for it."""
    words = ", ".join(about(row, among))
    return f"{said(row.label) or row.key} ({words})" if words else said(row.label) or row.key
