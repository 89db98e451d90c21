"""Who is in a group: adding people, the waiting list, the steps to completion, one enrolment's page."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Prefetch
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from centres.access import READ_ONLY, editable_or_403, visible_or_404
from centres.versions import EditConflict
from centres.views.versioned import save_or_show

from ..counts import counts_of_group
from ..forms.enrolments import AddForm, CompleteForm, EnrolmentForm, FirstDayForm
from ..forms.trainees import TraineeFilter
from ..models import Enrolment, Group, Trainee
from ..models.enrolments import AlreadyEnrolled, Full, places_left
from ..models.trainees import ConsentState

FOUND = 20  # people that a search offers for the group
NEWEST = 10  # people that are offered before anybody is searched


@require_http_methods(["GET", "HEAD", "POST"])
def members(request, pk):
    """Everybody in the group or waiting for it, and the way to bring in more; with htmx, only what a search found."""
    group = visible_or_404(Group.objects.select_related("centre__network", "programme"), request.user, pk=pk)
    may_edit = Group.objects.editable_by(request.user).filter(pk=pk).exists()
    if request.method == "POST":
        if not may_edit:
            raise PermissionDenied(READ_ONLY)
        return _add(request, group)
    if may_edit and request.htmx and request.htmx.target == "found":
        return render(request, "training/_found.html", _found(request, group))
    return _show(request, group, may_edit)


def _add(request, group):
    form = AddForm(request.POST, user=request.user, group=group)
    trouble = {}
    if form.is_valid():
        try:
            rows = form.add()
        except (AlreadyEnrolled, Full, ValidationError) as refused:
            trouble = {"already": getattr(refused, "enrolment", None), "full": isinstance(refused, Full)}
            form.add_error(None, ValidationError(refused.messages))
        else:
            messages.success(request, _added(rows))
            return redirect("training:members", group.pk)
    return _show(request, group, True, form=form, status=422, **trouble)


def _added(rows) -> str:
    if len(rows) > 1:
        waiting = rows[0].status == Enrolment.Status.WAITING
        sentence = (
            ngettext("%(count)s person is on the waiting list.", "%(count)s people are on the waiting list.", len(rows))
            if waiting
            else ngettext("%(count)s person is in the group.", "%(count)s people are in the group.", len(rows))
        )
        return sentence % {"count": len(rows)}
    return one_added(rows[0])


def one_added(row) -> str:
    """Where somebody who was brought in is now; on the waiting list, also whether the group is full."""
    left = places_left(row.group)
    if row.status != Enrolment.Status.WAITING:
        sentence = _("%(name)s is in the group.")
    elif left is not None and left <= 0:
        sentence = _("%(name)s is on the waiting list, because all places of the group are taken.")
    else:
        sentence = _("%(name)s is on the waiting list.")
    return sentence % {"name": row.trainee}


def _show(request, group, may_edit, *, form=None, status=200, **more):
    people = Trainee.objects.with_consent().select_related("centre").for_reader(request.user)
    rows = list(group.enrolments.with_attendance().prefetch_related(Prefetch("trainee", people)).by_name())
    for row in rows:
        row.group, row.hidden = group, row.trainee.hidden_from(request.user)
    by_status = {state: [row for row in rows if row.status == state] for state in Enrolment.Status}
    waiting = by_status[Enrolment.Status.WAITING]
    waiting.sort(key=lambda row: (row.applied_on, row.pk))
    left = places_left(group)
    context = {
        "group": group,
        "may_edit": may_edit,
        "parts": [(state, state.label, people) for state, people in by_status.items()],
        "enrolled": sum(row.status == Enrolment.Status.ENROLLED for row in rows),
        "left": left,
        "next": waiting[0] if waiting and (left is None or left > 0) else None,
        "counts": counts_of_group(group),
        "rows": rows,
        "unasked": any(row.trainee.consent_state == ConsentState.MISSING for row in rows),
        "contacts": any("phone" not in row.hidden for row in rows),
    }
    if may_edit:
        context |= {"form": form or AddForm(user=request.user, group=group), **_found(request, group)}
    return render(request, "training/members.html", {**context, **more}, status=status)


def _found(request, group) -> dict:
    """Who could be added: those ticked already, then those whose name fits, or the newest who are in no group yet."""
    sent = request.POST if request.method == "POST" else request.GET
    filters = TraineeFilter({"q": sent.get("q", "")}, user=request.user)
    known = Trainee.objects.editable_by(request.user).filter(centre=group.centre_id).for_list()
    add = AddForm({"pick": sent.getlist("pick"), "place": "enrolled"}, user=request.user, group=group)
    picked = list(add.cleaned_data["pick"]) if add.is_valid() else []
    if query := filters.chosen.get("q"):
        found = known.named(query)[:FOUND]
    else:
        known = known.exclude(enrolments__group=group)
        found = known.order_by("-registered_on", "surname", "given_name", "pk")[:NEWEST]
    there = dict(group.enrolments.values_list("trainee", "pk"))
    return {
        "group": group,
        "q": query or "",
        "picked": picked,
        "found": [(person, there.get(person.pk)) for person in found if person not in picked],
    }


@require_http_methods(["GET", "HEAD", "POST"])
def complete(request, pk):
    """Those who are still in the group complete it on one day: first a look at who, then one click."""
    group = editable_or_403(Group.objects.select_related("centre", "programme"), request.user, pk=pk)
    form = CompleteForm(request.POST if request.method == "POST" else None, group=group)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        wanted = {"people": given["pick"], "on": given["ended_on"], "end_group": given.get("end_group", False)}
        try:
            count = Enrolment.objects.complete_all(group=group, by=request.user, **wanted)
        except ValidationError as refused:
            form.add_error(None, ValidationError(refused.messages))
        else:
            sentence = ngettext("%(count)s person has completed.", "%(count)s people have completed.", count)
            messages.success(request, sentence % {"count": count})
            return redirect("training:members", group.pk)
    context = {"group": group, "form": form}
    return render(request, "training/members_complete.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def first_days(request, pk):
    """Another first day for several people at once, such as the group's own."""
    group = editable_or_403(Group.objects.select_related("centre", "programme"), request.user, pk=pk)
    form = FirstDayForm(request.POST if request.method == "POST" else None, group=group)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            Enrolment.objects.begin_on(group=group, by=request.user, people=given["pick"], on=given["started_on"])
        except ValidationError as refused:
            form.add_error(None, ValidationError(refused.messages))
        else:
            messages.success(request, _("Saved."))
            return redirect("training:members", group.pk)
    context = {"group": group, "form": form}
    return render(request, "training/members_first_day.html", context, status=422 if form.errors else 200)


def _enrolment(pk):
    return Enrolment.objects.select_related("group__programme", "trainee__centre", "centre"), {"pk": pk}


@require_http_methods(["GET", "HEAD", "POST"])
def enrolment(request, pk):
    """One enrolment: its status, days, reason; experts read it."""
    queryset, which = _enrolment(pk)
    if request.method == "POST":
        row = editable_or_403(queryset, request.user, **which)
    else:
        row = visible_or_404(queryset, request.user, **which)
    may_edit = Enrolment.objects.editable_by(request.user).filter(pk=pk).exists()
    group = row.group
    context = {
        "row": Enrolment.objects.with_attendance().select_related("group", "trainee").get(pk=pk),
        "group": group,
        "may_edit": may_edit,
        "held": row.holds,
        "back": reverse("training:members", args=[group.pk]),
    }
    if not may_edit:
        return render(request, "training/enrolment.html", context)
    form = EnrolmentForm(request.POST or None, instance=row, user=request.user)
    text = _("Saved.")
    try:
        return save_or_show(request, form, "training/enrolment.html", context, text=text, to=context["back"])
    except ValidationError as refused:
        form.add_error(None, ValidationError(refused.messages))
        return render(request, "training/enrolment.html", {**context, "form": form}, status=422)


@require_POST
def enrolment_begin(request, pk):
    """Off the waiting list and into the group, today."""
    queryset, which = _enrolment(pk)
    row = editable_or_403(queryset, request.user, **which)
    if row.status != Enrolment.Status.WAITING:
        messages.warning(request, _("%(name)s is no longer on the waiting list.") % {"name": row.trainee})
        return redirect("training:members", row.group_id)
    try:
        row.begin(by=request.user, version=row.version)
    except (ValidationError, EditConflict) as refused:
        for sentence in getattr(refused, "messages", [str(refused)]):
            messages.error(request, sentence)
    else:
        messages.success(request, _("%(name)s is in the group.") % {"name": row.trainee})
    return redirect("training:members", row.group_id)


@require_POST
def enrolment_delete(request, pk):
    """Take out an enrolment that was entered by mistake; the history keeps it."""
    queryset, which = _enrolment(pk)
    row = editable_or_403(queryset, request.user, **which)
    try:
        row.remove(by=request.user)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect(row)
    messages.success(request, _("The entry is deleted; the history keeps it."))
    return redirect("training:members", row.group_id)
