"""Recommendations that follow from a conclusion."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from centres.access import ScopedQuerySet
from centres.history import track

from .cycle import Cycle, frozen_trigger
from .matrix import LINKS, TEXT_LIMIT, Conclusion
from .template import Aspect


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
