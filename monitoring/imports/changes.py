"""One text of the matrix as it stands and as a file would make it."""

from dataclasses import dataclass

from ..models import CellState, Level

ADDED, CHANGED, SAME, LEFT = "added", "changed", "same", "left"


@dataclass(frozen=True)
class CellChange:
    """One cell as it stands and as the file would make it."""

    aspect: int
    centre: str
    outcome: str
    pk: int | None = None  # None: its centre joins the cycle first
    version: int = 0
    before: tuple = ("", "", Level.NOT_ASSESSED)  # finding, perspective, level
    after: tuple = ("", "", Level.NOT_ASSESSED)
    state: str = CellState.EMPTY

    @property
    def overwrites_accepted(self):
        """Whether a cell that was taken as final would change."""
        return self.outcome == CHANGED and self.state == CellState.ACCEPTED

    @property
    def state_after(self):
        """New text is a draft; a returned cell stays returned, with its reason, until it is submitted again."""
        return CellState.RETURNED if self.state == CellState.RETURNED else CellState.DRAFT

    @property
    def level_before(self):
        """The level's word as it stands."""
        return Level(self.before[2]).label

    @property
    def level_after(self):
        """The level's word as the file would make it."""
        return Level(self.after[2]).label

    @property
    def address(self):
        """Its pk and version, for the fingerprint."""
        return [self.pk, self.version]


@dataclass(frozen=True)
class TextChange:
    """A conclusion (number 0) or a recommendation as it stands and as the file would make it, with its links."""

    aspect: int
    number: int
    outcome: str
    pk: int | None = None
    version: int = 0
    before: str = ""
    after: str = ""
    links_before: frozenset = frozenset()
    links_after: frozenset = frozenset()

    @property
    def links_added(self):
        """Numbers of the aspects that it would newly point to."""
        return sorted(self.links_after - self.links_before)

    @property
    def links_dropped(self):
        """Numbers of the aspects that it would no longer point to."""
        return sorted(self.links_before - self.links_after)

    @property
    def address(self):
        """Its pk and version, for the fingerprint."""
        return [self.pk, self.version]


def standing_text(text):
    """A stored text as the file would hold it: a browser sends other line ends than a spreadsheet."""
    return text.replace("\r\n", "\n").strip()


def cell_change(parsed, cell):
    """What one cell of the file would do. A level without text has no cell to stand in.

    Nobody gave the old level to a new finding: without one in the file, the cell is not assessed again.
    """
    before = CellChange.before
    if cell:
        before = (standing_text(cell.finding), standing_text(cell.perspective), cell.level)
    finding = parsed.finding or before[0]
    level = parsed.level or (before[2] if finding == before[0] else Level.NOT_ASSESSED)
    after = (finding, parsed.perspective or before[1], level)
    if after == before or not (after[0] or after[1]):
        outcome = LEFT if parsed.is_empty and (before[0] or before[1]) else SAME
        after = before
    else:
        outcome = CHANGED if before[0] or before[1] else ADDED
    return CellChange(
        aspect=parsed.aspect,
        centre=parsed.centre,
        outcome=outcome,
        pk=cell.pk if cell else None,
        version=cell.version if cell else 0,
        before=before,
        after=after,
        state=cell.state if cell else CellState.EMPTY,
    )
