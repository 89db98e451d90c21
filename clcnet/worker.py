"""Does the work that a page only asks for, such as the import of a large file: one task after the other.

The queue is django-tasks-db's table. A worker takes a task together with an advisory lock of PostgreSQL, and holds the
lock on the very connection that the work is done on. So a lock that can be had means that the worker is dead and that
nothing of its work can arrive any more: the database knows it at once, no clock is asked. Such a task is begun anew,
`ATTEMPTS` times in all. Tasks therefore write all or nothing, in one transaction.
"""

import logging
import os
import signal
import time
from datetime import timedelta
from uuid import uuid4

from django.db import DatabaseError, InterfaceError, close_old_connections, connection, transaction
from django.utils import timezone
from django_tasks_db.compat import TaskContext, TaskResultStatus
from django_tasks_db.models import DBTaskResult

from monitoring.models import AnswerImport
from training.models import ImportJob

ATTEMPTS = 3  # how often a task is begun before it counts as the one that kills its workers
PAUSE = 0.5  # seconds between two looks at an empty queue
TIDY = 3600  # seconds between two rounds of tidying up
KEPT = timedelta(days=7)  # how long a finished task stays in the table

logger = logging.getLogger(__name__)


class WorkerDied(Exception):
    """The task was begun `ATTEMPTS` times, and each time its worker came to an end before the task did."""


class Stopped(BaseException):
    """The worker was asked to end: what it is doing is undone and waits for the next one."""


def key(task) -> int:
    """The task's number among PostgreSQL's advisory locks."""
    return int.from_bytes(task.pk.bytes[:8], signed=True)


def asked(sql, *parameters):
    """The one answer of a bare query."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchone()[0]


def take(name: str):
    """The next task, claimed for the worker of that name and locked for this connection; None when all is done."""
    with transaction.atomic():
        task = DBTaskResult.objects.ready().get_locked()
        if task is None:
            return None
        asked("SELECT pg_advisory_lock(%s)", key(task))  # before the claim is seen: never running without a lock
        task.claim(name)
        return task


def reap() -> None:
    """Put the tasks of dead workers back into the queue; one that has used up its attempts has failed."""
    for lost in DBTaskResult.objects.running():
        with transaction.atomic():
            if not asked("SELECT pg_try_advisory_xact_lock(%s)", key(lost)):
                continue  # its worker lives
            task = DBTaskResult.objects.running().filter(pk=lost.pk).get_locked()
            if task is None:
                continue  # finished a moment ago
            if len(task.worker_ids) < ATTEMPTS:
                task.status = TaskResultStatus.READY
                task.save(update_fields=["status"])
            else:
                task.set_failed(WorkerDied(f"{task.task_path} was begun {ATTEMPTS} times and never came to its end."))


def work(task) -> None:
    """Do one task that was taken. Raises Stopped, and a lost database's errors: then it waits for the next attempt."""
    session = connection.connection
    try:
        function = task.task
        result = task.task_result
        context = (TaskContext(task_result=result),) if function.takes_context else ()
        task.set_successful(function.call(*context, *result.args, **result.kwargs))
    except Stopped:
        DBTaskResult.objects.filter(pk=task.pk).update(status=TaskResultStatus.READY, worker_ids=task.worker_ids[:-1])
        raise
    except Exception as error:
        if connection.connection is not session or session.closed:
            # The lock is lost with the session, and what this task wrote is undone.
            raise InterfaceError("The connection was lost in the middle of a task.") from error
        logger.exception("The task %s failed", task.task_path)
        task.set_failed(error)
    finally:
        if connection.connection is session and not session.closed:
            asked("SELECT pg_advisory_unlock(%s)", key(task))


class Worker:
    """Works until it is asked to end. A signal ends it at once, also in the middle of a task, which is then undone."""

    def __init__(self):
        self.name = f"{os.getpid()}-{uuid4()}"
        self.tidied = None

    def run(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT):
            if signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, self.stop)
        try:
            while True:
                if not self.once():
                    time.sleep(PAUSE)
        except Stopped:
            connection.close()

    @staticmethod
    def stop(*_):
        raise Stopped

    def once(self) -> bool:
        """Look after what lies about, and do one task if there is one. An absent database is waited for."""
        try:
            close_old_connections()
            if connection.connection is None:
                # PostgreSQL notices within a second that the worker at the other end of a long query is gone.
                asked("SELECT set_config('client_connection_check_interval', '1s', false)")
            reap()
            self.tidy()
            task = take(self.name)
            if task:
                work(task)
        except (DatabaseError, InterfaceError) as error:
            logger.warning("The worker begins anew after a fault of its database: %s", error)
            connection.close()
            return False
        return task is not None

    def tidy(self) -> None:
        """Now and then: what nobody will ask for any more."""
        if self.tidied is None or time.monotonic() - self.tidied > TIDY:
            DBTaskResult.objects.finished().filter(finished_at__lt=timezone.now() - KEPT).delete()
            ImportJob.objects.forget_old()
            AnswerImport.objects.forget_old()
            self.tidied = time.monotonic()
