"""A matrix template: the versioned list of aspects, in three languages."""

import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modeltrans.fields import TranslationField

from centres.access import ScopedQuerySet, reach_of
from centres.history import track
from centres.models import Network


class MatrixTemplateQuerySet(ScopedQuerySet):
    def visible_to(self, user):
        return self.filter(network__in=reach_of(user).oversees)

    def editable_by(self, user):
        """A draft by its network's coordinators; a published version by nobody, it is immutable."""
        return self.filter(network__in=reach_of(user).coordinates, published_at__isnull=True)

    def published(self):
        return self.filter(published_at__isnull=False)


@track()
class MatrixTemplate(models.Model):
    """A version of the list of aspects. Once published it never changes; a change makes the next version."""

    network = models.ForeignKey(
        Network, on_delete=models.PROTECT, related_name="matrix_templates", verbose_name=_("network")
    )
    version = models.PositiveSmallIntegerField(pgettext_lazy("of a template", "version"))
    title = models.CharField(_("title"), max_length=200)
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
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

    @transaction.atomic
    def next_version(self) -> "MatrixTemplate":
        """A draft with the same aspects and keys under the next number."""
        latest = MatrixTemplate.objects.filter(network=self.network).aggregate(top=models.Max("version"))["top"]
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

    def publish(self) -> None:
        """Make the version usable by cycles and immutable."""
        if not self.aspects.exists():
            raise ValidationError(_("A template needs at least one aspect."))
        self.published_at = timezone.now()
        self.save(update_fields=["published_at"])


@track()
@pgtrigger.register(
    pgtrigger.Trigger(
        name="immutable",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func="""
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
    guidance = models.TextField(_("guidance"), blank=True, help_text=_("What the expert looks at."))
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
