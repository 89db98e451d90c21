"""What the records say of one centre in a cycle's period: asked once, shared by all sources that speak of it."""

from datetime import date
from functools import cached_property

from django.db.models import Count, Q, Subquery, Sum
from django.utils import timezone

from centres.dates import months_before
from centres.models import CentreDocument, Equipment, Income, IncomeForecast, Partner, Post
from training.counts import Counts, counts_by
from training.models import Enrolment, Group, Lesson, Programme, Trainer

from ..models.cycle import Cycle
from ..models.recommendations import Recommendation


class Facts:
    """A centre from the first day of the cycle's period to its last, or to today while the period goes on.

    Each property is a fixed number of queries, however many rows there are.
    """

    def __init__(self, cycle, centre):
        self.cycle, self.centre = cycle, centre
        self.first = cycle.period_start
        self.last = max(self.first, min(cycle.period_end, timezone.localdate()))

    @property
    def year_before(self) -> tuple[date, date]:
        """The same span one year earlier."""
        return months_before(self.first, 12), months_before(self.last, 12)

    @cached_property
    def posts(self) -> dict[str, list[str]]:
        """Who held which post on the last day, by name (2 queries).

        An account in a role counts where nobody is named in that post.
        """
        held: dict[str, list[str]] = {}
        for post in Post.objects.filter(centre=self.centre).on(self.last).order_by("from_date", "pk"):
            held.setdefault(post.kind, []).append(post.name)
        for each in self.centre.accounts_in_post(self.last):
            held.setdefault(each.role, []).append(str(each.user))
        return held

    @cached_property
    def recommendations(self) -> list[Recommendation]:
        """Those of the centre's cycle before this one, as soon as that is published (1 query)."""
        before = Cycle.objects.filter(
            network=self.cycle.network_id, participations__centre=self.centre, period_end__lt=self.cycle.period_end
        ).exclude(pk=self.cycle.pk)
        latest = before.order_by("-period_end", "-pk").values("pk")[:1]
        rows = Recommendation.objects.filter(cycle=Subquery(latest), cycle__state=Cycle.State.PUBLISHED)
        return list(rows.select_related("cycle").order_by("conclusion__aspect__number", "number"))

    @cached_property
    def equipment(self) -> dict[str, tuple[int, int]]:
        """Pieces owned and pieces that worked on the last day, by kind (1 query).

        The list holds what there is today. What was acquired after that day is left out, what broke after it worked
        then; for what was repaired or thrown away since, the list is not asked.
        """
        found = {}
        rows = Equipment.objects.filter(centre=self.centre).exclude(acquired__gt=self.last)
        for row in rows:
            broke_later = row.not_working_since and row.not_working_since > self.last
            owned, working = found.get(row.kind, (0, 0))
            found[row.kind] = owned + row.quantity, working + (row.quantity if broke_later else row.working)
        return found

    @cached_property
    def partners(self) -> list[Partner]:
        """Partners on the last day (1 query)."""
        return list(Partner.objects.filter(centre=self.centre).on(self.last).for_list())

    @cached_property
    def documents(self) -> set[str] | None:
        """Which of the five required kinds are filed for the period or a part of it (1 query).

        None where the centre files none of them here at all, of whatever time.
        """
        in_time = Q(year__range=(self.first.year, self.last.year)) | (
            Q(from_date__isnull=False, from_date__lte=self.last)
            & (Q(until_date__isnull=True) | Q(until_date__gte=self.first))
        )
        in_time |= Q(from_date__isnull=True, until_date__range=(self.first, self.last))
        rows = CentreDocument.objects.filter(centre=self.centre, kind__in=CentreDocument.REQUIRED)
        rows = rows.order_by().values_list("kind")
        found = dict(rows.annotate(number=Count("pk", filter=in_time)))
        return {kind for kind, number in found.items() if number} if found else None

    @cached_property
    def incomes(self) -> dict:
        """Amount by source from 1 January to the last day, in the year of that day (1 query)."""
        year = Income.objects.filter(centre=self.centre, date__range=(date(self.last.year, 1, 1), self.last))
        return year.by_source()

    @cached_property
    def forecasts(self) -> dict:
        """Amount by source that is expected for the year after (1 query)."""
        rows = IncomeForecast.objects.filter(centre=self.centre, year=self.last.year + 1)
        return {source: row.amount for source, row in rows.by_source().items()}

    @cached_property
    def trainers(self) -> list[Trainer]:
        """Who taught at the centre on the last day (1 query)."""
        return list(Trainer.objects.filter(centre=self.centre).on(self.last))

    @cached_property
    def enrolled(self) -> list[tuple]:
        """(programme, trainee, sex, needy), each once, of those in a group on some day of the period (1 query)."""
        rows = Enrolment.objects.filter(centre=self.centre).during(self.first, self.last).order_by()
        return list(rows.values_list("group__programme", "trainee", "trainee__sex", "trainee__needy").distinct())

    @cached_property
    def told(self) -> dict:
        """Visits told without names in the period, by programme (1 query)."""
        rows = Lesson.objects.filter(centre=self.centre, keeping=Group.Keeping.TOTALS).held()
        rows = rows.during(self.first, self.last).order_by().values_list("group__programme")
        sums = rows.annotate(women=Sum("women", default=0), men=Sum("men", default=0))
        return {programme: women + men for programme, women, men in sums}

    @cached_property
    def programmes(self) -> dict:
        """By id the programmes that people are enrolled in or that visits are told of (1 query)."""
        return Programme.objects.in_bulk({row[0] for row in self.enrolled} | set(self.told))

    @cached_property
    def taught(self) -> dict:
        """By id the programmes of the groups that ran on some day of the period (1 query)."""
        ran = Group.objects.filter(Q(end__isnull=True) | Q(end__gte=self.first), centre=self.centre)
        return Programme.objects.in_bulk(ran.filter(start__lte=self.last).values_list("programme", flat=True))

    @cached_property
    def counts(self) -> Counts:
        """People, enrolments and visits of the period (3 queries)."""
        return counts_by([self.centre], self.first, self.last).get(self.centre.pk, Counts())

    @cached_property
    def counts_before(self) -> Counts:
        """The same, one year earlier (3 queries)."""
        return counts_by([self.centre], *self.year_before).get(self.centre.pk, Counts())
