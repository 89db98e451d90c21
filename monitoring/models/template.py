"""A matrix template: the versioned list of aspects, in three languages."""

from itertools import count

import pgtrigger
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modeltrans.fields import TranslationField

from centres.access import ScopedQuerySet, reach_of
from centres.history import track
from centres.models import Network
from centres.versions import EditConflict


class TemplateRefused(Exception):
    """The step does not fit the template's state or lacks something; the message says what to do."""


class MatrixTemplateQuerySet(ScopedQuerySet):
    def visible_to(self, user):
        return self.filter(network__in=reach_of(user).oversees)

    def editable_by(self, user):
        """A draft by its network's coordinators; a published version by nobody, it is immutable."""
        return self.filter(network__in=reach_of(user).coordinates, published_at__isnull=True)

    def published(self):
        return self.filter(published_at__isnull=False)

    def for_list(self):
        """With the numbers of aspects and of cycles that use it, the latest version first."""
        return (
            self.select_related("network")
            .annotate(
                aspect_count=models.Count("aspects", distinct=True), cycle_count=models.Count("cycles", distinct=True)
            )
            .order_by("network__code", "-version")
        )


@track()
@pgtrigger.register(
    pgtrigger.Trigger(
        name="immutable",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        condition=pgtrigger.Q(old__published_at__isnull=False),
        func="""
            RAISE EXCEPTION 'the template is published'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'template_immutable';
        """,
    )
)
class MatrixTemplate(models.Model):
    """A version of the list of aspects. Once published it never changes; a change makes the next version."""

    network = models.ForeignKey(
        Network, on_delete=models.PROTECT, related_name="matrix_templates", verbose_name=_("network")
    )
    version = models.PositiveSmallIntegerField(pgettext_lazy("of a template", "version"))
    title = models.CharField(_("title"), max_length=200)
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)  # counts the saves of a draft
    i18n = TranslationField(fields=("title",))

    objects = MatrixTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("matrix template")
        verbose_name_plural = _("matrix templates")
        ordering = ["network", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["network", "version"], name="matrixtemplate_version_once"),
        ]

    def __str__(self):
        return f"{self.title_i18n} ({self.version})"

    def get_absolute_url(self):
        return reverse("monitoring:template", args=[self.pk])

    @property
    def is_published(self) -> bool:
        return self.published_at is not None

    @transaction.atomic
    def begin(self, *, aspects) -> None:
        """Save a network's first version as a draft, with these aspects (see `revise`)."""
        Network.objects.select_for_update().get(pk=self.network_id)
        if self.network.matrix_templates.exists():
            raise TemplateRefused(_("This network already has a matrix template. A change makes its next version."))
        self.version = 1
        self.save()
        self._set_aspects(aspects)

    @transaction.atomic
    def next_version(self) -> "MatrixTemplate":
        """A draft with the same aspects and keys under the next number; the network's draft if it already has one."""
        Network.objects.select_for_update().get(pk=self.network_id)
        versions = MatrixTemplate.objects.filter(network=self.network_id)
        if draft := versions.filter(published_at__isnull=True).first():
            return draft
        latest = versions.aggregate(top=models.Max("version"))["top"]
        draft = MatrixTemplate.objects.create(
            network=self.network, version=latest + 1, title=self.title, i18n=self.i18n
        )
        Aspect.objects.bulk_create(
            Aspect(
                template=draft, number=row.number, key=row.key, title=row.title, guidance=row.guidance, i18n=row.i18n
            )
            for row in self.aspects.all()
        )
        return draft

    @transaction.atomic
    def revise(self, *, revision: int, aspects) -> None:
        """Save the draft's title and its aspects in this order, as edited from `revision`.

        `aspects` are dicts of the fields of an aspect, with the `key` of a known one; those left out are removed.
        Raises EditConflict (of centres.versions), TemplateRefused.
        """
        self._lock_draft(revision)
        self.revision = revision + 1
        self.save(update_fields=["title", "i18n", "revision"])
        self._set_aspects(aspects)

    @transaction.atomic
    def publish(self, *, revision: int | None = None) -> None:
        """Make the version usable by cycles and immutable: all of it, or only as it was at `revision`.

        Raises EditConflict (of centres.versions), TemplateRefused.
        """
        self._lock_draft(revision)
        if not self.aspects.exists():
            raise TemplateRefused(_("A template needs at least one aspect."))
        self.published_at = timezone.now()
        self.save(update_fields=["published_at"])

    @transaction.atomic
    def discard(self) -> None:
        """Delete the draft with its aspects; no cycle can use it yet. Raises TemplateRefused."""
        self._lock_draft()
        self.delete()

    def recorded(self, revision: int) -> tuple[dict, list[dict]]:
        """The draft's title and its aspects as history recorded them at that revision; empty without a record."""
        event = self.events.filter(revision=revision).order_by("pgh_id").first()
        if event is None:
            return {}, []
        history = Aspect._meta.get_field("events").related_model.objects.filter(
            template_id=self.pk, pgh_created_at__lte=event.pgh_created_at
        )
        latest = history.order_by("pgh_obj_id", "-pgh_id").distinct("pgh_obj_id")
        rows = sorted((row for row in latest if row.pgh_label != "delete"), key=lambda row: row.number)
        return {"title": event.title} | (event.i18n or {}), [
            {"key": row.key, "title": row.title, "guidance": row.guidance} | (row.i18n or {}) for row in rows
        ]

    def _lock_draft(self, revision=None) -> None:
        row = MatrixTemplate.objects.select_for_update().get(pk=self.pk)
        if row.is_published:
            raise TemplateRefused(_("This version is published and does not change any more."))
        if revision is not None and row.revision != revision:
            raise EditConflict(row)

    def _set_aspects(self, rows) -> None:
        known = {aspect.key: aspect for aspect in self.aspects.all()}
        kept = {row["key"] for row in rows} & known.keys()
        self.aspects.exclude(key__in=kept).delete()
        everywhere = set(Aspect.objects.filter(template__network=self.network_id).values_list("key", flat=True))
        for number, row in enumerate(rows, start=1):
            values = dict(row)
            aspect = known.pop(values.pop("key"), None)
            if aspect is None:
                key = fresh_key(values["title"], here=kept, everywhere=everywhere)
                aspect = Aspect(template=self, key=key)
                kept.add(key)
                everywhere.add(key)
            for name, value in (values | {"number": number}).items():
                setattr(aspect, name, value)
            aspect.save()


def fresh_key(title: str, *, here: set[str], everywhere: set[str]) -> str:
    """A key from a title in Latin letters. A numbered one was never used in the network, so it cannot revive another's.

    A removed aspect that returns under its English title gets its old key back and stays comparable.
    """
    slug = slugify(title)[:40].strip("-")
    if slug and slug not in here:
        return slug
    return next(key for n in count(2 if slug else 1) if (key := f"{slug or 'aspect'}-{n}") not in everywhere)


@track()
@pgtrigger.register(
    pgtrigger.Trigger(
        name="immutable",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func="""
            IF TG_OP = 'UPDATE' AND NEW.template_id <> OLD.template_id THEN
                RAISE EXCEPTION 'the aspect stays in its template'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'template_immutable';
            END IF;
            PERFORM 1 FROM monitoring_matrixtemplate
            WHERE id = COALESCE(NEW.template_id, OLD.template_id) AND published_at IS NULL FOR SHARE;
            IF NOT FOUND THEN
                RAISE EXCEPTION 'the template is published'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'template_immutable';
            END IF;
            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
            RETURN NEW;
        """,
    )
)
class Aspect(models.Model):
    """One row of the matrix. Its key stays the same over all versions, whatever its number and title become."""

    template = models.ForeignKey(
        MatrixTemplate, on_delete=models.CASCADE, related_name="aspects", verbose_name=_("matrix template")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    key = models.SlugField(_("key"))
    title = models.CharField(_("title"), max_length=200)
    guidance = models.TextField(_("guidance"), blank=True, max_length=5_000, help_text=_("What the expert looks at."))
    i18n = TranslationField(fields=("title", "guidance"))

    class Meta:
        verbose_name = _("aspect")
        verbose_name_plural = _("aspects")
        ordering = ["template", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["template", "number"], name="aspect_number_once", deferrable=models.Deferrable.DEFERRED
            ),
            models.UniqueConstraint(fields=["template", "key"], name="aspect_key_once"),
            models.CheckConstraint(name="aspect_number_from_one", condition=Q(number__gte=1)),
        ]

    def __str__(self):
        return f"{self.number} {self.title_i18n}"
