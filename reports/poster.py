"""Gathers a centre's week as a poster for the wall: what is taught when and where, and what one can still join.

Nobody's name stands on it. Gathered in the active language.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from django.db.models import Count
from django.utils import translation
from django.utils.dates import WEEKDAYS

from training.models import Enrolment, Group
from training.models.certificates import long_name
from training.timetable import planned

SOON = timedelta(days=42)  # a group that begins within that time is announced ...
MOST_SOON = 4  # ... if it is among the first
#: Points on A4: the largest that looks well, and the smallest that is read from two metres.
LARGEST, SMALLEST = 22, 13
HEIGHT, WIDTH = 284, 184  # mm on A4, within the margins
A3 = 1.414


@dataclass(frozen=True)
class Line:
    """One lesson of the week, or one group that begins soon."""

    group: str
    programme: str
    times: str = ""
    room: str = ""
    begins: date | None = None
    places: int | None = None  # that are left; None: as many as come

    @property
    def is_full(self) -> bool:
        return self.places is not None and self.places <= 0

    @property
    def title(self) -> str:
        """The group; its programme too, where the group's name does not say it."""
        same = self.programme.casefold() in self.group.casefold() or self.group.casefold() in self.programme.casefold()
        return self.group if same and len(self.group) >= len(self.programme) else self.programme if same else ""

    def rows(self, size: float) -> int:
        """Lines of type that it takes on A4 at that size."""
        letters, beside = WIDTH * 0.38 / (size * 0.187), WIDTH * 0.185 / (size * 0.175)
        texts = [self.title] if self.title else [self.programme, self.group]
        return max(sum(ceil(len(text) / letters) for text in texts), ceil(len(self.room) / beside), 1)


@dataclass(frozen=True)
class PosterDay:
    name: str
    date: date
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Poster:
    """A week of one centre."""

    language: str
    network: str
    centre: str
    place: str
    address: str
    phone: str
    email: str
    first: date
    last: date
    days: tuple[PosterDay, ...]  # those with lessons
    soon: tuple[Line, ...]
    brand: str
    brand_weak: str
    paper: str = "A4"

    @property
    def size(self) -> float:
        """Points of the type: as large as one sheet allows, or two, where one would make it too small."""
        sizes = range(LARGEST, SMALLEST - 1, -1)
        fits = (size for sheets in (1, 1.85) for size in sizes if self._height(size) <= sheets * HEIGHT)
        best = next(fits, SMALLEST)
        return best * (A3 if self.paper == "A3" else 1)

    def _height(self, size: float) -> float:
        """Millimetres that the poster takes on A4 at that size."""
        em = size * 0.353
        lines = [line for day in self.days for line in day.lines] + list(self.soon)
        rows = sum(each.rows(size) * 1.25 + 0.45 for each in lines)
        headings = (len(self.days) + bool(self.soon)) * 1.85
        head = 4 + ceil(len(self.centre) / (WIDTH / (em * 1.05))) * 2 + 1.25 * bool(self.place)
        contact = 2.7 + 1.25 * bool(self.email) + 1.6 * bool(self.phone) + 1.25 * ceil(len(self.address) * em / 320)
        return (rows + headings + head + contact) * em


def poster(centre, user, monday: date, paper: str = "A4") -> Poster:
    """The centre's week that begins on that Monday, as planned (a constant number of queries)."""
    sunday = monday + timedelta(days=6)
    seen = Group.objects.visible_to(user).filter(centre=centre)
    occurrences = planned([centre.pk], monday, sunday)
    soon = seen.filter(start__gt=sunday, start__lte=sunday + SOON).select_related("programme")
    soon = list(soon.order_by("start", "name")[:MOST_SOON])
    groups = {each.group.pk: each.group for each in occurrences} | {group.pk: group for group in soon}
    inside = Enrolment.objects.filter(group__in=groups).on(monday).order_by().values_list("group")
    taken = dict(inside.annotate(people=Count("pk")))
    days = defaultdict(list)
    for each in occurrences:
        times = f"{each.starts:%H:%M}–{each.ends:%H:%M}" if each.starts else ""
        days[each.date].append(_line(each.group, taken, times=times, room=each.room.name if each.room else ""))
    return Poster(
        language=translation.get_language(),
        network=centre.network.name_i18n,
        centre=long_name(centre.name_i18n),
        place=centre.place.name_i18n if centre.place else "",
        address=centre.address,
        phone=centre.phone,
        email=centre.email,
        first=monday,
        last=sunday,
        days=tuple(PosterDay(str(WEEKDAYS[day.weekday()]), day, tuple(lines)) for day, lines in sorted(days.items())),
        soon=tuple(_line(group, taken, begins=group.start) for group in soon),
        brand=centre.network.brand,
        brand_weak=centre.network.brand_weak,
        paper=paper,
    )


def _line(group, taken, **kwargs) -> Line:
    places = None if group.capacity is None else max(group.capacity - taken.get(group.pk, 0), 0)
    return Line(group=group.name, programme=group.programme.title_i18n, places=places, **kwargs)
