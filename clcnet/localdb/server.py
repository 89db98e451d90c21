"""Runs the embedded PostgreSQL for as long as a process of ours uses it, and brings it back after any kill -9.

How it holds together. All locks are flocks: the kernel releases them whatever way a process ends.

- `.data/users`: every process that uses the database holds it shared (`ensure`).
- `.data/supervisor`: held by the one supervisor. It is the postmaster's parent, restarts it while there are users,
  and stops it a few seconds after the last user has gone. Whoever needs the database and finds this lock free
  starts a supervisor; a server still running from a killed supervisor is adopted.
- A process id in a file proves nothing (its process may be a zombie, or another program by now), so processes are
  recognised by their command line, and a new server starts only when no process of the old one lives.
- The first initialisation happens in a folder of its own, which is renamed when it is complete.

PostgreSQL refuses to run as root. For root it runs as the system user `clcnet-db`. Where that user cannot reach the
checkout (as under /root), database and binaries lie in /var/lib/clcnet-..., and `.data/store` points there.

For people: python -m clcnet.localdb.server status|stop
"""

import contextlib
import fcntl
import os
import signal
import subprocess
import sys
import threading
import time

from .places import BASE, ServerError, data, is_locked, log, open_lock, pgdata, socket_folder, supervised
from .processes import is_postmaster, pid_file

_user = None  # this process's descriptor on `.data/users`; forked children share it
_guard = threading.Lock()


def ensure():
    """Count this process as a user of the database and see that a supervisor runs. Returns before the server is ready.

    Raises ServerError where the data folder cannot be used.
    """
    global _user
    with _guard:
        try:
            if _user is None:
                data().mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
                descriptor = open_lock("users")
                fcntl.flock(descriptor, fcntl.LOCK_SH)  # waits while a supervisor is just closing down
                _user = descriptor
            if supervised():
                return
        except PermissionError as error:
            raise ServerError(f"{data()} belongs to another user of this machine ({error}).") from error
        # The child detaches itself and its parent returns at once, so nothing of ours becomes a zombie.
        environment = {**os.environ, "CLCNET_DATA": str(data())}
        words = [sys.executable, "-m", f"{__package__}.supervisor"]
        subprocess.run(words, check=True, stdin=subprocess.DEVNULL, cwd=BASE, env=environment)


def ready_socket(patience=120):
    """Folder of the socket of a server that accepts connections. Raises ServerError when it does not get there."""
    started = time.time()
    while time.time() - started < patience:
        if reason := failure(since=started):
            raise ServerError(reason)
        ensure()
        pid, status = pid_file()
        if status == "ready" and is_postmaster(pid) and (folder := socket_folder()):
            return folder
        time.sleep(0.05)
    raise ServerError(f"The embedded database did not start in {patience} s.\n{log()}")


def release(patience=15):
    """This process no longer uses the database. Returns when the server has stopped, or others use it still."""
    global _user
    with _guard:
        if _user is not None:
            os.close(_user)
            _user = None
    end = time.monotonic() + patience
    while supervised() and time.monotonic() < end:
        if not is_locked("users", fcntl.LOCK_SH) and is_locked("users", fcntl.LOCK_EX):
            return  # somebody else uses it
        _signal_supervisor(signal.SIGUSR1)
        time.sleep(0.2)


def failure(since):
    """Why a supervisor gave up, when that was after `since` (seconds of the epoch)."""
    note = data() / "error"
    with contextlib.suppress(OSError):
        if note.stat().st_mtime > since:
            return note.read_text()
    return None


def _signal_supervisor(number):
    if supervised():
        with contextlib.suppress(OSError, ValueError):
            os.kill(int((data() / "supervisor").read_text()), number)


# For people


def status():
    """One line on the server's state."""
    pid, state = pid_file()
    if not is_postmaster(pid):
        return "The database does not run. It starts by itself when it is needed."
    keeper = "supervised" if supervised() else "without a supervisor; the next use adopts it"
    return f"The database runs (process {pid}, {state}, {keeper}), data in {pgdata()}, socket in {socket_folder()}."


def stop():
    """Stop the server whoever uses it; their next connection starts it again."""
    _signal_supervisor(signal.SIGTERM)
    end = time.monotonic() + 30
    while supervised() and time.monotonic() < end:
        time.sleep(0.05)
    pid, _ = pid_file()
    if is_postmaster(pid):  # without supervisor
        os.kill(pid, signal.SIGINT)
        while is_postmaster(pid) and time.monotonic() < end:
            time.sleep(0.05)
    return status()


def main(words):
    commands = {"status": status, "stop": stop}
    if len(words) != 1 or words[0] not in commands:
        sys.exit("usage: python -m clcnet.localdb.server status|stop")
    if text := commands[words[0]]():
        sys.stdout.write(f"{text}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
