"""Who changed what under one of a centre's tabs."""

from django.http import Http404
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ..changes import History, events_of
from ..models import (
    CentreDocument,
    CommitteeMember,
    CommunityProfile,
    Decision,
    Equipment,
    Income,
    IncomeForecast,
    Meeting,
    NeedsStudy,
    Partner,
    PopulationCount,
    Post,
    TargetGroupCount,
)
from .resources import inside_or_404, page_of, tab_page

# What is kept under each tab, and what one row of it is called.
KEPT = {
    "equipment": {Equipment: lambda event: f"{event.get_kind_display()} {event.name}".strip()},
    "committee": {
        CommitteeMember: lambda event: f"{event.get_role_display()}: {event.name}",
        Meeting: lambda event: f"{_('Meeting of the committee')}, {date_format(event.date)}",
        Decision: lambda event: f"{_('Decision')}: {Truncator(event.text).chars(60)}",
    },
    "partners": {Partner: lambda event: event.name},
    "finance": {
        Income: lambda event: f"{_('Income')}, {date_format(event.date)}: {event.get_source_display()}",
        IncomeForecast: lambda event: f"{_('Income forecast')} {event.year}: {event.get_source_display()}",
    },
    "documents": {CentreDocument: lambda event: event.title},
    "community": {
        CommunityProfile: lambda event: f"{_('Community profile')} {event.year}",
        PopulationCount: lambda event: f"{event.get_sex_display()}, {event.get_age_display()}",
        TargetGroupCount: lambda event: _("people of a target group"),
        NeedsStudy: lambda event: f"{_('Needs study')}, {date_format(event.from_date)}",
    },
}
UNTOLD = ("meeting", "profile", "file", "currency")  # of a file its name is told


def history_of_tab(centre, tab: str) -> History:
    """Every recorded change of what the centre keeps under the tab, the latest first."""
    sources = [(events_of(model).filter(centre=centre), name) for model, name in KEPT[tab].items()]
    if tab == "committee":
        chairs = events_of(Post).filter(centre=centre, kind=Post.Kind.CHAIR)
        sources.append((chairs, lambda event: f"{event.get_kind_display()}: {event.name}"))
    return History(sources, UNTOLD)


@require_safe
def history(request, code, tab):
    """The page of it, for those who see the centre's inside."""
    centre = inside_or_404(request.user, code)
    if tab not in KEPT:
        raise Http404
    page = page_of(request, history_of_tab(centre, tab))
    return tab_page(request, centre, tab, "centres/kept_history.html", page=page)
