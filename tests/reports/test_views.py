"""Downloads: who may have which, under which name and in which language."""

from io import BytesIO

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from reports import pdf

pytestmark = pytest.mark.django_db

PDF, XLSX = "/reports/2005/matrix.pdf", "/reports/2005/matrix.xlsx"


def pdf_text(response):
    return " ".join(page.extract_text() for page in PdfReader(BytesIO(response.content)).pages)


def xlsx_text(response):
    sheets = load_workbook(BytesIO(response.content)).worksheets
    return " ".join(str(value) for sheet in sheets for row in sheet.iter_rows(values_only=True) for value in row)


@pytest.mark.parametrize(("path", "text_of"), [(PDF, pdf_text), (XLSX, xlsx_text)])
@pytest.mark.parametrize(
    ("persona", "sees"),
    [
        ("coordinator", {"alpha", "beta"}),
        ("expert", {"alpha", "beta"}),
        ("facilitator_alpha", {"alpha"}),
        ("facilitator_beta", {"beta"}),
        ("donor", None),
        ("outsider", None),
    ],
)
def test_a_draft_is_for_the_network_alone(cycle, personas, client_of, persona, sees, path, text_of):
    response = client_of(getattr(personas, persona)).get(path)
    if sees is None:
        assert response.status_code == 404
    else:
        text = text_of(response)
        assert {code for code in ("alpha", "beta") if f"Secret of {code}" in text} == sees
        assert "Draft, not published" in text


@pytest.mark.parametrize(("path", "text_of"), [(PDF, pdf_text), (XLSX, xlsx_text)])
def test_a_donor_downloads_what_is_published(published, personas, client_of, path, text_of):
    text = text_of(client_of(personas.donor).get(path))
    assert "Secret of alpha." in text
    assert "Secret of beta." in text
    assert "Draft" not in text


@pytest.mark.parametrize("path", [PDF, XLSX, "/reports/"])
def test_who_is_not_signed_in_is_sent_to_the_login(cycle, client, path):
    response = client.get(path)
    assert response.status_code == 302
    assert response.url.startswith("/accounts/login/")


@pytest.mark.parametrize("path", [PDF, XLSX])
def test_a_document_cannot_be_posted_to(cycle, client_of, expert, path):
    assert client_of(expert).post(path).status_code == 405


def test_files_are_named_private_and_of_their_type(cycle, client_of, expert):
    client = client_of(expert)
    for path, kind in ((PDF, "pdf"), (XLSX, "xlsx")):
        response = client.get(path, {"lang": "kk"})
        assert response["Content-Disposition"] == f'attachment; filename="matrix-2005-kk.{kind}"'
        assert response["Cache-Control"] == "private, no-store"
    assert client.get(PDF)["Content-Type"] == "application/pdf"
    assert client.get(XLSX)["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.mark.parametrize(("wanted", "heading"), [("en", "Aspects"), ("ru", "Аспекты"), ("kk", "Аспектілер")])
def test_the_language_is_the_one_that_is_asked_for(cycle, client_of, expert, wanted, heading):
    response = client_of(expert).get(XLSX, {"lang": wanted})
    assert load_workbook(BytesIO(response.content)).worksheets[0]["B1"].value == heading


@pytest.mark.parametrize("wanted", ["", "de", "../../x", None])
def test_any_other_language_is_the_readers_own(cycle, client_of, expert, wanted):
    expert.language = "ru"
    expert.save()
    response = client_of(expert).get(XLSX, {} if wanted is None else {"lang": wanted})
    assert response["Content-Disposition"] == 'attachment; filename="matrix-2005-ru.xlsx"'


def test_the_list_has_each_cycle_the_reader_may_see_in_each_language(cycle, personas, client_of):
    page = client_of(personas.expert).get("/reports/").content.decode()
    for path in (PDF, XLSX):
        for language in ("kk", "ru", "en"):
            assert f'href="{path}?lang={language}"' in page
    assert "2005" not in client_of(personas.outsider).get("/reports/").content.decode()
    assert PDF not in client_of(personas.donor).get("/reports/").content.decode()


def test_a_donor_finds_the_published_cycle_in_the_list(published, personas, client_of):
    assert f"{PDF}?lang=en" in client_of(personas.donor).get("/reports/").content.decode()


def test_too_large_a_matrix_points_to_the_spreadsheet(cycle, client_of, expert, monkeypatch):
    monkeypatch.setattr(pdf, "LIMIT", 100)
    response = client_of(expert).get(PDF)
    assert response.status_code == 422
    assert f'href="{XLSX}"' in response.content.decode()


def test_while_others_are_made_a_large_matrix_has_to_wait(cycle, client_of, expert, monkeypatch):
    monkeypatch.setattr(pdf, "LARGE", 100)
    monkeypatch.setattr(pdf, "QUEUE", 0)
    with pdf.AT_ONCE, pdf.AT_ONCE:
        response = client_of(expert).get(f"{PDF}?lang=en")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "0")
    assert f'href="{PDF}?lang=en"' in response.content.decode()
    assert f'href="{XLSX}"' in response.content.decode()
