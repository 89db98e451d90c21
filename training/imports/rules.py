"""The register's named check constraints, asked of rows that are not in their table yet."""
# ruff: noqa: S608 - the names of tables and columns in the SQL are those of our own models

import json

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models


def broken(model, source: str, number: str, *parameters) -> dict:
    """The first rule, as `model.constraint`, that each row of the SQL `source` breaks, by its `number` there.

    The rules come in the model's order. Those on columns that no import touches are left out.
    """
    order = [rule.name for rule in model._meta.constraints if isinstance(rule, models.CheckConstraint)]
    found = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conrelid = %s::regclass AND contype = 'c' AND conname = ANY(%s)",
            [model._meta.db_table, order],
        )
        for name, definition in sorted(cursor.fetchall(), key=lambda rule: order.index(rule[0])):
            condition = definition.removeprefix("CHECK ").removesuffix(" NOT VALID")
            condition = condition.replace("%", "%%") if parameters else condition
            if any(field in condition for field in ("merged_into", "centre_id")):
                continue
            cursor.execute(f"SELECT {number} FROM {source} WHERE NOT {condition} ORDER BY 1", parameters or None)
            for (row,) in cursor.fetchall():
                found.setdefault(row, f"{model._meta.label}.{name}")
    return found


def broken_by(model, rows: dict) -> dict:
    """The same of rows by their number, each as a dict by attname."""
    table = f"jsonb_populate_recordset(NULL::{model._meta.db_table}, %s::jsonb) WITH ORDINALITY"
    told = json.dumps(list(rows.values()), cls=DjangoJSONEncoder)
    numbers = list(rows)
    return {numbers[place - 1]: rule for place, rule in broken(model, table, "ordinality", told).items()}
