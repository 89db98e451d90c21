"""Cycles: the list, one cycle's page, its description and centres, publication and reopening."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from centres.access import visible_or_404
from centres.forms.versioned import saved
from centres.models import Centre, Membership, Network, Project, Role

from ..forms.cycles import CycleForm, PublishForm, ReopenForm
from ..models import (
    CellState,
    Cycle,
    CycleFrozen,
    CycleStep,
    MatrixTemplate,
    Participation,
    SelfAssessment,
    StepRefused,
)

FORM_METHODS = require_http_methods(["GET", "HEAD", "POST"])


def managed_or_403(request, code) -> Cycle:
    """The cycle, if the person may publish and reopen it."""
    cycle = visible_or_404(Cycle.objects.select_related("network", "template"), request.user, code=code)
    if not Cycle.objects.managed_by(request.user).filter(pk=cycle.pk).exists():
        raise PermissionDenied(_("You can read this page but not change it."))
    return cycle


def chosen_network(request, networks) -> Network | None:
    """The network that the address names, or else the only one; None while the person has to choose."""
    if "network" not in request.GET:
        return networks[0] if len(networks) == 1 else None
    for network in networks:
        if network.code == request.GET["network"]:
            return network
    raise Http404


@require_safe
def index(request):
    """The cycles that the reader may see, newest first."""
    return render(
        request, "monitoring/cycle_list.html", {"cycles": Cycle.objects.visible_to(request.user).for_list(request.user)}
    )


@require_safe
def detail(request, cycle):
    """One cycle: when, how, for whom, which centres, how far; for the network's staff also who published it and why."""
    user = request.user
    cycle = visible_or_404(Cycle.objects.for_list(user), user, code=cycle)
    taking_part = Participation.objects.visible_to(user).filter(cycle=cycle).select_related("centre")
    centres = [row.centre for row in taking_part.order_by("position", "pk")]
    context = {
        "cycle": cycle,
        "staff": cycle.network_id in user.reach.oversees,
        "centres": centres,
        "sees_all": cycle.participations.count() == len(centres),
        "aspect_count": cycle.template.aspects.count(),
        "projects": Project.objects.visible_to(user).filter(cycles=cycle),
        "steps": CycleStep.objects.visible_to(user).filter(cycle=cycle).select_related("by"),
    }
    return render(request, "monitoring/cycle_detail.html", context)


@FORM_METHODS
def new(request):
    """A new cycle of a network: first the network where there are several, and what is missing where something is."""
    networks = Network.objects.assessable_by(request.user)
    if not networks:
        raise PermissionDenied(_("Coordinators and experts of a network open its cycles."))
    network = chosen_network(request, networks)
    if network is None:
        context = {"networks": networks, "title": _("New cycle"), "question": _("Of which network?")}
        return render(request, "monitoring/cycle_network.html", context)
    context = {"network": network}
    missing = Missing.of(network, request.user)
    if missing.anything:
        return render(request, "monitoring/cycle_missing.html", context | {"missing": missing})
    data = request.POST if request.method == "POST" else None
    form = CycleForm(data, instance=Cycle(network=network), user=request.user)
    return save(request, form, context, _("The cycle is open: its cells wait to be written."))


@FORM_METHODS
def edit(request, cycle):
    """Change an open cycle's description and centres."""
    cycle = managed_or_403(request, cycle)
    if cycle.is_published:
        raise PermissionDenied(str(CycleFrozen()))
    context = {"cycle": Cycle.objects.get(pk=cycle.pk), "network": cycle.network}
    data = request.POST if request.method == "POST" else None
    return save(request, CycleForm(data, instance=cycle, user=request.user), context, _("Saved."))


def save(request, form, context, text):
    """Save and show the cycle's page; or the form with its errors (422) or with both versions (409)."""
    status = 200
    if request.method == "POST":
        cycle, conflict = saved(form) if form.is_valid() else (None, None)
        if cycle:
            messages.success(request, text)
            return redirect("monitoring:cycle", cycle.code)
        status = 422
        if conflict:
            status, (context["differences"], form) = 409, conflict
    return render(request, "monitoring/cycle_form.html", context | {"form": form}, status=status)


@FORM_METHODS
def publish(request, cycle):
    """What publication will do, in numbers, or what still blocks it; a POST publishes."""
    cycle = managed_or_403(request, cycle)
    form = PublishForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            cycle.publish(by=request.user, note=form.cleaned_data["note"])
        except StepRefused as refused:
            cycle.refresh_from_db()
            if cycle.is_published:
                messages.info(request, _("This cycle is already published."))
                return redirect("monitoring:cycle", cycle.code)
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The cycle is published and frozen."))
            return redirect("monitoring:cycle", cycle.code)
    context = {"cycle": cycle, "form": form, "outlook": Outlook.of(cycle)}
    return render(request, "monitoring/cycle_publish.html", context, status=422 if form.errors else 200)


@FORM_METHODS
def reopen(request, cycle):
    """Open a published cycle again, with the reason."""
    cycle = managed_or_403(request, cycle)
    form = ReopenForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            cycle.reopen(by=request.user, note=form.cleaned_data["note"])
        except StepRefused as refused:
            cycle.refresh_from_db()
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The cycle is open again. Donors do not see it until you publish it."))
            return redirect("monitoring:cycle", cycle.code)
    context = {"cycle": cycle, "form": form, "readers": donors_of(cycle)}
    return render(request, "monitoring/cycle_reopen.html", context, status=422 if form.errors else 200)


@dataclass(frozen=True)
class Missing:
    """What a network lacks before its first cycle, and whether the reader may supply it herself."""

    template: bool
    draft: MatrixTemplate | None
    centres: bool
    coordinates: bool

    @property
    def anything(self) -> bool:
        return self.template or self.centres

    @classmethod
    def of(cls, network, user) -> "Missing":
        templates = MatrixTemplate.objects.visible_to(user).filter(network=network)
        return cls(
            template=not templates.published().exists(),
            draft=templates.filter(published_at__isnull=True).first(),
            centres=not Centre.objects.visible_to(user).filter(network=network).exists(),
            coordinates=network.pk in user.reach.coordinates,
        )


@dataclass(frozen=True)
class Outlook:
    """What publication will do, in numbers."""

    accepted: int
    empty: int
    blocking: list  # (state, its word, number of cells)
    conclusions: int
    unconcluded: list  # aspects without a conclusion
    recommendations: int
    readers: list  # (project, number of donors)
    asked: int  # self-assessments
    unaccepted: int  # ... that would stay as they are

    @property
    def is_possible(self) -> bool:
        return self.accepted > 0 and not self.blocking

    @property
    def waiting(self) -> int:
        return sum(number for _state, _word, number in self.blocking)

    @classmethod
    def of(cls, cycle) -> "Outlook":
        states, blocking = cycle.cells.by_state(), cycle.blocking_publication()
        return cls(
            accepted=states.get(CellState.ACCEPTED, 0),
            empty=states.get(CellState.EMPTY, 0),
            blocking=[(state, state.label, blocking[state]) for state in CellState if state in blocking],
            conclusions=cycle.conclusions.exclude(text="").count(),
            unconcluded=[row.aspect for row in cycle.conclusions.filter(text="").select_related("aspect")],
            recommendations=cycle.recommendations.count(),
            readers=donors_of(cycle),
            asked=cycle.self_assessments.count(),
            unaccepted=cycle.self_assessments.exclude(state=SelfAssessment.State.ACCEPTED).count(),
        )


def donors_of(cycle) -> list:
    """The cycle's projects, each with the number of donors who can sign in today."""
    today = timezone.localdate()
    memberships = Membership.objects.on(today).filter(role=Role.DONOR, project__cycles=cycle)
    numbers = {}
    for project, _user in memberships.values_list("project", "user").distinct():
        numbers[project] = numbers.get(project, 0) + 1
    return [(project, numbers.get(project.pk, 0)) for project in cycle.projects.all()]
