"""People with an account: who they are, in which role, from when to when, and how they were invited."""

import hashlib
import secrets
from datetime import datetime, time, timedelta
from functools import cached_property

import pgtrigger
from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Func, Q
from django.db.models.functions import Coalesce, Least, Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..access import Reach, ScopedQuerySet, reach_of
from ..collation import alphabetical
from ..history import track


class DateRange(Func):
    """From a day to a day, both included; an open end is for ever."""

    function = "DATERANGE"

    def __init__(self, start="from_date", end="until_date"):
        super().__init__(F(start), F(end), models.Value("[]"))


class Role(models.TextChoices):
    """What a membership allows. Nobody has a role in general, only in a network, at a centre or for a project."""

    COORDINATOR = "coordinator", _("coordinator")
    EXPERT = "expert", _("expert")
    FACILITATOR = "facilitator", _("facilitator")
    HEAD = "head", _("head of centre")
    DONOR = "donor", _("donor")


CENTRE_ROLES = [Role.FACILITATOR, Role.HEAD]


class User(AbstractUser):
    """A person with an account. What she may see follows from her memberships, nothing else."""

    first_name = None
    last_name = None
    name = models.CharField(_("name"), max_length=150, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, blank=True)
    is_demo = models.BooleanField(
        _("demo account"), default=False, help_text=_("Has a public password; cannot sign in to a production system.")
    )

    REQUIRED_FIELDS = ["email"]

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_once",
                condition=~Q(email=""),
                violation_error_message=_("Someone already has this e-mail address."),
            )
        ]

    def __str__(self):
        return self.name or self.username

    def get_full_name(self):
        return self.name

    def get_short_name(self):
        return self.name or self.username

    @cached_property
    def current_memberships(self) -> list["Membership"]:
        """The memberships valid today with their networks (one query, kept for the request)."""
        return list(self.memberships.on(timezone.localdate()).select_related("network").order_by("from_date", "pk"))

    @property
    def home_network(self):
        """The network whose name and colours the pages carry: that of the oldest membership."""
        return self.current_memberships[0].network if self.current_memberships else None

    @cached_property
    def reach(self) -> Reach:
        """What this person's memberships of today open up."""
        return Reach.of(self.current_memberships)


class MembershipQuerySet(ScopedQuerySet):
    def on(self, day):
        """Valid on that day, both ends included."""
        return self.filter(Q(from_date__lte=day), Q(until_date__isnull=True) | Q(until_date__gte=day))

    def visible_to(self, user):
        """A coordinator sees all of her network; everyone sees her own."""
        return self.filter(Q(network__in=reach_of(user).coordinates) | Q(user=user.pk))

    def editable_by(self, user):
        return self.filter(network__in=reach_of(user).coordinates)

    def for_list(self):
        everything = self.select_related("user", "network", "centre", "project")
        return everything.order_by(alphabetical(F("user__name")), "user__username", "role", "pk")


def one_network(scope: str) -> pgtrigger.Trigger:
    """Refuses a row whose `scope` (centre or project) belongs to another network than the row itself.

    What a membership opens follows from its network, so this must hold however the row is written.
    """
    return pgtrigger.Trigger(
        name=f"{scope}_of_network",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("network_id", f"{scope}_id"),
        func=f"""
            IF EXISTS (SELECT FROM centres_{scope} WHERE id = NEW.{scope}_id AND network_id <> NEW.network_id) THEN
                RAISE EXCEPTION 'The {scope} belongs to another network.' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    )


class Reaching(models.Model):
    """What a membership and an invitation have in common: a role and the part of the network that it is for."""

    network = models.ForeignKey(
        "centres.Network", on_delete=models.PROTECT, related_name="%(class)ss", verbose_name=_("network")
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices)
    centre = models.ForeignKey(
        "centres.Centre",
        on_delete=models.PROTECT,
        related_name="%(class)ss",
        null=True,
        blank=True,
        verbose_name=_("centre"),
        help_text=_("For a facilitator or a head."),
    )
    project = models.ForeignKey(
        "centres.Project",
        on_delete=models.PROTECT,
        related_name="%(class)ss",
        null=True,
        blank=True,
        verbose_name=_("project"),
        help_text=_("For a donor."),
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_centre_fits_role",
                condition=Q(role__in=CENTRE_ROLES, centre__isnull=False)
                | (~Q(role__in=CENTRE_ROLES) & Q(centre__isnull=True)),
                violation_error_message=_("A facilitator and a head need a centre; the other roles have none."),
            ),
            models.CheckConstraint(
                name="%(class)s_project_fits_role",
                condition=Q(role=Role.DONOR, project__isnull=False) | (~Q(role=Role.DONOR) & Q(project__isnull=True)),
                violation_error_message=_("A donor needs a project; the other roles have none."),
            ),
        ]
        triggers = [one_network("centre"), one_network("project")]

    def clean(self):
        """The centre or the project must be the network's own."""
        super().clean()
        for name in ("centre", "project"):
            scope = getattr(self, name)
            if scope and self.network_id and scope.network_id != self.network_id:
                raise ValidationError({name: _("This belongs to another network.")})

    @property
    def scope(self):
        """What the role is for: the centre, the project or the whole network."""
        return self.centre or self.project or self.network


@track()
class Membership(Reaching):
    """One person's role from a day to a day. It is ended, never deleted: turnover is itself a finding."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("person"))
    from_date = models.DateField(_("from"), default=timezone.localdate)
    until_date = models.DateField(_("until"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            *Reaching.Meta.constraints,
            models.CheckConstraint(
                name="membership_dates_in_order",
                condition=Q(until_date__isnull=True) | Q(until_date__gte=F("from_date")),
                violation_error_message=_("The last day lies before the first."),
            ),
            ExclusionConstraint(
                name="membership_once_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("network", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (Coalesce("centre", 0), RangeOperators.EQUAL),
                    (Coalesce("project", 0), RangeOperators.EQUAL),
                    (DateRange(), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("This person already has this role in that time."),
            ),
        ]
        triggers = Reaching.Meta.triggers

    def __str__(self):
        return f"{self.user}: {self.get_role_display()}, {self.scope}"

    @property
    def is_current(self) -> bool:
        return self.until_date is None or self.until_date >= timezone.localdate()

    @property
    def unanswered(self):
        """Invitations that rest on this membership: a coordinator's own, which nobody has answered yet."""
        sent = Invitation.objects.pending().filter(invited_by=self.user_id, network=self.network_id)
        return sent if self.role == Role.COORDINATOR else sent.none()

    @transaction.atomic
    def end(self, *, last_day=None) -> None:
        """End the role after that day, by default at once; what the person has invited to ends with it.

        At once means that yesterday was the last day, so that the next click finds the role gone. A role that never
        lasted a day is removed as if never given.
        """
        if last_day:
            self.unanswered.update(expires_at=Least("expires_at", end_of(last_day)))
        else:
            self.unanswered.update(withdrawn_at=timezone.now())
        yesterday = timezone.localdate() - timedelta(1)
        if last_day is None and self.from_date > yesterday:
            self.delete()
            return
        self.until_date = last_day or yesterday
        self.save(update_fields=["until_date"])


def end_of(day) -> datetime:
    """The last moment of a day, by the clock on the wall."""
    return timezone.make_aware(datetime.combine(day, time.max))


class InvitationQuerySet(ScopedQuerySet):
    def visible_to(self, user):
        return self.filter(network__in=reach_of(user).coordinates)

    editable_by = visible_to

    def pending(self):
        """Neither accepted nor withdrawn, whether or not the time is up."""
        return self.filter(accepted_at__isnull=True, withdrawn_at__isnull=True)

    def open(self):
        """Those that a link still opens."""
        return self.pending().filter(expires_at__gt=timezone.now())

    def for_token(self, token: str):
        """The invitation behind a link. Only the token's digest is stored, so a stolen table opens nothing."""
        return self.filter(digest=hashlib.sha256(token.encode()).hexdigest())


@track(exclude=["digest"])
class Invitation(Reaching):
    """An offer of a role to an e-mail address. It works once, for 14 days, and no longer than its sender's own role."""

    DAYS_OPEN = 14

    email = models.EmailField(_("e-mail"))
    name = models.CharField(_("name"), max_length=150, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="ru")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="invitations_sent", editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(editable=False)
    accepted_at = models.DateTimeField(null=True, blank=True, editable=False)
    accepted_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="invitations_accepted", null=True, blank=True, editable=False
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            *Reaching.Meta.constraints,
            models.CheckConstraint(
                name="invitation_accepted_at_and_by",
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
            ),
        ]
        triggers = Reaching.Meta.triggers

    def __str__(self):
        return f"{self.email}: {self.get_role_display()}, {self.scope}"

    def seal(self, *, by) -> str:
        """Make the one-time token of a new invitation, save it and give the token back; it is not stored."""
        token = secrets.token_urlsafe(32)
        self.digest = hashlib.sha256(token.encode()).hexdigest()
        self.invited_by = by
        self.expires_at = timezone.now() + timedelta(days=self.DAYS_OPEN)
        roles = by.memberships.on(timezone.localdate()).filter(network=self.network, role=Role.COORDINATOR)
        for day in roles.exclude(until_date=None).values_list("until_date", flat=True):
            self.expires_at = min(self.expires_at, end_of(day))
        self.save()
        return token

    @staticmethod
    def path_for(token: str) -> str:
        return reverse("invitation", args=[token])

    @transaction.atomic
    def accept(self, *, by) -> Membership:
        """Give the person the membership. Used, expired or withdrawn: Invitation.DoesNotExist."""
        row = Invitation.objects.open().select_for_update().get(pk=self.pk)
        row.accepted_at, row.accepted_by = timezone.now(), by
        row.save(update_fields=["accepted_at", "accepted_by"])
        today = timezone.localdate()
        same = {"user": by, "network": row.network, "role": row.role, "centre": row.centre, "project": row.project}
        for name in ("current_memberships", "reach"):
            by.__dict__.pop(name, None)
        return Membership.objects.on(today).filter(**same).first() or Membership.objects.create(**same, from_date=today)
