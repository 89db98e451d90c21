"""The journal of a group: lessons, and who was there; or totals where names cannot be taken."""

import uuid

import pghistory
import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, Exists, F, Func, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.formats import time_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centres.access import CentreKeptQuerySet, CentreOwned, within_centre
from centres.history import track
from centres.versions import Versioned

from .enrolments import Enrolment
from .groups import Group, Room
from .trainers import Trainer

TAKEN = {
    "group": _("The group already has a lesson from %(starts)s to %(ends)s."),
    "room": _("The room is taken from %(starts)s to %(ends)s by the group %(group)s."),
    "trainer": _("The trainer teaches the group %(group)s from %(starts)s to %(ends)s."),
}


def was_in_group(enrolment, day) -> bool:
    """Whether somebody is expected at a lesson of that day; the last day is included."""
    if day is None or enrolment.started_on is None:
        return False
    return enrolment.started_on <= day and (enrolment.ended_on is None or enrolment.ended_on >= day)


class LessonTime(Func):
    """From the beginning of a lesson to its end, on its day; the end not included."""

    template = "TSRANGE(%(expressions)s)"
    arg_joiner = ", "

    def __init__(self):
        super().__init__(F("date") + F("starts"), F("date") + F("ends"), output_field=models.TextField())


class LessonQuerySet(CentreKeptQuerySet):
    def held(self):
        return self.exclude(state="cancelled")

    def during(self, first, last):
        """Of that time, both days included."""
        return self.filter(date__gte=first, date__lte=last)

    def in_order(self):
        return self.order_by("date", F("starts").asc(nulls_first=True), "pk")

    def newest_first(self):
        return self.order_by("-date", F("starts").desc(nulls_last=True), "pk")

    def with_counts(self):
        """Each with how many marks it has (`marked`, and `there` of them), how many people were in the group on its day
        (`expected`), and how many of these have no mark (`missing`)."""
        own = Attendance.objects.filter(lesson=OuterRef("pk")).order_by().values("lesson")
        in_group = Q(started_on__lte=OuterRef("date")) & (Q(ended_on=None) | Q(ended_on__gte=OuterRef("date")))
        expected = Enrolment.objects.filter(in_group, group=OuterRef("group")).order_by().values("group")
        unmarked = expected.exclude(marks__lesson=OuterRef("pk"))

        def count(rows, **kwargs):
            counted = rows.annotate(number=Count("pk", **kwargs)).values("number")
            return Coalesce(Subquery(counted, output_field=models.IntegerField()), 0)

        return self.annotate(
            there=count(own, filter=Q(mark=Attendance.Mark.PRESENT)),
            marked=count(own),
            expected=count(expected),
            missing=count(unmarked),
        )

    def incomplete(self):
        """Held, kept by name, and somebody who was in the group on that day has no mark."""
        marks = Attendance.objects.filter(lesson=OuterRef(OuterRef("pk")), enrolment=OuterRef("pk"))
        in_group = Q(started_on__lte=OuterRef("date")) & (Q(ended_on=None) | Q(ended_on__gte=OuterRef("date")))
        unmarked = Enrolment.objects.filter(in_group, ~Exists(marks), group=OuterRef("group"))
        return self.held().filter(Exists(unmarked), keeping="names")

    def for_list(self):
        return self.select_related("trainer").with_counts().newest_first()


@track()
class Lesson(CentreOwned, Versioned):
    """One entry of a group's journal: a lesson that took place, or was cancelled."""

    class State(models.TextChoices):
        HELD = "held", pgettext_lazy("lesson", "held")
        CANCELLED = "cancelled", pgettext_lazy("lesson", "cancelled")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    centre = models.ForeignKey(
        "centres.Centre", on_delete=models.PROTECT, related_name="lessons", verbose_name=_("centre"), db_index=False
    )  # an index below begins with it, and so it is with the group's
    group = models.ForeignKey(
        Group, on_delete=models.PROTECT, related_name="lessons", verbose_name=_("group"), db_index=False
    )
    date = models.DateField(_("day"))
    starts = models.TimeField(_("begins at"), null=True, blank=True)
    ends = models.TimeField(_("ends at"), null=True, blank=True)
    hours = models.DecimalField(
        _("hours"), max_digits=4, decimal_places=1, null=True, blank=True, help_text=_("Academic hours.")
    )
    topic = models.CharField(_("topic"), max_length=300, blank=True)
    trainer = models.ForeignKey(
        Trainer, on_delete=models.PROTECT, related_name="lessons", verbose_name=_("trainer"), null=True, blank=True
    )
    room = models.ForeignKey(
        Room, on_delete=models.PROTECT, related_name="lessons", verbose_name=_("room"), null=True, blank=True
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.HELD)
    keeping = models.CharField(_("attendance"), max_length=10, choices=Group.Keeping.choices, editable=False)
    women = models.PositiveSmallIntegerField(_("women"), null=True, blank=True)
    men = models.PositiveSmallIntegerField(_("men"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)

    objects = LessonQuerySet.as_manager()

    class Meta:
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")
        ordering = ["date", "starts"]
        indexes = [models.Index(fields=["centre", "date"], name="lesson_centre_date")]
        constraints = [
            models.CheckConstraint(
                name="lesson_times_in_order",
                condition=Q(starts__isnull=True, ends__isnull=True)
                | Q(starts__isnull=False, ends__isnull=False, ends__gt=F("starts")),
                violation_error_message=_("Give both times, the beginning before the end, or none."),
            ),
            models.CheckConstraint(
                name="lesson_hours_above_zero",
                condition=Q(hours__isnull=True) | Q(hours__gt=0),
                violation_error_message=_("A lesson has more than 0 hours; leave it empty if nobody knows."),
            ),
            models.CheckConstraint(
                name="lesson_totals_only_without_names",
                condition=Q(keeping="totals") | Q(women__isnull=True, men__isnull=True),
                violation_error_message=_("Totals are for groups whose attendance is kept without names."),
            ),
            models.CheckConstraint(
                name="lesson_totals_both_or_none",
                condition=Q(women__isnull=True, men__isnull=True) | Q(women__isnull=False, men__isnull=False),
                violation_error_message=_("Give both numbers, women and men; 0 if there were none."),
            ),
            models.UniqueConstraint(
                fields=["group", "date", "starts"],
                name="lesson_once",
                nulls_distinct=False,
                violation_error_message=_("The journal already has a lesson of that day and time."),
            ),
            models.CheckConstraint(
                name="lesson_cancelled_with_reason",
                condition=~Q(state="cancelled") | ~Q(note=""),
                violation_error_message=_("Say in the note why the lesson was cancelled."),
            ),
            *[
                ExclusionConstraint(
                    name=f"lesson_{what}_one_at_a_time",
                    expressions=[(what, RangeOperators.EQUAL), (LessonTime(), RangeOperators.OVERLAPS)],
                    condition=Q(state="held", starts__isnull=False),
                    violation_error_message=sentence,
                )
                for what, sentence in (
                    ("group", _("The group already has a lesson in that time.")),
                    ("room", _("The room is taken in that time.")),
                    ("trainer", _("The trainer teaches another group in that time.")),
                )
            ],
        ]
        triggers = [
            *within_centre(group="training_group", room="training_room", trainer="training_trainer"),
            *[
                pgtrigger.Trigger(
                    name=f"keeps_as_its_group_{verb}",
                    level=pgtrigger.Statement,
                    when=pgtrigger.After,
                    operation=operation,
                    referencing=pgtrigger.Referencing(new="fresh"),
                    # The lock makes a change of the group's keeping wait, which then finds this lesson.
                    func="""
                        PERFORM FROM training_group WHERE id IN (SELECT group_id FROM fresh) FOR SHARE;
                        IF EXISTS (
                            SELECT FROM fresh JOIN training_group parent ON parent.id = fresh.group_id
                            WHERE parent.keeping <> fresh.keeping
                        ) THEN
                            RAISE EXCEPTION 'The lesson keeps attendance otherwise than its group.'
                                USING ERRCODE = 'check_violation';
                        END IF;
                        IF EXISTS (
                            SELECT FROM fresh JOIN training_attendance mark ON mark.lesson_id = fresh.id
                            WHERE fresh.state = 'cancelled'
                        ) THEN
                            RAISE EXCEPTION 'A cancelled lesson has no marks.' USING ERRCODE = 'check_violation';
                        END IF;
                        RETURN NULL;
                    """,
                )
                for verb, operation in (("insert", pgtrigger.Insert), ("update", pgtrigger.Update))
            ],
        ]

    def __str__(self):
        return f"{self.group}, {self.date}"

    def get_absolute_url(self):
        return reverse("training:lesson", args=[self.group_id, self.pk])

    @property
    def told(self) -> int | None:
        """How many came, as told without names; None where names are kept or nobody counted."""
        return None if self.women is None else self.women + self.men

    @property
    def is_cancelled(self) -> bool:
        return self.state == self.State.CANCELLED

    def clash(self):
        """(what, the other lesson) where the group, the room or the trainer is taken in that time; None where free."""
        if self.is_cancelled or not (self.date and self.starts and self.ends):
            return None
        at_once = Lesson.objects.held().exclude(pk=self.pk).select_related("group")
        at_once = at_once.filter(centre=self.centre_id, date=self.date, starts__lt=self.ends, ends__gt=self.starts)
        for what in ("group", "room", "trainer"):
            taken_by = getattr(self, f"{what}_id")
            other = taken_by and at_once.filter(**{what: taken_by}).order_by("starts").first()
            if other:
                return what, other
        return None

    def validate_constraints(self, exclude=None):
        """As the database will, only that the other group is named where two collide."""
        exclude = set(exclude or ()) - {"group", "keeping", "centre"}
        if exclude & {"date", "starts", "ends", "state", "room", "trainer"}:
            return
        if self.starts and self.ends and self.ends <= self.starts:
            raise ValidationError({"ends": _("The lesson ends before it begins.")})
        if clash := self.clash():
            what, other = clash
            words = {
                "group": other.group,
                "starts": time_format(other.starts, "H:i"),
                "ends": time_format(other.ends, "H:i"),
            }
            raise ValidationError({"starts" if what == "group" else what: TAKEN[what] % words})
        super().validate_constraints(exclude=exclude)

    def keep(self, *, by, marks, version=None) -> None:
        """Store the lesson with its marks, both or neither. Without a version it is a new one.

        `marks` gives the mark by an enrolment's id, "" where it is taken back; who is not named keeps the mark that
        stands. A cancelled lesson loses them all. Raises EditConflict when somebody else saved it meanwhile.
        """
        with transaction.atomic(), pghistory.context(user=by.pk):
            if self.is_cancelled:
                self.women = self.men = None
                self.marks.all().delete()
            if version is None:
                self.save(force_insert=True)
            else:
                self.write(version=version)
            if not self.is_cancelled:
                self._mark(marks)

    def discard(self, *, by) -> None:
        """Take out a lesson that never was, with its marks; the history keeps both."""
        with transaction.atomic(), pghistory.context(user=by.pk):
            self.delete()

    def _mark(self, marks) -> None:
        standing = dict(self.marks.values_list("enrolment", "mark"))
        changed = {pk: mark for pk, mark in marks.items() if mark != standing.get(pk, "")}
        self.marks.filter(enrolment__in=[pk for pk, mark in changed.items() if not mark]).delete()
        for value in Attendance.Mark.values:
            others = [pk for pk, mark in changed.items() if mark == value and pk in standing]
            if others:
                self.marks.filter(enrolment__in=others).update(mark=value)
        Attendance.objects.bulk_create(
            Attendance(centre_id=self.centre_id, lesson=self, enrolment_id=pk, mark=mark)
            for pk, mark in changed.items()
            if mark and pk not in standing
        )


@track()
class Attendance(CentreOwned):
    """Whether one trainee was at one lesson. No row means that nobody said, which is neither there nor away."""

    class Mark(models.TextChoices):
        PRESENT = "present", pgettext_lazy("attendance", "there")
        ABSENT = "absent", pgettext_lazy("attendance", "away")
        EXCUSED = "excused", pgettext_lazy("attendance", "excused")

    lesson = models.ForeignKey(
        Lesson, on_delete=models.CASCADE, related_name="marks", verbose_name=_("lesson"), db_index=False
    )  # `attendance_once` begins with it
    enrolment = models.ForeignKey(
        Enrolment, on_delete=models.PROTECT, related_name="marks", verbose_name=_("enrolment")
    )
    mark = models.CharField(_("mark"), max_length=10, choices=Mark.choices)

    objects = CentreKeptQuerySet.as_manager()

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendance")
        constraints = [models.UniqueConstraint(fields=["lesson", "enrolment"], name="attendance_once")]
        triggers = [
            *within_centre(lesson="training_lesson", enrolment="training_enrolment"),
            pgtrigger.Trigger(
                name="of_named_lesson_and_its_group",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="fresh"),
                func="""
                    IF EXISTS (
                        SELECT FROM fresh
                        JOIN training_lesson lesson ON lesson.id = fresh.lesson_id
                        JOIN training_enrolment enrolment ON enrolment.id = fresh.enrolment_id
                        WHERE lesson.keeping <> 'names' OR lesson.state <> 'held'
                            OR lesson.group_id <> enrolment.group_id
                    ) THEN
                        RAISE EXCEPTION 'The mark is of another group, or the lesson keeps totals only, or none.'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self):
        return f"{self.enrolment}, {self.lesson.date}: {self.get_mark_display()}"
