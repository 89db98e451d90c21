"""iCalendar as RFC 5545 wants it: lines of 75 octets, escapes, times in UTC, identities that last."""

from datetime import date, time

import pytest

from training.calendar import calendar_of, escaped, folded
from training.models import Slot
from training.timetable import held_and_planned

from ..factories import make_facilitator, make_group, make_lesson, make_room, make_timetable

WEEK = (date(2005, 2, 7), date(2005, 2, 13))


def unfolded(text):
    return text.replace("\r\n ", "").split("\r\n")


def events(text):
    """The properties of each event."""
    found = []
    for line in unfolded(text):
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found and ":" in line:
            name, value = line.split(":", 1)
            found[-1].setdefault(name, value)
    return found


@pytest.mark.parametrize(
    "word", ["SUMMARY:" + "a" * 300, "SUMMARY:" + "Қөпшілік " * 30, "x" * 75, "ә" * 38, "😀" * 40, ""]
)
def test_a_line_has_75_octets_at_most_and_no_letter_is_cut(word):
    lines = folded(word).split("\r\n")
    assert max(len(line.encode()) for line in lines) <= 75
    assert all(line.startswith(" ") for line in lines[1:])
    assert "".join([lines[0], *(line[1:] for line in lines[1:])]) == word


def test_a_full_line_is_not_folded():
    assert folded("x" * 75) == "x" * 75
    assert folded("x" * 76) == "x" * 75 + "\r\n x"


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a,b;c", r"a\,b\;c"),
        ("back\\slash", r"back\\slash"),
        ("two\r\nlines\nmore", r"two\nlines\nmore"),
        ("bell\x07 and \u202e", "bell and "),
        ("BEGIN:VEVENT", "BEGIN:VEVENT"),
    ],
)
def test_texts_are_escaped(text, written):
    assert escaped(text) == written


@pytest.mark.django_db
def test_lessons_become_events(alpha):
    group = make_group(alpha, name="Sewing, 1; \\", language="kk")
    make_timetable(group, (1, time(10), time(11, 30), make_room(alpha, name="Room 2")), (3, time(10), time(11)))
    make_lesson(group, date(2005, 2, 9), starts=time(10), ends=time(11), state="cancelled")
    make_lesson(group, date(2005, 2, 12))
    text = calendar_of(alpha, held_and_planned([alpha], *WEEK))
    planned, cancelled, untimed = events(text)
    assert text.endswith("END:VCALENDAR\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert planned | {"UID": "", "DTSTAMP": ""} == {
        "UID": "",
        "DTSTAMP": "",
        "DTSTART": "20050207T040000Z",  # Almaty was six hours ahead
        "DTEND": "20050207T053000Z",
        "SUMMARY": r"Sewing\, 1\; \\",
        "DESCRIPTION": str(group.programme),
        "LOCATION": r"Room 2\, Alpha",
        "STATUS": "CONFIRMED",
        "TRANSP": "OPAQUE",
        "END": "VEVENT",
    }
    assert (cancelled["STATUS"], cancelled["LOCATION"]) == ("CANCELLED", "Alpha")
    assert (untimed["DTSTART;VALUE=DATE"], untimed["DTEND;VALUE=DATE"]) == ("20050212", "20050213")
    assert len({event["UID"] for event in (planned, cancelled, untimed)}) == 3


@pytest.mark.django_db
def test_an_identity_lasts_when_the_lesson_is_held_or_its_hour_changes(alpha):
    group = make_timetable(make_group(alpha), (1, time(10), time(11)))

    def identity():
        (event,) = events(calendar_of(alpha, held_and_planned([alpha], *WEEK)))
        return event["UID"]

    before = identity()
    make_lesson(group, date(2005, 2, 7), starts=time(10, 15), ends=time(11))
    assert identity() == before
    slot = Slot.objects.get()
    group.reschedule(
        by=make_facilitator(alpha),
        version=group.version,
        slots=[Slot(pk=slot.pk, weekday=1, starts=time(14), ends=time(15))],
        pauses=[],
    )
    assert identity() == before


@pytest.mark.django_db
def test_a_calendar_without_lessons_is_one_too(alpha):
    lines = unfolded(calendar_of(alpha, []))
    assert (lines[0], lines[1], lines[-2], lines[-1]) == ("BEGIN:VCALENDAR", "VERSION:2.0", "END:VCALENDAR", "")
    assert "BEGIN:VTIMEZONE" in lines  # the standard wants at least one component
