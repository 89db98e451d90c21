"""Twenty people decide on proposals at once: nothing is taken up twice, and no recommendation is lost."""

import pytest

from monitoring.instruments import Kind, QuestionText
from monitoring.models import Answer, ProposalDecision, Recommendation, SelfAssessment, StepRefused
from tests.factories import (
    GRADED,
    make_answer,
    make_centre,
    make_cycle,
    make_expert,
    make_facilitator,
    make_network,
    make_questionnaire,
)

from .test_concurrency import WRITERS, together


@pytest.fixture
def cycle(transactional_db):
    """A centre that proposes as many things as there are people, all about its plan."""
    network = make_network()
    centre = make_centre(network)
    questions = [
        QuestionText(f"1.{n}", Kind.GRADE, {"en": "?"}, options=GRADED, aspects=("plan",)) for n in range(WRITERS)
    ]
    cycle = make_cycle(network, [centre], questionnaire=make_questionnaire(network, questions))
    assessment, by = cycle.self_assessments.get(), make_facilitator(centre)
    for question in questions:
        make_answer(assessment, question.code, {"grade": "no", "proposal": f"Proposal {question.code}"}, by=by)
    SelfAssessment.objects.update(state="submitted")
    return cycle


def test_one_proposal_is_decided_on_once(cycle):
    people = [make_expert(cycle.network) for _ in range(WRITERS)]
    pk, conclusion = Answer.objects.values_list("pk", flat=True)[0], cycle.conclusions.get(aspect__number=1)
    done, refused = [], []

    def work(n):
        answer = Answer.objects.select_related("assessment").get(pk=pk)
        try:
            if n % 2:
                ProposalDecision.set_aside(answer, by=people[n], version=1, reason=f"Reason {n}")
            else:
                ProposalDecision.take_up(answer, by=people[n], version=1, conclusion=conclusion, text=f"Words {n}")
        except StepRefused:
            refused.append(n)
        else:
            done.append(n)

    together(work)
    assert (len(done), len(refused)) == (1, WRITERS - 1)
    decision = ProposalDecision.objects.get()
    assert decision.by == people[done[0]]
    assert [row.text for row in Recommendation.objects.all()] == ([] if done[0] % 2 else [f"Words {done[0]}"])


def test_all_that_are_taken_up_stand_in_one_conclusion(cycle):
    people = [make_expert(cycle.network) for _ in range(WRITERS)]
    pks, conclusion = list(Answer.objects.values_list("pk", flat=True)), cycle.conclusions.get(aspect__number=1)

    def work(n):
        answer = Answer.objects.select_related("assessment").get(pk=pks[n])
        for again in range(2):  # taken up, undone, taken up again while the others move
            decision = ProposalDecision.take_up(
                answer, by=people[n], version=1, conclusion=conclusion, text=f"Words {n}"
            )
            if n % 3 == 0 and not again:
                decision.undo(by=people[n])

    together(work)
    rows = Recommendation.objects.order_by("number")
    assert [row.number for row in rows] == [*range(1, WRITERS + 1)]
    assert sorted(row.text for row in rows) == sorted(f"Words {n}" for n in range(WRITERS))
    assert ProposalDecision.objects.count() == WRITERS
