"""What a document says to whom: each reader gets what the matrix itself would show her."""

from datetime import date

import pytest
from django.utils import translation

from monitoring.models import Recommendation
from reports import documents
from tests.factories import make_centre, make_cycle, make_unit, write_cell

pytestmark = pytest.mark.django_db


def findings(document):
    return {cell.finding for row in document.rows for cell in row.cells if cell.finding}


def test_staff_get_every_column(cycle, expert):
    document = documents.matrix(cycle, expert)
    assert [column.code for column in document.columns] == ["alpha", "beta"]
    assert [row.number for row in document.rows] == [1, 2, 3]
    assert findings(document) == {"Secret of alpha.", "Secret of beta."}
    assert document.with_conclusions is True
    assert [(item.state, item.count) for item in document.state_counts] == [("empty", 4), ("submitted", 2)]


def test_a_facilitator_gets_her_own_column_and_no_conclusions_before_publication(cycle, personas):
    document = documents.matrix(cycle, personas.facilitator_alpha)
    assert [column.code for column in document.columns] == ["alpha"]
    assert findings(document) == {"Secret of alpha."}
    assert document.with_conclusions is False
    assert document.cell_count == 3
    assert [(item.state, item.count) for item in document.state_counts] == [("empty", 2), ("submitted", 1)]


def test_a_facilitator_gets_the_conclusions_once_they_are_published(published, personas):
    document = documents.matrix(published, personas.facilitator_alpha)
    assert [column.code for column in document.columns] == ["alpha"]
    assert findings(document) == {"Secret of alpha."}
    assert document.with_conclusions is True


def test_a_donor_gets_a_published_cycle_and_nothing_of_an_open_one(cycle, expert, personas):
    before = documents.matrix(cycle, personas.donor)
    assert (before.columns, findings(before), before.with_conclusions) == ((), set(), False)
    for cell in cycle.cells.exclude(state="empty"):
        cell.accept(by=expert, version=cell.version)
    cycle.publish(by=expert)
    after = documents.matrix(cycle, personas.donor)
    assert [column.code for column in after.columns] == ["alpha", "beta"]
    assert {cell.state_label for row in after.rows for cell in row.cells} == {"accepted", "no finding"}


def test_the_outsider_gets_nothing(published, personas):
    document = documents.matrix(published, personas.outsider)
    assert (document.columns, findings(document), document.with_conclusions) == ((), set(), False)


def test_links_that_the_text_names_are_not_named_twice(cycle, expert):
    conclusion = cycle.conclusions.get(aspect__number=1)
    conclusion.text = "See section 2."
    conclusion.save()
    conclusion.see_also.set(cycle.template.aspects.filter(number__in=[2, 3]))
    item = Recommendation.objects.create(cycle=cycle, conclusion=conclusion, number=1, text="Repair.")
    item.see_also.set(cycle.template.aspects.filter(number=2))
    row = documents.matrix(cycle, expert).rows[0]
    assert row.conclusion.see_also == (3,)
    assert [(r.number, r.text, r.see_also) for r in row.conclusion.recommendations] == [(1, "Repair.", (2,))]


def test_names_follow_the_language_and_texts_do_not(cycle, alpha, expert):
    alpha.name_ru = "Альфа"
    alpha.save()
    with translation.override("ru"):
        document = documents.matrix(cycle, expert)
    assert document.language == "ru"
    assert document.columns[0].name == "Альфа"
    assert document.rows[0].cells[0].finding == "Secret of alpha."


def test_the_oblast_is_the_one_of_the_time(network, expert):
    old, new = make_unit("oblast", name="Almaty oblast"), make_unit("oblast", name="Zhetisu oblast")
    raion = make_unit("raion", parent=old, until_date=date(2022, 6, 7))
    raion.placements.create(parent=new, from_date=date(2022, 6, 8))
    centre = make_centre(network, place=make_unit(parent=raion))
    then = make_cycle(network, [centre])
    now = make_cycle(network, [centre], period_start=date(2024, 1, 1), period_end=date(2024, 6, 30))
    assert documents.matrix(then, expert).columns[0].oblast == "Almaty oblast"
    assert documents.matrix(now, expert).columns[0].oblast == "Zhetisu oblast"


def test_line_ends_of_browsers_are_one(cycle, expert):
    write_cell(cycle.cells.filter(aspect__number=2).first(), expert, finding="One.\r\nTwo.")
    assert "One.\nTwo." in findings(documents.matrix(cycle, expert))


def test_the_number_of_queries_does_not_grow(network, expert, django_assert_num_queries):
    expert.reach  # noqa: B018 - loaded once per request
    for count in (1, 12):
        cycle = make_cycle(network, [make_centre(network, place=make_unit()) for _ in range(count)])
        with django_assert_num_queries(7):
            documents.matrix(cycle, expert)
