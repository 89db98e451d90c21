"""Proposals of the centres: which are candidates, what is decided about them, how that is undone."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from monitoring.instruments import Kind, QuestionText
from monitoring.models import CycleFrozen, ProposalDecision, Recommendation, SelfAssessment, StepRefused
from tests.factories import GRADED, make_answer, make_coordinator, make_cycle, make_facilitator, make_questionnaire

pytestmark = pytest.mark.django_db


def graded(code, *aspects, **kwargs):
    return QuestionText(code, Kind.GRADE, {"en": f"Question {code}?"}, options=GRADED, aspects=aspects, **kwargs)


QUESTIONS = (
    graded("1.1", "plan"),
    graded("1.2", "plan", "equipment"),
    graded("1.3"),
    graded("1.4", "plan", depends_on="1.1", depends_values=("yes",)),
    graded("1.5", "plan"),
)


@pytest.fixture
def asked(network, alpha, beta, project):
    questionnaire = make_questionnaire(network, QUESTIONS)
    return make_cycle(network, [alpha, beta], questionnaire=questionnaire, code="asked", projects=[project])


def propose(cycle, centre, state="submitted", **proposals):
    """The centre's answers, by a name such as q1_2, with these proposals; the self-assessment in that state."""
    assessment, by = cycle.self_assessments.get(centre=centre), make_facilitator(centre)
    SelfAssessment.objects.filter(pk=assessment.pk).update(state="draft")
    assessment.refresh_from_db()
    for name, text in proposals.items():
        make_answer(assessment, name[1:].replace("_", "."), {"grade": "no", "proposal": text}, by=by)
    SelfAssessment.objects.filter(pk=assessment.pk).update(state=state)
    return {answer.question.code: answer for answer in assessment.answers.select_related("question", "assessment")}


@pytest.fixture
def written(asked, alpha, beta):
    """What alpha proposes, by the question's code; beta proposes the same of a plan."""
    propose(asked, beta, q1_1="Beta writes a plan", state="accepted")
    return propose(asked, alpha, q1_1="Write a plan", q1_2="Mend the computers", q1_3="Paint the door", q1_5="")


def address(name="proposals", *args):
    return reverse(f"monitoring:{name}", args=["asked", *args])


def listed(response):
    """The proposals on the page: aspect's number or None, centre, words, what became of them."""
    return [
        (aspect and aspect.number, item.answer.centre.code, item.text, str(item.fate))
        for aspect, items in response.context["proposals"].groups
        for item in items
    ]


def recommendations(cycle, number):
    rows = Recommendation.objects.filter(cycle=cycle, conclusion__aspect__number=number)
    return [(row.number, row.text) for row in rows.order_by("number")]


def take(answer, **more):
    return {"do": "take", "version": answer.version, "aspect": 1, "text": "Write plans.", **more}


def aside(answer, **more):
    return {"do": "aside", "version": answer.version, "reason": "There is a plan.", **more}


def test_all_proposals_by_aspect_those_without_one_apart(client_of, written, expert):
    assert listed(client_of(expert).get(address())) == [
        (1, "alpha", "Write a plan", "open"),
        (1, "alpha", "Mend the computers", "open"),
        (1, "beta", "Beta writes a plan", "open"),
        (None, "alpha", "Paint the door", "open"),
    ]


@pytest.mark.parametrize("state", ["draft", "returned"])
def test_what_is_not_submitted_proposes_nothing_yet(client_of, asked, alpha, expert, state):
    propose(asked, alpha, state, q1_1="Write a plan")
    assert listed_or_nothing(client_of(expert).get(address())) == []


def listed_or_nothing(response):
    assert response.status_code == 200
    return listed(response)


def test_a_question_that_is_not_asked_proposes_nothing(client_of, asked, alpha, expert):
    propose(asked, alpha, q1_1="", q1_4="Not asked")
    assert listed_or_nothing(client_of(expert).get(address())) == []


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"aspect": "2"}, ["Mend the computers"]),
        ({"aspect": "none"}, ["Paint the door"]),
        ({"centre": "beta"}, ["Beta writes a plan"]),
        ({"fate": "taken"}, []),
        ({"aspect": "1", "centre": "alpha"}, ["Write a plan", "Mend the computers"]),
        ({"aspect": "x", "centre": "'", "page": "x", "fate": "?"}, None),
    ],
)
def test_filters(client_of, written, expert, query, words):
    found = [text for _aspect, _centre, text, _fate in listed(client_of(expert).get(address(), query))]
    assert found == words if words is not None else len(found) == 4


def test_taking_up_appends_a_recommendation_in_edited_words(client_of, asked, written, expert):
    conclusion = asked.conclusions.get(aspect__number=1)
    conclusion.revise(
        by=expert, version=0, text="x", rests_on=[], see_also=[], recommendations=[{"text": "Meet.", "see_also": []}]
    )
    client, answer = client_of(expert), written["1.1"]
    response = client.post(address("proposal", answer.pk), take(answer, back="aspect=1&fate=open"))
    assert (response.status_code, response.headers["Location"]) == (302, address() + "?aspect=1&fate=open")
    assert recommendations(asked, 1) == [(1, "Meet."), (2, "Write plans.")]
    conclusion.refresh_from_db()
    assert (conclusion.version, conclusion.text, conclusion.updated_by) == (2, "x", expert)
    decision = ProposalDecision.objects.get()
    assert (decision.answer, decision.text, decision.by) == (answer, "Write a plan", expert)
    assert listed(client.get(address(), {"fate": "taken"})) == [(1, "alpha", "Write a plan", "taken")]


def test_whoever_has_the_conclusion_open_meanwhile_loses_nothing(client_of, asked, written, expert, coordinator):
    client_of(expert).post(address("proposal", written["1.1"].pk), take(written["1.1"]))
    data = {"version": 0, "text": "Mine.", "recommendations-TOTAL_FORMS": 0, "recommendations-INITIAL_FORMS": 0}
    response = client_of(coordinator).post(reverse("monitoring:conclusion", args=["asked", 1]), data)
    assert response.status_code == 409
    assert recommendations(asked, 1) == [(1, "Write plans.")]


def test_a_resend_is_recognised(client_of, asked, written, expert):
    client, answer = client_of(expert), written["1.1"]
    assert [client.post(address("proposal", answer.pk), take(answer)).status_code for _ in range(2)] == [302, 302]
    other = written["1.3"]
    assert [client.post(address("proposal", other.pk), aside(other)).status_code for _ in range(2)] == [302, 302]
    assert recommendations(asked, 1) == [(1, "Write plans.")]
    assert ProposalDecision.objects.count() == 2


def test_the_second_to_decide_is_told_and_keeps_her_words(client_of, asked, written, expert, coordinator):
    answer = written["1.1"]
    client_of(expert).post(address("proposal", answer.pk), aside(answer))
    response = client_of(coordinator).post(address("proposal", answer.pk), take(answer, text="My own words."))
    assert response.status_code == 422
    text = response.content.decode()
    assert [words in text for words in ("decided on in the meantime", "My own words.", "There is a plan.")] == [
        True
    ] * 3
    assert recommendations(asked, 1) == []


def test_a_proposal_that_changed_meanwhile_is_read_again_first(client_of, asked, alpha, written, expert):
    propose(asked, alpha, q1_1="Write two plans")
    answer = written["1.1"]
    for data in (take(answer, text="My own words."), aside(answer, reason="My own words.")):
        response = client_of(expert).post(address("proposal", answer.pk), data)
        assert response.status_code == 422
        text = response.content.decode()
        assert [words in text for words in ("Read it again", "Write two plans", "My own words.")] == [True] * 3
    assert ProposalDecision.objects.count() == 0


def test_a_proposal_that_went_meanwhile_leads_back_to_the_list(client_of, asked, alpha, written, expert):
    propose(asked, alpha, q1_1="")
    response = client_of(expert).post(address("proposal", written["1.1"].pk), take(written["1.1"]), follow=True)
    assert response.redirect_chain == [(address(), 302)]
    assert "The centre has changed this proposal in the meantime" in response.content.decode()


def test_a_centre_that_writes_again_is_waited_for(asked, written, expert):
    SelfAssessment.objects.update(state="returned")
    with pytest.raises(StepRefused, match="with the centre again"):
        ProposalDecision.set_aside(written["1.1"], by=expert, version=1, reason="x")


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ({"do": "take", "aspect": ""}, "This field is required."),
        ({"do": "take", "aspect": "99"}, "Select a valid choice"),
        ({"do": "take", "text": " "}, "This field is required."),
        ({"do": "take", "text": "x" * 20_001}, "at most 20000 characters"),
        ({"do": "aside", "reason": ""}, "This field is required."),
        ({"do": "aside", "reason": "x" * 501}, "at most 500 characters"),
        ({"do": "take", "version": "x"}, "Enter a whole number."),
    ],
)
def test_wrong_input_is_said_in_place_and_changes_nothing(client_of, asked, written, expert, data, error):
    answer = written["1.1"]
    response = client_of(expert).post(address("proposal", answer.pk), take(answer) | aside(answer) | data)
    assert (response.status_code, error in response.content.decode()) == (422, True)
    assert (ProposalDecision.objects.count(), recommendations(asked, 1)) == (0, [])


def test_an_unknown_deed_is_a_bad_request(client_of, written, expert):
    assert client_of(expert).post(address("proposal", written["1.1"].pk), {"do": "x"}).status_code == 400


def decided(answer, expert, number=1, text="Write plans."):
    conclusion = answer.assessment.cycle.conclusions.select_related("aspect").get(aspect__number=number)
    return ProposalDecision.take_up(answer, by=expert, version=answer.version, conclusion=conclusion, text=text)


def test_undoing_takes_the_recommendation_back_and_the_others_move_up(client_of, asked, written, expert):
    decided(written["1.1"], expert, text="First.")
    decided(written["1.2"], expert, text="Second.")
    client = client_of(expert)
    for _sending in range(2):
        assert client.post(address("proposal", written["1.1"].pk), {"do": "undo"}).status_code == 302
    assert recommendations(asked, 1) == [(1, "Second.")]
    assert asked.conclusions.get(aspect__number=1).version == 3
    fates = {words: fate for _aspect, _centre, words, fate in listed(client.get(address(), {"fate": ""}))}
    assert (fates["Write a plan"], fates["Mend the computers"]) == ("open", "taken")


def test_undoing_what_was_set_aside(client_of, written, expert):
    ProposalDecision.set_aside(written["1.1"], by=expert, version=1, reason="There is a plan.")
    client_of(expert).post(address("proposal", written["1.1"].pk), {"do": "undo"})
    assert ProposalDecision.objects.count() == 0


@pytest.mark.parametrize("links", [False, True], ids=["words", "links"])
def test_a_recommendation_that_was_changed_is_not_taken_back(client_of, asked, written, expert, links):
    recommendation = decided(written["1.1"], expert).recommendation
    conclusion = asked.conclusions.get(aspect__number=1)
    row = {
        "pk": recommendation.pk,
        "text": "Write plans." if links else "Write better plans.",
        "see_also": [asked.template.aspects.get(number=2)] if links else [],
    }
    conclusion.revise(by=expert, version=1, text="", rests_on=[], see_also=[], recommendations=[row])
    response = client_of(expert).post(address("proposal", written["1.1"].pk), {"do": "undo"})
    assert response.status_code == 422
    assert "was changed since it was taken up" in response.content.decode()
    assert recommendations(asked, 1) == [(1, row["text"])]


def test_it_waits_again_when_its_recommendation_is_removed(client_of, asked, written, expert):
    decided(written["1.1"], expert)
    conclusion = asked.conclusions.get(aspect__number=1)
    conclusion.revise(by=expert, version=1, text="x", rests_on=[], see_also=[], recommendations=[])
    assert (1, "alpha", "Write a plan", "open") in listed(client_of(expert).get(address()))


def test_one_that_changed_after_the_decision_is_shown_as_changed(client_of, asked, alpha, written, expert):
    decided(written["1.1"], expert)
    ProposalDecision.set_aside(written["1.2"], by=expert, version=1, reason="Done already.")
    propose(asked, alpha, q1_1="Write two plans", q1_2="", state="returned")
    response = client_of(expert).get(address(), {"fate": "", "centre": "alpha"})
    items = {item.answer.question.code: item for _aspect, rows in response.context["proposals"].groups for item in rows}
    assert {code: (item.text, item.fate, item.is_changed) for code, item in items.items()} == {
        "1.1": ("Write two plans", "taken", True),
        "1.2": ("", "aside", True),
    }
    text = response.content.decode()
    assert text.count("Changed since the decision.") == text.count("The self-assessment is with the centre again.") == 2


def test_a_published_cycle_is_frozen(client_of, asked, written, expert):
    decided(written["1.2"], expert)
    publish(asked)
    client, answer = client_of(expert), written["1.1"]
    for data in (take(answer), aside(answer), {"do": "undo"}):
        assert client.post(address("proposal", answer.pk), data).status_code == 403
    for act in (
        lambda: decided(answer, expert),
        lambda: ProposalDecision.set_aside(answer, by=expert, version=1, reason="x"),
        lambda: ProposalDecision.objects.get().undo(by=expert),
    ):
        with pytest.raises(CycleFrozen):
            act()
    text = client.get(address(), {"fate": ""}).content.decode()
    assert (text.count('name="do"'), "frozen" in text) == (0, True)


def publish(cycle):
    type(cycle).objects.filter(pk=cycle.pk).update(state="published", published_at="2005-07-01T00:00Z")


def test_fifty_recommendations_are_the_most(client_of, asked, written, expert):
    conclusion = asked.conclusions.get(aspect__number=1)
    advice = [{"text": f"Advice {n}", "see_also": []} for n in range(50)]
    conclusion.revise(by=expert, version=0, text="x", rests_on=[], see_also=[], recommendations=advice)
    response = client_of(expert).post(address("proposal", written["1.1"].pk), take(written["1.1"]))
    assert (response.status_code, "that is the most" in response.content.decode()) == (422, True)
    assert ProposalDecision.objects.count() == 0


def test_a_facilitator_sees_what_became_of_her_own(client_of, asked, written, personas, expert):
    decided(written["1.1"], expert)
    ProposalDecision.set_aside(written["1.2"], by=expert, version=1, reason="There is a plan.")
    client = client_of(personas.facilitator_alpha)
    response = client.get(address())
    assert listed(response) == [
        (1, "alpha", "Write a plan", "taken"),
        (1, "alpha", "Mend the computers", "aside"),
        (None, "alpha", "Paint the door", "open"),
    ]
    text = response.content.decode()
    assert "There is a plan." in text
    assert "Write plans." not in text  # the recommendations are read once the cycle is published
    assert 'name="do"' not in text
    publish(asked)
    assert "Write plans." in client.get(address()).content.decode()


def test_who_reads_and_who_decides(client_of, written, personas):
    answer = written["1.1"]
    url = address("proposal", answer.pk)
    found = {
        name: [
            client_of(user).get(address()).status_code,
            client_of(user).get(url).status_code,
            client_of(user).post(url, take(answer)).status_code,
        ]
        for name, user in vars(personas).items()
    }
    assert found == {
        "coordinator": [200, 200, 302],
        "expert": [200, 200, 302],
        "facilitator_alpha": [200, 200, 403],
        "facilitator_beta": [200, 404, 404],
        "donor": [404, 404, 404],
        "outsider": [404, 404, 404],
        "anonymous": [302, 302, 302],
    }


def test_the_conclusion_says_how_many_wait(client_of, asked, written, expert):
    page = reverse("monitoring:conclusion", args=["asked", 1])
    client = client_of(expert)
    assert "3 proposals of the centres wait" in client.get(page).content.decode()
    decided(written["1.1"], expert)
    decided(written["1.2"], expert)
    assert "1 proposal of the centres waits" in client.get(page).content.decode()
    text = client.get(reverse("monitoring:conclusion", args=["asked", 3])).content.decode()
    assert "of the centres wait" not in text


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "panel"])
def test_a_recommendation_says_whose_proposal_it_was(client_of, asked, written, expert, personas, headers):
    client, page = client_of(expert), reverse("monitoring:conclusion", args=["asked", 1])
    asked.conclusions.get(aspect__number=1).revise(
        by=expert, version=0, text="", rests_on=[], see_also=[], recommendations=[{"text": "Our own.", "see_also": []}]
    )
    decided(written["1.1"], expert)
    link = f'<a href="{address("proposal", written["1.1"].pk)}">Proposal: Alpha</a>'
    assert client.get(page, headers=headers).text.count(link) == 1
    refused = {"text": "Changed", "form-TOTAL_FORMS": "x"}
    assert client.post(page, refused, headers=headers).status_code == 422
    publish(asked)
    seen = {
        who: client_of(getattr(personas, who)).get(page, headers=headers).text.count(link)
        for who in ("expert", "coordinator", "facilitator_alpha", "facilitator_beta", "donor")
    }
    assert seen == {"expert": 1, "coordinator": 1, "facilitator_alpha": 1, "facilitator_beta": 0, "donor": 0}


@pytest.mark.parametrize(("name", "queries"), [("proposals", 11), ("conclusion", 18)])
@pytest.mark.parametrize("size", [1, 30])
def test_queries_do_not_depend_on_the_proposals(client_of, network, alpha, size, name, queries):
    questions = [graded("1.1")] + [
        graded(f"1.{n}", "plan", depends_on="1.1", depends_values=("no",)) for n in range(2, size + 2)
    ]
    cycle = make_cycle(network, [alpha], questionnaire=make_questionnaire(network, questions), code="asked")
    propose(cycle, alpha, q1_1="", **{f"q1_{n}": "More" for n in range(2, size + 2)})
    client = client_of(make_coordinator(network))
    url = address() if name == "proposals" else reverse("monitoring:conclusion", args=["asked", 1])
    with CaptureQueriesContext(connection) as done:
        response = client.get(url)
    assert response.status_code == 200
    assert len(done) == queries
    if name == "proposals":
        assert len(listed(response)) == min(size, 25)
