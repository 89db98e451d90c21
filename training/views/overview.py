"""The register's first page, the way to the timetable, and the hand-over of a centre."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from centres.access import allowed_or_403
from centres.models import Centre

from ..forms.centre_field import OFFERED
from ..handover import handover_of
from ..models import Group
from ..overview import beginnings_of, rows_of, sum_of
from ..periods import chosen_period, periods_of

PER_PAGE = 50
GROUPS = 30  # running groups shown at most; the list of groups has them all


def inside_or_403(user):
    """The centres whose inside the person sees; 403 for those who work in no network, such as donors."""
    if not (user.reach.oversees or user.reach.runs):
        raise PermissionDenied(_("The training register is for those who work at the centres and in the network."))
    return Centre.objects.inside_for(user).in_order()


@require_safe
def index(request):
    """How many learn: at the person's one centre or at the one she chose; otherwise a table of centres."""
    centres = inside_or_403(request.user)
    if code := request.GET.get("centre"):
        centres = centres.filter(code=code)
    page = Paginator(centres, PER_PAGE).get_page(request.GET.get("page"))
    if code and not page.paginator.count:
        raise Http404
    periods = periods_of(Group.objects.filter(centre__in=centres.order_by()))
    period = chosen_period(request.GET.get("period"), periods)
    context = {
        "page": page,
        "periods": periods,
        "period": period,
        "rows": rows_of(list(page), period),
        "query": urlencode({"period": period.key}),
        "chosen": code,
    }
    if page.paginator.count == 1:
        more = about(page[0], context["rows"][0], request.user)
        return render(request, "training/overview_centre.html", context | more)
    total = sum_of(context["rows"]) if page.paginator.num_pages == 1 else None
    return render(request, "training/overview.html", context | {"total": total})


def about(centre, row, user) -> dict:
    """What the page of one centre shows beside its figures."""
    running = Group.objects.filter(centre=centre).on(localdate()).select_related("programme").in_order()
    beginnings = beginnings_of(centre)
    return {
        "centre": centre,
        "row": row,
        "beginnings": beginnings,
        "first_group": Group.objects.filter(centre=centre).in_order().first() if beginnings.next else None,
        "may_keep": Centre.objects.kept_by(user).filter(pk=centre.pk).exists(),
        "running": running[:GROUPS],
    }


@require_safe
def centre_names(request):
    """Centres that fit what somebody has typed so far, for the browser to offer."""
    inside, text = inside_or_403(request.user), request.GET.get("centre", "")[:100]
    found = inside.named(text)[:OFFERED] if text.strip() else []
    return render(request, "training/centre_names.html", {"centres": found})


@require_safe
def first_timetable(request):
    """To the timetable of the person's centre; of the first one where she has several."""
    centre = inside_or_403(request.user).first()
    return redirect("training:timetable", centre.code) if centre else redirect("training:index")


@require_safe
def handover(request, code):
    """What a successor has to know, on one page to print; for those who see the centre's inside."""
    centre = allowed_or_403(Centre.objects.select_related("network", "place"), "inside_for", request.user, code=code)
    context = {"centre": centre, "page": handover_of(centre), "today": localdate()}
    return render(request, "training/handover.html", context)
