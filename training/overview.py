"""What the register's first page tells of each centre: three counts, told totals apart, groups, and the next step."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.timezone import localdate

from centres.models import Centre

from .counts import Counts, counts_by
from .models import Enrolment, Group, Lesson, Programme, Room, Slot, Trainer
from .periods import Period


@dataclass(frozen=True)
class Row:
    """One centre's figures of a time; `running` are its groups of today."""

    centre: Centre
    counts: Counts
    groups: int
    running: int


def rows_of(centres, period: Period) -> list[Row]:
    """For each of these centres, in their order (4 queries)."""
    counts = counts_by(centres, period.first, period.last)
    today = localdate()
    in_period = Q(start__lte=period.last) & (Q(end__isnull=True) | Q(end__gte=period.first))
    now = Q(start__lte=today) & (Q(end__isnull=True) | Q(end__gte=today))
    numbers = {
        row["centre"]: row
        for row in Group.objects.filter(centre__in=centres)
        .order_by()
        .values("centre")
        .annotate(groups=Count("pk", filter=in_period), running=Count("pk", filter=now))
    }
    return [
        Row(
            centre,
            counts.get(centre.pk, Counts()),
            numbers.get(centre.pk, {}).get("groups", 0),
            numbers.get(centre.pk, {}).get("running", 0),
        )
        for centre in centres
    ]


def sum_of(rows: list[Row]) -> Row:
    """Over several centres. The same person at two centres counts at each, as `Counts` says."""
    fields = Counts.__dataclass_fields__
    counts = Counts(**{field: sum(getattr(row.counts, field) for row in rows) for field in fields})
    return Row(None, counts, sum(row.groups for row in rows), sum(row.running for row in rows))


@dataclass(frozen=True)
class Beginnings:
    """Which of the first steps a centre has made, in the order in which they are made.

    A programme is chosen when it is the centre's own or when a group runs it; `templates` says whether the network has
    some to choose from. Trainers, rooms and weekly lessons can be done without: who has gone on is not sent back.
    """

    programme: bool
    trainer: bool
    room: bool
    group: bool
    slots: bool
    trainees: bool
    journal: bool
    templates: bool

    @property
    def next(self) -> str:
        """The first one that is still to be made; empty once the journal has begun."""
        if self.journal:
            return ""
        steps = ["programme", "trainer", "room", "group"] if not self.group else ["slots", "trainees", "journal"]
        if self.trainees:
            steps = ["journal"]
        return next(step for step in steps if not getattr(self, step))


def beginnings_of(centre) -> Beginnings:
    """How far the centre has come (1 query)."""

    def some(model, **which):
        return Exists(model.objects.filter(centre=OuterRef("pk"), **which))

    found = {
        "programme": some(Programme) | some(Group),
        "trainer": some(Trainer),
        "room": some(Room),
        "group": some(Group),
        "slots": some(Slot),
        "trainees": some(Enrolment) | some(Group, keeping=Group.Keeping.TOTALS),
        "journal": some(Lesson),
        "templates": Exists(Programme.objects.usable_at(centre)),
    }
    named = {f"has_{step}": made for step, made in found.items()}
    return Beginnings(*Centre.objects.filter(pk=centre.pk).annotate(**named).values_list(*named).get())
