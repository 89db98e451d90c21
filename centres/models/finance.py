"""A centre's incomes by the six sources of Annex 1, part 5, and what it expects of them."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import uuid4

from django.db import models
from django.db.models import Q, Sum
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from ..access import CentreKeptQuerySet, CentreOwned
from ..history import track
from ..versions import Versioned
from .community import YEARS

CURRENCY = "KZT"


class Source(models.TextChoices):
    """Where money comes from, in the order of Annex 1. The last four are what a centre earns or finds by itself."""

    MAIN_BUDGET = "main_budget", _("main budget")
    GRANTS = "grants", _("grants")
    RENT = "rent", _("rent")
    EDUCATION = "education", _("education services")
    PRODUCTION = "production", _("production")
    SPONSORS = "sponsors", _("sponsors")


class IncomeQuerySet(CentreKeptQuerySet):
    def of_year(self, year: int):
        return self.filter(date__year=year)

    def by_source(self) -> dict:
        """Sum per source; a source without an entry is left out, which is not 0."""
        return dict(self.order_by().values_list("source").annotate(total=Sum("amount")))

    def for_list(self):
        """The latest first."""
        return self.order_by("-date", "pk")


@track()
class Income(CentreOwned, Versioned):
    """Money that came in on a day, from one of the six sources."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    date = models.DateField(_("date"))
    source = models.CharField(_("source"), max_length=20, choices=Source.choices)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3, default=CURRENCY, editable=False)
    from_whom = models.CharField(_("from whom"), max_length=200, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects = IncomeQuerySet.as_manager()

    class Meta:
        verbose_name = _("income")
        verbose_name_plural = _("incomes")
        ordering = ["centre", "-date"]
        constraints = [
            models.CheckConstraint(
                name="income_amount_not_negative",
                condition=Q(amount__gte=0),
                violation_error_message=_("An amount is not negative."),
            )
        ]

    def __str__(self):
        return f"{self.get_source_display()}, {date_format(self.date)}"

    def get_absolute_url(self):
        return f"{reverse('centres:finance', args=[self.centre.code])}?year={self.date.year}#row-{self.pk}"


class IncomeForecastQuerySet(CentreKeptQuerySet):
    def by_source(self) -> dict:
        """The forecast per source, each a row; a source without one is left out, which is not 0."""
        return {row.source: row for row in self}


@track()
class IncomeForecast(CentreOwned, Versioned):
    """What a centre expects from one source in one year."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    centre = models.ForeignKey(
        "centres.Centre", on_delete=models.PROTECT, related_name="income_forecasts", verbose_name=_("centre")
    )
    year = models.PositiveSmallIntegerField(_("year"), validators=YEARS)
    source = models.CharField(_("source"), max_length=20, choices=Source.choices)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3, default=CURRENCY, editable=False)

    objects = IncomeForecastQuerySet.as_manager()

    class Meta:
        verbose_name = _("income forecast")
        verbose_name_plural = _("income forecasts")
        ordering = ["centre", "year", "source"]
        constraints = [
            models.UniqueConstraint(
                fields=["centre", "year", "source"],
                name="incomeforecast_once",
                violation_error_message=_("There is already a forecast for this source in this year. Edit that one."),
            ),
            models.CheckConstraint(
                name="incomeforecast_amount_not_negative",
                condition=Q(amount__gte=0),
                violation_error_message=_("An amount is not negative."),
            ),
        ]

    def __str__(self):
        return f"{self.get_source_display()}, {self.year}"

    def get_absolute_url(self):
        return f"{reverse('centres:finance', args=[self.centre.code])}?year={self.year}"


@dataclass(frozen=True)
class SourceYear:
    """One source in one year: what came in, what was expected (its row), what came in the year before; None: nothing
    entered."""

    source: Source
    actual: Decimal | None
    forecast: IncomeForecast | None
    last_year: Decimal | None


@dataclass(frozen=True)
class YearTable:
    """The six sources of one year, as Annex 1, part 5 asks for them."""

    year: int
    rows: list[SourceYear]

    @classmethod
    def of(cls, incomes, forecasts, year: int) -> "YearTable":
        """From a centre's incomes and forecasts, already limited to what the reader may see (3 queries)."""
        actual = incomes.of_year(year).by_source()
        before = incomes.of_year(year - 1).by_source()
        expected = forecasts.filter(year=year).by_source()
        rows = [SourceYear(source, actual.get(source), expected.get(source), before.get(source)) for source in Source]
        return cls(year, rows)

    @property
    def year_before(self) -> str:
        return str(self.year - 1)

    @property
    def year_after(self) -> str:
        return str(self.year + 1)

    @property
    def total(self) -> dict:
        """Sums of the columns; None for a column in which nothing is entered."""

        def summed(values):
            known = [value for value in values if value is not None]
            return sum(known) if known else None

        return {
            "actual": summed(row.actual for row in self.rows),
            "forecast": summed(row.forecast and row.forecast.amount for row in self.rows),
            "last_year": summed(row.last_year for row in self.rows),
        }
