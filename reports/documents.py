"""Gathers what one printed or downloaded document says, as plain data: no HTTP, no HTML, no file format.

A document is gathered in the active language: names, titles and words of the interface follow it, while what the
experts wrote stays as they wrote it.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import ceil

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from centres.models import AdminUnit
from monitoring.imports.labels import references
from monitoring.models import Cell, CellState, Conclusion, Level, Participation, Recommendation

#: A3 landscape holds eight columns of text that are still pleasant to read, beside the conclusions.
CENTRES_PER_PART = 8
#: The network's column holds a conclusion and its recommendations: half as wide again as a centre's.
CONCLUSION_UNITS = 1.5
#: Letters of a centre's name across the whole sheet, with room for words that do not break where the line ends.
LETTERS_PER_LINE = 200
#: Letters that fill about a third of a sheet's height, if they stood in one column as wide as the sheet.
SHORT_ROW = 5_000


@dataclass(frozen=True)
class CentreColumn:
    """One centre's column: its names in the document's language."""

    code: str
    name: str
    kind: str = ""
    oblast: str = ""


@dataclass(frozen=True)
class CellText:
    """What the experts found for one aspect at one centre: codes for layout, labels for the reader."""

    finding: str = ""
    perspective: str = ""
    level: str = ""
    level_label: str = ""
    state: str = "empty"
    state_label: str = ""

    @property
    def is_blank(self) -> bool:
        return not (self.finding or self.perspective or self.level)


@dataclass(frozen=True)
class RecommendationText:
    number: int
    text: str
    see_also: tuple[int, ...] = ()  # numbers of aspects that it is linked to without naming them


@dataclass(frozen=True)
class ConclusionText:
    """The network's column: what follows for all centres from one aspect."""

    text: str = ""
    see_also: tuple[int, ...] = ()
    recommendations: tuple[RecommendationText, ...] = ()


@dataclass(frozen=True)
class AspectRow:
    number: int
    title: str
    cells: tuple[CellText, ...]  # one for each column, in the columns' order
    conclusion: ConclusionText | None = None

    @property
    def is_short(self) -> bool:
        """Lower than about a third of a page, so that moving it whole to the next page wastes little paper."""
        columns = max(len(self.cells) + CONCLUSION_UNITS, 3)
        return max(map(len, self._texts), default=0) < SHORT_ROW / columns

    @property
    def _texts(self):
        for cell in self.cells:
            yield cell.finding + cell.perspective
        if self.conclusion:
            yield self.conclusion.text + "".join(item.text for item in self.conclusion.recommendations)


@dataclass(frozen=True)
class StateCount:
    state: str
    label: str
    count: int


@dataclass(frozen=True)
class MatrixPart:
    """As many neighbouring columns as fit a sheet; the last part of a wide matrix has the conclusions alone."""

    columns: tuple[CentreColumn, ...]
    rows: tuple[AspectRow, ...]
    first: int  # position of the first column among all centres, from 1
    with_conclusions: bool

    @property
    def last(self) -> int:
        return self.first + len(self.columns) - 1

    @property
    def width(self) -> int:
        """Columns of the part's tables; conclusions alone take two, the second for recommendations."""
        return len(self.columns) + self.with_conclusions if self.columns else 2

    @property
    def header_lines(self) -> int:
        """Lines that the row of centres needs at most, from 2 to 9, so that the page's top margin can hold it."""
        letters = LETTERS_PER_LINE / max(self._units, 2)
        needed = [
            ceil(len(column.name) / letters) + ceil(len(f"{column.kind} · {column.oblast}") / (letters * 1.4))
            for column in self.columns
        ]
        return min(max([2, *needed]), 9)

    @property
    def centre_width(self) -> str:
        return f"{100 / self._units:.3f}%"

    @property
    def conclusion_width(self) -> str:
        return f"{100 * CONCLUSION_UNITS / self._units:.3f}%"

    @property
    def _units(self) -> float:
        return len(self.columns) + CONCLUSION_UNITS * self.with_conclusions


@dataclass(frozen=True)
class MatrixDocument:
    """One cycle's monitoring matrix as one reader may see it (§6.5)."""

    language: str
    network: str
    cycle_code: str
    cycle_title: str
    is_published: bool
    columns: tuple[CentreColumn, ...]
    rows: tuple[AspectRow, ...]
    state_counts: tuple[StateCount, ...]
    levels: tuple[tuple[str, str], ...]  # code and label, for the legend
    data_date: date  # the day the data were read
    period_start: date | None = None
    period_end: date | None = None
    visits_start: date | None = None
    visits_end: date | None = None
    methods: str = ""
    sources: str = ""
    with_conclusions: bool = True
    brand: str = "#0b5c6b"  # the network's colours
    brand_weak: str = "#e3f0f1"

    @property
    def cell_count(self) -> int:
        return len(self.columns) * len(self.rows)

    @property
    def shows_levels(self) -> bool:
        """Whether any cell has been assessed; before that the words "not assessed" would only fill the sheet."""
        return any(cell.level not in ("", "not_assessed") for row in self.rows for cell in row.cells)

    @property
    def parts(self) -> list[MatrixPart]:
        """The matrix cut for paper: parts of nearly equal width, so that none is left with one thin column."""
        width = len(self.columns)
        if width <= CENTRES_PER_PART:
            return [MatrixPart(self.columns, self.rows, 1, self.with_conclusions)]
        count = ceil(width / CENTRES_PER_PART)
        edges = [round(width * part / count) for part in range(count + 1)]
        parts = [
            MatrixPart(
                self.columns[start:end],
                tuple(AspectRow(row.number, row.title, row.cells[start:end]) for row in self.rows),
                start + 1,
                with_conclusions=False,
            )
            for start, end in pairwise(edges)
        ]
        if self.with_conclusions:
            rows = tuple(AspectRow(row.number, row.title, (), row.conclusion) for row in self.rows)
            parts.append(MatrixPart((), rows, width + 1, with_conclusions=True))
        return parts


def matrix(cycle, user) -> MatrixDocument:
    """The cycle's matrix as the user may see it, in the active language (a constant number of queries).

    The cycle has to come from `Cycle.objects.visible_to(user)`. A centre's people get their own column, and the
    network's column once it is published.
    """
    places = AdminUnit.objects.places(cycle.period_end)
    participations = Participation.objects.visible_to(user).filter(cycle=cycle).select_related("centre")
    centres = [item.centre for item in participations.order_by("position", "pk")]
    conclusions = _conclusions(cycle, user)
    cells = {
        (cell.aspect_id, cell.centre_id): _cell(cell, cycle)
        for cell in Cell.objects.visible_to(user).filter(cycle=cycle).defer("cycle", "version", "updated_at")
    }
    aspects = list(cycle.template.aspects.order_by("number"))
    states = Counter(cell.state for cell in cells.values())
    return MatrixDocument(
        language=translation.get_language(),
        network=cycle.network.name_i18n,
        cycle_code=cycle.code,
        cycle_title=cycle.title_i18n,
        is_published=cycle.is_published,
        columns=tuple(_column(centre, places.get(centre.place_id)) for centre in centres),
        rows=tuple(
            AspectRow(
                aspect.number,
                aspect.title_i18n,
                tuple(cells.get((aspect.pk, centre.pk), CellText()) for centre in centres),
                conclusions.get(aspect.pk),
            )
            for aspect in aspects
        ),
        state_counts=tuple(StateCount(s.value, str(s.label), states[s]) for s in CellState if states[s]),
        levels=tuple((level.value, str(level.label)) for level in Level),
        data_date=timezone.localdate(),
        period_start=cycle.period_start,
        period_end=cycle.period_end,
        visits_start=cycle.visits_start,
        visits_end=cycle.visits_end,
        methods=_lines(cycle.methods_i18n),
        sources=_lines(cycle.sources_i18n),
        with_conclusions=bool(conclusions),
        brand=cycle.network.brand,
        brand_weak=cycle.network.brand_weak,
    )


def _column(centre, place) -> CentreColumn:
    oblast = place.oblast.name_i18n if place and place.oblast else ""
    return CentreColumn(centre.code, centre.name_i18n, centre.get_kind_display(), oblast)


def _cell(cell, cycle) -> CellText:
    # "To write" is a task for the experts; who reads what is published only learns that there is nothing.
    unwritten = cycle.is_published and cell.state == CellState.EMPTY
    return CellText(
        finding=_lines(cell.finding),
        perspective=_lines(cell.perspective),
        level=cell.level,
        level_label=str(cell.get_level_display()),
        state=cell.state,
        state_label=_("no finding") if unwritten else str(cell.get_state_display()),
    )


def _conclusions(cycle, user) -> dict[int, ConclusionText]:
    """By aspect; empty where the user may not see the network's column yet."""
    recommendations = {}
    rows = Recommendation.objects.visible_to(user).filter(cycle=cycle).with_links()
    for row in rows.order_by("conclusion_id", "number"):
        text = _lines(row.text)
        item = RecommendationText(row.number, text, _unnamed(row.see, text))
        recommendations.setdefault(row.conclusion_id, []).append(item)
    return {
        row.aspect_id: ConclusionText(
            _lines(row.text), _unnamed(row.see, row.text), tuple(recommendations.get(row.pk, ()))
        )
        for row in Conclusion.objects.visible_to(user).filter(cycle=cycle).with_links().order_by("pk")
    }


def _unnamed(links, text) -> tuple[int, ...]:
    """Links to aspects that the text itself does not name ("See section 8"): only these need words of ours."""
    return tuple(sorted(set(links) - set(references(text))))


def _lines(text: str) -> str:
    """The text with one kind of line end; browsers send another than spreadsheets."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
