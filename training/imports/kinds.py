"""The five lists: their columns, what makes two rows the same, and what "replace" removes."""

from django.db.models import PROTECT, Count, Exists, F, Max, Min, OuterRef, Prefetch, Q, prefetch_related_objects
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centres.models import Equipment, Income
from centres.models.centre import spelling
from centres.models.finance import Source

from ..models import Attendance, Enrolment, Group, Lesson, Trainee, TraineeTargetGroup
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
from .problems import Bad


def written(columns, **others) -> dict:
    """The model's attname by column key: the same, unless said otherwise; None where it is no field of the model."""
    names = {column.key: others.get(column.key, column.key) for column in columns if column.key != "id"}
    return {key: name for key, name in names.items() if name}


class Kind:
    """One list: `fields` gives, by column key, the attname of the model that is written."""

    key = ""
    model = None
    columns = ()
    fields = {}
    identity_fields = ()
    scoped_by = ""  # the attname that limits what "replace" removes
    has_rule = False
    links = None  # (column key, model of the marks, attname of the row, attname of what it is marked with)
    also_written = ()  # further models
    likely_doubles = False  # whether two rows can be about one person without saying so

    def column(self, key) -> Column:
        return next(column for column in self.columns if column.key == key)

    def attname_column(self, attname) -> str:
        return next((key for key, name in self.fields.items() if name == attname), "")

    def resolve(self, values: dict, scope) -> dict:
        """The model's fields from the cells' values. Raises Bad with the `column` that is wrong."""
        return {attname: values[key] for key, attname in self.fields.items() if key in values}

    def check(self, row, scope) -> None:
        """Raise ValidationError by field where the register's own rule refuses an unsaved row (with `has_rule`)."""

    def check_written(self, scope, touched, problems) -> None:
        """What only shows when all rows are written. `touched` are the rows that are new or changed."""

    def identity(self, fields: dict):
        """What makes two rows the same entry, for rows without a number."""
        raise NotImplementedError

    def existing(self, scope) -> dict:
        """The centre's entries by their identity; the first of several that are alike."""
        known = {}
        attnames = self.identity_fields
        for pk, *values in scope.own(self.model).order_by("pk").values_list("pk", *attnames):
            known.setdefault(self.identity(dict(zip(attnames, values, strict=True))), pk)
        return known

    def rows(self, scope):
        """The centre's entries that the person may change."""
        return scope.own(self.model)

    def replaced(self, scope, seen: set):
        """The rows that "replace" takes for told by the file; `seen` holds its values of `scoped_by`."""
        return self.rows(scope)

    def hanging(self):
        """Whether something else rests on a row, so that it cannot go."""
        rests = Q()
        for relation in self.model._meta.related_objects:
            if relation.on_delete is PROTECT:
                other = relation.related_model._base_manager.filter(**{relation.field.name: OuterRef("pk")})
                rests |= Q(Exists(other))
        return rests

    def label(self, row) -> str:
        """What a preview calls an entry."""
        return str(row)

    def for_label(self, rows):
        """Rows of a queryset, ready to be labelled."""
        return rows

    def fetch_for_label(self, entries: list, scope) -> None:
        """The same for entries that are not stored yet."""

    def shielded(self, scope) -> tuple:
        """(ids of entries, attnames) that the person may not see, and so does not change or read in a preview."""
        return frozenset(), frozenset()

    # --- Out ---------------------------------------------------------------------------------------------------------

    def for_export(self, rows, user):
        """Rows of a queryset in their order, with all that `value` needs."""
        return rows.select_related("centre").order_by("centre__code", "pk")

    def value(self, entry, key):
        """What a column holds of an entry."""
        return getattr(entry, key)

    def hidden_from(self, entry, user) -> frozenset:
        """Columns that stay empty for this reader."""
        return frozenset()

    # --- Marks -------------------------------------------------------------------------------------------------------

    def held_links(self, entry) -> tuple:
        """What a stored entry is marked with."""
        _key, marks, owner, target = self.links
        return tuple(marks.objects.filter(**{owner: entry.pk}).order_by(target).values_list(target, flat=True))

    def link(self, entry, wanted: tuple) -> None:
        """Mark a stored entry with these and no others."""
        _key, marks, owner, target = self.links
        held = self.held_links(entry)
        marks.objects.filter(**{owner: entry.pk}).exclude(**{f"{target}__in": wanted}).delete()
        marks.objects.bulk_create(
            marks(centre_id=entry.centre_id, **{owner: entry.pk, target: pk}) for pk in wanted if pk not in held
        )


# As people shorten it in their own lists, in Russian, Kazakh and English.
SEXES = {"f": ("ж", "жен", "жен.", "ә", "әйел", "woman"), "m": ("м", "муж", "муж.", "е", "ер", "ер адам", "man")}


class Trainees(Kind):
    key = "trainees"
    model = Trainee
    columns = (
        Column("surname", _("surname"), required=True, limit=80, example="Серікова"),
        Column("given_name", _("given name"), required=True, limit=80, example="Айгүл"),
        Column("patronymic", _("patronymic"), limit=80),
        Year("birth_year", _("year of birth"), example="1985", width=12),
        Choice("sex", _("sex"), Trainee.Sex.choices, also=SEXES, width=12),
        Choice("needy", _("needy family"), Trainee.Needy.choices, sensitive=True, width=12),
        TargetGroups("target_groups", _("target groups"), sensitive=True, width=28),
        Choice("language", _("language"), Trainee.Language.choices, width=14),
        Column("phone", _("phone"), limit=100, sensitive=True),
        Column("contact", _("other contact"), limit=200, sensitive=True),
        Column("guardian_name", _("guardian"), limit=150, sensitive=True),
        Column("guardian_phone", _("guardian's phone"), limit=100, sensitive=True),
        Day("registered_on", _("registered on"), past=True, width=14),
        Column("note", _("note"), limit=2000, sensitive=True, width=28),
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

    def existing(self, scope):
        known = super().existing(scope)
        merged = set(scope.own(Trainee).exclude(merged_into=None).values_list("pk", flat=True))
        return {key: pk for key, pk in known.items() if pk not in merged} if merged else known

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

    def check_written(self, scope, touched, problems):
        held = Q(enrolments__status=Enrolment.Status.ENROLLED)
        full = scope.own(Group).filter(pk__in=touched.order_by().values("group"), capacity__isnull=False)
        # Who enrols somebody on a page holds the group's row too, so that we count one after the other.
        list(full.order_by("pk").select_for_update(no_key=True, of=["self"]).values_list("pk"))
        for group in full.annotate(held=Count("enrolments", held)).filter(held__gt=F("capacity")):
            problems.add("over_capacity", column="group", group=group, places=group.capacity, count=group.held)
        there = Q(marks__mark="present")
        days = touched.annotate(
            first=Min("marks__lesson__date", filter=there), last=Max("marks__lesson__date", filter=there)
        )
        early = Q(first__isnull=False) & (Q(started_on__isnull=True) | Q(first__lt=F("started_on")))
        for row in days.filter(early | Q(last__gt=F("ended_on"))).select_related("trainee").order_by("pk")[:1000]:
            day = row.last if row.ended_on and row.last > row.ended_on else row.first
            problems.add("journal", column="trainee", name=trainee_label(row.trainee), day=date_format(day))

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

    def identity(self, fields):
        if number := spelling(fields.get("inventory_number") or ""):
            return ("number", number)
        return fields["kind"], spelling(fields.get("name") or "")


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
    scoped_by = "date"

    def identity(self, fields):
        words = (spelling(fields.get(name) or "") for name in ("from_whom", "note"))
        return fields["date"], fields["source"], fields["amount"], *words

    def replaced(self, scope, seen):
        return self.rows(scope).filter(date__year__in={day.year for day in seen})

    def label(self, row):
        return f"{date_format(row.date)}, {row.get_source_display()}, {shown(row.amount)}"


KINDS = {kind.key: kind for kind in (Trainees(), Enrolments(), Attendances(), Inventory(), Incomes())}
