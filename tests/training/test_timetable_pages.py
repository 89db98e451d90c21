"""The form of a group's timetable, a centre's week, and the private address of its calendar."""

import threading
from datetime import date, time, timedelta

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from training.models import Booking, Group, Pause, Slot, TimetableFeed

from ..factories import (
    make_centre,
    make_facilitator,
    make_group,
    make_lesson,
    make_network,
    make_room,
    make_timetable,
    make_trainer,
)

pytestmark = pytest.mark.django_db

TEN, TWELVE = time(10), time(12)
MONDAY = {"weekday": "1", "starts": "10:00", "ends": "12:00"}


def page(group):
    return reverse("training:group_timetable", args=[group.pk])


def sent(version, slots=(), pauses=(), standing=(0, 0), **more):
    """What a browser sends: rows of weekly lessons and of pauses, the last of each kind left empty."""
    data = {"version": str(version), **more}
    for kind, rows, initial in (("slots", [*slots, {}], standing[0]), ("pauses", [*pauses, {}], standing[1])):
        data |= {f"{kind}-TOTAL_FORMS": len(rows), f"{kind}-INITIAL_FORMS": initial}
        for number, row in enumerate(rows):
            data |= {f"{kind}-{number}-{name}": value for name, value in row.items()}
    return data


def row_of(slot, **kwargs):
    values = {"id": slot.pk, "weekday": slot.weekday, "starts": f"{slot.starts:%H:%M}", "ends": f"{slot.ends:%H:%M}"}
    return {**values, "room": slot.room_id or "", "trainer": slot.trainer_id or "", **kwargs}


@pytest.fixture
def client(client_of, personas):
    return client_of(personas.facilitator_alpha)


# --- The form -------------------------------------------------------------------------------------------------------


def test_a_facilitator_plans_a_group_on_one_page(client, alpha):
    group, room, roza = make_group(alpha), make_room(alpha), make_trainer(alpha)
    lessons = [MONDAY | {"room": room.pk, "trainer": roza.pk}, MONDAY | {"weekday": "3", "starts": "9:30"}]
    pauses = [{"from_date": "2005-03-01", "until_date": "2005-03-09", "reason": "Nauryz"}]
    assert client.post(page(group), sent(1, lessons, pauses)).url == group.get_absolute_url()
    assert list(Slot.objects.values_list("weekday", "starts", "ends", "room", "trainer")) == [
        (1, TEN, TWELVE, room.pk, roza.pk),
        (3, time(9, 30), TWELVE, None, None),
    ]
    assert Pause.objects.values_list("from_date", "until_date", "reason").get() == (
        date(2005, 3, 1),
        date(2005, 3, 9),
        "Nauryz",
    )
    assert (Booking.objects.count(), [*group.trainers.all()], Group.objects.get().version) == (4, [roza], 2)


def test_rows_are_changed_removed_and_added_and_the_rest_stays(client, alpha):
    group = make_timetable(make_group(alpha), *((day, TEN, TWELVE) for day in (1, 2, 3)))
    monday, tuesday, wednesday = Slot.objects.all()
    rows = [row_of(monday), row_of(tuesday, starts="11:00"), row_of(wednesday, DELETE="on"), MONDAY | {"weekday": 5}]
    answer = client.post(page(group), sent(2, rows, standing=(3, 0), more="1"))
    assert answer.url == page(group), "more rows are added on the same page"
    kept = list(Slot.objects.values_list("pk", "weekday", "starts"))
    assert kept[:2] == [(monday.pk, 1, TEN), (tuesday.pk, 2, time(11))]
    assert [weekday for _pk, weekday, _starts in kept] == [1, 2, 5]


def test_a_timetable_can_be_emptied(client, alpha):
    group = make_timetable(make_group(alpha), (1, TEN, TWELVE), pauses=[(date(2005, 3, 1), date(2005, 3, 9))])
    slot, pause = Slot.objects.get(), Pause.objects.get()
    pauses = [{"id": pause.pk, "from_date": "2005-03-01", "until_date": "2005-03-09", "DELETE": "on"}]
    client.post(page(group), sent(2, [row_of(slot, DELETE="on")], pauses, standing=(1, 1)))
    assert (Slot.objects.count(), Pause.objects.count(), Booking.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (MONDAY | {"ends": "10:00"}, "The lesson ends before it begins."),
        (MONDAY | {"ends": ""}, "This field is required."),
        (MONDAY | {"starts": "noon"}, "Enter a valid time."),
        (MONDAY | {"starts": "25:00"}, "Enter a valid time."),
        (MONDAY | {"weekday": "8"}, "Select a valid choice. 8 is not one of the available choices."),
        (MONDAY | {"room": "nonsense"}, "Select a valid choice. nonsense is not one of the available choices."),
    ],
)
def test_a_bad_row_is_refused_and_nothing_is_lost(client, alpha, row, sentence):
    group = make_group(alpha)
    answer = client.post(page(group), sent(1, [MONDAY | {"weekday": "2", "starts": "08:15"}, row]))
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in shown
    assert 'value="08:15"' in shown
    assert Slot.objects.count() == 0


@pytest.mark.parametrize(
    ("pauses", "sentence"),
    [
        ([("2005-03-09", "2005-03-01")], "The last day lies before the first."),
        ([("2004-12-01", "2005-01-20")], "lies outside of the group’s run"),
        ([("2005-06-01", "2005-06-25")], "lies outside of the group’s run"),
        ([("2005-03-01", "2005-03-09"), ("2005-03-09", "2005-03-20")], "This overlaps with the pause 1 March 2005"),
        ([("2005-03-01", "")], "This field is required."),
    ],
)
def test_a_bad_pause_is_refused_at_its_row(client, alpha, pauses, sentence):
    group = make_group(alpha)
    rows = [{"from_date": first, "until_date": last} for first, last in pauses]
    answer = client.post(page(group), sent(1, [MONDAY], rows))
    assert answer.status_code == 422
    row = answer.context["form"].pauses.forms[len(pauses) - 1]
    assert sentence.replace("’", "'") in " ".join(error for errors in row.errors.values() for error in errors)
    assert (Slot.objects.count(), Pause.objects.count()) == (0, 0)


def test_a_clash_is_said_at_its_row(client, alpha):
    room = make_room(alpha, name="Room 2")
    make_timetable(make_group(alpha, name="Sewing 1"), (1, TEN, TWELVE, room))
    answer = client.post(page(make_group(alpha)), sent(1, [MONDAY | {"weekday": "2"}, MONDAY | {"room": room.pk}]))
    free, taken, _empty = answer.context["form"].slots.forms
    assert (answer.status_code, free.errors) == (422, {})
    assert taken.non_field_errors() == [
        "Room 2 is taken on Monday 10:00–12:00 from 10 January 2005 by the group Sewing 1."
    ]
    number = int(taken.prefix.rpartition("-")[2]) + 1
    assert f'<li><a href="#{taken.prefix}-wrong">Weekly lesson {number}</a>: ' in answer.content.decode()


def test_two_lessons_at_one_time_are_refused(client, alpha):
    answer = client.post(page(make_group(alpha)), sent(1, [MONDAY, MONDAY | {"starts": "11:00"}]))
    assert answer.context["form"].slots.forms[1].non_field_errors() == [
        "This overlaps with the lesson Monday 10:00–12:00 of the same group."
    ]


def test_rooms_and_trainers_of_others_are_no_choice(client, alpha, beta):
    group, stranger = make_group(alpha), make_trainer(beta, name="Secret")
    closed, gone = make_room(alpha, is_closed=True), make_trainer(alpha, until_date=date(2005, 1, 1))
    for row in (
        {"trainer": stranger.pk},
        {"room": make_room(beta, name="Secret").pk},
        {"room": closed.pk},
        {"trainer": gone.pk},
    ):
        assert client.post(page(group), sent(1, [MONDAY | row])).status_code == 422
    assert "Secret" not in client.get(page(group)).content.decode()
    assert Slot.objects.count() == 0


def test_another_group_s_row_cannot_be_taken_over(client, alpha, beta):
    make_timetable(make_group(beta), (5, TEN, TWELVE))
    theirs = Slot.objects.get()
    client.post(
        page(make_group(alpha)), sent(1, [MONDAY | {"id": theirs.pk}, MONDAY | {"id": theirs.pk, "weekday": 2}])
    )
    theirs.refresh_from_db()
    assert (theirs.weekday, theirs.centre) == (5, beta)
    assert Slot.objects.filter(centre=alpha).count() == 2


def test_a_row_whose_id_is_none_is_a_new_row(client, alpha):
    client.post(page(make_group(alpha)), sent(1, [MONDAY | {"id": "nonsense"}]))
    assert Slot.objects.get().weekday == 1


def test_of_two_edits_the_second_sees_both(client, alpha):
    group = make_timetable(make_group(alpha), (1, TEN, TWELVE))
    slot = Slot.objects.get()
    make_timetable(group, (4, TEN, TWELVE))
    answer = client.post(page(group), sent(2, [row_of(slot, weekday=2)], standing=(1, 0)))
    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "<li>Thursday 10:00–12:00</li>" in shown
    assert '<option value="2" selected>Tuesday</option>' in shown
    assert 'name="version" value="3"' in shown
    assert Slot.objects.get().weekday == 4
    again = client.post(page(group), sent(3, [row_of(slot, weekday=2)], standing=(1, 0)))
    assert (again.status_code, Slot.objects.get().weekday) == (302, 2)


@pytest.mark.parametrize(
    ("broken", "status"),
    [
        ({"version": "x"}, 409),
        ({"version": "9" * 30}, 409),
        ({"slots-TOTAL_FORMS": "1000000"}, 422),
        ({"pauses-INITIAL_FORMS": "²"}, 422),
        ({"slots-TOTAL_FORMS": ""}, 422),
    ],
)
def test_a_broken_form_is_refused(client, alpha, broken, status):
    group = make_timetable(make_group(alpha), (1, TEN, TWELVE))
    assert client.post(page(group), sent(2, [MONDAY | {"weekday": "2"}]) | broken).status_code == status
    assert Slot.objects.get().weekday == 1


def test_the_form_takes_the_same_queries_for_2_and_for_7_rows(client, alpha):
    group, counts = make_group(alpha, end=None), []
    for rows in (2, 7):
        slots = [(day, TEN, TWELVE, make_room(alpha), make_trainer(alpha)) for day in range(1, rows + 1)]
        make_timetable(group, *slots)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page(group)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.django_db(transaction=True)
def test_two_people_who_take_one_room_at_once():
    centre = make_centre(make_network())
    room, groups = make_room(centre, name="Room 2"), [make_group(centre, name=name) for name in ("One", "Two")]
    people = [make_facilitator(centre) for _ in groups]
    gate, answers = threading.Barrier(2), {}

    def send(number):
        try:
            browser = Client()
            browser.force_login(people[number])
            gate.wait()
            answers[number] = browser.post(page(groups[number]), sent(1, [MONDAY | {"room": room.pk}]))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send, args=[number]) for number in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    first, second = sorted(answers, key=lambda number: answers[number].status_code)
    assert (answers[first].status_code, answers[second].status_code) == (302, 422)
    assert f"by the group {groups[first]}." in answers[second].content.decode()
    assert Slot.objects.get().group == groups[first]


# --- The week -------------------------------------------------------------------------------------------------------


def week(client, **query):
    return client.get(reverse("training:timetable", args=["alpha"]), query)


def test_a_week_shows_what_is_planned_held_and_cancelled_in_words(client, alpha):
    group = make_group(alpha, name="Sewing 1")
    make_timetable(group, *((day, TEN, TWELVE) for day in (1, 2, 3)))
    make_lesson(group, date(2005, 3, 7), starts=TEN, ends=TWELVE)
    make_lesson(group, date(2005, 3, 8), starts=TEN, ends=TWELVE, state="cancelled")
    shown = week(client, week="2005-W10")
    assert [lesson.state for lesson in shown.context["week"].lessons] == ["held", "cancelled", "missing"]
    words = shown.content.decode()
    assert [words.count(word) for word in (">held<", ">cancelled<", ">not in the journal<")] == [2, 2, 2]
    assert 'href="?week=2005-W09"' in words
    assert 'href="?week=2005-W11"' in words


def test_the_week_goes_to_another_centre(client_of, coordinator, alpha, beta):
    client = client_of(coordinator)
    assert week(client, centre="beta", week="2005-W10").url == "/training/timetable/beta/?week=2005-W10"
    assert week(client, centre="nowhere").status_code == 404


def test_a_week_takes_the_same_queries_for_3_and_for_30_lessons(client, alpha):
    counts = []
    for rows in (3, 27):
        for hour in range(rows):
            make_timetable(
                make_group(alpha, end=None), (hour % 7 + 1, TEN, TWELVE, make_room(alpha), make_trainer(alpha))
            )
        with CaptureQueriesContext(connection) as queries:
            assert len(week(client).context["week"].lessons) in (3, 30)
        counts.append(len(queries))
    assert counts[0] == counts[1]


# --- The private address --------------------------------------------------------------------------------------------

ADDRESS = "/training/timetable/alpha/address/"


def make_address(client):
    feed = client.get(ADDRESS).context["feed"]
    shown = client.post(ADDRESS, {"do": "renew", "feed": feed.pk if feed else ""})
    return shown.context["link"].removeprefix("http://testserver")


def test_the_address_opens_the_calendar_without_signing_in(client, alpha, beta):
    group = make_group(alpha, name="Sewing 1", start=timezone.localdate(), end=None)
    roza = make_trainer(alpha, name="Roza Secret")
    make_timetable(group, (1, TEN, TWELVE, make_room(alpha, name="Room 2"), roza))
    make_timetable(make_group(beta, name="Of beta", start=timezone.localdate(), end=None), (1, TEN, TWELVE))
    address = make_address(client)
    answer = Client().get(address)
    text = answer.content.decode()
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert text.count("SUMMARY:Sewing 1\r\n") in (26, 27)
    assert "LOCATION:Room 2\\, Alpha\r\n" in text
    assert [word for word in ("Secret", "beta") if word in text] == []
    assert Client().post(address).status_code == 405


def test_only_a_digest_is_stored_and_the_address_is_shown_once(client, alpha):
    token = make_address(client).removesuffix(".ics").rsplit("/", 1)[1]
    row = TimetableFeed.objects.get()
    assert token not in str(row.__dict__)
    assert token not in client.get(ADDRESS).content.decode()
    event = TimetableFeed.pgh_event_model.objects.get()
    assert not hasattr(event, "digest")


def test_a_renewed_or_withdrawn_address_opens_nothing(client, alpha):
    old = make_address(client)
    new = make_address(client)
    assert [Client().get(address).status_code for address in (old, new)] == [404, 200]
    assert client.post(ADDRESS, {"do": "withdraw"}).url == ADDRESS
    assert [Client().get(address).status_code for address in (old, new)] == [404, 404]
    assert client.post(ADDRESS, {"do": "withdraw"}).url == ADDRESS
    assert TimetableFeed.objects.filter(withdrawn_at=None).count() == 0


def test_a_page_loaded_once_more_leaves_the_address_alone(client, alpha):
    address = make_address(client)
    again = client.post(ADDRESS, {"do": "renew"})  # what the browser sends when that page is loaded anew
    assert (again.status_code, again.context["link"]) == (200, None)
    assert Client().get(address).status_code == 200
    newer = make_address(client)
    client.post(ADDRESS, {"do": "renew", "feed": TimetableFeed.objects.order_by("pk")[0].pk})
    assert Client().get(newer).status_code == 200


@pytest.mark.parametrize("token", ["x", "-", "a" * 500])
def test_a_guessed_address_is_not_found(db, token):
    assert Client().get(reverse("training:timetable_feed", args=[token])).status_code == 404


def test_the_calendar_reaches_from_a_month_ago_to_half_a_year_ahead(client, alpha):
    today = timezone.localdate()
    make_timetable(make_group(alpha, start=date(2005, 1, 1), end=None), *((day, TEN, TWELVE) for day in range(1, 8)))
    text = Client().get(make_address(client)).content.decode()
    days = [line[8:16] for line in text.splitlines() if line.startswith("DTSTART:") and line.endswith("Z")]
    assert (days[0], days[-1]) == (f"{today - timedelta(31):%Y%m%d}", f"{today + timedelta(184):%Y%m%d}")


def test_the_calendar_speaks_the_language_of_who_made_the_address(client_of, alpha):
    person = make_facilitator(alpha, language="kk")
    make_timetable(make_group(alpha, start=timezone.localdate(), end=None), (1, TEN, TWELVE))
    group = Group.objects.get()
    group.programme.title_kk = "Тігін ісі"
    group.programme.save()
    text = Client(headers={"Accept-Language": "en"}).get(make_address(client_of(person))).content.decode()
    assert "DESCRIPTION:Тігін ісі\r\n" in text


@pytest.mark.django_db(transaction=True)
def test_of_addresses_made_at_once_one_stands():
    centre = make_centre(make_network())
    person, gate, tokens = make_facilitator(centre), threading.Barrier(6), []

    def make():
        try:
            gate.wait()
            tokens.append(TimetableFeed.objects.renew(centre=centre, by=person, instead_of=""))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=make) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(tokens), tokens.count(None)) == (6, 5)
    assert sum(TimetableFeed.objects.for_token(token).exists() for token in tokens if token) == 1
