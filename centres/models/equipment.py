"""What a centre owns to work with, and how much of it works."""

from uuid import uuid4

from django.db import models
from django.db.models import Case, F, Q, Sum, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..access import CentreKeptQuerySet, CentreOwned
from ..history import track
from ..versions import Versioned


class EquipmentQuerySet(CentreKeptQuerySet):
    def out_of_order(self):
        """Of which at least one piece does not work."""
        return self.filter(working__lt=F("quantity"))

    def for_list(self):
        """By kind as Annex 1 lists them, then by name."""
        order = [When(kind=kind, then=Value(place)) for place, kind in enumerate(Equipment.Kind.values)]
        return self.order_by(Case(*order, default=Value(99)), "name", "pk")

    def totals(self) -> dict:
        """Pieces owned and pieces that work, over all these rows ("equipment working": working / owned)."""
        return self.aggregate(owned=Sum("quantity", default=0), working=Sum("working", default=0))


@track()
class Equipment(CentreOwned, Versioned):
    """Pieces of one kind that a centre has, and how many of them work (Annex 1, 2.1 and 2.2)."""

    class Kind(models.TextChoices):
        COMPUTER = "computer", _("computer")
        PRINTER = "printer", _("printer")
        SCANNER = "scanner", _("scanner")
        COPIER = "copier", _("copier")
        FAX = "fax", _("fax")
        MODEM = "modem", _("modem")
        PHONE = "phone", _("phone")
        SEWING_MACHINE = "sewing_machine", _("sewing machine")
        OVERLOCKER = "overlocker", _("overlocker")
        AUDIO_VIDEO = "audio_video", _("audio or video")
        PROJECTOR = "projector", _("projector")
        FURNITURE = "furniture", _("furniture")
        OTHER = "other", _("other")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    centre = models.ForeignKey(
        "centres.Centre", on_delete=models.PROTECT, related_name="equipment", verbose_name=_("centre")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    name = models.CharField(
        pgettext_lazy("of a thing", "name"), max_length=120, blank=True, help_text=_("Make and model, if known.")
    )
    quantity = models.PositiveIntegerField(_("pieces"), default=1)
    working = models.PositiveIntegerField(_("of these work"), default=1)
    not_working_since = models.DateField(_("out of order since"), null=True, blank=True)
    fault = models.CharField(_("what is wrong"), max_length=300, blank=True)
    acquired = models.DateField(_("acquired"), null=True, blank=True)
    source = models.CharField(
        _("where it comes from"), max_length=200, blank=True, help_text=_("Who gave it or paid for it.")
    )
    inventory_number = models.CharField(_("inventory number"), max_length=60, blank=True)

    objects = EquipmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("equipment")
        verbose_name_plural = _("equipment")
        ordering = ["centre", "kind", "name"]
        constraints = [
            models.CheckConstraint(
                name="equipment_quantity_at_least_one",
                condition=Q(quantity__gte=1),
                violation_error_message=_("Write how many pieces there are, at least 1."),
            ),
            models.CheckConstraint(
                name="equipment_working_not_above_quantity",
                condition=Q(working__gte=0, working__lte=F("quantity")),
                violation_error_message=_("More pieces work than there are. Correct one of the two numbers."),
            ),
            models.CheckConstraint(
                name="equipment_fault_only_when_broken",
                condition=Q(working__lt=F("quantity")) | Q(not_working_since__isnull=True, fault=""),
                violation_error_message=_(
                    "All pieces work, so there is no fault and no day since when. Clear those, or lower the number."
                ),
            ),
            models.CheckConstraint(
                name="equipment_dates_in_order",
                condition=Q(acquired__isnull=True)
                | Q(not_working_since__isnull=True)
                | Q(not_working_since__gte=F("acquired")),
                violation_error_message=_("It is out of order since before it was acquired."),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.name}".strip()

    def get_absolute_url(self):
        return f"{reverse('centres:equipment', args=[self.centre.code])}#row-{self.pk}"

    @property
    def broken(self) -> int:
        """Pieces that do not work."""
        return self.quantity - self.working

    def report_broken(self, *, version: int) -> None:
        """One more piece does not work, since today where none was broken before; raises EditConflict."""
        if not self.working:
            return
        if not self.broken:
            self.not_working_since = timezone.localdate()
        self.working -= 1
        self.write(version=version)

    def report_repaired(self, *, version: int) -> None:
        """One more piece works; with the last one the fault is over, and the history keeps it. Raises EditConflict."""
        if not self.broken:
            return
        self.working += 1
        if not self.broken:
            self.not_working_since, self.fault = None, ""
        self.write(version=version)
