"""The table, and steps for many cells at once."""

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from centres.access import editable_or_403, visible_or_404

from ..models import Cell, CellState, Cycle
from ..table import MatrixTable

CYCLES = Cycle.objects.select_related("network", "template")


@require_safe
def table(request, cycle):
    """The matrix, or one centre's or one aspect's part of it."""
    cycle = visible_or_404(CYCLES.all(), request.user, code=cycle)
    return render(
        request,
        "monitoring/matrix.html",
        {
            "cycle": cycle,
            "table": MatrixTable.of(cycle, request.user, request.GET, request.GET.get("page")),
            "staff": cycle.network_id in request.user.reach.oversees,
            "query": narrowed(request.GET),
        },
    )


def narrowed(data) -> str:
    """The filters as a query, without the page."""
    kept = data.copy()
    kept.pop("page", None)
    return kept.urlencode()


@require_POST
def steps(request, cycle):
    """Submit all drafts, or accept all that are submitted: asked once, with the number, then done."""
    cycle = editable_or_403(CYCLES.all(), request.user, code=cycle)
    to = request.POST.get("to")
    if to not in {CellState.SUBMITTED, CellState.ACCEPTED}:
        raise BadRequest
    cells = Cell.objects.editable_by(request.user).filter(cycle=cycle)
    if "sure" not in request.POST:
        context = {"cycle": cycle, "to": to, "count": cells.movable(to).count(), "stay": cycle.get_absolute_url()}
        return render(request, "monitoring/steps.html", context)
    moved = cells.move_all(by=request.user, to=to)
    if to == CellState.SUBMITTED:
        text = ngettext("%(n)s cell submitted.", "%(n)s cells submitted.", moved)
    else:
        text = ngettext("%(n)s cell accepted.", "%(n)s cells accepted.", moved)
    messages.success(request, text % {"n": moved})
    return redirect("monitoring:matrix", cycle.code)
