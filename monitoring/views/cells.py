"""One cell: its page and panel, its steps, its history, the talk about it."""

import uuid

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from centres.access import editable_or_403, visible_or_404

from ..beside import Beside
from ..forms.matrix import CellForm, CommentForm, StepForm
from ..models import Cell, Comment, CycleFrozen, EditConflict, Level, StepRefused
from ..pages import CellPage, changes

STEPS = {
    "submit": (Cell.submit, gettext_lazy("Submitted.")),
    "withdraw": (Cell.withdraw, gettext_lazy("Taken back; you can go on writing.")),
    "return": (Cell.give_back, gettext_lazy("Returned with your reason.")),
    "accept": (Cell.accept, gettext_lazy("Accepted.")),
}


def find(request, cycle, aspect, centre, rule=visible_or_404):
    """The cell behind an address, under the rule of access."""
    where = {"cycle__code": cycle, "aspect__number": aspect, "centre__code": centre}
    return rule(Cell.objects.for_page(), request.user, **where)


def show(request, cell, status=200, **context):
    """The cell as a page; for htmx as the panel beside the table, which then follows a write."""
    page = CellPage.of(cell, request.user, changed=request.method == "POST")
    own = {
        "cell": cell,
        "cycle": cell.cycle,
        "page": page,
        "own": Beside.of(cell, request.user),
        "form": CellForm(instance=cell),
        "step": StepForm(),
        "comment_id": uuid.uuid4(),
        "stay": cell.get_absolute_url(),
    }
    if request.htmx and page.changed:
        own["counts"] = Cell.objects.visible_to(request.user).filter(cycle=cell.cycle).by_state()
        own["cell_count"] = sum(own["counts"].values())
    name = "monitoring/_cell.html" if request.htmx else "monitoring/cell.html"
    return render(request, name, own | context, status=status)


def done(request, cell, text):
    """After a write the person stays where she was: in the panel, or on the cell's page."""
    if not request.htmx:
        messages.success(request, text)
        return redirect(cell)
    return show(request, Cell.objects.for_page().get(pk=cell.pk), done=text)


def refused(request, cell, reason, **context):
    """The step does not fit: say why, with everything that was typed still there."""
    cell = Cell.objects.for_page().get(pk=cell.pk)
    if "mine" in context:
        context |= {"form": CellForm(instance=cell, initial=context.pop("mine")), "writing": True}
    return show(request, cell, 422, refused=reason, **context)


def conflict(request, cell, found, mine):
    """Someone was faster: mine, theirs and the base side by side; saving again from here goes through."""
    cell = Cell.objects.for_page().get(pk=cell.pk)
    form = CellForm(instance=cell, initial=mine)
    return show(request, cell, 409, form=form, mine=mine | {"level_word": Level(mine["level"]).label}, base=found.base)


@require_http_methods(["GET", "HEAD", "POST"])
def cell(request, cycle, aspect, centre):
    """Read the cell; with POST save its text as a draft, or save and submit it."""
    if request.method != "POST":
        return show(request, find(request, cycle, aspect, centre))
    cell = find(request, cycle, aspect, centre, editable_or_403)
    form = CellForm(request.POST, instance=cell)
    if not form.is_valid():
        return show(request, cell, 422, form=form)
    mine, do = form.cleaned_data, request.POST.get("do")
    try:
        try:
            save(cell, request.user, mine, do)
        except EditConflict as found:
            if not found.theirs.holds(**texts(mine)):
                raise
            save(cell, request.user, mine, do)  # the same was sent twice at once
    except Cell.DoesNotExist:  # its centre was taken out of the cycle meanwhile
        return render(request, "monitoring/gone.html", {"cycle": cell.cycle, "mine": mine}, status=410)
    except EditConflict as found:
        return conflict(request, cell, found, mine)
    except (StepRefused, CycleFrozen) as reason:
        return refused(request, cell, reason, mine=mine)
    return done(request, cell, _("Saved and submitted.") if do == "submit" else _("Draft saved."))


@transaction.atomic
def save(cell, user, mine, do):
    """Save her text, taking the cell back first or submitting it after where that is asked.

    A resend finds all done and changes nothing.
    """
    if do == "take back" and not cell.holds(**texts(mine)):
        cell.withdraw(by=user, version=mine["version"])
        mine = mine | {"version": cell.version}
    changed = cell.revise(by=user, **mine)
    submitted = cell.state == Cell.State.SUBMITTED and cell.updated_by_id == user.pk
    if do == "submit" and (changed or not submitted):
        cell.submit(by=user, version=cell.version)


def texts(mine):
    """What she wrote, without the version."""
    return {name: value for name, value in mine.items() if name != "version"}


@require_POST
def step(request, cycle, aspect, centre):
    """Submit, take back, return with a reason, or accept."""
    cell = find(request, cycle, aspect, centre, editable_or_403)
    form = StepForm(request.POST)
    if request.POST.get("do") not in STEPS or "version" in form.errors:
        raise BadRequest
    if not form.is_valid():
        return show(request, cell, 422, step=form)
    move, text = STEPS[request.POST["do"]]
    try:
        move(cell, by=request.user, **form.cleaned_data)
    except EditConflict:
        return refused(request, cell, _("The cell was changed in the meantime. Read it again, then decide."), step=form)
    except (StepRefused, CycleFrozen) as reason:
        return refused(request, cell, reason, step=form)
    return done(request, cell, str(text))


@require_safe
def history(request, cycle, aspect, centre):
    """Every version with its changed words, and every step with its note; for those inside."""
    cell = find(request, cycle, aspect, centre)
    page = CellPage.of(cell, request.user)
    if not page.may_discuss:
        raise PermissionDenied(_("The history is open to the network's own people only."))
    events = cell.events.select_related("updated_by").order_by("-pgh_id")
    versions = Paginator(events, 20).get_page(request.GET.get("page"))
    following = events[versions.end_index() : versions.end_index() + 1]
    rows = changes([*versions, *following], ["finding", "perspective"])[: len(versions)]
    return render(
        request,
        "monitoring/history.html",
        {"cell": cell, "cycle": cell.cycle, "page": page, "versions": versions, "rows": rows},
    )


@require_POST
def comment(request, cycle, aspect, centre):
    """Begin a thread or reply to one; a resend of the same comment is recognised by its id."""
    cell = find(request, cycle, aspect, centre)
    if not CellPage.of(cell, request.user).may_discuss:
        raise PermissionDenied(_("Comments are for the network's experts and the centre's own people."))
    form = CommentForm(request.POST, cell=cell)
    if not form.is_valid():
        return show(request, cell, 422, comment_form=form)
    remark = form.save(commit=False)
    remark.pk, remark.parent = form.cleaned_data["id"], form.cleaned_data["parent"]
    remark.centre, remark.cell, remark.author = cell.centre, cell, request.user
    try:
        with transaction.atomic():
            remark.save(force_insert=True)
    except IntegrityError:
        get_object_or_404(Comment, pk=remark.pk, cell=cell, author=request.user)
    return done(request, cell, _("Comment added."))


@require_POST
def thread(request, cycle, aspect, centre, pk):
    """Resolve a thread or open it again: experts any, the others what they began."""
    cell = find(request, cycle, aspect, centre)
    first = editable_or_403(cell.comments.filter(parent__isnull=True), request.user, pk=pk)
    match request.POST.get("do"):
        case "reopen":
            first.reopen()
            return done(request, cell, _("The thread is open again."))
        case "resolve":
            first.resolve(by=request.user)
            return done(request, cell, _("The thread is resolved."))
    raise BadRequest
