"""The register of centres: who finds what, who changes what, and that no save is ever lost."""

import re
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone

from centres.models import AdminUnit, Centre, CentreAlias, Post
from centres.models.network import RESERVED
from centres.versions import EditConflict
from monitoring.models.cycle import RESERVED as CYCLES_RESERVED

from ..factories import (
    make_centre,
    make_coordinator,
    make_donor,
    make_facilitator,
    make_member,
    make_network,
    make_post,
    make_project,
    make_unit,
)

LIST = "/centres/"


def codes(client, **query):
    return [centre.code for centre, _place in client.get(LIST, query).context["rows"]]


# --- The list ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def register(network):
    """Three centres that differ in everything that can be asked for."""
    oblast = make_unit(AdminUnit.Level.OBLAST, name="Zhambyl oblast", name_ru="Жамбылская область")
    village = make_unit(parent=oblast, name="Nogaibai village", name_ru="Село Ногайбай", name_kk="Ноғайбай ауылы")
    first = make_centre(
        network, code="first", name="Kordai", name_ru="Кордай", name_kk="Қордай", kind="raion_centre", host="akimat"
    )
    first.aliases.create(name="Korday")
    make_centre(network, code="second", name="Second", place=village, legal_status="registered")
    make_centre(
        network,
        code="third",
        name="Third",
        host_name="Sewing school",
        host_name_ru="Швейное училище",
        closed=timezone.localdate() - timedelta(days=1),
    )
    return oblast


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("kordai", ["first"]),
        ("КОРДАЙ", ["first"]),
        ("қордай", ["first"]),
        ("Korday", ["first"]),
        ("first", ["first"]),
        ("nogaibai", ["second"]),
        ("ZHAMBYL", ["second"]),
        ("жамбылск", ["second"]),
        ("zhambyl kordai", []),
        ("ногайбай", ["second"]),
        ("ноғайбай", ["second"]),
        ("sewing", ["third"]),
        ("швейн", ["third"]),
        ("school sewing", ["third"]),
        ("sewing kordai", []),
        ("%", []),
        ("\x00", ["first", "second", "third"]),
    ],
)
def test_the_search_reads_every_name(client_of, coordinator, register, q, found):
    assert codes(client_of(coordinator), q=q) == found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"kind": "raion_centre"}, ["first"]),
        ({"host": "akimat"}, ["first"]),
        ({"legal_status": "registered"}, ["second"]),
        ({"state": "closed"}, ["third"]),
        ({"state": "open"}, ["first", "second"]),
        ({"state": "open", "kind": "remote_village"}, ["second"]),
        ({"kind": "palace"}, ["first", "second", "third"]),
    ],
)
def test_the_filters_narrow_the_list(client_of, coordinator, register, query, found):
    assert codes(client_of(coordinator), **query) == found


def test_the_oblast_filter_means_the_oblast_of_today(client_of, coordinator, network, register):
    today = timezone.localdate()
    former = make_unit(AdminUnit.Level.OBLAST, name="Former oblast")
    moved = make_unit(parent=former, until_date=today - timedelta(days=1))
    moved.placements.create(parent=register, from_date=today)
    make_centre(network, code="moved", place=moved)
    client = client_of(coordinator)
    assert codes(client, oblast=register.pk) == ["moved", "second"]
    choices = client.get(LIST).context["filters"].fields["oblast"].choices
    assert choices == [("", "all"), (register.pk, "Zhambyl oblast")]


def test_who_belongs_to_two_networks_can_choose_one(client_of, network, alpha):
    other = make_network(code="other")
    make_centre(other, code="theirs", name="Zet")
    both = make_coordinator(network)
    make_member("expert", network=other, user=both)
    client = client_of(both)
    assert (codes(client), codes(client, network="other")) == (["alpha", "theirs"], ["theirs"])
    assert "network" not in client_of(make_coordinator(network)).get(LIST).context["filters"].fields


def test_fifty_centres_fit_on_a_page(client_of, coordinator, network):
    for n in range(51):
        make_centre(network, code=f"c{n:02}", name=f"Name {n:02}")
    client = client_of(coordinator)
    assert codes(client) == [f"c{n:02}" for n in range(50)]
    assert codes(client, page=2, kind="remote_village") == ["c50"]
    assert "?kind=remote_village&amp;page=2" in client.get(LIST, {"kind": "remote_village"}).content.decode()


def test_the_number_of_queries_does_not_grow_with_the_rows(client_of, coordinator, network, django_assert_num_queries):
    def add():
        oblast = make_unit(AdminUnit.Level.OBLAST)
        raion = make_unit(AdminUnit.Level.RAION, parent=oblast)
        make_post(make_centre(network, place=make_unit(parent=raion)), kind="facilitator")

    client = client_of(coordinator)
    add()
    with django_assert_num_queries(11):
        client.get(LIST)
    add(), add()
    with django_assert_num_queries(11):
        assert len(client.get(LIST).context["rows"]) == 3


def test_an_empty_register_gives_coordinators_the_first_step(client_of, personas, alpha, beta):
    outsider_free = make_coordinator(make_network())
    text = client_of(outsider_free).get(LIST).content.decode()
    assert "Register the first centre" in text
    assert reverse("centres:new") in text
    assert "The coordinator has not registered one yet." in (
        client_of(make_member("expert", network=make_network())).get(LIST).content.decode()
    )
    nothing = client_of(personas.coordinator).get(LIST, {"q": "nowhere"}).content.decode()
    assert "No centre fits this search and these filters." in nothing


def test_a_donor_sees_contacts_but_no_peoples_names(client_of, personas, alpha, project):
    alpha.phone = "+7 72636 0-01-01"
    alpha.save()
    make_post(alpha, kind="facilitator", name="Saule")
    make_post(alpha, kind="chair", name="Kairat", until_date=date(2005, 1, 1))
    pages = [LIST, alpha.get_absolute_url(), "/centres/centres.csv"]
    for page in pages:
        donor, expert = (client_of(who).get(page).content.decode() for who in (personas.donor, personas.expert))
        assert ("Saule" in donor, "Kairat" in donor, "+7 72636 0-01-01" in donor) == (False, False, True)
        assert "Saule" in expert


# --- The page ---------------------------------------------------------------------------------------------------------


def test_the_page_names_todays_people_and_earlier_ones(client_of, coordinator, alpha):
    make_post(alpha, kind="facilitator", name="Nurlan", from_date=date(2005, 6, 1))
    make_post(alpha, kind="facilitator", name="Aigerim", from_date=date(2003, 10, 6), until_date=date(2005, 2, 28))
    make_post(alpha, kind="chair", name="Kairat", until_date=date(2005, 2, 28))
    head, facilitator, chair = client_of(coordinator).get(alpha.get_absolute_url()).context["offices"]
    assert (head.current, head.earlier, head.vacant_since) == ([], [], None)
    assert [[post.name for post in posts] for posts in (facilitator.current, facilitator.earlier)] == [
        ["Nurlan"],
        ["Aigerim"],
    ]
    assert ([post.name for post in chair.earlier], chair.vacant_since) == (["Kairat"], date(2005, 2, 28))


def test_a_committee_has_one_chair_at_a_time(client_of, coordinator, alpha):
    """Other posts can be shared; a chair follows another one."""
    client, path = client_of(coordinator), reverse("centres:post_new", args=["alpha", "chair"])
    former = make_post(alpha, kind="chair", name="Kairat", from_date=date(2003, 11, 3))
    term = {"name": "Saule", "from_date": "2005-03-01"}
    assert client.post(path, term).context["form"].errors == {
        "from_date": ["Kairat chairs the committee at that time. Say first on which day that ended."]
    }
    assert client.post(path, term | {"leaving": former.pk}).status_code == 302
    assert client.post(path, {"name": "Viktor", "until_date": "2003-11-02"}).status_code == 302
    terms = alpha.posts.order_by("name").values_list("name", "from_date", "until_date")
    assert list(terms) == [
        ("Kairat", date(2003, 11, 3), date(2005, 2, 28)),
        ("Saule", date(2005, 3, 1), None),
        ("Viktor", None, date(2003, 11, 2)),
    ]
    shared = reverse("centres:post_new", args=["alpha", "facilitator"])
    assert [client.post(shared, {"name": name}).status_code for name in ("Aigerim", "Nurlan")] == [302, 302]


def test_where_nobody_is_named_an_account_says_who_it_is(client_of, personas, alpha):
    def shown(persona):
        response = client_of(persona).get(alpha.get_absolute_url())
        return [[str(each.user) for each in office.accounts] for office in response.context["offices"]]

    name = str(personas.facilitator_alpha)
    assert shown(personas.expert) == [[], [name], []]
    assert shown(personas.donor) == [[], [], []]
    make_post(alpha, kind="facilitator", name="Nurlan")
    assert shown(personas.expert) == [[], [], []]


def test_what_looks_wrong_is_stored_as_given_and_flagged(client_of, coordinator, alpha):
    client = client_of(coordinator)
    given = {"address": "12 Аbay Street", "postcode": "484", "phone": "21745", "email": "alpha.mail.kz"}
    assert client.post(reverse("centres:contacts", args=["alpha"]), {"version": 1, **given}).status_code == 302
    assert Centre.objects.values(*given).get(code="alpha") == given
    text = client.get(alpha.get_absolute_url()).content.decode()
    assert text.count('class="doubt"') == 4
    assert "A number of 5 digits: with its area code it would have 10 or 11." in text
    assert "mailto:" not in text


def test_cycles_are_shown_to_those_who_may_see_them(client_of, personas, cycle, alpha):
    def shown(persona):
        text = client_of(persona).get(alpha.get_absolute_url()).content.decode()
        return f'href="{cycle.get_absolute_url()}?centre=alpha"' in text

    assert [shown(personas.expert), shown(personas.facilitator_alpha)] == [True, True]
    assert [shown(personas.facilitator_beta), shown(personas.donor)] == [False, False]


def test_published_cycles_are_shown_to_donors(client_of, personas, published, alpha):
    text = client_of(personas.donor).get(alpha.get_absolute_url()).content.decode()
    assert f'href="{published.get_absolute_url()}?centre=alpha"' in text


def test_a_donor_sees_only_her_own_projects_on_the_page(client_of, personas, network, project, alpha):
    other = make_project(network, [alpha], code="other")

    def shown(persona):
        return {row.code for row in client_of(persona).get(alpha.get_absolute_url()).context["projects"]}

    assert (shown(personas.donor), shown(personas.facilitator_beta)) == ({project.code}, {project.code, other.code})


def test_a_missing_translation_is_marked(client_of, coordinator, alpha):
    coordinator.language = "ru"
    coordinator.save()
    text = client_of(coordinator).get(alpha.get_absolute_url()).content.decode()
    assert '<span class="" lang="en">Alpha</span> <abbr class="sub other-language"' in text
    Centre.objects.filter(code="alpha").update(i18n={"name_ru": "Альфа"})
    text = client_of(coordinator).get(alpha.get_absolute_url()).content.decode()
    assert "<h1>Альфа</h1>" in text


@pytest.mark.parametrize(
    ("page", "statuses"),
    [
        ("detail", "200 200 200 200 200 404 302"),
        ("edit", "200 403 403 403 403 404 302"),
        ("contacts", "200 403 200 403 403 404 302"),
        ("history", "200 200 200 403 403 404 302"),
    ],
)
def test_who_may_open_what(client_of, personas, alpha, page, statuses):
    url = reverse(f"centres:{page}", args=["alpha"])
    order = ["coordinator", "expert", "facilitator_alpha", "facilitator_beta", "donor", "outsider", "anonymous"]
    got = [client_of(getattr(personas, persona)).get(url).status_code for persona in order]
    assert " ".join(map(str, got)) == statuses


# --- Saving -----------------------------------------------------------------------------------------------------------


def filled(client, code="alpha", page="edit"):
    """What a browser would send back from the untouched form."""
    form = client.get(reverse(f"centres:{page}", args=[code])).context["form"]
    data = {field.html_name: field.value() for field in form}
    return {name: "" if value is None else value for name, value in data.items()}


def save(client, data, code="alpha", page="edit", **changes):
    return client.post(reverse(f"centres:{page}", args=[code]), data | changes)


def test_a_coordinator_edits_everything(client_of, coordinator, alpha):
    client = client_of(coordinator)
    village = make_unit()
    response = save(
        client,
        filled(client),
        name_ru="Альфа",
        aliases="Alfa\n\n  Al  pha ",
        place=village.pk,
        host="akimat",
        host_name_kk="Әкімдік",
        closed="2020-12-31",
        legal_status="none",
    )
    assert (response.status_code, response.url) == (302, "/centres/alpha/")
    row = Centre.objects.get(code="alpha")
    assert (row.name, row.name_ru, row.name_kk, row.place, row.host) == ("Alpha", "Альфа", None, village, "akimat")
    assert (row.host_name_kk, row.closed, row.legal_status, row.version) == ("Әкімдік", date(2020, 12, 31), "none", 2)
    assert [alias.name for alias in row.aliases.all()] == ["Al pha", "Alfa"]
    assert "Its last day was 31 December 2020." in client.get("/centres/alpha/").content.decode()


def test_a_translation_that_is_emptied_is_gone(client_of, coordinator, alpha):
    client = client_of(coordinator)
    save(client, filled(client), name_ru="Альфа", name_kk="Әлфа")
    save(client, filled(client), name_ru="")
    assert Centre.objects.get(code="alpha").i18n == {"name_kk": "Әлфа"}


def test_own_people_change_contacts_and_nothing_else(client_of, personas, alpha, beta):
    client = client_of(personas.facilitator_alpha)
    response = save(client, filled(client, page="contacts"), page="contacts", phone="+7 701 111 22 33", name="Mine")
    row = Centre.objects.get(code="alpha")
    assert (response.status_code, row.phone, row.name) == (302, "+7 701 111 22 33", "Alpha")
    assert save(client, {"version": 1, "phone": "x"}, code="beta", page="contacts").status_code == 403


def test_a_second_save_from_the_same_version_loses_nothing(client_of, personas, alpha):
    coordinator, facilitator = client_of(personas.coordinator), client_of(personas.facilitator_alpha)
    hers, theirs = filled(coordinator), filled(facilitator, page="contacts")
    save(facilitator, theirs, page="contacts", phone="11111", address="Their street")
    response = save(coordinator, hers, phone="22222", name="Alpha new")
    assert response.status_code == 409
    rows = [(row.label, row.base, row.mine, row.theirs, row.keeps_mine) for row in response.context["differences"]]
    assert rows == [
        ("Name (English)", "Alpha", "Alpha new", "Alpha", True),
        ("Address", "", "", "Their street", False),
        ("Phone", "", "22222", "11111", True),
    ]
    assert Centre.objects.values("name", "phone", "address", "version").get(code="alpha") == {
        "name": "Alpha",
        "phone": "11111",
        "address": "Their street",
        "version": 2,
    }
    # The form she gets keeps her changes, takes theirs where she changed nothing, and can be saved.
    form = response.context["form"]
    again = {field.html_name: field.value() for field in form}
    assert (again["name"], again["phone"], again["address"]) == ("Alpha new", "22222", "Their street")
    assert save(coordinator, {name: value or "" for name, value in again.items()}).status_code == 302
    row = Centre.objects.get(code="alpha")
    assert (row.name, row.phone, row.address, row.version) == ("Alpha new", "22222", "Their street", 3)


def test_spellings_are_part_of_the_conflict(client_of, coordinator, alpha):
    client = client_of(coordinator)
    first, second = filled(client), filled(client)
    save(client, first, aliases="Alfa")
    response = save(client, second, aliases="Alphа")
    (row,) = response.context["differences"]
    assert (response.status_code, row.mine, row.theirs, row.keeps_mine) == (409, "Alphа", "Alfa", True)
    assert [alias.name for alias in alpha.aliases.all()] == ["Alfa"]


def test_a_conflict_names_who_saved_the_other_version(client_of, coordinator, network, alpha):
    first, second = client_of(make_coordinator(network, name="Dana Omarova")), client_of(coordinator)
    data = filled(first)
    assert save(first, data, phone="7").status_code == 302
    page = save(second, data, phone="8").content.decode()
    assert "Dana Omarova has saved this in the meantime. Nothing of yours is lost" in page


@pytest.mark.parametrize(
    "base", ['{"phone": 5}', '{"phone": {"a": "b"}}', '{"phone": [["a"]]}', "[1]", "{", "[" * 100_000]
)
def test_a_base_that_is_not_ours_counts_as_none(client_of, coordinator, alpha, base):
    client = client_of(coordinator)
    data = filled(client)
    Centre.objects.update(phone="7", version=5)
    response = save(client, data, phone="8", base=base)
    assert response.status_code == 409
    (row,) = (row for row in response.context["differences"] if row.label == "Phone")
    assert (row.base, row.mine, row.theirs) == ("", "8", "7")


def test_characters_that_nobody_sees_are_not_stored(client_of, coordinator, alpha):
    client = client_of(coordinator)
    assert save(client, filled(client), address="Abai\x0bstreet\x07", aliases="Al\x01fa\n\x02").status_code == 302
    alpha.refresh_from_db()
    assert (alpha.address, [alias.name for alias in alpha.aliases.all()]) == ("Abai street", ["Alfa"])


def test_a_long_search_looks_for_its_first_words(client_of, coordinator, register):
    words = "k o r d a i " * 16
    with CaptureQueriesContext(connection) as queries:
        assert codes(client_of(coordinator), q=words) == ["first"]
    assert max(query["sql"].count("kato") for query in queries) <= 9


def test_a_resend_of_what_stands_is_no_conflict(client_of, coordinator, alpha):
    client = client_of(coordinator)
    data = filled(client)
    assert [save(client, data, name="Twice").status_code for _n in range(2)] == [302, 302]
    assert Centre.objects.get(code="alpha").version == 2


@pytest.mark.parametrize("version", ["", "x", "0", "99"])
def test_a_save_without_the_right_version_writes_nothing(client_of, coordinator, alpha, version):
    client = client_of(coordinator)
    assert save(client, filled(client), name="Blind", version=version).status_code in (409, 422)
    assert Centre.objects.get(code="alpha").name == "Alpha"


def test_write_is_one_conditional_update(alpha, django_assert_num_queries):
    late = Centre.objects.get(pk=alpha.pk)
    alpha.phone = "1"
    with django_assert_num_queries(1):
        alpha.write(version=1)
    late.phone = "2"
    with pytest.raises(EditConflict) as conflict:
        late.write(version=1)
    assert (conflict.value.theirs.phone, conflict.value.theirs.version) == ("1", 2)


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("aliases", "Alfa\nALFA", "“ALFA” is listed twice."),
        ("aliases", "Betta", "“Betta” is already a name of the centre Beta (beta). Add the raion to tell them apart."),
        ("aliases", " бета ", "“бета” is already a name of the centre Beta (beta). Add the raion to tell them apart."),
        ("name", "BETA", "“BETA” is already a name of the centre Beta (beta). Add the raion to tell them apart."),
        ("name_ru", "Бета", "“Бета” is already a name of the centre Beta (beta). Add the raion to tell them apart."),
        ("closed", "2001-01-01", "The centre closes before it opens."),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(client_of, coordinator, alpha, beta, field, value, error):
    Centre.objects.filter(code="beta").update(i18n={"name_ru": "Бета"})
    beta.aliases.create(name="Betta")
    client = client_of(coordinator)
    response = save(client, filled(client), **{field: value})
    assert response.status_code == 422
    assert [found for errors in response.context["form"].errors.values() for found in errors] == [error]
    assert error in response.content.decode()


def test_another_network_may_use_the_same_names(client_of, coordinator, alpha):
    make_centre(make_network(), code="delta", name="Delta")
    client = client_of(coordinator)
    assert save(client, filled(client), aliases="Delta").status_code == 302


def test_own_names_may_be_listed_as_spellings(client_of, coordinator, alpha):
    client = client_of(coordinator)
    assert save(client, filled(client), aliases="ALPHA").status_code == 302


# --- New centres ------------------------------------------------------------------------------------------------------

MINIMAL = {"name": "Kara Bulak", "kind": "city", "host": "own", "legal_status": "unknown"}


def test_a_new_centre_gets_a_code_from_its_name(client_of, coordinator, network):
    client = client_of(coordinator)
    for code in ("kara-bulak", "kara-bulak-2"):
        name = f"Kara Bulak{' ' * (code[-1] == '2')}{'(2)' * (code[-1] == '2')}"
        response = client.post(
            reverse("centres:new"), MINIMAL | {"name": name, "code": "", "aliases": "Karabulak" * (code[-1] != "2")}
        )
        assert response.url == f"/centres/{code}/"
    row = Centre.objects.get(code="kara-bulak")
    assert (row.network, row.version, [alias.name for alias in row.aliases.all()]) == (network, 1, ["Karabulak"])


@pytest.mark.parametrize(
    ("names", "code"),
    [
        ({"name_ru": "Кордай"}, "kordai"),
        ({"name_kk": "Қордай"}, "kordai"),
        ({"name_ru": "Чёрный Яр", "name_kk": "Қара жар"}, "chyornyi-yar"),
        ({"name_kk": "Әйтеке би · Үшөткел"}, "aiteke-bi-ushotkel"),
        ({"name": "—", "name_kk": "Һә"}, "ha"),
    ],
)
def test_one_language_is_enough_and_gives_the_code(client_of, coordinator, names, code):
    response = client_of(coordinator).post(reverse("centres:new"), MINIMAL | {"name": "", "code": ""} | names)
    assert (response.status_code, response.headers.get("Location")) == (302, f"/centres/{code}/")
    row = Centre.objects.get()
    assert row.name == next(iter(names.values()))
    form = client_of(coordinator).get(reverse("centres:edit", args=[code])).context["form"]
    assert {name: form[name].value() or "" for name in ("name", "name_ru", "name_kk")} == {
        "name": "",
        "name_ru": "",
        "name_kk": "",
        **names,
    }


@pytest.mark.parametrize(
    ("name", "errors"),
    [
        ("「」", {"code": ["Write a code: the name gives none."]}),
        (" ", {"name": ["Write it in at least one language."]}),
    ],
)
def test_what_is_missing_is_said_where_it_is_missing(client_of, coordinator, name, errors):
    response = client_of(coordinator).post(reverse("centres:new"), MINIMAL | {"name": name, "code": ""})
    assert response.context["form"].errors == errors


def test_a_name_that_is_taken_is_refused_once_where_it_was_typed(client_of, coordinator, alpha):
    Centre.objects.filter(code="alpha").update(i18n={"name_ru": "Альфа"})
    response = client_of(coordinator).post(reverse("centres:new"), MINIMAL | {"name": "", "name_ru": "АЛЬФА"})
    assert list(response.context["form"].errors) == ["name_ru"]


def test_the_form_asks_the_name_first_and_tells_where_places_come_from(client_of, coordinator):
    page = client_of(coordinator).get(reverse("centres:new"))
    fields = [field.name for _title, rows in page.context["form"].sections() for row in rows for field in row]
    assert fields[:5] == ["name", "name_ru", "name_kk", "code", "aliases"]
    link = f'<a href="{reverse("centres:places")}" target="_blank">Places</a>'
    assert f"Is it missing? Add it under {link}." in page.content.decode()


@pytest.mark.parametrize("code", ["new", "projects", "places", "import", "history"])
def test_words_of_our_own_addresses_are_no_codes(client_of, coordinator, network, code):
    response = client_of(coordinator).post(reverse("centres:new"), MINIMAL | {"code": code})
    sentence = "This word is part of the system's own addresses. Choose another code."
    assert response.context["form"].errors == {"code": [sentence]}
    with pytest.raises(ValidationError):
        Centre(network=network, code=code, name="x", kind="city", host="own").full_clean()
    with pytest.raises(IntegrityError, match="centre_code_not_reserved"), transaction.atomic():
        make_centre(network, code=code)


def addresses(patterns=None, before=""):
    """Every address of the system as its pattern, the administrator's apart."""
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(pattern, URLPattern):
            yield before + str(pattern.pattern)
        elif pattern.namespace != "admin":
            yield from addresses(pattern.url_patterns, before + str(pattern.pattern))


def beside(slots):
    """The words that stand in some address where another one has one of these slots."""
    parts = [address.split("/") for address in addresses()]
    places = {tuple(part[: index + 1]) for part in parts for index, word in enumerate(part) if word in slots}
    return {
        part[len(place) - 1]
        for place in places
        for part in parts
        if tuple(part[: len(place) - 1]) == place[:-1] and re.fullmatch(r"[-\w]+", (part + [""] * 9)[len(place) - 1])
    }


def test_every_word_beside_a_centres_or_projects_code_is_reserved():
    assert beside({"<slug:code>", "<slug:centre>"}) == set(RESERVED)


def test_every_word_beside_a_cycles_code_is_reserved():
    words = beside({"<slug:cycle>"})
    assert {"new", "templates"} <= words <= CYCLES_RESERVED


def test_a_code_made_from_a_name_is_no_reserved_word(client_of, coordinator):
    client_of(coordinator).post(reverse("centres:new"), MINIMAL | {"name": "History", "code": ""})
    assert Centre.objects.get().code == "history-2"


def test_a_coordinator_of_two_networks_says_for_which(client_of, network):
    other = make_network()
    both = make_coordinator(network)
    make_member("coordinator", network=other, user=both)
    client = client_of(both)
    assert client.post(reverse("centres:new"), MINIMAL).context["form"].errors == {
        "network": ["This field is required."]
    }
    client.post(reverse("centres:new"), MINIMAL | {"network": other.pk})
    assert Centre.objects.get().network == other


def test_nobody_registers_a_centre_elsewhere(client_of, coordinator, personas, network):
    elsewhere = make_network()
    client_of(coordinator).post(reverse("centres:new"), MINIMAL | {"code": "mine", "network": elsewhere.pk})
    assert Centre.objects.get(code="mine").network == network
    others = [personas.expert, personas.facilitator_alpha, personas.donor]
    assert [client_of(other).post(reverse("centres:new"), MINIMAL).status_code for other in others] == [403] * 3


# --- Posts ------------------------------------------------------------------------------------------------------------


def test_a_newcomer_ends_the_term_of_the_one_before(client_of, coordinator, alpha):
    before = make_post(alpha, kind="facilitator", name="Aigerim", from_date=date(2003, 10, 6))
    make_post(alpha, kind="head", name="Serik")
    client, url = client_of(coordinator), reverse("centres:post_new", args=["alpha", "facilitator"])
    assert [post.name for post in client.get(url).context["form"].fields["leaving"].queryset] == ["Aigerim"]
    response = client.post(url, {"name": "Nurlan", "from_date": "2005-06-01", "leaving": [before.pk]})
    assert response.url == "/centres/alpha/"
    assert list(alpha.posts.filter(kind="facilitator").values_list("name", "from_date", "until_date", "version")) == [
        ("Nurlan", date(2005, 6, 1), None, 1),
        ("Aigerim", date(2003, 10, 6), date(2005, 5, 31), 2),
    ]


@pytest.mark.parametrize(
    ("since", "error"),
    [
        ("", "Say since when, so that the others leave the day before."),
        ("2003-10-06", "Aigerim came to the post only later."),
        ("0001-01-01", "The year lies between 1900 and 2100."),
    ],
)
def test_nobody_leaves_before_she_came(client_of, coordinator, alpha, since, error):
    before = make_post(alpha, kind="facilitator", name="Aigerim", from_date=date(2003, 10, 6))
    url = reverse("centres:post_new", args=["alpha", "facilitator"])
    response = client_of(coordinator).post(url, {"name": "Nurlan", "from_date": since, "leaving": [before.pk]})
    assert (response.status_code, response.context["form"].errors) == (422, {"from_date": [error]})
    assert alpha.posts.count() == 1


def test_posts_have_versions_too(client_of, coordinator, alpha):
    post = make_post(alpha, name="Serik")
    client, url = client_of(coordinator), reverse("centres:post_edit", args=["alpha", post.pk])
    assert client.post(url, {"version": 1, "name": "Serik Zhumatayev"}).status_code == 302
    assert client.post(url, {"version": 1, "name": "Marat"}).status_code == 409
    assert Post.objects.get().name == "Serik Zhumatayev"


def test_a_post_entered_by_mistake_is_deleted_and_stays_in_the_history(client_of, coordinator, alpha):
    post = make_post(alpha, name="Nobody")
    client = client_of(coordinator)
    assert client.get(reverse("centres:post_delete", args=["alpha", post.pk])).status_code == 405
    assert client.post(reverse("centres:post_delete", args=["alpha", post.pk])).status_code == 302
    assert list(alpha.posts.all()) == []
    assert "Nobody" in client.get(reverse("centres:history", args=["alpha"])).content.decode()


def test_the_centres_own_people_name_the_chair_and_nobody_else(client_of, personas, alpha):
    client, committee = client_of(personas.facilitator_alpha), reverse("centres:committee", args=["alpha"])
    head = make_post(alpha)
    assert client.get(reverse("centres:post_new", args=["alpha", "head"])).status_code == 403
    assert client.post(reverse("centres:post_edit", args=["alpha", head.pk]), {"name": "X"}).status_code == 403
    new = reverse("centres:post_new", args=["alpha", "chair"])
    assert client.get(committee).context["chair"].current == []
    assert new in client.get(committee).content.decode()
    response = client.post(new, {"name": "Kairat", "from_date": "2005-01-01"})
    assert (response.status_code, response.headers["Location"]) == (302, committee)
    (chair,) = client.get(committee).context["chair"].current
    edit = reverse("centres:post_edit", args=["alpha", chair.pk])
    client.post(edit, {"version": 1, "name": "Kairat", "from_date": "2005-01-01", "until_date": "2005-03-01"})
    office = client.get(committee).context["chair"]
    assert (office.current, office.vacant_since) == ([], date(2005, 3, 1))
    for reader in (personas.expert, personas.facilitator_beta):
        assert client_of(reader).get(new).status_code == 403
        assert client_of(reader).post(edit, {"version": 2, "name": "X"}).status_code == 403
    assert new not in client_of(personas.expert).get(committee).content.decode()
    assert "Kairat" in client.get(reverse("centres:tab_history", args=["alpha", "committee"])).content.decode()
    assert client.post(reverse("centres:post_delete", args=["alpha", chair.pk])).headers["Location"] == committee
    assert list(alpha.posts.all()) == [head]


def test_posts_of_another_centre_are_not_found(client_of, coordinator, personas, alpha, beta):
    post = make_post(beta)
    client = client_of(coordinator)
    assert client.get(reverse("centres:post_edit", args=["alpha", post.pk])).status_code == 404
    assert client.post(reverse("centres:post_delete", args=["alpha", post.pk])).status_code == 404
    assert client.get(reverse("centres:post_new", args=["alpha", "cook"])).status_code == 404
    url = reverse("centres:post_edit", args=["beta", post.pk])
    others = [personas.expert, personas.facilitator_beta, personas.donor, personas.outsider]
    assert [client_of(other).post(url, {}).status_code for other in others] == [403, 403, 403, 404]


# --- History ----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)  # events are told apart by the time of their transaction
def test_the_history_tells_who_changed_what(client_of, coordinator, alpha):
    alpha.aliases.create(name="Alfa")
    client = client_of(coordinator)
    save(client, filled(client), name_ru="Альфа", host="akimat", aliases="Alfa\nAlpfa", opened="2004-01-31")
    save(client, filled(client), aliases="Alfa")
    latest, middle, *first = client.get(reverse("centres:history", args=["alpha"])).context["page"]
    assert (latest.by, [(change.what, change.kind, change.fields) for change in latest.changes]) == (
        coordinator,
        [("Other spelling", "delete", [("Name", "Alpfa", "")])],
    )
    assert (middle.by, [(change.what, change.kind, change.fields) for change in middle.changes]) == (
        coordinator,
        [
            (
                "Centre",
                "update",
                [
                    ("Hosted by", "library", "akimat"),
                    ("Opened", "1 September 2003", "31 January 2004"),
                    ("Name (Русский)", "", "Альфа"),
                ],
            ),
            ("Other spelling", "insert", [("Name", "", "Alpfa")]),
        ],
    )
    assert {entry.by for entry in first} == {None}
    assert {change.kind for entry in first for change in entry.changes} == {"insert"}


# --- Sets -------------------------------------------------------------------------------------------------------------


def test_open_on_a_day(network):
    make_centre(network, code="always", opened=None)
    make_centre(network, code="then", opened=date(2003, 1, 1), closed=date(2005, 12, 31))
    for day, found in [
        (date(2002, 1, 1), {"always"}),
        (date(2005, 12, 31), {"always", "then"}),
        (date(2006, 1, 1), {"always"}),
    ]:
        assert {centre.code for centre in Centre.objects.open_on(day)} == found


def test_own_people_are_members_and_donors_are_not(network, alpha, project):
    from centres.models import Network

    facilitator, donor = make_facilitator(alpha), make_donor(project)
    assert list(Network.objects.joined_by(facilitator)) == [network]
    assert list(Network.objects.joined_by(donor)) == []
    assert list(Network.objects.visible_to(donor)) == [network]


def test_an_alias_comes_once_per_centre(alpha):
    alpha.aliases.create(name="Alfa")
    with pytest.raises(IntegrityError, match="centrealias_once"), transaction.atomic():
        CentreAlias.objects.create(centre=alpha, name="ALFA")
