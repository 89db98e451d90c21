"""kill -9 of the worker at any moment: a long list is stored as a whole, once, or not at all."""

import os
import random
import signal
import subprocess
import sys
import time

import pytest
from django.db import connection
from django_tasks_db.models import DBTaskResult

from clcnet import worker
from training.imports import bulk, jobs
from training.models import ImportJob, Trainee

from ...clcnet.conftest import ROOT
from ...clcnet.test_worker import PROGRAM
from ...factories import make_centre, make_facilitator
from .tables import TRAINEES, person, table, upload

ROUNDS = int(os.environ.get("CLCNET_KILL_ROUNDS", "4"))
ROWS = 2500

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def no_background(settings):
    """Here the queue is the real one."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


def started():
    return subprocess.Popen([sys.executable, "-c", PROGRAM, connection.settings_dict["NAME"]], cwd=ROOT)


def wait_for(condition, seconds=60):
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit
        time.sleep(0.005)


def finish(process, job):
    """Let somebody work until the job is no longer under way."""
    try:
        wait_for(lambda: not ImportJob.objects.get(pk=job.pk).is_at_work)
    finally:
        process.kill()
        process.wait()


def stored(letter):
    """Rows of one round, and what the history says of them."""
    mine = {"surname__startswith": f"Round{letter}-"}
    events = Trainee.events.rel.related_model.objects.filter(pgh_label="insert", **mine)
    return Trainee.objects.filter(**mine).count(), events.count()


def test_a_killed_import_is_whole_or_nothing_and_the_next_worker_ends_it():
    centre = make_centre()
    facilitator = make_facilitator(centre)
    moments = []
    for number in range(ROUNDS):
        rows = [person(f"Round{number}-{n}") for n in range(ROWS)]
        job = upload(centre, facilitator, "trainees", table(TRAINEES, *rows))
        jobs.start(job)
        own = worker.Worker()
        while own.once():
            pass
        job.refresh_from_db()
        assert job.state == "checked"
        jobs.confirm(job, fingerprint=job.preview["fingerprint"], doubles="leave")
        process = started()
        wait_for(lambda job=job: ImportJob.objects.get(pk=job.pk).state != "confirmed")
        time.sleep(random.uniform(0, 1.2))
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        moments.append(stored(number))
        assert moments[-1] in [(0, 0), (ROWS, ROWS)]
        finish(started(), job)
        job.refresh_from_db()
        assert job.state == "done"
        assert stored(number) == (ROWS, ROWS)
    assert set(DBTaskResult.objects.values_list("status", flat=True)) <= {"SUCCESSFUL", "RUNNING"}


def test_the_progress_is_seen_while_the_rows_are_not(monkeypatch):
    centre = make_centre()
    job = upload(centre, make_facilitator(centre), "trainees", table(TRAINEES, *[person(f"S{n}") for n in range(1200)]))
    seen = []

    def look(self):
        beside = connection.copy()  # as a page would ask
        with beside.cursor() as cursor:
            cursor.execute("SELECT state, progress, (SELECT count(*) FROM training_trainee) FROM training_importjob")
            seen.append(cursor.fetchone())
        beside.close()
        return merge(self)

    merge = bulk.Bulk.merge
    monkeypatch.setattr(bulk.Bulk, "merge", look)
    jobs.check(job.pk)
    jobs.confirm(ImportJob.objects.get(), fingerprint=ImportJob.objects.get().preview["fingerprint"], doubles="add")
    jobs.write(job.pk)
    assert seen == [("checking", 50, 0), ("writing", 50, 0)]
    assert Trainee.objects.count() == 1200


def test_an_import_that_kills_its_workers_is_said_to_be_stopped(client_of, monkeypatch):
    centre = make_centre()
    facilitator = make_facilitator(centre)
    rows = [person(f"Round-{n}") for n in range(1200)]
    job = upload(centre, facilitator, "trainees", table(TRAINEES, *rows))
    jobs.start(job)
    job.refresh_from_db()
    assert not jobs.is_stopped(job)
    DBTaskResult.objects.update(status="RUNNING", worker_ids=["a", "b", "c"])
    ImportJob.objects.update(state="checking")
    worker.reap()
    page = client_of(facilitator).get(job.get_absolute_url())
    assert "The import was stopped by a fault. Nothing of it was stored." in page.text
    assert "hx-get" not in page.text
