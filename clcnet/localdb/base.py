"""Django's PostgreSQL backend on the embedded server: each new connection first sees that the server runs.

A server that was killed while the application lives is back with the next connection.
"""

import time

import psycopg2
from django.db.backends.postgresql import base, client

from . import places, server

PATIENCE = 120  # seconds; crash recovery after kill -9 may take some of them
PAUSE = 0.05  # seconds between attempts

# libpq gives connection failures no SQLSTATE, only English text (the server runs with lc_messages=C).
NOT_YET = (
    "No such file or directory",
    "Connection refused",
    "Connection reset",
    "Broken pipe",
    "closed the connection unexpectedly",
    "the database system is",  # ... starting up, shutting down, in recovery mode, not yet accepting connections
)


class DatabaseClient(client.DatabaseClient):
    """`manage.py dbshell` with the psql that came with the server."""

    @classmethod
    def settings_to_cmd_args_env(cls, settings_dict, parameters):
        place = {"HOST": str(server.ready_socket()), "USER": settings_dict.get("USER") or places.SUPERUSER}
        args, env = super().settings_to_cmd_args_env({**settings_dict, **place}, parameters)
        args[0] = str(places.wheel() / "bin" / "psql")
        return args, env


class DatabaseWrapper(base.DatabaseWrapper):
    client_class = DatabaseClient

    def get_new_connection(self, conn_params):
        """A connection to the embedded server, which is started when it does not run.

        Raises OperationalError with the server's own words where it cannot start.
        """
        account = {"user": places.SUPERUSER}
        started = time.time()
        while True:
            if reason := server.failure(since=started):
                raise psycopg2.OperationalError(reason)
            try:
                server.ensure()
                folder = places.socket_folder()
                if folder is not None:
                    return super().get_new_connection({**account, **conn_params, "host": str(folder)})
            except psycopg2.OperationalError as error:
                if time.time() - started > PATIENCE or not any(text in str(error) for text in NOT_YET):
                    raise
            except places.ServerError as error:
                raise psycopg2.OperationalError(str(error)) from error
            if time.time() - started > PATIENCE:
                raise psycopg2.OperationalError(f"The embedded database did not start in {PATIENCE} s: {places.log()}")
            time.sleep(PAUSE)
