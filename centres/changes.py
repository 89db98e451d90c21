"""Who changed what, read from the recorded history: a centre's entry, and by the same steps anything else."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime

from django.conf import settings
from django.db import models
from django.db.models import Count, F, OuterRef, Subquery, Window
from django.db.models.functions import RowNumber
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from .models import CentreAlias, Post, User

ADDED, CHANGED, REMOVED = "insert", "update", "delete"


@dataclass(frozen=True)
class Change:
    """One row's change: what it is, added, changed or removed, and its fields as (label, before, after)."""

    what: str
    kind: str
    fields: list


@dataclass(frozen=True)
class Entry:
    """What one person did in one go; `by` is None for the system itself. `more` counts changes that are not told."""

    at: datetime
    by: User | None
    changes: list = field(default_factory=list)
    more: int = 0


def history_of(centre) -> "History":
    """Every recorded change of the centre, its other spellings and its posts, the latest first."""
    sources = [
        (centre.events.all(), lambda event: _("Centre")),
        (events_of(CentreAlias).filter(centre=centre), lambda event: _("Other spelling")),
        (events_of(Post).filter(centre=centre), lambda event: f"{event.get_kind_display()}: {event.name}"),
    ]
    return History(sources)


def entries_from(sources, without=()) -> list[Entry]:
    """What the events say, the latest first. Each source is a queryset of events and what names one of them.

    `without` names columns that go without saying. Two queries for the authors, one per source, and one per column that
    points to other rows.
    """
    found = []
    for events, name in sources:
        before = {}
        for event in events.select_related("pgh_context").order_by("pgh_id"):
            found.append((event, before.get(event.pgh_obj_id), name))
            before[event.pgh_obj_id] = event
    return in_entries(found, without, {})


class History:
    """The same for a Paginator: of each page only its events are read, and what each of them came after.

    A page may be shorter than the others: what changed nothing that is shown is left out of it. Of one go, such as a
    large import, the first changes of each kind are told and the others counted.
    """

    MOST = 100  # changes of a kind in one go

    def __init__(self, sources, without=()):
        self.sources, self.without = sources, without

    def times(self):
        """When something was done, and in which go."""
        first, *others = (
            events.order_by().values_list("pgh_created_at", "pgh_context_id") for events, _name in self.sources
        )
        return first.union(*others) if others else first.distinct()

    def count(self) -> int:
        return self.times().count()

    def __getitem__(self, place: slice) -> list[Entry]:
        wanted = set(self.times().order_by("-pgh_created_at", "-pgh_context_id")[place])
        moments, found, more = {at for at, _context in wanted}, [], Counter()
        go = {"partition_by": [F("pgh_created_at"), F("pgh_context_id")]}
        for events, name in self.sources:
            earlier = events.filter(pgh_obj_id=OuterRef("pgh_obj_id"), pgh_id__lt=OuterRef("pgh_id"))
            then = events.filter(pgh_created_at__in=moments).select_related("pgh_context").order_by("pgh_id")
            then = then.annotate(
                pgh_place=Window(RowNumber(), order_by="pgh_id", **go),
                pgh_all=Window(Count("pgh_id"), **go),
                pgh_after=Subquery(earlier.order_by("-pgh_id").values("pgh_id")[:1]),
            ).filter(pgh_place__lte=self.MOST)
            rows = [event for event in then if (event.pgh_created_at, event.pgh_context_id) in wanted]
            before = events.in_bulk({event.pgh_after for event in rows} - {None})
            found += [(event, before.get(event.pgh_after), name) for event in rows]
            last = [event for event in rows if event.pgh_place == self.MOST]
            more.update({(event.pgh_created_at, event.pgh_context_id): event.pgh_all - self.MOST for event in last})
        return in_entries(found, self.without, more)


def in_entries(found, without, more) -> list[Entry]:
    """Events, each with the one before it and what names it, as what was done in one go, the latest first."""
    people = User.objects.in_bulk({author(event) for event, _before, _name in found} - {None})
    names = names_behind([event for event, _before, _name in found], without)
    entries = {}
    for event, before, name in found:
        changed = list(differences(before, event, names, without))
        if event.pgh_label == CHANGED and not changed:
            continue
        key = (event.pgh_created_at, event.pgh_context_id)
        entry = entries.setdefault(key, Entry(event.pgh_created_at, people.get(author(event)), more=more.get(key, 0)))
        entry.changes.append(Change(capfirst(name(event)), event.pgh_label, changed))
    return sorted(entries.values(), key=lambda entry: entry.at, reverse=True)


def names_behind(events, without=()) -> dict:
    """By column: the rows that it points to in these events, for their names; one query per column."""
    ids: dict[models.Field, set] = {}
    for event in events:
        for column in shown_columns(type(event), without):
            if column.is_relation and getattr(event, column.attname) is not None:
                ids.setdefault(column, set()).add(getattr(event, column.attname))
    return {column.name: column.related_model._base_manager.in_bulk(keys) for column, keys in ids.items()}


def shown_columns(model, without=()):
    """The columns that a person can change, and that mean something to a reader."""
    for column in model.pgh_tracked_model._meta.concrete_fields:
        if not (column.primary_key or column.name in ("version", "centre", "network", *without)):
            yield column


def events_of(model):
    return model._meta.get_field("events").related_model.objects


def author(event) -> int | None:
    """The account behind an event, as the middleware recorded it."""
    return (event.pgh_context.metadata or {}).get("user") if event.pgh_context else None


def last_author(row) -> User | None:
    """Who saved the row last; None for the system itself."""
    event = row.events.select_related("pgh_context").order_by("pgh_id").last()
    return User.objects.filter(pk=author(event)).first() if event else None


def differences(before, event, names, without=()):
    """(label, before, after) of the fields that differ; a removal tells what was there."""
    if event.pgh_label == REMOVED:
        before, after = event, None
    else:
        after = event
    for label, read in readers(type(event), names, without):
        old, new = (read(row) if row else "" for row in (before, after))
        if old != new:
            yield label, old, new


def readers(model, names, without=()):
    """A label and a function that gives the field's value in words, for each field a person can change."""
    for column in shown_columns(model, without):
        if column.name == "i18n":
            for name in column.fields:
                original = model.pgh_tracked_model._meta.get_field(name)
                for code, language in settings.LANGUAGES:
                    if code != settings.LANGUAGE_CODE:
                        key = f"{name}_{code}"
                        label = f"{capfirst(original.verbose_name)} ({language})"
                        yield label, lambda row, key=key: (row.i18n or {}).get(key) or ""
        else:
            yield capfirst(column.verbose_name), lambda row, column=column: in_words(row, column, names)


def in_words(row, column: models.Field, names) -> str:
    value = getattr(row, column.attname)
    if value in (None, ""):
        return ""
    if column.is_relation:
        return str(names.get(column.name, {}).get(value, value))
    if column.choices:
        return str(dict(column.flatchoices).get(value, value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return date_format(value) if isinstance(value, date) else str(value)
