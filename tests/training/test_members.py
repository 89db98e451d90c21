"""Who is in a group: places, waiting list, steps, days that fit."""

from datetime import date

import pytest
from django.urls import reverse

from training.models import Enrolment, Trainee

from ..factories import make_enrolment, make_facilitator, make_group, make_lesson, make_trainee

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
