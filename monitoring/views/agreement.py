"""Do the external and the self-assessment agree?"""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from centres.access import visible_or_404

from ..agreement import Agreement, is_inside
from ..models import Cycle
from ..table import WINDOW

CYCLES = Cycle.objects.select_related("network", "template", "questionnaire")


def find_inside(request, code):
    """The cycle behind an address, for those who may read self-assessments of it; donors find nothing."""
    cycle = visible_or_404(CYCLES.all(), request.user, code=code)
    if not is_inside(cycle, request.user):
        raise Http404
    return cycle


@require_safe
def table(request, cycle):
    """Aspects by centres: what both say of each, how that compares, and the counts."""
    cycle = find_inside(request, cycle)
    agreement = Agreement.of(cycle, request.user)
    code = request.GET.get("centre", "")
    chosen = [centre for centre in agreement.centres if centre.code == code]
    page = Paginator(chosen or agreement.centres, WINDOW).get_page(request.GET.get("page"))
    context = {
        "cycle": cycle,
        "agreement": agreement,
        "page": page,
        "lines": agreement.lines(list(page)),
        "heads": agreement.heads(list(page)),
        "counts": agreement.counts,
        "chosen": chosen[0] if chosen else None,
        "staff": cycle.network_id in request.user.reach.oversees,
    }
    return render(request, "monitoring/agreement.html", context)
