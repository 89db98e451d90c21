"""A group is one run of a programme at a centre, with its weekly timetable, its rooms and its pauses."""

import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centres.access import CentreKeptQuerySet, CentreOwned, within_centre
from centres.collation import alphabetical
from centres.history import track
from centres.models.accounts import DateRange
from centres.versions import Versioned

from .programmes import Language, Programme
from .trainers import Trainer


class ClockRange(Func):
    """From a time of day to another, the end not included."""

    template = "TSRANGE(DATE '2000-01-01' + %(expressions)s)"
    arg_joiner = ", DATE '2000-01-01' + "

    def __init__(self, start="starts", end="ends"):
        super().__init__(F(start), F(end))


class Weekday(models.IntegerChoices):
    """The days of the week, numbered as in ISO 8601."""

    MONDAY = 1, _("Monday")
    TUESDAY = 2, _("Tuesday")
    WEDNESDAY = 3, _("Wednesday")
    THURSDAY = 4, _("Thursday")
    FRIDAY = 5, _("Friday")
    SATURDAY = 6, _("Saturday")
    SUNDAY = 7, _("Sunday")


@track()
class Room(CentreOwned, Versioned):
    """A room that a centre teaches in, its own or lent."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(pgettext_lazy("of a thing", "name"), max_length=80)
    seats = models.PositiveSmallIntegerField(_("seats"), null=True, blank=True)
    is_closed = models.BooleanField(_("no longer used"), default=False)

    objects = CentreKeptQuerySet.as_manager()

    class Meta:
        verbose_name = _("room")
        verbose_name_plural = _("rooms")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                "centre",
                models.functions.Lower("name"),
                name="room_once",
                violation_error_message=_("The centre already has a room of that name."),
            )
        ]

    def __str__(self):
        return self.name


class GroupQuerySet(CentreKeptQuerySet):
    def on(self, day):
        """Running on that day, pauses included."""
        return self.filter(Q(start__lte=day), Q(end__isnull=True) | Q(end__gte=day))

    def in_order(self):
        """The latest first, then by name."""
        return self.order_by("-start", alphabetical(F("name")), "pk")

    def for_list(self):
        return self.select_related("centre", "programme").in_order()


@track()
class Group(CentreOwned, Versioned):
    """One run of a programme at a centre, from a day to a day; the end may still be open."""

    class Keeping(models.TextChoices):
        """How attendance is kept. Counted and told figures are never mixed."""

        NAMES = "names", _("by name")
        TOTALS = "totals", _("totals only (men and women)")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="groups", verbose_name=_("programme")
    )
    name = models.CharField(pgettext_lazy("of a thing", "name"), max_length=120)
    start = models.DateField(_("first day"))
    end = models.DateField(_("last day"), null=True, blank=True)
    capacity = models.PositiveSmallIntegerField(
        _("places"), null=True, blank=True, help_text=_("How many can take part at the same time. Empty: no limit.")
    )
    language = models.CharField(_("language"), max_length=10, choices=Language.choices, blank=True)
    keeping = models.CharField(_("attendance"), max_length=10, choices=Keeping.choices, default=Keeping.NAMES)
    trainers = models.ManyToManyField(
        Trainer, through="GroupTrainer", related_name="groups", verbose_name=_("trainers"), blank=True
    )
    note = models.TextField(_("note"), blank=True)

    objects = GroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("group")
        verbose_name_plural = _("groups")
        ordering = ["-start", "name"]
        constraints = [
            models.CheckConstraint(
                name="group_dates_in_order",
                condition=Q(end__isnull=True) | Q(end__gte=F("start")),
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                name="group_capacity_above_zero",
                condition=Q(capacity__isnull=True) | Q(capacity__gt=0),
                violation_error_message=_("A group has at least one place; leave it empty if there is no limit."),
            ),
            models.UniqueConstraint(
                "centre",
                models.functions.Lower("name"),
                "start",
                name="group_once",
                violation_error_message=_("The centre already has a group of that name that begins on that day."),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("training:group", args=[self.pk])

    @property
    def state(self) -> str:
        """planned, running or ended, by today's date."""
        today = timezone.localdate()
        if self.start > today:
            return "planned"
        return "ended" if self.end and self.end < today else "running"


@track()
class GroupTrainer(CentreOwned):
    """A trainer of a group."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="group_trainers", verbose_name=_("group"))
    trainer = models.ForeignKey(
        Trainer, on_delete=models.PROTECT, related_name="group_trainers", verbose_name=_("trainer")
    )

    objects = CentreKeptQuerySet.as_manager()

    class Meta:
        verbose_name = _("trainer of a group")
        verbose_name_plural = _("trainers of groups")
        constraints = [models.UniqueConstraint(fields=["group", "trainer"], name="grouptrainer_once")]
        triggers = within_centre(group="training_group", trainer="training_trainer")

    def __str__(self):
        return f"{self.group}: {self.trainer}"


@track()
class Slot(CentreOwned):
    """A weekly lesson in a group's timetable: the pattern, as people think of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="slots", verbose_name=_("group"))
    weekday = models.PositiveSmallIntegerField(_("day of the week"), choices=Weekday.choices)
    starts = models.TimeField(_("begins at"))
    ends = models.TimeField(_("ends at"))
    room = models.ForeignKey(
        Room, on_delete=models.PROTECT, related_name="slots", verbose_name=_("room"), null=True, blank=True
    )
    trainer = models.ForeignKey(
        Trainer, on_delete=models.PROTECT, related_name="slots", verbose_name=_("trainer"), null=True, blank=True
    )

    objects = CentreKeptQuerySet.as_manager()

    class Meta:
        verbose_name = _("weekly lesson")
        verbose_name_plural = _("weekly lessons")
        ordering = ["weekday", "starts"]
        constraints = [
            models.CheckConstraint(
                name="slot_times_in_order",
                condition=Q(ends__gt=F("starts")),
                violation_error_message=_("The lesson ends before it begins."),
            ),
            ExclusionConstraint(
                name="slot_one_at_a_time",
                expressions=[
                    ("group", RangeOperators.EQUAL),
                    ("weekday", RangeOperators.EQUAL),
                    (ClockRange(), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("The group already has a lesson in that time."),
            ),
        ]
        triggers = within_centre(group="training_group", room="training_room", trainer="training_trainer")

    def __str__(self):
        return f"{self.get_weekday_display()} {self.starts:%H:%M}–{self.ends:%H:%M}"


@track()
class Pause(CentreOwned):
    """Days without lessons in a group's run: harvest, winter, holidays. Both days included."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="pauses", verbose_name=_("group"))
    from_date = models.DateField(_("from"))
    until_date = models.DateField(_("until"))
    reason = models.CharField(_("reason"), max_length=150, blank=True)

    objects = CentreKeptQuerySet.as_manager()

    class Meta:
        verbose_name = _("pause")
        verbose_name_plural = _("pauses")
        ordering = ["from_date"]
        constraints = [
            models.CheckConstraint(
                name="pause_dates_in_order",
                condition=Q(until_date__gte=F("from_date")),
                violation_error_message=_("The last day lies before the first."),
            ),
            ExclusionConstraint(
                name="pause_one_at_a_time",
                expressions=[("group", RangeOperators.EQUAL), (DateRange(), RangeOperators.OVERLAPS)],
                violation_error_message=_("The group already pauses in that time."),
            ),
        ]
        triggers = within_centre(group="training_group")

    def __str__(self):
        return f"{self.from_date} – {self.until_date}"


class Booking(CentreOwned):
    """What a slot takes up: its room and its trainer, each stretch of the group's run between two pauses.

    Made from slots and pauses by `Group.reschedule`, never by hand; its constraints keep two groups out of one room.
    """

    slot = models.ForeignKey(Slot, on_delete=models.CASCADE, related_name="bookings", verbose_name=_("weekly lesson"))
    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="bookings", null=True, blank=True)
    trainer = models.ForeignKey(Trainer, on_delete=models.PROTECT, related_name="bookings", null=True, blank=True)
    weekday = models.PositiveSmallIntegerField(_("day of the week"), choices=Weekday.choices)
    starts = models.TimeField(_("begins at"))
    ends = models.TimeField(_("ends at"))
    from_date = models.DateField(_("from"))
    until_date = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("booking")
        verbose_name_plural = _("bookings")
        constraints = [
            ExclusionConstraint(
                name=f"booking_{what}_one_at_a_time",
                expressions=[
                    (what, RangeOperators.EQUAL),
                    ("weekday", RangeOperators.EQUAL),
                    (DateRange(), RangeOperators.OVERLAPS),
                    (ClockRange(), RangeOperators.OVERLAPS),
                ],
                violation_error_message=sentence,
            )
            for what, sentence in (
                ("room", _("The room is taken in that time.")),
                ("trainer", _("The trainer teaches another group in that time.")),
            )
        ]

    def __str__(self):
        return f"{self.slot} ({self.from_date} – {self.until_date or '…'})"
