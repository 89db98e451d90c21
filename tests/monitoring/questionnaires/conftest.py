"""A published questionnaire, the draft of its next version, and the coordinator who writes it."""

import pytest

from ...factories import (
    make_questionnaire,
    make_template,
)
from .pages import SECTIONS


@pytest.fixture
def first(network):
    return make_questionnaire(network, sections=SECTIONS)


@pytest.fixture
def draft(first):
    return first.next_version()


@pytest.fixture
def client(coordinator, client_of):
    return client_of(coordinator)


@pytest.fixture
def template(network):
    return make_template(network, aspects=("Plan", "Rooms"))
