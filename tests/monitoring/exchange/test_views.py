"""Answers from files in the browser: upload, preview, confirmation, and every refusal."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from monitoring.exchange.answers_in import MOST_CENTRES
from monitoring.exchange.workbook import workbook
from monitoring.instruments import Kind, QuestionText
from monitoring.models import Answer, AnswerImport, Cycle
from tests.centres.imports.test_reader import BAD, BOMBS
from tests.factories import make_answer, make_assessment, make_facilitator, make_questionnaire
from tests.spreadsheets import as_csv, as_xlsx

from .everything import QUESTIONS, standing
from .exports import as_csvs, as_workbook, submission, tables
from .test_plan import SUMS
from .test_workbook import opened, saved, write

pytestmark = pytest.mark.django_db

LATER = (datetime.now(UTC) + timedelta(days=1)).isoformat()


@pytest.fixture
def browser(client_of, coordinator):
    return client_of(coordinator)


@pytest.fixture
def facilitator(alpha):
    return make_facilitator(alpha, username="writer")


def upload(browser, cycle, *files, **data):
    files = [SimpleUploadedFile(name, content) for name, content in files]
    follow = data.pop("follow", False)
    address = reverse("monitoring:assessments_import", args=[cycle.code])
    return browser.post(address, {"file": files, **data}, follow=follow)


def one_form(cells, follow=True, **about):
    known = {
        "centre_code": "alpha",
        "told_by": "The head",
        "questionnaire_key": "own",
        "_submission_time": LATER,
    } | about
    return ("answers.csv", as_csv([[*known, *cells], [*known.values(), *cells.values()]]))


def confirm(browser, preview, **data):
    fields = {"fingerprint": preview.context["plan"].fingerprint, **data}
    return browser.post(preview.request["PATH_INFO"], fields)


def texts(response):
    return [str(message) for message in response.wsgi_request._messages]


def test_upload_preview_and_confirmation(browser, coordinator, asked, own, xform, values, beta):
    sent = [
        submission(QUESTIONS, values),
        submission(QUESTIONS, {"1.1": {"text": "Beta"}}, centre="beta", told_by="Ms B"),
    ]
    data = as_workbook(tables(xform, sent))
    preview = upload(browser, asked, ("Ответы.xlsx", data), follow=True)
    stored = AnswerImport.objects.get()
    assert preview.redirect_chain == [(reverse("monitoring:answers_preview", args=["2006", stored.pk]), 302)]
    assert (stored.by, stored.file_name, stored.applied_at, Answer.objects.count()) == (
        coordinator,
        "Ответы.xlsx",
        None,
        0,
    )
    page = preview.content.decode()
    for words in ("Ответы.xlsx", "On behalf of: Ms B.", f"{len(values) + 1} answers are new or changed.", "Beta"):
        assert words in page
    done = confirm(browser, preview)
    assert (done.status_code, done.headers["Location"]) == (302, reverse("monitoring:assessments", args=["2006"]))
    assert texts(done) == [f"{len(values) + 1} answers were imported as drafts."]
    theirs = asked.self_assessments.get(centre=beta)
    assert (standing(own), standing(theirs)) == (values, {"1.1": {"text": "Beta"}})
    assert set(own.answers.values_list("updated_by", "told_by", "version")) == {(coordinator.pk, "Head", 1)}
    assert theirs.answers.get().told_by == "Ms B"
    assert {assessment.state for assessment in (own, theirs)} == {"draft"}
    stored.refresh_from_db()
    assert (stored.parsed, stored.applied_at is None) == ({}, False)


def test_a_second_click_and_an_old_page_change_nothing(browser, asked, own):
    preview = upload(browser, asked, one_form({"q_1_1": "x"}), follow=True)
    confirm(browser, preview)
    again = confirm(browser, preview)
    assert (again.status_code, texts(again)[-1]) == (302, "This file has already been imported.")
    assert browser.get(preview.request["PATH_INFO"]).status_code == 302
    assert own.answers.get().version == 1


def test_the_same_file_again_is_told_and_not_stored(browser, asked, own):
    confirm(browser, upload(browser, asked, one_form({"q_1_1": "x"}), follow=True))
    response = upload(browser, asked, one_form({"q_1_1": "x"}))
    assert response.status_code == 200
    assert "holds nothing new" in response.content.decode()
    assert AnswerImport.objects.filter(applied_at__isnull=True).count() == 0


def test_several_csv_files_of_odk_central(browser, asked, own, xform, values):
    made = as_csvs(tables(xform, [submission(QUESTIONS, values)], odk=True))
    preview = upload(browser, asked, *((file.name, file.getvalue()) for file in made), follow=True)
    confirm(browser, preview)
    assert standing(own) == values


def test_errors_are_shown_with_their_places_and_nothing_is_stored(browser, asked):
    response = upload(browser, asked, one_form({"q_1_1": "fine", "q_1_3": "about <five>", "q_8_1_1": "maybe"}))
    page = response.content.decode()
    assert response.status_code == 422
    for words in ("2 errors", "row 2, column F", "Question 8.1.1: Choose one of the answers that are given."):
        assert words in page
    assert (AnswerImport.objects.count(), Answer.objects.count()) == (0, 0)


def test_of_very_many_errors_some_are_named(browser, asked):
    many = [["centre_code", *(f"q_9_2[{n}]/q_9_2__{name}" for n in range(1, 61) for name in ("men", "women", "total"))]]
    many += [[code, *["many"] * 180] for code in ("alpha", "beta")]
    response = upload(browser, asked, ("a.csv", as_csv(many)))
    assert (response.status_code, response.context["errors"]) == (422, 360)
    assert sum(group.count for group in response.context["groups"]) == 301
    assert "60 more." in response.content.decode()


@pytest.mark.parametrize(
    "name",
    [
        "empty",
        "only delimiters",
        "pdf",
        "old excel",
        "password",
        "plain zip",
        "cut short",
        "zeros",
        "half a letter",
        "billion laughs",
        "sizes that lie",
        "merged to the end",
    ],
)
def test_bad_files_get_a_sentence_and_leave_nothing(browser, asked, own, name):
    code, data = (BAD | BOMBS)[name]
    response = upload(browser, asked, ("answers.xlsx", data))
    assert response.status_code == 422
    assert [error.code for error in response.context["form"].errors.as_data()["file"]] == [code]
    address = reverse("monitoring:assessment_import", args=["2006", "alpha"])
    response = browser.post(address, {"file": SimpleUploadedFile("a.xlsx", data), "told_by": "Head"})
    assert response.status_code == 422
    assert [error.code for error in response.context["form"].errors.as_data()["file"]] == [code]
    assert AnswerImport.objects.count() == 0


def test_a_file_of_too_many_centres_is_to_be_split(browser, asked, own, monkeypatch):
    """As many as are read and written while the person waits."""
    assert MOST_CENTRES == 100
    monkeypatch.setattr("monitoring.exchange.answers_in.MOST_CENTRES", 1)
    rows = [["centre_code", "told_by", "q_1_1", "q_1_3"], ["alpha", "A", "x", "3"], ["beta", "B", "y", "many"]]
    response = upload(browser, asked, ("a.csv", as_csv(rows)))
    page = response.content.decode()
    assert (response.status_code, AnswerImport.objects.count()) == (422, 0)
    assert "1 error." in page  # its answers are not read
    assert "The file holds forms of 2 centres; at most 1 are imported at once. Save it as several files" in page
    rows = [*rows[:2], rows[1], ["omsk", "", "x", "y"]]  # several of one centre are one, unknown ones do not count
    confirm(browser, upload(browser, asked, ("a.csv", as_csv(rows)), follow=True))
    assert standing(own) == {"1.1": {"text": "x"}, "1.3": {"number": "3"}}


def test_a_zip_is_to_be_unpacked(browser, asked):
    response = upload(browser, asked, ("export.zip", BAD["plain zip"][1]))
    assert response.context["form"].errors["file"] == [
        "This is neither an Excel workbook nor CSV. If it is the packed export of ODK Central, unpack it and "
        "choose all of its CSV files together."
    ]


def test_without_a_file_and_with_too_many(browser, asked):
    response = upload(browser, asked)
    assert (response.status_code, response.context["form"].errors["file"]) == (
        422, ["Choose the file that holds the answers."],
    )  # fmt: skip
    response = upload(browser, asked, *[one_form({"q_1_1": "x"})] * 21)
    assert response.context["form"].errors["file"] == ["Choose at most 20 files."]


@pytest.mark.parametrize(
    "data",
    [
        as_xlsx([["=1"]]),
        as_xlsx([["centre_code", "=A1"], ["alpha", "x"]]),
        b"centre_code\n",
        b"a;b;c\n;;\n",
        b"\xef\xbb\xbf,\n",
    ],
    ids=["a formula", "a formula as a heading", "a heading", "no answers", "commas"],
)
def test_tables_without_answers(browser, asked, data):
    response = upload(browser, asked, ("a.xlsx", data))
    assert (response.status_code, AnswerImport.objects.count()) == (422, 0)


def test_on_whose_behalf_has_to_be_said(browser, asked, own):
    form = one_form({"q_1_1": "x"}, told_by="")
    response = upload(browser, asked, form)
    assert response.status_code == 422
    assert "Alpha: say above who at the centre gave these answers" in response.content.decode()
    confirm(browser, upload(browser, asked, form, told_by="Ms Head", follow=True))
    assert own.answers.get().told_by == "Ms Head"


def test_a_facilitator_imports_her_own_alone(client_of, facilitator, asked, own, beta):
    browser = client_of(facilitator)
    rows = [["centre_code", "q_1_1"], ["alpha", "Ours"], ["beta", "Theirs"]]
    preview = upload(browser, asked, ("a.csv", as_csv(rows)), follow=True)
    assert "“beta” is no centre whose self-assessment you fill in here." in preview.content.decode()
    confirm(browser, preview)
    assert list(Answer.objects.values_list("centre__code", "value", "told_by", "updated_by__username")) == [
        ("alpha", {"text": "Ours"}, "", "writer")
    ]


def test_an_upload_is_its_makers(browser, client_of, expert, facilitator, asked, network):
    preview = upload(browser, asked, one_form({"q_1_1": "x"}), follow=True)
    address = preview.request["PATH_INFO"]
    assert [client_of(user).get(address).status_code for user in (facilitator, expert)] == [404, 404]
    assert browser.get(reverse("monitoring:answers_preview", args=["2006", uuid.uuid4()])).status_code == 404


def test_a_new_upload_replaces_the_one_that_waits_and_old_ones_go(browser, client_of, facilitator, asked):
    upload(client_of(facilitator), asked, one_form({"q_1_1": "x"}))
    AnswerImport.objects.update(created_at=timezone.now() - timedelta(days=2))
    upload(browser, asked, one_form({"q_1_1": "y"}))
    first = AnswerImport.objects.get()
    upload(browser, asked, one_form({"q_1_1": "z"}))
    assert AnswerImport.objects.get().pk == first.pk
    assert AnswerImport.objects.get().parsed["answers"][0]["value"] == {"text": "z"}


def test_a_change_in_between_is_shown_again(browser, asked, own, facilitator):
    preview = upload(browser, asked, one_form({"q_1_1": "From the file", "q_1_2": "New"}), follow=True)
    make_answer(own, "1.1", {"text": "Typed meanwhile"}, by=facilitator)
    refused = confirm(browser, preview)
    page = refused.content.decode()
    assert refused.status_code == 409
    assert "The answers have changed since this preview was made." in page
    assert "Typed meanwhile" in page
    assert standing(own) == {"1.1": {"text": "Typed meanwhile"}}
    assert confirm(browser, refused).status_code == 302
    assert standing(own) == {"1.1": {"text": "From the file"}, "1.2": {"text": "New"}}


def test_a_newer_answer_stays_unless_the_files_is_chosen(browser, asked, own, facilitator):
    make_answer(own, "1.1", {"text": "Typed later"}, by=facilitator, explanation="As it is")
    form = one_form({"q_1_1": "Sent before", "q_1_3": "3"}, _submission_time="2006-01-01T00:00:00")
    preview = upload(browser, asked, form, follow=True)
    page = preview.content.decode()
    assert "Take the answer of the file all the same" in page
    assert "For 1 question a newer answer stands here; it stays unless you choose the one of the file." in page
    assert confirm(browser, preview).status_code == 302
    assert standing(own) == {"1.1": {"text": "Typed later"}, "1.3": {"number": "3"}}
    preview = upload(browser, asked, form, follow=True)
    confirm(browser, preview, take=["alpha 1.1", "alpha 1.3", "beta 1.1", "nonsense"])
    answer = own.answers.get(question__code="1.1")
    assert (answer.value, answer.version, answer.explanation) == ({"text": "Sent before"}, 2, "As it is")


def test_of_very_many_changes_some_are_shown_and_all_are_counted(browser, asked, monkeypatch):
    monkeypatch.setattr("monitoring.views.exchange.SHOWN", 2)
    preview = upload(browser, asked, one_form({"q_1_1": "x", "q_1_2": "y", "q_1_3": "3"}), follow=True)
    page = preview.content.decode()
    assert [len(centre["rows"]) for centre in preview.context["centres"]] == [2]
    assert "1 more change is not shown here, but counted below." in page
    assert "3 answers are new or changed." in page


def test_answers_are_shown_in_the_order_of_the_questions_with_all_their_parts(browser, asked, own, facilitator):
    make_answer(own, "8.1.1", {"grade": "no", "proposal": "Meet & write"}, by=facilitator)
    cells = {
        "q_8_1_1": "no",
        "q_8_1_1__source": "Plan",
        "q_8_1_1__proposal": "<b>Write</b>",
        "q_1_3": "3",
        "q_1_1": "=x",
    }
    preview = upload(browser, asked, one_form(cells), follow=True)
    [centre] = preview.context["centres"]
    assert [(change.given.code, before, after) for change, before, after in centre["rows"]] == [
        ("1.1", [], ["=x"]),
        ("1.3", [], ["3 rooms"]),
        (
            "8.1.1",
            ["No", "Proposal: Meet & write"],
            ["No", "Source of information: Plan", "Proposal: <b>Write</b>"],
        ),
    ]
    assert "&lt;b&gt;Write" in preview.content.decode()
    assert preview.context["again"] == reverse("monitoring:assessments_import", args=["2006"])


def test_the_preview_says_what_stays_and_what_does_not(browser, asked, own, facilitator):
    make_answer(own, "8.1.1", {"grade": "no", "proposal": "Meet"}, by=facilitator)
    make_answer(own, "9.2", {"rows": [{"curriculum": "Sewing"}, {"curriculum": "Cooking"}]}, by=facilitator)
    preview = upload(browser, asked, one_form({"q_8_1_1": "yes", "q_9_2[1]/q_9_2__men": "4"}), follow=True)
    [centre] = preview.context["centres"]
    assert [(before, after) for _change, before, after in centre["rows"]] == [
        (["No", "Proposal: Meet"], ["Yes", "Proposal: Meet"]),
        (["Curriculum: Sewing", "Curriculum: Cooking"], ["Men: 4"]),
    ]
    page = preview.content.decode()
    assert page.count("What the file leaves empty stays as it is.") == 1
    assert page.count("All rows that stand here give way to those of the file.") == 1
    confirm(browser, preview)
    assert standing(own) == {"8.1.1": {"grade": "yes", "proposal": "Meet"}, "9.2": {"rows": [{"men": "4"}]}}


def test_an_answer_that_does_not_fit_what_stands_here_is_told(browser, client_of, network, alpha):
    question = QuestionText("3.1", Kind.FIXED_TABLE, {"en": "Trainees"}, options=SUMS)
    own = make_assessment(alpha, make_questionnaire(network, [question]))
    before = {"3.1": {"rows": {"a": {"men": "3", "women": "4", "total": "7"}}}}
    make_answer(own, "3.1", before["3.1"], by=make_facilitator(alpha))
    form = one_form({"q_3_1__a__total": "8"}, questionnaire_key=own.questionnaire.key)
    preview = upload(browser, own.cycle, form, follow=True)
    page = preview.content.decode()
    for words in (
        "does not fit what stands here",
        "Sewing: Men + Women make 7, but “Total” says 8.",
        "1 answer does not fit what stands here; it is left out.",
    ):
        assert words in page
    assert ">Import</button>" not in page
    assert confirm(browser, preview).status_code == 302
    assert standing(own) == before


def test_all_or_nothing(browser, asked, own, facilitator, monkeypatch):
    """Somebody is faster in the middle of the writing."""
    from monitoring.models import SelfAssessment

    preview = upload(browser, asked, one_form({"q_1_1": "x", "q_1_2": "y", "q_1_3": "3"}), follow=True)
    save, saved_codes = SelfAssessment.save_answer, []

    def slow(assessment, question, **kwargs):
        saved_codes.append(question.code)
        if question.code == "1.2":
            save(assessment, question, by=facilitator, version=0, value={"text": "Faster"})
        return save(assessment, question, **kwargs)

    monkeypatch.setattr(SelfAssessment, "save_answer", slow)
    assert confirm(browser, preview).status_code == 409
    assert saved_codes == ["1.1", "1.2"]
    assert standing(own) == {}


@pytest.mark.parametrize("when", ["before the upload", "after it"])
def test_one_that_is_handed_in_does_not_change(browser, asked, own, facilitator, when):
    form = one_form({"q_1_1": "x"})
    if when == "after it":
        preview = upload(browser, asked, form, follow=True)
        own.submit(by=facilitator, version=0)
        refused = confirm(browser, preview)
        assert refused.status_code == 409
        assert "Alpha: the self-assessment is “submitted” by now." in refused.content.decode()
    else:
        own.submit(by=facilitator, version=0)
        assert upload(browser, asked, form).status_code == 422
    assert standing(own) == {}


def test_a_cycle_with_another_questionnaire_by_now(browser, asked, network):
    preview = upload(browser, asked, one_form({"q_1_1": "x"}), follow=True)
    other = make_questionnaire(network, key="other")
    asked.questionnaire = other
    asked.revise(version=asked.version, projects=[], centres=[row.centre for row in asked.participations.all()])
    refused = confirm(browser, preview)
    assert refused.status_code == 409
    assert "The cycle uses another questionnaire by now." in refused.content.decode()


def test_a_published_cycle_and_one_without_a_questionnaire(browser, asked, cycle):
    preview = upload(browser, asked, one_form({"q_1_1": "x"}), follow=True)
    Cycle.objects.filter(pk=asked.pk).update(state="published", published_at=timezone.now())
    assert upload(browser, asked, one_form({"q_1_1": "x"})).status_code == 403
    assert confirm(browser, preview).status_code == 404
    assert upload(browser, cycle, one_form({"q_1_1": "x"})).status_code == 404


def test_the_preview_of_one_and_many_takes_the_same_queries(browser, asked, xform, values):
    counts, sizes = [], []
    for sent in ([submission(QUESTIONS, {"1.1": {"text": "x"}})], [submission(QUESTIONS, values)]):
        address = upload(browser, asked, ("a.xlsx", as_workbook(tables(xform, sent))), follow=True).request["PATH_INFO"]
        with CaptureQueriesContext(connection) as queries:
            sizes.append(len(browser.get(address).content))
        counts.append(len(queries))
    assert sizes[0] < sizes[1]
    assert counts[0] == counts[1]


# ---- one centre's workbook -------------------------------------------------------------------------------------------


@pytest.fixture
def back(asked):
    return reverse("monitoring:assessment_import", args=["2006", "alpha"])


def test_a_workbook_out_and_in(client_of, facilitator, own, back):
    browser = client_of(facilitator)
    make_answer(own, "1.1", {"text": "=Alpha"}, by=facilitator)
    response = browser.get(reverse("monitoring:assessment_workbook", args=["2006", "alpha"]))
    assert response.headers["Content-Disposition"] == 'attachment; filename="2006-alpha-answers.xlsx"'
    book = opened(own)
    write(book, "1.3", 3)
    preview = browser.post(back, {"file": SimpleUploadedFile("2006-alpha.xlsx", saved(book))}, follow=True)
    page = preview.content.decode()
    assert "1 answer of the file stands here already." in page
    assert "1 answer is new or changed." in page
    assert preview.context["again"] == back
    confirm(browser, preview)
    assert standing(own) == {"1.1": {"text": "=Alpha"}, "1.3": {"number": "3"}}
    same = browser.post(back, {"file": SimpleUploadedFile("a.xlsx", workbook(own))})
    assert "holds nothing new" in same.content.decode()


def test_a_coordinator_says_who_told(browser, own, back):
    book = opened(own)
    write(book, "1.3", 3)
    refused = browser.post(back, {"file": SimpleUploadedFile("a.xlsx", saved(book))})
    assert refused.status_code == 422
    data = {"file": SimpleUploadedFile("a.xlsx", saved(book)), "told_by": "By phone: the head"}
    confirm(browser, browser.post(back, data, follow=True))
    assert own.answers.get().told_by == "By phone: the head"


def test_a_workbook_of_one_that_is_handed_in(client_of, facilitator, own, back):
    own.submit(by=facilitator, version=0)
    browser = client_of(facilitator)
    assert "The self-assessment is “submitted”" in browser.get(back).content.decode()
    data = {"file": SimpleUploadedFile("a.xlsx", workbook(own))}
    assert browser.post(back, data).status_code == 409
