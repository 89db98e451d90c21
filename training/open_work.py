"""What is open at centres today: lessons, journals, follow-ups, waiting lists, faults, decisions. Read only."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.timezone import localdate

from centres.models import Decision, Equipment

from .models import Certificate, Enrolment, Group, Trainee
from .models.duplicates import likely_pairs
from .models.outcomes import due_for_follow_up
from .timetable import Occurrence, planned, unmarked

A_YEAR = timedelta(days=365)
LOOKED_BACK = timedelta(days=30)  # for lessons that the journal lacks
PATIENCE = timedelta(days=30)  # with equipment out of order
NEW = timedelta(days=60)  # how long after their registration entries are compared with others for this
NEWEST = 40  # of them at most; the page of duplicates compares them all


@dataclass
class OpenWork:
    """One centre's. `lessons` are today's, `not_entered` earlier ones that the journals lack, the oldest first;
    `unmarked` are lessons in the journals in which somebody has no mark, as old at most;
    `pairs` counts likely duplicates of new entries; `waiting` are groups with a place for somebody on their waiting
    list, with `waits` and `free` (None: no limit); `consents` and `certificates` count people of the last year who
    were not asked for their consent, or completed a group and have no certificate."""

    lessons: list[Occurrence] = field(default_factory=list)
    not_entered: list[Occurrence] = field(default_factory=list)
    unmarked: list[Occurrence] = field(default_factory=list)
    follow_ups: int = 0
    pairs: int = 0
    consents: int = 0
    certificates: int = 0
    waiting: list[Group] = field(default_factory=list)
    faults: list[Equipment] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)


def open_work(centres, *, keeper=None) -> dict[int, OpenWork]:
    """By centre's id, whatever their number; for a `keeper` with likely duplicates, consents and certificates."""
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
    if keeper:
        for centre, number in pairs_of(keeper, centres, today).items():
            found[centre].pairs = number
        for name, rows in (("consents", without_consent), ("certificates", without_certificate)):
            for centre, number in rows(centres, today).values_list("centre").annotate(number=Count("pk")):
                setattr(found[centre], name, number)
    return found


def without_certificate(centres, day):
    """Who completed a group within a year and has no valid certificate of it."""
    held = Certificate.objects.valid().filter(enrolment=OuterRef("pk"))
    completed = Enrolment.objects.filter(status=Enrolment.Status.COMPLETED, ended_on__gt=day - A_YEAR)
    return completed.filter(~Exists(held), centre__in=centres)


def without_consent(centres, day, purpose="data"):
    """Who was in a group within a year and was not asked for that consent yet."""
    lately = Enrolment.objects.filter(trainee=OuterRef("pk")).during(day - A_YEAR, day)
    people = Trainee.objects.current().filter(Exists(lately), centre__in=centres)
    return people.with_consent(purpose).filter(consent_state="missing")


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
