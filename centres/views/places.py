"""The administrative map, common to all networks and kept by their coordinators: which unit lies in which, and when."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.db.models import F
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from ..access import coordinators_only
from ..forms.places import MoveForm, PlaceForm
from ..models import AdminUnit

PER_PAGE = 50
SHARED = gettext_lazy("Centres of another network lie here, so only the system's administrator can move this place.")


def stored(form):
    """What a valid form has saved; None, and an error in the form, when someone else was a moment faster."""
    try:
        with transaction.atomic():
            return form.save()
    except IntegrityError:
        form.add_error(None, _("Someone else has just stored the same thing. Look at it before you save again."))
        return None


@coordinators_only
@require_safe
def place_list(request):
    """All units, searched by name or KATO code, each with its oblast and raion of today."""
    q = request.GET.get("q", "").replace("\x00", "")[:200]
    page = Paginator(AdminUnit.objects.matching(q).in_order(), PER_PAGE).get_page(request.GET.get("page"))
    places = AdminUnit.objects.filter(pk__in=[unit.pk for unit in page]).places(timezone.localdate())
    rows = [(unit, places[unit.pk]) for unit in page]
    return render(
        request, "centres/place_list.html", {"page": page, "rows": rows, "q": q, "query": urlencode({"q": q})}
    )


@coordinators_only
@require_http_methods(["GET", "HEAD", "POST"])
def place_new(request):
    """A unit that the map does not have yet."""
    form = PlaceForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and (unit := stored(form)):
        messages.success(request, _("The place is on the map now."))
        return redirect(unit)
    return render(request, "centres/place_form.html", {"form": form}, status=422 if form.errors else 200)


@coordinators_only
@require_http_methods(["GET", "HEAD", "POST"])
def place(request, pk):
    """One unit: what it has lain in; with POST it moves to another parent from a day on."""
    unit = get_object_or_404(AdminUnit, pk=pk)
    may_move = AdminUnit.objects.editable_by(request.user).filter(pk=pk).exists()
    if request.method == "POST" and not may_move:
        raise PermissionDenied(SHARED)
    form = MoveForm(request.POST or None, unit=unit)
    if request.method == "POST" and form.is_valid() and stored(form):
        messages.success(request, _("Saved."))
        return redirect(unit)
    context = {
        "unit": unit,
        "placements": unit.placements.select_related("parent").order_by(F("from_date").desc(nulls_last=True)),
        "centres": unit.centres.visible_to(request.user).in_order(),
        "form": form,
        "may_move": may_move,
        "shared": SHARED,
    }
    return render(request, "centres/place.html", context, status=422 if form.errors else 200)
