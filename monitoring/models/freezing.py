"""What a published cycle and the records of what people did refuse, for every table alike."""

import pgtrigger
from django.db import connection
from django.utils.translation import gettext_lazy as _


class CycleFrozen(Exception):
    """The cycle is published; its matrix does not change any more until it is reopened."""

    def __init__(self):
        super().__init__(_("This cycle is published and therefore frozen. Reopen it to change something."))


class StepRefused(Exception):
    """The step does not fit the cell's state or lacks something; the message says what to do."""


def share_cycles(pks) -> None:
    """Hold the cycles' rows until the transaction ends, together with other writers.

    Everybody locks a cycle before its cells and self-assessments; in the other order two who save at once would wait
    for each other.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM monitoring_cycle WHERE id = ANY(%s) ORDER BY id FOR SHARE", [sorted(pks)])


# Takes a share of the cycle's row, so that publishing waits for writes under way and later writes find it frozen.
FROZEN_FUNC = """
    IF TG_OP = 'UPDATE' AND NEW.cycle_id <> OLD.cycle_id THEN
        RAISE EXCEPTION 'the row stays in its cycle' USING ERRCODE = 'check_violation', CONSTRAINT = 'cycle_frozen';
    END IF;
    PERFORM 1 FROM monitoring_cycle WHERE id = COALESCE(NEW.cycle_id, OLD.cycle_id) AND state = 'open' FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the cycle is published' USING ERRCODE = 'check_violation', CONSTRAINT = 'cycle_frozen';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
"""


def written_once():
    """Refuse to change or delete a record of what people did."""
    return pgtrigger.Protect(name="written_once", operation=pgtrigger.Update | pgtrigger.Delete)


def frozen_trigger():
    """Refuse any write to a row of a published cycle, bulk and raw SQL included."""
    return pgtrigger.Trigger(
        name="frozen",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=FROZEN_FUNC,
    )
