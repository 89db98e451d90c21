"""The week on the wall: what, when, where, what is free; nobody's name."""

from datetime import date, time

import pytest
from django.urls import reverse

from reports.poster import poster

from ..factories import (
    make_enrolment,
    make_group,
    make_programme,
    make_room,
    make_timetable,
    make_trainee,
    make_trainer,
)
from .reading import A3, A4, pages_of, sizes_of, type_sizes

pytestmark = pytest.mark.django_db

MONDAY = date(2005, 3, 7)


@pytest.fixture
def group(alpha):
    alpha.phone, alpha.address, alpha.email = "+7 700 000 00 00", "Abai street, 1", "alpha@clc.example"
    alpha.save()
    group = make_group(alpha, make_programme(alpha.network, title="Sewing"), name="Evening group", capacity=3)
    trainer, room = make_trainer(alpha, name="Trainer Olga"), make_room(alpha, name="Room two")
    make_timetable(group, (1, time(15), time(17), room, trainer), (4, time(9, 30), time(11), room, trainer))
    make_enrolment(group, make_trainee(alpha, surname="Secret"))
    return group


def pdf(client, **query):
    return client.get(reverse("reports:timetable_pdf", args=["alpha"]), {"week": "2005-W10", **query})


def test_it_shows_days_times_rooms_and_free_places(client_of, personas, group):
    response = pdf(client_of(personas.facilitator_alpha))
    assert 'filename="timetable-alpha-2005-W10-en.pdf"' in response.headers["Content-Disposition"]
    (text,) = pages_of(response)
    for words in ("Monday", "15:00–17:00", "Thursday", "09:30–11:00", "Sewing", "Evening group", "Room two"):
        assert words in text, words
    assert text.index("Monday") < text.index("15:00–17:00") < text.index("Thursday") < text.index("09:30–11:00")
    assert text.count("2 places left") == 2
    for words in ("+7 700 000 00 00", "Abai street, 1", "alpha@clc.example"):
        assert words in text
    assert "Tuesday" not in text


def test_nobodys_name_stands_on_it(client_of, personas, group):
    (text,) = pages_of(pdf(client_of(personas.facilitator_alpha)))
    assert "Secret" not in text
    assert "Olga" not in text


def test_a_full_group_and_one_without_a_limit_say_so(client_of, personas, group, alpha):
    for _ in range(2):
        make_enrolment(group)
    make_timetable(make_group(alpha, name="Club"), (6, time(10), time(12)))
    (text,) = pages_of(pdf(client_of(personas.facilitator_alpha)))
    assert text.count("full") == 2
    assert text.count("open to all") == 1
    assert "left" not in text


def test_groups_that_begin_soon_are_announced(alpha, personas, group):
    make_group(alpha, name="Soon", start=date(2005, 3, 20), capacity=8)
    make_group(alpha, name="Much later", start=date(2005, 6, 1))
    made = poster(alpha, personas.facilitator_alpha, MONDAY)
    assert [(line.group, line.places) for line in made.soon] == [("Soon", 8)]


@pytest.mark.parametrize(("paper", "size"), [("a4", A4), ("A3", A3), ("a0", A4)])
def test_it_comes_on_a4_or_a3_in_type_read_from_two_metres(client_of, personas, group, paper, size):
    response = pdf(client_of(personas.facilitator_alpha), paper=paper)
    assert sizes_of(response) == [size]
    assert max(type_sizes(response)) >= 30
    biggest = poster(group.centre, personas.facilitator_alpha, MONDAY).size
    assert biggest == 22


def test_many_lessons_still_fit_a_sheet_in_smaller_type(alpha, personas, client_of, group):
    for hour in (9, 11, 13):
        make_timetable(
            make_group(alpha, name=f"Group {hour}"), *[(day, time(hour), time(hour + 1)) for day in (1, 3, 5)]
        )
    response = pdf(client_of(personas.facilitator_alpha))
    assert len(pages_of(response)) == 1
    assert 13 <= poster(alpha, personas.facilitator_alpha, MONDAY).size < 22


LONG = "Ұлттық қолөнер және киіз басу өнері: ауыл әйелдеріне арналған қысқа мерзімді курс"


def test_a_long_title_stands_beside_the_time_and_two_lessons_fit_a_sheet(alpha, personas, client_of):
    group = make_group(alpha, make_programme(alpha.network, title=LONG), name="Күзгі топ", capacity=9)
    make_timetable(group, (1, time(15), time(17), make_room(alpha, name="Мектептің компьютер сыныбы"), None))
    make_timetable(make_group(alpha, group.programme, name="Қысқы топ"), (2, time(15), time(17)))
    (text,) = pages_of(pdf(client_of(personas.facilitator_alpha)))
    assert text.count("15:00–17:00 Ұлттық") == 2
    assert poster(alpha, personas.facilitator_alpha, MONDAY).size >= 18


@pytest.mark.parametrize("phone", ["", "+7 700 000 00 00"])
def test_it_says_where_to_join_also_without_a_phone(alpha, personas, client_of, phone):
    alpha.phone = phone
    alpha.save()
    (text,) = pages_of(pdf(client_of(personas.facilitator_alpha)))
    assert ("Do you want to join? Come in or call." in text, "Do you want to join? Come in." in text) == (
        bool(phone),
        not phone,
    )
    assert ("Phone:" in text) is not bool(phone)


def places_of(alpha, user):
    made = poster(alpha, user, MONDAY)
    return {(line.group, line.places, line.is_over) for day in made.days for line in day.lines}


def test_a_place_that_somebody_waits_for_is_not_offered(alpha, personas, group):
    make_enrolment(group, status="waiting", started_on=None)
    assert places_of(alpha, personas.facilitator_alpha) == {("Evening group", 1, False)}
    make_enrolment(group, status="waiting", started_on=None)
    assert places_of(alpha, personas.facilitator_alpha) == {("Evening group", 0, False)}


def test_places_are_those_of_today_and_nobody_is_invited_to_what_everybody_has_completed(alpha, personas, group):
    group.enrolments.update(status="completed", ended_on=date(2005, 3, 6))
    assert places_of(alpha, personas.facilitator_alpha) == set()
    group.enrolments.update(ended_on=date(2005, 3, 8))
    (day,) = poster(alpha, personas.facilitator_alpha, MONDAY).days
    assert [line.is_over for line in day.lines] == [True]
    make_enrolment(group)
    assert places_of(alpha, personas.facilitator_alpha) == {("Evening group", 2, False)}


def test_a_week_without_lessons_says_so(client_of, personas, group):
    (text,) = pages_of(pdf(client_of(personas.facilitator_alpha), week="2004-W10"))
    assert "No lesson is planned in this week." in text


def test_a_week_that_is_none_is_this_week(client_of, personas, group):
    assert pdf(client_of(personas.facilitator_alpha), week="x").status_code == 200


def test_the_number_of_queries_does_not_grow(alpha, coordinator, group, django_assert_num_queries):
    coordinator.reach  # noqa: B018 - loaded once per request
    for _ in range(2):
        with django_assert_num_queries(4):
            poster(alpha, coordinator, MONDAY)
        for number in range(3):
            make_timetable(make_group(alpha), (2, time(9 + number), time(10 + number)))
