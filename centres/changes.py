"""Who changed what in a centre's entry, read from the recorded history."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.conf import settings
from django.db import models
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from .models import AdminUnit, CentreAlias, Post, User

ADDED, CHANGED, REMOVED = "insert", "update", "delete"


@dataclass(frozen=True)
class Change:
    """One row's change: what it is, added, changed or removed, and its fields as (label, before, after)."""

    what: str
    kind: str
    fields: list


@dataclass(frozen=True)
class Entry:
    """What one person did in one go; `by` is None for the system itself."""

    at: datetime
    by: User | None
    changes: list = field(default_factory=list)


def history_of(centre) -> list[Entry]:
    """Every recorded change of the centre, its other spellings and its posts, the latest first (5 queries)."""
    sources = [
        (centre.events.all(), lambda event: _("Centre")),
        (events_of(CentreAlias).filter(centre=centre), lambda event: _("Other spelling")),
        (events_of(Post).filter(centre=centre), lambda event: f"{event.get_kind_display()}: {event.name}"),
    ]
    found = []
    for events, name in sources:
        before = {}
        for event in events.select_related("pgh_context").order_by("pgh_id"):
            found.append((event, before.get(event.pgh_obj_id), name))
            before[event.pgh_obj_id] = event
    people = User.objects.in_bulk({author(event) for event, _before, _name in found} - {None})
    places = AdminUnit.objects.in_bulk(
        {event.place_id for event, _before, _name in found if hasattr(event, "place_id")}
    )
    entries = {}
    for event, before, name in found:
        changed = list(differences(before, event, places))
        if event.pgh_label == CHANGED and not changed:
            continue
        key = (event.pgh_created_at, event.pgh_context_id)
        entry = entries.setdefault(key, Entry(event.pgh_created_at, people.get(author(event))))
        entry.changes.append(Change(capfirst(name(event)), event.pgh_label, changed))
    return sorted(entries.values(), key=lambda entry: entry.at, reverse=True)


def events_of(model):
    return model._meta.get_field("events").related_model.objects


def author(event) -> int | None:
    """The account behind an event, as the middleware recorded it."""
    return (event.pgh_context.metadata or {}).get("user") if event.pgh_context else None


def last_author(row) -> User | None:
    """Who saved the row last; None for the system itself."""
    event = row.events.select_related("pgh_context").order_by("pgh_id").last()
    return User.objects.filter(pk=author(event)).first() if event else None


def differences(before, event, places):
    """(label, before, after) of the fields that differ; a removal tells what was there."""
    if event.pgh_label == REMOVED:
        before, after = event, None
    else:
        after = event
    for label, read in readers(type(event), places):
        old, new = (read(row) if row else "" for row in (before, after))
        if old != new:
            yield label, old, new


def readers(model, places):
    """A label and a function that gives the field's value in words, for each field a person can change."""
    for column in model.pgh_tracked_model._meta.concrete_fields:
        if column.name == "i18n":
            for name in column.fields:
                original = model.pgh_tracked_model._meta.get_field(name)
                for code, language in settings.LANGUAGES:
                    if code != settings.LANGUAGE_CODE:
                        key = f"{name}_{code}"
                        label = f"{capfirst(original.verbose_name)} ({language})"
                        yield label, lambda row, key=key: (row.i18n or {}).get(key) or ""
        elif not (column.primary_key or column.name in ("version", "centre", "network")):
            yield capfirst(column.verbose_name), lambda row, column=column: in_words(row, column, places)


def in_words(row, column: models.Field, places) -> str:
    value = getattr(row, column.attname)
    if value in (None, ""):
        return ""
    if column.name == "place":
        return str(places.get(value, value))
    if column.choices:
        return str(dict(column.flatchoices).get(value, value))
    return date_format(value) if isinstance(value, date) else str(value)
