"""Compares answers from a file with those that stand, and writes them: all or nothing, and only what differs.

What a file leaves empty stays as it is, also a part of an answer; only a table whose rows people write themselves is
replaced as a whole. An answer that was changed after the file's was written is kept, unless the person chooses the
file's.
"""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from centres.access import reach_of
from centres.versions import EditConflict

from .. import prefill
from ..instruments import Kind
from ..models import Answer, AnswerImport, SelfAssessment, StepRefused
from .parsed import Given, Parsed, digest_of
from .whole import completed


class Outcome(models.TextChoices):
    """What becomes of an answer of the file."""

    NEW = "new", pgettext_lazy("imported answer", "new")
    CHANGED = "changed", pgettext_lazy("imported answer", "changed")
    NEWER = "newer", pgettext_lazy("imported answer", "a newer answer stands")
    UNFIT = "unfit", pgettext_lazy("imported answer", "does not fit what stands here")
    SAME = "same", pgettext_lazy("imported answer", "the same")


class PlanChanged(Exception):
    """The answers were edited since the preview. Nothing was written."""

    def __init__(self):
        super().__init__(_("The answers have changed since this preview was made. Look at it once more."))


@dataclass(frozen=True)
class Change:
    """One answer of the file beside the one that stands, if any."""

    given: Given
    assessment: SelfAssessment
    question: object
    standing: Answer | None
    value: dict  # that would stand: the file's, completed with the parts that the file leaves empty
    misfits: list  # in sentences why it cannot stand
    outcome: str

    @property
    def key(self) -> str:
        return f"{self.given.centre} {self.given.code}"

    @property
    def before(self) -> dict:
        return self.standing.value if self.standing else {}

    @property
    def is_completed(self) -> bool:
        """Whether parts of the standing answer stay."""
        return self.value != self.given.value

    @property
    def replaces_rows(self) -> bool:
        """Whether rows that stand here give way to those of the file."""
        return self.question.kind == Kind.OPEN_TABLE and bool(self.before)

    @classmethod
    def of(cls, given, assessment, question, standing) -> "Change":
        before = standing.value if standing else {}
        value, misfits = completed(question, given.value, before)
        if value == before or given.digest == digest_of(given.value):
            outcome = Outcome.SAME  # as it stands, or as it stood when the workbook was made
        elif misfits:
            outcome = Outcome.UNFIT
        elif standing and is_newer(standing, given):
            outcome = Outcome.NEWER
        else:
            outcome = Outcome.CHANGED if before else Outcome.NEW
        return cls(given, assessment, question, standing, value, misfits, outcome)


def is_newer(standing: Answer, given: Given) -> bool:
    """Whether the standing answer was written after the file's: by the version that the file knew, or by the time.

    Of a file that tells neither it is not known; then nothing is overwritten without being asked for.
    """
    if given.version is not None:
        return standing.version != given.version
    return not given.at or standing.updated_at > datetime.fromisoformat(given.at)


@dataclass
class Plan:
    """What an import would do to the self-assessments of a cycle."""

    cycle: object
    parsed: Parsed
    changes: list = field(default_factory=list)
    closed: list = field(default_factory=list)  # self-assessments that have been handed in since the upload
    outdated: bool = False  # the cycle uses another questionnaire by now

    @classmethod
    def of(cls, cycle, parsed: Parsed, user) -> "Plan":
        """The plan as things stand; the number of queries does not grow with the answers."""
        plan = cls(cycle, parsed, outdated=cycle.questionnaire_id != parsed.questionnaire)
        if plan.outdated:
            return plan
        own = fillable(cycle, user, {given.centre for given in parsed.answers})
        plan.closed = [assessment for assessment in own.values() if not assessment.is_writable]
        questions = {question.code: question for question in cycle.questionnaire.all_questions}
        known = Answer.objects.filter(assessment__in=[assessment.pk for assessment in own.values()])
        standing = {(answer.assessment_id, answer.question_id): answer for answer in known}
        for given in parsed.answers:
            assessment, question = own.get(given.centre), questions.get(given.code)
            if assessment and assessment.is_writable and question:
                answer = standing.get((assessment.pk, question.pk))
                plan.changes.append(Change.of(given, assessment, question, answer))
        plan.changes.sort(key=lambda change: (change.given.centre, change.question.position))
        return plan

    @property
    def writes(self) -> list[Change]:
        """What is written without being asked about."""
        return [change for change in self.changes if change.outcome in (Outcome.NEW, Outcome.CHANGED)]

    @property
    def newer(self) -> list[Change]:
        """What is only written if the person says so."""
        return [change for change in self.changes if change.outcome == Outcome.NEWER]

    @property
    def unfit(self) -> list[Change]:
        """What cannot be written."""
        return [change for change in self.changes if change.outcome == Outcome.UNFIT]

    @property
    def is_empty(self) -> bool:
        """Whether all answers of the file stand already."""
        return not (self.writes or self.newer or self.unfit)

    @property
    def by_centre(self) -> list:
        """(self-assessment, its changes, number of answers that are the same), by centre."""
        found = {}
        for change in self.changes:
            found.setdefault(change.given.centre, (change.assessment, [], []))[
                2 if change.outcome == Outcome.SAME else 1
            ].append(change)
        return [(assessment, rows, len(same)) for assessment, rows, same in found.values()]

    @property
    def fingerprint(self) -> str:
        """A digest of all that would be written and of what it would be written over."""
        rows = [
            [change.key, change.outcome, change.standing.version if change.standing else 0, change.value]
            for change in (*self.writes, *self.newer)
        ]
        return hashlib.sha256(json.dumps(rows, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    def write(self, *, by, take=()) -> int:
        """Write it, and those newer answers whose keys are in `take`; how many were written.

        Inside a transaction. Raises PlanChanged, StepRefused, CycleFrozen.
        """
        take = set(take)
        chosen = [*self.writes, *(change for change in self.newer if change.key in take)]
        said = computed(chosen)
        for change in chosen:
            assessment, standing = change.assessment, change.standing
            if assessment.centre_id not in reach_of(by).runs:
                assessment.told_by = self.parsed.told_by.get(change.given.centre, "") or assessment.told_by
            try:
                assessment.save_answer(
                    change.question,
                    by=by,
                    version=standing.version if standing else 0,
                    value=change.value,
                    explanation=standing.explanation if standing else "",
                    computed=said.get(change.key),
                )
            except EditConflict:
                raise PlanChanged from None
        return len(chosen)


def computed(changes) -> dict[str, dict]:
    """What the data say now to the questions that are filled in from them, by the change's key."""
    by_assessment = {}
    for change in changes:
        if change.question.prefill:
            by_assessment.setdefault(change.assessment.pk, []).append(change)
    said = {}
    for rows in by_assessment.values():
        found = prefill.computed(rows[0].assessment, [change.question for change in rows])
        said |= {change.key: found.get(change.given.code) for change in rows}
    return said


def fillable(cycle, user, centres=None) -> dict[str, SelfAssessment]:
    """The self-assessments of the cycle that the person fills in, by the centre's code."""
    own = SelfAssessment.objects.editable_by(user).filter(cycle=cycle).select_related("centre", "cycle")
    if centres is not None:
        own = own.filter(centre__code__in=centres)
    return {assessment.centre.code: assessment for assessment in own.order_by("centre__code")}


def apply_upload(stored: AnswerImport, *, by, expected: str, take=()) -> int | None:
    """Write what was previewed and forget the file's content; None where that was done already.

    All or nothing. Raises PlanChanged, StepRefused, CycleFrozen.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:  # one import into a cycle at a time; single answers go on being saved
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('answers import', %s))", [stored.cycle_id])
        row = AnswerImport.objects.select_for_update(of=("self",)).filter(pk=stored.pk).first()
        if row is None or row.applied_at:
            return None
        plan = Plan.of(stored.cycle, Parsed.from_json(row.parsed), by)
        if plan.outdated:
            raise StepRefused(_("The cycle uses another questionnaire by now. Upload the file again."))
        if plan.fingerprint != expected:
            raise PlanChanged
        done = plan.write(by=by, take=take)
        AnswerImport.objects.filter(pk=row.pk).update(applied_at=timezone.now(), parsed={})
    return done
