"""The centres' proposals as candidates for recommendations: taken up, set aside, and both undone."""

from urllib.parse import parse_qsl, urlencode

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from centres.access import READ_ONLY, visible_or_404

from ..forms.proposals import SetAsideForm, TakeUpForm
from ..models import Answer, Cycle, CycleFrozen, ProposalDecision, StepRefused
from ..proposals import Fate, Proposals, candidates, found
from .agreement import find_inside
from .matrix import narrowed


@require_safe
def index(request, cycle):
    """All proposals that the reader may see; for staff at first those that wait."""
    cycle = find_inside(request, cycle)
    rights = rights_on(request, cycle)
    data = request.GET.copy()
    if rights["staff"]:
        data.setdefault("fate", Fate.OPEN)
    proposals = Proposals.of(cycle, request.user, data, data.get("page"))
    if rights["may_edit"]:
        proposals.offer()
    context = {"cycle": cycle, "proposals": proposals, "query": narrowed(data)}
    return render(request, "monitoring/proposals.html", context | rights)


@require_http_methods(["GET", "HEAD", "POST"])
def proposal(request, cycle, pk):
    """One proposal; with POST it is taken up or set aside, or such a decision is undone."""
    cycle = find_inside(request, cycle)
    answer = visible_or_404(Answer.objects.filter(assessment__cycle=cycle), request.user, pk=pk)
    answer.assessment.cycle = cycle
    if request.method != "POST":
        return show(request, cycle, answer)
    if not Cycle.objects.editable_by(request.user).filter(pk=cycle.pk).exists():
        raise PermissionDenied(READ_ONLY)
    match request.POST.get("do"):
        case "take":
            return taken_up(request, cycle, answer)
        case "aside":
            return set_aside(request, cycle, answer)
        case "undo":
            return undone(request, cycle, answer)
    raise BadRequest


def taken_up(request, cycle, answer):
    """Append it to the recommendations of the chosen aspect's conclusion."""
    form = TakeUpForm(request.POST, aspects=cycle.template.aspects.all())
    if not form.is_valid():
        return show(request, cycle, answer, 422, take=form)
    values = form.cleaned_data
    conclusion = cycle.conclusions.select_related("aspect").get(aspect__number=values.pop("aspect"))
    try:
        decision = ProposalDecision.take_up(answer, by=request.user, conclusion=conclusion, **values)
    except (StepRefused, CycleFrozen) as reason:
        return show(request, cycle, answer, 422, refused=reason, take=form)
    text = _("Taken up as recommendation %(n)s of “%(aspect)s”.")
    messages.success(request, text % {"n": decision.recommendation.number, "aspect": conclusion.aspect})
    return back(request, cycle)


def set_aside(request, cycle, answer):
    """Keep it from the recommendations for a reason."""
    form = SetAsideForm(request.POST)
    if not form.is_valid():
        return show(request, cycle, answer, 422, aside=form)
    try:
        ProposalDecision.set_aside(answer, by=request.user, **form.cleaned_data)
    except (StepRefused, CycleFrozen) as reason:
        return show(request, cycle, answer, 422, refused=reason, aside=form)
    messages.success(request, _("Set aside with your reason."))
    return back(request, cycle)


def undone(request, cycle, answer):
    """Make it wait again; where there is no decision any more, that is done already."""
    decision = ProposalDecision.objects.filter(answer=answer).first()
    try:
        if decision:
            decision.undo(by=request.user)
    except (StepRefused, CycleFrozen) as reason:
        return show(request, cycle, answer, 422, refused=reason)
    messages.success(request, _("The proposal waits for a decision again."))
    return back(request, cycle)


def show(request, cycle, answer, status=200, refused=None, **forms):
    """The proposal on a page of its own, with both forms where it waits."""
    aspects = list(cycle.template.aspects.all())
    rows = found(cycle, request.user, aspects, pk=answer.pk)
    if not rows:  # the centre has taken its proposal back
        if refused is None:
            raise Http404
        messages.error(request, refused)
        return back(request, cycle)
    shown = candidates(cycle, rows, aspects)[0]
    rights = rights_on(request, cycle)
    if rights["may_edit"]:
        shown.offer(aspects)
    if shown.take:
        for name, form in forms.items():
            setattr(shown, name, form)
    context = {
        "cycle": cycle,
        "item": shown,
        "refused": refused,
        "unsaved": "" if shown.take else next((words(form) for form in forms.values()), ""),
        "back": request.POST.get("back", ""),
        "stay": reverse("monitoring:proposal", args=[cycle.code, answer.pk]),
    }
    return render(request, "monitoring/proposal.html", context | rights, status=status)


def words(form) -> str:
    """What was typed into a form that has no place on the page any more."""
    return form.cleaned_data.get("text") or form.cleaned_data.get("reason", "")


def rights_on(request, cycle):
    """What the reader may do and read there: decide while the cycle is open, the recommendations themselves."""
    staff = cycle.network_id in request.user.reach.oversees
    return {"staff": staff, "may_edit": staff and not cycle.is_published, "concluded": staff or cycle.is_published}


def back(request, cycle):
    """To the list, filtered as it was."""
    query = urlencode(parse_qsl(request.POST.get("back", "")[:2_000]))
    return redirect(reverse("monitoring:proposals", args=[cycle.code]) + (f"?{query}" if query else ""))
