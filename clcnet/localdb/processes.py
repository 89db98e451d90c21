"""Which of the machine's processes belong to our PostgreSQL, and how to end what a killed one left."""

import contextlib
import hashlib
import os
import signal
import time
from pathlib import Path

from .places import pgdata, socket_folder


def cluster_name():
    """Stands in the titles of all the server's processes."""
    return "clcnet-" + hashlib.sha256(os.fsencode(pgdata())).hexdigest()[:12]


def command_line(pid):
    """The words of a living process's command line; empty for a zombie and for no process."""
    try:
        words = os.fsdecode(Path(f"/proc/{pid}/cmdline").read_bytes())
    except OSError:
        return []
    return words.split("\0") if words else []


def is_postmaster(pid):
    """Is this the living postmaster of our database (and not a zombie, or another program with its old number)?"""
    if pid is None:
        return False
    words = command_line(pid)
    return len(words) > 2 and words[0].endswith("postgres") and words[1:3] == ["-D", str(pgdata())]


def processes():
    """All living processes of this database's server."""
    title = f"postgres: {cluster_name()}: "
    numbers = [int(name) for name in os.listdir("/proc") if name.isdigit()]
    return [pid for pid in numbers if is_postmaster(pid) or (command_line(pid) or [""])[0].startswith(title)]


def pid_file():
    """Process id and status that postmaster.pid holds."""
    try:
        lines = (pgdata() / "postmaster.pid").read_text().splitlines()
        return int(lines[0]), lines[7].strip() if len(lines) > 7 else ""
    except (OSError, ValueError, IndexError):
        return None, ""


def clear_remains():
    """End what a killed postmaster left, so that a new one can start.

    Its backends leave by themselves, unless they are at work just then; two servers on one database would destroy it.
    """
    asked = time.monotonic()
    told = set()
    while remains := processes():
        harsh = time.monotonic() - asked > 3
        for pid in remains:
            if harsh or pid not in told:
                told.add(pid)
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL if harsh else signal.SIGQUIT)
        time.sleep(0.02)
    folder = socket_folder()
    for file in [pgdata() / "postmaster.pid", *([folder / ".s.PGSQL.5432.lock"] if folder else [])]:
        _disown(file)


def _disown(file):
    """Let PostgreSQL see that this lock file is stale, though its number be a zombie's or another program's by now.

    It ignores the number of its own parent, and still checks the shared memory that the file names.
    """
    try:
        owner = file.stat()
        rest = file.read_text().split("\n", 1)[1]
    except FileNotFoundError:
        return
    except (IndexError, UnicodeDecodeError):
        file.unlink()  # killed before it was written
        return
    new = file.with_name(file.name + ".new")
    new.write_text(f"{os.getpid()}\n{rest}")
    os.chown(new, owner.st_uid, owner.st_gid)
    new.chmod(0o600)
    new.replace(file)
