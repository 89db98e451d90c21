"""What the pages of a self-assessment show, gathered in a fixed number of queries."""

from dataclasses import dataclass, field
from functools import cached_property

from django.urls import reverse
from django.utils import timezone

from . import prefill
from .completeness import Progress, SectionProgress, asked_codes, progress
from .forms.answers import AnswerForm, answer_form
from .models import Answer, AnswerComment, Question, ReturnedAnswer, SelfAssessment
from .pages import Thread, threads
from .sending import sealed, speaks_for
from .shown import Shown


@dataclass
class Item:
    """One question of a section's page: its form, and all that stands around it."""

    question: Question
    form: AnswerForm
    address: str  # of its answer
    answer: Answer | None = None
    version: int = 0
    explanation: str = ""
    asked: bool = True
    entry: dict | None = None  # what the data say
    records: str = ""  # where they say it
    token: str = ""
    reason: ReturnedAnswer | None = None
    to_mend: bool = False
    talk: int = 0  # open threads
    theirs: Answer | None = None  # who was faster
    problem: str = ""  # with the explanation
    changed: bool = False  # holds what is not saved

    @property
    def code(self) -> str:
        return self.question.code

    @property
    def unconfirmed(self) -> bool:
        """Whether the field only shows what the data say; nobody has said yet that it is so."""
        return self.entry is not None and self.answer is None

    @property
    def value(self) -> dict:
        return self.answer.value if self.answer else {}

    @property
    def shown(self) -> Shown:
        return Shown(self.question, self.value)

    @property
    def data_shown(self) -> Shown | None:
        return Shown.of_data(self.question, self.entry, self.value) if self.entry else None

    @property
    def theirs_shown(self) -> Shown | None:
        return Shown(self.question, self.theirs.value) if self.theirs else None

    @property
    def is_draft(self) -> bool:
        """Whether the data only give a text to begin with."""
        return bool(self.entry) and prefill.is_draft(self.question, self.entry)

    @property
    def differs(self) -> bool:
        return prefill.differs(self.question, self.value, self.entry)

    @property
    def says_other(self) -> bool:
        """Whether the data say what does not stand here: it differs, or was emptied."""
        return self.differs or (self.answer is not None and not self.shown.is_given)

    @property
    def agrees(self) -> bool:
        """Whether the data say the same."""
        return bool(self.entry) and self.shown.is_given and not (self.differs or self.is_draft)

    @property
    def why(self) -> str:
        """Why it differs from the data. Words left from an earlier answer explain nothing."""
        return self.explanation if self.differs else ""

    @property
    def asks_why(self) -> bool:
        return bool(self.differs or self.explanation or self.problem)

    @property
    def may_ask_why(self) -> bool:
        return self.asks_why or bool(self.entry and not self.is_draft)

    @property
    def data_from(self) -> str:
        return prefill.shown(self.entry)

    @property
    def data_beside(self) -> list[str]:
        return prefill.beside(self.entry)

    @property
    def errors(self) -> list[tuple[str, str]]:
        """(id of the field, what is wrong) of each."""
        if not self.form.is_bound:
            return []
        found = [(f"q-{self.code}", str(error)) for error in self.form.non_field_errors()]
        for bound, words in self.form.told:
            place = bound.auto_id if not hasattr(bound.field, "choices") else f"{bound.auto_id}_0"
            found.append((place, words))
        return found + ([(f"id_q-{self.code}-explanation", self.problem)] if self.problem else [])


@dataclass
class Sheet:
    """A self-assessment for one reader: its questions, answers, steps and talk."""

    assessment: SelfAssessment
    user: object
    reasons: dict[str, ReturnedAnswer] = field(default_factory=dict)

    def __post_init__(self):
        own = self.assessment
        self.cycle, self.centre = own.cycle, own.centre
        self.outline = own.questionnaire.outline
        self.questions = {question.pk: question for question in own.questionnaire.all_questions}
        self.by_code = {question.code: question for question in self.questions.values()}
        self.answers = {}
        for answer in own.answers.select_related("updated_by"):
            answer.question = self.questions[answer.question_id]
            self.answers[answer.question.code] = answer
        self.steps = list(own.steps.select_related("by").prefetch_related("reasons"))
        for step in self.steps:
            for reason in step.reasons.all():
                reason.question, reason.step = self.questions[reason.question_id], step
        if own.is_writable:  # also where it was sent once more and taken back
            last = next((step for step in self.steps if step.to_state == SelfAssessment.State.RETURNED), None)
            rows = sorted(last.reasons.all() if last else [], key=lambda row: row.question.position)
            self.reasons = {row.question.code: row for row in rows}
        self.comments = list(own.comments.with_side().select_related("author").order_by("created_at", "pk"))
        for comment in self.comments:
            comment.question = self.questions[comment.question_id]

    @property
    def behalf(self) -> bool:
        return speaks_for(self.user, self.assessment)

    @property
    def told_by(self) -> str:
        """Who told every one of the answers, where it was one person; "" where each of them says for itself."""
        names = {answer.told_by for answer in self.answers.values()}
        return names.pop() if len(names) == 1 else ""

    @property
    def may_write(self) -> bool:
        """Whether this reader changes answers now; on behalf of a centre she first says who tells them."""
        return self.may_begin and not (self.behalf and not self.assessment.told_by)

    @property
    def may_begin(self) -> bool:
        return self.assessment.may_fill and self.assessment.is_writable

    @property
    def is_overdue(self) -> bool:
        """Whether it was never sent and the day is over; what is returned came in before."""
        due = self.cycle.self_assessment_due
        return bool(due and self.assessment.state == self.assessment.State.DRAFT and timezone.localdate() > due)

    @cached_property
    def spoken(self) -> dict:
        """When the centre last commented, by the question's code."""
        return {row.question.code: row.created_at for row in self.comments if row.speaks}

    @cached_property
    def open_threads(self) -> list[AnswerComment]:
        """First remarks that nobody has resolved, with `last`: the newest word of each."""
        rows = {row.pk: row for row in self.comments if row.parent_id is None and row.resolved_at is None}
        for row in self.comments:
            first = rows.get(row.parent_id or row.pk)
            if first:
                first.last = row
        return sorted(rows.values(), key=lambda row: row.question.position)

    def progress(self, computed=None) -> Progress:
        return progress(self.outline, self.answers, self.reasons, computed, self.spoken)

    @cached_property
    def standing(self) -> Progress:
        """Progress by what is stored."""
        return self.progress()

    @cached_property
    def asked(self) -> set[str]:
        return asked_codes(self.by_code.values(), {code: answer.value for code, answer in self.answers.items()})

    def section_of(self, code: str):
        """The section of the question of that code."""
        section = self.by_code[code].section_id
        return next(each for each in self.outline if each.pk == section)

    def where(self, code: str) -> str:
        """The address of a question on its section's page."""
        args = [self.cycle.code, self.centre.code, self.section_of(code).code]
        return f"{reverse('monitoring:assessment_section', args=args)}#q-{code}"

    def links(self, codes) -> list[tuple[Question, str]]:
        return [(self.by_code[code], self.where(code)) for code in codes]

    @property
    def go_on(self) -> str:
        """Where one stopped: the first question without an answer after the last one that was saved, or any."""
        questions = [each for each in self.by_code.values() if each.code in self.asked]
        given = {code for code, answer in self.answers.items() if answer.is_given}
        latest = max(self.answers.values(), key=lambda answer: answer.updated_at, default=None)
        start = latest.question.position if latest else 0
        questions.sort(key=lambda each: (each.position < start, each.position))
        place = next((each for each in questions if each.code not in given), None)
        mend = self.standing.to_mend
        return self.where(mend[0] if mend else place.code) if mend or place else ""

    def item(self, question: Question, entry: dict | None = None, **values) -> Item:
        """The question as it stands: its answer, or what the data say in its place."""
        answer = self.answers.get(question.code)
        own = [self.cycle.code, self.centre.code, question.code]
        state = {
            "form": answer_form(question, value=answer.value if answer else (entry or {}).get("value")),
            "address": reverse("monitoring:assessment_answer", args=own),
            "answer": answer,
            "version": answer.version if answer else 0,
            "explanation": answer.explanation if answer else "",
            "asked": question.code in self.asked,
            "entry": entry,
            "token": sealed(self.assessment, question.code, entry) if entry else "",
            "reason": self.reasons.get(question.code),
            "to_mend": question.code in self.standing.to_mend,
            "talk": sum(row.question_id == question.pk for row in self.open_threads),
        }
        return Item(question, **state | values)

    def items(self, section) -> list[Item]:
        """The section's questions, headings included, with what the data say."""
        entries = self.entries(section.asked)
        return self.with_records([self.item(question, entries.get(question.code)) for question in section.asked])

    def with_records(self, items: list[Item]) -> list[Item]:
        """The same, each with the address of the records behind what the data say."""
        addresses = {}
        for item in items:
            key = item.entry["source"] if item.entry else ""
            if key not in prefill.SOURCES:
                continue
            if key not in addresses:
                addresses[key] = prefill.SOURCES[key].records(self.cycle, self.centre)
            item.records = addresses[key]
        return items

    def entries(self, questions) -> dict[str, dict]:
        """What the data say, by code: now, or as it was when the answers were handed in."""
        if self.may_begin:
            return prefill.computed(self.assessment, [each for each in questions if each.prefill])
        return {code: answer.computed for code, answer in self.answers.items() if answer.computed}

    def section_progress(self, section) -> SectionProgress:
        return next(part for part in self.standing.sections if part.section.pk == section.pk)


def answer_threads(assessment: SelfAssessment, question: Question, user) -> list[Thread]:
    """What is said about one answer."""
    args = [assessment.cycle.code, assessment.centre.code, question.code]
    rows = AnswerComment.objects.visible_to(user).filter(assessment=assessment, question=question)
    return threads(rows, reverse("monitoring:answer_comment", args=args))
