"""Trainers and rooms of a centre; seminars of the network, who took part in them, and what followed from them."""

from datetime import date, time, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from training.models import Room, Seminar, SeminarAttendance, Trainer

from ..factories import (
    make_facilitator,
    make_group,
    make_network,
    make_project,
    make_room,
    make_seminar,
    make_timetable,
    make_trainer,
)

pytestmark = pytest.mark.django_db

TRAINER = {
    "name": "Roza",
    "qualification": "vocational",
    "is_certified": "true",
    "paid_by": "volunteer",
    "languages": ["kk", "ru"],
    "from_date": "2004-09-01",
}
TEN, TWELVE = time(10), time(12)


def page(row, name):
    return reverse(f"training:{name}", args=[row.pk])


def listed(client, name="trainers", **filters):
    return [str(row) for row in client.get(reverse(f"training:{name}"), filters).context["page"]]


# --- Trainers -------------------------------------------------------------------------------------------------------


def test_a_facilitator_enters_a_trainer_who_is_her_colleague(client_of, personas, alpha, beta):
    colleague, stranger = make_facilitator(alpha), make_facilitator(beta)
    client, address = client_of(personas.facilitator_alpha), reverse("training:trainer_new")
    assert client.post(address, TRAINER | {"user": stranger.pk}).status_code == 422
    client.post(address, TRAINER | {"user": colleague.pk})
    row = Trainer.objects.get()
    assert (row.centre, row.user, row.is_certified, row.languages, row.paid_by) == (
        alpha,
        colleague,
        True,
        ["kk", "ru"],
        "volunteer",
    )
    twice = client.post(address, TRAINER | {"user": colleague.pk})
    assert "already belongs to another trainer" in str(twice.context["form"].errors["user"])


@pytest.mark.parametrize(("sent", "kept"), [("unknown", None), ("true", True), ("false", False)])
def test_nobody_knows_is_an_answer_of_its_own(client_of, personas, sent, kept):
    client_of(personas.facilitator_alpha).post(reverse("training:trainer_new"), TRAINER | {"is_certified": sent})
    assert Trainer.objects.get().is_certified is kept


def test_dates_out_of_order_are_said_in_place(client_of, personas):
    sent = TRAINER | {"until_date": "2004-08-01"}
    response = client_of(personas.facilitator_alpha).post(reverse("training:trainer_new"), sent)
    assert (response.status_code, Trainer.objects.count()) == (422, 0)
    assert "The last day lies before the first." in str(response.context["form"].errors["until_date"])


def test_the_list_is_filtered(client_of, coordinator, alpha, beta):
    make_trainer(alpha, name="Anna", paid_by="akimat", languages=["ru"])
    make_trainer(beta, name="Berik", qualification="medical", languages=["kk", "ru"])
    make_trainer(beta, name="Zeinep", until_date=timezone.localdate() - timedelta(1))
    make_trainer(beta, name="Yuri", until_date=timezone.localdate())
    client = client_of(coordinator)
    assert listed(client) == ["Anna", "Berik", "Yuri"]
    assert listed(client, state="earlier") == ["Zeinep"]
    assert listed(client, state="all", centre="beta") == ["Berik", "Yuri", "Zeinep"]
    assert listed(client, paid_by="akimat") == ["Anna"]
    assert listed(client, qualification="medical") == ["Berik"]
    assert listed(client, language="kk") == ["Berik"]
    assert listed(client, q="ER") == ["Berik"]


def test_who_has_left_is_ended_and_keeps_her_groups(client_of, personas, alpha):
    trainer, client = make_trainer(alpha, name="Roza"), client_of(personas.facilitator_alpha)
    make_timetable(make_group(alpha, name="Sewing 1"), (1, TEN, TWELVE, None, trainer))
    sent = TRAINER | {"version": 1}
    early = client.post(page(trainer, "trainer_edit"), sent | {"until_date": "2005-06-19"})
    assert "still teaches the group Sewing 1 on Monday after that day" in str(
        early.context["form"].errors["until_date"]
    )
    assert client.post(page(trainer, "trainer_edit"), sent | {"until_date": "2005-06-20"}).status_code == 302
    shown = client.get(page(trainer, "trainer")).content.decode()
    assert "No longer teaches here. The last day was 20 June 2005." in shown
    assert "Sewing 1" in shown


@pytest.mark.parametrize("name", ["trainers", "rooms", "seminars"])
def test_a_list_takes_the_same_queries_for_3_and_for_30(client_of, coordinator, network, alpha, name):
    another = {
        "trainers": lambda: make_trainer(alpha),
        "rooms": lambda: make_room(alpha),
        "seminars": lambda: SeminarAttendance.objects.create(
            centre=alpha, trainer=make_trainer(alpha), seminar=make_seminar(network, cascade_of=make_seminar(network))
        ),
    }[name]
    client, counts, sizes = client_of(coordinator), [], []
    for rows in (3, 20):
        for _ in range(rows):
            another()
        with CaptureQueriesContext(connection) as queries:
            sizes.append(len(listed(client, name)))
        counts.append(len(queries))
    assert sizes[0] < sizes[1]
    assert counts[0] == counts[1]


# --- Rooms ----------------------------------------------------------------------------------------------------------


def test_rooms_are_added_on_their_list(client_of, personas, alpha):
    client, address = client_of(personas.facilitator_alpha), reverse("training:rooms")
    assert client.post(address, {"name": "Room 1", "seats": "12"}).url == address
    assert (Room.objects.get().centre, Room.objects.get().seats) == (alpha, 12)
    twice = client.post(address, {"name": "ROOM 1"})
    assert "already has a room of that name" in str(twice.context["form"].errors["name"])
    assert client.post(address, {"name": "Room 2", "seats": "-1"}).status_code == 422
    assert listed(client, "rooms") == ["Room 1"]


def test_a_coordinator_adds_a_room_to_the_centre_that_she_chose(client_of, coordinator, alpha, beta):
    client, address = client_of(coordinator), reverse("training:rooms")
    assert client.get(address).context.get("form") is None
    assert client.post(f"{address}?centre=beta", {"name": "Room 1"}).status_code == 302
    assert Room.objects.get().centre == beta


def test_a_room_in_use_stays_open(client_of, personas, alpha):
    room, client = make_room(alpha), client_of(personas.facilitator_alpha)
    group = make_timetable(make_group(alpha, name="Sewing 1", end=None), (1, TEN, TWELVE, room))
    sent = {"name": room.name, "is_closed": "on", "version": 1}
    refused = client.post(page(room, "room_edit"), sent)
    assert "The group Sewing 1 still has a weekly lesson there." in str(refused.context["form"].errors["is_closed"])
    make_timetable(group)
    assert client.post(page(room, "room_edit"), sent).status_code == 302
    assert Room.objects.get().is_closed is True


# --- Seminars -------------------------------------------------------------------------------------------------------

SEMINAR = {
    "title": "School of trainers",
    "title_kk": "Мектеп",
    "start": "2004-09-20",
    "end": "2004-09-25",
    "place": "Almaty",
}


def test_a_coordinator_enters_a_seminar_of_her_network(client_of, coordinator, network, project):
    source = make_seminar(network)
    stranger = make_seminar(make_network())
    client, address = client_of(coordinator), reverse("training:seminar_new")
    sent = SEMINAR | {"project": project.pk, "cascade_of": source.pk, "outcomes_ru": "Итоги"}
    assert client.post(address, sent | {"cascade_of": stranger.pk}).status_code == 422
    assert client.post(address, sent | {"project": make_project(make_network()).pk}).status_code == 422
    client.post(address, sent)
    row = Seminar.objects.get(title="School of trainers")
    assert (row.network, row.project, row.cascade_of, row.outcomes, row.title_kk) == (
        network,
        project,
        source,
        "Итоги",
        "Мектеп",
    )


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("end", "2004-09-19", "The last day lies before the first."),
        ("start", "1066-10-14", "1900"),
        ("title", "", "Write it in at least one language."),
    ],
)
def test_a_bad_seminar_is_refused_in_place(client_of, coordinator, field, value, sentence):
    sent = SEMINAR | {"title_kk": ""} | {field: value}
    response = client_of(coordinator).post(reverse("training:seminar_new"), sent)
    assert response.status_code == 422
    assert sentence in str(response.context["form"].errors[field])
    assert Seminar.objects.count() == 0


def family(network):
    """A school, two cascades of it, and a cascade of the first of them."""
    school = make_seminar(network, title="School")
    first = make_seminar(network, title="First", cascade_of=school, start=date(2004, 10, 1), end=date(2004, 10, 2))
    last = make_seminar(network, title="Last", cascade_of=school, start=date(2004, 12, 1), end=date(2004, 12, 2))
    deep = make_seminar(network, title="Deep", cascade_of=first, start=date(2005, 1, 1), end=date(2005, 1, 2))
    return school, first, last, deep


def test_cascades_are_a_tree(client_of, expert, network, alpha, beta, personas):
    school, first, last, deep = family(network)
    for centre, seminar in ((alpha, school), (beta, school), (beta, deep)):
        SeminarAttendance.objects.create(centre=centre, trainer=make_trainer(centre), seminar=seminar)
    for seminar in (school, first, deep):
        assert [(each.seminar, each.depth) for each in seminar.family()] == [
            (school, 0),
            (first, 1),
            (deep, 2),
            (last, 1),
        ]
    assert (school.followers(), first.followers(), deep.followers()) == ({first.pk, last.pk, deep.pk}, {deep.pk}, set())
    shown = client_of(expert).get(page(first, "seminar")).context["family"]
    assert [(each.seminar.title, trained) for each, trained in shown] == [
        ("School", 2),
        ("First", 0),
        ("Deep", 1),
        ("Last", 0),
    ]
    mine = client_of(personas.facilitator_alpha).get(page(first, "seminar")).context["family"]
    assert [trained for _each, trained in mine] == [1, 0, 0, 0]


def test_nothing_follows_from_itself(client_of, coordinator, network):
    school, first, _last, deep = family(network)
    sent = SEMINAR | {"version": 1, "start": "2005-02-01", "end": "2005-02-01", "cascade_of": deep.pk}
    response = client_of(coordinator).post(page(school, "seminar_edit"), sent)
    assert "That seminar follows from this one." in str(response.context["form"].errors["cascade_of"])
    with pytest.raises(IntegrityError, match="seminar_not_a_cascade_of_itself"), transaction.atomic():
        Seminar.objects.filter(pk=first.pk).update(cascade_of=first)
    Seminar.objects.filter(pk=school.pk).update(cascade_of=deep)
    assert len(school.family()) == 4, "a circle, however it came about, is walked once"


def test_a_centre_s_people_record_which_of_their_trainers_took_part(client_of, personas, network, alpha, beta):
    seminar, roza, anna = make_seminar(network), make_trainer(alpha), make_trainer(alpha)
    gone = make_trainer(alpha, until_date=date(2004, 9, 19))
    stranger = make_trainer(beta)
    client = client_of(personas.facilitator_alpha)
    address = reverse("training:seminar_trainers", args=[seminar.pk, "alpha"])
    assert {*client.get(address).context["form"].fields["trainers"].queryset} == {roza, anna}
    for wrong in (stranger, gone):
        assert client.post(address, {"trainers": [roza.pk, wrong.pk]}).status_code == 422
    assert SeminarAttendance.objects.count() == 0
    client.post(address, {"trainers": [roza.pk, anna.pk]})
    kept = SeminarAttendance.objects.get(trainer=anna)
    client.post(address, {"trainers": [anna.pk]})
    assert SeminarAttendance.objects.get() == kept
    client.post(address, {})
    assert SeminarAttendance.objects.count() == 0


def test_nobody_sees_who_took_part_from_another_centre(client_of, personas, network, alpha, beta):
    seminar = make_seminar(network)
    for centre in (alpha, beta):
        trainer = make_trainer(centre, name=f"Secret of {centre}")
        SeminarAttendance.objects.create(centre=centre, trainer=trainer, seminar=seminar)
    for persona, names in [
        ("facilitator_alpha", ["Secret of Alpha"]),
        ("facilitator_beta", ["Secret of Beta"]),
        ("expert", ["Secret of Alpha", "Secret of Beta"]),
    ]:
        shown = client_of(getattr(personas, persona)).get(page(seminar, "seminar"))
        assert [row.trainer.name for row in shown.context["attendances"]] == names


def test_place_and_form_of_a_seminar_are_read_in_ones_own_language(client_of, coordinator, network):
    texts = {"title": "Sewing", "place": "Almaty", "place_ru": "Алматы", "form_ru": "круглый стол"}
    client_of(coordinator).post(reverse("training:seminar_new"), {"start": "2005-06-01", "end": "2005-06-02", **texts})
    row = Seminar.objects.get()
    assert (row.place, row.form) == ("Almaty", "круглый стол")
    for language, place in (("en", "Almaty"), ("ru", "Алматы")):
        coordinator.language = language
        coordinator.save()
        client = client_of(coordinator)
        for path in (reverse("training:seminars"), row.get_absolute_url()):
            assert (place in client.get(path).text, "круглый стол" in client.get(path).text) == (True, True)
