"""Taking out what was entered by mistake, as long as nothing rests on it."""

from collections import Counter

from django.contrib import messages
from django.db import IntegrityError, connection, transaction
from django.db.models.deletion import ProtectedError
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from ..models import Booking, Group, GroupTrainer, Trainee

SAID_AS = {GroupTrainer: Group}
UNSAID = {Booking, Trainee}  # a booking goes with its weekly lesson, an absorbed entry with its merge


def in_words(rows) -> str:
    """Of what there are how many: “enrolments: 3, lessons: 2”."""
    models = Counter(SAID_AS.get(type(row), type(row)) for row in rows if type(row) not in UNSAID)
    words = sorted((str(model._meta.verbose_name_plural), number) for model, number in models.items())
    return ", ".join(f"{name}: {number}" for name, number in words)


def delete_or_say(request, row, *, edit, to, instead):
    """Delete the row and go on; where other entries rest on it, say which, and what to do instead.

    `edit` names the page of the row's form, `to` where one goes when the row is gone.
    """
    try:
        with transaction.atomic():
            row.delete()
            connection.check_constraints()  # now, not at the end: somebody may just have added something
    except ProtectedError as refused:
        words = _("%(name)s cannot be deleted, because of %(what)s.")
        row.refresh_from_db()
        messages.error(request, f"{words % {'name': row, 'what': in_words(refused.protected_objects)}} {instead}")
        return redirect(edit, row.pk)
    except IntegrityError:
        messages.error(request, _("Other entries rest on this one, so it stays."))
        return redirect(edit, row.pk)
    messages.success(request, _("The entry is deleted; the history keeps it."))
    return redirect(to)
