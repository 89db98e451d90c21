"""Gathers a centre's week as a poster for the wall: what is taught when and where, and what one can still join.

Nobody's name stands on it. Gathered in the active language.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from textwrap import wrap

from django.db.models import Max, Q
from django.utils import translation
from django.utils.dates import WEEKDAYS

from training.models import Group
from training.models.certificates import long_name
from training.timetable import planned

SOON = timedelta(days=42)  # a group that begins within that time is announced ...
MOST_SOON = 4  # ... if it is among the first
COMPLETED_ON = Max("enrolments__ended_on", filter=Q(enrolments__status="completed"))
#: Points on A4: the largest that looks well, and the smallest that is read from two metres.
LARGEST, SMALLEST = 22, 13
HEIGHT, WIDTH = 272, 184  # mm on A4, within the margins
A3 = 1.414
POINT = 0.353  # mm
LETTER, BOLD = 0.52, 0.56  # of the type's size: how wide a letter is at most, on the average of a line
BESIDE = 6.8  # of the type's size: the times of a lesson, or the day on which a group begins


def lines_of(text: str, width: float, letter: float = LETTER) -> int:
    """How many lines a text takes; width and letter in the same unit."""
    return len(wrap(text, max(int(width / letter), 1))) or 1


@dataclass(frozen=True)
class Line:
    """One lesson of the week, or one group that begins soon."""

    group: str
    programme: str
    times: str = ""
    room: str = ""
    begins: date | None = None
    places: int | None = None  # for which nobody waits yet; None: as many as come
    is_over: bool = False  # everybody has completed it: nobody is invited any longer

    @property
    def is_full(self) -> bool:
        return self.places is not None and self.places <= 0

    @property
    def title(self) -> str:
        """The programme, or the group's name where that says it too."""
        return self.group if self.programme.casefold() in self.group.casefold() else self.programme

    @property
    def below(self) -> str:
        """What the title leaves out: the group and the room."""
        group = "" if self.group.casefold() in self.title.casefold() else self.group
        return " ·\u00a0".join(filter(None, (group, self.room)))  # no dot hangs at the end of a line

    def height(self, size: float) -> float:
        """Of that type's size: how high it stands on A4."""
        width = WIDTH / (size * POINT) - BESIDE - 0.7
        beside = 0 if self.is_over else 9  # the places that are left, at the end of a line
        return 0.5 + 1.25 * lines_of(self.title, width, BOLD) + 1.06 * lines_of(self.below, (width - beside) / 0.85)


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
        em = size * POINT
        width = WIDTH / em
        lines = [line.height(size) for day in self.days for line in day.lines] + [
            line.height(size) for line in self.soon
        ]
        headings = (len(self.days) + bool(self.soon)) * 1.9
        head = 0.9 * lines_of(self.network, width / 0.72) + 2.02 * lines_of(self.centre, width / 1.75, BOLD)
        head += 3.8 + 1.25 * bool(self.place)
        contact = 3.2 + 1.25 * (lines_of(self.where, width - 1.4) + bool(self.email)) + 1.6
        return (sum(lines) + headings + head + contact) * em

    @property
    def where(self) -> str:
        """Where one comes to: the address, else what else says it."""
        return self.address or self.place


def poster(centre, user, monday: date, paper: str = "A4") -> Poster:
    """The centre's week that begins on that Monday, as planned (a constant number of queries)."""
    sunday = monday + timedelta(days=6)
    seen = Group.objects.visible_to(user).filter(centre=centre)
    occurrences = planned([centre.pk], monday, sunday)
    soon = seen.filter(start__gt=sunday, start__lte=sunday + SOON).with_places().select_related("programme")
    soon = list(soon.order_by("start", "name")[:MOST_SOON])
    current = Group.objects.filter(pk__in={each.group.pk for each in occurrences}).with_places()
    groups = {group.pk: group for group in current.annotate(completed_on=COMPLETED_ON)}
    days = defaultdict(list)
    for each in occurrences:
        group = groups[each.group.pk]
        is_over = bool(group.completed_on) and not group.taken
        if is_over and each.date > group.completed_on:
            continue  # nobody comes to it any longer
        times = f"{each.starts:%H:%M}–{each.ends:%H:%M}" if each.starts else ""
        days[each.date].append(
            _line(group, each.group.programme, times=times, room=each.room.name if each.room else "", is_over=is_over)
        )
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
        soon=tuple(_line(group, group.programme, begins=group.start) for group in soon),
        brand=centre.network.brand,
        brand_weak=centre.network.brand_weak,
        paper=paper,
    )


def _line(group, programme, **kwargs) -> Line:
    places = None if group.free is None else max(group.free - group.waits, 0)
    return Line(group=group.name, programme=programme.title_i18n, places=places, **kwargs)
