"""Recommendations that follow from a conclusion."""

import pgtrigger
from django.db import models, transaction
from django.db.models import F, Max, Q
from django.utils.translation import gettext_lazy as _

from centres.access import ScopedQuerySet
from centres.history import track

from .cycle import Cycle
from .freezing import StepRefused, frozen_trigger, share_cycles
from .matrix import LINKS, TEXT_LIMIT, Conclusion, tidy
from .template import Aspect

MOST = 50  # recommendations of one conclusion


class RecommendationQuerySet(ScopedQuerySet):
    def visible_to(self, user):
        """Where the conclusion is visible."""
        return self.filter(cycle__in=Cycle.objects.concluded_for(user).values("pk"))

    def editable_by(self, user):
        return self.filter(cycle__in=Cycle.objects.editable_by(user).values("pk"))

    def history_of(self, conclusion):
        """What was added, changed and removed below a conclusion, newest first."""
        return self.model.pgh_event_model.objects.filter(conclusion=conclusion.pk).order_by("-pgh_id")

    def with_links(self):
        """With the numbers of the aspects it points to, as `see`."""
        return self.annotate(see=LINKS)


@track()
@pgtrigger.register(frozen_trigger())
class Recommendation(models.Model):
    """What should be done, numbered within its conclusion; other aspects that it points to are links, not words."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="recommendations", verbose_name=_("cycle"))
    conclusion = models.ForeignKey(
        Conclusion, on_delete=models.PROTECT, related_name="recommendations", verbose_name=_("conclusion")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    text = models.TextField(_("recommendation"), max_length=TEXT_LIMIT)
    see_also = models.ManyToManyField(Aspect, related_name="+", blank=True, verbose_name=_("see also"))

    objects = RecommendationQuerySet.as_manager()

    class Meta:
        verbose_name = _("recommendation")
        verbose_name_plural = _("recommendations")
        ordering = ["conclusion", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["conclusion", "number"],
                name="recommendation_number_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(name="recommendation_with_text", condition=~Q(text="")),
        ]

    def __str__(self):
        return f"{self.number}. {self.text[:60]}"

    @classmethod
    @transaction.atomic
    def append(cls, conclusion: Conclusion, *, by, text: str) -> "Recommendation":
        """Add one at the end, whatever others have saved there meanwhile; the conclusion's version counts it.

        Who has the conclusion open is told when saving. Raises CycleFrozen, StepRefused.
        """
        standing = cls._hold(conclusion)
        last = standing.recommendations.aggregate(top=Max("number"))["top"] or 0
        if last >= MOST:
            raise StepRefused(
                _("“%(aspect)s” has %(n)s recommendations already, and that is the most.")
                % {"aspect": conclusion.aspect, "n": last}
            )
        standing._write(by=by, version=standing.version, text=standing.text)
        return cls.objects.create(cycle_id=standing.cycle_id, conclusion=standing, number=last + 1, text=tidy(text))

    @transaction.atomic
    def take_back(self, *, by) -> None:
        """Remove it while it reads as it was first written; the ones behind it move up.

        Raises CycleFrozen, StepRefused.
        """
        standing = self._hold(self.conclusion)
        self.refresh_from_db()
        first = self.events.order_by("pgh_id").first()
        if (first and first.text != self.text) or self.see_also.exists():
            raise StepRefused(
                _("Recommendation %(n)s was changed since it was taken up. Remove it on the page of the conclusion.")
                % {"n": self.number}
            )
        standing._write(by=by, version=standing.version, text=standing.text)
        number = self.number
        self.delete()
        standing.recommendations.filter(number__gt=number).update(number=F("number") - 1)

    @staticmethod
    def _hold(conclusion: Conclusion) -> Conclusion:
        """The conclusion as it stands, locked for the rest of the transaction."""
        share_cycles([conclusion.cycle_id])
        return Conclusion.objects.select_for_update().get(pk=conclusion.pk)
