"""Journals: the sheet, a lesson with everybody's mark on one screen, corrections, refusals, two people at once."""

import threading
from datetime import date, time, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from centres.versions import EditConflict
from training.changes import lesson_history
from training.journal import lines_of, totals_of
from training.models import Attendance, Enrolment, Lesson, Pause, Slot

from ..factories import (
    make_completed,
    make_enrolment,
    make_expert,
    make_facilitator,
    make_group,
    make_lesson,
    make_room,
    make_timetable,
    make_trainee,
    make_trainer,
)

pytestmark = pytest.mark.django_db
DAY = date(2005, 2, 1)


@pytest.fixture
def group(alpha):
    return make_group(alpha, name="Sewing")


@pytest.fixture
def three(group):
    return [
        make_enrolment(group, make_trainee(group.centre, surname=name, given_name="A"))
        for name in ("Abai", "Bota", "Dana")
    ]


@pytest.fixture
def facilitator(alpha):
    return make_facilitator(alpha, username="aigul", name="Aigul")


def page(name, group, *args):
    return reverse(f"training:{name}", args=[group.pk, *args])


def marks_of(lesson):
    return dict(lesson.marks.values_list("enrolment", "mark"))


def filled(group, marks=(), **values):
    """What a browser sends for a lesson."""
    data = {"date": f"{DAY}", "topic": "Seams", "state": "held", **values}
    return data | {f"mark-{enrolment.pk}": mark for enrolment, mark in dict(marks).items()}


def again(lesson, marks=(), **values):
    """The same for a lesson that stands, from the version that stands."""
    own = {name: getattr(lesson, name) or "" for name in ("date", "topic", "state", "note")}
    return filled(lesson.group, marks, **{**own, "version": lesson.version, **values})


def errors(response, name=None):
    assert response.status_code == 422
    return [str(error) for error in response.context["form"].errors.get(name or "__all__", [])]


# --- One lesson -----------------------------------------------------------------------------------------------------


def test_a_lesson_with_everybody_s_mark(client_of, facilitator, group, three):
    one, two, other = three
    data = filled(
        group,
        {one: "present", two: "absent", other: ""},
        starts="10:00",
        ends="11:30",
        hours="1,5",
        trainer=make_trainer(group.centre).pk,
    )
    response = client_of(facilitator).post(page("lesson_new", group), data, follow=True)
    assert response.redirect_chain == [(page("journal", group), 302)]
    assert [str(message) for message in response.context["messages"]] == [
        "The lesson is in the journal.",
        "1 person has no mark yet.",
    ]
    lesson = Lesson.objects.get()
    assert (lesson.date, lesson.starts, lesson.hours, lesson.topic) == (DAY, time(10), lesson.hours, "Seams")
    assert str(lesson.hours) == "1.5"
    assert (lesson.centre, lesson.keeping, lesson.version) == (group.centre, "names", 1)
    assert marks_of(lesson) == {one.pk: "present", two.pk: "absent"}, "a mark not given is no mark"


@pytest.mark.parametrize("typed", ["1,5", "1.5", " 1,5 "])
def test_a_comma_and_a_point_are_one_thing(client_of, facilitator, group, typed, three):
    client_of(facilitator).post(page("lesson_new", group), filled(group, hours=typed))
    assert str(Lesson.objects.get().hours) == "1.5"


@pytest.mark.parametrize("typed", ["1,55", "-1", "0", "two", "25", "1,5,5"])
def test_hours_that_are_none(client_of, facilitator, group, typed):
    response = client_of(facilitator).post(page("lesson_new", group), filled(group, hours=typed))
    assert len(errors(response, "hours")) == 1
    assert typed.encode() in response.content, "what was typed stays"
    assert not Lesson.objects.exists()


def test_only_who_was_in_the_group_on_that_day_is_expected(client_of, facilitator, group, three):
    make_enrolment(group, make_trainee(group.centre, surname="Late"), started_on=DAY + timedelta(1), applied_on=DAY)
    last_day = make_completed(group, make_trainee(group.centre, surname="Last day"), ended_on=DAY)
    make_completed(group, make_trainee(group.centre, surname="Gone"), ended_on=DAY - timedelta(1))
    make_enrolment(group, make_trainee(group.centre, surname="Waits"), status="waiting", started_on=None)
    response = client_of(facilitator).get(page("lesson_new", group), {"date": f"{DAY}"})
    assert [person.enrolment for person in response.context["form"].people] == [*three, last_day]


def test_nobody_is_marked_on_a_day_outside_her_time(client_of, facilitator, group, three):
    gone = make_completed(group, make_trainee(group.centre, surname="Gone"), ended_on=DAY - timedelta(1))
    data = filled(group, {three[0]: "present", gone: "present"})
    response = client_of(facilitator).post(page("lesson_new", group), data)
    assert errors(response, f"mark-{gone.pk}") == [
        "Gone Aigul is in the group from 10 January 2005 to 31 January 2005. Take the mark back, or change the day."
    ]
    assert not Lesson.objects.exists()
    marks = {person.enrolment: person.mark for person in response.context["form"].people}
    assert marks == {three[0]: "present", three[1]: "", three[2]: "", gone: "present"}, "nothing typed is lost"


def test_a_mark_of_somebody_who_left_is_shown_with_her_dates_and_may_stay(client_of, facilitator, group, three):
    lesson = make_lesson(group, DAY, present=three)
    Enrolment.objects.filter(pk=three[0].pk).update(status="completed", ended_on=DAY - timedelta(1))
    client = client_of(facilitator)
    response = client.get(lesson.get_absolute_url())
    assert "in the group 10 January 2005 – 31 January 2005" in response.content.decode()
    marks = dict.fromkeys(three, "present")
    assert client.post(lesson.get_absolute_url(), again(lesson, marks, topic="Pockets")).status_code == 302
    assert marks_of(lesson) == {enrolment.pk: "present" for enrolment in three}
    lesson.refresh_from_db()
    response = client.post(lesson.get_absolute_url(), again(lesson, marks | {three[0]: "absent"}))
    assert len(errors(response, f"mark-{three[0].pk}")) == 1


def test_the_button_without_javascript_marks_who_has_no_mark(client_of, facilitator, group, three):
    data = filled(group, {three[0]: "", three[1]: "absent", three[2]: ""}, everybody="1")
    client_of(facilitator).post(page("lesson_new", group), data)
    expected = {three[0].pk: "present", three[1].pk: "absent", three[2].pk: "present"}
    assert marks_of(Lesson.objects.get()) == expected


def test_the_page_is_filled_from_the_timetable(client_of, facilitator, group):
    room, trainer = make_room(group.centre), make_trainer(group.centre)
    times = {"starts": time(14), "ends": time(15, 30)}
    Slot.objects.create(centre=group.centre, group=group, weekday=2, room=room, trainer=trainer, **times)
    Slot.objects.create(centre=group.centre, group=group, weekday=2, starts=time(9), ends=time(10))
    form = client_of(facilitator).get(page("lesson_new", group), {"date": f"{DAY}", "starts": "14:00"}).context["form"]
    values = {name: form[name].value() for name in ("date", "starts", "ends", "hours", "room", "trainer")}
    expected = {"date": DAY, "starts": "14:00", "ends": "15:30", "hours": "2", "room": room.pk, "trainer": trainer.pk}
    assert values == expected


@pytest.mark.parametrize("wanted", [{"date": "yesterday"}, {"date": "2005-02-30"}, {"starts": "25:00"}, {}])
def test_an_address_with_nonsense_opens_the_page(client_of, facilitator, group, wanted):
    response = client_of(facilitator).get(page("lesson_new", group), wanted)
    assert response.context["form"]["date"].value() == group.end


# --- Refusals -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("day", ["2005-01-09", "2005-06-25", "2004-02-01"])
def test_a_day_outside_the_group_s_run(client_of, facilitator, group, day):
    response = client_of(facilitator).post(page("lesson_new", group), filled(group, date=day, topic="Long topic"))
    sentence = "The group runs from 10 January 2005 to 24 June 2005. Choose a day in between."
    assert errors(response, "date") == [sentence]
    assert "Long topic" in response.content.decode()


def test_a_journal_is_not_kept_in_advance(client_of, facilitator, group):
    group.__class__.objects.filter(pk=group.pk).update(end=None)
    tomorrow = timezone.localdate() + timedelta(1)
    response = client_of(facilitator).post(page("lesson_new", group), filled(group, date=f"{tomorrow}"))
    assert errors(response, "date") == ["A journal is not kept in advance: this day lies in the future."]


def test_a_lesson_in_a_pause_is_confirmed(client_of, facilitator, group, three):
    Pause.objects.create(centre=group.centre, group=group, from_date=DAY, until_date=DAY + timedelta(7))
    client, data = client_of(facilitator), filled(group)
    response = client.post(page("lesson_new", group), data)
    sentence = "The group pauses from 1 February 2005 to 8 February 2005. Change the day, or confirm the lesson here."
    assert errors(response, "in_pause") == [sentence]
    assert 'name="in_pause"' in response.content.decode()
    assert client.post(page("lesson_new", group), data | {"in_pause": "on"}).status_code == 302


def test_the_same_day_and_time_twice(client_of, facilitator, group, three):
    make_lesson(group, DAY)
    response = client_of(facilitator).post(page("lesson_new", group), filled(group))
    assert errors(response) == ["The journal already has a lesson of that day and time."]
    make_lesson(group, DAY, starts=time(10), ends=time(12))
    response = client_of(facilitator).post(page("lesson_new", group), filled(group, starts="11:00", ends="13:00"))
    assert errors(response, "starts") == ["The group already has a lesson from 10:00 to 12:00."]


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        ("room", "The room is taken from 10:00 to 12:00 by the group Computers."),
        ("trainer", "The trainer teaches the group Computers from 10:00 to 12:00."),
    ],
)
def test_a_clash_names_the_other_group(client_of, facilitator, group, what, sentence, three):
    thing = {"room": make_room, "trainer": make_trainer}[what](group.centre)
    make_lesson(make_group(group.centre, name="Computers"), DAY, starts=time(10), ends=time(12), **{what: thing})
    data = filled(group, starts="11:00", ends="13:00", **{what: thing.pk})
    response = client_of(facilitator).post(page("lesson_new", group), data)
    assert errors(response, what) == [sentence]
    assert client_of(facilitator).post(page("lesson_new", group), data | {"starts": "12:00"}).status_code == 302


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"starts": "10:00"}, "ends"),
        ({"ends": "10:00"}, "starts"),
        ({"starts": "10:00", "ends": "09:00"}, "ends"),
        ({"starts": "ten", "ends": "11:00"}, "starts"),
        ({"date": ""}, "date"),
        ({"date": "1805-02-01"}, "date"),
        ({"state": "cancelled"}, "note"),
        ({"state": "postponed"}, "state"),
        ({"topic": "x" * 301}, "topic"),
        ({"trainer": "x"}, "trainer"),
        ({"room": str(uuid4())}, "room"),
    ],
)
def test_bad_input_is_said_once_and_in_place(client_of, facilitator, group, three, values, field):
    response = client_of(facilitator).post(page("lesson_new", group), filled(group, {three[0]: "absent"}, **values))
    assert len(errors(response, field)) == 1
    assert not Lesson.objects.exists()
    if values.get("date", "2005") > "1900":
        assert response.context["form"].people[0].mark == "absent"


def test_another_centre_s_ids_are_of_no_use(client_of, facilitator, group, beta, three):
    foreign = make_enrolment(make_group(beta))
    for values in ({"room": make_room(beta).pk}, {"trainer": make_trainer(beta).pk}):
        response = client_of(facilitator).post(page("lesson_new", group), filled(group, **values))
        assert len(errors(response, next(iter(values)))) == 1
    sentence = "A mark was given to somebody who is not in this group. It is left out; look at the list."
    for pk in (foreign.pk, uuid4(), make_enrolment(make_group(group.centre)).pk):
        data = filled(group) | {f"mark-{pk}": "present"}
        response = client_of(facilitator).post(page("lesson_new", group), data)
        assert errors(response) == [sentence]
        assert str(foreign.trainee) not in response.content.decode()
    stranger = make_lesson(foreign.group, DAY)
    client_of(facilitator).post(page("lesson_new", group), filled(group, id=stranger.pk))
    stranger.refresh_from_db()
    assert stranger.group == foreign.group
    assert Lesson.objects.get(group=group).pk != stranger.pk


# --- Corrections ----------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)  # each save is a moment of its own
def test_a_late_correction_and_its_history(client_of, facilitator, group, three):
    client = client_of(facilitator)
    marks = {three[0]: "present", three[1]: "present"}
    client.post(page("lesson_new", group), filled(group, marks))
    lesson = Lesson.objects.get()
    response = client.post(
        lesson.get_absolute_url(), again(lesson, {three[0]: "absent", three[1]: "", three[2]: "excused"}, topic="Darts")
    )
    assert response.headers["Location"] == lesson.get_absolute_url()
    assert marks_of(lesson) == {three[0].pk: "absent", three[2].pk: "excused"}
    later, first = lesson_history(lesson)
    assert {later.by, first.by} == {facilitator}
    assert [(change.what, change.kind, change.fields) for change in later.changes] == [
        ("Lesson", "update", [("Topic", "Seams", "Darts")]),
        (
            "Attendance",
            "update",
            [("Abai A", "there", "away"), ("Bota A", "there", ""), ("Dana A", "", "excused")],
        ),
    ]
    assert first.changes[1].fields == [("Abai A", "", "there"), ("Bota A", "", "there")]
    text = client.get(lesson.get_absolute_url()).content.decode()
    assert '<del class="words">there</del> <ins class="words">away</ins>' in text


def test_a_cancelled_lesson_keeps_no_marks(client_of, facilitator, group, three):
    lesson = make_lesson(group, DAY, present=three)
    data = again(lesson, dict.fromkeys(three, "present"), state="cancelled", note="No electricity")
    assert client_of(facilitator).post(lesson.get_absolute_url(), data).status_code == 302
    lesson.refresh_from_db()
    assert (lesson.state, lesson.note, marks_of(lesson)) == ("cancelled", "No electricity", {})
    data = again(lesson, {three[0]: "present"}, state="held", note="")
    assert client_of(facilitator).post(lesson.get_absolute_url(), data).status_code == 302
    assert marks_of(lesson) == {three[0].pk: "present"}


def test_a_lesson_that_never_was(client_of, facilitator, group, three):
    lesson = make_lesson(group, DAY, present=three)
    client = client_of(facilitator)
    assert client.post(page("lesson_delete", group, lesson.pk)).status_code == 302
    assert not Lesson.objects.exists()
    assert not Attendance.objects.exists()
    assert client.post(page("lesson_delete", group, lesson.pk)).status_code == 404


def test_an_expert_reads_and_does_not_write(client_of, network, group, three):
    lesson = make_lesson(group, DAY, present=three[:1])
    client = client_of(make_expert(network))
    text = client.get(lesson.get_absolute_url()).content.decode()
    assert "Abai A" in text
    assert '<input type="radio"' not in text
    assert client.post(lesson.get_absolute_url(), again(lesson)).status_code == 403
    assert "Fill in" not in client.get(page("journal", group)).content.decode()


# --- Resends and conflicts ------------------------------------------------------------------------------------------


def test_a_resend_makes_no_second_lesson(client_of, facilitator, group, three):
    client = client_of(facilitator)
    minted = client.get(page("lesson_new", group)).context["form"]["id"].value()
    data = filled(group, {three[0]: "present"}, id=minted, hours="1,5", starts="10:00", ends="11:00")
    for _time in range(2):
        assert client.post(page("lesson_new", group), data).headers["Location"] == page("journal", group)
    lesson = Lesson.objects.get()
    assert (lesson.pk, lesson.version) == (UUID(str(minted)), 1)


def test_a_resend_with_other_words_shows_both(client_of, facilitator, group, three):
    client = client_of(facilitator)
    data = filled(group, {three[0]: "present"}, id=uuid4())
    client.post(page("lesson_new", group), data)
    response = client.post(page("lesson_new", group), data | {"topic": "Other"})
    assert response.status_code == 409
    lesson = Lesson.objects.get()
    assert lesson.topic == "Seams"
    assert f'action="{lesson.get_absolute_url()}"' in response.content.decode()


def test_the_second_of_two_gets_both_versions(client_of, facilitator, coordinator, group, three):
    lesson = make_lesson(group, DAY, present=three[:1], topic="Seams")
    shown = client_of(facilitator).get(lesson.get_absolute_url()).context["form"]
    data = again(lesson, {three[0]: "absent", three[1]: "present", three[2]: ""}, base=shown["base"].value())
    theirs = again(lesson, {three[0]: "excused", three[1]: "", three[2]: "absent"}, topic="Darts")
    assert client_of(coordinator).post(lesson.get_absolute_url(), theirs).status_code == 302
    response = client_of(facilitator).post(lesson.get_absolute_url(), data)
    assert response.status_code == 409
    rows = {row.label: (row.base, row.mine, row.theirs, row.keeps_mine) for row in response.context["differences"]}
    assert rows == {
        "Topic": ("Seams", "Seams", "Darts", False),
        "Abai A": ("there", "away", "excused", True),
        "Bota A": ("not known", "there", "not known", True),
        "Dana A": ("not known", "not known", "away", False),
    }
    assert response.context["saved_by"] == coordinator
    assert [person.mark for person in response.context["form"].people] == ["absent", "present", "absent"]
    assert marks_of(lesson) == {three[0].pk: "excused", three[2].pk: "absent"}, "nothing of theirs is lost"


def test_another_day_saved_meanwhile_brings_its_people(client_of, facilitator, coordinator, group, three):
    lesson = make_lesson(group, DAY, present=three[:1])
    late = make_enrolment(group, applied_on=DAY, started_on=DAY + timedelta(1))
    stale = again(lesson, {three[0]: "absent"})
    moved = again(lesson, {three[0]: "present", late: "present"}, date=f"{DAY + timedelta(1)}")
    assert client_of(coordinator).post(lesson.get_absolute_url(), moved).status_code == 302
    response = client_of(facilitator).post(lesson.get_absolute_url(), stale)
    assert response.status_code == 409
    marks = {person.enrolment: person.mark for person in response.context["form"].people}
    assert marks[late] == "present"


def test_who_is_not_on_the_page_that_was_sent_keeps_her_mark(client_of, facilitator, group, three):
    lesson = make_lesson(group, DAY, present=three)
    client_of(facilitator).post(lesson.get_absolute_url(), again(lesson, {three[0]: "absent"}))
    assert marks_of(lesson) == {three[0].pk: "absent", three[1].pk: "present", three[2].pk: "present"}


@pytest.mark.django_db(transaction=True)
def test_of_two_facilitators_saving_one_lesson_one_wins(alpha, django_db_blocker):
    group = make_group(alpha)
    enrolment = make_enrolment(group)
    lesson, people = make_lesson(group, DAY), [make_facilitator(alpha), make_facilitator(alpha)]
    gate, outcome = threading.Barrier(2), []

    def save(user, mark):
        mine = Lesson.objects.get(pk=lesson.pk)
        gate.wait(timeout=20)
        try:
            mine.keep(by=user, version=1, marks={enrolment.pk: mark})
            outcome.append(mark)
        except EditConflict:
            outcome.append("conflict")
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=pair) for pair in zip(people, ("present", "absent"), strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert "conflict" in outcome
    outcome.remove("conflict")
    lesson.refresh_from_db()
    assert lesson.version == 2
    assert [marks_of(lesson)[enrolment.pk]] == outcome


@pytest.mark.django_db(transaction=True)
def test_one_form_sent_twice_at_once_is_one_lesson(alpha, client_of):
    group, user = make_group(alpha), make_facilitator(alpha)
    clients, gate, codes = [client_of(user), client_of(user)], threading.Barrier(2), []
    data = filled(group, {make_enrolment(group): "present"}, id=uuid4())

    def send(client):
        gate.wait(timeout=20)
        codes.append(client.post(page("lesson_new", group), data).status_code)
        connection.close()

    threads = [threading.Thread(target=send, args=[client]) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert codes == [302, 302]
    assert Attendance.objects.filter(lesson=Lesson.objects.get()).count() == 1


# --- Totals only ----------------------------------------------------------------------------------------------------


def test_told_totals_stand_apart(client_of, facilitator, alpha):
    told = make_group(alpha, keeping="totals")
    client = client_of(facilitator)
    client.post(page("lesson_new", told), filled(told, women="7", men="2"))
    make_lesson(told, DAY + timedelta(1))
    text = client.get(page("journal", told)).content.decode()
    assert "7 visits by women, 2 by men" in text
    assert "1 lesson without numbers" in text
    totals = totals_of(told)
    assert (totals.there, totals.marked, totals.share) == (0, 0, None)
    assert (totals.told_women, totals.told_men, totals.untold) == (7, 2, 1)


@pytest.mark.parametrize(
    ("women", "men", "field"), [("7", "", "men"), ("", "2", "women"), ("-1", "2", "women"), ("1,5", "2", "women")]
)
def test_told_totals_are_two_whole_numbers_or_none(client_of, facilitator, alpha, women, men, field):
    told = make_group(alpha, keeping="totals")
    response = client_of(facilitator).post(page("lesson_new", told), filled(told, women=women, men=men))
    assert len(errors(response, field)) == 1


def test_keeping_changes_only_while_the_journal_is_empty(group):
    group.keeping = "totals"
    group.save()
    make_lesson(group, DAY)
    group.keeping = "names"
    with pytest.raises(IntegrityError, match="how attendance is kept stays"), transaction.atomic():
        group.save()


def test_a_lesson_keeps_attendance_as_its_group_does(group):
    with pytest.raises(IntegrityError, match="otherwise than its group"), transaction.atomic():
        make_lesson(group, DAY, keeping="totals")


def test_no_mark_reaches_a_cancelled_lesson(group, three):
    with pytest.raises(IntegrityError, match="keeps totals only, or none"), transaction.atomic():
        make_lesson(group, DAY, present=three, state="cancelled")
    lesson = make_lesson(group, DAY, present=three)
    with pytest.raises(IntegrityError, match="A cancelled lesson has no marks"), transaction.atomic():
        Lesson.objects.filter(pk=lesson.pk).update(state="cancelled", note="Ill")
    with pytest.raises(IntegrityError, match="lesson_cancelled_with_reason"), transaction.atomic():
        make_lesson(group, DAY + timedelta(1), state="cancelled", note="")


# --- The sheet ------------------------------------------------------------------------------------------------------


def test_the_sheet_has_a_line_per_person_and_a_column_per_lesson(client_of, facilitator, group, three):
    late = make_enrolment(group, make_trainee(group.centre, surname="Late"), applied_on=DAY, started_on=DAY)
    first = make_lesson(group, DAY - timedelta(7), present=three[:2], absent=three[2:])
    second = make_lesson(group, DAY, present=[three[0]])
    cancelled = make_lesson(group, DAY + timedelta(1), state="cancelled")
    response = client_of(facilitator).get(page("journal", group))
    assert response.context["across"] == [first, second, cancelled]
    lines = {line.enrolment: (line.marks, line.there, line.marked) for line in response.context["lines"]}
    assert lines == {
        three[0]: (["present", "present", None], 2, 2),
        three[1]: (["present", "", None], 1, 1),
        three[2]: (["absent", "", None], 0, 1),
        late: ([None, "", None], 0, 0),
    }
    counts = [(lesson.there, lesson.expected, lesson.missing) for lesson in response.context["page"]]
    assert counts[1:] == [(1, 4, 3), (2, 3, 0)]
    totals = totals_of(group)
    assert (totals.lessons, totals.cancelled, totals.there, totals.marked, totals.missing) == (2, 1, 3, 4, 3)
    assert totals.share == 75
    assert "there 3 times of 4 marks" in response.content.decode()
    assert "3 marks not known" in response.content.decode()


def test_nothing_is_known_is_not_zero(client_of, facilitator, group, three):
    make_lesson(group, DAY)
    text = client_of(facilitator).get(page("journal", group)).content.decode()
    assert "Attendance: no data yet, nobody has a mark." in text
    assert "? of 3, not known who was there" in text
    assert "0 %" not in text


def test_windows_of_eight_lessons_the_newest_first(client_of, facilitator, group, three):
    lessons = [make_lesson(group, DAY + timedelta(n), present=three) for n in range(10)]
    client = client_of(facilitator)
    assert client.get(page("journal", group)).context["across"] == lessons[2:]
    assert client.get(page("journal", group), {"page": 2}).context["across"] == lessons[:2]
    assert lines_of(group, lessons[:2])[0].marked == 10


def test_what_the_timetable_plans_waits_to_be_filled_in(client_of, facilitator, group):
    make_timetable(group, (2, time(14), time(15, 30)))
    make_lesson(group, date(2005, 6, 21), starts=time(14), ends=time(15, 30))
    response = client_of(facilitator).get(page("journal", group))
    assert [each.date for each in response.context["waiting"]][:2] == [date(2005, 6, 14), date(2005, 6, 7)]
    assert f'href="{page("lesson_new", group)}?date=2005-06-14&amp;starts=14:00"' in response.content.decode()
    assert len(response.context["more_waiting"]) == 19


def test_a_lesson_that_lacks_a_mark_waits_too(client_of, facilitator, group, three):
    make_timetable(group, (2, time(14), time(15, 30)))
    half = make_lesson(group, date(2005, 6, 21), starts=time(14), ends=time(15, 30), present=three[:2])
    make_lesson(group, date(2005, 6, 14), starts=time(14), ends=time(15, 30), present=three)
    unplanned = make_lesson(group, date(2005, 6, 1), absent=three[1:])
    make_lesson(group, date(2005, 6, 2), state="cancelled")
    waiting = client_of(facilitator).get(page("journal", group)).context["waiting"]
    assert [(each.date, each.lesson) for each in waiting] == [
        (date(2005, 6, 21), half),
        (date(2005, 6, 7), None),
        (date(2005, 6, 1), unplanned),
        (date(2005, 5, 31), None),
    ]


def test_a_journal_that_began_long_ago_is_looked_at_for_a_year(client_of, facilitator, alpha):
    """The first day was mistyped, and the group still runs."""
    group = make_group(alpha, start=timezone.localdate() - timedelta(days=4000), end=None)
    make_timetable(group, (1, time(14), time(15, 30)))
    response = client_of(facilitator).get(page("journal", group))
    waiting = [*response.context["waiting"], *response.context["more_waiting"]]
    assert len(waiting) in (52, 53)


def test_a_lesson_with_nobody_in_it_is_not_stored(client_of, facilitator, group, three):
    nobody = "Nobody was in the group on this day. Enrol people first, or choose another day."
    for row in three:
        Enrolment.objects.filter(pk=row.pk).update(started_on=DAY, applied_on=DAY)
    client, day = client_of(facilitator), f"{DAY - timedelta(1)}"
    response = client.post(page("lesson_new", group), filled(group, date=day))
    assert errors(response, "date") == [nobody]
    lesson = make_lesson(group, DAY)
    response = client.post(lesson.get_absolute_url(), again(lesson, date=day))
    assert errors(response, "date") == [nobody]
    assert list(Lesson.objects.values_list("date", flat=True)) == [DAY]
    cancelled = filled(group, date=day, state="cancelled", note="Storm")
    assert client.post(page("lesson_new", group), cancelled).status_code == 302


def test_a_lesson_is_not_moved_to_before_somebody_came_with_her_mark(client_of, facilitator, group, three):
    late = make_enrolment(group, applied_on=DAY, started_on=DAY)
    lesson = make_lesson(group, DAY, present=[*three, late])
    sent = again(lesson, {late: "present"}, date=f"{DAY - timedelta(1)}")
    response = client_of(facilitator).post(lesson.get_absolute_url(), sent)
    assert len(errors(response, f"mark-{late.pk}")) == 1
    lesson.refresh_from_db()
    assert (lesson.date, lesson.marks.count()) == (DAY, 4)


def test_an_empty_journal_says_what_to_do_first(client_of, facilitator, group):
    assert "Here the group" in client_of(facilitator).get(page("journal", group)).content.decode()


@pytest.mark.parametrize("name", ["journal", "lesson"])
def test_three_and_three_hundred_trainees_take_the_same_queries(client_of, facilitator, alpha, name):
    client, counts, sizes = client_of(facilitator), [], []
    for size in (3, 300):
        group = make_group(alpha)
        enrolments = [make_enrolment(group) for _n in range(size)]
        lessons = [make_lesson(group, DAY + timedelta(n), present=enrolments) for n in range(3)]
        address = page("journal", group) if name == "journal" else lessons[0].get_absolute_url()
        with CaptureQueriesContext(connection) as queries:
            response = client.get(address)
        assert response.status_code == 200
        counts.append(len(queries))
        sizes.append(response.content.decode().count("Surname"))
    assert sizes[1] - sizes[0] in {297, 594}
    assert counts[0] == counts[1] <= 30


def test_saving_three_and_three_hundred_marks_takes_the_same_queries(client_of, facilitator, alpha):
    client, counts = client_of(facilitator), []
    for size in (3, 300):
        group = make_group(alpha)
        marks = {make_enrolment(group): "present" for _n in range(size)}
        with CaptureQueriesContext(connection) as queries:
            assert client.post(page("lesson_new", group), filled(group, marks)).status_code == 302
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert Attendance.objects.count() == 303
