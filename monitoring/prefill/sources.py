"""The list of sources: what can be computed for a question, defined once each."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.urls import reverse

from training.periods import Period

from ..instruments import Kind
from .facts import Facts

TABLES = frozenset({Kind.FIXED_TABLE, Kind.OPEN_TABLE})


@dataclass(frozen=True)
class Found:
    """What a source found.

    `value` is as `values.fitted` reads it. `names` lists texts that mean the same, the one of the value included.
    `beside` are figures that stand beside it, by their key in `BESIDE`: what is not counted, or not known.
    """

    value: dict
    names: tuple[tuple[str, ...], ...] = ()
    beside: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Source:
    """Something that the data can say in answer to a question.

    `title` says what it is, `label` where it comes from. A draft is only a text to begin with: that the answer differs
    asks for no explanation. `page` gives the address of the records behind it.
    """

    key: str
    title: str
    label: str
    kinds: frozenset[str]
    find: Callable[[Facts], Found | None]
    page: Callable[[Facts], str]
    is_draft_text: bool = False

    def fits(self, kind: str) -> bool:
        """Whether a question of that kind can be filled in from it."""
        return kind in self.kinds

    def records(self, cycle, centre) -> str:
        """Address of the records behind it, of a page that the centre's people and the network's staff can open."""
        return self.page(Facts(cycle, centre))


SOURCES: dict[str, Source] = {}


def source(key, title, label, kinds, page, *, is_draft_text=False):
    """Enter the function below as the source of that key; its docstring defines what counts."""

    def enter(find):
        SOURCES[key] = Source(key, title, label, frozenset(kinds), find, page, is_draft_text)
        return find

    return enter


# Addresses of records.


def centres_page(name: str):
    """A page of the centre in the register of centres."""
    return lambda facts: reverse(f"centres:{name}", args=[facts.centre.code])


def training_list(name: str):
    """A list of the training register, of this centre only."""
    return lambda facts: f"{reverse(f'training:{name}')}?centre={facts.centre.code}"


def training_period(facts: Facts) -> str:
    """The register's figures of the centre, in the period where that is a year or half of one."""
    address = training_list("index")(facts)
    year = facts.cycle.period_start.year
    for period in (Period(year), Period(year, 1), Period(year, 2)):
        if (period.first, period.last) == (facts.cycle.period_start, facts.cycle.period_end):
            return f"{address}&period={period.key}"
    return address


def cycle_before(facts: Facts) -> str:
    """The matrix that the recommendations stand in (1 query)."""
    rows = facts.recommendations
    return rows[0].cycle.get_absolute_url() if rows else ""
