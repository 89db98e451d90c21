"""Rows of the test database: taken away after a test that commits, kept and put back where making them takes long."""

import contextlib
import io

from django.db import connection, transaction

MIGRATED = {"django_content_type", "auth_permission"}  # filled by migrating, and by no test


@contextlib.contextmanager
def unhindered():
    """A cursor in a transaction without triggers, foreign keys among them. ProgrammingError where the role may not."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield cursor


def filled(cursor) -> list[str]:
    """The tables that hold rows, quoted. Like TRUNCATE it waits for whoever still writes."""
    names = set(connection.introspection.django_table_names()) - MIGRATED
    tables = sorted(map(connection.ops.quote_name, names))
    cursor.execute(f"LOCK TABLE {', '.join(tables)} IN EXCLUSIVE MODE")
    cursor.execute(" UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (TABLE {table})" for table in tables))
    return [table for (table,) in cursor.fetchall()]


def empty() -> None:
    """Delete all rows. Django's flush would truncate every table, each a file to be written anew, and fill MIGRATED."""
    with unhindered() as cursor:
        for table in filled(cursor):
            cursor.execute(f"DELETE FROM {table}")


def kept() -> dict[str, bytes]:
    """All rows, by table, for a role that can put them back."""
    rows = {}
    with unhindered() as cursor:
        for table in filled(cursor):
            cursor.copy_expert(f"COPY {table} TO STDOUT", out := io.BytesIO())
            rows[table] = out.getvalue()
    return rows


def put_back(rows: dict[str, bytes]) -> None:
    with unhindered() as cursor:
        for table, lines in rows.items():
            cursor.copy_expert(f"COPY {table} FROM STDIN", io.BytesIO(lines))
