"""Certificates: numbered per centre without gaps, printed as they were issued, revoked but never deleted."""

import re
import secrets
import uuid
from dataclasses import dataclass

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from centres.access import CentreKeptQuerySet, CentreOwned, within_centre
from centres.history import track
from centres.latin import NameKey, name_key
from centres.models import Post
from centres.models.network import search_words

from .enrolments import Enrolment

#: Digits and capitals without I, L, O and U: nobody takes one for another, and few words come about by chance.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 16  # letters of five bits: 80 bits
GROUP = 4  # letters between two hyphens

SAYS_CENTRE = re.compile(r"cent(re|er)|\bclc\b|центр|\bоуц\b|орталы[ғқ]|\bқоо\b", re.IGNORECASE)

# What people type instead: letters that look like a digit, and Cyrillic ones that look like a Latin letter.
MISREAD = str.maketrans("OILUАВЕЗКМНОРСТХУІ", "011VABE3KMH0PCTXY1")


def new_code() -> str:
    """A code that cannot be guessed: 80 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def read_code(typed: str) -> str:
    """The code that somebody meant: case, spaces, hyphens and letters that look alike do not count.

    Empty where the text cannot be a code.
    """
    letters = "".join(letter for letter in typed.upper().translate(MISREAD) if letter.isalnum())
    return letters if len(letters) == CODE_LENGTH and set(letters) <= set(ALPHABET) else ""


def grouped(code: str) -> str:
    """A code as people read it: in groups of four."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def long_name(name: str) -> str:
    """A centre's name with what it is, in the active language; unchanged where the name says so itself."""
    if not name or SAYS_CENTRE.search(name):
        return name
    return gettext("Community Learning Centre %(name)s") % {"name": name}


@dataclass(frozen=True)
class Wording:
    """What a certificate says in one of its languages, as it was on the day of issue."""

    language: str
    programme: str
    centre: str
    network: str
    place: str = ""


class CertificateCounter(models.Model):
    """The last number that a centre has given. Issuing locks it, so that two at a time wait for one another."""

    centre = models.OneToOneField(
        "centres.Centre", on_delete=models.PROTECT, primary_key=True, related_name="certificate_counter"
    )
    last = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("counter of certificates")
        verbose_name_plural = _("counters of certificates")

    def __str__(self):
        return f"{self.centre}: {self.last}"


class CertificateQuerySet(CentreKeptQuerySet):
    def valid(self):
        return self.filter(revoked_at=None)

    def matching(self, text: str):
        """Every word is the number or the code, or occurs in the name in some spelling."""
        if code := read_code(text):
            return self.filter(code=code)
        for word in search_words(text.replace("№", " ").replace("#", " ")):
            named = Q(name_key__contains=name_key(word)) if name_key(word) else Q()
            digits = word.lstrip("0")
            self = self.filter(named | Q(number=int(digits)) if digits.isdecimal() and len(digits) < 10 else named)
        return self

    def for_list(self):
        """The latest first."""
        return self.select_related("centre", "enrolment__group").order_by("-issued_on", "-number", "pk")

    def for_document(self):
        """In the order of their numbers, with what a printed sheet needs besides its own row."""
        return self.select_related("centre__network").order_by("centre", "number")

    @transaction.atomic
    def issue(self, names: dict, *, by, form, issued_on, **printed) -> list["Certificate"]:
        """A certificate for each enrolment, in the order given, all or none; `names` gives the name by enrolment.

        `printed` holds the other fields that all of them share. Raises ValidationError with a sentence per enrolment
        that may not get one.
        """
        pks = [enrolment.pk for enrolment in names]
        locked = Enrolment.objects.select_for_update(of=["self"]).filter(pk__in=pks).order_by("pk")
        fresh = {row.pk: row for row in locked.select_related("trainee", "group__programme", "centre")}
        held = {row.enrolment_id: row for row in self.model.objects.valid().filter(enrolment__in=pks, form=form)}
        refused = [
            ValidationError("%(name)s: %(reason)s", params={"name": name, "reason": reason})
            for enrolment, name in names.items()
            if (reason := hindrance(fresh[enrolment.pk], held.get(enrolment.pk), issued_on))
        ]
        if refused:
            raise ValidationError(refused)
        made = []
        for pk, name in zip(pks, names.values(), strict=True):
            row, centre = fresh[pk], fresh[pk].centre
            shared = {"form": form, "issued_on": issued_on, "hours": row.group.programme.hours, **printed}
            made.append(
                self.model(
                    centre=centre,
                    enrolment=row,
                    name=name,
                    first_day=row.started_on,
                    last_day=row.ended_on,
                    is_recognised=centre.legal_status == centre.LegalStatus.REGISTERED,
                    issued_by=by,
                    **shared,
                )
            )
        with pghistory.context(user=by.pk):
            return self.bulk_create(made)


def hindrance(enrolment, held, issued_on) -> str:
    """Why this enrolment may not get a certificate on that day; empty where it may. `held` is its valid one, if any."""
    if held:
        return _("has certificate %(number)s already; revoke that one first") % {"number": held.number_text}
    if enrolment.status != Enrolment.Status.COMPLETED:
        return _("has not completed the group")
    if enrolment.ended_on > issued_on:
        return _("ended on %(day)s, after the day of issue") % {"day": date_format(enrolment.ended_on, "DATE_FORMAT")}
    return ""


@track(exclude=["name_key"])
class Certificate(CentreOwned):
    """That somebody completed a programme. What it says is kept as printed, whatever is corrected elsewhere later.

    Only a centre that is a registered legal entity may award certificates that the state recognises (§6.5, row 12;
    §7.4). A part of a host has no rights of its own, and the sheet names the centre, not the host: so it counts as
    not recognised, and the sheet says that it confirms attendance only.
    """

    class Form(models.TextChoices):
        KK_RU = "kk+ru", _("Kazakh and Russian")
        EN = "en", _("English")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    enrolment = models.ForeignKey(
        Enrolment, on_delete=models.PROTECT, related_name="certificates", verbose_name=_("enrolment")
    )
    # The trigger "numbered" gives it, whatever is written here.
    number = models.PositiveIntegerField(_("number"), db_default=0, editable=False)
    code = models.CharField(_("code"), max_length=CODE_LENGTH, unique=True, default=new_code, editable=False)
    form = models.CharField(_("language"), max_length=10, choices=Form.choices)
    issued_on = models.DateField(_("day of issue"))
    name = models.CharField(_("name as printed"), max_length=250)
    name_key = models.GeneratedField(
        expression=NameKey(F("name")), output_field=models.TextField(), db_persist=True, editable=False
    )
    wordings = models.JSONField(_("words as printed"), help_text=_("By language: programme, centre, network, place."))
    hours = models.DecimalField(_("hours"), max_digits=6, decimal_places=1, null=True, blank=True)
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))
    is_recognised = models.BooleanField(_("recognised by the state"))
    signatory = models.CharField(_("signed by"), max_length=150)
    signs_as = models.CharField(_("signs as"), max_length=20, choices=Post.Kind.choices, default=Post.Kind.HEAD)
    issued_at = models.DateTimeField(_("issued at"), auto_now_add=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("issued by")
    )
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("revoked by"),
        null=True,
        blank=True,
    )
    revoked_reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        ordering = ["centre", "number"]
        indexes = [GinIndex(OpClass(F("name_key"), "gin_trgm_ops"), name="certificate_name_key")]
        constraints = [
            models.UniqueConstraint(fields=["centre", "number"], name="certificate_number_once"),
            models.UniqueConstraint(
                fields=["enrolment", "form"],
                name="certificate_one_valid",
                condition=Q(revoked_at__isnull=True),
                violation_error_message=_("There is a valid certificate of this form already. Revoke it first."),
            ),
            models.CheckConstraint(
                name="certificate_dates_in_order",
                condition=Q(first_day__lte=F("last_day"), last_day__lte=F("issued_on")),
                violation_error_message=_("A certificate is issued on the last day or later."),
            ),
            models.CheckConstraint(
                name="certificate_revoked_by_somebody_for_a_reason",
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True, revoked_reason="")
                | (Q(revoked_at__isnull=False, revoked_by__isnull=False) & ~Q(revoked_reason="")),
            ),
        ]
        triggers = [
            *within_centre(enrolment="training_enrolment"),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="numbered",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                # The counter's row stays locked until the end of the transaction; a rolled-back issue gives the
                # number back.
                func="""
                    INSERT INTO training_certificatecounter AS counter (centre_id, last) VALUES (NEW.centre_id, 1)
                    ON CONFLICT (centre_id) DO UPDATE SET last = counter.last + 1
                    RETURNING last INTO NEW.number;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="of_completed_enrolment",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    PERFORM 1 FROM training_enrolment
                    WHERE id = NEW.enrolment_id AND status = 'completed'
                        AND started_on = NEW.first_day AND ended_on = NEW.last_day
                    FOR SHARE;
                    IF NOT FOUND THEN
                        RAISE EXCEPTION 'The enrolment is not completed, or in other days.'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="only_revoked",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                    IF OLD.revoked_at IS NOT NULL
                        OR to_jsonb(OLD) - ARRAY['revoked_at', 'revoked_by_id', 'revoked_reason', 'name_key']
                        <> to_jsonb(NEW) - ARRAY['revoked_at', 'revoked_by_id', 'revoked_reason', 'name_key']
                    THEN
                        RAISE EXCEPTION 'A certificate is never changed; it can be revoked, once.'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self):
        return f"№ {self.number_text}, {self.name}"

    def get_absolute_url(self):
        return reverse("training:certificate", args=[self.pk])

    @property
    def number_text(self) -> str:
        """The number as printed."""
        return f"{self.number:05d}"

    @property
    def code_text(self) -> str:
        """The code as printed."""
        return grouped(self.code)

    @property
    def public_path(self) -> str:
        """The address at which anybody verifies it, without the host."""
        return reverse("certificate_public", args=[self.code_text])

    @property
    def is_valid(self) -> bool:
        return self.revoked_at is None

    def in_words(self) -> list[Wording]:
        """What it says, in each of its languages, in the order of the sheet."""
        return [Wording(language, **self.wordings[language]) for language in self.form.split("+")]

    def revoke(self, *, by, reason) -> bool:
        """Make it worthless, for a reason that stays inside. False where somebody else was quicker."""
        fields = {"revoked_at": timezone.now(), "revoked_by": by, "revoked_reason": reason}
        with pghistory.context(user=by.pk):
            if not Certificate.objects.valid().filter(pk=self.pk).update(**fields):
                return False
        for name, value in fields.items():
            setattr(self, name, value)
        return True
