"""What graduates do half a year later: whom to ask, one screen to write down the answer, and what came out."""

import re

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Prefetch
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from centres.access import editable_or_403
from centres.models import Centre
from centres.views.resending import sent_before
from centres.views.versioned import save_or_show

from ..forms.outcomes import FollowUpFilter, FollowUpForm
from ..models import Enrolment, FollowUp, Trainee
from ..models.outcomes import due_for_follow_up
from ..outcomes import afterwards
from .overview import inside_or_403

PER_PAGE = 50
PHONE = re.compile(r"\+?\d[\d\s()./-]{4,}\d")


@require_safe
def follow_ups(request):
    """Whom to ask today, or what was answered (?list=answers), with the figures above."""
    inside_or_403(request.user)
    filters, today = FollowUpFilter(request.GET, user=request.user), timezone.localdate()
    enrolments = filters.enrolments()
    answers = request.GET.get("list") == "answers"
    if answers:
        found = filters.follow_ups().for_list()
    else:
        people = Prefetch("trainee", Trainee.objects.with_contacts())
        found = due_for_follow_up(enrolments, today).select_related("group", "centre").prefetch_related(people)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    keeps = set(Centre.objects.kept_by(request.user).values_list("pk", flat=True))
    context = {
        "filters": filters,
        "query": urlencode(filters.chosen | ({"list": "answers"} if answers else {})),
        "chosen": urlencode(filters.chosen),
        "answers": answers,
        "page": page,
        "rows": [(row, row.centre_id in keeps, [] if answers else phones(row, request.user)) for row in page],
        "figures": afterwards(enrolments, today),
        "one_centre": filters.centre is not None,
        "centre": filters.centre,
    }
    return render(request, "training/follow_ups.html", context)


def phones(enrolment, user) -> list[tuple[str, str, str]]:
    """(whose, as written, as dialled) for those who may see contacts: her own, else her guardian's."""
    trainee = enrolment.trainee
    if "phone" in trainee.hidden_from(user):
        return []
    whose, text = ("", trainee.phone) if trainee.phone else (trainee.guardian_name, trainee.guardian_phone)
    numbers = PHONE.findall(text)
    return [(whose, number, re.sub(r"[^\d+]", "", number)) for number in numbers] or (
        [(whose, text, "")] if text else []
    )


def _list(request):
    """Back to the list as it was filtered."""
    chosen = urlencode({name: request.GET[name] for name in ("centre", "group", "list") if request.GET.get(name)})
    return reverse("training:follow_ups") + (f"?{chosen}" if chosen else "")


@require_http_methods(["GET", "HEAD", "POST"])
def new(request, enrolment):
    """An attempt to ask, whatever came of it. Sent twice, it is one."""
    graduates = Enrolment.objects.filter(status=Enrolment.Status.COMPLETED)
    enrolment = editable_or_403(graduates.select_related("trainee", "group", "centre"), request.user, pk=enrolment)
    attempt = FollowUp(enrolment=enrolment, centre=enrolment.centre)
    if request.method != "POST":
        form = FollowUpForm(instance=attempt, initial={"asked_by": request.user.name})
        return _show(request, form, enrolment, None)
    with transaction.atomic():
        Enrolment.objects.select_for_update(no_key=True).get(pk=enrolment.pk)  # two sendings come one by one
        data, standing = sent_before(FollowUp, request.POST, enrolment=enrolment)
        return _show(request, FollowUpForm(data, instance=standing or attempt), enrolment, standing)


@require_http_methods(["GET", "HEAD", "POST"])
def follow_up(request, pk):
    """A later correction."""
    rows = FollowUp.objects.select_related("enrolment__trainee", "enrolment__group", "enrolment__centre")
    row = editable_or_403(rows, request.user, pk=pk)
    return _show(request, FollowUpForm(request.POST or None, instance=row), row.enrolment, row)


def _show(request, form, enrolment, row):
    context = {
        "enrolment": enrolment,
        "row": row,
        "earlier": enrolment.follow_ups.exclude(pk=row.pk if row else None),
        "phones": phones(enrolment, request.user),
        "back": _list(request),
        "may_be_asked": Enrolment.objects.filter(pk=enrolment.pk).may_be_asked().exists(),
    }
    return save_or_show(request, form, "training/follow_up.html", context, text=_("Saved."), to=context["back"])


@require_POST
def delete(request, pk):
    """Take out an attempt that never was; the history keeps it."""
    editable_or_403(FollowUp.objects, request.user, pk=pk).delete()
    messages.success(request, _("The entry is deleted; the history keeps it."))
    return redirect(_list(request))
