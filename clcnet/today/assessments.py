"""Self-assessments: what a centre has still to send, what waits for the reviewers, who is late."""

from collections import defaultdict

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.text import Truncator
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from monitoring.models import SelfAssessment
from monitoring.models.assessments import AssessmentState
from monitoring.standing import overdue, standings

from .boxes import Box, Task

SHOWN = 10  # self-assessments of one person's own centres
NAMED = 3  # returned questions; the page itself lists them all


def own_assessments(user) -> Box:
    """For a centre's people: what is due, the returned ones first, then by the day on which they are due."""
    if not user.reach.runs:
        return Box("", [])
    waiting = standings(SelfAssessment.objects.waiting_for(user)[:SHOWN])
    waiting.sort(key=lambda row: row.assessment.state != AssessmentState.RETURNED)
    several = len({row.assessment.centre_id for row in waiting}) > 1
    return Box(_("Self-assessment"), [own_task(row, several) for row in waiting])


def own_task(row, with_centre: bool) -> Task:
    own = row.assessment
    address = own.get_absolute_url()
    where = [str(own.cycle), *([str(own.centre)] if with_centre else []), *due(row)]
    if own.state == AssessmentState.RETURNED and row.to_mend:
        number = len(row.to_mend)
        words = ngettext("%(n)s returned question to mend", "%(n)s returned questions to mend", number)
        named = [f"{each.code} {Truncator(each.text_i18n).chars(60)}" for each in row.to_mend[:NAMED]]
        note = "; ".join(named) + (" …" if number > NAMED else "")
        return Task(words % {"n": number}, " · ".join([note, *where]), ((_("Read and mend"), address),))
    if own.state == AssessmentState.RETURNED:
        words = _("Everything returned was looked at: submit it again")
        return Task(words, " · ".join(where), ((_("Open"), address),))
    numbers = {"n": row.progress.answered, "all": row.progress.asked}
    words = _("%(n)s of %(all)s questions answered") % numbers
    return Task(words, " · ".join(where), ((_("Fill in"), address),))


def due(row) -> list[str]:
    """When it is due, and by how much that is over; of what is long over only the date. Or when it was returned."""
    if row.returned_at:
        return [f"{row.assessment.get_state_display()}: {date_format(localdate(row.returned_at), 'DATE_FORMAT')}"]
    if row.due is None:
        return []
    day = {"day": date_format(row.due, "DATE_FORMAT")}
    if row.is_long_late:
        return [_("was due on %(day)s") % day]
    day = _("due on %(day)s") % day
    late = ngettext("%(n)s day late", "%(n)s days late", row.days_late) % {"n": row.days_late}
    return [day, late] if row.days_late else [day]


def to_review(user) -> dict[int, list[Task]]:
    """By cycle: how many wait for review, how many are late (1 query)."""
    if not user.reach.oversees:
        return {}
    rows = (
        SelfAssessment.objects.reviewed_by(user)
        .order_by()
        .values_list("cycle", "cycle__code")
        .annotate(waiting=Count("pk", filter=Q(state=AssessmentState.SUBMITTED)), late=Count("pk", filter=overdue()))
    )
    tasks = defaultdict(list)
    for cycle, code, waiting, late in rows:
        if waiting:
            words = ngettext("%(n)s self-assessment to review", "%(n)s self-assessments to review", waiting)
            button = (pgettext("on a button", "Review"), overview(code, AssessmentState.SUBMITTED))
            tasks[cycle].append(Task(words % {"n": waiting}, "", (button,)))
        if late:
            words = ngettext("%(n)s self-assessment is late", "%(n)s self-assessments are late", late)
            tasks[cycle].append(Task(words % {"n": late}, "", ((_("Look"), overview(code, "late")),)))
    return tasks


def overview(code, state) -> str:
    return f"{reverse('monitoring:assessments', args=[code])}?{urlencode({'state': state})}"
