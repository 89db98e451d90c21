"""A cycle whose questionnaire has every kind of question."""

import random

import pytest

from monitoring.exchange.xlsform import xlsform
from tests.factories import make_coordinator, make_cycle, make_facilitator, make_questionnaire

from .everything import QUESTIONS, SECTIONS, chance
from .exports import converted


@pytest.fixture
def questionnaire(network):
    return make_questionnaire(network, sections=SECTIONS)


@pytest.fixture
def asked(network, alpha, beta, questionnaire):
    """An open cycle that asks alpha and beta."""
    return make_cycle(network, [alpha, beta], questionnaire=questionnaire, code="2006", title="Monitoring 2006")


@pytest.fixture
def own(asked, alpha):
    return asked.self_assessments.get(centre=alpha)


@pytest.fixture
def values():
    """An answer to every question, the same in every run."""
    dice = random.Random(7)
    return {question.code: chance(question, dice) for question in QUESTIONS}


@pytest.fixture
def xform(questionnaire):
    """The form that phones get."""
    return converted(xlsform(questionnaire))[0].xform


@pytest.fixture
def facilitator(alpha):
    return make_facilitator(alpha)


@pytest.fixture
def seen(asked, network):
    """The coordinator, who fills in for alpha and beta."""
    return make_coordinator(network)
