"""The hand-over of a centre: who to know, what runs, what is open, papers, accounts, the last 30 days."""

from datetime import time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from centres.models import CentreDocument, CommitteeMember, Equipment, Partner
from training.handover import handover_of
from training.models import Slot

from ..factories import (
    make_enrolment,
    make_facilitator,
    make_group,
    make_lesson,
    make_post,
    make_timetable,
    make_trainee,
    make_trainer,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def some_of_everything(centre):
    """What a page is full of, some of it out of date."""
    today = localdate()
    make_post(centre, name="Dinara", from_date=today - 400 * DAY)
    make_post(centre, name="Gone", until_date=today - DAY)
    CommitteeMember.objects.create(centre=centre, name="Viktor", role="deputy")
    Partner.objects.create(centre=centre, name="The school", kind="school", gives="rooms")
    trainer = make_trainer(centre, name="Roza")
    make_trainer(centre, name="Left", until_date=today - DAY)
    group = make_group(centre, start=today - 10 * DAY, end=today + 20 * DAY)
    group.trainers.add(trainer, through_defaults={"centre": centre})
    Slot.objects.create(centre=centre, group=group, weekday=1, starts=time(9), ends=time(10))
    new = make_trainee(centre, birth_year=1980, registered_on=today)
    make_lesson(group, today - DAY, present=[make_enrolment(group, new)])
    ended = make_group(centre, start=today - 100 * DAY, end=today - 20 * DAY)
    make_enrolment(ended, status="completed", ended_on=ended.end)
    Equipment.objects.create(centre=centre, kind="fax", quantity=1, working=0, fault="No paper")
    CentreDocument.objects.create(centre=centre, kind="schedule", title="Spring", year=today.year)
    return group


def test_it_holds_what_a_successor_needs(alpha, beta, coordinator):
    aigul = make_facilitator(alpha)
    group = some_of_everything(alpha)
    some_of_everything(beta)
    make_facilitator(beta)
    page = handover_of(alpha)
    assert [post.name for post in page.posts] == ["Dinara"]
    assert [member.name for member in page.members] == ["Viktor"]
    assert [partner.name for partner in page.partners] == ["The school"]
    assert [trainer.name for trainer in page.trainers] == ["Roza"]
    assert [(row, row.enrolled, row.waits) for row in page.groups] == [(group, 1, 0)]
    assert [row.fault for row in page.broken] == ["No paper"]
    assert {paper.label: len(paper.documents) for paper in page.papers} == {
        "Year plan": 0,
        "Operational plan": 0,
        "Schedule": 1,
        "Lesson journal": 0,
        "Curricula": 0,
    }
    assert (page.certificates, page.consents) == (1, 2)
    assert {membership.user for membership in page.accounts} == {aigul, coordinator}
    lately = {name: value for name, value in vars(page.lately).items() if value}
    assert lately == {"lessons": 1, "visits": 1, "begun": 1, "completed": 1, "registered": 1}


def test_who_is_in_a_post_by_the_account_only_is_named(alpha, beta):
    aigul = make_facilitator(alpha)
    make_facilitator(beta)
    assert [(each.user, each.role) for each in handover_of(alpha).in_post] == [(aigul, "facilitator")]
    make_post(alpha, kind="facilitator", name="Nurlan")
    assert handover_of(alpha).in_post == []


def test_what_the_register_keeps_itself_is_not_called_missing(alpha):
    group = some_of_everything(alpha)
    make_timetable(group, (1, time(15), time(17)))
    assert {paper.label: paper.kept_at for paper in handover_of(alpha).papers if paper.kept_at} == {
        "Schedule": "/training/timetable/alpha/",
        "Lesson journal": "/training/groups/?centre=alpha",
    }


def test_it_is_for_those_inside(alpha, personas, client_of):
    some_of_everything(alpha)
    address = "/training/handover/alpha/"
    answers = {who: client_of(user).get(address).status_code for who, user in vars(personas).items()}
    assert answers == {
        "coordinator": 200,
        "expert": 200,
        "facilitator_alpha": 200,
        "facilitator_beta": 403,
        "donor": 403,
        "outsider": 404,
        "anonymous": 302,
    }
    page = client_of(personas.facilitator_alpha).get(address).text
    for word in ("Dinara", "Viktor", "The school", "Roza", "No paper", "Spring"):
        assert word in page
    assert "Gone" not in page


def test_an_empty_centre_has_one_too(alpha, client_of):
    page = client_of(make_facilitator(alpha)).get("/training/handover/alpha/").text
    assert "No group runs, and none is planned." in page
    assert page.count("<strong>missing</strong>") == 5


def test_the_number_of_queries_does_not_grow(alpha, client_of):
    client = client_of(make_facilitator(alpha))

    def queries():
        with CaptureQueriesContext(connection) as found:
            assert client.get("/training/handover/alpha/").status_code == 200
        return len(found)

    some_of_everything(alpha)
    at_one = queries()
    for _ in range(2):
        some = make_group(alpha, start=localdate() - DAY, end=None)
        make_enrolment(some)
        make_post(alpha)
        Partner.objects.create(centre=alpha, name="Another", kind="school")
    assert queries() == at_one
