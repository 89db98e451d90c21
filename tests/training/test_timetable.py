"""What a timetable plans, day by day; what it books; what is refused, and what becomes of it in the journal."""

import threading
from datetime import date, time

import pytest
from django.db import IntegrityError, connections, transaction

from centres.models import Centre
from centres.versions import EditConflict
from training.models import Booking, Group, GroupTrainer, Lesson, Pause, Slot, TimetableRefused
from training.timetable import held_and_planned, monday_of, planned, week_of

from ..factories import (
    make_centre,
    make_expert,
    make_group,
    make_lesson,
    make_network,
    make_room,
    make_timetable,
    make_trainer,
    make_user,
)

pytestmark = pytest.mark.django_db

MON, TUE, WED, SUN = 1, 2, 3, 7
TEN, TWELVE = time(10), time(11, 30)


def slot(weekday=MON, starts=TEN, ends=TWELVE, **kwargs):
    return Slot(weekday=weekday, starts=starts, ends=ends, **kwargs)


def days(centre, first=date(2005, 1, 1), last=date(2005, 12, 31)):
    return [f"{each.date:%d.%m}" for each in planned([centre], first, last)]


def refusals(group, slots, pauses=()):
    group.refresh_from_db()
    with pytest.raises(TimetableRefused) as refused:
        group.reschedule(by=make_user(), version=group.version, slots=slots, pauses=list(pauses))
    return [problem.sentence for problem in refused.value.problems]


# --- Days -----------------------------------------------------------------------------------------------------------


def test_a_weekly_lesson_is_planned_from_the_first_to_the_last_day_without_pauses(alpha):
    group = make_group(alpha, start=date(2005, 3, 1), end=date(2005, 4, 11))  # Tuesday to Monday
    make_timetable(group, (MON, TEN, TWELVE), pauses=[(date(2005, 3, 14), date(2005, 3, 27))])
    assert days(alpha) == ["07.03", "28.03", "04.04", "11.04"]
    assert list(Booking.objects.order_by("from_date").values_list("from_date", "until_date")) == [
        (date(2005, 3, 7), date(2005, 3, 7)),
        (date(2005, 3, 28), date(2005, 4, 11)),
    ]


def test_a_group_without_an_end_goes_on(alpha):
    group = make_group(alpha, start=date(2005, 3, 1), end=None)
    make_timetable(group, (SUN, TEN, TWELVE), pauses=[(date(2005, 3, 1), date(2005, 3, 6))])
    assert days(alpha, last=date(2005, 3, 27)) == ["13.03", "20.03", "27.03"]
    assert Booking.objects.get().until_date is None


def test_a_pause_over_the_only_lessons_leaves_nothing(alpha):
    group = make_group(alpha, start=date(2005, 3, 1), end=date(2005, 3, 8))
    make_timetable(group, (MON, TEN, TWELVE), pauses=[(date(2005, 3, 5), date(2005, 3, 8))])
    assert (days(alpha), Booking.objects.count()) == ([], 0)


def test_planned_lessons_come_in_the_order_of_day_and_time_of_the_asked_centres_only(alpha, beta):
    early, late, other = make_group(alpha), make_group(alpha), make_group(beta)
    make_timetable(late, (MON, time(15), time(16)), (TUE, TEN, TWELVE))
    make_timetable(early, (MON, TEN, TWELVE))
    make_timetable(other, (MON, TEN, TWELVE))
    week = (date(2005, 2, 7), date(2005, 2, 13))
    found = [(each.group, each.date.day, each.starts) for each in planned([alpha.pk], *week)]
    assert found == [(early, 7, TEN), (late, 7, time(15)), (late, 8, TEN)]
    assert [each.date.day for each in planned([alpha], *week, group=late)] == [7, 8]
    assert len(planned(Centre.objects.all(), *week)) == 4


def test_planned_takes_two_queries_however_much_there_is(alpha, django_assert_num_queries):
    trainer = make_trainer(alpha)
    for hour in range(8, 18):
        group = make_group(alpha)
        make_timetable(group, (MON, time(hour), time(hour, 45), make_room(alpha), trainer), (TUE, TEN, TWELVE))
        make_lesson(group, date(2005, 2, 7), starts=time(hour), ends=time(hour, 45), trainer=trainer)
        with django_assert_num_queries(2):
            found = planned([alpha], date(2005, 1, 1), date(2005, 6, 30))
            [str(each.group.programme) + str(each.room) + str(each.trainer) + str(each.lesson) for each in found]


# --- The journal ----------------------------------------------------------------------------------------------------


def test_a_planned_lesson_finds_its_entry_in_the_journal(alpha):
    group = make_group(alpha)
    make_timetable(group, (MON, TEN, TWELVE), (MON, time(14), time(15)), (TUE, TEN, TWELVE))
    afternoon = make_lesson(group, date(2005, 2, 7), starts=time(14), ends=time(15))
    moved = make_lesson(group, date(2005, 2, 7), starts=time(9), ends=time(9, 45))
    untimed = make_lesson(group, date(2005, 2, 8), state="cancelled")
    extra = make_lesson(group, date(2005, 2, 9))
    week = (date(2005, 2, 7), date(2005, 2, 13))
    assert [each.lesson for each in planned([alpha], *week)] == [moved, afternoon, untimed]
    shown = [(each.lesson, each.starts, each.state) for each in held_and_planned([alpha], *week)]
    assert shown == [
        (moved, time(9), "held"),
        (afternoon, time(14), "held"),
        (untimed, TEN, "cancelled"),
        (extra, None, "held"),
    ]


def test_what_has_no_entry_is_missing_once_its_day_has_passed(alpha):
    make_timetable(make_group(alpha, end=None), (MON, TEN, TWELVE))
    past, future = (
        planned([alpha], date(2005, 2, 7), date(2005, 2, 7)),
        planned([alpha], date(2099, 1, 1), date(2099, 1, 8)),
    )
    assert [each.state for each in (*past, *future)] == ["missing", "planned"]


def test_a_week_has_seven_days_and_a_row_for_each_hour_in_use(alpha):
    group = make_group(alpha)
    make_timetable(group, (MON, TEN, TWELVE), (WED, time(10, 30), TWELVE), (SUN, time(15), time(16)))
    untimed = make_lesson(group, date(2005, 3, 12))
    week = week_of(alpha, monday_of("2005-W10"))
    assert (week.code, week.previous, week.next) == ("2005-W10", "2005-W09", "2005-W11")
    assert [day.date.day for day in week.days] == [7, 8, 9, 10, 11, 12, 13]
    assert [(hour, [len(cell) for cell in cells]) for hour, cells in week.hours] == [
        (None, [0, 0, 0, 0, 0, 1, 0]),
        (10, [1, 0, 1, 0, 0, 0, 0]),
        (15, [0, 0, 0, 0, 0, 0, 1]),
    ]
    assert week.days[5].lessons[0].lesson == untimed


@pytest.mark.parametrize("code", ["", None, "2005-W54", "x", "99999-W01", "0001-W01", "2005-W10-W3", "-W", "²-W1"])
def test_an_impossible_week_is_this_week(code):
    assert monday_of(code) == monday_of(None)


# --- Rescheduling ---------------------------------------------------------------------------------------------------


def test_what_is_unchanged_keeps_its_identity_and_lessons_can_change_places(alpha):
    group, person = make_group(alpha), make_user()
    make_timetable(group, (MON, TEN, TWELVE), (TUE, TEN, TWELVE), pauses=[(date(2005, 3, 1), date(2005, 3, 8))])
    monday, tuesday = Slot.objects.order_by("weekday")
    pause = Pause.objects.get()
    wanted = [slot(TUE, pk=monday.pk), slot(MON, pk=tuesday.pk), slot(WED)]
    same = Pause(from_date=pause.from_date, until_date=pause.until_date)
    assert group.reschedule(by=person, version=2, slots=wanted, pauses=[same]) is True
    assert list(Slot.objects.order_by("weekday").values_list("pk", "weekday")) == [
        (tuesday.pk, MON),
        (monday.pk, TUE),
        (wanted[2].pk, WED),
    ]
    assert Pause.objects.get().pk == pause.pk
    assert (group.version, Group.objects.get().version) == (3, 3)
    events = Slot.pgh_event_model.objects.filter(weekday=WED)
    assert [(event.pgh_label, event.pgh_context.metadata["user"]) for event in events] == [("insert", person.pk)]


def test_the_same_timetable_once_more_changes_nothing_whatever_the_version(alpha):
    group = make_timetable(make_group(alpha), (MON, TEN, TWELVE))
    assert group.reschedule(by=make_user(), version=1, slots=[slot()], pauses=[]) is False
    assert Group.objects.get().version == 2


def test_a_later_save_is_never_overwritten(alpha):
    group = make_timetable(make_group(alpha), (MON, TEN, TWELVE))
    with pytest.raises(EditConflict):
        group.reschedule(by=make_user(), version=1, slots=[slot(TUE)], pauses=[])
    assert Slot.objects.get().weekday == MON


def test_who_teaches_a_weekly_lesson_becomes_a_trainer_of_the_group(alpha):
    trainer = make_trainer(alpha)
    group = make_timetable(make_group(alpha), (MON, TEN, TWELVE, None, trainer), (TUE, TEN, TWELVE, None, trainer))
    assert [row.trainer for row in GroupTrainer.objects.filter(group=group)] == [trainer]


def test_rows_that_do_not_go_together_are_refused_and_nothing_is_written(alpha):
    group = make_timetable(make_group(alpha), (MON, TEN, TWELVE))
    assert refusals(group, [slot(TUE), slot(TUE, time(11), time(12)), slot(WED, TWELVE, TEN)]) == [
        "This overlaps with the lesson Tuesday 10:00–11:30 of the same group.",
        "The lesson ends before it begins.",
    ]
    pauses = [
        Pause(from_date=date(2005, 3, 8), until_date=date(2005, 3, 1)),
        Pause(from_date=date(2005, 1, 1), until_date=date(2005, 1, 20)),
        Pause(from_date=date(2005, 1, 18), until_date=date(2005, 1, 25)),
    ]
    assert refusals(group, [slot(TUE)], pauses) == [
        "The last day lies before the first.",
        "The pause 1 January 2005 – 20 January 2005 lies outside of the group's run, 10 January 2005 – 24 June 2005.",
        "This overlaps with the pause 1 January 2005 – 20 January 2005 of the same group.",
    ]
    assert (Slot.objects.get().weekday, Pause.objects.count()) == (MON, 0)


def test_a_taken_room_is_named_with_its_time_and_group(alpha):
    room, trainer = make_room(alpha, name="Room 2"), make_trainer(alpha, name="Aigul")
    first = make_group(alpha, name="Sewing 1", start=date(2005, 2, 25))
    make_timetable(first, (MON, TEN, TWELVE, room, trainer))
    second = make_group(alpha, start=date(2005, 1, 10), end=date(2005, 3, 7))
    wanted = slot(MON, time(11), time(13), room=room, trainer=trainer)
    assert refusals(second, [slot(TUE, room=room), wanted]) == [
        "Room 2 is taken on Monday 10:00–11:30 from 28 February 2005 by the group Sewing 1.",
        "Aigul teaches the group Sewing 1 on Monday 10:00–11:30 from 28 February 2005.",
    ]
    assert Slot.objects.filter(group=second).count() == 0


def test_a_room_is_free_before_after_and_in_the_others_pause(alpha):
    room = make_room(alpha)
    taken = make_group(alpha, start=date(2005, 2, 1), end=date(2005, 5, 31))
    make_timetable(taken, (MON, TEN, TWELVE, room), pauses=[(date(2005, 3, 1), date(2005, 3, 31))])
    for start, end in [
        ((2005, 1, 10), (2005, 2, 6)),  # both run in the same week, but they have no Monday in common
        ((2005, 3, 1), (2005, 4, 3)),
        ((2005, 5, 31), (2005, 7, 1)),
    ]:
        make_timetable(make_group(alpha, start=date(*start), end=date(*end)), (MON, TEN, TWELVE, room))
    make_timetable(make_group(alpha), (MON, TWELVE, time(13), room))
    assert Booking.objects.filter(room=room).count() == 6


def test_the_database_keeps_two_groups_out_of_one_room_by_itself(alpha):
    room = make_room(alpha)
    make_timetable(make_group(alpha), (MON, TEN, TWELVE, room))
    other = make_timetable(make_group(alpha), (TUE, TEN, TWELVE, room))
    with pytest.raises(IntegrityError, match="booking_room_one_at_a_time"), transaction.atomic():
        Booking.objects.filter(slot__group=other).update(weekday=MON)


def test_new_dates_book_anew(alpha):
    group = make_timetable(make_group(alpha), (MON, TEN, TWELVE))
    group.start, group.end = date(2005, 9, 1), date(2005, 9, 14)
    group.write(version=group.version)
    group.book()
    assert days(alpha) == ["05.09", "12.09"]
    assert Slot.objects.count() == 1


# --- Two at once ----------------------------------------------------------------------------------------------------


def at_once(*works):
    """Run the works in threads that begin together; what each gave or raised, in their order."""
    gate, outcomes = threading.Barrier(len(works)), [None] * len(works)

    def run(place, work):
        try:
            gate.wait()
            outcomes[place] = work()
        except Exception as error:  # the main thread looks at it
            outcomes[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@pytest.mark.django_db(transaction=True)
def test_of_many_who_want_one_room_at_once_one_gets_it_and_the_others_read_why():
    centre = make_centre(make_network())
    person, room = make_expert(centre.network), make_room(centre, name="Room 2")
    groups = [make_group(centre, name=f"Group {n}") for n in range(8)]

    def take(group):
        return lambda: group.reschedule(
            by=person, version=1, slots=[slot(day, room=room) for day in (MON, TUE, WED)], pauses=[]
        )

    outcomes = at_once(*map(take, groups))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["TimetableRefused"] * 7 + ["bool"]
    winner = groups[outcomes.index(True)]
    assert {str(refused).count(f"by the group {winner}.") for refused in outcomes if refused is not True} == {3}
    assert list(Slot.objects.values_list("group", flat=True)) == [winner.pk] * 3
    assert Booking.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_of_two_who_write_one_timetable_at_once_the_second_is_told():
    centre = make_centre(make_network())
    person, group = make_expert(centre.network), make_group(centre)

    def write(day):
        mine = Group.objects.get(pk=group.pk)
        return lambda: mine.reschedule(by=person, version=1, slots=[slot(day)], pauses=[])

    outcomes = at_once(*(write(day) for day in range(1, 8)))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["EditConflict"] * 6 + ["bool"]
    assert [row.weekday - 1 for row in Slot.objects.all()] == [outcomes.index(True)]


def test_a_lesson_that_is_held_twice_at_one_time_is_shown_twice(alpha):
    """Two groups, one hour, no room given: nothing clashes, and both are there."""
    for _ in range(2):
        make_timetable(make_group(alpha), (MON, TEN, TWELVE))
    assert days(alpha, last=date(2005, 1, 10)) == ["10.01", "10.01"]
    assert Lesson.objects.count() == 0
