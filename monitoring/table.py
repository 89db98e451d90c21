"""The matrix as one reader sees it: columns, rows and numbers, in a fixed number of queries.

A wide network is shown through a window of columns, so that the page stays light on a bad line.
"""

from collections import Counter
from dataclasses import dataclass

from django import forms
from django.core.paginator import Page, Paginator
from django.utils.translation import gettext_lazy as _

from centres.models import AdminUnit, Centre, Place

from .agreement import Comparison, Own, found_side
from .models import Aspect, Cell, CellState, Conclusion, Cycle, Participation, Recommendation

WINDOW = 12  # columns on one page


@dataclass(frozen=True)
class Column:
    """A centre that takes part, with its oblast and raion as of the end of the cycle's period."""

    centre: Centre
    place: Place


@dataclass
class Row:
    """An aspect with the visible cells in the columns' order; a cell that does not match the filter is None."""

    aspect: Aspect
    cells: list
    conclusion: Conclusion | None
    recommendations: list


class MatrixFilter(forms.Form):
    """What to show. An unknown value in the address is ignored, so that an old link still opens the table."""

    centre = forms.ChoiceField(label=_("Centre"), required=False)
    aspect = forms.ChoiceField(label=_("Aspect"), required=False)
    kind = forms.ChoiceField(label=_("Kind of centre"), required=False, choices=[("", _("all")), *Centre.Kind.choices])
    oblast = forms.ChoiceField(label=_("Oblast"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("all")), *CellState.choices])

    def __init__(self, data, *, centres, aspects, oblasts):
        super().__init__(data)
        every = ("", _("all"))
        self.fields["centre"].choices = [every, *((centre.code, str(centre)) for centre in centres)]
        self.fields["aspect"].choices = [every, *((str(aspect.number), str(aspect)) for aspect in aspects)]
        self.fields["oblast"].choices = [every, *((str(unit.pk), str(unit)) for unit in oblasts)]
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select"
        self.is_valid()

    def chosen(self, name: str) -> str:
        return self.cleaned_data.get(name, "")

    @property
    def active(self) -> dict[str, str]:
        """The filters that narrow the table now."""
        return {name: value for name, value in self.cleaned_data.items() if value}


@dataclass
class MatrixTable:
    """One reader's view of a cycle's matrix."""

    cycle: Cycle
    filter: MatrixFilter
    page: Page  # the window of columns
    columns: list[Column]
    rows: list[Row]
    counts: dict[str, int]  # visible cells by state
    concluded: bool  # the reader sees the network's column
    says: bool  # some centre says of itself how it stands, and the reader sees it

    @property
    def cell_count(self) -> int:
        return sum(self.counts.values())

    @property
    def one_centre(self) -> bool:
        return len(self.columns) == 1

    @classmethod
    def of(cls, cycle: Cycle, user, data, number=1) -> "MatrixTable":
        """Gather it: aspects, columns, map, cells, numbers, conclusions, recommendations (8 queries),
        and what the centres say of themselves (4 more where the cycle has a questionnaire)."""
        aspects = list(cycle.template.aspects.all())
        columns = cls._columns(cycle, user)
        oblasts = {column.place.oblast.pk: column.place.oblast for column in columns if column.place.oblast}
        chosen = MatrixFilter(
            data, centres=[column.centre for column in columns], aspects=aspects, oblasts=oblasts.values()
        )
        cells = Cell.objects.visible_to(user).filter(cycle=cycle)
        states = cells.by_centre_and_state()
        counts = Counter()
        for (_centre, its_state), n in states.items():
            counts[its_state] += n
        state = chosen.chosen("state")
        if state:
            columns = [column for column in columns if (column.centre.pk, state) in states]
        page = Paginator([column for column in columns if cls._fits(column, chosen)], WINDOW).get_page(number)
        columns = list(page)
        found = {
            (cell.aspect_id, cell.centre_id): cell
            for cell in cells.for_table(user).filter(centre__in=[column.centre.pk for column in columns])
            if not state or cell.state == state
        }
        conclusions, recommendations = cls._network_column(cycle, user)
        rows = [
            Row(
                aspect,
                [found.get((aspect.pk, column.centre.pk)) for column in columns],
                conclusions.get(aspect.pk),
                recommendations.get(aspect.pk, []),
            )
            for aspect in aspects
            if chosen.chosen("aspect") in ("", str(aspect.number))
        ]
        if state:
            rows = [row for row in rows if any(row.cells)]
        own = Own.of(cycle, user, aspects, [column.centre for column in columns])
        for row in rows:
            for cell, column in zip(row.cells, columns, strict=True):
                if cell:
                    cell.cycle, cell.aspect, cell.centre = cycle, row.aspect, column.centre
                    cell.compared = Comparison(own.side(row.aspect, column.centre), found_side(cell.state, cell.level))
        return cls(cycle, chosen, page, columns, rows, counts, bool(conclusions), bool(own.levels))

    @staticmethod
    def _columns(cycle, user) -> list[Column]:
        places = AdminUnit.objects.places(cycle.period_end)
        rows = Participation.objects.visible_to(user).filter(cycle=cycle).select_related("centre")
        return [Column(row.centre, places.get(row.centre.place_id, Place())) for row in rows]

    @staticmethod
    def _fits(column: Column, chosen: MatrixFilter) -> bool:
        return (
            chosen.chosen("centre") in ("", column.centre.code)
            and chosen.chosen("kind") in ("", column.centre.kind)
            and (not chosen.chosen("oblast") or str(getattr(column.place.oblast, "pk", "")) == chosen.chosen("oblast"))
        )

    @staticmethod
    def _network_column(cycle, user):
        """Conclusions and recommendations by aspect; both empty where the reader does not see them."""
        conclusions = {
            row.aspect_id: row for row in Conclusion.objects.visible_to(user).filter(cycle=cycle).with_links()
        }
        recommendations = {}
        by_conclusion = {row.pk: row.aspect_id for row in conclusions.values()}
        for row in Recommendation.objects.visible_to(user).filter(cycle=cycle).with_links().order_by("number"):
            recommendations.setdefault(by_conclusion[row.conclusion_id], []).append(row)
        return conclusions, recommendations
