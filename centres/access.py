"""THE rule: who sees what, who may change what.

Everything that shows or changes data starts from a queryset's `visible_to(user)` or `editable_by(user)`: lists,
details, form choices, imports, exports, documents. A foreign object is then a 404 everywhere, a visible but read-only
one a 403. "Staff" below are a network's coordinators and experts.
"""

from dataclasses import dataclass
from functools import wraps

import pgtrigger
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

READ_ONLY = _("You can read this page but not change it.")


@dataclass(frozen=True)
class Reach:
    """What a person's memberships of today open up, as sets of ids. Being a superuser opens nothing here."""

    networks: frozenset[int] = frozenset()  # belongs to in any role, donors of its projects included
    coordinates: frozenset[int] = frozenset()  # networks run as coordinator
    assesses: frozenset[int] = frozenset()  # networks assessed as expert
    runs: frozenset[int] = frozenset()  # centres run as facilitator or head
    funds: frozenset[int] = frozenset()  # projects read as donor

    @property
    def oversees(self) -> frozenset[int]:
        """Networks seen from inside, all centres included: as coordinator or expert."""
        return self.coordinates | self.assesses

    @classmethod
    def of(cls, memberships) -> "Reach":
        """Sum up memberships (already limited to those valid today)."""
        rows = list(memberships)

        def ids(field, *roles):
            return frozenset(getattr(row, field) for row in rows if row.role in roles)

        return cls(
            networks=frozenset(row.network_id for row in rows),
            coordinates=ids("network_id", "coordinator"),
            assesses=ids("network_id", "expert"),
            runs=ids("centre_id", "facilitator", "head"),
            funds=ids("project_id", "donor"),
        )


def reach_of(user) -> Reach:
    """The user's reach, loaded with one query and kept for the request; nobody in particular reaches nothing."""
    return getattr(user, "reach", Reach())


class ScopedQuerySet(models.QuerySet):
    """A queryset that knows who may see and who may change its rows. Closed until a subclass opens it."""

    def visible_to(self, user):
        return self.none()

    def editable_by(self, user):
        return self.none()


class CentreOwnedQuerySet(ScopedQuerySet):
    """Rows inside a centre: for the network's coordinators and experts, and for the centre's own people."""

    def visible_to(self, user):
        reach = reach_of(user)
        return self.filter(Q(centre__network__in=reach.oversees) | Q(centre__in=reach.runs))


class CentreKeptQuerySet(CentreOwnedQuerySet):
    """Rows that the centre keeps itself, such as its trainees and its equipment: its own people and coordinators edit.

    Experts read them; donors and other centres do not see them at all.
    """

    def editable_by(self, user):
        reach = reach_of(user)
        return self.filter(Q(centre__network__in=reach.coordinates) | Q(centre__in=reach.runs))


class CentreOwned(models.Model):
    """A row that belongs to one centre, always through a column of its own, also where a join would lead there."""

    centre = models.ForeignKey(
        "centres.Centre", on_delete=models.PROTECT, related_name="%(class)ss", verbose_name=_("centre")
    )

    objects = CentreOwnedQuerySet.as_manager()

    class Meta:
        abstract = True


def within_centre(**tables: str) -> list[pgtrigger.Trigger]:
    """Triggers that keep a row and what it points to at one centre, however the rows are written.

    `tables` gives, by the name of a foreign key, the table that it leads to. Checked once per statement, so that large
    imports stay quick.
    """
    return _within(
        "centre",
        " OR ".join(
            f"EXISTS (SELECT FROM fresh JOIN {table} parent ON parent.id = fresh.{name}_id "
            "WHERE parent.centre_id <> fresh.centre_id)"
            for name, table in tables.items()
        ),
    )


def within_network(**tables: str) -> list[pgtrigger.Trigger]:
    """As `within_centre`, for rows of a centre that point to something of its network."""
    return _within(
        "network",
        " OR ".join(
            f"EXISTS (SELECT FROM fresh JOIN centres_centre own ON own.id = fresh.centre_id "
            f"JOIN {table} parent ON parent.id = fresh.{name}_id WHERE parent.network_id <> own.network_id)"
            for name, table in tables.items()
        ),
    )


def networks_own(**tables: str) -> list[pgtrigger.Trigger]:
    """As `within_network`, for rows that name their network themselves."""
    return _within(
        "network",
        " OR ".join(
            f"EXISTS (SELECT FROM fresh JOIN {table} parent ON parent.id = fresh.{name}_id "
            "WHERE parent.network_id <> fresh.network_id)"
            for name, table in tables.items()
        ),
    )


def _within(what: str, foreign: str) -> list[pgtrigger.Trigger]:
    func = f"""
        IF {foreign} THEN
            RAISE EXCEPTION 'The row points to another {what}.' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
    """
    return [
        pgtrigger.Trigger(
            name=f"within_{what}_{verb}",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=operation,
            referencing=pgtrigger.Referencing(new="fresh"),
            func=func,
        )
        for verb, operation in (("insert", pgtrigger.Insert), ("update", pgtrigger.Update))
    ]


def visible_or_404(queryset: ScopedQuerySet, user, **lookup):
    """The one visible object, otherwise 404: what a person may not see does not exist for her."""
    return get_object_or_404(queryset.visible_to(user), **lookup)


def allowed_or_403(queryset: ScopedQuerySet, rule: str, user, *, otherwise=READ_ONLY, **lookup):
    """The one object if it is in the queryset that the rule gives (the name of a method); 404 when not even visible."""
    found = visible_or_404(queryset, user, **lookup)
    if not getattr(queryset, rule)(user).filter(pk=found.pk).exists():
        raise PermissionDenied(otherwise)
    return found


def editable_or_403(queryset: ScopedQuerySet, user, **lookup):
    """The one object if the person may change it; 403 when she may only read it, 404 when not even that."""
    return allowed_or_403(queryset, "editable_by", user, **lookup)


def coordinators_only(view):
    """The page exists for everybody who is signed in, but opens to coordinators of some network only: 403 otherwise."""

    @wraps(view)
    def checked(request, *args, **kwargs):
        if not reach_of(request.user).coordinates:
            raise PermissionDenied(_("This page is for the coordinators of a network."))
        return view(request, *args, **kwargs)

    return checked
