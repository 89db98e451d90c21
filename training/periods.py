"""Stretches of time that figures are asked for: a calendar year, or half of one."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F
from django.db.models.functions import ExtractMonth, ExtractYear
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

EARLIEST = 1990  # a group of an earlier year has a typing error in its date


@dataclass(frozen=True, order=True)
class Period:
    """A year, or its first or second half; both days are included."""

    year: int
    half: int = 0  # 0: the whole year

    @property
    def first(self) -> date:
        return date(self.year, 7 if self.half == 2 else 1, 1)

    @property
    def last(self) -> date:
        return date(self.year, 6, 30) if self.half == 1 else date(self.year, 12, 31)

    @property
    def key(self) -> str:
        """As it stands in an address: 2005, 2005-1, 2005-2."""
        return f"{self.year}-{self.half}" if self.half else str(self.year)

    def __str__(self):
        if self.half == 1:
            return _("January to June %(year)s") % {"year": self.year}
        if self.half == 2:
            return _("July to December %(year)s") % {"year": self.year}
        return str(self.year)


def half_of(field):
    """Half-years since the year 0, as an integer expression."""
    return ExtractYear(field) * 2 + (ExtractMonth(field) - 1) / 6


def periods_of(groups) -> list[Period]:
    """This year, and every year and half-year in which one of the groups ran; the latest first (1 query)."""
    today = localdate()
    now = today.year * 2 + (today.month > 6)
    halves = {now}
    spans = groups.order_by().annotate(begun=half_of(F("start")), ended=half_of(F("end")))
    for begun, ended in spans.values_list("begun", "ended").distinct():
        halves.update(range(max(begun, 2 * EARLIEST), min(now if ended is None else ended, now) + 1))
    found = {Period(half // 2, half % 2 + 1) for half in halves}
    return sorted(found | {Period(period.year) for period in found}, key=lambda each: (-each.year, (3 - each.half) % 3))


def chosen_period(key: str | None, offered: list[Period]) -> Period:
    """The one that the address names, this year where it names none of those offered."""
    by_key = {period.key: period for period in offered}
    return by_key.get(key, Period(localdate().year))
