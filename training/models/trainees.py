"""The people who learn at a centre, and what they agreed to. Names never leave the network."""

import uuid

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modeltrans.fields import TranslationField

from centres.access import CentreKeptQuerySet, CentreOwned, ScopedQuerySet, reach_of, within_centre
from centres.collation import alphabetical
from centres.history import track
from centres.latin import NameKey
from centres.models import Network
from centres.versions import Versioned

ADULT = 18  # years; under it a guardian gives the consent


def sees_sensitive(user, centre) -> bool:
    """Whether the person sees sensitive marks and contacts of the centre's trainees: its own people, coordinators."""
    reach = reach_of(user)
    return centre.network_id in reach.coordinates or centre.pk in reach.runs


class TraineeQuerySet(CentreKeptQuerySet):
    def current(self):
        """Without those that were merged into another entry of the same person."""
        return self.filter(merged_into=None)

    def in_order(self):
        return self.order_by(alphabetical(F("surname")), alphabetical(F("given_name")), "pk")

    def for_list(self):
        return self.current().select_related("centre").in_order()


@track(exclude=["name_key"])
class Trainee(CentreOwned, Versioned):
    """A person who learns at a centre. Her enrolments say what; unknown, No and 0 are different things."""

    class Sex(models.TextChoices):
        FEMALE = "f", _("female")
        MALE = "m", _("male")
        UNKNOWN = "", _("not known")

    class Needy(models.TextChoices):
        YES = "yes", pgettext_lazy("needy family", "yes")
        NO = "no", pgettext_lazy("needy family", "no")
        UNKNOWN = "", _("not known")

    class Language(models.TextChoices):
        KAZAKH = "kk", _("Kazakh")
        RUSSIAN = "ru", _("Russian")
        OTHER = "other", _("another language")
        UNKNOWN = "", _("not known")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    surname = models.CharField(_("surname"), max_length=80)
    given_name = models.CharField(_("given name"), max_length=80)
    patronymic = models.CharField(_("patronymic"), max_length=80, blank=True)
    name_key = models.GeneratedField(
        expression=NameKey(Concat("surname", Value(" "), "given_name", Value(" "), "patronymic")),
        output_field=models.TextField(),
        db_persist=True,
    )
    birth_year = models.PositiveSmallIntegerField(_("year of birth"), null=True, blank=True)
    sex = models.CharField(_("sex"), max_length=1, choices=Sex.choices, blank=True)
    needy = models.CharField(_("needy family"), max_length=3, choices=Needy.choices, blank=True)
    target_groups = models.ManyToManyField(
        "centres.TargetGroup",
        through="TraineeTargetGroup",
        related_name="trainees",
        verbose_name=_("target groups"),
        blank=True,
    )
    language = models.CharField(_("language"), max_length=10, choices=Language.choices, blank=True)
    phone = models.CharField(_("phone"), max_length=100, blank=True)
    contact = models.CharField(_("other contact"), max_length=200, blank=True)
    guardian_name = models.CharField(_("guardian"), max_length=150, blank=True, help_text=_("For those under 18."))
    guardian_phone = models.CharField(_("guardian's phone"), max_length=100, blank=True)
    registered_on = models.DateField(_("registered on"), default=timezone.localdate)
    note = models.TextField(_("note"), blank=True)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="absorbed", null=True, blank=True, editable=False
    )

    objects = TraineeQuerySet.as_manager()

    class Meta:
        verbose_name = _("trainee")
        verbose_name_plural = _("trainees")
        ordering = ["surname", "given_name"]
        indexes = [GinIndex(OpClass(F("name_key"), "gin_trgm_ops"), name="trainee_name_key")]
        constraints = [
            models.CheckConstraint(
                name="trainee_born_before_registered",
                condition=Q(birth_year__isnull=True)
                | Q(birth_year__gte=1900, birth_year__lte=F("registered_on__year")),
                violation_error_message=_("The year of birth lies between 1900 and the year of registration."),
            ),
            models.CheckConstraint(
                name="trainee_minor_has_guardian",
                condition=Q(birth_year__isnull=True)
                | Q(birth_year__lte=F("registered_on__year") - ADULT)
                | ~Q(guardian_name=""),
                violation_error_message=_("Under 18 years: name a parent or guardian."),
            ),
            models.CheckConstraint(
                name="trainee_not_merged_into_itself",
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("pk")),
            ),
        ]
        triggers = within_centre(merged_into="training_trainee")

    def __str__(self):
        return " ".join(filter(None, (self.surname, self.given_name, self.patronymic)))

    def get_absolute_url(self):
        return reverse("training:trainee", args=[self.pk])

    @property
    def is_minor(self) -> bool:
        """Under 18 this year, as far as the year of birth tells."""
        return self.birth_year is not None and timezone.localdate().year - self.birth_year < ADULT


@track()
class TraineeTargetGroup(CentreOwned):
    """A trainee belongs to a target group of the network (§3)."""

    trainee = models.ForeignKey(
        Trainee, on_delete=models.CASCADE, related_name="target_group_marks", verbose_name=_("trainee")
    )
    target_group = models.ForeignKey(
        "centres.TargetGroup", on_delete=models.PROTECT, related_name="marks", verbose_name=_("target group")
    )

    objects = CentreKeptQuerySet.as_manager()

    class Meta:
        verbose_name = _("target group of a trainee")
        verbose_name_plural = _("target groups of trainees")
        constraints = [models.UniqueConstraint(fields=["trainee", "target_group"], name="traineetargetgroup_once")]
        triggers = within_centre(trainee="training_trainee")

    def __str__(self):
        return f"{self.trainee}: {self.target_group}"


class ConsentTextQuerySet(ScopedQuerySet):
    def visible_to(self, user):
        """For everybody who works in the network."""
        return self.filter(network__in=Network.objects.joined_by(user).values("pk"))

    def editable_by(self, user):
        return self.filter(network__in=reach_of(user).coordinates)

    def in_force(self):
        """The newest text of each network and purpose."""
        return self.order_by("network", "purpose", "-number").distinct("network", "purpose")


@track()
class ConsentText(models.Model):
    """What a network asks people to agree to. A text that somebody has agreed to is never changed: it gets a number."""

    class Purpose(models.TextChoices):
        DATA = "data", _("keeping her or his data")
        PHOTO = "photo", _("showing photos")

    network = models.ForeignKey(
        "centres.Network", on_delete=models.PROTECT, related_name="consent_texts", verbose_name=_("network")
    )
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose.choices, default=Purpose.DATA)
    number = models.PositiveSmallIntegerField(_("version"))
    text = models.TextField(_("text"))
    since = models.DateField(_("in force since"), default=timezone.localdate)
    i18n = TranslationField(fields=("text",))

    objects = ConsentTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent text")
        verbose_name_plural = _("consent texts")
        ordering = ["purpose", "-number"]
        constraints = [models.UniqueConstraint(fields=["network", "purpose", "number"], name="consenttext_once")]

    def __str__(self):
        return f"{self.get_purpose_display()}, {self.number}"


@track()
class Consent(CentreOwned, Versioned):
    """Somebody agreed to a text: who, in which language, when, and when it was withdrawn."""

    class GivenBy(models.TextChoices):
        TRAINEE = "trainee", _("the trainee")
        GUARDIAN = "guardian", _("the guardian")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    trainee = models.ForeignKey(Trainee, on_delete=models.PROTECT, related_name="consents", verbose_name=_("trainee"))
    text = models.ForeignKey(
        ConsentText, on_delete=models.PROTECT, related_name="consents", verbose_name=_("consent text")
    )
    language = models.CharField(_("language of the text"), max_length=2, choices=settings.LANGUAGES)
    given_by = models.CharField(_("given by"), max_length=10, choices=GivenBy.choices, default=GivenBy.TRAINEE)
    giver_name = models.CharField(_("name of the guardian"), max_length=150, blank=True)
    given_on = models.DateField(_("given on"), default=timezone.localdate)
    withdrawn_on = models.DateField(_("withdrawn on"), null=True, blank=True)

    objects = CentreKeptQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["-given_on"]
        constraints = [
            models.CheckConstraint(
                name="consent_dates_in_order",
                condition=Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gte=F("given_on")),
                violation_error_message=_("It was withdrawn before it was given."),
            ),
            models.CheckConstraint(
                name="consent_guardian_named",
                condition=Q(given_by="trainee", giver_name="") | (Q(given_by="guardian") & ~Q(giver_name="")),
                violation_error_message=_("Name the guardian, if the guardian gave the consent."),
            ),
        ]
        triggers = within_centre(trainee="training_trainee")

    def __str__(self):
        return f"{self.trainee}: {self.text}"
