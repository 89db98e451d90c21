"""Who is in a group: places, waiting list, steps, days that fit."""

import threading
from datetime import date, time, timedelta

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from centres.versions import EditConflict
from training.counts import counts_by, counts_of_group
from training.journal import lines_of, totals_of
from training.models import Enrolment, Trainee
from training.models.enrolments import Full, places_left

from ..factories import (
    make_centre,
    make_certificate,
    make_enrolment,
    make_facilitator,
    make_group,
    make_lesson,
    make_timetable,
    make_trainee,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def facilitator(alpha):
    return make_facilitator(alpha, username="aigerim")


@pytest.fixture
def group(alpha):
    return make_group(alpha, name="Sewing", capacity=2)


def members(group):
    return reverse("training:members", args=[group.pk])


def add(client, group, *trainees, place="enrolled", **values):
    return client.post(members(group), {"pick": [row.pk for row in trainees], "place": place, **values})


def test_several_people_come_into_a_group_at_once(client_of, facilitator, group, alpha):
    people = [make_trainee(alpha), make_trainee(alpha)]
    response = add(client_of(facilitator), group, *people, started_on="2005-01-12")
    assert response.headers["Location"] == members(group)
    rows = group.enrolments.values_list("trainee", "status", "started_on")
    assert sorted(rows) == sorted((row.pk, "enrolled", date(2005, 1, 12)) for row in people)
    page = client_of(facilitator).get(members(group))
    assert page.status_code == 200


def test_a_new_person_comes_into_the_group_on_the_spot(client_of, facilitator, group):
    client = client_of(facilitator)
    address = f"/training/trainees/new/?group={group.pk}"
    assert client.get(address).status_code == 200
    given = {"surname": "Ким", "given_name": "Анна", "registered_on": "2005-01-10", "place": "enrolled"}
    response = client.post(address, {**given, "started_on": "2005-01-11"})
    assert response.headers["Location"] == members(group)
    assert [(str(row.trainee), row.started_on) for row in group.enrolments.all()] == [("Ким Анна", date(2005, 1, 11))]


def test_what_the_group_refuses_stores_nobody(client_of, facilitator, group):
    given = {"surname": "Ким", "given_name": "Анна", "registered_on": "2005-01-10", "place": "enrolled"}
    response = client_of(facilitator).post(
        f"/training/trainees/new/?group={group.pk}", {**given, "started_on": "2006-01-11"}
    )
    assert response.status_code == 422
    assert response.context["form"].non_field_errors() == ["The group ends on 24 June 2005."]
    assert Trainee.objects.count() == 0


def test_over_capacity_offers_the_waiting_list(client_of, facilitator, group, alpha):
    make_enrolment(group)
    people = [make_trainee(alpha), make_trainee(alpha)]
    client = client_of(facilitator)
    response = add(client, group, *people)
    assert response.status_code == 422
    assert response.context["form"].non_field_errors() == [
        "1 place is free, and 2 people are chosen. Choose fewer, or use the waiting list."
    ]
    assert group.enrolments.count() == 1
    assert add(client, group, *people, place="waiting").status_code == 302
    assert group.enrolments.filter(status="waiting").count() == 2


def test_a_person_twice_leads_to_the_entry_that_is_there(client_of, facilitator, group, alpha):
    there = make_enrolment(group)
    response = add(client_of(facilitator), group, there.trainee)
    assert response.status_code == 422
    assert response.context["form"].non_field_errors() == [f"{there.trainee} is already in this group: enrolled."]
    assert f'href="{there.get_absolute_url()}"' in response.content.decode()
    assert Enrolment.objects.count() == 1


def test_pages_of_a_person_and_an_enrolment(client_of, facilitator, group, expert):
    row = make_enrolment(group)
    make_lesson(group, present=[row])
    for user in (facilitator, expert):
        for address in (row.get_absolute_url(), row.trainee.get_absolute_url(), members(group)):
            assert client_of(user).get(address).status_code == 200


# --- Steps ----------------------------------------------------------------------------------------------------------


def change(client, row, **values):
    row.refresh_from_db()
    sent = {"version": row.version, "base": "{}", "status": row.status, "applied_on": row.applied_on.isoformat()}
    return client.post(row.get_absolute_url(), {**sent, **values})


def test_dropping_out_completing_and_back_again(client_of, facilitator, group):
    row, client = make_enrolment(group), client_of(facilitator)
    left = {"started_on": "2005-01-10", "ended_on": "2005-03-01"}
    response = change(client, row, status="dropped", **left)
    assert response.status_code == 422
    assert response.context["form"].errors == {"reason": ["Say why, “not known” at least."]}
    assert change(client, row, status="dropped", reason="unknown", **left).status_code == 302
    row.refresh_from_db()
    assert (row.status, row.ended_on, row.reason) == ("dropped", date(2005, 3, 1), "unknown")
    assert change(client, row, status="completed", reason="unknown", **left).status_code == 302
    row.refresh_from_db()
    assert (row.status, row.reason) == ("completed", "")
    assert change(client, row, status="enrolled", **left).status_code == 302  # it was a mistake
    row.refresh_from_db()
    assert (row.status, row.ended_on, row.version) == ("enrolled", None, 4)
    assert [event.status for event in row.events.order_by("pgh_id")] == ["enrolled", "dropped", "completed", "enrolled"]


THERE = "The journal says that she or he was there on 1 February 2005."


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        (
            {"applied_on": "2005-01-12", "started_on": "2005-01-11"},
            "started_on",
            "This lies before the day of applying.",
        ),
        ({"started_on": "2005-01-09"}, "started_on", "The group begins on 10 January 2005 only."),
        (
            {"applied_on": "2005-01-01", "started_on": "2005-01-09"},
            "started_on",
            "The group begins on 10 January 2005 only.",
        ),
        ({"ended_on": "2005-06-25"}, "ended_on", "The group ends on 24 June 2005."),
        ({"ended_on": "2005-01-09"}, "ended_on", "This lies before the first day."),
        ({"ended_on": ""}, "ended_on", "Say on which day she or he ended."),
        ({"started_on": ""}, "started_on", "Say on which day she or he began."),
        ({"ended_on": "2005-02-30"}, "ended_on", "Enter a valid date."),
        ({"ended_on": "2005-01-20"}, "ended_on", f"{THERE} The last day is that day at the earliest."),
        ({"started_on": "2005-03-01"}, "started_on", f"{THERE} The first day is that day at the latest."),
        ({"status": "waiting"}, "status", THERE),
    ],
)
def test_days_that_do_not_fit_are_refused_in_place(client_of, facilitator, group, values, field, sentence):
    row = make_enrolment(group)
    lesson = make_lesson(group, date(2005, 2, 1), present=[row])
    if THERE in sentence:
        sentence += f' <a href="{lesson.get_absolute_url()}">Open the lesson</a>'
    sent = {"status": "completed", "started_on": "2005-01-10", "ended_on": "2005-06-01", **values}
    response = change(client_of(facilitator), row, **sent)
    assert response.status_code == 422
    assert response.context["form"].errors == {field: [sentence]}
    row.refresh_from_db()
    assert (row.status, row.started_on, row.version) == ("enrolled", date(2005, 1, 10), 1)


def test_a_certificate_holds_the_status(client_of, facilitator, alpha):
    row = make_certificate(alpha).enrolment
    sent = {"started_on": row.started_on.isoformat(), "ended_on": row.ended_on.isoformat()}
    response = change(client_of(facilitator), row, status="dropped", reason="work", **sent)
    assert response.context["form"].errors == {
        "status": ["Certificate 00001 says that she or he completed on these days. Revoke it first."]
    }


def test_a_free_place_goes_to_the_next_on_the_list(client_of, facilitator, group):
    first, second = make_enrolment(group), make_enrolment(group)
    late, early = (
        make_enrolment(group, status="waiting", started_on=None, applied_on=date(2005, month, 1)) for month in (3, 2)
    )
    client = client_of(facilitator)
    assert client.get(members(group)).context["next"] is None
    client.post(f"{early.get_absolute_url()}begin/")
    early.refresh_from_db()
    assert early.status == "waiting"  # all places are taken
    change(client, first, status="dropped", started_on="2005-01-10", ended_on="2005-03-05", reason="moved")
    page = client.get(members(group))
    assert page.context["next"] == early
    client.post(f"{early.get_absolute_url()}begin/")
    early.refresh_from_db()
    assert (early.status, early.started_on) == ("enrolled", group.end)
    assert client.get(members(group)).context["next"] is None
    response = change(client, first, status="enrolled", started_on="2005-01-10")
    assert response.status_code == 422
    assert response.context["form"].non_field_errors() == [
        "All 2 places of this group are taken. Use the waiting list, or give the group more places."
    ]
    late.refresh_from_db()
    assert (second.status, late.status) == ("enrolled", "waiting")


def test_all_complete_at_the_end(client_of, facilitator, group):
    rows = [make_enrolment(group), make_enrolment(group)]
    gone = make_enrolment(group, status="dropped", ended_on=date(2005, 3, 1), reason="work")
    waiting = make_enrolment(group, status="waiting", started_on=None)
    make_lesson(group, date(2005, 6, 1), present=rows)
    client = client_of(facilitator)
    address = f"{members(group)}complete/"
    page = client.get(address)
    assert page.context["form"]["ended_on"].value() == group.end
    assert [(row, ticked) for row, ticked in page.context["form"].people] == [(row, True) for row in rows]
    ticked = [row.pk for row in rows]
    response = client.post(address, {"ended_on": "2005-05-01", "pick": ticked})
    assert response.status_code == 422  # each was there after that day: nobody completes
    told = response.context["form"].non_field_errors()
    assert [sentence.split(" <a")[0] for sentence in told] == [
        f"{row.trainee}: The journal says that she or he was there on 1 June 2005. "
        "The last day is that day at the earliest."
        for row in rows
    ]
    assert {row.status for row in group.enrolments.all()} == {"enrolled", "dropped", "waiting"}
    assert client.post(address, {"ended_on": "2005-06-24", "pick": ticked}).status_code == 302
    found = {row.pk: (row.status, row.ended_on) for row in group.enrolments.all()}
    assert found == {
        **{row.pk: ("completed", date(2005, 6, 24)) for row in rows},
        gone.pk: ("dropped", date(2005, 3, 1)),
        waiting.pk: ("waiting", None),
    }


def test_who_was_never_there_is_not_ticked_and_the_group_can_end_that_day(client_of, facilitator, alpha):
    group = make_group(alpha, end=None)
    make_timetable(group, (1, time(10), time(12)))
    came, absent, never = (make_enrolment(group) for _ in range(3))
    waiting = make_enrolment(group, status="waiting", started_on=None)
    make_lesson(group, date(2005, 3, 7), present=[came, absent], absent=[never])
    make_lesson(group, date(2005, 3, 14), present=[came], absent=[absent, never])
    client, address = client_of(facilitator), f"{members(group)}complete/"
    form = client.get(address).context["form"]
    assert form["ended_on"].value() == date(2005, 3, 14)  # the last lesson
    shown = {row.pk: (row.present, row.marked, ticked) for row, ticked in form.people}
    assert shown == {came.pk: (2, 2, True), absent.pk: (1, 2, True), never.pk: (0, 2, False)}
    sent = {"ended_on": "2005-03-14", "end_group": "on", "pick": [came.pk, absent.pk]}
    assert client.post(address, sent).status_code == 302
    group.refresh_from_db()
    assert (group.end, group.version) == (date(2005, 3, 14), 3)
    statuses = dict(group.enrolments.values_list("pk", "status"))
    assert statuses == {
        came.pk: "completed",
        absent.pk: "completed",
        never.pk: "enrolled",
        waiting.pk: "waiting",
    }
    assert {booking.until_date for booking in group.slots.get().bookings.all()} == {group.end}
    assert client.post(address, {"ended_on": "2005-03-14"}).status_code == 422  # nobody is ticked


def test_a_group_does_not_end_before_its_last_lesson_and_then_nobody_completes(client_of, facilitator, alpha):
    group = make_group(alpha, end=None)
    row = make_enrolment(group)
    make_lesson(group, date(2005, 3, 7), present=[row])
    make_lesson(group, date(2005, 3, 14), absent=[row])
    sent = {"ended_on": "2005-03-07", "end_group": "on", "pick": row.pk}
    response = client_of(facilitator).post(f"{members(group)}complete/", sent)
    assert response.context["form"].non_field_errors() == ["The journal has a lesson on 14 March 2005, after this day."]
    row.refresh_from_db()
    assert (row.status, row.marks.count()) == ("enrolled", 2)


def test_the_first_day_of_several_people_at_once(client_of, facilitator, group):
    """Entered today, though they have come since the beginning: applied on follows."""
    late = date(2005, 3, 1)
    rows = [make_enrolment(group, applied_on=late, started_on=late) for _ in range(2)]
    make_lesson(group, date(2005, 3, 7), present=rows[:1])
    client, address = client_of(facilitator), f"{members(group)}first-day/"
    assert client.get(address).context["form"]["started_on"].value() == group.start
    refused = client.post(address, {"started_on": "2005-03-08", "pick": [row.pk for row in rows]})
    assert [sentence.split(" <a")[0] for sentence in refused.context["form"].non_field_errors()] == [
        f"{rows[0].trainee}: The journal says that she or he was there on 7 March 2005. "
        "The first day is that day at the latest."
    ]
    sent = {"started_on": "2005-01-10", "pick": [row.pk for row in rows]}
    assert client.post(address, sent).status_code == 302
    assert set(group.enrolments.values_list("applied_on", "started_on", "version")) == {(group.start, group.start, 2)}


def test_the_day_of_applying_follows_the_first_day_unless_it_is_typed(client_of, facilitator, group):
    row = make_enrolment(group, applied_on=date(2005, 3, 1), started_on=date(2005, 3, 1))
    assert change(client_of(facilitator), row, started_on="2005-02-01").status_code == 302
    row.refresh_from_db()
    assert (row.applied_on, row.started_on) == (date(2005, 2, 1), date(2005, 2, 1))


def test_since_when_somebody_is_in_the_group_is_suggested_from_the_journal(client_of, facilitator, alpha):
    today = timezone.localdate()
    group, client = make_group(alpha, end=None), client_of(facilitator)
    new = f"/training/trainees/new/?group={group.pk}"

    def suggested():
        return {client.get(address).context["form"]["started_on"].value() for address in (members(group), new)}

    assert suggested() == {group.start}
    hint = "The group began on 10 January 2005. Who has come since then began on that day."
    assert [hint in client.get(address).content.decode() for address in (members(group), new)] == [True, True]
    make_lesson(group)
    assert suggested() == {today}


def test_why_somebody_is_on_the_waiting_list_is_said(client_of, facilitator, group):
    make_enrolment(group), make_enrolment(group)
    given = {"surname": "Ким", "given_name": "Анна", "registered_on": "2005-01-10", "place": "waiting"}
    response = client_of(facilitator).post(f"/training/trainees/new/?group={group.pk}", given, follow=True)
    assert [str(message) for message in response.context["messages"]] == [
        "Ким Анна is registered.",
        "Ким Анна is on the waiting list, because all places of the group are taken.",
    ]


def test_marks_outside_of_her_days_go_and_every_count_agrees(client_of, facilitator, group):
    """Away on three days, and entered as dropped out since the first: attendance is 1 of 1 everywhere."""
    row, never = make_enrolment(group), make_enrolment(group)
    lessons = [make_lesson(group, date(2005, 2, 1), present=[row], absent=[never])]
    lessons += [make_lesson(group, date(2005, 2, day), absent=[row]) for day in (3, 8, 10)]
    client = client_of(facilitator)
    left = {"status": "dropped", "reason": "unknown", "started_on": "2005-01-10", "ended_on": "2005-02-01"}
    assert change(client, row, **left).status_code == 302
    assert change(client, never, status="not_come").status_code == 302
    counts, totals = counts_of_group(group), totals_of(group)
    [line] = lines_of(group, lessons)
    [counted] = Enrolment.objects.with_attendance().filter(pk=row.pk)
    centre = counts_by([group.centre_id], date(2005, 1, 1), date(2005, 12, 31))[group.centre_id]
    assert (counts.visits, counts.marked) == (centre.visits, centre.marked) == (1, 1)
    assert (totals.there, totals.marked) == (line.there, line.marked) == (counted.present, counted.marked) == (1, 1)
    assert row.marks.model.objects.count() == 1


def test_completing_takes_the_same_queries_for_three_and_thirty(client_of, facilitator, alpha):
    counts = []
    for people in (3, 30):
        group = make_group(alpha)
        rows = [make_enrolment(group) for _ in range(people)]
        make_lesson(group, present=rows)
        sent = {"ended_on": "2005-06-24", "pick": [row.pk for row in rows]}
        with CaptureQueriesContext(connection) as queries:
            assert client_of(facilitator).post(f"{members(group)}complete/", sent).status_code == 302
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_an_entry_deleted_twice_is_gone_once(client_of, facilitator, group):
    row = make_enrolment(group)
    other = Enrolment.objects.get(pk=row.pk)
    row.remove(by=facilitator)
    other.remove(by=facilitator)
    assert not group.enrolments.exists()
    with pytest.raises(EditConflict):
        other.change(by=facilitator, version=1, status="waiting", started_on=None)


def test_an_entry_made_by_mistake_goes_while_nothing_hangs_on_it(client_of, facilitator, group):
    kept, wrong = make_enrolment(group), make_enrolment(group)
    make_lesson(group, present=[kept])
    client = client_of(facilitator)
    for row in (kept, wrong):
        client.post(f"{row.get_absolute_url()}delete/")
    assert list(group.enrolments.all()) == [kept]
    assert "attendance: 1" in client.get(kept.get_absolute_url()).content.decode()


# --- What is shown --------------------------------------------------------------------------------------------------


def test_people_enrolments_and_visits_are_counted_apart(client_of, facilitator, group):
    rows = [make_enrolment(group), make_enrolment(group)]
    make_enrolment(group, status="waiting", started_on=None)
    make_lesson(group, present=rows)
    make_lesson(group, date(2005, 1, 12), present=rows[:1], absent=rows[1:])
    page = client_of(facilitator).get(members(group))
    counts = page.context["counts"]
    assert (counts.people, counts.enrolments, counts.visits, counts.marked) == (2, 2, 3, 4)
    shown = {row.pk: (row.present, row.marked) for row in page.context["rows"]}
    assert [shown[row.pk] for row in rows] == [(2, 2), (1, 2)]


def test_htmx_gets_only_what_the_search_found_with_the_ticks_kept(client_of, facilitator, group, alpha):
    ticked, found = make_trainee(alpha, surname="Ticked"), make_trainee(alpha, surname="Кенжеғали")
    there = make_enrolment(group, make_trainee(alpha, surname="Кенжебек")).trainee
    headers = {"HX-Request": "true", "HX-Target": "found"}
    response = client_of(facilitator).get(members(group), {"q": "kenje", "pick": ticked.pk}, headers=headers)
    text = response.content.decode()
    assert "<html" not in text
    assert response.context["picked"] == [ticked]
    assert {row: bool(entry) for row, entry in response.context["found"]} == {there: True, found: False}
    assert "already in this group" in text


@pytest.mark.parametrize("pick", ["nonsense", "", "00000000-0000-0000-0000-000000000000"])
def test_nobody_unknown_can_be_added(client_of, facilitator, group, beta, pick):
    client = client_of(facilitator)
    assert client.post(members(group), {"pick": pick, "place": "enrolled"}).status_code == 422
    stranger = make_trainee(beta, surname="Strangerova")
    response = add(client, group, stranger)
    assert response.status_code == 422
    assert "Strangerova" not in response.content.decode()
    assert Enrolment.objects.count() == 0


def test_one_and_twenty_members_take_the_same_queries(client_of, facilitator, alpha):
    group, client, counts = make_group(alpha), client_of(facilitator), []
    for rows in (1, 19):
        for _ in range(rows):
            make_lesson(
                group, date(2005, 2, 1) + timedelta(days=group.lessons.count()), present=[make_enrolment(group)]
            )
        with CaptureQueriesContext(connection) as queries:
            page = client.get(members(group))
        counts.append(len(queries))
    assert len(page.context["rows"]) == 20
    assert counts[0] == counts[1]


# --- Two people at once ---------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_people_together_never_overfill_a_group():
    """Twelve come at the same moment for five places: five get one, seven hear that it is full."""
    centre = make_centre()
    group, by = make_group(centre, capacity=5), make_facilitator(centre)
    people = [make_trainee(centre) for _ in range(12)]
    full, barrier = [], threading.Barrier(len(people))

    def come(person):
        try:
            barrier.wait()
            Enrolment.objects.enrol(group=group, trainees=[person], by=by)
        except Full:
            full.append(person)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=come, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (group.enrolments.filter(status="enrolled").count(), len(full)) == (5, 7)
    row = group.enrolments.first()
    row.change(by=by, version=1, status="waiting", started_on=None)
    assert places_left(group) == 1
