"""kill -9 of the embedded database and of the programs that write to it, at any moment, loses nothing acknowledged."""

import os
import random
import time

import pytest

ROUNDS = int(os.environ.get("CLCNET_KILL_ROUNDS", "12"))
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
