"""Who teaches, and the seminars that trainers and other staff were trained at."""

import uuid
from dataclasses import dataclass

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modeltrans.fields import TranslationField

from centres.access import (
    CentreKeptQuerySet,
    CentreOwned,
    ScopedQuerySet,
    networks_own,
    reach_of,
    within_centre,
    within_network,
)
from centres.collation import alphabetical
from centres.history import track
from centres.models import Network
from centres.versions import Versioned


class TrainerQuerySet(CentreKeptQuerySet):
    def on(self, day):
        """Working at the centre on that day, as far as the dates are known."""
        return self.filter(
            Q(from_date__isnull=True) | Q(from_date__lte=day), Q(until_date__isnull=True) | Q(until_date__gte=day)
        )

    def in_order(self):
        return self.order_by(alphabetical(F("name")), "pk")

    def for_list(self):
        return self.select_related("centre", "user").in_order()


@track()
class Trainer(CentreOwned, Versioned):
    """Somebody who teaches at a centre, paid or as a volunteer. May be its facilitator too."""

    class Qualification(models.TextChoices):
        SCHOOL = "school", _("school teacher")
        VOCATIONAL = "vocational", _("teacher of a vocational school")
        SPECIALIST = "specialist", _("specialist of the trade")
        BUSINESS = "business", _("entrepreneur")
        MEDICAL = "medical", _("medical worker")
        ASSOCIATION = "association", _("trained by the association")
        OTHER = "other", _("other")

    class Payer(models.TextChoices):
        CENTRE = "centre", _("the centre")
        AKIMAT = "akimat", _("the akimat")
        EMPLOYMENT_CENTRE = "employment_centre", _("the employment centre")
        PROJECT = "project", _("a project")
        VOLUNTEER = "volunteer", _("nobody: a volunteer")

    class Speaks(models.TextChoices):
        KAZAKH = "kk", _("Kazakh")
        RUSSIAN = "ru", _("Russian")
        ENGLISH = "en", _("English")
        OTHER = "other", _("another language")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=150)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="trainers",
        verbose_name=_("account"),
        null=True,
        blank=True,
        help_text=_("If this is also the facilitator or the head of the centre."),
    )
    qualification = models.CharField(_("qualification"), max_length=20, choices=Qualification.choices)
    qualification_note = models.CharField(_("certificates, experience"), max_length=300, blank=True)
    is_certified = models.BooleanField(_("has a certificate for what she or he teaches"), null=True, blank=True)
    paid_by = models.CharField(_("paid by"), max_length=20, choices=Payer.choices)
    languages = ArrayField(
        models.CharField(max_length=10, choices=Speaks.choices), verbose_name=_("teaches in"), default=list, blank=True
    )
    phone = models.CharField(_("phone"), max_length=100, blank=True)
    from_date = models.DateField(_("from"), null=True, blank=True)
    until_date = models.DateField(_("until"), null=True, blank=True)

    objects = TrainerQuerySet.as_manager()

    class Meta:
        verbose_name = _("trainer")
        verbose_name_plural = _("trainers")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="trainer_dates_in_order",
                condition=Q(from_date__isnull=True) | Q(until_date__isnull=True) | Q(until_date__gte=F("from_date")),
                violation_error_message=_("The last day lies before the first."),
            )
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("training:trainer", args=[self.pk])

    @property
    def is_current(self) -> bool:
        today = timezone.localdate()
        return (self.from_date or today) <= today <= (self.until_date or today)


class SeminarQuerySet(ScopedQuerySet):
    def visible_to(self, user):
        """For everybody who works in the network."""
        return self.filter(network__in=Network.objects.joined_by(user).values("pk"))

    def editable_by(self, user):
        return self.filter(network__in=reach_of(user).coordinates)

    def for_list(self):
        return self.select_related("cascade_of").order_by("-start", "-pk")


@track()
class Seminar(Versioned):
    """A training or awareness event for the staff of centres (the ten of §5); those trained may train others."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    network = models.ForeignKey(
        "centres.Network", on_delete=models.PROTECT, related_name="seminars", verbose_name=_("network")
    )
    title = models.CharField(_("title"), max_length=200)
    start = models.DateField(_("first day"))
    end = models.DateField(_("last day"))
    place = models.CharField(_("place"), max_length=150, blank=True)
    form = models.CharField(pgettext_lazy("of an event", "form"), max_length=100, blank=True)
    objectives = models.TextField(_("objectives"), blank=True)
    outcomes = models.TextField(pgettext_lazy("of an event", "outcomes"), blank=True)
    project = models.ForeignKey(
        "centres.Project",
        on_delete=models.PROTECT,
        related_name="seminars",
        verbose_name=_("project"),
        null=True,
        blank=True,
    )
    cascade_of = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        related_name="cascades",
        verbose_name=_("held by those trained at"),
        null=True,
        blank=True,
    )
    i18n = TranslationField(fields=("title", "place", "form", "objectives", "outcomes"))

    objects = SeminarQuerySet.as_manager()

    class Meta:
        verbose_name = _("seminar")
        verbose_name_plural = _("seminars")
        ordering = ["-start"]
        constraints = [
            models.CheckConstraint(
                name="seminar_dates_in_order",
                condition=Q(end__gte=F("start")),
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                name="seminar_not_a_cascade_of_itself",
                condition=Q(cascade_of__isnull=True) | ~Q(cascade_of=F("pk")),
                violation_error_message=_("A seminar cannot follow from itself."),
            ),
        ]
        triggers = networks_own(cascade_of="training_seminar", project="centres_project")

    def __str__(self):
        return self.title_i18n

    def get_absolute_url(self):
        return reverse("training:seminar", args=[self.pk])

    def family(self) -> list["Generation"]:
        """The seminars that this one comes from and all that follow from those, in reading order (1 query)."""
        everyone = {row.pk: row for row in Seminar.objects.filter(network=self.network_id).order_by("start", "pk")}
        root, climbed = everyone[self.pk], {self.pk}
        while root.cascade_of_id in everyone and root.cascade_of_id not in climbed:
            climbed.add(root.cascade_of_id)
            root = everyone[root.cascade_of_id]
        below = {}
        for row in everyone.values():
            below.setdefault(row.cascade_of_id, []).append(row)
        found, open_ones = {}, [(root, 0)]
        while open_ones:
            row, depth = open_ones.pop()
            if row.pk not in found:
                found[row.pk] = Generation(row, depth)
                open_ones += [(child, depth + 1) for child in reversed(below.get(row.pk, []))]
        return list(found.values())

    def followers(self) -> set:
        """The ids of all seminars that follow from this one, over any number of steps (1 query)."""
        family = self.family()
        place = next(place for place, each in enumerate(family) if each.seminar.pk == self.pk)
        found = set()
        for each in family[place + 1 :]:
            if each.depth <= family[place].depth:
                break
            found.add(each.seminar.pk)
        return found


@dataclass(frozen=True)
class Generation:
    """A seminar in the tree of its cascades; the first of all has depth 0."""

    seminar: Seminar
    depth: int


@track()
class SeminarAttendance(CentreOwned):
    """A centre's trainer who took part in a seminar."""

    seminar = models.ForeignKey(
        Seminar, on_delete=models.PROTECT, related_name="attendances", verbose_name=_("seminar")
    )
    trainer = models.ForeignKey(
        Trainer, on_delete=models.PROTECT, related_name="attendances", verbose_name=_("trainer")
    )

    objects = CentreKeptQuerySet.as_manager()

    class Meta:
        verbose_name = _("attendance of a seminar")
        verbose_name_plural = _("attendances of seminars")
        constraints = [models.UniqueConstraint(fields=["trainer", "seminar"], name="seminarattendance_once")]
        triggers = [*within_centre(trainer="training_trainer"), *within_network(seminar="training_seminar")]

    def __str__(self):
        return f"{self.trainer}: {self.seminar}"
