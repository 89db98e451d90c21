"""An import from its upload to its end: checked, shown, confirmed, written as a whole.

Checking does all of the writing too, and undoes it: so what is confirmed has been tried. A state and what belongs to it
are stored in one transaction with the rows, so that an import that is killed has either happened or not.
"""

import contextlib
import logging

import pghistory
from django.db import IntegrityError, connection, transaction
from django.utils import timezone, translation
from django_tasks import TaskResultStatus, default_task_backend, task  # django.tasks from Django 6 on
from django_tasks.exceptions import TaskResultDoesNotExist

from centres.models import Centre
from centres.versions import EditConflict

from ..models import ImportJob
from . import bulk, stock
from .kinds import KINDS
from .plan import Plan
from .problems import Problems
from .scope import Scope
from .sheet import recognise

logger = logging.getLogger(__name__)
State = ImportJob.State
AT_ONCE = 100  # rows that are done while the person waits; more go to the background


COLLISIONS = (EditConflict, IntegrityError)


class Changed(Exception):
    """What the file would do is no longer what was shown."""


def path_of(job):
    """The module that imports so many rows."""
    return stock if job.rows <= stock.LIMIT else bulk


def attempt(job, progress=None):
    """Write the job's rows inside the caller's transaction: (problems, plan). With errors nothing counts."""
    kind = KINDS[job.kind]
    with connection.cursor() as cursor:  # two imports to one centre would each miss what the other adds
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('training import', %s))", [job.centre_id])
    if not (job.by.is_active and Centre.objects.kept_by(job.by).filter(pk=job.centre_id).exists()):
        refused = Problems()  # since the upload she has left the centre
        refused.add("no_right")
        return refused, Plan()
    kind.hold(job.centre)
    scope = Scope(job.centre, job.by, kind.model)
    sheet = recognise(bytes(job.rows_read), kind, job.centre)
    leave_likely = job.doubles == "leave"
    plan = path_of(job).run(kind, scope, sheet, job.mode, leave_likely=leave_likely, progress=progress)
    with connection.cursor() as cursor:  # what a commit would find is found here
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    return sheet.problems, plan


def trial(job, progress=None, *, again=True):
    """The same, undone again; begun anew once where somebody else's save came between."""
    try:
        with transaction.atomic():
            outcome = attempt(job, progress)
            transaction.set_rollback(True)
    except COLLISIONS:
        if not again:
            raise
        outcome = trial(job, progress, again=False)
    return outcome


def start(job) -> None:
    """Check a new job: a small one at once, a large one in the background."""
    with transaction.atomic():
        _set_going(job, check, check_later)
    job.refresh_from_db()


def _set_going(job, work, later) -> None:
    """Do the work in this very transaction, so that nobody finds it begun and never ended; or enqueue it.

    A small job, too, is left to the background while another import to its centre is under way: no page waits for it.
    """
    if job.rows <= AT_ONCE and _is_free(job.centre_id):
        work(job.pk)
    else:
        number = later.enqueue(str(job.pk)).id
        ImportJob.objects.filter(pk=job.pk).update(task=number)


def _is_free(centre_id) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended('training import', %s))", [centre_id])
        return cursor.fetchone()[0]


def confirm(job, *, fingerprint: str, doubles: str) -> None:
    """Write a checked job as it was shown. Raises Changed where it no longer waits for that."""
    with transaction.atomic():
        waiting = ImportJob.objects.filter(pk=job.pk, state=State.CHECKED, preview__fingerprint=fingerprint)
        if not waiting.update(state=State.CONFIRMED, doubles=doubles, progress=0):
            raise Changed
        _set_going(job, write, write_later)
    job.refresh_from_db()


@task
def check_later(number):
    check(number)


@task
def write_later(number):
    write(number)


def check(number) -> None:
    """Try the job and keep what it would do, or what is wrong."""
    job = _taken(number, (State.WAITING, State.CHECKING), State.CHECKING)
    if job:
        with _told_of(job), _progress(job) as progress:
            _keep(job, *trial(job, progress))


def write(number) -> None:
    """Do what was confirmed. Where it is no longer the same, nothing is done and the new preview waits."""
    job = _taken(number, (State.CONFIRMED, State.WRITING), State.WRITING)
    if not job:
        return
    done = False
    with _told_of(job), _progress(job) as progress, pghistory.context(user=job.by_id, imported=str(job.pk)):
        try:
            with transaction.atomic():
                outcome = problems, plan = attempt(job, progress)
                done = not problems.errors and plan.fingerprint == job.preview["fingerprint"]
                if done:
                    _end(job, plan)
                transaction.set_rollback(not done)
        except COLLISIONS:
            done, outcome = False, trial(job, progress)
        if not done:
            _keep(job, *outcome, changed=True)
    if done and path_of(job) is bulk:
        _count_anew(KINDS[job.kind])


def _end(job, plan) -> None:
    """Tell that it is done, in the transaction of the rows."""
    ImportJob.objects.filter(pk=job.pk).update(
        state=State.DONE, rows_read=None, preview=plan.as_json(), progress=100, finished_at=timezone.now()
    )


def _count_anew(kind) -> None:
    """Let PostgreSQL plan with the rows that are there now; of its own accord it counts them some minutes later."""
    with connection.cursor() as cursor:
        for model in (kind.model, *kind.also_written):
            cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")


def _taken(number, states, state):
    """The job, if it is still to be done; a task that is begun again finds it where the killed one left it."""
    taken = ImportJob.objects.filter(pk=number, state__in=states, rows_read__isnull=False)
    if not taken.update(state=state, progress=0, started_at=timezone.now(), finished_at=None):
        return None
    return ImportJob.objects.select_related("centre", "by").get(pk=number)


def _keep(job, problems, plan, *, changed=False) -> None:
    """Store what a trial has shown."""
    preview = plan.as_json() | {"sheet": problems.sheet, "changed_meanwhile": changed}
    ImportJob.objects.filter(pk=job.pk).update(
        state=State.REFUSED if problems.errors else State.CHECKED,
        problems=problems.as_json(),
        preview=preview,
        progress=100,
        finished_at=timezone.now(),
        **({"rows_read": None} if problems.errors else {}),
    )


@contextlib.contextmanager
def _told_of(job):
    """In the person's language; a fault leaves the job stopped, with nothing stored, unless the connection is gone."""
    with translation.override(job.by.language):
        try:
            yield
        except Exception:
            if connection.is_usable():
                ImportJob.objects.filter(pk=job.pk).update(
                    state=State.FAILED, rows_read=None, finished_at=timezone.now()
                )
                logger.exception("The import %s failed", job.pk)
            else:
                raise


@contextlib.contextmanager
def _progress(job):
    """Gives a function that stores the progress at once, past the transaction that the work is done in."""
    if job.rows <= AT_ONCE:  # nobody sees it at work
        yield None
        return
    beside = connection.copy()

    def tell(share):
        with beside.cursor() as cursor:
            # Whoever holds the row just now need not wait for us, nor we for them.
            cursor.execute(
                "UPDATE training_importjob SET progress = %s WHERE id ="
                " (SELECT id FROM training_importjob WHERE id = %s FOR UPDATE SKIP LOCKED)",
                [round(100 * share), job.pk],
            )

    try:
        yield tell
    finally:
        beside.close()


def is_stopped(job) -> bool:
    """Whether nobody will do what the job still waits for: its task killed every worker that took it, or is gone."""
    if not job.is_at_work:
        return False
    if not job.task:
        return True
    if not default_task_backend.supports_get_result:
        return False
    try:
        return default_task_backend.get_result(job.task).status == TaskResultStatus.FAILED
    except TaskResultDoesNotExist:
        return True


def preview_of(job) -> Plan:
    """The stored plan."""
    names = Plan.__dataclass_fields__
    return Plan(**{name: value for name, value in job.preview.items() if name in names})
