"""The three people's work in a real browser, in each language, with a look at every page on the way."""

import pytest
from django.utils import translation
from django.utils.translation import gettext

from centres.models import Membership, User
from monitoring.models import Cell, Comment, Cycle
from training.models import Enrolment

pytestmark = pytest.mark.usefixtures("demo")
LANGUAGES = ["en", "ru", "kk"]


@pytest.fixture(params=LANGUAGES)
def language(request):
    """The reader's language; the test's own words follow it."""
    with translation.override(request.param):
        yield request.param


def speaks(username, language):
    User.objects.filter(username=username).update(language=language)
    return username


def accept_everything():
    """What is left of the review, so that the cycle can be published."""
    expert = User.objects.get(username="expert")
    cells = Cell.objects.filter(cycle__code="2005")
    for cell in cells.filter(state="returned"):
        cell.revise(by=expert, version=cell.version, finding=f"{cell.finding} Asked again.", level=cell.level)
    cells.move_all(by=expert, to="submitted")
    cells.move_all(by=expert, to="accepted")


def test_the_expert_reviews_and_publishes(open_window, language):
    reader = open_window(language)
    page = reader.page
    reader.sign_in(speaks("expert", language))
    reader.look("today")
    reader.go("/monitoring/2005/matrix/")
    assert page.locator("table.m tbody tr").count() == 12
    assert page.locator("table.m thead th").count() == 9
    reader.look("matrix")

    # With the keyboard: to the cell on the right, open it, write, save.
    draft = (
        Cell.objects.filter(cycle__code="2005", state__in=["draft", "returned"])
        .select_related("aspect", "centre")
        .first()
    )
    link = page.locator(f"a.go[href$='/{draft.aspect.number}/{draft.centre.code}/']")
    link.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.activeElement.getAttribute('href')") == draft.get_absolute_url()
    page.keyboard.press("Enter")
    page.wait_for_selector("#panel form textarea[name=finding]")
    reader.look("panel")
    page.fill("#panel textarea[name=finding]", "Кордайдағы әдемі жұмыс: ғ қ ң ө ұ ү һ і.")
    page.click("#panel button[value=save]")
    page.wait_for_selector("#panel .notice[role=status]")
    assert "ғ қ ң ө ұ ү һ і" in page.locator(f"#cell-{draft.pk}").inner_text()
    draft.refresh_from_db()
    assert draft.finding == "Кордайдағы әдемі жұмыс: ғ қ ң ө ұ ү һ і."
    page.click("#panel button[value=submit]")
    page.wait_for_selector("#panel form.review")
    page.click("#panel button[value=return]")  # without a reason: refused, in words
    page.wait_for_selector("#panel .notice.bad")
    page.fill("#panel textarea[name=note]", "Сколько их?")
    page.click("#panel button[value=return]")
    page.wait_for_selector("#panel .notice.wait")
    assert "Сколько их?" in page.locator("#panel .notice.wait").inner_text()
    reader.look("returned")
    page.keyboard.press("Escape")
    assert page.locator("#panel").is_hidden()
    assert page.evaluate("document.activeElement.getAttribute('href')") == draft.get_absolute_url()

    accept_everything()
    reader.go("/monitoring/2005/publish/")
    reader.look("publish")
    page.click("main form button")
    page.wait_for_load_state()
    assert Cycle.objects.get(code="2005").is_published
    reader.go("/monitoring/2005/matrix/12/")
    reader.look("conclusion")


def test_the_facilitator_reads_her_column_and_comments_on_a_phone(open_window, language):
    reader = open_window(language, 390)
    page = reader.page
    reader.sign_in(speaks("kordai", language))
    reader.look("today")
    reader.go("/monitoring/2005/matrix/")
    assert page.locator("table.m thead th").count() == 2
    reader.look("matrix")
    reader.go("/monitoring/2005/matrix/7/kordai/")
    assert page.locator("textarea[name=finding]").count() == 0
    page.fill("#comment-new", "Факс жөнделді.")
    page.click("form:has(#comment-new) button")
    page.wait_for_load_state()
    assert Comment.objects.filter(text="Факс жөнделді.", author__username="kordai").count() == 1
    reader.look("cell")
    reader.go("/centres/kordai/")
    reader.look("centre")
    reader.go("/centres/kordai/contacts/")
    reader.look("contacts")
    assert reader.go("/monitoring/2005/matrix/7/taraz/").status == 404


def test_the_donor_reads_and_downloads(open_window, language):
    reader = open_window(language)
    page = reader.page
    reader.sign_in(speaks("donor", language))
    reader.look("before-publication")
    assert reader.go("/monitoring/2005/matrix/").status == 404
    accept_everything()
    Cycle.objects.get(code="2005").publish(by=User.objects.get(username="expert"))
    reader.go("/")
    reader.look("today")
    with page.expect_download() as download:
        page.click("main a[href*='matrix.pdf']")
    assert download.value.path().read_bytes()[:5] == b"%PDF-"
    with page.expect_download() as download:
        page.click("main a[href*='matrix.xlsx']")
    assert download.value.path().read_bytes()[:2] == b"PK"
    reader.go("/monitoring/2005/matrix/")
    reader.look("matrix")
    reader.go("/monitoring/2005/matrix/7/kordai/")
    assert gettext("Comments") not in page.locator("main").inner_text()
    reader.look("cell")


def test_the_coordinator_invites_and_runs_the_register(open_window, language):
    reader = open_window(language)
    page = reader.page
    reader.sign_in(speaks("coordinator", language))
    for what, path in {
        "today": "/",
        "centres": "/centres/",
        "centre": "/centres/taraz/",
        "centre-edit": "/centres/taraz/edit/",
        "people": "/people/",
        "invite": "/people/invite/",
        "cycles": "/monitoring/",
        "cycle": "/monitoring/2005/",
        "cycle-edit": "/monitoring/2005/edit/",
        "templates": "/monitoring/templates/",
        "import": "/monitoring/2005/import/",
        "reports": "/reports/",
        "account": "/people/me/",
    }.items():
        assert reader.go(path).status == 200, path
        reader.look(what)
    assert Membership.objects.count() > 0
    assert page.locator("footer").count() == 1


def test_two_experts_write_the_same_cell(open_window):
    """The second one gets mine, theirs and the base, merges, and saves."""
    cell = Cell.objects.filter(cycle__code="2005", state="draft").select_related("aspect", "centre").first()
    first, second = open_window("en"), open_window("en")
    for reader, name in ((first, "expert"), (second, "coordinator")):
        speaks(name, "en")
        reader.sign_in(name)
        reader.go(cell.get_absolute_url())
    first.page.fill("textarea[name=finding]", "First was faster.")
    first.page.click("button[value=save]")
    first.page.wait_for_load_state()
    second.page.fill("textarea[name=finding]", "Second took longer.")
    second.page.click("button[value=save]")
    second.page.wait_for_selector(".versions")
    text = second.page.locator("main").inner_text()
    assert "First was faster." in text
    assert cell.finding.split(".")[0] in text
    assert second.page.input_value("textarea[name=finding]") == "Second took longer."
    second.look("conflict")
    second.page.fill("textarea[name=finding]", "First was faster. Second took longer.")
    second.page.click("button[value=save]")
    second.page.wait_for_load_state()
    cell.refresh_from_db()
    assert cell.finding == "First was faster. Second took longer."


@pytest.mark.parametrize("width", [320, 768, 1440])
def test_nothing_scrolls_sideways_at_any_width(open_window, width):
    reader = open_window("kk", width)
    reader.sign_in(speaks("expert", "kk"))
    for path in (
        "/",
        "/monitoring/2005/matrix/",
        "/monitoring/2005/matrix/12/karabulak/",
        "/monitoring/2005/matrix/1/",
        "/centres/",
    ):
        reader.go(path)
        reader.look(path.strip("/").replace("/", "-") or "today", axe=False)


def test_the_matrix_works_without_javascript(open_window):
    cell = Cell.objects.filter(cycle__code="2005", state="draft").select_related("aspect", "centre").first()
    reader = open_window("en", javascript=False)
    reader.sign_in(speaks("expert", "en"))
    reader.go("/monitoring/2005/matrix/")
    reader.page.click(f"a.go[href$='/{cell.aspect.number}/{cell.centre.code}/']")
    reader.page.fill("textarea[name=finding]", "Without a script.")
    reader.page.click("button[value=submit]")
    cell.refresh_from_db()
    assert (cell.finding, cell.state) == ("Without a script.", "submitted")


def open_draft(reader):
    """A draft of the demo, opened in the panel."""
    cell = Cell.objects.filter(cycle__code="2005", state="draft").select_related("aspect", "centre").first()
    reader.sign_in(speaks("expert", "en"))
    reader.go("/monitoring/2005/matrix/")
    reader.page.click(f"a.go[href$='/{cell.aspect.number}/{cell.centre.code}/']")
    reader.page.wait_for_selector("#panel textarea[name=finding]")
    return cell


def test_unsaved_words_are_asked_about(open_window):
    """Another cell, a comment, the language, Esc: each asks first, and No keeps the text."""
    reader = open_window("en")
    page = reader.page
    cell = open_draft(reader)
    page.fill("#panel textarea[name=finding]", "Half a sentence")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.locator("a.go").first.click()
    page.fill("#comment-new", "A remark beside it.")
    page.click("form:has(#comment-new) button")
    page.click(".language button[value=ru]")
    page.keyboard.press("Escape")
    assert len(asked) == 4
    assert page.input_value("#panel textarea[name=finding]") == "Half a sentence"
    assert cell.comments.filter(text="A remark beside it.").count() == 0
    assert User.objects.get(username="expert").language == "en"


def test_the_page_s_own_question_is_answered_without_another(open_window):
    """Who is registered already, and even in this group: one click leads there, nothing asks about unsaved words."""
    reader = open_window("en")
    page = reader.page
    there = Enrolment.objects.filter(centre__code="kordai", status="enrolled")
    row = there.select_related("trainee").order_by("group__name", "trainee__surname", "pk").first()
    reader.sign_in(speaks("kordai", "en"))
    reader.go(f"/training/trainees/new/?group={row.group_id}")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.fill("input[name=surname]", row.trainee.surname)
    page.fill("input[name=given_name]", row.trainee.given_name)
    page.click("#entry .btn-primary")
    page.click(f"form[data-answers][action='{row.get_absolute_url()}'] button")
    page.wait_for_url(f"{reader.base}{row.get_absolute_url()}*")
    assert asked == []


def test_signing_out_elsewhere_loses_nothing(open_window):
    """The save is refused in words, the text stays; after signing in again in another window it goes through."""
    reader = open_window("en")
    page = reader.page
    cell = open_draft(reader)
    page.fill("#panel textarea[name=finding]", "Written before the session ended.")
    page.context.clear_cookies(name="sessionid")
    page.click("#panel button[value=save]")
    page.wait_for_selector("#panel > .notice.bad")
    assert "signed out" in page.locator("#panel > .notice.bad").inner_text()
    assert page.input_value("#panel textarea[name=finding]") == "Written before the session ended."
    other = page.context.new_page()
    other.goto(f"{reader.base}/accounts/login/")
    other.fill("input[name=login]", "expert")
    other.fill("input[name=password]", "demo-clcnet")
    other.click("main form button")
    other.wait_for_url(f"{reader.base}/")
    page.click("#panel button[value=save]")
    page.wait_for_selector("#panel .notice[role=status]")
    cell.refresh_from_db()
    assert cell.finding == "Written before the session ended."


@pytest.mark.parametrize("width", [320, 390, 768])
def test_the_people_fit_on_a_phone(open_window, width):
    reader = open_window("kk", width)
    reader.sign_in(speaks("coordinator", "kk"))
    reader.go("/people/")
    reader.look("people", axe=False)
    reader.go("/centres/new/")
    reader.look("centre-new", axe=False)
