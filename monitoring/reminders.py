"""Reminders by e-mail: who is reminded of which self-assessments, and the mails themselves."""

import logging
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation

from centres.accounts import is_for_show
from centres.models import Membership, User
from centres.models.accounts import CENTRE_ROLES

from .models import Reminder, SelfAssessment
from .models.assessments import WRITABLE

log = logging.getLogger(__name__)

AT_ONCE = 50  # centres reminded by one press of the button


@dataclass
class Addressed:
    """A centre that has not sent its self-assessment, and its people who have an e-mail address."""

    assessment: SelfAssessment
    people: list[User] = field(default_factory=list)
    was_today: bool = False  # reminded today already

    @property
    def is_due(self) -> bool:
        """Whether it can be reminded now."""
        return bool(self.people) and not self.was_today


@dataclass
class Sent:
    """What became of it: the centres that were reminded and those whose mails could not be sent, the people reached."""

    reminded: list[Addressed] = field(default_factory=list)
    failed: list[Addressed] = field(default_factory=list)
    people: set[int] = field(default_factory=set)


class NotSent(Exception):
    """None of a centre's mails went out, so that nothing is to be recorded."""


def addressed(cycle, user) -> list[Addressed]:
    """The centres that have not sent theirs, in the cycle's order, with whom a reminder would reach (3 queries)."""
    waiting = SelfAssessment.objects.reviewed_by(user).filter(cycle=cycle, state__in=WRITABLE).in_column_order()
    rows = {each.centre_id: Addressed(each) for each in waiting}
    today = timezone.localdate()
    for pk in Reminder.objects.filter(assessment__cycle=cycle, day=today).values_list("centre", flat=True):
        if pk in rows:
            rows[pk].was_today = True
    roles = Membership.objects.on(today).filter(role__in=CENTRE_ROLES, centre__in=list(rows), user__is_active=True)
    for membership in roles.exclude(user__email="").select_related("user").order_by("user__name", "user_id"):
        people = rows[membership.centre_id].people
        if membership.user not in people and not is_for_show(membership.user):
            people.append(membership.user)
    return list(rows.values())


def remind(rows: list[Addressed], *, cycle, by, address: Callable[[str], str]) -> Sent:
    """Send one mail to each person, and record each centre that one has gone out to; at most AT_ONCE centres.

    `address` makes a path an address of the web. Whoever is at several of the centres gets one mail about all of them.
    A centre that somebody else reminds in the same moment is passed over.
    """
    rows, sent, done = [row for row in rows if row.is_due][:AT_ONCE], Sent(), {}
    mails = {}
    for row in rows:
        for person in row.people:
            mails.setdefault(person.pk, (person, []))[1].append(row.assessment)
    with _connection() as connection:
        for row in rows:
            try:
                if _remind(row, cycle, by, address, mails, done, connection):
                    sent.reminded.append(row)
            except NotSent:
                sent.failed.append(row)
    sent.people = {pk for pk, went in done.items() if went}
    return sent


@transaction.atomic
def _remind(row, cycle, by, address, mails, done, connection) -> bool:
    today = timezone.localdate()
    _reminder, is_first = Reminder.objects.get_or_create(
        assessment=row.assessment, day=today, defaults={"centre_id": row.assessment.centre_id, "by": by}
    )
    if not is_first:
        return False
    for person in row.people:
        if person.pk not in done:
            done[person.pk] = _send(_mail(*mails[person.pk], cycle, address), connection)
    if not any(done[person.pk] for person in row.people):
        raise NotSent
    return True


@contextmanager
def _connection():
    """One line to the mail server for all of them; None where it does not answer, instead of a wait for each mail."""
    connection = get_connection()
    try:
        connection.open()
    except OSError:
        log.exception("The mail server does not answer.")
        yield None
        return
    try:
        yield connection
    finally:
        connection.close()


def _mail(person, assessments, cycle, address) -> EmailMessage:
    """In the person's language: which self-assessment, due when, where. Nothing about anybody."""
    with translation.override(person.language or translation.get_language()):
        context = {
            "cycle": cycle,
            "overdue": cycle.self_assessment_due and cycle.self_assessment_due < timezone.localdate(),
            "links": [(each, address(each.get_absolute_url())) for each in assessments],
        }
        subject = " ".join(render_to_string("monitoring/email/reminder_subject.txt", context).split())
        body = render_to_string("monitoring/email/reminder_message.txt", context)
    return EmailMessage(subject, body, None, [person.email])


def _send(mail, connection) -> bool:
    if connection is None:
        return False
    try:
        return bool(connection.send_messages([mail]))
    except OSError:
        log.exception("A reminder could not be sent.")
        return False
