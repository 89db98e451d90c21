"""Twenty people write at once: nothing acknowledged is lost, nothing is written twice."""

import os
import threading
from time import sleep

import pytest
from django.db import connection, connections, transaction
from django.urls import reverse

from centres.models import Centre
from monitoring.models import Cell, CellStep, Cycle, EditConflict
from tests.factories import make_centre, make_cycle, make_expert, make_network, write_cell

WRITERS = 20
EDITS = int(os.environ.get("CLCNET_EDITS", "100"))  # of each writer


def together(work):
    """Run `work(n)` in WRITERS threads at once and raise what any of them raised."""
    raised = []

    def run(n):
        try:
            work(n)
        except BaseException as error:  # the main thread has to see it
            raised.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[n]) for n in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if raised:
        raise raised[0]


@pytest.fixture
def cycle(transactional_db):
    network = make_network()
    return make_cycle(network, [make_centre(network) for _ in range(7)])


@pytest.mark.slow
def test_the_same_cells_written_by_twenty_people_lose_nothing(cycle):
    """Every edit goes to one of four cells. What is acknowledged stands in the history exactly once, in order.

    2,000 edits in all; `make test ARGS="tests/monitoring/test_concurrency.py" CLCNET_EDITS=500` writes 10,000.
    """
    writers = [make_expert(cycle.network) for _ in range(WRITERS)]
    pks = list(cycle.cells.order_by("pk").values_list("pk", flat=True)[:4])
    acknowledged, conflicts = [], []

    def work(n):
        cell = Cell.objects.get(pk=pks[n % 4])
        for edit in range(EDITS):
            mine = f"{n}/{edit}"
            while True:
                try:
                    assert cell.revise(by=writers[n], version=cell.version, finding=mine) is True
                except EditConflict as conflict:
                    conflicts.append(mine)
                    cell = conflict.theirs
                else:
                    acknowledged.append((cell.pk, cell.version, mine))
                    break

    together(work)
    assert len(acknowledged) == WRITERS * EDITS
    recorded = [
        (event.pgh_obj_id, event.version, event.finding)
        for event in Cell.pgh_event_model.objects.filter(pgh_obj__in=pks, version__gt=0)
    ]
    assert sorted(recorded) == sorted(acknowledged)
    assert conflicts, "the writers never met: the test shows nothing"
    assert {cell.version for cell in Cell.objects.filter(pk__in=pks)} == {WRITERS * EDITS // 4}


@pytest.mark.slow
def test_different_cells_never_conflict(cycle):
    writers = [make_expert(cycle.network) for _ in range(WRITERS)]
    pks = list(cycle.cells.order_by("pk").values_list("pk", flat=True)[:WRITERS])

    def work(n):
        cell = Cell.objects.get(pk=pks[n])
        for edit in range(20):
            cell.revise(by=writers[n], version=cell.version, finding=f"{n}/{edit}")

    together(work)
    assert [cell.version for cell in Cell.objects.filter(pk__in=pks)] == [20] * WRITERS


@pytest.mark.django_db(transaction=True)
def test_a_cell_is_accepted_once_by_twenty_reviewers(cycle, client_of):
    expert = make_expert(cycle.network)
    cell = write_cell(Cell.objects.for_page().filter(cycle=cycle).first(), expert, state="submitted")
    clients = [client_of(make_expert(cycle.network)) for _ in range(WRITERS)]
    url = reverse("monitoring:step", args=[cycle.code, cell.aspect.number, cell.centre.code])
    answers = []
    together(lambda n: answers.append(clients[n].post(url, {"do": "accept", "version": cell.version}).status_code))
    assert sorted(answers) == [302] + [422] * (WRITERS - 1)
    assert CellStep.objects.filter(cell=cell, to_state="accepted").count() == 1


@pytest.mark.django_db(transaction=True)
def test_publishing_never_overtakes_a_write(cycle):
    """A writer and the publisher race; whoever wins, the published matrix holds exactly what was acknowledged."""
    expert = make_expert(cycle.network)
    for cell in cycle.cells.all()[:3]:
        write_cell(cell, expert, state="accepted")
    raced = cycle.cells.filter(state="empty").first()
    write_cell(raced, expert, state="draft")
    outcome = {}

    def work(n):
        from monitoring.models import CycleFrozen, StepRefused

        try:
            if n == 0:
                cycle.publish(by=expert)
                outcome["published"] = True
            elif n == 1:
                Cell.objects.get(pk=raced.pk).revise(by=expert, version=1, finding="", perspective="")
                outcome["emptied"] = True
        except (CycleFrozen, StepRefused) as error:
            outcome[type(error).__name__] = True

    together(work)
    raced.refresh_from_db()
    cycle.refresh_from_db()
    assert (raced.state == "empty") is ("emptied" in outcome)
    assert cycle.is_published is ("published" in outcome)
    assert not (cycle.is_published and cycle.blocking_publication())
    assert connection.connection is not None


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("write", ["cell", "all"])
def test_a_write_waits_for_the_coordinator_who_changes_the_centres(cycle, write):
    """She holds the cycle and goes on to its cells; who held a cell and waited for the cycle would block both."""
    expert = make_expert(cycle.network)
    leaving, *staying = Centre.objects.filter(participations__cycle=cycle)
    cell = cycle.cells.filter(centre=leaving).first()
    for other in cycle.cells.filter(centre__in=staying)[:2]:
        write_cell(other, expert)
    outcome = []

    def work():
        try:
            if write == "cell":
                cell.revise(by=expert, version=0, finding="Too late.")
            else:
                outcome.append(cycle.cells.all().move_all(by=expert, to="submitted"))
        except Exception as error:  # the main thread has to see it
            outcome.append(type(error))
        finally:
            connections.close_all()

    writer = threading.Thread(target=work)
    with transaction.atomic():
        Cycle.objects.get(pk=cycle.pk)._lock_open()
        writer.start()
        wait_until_somebody_waits()
        list(cycle.cells.select_for_update(of=("self",), nowait=True))  # fails if the writer holds one
        cycle.set_centres(staying)
    writer.join()
    assert outcome == [Cell.DoesNotExist if write == "cell" else 2]


def wait_until_somebody_waits():
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
            )
            if cursor.fetchone()[0]:
                return
        sleep(0.05)
    raise AssertionError("nobody waited")
