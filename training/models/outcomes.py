"""What came of it: how content the trainees were, and what they do half a year later."""

import uuid
from datetime import timedelta

import pghistory
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, Exists, F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centres.access import CentreKeptQuerySet, CentreOwned, within_centre
from centres.collation import alphabetical
from centres.dates import months_before
from centres.history import track
from centres.versions import Versioned

from .enrolments import Enrolment
from .groups import Group


class SlipQuerySet(CentreKeptQuerySet):
    @transaction.atomic
    def take_in(self, slips, *, by) -> int:
        """Store slips of one group typed in from paper, all or none; one that was sent before is left alone.

        How many are new. An id that another group uses gives way to a new one. Ask `Slip.stands_otherwise` before.
        """
        known = self.in_bulk([slip.pk for slip in slips])
        for slip in slips:
            if slip.pk in known and known[slip.pk].group_id != slip.group_id:
                slip.pk = uuid.uuid4()
        fresh = [slip for slip in slips if slip.pk not in known]
        with pghistory.context(user=by.pk):
            self.bulk_create(fresh, ignore_conflicts=True)
        return len(fresh)


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

    objects = SlipQuerySet.as_manager()

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

    @property
    def stands_otherwise(self) -> bool:
        """Whether it is stored already, with other answers."""
        told = ("content", "methods", "quality", "words", "language", "filled_on")
        standing = Slip.objects.filter(pk=self.pk, group=self.group_id).first()
        return standing is not None and any(getattr(standing, name) != getattr(self, name) for name in told)


FIRST_ASKED = 6  # months after the last day
LAST_ASKED = 12  # months after the last day; then it is too late
ATTEMPTS = 3  # that reached nobody; then no more
AGAIN_AFTER = timedelta(days=14)  # since an attempt that reached nobody


def graduates(enrolments, day):
    """Those who completed a group six months before that day, or earlier."""
    return enrolments.filter(status=Enrolment.Status.COMPLETED, ended_on__lte=months_before(day, FIRST_ASKED))


def due_for_follow_up(enrolments, day):
    """Whom to ask on that day, each with `attempts` so far and `last_asked`, the longest waiting first.

    Completed at least six months ago and less than twelve, consent not withdrawn, not reached yet, fewer than three
    attempts, the last one at least 14 days ago.
    """
    asked = FollowUp.objects.filter(enrolment=OuterRef("pk"))
    each = asked.order_by().values("enrolment")
    found = graduates(enrolments, day).filter(ended_on__gt=months_before(day, LAST_ASKED)).may_be_asked()
    found = found.filter(~Exists(asked.reached())).annotate(
        attempts=Coalesce(Subquery(each.annotate(n=Count("pk")).values("n")), 0),
        last_asked=Subquery(each.annotate(last=Max("asked_on")).values("last")),
    )
    waited = Q(last_asked=None) | Q(last_asked__lte=day - AGAIN_AFTER)
    names = [alphabetical(F(f"trainee__{part}")) for part in ("surname", "given_name")]
    return found.filter(waited, attempts__lt=ATTEMPTS).order_by("ended_on", *names, "pk")


class FollowUpQuerySet(CentreKeptQuerySet):
    def reached(self):
        return self.exclude(result="not_reached")

    def for_list(self):
        return self.select_related("enrolment__trainee", "enrolment__group", "centre").order_by("-asked_on", "pk")


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

    objects = FollowUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        ordering = ["-asked_on"]
        triggers = within_centre(enrolment="training_enrolment")

    def __str__(self):
        return f"{self.enrolment}: {self.get_result_display()}"

    def clean(self):
        """Only graduates are asked, after the group and not in the future."""
        enrolment = self.enrolment
        if enrolment.status != Enrolment.Status.COMPLETED:
            raise ValidationError(_("Only who completed a group is asked."))
        if self.asked_on and self.asked_on > timezone.localdate():
            raise ValidationError({"asked_on": _("This day lies in the future.")})
        if self.asked_on and self.asked_on < enrolment.ended_on:
            words = {"day": date_format(enrolment.ended_on)}
            raise ValidationError({"asked_on": _("The group lasted for this person until %(day)s.") % words})
