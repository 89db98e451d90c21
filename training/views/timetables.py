"""A centre's week, and the private address under which phones and computers read it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from centres.access import allowed_or_403
from centres.models import Centre

from ..calendar import calendar_of
from ..forms.filters import CentreChoice
from ..models import TimetableFeed
from ..timetable import held_and_planned, monday_of, week_of


@require_safe
def timetable(request, code):
    """One week of a centre: what is planned, what was held, what was cancelled."""
    inside = Centre.objects.inside_for(request.user)
    choice = CentreChoice({"centre": request.GET.get("centre", code)}, user=request.user)
    if (asked := request.GET.get("centre", code)) != code and not (choice.has_many and choice.centre is None):
        other = choice.centre if choice.has_many else get_object_or_404(inside, code=asked)
        week = urlencode({"week": request.GET.get("week", "")})
        return redirect(f"{reverse('training:timetable', args=[other.code])}?{week}")
    centre = get_object_or_404(inside.select_related("network"), code=code)
    context = {
        "centre": centre,
        "choice": choice,
        "week": week_of(centre, monday_of(request.GET.get("week"))),
        "this_week": monday_of(None),
        "may_edit": Centre.objects.kept_by(request.user).filter(pk=centre.pk).exists(),
    }
    return render(request, "training/timetable.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def timetable_address(request, code):
    """The private address of a centre's timetable: made, renewed, withdrawn. It is shown only when it is made."""
    inside = Centre.objects.inside_for(request.user)
    get_object_or_404(inside, code=code)
    centre = allowed_or_403(Centre.objects, "kept_by", request.user, code=code)
    link = None
    if request.method == "POST":
        if request.POST.get("do") == "withdraw":
            if TimetableFeed.objects.withdraw(centre=centre):
                messages.success(request, _("The private address no longer works."))
            return redirect("training:timetable_address", code)
        if token := TimetableFeed.objects.renew(
            centre=centre, by=request.user, instead_of=request.POST.get("feed", "")
        ):
            link = request.build_absolute_uri(TimetableFeed.path_for(token))
    feed = TimetableFeed.objects.open().filter(centre=centre).select_related("created_by").first()
    return render(request, "training/timetable_address.html", {"centre": centre, "feed": feed, "link": link})


@login_not_required
@require_safe
def timetable_feed(request, token):
    """The centre's lessons as iCalendar, for whoever has the address. No names of people."""
    feed = TimetableFeed.objects.for_token(token).select_related("centre__network").first()
    if feed is None:
        raise Http404
    today = timezone.localdate()
    lessons = held_and_planned([feed.centre_id], today - feed.BEFORE, today + feed.AFTER)
    with translation.override(feed.language):
        text = calendar_of(feed.centre, lessons)
    headers = {
        "Content-Disposition": f'attachment; filename="{feed.centre.code}.ics"',
        "Cache-Control": "private, max-age=900",
        "Content-Language": feed.language,
        "X-Robots-Tag": "noindex",
        "X-Content-Type-Options": "nosniff",
    }
    return HttpResponse(text, "text/calendar; charset=utf-8", headers=headers)
