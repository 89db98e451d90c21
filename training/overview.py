"""What the register's first page tells of each centre: three counts, told totals apart, groups, and the next step."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.timezone import localdate

from centres.models import Centre

from .counts import Counts, counts_by
from .models import Enrolment, Group, Lesson, Programme
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
    """Which of the four first steps a centre has made: a programme, a group, somebody in it, a lesson."""

    programme: bool
    group: bool
    trainees: bool
    journal: bool

    @property
    def next(self) -> str:
        """The first one that is still to be made; empty after all four."""
        return next((name for name in ("programme", "group", "trainees", "journal") if not getattr(self, name)), "")


def beginnings_of(centre) -> Beginnings:
    """How far the centre has come (1 query)."""

    def some(model):
        return Exists(model.objects.filter(centre=OuterRef("pk")))

    found = (
        Centre.objects.filter(pk=centre.pk)
        .annotate(
            has_programme=Exists(Programme.objects.usable_at(centre)),
            has_group=some(Group),
            has_trainees=some(Enrolment),
            has_journal=some(Lesson),
        )
        .values_list("has_programme", "has_group", "has_trainees", "has_journal")
    )
    return Beginnings(*found.get())
