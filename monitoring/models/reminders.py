"""Reminders: that a centre was asked by e-mail for the self-assessment that it has not sent yet."""

import uuid

import pgtrigger
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centres.access import CentreOwned, within_centre
from centres.models import User

from .assessments import SelfAssessment


@pgtrigger.register(
    pgtrigger.Protect(name="written_once", operation=pgtrigger.Update),
    *within_centre(assessment="monitoring_selfassessment"),
)
class Reminder(CentreOwned):
    """A centre was reminded of its self-assessment, once a day at most. Never changed; it goes with what it is about.

    Whom the mail went to is not kept: it follows from who had a role at the centre on that day.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(
        SelfAssessment, on_delete=models.CASCADE, related_name="reminders", verbose_name=_("self-assessment")
    )
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    day = models.DateField(_("day"), default=timezone.localdate)
    at = models.DateTimeField(_("at"), auto_now_add=True)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["-at", "pk"]
        constraints = [models.UniqueConstraint(fields=["assessment", "day"], name="reminder_once_a_day")]

    def __str__(self):
        return f"{self.assessment}: {self.day}"
