"""A group is one run of a programme at a centre, with its weekly timetable, its rooms and its pauses."""

import uuid
from operator import attrgetter

import pghistory
import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, F, Max, Min, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centres.access import CentreKeptQuerySet, CentreOwned, within_centre
from centres.collation import alphabetical
from centres.history import track
from centres.models import Centre
from centres.models.network import search_words
from centres.versions import EditConflict, Versioned

from .programmes import Language, Programme
from .slots import Booking, Pause, Slot, TimetableRefused, bookings_of, clashes, disorders, settle
from .trainers import Trainer


@track()
class Room(CentreOwned, Versioned):
    """A room that a centre teaches in, its own or lent."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(pgettext_lazy("of a thing", "name"), max_length=80)
    seats = models.PositiveSmallIntegerField(_("seats"), null=True, blank=True)
    is_closed = models.BooleanField(_("no longer used"), default=False)

    objects = CentreKeptQuerySet.as_manager()

    class Meta:
        verbose_name = _("room")
        verbose_name_plural = _("rooms")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                "centre",
                models.functions.Lower("name"),
                name="room_once",
                violation_error_message=_("The centre already has a room of that name."),
            )
        ]

    def __str__(self):
        return self.name


SLOT_FIELDS = ["weekday", "starts", "ends", "room", "trainer"]
PAUSE_FIELDS = ["from_date", "until_date", "reason"]
slot_content = attrgetter("weekday", "starts", "ends", "room_id", "trainer_id")
pause_content = attrgetter(*PAUSE_FIELDS)


class GroupQuerySet(CentreKeptQuerySet):
    def on(self, day):
        """Running on that day, pauses included."""
        return self.filter(Q(start__lte=day), Q(end__isnull=True) | Q(end__gte=day))

    def unfinished(self):
        """Running or planned today."""
        return self.exclude(end__lt=timezone.localdate())

    def in_state(self, state, day):
        """planned, running or ended on that day."""
        if state == "planned":
            return self.filter(start__gt=day)
        return self.filter(end__lt=day) if state == "ended" else self.on(day)

    def named(self, text):
        """Every word occurs in the group's name or in a title of its programme, in any language."""
        for word in search_words(text):
            taught = Programme.objects.named(word).values("pk")
            self = self.filter(Q(name__icontains=word) | Q(programme__in=taught))
        return self

    def with_places(self):
        """With `waits`, `taken` (who is in it now) and `free`, the places left; free is None without a limit."""
        return self.annotate(
            waits=Count("enrolments", filter=Q(enrolments__status="waiting")),
            taken=Count("enrolments", filter=Q(enrolments__status="enrolled")),
            free=F("capacity") - F("taken"),
        )

    def in_order(self):
        """The latest first, then by name."""
        return self.order_by("-start", alphabetical(F("name")), "pk")

    def for_list(self):
        return self.select_related("centre", "programme").in_order()


@track()
class Group(CentreOwned, Versioned):
    """One run of a programme at a centre, from a day to a day; the end may still be open."""

    class Keeping(models.TextChoices):
        """How attendance is kept. Counted and told figures are never mixed."""

        NAMES = "names", _("by name")
        TOTALS = "totals", _("totals only (men and women)")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="groups", verbose_name=_("programme")
    )
    name = models.CharField(pgettext_lazy("of a thing", "name"), max_length=120)
    start = models.DateField(_("first day"))
    end = models.DateField(_("last day"), null=True, blank=True)
    capacity = models.PositiveSmallIntegerField(
        _("places"), null=True, blank=True, help_text=_("How many can take part at the same time. Empty: no limit.")
    )
    language = models.CharField(_("language"), max_length=10, choices=Language.choices, blank=True)
    keeping = models.CharField(_("attendance"), max_length=10, choices=Keeping.choices, default=Keeping.NAMES)
    trainers = models.ManyToManyField(
        Trainer, through="GroupTrainer", related_name="groups", verbose_name=_("trainers"), blank=True
    )
    note = models.TextField(_("note"), blank=True)

    objects = GroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("group")
        verbose_name_plural = _("groups")
        ordering = ["-start", "name"]
        constraints = [
            models.CheckConstraint(
                name="group_dates_in_order",
                condition=Q(end__isnull=True) | Q(end__gte=F("start")),
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(
                name="group_capacity_above_zero",
                condition=Q(capacity__isnull=True) | Q(capacity__gt=0),
                violation_error_message=_("A group has at least one place; leave it empty if there is no limit."),
            ),
            models.UniqueConstraint(
                "centre",
                models.functions.Lower("name"),
                "start",
                name="group_once",
                violation_error_message=_("The centre already has a group of that name that begins on that day."),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="programme_of_centre_or_template",
                level=pgtrigger.Row,
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("programme_id", "centre_id"),
                func="""
                    IF NOT EXISTS (
                        SELECT FROM training_programme programme
                        JOIN centres_centre centre ON centre.id = NEW.centre_id
                        WHERE programme.id = NEW.programme_id AND programme.network_id = centre.network_id
                            AND (programme.centre_id IS NULL OR programme.centre_id = centre.id)
                    ) THEN
                        RAISE EXCEPTION 'The programme is of another centre.' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NULL;
                """,
            ),
            pgtrigger.Trigger(
                name="keeping_stays_with_journal",
                level=pgtrigger.Row,
                when=pgtrigger.After,
                operation=pgtrigger.UpdateOf("keeping"),
                condition=pgtrigger.AnyChange("keeping"),
                func="""
                    IF EXISTS (SELECT FROM training_lesson WHERE group_id = NEW.id) THEN
                        RAISE EXCEPTION 'The journal has lessons: how attendance is kept stays.'
                            USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("training:group", args=[self.pk])

    @property
    def state(self) -> str:
        """planned, running or ended, by today's date."""
        today = timezone.localdate()
        if self.start > today:
            return "planned"
        return "ended" if self.end and self.end < today else "running"

    def most_at_once(self) -> int:
        """How many were in the group on its fullest day; who left is in it on the last day (1 query)."""
        begun = self.enrolments.filter(started_on__isnull=False).values_list("started_on", "ended_on")
        steps = [(day, 0, 1) for day, _last in begun] + [(last, 1, -1) for _day, last in begun if last]
        most = now = 0
        for _day, _order, step in sorted(steps):
            now += step
            most = max(most, now)
        return most

    def hold(self) -> None:
        """Make others wait who change a timetable of the centre, until this transaction ends."""
        Centre.objects.select_for_update(no_key=True).get(pk=self.centre_id)

    @transaction.atomic
    def reschedule(self, *, by, version, slots, pauses) -> bool:
        """Make these the group's weekly lessons and pauses; book the rooms and trainers that they need.

        What is unchanged keeps its identity: a `Slot` or `Pause` with the id of a standing one, or with the same
        content. Who teaches a lesson becomes a trainer of the group. False if everything stood so already. Raises
        EditConflict when the group was saved meanwhile, TimetableRefused when the rows do not go together or a room
        or trainer is taken; nothing is written then.
        """
        self.hold()
        for row in (*slots, *pauses):
            row.group, row.centre_id = self, self.centre_id
        new_slots, changed_slots, old_slots = settle(Slot.objects.filter(group=self), slots, slot_content)
        new_pauses, changed_pauses, old_pauses = settle(Pause.objects.filter(group=self), pauses, pause_content)
        if not any((new_slots, changed_slots, old_slots, new_pauses, changed_pauses, old_pauses)):
            return False
        theirs = Group.objects.get(pk=self.pk)
        if theirs.version != version:
            raise EditConflict(theirs)
        if problems := theirs.timetable_problems(slots, pauses):
            raise TimetableRefused(problems)
        with pghistory.context(user=by.pk):
            Group.objects.filter(pk=self.pk).update(version=version + 1)
            Slot.objects.filter(pk__in=old_slots).delete()
            Slot.objects.bulk_update(changed_slots, SLOT_FIELDS)
            Slot.objects.bulk_create(new_slots)
            Pause.objects.filter(pk__in=old_pauses).delete()
            Pause.objects.bulk_update(changed_pauses, PAUSE_FIELDS)
            Pause.objects.bulk_create(new_pauses)
            known = set(self.group_trainers.values_list("trainer", flat=True))
            fresh = dict.fromkeys(slot.trainer_id for slot in slots if slot.trainer_id not in {None, *known})
            GroupTrainer.objects.bulk_create(
                GroupTrainer(centre_id=self.centre_id, group=self, trainer_id=trainer) for trainer in fresh
            )
        self.version = version + 1
        theirs.book(slots, pauses)
        return True

    def timetable_problems(self, slots, pauses, run=None) -> list:
        """What forbids these weekly lessons and pauses in the group's run, or in another (first day, last day)."""
        start, end = run or (self.start, self.end)
        return disorders(start, end, slots, pauses) or clashes(self, start, end, slots, pauses)

    def run_problems(self, start, end) -> list[tuple[str, str]]:
        """(field, sentence) for whatever of journal, enrolments and timetable does not fit such a run."""
        lessons = self.lessons.aggregate(first=Min("date"), last=Max("date"))
        people = self.enrolments.aggregate(first=Min("started_on"), began=Max("started_on"), left=Max("ended_on"))
        last = max((day for day in (people["began"], people["left"]) if day), default=None)
        early = [
            (lessons["first"], _("The journal has a lesson on %(day)s already, before this day.")),
            (people["first"], _("Somebody has been in the group since %(day)s, before this day.")),
        ]
        late = [
            (lessons["last"], _("The journal has a lesson on %(day)s, after this day.")),
            (last, _("Somebody was still in the group on %(day)s, after this day.")),
        ]
        found = [("start", words % {"day": date_format(day)}) for day, words in early if day and day < start]
        found += [("end", words % {"day": date_format(day)}) for day, words in late if end and day and day > end]
        if (start, end) != (self.start, self.end):
            words = _("The timetable does not fit these dates.")
            problems = self.timetable_problems(list(self.slots.all()), list(self.pauses.all()), (start, end))
            found += [("start", f"{words} {problem.sentence}") for problem in problems]
        return found

    @transaction.atomic
    def end_on(self, day, *, by) -> None:
        """Let the group end on that day, with its weekly lessons. Call it after `hold` and `lock`.

        Raises ValidationError where the journal or somebody's days reach further.
        """
        if self.end == day:
            return
        if problems := self.run_problems(self.start, day):
            raise ValidationError([sentence for _field, sentence in problems])
        self.end = day
        with pghistory.context(user=by.pk):
            self.write(version=self.version)
            self.book()

    @transaction.atomic
    def book(self, slots=None, pauses=None) -> None:
        """Book anew what the weekly lessons take up, as after a change of the group's dates.

        Raises IntegrityError when something is taken: ask `timetable_problems` before, after `hold`.
        """
        slots = Slot.objects.filter(group=self) if slots is None else slots
        pauses = Pause.objects.filter(group=self) if pauses is None else pauses
        Booking.objects.filter(slot__group=self).delete()
        Booking.objects.bulk_create(
            booking for slot in slots for booking in bookings_of(slot, self.start, self.end, pauses)
        )


@track()
class GroupTrainer(CentreOwned):
    """A trainer of a group."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="group_trainers", verbose_name=_("group"))
    trainer = models.ForeignKey(
        Trainer, on_delete=models.PROTECT, related_name="group_trainers", verbose_name=_("trainer")
    )

    objects = CentreKeptQuerySet.as_manager()

    class Meta:
        verbose_name = _("trainer of a group")
        verbose_name_plural = _("trainers of groups")
        constraints = [models.UniqueConstraint(fields=["group", "trainer"], name="grouptrainer_once")]
        triggers = within_centre(group="training_group", trainer="training_trainer")

    def __str__(self):
        return f"{self.group}: {self.trainer}"
