"""A centre's documents: the five of Annex 1, part 7, photos with consent, and whatever else it files."""

from datetime import date
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ..access import CentreKeptQuerySet, CentreOwned
from ..files import KeepsFile
from ..history import track
from ..versions import Versioned
from .community import YEARS


class CentreDocumentQuerySet(CentreKeptQuerySet):
    def of_year(self, year: int):
        """For that year, or for a time that touches it."""
        first, last = date(year, 1, 1), date(year, 12, 31)
        from_then = Q(from_date__lte=last) & (Q(until_date__isnull=True) | Q(until_date__gte=first))
        until_then = Q(from_date__isnull=True, until_date__gte=first, until_date__lte=last)
        return self.filter(Q(year=year) | from_then | until_then)

    def publishable(self):
        """Everything but photos without the consent of those they show."""
        return self.exclude(Q(kind=CentreDocument.Kind.PHOTO) & ~Q(consent_given=CentreDocument.Consent.YES))

    def kinds_of_year(self, year: int) -> set:
        """Which of the five required kinds are there for the year ("planning complete")."""
        required = self.filter(kind__in=CentreDocument.REQUIRED).of_year(year)
        return set(required.order_by().values_list("kind", flat=True).distinct())

    def for_list(self):
        """The latest period first."""
        start = models.functions.Coalesce("from_date", "until_date")
        return self.order_by(
            models.functions.Coalesce("year", models.functions.ExtractYear(start)).desc(nulls_last=True),
            start.desc(nulls_last=True),
            "title",
            "pk",
        )


@track()
class CentreDocument(CentreOwned, KeepsFile, Versioned):
    """A document of a centre for a year or a time. Its file may lie here, or on a shelf, as the note then says."""

    class Kind(models.TextChoices):
        YEAR_PLAN = "year_plan", _("year plan")
        OPERATIONAL_PLAN = "operational_plan", _("operational plan")
        SCHEDULE = "schedule", _("schedule")
        JOURNAL = "journal", _("lesson journal")
        CURRICULA = "curricula", _("curricula")
        PHOTO = "photo", _("photo")
        AGREEMENT = "agreement", _("agreement")
        OTHER = "other", _("other")

    class Consent(models.TextChoices):
        UNKNOWN = "unknown", _("not known")
        YES = "yes", _("yes")
        NO = "no", _("no")

    # The five whose availability Annex 1, part 7 asks for.
    REQUIRED = [Kind.YEAR_PLAN, Kind.OPERATIONAL_PLAN, Kind.SCHEDULE, Kind.JOURNAL, Kind.CURRICULA]

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    centre = models.ForeignKey(
        "centres.Centre", on_delete=models.PROTECT, related_name="documents", verbose_name=_("centre")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    title = models.CharField(_("title"), max_length=200)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True, validators=YEARS)
    from_date = models.DateField(_("from"), null=True, blank=True)
    until_date = models.DateField(_("until"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True, help_text=_("Where it is kept, if there is no file."))
    consent_given = models.CharField(
        _("consent of those shown"), max_length=10, choices=Consent.choices, default=Consent.UNKNOWN
    )
    consent_of = models.CharField(
        _("whose consent"), max_length=300, blank=True, help_text=_("For a child, that of the guardian.")
    )
    consent_date = models.DateField(_("date of the consent"), null=True, blank=True)

    objects = CentreDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["centre", "kind", "title"]
        constraints = [
            models.CheckConstraint(
                name="centredocument_dates_in_order",
                condition=Q(from_date__isnull=True) | Q(until_date__isnull=True) | Q(until_date__gte=F("from_date")),
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                name="centredocument_year_or_dates",
                condition=Q(year__isnull=True) | Q(from_date__isnull=True, until_date__isnull=True),
                violation_error_message=_("Give the year or the dates, not both."),
            ),
            models.CheckConstraint(
                name="centredocument_required_has_a_time",
                condition=~Q(kind__in=["year_plan", "operational_plan", "schedule", "journal", "curricula"])
                | Q(year__isnull=False)
                | Q(from_date__isnull=False)
                | Q(until_date__isnull=False),
                violation_error_message=_("Say for which year or which time this document is."),
            ),
            models.CheckConstraint(
                name="centredocument_consent_of_somebody",
                condition=~Q(consent_given="yes") | ~Q(consent_of=""),
                violation_error_message=_("Say who has given the consent."),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return f"{reverse('centres:documents', args=[self.centre.code])}#row-{self.pk}"

    @property
    def is_publishable(self) -> bool:
        """Not so for a photo without the consent of those it shows: unknown is no consent."""
        return self.kind != self.Kind.PHOTO or self.consent_given == self.Consent.YES
