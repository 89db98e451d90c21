"""The journal of a group: its sheet, a new lesson, a lesson with its corrections."""

from datetime import date, time
from decimal import Decimal

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from centres.access import READ_ONLY, editable_or_403, visible_or_404
from centres.views.resending import sent_before
from centres.views.versioned import save_or_show

from ..changes import lesson_history
from ..forms.journal import LessonForm
from ..journal import lines_of, to_fill_in, totals_of
from ..models import Group, Lesson
from ..models.enrolments import lock

WINDOW = 8  # lessons beside one another
WAITING = 4  # planned lessons in sight; the earlier ones open with a click
MOST_WAITING = 100
LESSON_MINUTES = 45  # of an academic hour


def _group_of(user, pk, rule=visible_or_404):
    return rule(Group.objects.select_related("centre", "programme"), user, pk=pk)


@require_safe
def sheet(request, group):
    """Who was there, in windows of some lessons, the newest first; what waits to be filled in; the totals."""
    group = _group_of(request.user, group)
    may_edit = Group.objects.editable_by(request.user).filter(pk=group.pk).exists()
    page = Paginator(Lesson.objects.filter(group=group).for_list(), WINDOW).get_page(request.GET.get("page"))
    across = list(reversed(page.object_list))
    waiting = to_fill_in(group) if may_edit else []
    context = {
        "group": group,
        "may_edit": may_edit,
        "page": page,
        "across": across,
        "lines": lines_of(group, across) if group.keeping == Group.Keeping.NAMES else [],
        "totals": totals_of(group),
        "waiting": waiting[:WAITING],
        "more_waiting": waiting[WAITING:MOST_WAITING],
        "can_begin": may_edit and group.start <= timezone.localdate(),
    }
    return render(request, "training/journal.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request, group):
    """A lesson that the journal does not have yet. Sent twice, it is one lesson."""
    group = _group_of(request.user, group, editable_or_403)
    if request.method != "POST":
        form = LessonForm(instance=_blank(group), initial=_planned(group, request.GET), group=group, user=request.user)
        return render(request, "training/lesson.html", {"group": group, "form": form})
    with transaction.atomic():
        group = lock(group)  # of two sendings at once, the second finds the lesson of the first
        data, standing = sent_before(Lesson, request.POST, group=group)
        form = LessonForm(data, instance=standing or _blank(group), group=group, user=request.user)
        context = {"group": group, "lesson": standing and Lesson.objects.get(pk=standing.pk)}
        return _save(request, form, context, _("The lesson is in the journal."), to=("training:journal", group.pk))


def _save(request, form, context, text, to):
    """Save and go on; say whom nobody has marked."""
    response = save_or_show(request, form, "training/lesson.html", context, text=text, to=reverse(to[0], args=to[1:]))
    lesson = form.instance
    if response.status_code == 302 and form.by_name and not lesson.is_cancelled:
        missing = Lesson.objects.with_counts().get(pk=lesson.pk).missing
        if missing:
            sentence = ngettext("%(n)s person has no mark yet.", "%(n)s people have no mark yet.", missing)
            messages.warning(request, sentence % {"n": missing})
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def lesson(request, group, lesson):
    """One lesson with its marks and its history; corrected at any time."""
    group = _group_of(request.user, group)
    found = Lesson.objects.visible_to(request.user).filter(group=group).select_related("trainer", "room", "centre")
    lesson = get_object_or_404(found, pk=lesson)
    may_edit = Lesson.objects.editable_by(request.user).filter(pk=lesson.pk).exists()
    context = {"group": group, "lesson": lesson, "read_only": not may_edit, "history": lesson_history(lesson)}
    if request.method == "POST" and not may_edit:
        raise PermissionDenied(READ_ONLY)
    if request.method != "POST":
        form = LessonForm(instance=found.get(pk=lesson.pk), group=group, user=request.user)
        return render(request, "training/lesson.html", context | {"form": form})
    with transaction.atomic():
        group = lock(group)  # its dates stay while the lesson's day is compared with them
        form = LessonForm(request.POST, instance=found.get(pk=lesson.pk), group=group, user=request.user)
        return _save(request, form, context, _("Saved."), to=("training:lesson", group.pk, lesson.pk))


@require_POST
def delete(request, group, lesson):
    """Take out a lesson that never was, with its marks; the history keeps it."""
    lesson = editable_or_403(Lesson.objects.filter(group=group), request.user, pk=lesson)
    lesson.discard(by=request.user)
    messages.success(request, _("The lesson is deleted; the history keeps it."))
    return redirect("training:journal", group)


def _blank(group):
    return Lesson(centre=group.centre, group=group, keeping=group.keeping)


def _planned(group, wanted) -> dict:
    """What the timetable says of that day and time; without a day, today within the group's run."""
    day = _parsed(date, wanted.get("date"))
    starts = _parsed(time, wanted.get("starts"))
    if day is None:
        day = max(min(filter(None, (timezone.localdate(), group.end))), group.start)
    initial = {"date": day, "starts": starts}
    slots = group.slots.filter(weekday=day.isoweekday())
    slot = slots.filter(starts=starts).first() if starts else slots.first()
    if slot:
        minutes = (slot.ends.hour - slot.starts.hour) * 60 + slot.ends.minute - slot.starts.minute
        initial |= {"starts": slot.starts, "ends": slot.ends, "room": slot.room_id, "trainer": slot.trainer_id}
        initial["hours"] = Decimal(round(minutes / LESSON_MINUTES * 2)) / 2 or None
    if not initial.get("trainer"):
        trainers = list(group.trainers.values_list("pk", flat=True)[:2])
        initial["trainer"] = trainers[0] if len(trainers) == 1 else None
    return initial


def _parsed(kind, text):
    try:
        return kind.fromisoformat(text or "")
    except ValueError:
        return None
