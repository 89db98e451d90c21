"""Entries of one person: which pairs are likely, which are not the same, which were merged, and how to undo that."""

import uuid
from dataclasses import dataclass

import pghistory
from django.conf import settings
from django.core import serializers
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, connection, models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from centres.access import CentreKeptQuerySet, CentreOwned, within_centre
from centres.history import track
from centres.versions import EditConflict, Versioned

from ..likeness import Likeness, likeness
from .certificates import Certificate
from .consents import Consent
from .enrolments import Enrolment
from .trainees import Trainee, TraineeTargetGroup

WINDOW = 200  # entries that one page compares with all others of their centre; a page answers within a second
NEAR = 0.4  # similarity of trigrams from which two entries are looked at; a wrong letter in a short name leaves 0.5
MOST = 2000  # pairs that are looked at for one page, those most alike

#: What a merge asks about, field by field.
FIELDS = [
    *["surname", "given_name", "patronymic", "birth_year", "sex", "language", "needy", "phone", "contact"],
    *["guardian_name", "guardian_phone", "registered_on", "note"],
]


@dataclass(frozen=True)
class Pair:
    """Two entries that may be one person's, the newer one first."""

    one: Trainee
    other: Trainee
    likeness: Likeness

    @property
    def people(self):
        return (self.one, self.other)


def likely_pairs(rows, window: list) -> list[Pair]:
    """The likely pairs in which the newer entry is one of `window` (keys), the likeliest first (2 queries).

    Each entry of the window asks the trigram index for older ones of its centre, so that no page compares more than
    its window: a millisecond or two for each at 1,000 entries of a centre, however many other centres there are.
    `rows` are the entries that the reader may merge.
    """
    sql = """
        SELECT one.id, other.id FROM training_trainee one
        JOIN training_trainee other ON one.name_key %% other.name_key AND one.centre_id = other.centre_id
        WHERE one.id = ANY(%s) AND one.merged_into_id IS NULL AND other.merged_into_id IS NULL
            AND (other.registered_on, other.id) < (one.registered_on, one.id)
            AND NOT EXISTS (
                SELECT FROM training_notsame verdict
                WHERE verdict.first_id = LEAST(one.id, other.id) AND verdict.second_id = GREATEST(one.id, other.id)
            )
        ORDER BY similarity(one.name_key, other.name_key) DESC, one.id, other.id LIMIT %s
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.similarity_threshold', %s, true)", [str(NEAR)])
        cursor.execute(sql, [window, MOST])
        found = cursor.fetchall()
    people = rows.in_bulk({pk for pair in found for pk in pair})
    pairs = []
    for one, other in ((people.get(first), people.get(second)) for first, second in found):
        if one and other and (judged := likeness(one, other)):
            pairs.append(Pair(one, other, judged))
    return sorted(pairs, key=lambda pair: -pair.likeness.score)


class NotSameQuerySet(CentreKeptQuerySet):
    def say(self, one, other, *, by) -> "NotSame":
        """Remember that these are two people; said twice, it is remembered once."""
        first, second = sorted((one, other), key=lambda person: person.pk)
        with pghistory.context(user=by.pk):
            row, _made = self.get_or_create(first=first, second=second, defaults={"centre": first.centre, "by": by})
        return row

    def for_list(self):
        """The latest first."""
        return self.select_related("first", "second", "by").order_by("-at", "pk")


@track()
class NotSame(CentreOwned):
    """Somebody looked at two entries and knows that they are two people. The lesser id stands first."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    first = models.ForeignKey(Trainee, on_delete=models.CASCADE, related_name="not_same_first")
    second = models.ForeignKey(Trainee, on_delete=models.CASCADE, related_name="not_same_second")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="not_same")
    at = models.DateTimeField(default=timezone.now)

    objects = NotSameQuerySet.as_manager()

    class Meta:
        verbose_name = _("pair of different people")
        verbose_name_plural = _("pairs of different people")
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="notsame_once"),
            models.CheckConstraint(name="notsame_in_order", condition=Q(first__lt=F("second"))),
        ]
        triggers = within_centre(first="training_trainee", second="training_trainee")

    def __str__(self):
        return f"{self.first} ≠ {self.second}"


class MergeRefused(Exception):
    """Something stands against merging two entries, or against undoing it; `reasons` are the sentences."""

    def __init__(self, reasons):
        super().__init__(" ".join(map(str, reasons)))
        self.reasons = reasons


def relations():
    """Every (model, foreign key) that leads to a trainee, histories apart: what a merge has to think of."""
    for relation in Trainee._meta.get_fields(include_hidden=True):
        points_here = relation.auto_created and (relation.one_to_many or relation.one_to_one)
        if points_here and not relation.concrete and not hasattr(relation.related_model, "pgh_tracked_model"):
            yield relation.related_model, relation.field


def stays(model) -> bool:
    """What keeps pointing to the absorbed entry: the trail of earlier merges, and verdicts about it."""
    return model in (Trainee, Merge, NotSame)


def column(model, field) -> str:
    """The name of a foreign key in the record of a merge."""
    return f"{model._meta.label_lower}.{field.name}"


def moving(model, field, trainee):
    """The rows that would move, in a lasting order."""
    return model._base_manager.filter(**{field.name: trainee}).order_by("pk")


def doubles(model, field, kept, absorbed) -> list:
    """Rows of the absorbed entry for which the kept one has a row that may stand only once."""
    found = {}
    for constraint in model._meta.constraints:
        names = list(getattr(constraint, "fields", ()))
        if isinstance(constraint, models.UniqueConstraint) and field.name in names:
            others = [model._meta.get_field(name).attname for name in names if name != field.name]
            rows = model._base_manager.filter(constraint.condition or Q())
            held = set(rows.filter(**{field.name: kept}).values_list(*others)) if others else {()}
            for row in rows.filter(**{field.name: absorbed}).order_by("pk"):
                if tuple(getattr(row, name) for name in others) in held:
                    found[row.pk] = row
    return list(found.values())


def in_the_way(kept, absorbed) -> list[str]:
    """What blocks a merge, in sentences."""
    reasons = [
        _("%(name)s was merged into another entry already.") % {"name": row}
        for row in (kept, absorbed)
        if row.merged_into_id
    ]
    for model, field in relations():
        if stays(model) or model in (TraineeTargetGroup, Consent):  # what both have alike is kept once
            continue
        for row in doubles(model, field, kept, absorbed):
            if model is Enrolment:
                sentence = _("Both are in the group %(group)s. Delete one of the two enrolments first.")
                reasons.append(sentence % {"group": row.group})
            else:
                sentence = _("Both have an entry that can stand only once: %(what)s.")
                reasons.append(sentence % {"what": f"{capfirst(model._meta.verbose_name)}, {row}"})
    return reasons


class MergeQuerySet(CentreKeptQuerySet):
    def standing(self):
        return self.filter(undone_at=None)

    def for_list(self):
        """The latest first."""
        return self.select_related("kept", "absorbed", "by", "undone_by", "centre").order_by("-at", "pk")

    @transaction.atomic
    def merge(self, *, kept, absorbed, values, versions, by) -> "Merge":
        """Make one entry of two: the kept one gets these values, and everything that pointed to the other one.

        `versions` are those of kept and absorbed that the person looked at. Raises MergeRefused with the reasons,
        EditConflict where somebody saved one of them meanwhile, ValidationError where the values do not go together.
        """
        locked = lock_both(kept, absorbed)
        for row, version in zip((kept, absorbed), versions, strict=True):
            if locked[row.pk].version != version:
                raise EditConflict(locked[row.pk])
        kept, absorbed = locked[kept.pk], locked[absorbed.pk]
        if kept.centre_id != absorbed.centre_id:
            raise MergeRefused([_("The entries are of two centres.")])
        if reasons := in_the_way(kept, absorbed):
            raise MergeRefused(reasons)
        fields = {}
        for name in FIELDS:
            if name in values and values[name] != getattr(kept, name):
                fields[name] = [getattr(kept, name), values[name]]
                setattr(kept, name, values[name])
        kept.clean_fields()
        kept.validate_constraints()
        with pghistory.context(user=by.pk):
            moved, dropped = {}, []
            for model, field in relations():
                if not stays(model):
                    moved[column(model, field)] = self._move(model, field, kept, absorbed, dropped)
            kept.write(version=kept.version)
            step_on(Trainee.objects.filter(pk=absorbed.pk), merged_into=kept)
            record = {"fields": fields, "moved": moved, "dropped": dropped, "made": self._carry(kept, absorbed, by)}
            return self.create(centre_id=kept.centre_id, kept=kept, absorbed=absorbed, by=by, record=record)

    def _move(self, model, field, kept, absorbed, dropped) -> list[str]:
        for row in doubles(model, field, kept, absorbed):
            dropped.extend(serializers.serialize("python", [row]))
            row.delete()
        rows = moving(model, field, absorbed)
        keys = list(rows.values_list("pk", flat=True))
        step_on(model._base_manager.filter(pk__in=keys), **{field.name: kept})
        return keys

    def _carry(self, kept, absorbed, by) -> list:
        """Who is not the same as the absorbed one is not the same as the kept one either."""
        held = NotSame.objects.filter(Q(first=absorbed) | Q(second=absorbed)).select_related("first", "second")
        others = {row.second if row.first_id == absorbed.pk else row.first for row in held}
        known = NotSame.objects.filter(Q(first=kept) | Q(second=kept)).values_list("first", "second")
        known = {pk for pair in known for pk in pair} | {kept.pk}
        fresh = [other for other in others if other.pk not in known]
        return [NotSame.objects.say(kept, other, by=by).pk for other in fresh]


def lock_both(*people) -> dict:
    """Both rows by key, locked in one order so that two merges never wait for each other; nothing can be added to them.

    The stronger lock is meant: whoever adds an enrolment or a consent locks the person first (`Trainee.hold`).
    """
    keys = [person.pk for person in people]
    rows = Trainee.objects.select_for_update(of=["self"]).filter(pk__in=keys).order_by("pk")
    return {row.pk: row for row in rows.select_related("centre")}


def step_on(rows, **values) -> int:
    """Update rows; a form that somebody has open on one of them finds that it changed."""
    if issubclass(rows.model, Versioned):
        values["version"] = F("version") + 1
    return rows.update(**values)


@track()
class Merge(CentreOwned):
    """Two entries became one: what moved, what was dropped, and which values the kept one had before.

    `record` holds: `fields`, by name the kept entry's value before and after; `moved`, by model and column the keys of
    the rows that pointed to the absorbed entry; `dropped`, whole rows that both had, such as a target group; `made`,
    verdicts that the kept entry took over.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kept = models.ForeignKey(Trainee, on_delete=models.PROTECT, related_name="merges", verbose_name=_("kept entry"))
    absorbed = models.ForeignKey(
        Trainee, on_delete=models.PROTECT, related_name="merges_away", verbose_name=_("absorbed entry")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="merges", verbose_name=_("merged by")
    )
    at = models.DateTimeField(_("merged"), default=timezone.now)
    record = models.JSONField(default=dict, editable=False, encoder=DjangoJSONEncoder)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="merges_undone",
        verbose_name=_("undone by"),
        null=True,
        blank=True,
    )
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)

    objects = MergeQuerySet.as_manager()

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(name="merge_of_two", condition=~Q(kept=F("absorbed"))),
            models.UniqueConstraint(fields=["absorbed"], condition=Q(undone_at=None), name="merge_away_once"),
            models.CheckConstraint(
                name="merge_undone_by_somebody",
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
            ),
        ]
        triggers = within_centre(kept="training_trainee", absorbed="training_trainee")

    def __str__(self):
        return f"{self.absorbed} → {self.kept}"

    def get_absolute_url(self):
        return reverse("training:merge", args=[self.pk])

    def value(self, name: str, place: int):
        """A field's value in the record, before (0) or after (1), as the model holds it."""
        return Trainee._meta.get_field(name).to_python(self.record["fields"][name][place])

    @property
    def changed_since(self) -> list[str]:
        """Fields that the merge wrote and somebody changed afterwards: an undo leaves them as they are now."""
        return [name for name in self.record["fields"] if getattr(self.kept, name) != self.value(name, 1)]

    def against(self) -> list[str]:
        """What stands against undoing it, in sentences."""
        if self.undone_at:
            return [_("This merge is undone already.")]
        reasons = []
        if self.kept.merged_into_id:
            reasons.append(
                _("%(name)s was itself merged into another entry afterwards. Undo that merge first.")
                % {"name": self.kept}
            )
        reasons.extend(
            _("%(name)s was merged into the same entry afterwards. Undo that merge first.") % {"name": later.absorbed}
            for later in Merge.objects.standing().filter(kept=self.kept_id, at__gt=self.at).select_related("absorbed")
        )
        moved = self.record["moved"].get(column(Enrolment, Enrolment._meta.get_field("trainee")), [])
        issued = Certificate.objects.valid().filter(enrolment__in=moved, issued_at__gt=self.at)
        reasons.extend(
            _("Certificate %(number)s was issued afterwards for a group that would go back. Revoke it first.")
            % {"number": certificate.number_text}
            for certificate in issued.order_by("number")
        )
        return reasons

    @transaction.atomic
    def undo(self, *, by) -> None:
        """Two entries again: every row goes back that still points to the kept one, and every value that still stands.

        Raises MergeRefused where something stands against it.
        """
        merge = Merge.objects.select_for_update(of=["self"]).get(pk=self.pk)
        locked = lock_both(merge.kept, merge.absorbed)
        merge.kept, merge.absorbed = locked[merge.kept_id], locked[merge.absorbed_id]
        if reasons := merge.against():
            raise MergeRefused(reasons)
        kept = merge.kept
        for name in set(merge.record["fields"]) - set(merge.changed_since):
            setattr(kept, name, merge.value(name, 0))
        try:
            kept.validate_constraints()
            with pghistory.context(user=by.pk), transaction.atomic():
                merge._give_back()
                kept.write(version=kept.version)
                step_on(Trainee.objects.filter(pk=merge.absorbed_id), merged_into=None)
                Merge.objects.filter(pk=merge.pk).update(undone_by=by, undone_at=timezone.now())
                with connection.cursor() as cursor:  # foreign keys are asked now, not when nobody can answer any more
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        except ValidationError as refused:
            raise MergeRefused(refused.messages) from None
        except IntegrityError:
            raise MergeRefused([_("What was added since does not fit the two entries any more.")]) from None
        self.refresh_from_db()

    def _give_back(self) -> None:
        for model, field in relations():
            keys = self.record["moved"].get(column(model, field), ())
            rows = model._base_manager.filter(pk__in=keys, **{field.name: self.kept})
            step_on(rows, **{field.name: self.absorbed})
        for row in serializers.deserialize("python", self.record["dropped"]):
            row.save()
        NotSame.objects.filter(pk__in=self.record["made"]).delete()
