"""What `make demo` serves with: gunicorn and one worker, which begin and end together."""

import os
import signal
import time
from pathlib import Path

import pytest

from .test_crash import Demo

pytestmark = pytest.mark.slow


def children(number):
    return {int(word) for word in Path(f"/proc/{number}/task/{number}/children").read_text().split()}


def alive(numbers):
    """Those that are more than zombies."""
    living = set()
    for number in numbers:
        try:
            state = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        if state != "Z":
            living.add(number)
    return living


def wait_for(condition, seconds=20):
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit
        time.sleep(0.02)


@pytest.fixture
def demo(private_database, tmp_path):
    demo = Demo(private_database, tmp_path / "log")
    demo.start()
    try:
        demo.wait_until_served()
        wait_for(lambda: len(children(demo.process.pid)) == 3)  # two that answer, and the worker
        yield demo
    finally:
        if demo.process.poll() is None:
            os.killpg(demo.process.pid, signal.SIGKILL)
            demo.process.wait()


def test_each_process_is_replaced_and_all_end_with_the_first(demo):
    for number in children(demo.process.pid):
        os.kill(number, signal.SIGKILL)
        wait_for(lambda number=number: number not in children(demo.process.pid))
        wait_for(lambda: len(children(demo.process.pid)) == 3)
    present = children(demo.process.pid)
    demo.process.send_signal(signal.SIGINT)
    assert demo.process.wait(10) == 0
    assert alive(present) == set()


def test_the_worker_does_not_outlive_a_killed_server(demo):
    present = children(demo.process.pid)
    os.kill(demo.process.pid, signal.SIGKILL)
    demo.process.wait()
    wait_for(lambda: alive(present) == set())
