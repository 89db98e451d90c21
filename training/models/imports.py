"""A list that was uploaded from a spreadsheet: read once, checked, shown, then written as a whole or forgotten."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centres.access import CentreOwned, ScopedQuerySet, reach_of

KEPT = timedelta(days=1)  # how long the rows of a file wait for their confirmation


class ImportJobQuerySet(ScopedQuerySet):
    def visible_to(self, user):
        """For the person who uploaded it, while she may still change the centre, and for the coordinators."""
        reach = reach_of(user)
        return self.filter(Q(centre__network__in=reach.coordinates) | Q(centre__in=reach.runs, by=user))

    def editable_by(self, user):
        """For the person who uploaded it, alone."""
        return self.visible_to(user).filter(by=user)

    def for_list(self):
        """Without the rows themselves, the latest first."""
        return self.defer("rows_read", "problems", "preview").select_related("centre", "by").order_by("-created_at")

    def forget_old(self) -> None:
        """Drop the rows of files that nobody confirmed within a day; what was done stays listed for a week."""
        now = timezone.now()
        self.filter(created_at__lt=now - KEPT).exclude(state__in=["done", "forgotten"]).update(
            state="forgotten", rows_read=None, problems=[], preview={}
        )
        self.filter(created_at__lt=now - 7 * KEPT).delete()


class ImportJob(CentreOwned):
    """One upload to a centre, from its reading to its end. The file itself is not kept, only the rows read from it."""

    class Kind(models.TextChoices):
        TRAINEES = "trainees", _("trainees")
        ENROLMENTS = "enrolments", _("enrolments")
        ATTENDANCE = "attendance", _("attendance")
        EQUIPMENT = "equipment", _("equipment")
        INCOMES = "incomes", _("incomes")

    class Mode(models.TextChoices):
        ADD = "add", _("add")
        REPLACE = "replace", _("replace")

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("import", "waiting to be checked")
        CHECKING = "checking", pgettext_lazy("import", "being checked")
        REFUSED = "refused", pgettext_lazy("import", "refused")
        CHECKED = "checked", pgettext_lazy("import", "waits for your confirmation")
        CONFIRMED = "confirmed", pgettext_lazy("import", "waiting to be written")
        WRITING = "writing", pgettext_lazy("import", "being written")
        DONE = "done", pgettext_lazy("import", "done")
        FAILED = "failed", pgettext_lazy("import", "stopped by a fault")
        FORGOTTEN = "forgotten", pgettext_lazy("import", "forgotten")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="import_jobs", verbose_name=_("uploaded by")
    )
    kind = models.CharField(_("what"), max_length=20, choices=Kind.choices)
    mode = models.CharField(_("add or replace"), max_length=10, choices=Mode.choices)
    file_name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(max_length=64)
    rows = models.PositiveIntegerField(_("rows"))
    rows_read = models.BinaryField(null=True)  # as centres.imports.reader.stream packs them
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    progress = models.PositiveSmallIntegerField(_("progress"), default=0)  # per cent of the present state
    problems = models.JSONField(_("problems"), default=list)  # as training.imports.problems groups them
    preview = models.JSONField(_("preview"), default=dict)  # as training.imports.plan.Plan tells it
    doubles = models.CharField(max_length=5, blank=True)  # what becomes of likely duplicates: "leave" or "add"
    task = models.CharField(max_length=64, blank=True)  # its number in the queue
    created_at = models.DateTimeField(_("uploaded at"), default=timezone.now)
    started_at = models.DateTimeField(_("begun at"), null=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)

    objects = ImportJobQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-created_at"]

    def __str__(self):
        return self.file_name

    def get_absolute_url(self):
        return reverse("training:import_job", args=[self.pk])

    @property
    def is_at_work(self) -> bool:
        """Whether something happens without anybody's doing."""
        return self.state in {"waiting", "checking", "confirmed", "writing"}
