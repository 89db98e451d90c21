"""kill -9 of the embedded database and of the programs that write to it, at any moment, loses nothing acknowledged."""

import http.client
import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from http.cookies import SimpleCookie
from urllib.parse import urlencode

import pytest

from centres.accounts import DEMO_PASSWORD

from .conftest import ROOT

ROUNDS = int(os.environ.get("CLCNET_KILL_ROUNDS", "5"))
WRITERS = 3

# Inserts numbered rows, each in a transaction of its own, and notes a number once its commit has been acknowledged.
# Lost connections are simply made again, as the application does.
WRITER = """
name, number = sys.argv[1], int(sys.argv[2])
while True:
    try:
        rows("CREATE TABLE IF NOT EXISTS note (writer text, number bigint, PRIMARY KEY (writer, number))")
        while True:
            number += 1
            rows("INSERT INTO note VALUES (%s, %s)", name, number)
            os.write(1, f"{number}\\n".encode())
    except (DatabaseError, InterfaceError):  # the server is gone, or another writer makes the table just now
        connection.close()
"""

READER = """
for writer, number in rows("SELECT writer, number FROM note"):
    print(f"{writer}:{number}")
connection.close()
server.release()
"""


def victims(database, writers):
    """The processes that a round may kill, by kind."""
    postmaster, supervisor, everyone = database.numbers()
    return {
        "postmaster": [postmaster],
        "all of postgres": everyone,
        "one process of postgres": random.sample(everyone, 1),
        "supervisor": [supervisor],
        "writers": [writer.pid for writer in writers],
    }


@pytest.mark.slow
def test_nothing_acknowledged_is_lost(private_database, tmp_path, kill):
    notes = {f"writer{i}": tmp_path / f"writer{i}" for i in range(WRITERS)}
    acknowledged = 0
    for round_number in range(ROUNDS):
        first = (round_number + 1) * 1_000_000
        before = sum(note.stat().st_size for note in notes.values() if note.exists())
        writers = []
        for name, note in notes.items():
            with note.open("a") as file:
                writers.append(private_database.start(WRITER, name, first, stdout=file))
        try:
            limit = time.monotonic() + 30
            while sum(note.stat().st_size for note in notes.values()) == before:
                assert time.monotonic() < limit, "nobody writes"
                time.sleep(0.01)
            present = victims(private_database, writers)
            kinds = random.sample(sorted(present), random.randint(1, 3))
            for kind in kinds:
                kill(*present[kind])
                time.sleep(random.choice([0, 0, 0.02, 0.3]))
        finally:
            for writer in writers:
                writer.kill()
                writer.wait()
        began = time.monotonic()
        stored = set(private_database.run(READER))
        took = time.monotonic() - began
        promised = {f"{name}:{number}" for name, note in notes.items() for number in note.read_text().split()}
        assert promised <= stored, (round_number, kinds)
        assert took < 20, (round_number, kinds)
        assert len(promised) > acknowledged
        acknowledged = len(promised)


FINDINGS = "print(*[row[0] for row in rows('SELECT finding FROM monitoring_cellevent') if row[0].startswith('Draft_')])"


class Expert(threading.Thread):
    """Signs in and then saves one draft of a cell after the other, as a browser without JavaScript does."""

    def __init__(self, port, name, centre):
        super().__init__(daemon=True)
        self.port, self.label, self.centre = port, name, centre
        self.cookies = SimpleCookie()
        self.acknowledged = []
        self.over = threading.Event()
        self.surprises = []

    def ask(self, method, path, **fields):
        """Status, Location and text of the answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Cookie": "; ".join(f"{name}={morsel.value}" for name, morsel in self.cookies.items())}
        body = None
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode({**fields, "csrfmiddlewaretoken": self.cookies["csrftoken"].value})
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        for cookie in answer.headers.get_all("Set-Cookie", []):
            self.cookies.load(cookie)
        return answer.status, answer.headers.get("Location", ""), text

    def sign_in(self):
        """Sign in and find a cell that is still to be written."""
        self.ask("GET", "/accounts/login/")
        status, _, text = self.ask("POST", "/accounts/login/", login="expert", password=DEMO_PASSWORD)
        assert status == 302, text
        for aspect in range(1, 13):
            self.path = f"/monitoring/2005/matrix/{aspect}/{self.centre}/"
            if 'name="finding"' in self.ask("GET", self.path)[2]:
                return
        pytest.fail("no cell to write")

    def run(self):
        number = 0
        while not self.over.is_set():
            number += 1
            try:
                self.save(f"Draft_{number}_{self.label}")
            except (OSError, http.client.HTTPException):
                time.sleep(0.05)  # nobody serves just now
            except Exception as surprise:
                self.surprises.append(repr(surprise))
                raise

    def save(self, draft):
        status, _, page = self.ask("GET", self.path)
        if status == 200:
            version = re.search(r'name="version" value="(\d+)"', page)[1]
            status, location, page = self.ask("POST", self.path, version=version, finding=draft, level="weak")
            if (status, location) == (302, self.path):
                self.acknowledged.append(draft)
                return
        if status != 500:  # the database is away just now; nothing else is expected
            self.surprises.append((status, page))
        time.sleep(0.05)


class Demo:
    """`make demo` without the set-up."""

    def __init__(self, database, log):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.environment = {**database.environment, "PORT": str(self.port)}
        self.log = log
        self.process = None

    def start(self):
        with self.log.open("a") as file:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "demo", "--serve"],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                start_new_session=True,
            )

    def wait_until_served(self):
        limit = time.monotonic() + 120
        while self.process.poll() is None and time.monotonic() < limit:
            with suppress(OSError):
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            time.sleep(0.1)
        pytest.fail(f"not served: {self.log.read_text()[-2000:]}")


@pytest.mark.slow
def test_no_saved_draft_is_lost(private_database, tmp_path, kill):
    """The same over HTTP: each draft whose saving was confirmed is in the cell's history, whatever was killed."""
    demo = Demo(private_database, tmp_path / "log")
    demo.start()
    try:
        demo.wait_until_served()
        experts = [
            Expert(demo.port, f"expert{i}", centre) for i, centre in enumerate(("kordai", "taraz", "amanbokter"))
        ]
        for expert in experts:
            expert.sign_in()
            expert.start()
        for round_number in range(ROUNDS):
            time.sleep(random.uniform(0.2, 0.6))
            present = victims(private_database, [])
            present["server"] = [demo.process.pid]
            present["writers"] = []
            killed = random.sample(sorted(present), random.randint(1, 3))
            for kind in killed:
                kill(*present[kind])
                time.sleep(random.choice([0, 0, 0.02, 0.3]))
            if random.random() < 0.3:
                with suppress(ProcessLookupError):
                    os.killpg(demo.process.pid, signal.SIGKILL)
                killed.append("server")
            if "server" in killed:
                demo.process.wait(30)
                demo.start()
            before = [len(expert.acknowledged) for expert in experts]
            limit = time.monotonic() + 60
            while any(len(expert.acknowledged) <= count for expert, count in zip(experts, before, strict=True)):
                assert [expert.surprises for expert in experts] == [[], [], []]
                assert time.monotonic() < limit, (round_number, killed, demo.log.read_text()[-3000:])
                time.sleep(0.05)
        for expert in experts:
            expert.over.set()
            expert.join()
        stored = set(private_database.run(FINDINGS))
        for expert in experts:
            assert set(expert.acknowledged) <= stored
    finally:
        if demo.process.poll() is None:
            os.killpg(demo.process.pid, signal.SIGINT)
            assert demo.process.wait(30) == 0
