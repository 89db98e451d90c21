"""What the start page is made of."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse


@dataclass(frozen=True)
class Task:
    """One line: what waits, a quieter line below it, and where to do it as (label, address)."""

    text: str
    note: str = ""
    buttons: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Box:
    """Tasks under one heading."""

    title: str
    tasks: list[Task]


def matrix_address(cycle, **narrowed) -> str:
    """The matrix, narrowed by its own filters."""
    address = reverse("monitoring:matrix", args=[cycle.code])
    return f"{address}?{urlencode(narrowed)}" if narrowed else address
