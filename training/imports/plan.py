"""What an import does, or would do: counted in full, named as far as a page can show it."""

import hashlib
from dataclasses import asdict, dataclass, field

from .columns import shown

NAMED = 100  # entries of one kind that a preview names; the counts hold all


@dataclass
class Plan:
    """Counts and names. As JSON it waits with the job for the confirmation."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    likely: int = 0  # new rows that are probably about somebody who is known already; not among the new
    removed: int = 0
    blocked: int = 0  # not named by the file, but something rests on them
    lessons: int = 0  # new lessons that come with marks
    new_named: list = field(default_factory=list)  # [row, what it is called]
    changed_named: list = field(default_factory=list)  # [row, what it is called, [[heading, before, after], ...]]
    removed_named: list = field(default_factory=list)  # what it is called
    blocked_named: list = field(default_factory=list)
    fingerprint: str = ""  # tells whether what is done is still what was shown

    def as_json(self) -> dict:
        return asdict(self)

    @property
    def is_empty(self) -> bool:
        return not (self.new or self.changed or self.removed or self.likely)


class Fingerprint:
    """Sums up what is done, piece by piece."""

    def __init__(self):
        self.sum = hashlib.sha256()

    def add(self, *facts):
        self.sum.update(repr(facts).encode())

    def __str__(self):
        return self.sum.hexdigest()


def differences(kind, before: dict, after: dict, scope) -> list:
    """The fields that differ, as [heading, before, after] in the reader's language.

    What an entry is marked with stands there by the column's key, as tuples of ids.
    """
    differing = [
        [
            kind.column(key).heading,
            *(shown(kind.column(key).write(values[attname], None)) for values in (before, after)),
        ]
        for key, attname in kind.fields.items()
        if before[attname] != after[attname]
    ]
    if kind.links and before[key := kind.links[0]] != after[key]:
        titles = ["; ".join(map(str, map(scope.target_groups_by_id.get, marks[key]))) for marks in (before, after)]
        differing.append([kind.column(key).heading, *titles])
    return differing


def remove(kind, scope, scoped: set, kept: tuple, plan: Plan, marks: Fingerprint) -> None:
    """Take away what the file, which replaces, does not name; what something rests on stays and is told.

    `kept` holds sets or subqueries of ids: what the file names, and whom its likely duplicates resemble.
    """
    absent = kind.replaced(scope, scoped)
    for named in kept:
        absent = absent.exclude(pk__in=named)
    hanging = kind.hanging()
    blocked = absent.filter(hanging) if hanging else absent.none()
    gone = absent.exclude(pk__in=blocked.order_by().values("pk"))
    # Whoever confirms has to see by name all that goes.
    for rows, name, named in ((gone, "removed", None), (blocked, "blocked", NAMED)):
        numbers = list(rows.order_by("pk").values_list("pk", flat=True))
        setattr(plan, name, len(numbers))
        setattr(plan, f"{name}_named", [kind.label(row) for row in kind.for_label(rows.order_by("pk"))[:named]])
        marks.add(name, [str(number) for number in numbers])
        if name == "removed":
            leaving = numbers
    kind.leaving(scope, kind.model.objects.filter(pk__in=leaving))
    for start in range(0, len(leaving), 1000):
        kind.model.objects.filter(pk__in=leaving[start : start + 1000]).delete()
