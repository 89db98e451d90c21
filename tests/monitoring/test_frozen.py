"""A published cycle does not change, whichever way somebody writes: the database itself refuses."""

import pytest
from django.db import IntegrityError, InternalError, transaction

from monitoring.models import Conclusion, Recommendation, RestsOn
from tests.factories import make_centre

pytestmark = pytest.mark.django_db


@pytest.fixture
def linked(cycle, expert):
    """A conclusion with everything that hangs on it."""
    conclusion = cycle.conclusions.get(aspect__number=1)
    aspects = list(cycle.template.aspects.all())
    conclusion.revise(
        by=expert,
        version=0,
        text="Plans are weak.",
        rests_on=cycle.cells.filter(aspect__number=1),
        see_also=[aspects[1]],
        recommendations=[{"text": "Write plans.", "see_also": [aspects[2]]}],
    )
    return conclusion


WRITES = {
    "cells": lambda cycle: cycle.cells.exclude(state="empty").update(finding="Too late."),
    "conclusions": lambda cycle: cycle.conclusions.update(text="Too late."),
    "recommendations": lambda cycle: cycle.recommendations.update(text="Too late."),
    "columns": lambda cycle: cycle.participations.update(position=9),
    "a column less": lambda cycle: cycle.participations.first().delete(),
    "the cycle": lambda cycle: type(cycle).objects.filter(pk=cycle.pk).update(title="Too late."),
    "cells it rests on": lambda cycle: Conclusion.objects.get(cycle=cycle, aspect__number=1).rests_on.clear(),
    "links": lambda cycle: Conclusion.objects.get(cycle=cycle, aspect__number=1).see_also.clear(),
    "a link more": lambda cycle: Conclusion.objects.get(cycle=cycle, aspect__number=2).see_also.add(
        cycle.template.aspects.get(number=1)
    ),
    "a recommendation's links": lambda cycle: Recommendation.objects.get(cycle=cycle).see_also.clear(),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES.keys())
def test_nothing_of_a_published_cycle_changes(linked, published, expert, write):
    with pytest.raises((IntegrityError, InternalError), match=r"published|frozen"), transaction.atomic():
        write(published)
    published.reopen(by=expert, note="A wrong number.")
    write(published)


def test_who_took_a_cell_away_is_recorded(linked, alpha):
    linked.rests_on.set([cell for cell in linked.rests_on.all() if cell.centre_id != alpha.pk])
    events = RestsOn.pgh_event_model.objects.filter(cell__centre=alpha).order_by("pgh_id")
    assert [event.pgh_label for event in events] == ["insert", "delete"]


def test_a_centre_of_another_network_gets_no_column(cycle):
    stranger = make_centre()
    with pytest.raises(IntegrityError, match="another network"), transaction.atomic():
        cycle.add_centres([stranger])
    assert not cycle.participations.filter(centre=stranger).exists()
    assert not cycle.cells.filter(centre=stranger).exists()
