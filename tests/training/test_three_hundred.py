"""Every list of the register, and the journal, takes the same queries with three rows and with three hundred."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from training.models import (
    Attendance,
    Certificate,
    Consent,
    Enrolment,
    FollowUp,
    Group,
    Lesson,
    Programme,
    Room,
    Seminar,
    Slip,
    Trainee,
    Trainer,
)

from ..factories import make_consent, make_group, make_programme, make_seminar, make_trainee, wordings

pytestmark = pytest.mark.django_db
FIRST = date(2005, 1, 10)
LISTS = {
    **{name: f"training:{name}" for name in ("trainees", "groups", "follow_ups", "trainers", "rooms", "programmes")},
    **{name: f"training:{name}" for name in ("certificates", "seminars", "duplicates")},
    "answers": "training:follow_ups",
}
OF_GROUP = ["members", "journal", "slips", "group_certificates", "group", "lesson"]


@pytest.fixture
def world(alpha, coordinator):
    """A running group, one that ended 200 days ago, and what more of everything needs."""
    ended = timezone.localdate() - timedelta(days=200)
    text = make_consent(make_trainee(alpha)).text
    return {
        "centre": alpha,
        "by": coordinator,
        "text": text,
        "programme": make_programme(centre=alpha),
        "running": make_group(alpha, start=FIRST, end=None),
        "ended": make_group(alpha, start=ended - timedelta(days=90), end=ended),
        "seminar": make_seminar(alpha.network),
        "count": 0,
    }


def grow(world, upto):
    """As many rows of everything."""
    centre, running, ended = world["centre"], world["running"], world["ended"]
    places = range(world["count"], upto)
    world["count"] = upto
    at = {"centre": centre}
    people = Trainee.objects.bulk_create(
        Trainee(**at, surname=f"Surname {n:03}", given_name="Aigul", registered_on=FIRST) for n in places
    )
    Consent.objects.bulk_create(
        Consent(**at, trainee=person, text=world["text"], language="kk", given_on=FIRST) for person in people
    )
    days = {"applied_on": FIRST, "started_on": FIRST}
    here = Enrolment.objects.bulk_create(Enrolment(**at, group=running, trainee=person, **days) for person in people)
    days = {"applied_on": ended.start, "started_on": ended.start, "ended_on": ended.end}
    gone = Enrolment.objects.bulk_create(
        Enrolment(**at, group=ended, trainee=person, status="completed", **days) for person in people
    )
    lessons = Lesson.objects.bulk_create(
        Lesson(**at, group=running, date=FIRST + timedelta(days=n), keeping="names", topic=f"Topic {n}") for n in places
    )
    Attendance.objects.bulk_create(
        Attendance(**at, lesson=lesson, enrolment=enrolment, mark="present")
        for lesson, enrolment in zip(lessons, here, strict=True)
    )
    FollowUp.objects.bulk_create(
        FollowUp(**at, enrolment=row, asked_on=ended.end, asked_by="Facilitator", result="not_reached") for row in gone
    )
    words = {"form": "en", "wordings": wordings("en"), "is_recognised": False, "signatory": "Head", "hours": 36}
    words |= {"issued_on": ended.end, "first_day": ended.start, "last_day": ended.end, "issued_by": world["by"]}
    Certificate.objects.bulk_create(Certificate(**at, enrolment=row, name=str(row.trainee), **words) for row in gone)
    Slip.objects.bulk_create(Slip(**at, group=ended, content="good", language="kk") for _n in places)
    Trainer.objects.bulk_create(
        Trainer(**at, name=f"Trainer {n}", qualification="school", paid_by="centre") for n in places
    )
    Room.objects.bulk_create(Room(**at, name=f"Room {n}") for n in places)
    programmes = Programme.objects.bulk_create(
        Programme(**at, network=centre.network, title=f"Programme {n}", area="economy", kind="income", field="0723")
        for n in places
    )
    Group.objects.bulk_create(
        Group(**at, programme=programme, name=f"Group of {programme.title}", start=FIRST) for programme in programmes
    )
    Seminar.objects.bulk_create(
        Seminar(network=centre.network, title=f"Seminar {n}", start=FIRST, end=FIRST) for n in places
    )


@pytest.mark.parametrize("name", [*LISTS, *OF_GROUP])
def test_three_and_three_hundred_rows_take_the_same_queries(client_of, coordinator, world, name):
    client, counts, sizes = client_of(coordinator), [], []
    for rows in (3, 300):
        grow(world, rows)
        if name in LISTS:
            address = reverse(LISTS[name])
        else:
            group = world["ended" if name in ("slips", "group_certificates", "group") else "running"]
            lesson = [group.lessons.latest("date").pk] if name == "lesson" else []
            address = reverse(f"training:{name}", args=[group.pk, *lesson])
        query = {"answers": {"list": "answers", "centre": "alpha"}}.get(name, {"centre": "alpha"})
        with CaptureQueriesContext(connection) as queries:
            response = client.get(address, query if name in LISTS else {})
        assert response.status_code == 200
        counts.append(len(queries))
        sizes.append(len(response.content))
    assert sizes[0] < sizes[1], "the page shows no more rows: the test shows nothing"
    assert counts[0] == counts[1]
