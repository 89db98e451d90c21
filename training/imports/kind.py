"""What every list has: columns, fields, how its rows are known, locked, checked, marked and written out."""

from collections import Counter

from django.db import connection
from django.db.models import PROTECT, Exists, OuterRef, Q


def written(columns, **others) -> dict:
    """The model's attname by column key: the same, unless said otherwise; None where it is no field of the model."""
    names = {column.key: others.get(column.key, column.key) for column in columns if column.key != "id"}
    return {key: name for key, name in names.items() if name}


class Kind:
    """One list: `fields` gives, by column key, the attname of the model that is written."""

    key = ""
    model = None
    columns = ()
    fields = {}
    identity_fields = ()
    scoped_by = ""  # the attname that limits what "replace" removes
    has_rule = False
    links = None  # (column key, model of the marks, attname of the row, attname of what it is marked with)
    also_written = ()  # further models
    held = ()  # (model, strength of the lock), other than the model's own rows
    may_repeat = False  # whether two rows that say the same can be two entries: then `repeats` says which
    likely_doubles = False  # whether two rows can be about one person without saying so

    def column(self, key):
        return next(column for column in self.columns if column.key == key)

    def resolve(self, values: dict, scope) -> dict:
        """The model's fields from the cells' values. Raises Bad with the `column` that is wrong."""
        return {attname: values[key] for key, attname in self.fields.items() if key in values}

    def check(self, row, scope) -> None:
        """Raise ValidationError by field where the register's own rule refuses an unsaved row (with `has_rule`)."""

    def check_written(self, scope, touched, problems, rows_of) -> None:
        """What only shows when all rows are written. `touched` are the entries that are new or changed.

        `rows_of(ids)` gives the rows of the file that these entries come from, by id.
        """

    def leaving(self, scope, gone) -> None:
        """Told of the entries that "replace" removes, before they go."""

    def after(self, scope, changed: set) -> None:
        """What else changes with the rows; `changed` holds the values of `scoped_by` of those new or changed."""

    def hold(self, centre) -> None:
        """Lock what the import reads and changes, before it reads: nobody saves between the two.

        In the order of the pages that lock more than one row: groups, trainees, enrolments, lessons.
        """
        with connection.cursor() as cursor:
            for model, strength in self.held or ((self.model, "NO KEY UPDATE"),):
                cursor.execute(
                    f"SELECT FROM {model._meta.db_table} WHERE centre_id = %s ORDER BY id FOR {strength}",
                    [centre.pk],
                )

    def identity(self, fields: dict):
        """What makes two rows the same entry, for rows without a number."""
        raise NotImplementedError

    def repeats(self, identity, *, same: bool) -> bool:
        """Whether another row of this identity, which says the same or not, is one more entry."""
        return False

    def existing(self, scope, named=frozenset()) -> dict:
        """The centre's entries by their identity; the first of several that are alike.

        Where an identity repeats, the others stand there as (identity, how many were before), and those whose number
        is `named` by the file are left out.
        """
        known, times = {}, Counter()
        attnames = self.identity_fields
        for pk, *values in self.rows(scope).order_by("pk").values_list("pk", *attnames):
            identity = self.identity(dict(zip(attnames, values, strict=True)))
            if not self.repeats(identity, same=True):
                known.setdefault(identity, pk)
            elif str(pk) not in named:
                known[(identity, times[identity]) if times[identity] else identity] = pk
                times[identity] += 1
        return known

    def rows(self, scope):
        """The centre's entries that the person may change."""
        return scope.own(self.model)

    def replaced(self, scope, seen: set):
        """The rows that "replace" takes for told by the file; `seen` holds its values of `scoped_by`."""
        return self.rows(scope)

    def hanging(self):
        """Whether something else rests on a row, so that it cannot go."""
        rests = Q()
        for relation in self.model._meta.related_objects:
            if relation.on_delete is PROTECT:
                other = relation.related_model._base_manager.filter(**{relation.field.name: OuterRef("pk")})
                rests |= Q(Exists(other))
        return rests

    def label(self, row) -> str:
        """What a preview calls an entry."""
        return str(row)

    def for_label(self, rows):
        """Rows of a queryset, ready to be labelled."""
        return rows

    def fetch_for_label(self, entries: list, scope) -> None:
        """The same for entries that are not stored yet."""

    def shielded(self, scope) -> tuple:
        """(ids of entries, attnames) that the person may not see, and so does not change or read in a preview."""
        return frozenset(), frozenset()

    # --- Out ---------------------------------------------------------------------------------------------------------

    def for_export(self, rows, user):
        """Rows of a queryset in their order, with all that `value` needs."""
        return rows.select_related("centre").order_by("centre__code", "pk")

    def value(self, entry, key):
        """What a column holds of an entry."""
        return getattr(entry, key)

    def hidden_from(self, entry, user) -> frozenset:
        """Columns that stay empty for this reader."""
        return frozenset()

    # --- Marks -------------------------------------------------------------------------------------------------------

    def held_links(self, numbers) -> dict:
        """What stored entries are marked with, by their ids."""
        _key, marks, owner, target = self.links
        held = dict.fromkeys(numbers, ())
        for pk, mark in marks.objects.filter(**{f"{owner}__in": held}).order_by(target).values_list(owner, target):
            held[pk] += (mark,)
        return held

    def link(self, entry, held: tuple, wanted: tuple) -> None:
        """Mark a stored entry, which has these, with those and no others."""
        _key, marks, owner, target = self.links
        marks.objects.filter(**{owner: entry.pk}).exclude(**{f"{target}__in": wanted}).delete()
        marks.objects.bulk_create(
            marks(centre_id=entry.centre_id, **{owner: entry.pk, target: pk}) for pk in wanted if pk not in held
        )
