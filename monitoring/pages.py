"""What stands beside the text on a cell's and a conclusion's page, in a fixed number of queries."""

import uuid
from dataclasses import dataclass, field

from django.urls import reverse

from centres.access import reach_of

from .differences import Budget, differences
from .models import Aspect, Cell, CellStep, Comment
from .models.comments import Remark


@dataclass
class Thread:
    """A first remark with its replies, oldest first."""

    first: Remark
    address: str  # to which resolving and reopening it is sent
    replies: list[Remark] = field(default_factory=list)
    reply_id: uuid.UUID = field(default_factory=uuid.uuid4)  # of the reply that may be written next


@dataclass
class CellPage:
    """One reader's view of what surrounds a cell: what she may do, the steps so far, the talk, the neighbours."""

    oversees: bool
    may_edit: bool
    may_discuss: bool
    steps: list[CellStep]
    threads: list[Thread]
    comment_address: str  # to which a new comment or reply is sent
    previous: Aspect | None
    next: Aspect | None
    changed: bool = False  # the answer to a write: the table beside has to follow

    @property
    def returned(self) -> CellStep | None:
        """The newest return with its reason."""
        return next((step for step in self.steps if step.to_state == Cell.State.RETURNED), None)

    @property
    def open_threads(self) -> int:
        return sum(thread.first.resolved_at is None for thread in self.threads)

    @classmethod
    def of(cls, cell: Cell, user, *, changed=False) -> "CellPage":
        reach = reach_of(user)
        oversees = cell.cycle.network_id in reach.oversees
        aspects = list(cell.cycle.template.aspects.all())
        place = [aspect.pk for aspect in aspects].index(cell.aspect_id)
        talk = reverse("monitoring:comment", args=[cell.cycle.code, cell.aspect.number, cell.centre.code])
        return cls(
            oversees=oversees,
            may_edit=oversees and not cell.cycle.is_published,
            may_discuss=oversees or cell.centre_id in reach.runs,
            steps=list(CellStep.objects.visible_to(user).filter(cell=cell).select_related("by")),
            threads=threads(Comment.objects.visible_to(user).filter(cell=cell), talk),
            comment_address=talk,
            previous=aspects[place - 1] if place else None,
            next=aspects[place + 1] if place + 1 < len(aspects) else None,
            changed=changed,
        )


def threads(comments, address: str) -> list[Thread]:
    """Comments on one thing as threads: the open ones first, then the resolved ones. `address`: of these comments."""
    rows = list(comments.select_related("author", "resolved_by").order_by("created_at", "pk"))
    found = {row.pk: Thread(row, f"{address}{row.pk}/") for row in rows if row.parent_id is None}
    for row in rows:
        if row.parent_id:
            found[row.parent_id].replies.append(row)
    return sorted(found.values(), key=lambda thread: thread.first.resolved_at is not None)


@dataclass
class Change:
    """One recorded version of a row, with what its texts changed against the version before, word by word."""

    event: object
    texts: dict[str, list[tuple[str, str]]]


def changes(events, names) -> list[Change]:
    """Recorded versions, newest first, each compared with its predecessor; `names` are the text fields."""
    older, budget = [*events[1:], None], Budget()
    return [
        Change(new, {name: differences(getattr(old, name, ""), getattr(new, name), budget) for name in names})
        for new, old in zip(events, older, strict=True)
    ]
