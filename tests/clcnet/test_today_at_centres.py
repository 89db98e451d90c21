"""The start page of those who run centres, and of those who oversee them: what is open there today."""

from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from centres.models import Decision, Equipment, Meeting, User
from clcnet.today import boxes_for
from clcnet.today.at_centres import CENTRES, JOURNALS, LISTED
from training.models import Slot
from training.open_work import PATIENCE

from ..factories import (
    make_centre,
    make_certificate,
    make_consent,
    make_coordinator,
    make_enrolment,
    make_expert,
    make_facilitator,
    make_group,
    make_lesson,
    make_member,
    make_room,
    make_trainee,
    make_trainer,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
EVERY_DAY = range(1, 8)


@pytest.fixture
def aigul(alpha):
    return make_facilitator(alpha)


def running(centre, days=EVERY_DAY, since=5, **kwargs):
    """A group with a lesson at nine on these days of the week, begun some days ago."""
    today = localdate()
    group = make_group(centre, start=today - since * DAY, end=today + 30 * DAY, **kwargs)
    Slot.objects.bulk_create(
        Slot(centre=centre, group=group, weekday=day, starts=time(9), ends=time(10, 30)) for day in days
    )
    group.book()
    return group


def boxes(user):
    return {box.title: box.tasks for box in boxes_for(User.objects.get(pk=user.pk))}


def lines(user, title):
    return [
        (task.text, task.note, *(address for _label, address in task.buttons)) for task in boxes(user).get(title, ())
    ]


# Lessons and journals


def test_todays_lessons_lead_to_their_page_in_the_journal(alpha, aigul):
    today = localdate()
    room, trainer = make_room(alpha, name="Hall"), make_trainer(alpha, name="Berik")
    group = running(alpha, days=(), since=0, name="Sewing")
    Slot.objects.create(
        centre=alpha,
        group=group,
        weekday=today.isoweekday(),
        starts=time(14),
        ends=time(15, 30),
        room=room,
        trainer=trainer,
    )
    group.book()
    fill_in = f"/training/groups/{group.pk}/journal/new/?date={today.isoformat()}&starts=14%3A00"
    [(text, note, address)] = lines(aigul, "Today's lessons")
    assert (text.split(" ")[-1], note, address) == ("Sewing", "Hall · Berik", fill_in)
    lesson = make_lesson(group, today, starts=time(14), ends=time(15, 30))
    [(_text, note, address)] = lines(aigul, "Today's lessons")
    assert (note, address) == ("Hall · Berik", f"/training/groups/{group.pk}/journal/{lesson.pk}/")
    lesson.state, lesson.note = "cancelled", "No light."
    lesson.save()
    assert lines(aigul, "Today's lessons")[0][1] == "Hall · Berik · cancelled"


def test_journals_not_filled_in_stand_there_the_oldest_first(alpha, aigul):
    today = localdate()
    group = running(alpha, since=4, name="Sewing")
    make_lesson(group, today - 2 * DAY, starts=time(9), ends=time(10, 30))
    make_lesson(group, today - 3 * DAY, starts=time(9), ends=time(10, 30), state="cancelled")
    days = [address.partition("date=")[2][:10] for _text, _note, address in lines(aigul, "Journals not filled in")]
    assert days == [str(today - 4 * DAY), str(today - DAY)]


def test_a_lesson_in_which_somebody_has_no_mark_is_not_filled_in(alpha, aigul):
    today = localdate()
    group = running(alpha, days=(), since=4, name="Sewing")
    row = make_enrolment(group)
    half = make_lesson(group, today - 2 * DAY)
    make_lesson(group, today - 3 * DAY, present=[row])
    [(text, note, address)] = lines(aigul, "Journals not filled in")
    assert (text, note.partition(" · ")[2], address) == ("Sewing", "Somebody has no mark yet.", half.get_absolute_url())


def test_of_many_the_oldest_are_shown_and_the_others_counted(alpha, aigul):
    running(alpha, since=40)
    tasks = lines(aigul, "Journals not filled in")
    assert len(tasks) == JOURNALS + 1
    assert f"date={localdate() - 30 * DAY}" in tasks[0][2]
    assert tasks[-1] == ("And 20 more lessons.", "Each group's journal lists its own.")


def test_nothing_of_another_centre(beta, aigul):
    running(beta)
    assert set(boxes(aigul)) == {"Alpha"}


# Everything else


def open_texts(user, title="Alpha"):
    """Without what every centre has, and without consents and certificates, which have tests of their own."""
    found = [line for line in lines(user, title) if not line[0].startswith(("Contacts", "Monitoring", "Begin"))]
    return [line for line in found if "consent" not in line[0] and "certificate" not in line[0]]


def test_people_to_ask_half_a_year_later(alpha, aigul):
    ended = localdate() - 200 * DAY
    group = make_group(alpha, start=ended - 30 * DAY, end=ended)
    make_enrolment(group, status="completed", ended_on=ended)
    make_enrolment(group, status="dropped", ended_on=ended, reason="work")
    assert open_texts(aigul) == [
        ("1 person to ask", "Half a year after the group: what do they do now?", "/training/follow-ups/?centre=alpha")
    ]


def test_who_waits_is_told_when_a_place_is_free(alpha, aigul):
    group = running(alpha, days=(), name="Sewing", capacity=1)
    waiting = {"status": "waiting", "started_on": None}
    make_enrolment(group, **waiting)
    place = ("1 person waits for a place", "Sewing: 1 place is free", f"/training/groups/{group.pk}/members/")
    assert open_texts(aigul) == [place]
    make_enrolment(group)
    assert open_texts(aigul) == []
    endless = running(alpha, days=(), name="Talks")
    make_enrolment(endless, **waiting)
    make_enrolment(endless, **waiting)
    members = f"/training/groups/{endless.pk}/members/"
    assert open_texts(aigul) == [("2 people wait for a place", "Talks", members)]


def test_no_place_is_offered_where_everybody_has_completed(alpha, aigul):
    today = localdate()
    group = running(alpha, days=(), since=40, name="Sewing", capacity=9)
    row = make_enrolment(group)
    make_enrolment(group, status="waiting", started_on=None)
    waits = ("1 person waits for a place", "Sewing: 8 places are free", f"/training/groups/{group.pk}/members/")
    assert open_texts(aigul).count(waits) == 1
    row.complete(by=aigul, version=1, on=today - DAY)
    assert open_texts(aigul).count(waits) == 0


def test_equipment_is_named_after_a_month_out_of_order(alpha, aigul):
    today = localdate()
    values = {"centre": alpha, "kind": "computer", "quantity": 5, "working": 3}
    row = Equipment.objects.create(**values, not_working_since=today - PATIENCE)
    make_group(alpha)
    assert open_texts(aigul) == []
    Equipment.objects.filter(pk=row.pk).update(not_working_since=today - PATIENCE - DAY)
    assert open_texts(aigul) == [
        ("2 pieces of equipment are out of order for more than 30 days", "computer (2)", "/centres/alpha/equipment/")
    ]


def test_decisions_of_the_committee_are_overdue_after_their_day(alpha, aigul):
    today = localdate()
    meeting = Meeting.objects.create(centre=alpha, date=today - 60 * DAY)
    for days in (1, 0):
        Decision.objects.create(centre=alpha, meeting=meeting, text=f"Decided {days}.", due=today - days * DAY)
    [(text, note, address)] = open_texts(aigul)
    assert (text, address) == ("1 decision of the committee is overdue", "/centres/alpha/committee/")
    assert note.startswith("Decided 1., due on ")


def test_new_entries_that_look_like_older_ones(alpha, aigul, network):
    today = localdate()
    make_group(alpha)
    for days in (200, 100):
        make_trainee(alpha, surname="Kasymova", given_name="Nurgul", birth_year=1980, registered_on=today - days * DAY)
    assert open_texts(aigul) == []
    make_trainee(alpha, surname="Касымова", given_name="Нургуль", birth_year=1980, registered_on=today)
    [(text, _note, address)] = open_texts(aigul)
    assert (text, address) == ("2 likely duplicates", "/training/duplicates/?centre=alpha")
    assert lines(make_coordinator(network), "Open at the centres") == []


# Many centres


def test_who_runs_many_centres_reads_counts(alpha, beta, aigul):
    for centre in (beta, *(make_centre(alpha.network) for _ in range(LISTED - 1))):
        make_member("facilitator", centre=centre, user=aigul)
    running(beta, since=2)
    assert "Today's lessons" not in boxes(aigul)
    assert lines(aigul, "Beta")[0] == ("Beta", "2 journal entries missing", "/training/?centre=beta")


@pytest.mark.parametrize("make", [make_coordinator, make_expert])
def test_staff_read_counts_per_centre_the_busiest_first(alpha, beta, network, make):
    staff = make(network)
    assert lines(staff, "Open at the centres") == []
    running(alpha, since=1)
    running(beta, since=3)
    assert lines(staff, "Open at the centres") == [
        ("Beta", "3 journal entries missing", "/training/?centre=beta"),
        ("Alpha", "1 journal entry missing", "/training/?centre=alpha"),
    ]


def test_of_many_busy_centres_some_are_shown(network):
    for _ in range(CENTRES + 1):
        running(make_centre(network), since=1)
    tasks = lines(make_coordinator(network), "Open at the centres")
    assert len(tasks) == CENTRES + 1
    assert tasks[-1] == ("Something is open at other centres too", "", "/training/")


def test_a_donor_reads_nothing_of_it(alpha, personas):
    running(alpha)
    assert not {"Open at the centres", "Today's lessons", "Alpha"} & set(boxes(personas.donor))
    assert "Alpha" not in str(lines(personas.outsider, "Open at the centres"))


def test_the_number_of_queries_does_not_grow(alpha, network, aigul):
    def fill():
        ended = localdate() - 200 * DAY
        group = running(alpha, since=10, capacity=20)
        make_enrolment(group, status="waiting", started_on=None)
        make_enrolment(make_group(alpha, start=ended, end=ended), status="completed", ended_on=ended)
        Equipment.objects.create(
            centre=alpha, kind="fax", quantity=1, working=0, not_working_since=localdate() - 2 * PATIENCE
        )
        meeting = Meeting.objects.create(centre=alpha, date=ended)
        Decision.objects.create(centre=alpha, meeting=meeting, text="Do it.", due=ended)

    def queries(user):
        with CaptureQueriesContext(connection) as found:
            assert boxes_for(User.objects.get(pk=user.pk))
        return len(found)

    people = [aigul, make_coordinator(network), make_expert(network)]
    fill()
    at_one = [queries(user) for user in people]
    fill()
    fill()
    assert [queries(user) for user in people] == at_one


# Consents and certificates


def test_consents_and_certificates_that_are_missing(alpha, beta, aigul):
    today = localdate()
    group = make_group(alpha, start=today - 60 * DAY, end=today, name="Sewing")
    days = {"applied_on": group.start, "started_on": group.start}
    done = [make_enrolment(group, status="completed", ended_on=today - DAY, **days) for _ in range(3)]
    for row in done[:2]:
        make_consent(row.trainee)
    make_certificate(alpha, enrolment=done[0], issued_on=today)
    make_enrolment(make_group(alpha), status="completed", ended_on=date(2005, 6, 1))  # years ago
    make_enrolment(make_group(beta, start=group.start, end=None), **days)
    expected = [
        (
            "1 person was not asked for consent yet",
            "Note all signed sheets on one page.",
            "/training/consents/new/?centre=alpha",
        ),
        (
            "2 people completed a group and have no certificate",
            "",
            "/training/certificates/?centre=alpha&state=missing",
        ),
    ]
    assert [line for line in lines(aigul, "Alpha") if line in expected] == expected
    assert sum("consent" in line[0] or "certificate" in line[0] for line in lines(aigul, "Alpha")) == 2


def test_the_pages_they_lead_to_have_the_same_people(alpha, aigul, client_of):
    today = localdate()
    group = make_group(alpha, start=today - 60 * DAY, end=today)
    days = {"applied_on": group.start, "started_on": group.start, "status": "completed", "ended_on": today - DAY}
    with_one, without = make_enrolment(group, **days), make_enrolment(group, **days)
    make_certificate(alpha, enrolment=with_one, issued_on=today)
    client = client_of(aigul)
    missing = client.get("/training/certificates/", {"state": "missing"})
    assert list(missing.context["page"]) == [without]
    assert f'href="/training/groups/{group.pk}/certificates/"' in missing.content.decode()
    named = {"state": "missing", "q": without.trainee.surname}
    assert list(client.get("/training/certificates/", named).context["page"]) == [without]
    handover = client.get("/training/handover/alpha/").content.decode()
    for query in ("trainees/?centre=alpha&amp;consent=missing", "certificates/?centre=alpha&amp;state=missing"):
        assert f'href="/training/{query}"' in handover
