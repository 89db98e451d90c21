"""Entries of one person: which pairs are likely, which are not the same, which were merged, and how to undo that."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centres.access import CentreKeptQuerySet, CentreOwned, within_centre
from centres.history import track

from .trainees import Trainee


@track()
class NotSame(CentreOwned):
    """Somebody looked at two entries and knows that they are two people. The lesser id stands first."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    first = models.ForeignKey(Trainee, on_delete=models.CASCADE, related_name="not_same_first")
    second = models.ForeignKey(Trainee, on_delete=models.CASCADE, related_name="not_same_second")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="not_same")
    at = models.DateTimeField(default=timezone.now)

    objects = CentreKeptQuerySet.as_manager()

    class Meta:
        verbose_name = _("pair of different people")
        verbose_name_plural = _("pairs of different people")
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="notsame_once"),
            models.CheckConstraint(name="notsame_in_order", condition=Q(first__lt=F("second"))),
        ]
        triggers = within_centre(first="training_trainee", second="training_trainee")

    def __str__(self):
        return f"{self.first} ≠ {self.second}"


@track()
class Merge(CentreOwned):
    """Two entries became one: what moved, what was dropped, and which values the kept one had before.

    `record` holds: `fields`, by name the kept entry's value before and after; `moved`, by model and column the keys of
    the rows that pointed to the absorbed entry; `dropped`, whole rows that both had, such as a target group.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kept = models.ForeignKey(Trainee, on_delete=models.PROTECT, related_name="merges", verbose_name=_("kept entry"))
    absorbed = models.ForeignKey(
        Trainee, on_delete=models.PROTECT, related_name="merges_away", verbose_name=_("absorbed entry")
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="merges")
    at = models.DateTimeField(default=timezone.now)
    record = models.JSONField(default=dict, editable=False)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="merges_undone", null=True, blank=True
    )
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)

    objects = CentreKeptQuerySet.as_manager()

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(name="merge_of_two", condition=~Q(kept=F("absorbed"))),
            models.UniqueConstraint(fields=["absorbed"], condition=Q(undone_at=None), name="merge_away_once"),
            models.CheckConstraint(
                name="merge_undone_by_somebody",
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
            ),
        ]
        triggers = within_centre(kept="training_trainee", absorbed="training_trainee")

    def __str__(self):
        return f"{self.absorbed} → {self.kept}"

    def get_absolute_url(self):
        return reverse("training:merge", args=[self.pk])
