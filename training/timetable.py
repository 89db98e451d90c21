"""What is planned, and what became of it: the lessons of a timetable beside those of the journals."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, time, timedelta

from django.db.models import Q
from django.utils import timezone

from .models import Booking, Group, Lesson, Room, Trainer

DAY = timedelta(days=1)
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Occurrence:
    """One lesson on its day: as planned, and the journal's entry of it where there is one.

    `slot` is the id of the weekly lesson that it comes from; None for a lesson that nobody had planned.
    """

    group: Group
    date: date
    starts: time | None
    ends: time | None
    room: Room | None
    trainer: Trainer | None
    slot: object = None
    lesson: Lesson | None = None

    @property
    def has_lesson(self) -> bool:
        return self.lesson is not None

    @property
    def state(self) -> str:
        """held or cancelled as the journal says; missing where the day has passed without an entry; else planned."""
        if self.lesson:
            return self.lesson.state
        return "missing" if self.date < timezone.localdate() else "planned"

    @property
    def order(self):
        return (self.date, self.starts or time.min, self.group.name, str(self.group.pk))

    def as_held(self) -> "Occurrence":
        """With the times, the room and the trainer that the journal gives."""
        if not self.lesson:
            return self
        told = {name: getattr(self.lesson, name) for name in ("room", "trainer") if getattr(self.lesson, name)}
        if self.lesson.starts:
            told |= {"starts": self.lesson.starts, "ends": self.lesson.ends}
        return replace(self, date=self.lesson.date, **told)


def planned(centres, first: date, last: date, *, group=None) -> list[Occurrence]:
    """The lessons planned at the centres from a day to a day, both included, pauses left out, in order (2 queries).

    `centres` is a queryset, a list or a set of centres (or of their ids); `group` narrows it to one group. Each has the
    journal's entry of it: that of the same time, or else another of the same group and day.
    """
    return _with_lessons(*_load(centres, first, last, group))[0]


def held_and_planned(centres, first: date, last: date) -> list[Occurrence]:
    """The same, with what was held as it was held, and with lessons that nobody had planned (2 queries)."""
    occurrences, unplanned = _with_lessons(*_load(centres, first, last, None))
    others = [
        Occurrence(lesson.group, lesson.date, lesson.starts, lesson.ends, lesson.room, lesson.trainer, lesson=lesson)
        for lesson in unplanned
    ]
    return sorted([*(each.as_held() for each in occurrences), *others], key=lambda each: each.order)


def unmarked(centres, first: date, last: date, *, group=None) -> list[Occurrence]:
    """The journals' lessons of that time in which somebody has no mark, in order (1 query)."""
    lessons = Lesson.objects.filter(centre__in=centres).during(first, last).incomplete()
    if group is not None:
        lessons = lessons.filter(group=group)
    lessons = lessons.select_related("group__programme", "group__centre", "room", "trainer")
    return [
        Occurrence(each.group, each.date, each.starts, each.ends, each.room, each.trainer, lesson=each)
        for each in lessons.in_order()
    ]


def _load(centres, first, last, group):
    """(planned lessons without the journal, the journals' lessons) of that time."""
    mine = {"centre__in": centres}
    bookings = Booking.objects.filter(
        Q(until_date__isnull=True) | Q(until_date__gte=first), from_date__lte=last, **mine
    )
    lessons = Lesson.objects.filter(**mine).during(first, last)
    if group is not None:
        bookings, lessons = bookings.filter(slot__group=group), lessons.filter(group=group)
    beside = ["room", "trainer"]
    bookings = bookings.select_related("slot__group__programme", "slot__group__centre", *beside)
    lessons = lessons.select_related("group__programme", "group__centre", *beside).in_order()
    return sorted(_days(bookings, first, last), key=lambda each: each.order), lessons


def _days(bookings, first, last):
    for booking in bookings:
        day = max(booking.from_date, first)
        day += (booking.weekday - day.isoweekday()) % 7 * DAY
        until = min(booking.until_date or last, last)
        while day <= until:
            yield Occurrence(
                booking.slot.group, day, booking.starts, booking.ends, booking.room, booking.trainer, booking.slot_id
            )
            day += WEEK


def _with_lessons(occurrences, lessons):
    """Give each planned lesson its entry in the journal; (planned lessons, entries that nobody had planned)."""
    left = defaultdict(list)
    for lesson in lessons:
        left[lesson.group_id, lesson.date].append(lesson)
    found = {}
    for same_time in (True, False):
        for place, each in enumerate(occurrences):
            entries = left[each.group.pk, each.date]
            if place in found or not entries:
                continue
            lesson = next((entry for entry in entries if not same_time or entry.starts == each.starts), None)
            if lesson:
                found[place] = lesson
                entries.remove(lesson)
    with_lesson = [replace(each, lesson=found.get(place)) for place, each in enumerate(occurrences)]
    return with_lesson, [lesson for entries in left.values() for lesson in entries]


@dataclass(frozen=True)
class Day:
    """One day of a week with its lessons in order."""

    date: date
    lessons: list[Occurrence]

    @property
    def is_today(self) -> bool:
        return self.date == timezone.localdate()


@dataclass(frozen=True)
class Week:
    """A centre's week, Monday to Sunday: for the screen, the poster and the print."""

    centre: object
    monday: date
    days: list[Day]

    @property
    def sunday(self) -> date:
        return self.monday + 6 * DAY

    @property
    def code(self) -> str:
        """As in ISO 8601: 2005-W10."""
        return week_code(self.monday)

    @property
    def previous(self) -> str:
        return week_code(self.monday - WEEK)

    @property
    def next(self) -> str:
        return week_code(self.monday + WEEK)

    @property
    def lessons(self) -> list[Occurrence]:
        return [lesson for day in self.days for lesson in day.lessons]

    @property
    def hours(self) -> list[tuple[int | None, list[list[Occurrence]]]]:
        """Rows of a table: each hour in which a lesson begins, with the lessons of each day; None: no time given."""
        rows = {}
        for place, day in enumerate(self.days):
            for lesson in day.lessons:
                hour = lesson.starts.hour if lesson.starts else None
                rows.setdefault(hour, [[] for _day in self.days])[place].append(lesson)
        return sorted(rows.items(), key=lambda row: -1 if row[0] is None else row[0])


def week_of(centre, monday: date) -> Week:
    """The centre's week that begins on that Monday (2 queries)."""
    lessons = defaultdict(list)
    for lesson in held_and_planned([centre.pk], monday, monday + 6 * DAY):
        lessons[lesson.date].append(lesson)
    days = [monday + place * DAY for place in range(7)]
    return Week(centre, monday, [Day(day, lessons[day]) for day in days])


def week_code(day: date) -> str:
    year, week, _weekday = day.isocalendar()
    return f"{year}-W{week:02}"


def monday_of(code: str | None) -> date:
    """The Monday of a week as ISO 8601 writes it, such as 2005-W10; of this week, where it is no such thing."""
    today = timezone.localdate()
    try:
        year, week = (code or "").split("-W")
        monday = date.fromisocalendar(int(year), int(week), 1)
    except ValueError:
        monday = None
    if monday is None or not 1900 <= monday.year <= 2100:
        return today - (today.isoweekday() - 1) * DAY
    return monday
