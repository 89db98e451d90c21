"""A cell's life: saving without losing a word, the steps of review, the freeze on publication."""

import pytest
from django.db import IntegrityError, InternalError, transaction

from monitoring.models import Cell, CycleFrozen, EditConflict, StepRefused
from tests.factories import write_cell

pytestmark = pytest.mark.django_db


@pytest.fixture
def cell(cycle):
    return cycle.cells.get(aspect__number=2, centre__code="alpha")


def test_a_new_cycle_has_an_empty_cell_per_aspect_and_centre(cycle):
    assert cycle.cells.count() == 6
    assert cycle.cells.by_state() == {"empty": 4, "submitted": 2}
    assert cycle.conclusions.count() == 3


def test_adding_a_centre_again_changes_nothing(cycle, alpha):
    cycle.add_centres([alpha])
    assert cycle.participations.count() == 2


def test_saving_writes_text_version_and_author(cell, expert):
    assert cell.revise(by=expert, version=0, finding=" Two of nine are broken. ", level="weak") is True
    cell.refresh_from_db()
    assert (cell.finding, cell.level, cell.state, cell.version) == ("Two of nine are broken.", "weak", "draft", 1)
    assert cell.updated_by == expert
    assert [(step.from_state, step.to_state) for step in cell.steps.all()] == [("empty", "draft")]


def test_a_resend_is_recognised(cell, expert):
    cell.revise(by=expert, version=0, finding="Once.")
    assert cell.revise(by=expert, version=0, finding="Once.") is False
    assert cell.version == 1


def test_the_second_writer_gets_theirs_and_the_base(cell, expert, coordinator):
    cell.revise(by=expert, version=0, finding="Base.")
    mine, theirs = Cell.objects.get(pk=cell.pk), Cell.objects.get(pk=cell.pk)
    theirs.revise(by=coordinator, version=1, finding="Theirs.")
    with pytest.raises(EditConflict) as caught:
        mine.revise(by=expert, version=1, finding="Mine.")
    assert caught.value.theirs.finding == "Theirs."
    assert caught.value.theirs.updated_by == coordinator
    assert caught.value.base.finding == "Base."
    assert Cell.objects.get(pk=cell.pk).finding == "Theirs."


def test_a_step_on_an_outdated_cell_is_a_conflict(cell, expert):
    write_cell(cell, expert, state="submitted")
    outdated = Cell.objects.get(pk=cell.pk)
    cell.withdraw(by=expert, version=cell.version)
    cell.revise(by=expert, version=cell.version, finding="Changed after the reviewer opened it.")
    cell.submit(by=expert, version=cell.version)
    with pytest.raises(EditConflict):
        outdated.accept(by=expert, version=outdated.version)


def test_without_text_it_is_to_write_again(cell, expert):
    cell.revise(by=expert, version=0, finding="Something.", level="weak")
    cell.revise(by=expert, version=1, finding="", level="weak")
    assert (cell.state, cell.level) == ("empty", "not_assessed")


def test_review_returns_with_a_reason_and_the_reason_stays(cell, expert, coordinator):
    cell.revise(by=expert, version=0, finding="Broken.")
    cell.submit(by=expert, version=1)
    with pytest.raises(StepRefused, match="why"):
        cell.give_back(by=coordinator, version=2, note="  ")
    cell.give_back(by=coordinator, version=2, note="How many?")
    cell.revise(by=expert, version=3, finding="Two are broken.")
    assert cell.state == "returned"
    cell.submit(by=expert, version=4)
    cell.accept(by=coordinator, version=5)
    assert [(s.to_state, s.by, s.note) for s in cell.steps.all()] == [
        ("accepted", coordinator, ""),
        ("submitted", expert, ""),
        ("returned", coordinator, "How many?"),
        ("submitted", expert, ""),
        ("draft", expert, ""),
    ]


@pytest.mark.parametrize(
    ("state", "step"),
    [
        ("draft", "accept"),
        ("draft", "withdraw"),
        ("draft", "give_back"),
        ("submitted", "submit"),
        ("accepted", "accept"),
        ("accepted", "submit"),
    ],
)
def test_steps_that_do_not_fit_are_refused(cell, expert, state, step):
    write_cell(cell, expert, state=state)
    with pytest.raises(StepRefused):
        getattr(cell, step)(by=expert, version=cell.version, note="x")
    assert Cell.objects.get(pk=cell.pk).state == state


@pytest.mark.parametrize("state", ["submitted", "accepted"])
def test_text_under_review_does_not_change(cell, expert, state):
    write_cell(cell, expert, finding="Final.", state=state)
    with pytest.raises(StepRefused, match="back"):
        cell.revise(by=expert, version=cell.version, finding="Other.")
    assert Cell.objects.get(pk=cell.pk).finding == "Final."


def test_a_perspective_alone_cannot_be_submitted(cell, expert):
    cell.revise(by=expert, version=0, finding="", perspective="A repair.")
    with pytest.raises(StepRefused, match="finding"):
        cell.submit(by=expert, version=1)


def test_the_database_refuses_a_second_cell_and_a_state_without_text(cell):
    with pytest.raises(IntegrityError, match="cell_once"), transaction.atomic():
        Cell.objects.create(cycle=cell.cycle, aspect=cell.aspect, centre=cell.centre)
    with pytest.raises(IntegrityError, match="cell_empty_without_text"), transaction.atomic():
        Cell.objects.filter(pk=cell.pk).update(state="draft")


def test_history_records_bulk_writes_too(cell):
    Cell.objects.filter(pk=cell.pk).update(finding="By hand.", state="draft", version=7)
    assert cell.recorded(7).finding == "By hand."


def test_publishing_waits_for_every_cell(cycle, expert):
    assert cycle.blocking_publication() == {"submitted": 2}
    with pytest.raises(StepRefused, match="not accepted"):
        cycle.publish(by=expert)
    assert not cycle.is_published


def test_nothing_to_publish(network, alpha, expert):
    from tests.factories import make_cycle

    with pytest.raises(StepRefused, match="no accepted"):
        make_cycle(network, [alpha]).publish(by=expert)


def test_publishing_freezes_cells_conclusions_and_bulk_writes(published, cell, expert):
    assert published.is_published
    assert published.published_at is not None
    with pytest.raises(CycleFrozen):
        cell.revise(by=expert, version=cell.version, finding="Too late.")
    conclusion = published.conclusions.first()
    with pytest.raises(CycleFrozen):
        conclusion._write(by=expert, version=conclusion.version, text="Too late.")
    with pytest.raises(IntegrityError, match="published"), transaction.atomic():
        Cell.objects.filter(cycle=published).update(finding="Too late.")
    with pytest.raises(IntegrityError, match="published"), transaction.atomic():
        Cell.objects.filter(pk=cell.pk).delete()


def test_reopening_needs_a_reason_and_leaves_a_trace(published, cell, expert):
    with pytest.raises(StepRefused, match="why"):
        published.reopen(by=expert, note=" ")
    published.reopen(by=expert, note="A wrong number at Alpha.")
    assert not published.is_published
    assert cell.revise(by=expert, version=cell.version, finding="Mended.") is True
    assert [(s.to_state, s.note) for s in published.steps.all()] == [
        ("open", "A wrong number at Alpha."),
        ("published", ""),
    ]


def test_what_people_did_is_written_once(published):
    for steps in (published.steps, published.cells.filter(steps__isnull=False).first().steps):
        with pytest.raises(InternalError, match="written_once"), transaction.atomic():
            steps.update(note="Never happened.")
        with pytest.raises(InternalError, match="written_once"), transaction.atomic():
            steps.all().delete()
