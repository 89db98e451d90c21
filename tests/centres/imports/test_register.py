"""A list of centres comes in as a whole or not at all, and its preview says what it will do."""

import csv
import io
from datetime import date

import openpyxl
import pytest
from django.utils import translation

from centres.imports import register
from centres.imports.register import recognise
from centres.models import AdminUnit, Centre, CentreAlias, Post
from centres.resources import COLUMNS, heading

from ...factories import make_centre, make_coordinator, make_member, make_network, make_unit

UPLOAD, CONFIRM = "/centres/import/", "/centres/import/confirm/"
HEAD = ["Code", "Name (English)", "Kind", "Hosted by"]
NEW = {"Name (English)": "Sortobe", "Kind": "remote village", "Hosted by": "library"}


def as_csv(*rows):
    """A CSV file of dictionaries, all columns of all rows."""
    head = list(dict.fromkeys(name for row in rows for name in row))
    stream = io.StringIO()
    writer = csv.DictWriter(stream, head, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode()


def upload(client, data, name="list.csv", **fields):
    file = io.BytesIO(data)
    file.name = name
    return client.post(UPLOAD, {"file": file, **fields})


def confirm(client, preview):
    return client.post(CONFIRM, {field.html_name: field.value() for field in preview.context["form"]})


def load(client, *rows):
    """Upload and confirm."""
    preview = upload(client, as_csv(*rows))
    assert preview.status_code == 200, problems(preview)
    response = confirm(client, preview)
    assert (response.status_code, response.headers.get("Location")) == (302, "/centres/")
    return preview.context["outcome"]


def problems(response):
    assert response.status_code == 422
    return [(problem.row, problem.column, problem.sentence) for problem in response.context["problems"]]


@pytest.fixture
def client(client_of, coordinator):
    return client_of(coordinator)


@pytest.fixture
def kordai_raion(db):
    oblast = make_unit(AdminUnit.Level.OBLAST, name="Zhambyl oblast", name_ru="Жамбылская область")
    return make_unit(AdminUnit.Level.RAION, parent=oblast, name="Kordai raion", name_kk="Қордай ауданы")


# --- What comes in ----------------------------------------------------------------------------------------------------


def test_a_new_centre_with_everything(client, network, kordai_raion):
    village = make_unit(parent=kordai_raion, name="Sortobe", name_ru="Сортобе")
    row = NEW | {
        "Code": "srt",
        "Name (Русский)": "Сортобе",
        "Name (Қазақша)": "Сортөбе",
        "Other spellings": "Sortobe CLC; Sartobe",
        "Name of the host (English)": "Village library",
        "Name of the host (Қазақша)": "Ауыл кітапханасы",
        "Legal status": "registered legal entity",
        "Settlement": "СОРТОБЕ",
        "Oblast": "Жамбылская область",
        "Raion": "Қордай ауданы",
        "Opened": "15.09.2003",
        "Closed": "2010-12-31",
        "Address": "27 Bostan Street",
        "Post code": "080431",
        "Phone": "'+7 72636 0-01-01",
        "E-mail": "sortobe@clc.example",
        "Head of centre": "Yusup",
        "Facilitator": "Zukhra; Amina",
        "Chair of the committee": "Gulsim",
    }
    load(client, row)
    centre = Centre.objects.get()
    assert {name: getattr(centre, name) for name in COLUMNS if hasattr(centre, name) and name != "aliases"} == {
        "network": network,
        "code": "srt",
        "name": "Sortobe",
        "name_ru": "Сортобе",
        "name_kk": "Сортөбе",
        "kind": "remote_village",
        "host": "library",
        "host_name": "Village library",
        "host_name_ru": None,
        "host_name_kk": "Ауыл кітапханасы",
        "legal_status": "registered",
        "place": village,
        "opened": date(2003, 9, 15),
        "closed": date(2010, 12, 31),
        "address": "27 Bostan Street",
        "postcode": "080431",
        "phone": "+7 72636 0-01-01",
        "email": "sortobe@clc.example",
    }
    assert sorted(CentreAlias.objects.values_list("name", flat=True)) == ["Sartobe", "Sortobe CLC"]
    assert sorted(Post.objects.values_list("kind", "name")) == [
        ("chair", "Gulsim"),
        ("facilitator", "Amina"),
        ("facilitator", "Zukhra"),
        ("head", "Yusup"),
    ]


def test_words_and_headings_are_read_in_every_language(client, network):
    for language, code in (("ru", "one"), ("kk", "two"), ("en", "three")):
        with translation.override(language):
            head = {name: heading(name) for name in COLUMNS}
            kind, host = Centre.Kind.SCHOOL.label, Centre.Host.VET_SCHOOL.label
            row = {head["code"]: code, head["name"]: code, head["kind"]: str(kind), head["host"]: str(host)}
        load(client, row)
    assert list(Centre.objects.values_list("code", "kind", "host")) == [
        (code, "school", "vet_school") for code in ("one", "three", "two")
    ]


def test_codes_and_columns_of_our_own_are_read_too(client):
    load(client, {"name": "One", "kind": "city", "host": "own", "legal_status": "none"})
    assert Centre.objects.values_list("code", "kind", "host", "legal_status").get() == ("one", "city", "own", "none")


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_no_two_columns_share_a_heading(language):
    with translation.override(language):
        assert len({heading(name) for name in COLUMNS}) == len(COLUMNS)


def test_a_download_comes_back_without_a_change(client, network, kordai_raion):
    load(client, NEW | {"Settlement": "Sortobe", "Raion": "Kordai raion", "Facilitator": "Zukhra", "Phone": "+7 1"})
    for extension in ("csv", "xlsx"):
        content = client.get(f"/centres/centres.{extension}").content
        outcome = upload(client, content, f"list.{extension}").context["outcome"]
        assert ([change.kind for change in outcome.changes], outcome.places) == (["skip"], [])


def test_the_empty_table_holds_the_headings(client):
    sheet = openpyxl.load_workbook(io.BytesIO(client.get("/centres/import/empty.xlsx").content)).active
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [[heading(name) for name in COLUMNS]]


def test_two_hundred_centres_come_in_at_once(client, network, kordai_raion):
    rows = [
        NEW | {"Name (English)": f"Centre {n}", "Settlement": f"Village {n}", "Raion": "Kordai raion"}
        for n in range(200)
    ]
    load(client, *rows)
    assert (network.centres.count(), AdminUnit.objects.filter(level="settlement").count()) == (200, 200)


# --- Which centre is meant --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "row", [{"Code": "first", "Name (English)": "First"}, {"Name (English)": "первый"}, {"Name (English)": "Erste"}]
)
def test_a_registered_centre_is_known_by_code_name_and_spelling(client, network, row):
    centre = make_centre(network, code="first", name="First", name_ru="Первый", phone="old")
    centre.aliases.create(name="Erste")
    outcome = load(client, row | {"Phone": "new"})
    assert [(change.code, change.kind) for change in outcome.changes] == [("first", "update")]
    assert ("Phone", "old", "new") in outcome.changes[0].fields
    centre.refresh_from_db()
    assert (centre.phone, centre.version) == ("new", 2)


def test_what_is_empty_stays_and_nothing_is_deleted(client, network):
    centre = make_centre(network, code="first", name="First", phone="old", address="Street")
    centre.aliases.create(name="Erste")
    posts = centre.posts.create(kind="head", name="Maira")
    load(
        client,
        {"Code": "first", "Name (English)": "First", "Phone": "", "Other spellings": "Premier", "Head of centre": "X"},
    )
    centre.refresh_from_db()
    assert (centre.phone, centre.address) == ("old", "Street")
    assert [alias.name for alias in centre.aliases.all()] == ["Erste", "Premier"]
    assert list(centre.posts.all()) == [posts]


def test_the_same_list_twice_changes_nothing(client, kordai_raion):
    row = NEW | {"Settlement": "Sortobe", "Raion": "Kordai raion", "Other spellings": "Sartobe"}
    load(client, row)
    outcome = upload(client, as_csv(row)).context["outcome"]
    assert ([change.kind for change in outcome.changes], outcome.unchanged) == (["skip"], 1)


# --- Places -----------------------------------------------------------------------------------------------------------


def test_a_settlement_is_found_by_its_kato_code(client, kordai_raion):
    village = make_unit(parent=kordai_raion, name="Sortobe", kato="314851205")
    load(client, NEW | {"KATO code": "314851205"})
    assert Centre.objects.get().place == village


def test_a_settlement_that_is_not_on_the_map_is_added_once_below_its_raion(client, kordai_raion):
    place = {"Settlement": "Sortobe", "Raion": "Kordai raion", "Oblast": "Zhambyl oblast"}
    outcome = load(client, NEW | place, NEW | place | {"Name (English)": "Sortobe 2"})
    unit = AdminUnit.objects.get(name="Sortobe")
    assert outcome.places == ["Sortobe (Kordai raion)"]
    assert (unit.level, unit.placements.get().parent, unit.centres.count()) == ("settlement", kordai_raion, 2)


def test_namesakes_are_told_apart_by_their_raion(client, kordai_raion):
    other = make_unit(AdminUnit.Level.RAION, name="Other raion")
    make_unit(parent=other, name="Sortobe")
    meant = make_unit(parent=kordai_raion, name="Sortobe")
    assert problems(upload(client, as_csv(NEW | {"Settlement": "Sortobe"}))) == [
        (2, "D", "Several places are called “Sortobe”. Give the raion too.")
    ]
    load(client, NEW | {"Settlement": "Sortobe", "Raion": "Kordai raion"})
    assert Centre.objects.get().place == meant


@pytest.mark.parametrize(
    ("place", "column", "sentence"),
    [
        ({"Settlement": "Nowhere"}, "D", "“Nowhere” is not on the map. Give its raion or oblast too, and it is added."),
        (
            {"Settlement": "X", "Raion": "No raion"},
            "D",
            "No raion or oblast called “No raion” is on the map. Add it under “Places” first.",
        ),
        ({"KATO code": "123456789"}, "", "Settlement: No settlement with the KATO code 123456789 is on the map."),
    ],
)
def test_places_that_cannot_be_found(client, place, column, sentence):
    assert problems(upload(client, as_csv(NEW | place))) == [(2, column, sentence)]
    assert not AdminUnit.objects.exists()


# --- What is refused --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "column", "sentence"),
    [
        ({"Kind": "palace"}, "B", "“palace” is none of: city, raion centre, remote village, school."),
        ({"Kind": ""}, "B", "This field cannot be blank."),
        ({"Opened": "09/08/2003"}, "D", "“09/08/2003” is no date. Write it as 2005-12-31 or 31.12.2005."),
        ({"Opened": "2005-02-30"}, "D", "“2005-02-30” is no date. Write it as 2005-12-31 or 31.12.2005."),
        ({"Opened": "2005-01-02", "Closed": "2005-01-01"}, "", "The centre closes before it opens."),
        ({"Code": "new"}, "D", "This word is part of the system's own addresses. Choose another code."),
        ({"Code": "не код"}, "D", "Enter a valid “slug” consisting of letters, numbers, underscores or hyphens."),
        ({"Network": "elsewhere"}, "D", "This row belongs to another network: “elsewhere”."),
        ({"Name (English)": ""}, "A", "This row names no centre."),
        ({"Name (English)": "「」"}, "", "Write a code for “「」”: the name gives none."),
        (
            {"Other spellings": "Alpha"},
            "D",
            "“Alpha” is already a name of the centre Alpha (alpha). Add the raion to tell them apart.",
        ),
        (
            {"Code": "other", "Name (English)": "Alpha"},
            "A",
            "“Alpha” is already a name of the centre Alpha (alpha). Add the raion to tell them apart.",
        ),
        ({"Phone": "1" * 201}, "D", "Ensure this value has at most 200 characters (it has 201)."),
    ],
)
def test_every_error_names_its_row_and_column(client, alpha, row, column, sentence):
    response = upload(client, as_csv({"Name (English)": "Fine", "Kind": "city", "Hosted by": "own"}, NEW | row))
    assert problems(response) == [(3, column, sentence)]
    assert list(Centre.objects.all()) == [alpha]


def test_all_errors_are_told_at_once(client, alpha):
    response = upload(
        client, as_csv(NEW | {"Kind": "x", "Opened": "y"}, NEW | {"Name (English)": "B", "Hosted by": "z"})
    )
    assert [(row, column) for row, column, _sentence in problems(response)] == [(2, "B"), (2, "D"), (3, "C")]


def test_a_row_without_a_name_does_not_hide_the_errors_of_the_others(client, alpha):
    response = upload(client, as_csv(NEW | {"Name (English)": ""}, NEW | {"Kind": "x"}))
    assert [(row, column) for row, column, _sentence in problems(response)] == [(2, "A"), (3, "B")]


def test_what_looks_wrong_is_a_hint_and_comes_in_as_given(client):
    preview = upload(client, as_csv(NEW | {"Phone": "21745"}))
    (hint,) = preview.context["problems"]
    assert (hint.row, hint.column, hint.is_error) == (2, "D", False)
    assert hint.sentence == "A number of 5 digits: with its area code it would have 10 or 11."
    assert confirm(client, preview).status_code == 302
    assert Centre.objects.get().phone == "21745"


def test_one_centre_in_two_rows(client):
    response = upload(client, as_csv(NEW | {"Code": "a"}, NEW | {"Code": "a", "Name (English)": "B"}))
    assert problems(response) == [(3, "A", "This is the same centre as in row 2.")]


def test_two_rows_cannot_share_a_name(client):
    response = upload(client, as_csv(NEW | {"Code": "a"}, NEW | {"Code": "b"}))
    sentence = "“Sortobe” is already a name of the centre Sortobe (a). Add the raion to tell them apart."
    assert problems(response) == [(3, "A", sentence)]


def test_a_code_of_another_network_is_taken(client):
    make_centre(make_network(), code="theirs")
    ((row, column, sentence),) = problems(upload(client, as_csv(NEW | {"Code": "theirs"})))
    assert (row, column, sentence) == (2, "D", "Centre with this Code already exists.")


def test_unknown_columns_are_a_hint_doubled_ones_an_error(client):
    response = upload(client, as_csv(NEW | {"Colour": "red"}))
    (hint,) = response.context["problems"]
    assert (response.status_code, hint.sentence, hint.column) == (
        200,
        "The column “Colour” is not known and is left out.",
        "D",
    )
    assert problems(upload(client, as_csv(NEW | {"kind": "city"}))) == [(1, "D", "The column “kind” comes twice.")]


def test_formulas_and_errors_in_cells_are_refused(client):
    book = openpyxl.Workbook()
    book.active.append(["Name (English)", "Kind", "Hosted by", "Phone"])
    book.active.append(["A", "city", "own", "=1+1"])
    book.active.append(["B", "city", "own", "#REF!"])
    stream = io.BytesIO()
    book.save(stream)
    assert problems(upload(client, stream.getvalue())) == [
        (2, "D", "This cell holds a formula. Put its value there instead."),
        (3, "D", "This cell holds the error #REF!."),
    ]


def test_headings_may_stand_below_a_title(client, network):
    text = "Our centres,,\n,,\nName (English),Kind,Hosted by\nA,city,own\n"
    assert upload(client, text.encode()).status_code == 200


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"a,b\n1,2\n", "No row with the heading “Name (English)” was found. Start from the empty table below."),
        (b"Name (English),Kind\n", "Below the headings there is no centre."),
    ],
)
def test_a_table_that_is_no_list(client, data, sentence):
    assert [found for _row, _column, found in problems(upload(client, data))] == [sentence]


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7 x", b"PK\x03\x04 broken", b"\x00\x01\x02\x03" * 50])
def test_a_file_that_is_no_table_gets_one_sentence(client, data):
    response = upload(client, data)
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["file"])


def test_too_long_a_list_is_refused(client, monkeypatch):
    monkeypatch.setattr(register, "ROWS", 1)
    response = upload(client, as_csv(NEW, NEW | {"Name (English)": "B"}))
    assert [found for _row, _column, found in problems(response)] == [
        "The list has 2 centres; the limit is 1. Split it into several files."
    ]


# --- Preview and confirmation -----------------------------------------------------------------------------------------


def test_a_preview_writes_nothing(client, kordai_raion):
    upload(client, as_csv(NEW | {"Settlement": "Sortobe", "Raion": "Kordai raion"}))
    assert not Centre.objects.exists()
    assert not AdminUnit.objects.filter(level="settlement").exists()


def test_the_preview_is_shown_anew_when_the_register_has_changed(client, network):
    centre = make_centre(network, code="first", name="First", phone="old")
    preview = upload(client, as_csv({"Code": "first", "Name (English)": "First", "Phone": "new"}))
    Centre.objects.filter(pk=centre.pk).update(phone="newer", version=2)
    again = confirm(client, preview)
    assert (again.status_code, again.context["outcome"].changes[0].fields) == (409, [("Phone", "newer", "new")])
    centre.refresh_from_db()
    assert centre.phone == "newer"
    assert confirm(client, again).status_code == 302
    centre.refresh_from_db()
    assert centre.phone == "new"


def test_a_confirmation_works_once_and_changes_nothing_the_second_time(client):
    preview = upload(client, as_csv(NEW))
    assert [confirm(client, preview).status_code for _n in range(2)] == [302, 409]
    assert Centre.objects.count() == 1


def test_a_confirmation_cannot_be_made_up(client, coordinator, client_of):
    preview = upload(client, as_csv(NEW))
    data = {field.html_name: field.value() for field in preview.context["form"]}
    assert client.post(CONFIRM, data | {"sealed": data["sealed"][:-3] + "abc"}).url == UPLOAD
    assert client.post(CONFIRM, {}).url == UPLOAD
    assert not Centre.objects.exists()


def test_nobody_imports_into_a_network_that_she_does_not_run(client_of, coordinator, network):
    other = make_network()
    client = client_of(coordinator)
    assert list(upload(client, as_csv(NEW), network=other.pk).context["form"].errors) == ["network"]
    preview = upload(client, as_csv(NEW))
    data = {field.html_name: field.value() for field in preview.context["form"]} | {"network": other.pk}
    assert client.post(CONFIRM, data).url == UPLOAD
    assert not Centre.objects.exists()


def test_a_coordinator_of_two_networks_chooses(client_of, network):
    other = make_network()
    both = make_coordinator(network)
    make_member("coordinator", network=other, user=both)
    client = client_of(both)
    assert list(upload(client, as_csv(NEW)).context["form"].errors) == ["network"]
    assert confirm(client, upload(client, as_csv(NEW), network=other.pk)).status_code == 302
    assert Centre.objects.get().network == other


@pytest.mark.parametrize(
    ("persona", "statuses"),
    [("expert", [403] * 4), ("facilitator_alpha", [403] * 4), ("donor", [403] * 4), ("anonymous", [302] * 4)],
)
def test_only_coordinators_import(client_of, personas, persona, statuses):
    client = client_of(getattr(personas, persona))
    got = [
        client.get(UPLOAD),
        upload(client, as_csv(NEW)),
        client.post(CONFIRM, {}),
        client.get("/centres/import/empty.xlsx"),
    ]
    assert [response.status_code for response in got] == statuses


def test_a_hidden_sheet_is_not_the_list():
    book = openpyxl.Workbook()
    book.active.append(["Name (English)"])
    book.active.append(["Hidden"])
    book.active.sheet_state = "hidden"
    seen = book.create_sheet("Seen")
    seen.append(["Name (English)"])
    seen.append(["Visible"])
    book.active = 1
    stream = io.BytesIO()
    book.save(stream)
    assert recognise(stream.getvalue()).rows == {2: {"name": "Visible"}}


@pytest.mark.parametrize("day", ["1899-12-31", "01.01.2101"])
def test_a_day_out_of_all_time_is_refused(client, day):
    found = problems(upload(client, as_csv({**NEW, "Opened": day})))
    assert [(row, column) for row, column, _sentence in found] == [(2, "D")]


def test_control_characters_are_left_in_the_file(client):
    load(client, {**NEW, "Address": "Abai\x07 street\x01"})
    assert Centre.objects.get().address == "Abai street"
