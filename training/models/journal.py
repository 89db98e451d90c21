"""The journal of a group: lessons, and who was there; or totals where names cannot be taken."""

import uuid

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centres.access import CentreKeptQuerySet, CentreOwned, within_centre
from centres.history import track
from centres.versions import Versioned

from .enrolments import Enrolment
from .groups import Group, Room
from .trainers import Trainer


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


@track()
class Lesson(CentreOwned, Versioned):
    """One entry of a group's journal: a lesson that took place, or was cancelled."""

    class State(models.TextChoices):
        HELD = "held", pgettext_lazy("lesson", "held")
        CANCELLED = "cancelled", pgettext_lazy("lesson", "cancelled")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="lessons", verbose_name=_("group"))
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
        triggers = within_centre(group="training_group", room="training_room", trainer="training_trainer")

    def __str__(self):
        return f"{self.group}, {self.date}"

    def get_absolute_url(self):
        return reverse("training:lesson", args=[self.group_id, self.pk])

    @property
    def told(self) -> int | None:
        """How many came, as told without names; None where names are kept or nobody counted."""
        return None if self.women is None else self.women + self.men


@track()
class Attendance(CentreOwned):
    """Whether one trainee was at one lesson. No row means that nobody said, which is neither there nor away."""

    class Mark(models.TextChoices):
        PRESENT = "present", pgettext_lazy("attendance", "there")
        ABSENT = "absent", pgettext_lazy("attendance", "away")
        EXCUSED = "excused", pgettext_lazy("attendance", "excused")

    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="marks", verbose_name=_("lesson"))
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
                        WHERE lesson.keeping <> 'names' OR lesson.group_id <> enrolment.group_id
                    ) THEN
                        RAISE EXCEPTION 'The mark is of another group, or the lesson keeps totals only.'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self):
        return f"{self.enrolment}, {self.lesson.date}: {self.get_mark_display()}"
