"""What a centre keeps itself, one page per tab: equipment, committee, partners, incomes, documents.

Adding, editing and deleting are the same for all of them; `Resource` says of what. Only the network's coordinators and
experts and the centre's own people find these pages; for everybody else they do not exist.
"""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import models
from django.db.models.deletion import ProtectedError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ..access import READ_ONLY, editable_or_403, visible_or_404
from ..files import send_file
from ..forms.community import CommunityProfileForm, NeedsStudyForm
from ..forms.resources import (
    CentreDocumentForm,
    CommitteeMemberForm,
    DecisionForm,
    EquipmentForm,
    IncomeForecastForm,
    IncomeForm,
    MeetingForm,
    PartnerForm,
)
from ..models import (
    Centre,
    CentreDocument,
    CommitteeMember,
    CommunityProfile,
    Decision,
    Equipment,
    Income,
    IncomeForecast,
    Meeting,
    NeedsStudy,
    Partner,
    Post,
)
from ..models.finance import YearTable
from ..versions import EditConflict
from .centres import offices
from .resending import save_once
from .versioned import save_or_show

PER_PAGE = 50
YEARS = range(1990, 2101)


@dataclass(frozen=True)
class Resource:
    """One kind of thing that a centre keeps: its form, the tab that lists it, and the words on its pages."""

    model: type[models.Model]
    form: type
    tab: str
    new: Promise
    what: Promise
    prefilled: tuple = ()  # fields that an address can fill in, as in "?kind=year_plan"
    parent: type[models.Model] | None = None  # what it is a part of; the address of a new one names it


EQUIPMENT = Resource(
    Equipment, EquipmentForm, "equipment", gettext_lazy("Add equipment"), gettext_lazy("Equipment"), ("kind",)
)
PARTNER = Resource(Partner, PartnerForm, "partners", gettext_lazy("Add a partner"), gettext_lazy("Partner"))
MEMBER = Resource(
    CommitteeMember,
    CommitteeMemberForm,
    "committee",
    gettext_lazy("Add a member"),
    gettext_lazy("Member of the committee"),
    ("role",),
)
MEETING = Resource(
    Meeting, MeetingForm, "committee", gettext_lazy("Enter a meeting"), gettext_lazy("Meeting of the committee")
)
DECISION = Resource(
    Decision, DecisionForm, "committee", gettext_lazy("Add a decision"), gettext_lazy("Decision"), parent=Meeting
)
INCOME = Resource(
    Income, IncomeForm, "finance", gettext_lazy("Enter an income"), gettext_lazy("Income"), ("source", "date")
)
FORECAST = Resource(
    IncomeForecast,
    IncomeForecastForm,
    "finance",
    gettext_lazy("Enter a forecast"),
    gettext_lazy("Income forecast"),
    ("year", "source"),
)
DOCUMENT = Resource(
    CentreDocument,
    CentreDocumentForm,
    "documents",
    gettext_lazy("Add a document"),
    gettext_lazy("Document"),
    ("kind", "year"),
)
PROFILE = Resource(
    CommunityProfile,
    CommunityProfileForm,
    "community",
    gettext_lazy("Enter a year's profile"),
    gettext_lazy("Community profile"),
    ("year",),
)
STUDY = Resource(
    NeedsStudy, NeedsStudyForm, "community", gettext_lazy("Enter a needs study"), gettext_lazy("Needs study")
)


def inside_or_404(user, code) -> Centre:
    """The centre, for those who see its inside."""
    return get_object_or_404(Centre.objects.inside_for(user).select_related("network"), code=code)


def kept_or_403(user, code) -> Centre:
    """The centre, for those who keep its records; 403 for those who only read them."""
    centre = inside_or_404(user, code)
    if not Centre.objects.kept_by(user).filter(pk=centre.pk).exists():
        raise PermissionDenied(READ_ONLY)
    return centre


def tab_page(request, centre, tab, template=None, **context):
    """One of the centre's tabs, or a page that lies under it."""
    may_keep = Centre.objects.kept_by(request.user).filter(pk=centre.pk).exists()
    context = {"centre": centre, "tab": tab, "may_keep": may_keep, "is_tab": template is None, **context}
    return render(request, template or f"centres/{tab}.html", context)


def page_of(request, rows, name="page"):
    return Paginator(rows, PER_PAGE).get_page(request.GET.get(name))


def year_asked(request) -> int:
    """The year in the address, else this one."""
    asked = request.GET.get("year", "")
    is_year = len(asked) <= 4 and asked.isascii() and asked.isdigit() and int(asked) in YEARS
    return int(asked) if is_year else timezone.localdate().year


# Adding, editing, deleting, sending the file


@require_http_methods(["GET", "HEAD", "POST"])
def new(request, code, resource, parent_pk=None):
    """Something new at the centre. What is sent a second time is not stored a second time."""
    centre = kept_or_403(request.user, code)
    row = resource.model(centre=centre)
    if resource.parent:
        parent = get_object_or_404(resource.parent.objects.editable_by(request.user), centre=centre, pk=parent_pk)
        setattr(row, resource.parent._meta.model_name, parent)
    context, within = page_words(centre, resource), {"centre": centre}
    if resource.parent:
        context["back"] = parent.get_absolute_url()
        within[resource.parent._meta.model_name] = parent
    if request.method != "POST":
        given = {name: request.GET[name] for name in resource.prefilled if name in request.GET}
        form = resource.form(instance=row, initial=given)
        return render(request, "centres/kept_form.html", {**context, "form": form})

    def form_of(data, standing):
        return resource.form(data, request.FILES, instance=standing or row)

    template, text = "centres/kept_form.html", _("Saved.")
    return save_once(request, resource.model, within, form_of, template, context, text=text)


def page_words(centre, resource, row=None) -> dict:
    """What the page of a form says and where it leads back to."""
    back = row.get_absolute_url() if row else reverse(f"centres:{resource.tab}", args=[centre.code])
    return {"centre": centre, "tab": resource.tab, "what": resource.what if row else resource.new, "back": back}


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, code, pk, resource):
    """Change something that the centre keeps."""
    row = editable_or_403(own(resource), request.user, centre__code=code, pk=pk)
    shown = own(resource).get(pk=pk)
    form = resource.form(request.POST or None, request.FILES or None, instance=row)
    context = page_words(row.centre, resource, shown)
    context |= {"row": shown, "delete": request.resolver_match.view_name.replace("_edit", "_delete")}
    return save_or_show(request, form, "centres/kept_form.html", context, text=_("Saved."))


def own(resource):
    """The rows with their centre and network."""
    return resource.model.objects.select_related("centre__network")


@require_POST
def delete(request, code, pk, resource):
    """Take out what was entered by mistake; the history keeps it."""
    row = editable_or_403(own(resource), request.user, centre__code=code, pk=pk)
    try:
        row.delete()
    except ProtectedError:
        messages.error(request, _("Other entries rest on this one, so it stays."))
    else:
        messages.success(request, _("The entry is deleted; the history keeps it."))
    if resource.parent:
        return redirect(getattr(row, resource.parent._meta.model_name))
    return redirect(f"centres:{resource.tab}", code)


@require_safe
def download(request, code, pk, resource):
    """The file that belongs to the row."""
    return send_file(visible_or_404(resource.model.objects, request.user, centre__code=code, pk=pk))


# The tabs


@require_safe
def equipment(request, code):
    """What the centre has; what does not work stands on top."""
    centre = inside_or_404(request.user, code)
    rows = Equipment.objects.visible_to(request.user).filter(centre=centre).for_list()
    return tab_page(
        request,
        centre,
        "equipment",
        page=page_of(request, rows),
        totals=rows.totals(),
        out_of_order=list(rows.out_of_order()),
    )


@require_POST
def equipment_report(request, code, pk):
    """One piece broke, or one was repaired: one tap in the list."""
    row = editable_or_403(own(EQUIPMENT), request.user, centre__code=code, pk=pk)
    steps = {"broken": row.report_broken, "repaired": row.report_repaired}
    what, version = request.POST.get("what"), request.POST.get("version", "")
    if what not in steps or not (version.isascii() and version.isdigit() and len(version) < 9):
        raise Http404
    try:
        steps[what](version=int(version))
    except EditConflict:
        messages.warning(request, _("Someone has just changed this entry. Look at it, and report again if needed."))
    else:
        messages.success(
            request, _("Reported: of %(thing)s, %(working)s of %(quantity)s work.")
            % {"thing": row, "working": row.working, "quantity": row.quantity}
        )  # fmt: skip
    return redirect(row)


@require_safe
def partners(request, code):
    """With whom the centre works."""
    centre = inside_or_404(request.user, code)
    rows = Partner.objects.visible_to(request.user).filter(centre=centre)
    current = rows.on(timezone.localdate())
    return tab_page(
        request,
        centre,
        "partners",
        page=page_of(request, rows.for_list()),
        count=current.count(),
        written=current.filter(agreement=Partner.Agreement.WRITTEN).count(),
    )


@require_safe
def committee(request, code):
    """Whether the committee works, what it still has to do, who is on it, and its meetings."""
    centre, today = inside_or_404(request.user, code), timezone.localdate()
    members = list(CommitteeMember.objects.visible_to(request.user).filter(centre=centre).for_list())
    todo = Decision.objects.visible_to(request.user).filter(centre=centre, state=Decision.State.OPEN)
    return tab_page(
        request,
        centre,
        "committee",
        activity=Centre.objects.with_committee_activity(today).get(pk=centre.pk),
        chair=next(office for office in offices(centre, request.user) if office.kind == Post.Kind.CHAIR),
        members=[member for member in members if member.is_current],
        earlier=[member for member in members if not member.is_current],
        todo=todo.select_related("meeting", "centre").for_list(),
        page=page_of(request, Meeting.objects.visible_to(request.user).filter(centre=centre).for_list()),
    )


@require_safe
def meeting(request, code, pk):
    """One meeting: agenda, minutes, decisions."""
    row = visible_or_404(own(MEETING), request.user, centre__code=code, pk=pk)
    decisions = row.decisions.for_list()
    return tab_page(request, row.centre, "committee", "centres/meeting.html", meeting=row, decisions=decisions)


@require_POST
def decision_done(request, code, pk):
    """A decision is carried out, as of today: one tap."""
    row = editable_or_403(own(DECISION), request.user, centre__code=code, pk=pk)
    version = request.POST.get("version", "")
    if not (version.isascii() and version.isdigit() and len(version) < 9):
        raise Http404
    try:
        row.finish(version=int(version))
    except EditConflict:
        messages.warning(request, _("Someone has just changed this entry. Look at it, and report again if needed."))
    else:
        messages.success(request, _("The decision is done."))
    return redirect("centres:committee", code)


@require_safe
def finance(request, code):
    """The six sources of a year, then its incomes one by one."""
    centre, year = inside_or_404(request.user, code), year_asked(request)
    incomes = Income.objects.visible_to(request.user).filter(centre=centre)
    forecasts = IncomeForecast.objects.visible_to(request.user).filter(centre=centre)
    return tab_page(
        request,
        centre,
        "finance",
        table=YearTable.of(incomes, forecasts, year),
        year=str(year),
        is_past=year < timezone.localdate().year,
        query=f"year={year}",
        page=page_of(request, incomes.of_year(year).for_list()),
    )


@require_safe
def documents(request, code):
    """Which of the five required documents are there for this year, missing ones first; then all documents."""
    centre, year = inside_or_404(request.user, code), timezone.localdate().year
    rows = CentreDocument.objects.visible_to(request.user).filter(centre=centre)
    there = rows.kinds_of_year(year)
    required = [(kind, kind in there) for kind in CentreDocument.REQUIRED]
    return tab_page(
        request,
        centre,
        "documents",
        year=str(year),
        required=sorted(required, key=lambda pair: pair[1]),
        page=page_of(request, rows.for_list()),
    )
