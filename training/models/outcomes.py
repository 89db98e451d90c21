"""What came of it: how content the trainees were, and what they do half a year later."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centres.access import CentreKeptQuerySet, CentreOwned, within_centre
from centres.history import track
from centres.versions import Versioned

from .enrolments import Enrolment
from .groups import Group


@track()
class Slip(CentreOwned):
    """One anonymous satisfaction slip: three questions, and a few words. Nothing in it leads to a person."""

    class Answer(models.TextChoices):
        """A grade is a code, never a number; no answer is not a bad answer."""

        GOOD = "good", pgettext_lazy("satisfaction", "satisfied")
        PARTLY = "partly", pgettext_lazy("satisfaction", "partly")
        BAD = "bad", pgettext_lazy("satisfaction", "not satisfied")
        NONE = "", pgettext_lazy("satisfaction", "no answer")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="slips", verbose_name=_("group"))
    filled_on = models.DateField(_("filled in on"), default=timezone.localdate)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    content = models.CharField(_("content"), max_length=10, choices=Answer.choices, blank=True)
    methods = models.CharField(_("methods"), max_length=10, choices=Answer.choices, blank=True)
    quality = models.CharField(_("quality"), max_length=10, choices=Answer.choices, blank=True)
    words = models.TextField(_("in their own words"), blank=True)

    objects = CentreKeptQuerySet.as_manager()

    class Meta:
        verbose_name = _("satisfaction slip")
        verbose_name_plural = _("satisfaction slips")
        ordering = ["-filled_on"]
        constraints = [
            models.CheckConstraint(
                name="slip_not_empty",
                condition=~Q(content="", methods="", quality="", words=""),
                violation_error_message=_("A slip needs at least one answer."),
            )
        ]
        triggers = within_centre(group="training_group")

    def __str__(self):
        return f"{self.group}, {self.filled_on}"


@track()
class FollowUp(CentreOwned, Versioned):
    """What a graduate does, asked half a year after the group; every attempt is kept, also the one that failed."""

    class Result(models.TextChoices):
        EMPLOYED = "employed", _("employed")
        BUSINESS = "business", _("own business")
        STUDY = "study", _("further study")
        NONE = "none", pgettext_lazy("outcome", "none of these")
        NOT_REACHED = "not_reached", _("not reached")

    class By(models.TextChoices):
        PHONE = "phone", _("by phone")
        VISIT = "visit", _("in person")
        MESSAGE = "message", _("by message")
        OTHERS = "others", _("through relatives or neighbours")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    enrolment = models.ForeignKey(
        Enrolment, on_delete=models.PROTECT, related_name="follow_ups", verbose_name=_("enrolment")
    )
    asked_on = models.DateField(_("asked on"), default=timezone.localdate)
    how = models.CharField(_("how"), max_length=10, choices=By.choices, default=By.PHONE)
    asked_by = models.CharField(_("asked by"), max_length=150)
    result = models.CharField(_("result"), max_length=12, choices=Result.choices)
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = CentreKeptQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        ordering = ["-asked_on"]
        triggers = within_centre(enrolment="training_enrolment")

    def __str__(self):
        return f"{self.enrolment}: {self.get_result_display()}"
