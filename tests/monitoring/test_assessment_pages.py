"""A self-assessment as a whole: handing in, returning, accepting, on whose behalf, history, comments."""

import re
import threading
import uuid

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from monitoring.instruments import Kind, QuestionText
from monitoring.models import AnswerComment, Cycle, SelfAssessment, StepRefused
from monitoring.views.assessments import move

from ..factories import (
    GRADED,
    make_answer,
    make_assessment,
    make_centre,
    make_coordinator,
    make_cycle,
    make_expert,
    make_facilitator,
    make_questionnaire,
)

pytestmark = pytest.mark.django_db

QUESTIONS = (
    QuestionText("1.1", Kind.TEXT, {"en": "Name"}, required=True, prefill="centre_name"),
    QuestionText("1.2", Kind.GRADE, {"en": "Is there a plan?"}, required=True, options=GRADED),
    QuestionText("1.3", Kind.TEXT, {"en": "Which one?"}, required=True, depends_on="1.2", depends_values=("yes",)),
    QuestionText("1.4", Kind.LONG_TEXT, {"en": "Anything else?"}),
)


@pytest.fixture
def assessment(alpha):
    questionnaire = make_questionnaire(alpha.network, QUESTIONS)
    return make_assessment(alpha, cycle=make_cycle(alpha.network, [alpha], code="2006", questionnaire=questionnaire))


@pytest.fixture
def facilitator(alpha):
    return make_facilitator(alpha, name="Aigul")


@pytest.fixture
def client(client_of, facilitator):
    return client_of(facilitator)


@pytest.fixture
def expert_client(client_of, expert):
    return client_of(expert)


@pytest.fixture
def complete(assessment, facilitator):
    """Everything required is answered."""
    make_answer(assessment, "1.1", {"text": "Alpha"}, by=facilitator)
    make_answer(assessment, "1.2", {"grade": "no"}, by=facilitator)
    return assessment


def address(name, *args):
    return reverse(f"monitoring:{name}", args=["2006", "alpha", *args])


def step(client, do, version, **data):
    return client.post(address("assessment_step"), {"do": do, "version": version, **data})


def steps(assessment):
    return list(assessment.steps.order_by("pk").values_list("to_state", flat=True))


def reason(assessment, code, text):
    return {f"reason-{assessment.questionnaire.questions.get(code=code).pk}": text}


def page(client, name="assessment", *args):
    response = client.get(address(name, *args))
    assert response.status_code == 200
    return response.content.decode()


# --- Handing in ---


def test_what_is_missing_is_listed_with_links_and_nothing_is_handed_in(client, assessment):
    make_answer(assessment, "1.2", {"grade": "yes"})
    response = step(client, "submit", 0, note="Done")
    html = response.content.decode()
    assert response.status_code == 422
    links = re.findall(r'<li><a href="([^"]+)">([^<]+)</a></li>', html)
    section = address("assessment_section", "1")
    assert links == [(f"{section}#q-1.1", "1.1 Name"), (f"{section}#q-1.3", "1.3 Which one?")]
    assert ">Done</textarea>" in html
    assert steps(assessment) == []


def test_an_unexplained_difference_holds_it_up_by_what_the_data_say_now(client, complete, alpha):
    alpha.name = "Omega"
    alpha.save()
    response = step(client, "submit", 0)
    assert response.status_code == 422
    assert "Different from the data, without a word why" in response.content.decode()
    assert complete.answers.get(question__code="1.1").computed is None, "a refusal stores nothing"
    make_answer(complete, "1.1", {"text": "Alpha"}, explanation="The new name is for next year.")
    assert step(client, "submit", 0).status_code == 302
    answer = complete.answers.get(question__code="1.1")
    assert (answer.computed["value"], answer.version) == ({"text": "Omega"}, 2)
    assert steps(complete) == ["submitted"]


def test_handing_in_twice_is_once(client, complete):
    for _sending in range(2):
        assert step(client, "submit", 0).status_code == 302
    assert steps(complete) == ["submitted"]


def test_from_an_older_page_nothing_is_handed_in(client, complete, facilitator):
    complete.submit(by=facilitator, version=0)
    complete.withdraw(by=facilitator, version=1)
    assert step(client, "submit", 0).status_code == 409
    assert steps(complete) == ["submitted", "draft"]


def test_taken_back_it_can_be_changed_again(client, complete):
    step(client, "submit", 0)
    assert "Take back and go on writing" in page(client)
    assert step(client, "withdraw", 1).status_code == 302
    assert steps(complete) == ["submitted", "draft"]
    assert step(client, "withdraw", 2).status_code == 422


# --- Returning and accepting ---


def test_returned_on_two_questions_mended_and_accepted(client, client_of, expert_client, complete):
    step(client, "submit", 0)
    html = page(expert_client, "assessment_review")
    assert html.count("To be mended…</summary>") == 3, "one under each question that is asked"
    data = reason(complete, "1.1", "The whole name.") | reason(complete, "1.2", "There is one, see the wall.")
    for _sending in range(2):
        assert step(expert_client, "return", 1, note="Two things.", **data).status_code == 302
    assert steps(complete) == ["submitted", "returned"]
    html = page(client)
    assert [text in html for text in ("The whole name.", "Two things.", "2 to mend")] == [True] * 3
    assert "The whole name." in page(client, "assessment_section", "1")
    response = step(client, "submit", 2)
    assert response.status_code == 422
    assert "Returned, and not touched since" in response.content.decode()
    make_answer(complete, "1.1", {"text": "Alpha centre"}, explanation="As registered.")
    other = client_of(make_expert(complete.centre.network))
    comment = {"id": uuid.uuid4(), "parent": "", "text": "I see none either."}
    assert other.post(address("answer_comment", "1.2"), comment).status_code == 302
    assert step(client, "submit", 2).status_code == 422, "another reviewer's comment mends nothing"
    comment = {"id": uuid.uuid4(), "parent": "", "text": "It is of last year."}
    assert client.post(address("answer_comment", "1.2"), comment).status_code == 302
    assert step(client, "submit", 2).status_code == 302
    assert step(expert_client, "accept", 3).status_code == 302
    assert steps(complete) == ["submitted", "returned", "submitted", "accepted"]


def test_taken_back_once_more_the_reasons_still_stand(client, expert_client, complete):
    step(client, "submit", 0)
    step(expert_client, "return", 1, **reason(complete, "1.1", "The whole name."))
    make_answer(complete, "1.1", {"text": "Alpha centre"}, explanation="As registered.")
    step(client, "submit", 2)
    step(client, "withdraw", 3)
    assert "answered since" in page(client)
    assert "The whole name." in page(client, "assessment_section", "1")
    assert step(client, "submit", 4).status_code == 302


def test_a_return_without_a_reason_is_refused_and_keeps_the_note(client, expert_client, complete):
    step(client, "submit", 0)
    response = step(expert_client, "return", 1, note="Please mend.", **reason(complete, "1.1", "  "))
    html = response.content.decode()
    assert response.status_code == 422
    assert "Write for at least one question what is to be mended." in html
    assert ">Please mend.</textarea>" in html


def test_two_experts_return_it_at_once_and_no_reason_is_lost(client, client_of, expert, complete):
    step(client, "submit", 0)
    other = client_of(make_expert(complete.centre.network))
    assert step(client_of(expert), "return", 1, **reason(complete, "1.1", "First.")).status_code == 302
    response = step(other, "return", 1, **reason(complete, "1.2", "Second."))
    assert response.status_code == 409
    assert "Second." in response.content.decode()
    assert [row.reason for row in complete.steps.first().reasons.all()] == ["First."]


def test_who_may_take_which_step(client, client_of, expert_client, complete):
    assert step(expert_client, "submit", 0).status_code == 403
    step(client, "submit", 0)
    for do in ("accept", "return"):
        assert step(client, do, 1, **reason(complete, "1.1", "x")).status_code == 403
    assert step(client, "fly", 1).status_code == 400
    assert step(client, "withdraw", "x").status_code == 400
    stranger = client_of(make_facilitator(make_assessment().centre))
    assert step(stranger, "submit", 0).status_code == 404
    Cycle.objects.filter(code="2006").update(state="published", published_at="2006-07-01T00:00Z")
    assert [step(client, "withdraw", 1).status_code, step(expert_client, "accept", 1).status_code] == [403, 403]
    assert steps(complete) == ["submitted"]


def test_the_page_says_when_it_was_due(client, assessment):
    assessment.cycle.self_assessment_due = timezone.localdate()
    assessment.cycle.save()
    assert "due on" in page(client)
    Cycle.objects.filter(code="2006").update(self_assessment_due="2005-06-30")
    assert "was due on 30 June 2005" in page(client)
    SelfAssessment.objects.filter(pk=assessment.pk).update(state="returned")
    assert "was due on" not in page(client)


def test_one_goes_on_where_one_stopped(client, assessment):
    section = address("assessment_section", "1")
    assert f'href="{section}#q-1.1">Begin' in page(client)
    make_answer(assessment, "1.2", {"grade": "yes"})
    assert f'href="{section}#q-1.3">Go on where you stopped' in page(client)


# --- On behalf of the centre ---


def test_a_coordinator_first_says_who_tells_the_answers(client_of, assessment):
    coordinator = make_coordinator(assessment.centre.network)
    client = client_of(coordinator)
    section = address("assessment_section", "1")
    assert 'name="q-1.1-text"' not in page(client, "assessment_section", "1")
    typed = {"q-1.1-version": "0", "q-1.1-text": "Alpha"}
    refused = client.post(section, typed)
    assert (refused.status_code, 'value="Alpha"' in refused.content.decode()) == (422, True)
    assert client.post(address("assessment_answer", "1.1"), typed).status_code == 422
    assert step(client, "submit", 0).status_code == 422
    assert client.post(address("assessment_behalf"), {"told_by": " ", "base": ""}).status_code == 422
    assert assessment.answers.count() == 0
    assert client.post(address("assessment_behalf"), {"told_by": "Aigul by telephone", "base": ""}).status_code == 302
    assert client.post(section, typed).status_code == 302
    answer = assessment.answers.get()
    assert (answer.updated_by, answer.told_by) == (coordinator, "Aigul by telephone")
    html = page(client, "assessment_section", "1")
    assert "Aigul by telephone tells you the answers." in html
    assert "(on behalf of Aigul by telephone)" in html


def test_a_name_is_put_on_nothing_that_the_centre_wrote_itself(client, client_of, complete):
    coordinator = client_of(make_coordinator(complete.centre.network))
    coordinator.post(address("assessment_behalf"), {"told_by": "Saule", "base": ""})
    step(client, "submit", 0)
    refused = coordinator.post(address("assessment_behalf"), {"told_by": "Somebody else", "base": "Saule"})
    assert refused.status_code == 422
    complete.refresh_from_db()
    assert complete.told_by == "Saule"
    pages = [page(client, name) for name in ("assessment", "assessment_review")]
    assert ["Saule" in html for html in pages] == [False, False], "no answer has it"


def test_who_told_all_answers_stands_once_at_the_head(client, complete):
    complete.answers.update(told_by="Saule")
    assert page(client, "assessment_review").count("Saule") == 1
    complete.answers.filter(question__code="1.2").update(told_by="Marat")
    html = page(client, "assessment_review")
    assert [html.count(f"(on behalf of {name})") for name in ("Saule", "Marat")] == [1, 1]
    assert html.count("Saule") == 1


def test_a_note_and_a_reason_that_are_too_long_are_kept_and_told(client, expert_client, complete):
    long = "x" * 2001
    told = "The text has 2001 characters; the limit is 2000. Shorten it."
    refused = step(client, "submit", 0, note=long)
    assert (refused.status_code, told in refused.text, long in refused.text) == (422, True, True)
    step(client, "submit", 0)
    refused = step(expert_client, "return", 1, **reason(complete, "1.1", long))
    assert (refused.status_code, told in refused.text, long in refused.text) == (422, True, True)
    assert "maxlength" not in refused.text.partition("<main")[2]


def test_two_coordinators_do_not_overwrite_each_other(client_of, assessment):
    client = client_of(make_coordinator(assessment.centre.network))
    client.post(address("assessment_behalf"), {"told_by": "Aigul", "base": ""})
    response = client.post(address("assessment_behalf"), {"told_by": "Saule", "base": ""})
    assert response.status_code == 409
    assessment.refresh_from_db()
    assert assessment.told_by == "Aigul"
    assert client.post(address("assessment_behalf"), {"told_by": "Aigul", "base": ""}).status_code == 302  # sent twice
    for name, *args in (["assessment"], ["assessment_section", "1"]):
        assert '<input type="hidden" name="base" value="Aigul"' in page(client, name, *args)


def test_the_centres_own_people_write_in_their_own_name(client, expert_client, assessment):
    for each in (client, expert_client):
        assert each.post(address("assessment_behalf"), {"told_by": "x", "base": ""}).status_code == 403


# --- History and comments ---


def test_the_history_tells_every_version(client, assessment, facilitator):
    make_answer(assessment, "1.2", {"grade": "no", "source": "The wall"}, by=facilitator)
    make_answer(assessment, "1.2", {"grade": "yes", "proposal": "Print it"}, by=facilitator, explanation="Found it.")
    html = page(client, "answer_history", "1.2")
    sections = re.findall(r'<section class="box">.*?</section>', html, re.DOTALL)
    assert len(sections) == 2
    assert ["Print it" in sections[0], "Found it." in sections[0], "Aigul" in sections[0]] == [True] * 3
    assert "<ins>No" in sections[1]
    assert "This question was not answered yet." in page(client, "answer_history", "1.4")


def test_a_thread_is_begun_answered_resolved_and_opened_again(client, expert_client, assessment):
    first, reply = uuid.uuid4(), uuid.uuid4()
    talk = address("answer_comment", "1.4")
    for _sending in range(2):
        sent = expert_client.post(talk, {"id": first, "parent": "", "text": "What else?"})
        assert sent.status_code == 302
    assert client.post(talk, {"id": reply, "parent": first, "text": "Nothing."}).status_code == 302
    assert AnswerComment.objects.count() == 2
    html = page(client, "answer_comment", "1.4")
    assert [text in html for text in ("What else?", "Nothing.")] == [True, True]
    assert "Comments<span id=" in (shown := page(client, "assessment_section", "1"))
    assert shown.count("</span> (1)") + shown.count("> (1)</span>") == 1
    assert "Open comments (1)" in re.sub(r"\s+", " ", page(client))
    thread = address("answer_thread", "1.4", first)
    assert client.post(thread, {"do": "resolve"}).status_code == 403
    assert expert_client.post(thread, {"do": "resolve"}).status_code == 302
    assert "Open comments" not in page(client)
    assert expert_client.post(thread, {"do": "reopen"}).status_code == 302
    assert expert_client.post(thread, {"do": "burn"}).status_code == 400
    assert AnswerComment.objects.get(pk=first).resolved_at is None


def test_a_comment_cannot_be_put_under_another_questions_thread(client, assessment):
    first = uuid.uuid4()
    client.post(address("answer_comment", "1.4"), {"id": first, "parent": "", "text": "Here."})
    response = client.post(address("answer_comment", "1.1"), {"id": uuid.uuid4(), "parent": first, "text": "There."})
    assert response.status_code == 422
    assert client.post(address("answer_comment", "1.4"), {"id": uuid.uuid4(), "text": " "}).status_code == 422
    assert AnswerComment.objects.count() == 1


def test_in_the_panel_a_comment_answers_with_the_panel(client, assessment):
    sent = {"id": uuid.uuid4(), "parent": "", "text": "Here."}
    response = client.post(address("answer_comment", "1.4"), sent, headers={"HX-Request": "true"})
    html = response.content.decode()
    assert (response.status_code, "<html" in html, "Here." in html, "hx-swap-oob" in html) == (200, False, True, True)


@pytest.mark.parametrize("name", ["assessment", "assessment_section", "answer_history", "answer_comment"])
def test_pages_take_the_same_queries_for_one_and_three_of_everything(client, expert_client, complete, name):
    """Versions, threads with replies, and returns."""
    args = {"assessment": (), "assessment_section": ("1",)}.get(name, ("1.2",))
    counts, sizes = [], []
    for rows in (1, 2):
        for _ in range(rows):
            version = complete.steps.count()
            make_answer(complete, "1.2", {"grade": "no", "source": f"Word {version}"})
            first = uuid.uuid4()
            for pk, parent in ((first, ""), (uuid.uuid4(), first)):
                sent = {"id": pk, "parent": parent, "text": "What else?"}
                assert expert_client.post(address("answer_comment", "1.2"), sent).status_code == 302
            complete.submit(by=make_facilitator(complete.centre), version=version)
            complete.give_back(by=make_expert(complete.centre.network), version=version + 1, reasons={"1.1": "Which?"})
        with CaptureQueriesContext(connection) as queries:
            html = page(client, name, *args)
        counts.append(len(queries))
        sizes.append(len(html))
    assert sizes[0] < sizes[1] or name == "assessment_section"  # which shows only how many there are
    assert counts[0] == counts[1]


# --- At the same time ---


def test_an_answer_emptied_while_it_is_handed_in_waits_and_is_refused(transactional_db):
    """What was looked at before handing in is what is handed in."""
    questionnaire = make_questionnaire(questions=QUESTIONS[1:2])
    assessment = make_assessment(make_centre(questionnaire.network), questionnaire)
    user = make_facilitator(assessment.centre)
    make_answer(assessment, "1.2", {"grade": "yes"}, by=user)
    question, outcome = questionnaire.questions.get(code="1.2"), []

    def empty():
        try:
            assessment.save_answer(question, by=user, version=1, value={})
        except StepRefused as refusal:
            outcome.append(str(refusal))
        finally:
            connections.close_all()

    other = threading.Thread(target=empty)
    with transaction.atomic():
        move(user, SelfAssessment.objects.for_page().get(), "submit", version=0, note="", reasons=None)
        other.start()
        other.join(0.5)
        assert other.is_alive(), "it does not wait"
    other.join()
    assert len(outcome) == 1
    assert assessment.answers.get().value == {"grade": "yes"}
