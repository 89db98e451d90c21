"""A person in a group. People, enrolments and visits are three different counts."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centres.access import CentreKeptQuerySet, CentreOwned, within_centre
from centres.collation import alphabetical
from centres.history import track
from centres.versions import Versioned

from .groups import Group
from .trainees import Trainee


class EnrolmentQuerySet(CentreKeptQuerySet):
    def begun(self):
        """Those that count: without the waiting list and those who never came off it."""
        return self.filter(started_on__isnull=False)

    def on(self, day):
        """In the group on that day; the last day is included."""
        return self.filter(Q(started_on__lte=day), Q(ended_on__isnull=True) | Q(ended_on__gte=day))

    def during(self, first, last):
        """In the group on some day of that time."""
        return self.filter(Q(started_on__lte=last), Q(ended_on__isnull=True) | Q(ended_on__gte=first))

    def by_name(self):
        return self.order_by(alphabetical(F("trainee__surname")), alphabetical(F("trainee__given_name")), "pk")

    def for_list(self):
        return self.select_related("trainee", "group", "group__programme", "centre").by_name()


@track()
class Enrolment(CentreOwned, Versioned):
    """A trainee's place in a group, from the waiting list to completion or dropout."""

    class Status(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("enrolment", "waiting")
        ENROLLED = "enrolled", pgettext_lazy("enrolment", "enrolled")
        COMPLETED = "completed", pgettext_lazy("enrolment", "completed")
        DROPPED = "dropped", pgettext_lazy("enrolment", "dropped out")
        NOT_COME = "not_come", pgettext_lazy("enrolment", "did not begin")

    class Reason(models.TextChoices):
        """Why somebody left."""

        WORK = "work", _("found work")
        SEASON = "season", _("seasonal work")
        FAMILY = "family", _("family")
        HEALTH = "health", _("health")
        MOVED = "moved", _("moved away")
        DISTANCE = "distance", _("distance, transport")
        COST = "cost", _("cost")
        LEVEL = "level", _("too easy or too hard")
        INTEREST = "interest", _("lost interest")
        OTHER = "other", pgettext_lazy("reason", "other")
        UNKNOWN = "unknown", pgettext_lazy("reason", "not known")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="enrolments", verbose_name=_("group"))
    trainee = models.ForeignKey(Trainee, on_delete=models.PROTECT, related_name="enrolments", verbose_name=_("trainee"))
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.ENROLLED)
    applied_on = models.DateField(_("applied on"), default=timezone.localdate)
    started_on = models.DateField(_("began on"), null=True, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    reason = models.CharField(_("reason for leaving"), max_length=10, choices=Reason.choices, blank=True)
    reason_note = models.CharField(_("in other words"), max_length=300, blank=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        ordering = ["group", "applied_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "trainee"],
                name="enrolment_once",
                violation_error_message=_("This person is already in the group."),
            ),
            models.CheckConstraint(
                name="enrolment_dates_in_order",
                condition=(Q(started_on__isnull=True) | Q(started_on__gte=F("applied_on")))
                & (Q(ended_on__isnull=True) | Q(started_on__isnull=True) | Q(ended_on__gte=F("started_on"))),
                violation_error_message=_("The dates are not in order: applied, began, ended."),
            ),
            models.CheckConstraint(
                name="enrolment_dates_fit_status",
                condition=Q(status="waiting", started_on__isnull=True, ended_on__isnull=True)
                | Q(status="enrolled", started_on__isnull=False, ended_on__isnull=True)
                | Q(status__in=["completed", "dropped"], started_on__isnull=False, ended_on__isnull=False)
                | Q(status="not_come", started_on__isnull=True, ended_on__isnull=True),
                violation_error_message=_(
                    "Waiting has no dates yet, enrolled has the first day, completed and dropped out have both."
                ),
            ),
            models.CheckConstraint(
                name="enrolment_reason_only_of_dropout",
                condition=(Q(status="dropped") & ~Q(reason="")) | (~Q(status="dropped") & Q(reason="")),
                violation_error_message=_("Who dropped out needs a reason, “not known” at least; nobody else has one."),
            ),
        ]
        indexes = [models.Index(fields=["centre", "started_on"], name="enrolment_centre_started")]
        triggers = within_centre(group="training_group", trainee="training_trainee")

    def __str__(self):
        return f"{self.trainee}: {self.group}"
