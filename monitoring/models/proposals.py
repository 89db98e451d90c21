"""What became of the proposals that centres write into their self-assessments."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from centres.access import CentreOwned, within_centre
from centres.history import track
from centres.models import User

from .assessments import Answer
from .recommendations import Recommendation


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
