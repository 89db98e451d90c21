"""A person in a group. People, enrolments and visits are three different counts."""

import uuid

import pghistory
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, Exists, F, OuterRef, Q, Value
from django.db.models.functions import Least
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from centres.access import CentreKeptQuerySet, CentreOwned, within_centre
from centres.collation import alphabetical
from centres.history import track
from centres.versions import EditConflict, Versioned

from .groups import Group
from .standing import in_journal, standing_of, take_out_marks
from .trainees import Trainee


class AlreadyEnrolled(ValidationError):
    """The person is in the group already; `enrolment` is that entry."""

    def __init__(self, enrolment):
        super().__init__(
            _("%(name)s is already in this group: %(status)s."),
            code="already",
            params={"name": enrolment.trainee, "status": enrolment.get_status_display()},
        )
        self.enrolment = enrolment


class Full(ValidationError):
    """More people than places; the waiting list is what can be offered."""

    def __init__(self, places: int, wanted: int, capacity: int):
        if places > 0:
            sentence = ngettext(
                "%(places)s place is free, and %(wanted)s people are chosen. Choose fewer, or use the waiting list.",
                "%(places)s places are free, and %(wanted)s people are chosen. Choose fewer, or use the waiting list.",
                places,
            )
        else:
            sentence = ngettext(
                "The %(capacity)s place of this group is taken. Use the waiting list, or give the group more places.",
                "All %(capacity)s places of this group are taken. Use the waiting list, or give the group more places.",
                capacity,
            )
        super().__init__(sentence, code="full", params={"places": places, "wanted": wanted, "capacity": capacity})


def lock(group: Group) -> Group:
    """The group as it stands, locked until the end of the transaction.

    Whoever counts its places, relies on its dates or changes them goes one by one. `Group.hold` comes before it.
    """
    locked = Group.objects.select_for_update(no_key=True, of=["self"])
    return locked.select_related("centre__network", "programme").get(pk=group.pk)


def places_left(group: Group) -> int | None:
    """How many more can take part now; None without a limit. Below zero where the limit was lowered later."""
    if group.capacity is None:
        return None
    return group.capacity - group.enrolments.filter(status=Enrolment.Status.ENROLLED).count()


def need_places(group: Group, wanted: int = 1) -> None:
    """Raise Full where the locked group has fewer places than that."""
    left = places_left(group)
    if left is not None and wanted > left:
        raise Full(left, wanted, group.capacity)


def usual_first_day(group: Group):
    """The first day that a form suggests: the group's own as long as its journal is empty, else today."""
    begun = group.start <= timezone.localdate()
    return group.start if begun and not group.lessons.exists() else first_day(group)


def first_day(group: Group):
    """The day on which somebody who comes today begins: today, within the group's run."""
    today = max(timezone.localdate(), group.start)
    return min(today, group.end) if group.end else today


class EnrolmentQuerySet(CentreKeptQuerySet):
    def begun(self):
        """Those that count: without the waiting list and those who never came off it."""
        return self.filter(started_on__isnull=False)

    def on(self, day):
        """In the group on that day; the last day is included."""
        return self.filter(Q(started_on__lte=day), Q(ended_on__isnull=True) | Q(ended_on__gte=day))

    def during(self, first, last):
        """In the group on some day of that time."""
        return self.filter(Q(started_on__lte=last), Q(ended_on__isnull=True) | Q(ended_on__gte=first))

    def by_name(self):
        return self.order_by(alphabetical(F("trainee__surname")), alphabetical(F("trainee__given_name")), "pk")

    def may_be_asked(self):
        """Without people who took back their consent: nobody calls them."""
        return self.filter(~Exists(Trainee.objects.withdrawn().filter(pk=OuterRef("trainee"))))

    def with_attendance(self):
        """With `present` and `marked`: marks “there”, and all marks, which is what attendance is a share of."""
        return self.annotate(present=Count("marks", filter=Q(marks__mark="present")), marked=Count("marks"))

    def for_list(self):
        return self.select_related("trainee", "group", "group__programme", "centre").by_name()

    @transaction.atomic
    def enrol(self, *, group, trainees, by, waiting=False, applied_on=None, started_on=None) -> list["Enrolment"]:
        """Bring people into a group or onto its waiting list: all of them or none.

        Raises AlreadyEnrolled, Full, or ValidationError by field where a date does not fit.
        """
        group = lock(group)
        trainees = {trainee.pk: trainee for trainee in trainees}
        locked = Trainee.objects.select_for_update(no_key=True, of=["self"]).filter(pk__in=trainees)
        for trainee in locked.order_by("pk"):
            if trainee.merged_into_id:
                trainee.hold()  # says into which entry
        if there := group.enrolments.filter(trainee__in=trainees).select_related("trainee").first():
            raise AlreadyEnrolled(there)
        began = None if waiting else started_on or first_day(group)
        rows = [
            Enrolment(
                centre_id=group.centre_id,
                group=group,
                trainee=trainee,
                status=Enrolment.Status.WAITING if waiting else Enrolment.Status.ENROLLED,
                applied_on=applied_on or min(filter(None, (began, timezone.localdate()))),
                started_on=began,
            )
            for trainee in trainees.values()
        ]
        for row in rows:
            row.check_dates()
        if not waiting:
            need_places(group, len(rows))
        with pghistory.context(user=by.pk):
            return Enrolment.objects.bulk_create(rows)

    @transaction.atomic
    def complete_all(self, *, group, by, on, people=None, end_group=False) -> int:
        """Let everybody who is still in the group complete it on that day, or only these enrolments; answers how many.

        People who are waiting stay on the list. With `end_group` that is the group's last day, too. Raises
        ValidationError with a sentence for each person whose days do not fit, and then nobody completes.
        """
        if end_group:
            group.hold()
        group = lock(group)
        rows = self._still_in(group, people)
        for row in rows:
            row.group, row.status, row.ended_on = group, Enrolment.Status.COMPLETED, on
        number = self._store_days(rows, by, status=Enrolment.Status.COMPLETED, ended_on=on)
        if end_group:
            group.end_on(on, by=by)
        return number

    @transaction.atomic
    def begin_on(self, *, group, by, on, people) -> int:
        """That day is the first one of these enrolments; answers how many. An application is never later.

        Raises ValidationError with a sentence for each person whose days do not fit, and then nobody changes.
        """
        group = lock(group)
        rows = self._still_in(group, people)
        for row in rows:
            row.group, row.started_on, row.applied_on = group, on, min(row.applied_on, on)
        return self._store_days(rows, by, started_on=on, applied_on=Least(F("applied_on"), Value(on)))

    def _still_in(self, group, people) -> list["Enrolment"]:
        rows = group.enrolments.filter(status=Enrolment.Status.ENROLLED)
        rows = rows if people is None else rows.filter(pk__in=[row.pk for row in people])
        return list(rows.select_related("trainee").by_name())

    def _store_days(self, rows, by, **values) -> int:
        known, problems = standing_of(rows), []
        for row in rows:
            try:
                row.check_dates(known[row.pk])
            except ValidationError as refused:
                problems += [format_html("{}: {}", row.trainee, sentence) for sentence in refused.messages]
        if problems:
            raise ValidationError(problems)
        with pghistory.context(user=by.pk):
            take_out_marks(rows)
            return Enrolment.objects.filter(pk__in=[row.pk for row in rows]).update(**values, version=F("version") + 1)


@track()
class Enrolment(CentreOwned, Versioned):
    """A trainee's place in a group, from the waiting list to completion or dropout."""

    class Status(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("enrolment", "waiting")
        ENROLLED = "enrolled", pgettext_lazy("enrolment", "enrolled")
        COMPLETED = "completed", pgettext_lazy("enrolment", "completed")
        DROPPED = "dropped", pgettext_lazy("enrolment", "dropped out")
        NOT_COME = "not_come", pgettext_lazy("enrolment", "did not begin")

    class Reason(models.TextChoices):
        """Why somebody left."""

        WORK = "work", _("found work")
        SEASON = "season", _("seasonal work")
        FAMILY = "family", _("family")
        HEALTH = "health", _("health")
        MOVED = "moved", _("moved away")
        DISTANCE = "distance", _("distance, transport")
        COST = "cost", _("cost")
        LEVEL = "level", _("too easy or too hard")
        INTEREST = "interest", _("lost interest")
        OTHER = "other", pgettext_lazy("reason", "other")
        UNKNOWN = "unknown", pgettext_lazy("reason", "not known")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    centre = models.ForeignKey(
        "centres.Centre", on_delete=models.PROTECT, related_name="enrolments", verbose_name=_("centre"), db_index=False
    )  # an index below begins with it, and so it is with the group's
    group = models.ForeignKey(
        Group, on_delete=models.PROTECT, related_name="enrolments", verbose_name=_("group"), db_index=False
    )
    trainee = models.ForeignKey(Trainee, on_delete=models.PROTECT, related_name="enrolments", verbose_name=_("trainee"))
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.ENROLLED)
    applied_on = models.DateField(_("applied on"), default=timezone.localdate)
    started_on = models.DateField(_("began on"), null=True, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    reason = models.CharField(_("reason for leaving"), max_length=10, choices=Reason.choices, blank=True)
    reason_note = models.CharField(_("in other words"), max_length=300, blank=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        ordering = ["group", "applied_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "trainee"],
                name="enrolment_once",
                violation_error_message=_("This person is already in the group."),
            ),
            models.CheckConstraint(
                name="enrolment_dates_in_order",
                condition=(Q(started_on__isnull=True) | Q(started_on__gte=F("applied_on")))
                & (Q(ended_on__isnull=True) | Q(started_on__isnull=True) | Q(ended_on__gte=F("started_on"))),
                violation_error_message=_("The dates are not in order: applied, began, ended."),
            ),
            models.CheckConstraint(
                name="enrolment_dates_fit_status",
                condition=Q(status="waiting", started_on__isnull=True, ended_on__isnull=True)
                | Q(status="enrolled", started_on__isnull=False, ended_on__isnull=True)
                | Q(status__in=["completed", "dropped"], started_on__isnull=False, ended_on__isnull=False)
                | Q(status="not_come", started_on__isnull=True, ended_on__isnull=True),
                violation_error_message=_(
                    "Waiting has no dates yet, enrolled has the first day, completed and dropped out have both."
                ),
            ),
            models.CheckConstraint(
                name="enrolment_reason_only_of_dropout",
                condition=(Q(status="dropped") & ~Q(reason="")) | (~Q(status="dropped") & Q(reason="")),
                violation_error_message=_("Who dropped out needs a reason, “not known” at least; nobody else has one."),
            ),
        ]
        indexes = [models.Index(fields=["centre", "started_on"], name="enrolment_centre_started")]
        triggers = within_centre(group="training_group", trainee="training_trainee")

    def __str__(self):
        return f"{self.trainee}: {self.group}"

    def get_absolute_url(self):
        return reverse("training:enrolment", args=[self.pk])

    def check_dates(self, standing=None) -> None:
        """Raise ValidationError by field where a day does not fit the status, the group's run, today or the journal.

        `standing` is what `standing_of` says, where that is known already.
        """
        problems, group, today = {}, self.group, timezone.localdate()
        begins = self.status not in (self.Status.WAITING, self.Status.NOT_COME)
        ends = self.status in (self.Status.COMPLETED, self.Status.DROPPED)
        if self.applied_on > today:
            problems["applied_on"] = _("This day lies in the future.")
        if begins and self.started_on is None:
            problems["started_on"] = _("Say on which day she or he began.")
        elif not begins and self.started_on:
            problems["started_on"] = _("Who has not begun has no first day. Leave it empty, or choose another status.")
        elif begins and self.started_on < self.applied_on:
            problems["started_on"] = _("This lies before the day of applying.")
        elif begins:
            problems["started_on"] = outside(self.started_on, group)
        if ends and self.ended_on is None:
            problems["ended_on"] = _("Say on which day she or he ended.")
        elif not ends and self.ended_on:
            problems["ended_on"] = _("Only who completed or dropped out has a last day. Leave it empty.")
        elif ends and self.started_on and self.ended_on < self.started_on:
            problems["ended_on"] = _("This lies before the first day.")
        elif ends:
            problems["ended_on"] = (
                _("This day lies in the future.") if self.ended_on > today else outside(self.ended_on, group)
            )
        if self.status == self.Status.DROPPED and not self.reason:
            problems["reason"] = _("Say why, “not known” at least.")
        problems = {field: sentence for field, sentence in problems.items() if sentence}
        if not problems and not self._state.adding:
            standing = standing or standing_of([self])[self.pk]
            problems = self._against_journal(standing) or self._against_certificates(standing)
        if problems:
            raise ValidationError(problems)

    def _against_journal(self, standing) -> dict:
        """The journal says that she was there on days that lie outside."""
        first, last = standing.first, standing.last
        if first is None:
            return {}
        if self.started_on is None:
            words = _("The journal says that she or he was there on %(day)s.")
            return {"status": in_journal(words, first)}
        if first.date < self.started_on:
            words = _("The journal says that she or he was there on %(day)s. The first day is that day at the latest.")
            return {"started_on": in_journal(words, first)}
        if self.ended_on and last.date > self.ended_on:
            words = _("The journal says that she or he was there on %(day)s. The last day is that day at the earliest.")
            return {"ended_on": in_journal(words, last)}
        return {}

    def _against_certificates(self, standing) -> dict:
        """A valid certificate says that she completed, and between which days."""
        for certificate in standing.certificates:
            days = (certificate.first_day, certificate.last_day)
            if self.status != self.Status.COMPLETED or (self.started_on, self.ended_on) != days:
                sentence = _("Certificate %(number)s says that she or he completed on these days. Revoke it first.")
                return {"status": sentence % {"number": certificate.number_text}}
        return {}

    @transaction.atomic
    def change(self, *, by, version: int, **values) -> None:
        """Another status, other days or another reason, also back again after a wrong step.

        Marks of a lesson outside of the new days are taken out of the journal: nobody was expected there. Raises
        ValidationError by field, Full where a place is needed and none is free, EditConflict where somebody else was
        quicker.
        """
        self.group = lock(self.group)
        before = Enrolment.objects.select_for_update(of=["self"]).filter(pk=self.pk).first()
        if before is None:
            raise EditConflict(None)
        for name, value in values.items():
            setattr(self, name, value)
        if self.status != self.Status.DROPPED:
            self.reason = self.reason_note = ""
        self.trainee_id = before.trainee_id
        self.check_dates()
        if self.status == self.Status.ENROLLED != before.status:
            need_places(self.group)
        with pghistory.context(user=by.pk):
            self.write(version=version)
            take_out_marks([self])

    def begin(self, *, by, version: int, on=None) -> None:
        """Off the waiting list and into the group; raises Full where no place is free."""
        self.change(by=by, version=version, status=self.Status.ENROLLED, started_on=on or first_day(self.group))

    def complete(self, *, by, version: int, on) -> None:
        self.change(by=by, version=version, status=self.Status.COMPLETED, ended_on=on)

    def drop(self, *, by, version: int, on, reason, reason_note="") -> None:
        """Left before the end; the reason may be “not known”."""
        given = {"status": self.Status.DROPPED, "ended_on": on, "reason": reason, "reason_note": reason_note}
        self.change(by=by, version=version, **given)

    @property
    def holds(self) -> list[str]:
        """What hangs on the entry, so that it cannot be taken out, in words."""
        found = []
        for relation in self._meta.related_objects:
            if hasattr(relation.related_model, "pgh_tracked_model"):
                continue
            if count := relation.related_model._base_manager.filter(**{relation.field.name: self}).count():
                found.append(f"{relation.related_model._meta.verbose_name_plural}: {count}")
        return found

    @transaction.atomic
    def remove(self, *, by) -> None:
        """Take out an entry made by mistake, as long as nothing hangs on it; the history keeps it. Twice is as once."""
        lock(self.group)
        if not Enrolment.objects.select_for_update(of=["self"]).filter(pk=self.pk).first():
            return
        if held := self.holds:
            raise ValidationError(
                _("It cannot be taken out, because of %(what)s. Let the person drop out instead."),
                params={"what": ", ".join(held)},
            )
        with pghistory.context(user=by.pk):
            self.delete()


def outside(day, group: Group):
    """A sentence where a day lies outside the group's run."""
    if day < group.start:
        return _("The group begins on %(day)s only.") % {"day": date_format(group.start)}
    if group.end and day > group.end:
        return _("The group ends on %(day)s.") % {"day": date_format(group.end)}
    return ""
