"""The self-assessment: one centre's answers to the cycle's questionnaire, from the first word to acceptance."""

import contextlib
import json
import uuid

import pgtrigger
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, connection, models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centres.access import CentreKeptQuerySet, CentreOwned, reach_of, within_centre
from centres.history import track
from centres.models import User
from centres.versions import EditConflict

from ..instruments import is_answered
from .cycle import Cycle
from .freezing import CycleFrozen, StepRefused, frozen_trigger, share_cycles, written_once
from .questionnaires import Question, Questionnaire

EXPLANATION_LIMIT = 2_000  # characters of the word of explanation


class AssessmentState(models.TextChoices):
    """Where a self-assessment stands between the centre and its reviewers."""

    DRAFT = "draft", pgettext_lazy("state of a self-assessment", "draft")
    SUBMITTED = "submitted", pgettext_lazy("state of a self-assessment", "submitted")
    RETURNED = "returned", pgettext_lazy("state of a self-assessment", "returned")
    ACCEPTED = "accepted", pgettext_lazy("state of a self-assessment", "accepted")


WRITABLE = (AssessmentState.DRAFT, AssessmentState.RETURNED)


class SelfAssessmentQuerySet(CentreKeptQuerySet):
    """The network's coordinators and experts and the centre's own people see it; donors and other centres do not."""

    def editable_by(self, user):
        """Who fills it in: the centre's people, and coordinators on its behalf, while the cycle is open."""
        return super().editable_by(user).filter(cycle__state=Cycle.State.OPEN)

    def reviewed_by(self, user):
        """Who returns and accepts it: coordinators and experts, while the cycle is open."""
        return self.filter(cycle__network__in=reach_of(user).oversees, cycle__state=Cycle.State.OPEN)

    def for_page(self):
        """With everything that its own pages name."""
        return self.select_related("cycle__network", "centre", "questionnaire", "updated_by")

    def in_column_order(self):
        """In the order of the cycle's columns, with their centres."""
        beside = self.filter(centre__participations__cycle=F("cycle"))
        return beside.select_related("centre").order_by("centre__participations__position")

    def waiting_for(self, user):
        """Those that the person's own centres have still to send, the most urgent first."""
        mine = self.filter(centre__in=reach_of(user).runs, cycle__state=Cycle.State.OPEN, state__in=WRITABLE)
        return mine.for_page().order_by("cycle__self_assessment_due", "pk")


@track()
@pgtrigger.register(frozen_trigger())
class SelfAssessment(CentreOwned):
    """What a centre says of itself in one cycle. It exists from the moment the cycle asks the centre."""

    State = AssessmentState

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="self_assessments", verbose_name=_("cycle"))
    questionnaire = models.ForeignKey(
        Questionnaire, on_delete=models.PROTECT, related_name="self_assessments", verbose_name=_("questionnaire")
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)  # counts the steps
    told_by = models.CharField(
        _("on behalf of"),
        max_length=200,
        blank=True,
        help_text=_("Who at the centre gives the answers that a coordinator writes down."),
    )
    updated_at = models.DateTimeField(null=True, blank=True, editable=False)
    updated_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True, editable=False
    )

    objects = SelfAssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("self-assessment")
        verbose_name_plural = _("self-assessments")
        ordering = ["cycle", "centre"]
        constraints = [models.UniqueConstraint(fields=["cycle", "centre"], name="selfassessment_once")]

    def __str__(self):
        return f"{self.cycle} · {self.centre}"

    def get_absolute_url(self):
        return reverse("monitoring:assessment", args=[self.cycle.code, self.centre.code])

    @property
    def is_writable(self) -> bool:
        """Its answers can change now: it is neither with the reviewers nor accepted."""
        return self.state in WRITABLE

    def save_answer(
        self, question: Question, *, by, version: int, value: dict, explanation: str = "", computed: dict | None = None
    ) -> int:
        """Save one answer as edited from `version` (0: there was none); the number of the version that now stands.

        One statement, and a second one only where nothing changes or somebody was faster. A resend of what stands is
        recognised. `computed` is what the data said when it was written; None leaves it as it is.
        Raises EditConflict, StepRefused, CycleFrozen; where the row has become stale it is the database that refuses,
        which ends a transaction around this.
        """
        if self.cycle.is_published:
            raise CycleFrozen
        mine = {"value": value, "explanation": explanation}
        same = Q(**mine)
        if computed is not None:
            mine["computed"] = computed
            same &= Q(computed__value=computed["value"])
        mine |= {"told_by": "" if self.centre_id in reach_of(by).runs else self.told_by}
        known = Answer.objects.filter(assessment=self.pk, question=question.pk)
        if not self.is_writable:
            theirs = known.first()
            if theirs and theirs.holds(value, explanation):
                return theirs.version  # it arrived before the self-assessment was submitted
            self._require(WRITABLE)
        with _refusals():
            if version:
                now = timezone.now()
                written = (
                    known.filter(version=version)
                    .exclude(same)
                    .update(version=version + 1, updated_at=now, updated_by=by, **mine)
                )
            else:
                written = Answer.first(self, question, by=by, **mine)
        if written:
            return version + 1
        theirs = known.select_related("updated_by").first()
        if theirs is None:  # a page knows a version that is not there any more, as after a backup was brought back
            return self.save_answer(question, by=by, version=0, value=value, explanation=explanation, computed=computed)
        if theirs.holds(value, explanation):
            return theirs.version
        raise EditConflict(theirs, theirs.recorded(version))

    def submit(self, *, by, version: int, note: str = "") -> None:
        """Hand it to the reviewers. What has to be there first is `completeness`' to say."""
        self._require(WRITABLE)
        self._step(self.State.SUBMITTED, by=by, version=version, note=note)

    def withdraw(self, *, by, version: int, note: str = "") -> None:
        """Take it back to go on writing."""
        self._require({self.State.SUBMITTED})
        self._step(self.State.DRAFT, by=by, version=version, note=note)

    @transaction.atomic
    def give_back(self, *, by, version: int, reasons: dict[str, str], note: str = "") -> None:
        """Return it to the centre with a reason for each question to mend, by its code; at least one is required."""
        self._require({self.State.SUBMITTED, self.State.ACCEPTED})
        reasons = {code: text.strip() for code, text in reasons.items() if text.strip()}
        if not reasons:
            raise StepRefused(_("Write for at least one question what is to be mended."))
        step = self._step(self.State.RETURNED, by=by, version=version, note=note)
        questions = {row.code: row for row in self.questionnaire.questions.filter(code__in=reasons)}
        ReturnedAnswer.objects.bulk_create(
            ReturnedAnswer(centre_id=self.centre_id, step=step, question=questions[code], reason=text)
            for code, text in reasons.items()
        )

    def accept(self, *, by, version: int, note: str = "") -> None:
        """Take it as the centre's word for this cycle."""
        self._require({self.State.SUBMITTED})
        self._step(self.State.ACCEPTED, by=by, version=version, note=note)

    def returned(self) -> list["ReturnedAnswer"]:
        """The reasons of the last return, in the order of the questions; none unless it is with the centre again."""
        if self.state != self.State.RETURNED:
            return []
        step = self.steps.filter(to_state=self.State.RETURNED).first()
        return list(step.reasons.select_related("question", "step").order_by("question__position")) if step else []

    def _require(self, states) -> None:
        if self.state not in states:
            raise StepRefused(
                _("This step is not possible now: the self-assessment is “%(state)s”.")
                % {"state": self.get_state_display()}
            )

    @transaction.atomic
    def _step(self, state, *, by, version, note) -> "AssessmentStep":
        before, now = self.state, timezone.now()
        with _refusals(), transaction.atomic():
            share_cycles([self.cycle_id])
            written = SelfAssessment.objects.filter(pk=self.pk, version=version).update(
                state=state, version=version + 1, updated_at=now, updated_by=by
            )
        if not written:
            raise EditConflict(SelfAssessment.objects.for_page().get(pk=self.pk))
        self.state, self.version, self.updated_at, self.updated_by = state, version + 1, now, by
        told_by = "" if self.centre_id in reach_of(by).runs else self.told_by
        return AssessmentStep.objects.create(
            centre_id=self.centre_id,
            assessment=self,
            from_state=before,
            to_state=state,
            by=by,
            told_by=told_by if state == self.State.SUBMITTED else "",
            note=note.strip(),
        )


@contextlib.contextmanager
def _refusals():
    """Says what the database's triggers refuse in the domain's words. Needs no savepoint of its own."""
    try:
        yield
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "")
        if name == "cycle_frozen":
            raise CycleFrozen from error
        if name == "answer_locked":
            raise StepRefused(
                _("The self-assessment was submitted in the meantime. Take it back before changing an answer.")
            ) from error
        raise


class AnswerQuerySet(CentreKeptQuerySet):
    def editable_by(self, user):
        return self.filter(assessment__in=SelfAssessment.objects.editable_by(user).values("pk"))


@track()
@pgtrigger.register(
    pgtrigger.Trigger(
        name="locked",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("its_cycle", "bigint")],
        func="""
            SELECT cycle_id INTO its_cycle FROM monitoring_selfassessment
            WHERE id = COALESCE(NEW.assessment_id, OLD.assessment_id);
            PERFORM 1 FROM monitoring_cycle WHERE id = its_cycle AND state = 'open' FOR SHARE;
            IF NOT FOUND AND its_cycle IS NOT NULL THEN
                RAISE EXCEPTION 'the cycle is published'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'cycle_frozen';
            END IF;
            PERFORM 1 FROM monitoring_selfassessment own
            JOIN monitoring_question asked ON asked.questionnaire_id = own.questionnaire_id
            WHERE own.id = COALESCE(NEW.assessment_id, OLD.assessment_id)
                AND asked.id = COALESCE(NEW.question_id, OLD.question_id)
                AND own.state IN ('draft', 'returned')
            FOR SHARE OF own;
            IF NOT FOUND OR TG_OP = 'UPDATE' AND (
                NEW.assessment_id <> OLD.assessment_id OR NEW.question_id <> OLD.question_id
            ) THEN
                RAISE EXCEPTION 'the self-assessment is not open'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'answer_locked';
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,
    ),
    *within_centre(assessment="monitoring_selfassessment"),
)
class Answer(CentreOwned):
    """A centre's answer to one question. It can change while the self-assessment is with the centre."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(
        SelfAssessment, on_delete=models.PROTECT, related_name="answers", verbose_name=_("self-assessment")
    )
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers", verbose_name=_("question"))
    value = models.JSONField(_("answer"), default=dict, encoder=DjangoJSONEncoder)
    # What the data said when this was written: {"source": key, "value": …, "at": ISO time}.
    computed = models.JSONField(null=True, blank=True, editable=False, encoder=DjangoJSONEncoder)
    explanation = models.TextField(_("why it differs from the data"), blank=True, max_length=EXPLANATION_LIMIT)
    version = models.PositiveIntegerField(default=1, editable=False)
    updated_at = models.DateTimeField(editable=False)
    updated_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", editable=False)
    told_by = models.CharField(_("on behalf of"), max_length=200, blank=True, editable=False)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["assessment", "question__position"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "question"], name="answer_once"),
        ]

    def __str__(self):
        return f"{self.assessment}: {self.question.code}"

    @classmethod
    def first(cls, assessment, question, *, by, value, explanation, told_by, computed=None) -> bool:
        """Insert the first answer to a question in one statement; False where there is one already."""
        row = {
            "id": uuid.uuid4(),
            "centre_id": assessment.centre_id,
            "assessment_id": assessment.pk,
            "question_id": question.pk,
            "value": json.dumps(value, cls=DjangoJSONEncoder),
            "computed": None if computed is None else json.dumps(computed, cls=DjangoJSONEncoder),
            "explanation": explanation,
            "version": 1,
            "updated_at": timezone.now(),
            "updated_by_id": by.pk,
            "told_by": told_by,
        }
        columns, places = ", ".join(row), ", ".join(["%s"] * len(row))
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO monitoring_answer ({columns}) VALUES ({places})"  # noqa: S608 - our own names
                " ON CONFLICT (assessment_id, question_id) DO NOTHING",
                list(row.values()),
            )
            return cursor.rowcount == 1

    @property
    def is_given(self) -> bool:
        """Whether it says anything: an emptied answer stays as a row, for its history."""
        return is_answered(self.question.kind, self.value)

    def holds(self, value: dict, explanation: str) -> bool:
        """Whether just this stands here already."""
        return (self.value, self.explanation) == (value, explanation)

    def recorded(self, version: int):
        """The row as history recorded it at that version; None when it has no record."""
        return self.events.filter(version=version).order_by("-pgh_id").first()


@pgtrigger.register(written_once(), *within_centre(assessment="monitoring_selfassessment"))
class AssessmentStep(CentreOwned):
    """A step of a self-assessment: by whom, when, on whose behalf, why. Never changed, never deleted."""

    assessment = models.ForeignKey(
        SelfAssessment, on_delete=models.PROTECT, related_name="steps", verbose_name=_("self-assessment")
    )
    from_state = models.CharField(_("from state"), max_length=10, choices=AssessmentState.choices)
    to_state = models.CharField(_("to state"), max_length=10, choices=AssessmentState.choices)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    told_by = models.CharField(_("on behalf of"), max_length=200, blank=True)
    at = models.DateTimeField(_("at"), auto_now_add=True)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("step of a self-assessment")
        verbose_name_plural = _("steps of self-assessments")
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{self.assessment}: {self.get_to_state_display()}"


@pgtrigger.register(written_once())
class ReturnedAnswer(CentreOwned):
    """What is to be mended in one answer, as the self-assessment was returned. Never changed, never deleted."""

    step = models.ForeignKey(AssessmentStep, on_delete=models.PROTECT, related_name="reasons", verbose_name=_("step"))
    question = models.ForeignKey(
        Question, on_delete=models.PROTECT, related_name="returned_answers", verbose_name=_("question")
    )
    reason = models.TextField(_("reason"), max_length=2_000)

    class Meta:
        verbose_name = _("returned answer")
        verbose_name_plural = _("returned answers")
        ordering = ["step", "question__position"]
        constraints = [
            models.UniqueConstraint(fields=["step", "question"], name="returnedanswer_once"),
            models.CheckConstraint(name="returnedanswer_with_reason", condition=~Q(reason="")),
        ]

    def __str__(self):
        return f"{self.question.code}: {self.reason[:60]}"
