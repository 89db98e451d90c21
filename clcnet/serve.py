"""Serves the application on this machine only: gunicorn inside this process, for `make demo`."""

import contextlib
import ctypes
import errno
import os
import signal
import socket
import sys
import time

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.urls import get_resolver
from gunicorn import arbiter, sock
from gunicorn.app.base import BaseApplication

from .localdb import server

ADDRESS = "127.0.0.1"
DEFAULT_PORT = 8000
PATIENCE = 6  # half seconds
LAST_WORDS = 2  # seconds that the worker has to undo what it is doing
PR_SET_PDEATHSIG = 1


class PortError(Exception):
    """This port cannot be used; the text says why and what to do."""


def free_port(text=None):
    """The port to serve on: the given one, else the environment's PORT, else 8000.

    Raises PortError where it is no port number, or taken, or not allowed.
    """
    text = text or os.environ.get("PORT") or DEFAULT_PORT
    try:
        port = int(text)
        _try_port(port)
    except (ValueError, OverflowError):
        raise PortError(f"PORT={text} is not a port number (1 to 65535).") from None
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortError(f"Port {port} is taken by another program. Try another: PORT=8001 make demo") from None
        raise PortError(f"Port {port} cannot be used ({error.strerror}). Try another: PORT=8001 make demo") from None
    return port


def _try_port(port):
    """Raises OSError where nothing can listen there. The processes of a killed server leave it within a second."""
    for wait in (0.5,) * PATIENCE + (0,):
        try:
            with socket.socket() as trial:
                trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                trial.bind((ADDRESS, port))
                return
        except OSError as error:
            if error.errno != errno.EADDRINUSE or not wait:
                raise
            time.sleep(wait)


class Arbiter(arbiter.Arbiter):
    """gunicorn's first process, which keeps one more child alive: the worker that does the tasks in the background."""

    background = None  # the worker's process id
    begun = -1.0  # when it was started, by the monotonic clock

    def manage_workers(self):
        super().manage_workers()
        if self.background is None and time.monotonic() - self.begun > 1:  # one that cannot live is tried each second
            self.begun = time.monotonic()
            self.background = os.fork() or self.be_background()

    def reap_workers(self):
        self.reap_background()  # before gunicorn waits for any child at all
        super().reap_workers()

    def reap_background(self):
        """Forget the worker if it has ended."""
        with contextlib.suppress(ChildProcessError):
            if self.background is not None and os.waitpid(self.background, os.WNOHANG)[0]:
                self.background = None

    def be_background(self):
        """The worker's process: it never returns, and does not outlive gunicorn, however that ends."""
        try:
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
            if os.getppid() != self.pid:
                return
            for number in (*self.SIGNALS, signal.SIGCHLD):
                signal.signal(number, signal.SIG_DFL)
            Gunicorn.leave_ctrl_c(self, None)
            sock.close_sockets(self.LISTENERS, unlink=False)
            from .worker import Worker  # the models are ready only now

            Worker().run()
        except BaseException:
            self.log.exception("The worker failed")
        finally:
            os._exit(0)

    def stop(self, graceful=True):
        if self.background is not None:
            os.kill(self.background, signal.SIGTERM)
        super().stop(graceful)
        limit = time.monotonic() + LAST_WORDS
        while self.background is not None:
            if time.monotonic() > limit:
                os.kill(self.background, signal.SIGKILL)
            time.sleep(0.02)
            self.reap_background()


class Gunicorn(BaseApplication):
    """Two processes of four threads; a slow PDF does not hold up the pages."""

    def __init__(self, port):
        self.port = port
        self.hangup = signal.getsignal(signal.SIGHUP)
        super().__init__()

    def load_config(self):
        options = {
            "bind": f"{ADDRESS}:{self.port}",
            "worker_class": "gthread",
            "workers": 2,
            "threads": 4,
            "preload_app": True,
            "timeout": 120,
            "graceful_timeout": 2,
            "loglevel": "warning",
            "control_socket_disable": True,
            "post_fork": self.leave_ctrl_c,
            "post_worker_init": lambda worker: self.leave_ctrl_c(None, worker),
            "when_ready": self.say_ready,
            "on_exit": self.stop_database,
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def run(self):
        Arbiter(self).run()

    def load(self):
        application = get_wsgi_application()
        _ = get_resolver().url_patterns  # so that the first page is quick, and a mistake shows now
        return application

    @staticmethod
    def leave_ctrl_c(arbiter, worker):
        """Ctrl-C reaches all processes; the first one alone sees to an orderly end."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)

    def say_ready(self, arbiter):
        sys.stdout.write(f"Serving http://{ADDRESS}:{self.port} - Ctrl-C stops it.\n")
        sys.stdout.flush()
        if self.hangup != signal.SIG_IGN:  # gunicorn would reload, and outlive the terminal that was closed
            signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))

    @staticmethod
    def stop_database(arbiter):
        if settings.DATABASES["default"]["ENGINE"] == "clcnet.localdb":
            server.release()


def serve(port=None):
    """Serve until Ctrl-C, then stop everything that was started. Raises PortError."""
    port = free_port(port)
    connections.close_all()  # a connection cannot be shared with the worker processes
    Gunicorn(port).run()
