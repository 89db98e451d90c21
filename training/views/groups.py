"""Groups: the list, a group's own page, its entry and its weekly timetable."""

from datetime import timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, Q
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from centres.access import editable_or_403, visible_or_404
from centres.changes import last_author
from centres.models import Centre
from centres.versions import EditConflict
from centres.views.resending import save_once
from centres.views.versioned import save_or_show

from ..forms.groups import GroupFilter, GroupForm
from ..forms.timetable import TimetableForm
from ..models import Enrolment, Group
from ..models.enrolments import lock
from ..timetable import planned
from .deleting import delete_or_say
from .entering import centre_or_ask
from .overview import inside_or_403

PER_PAGE = 50
AHEAD = timedelta(days=14)
ALL = Group.objects.select_related("centre__network", "programme")


@require_safe
def group_list(request):
    """The groups of the reader's centres, filtered."""
    inside_or_403(request.user)
    filters = GroupFilter(request.GET, user=request.user)
    page = Paginator(filters.groups(), PER_PAGE).get_page(request.GET.get("page"))
    begun = Enrolment.objects.begun().filter(group__in=[group.pk for group in page]).order_by()
    enrolled = dict(begun.values_list("group").annotate(Count("pk")))
    context = {
        "filters": filters,
        "page": page,
        "rows": [(group, enrolled.get(group.pk, 0)) for group in page],
        "query": urlencode(filters.chosen),
        "keeps": Centre.objects.kept_by(request.user).exists(),
    }
    return render(request, "training/group_list.html", context)


@require_safe
def group(request, pk):
    """A group's own page: what, who, when and where; the other pages of the group lie one step from here."""
    found = visible_or_404(ALL, request.user, pk=pk)
    statuses = dict(found.enrolments.order_by().values_list("status").annotate(Count("pk")))
    today = timezone.localdate()
    coming = planned([found.centre_id], max(today, found.start), max(today, found.start) + AHEAD, group=found)
    context = {
        "group": found,
        "tab": "overview",
        "may_edit": Group.objects.editable_by(request.user).filter(pk=pk).exists(),
        "trainers": found.trainers.in_order(),
        "slots": found.slots.select_related("room", "trainer"),
        "pauses": found.pauses.all(),
        "statuses": {name: statuses.get(name, 0) for name in ("enrolled", "waiting", "completed", "dropped")},
        "has_people": found.keeping == Group.Keeping.NAMES or any(statuses.values()),
        "lessons": found.lessons.aggregate(
            held=Count("pk", filter=Q(state="held")), cancelled=Count("pk", filter=Q(state="cancelled"))
        ),
        "coming": [lesson for lesson in coming if not lesson.has_lesson][:5],
    }
    return render(request, "training/group.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def group_new(request):
    """A new group of a centre; sent twice, it is made once."""
    heading = _("Begin a group")
    centre, page = centre_or_ask(request, heading, "groups")
    if page:
        return page
    context, template = {"heading": heading, "centre": centre}, "training/group_form.html"

    def form_of(data=None, standing=None):
        if standing:
            standing.hold()
            standing = lock(standing)
        return GroupForm(data, instance=standing or Group(centre=centre), initial=prefilled(request))

    if request.method != "POST":
        return render(request, template, {**context, "form": form_of()})
    text = _("The group is entered. Next, its weekly lessons and its trainees.")
    if request.POST.get("keeping") == Group.Keeping.TOTALS:
        text = _("The group is entered. Next, its weekly lessons.")
    return save_once(request, Group, {"centre": centre}, form_of, template, context, text=text)


def prefilled(request) -> dict:
    """What an address fills in: "?programme=…"."""
    return {name: request.GET[name] for name in ("programme",) if name in request.GET}


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def group_edit(request, pk):
    """A group's entry. While it is checked and saved, nobody changes a timetable of the centre, enrols or teaches."""
    found = editable_or_403(ALL, request.user, pk=pk)
    if request.method == "POST":
        found.hold()
        found = lock(found)
    form = GroupForm(request.POST or None, instance=found)
    context = {"group": ALL.get(pk=pk), "heading": found.name, "centre": found.centre}
    return save_or_show(request, form, "training/group_form.html", context, text=_("Saved."))


@require_POST
def group_delete(request, pk):
    """Take out a group that never was, with its weekly lessons and pauses; not one that somebody was in."""
    found = editable_or_403(ALL, request.user, pk=pk)
    instead = _("Give the group a last day instead, or first take out what was entered by mistake.")
    with transaction.atomic():
        found.hold()
        lock(found)
        return delete_or_say(request, found, edit="training:group_edit", to="training:groups", instead=instead)


@require_http_methods(["GET", "HEAD", "POST"])
def group_timetable(request, pk):
    """A group's weekly lessons and pauses, on one page."""
    found = editable_or_403(ALL, request.user, pk=pk)
    context, status = {"group": found, "centre": found.centre}, 200
    form = TimetableForm(found)
    if request.method == "POST":
        form = TimetableForm(found, request.POST)
        try:
            if form.is_valid() and form.save(by=request.user):
                messages.success(request, _("Saved."))
                return redirect("training:group_timetable", pk) if "more" in request.POST else redirect(found)
            status = 422
        except EditConflict as conflict:
            form.version, status = conflict.theirs.version, 409
            context |= {"saved_by": last_author(conflict.theirs), "conflict": True}
            context |= {"slots": found.slots.select_related("room", "trainer"), "pauses": found.pauses.all()}
    return render(request, "training/group_timetable.html", {**context, "form": form}, status=status)
