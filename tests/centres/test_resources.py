"""The register as a spreadsheet."""

import csv
import io
from datetime import date, datetime

import openpyxl
import pytest
from django.utils import translation

from centres.models import AdminUnit, Centre
from centres.resources import COLUMNS, PEOPLE, CentreResource, heading
from centres.spreadsheets import neutralise, plain

from ..factories import make_centre, make_network, make_post, make_unit


@pytest.fixture
def rich(network):
    """A centre with something in every column."""
    oblast = make_unit(AdminUnit.Level.OBLAST, name="Zhambyl oblast")
    raion = make_unit(AdminUnit.Level.RAION, parent=oblast, name="Kordai raion")
    centre = make_centre(
        network,
        code="rich",
        name="Kordai",
        name_ru="Кордай",
        name_kk="Қордай",
        kind="raion_centre",
        host="labour_department",
        host_name="Labour office",
        host_name_ru="Отдел занятости",
        place=make_unit(parent=raion, name="Kordai village", kato="314851205"),
        opened=date(2003, 9, 22),
        closed=date(2010, 1, 31),
        legal_status="registered",
        address="12 Abay Street",
        postcode="080400",
        phone="+7 72636 0-01-03",
        email="kordai@clc.example",
    )
    centre.aliases.create(name="Korday")
    centre.aliases.create(name="Kurdai")
    make_post(centre, kind="head", name="Maira")
    make_post(centre, kind="facilitator", name="Dinara")
    make_post(centre, kind="facilitator", name="Gone", until_date=date(2004, 1, 1))
    return centre


def download(client, extension, **query):
    response = client.get(f"/centres/centres.{extension}", query)
    assert response.status_code == 200
    return response


def rows(response):
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_every_column_says_what_the_register_holds(client_of, coordinator, network, rich):
    (row,) = rows(download(client_of(coordinator), "csv"))
    assert row == {
        "Network": network.code,
        "Code": "rich",
        "Name (English)": "Kordai",
        "Name (Русский)": "Кордай",
        "Name (Қазақша)": "Қордай",
        "Other spellings": "Korday; Kurdai",
        "Kind": "raion centre",
        "Hosted by": "labour department",
        "Name of the host (English)": "Labour office",
        "Name of the host (Русский)": "Отдел занятости",
        "Name of the host (Қазақша)": "",
        "Legal status": "registered legal entity",
        "Oblast": "Zhambyl oblast",
        "Raion": "Kordai raion",
        "Settlement": "Kordai village",
        "KATO code": "314851205",
        "Opened": "2003-09-22",
        "Closed": "2010-01-31",
        "Address": "12 Abay Street",
        "Post code": "080400",
        "Phone": "'+7 72636 0-01-03",
        "E-mail": "kordai@clc.example",
        "Head of centre": "Maira",
        "Facilitator": "Dinara",
        "Chair of the committee": "",
    }
    assert list(row) == [heading(column) for column in COLUMNS]


def test_the_workbook_holds_the_same_with_real_dates(client_of, coordinator, rich):
    client = client_of(coordinator)
    sheet = openpyxl.load_workbook(io.BytesIO(download(client, "xlsx").content)).active
    head, row = ([cell.value for cell in cells] for cells in sheet.iter_rows())
    assert head == [heading(column) for column in COLUMNS]
    found = dict(zip(COLUMNS, row, strict=True))
    assert (found["opened"], found["name_kk"], found["postcode"]) == (datetime(2003, 9, 22), "Қордай", "080400")
    assert sheet.freeze_panes == "A2"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_text_is_a_formula(start):
    assert neutralise(f"{start}1+1") == f"'{start}1+1"
    assert neutralise(f"1{start}1") == f"1{start}1"


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_formulas_are_neutralised_in_every_format(client_of, coordinator, network, extension):
    evil = '=HYPERLINK("http://evil.example")'
    centre = make_centre(network, name=evil, host_name="@SUM(1)", address="-1+1", email=evil)
    centre.aliases.create(name="+1")
    make_post(centre, name=evil)
    content = download(client_of(coordinator), extension).content
    if extension == "csv":
        cells = [cell for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))) for cell in row]
    else:
        found = [cell for row in openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows() for cell in row]
        assert {cell.data_type for cell in found} <= {"s", "inlineStr", "n", "d"}
        cells = [str(cell.value) for cell in found if cell.value is not None]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))] == []
    assert cells.count("'" + evil) == 3


def test_the_download_takes_the_same_filters(client_of, coordinator, network, rich):
    make_centre(network, code="other", name="Other")
    client = client_of(coordinator)
    assert [row["Code"] for row in rows(download(client, "csv"))] == ["rich", "other"]
    assert [row["Code"] for row in rows(download(client, "csv", q="korday"))] == ["rich"]
    assert [row["Code"] for row in rows(download(client, "csv", kind="remote_village"))] == ["other"]


def test_each_reader_downloads_what_she_may_see(client_of, personas, rich):
    make_centre(make_network(), code="elsewhere")
    heads = {
        persona: rows(download(client_of(getattr(personas, persona)), "csv"))
        for persona in ("expert", "donor", "outsider")
    }
    assert [row["Code"] for row in heads["donor"]] == ["alpha", "beta", "rich"]
    assert list(heads["donor"][0]) == [heading(column) for column in COLUMNS if column not in PEOPLE]
    assert [row["Facilitator"] for row in heads["expert"]] == ["", "", "Dinara"]
    assert [row["Code"] for row in heads["outsider"]] == ["gamma"]
    assert client_of(None).get("/centres/centres.csv").status_code == 302


def test_headings_and_words_come_in_the_readers_language(client_of, coordinator, rich):
    coordinator.language = "ru"
    coordinator.save()
    with translation.override("ru"):
        expected = [heading(column) for column in COLUMNS]
        kind = rich.get_kind_display()
    (row,) = rows(download(client_of(coordinator), "csv"))
    assert list(row) == expected
    assert kind in row.values()


def test_the_export_takes_as_many_queries_for_three_as_for_one(coordinator, network, rich, django_assert_num_queries):
    def export():
        return CentreResource(user=coordinator).export(
            Centre.objects.visible_to(coordinator).for_list().with_posts(coordinator)
        )

    export()
    with django_assert_num_queries(7):
        assert len(export()) == 1
    for n in range(2):
        centre = make_centre(network, place=make_unit(parent=rich.place.placements.get().parent))
        centre.aliases.create(name=f"Alias {n}")
        make_post(centre)
    with django_assert_num_queries(7):
        assert len(export()) == 3


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_a_control_character_does_not_stop_the_download(client_of, coordinator, network, extension):
    make_centre(network, name="Ab\x07ai\x0bstreet", address="\x01=1", email="a\ufffe\uffff")
    response = download(client_of(coordinator), extension)
    assert response.status_code == 200
    if extension == "csv":
        (row,) = rows(response)
        assert (row["Name (English)"], row["Address"], row["E-mail"]) == ("Abai street", "'=1", "a")


@pytest.mark.parametrize("text", ["=1", "'=1", "''=1", "'quoted'", "'", "-", "\n-", "plain"])
def test_what_is_neutralised_comes_back(text):
    assert plain(neutralise(text)) == text
