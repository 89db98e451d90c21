"""What was uploaded from a spreadsheet: read once, previewed, then applied or forgotten."""

import uuid
from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centres.access import ScopedQuerySet, reach_of
from centres.models import User

from .assessments import SelfAssessment
from .cycle import Cycle

KEPT = timedelta(days=1)  # how long a centre's answers wait for their confirmation


class MatrixImportQuerySet(ScopedQuerySet):
    def visible_to(self, user):
        """Her own uploads, as long as she belongs to the network's staff."""
        return self.filter(by=user.pk, cycle__network__in=reach_of(user).oversees)

    def editable_by(self, user):
        """Those that can still be applied: not applied yet, and the cycle is open."""
        return self.visible_to(user).filter(applied_at__isnull=True, cycle__state=Cycle.State.OPEN)


class MatrixImport(models.Model):
    """An uploaded matrix without errors, as it was read, and when it was applied. Waiting ones are replaced."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="imports", verbose_name=_("cycle"))
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    file_name = models.CharField(_("file name"), max_length=200)
    sha256 = models.CharField(_("checksum"), max_length=64)
    parsed = models.JSONField()
    created_at = models.DateTimeField(_("uploaded"), auto_now_add=True)
    applied_at = models.DateTimeField(_("applied"), null=True, blank=True)

    objects = MatrixImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("imported matrix")
        verbose_name_plural = _("imported matrices")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "by"], condition=Q(applied_at__isnull=True), name="matriximport_one_waiting"
            )
        ]

    def __str__(self):
        return f"{self.file_name}: {self.cycle}"

    def get_absolute_url(self):
        return reverse("monitoring:import_preview", args=[self.cycle.code, self.pk])


class AnswerImportQuerySet(ScopedQuerySet):
    def visible_to(self, user):
        """Her own uploads, as long as she fills in self-assessments of the cycle."""
        mine = SelfAssessment.objects.editable_by(user).values("cycle")
        return self.filter(by=user.pk, cycle__in=mine)

    def forget_old(self) -> None:
        """Drop what nobody confirmed within a day."""
        self.filter(created_at__lt=timezone.now() - KEPT, applied_at__isnull=True).delete()


class AnswerImport(models.Model):
    """Answers that were uploaded from a file, as they were read. Once applied, nothing of them is kept here."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="answer_imports", verbose_name=_("cycle"))
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    file_name = models.CharField(_("file name"), max_length=200)
    parsed = models.JSONField(default=dict)  # as monitoring.exchange.parsed tells it
    created_at = models.DateTimeField(_("uploaded"), default=timezone.now)
    applied_at = models.DateTimeField(_("applied"), null=True, blank=True)

    objects = AnswerImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("imported answers")
        verbose_name_plural = _("imported answers")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "by"], condition=Q(applied_at__isnull=True), name="answerimport_one_waiting"
            ),
            models.CheckConstraint(
                name="answerimport_applied_is_empty", condition=Q(applied_at__isnull=True) | Q(parsed={})
            ),
        ]

    def __str__(self):
        return f"{self.file_name}: {self.cycle}"

    def get_absolute_url(self):
        return reverse("monitoring:answers_preview", args=[self.cycle.code, self.pk])
