"""The dated map: a report of 2005 names the oblast of 2005."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from centres.models import AdminUnit, Place
from centres.models.network import Stay

from ..factories import make_centre, make_unit

OBLAST, RAION, SETTLEMENT = AdminUnit.Level.OBLAST, AdminUnit.Level.RAION, AdminUnit.Level.SETTLEMENT
LAST, FIRST = date(2022, 6, 7), date(2022, 6, 8)


@pytest.fixture
def almaty(db):
    return make_unit(OBLAST, name="Almaty oblast", name_ru="Алматинская область")


@pytest.fixture
def zhetisu(db):
    return make_unit(OBLAST, name="Zhetisu oblast", name_kk="Жетісу облысы")


@pytest.fixture
def eskeldi(almaty, zhetisu):
    """A raion that moved from one oblast to the other on 8 June 2022."""
    unit = make_unit(RAION, parent=almaty, name="Eskeldi raion", until_date=LAST)
    unit.placements.create(parent=zhetisu, from_date=FIRST)
    return unit


@pytest.fixture
def village(eskeldi):
    district = make_unit(AdminUnit.Level.RURAL_DISTRICT, parent=eskeldi, name="Karabulak rural district")
    return make_unit(parent=district, name="Karabulak", name_ru="Карабулак", name_kk="Қарабұлақ")


@pytest.mark.parametrize(
    ("day", "oblast"), [(date(2005, 6, 30), "Almaty oblast"), (LAST, "Almaty oblast"), (FIRST, "Zhetisu oblast")]
)
def test_the_oblast_is_that_of_the_day(village, eskeldi, day, oblast):
    place = AdminUnit.objects.places(day)[village.pk]
    assert (str(place.oblast), place.raion) == (oblast, eskeldi)


def test_stays_tell_both_oblasts(village, almaty, zhetisu, eskeldi):
    assert village.stays() == [Stay(FIRST, None, Place(zhetisu, eskeldi)), Stay(None, LAST, Place(almaty, eskeldi))]


def test_stays_leave_out_the_time_before_the_first_placement(almaty):
    unit = make_unit(parent=almaty, from_date=date(1997, 5, 1))
    assert unit.stays() == [Stay(date(1997, 5, 1), None, Place(almaty, None))]


def test_a_move_inside_a_raion_is_no_new_stay(eskeldi, village, almaty, zhetisu):
    other = make_unit(AdminUnit.Level.RURAL_DISTRICT, parent=eskeldi)
    village.move(parent=other, since=date(2010, 1, 1))
    assert [stay.place.oblast for stay in village.stays()] == [zhetisu, almaty]


def test_a_city_of_its_own_has_no_raion(almaty):
    city = make_unit(AdminUnit.Level.CITY, parent=almaty)
    alone = make_unit(AdminUnit.Level.CITY)
    places = AdminUnit.objects.places(FIRST)
    assert (places[city.pk], places[alone.pk]) == (Place(almaty, None), Place(None, None))


def test_places_take_two_queries_for_any_number(village, django_assert_num_queries):
    for _n in range(5):
        make_unit(parent=village.placements.get().parent)
    with django_assert_num_queries(2):
        assert len(AdminUnit.objects.filter(level=SETTLEMENT).places(FIRST)) == 6
    with django_assert_num_queries(2):
        village.stays()


def test_of_no_units_there_are_no_places(village):
    assert AdminUnit.objects.none().places(FIRST) == {}


def test_a_unit_lies_in_one_place_at_a_time(eskeldi, almaty):
    with pytest.raises(IntegrityError, match="placement_one_at_a_time"), transaction.atomic():
        eskeldi.placements.create(parent=almaty, from_date=date(2022, 1, 1), until_date=date(2022, 12, 31))
    with pytest.raises(IntegrityError, match="placement_dates_in_order"), transaction.atomic():
        eskeldi.placements.create(parent=almaty, from_date=date(1990, 1, 2), until_date=date(1990, 1, 1))


# --- Moving -----------------------------------------------------------------------------------------------------------


def placements(unit):
    return [
        (row.parent.name, row.from_date, row.until_date)
        for row in unit.placements.select_related("parent").order_by("from_date")
    ]


def test_a_move_ends_what_held_the_day_before(almaty, zhetisu):
    unit = make_unit(RAION, parent=almaty)
    unit.move(parent=zhetisu, since=FIRST)
    assert sorted(placements(unit), key=str) == [("Almaty oblast", None, LAST), ("Zhetisu oblast", FIRST, None)]


def test_a_second_move_on_the_same_day_corrects_the_first(almaty, zhetisu):
    unit = make_unit(RAION, parent=almaty, from_date=FIRST)
    unit.move(parent=zhetisu, since=FIRST)
    assert placements(unit) == [("Zhetisu oblast", FIRST, None)]


def test_a_move_in_the_past_lasts_until_the_next_one(almaty, zhetisu):
    unit = make_unit(RAION, parent=almaty, from_date=FIRST)
    unit.move(parent=zhetisu, since=date(2000, 1, 1))
    assert placements(unit) == [("Zhetisu oblast", date(2000, 1, 1), LAST), ("Almaty oblast", FIRST, None)]


# --- Pages ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("persona", "status"),
    [("coordinator", 200), ("expert", 403), ("facilitator_alpha", 403), ("donor", 403), ("anonymous", 302)],
)
def test_the_map_is_for_coordinators(personas, client_of, village, persona, status):
    client = client_of(getattr(personas, persona))
    pages = [reverse("centres:places"), reverse("centres:place_new"), village.get_absolute_url()]
    assert [client.get(page).status_code for page in pages] == [status] * 3


def test_the_map_is_searched_by_name_and_code(client_of, coordinator, village):
    make_unit(name="Elsewhere", kato="314851205")
    client = client_of(coordinator)

    def found(q):
        return [unit.name for unit, _place in client.get(reverse("centres:places"), {"q": q}).context["rows"]]

    assert found("қарабұлақ") == ["Karabulak"]
    assert found("карабулак") == ["Karabulak"]
    assert found("31485") == ["Elsewhere"]
    assert found("nowhere") == []


def test_a_coordinator_adds_a_village_with_its_parent(client_of, coordinator, eskeldi):
    data = {"level": "settlement", "name": "Baktybai", "name_ru": "Бактыбай", "name_kk": "", "kato": ""}
    response = client_of(coordinator).post(
        reverse("centres:place_new"), data | {"parent": eskeldi.pk, "since": "1999-01-01"}
    )
    unit = AdminUnit.objects.get(name="Baktybai")
    assert (response.status_code, response.url) == (302, unit.get_absolute_url())
    assert (unit.name_ru, unit.name_kk) == ("Бактыбай", None)
    assert placements(unit) == [("Eskeldi raion", date(1999, 1, 1), None)]


def test_one_language_is_enough_for_a_place(client_of, coordinator):
    client = client_of(coordinator)
    data = {"level": "oblast", "name_kk": "Жетісу облысы"}
    assert client.post(reverse("centres:place_new"), data).status_code == 302
    assert str(AdminUnit.objects.get()) == "Жетісу облысы"
    again = client.post(reverse("centres:place_new"), data).context["form"]
    assert again.errors == {"name_kk": ["There is already such a unit in the same place."]}
    nothing = client.post(reverse("centres:place_new"), {"level": "oblast"}).context["form"]
    assert nothing.errors == {"name": ["Write it in at least one language."]}


@pytest.mark.parametrize(
    ("level", "parent", "field", "error"),
    [
        ("oblast", "Eskeldi raion", "parent", "A unit of the level “oblast” cannot lie in one of the level “raion”."),
        ("settlement", "", "parent", "Choose what the unit lies in."),
        ("raion", "Zhetisu oblast", "name", "There is already such a unit in the same place."),
    ],
)
def test_what_cannot_be_on_the_map_is_refused(client_of, coordinator, eskeldi, level, parent, field, error):
    parent = AdminUnit.objects.filter(name=parent).first()
    data = {"level": level, "name": "Eskeldi RAION", "parent": parent.pk if parent else "", "since": ""}
    response = client_of(coordinator).post(reverse("centres:place_new"), data)
    assert (response.status_code, response.context["form"].errors) == (422, {field: [error]})


def test_a_coordinator_moves_a_raion(client_of, coordinator, almaty, zhetisu):
    unit = make_unit(RAION, parent=almaty)
    response = client_of(coordinator).post(unit.get_absolute_url(), {"parent": zhetisu.pk, "since": "2022-06-08"})
    assert response.status_code == 302
    assert AdminUnit.objects.places(LAST)[unit.pk].oblast == almaty
    assert AdminUnit.objects.places(FIRST)[unit.pk].oblast == zhetisu


def test_a_place_of_another_networks_centre_stays_where_it_is(client_of, coordinator, village, eskeldi, almaty):
    """The raion too: with it the village would move."""
    make_centre(place=village)
    for unit in (village, eskeldi):
        page = client_of(coordinator).get(unit.get_absolute_url())
        sentence = "Centres of another network lie here"
        assert (page.status_code, sentence in page.content.decode()) == (200, True)
        assert "It has moved" not in page.content.decode()
        before = placements(unit)
        response = client_of(coordinator).post(unit.get_absolute_url(), {"parent": almaty.pk, "since": "2001-01-01"})
        assert (response.status_code, sentence in response.content.decode()) == (403, True)
        assert placements(unit) == before


def test_a_place_of_ones_own_centres_moves(client_of, coordinator, network, village, eskeldi, almaty):
    make_centre(network, place=village)
    make_centre(place=make_unit(parent=almaty))
    response = client_of(coordinator).post(eskeldi.get_absolute_url(), {"parent": almaty.pk, "since": "2023-01-01"})
    assert response.status_code == 302


@pytest.mark.parametrize("since", ["0001-01-01", "2101-01-01", "9999-12-31", "31.13.2022", "x", ""])
def test_a_day_that_cannot_be_is_refused(client_of, coordinator, eskeldi, almaty, since):
    response = client_of(coordinator).post(eskeldi.get_absolute_url(), {"parent": almaty.pk, "since": since})
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["since"])


def test_of_two_moves_at_the_same_moment_one_is_told(client_of, coordinator, eskeldi, almaty, monkeypatch):
    def too_late(self, **_kwargs):
        self.placements.create(parent=almaty)

    monkeypatch.setattr(AdminUnit, "move", too_late)
    response = client_of(coordinator).post(eskeldi.get_absolute_url(), {"parent": almaty.pk, "since": "2022-06-08"})
    sentence = "Someone else has just stored the same thing. Look at it before you save again."
    assert (response.status_code, response.context["form"].non_field_errors()) == (422, [sentence])


def test_a_unit_cannot_move_into_a_smaller_one(client_of, coordinator, eskeldi):
    other = make_unit(RAION)
    response = client_of(coordinator).post(eskeldi.get_absolute_url(), {"parent": other.pk, "since": "2022-06-08"})
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["parent"])


def test_a_centre_chooses_its_settlement_by_oblast(client_of, coordinator, village, almaty):
    make_unit(parent=almaty, name="Gone", valid_until=date(2010, 1, 1))
    form = client_of(coordinator).get(reverse("centres:new")).context["form"]
    assert list(form.fields["place"].choices) == [
        ("", "---------"),
        ("Zhetisu oblast", [(village.pk, "Karabulak (Eskeldi raion)")]),
    ]


def test_a_centre_keeps_a_settlement_that_is_no_longer_on_the_map(client_of, coordinator, alpha, almaty):
    alpha.place = make_unit(parent=almaty, name="Gone", valid_until=date(2010, 1, 1))
    alpha.save()
    form = client_of(coordinator).get(reverse("centres:edit", args=["alpha"])).context["form"]
    assert ("Almaty oblast", [(alpha.place_id, "Gone")]) in list(form.fields["place"].choices)


def test_the_centres_page_tells_what_the_oblast_was(client_of, coordinator, network, village):
    centre = make_centre(network, place=village)
    text = " ".join(client_of(coordinator).get(centre.get_absolute_url()).content.decode().split())
    assert "<dt>Oblast</dt><dd>Zhetisu oblast<span" in text
    assert "Almaty oblast</span>" in text
    assert "<dt>Raion</dt><dd>Eskeldi raion</dd>" in text
