"""kill -9 of whoever imports, at any moment and on both paths: a list is stored as a whole, once, or not at all."""

import faulthandler
import os
import random
import signal
import time
import traceback

import pytest
from django.db import connection
from django_tasks_db.models import DBTaskResult

from clcnet import worker
from training import resources
from training.imports import bulk, jobs, stock
from training.imports.kinds import Trainees
from training.models import ImportJob, Trainee

from ...factories import make_centre, make_facilitator, make_trainee
from .tables import TRAINEES, person, table, upload

ROUNDS = int(os.environ.get("CLCNET_KILL_ROUNDS", "4"))  # that end at a random moment, the paths in turn
ROWS = {stock: 150, bulk: 1200}

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def no_background(settings):
    """Here the queue is the real one."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


def forked(work, tmp_path):
    """A process that does it, with a connection of its own. What goes wrong there is told by `wait_for`.

    In an event loop, as Playwright leaves it in this thread, Django keeps other connections than outside of it, where
    the forked process is: what stands open there would be shared by both.
    """
    connection.close()
    said = tmp_path / f"said-{time.monotonic_ns()}"
    pid = os.fork()
    if pid == 0:
        with said.open("w") as file:
            faulthandler.dump_traceback_later(40, file=file)
            try:
                assert connection.connection is None, "The connection is not its own."
                work()
                file.write(f"It came to its end with {list(ImportJob.objects.values())}")
            except BaseException:
                traceback.print_exc(file=file)
            finally:
                file.flush()
                os._exit(1)
    return pid


def kill(pid):
    """Returns when the database has noticed it too: what was sent has arrived, or never will."""
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    others = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
    )
    wait_for(lambda: worker.asked(others) == 0)


def wait_for(condition, tmp_path=None, seconds=60):
    limit = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > limit:
            said = tmp_path.glob("said-*") if tmp_path else []
            pytest.fail("\n".join(["It never came.", *(file.read_text() for file in said)]))
        time.sleep(0.005)


def state_of(job):
    return ImportJob.objects.values_list("state", flat=True).get(pk=job.pk)


def finish(job):
    """Let the next worker do it, as soon as the database knows that the last one is gone."""
    own = worker.Worker()

    def is_done():
        own.once()
        return state_of(job) == "done"

    wait_for(is_done)


def confirmed(rows):
    """A list that changes one trainee, removes one and brings others, waiting to be written; how the centre is now."""
    centre = make_centre()
    make_trainee(centre, surname="Known", birth_year=1985, phone="1")
    make_trainee(centre, surname="Absent")
    data = table(TRAINEES, person("Known", phone="2"), *[person(f"New{n}") for n in range(rows - 1)])
    job = upload(centre, make_facilitator(centre), "trainees", data, mode="replace")
    jobs.check(job.pk)
    job.refresh_from_db()
    jobs.confirm(job, fingerprint=job.preview["fingerprint"], doubles="leave")
    return job


def stored(job):
    """The trainees of the centre, what happened to them, and the phone of the one that is known."""
    mine = {"centre": job.centre}
    events = Trainee.events.rel.related_model.objects.filter(**mine)
    counts = [events.filter(pgh_label=label).count() for label in ("insert", "update", "delete")]
    phone = Trainee.objects.get(surname="Known", **mine).phone
    return Trainee.objects.filter(**mine).count(), counts, phone


BEFORE = (2, [2, 0, 0], "1")


def after(rows):
    return rows, [rows + 1, 1, 1], "2"


def pausing(mark, work=None):
    """Instead of a function: the same, a sign, and a rest in which the process is killed."""

    def paused(*args):
        if work:
            work(*args)
        mark.touch()
        time.sleep(600)

    return paused


def in_the_middle(mark):
    """Instead of what follows a row on the short path: the pause, after half of them."""
    follow = resources.Register.after_import_row

    def followed(self, *args, **kwargs):
        follow(self, *args, **kwargs)
        if len(self.done) == ROWS[stock] // 2:
            pausing(mark)()

    return followed


POINTS = {
    "half of the rows": (stock, resources.Register, "after_import_row", in_the_middle),
    "all rows, before they are checked": (stock, Trainees, "check_written", pausing),
    "before the commit": (stock, jobs, "_end", lambda mark: pausing(mark, jobs._end)),
    "after the INSERT": (bulk, bulk.Bulk, "update", pausing),
    "after the UPDATE": (bulk, bulk.Bulk, "link", pausing),
    "before the large commit": (bulk, jobs, "_end", lambda mark: pausing(mark, jobs._end)),
}


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_a_named_point_it_is_not_stored_and_the_next_worker_ends_it(point, tmp_path):
    path, owner, name, paused = POINTS[point]
    job = confirmed(ROWS[path])
    assert jobs.path_of(job) is path
    mark = tmp_path / "reached"

    def work():
        setattr(owner, name, paused(mark))
        worker.Worker().run()

    pid = forked(work, tmp_path)
    wait_for(mark.exists, tmp_path)
    kill(pid)
    assert (state_of(job), stored(job)) == ("writing", BEFORE)
    finish(job)
    assert stored(job) == after(ROWS[path])
    assert DBTaskResult.objects.get().status == "SUCCESSFUL"


def test_killed_at_any_moment_it_is_whole_or_nothing(tmp_path):
    lasting, died = {}, {stock: 0, bulk: 0}
    for number in range(ROUNDS + 2):
        path = (stock, bulk)[number % 2]
        job = confirmed(ROWS[path])
        pid = forked(lambda: worker.Worker().run(), tmp_path)
        wait_for(lambda job=job: state_of(job) != "confirmed", tmp_path)
        begun = time.monotonic()
        if path in lasting:
            time.sleep(random.uniform(0, 0.8 * lasting[path]))
        else:  # the first of each path shows how long it takes
            wait_for(lambda job=job: state_of(job) == "done", tmp_path)
            lasting[path] = time.monotonic() - begun
        kill(pid)
        left = stored(job)
        assert left in (BEFORE, after(ROWS[path]))
        died[path] += state_of(job) == "writing"
        finish(job)
        assert stored(job) == after(ROWS[path])
    if ROUNDS >= 4:
        assert any(died.values()), lasting
    if ROUNDS >= 50:
        assert all(died.values()), lasting
    assert set(DBTaskResult.objects.values_list("status", flat=True)) <= {"SUCCESSFUL", "RUNNING"}


def test_a_short_list_whose_page_is_killed_waits_for_its_confirmation_as_before(tmp_path):
    centre = make_centre()
    job = upload(centre, make_facilitator(centre), "trainees", table(TRAINEES, *[person(f"S{n}") for n in range(50)]))
    jobs.start(job)
    fingerprint, mark = job.preview["fingerprint"], tmp_path / "reached"

    def work():
        jobs._end = pausing(mark, jobs._end)
        jobs.confirm(job, fingerprint=fingerprint, doubles="leave")

    pid = forked(work, tmp_path)
    wait_for(mark.exists, tmp_path)
    kill(pid)
    assert (state_of(job), Trainee.objects.count()) == ("checked", 0)
    jobs.confirm(job, fingerprint=fingerprint, doubles="leave")
    assert (state_of(job), Trainee.objects.count()) == ("done", 50)


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
