"""A group's weekly lessons and pauses, and what they take up: rooms and trainers, day after day."""

import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Deferrable, F, Func, Q
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from centres.access import CentreKeptQuerySet, CentreOwned, within_centre
from centres.history import track
from centres.models.accounts import DateRange

from .trainers import Trainer

DAY = timedelta(days=1)


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
class Slot(CentreOwned):
    """A weekly lesson in a group's timetable: the pattern, as people think of it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey("training.Group", on_delete=models.CASCADE, related_name="slots", verbose_name=_("group"))
    weekday = models.PositiveSmallIntegerField(_("day of the week"), choices=Weekday.choices)
    starts = models.TimeField(_("begins at"))
    ends = models.TimeField(_("ends at"))
    room = models.ForeignKey(
        "training.Room", on_delete=models.PROTECT, related_name="slots", verbose_name=_("room"), null=True, blank=True
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
                deferrable=Deferrable.IMMEDIATE,  # two lessons can change places in one statement
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
    group = models.ForeignKey(
        "training.Group", on_delete=models.CASCADE, related_name="pauses", verbose_name=_("group")
    )
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
                deferrable=Deferrable.IMMEDIATE,
                violation_error_message=_("The group already pauses in that time."),
            ),
        ]
        triggers = within_centre(group="training_group")

    def __str__(self):
        return f"{date_format(self.from_date)} – {date_format(self.until_date)}"


class Booking(CentreOwned):
    """What a slot takes up: its room and its trainer, each stretch of the group's run between two pauses.

    The two dates are days on which the lesson really is held, so two bookings that overlap have a day in common.
    Made from slots and pauses by `Group.reschedule`, never by hand; its constraints keep two groups out of one room.
    """

    slot = models.ForeignKey(Slot, on_delete=models.CASCADE, related_name="bookings", verbose_name=_("weekly lesson"))
    room = models.ForeignKey("training.Room", on_delete=models.PROTECT, related_name="bookings", null=True, blank=True)
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

    def meets(self, other) -> bool:
        """Whether the two are ever held at the same time."""
        return (
            self.weekday == other.weekday
            and self.starts < other.ends
            and other.starts < self.ends
            and (other.until_date is None or self.from_date <= other.until_date)
            and (self.until_date is None or other.from_date <= self.until_date)
        )


@dataclass(frozen=True)
class Problem:
    """Why a timetable is refused: the sentence, and the weekly lesson or the pause that it is about, by its place."""

    sentence: str
    slot: int | None = None
    pause: int | None = None


class TimetableRefused(Exception):
    """The weekly lessons and pauses do not go together, or not with those of other groups. Nothing was written."""

    def __init__(self, problems: list[Problem]):
        super().__init__(" ".join(problem.sentence for problem in problems))
        self.problems = problems


def stretches(start, end, pauses):
    """The parts of a run between its pauses as (first day, last day); the last day is None while the end is open."""
    for pause in sorted(pauses, key=lambda pause: pause.from_date):
        if end is not None and pause.from_date > end:
            break
        if start < pause.from_date:
            yield start, pause.from_date - DAY
        start = max(start, pause.until_date + DAY)
    if end is None or start <= end:
        yield start, end


def bookings_of(slot, start, end, pauses):
    """What a weekly lesson takes up in a run, from its first to its last day of each stretch; not stored yet."""
    for first, last in stretches(start, end, pauses):
        first += (slot.weekday - first.isoweekday()) % 7 * DAY
        if last is not None:
            last -= (last.isoweekday() - slot.weekday) % 7 * DAY
        if last is None or first <= last:
            yield Booking(
                slot=slot,
                centre_id=slot.centre_id,
                room_id=slot.room_id,
                trainer_id=slot.trainer_id,
                weekday=slot.weekday,
                starts=slot.starts,
                ends=slot.ends,
                from_date=first,
                until_date=last,
            )


def disorders(start, end, slots, pauses) -> list[Problem]:
    """What is wrong with the weekly lessons and pauses of one group by themselves."""
    found = []
    for place, slot in enumerate(slots):
        if slot.ends <= slot.starts:
            found.append(Problem(gettext("The lesson ends before it begins."), slot=place))
        for other in slots[:place]:
            if slot.weekday == other.weekday and slot.starts < other.ends and other.starts < slot.ends:
                words = gettext("This overlaps with the lesson %(lesson)s of the same group.")
                found.append(Problem(words % {"lesson": other}, slot=place))
    for place, pause in enumerate(pauses):
        if pause.until_date < pause.from_date:
            found.append(Problem(gettext("The last day lies before the first."), pause=place))
        elif pause.from_date < start or (end is not None and pause.until_date > end):
            words = gettext("The pause %(pause)s lies outside of the group's run, %(start)s – %(end)s.")
            run = {"start": date_format(start), "end": date_format(end) if end else "…"}
            found.append(Problem(words % {"pause": pause, **run}, pause=place))
        for other in pauses[:place]:
            if pause.from_date <= other.until_date and other.from_date <= pause.until_date:
                words = gettext("This overlaps with the pause %(pause)s of the same group.")
                found.append(Problem(words % {"pause": other}, pause=place))
    return found


def clashes(group, start, end, slots, pauses) -> list[Problem]:
    """Where the weekly lessons need a room or a trainer that another group has at that time (1 query)."""
    rooms = {slot.room_id for slot in slots if slot.room_id}
    trainers = {slot.trainer_id for slot in slots if slot.trainer_id}
    taken = Booking.objects.filter(Q(room__in=rooms) | Q(trainer__in=trainers), centre=group.centre_id)
    taken = taken.exclude(slot__group=group).select_related("slot__group", "room", "trainer")
    standing = list(taken.order_by("from_date", "starts", "pk"))
    found = {}
    for place, slot in enumerate(slots):
        for mine in bookings_of(slot, start, end, pauses):
            for other in standing:
                if not mine.meets(other):
                    continue
                details = {
                    "weekday": other.get_weekday_display(),
                    "starts": time_format(other.starts, "H:i"),
                    "ends": time_format(other.ends, "H:i"),
                    "day": date_format(max(mine.from_date, other.from_date)),
                    "group": other.slot.group,
                }
                if mine.room_id and mine.room_id == other.room_id:
                    words = gettext(
                        "%(room)s is taken on %(weekday)s %(starts)s–%(ends)s from %(day)s by the group %(group)s."
                    )
                    key = (place, other.slot_id, "room")
                    found.setdefault(key, Problem(words % {"room": other.room, **details}, slot=place))
                if mine.trainer_id and mine.trainer_id == other.trainer_id:
                    words = gettext(
                        "%(trainer)s teaches the group %(group)s on %(weekday)s %(starts)s–%(ends)s from %(day)s."
                    )
                    key = (place, other.slot_id, "trainer")
                    found.setdefault(key, Problem(words % {"trainer": other.trainer, **details}, slot=place))
    return list(found.values())


def settle(standing, wanted, content):
    """Which of the wanted rows are new and which differ from what stands, and which standing ones go.

    A wanted row is a standing one if it has its id, or else if it says the same; it then takes over that id.
    """
    left = {row.pk: row for row in standing}
    known = {row.pk: left.pop(row.pk) for row in wanted if row.pk in left}
    new, changed = [], []
    for row in wanted:
        if row.pk in known:
            if content(row) != content(known[row.pk]):
                changed.append(row)
        elif same := next((other for other in left.values() if content(other) == content(row)), None):
            row.pk = same.pk
            del left[same.pk]
        else:
            new.append(row)
    return new, changed, list(left)
