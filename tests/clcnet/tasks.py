"""Tasks for the worker's tests."""

import os
import signal
import time
from pathlib import Path

from django.db import transaction
from django_tasks import task

from centres.models import Network


@task
def note(code):
    """Write one row."""
    Network.objects.create(code=code, name=code)


@task
def note_slowly(code, begun, go_on):
    """Write one row, say so in a file, and only commit when another file is there."""
    with transaction.atomic():
        Network.objects.create(code=code, name=code)
        with Path(begun).open("a") as file:
            file.write("begun\n")
        while not Path(go_on).exists():
            time.sleep(0.01)


@task
def fail():
    raise ValueError("The task says why.")


@task
def kill_me():
    os.kill(os.getpid(), signal.SIGKILL)
