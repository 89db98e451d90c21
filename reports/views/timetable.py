"""A centre's week as a poster."""

from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from centres.models import Centre
from training.timetable import monday_of, week_code

from ..poster import poster
from .answers import language_of, send_pdf


@require_safe
def timetable_pdf(request, code):
    """The week of `?week=2005-W10`, else this week, on A4, or on A3 with `?paper=a3`."""
    everything = Centre.objects.inside_for(request.user).select_related("network", "place")
    centre = get_object_or_404(everything, code=code)
    monday = monday_of(request.GET.get("week"))
    paper = "A3" if request.GET.get("paper", "").lower() == "a3" else "A4"
    with language_of(request):
        made = poster(centre, request.user, monday, paper)
    name = f"timetable-{centre.code}-{week_code(monday)}-{made.language}.pdf"
    return send_pdf(request, name, ("reports/poster.html", {"poster": made}), language=made.language)
