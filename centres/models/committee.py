"""A centre's committee: its members, their meetings and what they decided."""

from datetime import date
from uuid import uuid4

from django.db import models
from django.db.models import Case, Count, F, OuterRef, Prefetch, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from ..access import CentreKeptQuerySet, CentreOwned, within_centre
from ..collation import alphabetical
from ..dates import months_before
from ..files import KeepsFile
from ..history import track
from ..versions import Versioned

ACTIVE_MONTHS = 6
ACTIVE_MEETINGS = 2
ACTIVE_DECISIONS = 1


class CommitteeMemberQuerySet(CentreKeptQuerySet):
    def on(self, day):
        """Members on that day; an unknown beginning counts as long ago."""
        return self.filter(
            Q(from_date__isnull=True) | Q(from_date__lte=day), Q(until_date__isnull=True) | Q(until_date__gte=day)
        )

    def for_list(self):
        """Deputy and secretary before the others, then by name."""
        order = [When(role=role, then=Value(place)) for place, role in enumerate(CommitteeMember.Role.values)]
        return self.order_by(Case(*order, default=Value(9)), alphabetical("name"), "pk")


@track()
class CommitteeMember(CentreOwned, Versioned):
    """Who sits on the centre's committee, in which part, from when to when. Its chair is a `Post`."""

    class Role(models.TextChoices):
        DEPUTY = "deputy", _("deputy chair")
        SECRETARY = "secretary", _("secretary")
        MEMBER = "member", _("member")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    centre = models.ForeignKey(
        "centres.Centre", on_delete=models.PROTECT, related_name="committee_members", verbose_name=_("centre")
    )
    name = models.CharField(_("name"), max_length=150)
    role = models.CharField(_("role"), max_length=10, choices=Role.choices, default=Role.MEMBER)
    organisation = models.CharField(_("organisation"), max_length=200, blank=True)
    from_date = models.DateField(_("from"), null=True, blank=True)
    until_date = models.DateField(_("until"), null=True, blank=True)

    objects = CommitteeMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("member of the committee")
        verbose_name_plural = _("members of the committee")
        ordering = ["centre", "name"]
        constraints = [
            models.CheckConstraint(
                name="committeemember_dates_in_order",
                condition=Q(from_date__isnull=True) | Q(until_date__isnull=True) | Q(until_date__gte=F("from_date")),
                violation_error_message=_("The last day lies before the first."),
            )
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return f"{reverse('centres:committee', args=[self.centre.code])}#row-{self.pk}"

    @property
    def is_current(self) -> bool:
        today = timezone.localdate()
        return (self.from_date or today) <= today <= (self.until_date or today)


class MeetingQuerySet(CentreKeptQuerySet):
    def with_minutes(self):
        """Of which minutes are kept, as text or as a file."""
        return self.exclude(minutes="", file="")

    def for_list(self):
        """With their decisions, the latest first (2 queries)."""
        return self.prefetch_related(Prefetch("decisions", Decision.objects.for_list())).order_by("-date", "pk")


@track()
class Meeting(CentreOwned, KeepsFile, Versioned):
    """A meeting of the committee: what was on the agenda, who was there, what the minutes say."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    date = models.DateField(_("date"))
    agenda = models.TextField(_("agenda"), blank=True)
    present = models.PositiveSmallIntegerField(_("people present"), null=True, blank=True)
    minutes = models.TextField(_("minutes"), blank=True)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting of the committee")
        verbose_name_plural = _("meetings of the committee")
        ordering = ["centre", "-date"]
        constraints = [models.CheckConstraint(name="meeting_present_not_negative", condition=Q(present__gte=0))]

    def __str__(self):
        return f"{self._meta.verbose_name}, {date_format(self.date)}"

    def get_absolute_url(self):
        return reverse("centres:meeting", args=[self.centre.code, self.pk])

    @property
    def has_minutes(self) -> bool:
        return bool(self.minutes or self.file)


class DecisionQuerySet(CentreKeptQuerySet):
    def overdue(self, day):
        """Still open although their time is over."""
        return self.filter(state=Decision.State.OPEN, due__lt=day)

    def for_list(self):
        """Open ones first, the earliest due on top."""
        state = Case(When(state=Decision.State.OPEN, then=Value(0)), default=Value(1))
        return self.order_by(state, F("due").asc(nulls_last=True), "pk")


@track()
class Decision(CentreOwned, Versioned):
    """What a meeting decided: who does it by when, and what became of it."""

    class State(models.TextChoices):
        OPEN = "open", _("to do")
        DONE = "done", _("done")
        DROPPED = "dropped", _("dropped")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    meeting = models.ForeignKey(
        Meeting, on_delete=models.CASCADE, related_name="decisions", verbose_name=_("meeting of the committee")
    )
    text = models.TextField(_("decision"))
    who = models.CharField(_("who does it"), max_length=150, blank=True)
    due = models.DateField(_("by when"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    done_on = models.DateField(_("done on"), null=True, blank=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["meeting", "due"]
        constraints = [
            models.CheckConstraint(
                name="decision_done_with_its_day",
                condition=Q(state="done", done_on__isnull=False) | (~Q(state="done") & Q(done_on__isnull=True)),
                violation_error_message=_("A decision that is done has the day on which it was done; no other has."),
            )
        ]
        triggers = within_centre(meeting="centres_meeting")

    def __str__(self):
        return self.text

    def get_absolute_url(self):
        return f"{reverse('centres:meeting', args=[self.centre.code, self.meeting_id])}#row-{self.pk}"

    @property
    def is_overdue(self) -> bool:
        return self.state == self.State.OPEN and self.due is not None and self.due < timezone.localdate()

    def finish(self, *, version: int) -> None:
        """Done as of today; raises EditConflict. One that is done stays as it is."""
        if self.state == self.State.DONE:
            return
        self.state, self.done_on = self.State.DONE, timezone.localdate()
        self.write(version=version)


def committee_activity(day: date) -> dict:
    """Annotations of a centre: what its committee did in the six months up to that day, and whether it is active.

    `minuted_meetings` held with minutes, `decisions_done` carried out in that time, whenever they were decided, and
    `committee_active`: at least two such meetings and one such decision (the indicator "committee active").
    """
    since = months_before(day, ACTIVE_MONTHS)

    def number(rows):
        counted = rows.filter(centre=OuterRef("pk")).order_by().values("centre").annotate(n=Count("pk"))
        return Coalesce(Subquery(counted.values("n")), 0)

    return {
        "minuted_meetings": number(Meeting.objects.with_minutes().filter(date__gt=since, date__lte=day)),
        "decisions_done": number(Decision.objects.filter(done_on__gt=since, done_on__lte=day)),
        "committee_active": Case(
            When(minuted_meetings__gte=ACTIVE_MEETINGS, decisions_done__gte=ACTIVE_DECISIONS, then=Value(True)),
            default=Value(False),
            output_field=models.BooleanField(),
        ),
    }
