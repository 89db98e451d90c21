"""Questionnaires on paper: everything that is asked and answered, in three languages, for any copier."""

import re
from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from monitoring.instruments import Choice, Column, Kind, Options, QuestionText, Row, SectionText, said
from monitoring.library.annex1 import ANNEX_1
from monitoring.library.four_areas import FOUR_AREAS
from monitoring.models import Questionnaire, SelfAssessment
from reports.pdf import render_pdf
from reports.questionnaires import Part, blank, filled

from ..factories import (
    GRADED,
    make_answer,
    make_assessment,
    make_coordinator,
    make_expert,
    make_facilitator,
    make_questionnaire,
)
from .reading import A4, colours_of, pages_of, sizes_of, type_sizes

pytestmark = pytest.mark.django_db

LANGUAGES = ["kk", "ru", "en"]
CSS = Path(__file__).parents[2] / "static/css/questionnaire-paper.css"
BLACK_AND_WHITE = {(0.0, 0.0, 0.0), (1.0, 1.0, 1.0), (0.0,), (1.0,)}

PEOPLE = Options(
    columns=(
        Column("curriculum", {"en": "Curriculum", "kk": "Бағдарлама"}, kind="text"),
        Column("men", {"en": "Men"}),
        Column("women", {"en": "Women"}),
        Column("total", {"en": "Both"}, sum_of=("men", "women")),
    ),
    total_row=True,
)
INCOMES = Options(
    rows=(Row("main", {"en": "Main budget"}), Row("fees", {"en": "Services"}), Row("paid", {"en": "Paid"}, "fees")),
    columns=(Column("year", {"en": "This year"}, decimals=2), Column("next", {"en": "Next year"}, decimals=2)),
    total_row=True,
)
BANDS = Options(choices=(Choice("good", {"en": "Good, from 90"}), Choice("bad", {"en": "Less"})))
SECTIONS = (
    SectionText(
        "1",
        {"en": "The centre", "kk": "Орталық туралы"},
        {"en": "Facts first."},
        (
            QuestionText("1.1", Kind.TEXT, {"en": "Name", "kk": "Атауы"}, {"en": "In full."}, required=True),
            QuestionText("1.2", Kind.LONG_TEXT, {"en": "Partners"}),
            QuestionText("1.3", Kind.NUMBER, {"en": "Rooms"}, options=Options(unit={"en": "rooms"}, decimals=1)),
            QuestionText("1.4", Kind.DATE, {"en": "Founded"}),
            QuestionText("1.5", Kind.CHOICE, {"en": "Attendance"}, options=BANDS),
            QuestionText("1.6", Kind.TEXT, {"en": "Why so low?"}, depends_on="1.5", depends_values=("bad",)),
        ),
    ),
    SectionText(
        "2",
        {"en": "Tables"},
        questions=(
            QuestionText("2.1", Kind.OPEN_TABLE, {"en": "Trainees"}, options=PEOPLE),
            QuestionText("2.2", Kind.FIXED_TABLE, {"en": "Incomes"}, options=INCOMES),
        ),
    ),
    SectionText(
        "3",
        {"en": "Grades"},
        questions=(
            QuestionText("3.1", Kind.HEADING, {"en": "Objectives"}),
            QuestionText("3.1.1", Kind.GRADE, {"en": "Is there a plan?"}, required=True, options=GRADED),
            QuestionText("3.1.2", Kind.GRADE, {"en": "Is it known?"}, options=GRADED),
            QuestionText("3.2", Kind.GRADE, {"en": "By whom?"}, depends_on="3.1.2", depends_values=("yes", "partly")),
        ),
    ),
)


@pytest.fixture
def questionnaire(network):
    return make_questionnaire(network, sections=SECTIONS, title={"en": "How we work", "kk": "Қалай жұмыс істейміз"})


@pytest.fixture
def assessment(alpha, questionnaire):
    return make_assessment(alpha, questionnaire)


@pytest.fixture
def aigul(alpha):
    return make_facilitator(alpha, name="Айгүл Сейтқали")


@pytest.fixture
def facilitator(client_of, aigul):
    return client_of(aigul)


def address(assessment, which):
    return reverse(f"reports:assessment_{which}_pdf", args=[assessment.cycle.code, assessment.centre.code])


def text_of(response):
    assert response.status_code == 200
    return " ".join(pages_of(response))


def squeezed(text):
    """Without spaces: where a line is broken inside a word, the reading back has one more."""
    return re.sub(r"\s+", "", text)


def assert_in_order(words, text):
    """Each stands after the one before it."""
    text, place, missing = squeezed(text), 0, []
    for each in map(squeezed, words):
        found = text.find(each, place)
        if found < 0:
            missing.append(each)
        else:
            place = found + len(each)
    assert missing == []


def is_for_any_copier(response, code="F-06"):
    assert set(sizes_of(response)) == {A4}
    assert min(type_sizes(response)) >= 11
    assert colours_of(response) <= BLACK_AND_WHITE
    assert [page for page in pages_of(response) if code not in page] == []


# --- Blank ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("document", [ANNEX_1, FOUR_AREAS], ids=lambda document: document.key)
def test_the_blank_asks_everything(network, client_of, expert, document, language):
    questionnaire = Questionnaire.begin(network=network, document=document)
    path = reverse("reports:questionnaire_blank_pdf", args=[questionnaire.pk])
    response = client_of(expert).get(path, {"language": language})
    name = f"F-06-{document.key}-1-blank-{language}.pdf"
    assert f'filename="{name}"' in response.headers["Content-Disposition"]
    is_for_any_copier(response)
    pages = pages_of(response)
    pattern = {"kk": "Бет: {0} / {1}", "ru": "Страница {0} из {1}", "en": "Page {0} of {1}"}[language]
    numbers = [pattern.format(number, len(pages)) for number in range(1, len(pages) + 1)]
    assert [number for number, page in zip(numbers, pages, strict=True) if number not in page] == []
    text = " ".join(
        re.sub(rf"F-06 · .{{1,80}}? · [^·]{{1,20}}?{re.escape(n)}", "", p) for n, p in zip(numbers, pages, strict=True)
    )
    words = [said(document.title, language), said(document.guidance, language)]
    for section in document.sections:
        words.append(f"{section.code}. {said(section.title, language)}")
        for question in section.questions:
            words += [question.code, said(question.text, language), said(question.guidance, language)]
            words += [said(choice.label, language) for choice in question.options.choices]
            words += [said(row.label, language) for row in question.options.rows]
    assert_in_order(words, text)
    for question in document.questions:
        for column in question.options.columns:
            assert squeezed(said(column.label, language)) in squeezed(text)


def test_a_centres_blank_says_whose_it_is_and_who_signs(facilitator, assessment):
    assessment.cycle.self_assessment_due = date(2005, 7, 15)
    assessment.cycle.save()
    response = facilitator.get(address(assessment, "blank"))
    is_for_any_copier(response)
    text = text_of(response)
    assert_in_order(
        [
            "F-06", "How we work", "Centre: Alpha", f"Cycle: {assessment.cycle}", "Period: 1 Jan 2005 – 30 Jun 2005",
            "Due on: 15 July 2005", "version 1", "1. The centre", "Facts first.", "1.1 Name *", "In full.",
            "day, month, year", "Good, from 90", "Less", "Only if the answer to 1.5 is: “Less”.",
            "Source of information", "Proposal", "Only if the answer to 3.1.2 is: “Yes”, “Partly”.",
            "Head of the centre", "Signature", "Date", "Chair of the committee", "Signature", "Date",
        ],
        text,
    )  # fmt: skip
    assert "not answered" not in text


def test_kazakh_letters_are_printed(facilitator, assessment):
    text = text_of(facilitator.get(address(assessment, "blank"), {"language": "kk"}))
    assert_in_order(["Қалай жұмыс істейміз", "1. Орталық туралы", "1.1 Атауы", "Бағдарлама"], text)


def test_there_is_room_to_write(assessment):
    with translation.override("en"):
        items = {item.code: item for part in blank(assessment.questionnaire).parts for item in part.items}
    assert (items["1.1"].lines, items["1.2"].lines) == (1, 5)
    assert len(items["2.1"].table.rows) == 8
    assert [row[0] for row in items["2.2"].table.rows] == ["Main budget", "Services", "Paid"]
    assert {cell for row in items["2.2"].table.rows for cell in row[1:]} == {""}


def test_neighbouring_grades_share_a_table(assessment):
    with translation.override("en"):
        parts = blank(assessment.questionnaire).parts
    runs = [(run.kind, [item.code for item in run.items]) for run in parts[2].runs]
    assert runs == [("heading", ["3.1"]), ("grade", ["3.1.1", "3.1.2"]), ("grade", ["3.2"])]
    assert Part("9", "Nothing", "", ()).runs == []


@pytest.mark.parametrize("before", [11, 12])
def test_a_question_is_not_torn_over_pages(network, before):
    questions = [QuestionText(f"1.{n}", Kind.TEXT, {"en": "Name"}) for n in range(1, before)]
    for part, options in (("2", Options()), ("3", GRADED)):
        questions += [
            QuestionText(
                f"{part}.{n}",
                Kind.GRADE,
                {"en": f"Asks {part}.{n}"},
                {"en": f"Helps {part}.{n} " + "and more " * 30},
                options=options,
            )
            for n in range(1, 13)
        ]
    with translation.override("en"):
        sheet = blank(make_questionnaire(network, questions, key=f"own-{before}"))
        pages = pages_of(render_pdf("reports/questionnaire_form.html", {"blank": sheet}))
    assert len(pages) >= 3
    whole = [
        item.code for item in sheet.parts[0].items if any(f"Asks {item.code} {item.guidance}" in page for page in pages)
    ]
    assert whole == [item.code for item in sheet.parts[0].items if item.kind == "grade"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_annex_1_fits_eight_pages(network, alpha, language):
    assessment = make_assessment(alpha, Questionnaire.begin(network=network, document=ANNEX_1))
    with translation.override(language):
        sheet = blank(assessment.questionnaire, assessment)
        pages = pages_of(render_pdf("reports/questionnaire_form.html", {"blank": sheet}))
    assert len(pages) <= 8


@pytest.mark.parametrize("n", range(16, 22))
@pytest.mark.parametrize("kind", [Kind.TEXT, Kind.GRADE])
def test_the_signatures_never_stand_alone(network, n, kind):
    questions = [QuestionText(f"1.{each}", kind, {"en": f"Asks {each}?"}) for each in range(1, n + 1)]
    with translation.override("en"):
        sheet = blank(make_questionnaire(network, questions, key=f"own-{n}"))
        pages = pages_of(render_pdf("reports/questionnaire_form.html", {"blank": sheet}))
    [signed] = [page for page in pages if "Signature" in page]
    assert f"Asks {n}?" in signed


def test_lines_are_high_enough_and_nothing_names_a_colour():
    css = CSS.read_text()
    assert set(re.findall(r"#[0-9a-f]{3,6}\b", css)) == {"#000"}
    assert min(float(height) for height in re.findall(r"(?<!-)height: ([1-9][\d.]*)mm", css)) >= 8
    sizes = [float(size) for size in re.findall(r"font(?:-size)?: (?:\d+ )?([\d.]+)pt", css)]
    assert sizes != []
    assert min(sizes) >= 11
    assert float(re.search(r"\.room td \{ height: ([\d.]+)mm", css)[1]) >= 16


def test_the_data_can_be_printed_into_the_blank(client_of, aigul, alpha, network):
    questions = (
        QuestionText("1.1", Kind.TEXT, {"en": "Name"}, prefill="centre_name"),
        QuestionText("1.2", Kind.TEXT, {"en": "Address"}),
    )
    assessment = make_assessment(alpha, make_questionnaire(network, questions))
    client = client_of(aigul)
    assert "The data say" not in text_of(client.get(address(assessment, "blank")))
    text = text_of(client.get(address(assessment, "blank"), {"prefilled": "1"}))
    assert re.search(r"1\.1 Name The data say \([^)]+\): Alpha 1\.2", text)
    assessment.submit(by=aigul, version=0)
    assert "The data say" not in text_of(client.get(address(assessment, "blank"), {"prefilled": "1"}))


def test_tables_hold_what_the_data_say(assessment):
    entry = {"source": "x", "value": {"rows": [{"curriculum": "Sewing", "men": "0", "women": "7", "total": "7"}]}}
    with translation.override("en"):
        items = {item.code: item for item in blank(assessment.questionnaire, assessment, {"2.1": entry}).parts[1].items}
    assert items["2.1"].table.rows[:2] == (("Sewing", "0", "7", "7"), ("", "", "", ""))
    assert (len(items["2.1"].table.rows), items["2.1"].data, items["2.1"].data_from) == (5, None, "x")
    assert items["2.2"].data_from == ""


# --- Filled in ------------------------------------------------------------------------------------------------------

ANSWERS = {
    "1.1": {"text": "Әкімдік үйі, өңір"},
    "1.2": {"text": "The school.\r\nThe library."},
    "1.3": {"number": "2.5"},
    "1.4": {"date": "2003-09-01"},
    "1.5": {"choice": "bad"},
    "1.6": {"text": "Harvest"},
    "2.1": {"rows": [{"curriculum": "Sewing", "men": "0", "women": "14", "total": "14"}, {"curriculum": "Computer"}]},
    "2.2": {"rows": {"main": {"year": "100.50"}, "fees": {"year": "20"}, "paid": {"year": "20"}}},
    "3.1.1": {"grade": "partly", "source": "Minutes", "proposal": "Write it anew"},
    "3.1.2": {"grade": "yes"},
    "3.2": {"grade": "no"},
}


def answer_all(assessment, by, **kwargs):
    for code, value in ANSWERS.items():
        make_answer(assessment, code, value, by=by, **kwargs)


def test_every_answer_is_printed(facilitator, assessment, aigul):
    answer_all(assessment, aigul)
    response = facilitator.get(address(assessment, "filled"))
    is_for_any_copier(response)
    text = text_of(response)
    assert_in_order(
        [
            "Draft", "How we work", "11 of 11 questions answered", "Айгүл Сейтқали: 11", "1.1 Name",
            "Әкімдік үйі, өңір", "1.2 Partners", "The school. The library.", "1.3 Rooms", "2.5 rooms",
            "1.4 Founded", "1 September 2003", "1.5 Attendance", "Less", "1.6 Why so low?", "Harvest",
            "2.1 Trainees", "Sewing 0 14 14", "Computer", "Total 0 14 14", "2.2 Incomes",
            "Main budget 100.50", "Services 20", "Paid 20", "Total 120.50", "3.1 Objectives",
            "3.1.1 Is there a plan?", "Partly", "Minutes", "Write it anew", "3.1.2 Is it known?", "Yes", "3.2 By whom?",
            "No", "Head of the centre", "Chair of the committee",
        ],
        text,
    )  # fmt: skip
    assert "not answered" not in text
    assert "not asked" not in text
    assert "Good, from 90" not in text
    name = f'filename="F-06-{assessment.cycle.code}-alpha-en.pdf"'
    assert name in response.headers["Content-Disposition"]


def test_numbers_and_words_follow_the_reader(facilitator, assessment, aigul):
    answer_all(assessment, aigul)
    text = text_of(facilitator.get(address(assessment, "filled"), {"language": "ru"}))
    assert_in_order(["2,5", "1 сентября 2003", "100,50"], text)


def test_nothing_answered_is_neither_no_nor_nought(facilitator, assessment, aigul):
    make_answer(assessment, "1.1", {"text": "Alpha"}, by=aigul)
    make_answer(assessment, "1.1", {}, by=aigul)
    with translation.override("en"):
        items = {item.code: item for part in filled(assessment).parts for item in part.items}
    assert {code for code, item in items.items() if item.answer} == set()
    assert {code for code, item in items.items() if not item.asked} == {"1.6", "3.1", "3.2"}
    text = text_of(facilitator.get(address(assessment, "filled")))
    assert "0 of 9 questions answered" in text
    assert (text.count("not answered"), text.count("not asked")) == (9, 2)
    body = text[text.index("1. The centre") :]
    assert (re.findall(r"\bNo\b", body), re.findall(r"(?<![\d.])0\b", body)) == ([], [])


def test_a_proposal_without_a_grade_is_printed_as_that(facilitator, assessment, aigul):
    make_answer(assessment, "3.1.2", {"proposal": "Ask the committee"}, by=aigul)
    text = text_of(facilitator.get(address(assessment, "filled")))
    assert_in_order(["3.1.2 Is it known?", "not answered", "Ask the committee"], text)


def test_data_that_differ_stand_beside_with_the_explanation(client_of, aigul, alpha, network):
    options = Options(decimals=0)
    questions = (
        QuestionText("1.1", Kind.NUMBER, {"en": "Needy"}, options=options, prefill="needy_trainees"),
        QuestionText("1.2", Kind.NUMBER, {"en": "Share"}, options=options, prefill="attendance_share"),
    )
    assessment = make_assessment(alpha, make_questionnaire(network, questions))
    entry = {"source": "needy_trainees", "value": {"number": "900"}, "at": "2005-07-01T10:00:00", "day": "2005-06-30"}
    make_answer(assessment, "1.1", {"number": "950"}, by=aigul, computed=entry, explanation="Two groups came late.")
    same = {**entry, "value": {"number": "80"}}
    make_answer(assessment, "1.2", {"number": "80"}, by=aigul, computed=same, explanation="Of an answer changed since.")
    text = text_of(client_of(aigul).get(address(assessment, "filled")))
    assert re.search(
        r"1\.1 Needy 950 The data say \([^)]*30 June 2005\): 900 Explanation: Two groups came late\. 1\.2 Share 80",
        text,
    )
    assert (text.count("The data say"), text.count("Explanation"), "changed since" in text) == (1, 1, False)


def test_on_behalf_both_names_are_printed(client_of, assessment, network):
    dana = make_coordinator(network, name="Dana")
    assessment.told_by = "Aigul by telephone"
    assessment.save()
    make_answer(assessment, "1.1", {"text": "Alpha"}, by=dana)
    assessment.submit(by=dana, version=0, note="All of it.")
    text = text_of(client_of(dana).get(address(assessment, "filled")))
    assert "Dana on behalf of Aigul by telephone: 1" in text
    assert re.search(r"Submitted: [^,]+, Dana on behalf of Aigul by telephone – All of it\.", text)
    assert re.search(r"1\.1 Name \* Alpha Dana on behalf of Aigul by telephone 1\.2", text)


@pytest.mark.parametrize(("state", "word"), [("draft", "Draft"), ("submitted", "Submitted"), ("accepted", "Accepted")])
def test_every_page_says_the_state(facilitator, assessment, aigul, expert, state, word):
    answer_all(assessment, aigul)
    if state != "draft":
        assessment.submit(by=aigul, version=0)
    if state == "accepted":
        assessment.accept(by=expert, version=1)
    pages = pages_of(facilitator.get(address(assessment, "filled")))
    foot = f"F-06 · Alpha · {assessment.cycle} · version 1 · {word}"
    assert [page for page in pages if foot not in page] == []


def test_what_was_returned_has_its_reason(client_of, assessment, aigul, network):
    expert = make_expert(network)
    answer_all(assessment, aigul)
    assessment.submit(by=aigul, version=0)
    assessment.give_back(by=expert, version=1, reasons={"1.2": "Which school?", "3.1.1": "See the plan."})
    text = text_of(client_of(expert).get(address(assessment, "filled")))
    assert text.count("To be mended") == 2
    assert_in_order(["1.2 Partners", "The library.", "To be mended: Which school?", "1.3 Rooms"], text)
    assert_in_order(["3.1.1 Is there a plan?", "To be mended: See the plan.", "3.1.2"], text)


def test_much_of_everything_fits(facilitator, assessment, aigul):
    """60 rows, answers of 2,000 characters in every text, words without a space."""
    long = {code: (f"слово{code} " * 300)[:2000] for code in ("1.1", "1.2", "3.1.1")}
    rows = [{"curriculum": f"Row {n} " + "ә" * 60, "men": str(n), "women": "1", "total": str(n + 1)} for n in range(60)]
    make_answer(assessment, "1.1", {"text": long["1.1"]}, by=aigul)
    make_answer(assessment, "1.2", {"text": long["1.2"] + "ү" * 300}, by=aigul)
    make_answer(assessment, "2.1", {"rows": rows}, by=aigul)
    graded = {"grade": "yes", "source": long["3.1.1"], "proposal": long["3.1.1"]}
    make_answer(assessment, "3.1.1", graded, by=aigul)
    response = facilitator.get(address(assessment, "filled"))
    is_for_any_copier(response)
    text = squeezed(text_of(response))
    assert text.count("слово1.1") == long["1.1"].count("слово1.1")
    assert text.count("слово1.2") == long["1.2"].count("слово1.2")
    assert text.count("слово3.1.1") == 2 * long["3.1.1"].count("слово3.1.1")
    assert [n for n in range(60) if f"Row{n}ә" not in text] == []
    assert f"Total{sum(range(60))}60{sum(range(60)) + 60}" in text


def test_what_is_typed_is_never_markup(facilitator, assessment, aigul):
    make_answer(assessment, "1.1", {"text": "<b>Bold</b> & <img src='file:///etc/passwd'>"}, by=aigul)
    assert "<b>Bold</b> & <img src='file:///etc/passwd'>" in text_of(facilitator.get(address(assessment, "filled")))


# --- Access and effort ----------------------------------------------------------------------------------------------


def test_only_the_centre_and_the_networks_staff_get_it(personas, client_of, assessment):
    for which in ("blank", "filled"):
        codes = {
            who: client_of(user).get(address(assessment, which)).status_code
            for who, user in vars(personas).items()
            if user
        }
        assert codes == {
            "coordinator": 200,
            "expert": 200,
            "facilitator_alpha": 200,
            "facilitator_beta": 404,
            "donor": 404,
            "outsider": 404,
        }


def test_queries_do_not_grow_with_questions_and_answers(alpha, network, aigul):
    def queries(count):
        questions = [QuestionText(f"1.{n}", Kind.TEXT, {"en": "Name"}) for n in range(1, count)]
        assessment = make_assessment(alpha, make_questionnaire(network, questions, key=f"own-{count}"))
        for n in range(1, count):
            make_answer(assessment, f"1.{n}", {"text": "x"}, by=aigul)
        loaded = SelfAssessment.objects.for_page().select_related("centre__place", "questionnaire__network")
        assessment = loaded.get(pk=assessment.pk)
        with CaptureQueriesContext(connection) as found:
            filled(assessment)
        return len(found)

    assert queries(3) == queries(20) == 4
