"""Seminars for the staff of centres: who was trained, and who trained others afterwards."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from centres.access import allowed_or_403, coordinators_only, editable_or_403, visible_or_404
from centres.models import Centre, Network
from centres.views.resending import save_once
from centres.views.versioned import save_or_show

from ..forms.seminars import AttendanceForm, SeminarForm
from ..models import Seminar, SeminarAttendance
from .deleting import delete_or_say
from .overview import inside_or_403

PER_PAGE = 50


def trained_at(seminars, user) -> dict:
    """By the seminar's id: how many trainers took part, as far as the reader sees them (1 query)."""
    seen = SeminarAttendance.objects.visible_to(user).filter(seminar__in=seminars).order_by()
    return dict(seen.values_list("seminar").annotate(Count("pk")))


@require_safe
def seminar_list(request):
    """The seminars of the reader's networks, the latest first."""
    inside_or_403(request.user)
    page = Paginator(Seminar.objects.visible_to(request.user).for_list(), PER_PAGE).get_page(request.GET.get("page"))
    trained = trained_at([seminar.pk for seminar in page], request.user)
    context = {
        "page": page,
        "rows": [(seminar, trained.get(seminar.pk, 0)) for seminar in page],
        "coordinates": Network.objects.editable_by(request.user).exists(),
    }
    return render(request, "training/seminar_list.html", context)


@require_safe
def seminar(request, pk):
    """One seminar, who took part in it from the centres that the reader sees, and what followed from it."""
    everything = Seminar.objects.select_related("network", "project", "cascade_of")
    found = visible_or_404(everything, request.user, pk=pk)
    family = found.family()
    trained = trained_at([each.seminar.pk for each in family], request.user)
    people = SeminarAttendance.objects.visible_to(request.user).filter(seminar=found)
    kept = Centre.objects.kept_by(request.user).filter(network=found.network_id).in_order()
    context = {
        "seminar": found,
        "family": [(each, trained.get(each.seminar.pk, 0)) for each in family] if len(family) > 1 else [],
        "attendances": people.select_related("trainer", "centre").order_by("centre__code", "trainer__name", "pk"),
        "kept": kept,
        "may_edit": Seminar.objects.editable_by(request.user).filter(pk=pk).exists(),
    }
    return render(request, "training/seminar.html", context)


@coordinators_only
@require_http_methods(["GET", "HEAD", "POST"])
def seminar_new(request):
    context, template = {"heading": _("Enter a seminar")}, "training/seminar_form.html"

    def form_of(data=None, standing=None):
        return SeminarForm(data, instance=standing, user=request.user)

    if request.method != "POST":
        return render(request, template, {**context, "form": form_of()})
    within = {"pk__in": Seminar.objects.editable_by(request.user).values("pk")}
    return save_once(request, Seminar, within, form_of, template, context, text=_("The seminar is entered."))


@require_http_methods(["GET", "HEAD", "POST"])
def seminar_edit(request, pk):
    found = editable_or_403(Seminar.objects.select_related("network"), request.user, pk=pk)
    form = SeminarForm(request.POST or None, instance=found, user=request.user)
    context = {"seminar": Seminar.objects.get(pk=pk), "heading": str(found)}
    return save_or_show(request, form, "training/seminar_form.html", context, text=_("Saved."))


@require_POST
def seminar_delete(request, pk):
    """Take out a seminar that nobody took part in."""
    found = editable_or_403(Seminar.objects.select_related("network"), request.user, pk=pk)
    instead = _("First take out who took part, and the seminars that follow from it.")
    return delete_or_say(request, found, edit="training:seminar_edit", to="training:seminars", instead=instead)


@require_http_methods(["GET", "HEAD", "POST"])
def seminar_trainers(request, pk, code):
    """Which trainers of a centre took part: recorded by the centre's own people."""
    found = visible_or_404(Seminar.objects, request.user, pk=pk)
    centre = allowed_or_403(Centre.objects.filter(network=found.network_id), "kept_by", request.user, code=code)
    form = AttendanceForm(request.POST if request.method == "POST" else None, seminar=found, centre=centre)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            with transaction.atomic():
                form.save()
            messages.success(request, _("Saved."))
            return redirect(found)
        status = 422
    context = {"seminar": found, "centre": centre, "form": form}
    return render(request, "training/seminar_trainers.html", context, status=status)
