"""The embedded PostgreSQL: there when needed, gone afterwards, and never in the way of a new start."""

import os
import stat
import subprocess
import sys
import time

import pytest

from clcnet.localdb import supervisor

from .conftest import PrivateDatabase

PIDS = 'print(*[row[0] for row in rows("SELECT pg_backend_pid()")], processes.pid_file()[0])'
QUIET = "does not run"


def wait_until(condition, seconds=15):
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, "waited in vain"
        time.sleep(0.05)


def started(database, program):
    """A process that has printed its first line, and that line."""
    process = database.start(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    return process, process.stdout.readline().split()


def test_starts_with_the_first_connection_and_stops_after_the_last_user(private_database):
    assert QUIET in private_database.command("status")
    first, _ = started(private_database, f"{PIDS}\nsys.stdout.flush(); sys.stdin.read()")
    private_database.run(PIDS)
    time.sleep(4)  # longer than the grace: the first process still uses it
    assert "supervised" in private_database.command("status")
    first.communicate()
    wait_until(lambda: QUIET in private_database.command("status"))
    assert private_database.run("print(len(processes.processes()), places.supervised())") == ["0", "False"]


def test_nothing_starts_without_a_connection(private_database):
    assert private_database.run("print(connection.vendor)") == ["postgresql"]
    assert not private_database.data.exists()


def test_release_stops_it_at_once(private_database):
    began, words = time.monotonic(), private_database.run(f"{PIDS}\nconnection.close(); server.release()")
    assert len(words) == 2
    assert QUIET in private_database.command("status")
    assert time.monotonic() - began < 10


def test_several_processes_start_one_server(private_database):
    processes = [private_database.start(PIDS, stdout=subprocess.PIPE) for _ in range(4)]
    words = [process.communicate(timeout=60)[0].split() for process in processes]
    assert len({backend for backend, _ in words}) == 4
    assert len({postmaster for _, postmaster in words}) == 1


def test_only_the_owner_can_connect(private_database):
    addresses, socket = private_database.run(
        "print(repr(rows(\"SELECT current_setting('listen_addresses')\")[0][0]), places.socket_folder())"
    )
    assert addresses == "''"
    assert stat.S_IMODE(os.stat(socket).st_mode) == 0o700
    assert stat.S_IMODE(os.stat(private_database.store / "postgres").st_mode) == 0o700


def test_text_is_unicode_and_writes_are_synced(private_database):
    words = private_database.run(
        "print(*rows(\"SELECT upper('қазақ ё'), current_setting('server_encoding'), current_setting('fsync'),"
        " current_setting('synchronous_commit'), current_setting('full_page_writes')\")[0])"
    )
    assert words == ["ҚАЗАҚ", "Ё", "UTF8", "on", "on", "on"]


def test_a_killed_server_is_back_with_the_next_connection(private_database, kill):
    process, (_, postmaster) = started(
        private_database,
        f"{PIDS}\nsys.stdout.flush(); sys.stdin.readline(); close_old_connections()\n{PIDS}",
    )
    kill(int(postmaster))
    out, _ = process.communicate("\n", timeout=60)
    assert process.returncode == 0
    assert out.split()[1] != postmaster


def test_a_server_without_supervisor_is_adopted(private_database, kill):
    process, (_, postmaster) = started(private_database, f"{PIDS}\nsys.stdout.flush(); sys.stdin.read()")
    supervisor = private_database.numbers()[1]
    kill(supervisor)
    assert private_database.run(PIDS)[1] == postmaster
    assert private_database.numbers()[1] != supervisor
    process.communicate()
    wait_until(lambda: QUIET in private_database.command("status"))


def test_a_busy_backend_of_a_killed_server_does_not_hold_up_the_next(private_database, kill):
    process = private_database.start(
        f"{PIDS}\nsys.stdout.flush(); rows('SELECT sum(sqrt(i::float)) FROM generate_series(1, 10000000000) i')",
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    backend, postmaster = process.stdout.readline().split()
    supervisor = private_database.numbers()[1]
    time.sleep(0.2)
    kill(supervisor, int(postmaster), process.pid)
    process.wait()
    began = time.monotonic()
    assert private_database.run(PIDS)[1] != postmaster
    assert time.monotonic() - began < 15
    assert private_database.run(f"print(processes.command_line({backend})[:1])") == ["[]"]  # gone, or not yet reaped


@pytest.mark.parametrize("remains", ["recycled", "zombie", "unknown", "empty", "half"])
def test_a_stale_pid_file_is_seen_through(private_database, kill, remains):
    private_database.run("rows('CREATE TABLE kept (n int)'); rows('INSERT INTO kept VALUES (7)')")
    postmaster, supervisor, everyone = private_database.numbers()
    kill(supervisor, *everyone)
    wait_until(lambda: private_database.run("print(len(processes.processes()))") == ["0"])
    file = private_database.store / "postgres" / "postmaster.pid"
    rest = file.read_text().split("\n", 1)[1]
    zombie = subprocess.Popen([sys.executable, "-c", ""])  # not waited for until the end
    number = {"recycled": os.getpid(), "zombie": zombie.pid, "unknown": 2**22 - 3}.get(remains)
    file.write_text({"empty": "", "half": f"{postmaster}"}.get(remains, f"{number}\n{rest}"))
    lock = private_database.store / "run" / ".s.PGSQL.5432.lock"
    if number and lock.exists():
        lock.write_text(f"{number}\n" + lock.read_text().split("\n", 1)[1])
    assert private_database.run("print(*rows('SELECT n FROM kept')[0])") == ["7"]
    zombie.wait()


def test_an_interrupted_initialisation_is_begun_anew(private_database, kill):
    process = private_database.start(PIDS, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    place = private_database.data
    wait_until(lambda: list(private_database.store.glob("postgres.new-*/base/1")) if place.exists() else False)
    supervisor = int((place / "supervisor").read_text())
    kill(supervisor, process.pid)
    process.communicate()
    assert not (private_database.store / "postgres").exists()
    assert len(private_database.run(PIDS)) == 2


def test_a_path_too_long_for_a_socket(private_database):
    database = PrivateDatabase(private_database.data / ("long" * 30))
    private_database.data.mkdir()
    try:
        socket = database.run("rows('SELECT 1'); print(places.socket_folder())")[0]
        assert socket.startswith("/tmp/clcnet-")
        assert stat.S_IMODE(os.stat(socket).st_mode) == 0o700
        database.command("stop")
        assert database.run("rows('SELECT 1'); print(places.socket_folder())")[0] == socket
    finally:
        database.remove()


def test_a_folder_that_others_may_not_enter(private_database):
    """As /root is. The server's own user cannot reach it, and the folder stays closed."""
    private_database.data.parent.chmod(0o700)
    assert private_database.run("rows('CREATE TABLE kept (n int)'); rows('INSERT INTO kept VALUES (7)')") == []
    private_database.command("stop")
    assert private_database.run("print(*rows('SELECT n FROM kept')[0])") == ["7"]
    assert stat.S_IMODE(private_database.data.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(private_database.store.stat().st_mode) in (0o700, 0o750)


def test_copied_binaries_run(tmp_path):
    """Root's server needs a copy where its own user cannot reach the .venv."""
    copy = supervisor.copy_binaries(tmp_path)
    assert copy == supervisor.copy_binaries(tmp_path)
    assert stat.S_IMODE((copy / "bin" / "postgres").stat().st_mode) == 0o755
    for program in ("postgres", "initdb"):
        words = [copy / "bin" / program, "--version"]
        version = subprocess.run(words, capture_output=True, text=True, check=True).stdout
        assert version.startswith(f"{program} (PostgreSQL) ")


def test_a_server_that_cannot_start_says_why(private_database):
    private_database.run(PIDS)
    private_database.command("stop")
    (private_database.store / "postgres" / "PG_VERSION").write_text("9.6\n")
    process = private_database.start(PIDS, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "OperationalError: The embedded database cannot run" in errors
    assert "not compatible" in errors


def test_the_log_stays_small(private_database):
    process, _ = started(private_database, f"{PIDS}\nsys.stdout.flush(); sys.stdin.read()")
    log = private_database.data / "postgres.log"
    with log.open("a") as file:
        file.write("x" * 6_000_000)
    wait_until(lambda: log.stat().st_size < 100_000)
    assert (private_database.data / "postgres.log.1").stat().st_size > 5_000_000
    process.communicate()


def test_a_removed_data_folder_ends_its_server(private_database):
    process, (_, postmaster) = started(private_database, f"{PIDS}\nsys.stdout.flush(); sys.stdin.read()")
    private_database.data.rename(private_database.data.with_name("away"))
    wait_until(lambda: not os.path.exists(f"/proc/{postmaster}"))
    process.communicate()
