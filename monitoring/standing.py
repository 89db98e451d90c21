"""How far several self-assessments are, in a fixed number of queries: for the overview and the start page."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from centres.models import User

from .completeness import Progress, progress
from .models import Answer, AnswerComment, AssessmentStep, Question, ReturnedAnswer, Section
from .models.assessments import AssessmentState, SelfAssessment

COUNTED_LATE = 60  # days; beyond them their number says no more than the date


@dataclass
class Standing:
    """One self-assessment: its progress, what is to be mended, who wrote last, how late it is."""

    assessment: SelfAssessment
    progress: Progress
    questions: dict[str, Question]
    changed_at: datetime | None = None
    changed_by: User | None = None
    told_by: str = ""  # on whose behalf the last change was made
    returned_at: datetime | None = None  # while it is with the centre again

    @property
    def due(self) -> date | None:
        return self.assessment.cycle.self_assessment_due

    @property
    def days_late(self) -> int:
        """How many days it is overdue; 0 while it is not, and once it was sent: what is returned came in before."""
        if self.due is None or self.assessment.state != AssessmentState.DRAFT:
            return 0
        return max((timezone.localdate() - self.due).days, 0)

    @property
    def is_long_late(self) -> bool:
        return self.days_late > COUNTED_LATE

    @property
    def to_mend(self) -> list[Question]:
        """Returned questions that nobody has touched since, in order."""
        return [self.questions[code] for code in self.progress.to_mend]


def overdue() -> Q:
    """Which self-assessments are overdue: never sent, and the day is over."""
    return Q(state=AssessmentState.DRAFT, cycle__self_assessment_due__lt=timezone.localdate())


def standings(assessments) -> list[Standing]:
    """How far each of these is (at most 7 queries). Their cycles should be loaded."""
    assessments = list(assessments)
    outlines = _outlines({each.questionnaire_id for each in assessments})
    answers = _answers(assessments, outlines)
    reasons = _reasons(assessments, outlines)
    spoken = _spoken([each for each in assessments if reasons[each.pk]], outlines)
    told = _steps_told(assessments)
    found, writers = [], set()
    for each in assessments:
        sections, questions = outlines[each.questionnaire_id]
        known = answers[each.pk]
        row = Standing(
            each,
            progress(sections, known, reasons[each.pk], spoken=spoken[each.pk]),
            {question.code: question for question in questions.values()},
            *_last_change(each, known, told.get(each.pk, "")),
            returned_at=max((reason.step.at for reason in reasons[each.pk].values()), default=None)
            if each.state == AssessmentState.RETURNED
            else None,
        )
        writers.add(row.changed_by)
        found.append(row)
    people = {user.pk: user for user in User.objects.filter(pk__in=writers - {None}).only("name", "username")}
    for row in found:
        row.changed_by = people.get(row.changed_by)
    return found


def _outlines(questionnaires) -> dict:
    """(sections with their questions, questions by id) of each questionnaire (2 queries)."""
    outlines = {pk: ([], {}) for pk in questionnaires}
    sections = {}
    for section in Section.objects.filter(questionnaire__in=questionnaires).order_by("position"):
        section.asked = []
        sections[section.pk] = section
        outlines[section.questionnaire_id][0].append(section)
    for question in Question.objects.filter(questionnaire__in=questionnaires).order_by("position"):
        sections[question.section_id].asked.append(question)
        outlines[question.questionnaire_id][1][question.pk] = question
    return outlines


def _answers(assessments, outlines) -> dict[int, dict[str, Answer]]:
    """By self-assessment and code (1 query)."""
    questionnaires = {each.pk: each.questionnaire_id for each in assessments}
    found = defaultdict(dict)
    for answer in Answer.objects.filter(assessment__in=assessments):
        answer.question = outlines[questionnaires[answer.assessment_id]][1][answer.question_id]
        found[answer.assessment_id][answer.question.code] = answer
    return found


def _reasons(assessments, outlines) -> dict[int, dict[str, ReturnedAnswer]]:
    """Of the last return of each that is with its centre again, by code (1 query)."""
    returned = {each.pk: each.questionnaire_id for each in assessments if each.state == AssessmentState.RETURNED}
    steps = AssessmentStep.objects.filter(assessment=OuterRef("step__assessment"), to_state=AssessmentState.RETURNED)
    last = Subquery(steps.order_by("-at", "-pk").values("pk")[:1])
    found = defaultdict(dict)
    for row in ReturnedAnswer.objects.filter(step__assessment__in=list(returned), step=last).select_related("step"):
        own = row.step.assessment_id
        row.question = outlines[returned[own]][1][row.question_id]
        found[own][row.question.code] = row
    return found


def _spoken(assessments, outlines) -> dict[int, dict[str, datetime]]:
    """When the centre last commented, by code (1 query)."""
    own = {each.pk: each.questionnaire_id for each in assessments}
    found = defaultdict(dict)
    for row in AnswerComment.objects.filter(assessment__in=list(own)).with_side().order_by("created_at"):
        if row.speaks:
            code = outlines[own[row.assessment_id]][1][row.question_id].code
            found[row.assessment_id][code] = row.created_at
    return found


def _steps_told(assessments) -> dict[int, str]:
    """On whose behalf the last step of each was taken; only those are asked for which somebody spoke (1 query)."""
    own = [each.pk for each in assessments if each.told_by]
    steps = AssessmentStep.objects.filter(assessment__in=own).order_by("at", "pk")
    return dict(steps.values_list("assessment", "told_by"))


def _last_change(assessment, answers, told_by: str) -> tuple:
    """(when, id of the person, on whose behalf) of the newest answer or step."""
    changes = [(row.updated_at, row.updated_by_id, row.told_by) for row in answers.values()]
    if assessment.updated_at:
        changes.append((assessment.updated_at, assessment.updated_by_id, told_by))
    return max(changes, key=lambda change: change[0], default=(None, None, ""))
