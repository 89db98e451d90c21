"""The journal as a sheet of paper shows it: trainees down, dates across, and what was taught."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q, Sum
from django.utils import timezone

from .models import Attendance, Enrolment, Lesson
from .models.journal import was_in_group
from .timetable import planned, unmarked

LOOKED_BACK = timedelta(days=365)  # for lessons that wait to be filled in


@dataclass(frozen=True)
class Line:
    """One trainee's line: a mark per lesson ("" not known, None not expected), and the share over all lessons."""

    enrolment: Enrolment
    marks: list[str | None]

    @property
    def there(self) -> int:
        return self.enrolment.present

    @property
    def marked(self) -> int:
        return self.enrolment.marked


@dataclass(frozen=True)
class Totals:
    """The whole journal in figures. `marked` is what attendance is a share of; `missing` marks nobody gave.

    `told_*` are visits told without names, by women and by men; never added to `there`.
    """

    lessons: int
    cancelled: int
    there: int
    marked: int
    missing: int
    told_women: int
    told_men: int
    untold: int

    @property
    def share(self) -> int | None:
        """Per cent, rounded; None where nobody has a mark."""
        return round(100 * self.there / self.marked) if self.marked else None


def totals_of(group) -> Totals:
    """In 2 queries."""
    lessons = Lesson.objects.filter(group=group).order_by()
    figures = lessons.aggregate(
        lessons=Count("pk", filter=~Q(state="cancelled")),
        cancelled=Count("pk", filter=Q(state="cancelled")),
        told_women=Sum("women"),
        told_men=Sum("men"),
        untold=Count("pk", filter=Q(keeping="totals", women=None) & ~Q(state="cancelled")),
    )
    counted = lessons.held().with_counts()
    sums = counted.aggregate(**{f"all_{name}": Sum(name) for name in ("there", "marked", "missing")})
    figures |= {name.removeprefix("all_"): value for name, value in sums.items()}
    return Totals(**{name: value or 0 for name, value in figures.items()})


def lines_of(group, lessons) -> list[Line]:
    """Whoever was in the group on some day of these lessons or has a mark in them, by name (2 queries)."""
    if not lessons:
        return []
    days = [lesson.date for lesson in lessons]
    marks = {
        (enrolment, lesson): mark
        for enrolment, lesson, mark in Attendance.objects.filter(lesson__in=lessons).values_list(
            "enrolment", "lesson", "mark"
        )
    }
    marked = {enrolment for enrolment, _lesson in marks}
    people = Enrolment.objects.filter(group=group).begun()
    in_time = Q(started_on__lte=max(days)) & (Q(ended_on=None) | Q(ended_on__gte=min(days)))
    people = people.filter(in_time | Q(pk__in=marked)).select_related("trainee").with_attendance().by_name()

    def mark(enrolment, lesson):
        expected = not lesson.is_cancelled and was_in_group(enrolment, lesson.date)
        return marks.get((enrolment.pk, lesson.pk), "" if expected else None)

    return [Line(enrolment, [mark(enrolment, lesson) for lesson in lessons]) for enrolment in people]


def to_fill_in(group) -> list:
    """Lessons of the group's last year up to today that the journal does not have yet, or that lack somebody's mark.

    The latest first; each is an Occurrence, with its `lesson` where only marks are missing (3 queries).
    """
    today = timezone.localdate()
    last = min(group.end, today) if group.end else today
    first = max(group.start, last - LOOKED_BACK)
    without = [each for each in planned([group.centre_id], first, last, group=group) if not each.lesson]
    half = unmarked([group.centre_id], first, today, group=group)
    return sorted([*without, *half], key=lambda each: each.order, reverse=True)
