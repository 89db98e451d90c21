"""With whom a centre works, and what was agreed."""

from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..access import CentreKeptQuerySet, CentreOwned
from ..collation import alphabetical
from ..files import KeepsFile
from ..history import track
from ..versions import Versioned


class PartnerQuerySet(CentreKeptQuerySet):
    def on(self, day):
        """Partners on that day; an open end counts as still going on."""
        return self.filter(
            Q(from_date__isnull=True) | Q(from_date__lte=day), Q(until_date__isnull=True) | Q(until_date__gte=day)
        )

    def for_list(self):
        """By name as a Kazakh, Russian or English reader expects."""
        return self.order_by(alphabetical("name"), "pk")


@track()
class Partner(CentreOwned, KeepsFile, Versioned):
    """An organisation that a centre works with, on an agreement or without one (§6.5, 8)."""

    class Kind(models.TextChoices):
        AKIMAT = "akimat", _("akimat")
        SCHOOL = "school", _("school")
        BUSINESS = "business", _("business")
        NGO = "ngo", _("non-governmental organisation")
        LABOUR_OFFICE = "labour_office", _("labour office")
        MEDIA = "media", _("media")
        INTERNATIONAL = "international", _("international organisation")
        OTHER = "other", _("other")

    class Agreement(models.TextChoices):
        UNKNOWN = "unknown", _("not known")
        NONE = "none", _("no agreement")
        ORAL = "oral", _("oral agreement")
        WRITTEN = "written", _("written agreement")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    name = models.CharField(_("organisation"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    agreement = models.CharField(_("agreement"), max_length=10, choices=Agreement.choices, default=Agreement.UNKNOWN)
    from_date = models.DateField(_("from"), null=True, blank=True)
    until_date = models.DateField(_("until"), null=True, blank=True)
    gives = models.TextField(_("what it gives"), blank=True, help_text=_("For example rooms, money, trainers, work."))
    contact = models.CharField(_("contact"), max_length=300, blank=True)

    objects = PartnerQuerySet.as_manager()

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        ordering = ["centre", "name"]
        constraints = [
            models.CheckConstraint(
                name="partner_dates_in_order",
                condition=Q(from_date__isnull=True) | Q(until_date__isnull=True) | Q(until_date__gte=F("from_date")),
                violation_error_message=_("The last day lies before the first."),
            )
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return f"{reverse('centres:partners', args=[self.centre.code])}#row-{self.pk}"

    @property
    def is_current(self) -> bool:
        today = timezone.localdate()
        return (self.from_date or today) <= today <= (self.until_date or today)
