"""Lost updates are impossible: a save names the version it started from, and a later one is never overwritten."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EditConflict(Exception):
    """Someone else saved the row first. Nothing was written.

    `theirs` is the row as it stands now, None when it is gone; `base` the recorded state that the loser started from,
    where history knows it.
    """

    def __init__(self, theirs, base=None):
        super().__init__(_("Someone else has saved this in the meantime."))
        self.theirs = theirs
        self.base = base


class Versioned(models.Model):
    """A row that several people edit. Its version counts the saves."""

    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True

    def write(self, *, version: int) -> None:
        """One UPDATE of all fields, if the row still has that version; raises EditConflict otherwise."""
        model = type(self)
        values = {
            field.name: getattr(self, field.attname)
            for field in self._meta.concrete_fields
            if not (field.primary_key or field.generated or field.name == "version")
        }
        written = model._base_manager.filter(pk=self.pk, version=version).update(version=version + 1, **values)
        if not written:
            raise EditConflict(model._base_manager.filter(pk=self.pk).first())
        self.version = version + 1
