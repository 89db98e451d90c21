"""What journal and certificates say about somebody's days in a group."""

from collections import defaultdict
from dataclasses import dataclass

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _


def _rows(model: str):
    """Both models stand on the enrolments, so that they are known only later."""
    return apps.get_model("training", model).objects


@dataclass(frozen=True)
class Standing:
    """What else says when somebody was in a group: the first and the last lesson with a mark “there”, and the valid
    certificates."""

    first: models.Model | None
    last: models.Model | None
    certificates: list


def standing_of(rows) -> dict:
    """By the enrolment's id (3 queries)."""
    marks = _rows("Attendance").filter(enrolment__in=rows, mark="present").select_related("lesson")
    first, last = (
        {mark.enrolment_id: mark.lesson for mark in marks.order_by("enrolment_id", order).distinct("enrolment")}
        for order in ("lesson__date", "-lesson__date")
    )
    valid = defaultdict(list)
    for certificate in _rows("Certificate").filter(enrolment__in=rows, revoked_at=None):
        valid[certificate.enrolment_id].append(certificate)
    return {row.pk: Standing(first.get(row.pk), last.get(row.pk), valid[row.pk]) for row in rows}


def take_out_marks(rows) -> int:
    """Marks of these enrolments on days on which nobody expects them; the history keeps them. How many."""
    number = 0
    days = defaultdict(list)
    for row in rows:
        days[row.started_on, row.ended_on].append(row.pk)
    for (first, last), people in days.items():
        marks = _rows("Attendance").filter(enrolment__in=people)
        if first:
            late = Q(lesson__date__gt=last) if last else Q(pk=None)
            marks = marks.filter(Q(lesson__date__lt=first) | late)
        number += marks.delete()[0]
    return number


def in_journal(words: str, lesson):
    """The sentence about a lesson, with a way to that lesson."""
    sentence = words % {"day": date_format(lesson.date)}
    return format_html('{} <a href="{}">{}</a>', sentence, lesson.get_absolute_url(), _("Open the lesson"))
