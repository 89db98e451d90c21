"""What became of the proposals that centres write into their self-assessments."""

import pgtrigger
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from centres.access import CentreOwned, CentreOwnedQuerySet, reach_of, within_centre
from centres.history import track
from centres.models import User

from .assessments import Answer, AssessmentState
from .cycle import Cycle
from .freezing import CycleFrozen, StepRefused, share_cycles
from .matrix import Conclusion, tidy
from .recommendations import Recommendation


class ProposalDecisionQuerySet(CentreOwnedQuerySet):
    def editable_by(self, user):
        """Coordinators and experts of the network, while the cycle is open."""
        return self.filter(
            centre__network__in=reach_of(user).oversees, answer__assessment__cycle__state=Cycle.State.OPEN
        )


@track()
@pgtrigger.register(*within_centre(answer="monitoring_answer"))
class ProposalDecision(CentreOwned):
    """A centre's proposal was taken up as a recommendation, or set aside for a reason.

    Until then it is a candidate; it is one again when its recommendation goes.
    """

    answer = models.OneToOneField(Answer, on_delete=models.PROTECT, related_name="decision", verbose_name=_("proposal"))
    text = models.TextField(_("proposal"), editable=False)  # as it stood when this was decided
    recommendation = models.ForeignKey(
        Recommendation,
        on_delete=models.CASCADE,
        related_name="proposals",
        null=True,
        blank=True,
        verbose_name=_("recommendation"),
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), auto_now=True)

    objects = ProposalDecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision on a proposal")
        verbose_name_plural = _("decisions on proposals")
        ordering = ["-at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="proposaldecision_recommended_or_set_aside",
                condition=Q(recommendation__isnull=False) | ~Q(reason=""),
                violation_error_message=_("Write why the proposal is set aside."),
            ),
        ]

    def __str__(self):
        return f"{self.centre}: {self.text[:60]}"

    @property
    def is_taken_up(self) -> bool:
        return self.recommendation_id is not None

    @classmethod
    @transaction.atomic
    def take_up(cls, answer: Answer, *, by, version: int, conclusion: Conclusion, text: str) -> "ProposalDecision":
        """Append the proposal, as edited in `text`, to the conclusion's recommendations.

        `version` is that of the answer that was read. A resend gives the decision that stands.
        Raises CycleFrozen, StepRefused.
        """
        known = cls._hold(answer)
        if known and known.is_taken_up:
            there = known.recommendation
            if (there.conclusion_id, there.text) == (conclusion.pk, tidy(text)):
                return known
        standing = cls._undecided(answer, known, version)
        recommendation = Recommendation.append(conclusion, by=by, text=text)
        return standing._record(by=by, recommendation=recommendation)

    @classmethod
    @transaction.atomic
    def set_aside(cls, answer: Answer, *, by, version: int, reason: str) -> "ProposalDecision":
        """Say why the proposal does not become a recommendation; the centre reads it.

        `version` is that of the answer that was read. A resend gives the decision that stands.
        Raises CycleFrozen, StepRefused.
        """
        reason = reason.strip()
        if not reason:
            raise StepRefused(_("Write why the proposal is set aside."))
        known = cls._hold(answer)
        if known and not known.is_taken_up and known.reason == reason:
            return known
        return cls._undecided(answer, known, version)._record(by=by, reason=reason)

    @transaction.atomic
    def undo(self, *, by) -> None:
        """Make it a candidate again; a recommendation goes, as long as it reads as it was taken up.

        Raises CycleFrozen, StepRefused.
        """
        known = self._hold(self.answer)
        if known is None:
            return
        if known.is_taken_up:
            known.recommendation.take_back(by=by)  # the decision goes with it
        else:
            known.delete()

    @classmethod
    def _hold(cls, answer: Answer) -> "ProposalDecision | None":
        """Keep others from deciding on the same proposal at once; the decision that there is already."""
        cycle = answer.assessment.cycle_id
        share_cycles([cycle])
        if Cycle.objects.filter(pk=cycle, state=Cycle.State.PUBLISHED).exists():
            raise CycleFrozen
        Answer.objects.select_for_update().get(pk=answer.pk)
        return cls.objects.filter(answer=answer.pk).select_related("recommendation__conclusion__aspect").first()

    @classmethod
    def _undecided(cls, answer: Answer, known: "ProposalDecision | None", version: int) -> "ProposalDecision":
        """The unsaved decision on the proposal as it stands; StepRefused where it stands differently."""
        if known:
            raise StepRefused(_("This proposal was decided on in the meantime. Look at it again."))
        standing = Answer.objects.select_related("assessment").get(pk=answer.pk)
        text = standing.value.get("proposal", "")
        if standing.version != version or not text:
            raise StepRefused(_("The centre has changed this proposal in the meantime. Read it again, then decide."))
        if standing.assessment.state not in {AssessmentState.SUBMITTED, AssessmentState.ACCEPTED}:
            raise StepRefused(_("The self-assessment is with the centre again. Decide once it is submitted."))
        return cls(answer=standing, centre_id=standing.centre_id, text=text)

    def _record(self, *, by, **values) -> "ProposalDecision":
        for name, value in values.items():
            setattr(self, name, value)
        self.by = by
        self.save()
        return self
