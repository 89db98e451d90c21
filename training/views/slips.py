"""Satisfaction slips of a group: typed in from paper, counted, and taken out where mistyped."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from centres.access import READ_ONLY, editable_or_403, visible_or_404
from centres.changes import ADDED, REMOVED, events_of
from centres.models import User

from ..forms.outcomes import Slips, SlipsDay
from ..models import Group, Slip
from ..outcomes import QUESTIONS, satisfaction_of

PER_PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
def slips(request, group):
    """The answers in figures; for the centre's own people each slip too, and a grid to type in more."""
    group = visible_or_404(Group.objects.select_related("centre", "programme"), request.user, pk=group)
    may_edit = Group.objects.editable_by(request.user).filter(pk=group.pk).exists()
    if request.method == "POST":
        if not may_edit:
            raise PermissionDenied(READ_ONLY)
        return _take_in(request, group)
    return render(request, "training/slips.html", _context(request, group, may_edit))


def _take_in(request, group):
    day = SlipsDay(request.POST, group=group)
    known = day.is_valid()
    filled_on = day.cleaned_data["filled_on"] if known else None
    grid = Slips(request.POST, form_kwargs={"group": group, "filled_on": filled_on})
    if not (grid.is_valid() and known):
        return render(request, "training/slips.html", _context(request, group, True, day, grid), status=422)
    new = Slip.objects.take_in(grid.slips, by=request.user)
    if new:
        messages.success(request, ngettext("%(n)s slip is stored.", "%(n)s slips are stored.", new) % {"n": new})
    if old := len(grid.slips) - new:
        text = ngettext("%(n)s slip was stored before.", "%(n)s slips were stored before.", old)
        messages.info(request, text % {"n": old})
    return redirect("training:slips", group.pk)


def _context(request, group, may_edit, day=None, grid=None):
    """Under a few slips the figures are for those who hold the paper; one slip by itself always is."""
    figures = satisfaction_of(group)
    shown = may_edit or not figures.is_too_few
    own = Slip.objects.filter(group=group).order_by("pk")  # in no order that would tell who
    return {
        "group": group,
        "may_edit": may_edit,
        "figures": figures,
        "questions": QUESTIONS,
        "shown": shown,
        "words": [slip.words for slip in own.exclude(words="")] if shown else [],
        "page": Paginator(own, PER_PAGE).get_page(request.GET.get("page")) if may_edit else None,
        "typed": _typed(group) if may_edit else [],
        "day": day or (SlipsDay(group=group) if may_edit else None),
        "grid": grid or (Slips(form_kwargs={"group": group}) if may_edit else None),
    }


def _typed(group):
    """(who, slips typed in, slips taken out): all that the history tells of slips, because more could tell whose."""
    rows = events_of(Slip).filter(group=group.pk).order_by().values_list("pgh_context__metadata__user", "pgh_label")
    numbers = {}
    for user, label, number in rows.annotate(number=Count("pk")):
        numbers.setdefault(user, {})[label] = number
    people = User.objects.in_bulk([user for user in numbers if user])
    found = [(people.get(user), each.get(ADDED, 0), each.get(REMOVED, 0)) for user, each in numbers.items()]
    return sorted(found, key=lambda row: str(row[0] or ""))


@require_POST
def delete(request, group, slip):
    """Take out a mistyped slip; the history keeps it."""
    group = editable_or_403(Group.objects, request.user, pk=group)
    get_object_or_404(Slip.objects.editable_by(request.user), group=group, pk=slip).delete()
    messages.success(request, _("The slip is taken out; the history keeps it."))
    return redirect("training:slips", group.pk)
