"""A database server of a test's own, apart from the one that all other tests share."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction

ROOT = Path(__file__).resolve().parents[2]

PREAMBLE = """
import os, sys, time
from django.conf import settings
settings.configure(DATABASES={"default": {"ENGINE": "clcnet.localdb", "NAME": "clcnet", "CONN_HEALTH_CHECKS": True}})
import django
django.setup()
from django.db import DatabaseError, InterfaceError, close_old_connections, connection
from clcnet.localdb import places, processes, server

def rows(sql, *parameters):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall() if cursor.description else None
"""


class PrivateDatabase:
    """Runs small programs, each in a process of its own, on a database under `data`."""

    def __init__(self, data):
        self.data = data
        self.started = []
        self.environment = {**os.environ, "CLCNET_DATA": str(data), "PYTHONPATH": str(ROOT)}

    def start(self, program, *words, **options):
        """Start a program after PREAMBLE; the process."""
        command = [sys.executable, "-c", PREAMBLE + program, *map(str, words)]
        process = subprocess.Popen(command, env=self.environment, text=True, **options)
        self.started.append(process)
        return process

    def run(self, program, *words):
        """Run a program to its end; the words it printed."""
        process = self.start(program, *words, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        out, errors = process.communicate(timeout=120)
        assert process.returncode == 0, errors
        return out.split()

    def command(self, word):
        """What `python -m clcnet.localdb.server status|stop` prints."""
        words = [sys.executable, "-m", "clcnet.localdb.server", word]
        return subprocess.run(words, env=self.environment, capture_output=True, text=True, check=True).stdout

    def numbers(self):
        """Process ids: postmaster, supervisor, and all of the server's."""
        words = self.run(
            'print(processes.pid_file()[0], (places.data() / "supervisor").read_text(), *processes.processes())'
        )
        postmaster, supervisor, *everyone = map(int, words)
        return postmaster, supervisor, everyone

    @property
    def store(self):
        """Where the database itself lies: for root that may be outside of `data`."""
        link = self.data / "store"
        return link.resolve() if link.is_symlink() else self.data

    def remove(self):
        for process in self.started:
            process.kill()
            process.wait()
            for pipe in filter(None, (process.stdin, process.stdout, process.stderr)):
                pipe.close()
        self.command("stop")
        run = self.store / "run"
        for place in [run.resolve() if run.is_symlink() else None, self.store]:
            if place:
                shutil.rmtree(place, ignore_errors=True)


@pytest.fixture
def private_database():
    """A database in a short folder that also the server's own user can reach (see `clcnet.localdb.server`)."""
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    folder.chmod(0o711)
    database = PrivateDatabase(folder / "data")
    yield database
    database.remove()
    shutil.rmtree(folder)


def kill(*numbers):
    """kill -9, whether they still live or not."""
    for number in numbers:
        try:
            os.kill(number, signal.SIGKILL)
        except ProcessLookupError:
            continue


@pytest.fixture(name="kill")
def _kill():
    return kill


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    """The demo, loaded once for the tests of a file, which only read."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("demo", verbosity=0)
        yield
        transaction.set_rollback(True)
