"""The five lists: their columns, what makes two rows the same, and what "replace" removes."""

from django.db.models import Count, F, Max, Min, Prefetch, Q, prefetch_related_objects
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centres.models import Equipment, Income
from centres.models.centre import spelling
from centres.models.finance import Source

from ..models import Attendance, Certificate, Enrolment, Group, Lesson, Trainee, TraineeTargetGroup
from ..models.duplicates import step_on
from ..models.trainees import CONTACTS
from .columns import (
    Amount,
    Choice,
    Clock,
    Column,
    Counted,
    Day,
    GroupName,
    Number,
    TargetGroups,
    TraineeName,
    Year,
    shown,
    trainee_label,
)
from .kind import Kind, written
from .problems import Bad

# As people shorten it in their own lists, in Russian, Kazakh and English.
SEXES = {"f": ("ж", "жен", "жен.", "ә", "әйел", "woman"), "m": ("м", "муж", "муж.", "е", "ер", "ер адам", "man")}


class Trainees(Kind):
    key = "trainees"
    model = Trainee
    columns = (
        Column("surname", _("surname"), required=True, limit=80),
        Column("given_name", _("given name"), required=True, limit=80),
        Column("patronymic", _("patronymic"), limit=80),
        Year("birth_year", _("year of birth"), width=12),
        Choice("sex", _("sex"), Trainee.Sex.choices, also=SEXES, width=12),
        Choice("needy", _("needy family"), Trainee.Needy.choices, width=12),
        TargetGroups("target_groups", _("target groups"), width=28),
        Choice("language", _("language"), Trainee.Language.choices, width=14),
        Column("phone", _("phone"), limit=100),
        Column("contact", _("other contact"), limit=200),
        Column("guardian_name", _("guardian"), limit=150),
        Column("guardian_phone", _("guardian's phone"), limit=100),
        Day("registered_on", _("registered on"), past=True, width=14),
        Column("note", _("note"), limit=2000, width=28),
        Number("id", _("number in the register"), width=38),
    )
    fields = written(columns, target_groups=None)
    also_written = (TraineeTargetGroup,)
    links = ("target_groups", TraineeTargetGroup, "trainee_id", "target_group_id")
    likely_doubles = True
    identity_fields = ("surname", "given_name", "patronymic", "birth_year")

    def identity(self, fields):
        names = tuple(spelling(fields.get(name) or "") for name in self.identity_fields[:3])
        return (*names, fields.get("birth_year"))

    def rows(self, scope):
        return scope.own(Trainee).current()

    def label(self, row):
        return trainee_label(row)

    def for_export(self, rows, user):
        marks = TraineeTargetGroup.objects.visible_to(user).select_related("target_group")
        marks = Prefetch("target_group_marks", marks.order_by("target_group__position"), to_attr="marks_seen")
        seen = rows.current().select_related("centre").for_reader(user).with_consent().prefetch_related(marks)
        return seen.order_by("centre__code", "surname", "given_name", "pk")

    def value(self, entry, key):
        if key == "target_groups":
            return entry.marks_seen
        return getattr(entry, key)

    def hidden_from(self, entry, user):
        return entry.hidden_from(user)

    def shielded(self, scope):
        if scope.centre.network_id in scope.user.reach.coordinates:
            return super().shielded(scope)
        return frozenset(self.rows(scope).withdrawn().values_list("pk", flat=True)), CONTACTS


NO_PLACE = {
    "started_on": {"waiting", "not_come"},
    "ended_on": {"waiting", "not_come", "enrolled"},
    "reason": {"waiting", "not_come", "enrolled", "completed"},
    "reason_note": {"waiting", "not_come", "enrolled", "completed"},
}


class Enrolments(Kind):
    key = "enrolments"
    model = Enrolment
    columns = (
        GroupName("group", _("group"), required=True, width=30),
        TraineeName("trainee", _("trainee"), required=True, width=36),
        Choice("status", _("status"), Enrolment.Status.choices, required=True),
        Day("applied_on", _("applied on"), width=14),
        Day("started_on", _("began on"), width=14),
        Day("ended_on", _("ended on"), width=14),
        Choice("reason", _("reason for leaving"), Enrolment.Reason.choices),
        Column("reason_note", _("in other words"), limit=300, width=28),
    )
    fields = written(columns, group="group_id", trainee="trainee_id")
    scoped_by = "group_id"
    held = ((Group, "NO KEY UPDATE"), (Trainee, "KEY SHARE"), (Enrolment, "NO KEY UPDATE"))  # none is merged meanwhile
    has_rule = True
    identity_fields = ("group_id", "trainee_id")

    def identity(self, fields):
        return fields["group_id"], fields["trainee_id"]

    def resolve(self, values, scope):
        fields = super().resolve(values, scope)
        if not fields.get("applied_on") and (fields.get("started_on") or fields["status"] == "not_come"):
            # Nobody applies after she began; who did not apply on a day of its own applied on the first.
            fields["applied_on"] = fields.get("started_on") or scope.groups[fields["group_id"]].start
        # A status leaves some days no place; unless the file names one, which is then refused.
        for name, statuses in NO_PLACE.items():
            if fields["status"] in statuses:
                fields.setdefault(name, self.column(name).empty)
        return fields

    def check(self, row, scope):
        row.group = scope.groups[row.group_id]
        row.check_dates()

    def check_written(self, scope, touched, problems, rows_of):
        held = Q(enrolments__status=Enrolment.Status.ENROLLED)
        full = scope.own(Group).filter(pk__in=touched.order_by().values("group"), capacity__isnull=False)
        for group in full.annotate(held=Count("enrolments", held)).filter(held__gt=F("capacity")).in_order():
            there = touched.filter(group=group, status=Enrolment.Status.ENROLLED).values_list("pk", flat=True)
            facts = {"group": group, "places": group.capacity, "count": group.held}
            for row in sorted(rows_of(there).values()):
                problems.add("over_capacity", row=row, column="group", **facts)
        there = Q(marks__mark="present")
        days = touched.annotate(
            first=Min("marks__lesson__date", filter=there), last=Max("marks__lesson__date", filter=there)
        )
        early = Q(first__isnull=False) & (Q(started_on__isnull=True) | Q(first__lt=F("started_on")))
        wrong = list(days.filter(early | Q(last__gt=F("ended_on"))).select_related("trainee").order_by("pk")[:1000])
        rows = rows_of([entry.pk for entry in wrong])
        for entry in wrong:
            day = entry.last if entry.ended_on and entry.last > entry.ended_on else entry.first
            facts = {"name": trainee_label(entry.trainee), "day": date_format(day)}
            problems.add("journal", row=rows.get(entry.pk), column="trainee", **facts)
        said = {"status": Enrolment.Status.COMPLETED, "started_on": F("first_day"), "ended_on": F("last_day")}
        valid = Certificate.objects.filter(enrolment__in=touched, revoked_at=None)
        refused = list(valid.exclude(**{f"enrolment__{name}": value for name, value in said.items()})[:1000])
        rows = rows_of([certificate.enrolment_id for certificate in refused])
        for one in refused:
            problems.add("certificate", row=rows.get(one.enrolment_id), column="status", number=one.number_text)
        self._take_out_marks(touched)

    def _take_out_marks(self, touched):
        """Nobody was expected at lessons outside of the new days: as when they are changed on a page."""
        days = Q(enrolment__started_on=None) | Q(lesson__date__lt=F("enrolment__started_on"))
        marks = Attendance.objects.filter(days | Q(lesson__date__gt=F("enrolment__ended_on")), enrolment__in=touched)
        lessons = set(marks.values_list("lesson", flat=True))
        if lessons:
            marks.delete()
            step_on(Lesson.objects.filter(pk__in=lessons))

    def replaced(self, scope, seen):
        return self.rows(scope).filter(group__in=seen)

    def for_export(self, rows, user):
        order = ("centre__code", "group__start", "group__name", "trainee__surname", "trainee__given_name", "pk")
        return rows.select_related("centre", "group", "trainee").order_by(*order)

    def label(self, row):
        return f"{trainee_label(row.trainee)} – {row.group}"

    def for_label(self, rows):
        return rows.select_related("trainee", "group")

    def fetch_for_label(self, entries, scope):
        prefetch_related_objects(entries, "trainee", "group")


class Attendances(Kind):
    key = "attendance"
    model = Attendance
    also_written = (Lesson,)
    columns = (
        GroupName("group", _("group"), required=True, width=30),
        Day("date", _("day"), past=True, required=True, width=14),
        Clock("starts", _("begins at"), width=12),
        TraineeName("trainee", _("trainee"), required=True, width=36),
        Choice("mark", _("mark"), Attendance.Mark.choices, required=True, width=14),
    )
    fields = {"date": "lesson_id", "trainee": "enrolment_id", "mark": "mark"}
    identity_fields = ("lesson_id", "enrolment_id")
    scoped_by = "lesson_id"
    held = (
        (Group, "NO KEY UPDATE"),
        (Enrolment, "KEY SHARE"),
        (Lesson, "NO KEY UPDATE"),
        (Attendance, "NO KEY UPDATE"),
    )

    def identity(self, fields):
        return fields["lesson_id"], fields["enrolment_id"]

    def resolve(self, values, scope):
        group, day = values["group"], values["date"]
        pk, began, ended = scope.enrolments.get((group, values["trainee"]), (None, None, None))
        if pk is None:
            raise Bad("not_enrolled", column="trainee", value=values["trainee_text"])
        lesson = scope.lesson(group, day, values.get("starts"))
        if day < began or (ended and day > ended):
            raise Bad("away_that_day", column="trainee", value=values["trainee_text"])
        return {"lesson_id": lesson, "enrolment_id": pk, "mark": values["mark"]}

    def replaced(self, scope, seen):
        return self.rows(scope).filter(lesson__in=seen)

    def leaving(self, scope, gone):
        scope.lost_marks.update(gone.values_list("lesson", flat=True))

    def after(self, scope, changed):
        # A form that somebody has open on one of these lessons finds that it changed.
        fresh = {lesson.pk for lesson in scope.new_lessons.values()}
        step_on(Lesson.objects.filter(pk__in=(changed | scope.lost_marks) - fresh))

    def for_export(self, rows, user):
        order = ("centre__code", "lesson__date", "lesson__group__name", "enrolment__trainee__surname", "pk")
        return rows.select_related("centre", "lesson__group", "enrolment__trainee").order_by(*order)

    def value(self, entry, key):
        if key == "trainee":
            return entry.enrolment.trainee
        return entry.mark if key == "mark" else getattr(entry.lesson, key)

    def label(self, row):
        return f"{trainee_label(row.enrolment.trainee)} – {row.lesson.group}, {date_format(row.lesson.date)}"

    def for_label(self, rows):
        return rows.select_related("enrolment__trainee", "lesson__group")

    def fetch_for_label(self, entries, scope):
        fresh = {lesson.pk: lesson for lesson in scope.new_lessons.values()}
        for entry in entries:
            if entry.lesson_id in fresh:
                entry.lesson = fresh[entry.lesson_id]
        prefetch_related_objects(entries, "enrolment__trainee", "lesson__group")


class Inventory(Kind):
    key = "equipment"
    model = Equipment
    columns = (
        Choice("kind", _("kind"), Equipment.Kind.choices, required=True),
        Column("name", pgettext_lazy("of a thing", "name"), limit=120, width=28),
        Counted("quantity", _("pieces"), required=True, width=10),
        Counted("working", _("of these work"), required=True, width=14),
        Day("not_working_since", _("out of order since"), past=True, width=18),
        Column("fault", _("what is wrong"), limit=300, width=28),
        Day("acquired", _("acquired"), past=True, width=14),
        Column("source", _("where it comes from"), limit=200, width=28),
        Column("inventory_number", _("inventory number"), limit=60),
        Number("id", _("number in the register"), width=38),
    )
    fields = written(columns)
    identity_fields = ("kind", "name", "inventory_number")
    may_repeat = True

    def identity(self, fields):
        if number := spelling(fields.get("inventory_number") or ""):
            return ("number", number)
        return fields["kind"], spelling(fields.get("name") or "")

    def repeats(self, identity, *, same):
        return same and identity[0] != "number"


class Incomes(Kind):
    key = "incomes"
    model = Income
    columns = (
        Day("date", _("date"), past=True, required=True, width=14),
        Choice("source", pgettext_lazy("of money", "source"), Source.choices, required=True, width=22),
        Amount("amount", _("amount"), required=True, width=16),
        Column("from_whom", _("from whom"), limit=200, width=28),
        Column("note", _("note"), limit=300, width=28),
        Number("id", _("number in the register"), width=38),
    )
    fields = written(columns)
    identity_fields = ("date", "source", "amount", "from_whom", "note")
    may_repeat = True
    scoped_by = "date"

    def identity(self, fields):
        words = (spelling(fields.get(name) or "") for name in ("from_whom", "note"))
        return fields["date"], fields["source"], fields["amount"], *words

    def repeats(self, identity, *, same):
        return True  # two rents of one day are two

    def replaced(self, scope, seen):
        return self.rows(scope).filter(date__year__in={day.year for day in seen})

    def label(self, row):
        return f"{date_format(row.date)}, {row.get_source_display()}, {shown(row.amount)}"


KINDS = {kind.key: kind for kind in (Trainees(), Enrolments(), Attendances(), Inventory(), Incomes())}
