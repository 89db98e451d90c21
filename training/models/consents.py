"""What people agreed to: the texts of a network in numbered versions, and who agreed to which, until when."""

import uuid

import pghistory
import pgtrigger
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Max, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modeltrans.fields import TranslationField

from centres.access import (
    CentreKeptQuerySet,
    CentreOwned,
    ScopedQuerySet,
    reach_of,
    within_centre,
    within_network,
)
from centres.history import track
from centres.models import Network
from centres.versions import Versioned

from ..consent_texts import USUAL
from .trainees import Trainee

NOTED = _("This consent is noted already.")


class ConsentTextQuerySet(ScopedQuerySet):
    def visible_to(self, user):
        """For everybody who works in the network."""
        return self.filter(network__in=Network.objects.joined_by(user).values("pk"))

    def editable_by(self, user):
        return self.filter(network__in=reach_of(user).coordinates)

    def in_force(self):
        """The newest text of each network and purpose."""
        return self.order_by("network_id", "purpose", "-number").distinct("network_id", "purpose")

    def for_list(self):
        """By network and purpose, the newest first, with how many agreed to each."""
        agreed = models.Count("consents")
        return self.select_related("network").annotate(agreed=agreed).order_by("network__code", "purpose", "-number")

    @transaction.atomic
    def furnish(self, network) -> int:
        """Give the network the usual texts for the purposes that it has none for; answers how many came."""
        network = Network.objects.select_for_update(no_key=True).get(pk=network.pk)
        known = set(network.consent_texts.values_list("purpose", flat=True))
        missing = [text for text in USUAL if text.purpose not in known]
        self.bulk_create(
            self.model(network=network, purpose=text.purpose, number=1, text=text.en, text_ru=text.ru, text_kk=text.kk)
            for text in missing
        )
        return len(missing)


@track()
class ConsentText(Versioned):
    """What a network asks people to agree to. A text that somebody has agreed to is never changed: it gets a number."""

    class Purpose(models.TextChoices):
        DATA = "data", _("keeping her or his data")
        PHOTO = "photo", _("showing photos")

    network = models.ForeignKey(
        "centres.Network", on_delete=models.PROTECT, related_name="consent_texts", verbose_name=_("network")
    )
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose.choices, default=Purpose.DATA)
    number = models.PositiveSmallIntegerField(_("number"))
    text = models.TextField(_("text"))
    since = models.DateField(_("in force since"), default=timezone.localdate)
    i18n = TranslationField(fields=("text",))

    objects = ConsentTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent text")
        verbose_name_plural = _("consent texts")
        ordering = ["purpose", "-number"]
        constraints = [models.UniqueConstraint(fields=["network", "purpose", "number"], name="consenttext_once")]
        triggers = [
            pgtrigger.Trigger(
                name="agreed_to_stays",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                    IF (OLD.text, OLD.i18n, OLD.purpose, OLD.number, OLD.network_id)
                        IS DISTINCT FROM (NEW.text, NEW.i18n, NEW.purpose, NEW.number, NEW.network_id)
                        AND EXISTS (SELECT FROM training_consent WHERE text_id = OLD.id)
                    THEN
                        RAISE EXCEPTION 'Somebody has agreed to this text.' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self):
        return f"{self.get_purpose_display()}, {self.number}"

    @property
    def is_agreed_to(self) -> bool:
        """Whether somebody has agreed, so that it can no longer be changed."""
        return self.consents.exists()

    @transaction.atomic
    def issue(self, *, by) -> None:
        """Store this new text under the next number of its network and purpose."""
        Network.objects.select_for_update(no_key=True).get(pk=self.network_id)
        last = ConsentText.objects.filter(network=self.network, purpose=self.purpose).aggregate(last=Max("number"))
        self.number = (last["last"] or 0) + 1
        with pghistory.context(user=by.pk):
            self.save(force_insert=True)


class ConsentQuerySet(CentreKeptQuerySet):
    def in_force(self):
        return self.filter(withdrawn_on=None)

    def for_list(self):
        return self.select_related("text").order_by(
            "text__purpose", F("withdrawn_on").desc(nulls_first=True), "-given_on"
        )

    @transaction.atomic
    def give(self, rows, *, text, by) -> list["Consent"]:
        """Store these new consents to one text, of different people, and answer them.

        Left out are people who were merged away or agreed to the same meanwhile.
        """
        ConsentText.objects.select_for_update(no_key=True).get(pk=text.pk)
        people = Trainee.objects.current().filter(pk__in=[row.trainee_id for row in rows]).order_by("pk")
        there = {person.pk for person in people.select_for_update(no_key=True, of=["self"])}
        agreed = self.in_force().filter(trainee__in=there, text__purpose=text.purpose)
        there -= set(agreed.values_list("trainee", flat=True))
        with pghistory.context(user=by.pk):
            return self.bulk_create(row for row in rows if row.trainee_id in there)


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

    objects = ConsentQuerySet.as_manager()

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
            models.UniqueConstraint(
                fields=["trainee", "text", "given_on"],
                name="consent_once",
                condition=Q(withdrawn_on__isnull=True),
                violation_error_message=NOTED,
            ),
        ]
        triggers = [*within_centre(trainee="training_trainee"), *within_network(text="training_consenttext")]

    def __str__(self):
        return f"{self.trainee}: {self.text}"

    @transaction.atomic
    def give(self, *, by) -> None:
        """Store this new consent. The text stays as it was agreed to; a merged-away person gives none.

        Raises ValidationError, also where the person agreed to the text on that day already.
        """
        ConsentText.objects.select_for_update(no_key=True).get(pk=self.text_id)
        self.trainee.hold()
        if Consent.objects.in_force().filter(trainee=self.trainee, text=self.text, given_on=self.given_on).exists():
            raise ValidationError(NOTED, code="noted")
        with pghistory.context(user=by.pk):
            self.save(force_insert=True)

    @transaction.atomic
    def withdraw(self, *, by, on, version: int) -> None:
        """It no longer holds from that day on, nor does any other one that she gave for the same purpose until then.

        Raises ValidationError, or EditConflict if it was changed meanwhile.
        """
        if on < self.given_on:
            raise ValidationError({"withdrawn_on": _("It was withdrawn before it was given.")})
        if on > timezone.localdate():
            raise ValidationError({"withdrawn_on": _("This day lies in the future.")})
        self.withdrawn_on = on
        same = Consent.objects.in_force().filter(trainee=self.trainee_id, text__purpose=self.text.purpose)
        with pghistory.context(user=by.pk):
            self.write(version=version)
            same.filter(given_on__lte=on).update(withdrawn_on=on, version=F("version") + 1)
