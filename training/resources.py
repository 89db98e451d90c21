"""The five lists of the training register as import-export resources: the path of files up to 1,000 rows."""

import tablib
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from import_export import resources
from import_export.widgets import Widget

from centres.models import Equipment, Income
from centres.versions import Versioned

from .imports.cleaning import KEEP
from .models import Attendance, Enrolment, Trainee


class Cell(Widget):
    """One value as the cleaner has read it; a row with a cell that it could not read never comes this far."""

    def __init__(self, resource, attname):
        self.resource = resource
        self.attname = attname

    def clean(self, value, row=None, **kwargs):
        return self.resource.row.fields[self.attname]


class Register(resources.ModelResource):
    """Rows of one list at one centre, written one by one with all of the model's own validation.

    Entries are known by their natural keys, or by the number that an export gave them; nothing outside of what the
    person may change at this centre is ever looked at. `done` tells what became of each row.
    """

    class Meta:
        clean_model_instances = True
        rollback_on_validation_errors = True
        skip_html_diff = True
        store_instance = True
        import_id_fields = []

    def __init__(self, kind, scope, cleaner, *, leave_likely=False):
        super().__init__()
        self.kind = kind
        self.scope = scope
        self.cleaner = cleaner
        self.leave_likely = leave_likely
        self.row = None
        self.done = []  # (row, "new", "update" or "skip", the entry, what it held before by attname)
        self.rules = {str(rule.violation_error_message): rule.name for rule in kind.model._meta.constraints}
        attnames = {attname.removesuffix("_id"): attname for attname in kind.fields.values()}
        for name, field in self.fields.items():
            field.attribute = attnames[name]
            field.column_name = "texts"
            field.widget = Cell(self, attnames[name])

    def get_queryset(self):
        return self.kind.rows(self.scope)

    def run(self, lines) -> None:
        """Import (row number, [text, ...]) and leave problems with the cleaner. Raises what nobody has foreseen."""
        dataset = tablib.Dataset(*lines, headers=["number", "texts"])
        result = self.import_data(dataset, dry_run=False, raise_errors=False, rollback_on_validation_errors=True)
        for error in (*result.base_errors, *(error for row in result.error_rows for error in row.errors)):
            raise error.error
        if result.has_validation_errors() and not self.cleaner.problems.errors:
            raise RuntimeError("Rows were refused, and so nothing was stored, without a word why.")

    def before_import(self, dataset, **kwargs):
        self.known = self.get_queryset().in_bulk()

    def get_instance(self, instance_loader, row):
        self.row = self.cleaner.row(row["number"], row["texts"])
        if self.row is None:
            raise ValidationError("refused")  # the cleaner has said why
        self.scope.save_new_lessons()
        return self.known.get(self.row.pk) if self.row else None

    def init_instance(self, row=None):
        return self.kind.model(centre=self.scope.centre)

    def import_field(self, field, instance, row, is_m2m=False, **kwargs):
        value = field.clean(row)
        if value is not KEEP:
            setattr(instance, field.attribute, value)

    def import_instance(self, instance, row, **kwargs):
        if self.row:
            self.before = {} if self.row.is_new else self._values(instance)
            super().import_instance(instance, row, **kwargs)

    def _values(self, instance) -> dict:
        return {attname: getattr(instance, attname) for attname in self.kind.fields.values()}

    def skip_row(self, instance, original, row, import_validation_errors=None):
        if not self.row:
            return True
        return not self.row.is_new and self._values(instance) == self.before and not self._links_differ(instance)

    def _links_differ(self, instance) -> bool:
        return self.kind.links is not None and self.row.links not in (KEEP, self.kind.held_links(instance))

    def validate_instance(self, instance, import_validation_errors=None, validate_unique=True):
        if not self.row.is_new and not self.cleaner.checked(self.row.number, self._values(instance).items()):
            raise ValidationError("refused")
        try:
            super().validate_instance(instance, import_validation_errors, validate_unique)
        except ValidationError as refused:
            label, problems = self.kind.model._meta.label, self.cleaner.problems
            for name, sentences in refused.message_dict.items():
                for text in sentences:
                    if name == NON_FIELD_ERRORS and text in self.rules:
                        problems.add(f"{label}.{self.rules[text]}", row=self.row.number)
                    else:
                        problems.add("said", row=self.row.number, column=name, text=text)
            raise

    def do_instance_save(self, instance, is_create):
        if self.row.likely and self.leave_likely:
            return
        if is_create or not isinstance(instance, Versioned):
            instance.save(force_insert=is_create)
        else:
            instance.write(version=instance.version)
        if self.kind.links and self.row.links is not KEEP:
            self.kind.link(instance, self.row.links)

    def after_import_row(self, row, row_result, **kwargs):
        if self.row:
            self.done.append((self.row, row_result.import_type, row_result.instance, self.before))


class TraineeResource(Register):
    class Meta(Register.Meta):
        model = Trainee
        fields = [
            "surname",
            "given_name",
            "patronymic",
            "birth_year",
            "sex",
            "needy",
            "language",
            "phone",
            "contact",
            "guardian_name",
            "guardian_phone",
            "registered_on",
            "note",
        ]


class EnrolmentResource(Register):
    class Meta(Register.Meta):
        model = Enrolment
        fields = ["group", "trainee", "status", "applied_on", "started_on", "ended_on", "reason", "reason_note"]


class AttendanceResource(Register):
    class Meta(Register.Meta):
        model = Attendance
        fields = ["lesson", "enrolment", "mark"]


class EquipmentResource(Register):
    class Meta(Register.Meta):
        model = Equipment
        fields = [
            "kind",
            "name",
            "quantity",
            "working",
            "not_working_since",
            "fault",
            "acquired",
            "source",
            "inventory_number",
        ]


class IncomeResource(Register):
    class Meta(Register.Meta):
        model = Income
        fields = ["date", "source", "amount", "from_whom", "note"]


RESOURCES = {
    "trainees": TraineeResource,
    "enrolments": EnrolmentResource,
    "attendance": AttendanceResource,
    "equipment": EquipmentResource,
    "incomes": IncomeResource,
}
