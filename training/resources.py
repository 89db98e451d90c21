"""The five lists of the training register as import-export resources: the path of files up to 1,000 rows."""

import tablib
from django.core.exceptions import ValidationError
from import_export import resources
from import_export.results import RowResult
from import_export.widgets import Widget

from centres.versions import Versioned

from .imports.cleaning import KEEP
from .imports.kinds import KINDS
from .imports.rules import broken_by

TOLD = 50  # rows between two tellings of the progress


class Cell(Widget):
    """One value as the cleaner has read it; a row with a cell that it could not read never comes this far."""

    def __init__(self, resource, attname):
        self.resource = resource
        self.attname = attname

    def clean(self, value, row=None, **kwargs):
        return self.resource.row.fields[self.attname]


class Outcome(RowResult):
    """What became of a row, without what it is called: that would be asked of the database for each."""

    def add_instance_info(self, instance):
        self.object_id = instance.pk


class Register(resources.ModelResource):
    """Rows of one list at one centre, written one by one with all of the model's own validation.

    Entries are known by their natural keys, or by the number that an export gave them; nothing outside of what the
    person may change at this centre is ever looked at. `done` tells what became of each row.
    """

    class Meta:
        clean_model_instances = True
        skip_diff = True
        store_instance = True
        import_id_fields = []

    def __init__(self, kind, scope, cleaner, *, leave_likely=False, progress=None):
        super().__init__()
        self.kind = kind
        self.scope = scope
        self.cleaner = cleaner
        self.leave_likely = leave_likely
        self.progress = progress
        self.row = None
        self.done = []  # (row, "new", "update" or "skip", the entry, what it held before by attname)
        # What a row points to was looked up at this centre, so nobody has to ask for it again.
        self.looked_up = {field.name for field in kind.model._meta.concrete_fields if field.is_relation}
        attnames = {attname.removesuffix("_id"): attname for attname in kind.fields.values()}
        for name, field in self.fields.items():
            field.attribute = attnames[name]
            field.column_name = "texts"
            field.widget = Cell(self, attnames[name])

    @classmethod
    def get_row_result_class(cls):
        return Outcome

    def get_queryset(self):
        return self.kind.rows(self.scope)

    def run(self, lines) -> None:
        """Import (row number, [text, ...]) and leave problems with the cleaner. Raises what nobody has foreseen."""
        dataset = tablib.Dataset(*lines, headers=["number", "texts"])
        # The caller's transaction is the one that is kept or undone.
        result = self.import_data(dataset, dry_run=False, raise_errors=False, use_transactions=False)
        for error in (*result.base_errors, *(error for row in result.error_rows for error in row.errors)):
            raise error.error
        if result.has_validation_errors() and not self.cleaner.problems.errors:
            raise RuntimeError("Rows were refused without a word why.")

    def before_import(self, dataset, **kwargs):
        """What would be asked of the database row by row is asked of all rows at once."""
        self.rows = {number: self.cleaner.row(number, texts) for number, texts in dataset}
        readable = [row for row in self.rows.values() if row]
        self.known = self.get_queryset().in_bulk([row.pk for row in readable if row.pk])
        self.held = self.kind.held_links(self.known) if self.kind.links else {}
        self.broken = broken_by(self.kind.model, dict(filter(None, map(self._to_check, readable))))
        self.scope.save_new_lessons()

    def _to_check(self, row):
        """(row number, what the entry will hold by attname); None where that is what it holds."""
        if row.is_new:
            return row.number, row.fields
        before = self._values(self.known[row.pk])
        after = before | {attname: value for attname, value in row.fields.items() if value is not KEEP}
        return None if after == before else (row.number, after)

    def get_instance(self, instance_loader, row):
        self.row = self.rows[row["number"]]
        if self.row is None:
            raise ValidationError("refused")  # the cleaner has said why
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
            if self.kind.links:
                self.before[self.kind.links[0]] = self.held.get(instance.pk, ())
            super().import_instance(instance, row, **kwargs)

    def _values(self, instance) -> dict:
        return {attname: getattr(instance, attname) for attname in self.kind.fields.values()}

    def skip_row(self, instance, original, row, import_validation_errors=None):
        if not self.row:
            return True
        if self.row.is_new or self._links_differ(instance):
            return False
        return all(getattr(instance, attname) == self.before[attname] for attname in self.kind.fields.values())

    def _links_differ(self, instance) -> bool:
        return self.kind.links is not None and self.row.links not in (KEEP, self.held[instance.pk])

    def validate_instance(self, instance, import_validation_errors=None, validate_unique=True):
        problems, number = self.cleaner.problems, self.row.number
        if not self.row.is_new and not self.cleaner.checked(number, self._values(instance).items()):
            raise ValidationError("refused")
        if rule := self.broken.get(number):
            problems.add(rule, row=number)
        try:
            # The constraints were asked of all rows at once, and the keys make the rows unique.
            instance.full_clean(exclude=self.looked_up, validate_unique=False, validate_constraints=False)
        except ValidationError as refused:
            for name, sentences in refused.message_dict.items():
                for text in sentences:
                    problems.add("said", row=number, column=name, text=text)
            raise
        if rule:
            raise ValidationError("refused")

    def do_instance_save(self, instance, is_create):
        if self.row.likely and self.leave_likely:
            return
        if is_create or not isinstance(instance, Versioned):
            instance.save(force_insert=is_create)
        else:
            instance.write(version=instance.version)
        held = self.held.get(instance.pk, ())
        if self.kind.links and self.row.links not in (KEEP, held):
            self.kind.link(instance, held, self.row.links)

    def after_import_row(self, row, row_result, **kwargs):
        if self.row:
            self.done.append((self.row, row_result.import_type, row_result.instance, self.before))
            if self.progress and len(self.done) % TOLD == 0:
                self.progress(0.9 * len(self.done) / len(self.rows))


def resource_of(kind):
    """The resource of a list: its fields are those that the list writes."""
    fields = [attname.removesuffix("_id") for attname in kind.fields.values()]
    return resources.modelresource_factory(kind.model, resource_class=Register, meta_options={"fields": fields})


RESOURCES = {key: resource_of(kind) for key, kind in KINDS.items()}
