"""All self-assessments of a cycle: how far each centre is; reminders to those that have not sent theirs."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Max, Q
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from centres.access import READ_ONLY, visible_or_404

from .. import reminders
from ..forms.assessment_overview import OverviewFilter
from ..models import Cycle, CycleFrozen, Participation, SelfAssessment
from ..models.assessments import AssessmentState
from ..standing import overdue, standings
from .matrix import narrowed

PER_PAGE = 50


def asked_cycle(user, code) -> tuple[Cycle, bool]:
    """The cycle, and whether the person oversees it; 404 for who has no centre in it, donors among them."""
    cycle = visible_or_404(Cycle.objects.select_related("network", "questionnaire"), user, code=code)
    staff = cycle.network_id in user.reach.oversees
    if not staff and not Participation.objects.filter(cycle=cycle, centre__in=user.reach.runs).exists():
        raise Http404
    return cycle, staff


@require_safe
def overview(request, cycle):
    """Centres and sections: complete, missing, returned. Who runs one centre only is led to its own pages."""
    cycle, staff = asked_cycle(request.user, cycle)
    own = SelfAssessment.objects.visible_to(request.user).filter(cycle=cycle)
    if not staff and len(only := own.select_related("centre", "cycle")[:2]) == 1:
        return redirect(only[0])
    filters = OverviewFilter(request.GET)
    found = filters.narrow(own).in_column_order().annotate(reminded_on=Max("reminders__day"))
    page = Paginator(found.select_related("cycle", "centre"), PER_PAGE).get_page(request.GET.get("page"))
    by_state = {state: Count("pk", filter=Q(state=state)) for state in AssessmentState}
    counts = own.aggregate(all=Count("pk"), late=Count("pk", filter=overdue()), **by_state)
    context = {
        "cycle": cycle,
        "staff": staff,
        "filters": filters,
        "counts": counts,
        "states": [(state, state.label, counts[state]) for state in AssessmentState if counts[state]],
        "waiting": counts["draft"] + counts["returned"],
        "page": page,
        "rows": standings(page),
        "sections": cycle.questionnaire.sections.order_by("position") if cycle.questionnaire else [],
        "query": narrowed(request.GET),
        "may_edit": staff and not cycle.is_published,
        "may_import": cycle.network_id in request.user.reach.coordinates and not cycle.is_published,
    }
    return render(request, "monitoring/assessment_overview.html", context)


@require_POST
def remind(request, cycle):
    """To whom a reminder goes, asked once; then it is sent to the centres that are ticked."""
    cycle, staff = asked_cycle(request.user, cycle)
    if not staff:
        raise PermissionDenied(READ_ONLY)
    if cycle.is_published:
        raise PermissionDenied(str(CycleFrozen()))
    rows = reminders.addressed(cycle, request.user)
    if "sure" not in request.POST:
        return _ask(request, cycle, rows)
    chosen = set(request.POST.getlist("centre"))
    rows = [row for row in rows if row.assessment.centre.code in chosen]
    if not any(row.is_due for row in rows):
        messages.info(request, _("Nobody was reminded: choose a centre that was not reminded today."))
        return redirect("monitoring:assessments", cycle.code)
    sent = reminders.remind(rows, cycle=cycle, by=request.user, address=request.build_absolute_uri)
    _say(request, sent)
    return redirect("monitoring:assessments", cycle.code)


def _ask(request, cycle, rows):
    due = [row for row in rows if row.is_due]
    context = {
        "cycle": cycle,
        "rows": due[: reminders.AT_ONCE],
        "more": max(len(due) - reminders.AT_ONCE, 0),
        "unreachable": [row.assessment.centre for row in rows if not row.people],
        "today": [row.assessment.centre for row in rows if row.people and row.was_today],
    }
    return render(request, "monitoring/assessments_remind.html", context)


def _say(request, sent) -> None:
    if sent.reminded:
        centres = ngettext("%(n)s centre was reminded", "%(n)s centres were reminded", len(sent.reminded))
        people = ngettext("%(n)s e-mail was sent", "%(n)s e-mails were sent", len(sent.people))
        messages.success(request, f"{centres % {'n': len(sent.reminded)}}, {people % {'n': len(sent.people)}}.")
    if sent.failed:
        names = get_text_list([str(row.assessment.centre) for row in sent.failed], _("and"))
        messages.error(request, _("The mail could not be sent to: %(centres)s. Try again later.") % {"centres": names})
