"""What is open at centres today: lessons, journals, follow-ups, waiting lists, faults, decisions. Read only."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.timezone import localdate

from centres.models import Decision, Equipment

from .models import Enrolment, Group, Trainee
from .models.duplicates import likely_pairs
from .models.outcomes import due_for_follow_up
from .timetable import Occurrence, planned, unmarked

LOOKED_BACK = timedelta(days=30)  # for lessons that the journal lacks
PATIENCE = timedelta(days=30)  # with equipment out of order
NEW = timedelta(days=60)  # how long after their registration entries are compared with others for this
NEWEST = 40  # of them at most; the page of duplicates compares them all


@dataclass
class OpenWork:
    """One centre's. `lessons` are today's, `not_entered` earlier ones that the journals lack, the oldest first;
    `unmarked` are lessons in the journals in which somebody has no mark, as old at most;
    `pairs` counts likely duplicates of new entries; `waiting` are groups with a place for somebody on their waiting
    list, with `waits` and `free` (None: no limit)."""

    lessons: list[Occurrence] = field(default_factory=list)
    not_entered: list[Occurrence] = field(default_factory=list)
    unmarked: list[Occurrence] = field(default_factory=list)
    follow_ups: int = 0
    pairs: int = 0
    waiting: list[Group] = field(default_factory=list)
    faults: list[Equipment] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)

    @property
    def is_something(self) -> bool:
        return any(bool(value) for value in vars(self).values())


def open_work(centres, *, keeper=None) -> dict[int, OpenWork]:
    """By centre's id, whatever their number; likely duplicates only for a `keeper`, who can merge them."""
    today = localdate()
    found: dict[int, OpenWork] = defaultdict(OpenWork)
    for each in planned(centres, today - LOOKED_BACK, today):
        if each.date == today:
            found[each.group.centre_id].lessons.append(each)
        elif not each.lesson:
            found[each.group.centre_id].not_entered.append(each)
    for each in unmarked(centres, today - LOOKED_BACK, today):
        found[each.group.centre_id].unmarked.append(each)
    for centre, number in follow_ups_due(centres, today):
        found[centre].follow_ups = number
    for group in waiting_with_places(centres, today):
        found[group.centre_id].waiting.append(group)
    since_long = Equipment.objects.out_of_order().filter(centre__in=centres, not_working_since__lt=today - PATIENCE)
    for row in since_long.for_list():
        found[row.centre_id].faults.append(row)
    for row in Decision.objects.filter(centre__in=centres).overdue(today).select_related("centre").for_list():
        found[row.centre_id].decisions.append(row)
    for centre, number in pairs_of(keeper, centres, today).items() if keeper else ():
        found[centre].pairs = number
    return found


def pairs_of(keeper, centres, day) -> Counter:
    """How many likely duplicates the newest entries of these centres have, by centre's id."""
    known = Trainee.objects.editable_by(keeper).filter(centre__in=centres).current()
    newest = known.filter(registered_on__gt=day - NEW).order_by("-registered_on", "-pk").values_list("pk", flat=True)
    return Counter(pair.one.centre_id for pair in likely_pairs(known, list(newest[:NEWEST])))


def follow_ups_due(centres, day):
    """(centre's id, how many people are to be asked) where there are some."""
    due = due_for_follow_up(Enrolment.objects.filter(centre__in=centres), day)
    return due.order_by().values_list("centre").annotate(number=Count("pk")).values_list("centre", "number")


def waiting_with_places(centres, day):
    """Groups that have not ended, in which somebody waits and a place is free; not where everybody has left already."""
    unfinished = Group.objects.filter(Q(end__isnull=True) | Q(end__gte=day), centre__in=centres).with_places()
    left = Enrolment.objects.filter(group=OuterRef("pk"), ended_on__isnull=False)
    unfinished = unfinished.exclude(Exists(left), taken=0)
    return unfinished.filter(Q(free__isnull=True) | Q(free__gt=0), waits__gt=0).in_order()
