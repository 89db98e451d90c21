"""Groups: the list, the page, the entry with its trainers, and what a change of dates must not break."""

import threading
from datetime import date, time, timedelta
from time import monotonic as time_now
from time import sleep
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from training.models import Booking, Consent, Group, GroupTrainer, Programme, Room, Slot, Trainee, Trainer

from ..factories import (
    make_centre,
    make_consent,
    make_enrolment,
    make_facilitator,
    make_group,
    make_lesson,
    make_network,
    make_programme,
    make_room,
    make_timetable,
    make_trainee,
    make_trainer,
)

pytestmark = pytest.mark.django_db

TEN, TWELVE = time(10), time(12)
NEW = "/training/groups/new/"


def page(group, name="group"):
    return reverse(f"training:{name}", args=[group.pk])


def listed(client, **filters):
    return [group.name for group in client.get(reverse("training:groups"), filters).context["page"]]


def entry(programme, **kwargs):
    values = {
        "name": "Sewing 1",
        "programme": programme.pk,
        "start": "2005-01-10",
        "end": "2005-06-24",
        "keeping": "names",
    }
    return {**values, **kwargs}


def edited(group, **kwargs):
    values = {"start": f"{group.start:%Y-%m-%d}", "end": f"{group.end:%Y-%m-%d}", "version": group.version}
    return {**entry(group.programme, name=group.name), **values, **kwargs}


def errors(response, field):
    assert response.status_code == 422
    return list(response.context["form"].errors[field])


@pytest.fixture
def client(client_of, personas):
    return client_of(personas.facilitator_alpha)


# --- List and page --------------------------------------------------------------------------------------------------


def test_the_list_is_filtered(client_of, coordinator, alpha, beta):
    today, week = timezone.localdate(), timedelta(7)
    sewing = make_programme(centre=alpha, title="Cutting", title_kk="Тігін ісі")
    make_group(alpha, sewing, name="Running", start=today - week, end=today)
    make_group(alpha, name="Planned", start=today + week, end=None)
    make_group(beta, name="Ended", start=today - 2 * week, end=today - timedelta(1))
    client = client_of(coordinator)
    assert listed(client) == ["Planned", "Running", "Ended"]
    assert [listed(client, state=state) for state in ("running", "planned", "ended")] == [
        ["Running"],
        ["Planned"],
        ["Ended"],
    ]
    assert listed(client, centre="beta") == ["Ended"]
    assert listed(client, programme=str(sewing.pk)) == ["Running"]
    assert [listed(client, q=words) for words in ("тігін", "run cut", "nothing")] == [["Running"], ["Running"], []]
    assert listed(client, state="x", programme="y") == ["Planned", "Running", "Ended"]


def test_the_list_takes_the_same_queries_for_3_and_for_30(client_of, coordinator, alpha):
    client, counts = client_of(coordinator), []
    for rows in (3, 27):
        for _ in range(rows):
            make_enrolment(make_group(alpha))
        with CaptureQueriesContext(connection) as queries:
            assert len(listed(client)) in (3, 30)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_page_takes_the_same_queries_for_little_and_for_much(client, alpha):
    group, counts = make_group(alpha, end=None), []
    for rows in (1, 6):
        slots = [(day, TEN, TWELVE, make_room(alpha), make_trainer(alpha)) for day in range(1, rows + 1)]
        make_timetable(
            group, *slots, pauses=[(date(2005, month, 1), date(2005, month, 9)) for month in range(2, 2 + rows)]
        )
        make_enrolment(group), make_lesson(group, date(2005, 2, rows))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page(group)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_page_counts_places_members_and_lessons(client, alpha):
    group = make_group(alpha, capacity=10)
    make_enrolment(group), make_enrolment(group)
    make_enrolment(group, status="waiting", started_on=None)
    make_enrolment(group, status="dropped", ended_on=date(2005, 3, 1), reason="work")
    make_lesson(group), make_lesson(group, date(2005, 1, 12), state="cancelled")
    shown = client.get(page(group))
    assert shown.context["statuses"] == {"enrolled": 2, "waiting": 1, "completed": 0, "dropped": 1}
    assert shown.context["lessons"] == {"held": 1, "cancelled": 1}
    assert "2 of 10 taken" in shown.content.decode()


# --- Entering -------------------------------------------------------------------------------------------------------


def test_a_facilitator_begins_a_group_with_its_trainers(client, alpha, network):
    programme, roza, anna = make_programme(network), make_trainer(alpha), make_trainer(alpha)
    sent = entry(programme, trainers=[roza.pk, anna.pk], capacity="10", language="kk", end="")
    group_page = client.post(NEW, sent).url
    group = Group.objects.get()
    assert group_page == page(group)
    assert (group.centre, group.end, group.capacity, {*group.trainers.all()}) == (alpha, None, 10, {roza, anna})


@pytest.mark.parametrize("what", ["group", "trainer", "programme", "room", "trainee", "member", "consent"])
def test_what_arrives_twice_is_made_once_and_a_correction_is_not_lost(client, alpha, what):
    group, person = make_group(alpha), make_trainee(alpha)
    make_consent(make_trainee(alpha))
    text = alpha.network.consent_texts.get(purpose="data")
    named = {"surname": "Kim", "given_name": "Anna", "registered_on": "2005-01-10"}
    model, address, sent = {
        "group": (Group, NEW, entry(make_programme(centre=alpha))),
        "trainer": (Trainer, "/training/trainers/new/", {"name": "A", "qualification": "school", "paid_by": "centre"}),
        "programme": (
            Programme,
            "/training/programmes/new/",
            {"title": "New", "area": "economy", "kind": "income", "level": "any"},
        ),
        "room": (Room, "/training/rooms/", {"name": "Room 1"}),
        "trainee": (Trainee, "/training/trainees/new/", named),
        "member": (
            Trainee,
            f"/training/trainees/new/?group={group.pk}",
            named | {"place": "enrolled", "started_on": "2005-02-01"},
        ),
        "consent": (
            Consent,
            f"{person.get_absolute_url()}consent/",
            {"text": text.pk, "language": "ru", "given_by": "trainee", "given_on": "2005-02-01"},
        ),
    }[what]
    before, fresh = model.objects.count(), str(uuid4())
    answers = [client.post(address, sent | {"id": fresh}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0].url == answers[1].url
    assert (model.objects.count() - before, model.objects.get(pk=fresh).version) == (1, 1)
    field, value = {
        "programme": ("title", "Other"),
        "trainee": ("surname", "Other"),
        "member": ("started_on", "2005-03-01"),
        "consent": ("language", "kk"),
    }.get(what, ("name", "Other"))
    other = client.post(address, sent | {"id": fresh, field: value})
    assert (other.status_code, len(other.context["differences"])) == (409, 1)
    form = other.context["form"]
    again = {name: form[name].value() for name in form.fields if name != "file"}
    again = {name: value for name, value in again.items() if value is not None}
    assert client.post(address, again).status_code == 302
    row = model.objects.get(pk=fresh)
    stored = row.enrolments.get() if what == "member" else row
    assert (model.objects.count() - before, row.version, str(getattr(stored, field))) == (1, 2, value)


def test_what_belongs_to_another_centre_cannot_be_chosen(client, alpha, beta, network):
    mine = make_programme(centre=alpha)
    for programme in (
        make_programme(centre=beta),
        make_programme(make_network()),
        make_programme(network, is_retired=True),
    ):
        assert "Select a valid choice" in errors(client.post(NEW, entry(programme)), "programme")[0]
    stranger = make_trainer(beta, name="Secret")
    assert "valid choice" in errors(client.post(NEW, entry(mine, trainers=[stranger.pk])), "trainers")[0]
    assert "Secret" not in client.get(NEW).content.decode()
    assert Group.objects.count() == 0


def test_the_database_keeps_programmes_of_others_out_however_a_group_is_written(alpha, beta, network):
    group = make_group(alpha, make_programme(network))
    for foreign in (make_programme(centre=beta), make_programme(make_network())):
        with pytest.raises(IntegrityError, match="of another centre"), transaction.atomic():
            make_group(alpha, foreign)
        with pytest.raises(IntegrityError, match="of another centre"), transaction.atomic():
            Group.objects.filter(pk=group.pk).update(programme=foreign)


@pytest.mark.parametrize(
    ("sent", "field", "sentence"),
    [
        ({"end": "2005-01-09"}, "end", "The last day lies before the first."),
        ({"capacity": "0"}, "capacity", "A group has at least one place; leave it empty if there is no limit."),
        ({"start": "10 o'clock"}, "start", "Enter a valid date."),
        ({"name": " "}, "name", "This field is required."),
        ({"keeping": "guess"}, "keeping", "Select a valid choice. guess is not one of the available choices."),
    ],
)
def test_bad_input_is_said_in_place(client, alpha, sent, field, sentence):
    assert errors(client.post(NEW, entry(make_programme(centre=alpha), **sent)), field) == [sentence]
    assert Group.objects.count() == 0


def test_a_group_of_that_name_and_day_exists_once(client, alpha):
    group = make_group(alpha, name="Sewing 1")
    twice = client.post(NEW, entry(group.programme, name="SEWING 1"))
    assert errors(twice, "name") == ["The centre already has a group of that name that begins on that day."]


def test_without_a_programme_the_page_says_what_to_do_first(client):
    assert "A group runs a programme, and the centre has none yet." in client.get(NEW).content.decode()


# --- Changing -------------------------------------------------------------------------------------------------------


def test_new_dates_book_anew_and_keep_the_lessons(client, alpha):
    group = make_timetable(make_group(alpha), (1, TEN, TWELVE, make_room(alpha)))
    slot = Slot.objects.get()
    assert (
        client.post(page(group, "group_edit"), edited(group, start="2005-02-01", end="2005-02-20")).status_code == 302
    )
    assert list(Booking.objects.values_list("slot", "from_date", "until_date")) == [
        (slot.pk, date(2005, 2, 7), date(2005, 2, 14))
    ]


def test_new_dates_that_clash_are_refused_by_name(client, alpha):
    room = make_room(alpha, name="Room 2")
    make_timetable(make_group(alpha, name="Sewing 0", end=date(2005, 2, 28)), (1, TEN, TWELVE, room))
    group = make_timetable(make_group(alpha, start=date(2005, 3, 1)), (1, TEN, TWELVE, room))
    response = client.post(page(group, "group_edit"), edited(group, start="2005-02-28"))
    assert errors(response, "start") == [
        "The timetable does not fit these dates. "
        "Room 2 is taken on Monday 10:00–12:00 from 28 February 2005 by the group Sewing 0."
    ]
    group.refresh_from_db()
    assert (group.start, Booking.objects.filter(slot__group=group).get().from_date) == (
        date(2005, 3, 1),
        date(2005, 3, 7),
    )


def test_the_run_covers_journal_enrolments_and_pauses(client, alpha):
    group = make_timetable(make_group(alpha), (1, TEN, TWELVE), pauses=[(date(2005, 3, 1), date(2005, 3, 9))])
    make_enrolment(group, started_on=date(2005, 1, 12))
    make_enrolment(group, status="completed", ended_on=date(2005, 6, 20))
    make_lesson(group, date(2005, 1, 17)), make_lesson(group, date(2005, 6, 22))
    response = client.post(page(group, "group_edit"), edited(group, start="2005-03-05", end="2005-06-10"))
    assert errors(response, "start") == [
        "The journal has a lesson on 17 January 2005 already, before this day.",
        "Somebody has been in the group since 10 January 2005, before this day.",
        "The timetable does not fit these dates. "
        "The pause 1 March 2005 – 9 March 2005 lies outside of the group's run, 5 March 2005 – 10 June 2005.",
    ]
    assert errors(response, "end") == [
        "The journal has a lesson on 22 June 2005, after this day.",
        "Somebody was still in the group on 20 June 2005, after this day.",
    ]
    group.refresh_from_db()
    assert (group.start, group.end) == (date(2005, 1, 10), date(2005, 6, 24))


def test_places_are_not_fewer_than_those_who_were_there_at_once(client, alpha):
    group = make_group(alpha)
    make_enrolment(group, status="dropped", ended_on=date(2005, 3, 1), reason="work")
    make_enrolment(group)
    make_enrolment(group, applied_on=date(2005, 3, 2), started_on=date(2005, 3, 2))
    assert group.most_at_once() == 2
    refused = client.post(page(group, "group_edit"), edited(group, capacity="1"))
    assert errors(refused, "capacity") == [
        "2 people were or are in the group at the same time: give at least 2 places."
    ]
    assert client.post(page(group, "group_edit"), edited(group, capacity="2")).status_code == 302


def test_how_attendance_is_kept_stays_once_the_journal_has_a_lesson(client, alpha):
    group = make_group(alpha)
    assert client.post(page(group, "group_edit"), edited(group, keeping="totals")).status_code == 302
    group.refresh_from_db()
    assert group.keeping == "totals"
    make_lesson(group, women=3, men=1)
    shown = client.get(page(group, "group_edit"))
    assert "attendance stays as it is kept: totals only (men and women)" in shown.content.decode()
    client.post(page(group, "group_edit"), edited(group, keeping="names"))
    group.refresh_from_db()
    assert group.keeping == "totals"


def test_a_trainer_leaves_the_group_after_its_timetable(client, alpha):
    roza, anna = make_trainer(alpha, name="Roza"), make_trainer(alpha)
    group = make_timetable(make_group(alpha), (1, TEN, TWELVE, None, roza))
    kept = GroupTrainer.objects.get()
    refused = client.post(page(group, "group_edit"), edited(group, trainers=[anna.pk]))
    assert errors(refused, "trainers") == [
        "Roza still has the weekly lesson Monday 10:00–12:00. Change the timetable first."
    ]
    client.post(page(group, "group_edit"), edited(group, trainers=[roza.pk, anna.pk]))
    assert {*group.trainers.all()} == {roza, anna}
    assert GroupTrainer.objects.filter(pk=kept.pk).exists()


def test_a_group_keeps_the_edition_and_the_ended_trainer_that_it_has(client, alpha, coordinator):
    gone = make_trainer(alpha, until_date=date(2005, 12, 31))
    group = make_group(alpha)
    GroupTrainer.objects.create(centre=alpha, group=group, trainer=gone)
    group.programme.make_next_edition(by=coordinator)
    assert client.post(page(group, "group_edit"), edited(group, trainers=[gone.pk], note="x")).status_code == 302
    group.refresh_from_db()
    assert (group.note, group.trainers.get(), group.programme.edition) == ("x", gone, 1)


def test_two_edits_at_once_lose_nothing(client, alpha):
    group = make_group(alpha, note="Before")
    base = client.get(page(group, "group_edit")).context["form"]["base"].value()
    assert client.post(page(group, "group_edit"), edited(group, note="Hers", base=base)).status_code == 302
    mine = client.post(page(group, "group_edit"), edited(group, note="Mine", base=base))
    assert (mine.status_code, mine.context["differences"][0].theirs) == (409, "Hers")
    assert Group.objects.get().note == "Hers"


# --- Two at once -----------------------------------------------------------------------------------------------------


def shorten(group, people, answers):
    browser = Client()
    browser.force_login(people)
    answers["shortened"] = browser.post(page(group, "group_edit"), edited(group, end="2005-03-31")).status_code


def enrol(group, people, answers):
    browser = Client()
    browser.force_login(people)
    given = {"pick": make_trainee(group.centre).pk, "place": "enrolled", "started_on": "2005-05-02"}
    answers["came"] = browser.post(page(group, "members"), given).status_code


def teach(group, people, answers):
    browser = Client()
    browser.force_login(people)
    given = {"date": "2005-05-02", "state": "cancelled", "note": "Storm"}
    answers["came"] = browser.post(page(group, "lesson_new"), given).status_code


def move_lesson(group, people, answers):
    lesson = make_lesson(group, date(2005, 2, 1))
    browser = Client()
    browser.force_login(people)
    given = {"date": "2005-05-02", "state": "cancelled", "note": "Storm", "version": lesson.version}
    answers["came"] = browser.post(lesson.get_absolute_url(), given).status_code


def somebody_waits_for_us():
    with connection.cursor() as cursor:  # pg_stat_activity would stay the same for the whole of our transaction
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
        )
        return cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("come", [enrol, teach, move_lesson])
@pytest.mark.parametrize("shortened_first", [True, False])
def test_a_group_is_not_shortened_below_what_happens_at_that_moment(come, shortened_first):
    """The second of two waits for the first, sees what it did, and is refused."""
    centre = make_centre()
    group, answers = make_group(centre), {}
    first, second = (shorten, come) if shortened_first else (come, shorten)

    def run():
        try:
            second(group, make_facilitator(centre), answers)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    with transaction.atomic():
        first(group, make_facilitator(centre), answers)
        thread.start()
        until = time_now() + 20
        while thread.is_alive() and not somebody_waits_for_us() and time_now() < until:
            sleep(0.02)
    thread.join(timeout=60)
    expected = (302, 422) if shortened_first else (422, 302)
    assert (answers["shortened"], answers["came"]) == expected


def test_a_group_kept_without_names_speaks_of_no_persons(client, alpha):
    programme = make_programme(alpha.network)
    answer = client.post(NEW, entry(programme, keeping="totals", capacity="9"), follow=True)
    assert [str(message) for message in answer.context["messages"]] == [
        "The group is entered. Next, its weekly lessons."
    ]
    group = Group.objects.get()
    about_people = [f'href="{page(group, name)}"' for name in ("members", "group_certificates")]
    assert [link in answer.text for link in about_people] == [False, False]
    assert ("In the group now" in answer.text, "0 of 9 taken" in answer.text) == (False, False)
    named = make_group(alpha, capacity=9)
    shown = client.get(page(named)).text
    assert [f'href="{page(named, name)}"' in shown for name in ("members", "group_certificates")] == [True, True]
    assert "0 of 9 taken" in shown
    make_enrolment(group)  # somebody who came while it was kept by name
    assert "In the group now" in client.get(page(group)).text
