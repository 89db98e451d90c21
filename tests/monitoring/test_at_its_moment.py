"""What holds at the moment of a step: the data as they were, who took it, and nobody between two who are at it."""

import threading

import pytest
from django.db import connections, transaction
from django.urls import reverse

from centres.models import Centre
from monitoring.instruments import Kind, QuestionText
from monitoring.models import Question, SelfAssessment
from monitoring.sending import found
from monitoring.views.assessments import Unfinished, move

from ..factories import (
    make_answer,
    make_assessment,
    make_centre,
    make_coordinator,
    make_cycle,
    make_expert,
    make_facilitator,
    make_network,
    make_questionnaire,
)
from ..reports.reading import pages_of
from .test_concurrency import wait_until_somebody_waits

pytestmark = pytest.mark.django_db

QUESTIONS = (
    QuestionText("1.1", Kind.TEXT, {"en": "Telephone"}, required=True, prefill="centre_phone"),
    QuestionText("1.2", Kind.TEXT, {"en": "Name"}),
)
THEN, NOW = "+7 700 111 11 11", "+7 700 999 99 99"


def asked(centre):
    questionnaire = make_questionnaire(centre.network, QUESTIONS)
    return make_assessment(centre, cycle=make_cycle(centre.network, [centre], code="2006", questionnaire=questionnaire))


def address(name, *args):
    return reverse(name, args=["2006", "alpha", *args])


def step(client, do, version):
    return client.post(address("monitoring:assessment_step"), {"do": do, "version": version})


def test_the_data_of_the_submission_stay_beside_the_answers(alpha, client_of, expert):
    Centre.objects.update(phone=THEN)
    assessment, facilitator = asked(alpha), make_facilitator(alpha)
    make_answer(assessment, "1.1", {"text": "None"}, by=facilitator, explanation="Cut off since May.")
    own, reviewer = client_of(facilitator), client_of(expert)

    def told():
        pages = [
            own.get(address("monitoring:assessment_section", "1")).text,
            reviewer.get(address("monitoring:assessment_review")).text,
            " ".join(pages_of(own.get(address("reports:assessment_filled_pdf")).getvalue())),
        ]
        return [(THEN in page, NOW in page) for page in pages]

    assert step(own, "submit", 0).status_code == 302
    Centre.objects.update(phone=NOW)
    assert told() == [(True, False)] * 3
    assert step(reviewer, "accept", 1).status_code == 302
    assert told() == [(True, False)] * 3


def test_nobody_hands_in_for_a_centre_without_saying_who_told_the_answers(alpha, client_of):
    assessment = asked(alpha)
    make_answer(assessment, "1.1", {"text": "None"})
    client = client_of(make_coordinator(alpha.network))
    assert step(client, "submit", 0).status_code == 422
    SelfAssessment.objects.update(told_by="The head")
    assert step(client, "submit", 0).status_code == 302
    assert [(row.to_state, row.told_by) for row in assessment.steps.all()] == [("submitted", "The head")]


def test_the_second_of_two_experts_is_told_that_it_is_accepted_already(alpha, client_of):
    assessment = asked(alpha)
    make_answer(assessment, "1.1", {"text": "None"})
    assessment.submit(by=make_facilitator(alpha), version=0)
    first, second = (client_of(make_expert(alpha.network)) for _ in range(2))
    assert [step(client, "accept", 1).status_code for client in (first, second, first)] == [302, 409, 302]
    assert assessment.steps.count() == 2


def both(first, second):
    """Do the first in a transaction, the second in another one that begins meanwhile; what the second came to."""
    came = []

    def run():
        try:
            came.append(second())
        except Exception as refused:  # its kind is what the tests compare
            came.append(type(refused).__name__)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    with transaction.atomic():
        first()
        thread.start()
        wait_until_somebody_waits()
    thread.join(timeout=60)
    return came


def world():
    centre = make_centre(make_network(), code="alpha")
    facilitator = make_facilitator(centre)
    make_answer(asked(centre), "1.1", {"text": "None"}, by=facilitator)
    return facilitator, lambda: found(facilitator, "2006", "alpha")


def submit(facilitator, assessment):
    return move(facilitator, assessment, "submit", version=0, note="", reasons=None)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("code", "version"), [("1.1", 1), ("1.2", 0)])
def test_an_answer_waits_for_the_submission_and_is_refused(code, version):
    facilitator, own = world()
    question = Question.objects.get(code=code)
    later = own()
    came = both(
        lambda: submit(facilitator, own()),
        lambda: later.save_answer(question, by=facilitator, version=version, value={"text": "Late"}),
    )
    assert (came, SelfAssessment.objects.get().state) == (["StepRefused"], "submitted")


@pytest.mark.django_db(transaction=True)
def test_a_submission_waits_for_the_answer_and_sees_it():
    facilitator, own = world()
    question = Question.objects.get(code="1.1")
    came = both(
        lambda: own().save_answer(question, by=facilitator, version=1, value={}),
        lambda: submit(facilitator, own()),
    )
    assert (came, SelfAssessment.objects.get().state) == ([Unfinished.__name__], "draft")
