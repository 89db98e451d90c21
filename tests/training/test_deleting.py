"""What was entered by mistake can be taken out; what other entries rest on stays, and the page says why."""

from datetime import time

import pytest
from django.urls import reverse

from training.models import (
    Booking,
    Group,
    GroupTrainer,
    Programme,
    Room,
    Seminar,
    SeminarAttendance,
    Slot,
    Trainee,
    Trainer,
)

from ..factories import (
    make_consent,
    make_enrolment,
    make_group,
    make_lesson,
    make_programme,
    make_room,
    make_seminar,
    make_slip,
    make_timetable,
    make_trainee,
    make_trainer,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client_of, personas):
    return client_of(personas.facilitator_alpha)


def delete(client, kind, row):
    """(where it leads, what it says)."""
    response = client.post(reverse(f"training:{kind}_delete", args=[row.pk]), follow=True)
    return response.redirect_chain[-1][0], [str(message) for message in response.context["messages"]]


def edit_page(kind, row):
    return reverse(f"training:{kind}_edit", args=[row.pk])


GONE = ["The entry is deleted; the history keeps it."]
ALONE = {
    "group": (make_group, "/training/groups/"),
    "room": (make_room, "/training/rooms/?centre=alpha"),
    "trainer": (make_trainer, "/training/trainers/"),
    "programme": (lambda centre: make_programme(centre=centre), "/training/programmes/"),
    "trainee": (make_trainee, "/training/trainees/"),
}


@pytest.mark.parametrize("kind", ALONE)
def test_what_nothing_rests_on_is_deleted_and_the_history_keeps_it(kind, client, alpha, personas):
    make, to = ALONE[kind]
    row = make(alpha)
    page = client.get(edit_page(kind, row)).content.decode()
    assert reverse(f"training:{kind}_delete", args=[row.pk]) in page
    assert delete(client, kind, row) == (to, GONE)
    assert not type(row).objects.filter(pk=row.pk).exists()
    last = type(row).pgh_event_model.objects.filter(pgh_obj_id=row.pk).latest("pgh_id")
    assert (last.pgh_label, last.pgh_context.metadata["user"]) == ("delete", personas.facilitator_alpha.pk)


def test_a_group_goes_with_its_timetable_and_trainers(client, alpha):
    group, trainer = make_group(alpha), make_trainer(alpha)
    make_timetable(group, (1, time(10), time(12), None, trainer))
    delete(client, "group", group)
    assert [model.objects.count() for model in (Group, Slot, Booking, GroupTrainer, Trainer)] == [0, 0, 0, 0, 1]


def test_a_group_that_somebody_was_in_stays(client, alpha):
    group = make_group(alpha, name="Sewing")
    make_enrolment(group), make_enrolment(group), make_lesson(group), make_slip(group)
    sentence = (
        "Sewing cannot be deleted, because of enrolments: 2, lessons: 1, satisfaction slips: 1. "
        "Give the group a last day instead, or first take out what was entered by mistake."
    )
    assert delete(client, "group", group) == (edit_page("group", group), [sentence])
    assert Group.objects.get() == group


def test_a_room_and_a_trainer_of_a_timetable_stay(client, alpha):
    room, trainer = make_room(alpha, name="Room 1"), make_trainer(alpha, name="Aigul")
    group = make_group(alpha)
    make_timetable(group, (1, time(10), time(12), room, trainer))
    assert delete(client, "room", room) == (
        edit_page("room", room),
        [
            "Room 1 cannot be deleted, because of weekly lessons: 1. Mark the room as no longer used instead.",
        ],
    )
    assert delete(client, "trainer", trainer) == (
        edit_page("trainer", trainer),
        [
            "Aigul cannot be deleted, because of groups: 1, weekly lessons: 1. Give the trainer a last day instead.",
        ],
    )
    assert (Room.objects.get(), Trainer.objects.get()) == (room, trainer)


def test_a_programme_with_a_later_edition_or_a_group_stays(client, alpha, personas):
    programme = make_programme(centre=alpha, title="Sewing")
    later = programme.make_next_edition(by=personas.facilitator_alpha)
    words = "Mark the programme as no longer taught instead."
    said = f"Sewing cannot be deleted, because of programmes: 1. {words}"
    assert delete(client, "programme", programme) == (edit_page("programme", programme), [said])
    group = make_group(alpha, later)
    said = f"Sewing cannot be deleted, because of groups: 1. {words}"
    assert delete(client, "programme", later) == (edit_page("programme", later), [said])
    group.delete()
    assert delete(client, "programme", later)[1] == GONE
    assert Programme.objects.get() == programme


def test_a_trainee_with_a_consent_stays(client, alpha):
    person = make_trainee(alpha, surname="Kim", given_name="Anna", patronymic="")
    make_consent(person)
    said = (
        "Kim Anna cannot be deleted, because of consents: 1. A consent is kept as proof, also when it is taken back. "
        "If somebody is entered twice, merge the two."
    )
    assert delete(client, "trainee", person) == (edit_page("trainee", person), [said])
    assert Trainee.objects.get() == person


def test_a_seminar_that_somebody_took_part_in_stays(client_of, personas, alpha):
    client, seminar = client_of(personas.coordinator), make_seminar(alpha.network, title="Needs studies")
    attendance = SeminarAttendance.objects.create(centre=alpha, seminar=seminar, trainer=make_trainer(alpha))
    said = (
        "Needs studies cannot be deleted, because of attendances of seminars: 1. "
        "First take out who took part, and the seminars that follow from it."
    )
    assert delete(client, "seminar", seminar) == (edit_page("seminar", seminar), [said])
    attendance.delete()
    assert delete(client, "seminar", seminar) == ("/training/seminars/", GONE)
    assert not Seminar.objects.exists()
