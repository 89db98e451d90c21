"""A centre's timetable as a calendar that phones and computers subscribe to, under a private address."""

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from centres.access import CentreKeptQuerySet, CentreOwned
from centres.history import track


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class TimetableFeedQuerySet(CentreKeptQuerySet):
    def open(self):
        """Those whose address still works."""
        return self.filter(withdrawn_at__isnull=True)

    def for_token(self, token: str):
        """The feed behind an address. Only the token's digest is stored, so a stolen table opens nothing."""
        return self.open().filter(digest=digest_of(token))

    @transaction.atomic
    def renew(self, *, centre, by, instead_of: str) -> str | None:
        """Withdraw the centre's address and make another; gives the token, which is not stored.

        `instead_of` is the id of the feed that is open now, "" where there is none; None where another one is, as when
        a page is sent a second time: somebody may be using that address already.
        """
        type(centre).objects.select_for_update(no_key=True).get(pk=centre.pk)  # one by one
        standing = self.open().filter(centre=centre).values_list("pk", flat=True).first()
        if instead_of != str(standing or ""):
            return None
        self.withdraw(centre=centre)
        token = secrets.token_urlsafe(32)
        language = (get_language() or settings.LANGUAGE_CODE)[:2]
        self.create(centre=centre, digest=digest_of(token), language=language, created_by=by)
        return token

    def withdraw(self, *, centre) -> int:
        """The centre's address no longer works; answers how many there were, 0 or 1."""
        return self.open().filter(centre=centre).update(withdrawn_at=timezone.now())


@track(exclude=["digest"])
class TimetableFeed(CentreOwned):
    """A private address of a centre's timetable. Whoever has it reads groups, programmes, rooms and times; no names."""

    BEFORE, AFTER = timedelta(days=31), timedelta(days=184)  # how far the calendar reaches from today

    digest = models.CharField(max_length=64, unique=True, editable=False)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="timetable_feeds", editable=False
    )
    created_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = TimetableFeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("private address of a timetable")
        verbose_name_plural = _("private addresses of timetables")
        constraints = [
            models.UniqueConstraint(
                fields=["centre"], condition=Q(withdrawn_at__isnull=True), name="timetablefeed_one_open"
            )
        ]

    def __str__(self):
        return f"{self.centre}, {self.created_at:%Y-%m-%d}"

    @staticmethod
    def path_for(token: str) -> str:
        return reverse("training:timetable_feed", args=[token])
