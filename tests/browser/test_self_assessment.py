"""A facilitator fills in the whole of Annex 1 on a phone: typing saves, the line breaks, two answers come back."""

import pytest
from playwright.sync_api import expect

from monitoring.library import ANNEX_1
from monitoring.models import Answer, Questionnaire, SelfAssessment

from ..factories import make_centre, make_cycle, make_expert, make_facilitator, make_network

HOME = "/monitoring/2005/self-assessment/aksu/"
NONE_WAITS = "form.answers:not(.dirty)"
SMALL = """
() => [...document.querySelectorAll("main button:not([aria-hidden]), main .btn, .marks label, .choices label")]
  .filter((each) => each.offsetParent && each.getBoundingClientRect().height < 43.5).map((each) => each.outerHTML)
"""


@pytest.fixture
def assessment(transactional_db):
    """A centre that is asked Annex 1, with its facilitator and an expert."""
    network = make_network(name="Network")
    centre = make_centre(network, code="aksu", name="Aksu", name_kk="Ақсу", name_ru="Аксу")
    make_facilitator(centre, username="aigul", password="demo-clcnet", language="kk", name="Айгүл Омарова")
    make_expert(network, username="expert", password="demo-clcnet", name="Natalia")
    questionnaire = Questionnaire.begin(network=network, document=ANNEX_1)
    questionnaire.publish()
    cycle = make_cycle(network, [centre], code="2005", questionnaire=questionnaire)
    return SelfAssessment.objects.for_page().get(cycle=cycle)


class Filling:
    """The facilitator at her phone."""

    def __init__(self, reader, assessment):
        self.reader, self.page, self.assessment = reader, reader.page, assessment
        reader.sign_in("aigul")

    def open(self, code):
        assert self.reader.go(f"{HOME}section/{code}/").status == 200

    def block(self, code):
        return self.page.locator(f'article[data-code="{code}"]')

    def field(self, name):
        return self.page.locator(f'[name="q-{name}"]')

    def settle(self):
        """Leave the field, and wait until nothing waits to be saved."""
        self.page.keyboard.press("Tab")
        self.page.wait_for_selector(NONE_WAITS)

    def mark(self, name, value):
        self.page.locator(f'label:has([name="q-{name}"][value="{value}"])').click()

    def answer(self, question):
        """One answer that fits the question's kind."""
        code = question.code
        match question.kind:
            case "text" | "long_text":
                self.field(f"{code}-text").fill(f"Жауап {code}")
            case "number":
                self.field(f"{code}-number").fill("12")
            case "date":
                self.field(f"{code}-date").fill("2005-06-28")
            case "choice":
                self.mark(f"{code}-choice", question.options.choices[0].key)
            case "grade":
                self.mark(f"{code}-grade", "partly")
            case "fixed_table" | "open_table":
                row = question.options.rows[0].key if question.options.rows else 0
                for column in question.options.columns:
                    text = {"number": str(len(column.sum_of) or 1), "date": "2005-01-10"}.get(column.kind, "Тігін")
                    self.field(f"{code}-{row}-{column.key}").fill(text)


@pytest.fixture
def filling(open_window, assessment):
    return Filling(open_window("kk", 390), assessment)


def answers(assessment):
    return dict(assessment.answers.values_list("question__code", "value"))


def test_a_whole_questionnaire(filling, open_window, assessment):
    sections = assessment.questionnaire.outline
    filling.reader.go(HOME)
    filling.reader.look("home-empty")
    left_out = fill_in(filling, sections)
    hand_in_too_early(filling, left_out)
    expert = send_back(open_window("en", 1280))
    mend(filling)
    expert.reader_accepts()
    assessment.refresh_from_db()
    states = list(assessment.steps.order_by("pk").values_list("to_state", flat=True))
    assert (assessment.state, states) == ("accepted", ["submitted", "returned", "submitted", "accepted"])
    filling.reader.go(HOME)
    filling.reader.look("home-accepted")


def fill_in(filling, sections):
    """Everything that is asked, but one required answer; the last button of a section leads to the next one."""
    page, left_out = filling.page, sections[-1].asked[-1]
    filling.reader.go(HOME)
    page.locator("main .pages a.btn-primary").click()
    page.wait_for_url("**/section/1/**")
    for place, section in enumerate(sections):
        assert page.url.split("#")[0].endswith(f"/section/{section.code}/")
        for question in section.asked:
            if question.kind == "heading" or question == left_out:
                continue
            block = filling.block(question.code)
            if question.code == "1.2":
                differ(filling, block)
            elif block.is_visible() and block.get_attribute("data-unconfirmed") is None:
                filling.answer(question)
        filling.settle()
        filling.reader.look(f"section-{section.code}")
        assert page.evaluate(SMALL) == []
        last = place + 1 == len(sections)
        page.locator(f".savebar button[value={'home' if last else 'next'}]").click()
        page.wait_for_url("**/aksu/" if last else f"**/section/{sections[place + 1].code}/")
    return left_out


def differ(filling, block):
    """What she writes is not what the register says: she is asked why at once."""
    assert block.locator(".q-why").is_hidden()
    filling.field("1.2-text").fill("Гүлжан Сейітова")
    filling.field("1.2-explanation").fill("Мамыр айынан бері.")


def hand_in_too_early(filling, left_out):
    """The list of what is missing leads to the question."""
    page = filling.page
    page.locator("button[value=submit]").click()
    page.wait_for_selector("#errors")
    filling.reader.look("missing")
    links = page.locator("#errors li a")
    assert [each.inner_text().split()[0] for each in links.all()] == [left_out.code]
    links.first.click()
    page.wait_for_url(f"**#q-{left_out.code}")
    filling.answer(left_out)
    filling.settle()
    submit(filling)


def submit(filling):
    filling.reader.go(HOME)
    filling.page.locator("button[value=submit]").click()
    filling.page.wait_for_selector("main > .notice")
    assert filling.page.locator("main button[value=withdraw]").count() == 1, filling.page.locator("main").inner_text()


class Expert:
    def __init__(self, reader):
        self.reader, self.page = reader, reader.page
        reader.sign_in("expert")

    def read(self):
        assert self.reader.go(f"{HOME}review/").status == 200

    def return_with(self, reasons):
        for code, text in reasons.items():
            block = self.page.locator(f'article[id="q-{code}"]')
            block.locator("summary").last.click()
            block.locator("textarea").fill(text)
        self.reader.look("reasons")
        self.page.locator("button[value=return]").click()
        self.page.wait_for_url(f"**{HOME}")

    def reader_accepts(self):
        self.read()
        self.page.locator("button[value=accept]").click()
        self.page.wait_for_url(f"**{HOME}")
        self.reader.look("accepted")


def send_back(reader):
    expert = Expert(reader)
    expert.read()
    reader.look("review")
    expert.return_with({"1.3": "With the postcode, please.", "7.1": "Which year is the plan of?"})
    return expert


def mend(filling):
    """One answer is changed, on the other one is commented."""
    page = filling.page
    filling.reader.go(HOME)
    filling.reader.look("returned")
    page.locator("section:has(#returned) a").first.click()
    page.wait_for_url("**#q-1.3")
    filling.field("1.3-text").fill("040000, Ақсу ауылы, Мектеп көшесі 1")
    filling.settle()
    filling.open("7")
    filling.block("7.1").locator("a[data-talk]").click()
    page.fill("dialog textarea", "2005 жылғы жоспар.")
    filling.reader.look("talk")
    page.locator("dialog form button").click()
    page.wait_for_selector("dialog .thread")
    page.locator("dialog .close").click()
    assert filling.block("7.1").locator("a[data-talk]").inner_text().endswith("(1)")
    submit(filling)


# --- The line ---


def test_typing_saves_and_a_broken_line_loses_nothing(filling, assessment):
    page = filling.page
    filling.open("1")
    filling.field("1.2-text").fill("")
    filling.field("1.2-text").press_sequentially("Гүл")
    page.wait_for_selector('article[data-code="1.2"] .q-state[data-state=saved]')
    assert answers(assessment)["1.2"] == {"text": "Гүл"}
    page.context.set_offline(True)
    filling.field("1.2-text").fill("Гүлжан Сейітова")
    filling.field("1.5-text").fill("Марат Ахметов")
    page.wait_for_selector('article[data-code="1.2"] .q-state[data-state=waiting]')
    page.wait_for_selector('article[data-code="1.5"] .q-state[data-state=waiting]')
    assert page.evaluate("navigator.onLine") is False
    filling.field("1.4-text").fill("+7 705 000 00 00")  # the next try is seconds away
    waits = page.locator("#sum output").inner_text().rpartition(":")[2]
    assert waits.split() == ["1.2,", "1.4,", "1.5"]
    filling.block("1.4").locator("a[data-talk]").click()
    failed = page.locator("dialog .notice.bad").inner_text()
    assert failed == page.locator("script[data-unread]").get_attribute("data-unread"), "nothing was written"
    page.locator("dialog .close").click()
    filling.reader.troubles.clear()  # Chromium reports that there is no line
    filling.reader.look("waiting")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    page.evaluate("window.location.href = '/'")
    page.wait_for_timeout(300)
    assert asked == ["beforeunload"]
    assert filling.field("1.5-text").input_value() == "Марат Ахметов"
    page.context.set_offline(False)
    page.wait_for_selector(NONE_WAITS)
    stored = answers(assessment)
    assert (stored["1.2"], stored["1.5"]) == ({"text": "Гүлжан Сейітова"}, {"text": "Марат Ахметов"})
    filling.reader.troubles.clear()
    filling.reader.look("came-back")


def test_an_answer_whose_receipt_was_lost_is_no_conflict_with_oneself(filling, assessment):
    """The server stored it, the line broke before it could say so; what is typed meanwhile follows."""
    page, lost = filling.page, []

    def swallow(route):
        if not lost:
            lost.append(route.request.post_data)
            route.fetch()
            filling.field("1.5-text").fill("Second")
            return route.abort()
        return route.continue_()

    filling.open("1")
    page.route("**/answers/1.5/", swallow)
    filling.field("1.5-text").fill("First")
    page.keyboard.press("Tab")
    page.wait_for_selector('article[data-code="1.5"] .q-state[data-state=saved]')
    page.wait_for_selector(NONE_WAITS)
    answer = assessment.answers.get(question__code="1.5")
    assert (answer.value, answer.version, len(lost)) == ({"text": "Second"}, 2, 1)


def test_two_people_in_one_answer(filling, assessment, open_window):
    page = filling.page
    filling.open("1")
    question = assessment.questionnaire.questions.get(code="1.5")
    other = make_facilitator(assessment.centre, name="Somebody")
    assessment.save_answer(question, by=other, version=0, value={"text": "Theirs"})
    filling.field("1.5-text").fill("Mine")
    page.keyboard.press("Tab")
    page.wait_for_selector("[data-take]")
    filling.reader.look("conflict")
    page.click("[data-take]")
    expect(filling.field("1.5-text")).to_have_value("Theirs")
    assessment.save_answer(question, by=other, version=1, value={"text": "Theirs again"})
    filling.field("1.5-text").fill("Mine after all")
    page.keyboard.press("Tab")
    page.click("[data-keep]")
    page.wait_for_selector(NONE_WAITS)
    assert answers(assessment)["1.5"] == {"text": "Mine after all"}


def test_signed_out_meanwhile_the_text_stays(filling, assessment):
    page = filling.page
    filling.open("1")
    cookies = page.context.cookies()
    page.context.clear_cookies()
    filling.field("1.5-text").fill("Kept")
    page.keyboard.press("Tab")
    page.wait_for_selector("#sum.bad")
    assert Answer.objects.filter(question__code="1.5").count() == 0
    enter = page.locator("#sum a[data-enter]")
    assert enter.is_visible()
    assert enter.get_attribute("href") == f"/accounts/login/?next={HOME}section/1/"
    filling.reader.troubles.clear()
    filling.reader.look("signed-out")
    page.context.add_cookies(cookies)
    page.click("[data-again]")
    page.wait_for_selector(NONE_WAITS)
    assert answers(assessment)["1.5"] == {"text": "Kept"}


def test_what_cannot_be_read_is_told_beside_the_field(filling, assessment):
    page = filling.page
    filling.open("3")
    table = filling.block("3.1")
    for key, text in {"curriculum": "Компьютерлік сауаттылық", "men": "14", "women": "20", "total": "43"}.items():
        filling.field(f"3.1-0-{key}").fill(text)
    page.keyboard.press("Tab")
    page.wait_for_selector('article[data-code="3.1"] .invalid-feedback')
    wide = "(each) => each.getBoundingClientRect().width"
    error = table.locator(".invalid-feedback")
    assert error.evaluate(wide) > 0.8 * table.locator("table").evaluate(wide), "under the row, not in a narrow cell"
    filling.field("3.1-0-total").fill("34")
    filling.settle()
    assert table.locator("tr.wrong").count() == 0
    filling.field("3.2-number").fill("жиырма")
    page.keyboard.press("Tab")
    page.wait_for_selector('article[data-code="3.2"] .invalid-feedback')
    filling.reader.look("wrong")
    filling.field("3.2-number").fill("20")
    filling.settle()
    assert page.locator('article[data-code="3.2"] .invalid-feedback').count() == 0
    assert answers(assessment)["3.2"] == {"number": "20"}


def test_what_the_data_say_is_confirmed_only_as_it_stands(filling, assessment):
    page, block = filling.page, filling.block("1.1")
    filling.open("1")
    confirm, data = block.locator("[data-confirm]"), block.locator(".q-differs")
    assert (confirm.is_visible(), data.is_visible()) == (True, False)
    own = filling.field("1.1-text").input_value()
    filling.field("1.1-text").fill("x" * 501)
    assert (confirm.is_visible(), data.is_visible()) == (False, True)
    filling.field("1.1-text").fill(own)
    assert (confirm.is_visible(), data.is_visible()) == (True, False)
    filling.field("1.1-text").fill("")
    filling.settle()
    assert data.is_visible(), "to be had back"
    filling.field("1.1-text").fill("Өзге")
    filling.field("1.1-explanation").fill("Жаңа атау.")
    filling.settle()
    filling.field("1.1-text").fill(own)
    filling.settle()
    filling.reader.look("outlived")
    block.locator("[data-clear]").click()
    page.wait_for_selector(NONE_WAITS)
    page.wait_for_selector('article[data-code="1.1"] .q-why', state="hidden")
    assert assessment.answers.get(question__code="1.1").explanation == ""


def test_a_long_text_is_kept_whole_and_its_room_is_told(filling, assessment):
    page = filling.page
    questions = assessment.questionnaire.questions.select_related("section")
    question = questions.filter(kind="long_text", prefill="").first()
    filling.open(question.section.code)
    field, block = filling.field(f"{question.code}-text"), filling.block(question.code)
    field.fill("ә" * 4_400)
    assert block.locator(".count").count() == 0
    field.fill("ә" * 5_120)
    assert block.locator(".count.bad").inner_text() == "5\u00a0120 / 5\u00a0000"
    page.keyboard.press("Tab")
    page.wait_for_selector(f'article[data-code="{question.code}"] .invalid-feedback')
    filling.reader.look("too-long")
    assert (len(field.input_value()), answers(assessment)) == (5_120, {})
    field.fill("ә" * 4_990)
    filling.settle()
    assert (block.locator(".count.bad").count(), len(answers(assessment)[question.code]["text"])) == (0, 4_990)


def test_rows_are_added_and_questions_come_and_go(filling, assessment):
    filling.open("3")
    block = filling.block("3.1")
    rows = block.locator("tbody tr").count()
    block.locator("button[name=more]").click()
    assert block.locator("tbody tr").count() == rows + 1
    block.locator("tbody tr").last.locator("input").first.fill("Тігін")
    filling.settle()
    assert answers(assessment)["3.1"]["rows"][-1]["curriculum"] == "Тігін"
    filling.open("8")
    assert filling.block("8.3.1.1").is_hidden()
    filling.mark("8.3.1-grade", "partly")
    assert filling.block("8.3.1.1").is_visible()
    filling.mark("8.3.1-grade", "no")
    assert filling.block("8.3.1.1").is_hidden()
    filling.settle()
    shown = filling.page.locator("#answered").inner_text()
    filling.open("8")
    assert filling.page.locator("#answered").inner_text() == shown, "counted as the server does"
    assert "1" in shown


def test_a_section_without_a_script(open_window, assessment):
    reader = open_window("ru", 390, javascript=False)
    filling = Filling(reader, assessment)
    page = filling.page
    filling.open("3")
    filling.field("3.1-0-curriculum").fill("Шитьё")
    filling.field("3.2-number").fill("двадцать")
    page.locator("button[name=more]").first.click()
    assert filling.field("3.1-0-curriculum").input_value() == "Шитьё"
    assert filling.field("3.2-number").input_value() == "двадцать"
    page.locator(".savebar button[value=next]").click()
    page.wait_for_selector("#errors")
    assert list(answers(assessment)) == ["3.1"]
    reader.look("no-script", axe=False)
    filling.field("3.2-number").fill("20")
    page.locator(".savebar button[value=next]").click()
    page.wait_for_url("**/section/4/")
    assert answers(assessment)["3.2"] == {"number": "20"}
