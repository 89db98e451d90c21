"""The import in the browser: upload, preview, confirmation, and every refusal."""

import io
import uuid

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from centres.imports import reader
from monitoring.imports.matrix import parse
from monitoring.imports.plan import Plan, aspect_names, centre_names
from monitoring.models import MatrixImport
from tests.centres.imports.test_reader import BAD, BOMBS
from tests.factories import make_cycle, make_template, write_cell
from tests.spreadsheets import as_csv, as_xlsx

from .tables import HEADINGS, TABLE, with_row
from .test_plan import cell, everything, imported

pytestmark = pytest.mark.django_db


@pytest.fixture
def blank(alpha, beta):
    """A cycle in which nothing is written yet."""
    return make_cycle(alpha.network, [alpha, beta], code="2006", title="Monitoring 2006")


@pytest.fixture
def browser(client_of, expert):
    return client_of(expert)


def address(cycle):
    return reverse("monitoring:import", args=[cycle.code])


def upload(browser, cycle, data, name="table.csv", **kwargs):
    return browser.post(address(cycle), {"file": SimpleUploadedFile(name, data)}, **kwargs)


def confirm(browser, preview, **data):
    fields = {"fingerprint": preview.context["plan"].fingerprint, **data}
    return browser.post(preview.request["PATH_INFO"], fields, follow=True)


def test_an_upload_does_not_survive_another_template(browser, blank, alpha, beta):
    """It knows the aspects by their numbers, and these are others now."""
    upload(browser, blank, as_xlsx(TABLE))
    blank.template = make_template(blank.network, aspects=["Only one"])
    blank.revise(version=blank.version, projects=[], centres=[beta, alpha])
    assert MatrixImport.objects.count() == 0


def test_an_upload_survives_another_title(browser, blank, alpha, beta):
    upload(browser, blank, as_xlsx(TABLE))
    blank.title = "Monitoring of 2006"
    blank.revise(version=blank.version, projects=[], centres=[beta, alpha])
    assert MatrixImport.objects.count() == 1


def test_upload_preview_and_confirmation(browser, blank, expert):
    preview = upload(browser, blank, as_xlsx(TABLE), "Матрица 2006.xlsx", follow=True)
    stored = MatrixImport.objects.get()
    assert preview.redirect_chain == [(reverse("monitoring:import_preview", args=[blank.code, stored.pk]), 302)]
    assert (stored.by, stored.file_name, stored.applied_at) == (expert, "Матрица 2006.xlsx", None)
    assert blank.cells.exclude(state="empty").count() == 0
    page = preview.content.decode()
    for words in ("Матрица 2006.xlsx", "Over 1,5 looms work", "Show it to the committee.", "Import 12 changes"):
        assert words in page
    done = confirm(browser, preview)
    assert done.redirect_chain == [(reverse("monitoring:matrix", args=[blank.code]), 302)]
    assert [str(message) for message in done.context["messages"]] == [
        "Imported: 6 cells, 3 conclusions, 3 recommendations were added or changed."
    ]
    assert blank.cells.filter(state="draft").count() == 6
    stored.refresh_from_db()
    assert stored.applied_at is not None
    assert cell(blank, 1, "alpha").steps.get().note == "Imported from Матрица 2006.xlsx"


def test_a_second_click_and_an_old_page_change_nothing(browser, blank):
    preview = upload(browser, blank, as_csv(TABLE), follow=True)
    confirm(browser, preview)
    before = everything(blank)
    again = confirm(browser, preview)
    assert again.redirect_chain == [(reverse("monitoring:matrix", args=[blank.code]), 302)]
    assert browser.get(preview.request["PATH_INFO"]).status_code == 302
    assert everything(blank) == before


def test_the_same_file_again_is_told_and_not_stored(browser, blank, expert):
    imported(blank, expert)
    before = everything(blank)
    response = upload(browser, blank, as_csv(TABLE))
    assert response.status_code == 200
    assert "holds nothing new" in response.content.decode()
    assert (MatrixImport.objects.count(), everything(blank)) == (0, before)


def test_a_new_upload_replaces_the_one_that_waits(browser, blank):
    upload(browser, blank, as_csv(TABLE), "one.csv")
    upload(browser, blank, as_csv(with_row(2, *TABLE[2][:4], "")), "two.csv")
    assert MatrixImport.objects.get().file_name == "two.csv"


def test_errors_are_shown_with_their_places_and_nothing_is_stored(browser, blank):
    rows = [[*HEADINGS[:3], "Omsk", HEADINGS[4]], TABLE[1], TABLE[1], TABLE[2]]
    before = everything(blank)
    response = upload(browser, blank, as_xlsx(rows))
    page = response.content.decode()
    assert response.status_code == 422
    for words in (
        "“Omsk” is not a centre of this network.",
        "sheet “Matrix”, row 1, column D",
        "Aspect 1 already stands in row 2.",
        "sheet “Matrix”, row 3, column A",
        "Aspect 3, “Committee”, has no row.",
        "3 errors",
    ):
        assert words in page
    assert (MatrixImport.objects.count(), everything(blank)) == (0, before)


@pytest.mark.parametrize("name", [*BAD, "billion laughs", "sizes that lie", "merged to the end"])
def test_bad_files_get_a_sentence_and_leave_nothing(browser, blank, name):
    code, data = (BAD | BOMBS)[name]
    response = upload(browser, blank, data, "matrix.xlsx")
    assert response.status_code == 422
    errors = response.context["form"].errors.as_data()["file"]
    assert [error.code for error in errors] == [code]
    assert MatrixImport.objects.count() == 0


def test_a_form_without_a_file(browser, blank):
    response = browser.post(address(blank))
    assert response.status_code == 422
    assert response.context["form"].errors == {"file": ["Choose the file that holds the matrix."]}


def test_accepted_cells_need_the_tick_box(browser, blank, expert):
    first = write_cell(cell(blank, 1, "alpha"), expert, finding="It was final.", state="accepted")
    preview = upload(browser, blank, as_csv(TABLE), follow=True)
    page = preview.content.decode()
    assert "Yes, overwrite these accepted cells" in page
    assert f'<a href="{first.get_absolute_url()}">Alpha</a>' in page
    refused = confirm(browser, preview)
    assert refused.status_code == 409
    first.refresh_from_db()
    assert (first.finding, first.state) == ("It was final.", "accepted")
    confirm(browser, preview, overwrite_accepted="yes")
    first.refresh_from_db()
    assert (first.finding, first.state) == ("A plan for the year hangs on the wall.", "draft")


def test_an_edit_in_between_shows_the_preview_again(browser, blank, expert):
    preview = upload(browser, blank, as_csv(TABLE), follow=True)
    write_cell(cell(blank, 2, "alpha"), expert, finding="Five looms work.")
    again = confirm(browser, preview)
    page = again.content.decode()
    assert again.status_code == 409
    assert "The matrix has changed since this preview was made." in page
    assert "<del>Five</del><ins>All six</ins> looms work." in page
    assert cell(blank, 2, "alpha").finding == "Five looms work."
    assert confirm(browser, again).status_code == 200
    assert cell(blank, 2, "alpha").finding == "All six looms work."


@pytest.mark.parametrize(
    ("standing", "shown"),
    [
        ("All five looms work.", "All <del>five</del><ins>six</ins> looms work."),
        ("Nobody has looked yet", "<del>Nobody has looked yet</del>\n<ins>All six looms work.</ins>"),
        ("word " * 1000, f"<del>{('word ' * 1000).strip()}</del>\n<ins>All six looms work.</ins>"),
    ],
)
def test_words_are_compared_where_it_helps(browser, blank, expert, standing, shown):
    write_cell(cell(blank, 2, "alpha"), expert, finding=standing)
    assert shown in upload(browser, blank, as_csv(TABLE), follow=True).content.decode()


def test_a_confirmation_without_the_fingerprint_is_not_one(browser, blank):
    preview = upload(browser, blank, as_csv(TABLE), follow=True)
    assert browser.post(preview.request["PATH_INFO"]).status_code == 409
    assert blank.cells.exclude(state="empty").count() == 0


def test_a_published_cycle_is_refused_with_a_sentence(browser, published):
    sentence = "This cycle is published and therefore frozen."
    page = browser.get(address(published))
    assert (page.status_code, sentence in page.content.decode()) == (200, True)
    assert upload(browser, published, as_csv(TABLE)).status_code == 409
    assert MatrixImport.objects.count() == 0


def test_a_cycle_published_after_the_upload_is_refused(browser, cycle, expert):
    preview = upload(browser, cycle, as_csv(TABLE), follow=True)
    for row in cycle.cells.exclude(state="empty"):
        row.accept(by=expert, version=row.version)
    cycle.publish(by=expert)
    before = everything(cycle)
    refused = confirm(browser, preview, overwrite_accepted="yes")
    assert refused.status_code == 409
    assert everything(cycle) == before


@pytest.mark.parametrize(
    ("persona", "status"),
    [
        ("coordinator", 200),
        ("expert", 200),
        ("facilitator_alpha", 403),
        ("facilitator_beta", 403),
        ("donor", 404),
        ("outsider", 404),
        ("anonymous", 302),
    ],
)
def test_who_may_import(client_of, personas, cycle, persona, status):
    stored = MatrixImport.objects.create(cycle=cycle, by=personas.expert, file_name="x", sha256="", parsed={})
    browser = client_of(getattr(personas, persona))
    assert browser.get(address(cycle)).status_code == status
    assert browser.get(reverse("monitoring:import_blank", args=[cycle.code])).status_code == status
    if status != 200:
        assert upload(browser, cycle, as_csv(TABLE)).status_code == status
        preview = reverse("monitoring:import_preview", args=[cycle.code, stored.pk])
        assert browser.get(preview).status_code == status
        assert browser.post(preview, {"fingerprint": "x"}).status_code == status
        assert MatrixImport.objects.count() == 1


def test_an_upload_is_its_uploaders_own(client_of, browser, blank, cycle, coordinator):
    path = upload(browser, blank, as_csv(TABLE)).headers["Location"]
    assert client_of(coordinator).get(path).status_code == 404
    assert browser.get(path.replace("2006", cycle.code)).status_code == 404
    assert browser.get(reverse("monitoring:import_preview", args=[blank.code, uuid.uuid4()])).status_code == 404


def test_the_empty_table_is_recognised_and_changes_nothing(browser, blank):
    response = browser.get(reverse("monitoring:import_blank", args=[blank.code]))
    rows = list(openpyxl.load_workbook(io.BytesIO(response.content)).active.iter_rows(values_only=True))
    assert rows == [
        ("N", "Aspects", "Alpha", "Beta", "Conclusion and recommendations"),
        (1, "Plan", None, None, None),
        (2, "Equipment", None, None, None),
        (3, "Committee", None, None, None),
    ]
    matrix = parse(reader.read(response.content), aspect_names(blank), centre_names(blank))
    assert matrix.problems == []
    assert Plan.of(blank, matrix).is_empty


def test_the_preview_takes_the_same_queries_for_few_and_many(browser, network, django_assert_num_queries):
    from .test_plan import wide

    for count in (2, 30):
        cycle, rows = wide(network, count)
        path = upload(browser, cycle, as_csv(rows)).headers["Location"]
        with django_assert_num_queries(14):
            assert browser.get(path).status_code == 200
