"""A timetable as iCalendar (RFC 5545), for the calendars of phones and computers."""

from datetime import UTC, datetime, timedelta
from uuid import uuid5

from django.utils import timezone
from django.utils.translation import gettext

PRODUCT = "-//clcnet//Timetable//EN"
OCTETS = 75  # of a line at most, its end not counted


def escaped(text) -> str:
    """A value of type TEXT."""
    text = str(text).replace("\\", "\\\\").replace(";", r"\;").replace(",", r"\,")
    return "".join(letter for letter in text.replace("\r\n", "\n").replace("\n", r"\n") if letter.isprintable())


def folded(line: str) -> str:
    """A content line of at most 75 octets, continued on the next ones after a space; no letter is cut in two."""
    parts, part, size = [], "", 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > OCTETS:
            parts.append(part)
            part, size = " ", 1
        part += letter
        size += octets
    return "\r\n".join([*parts, part])


def moment(day, clock) -> str:
    """A local time, written in UTC."""
    local = timezone.make_aware(datetime.combine(day, clock))
    return f"{local.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def calendar_of(centre, lessons) -> str:
    """The calendar of a centre's lessons: group, programme, room, time. Nobody's name is in it."""
    title = gettext("Timetable: %(centre)s") % {"centre": centre}
    lines = [
        *["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"],
        *[f"X-WR-CALNAME:{escaped(title)}", "REFRESH-INTERVAL;VALUE=DURATION:PT6H", "X-PUBLISHED-TTL:PT6H"],
        # A calendar must hold something, also before the first lesson.
        *["BEGIN:VTIMEZONE", "TZID:UTC", "BEGIN:STANDARD", "DTSTART:19700101T000000"],
        *["TZOFFSETFROM:+0000", "TZOFFSETTO:+0000", "TZNAME:UTC", "END:STANDARD", "END:VTIMEZONE"],
    ]
    stamp = f"{timezone.now().astimezone(UTC):%Y%m%dT%H%M%SZ}"
    for lesson in lessons:
        lines += event(lesson, centre, stamp)
    return "".join(f"{folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def event(lesson, centre, stamp) -> list[str]:
    """One lesson. Its UID stays the same while the weekly lesson exists, also when it is held or moved."""
    uid = uuid5(lesson.slot, f"{lesson.date:%Y-%m-%d}") if lesson.slot else lesson.lesson.pk
    place = ", ".join(str(part) for part in (lesson.room, centre) if part)
    if lesson.starts:
        times = [f"DTSTART:{moment(lesson.date, lesson.starts)}", f"DTEND:{moment(lesson.date, lesson.ends)}"]
    else:
        times = [
            f"DTSTART;VALUE=DATE:{lesson.date:%Y%m%d}",
            f"DTEND;VALUE=DATE:{lesson.date + timedelta(days=1):%Y%m%d}",
        ]
    return [
        "BEGIN:VEVENT",
        f"UID:{uid}@clcnet",
        f"DTSTAMP:{stamp}",
        *times,
        f"SUMMARY:{escaped(lesson.group)}",
        f"DESCRIPTION:{escaped(lesson.group.programme)}",
        f"LOCATION:{escaped(place)}",
        f"STATUS:{'CANCELLED' if lesson.state == 'cancelled' else 'CONFIRMED'}",
        "TRANSP:OPAQUE",
        "END:VEVENT",
    ]
