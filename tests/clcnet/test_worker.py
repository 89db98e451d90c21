"""The worker: each task is done once, whatever becomes of its workers."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from centres.models import Network
from clcnet import worker
from monitoring.models import AnswerImport
from training.models import ImportJob

from ..factories import make_centre, make_cycle, make_facilitator, make_user
from . import tasks
from .conftest import ROOT

pytestmark = pytest.mark.django_db(transaction=True)

PROGRAM = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where the tests run in a shell's background
os.environ["DJANGO_SETTINGS_MODULE"] = "clcnet.settings"
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
import django
django.setup()
from clcnet.worker import Worker
Worker().run()
"""


@pytest.fixture(autouse=True)
def no_background(settings):
    """Here the queue is the real one."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


@pytest.fixture
def start():
    """Starts a worker in a process of its own."""
    started = []

    def run():
        words = [sys.executable, "-c", PROGRAM, connection.settings_dict["NAME"]]
        started.append(subprocess.Popen(words, cwd=ROOT, stderr=subprocess.PIPE, text=True))
        return started[-1]

    yield run
    for process in started:
        process.kill()
        process.communicate()


def wait_for(condition, seconds=30):
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, "\n".join(task.traceback for task in DBTaskResult.objects.all())
        time.sleep(0.02)


def states():
    return list(DBTaskResult.objects.order_by("enqueued_at").values_list("status", flat=True))


def test_tasks_are_done_in_their_order():
    for code in ("first", "second"):
        tasks.note.enqueue(code)
    own = worker.Worker()
    assert [own.once(), own.once(), own.once()] == [True, True, False]
    assert list(Network.objects.order_by("pk").values_list("code", flat=True)) == ["first", "second"]
    assert states() == ["SUCCESSFUL", "SUCCESSFUL"]
    assert worker.asked("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()") == 0


def test_a_task_that_fails_says_why_and_the_next_is_done(caplog):
    tasks.fail.enqueue()
    tasks.note.enqueue("after")
    own = worker.Worker()
    assert [own.once(), own.once()] == [True, True]
    assert states() == ["FAILED", "SUCCESSFUL"]
    failed = DBTaskResult.objects.failed().get()
    assert failed.exception_class_path == "builtins.ValueError"
    assert "The task says why." in failed.traceback
    assert [record.getMessage() for record in caplog.records] == ["The task tests.clcnet.tasks.fail failed"]


def test_what_is_gone_from_the_code_fails_too(caplog):
    tasks.note.enqueue("x")
    DBTaskResult.objects.update(task_path="tests.clcnet.tasks.gone")
    assert worker.Worker().once()
    assert states() == ["FAILED"]


def test_a_killed_workers_task_is_done_once_by_the_next(start, tmp_path):
    begun, go_on = tmp_path / "begun", tmp_path / "go on"
    tasks.note_slowly.enqueue("slow", str(begun), str(go_on))
    first = start()
    wait_for(begun.exists)
    own = worker.Worker()
    assert own.once() is False  # the living worker's task is left alone
    assert states() == ["RUNNING"]
    first.kill()
    first.wait()
    go_on.touch()
    start()
    wait_for(lambda: states() == ["SUCCESSFUL"])
    assert begun.read_text() == "begun\nbegun\n"
    assert Network.objects.filter(code="slow").count() == 1
    assert len(DBTaskResult.objects.get().worker_ids) == 2


def test_a_task_that_kills_its_workers_is_given_up(start):
    tasks.kill_me.enqueue()
    for _ in range(worker.ATTEMPTS):
        assert start().wait(30) == -signal.SIGKILL
    assert worker.Worker().once() is False
    task = DBTaskResult.objects.get()
    assert (task.status, task.exception_class_path) == ("FAILED", "clcnet.worker.WorkerDied")
    assert len(task.worker_ids) == worker.ATTEMPTS


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_that_is_asked_to_end_undoes_its_task_and_counts_no_attempt(start, tmp_path, number):
    begun, go_on = tmp_path / "begun", tmp_path / "go on"
    tasks.note_slowly.enqueue("slow", str(begun), str(go_on))
    process = start()
    wait_for(begun.exists)
    os.kill(process.pid, number)
    assert process.wait(10) == 0
    task = DBTaskResult.objects.get()
    assert (task.status, task.worker_ids) == ("READY", [])
    assert not Network.objects.exists()
    go_on.touch()
    assert worker.Worker().once()
    assert states() == ["SUCCESSFUL"]


def test_a_worker_whose_connection_is_cut_begins_anew(start, tmp_path):
    begun, go_on = tmp_path / "begun", tmp_path / "go on"
    tasks.note_slowly.enqueue("slow", str(begun), str(go_on))
    start()
    wait_for(begun.exists)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
    go_on.touch()
    wait_for(lambda: states() == ["SUCCESSFUL"])
    assert Network.objects.filter(code="slow").count() == 1


def test_files_that_nobody_confirms_are_forgotten_after_a_day():
    centre = make_centre()
    by = make_facilitator(centre)
    jobs = {
        (state, days): ImportJob.objects.create(
            centre=centre,
            by=by,
            kind="trainees",
            mode="add",
            file_name="a.csv",
            rows=1,
            rows_read=b"x",
            state=state,
            created_at=timezone.now() - timedelta(days=days, hours=1),
        )
        for state, days in (("checked", 0), ("checked", 1), ("done", 1), ("done", 7))
    }
    assert worker.Worker().once() is False
    left = {job.pk: (job.state, job.rows_read is not None) for job in ImportJob.objects.all()}
    assert left == {
        jobs["checked", 0].pk: ("checked", True),
        jobs["checked", 1].pk: ("forgotten", False),
        jobs["done", 1].pk: ("done", True),
    }


def test_answers_that_nobody_confirms_are_forgotten_after_a_day():
    by, now = make_user(), timezone.now()
    for days, applied_at in ((0, None), (1, None), (3, now)):
        AnswerImport.objects.create(
            cycle=make_cycle(),
            by=by,
            file_name=f"{days}.csv",
            parsed={} if applied_at else {"answers": []},
            created_at=now - timedelta(days=days, hours=1),
            applied_at=applied_at,
        )
    worker.Worker().once()
    assert sorted(AnswerImport.objects.values_list("file_name", flat=True)) == ["0.csv", "3.csv"]


def test_finished_tasks_are_forgotten_after_a_week():
    for code in ("old", "new"):
        tasks.note.enqueue(code)
    own = worker.Worker()
    while own.once():
        pass
    old = DBTaskResult.objects.order_by("enqueued_at").first()
    DBTaskResult.objects.filter(pk=old.pk).update(finished_at=old.finished_at - worker.KEPT)
    assert own.once() is False
    assert len(states()) == 2  # it does not look every time
    assert worker.Worker().once() is False
    assert DBTaskResult.objects.get().args_kwargs["args"] == ["new"]
