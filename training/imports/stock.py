"""Up to 1,000 rows: through django-import-export, one by one, with all of the models' own validation."""

from ..resources import RESOURCES
from .cleaning import Cleaner
from .plan import NAMED, Fingerprint, Plan, differences, remove

LIMIT = 1000  # rows


def run(kind, scope, sheet, mode, *, leave_likely=False, progress=None) -> Plan:
    """Write the rows. Where the sheet then holds an error, nothing is written and the plan says nothing."""
    cleaner = Cleaner(kind, scope, sheet, mode)
    resource = RESOURCES[kind.key](kind, scope, cleaner, leave_likely=leave_likely)
    resource.run(sheet.lines())
    plan = Plan(lessons=len(scope.new_lessons))
    if sheet.problems.errors:
        return plan
    kept, touched, scoped, marks = [], [], set(), Fingerprint()
    for row, what, entry, before in resource.done:
        scoped.add(getattr(entry, kind.scoped_by, None) if kind.scoped_by else None)
        marks.add(row.number, what, row.likely, None if row.is_new else (str(entry.pk), getattr(entry, "version", 0)))
        if not row.likely:
            after = {attname: getattr(entry, attname) for attname in kind.fields.values()}
            marks.add(after)
            _count(plan, kind, row, what, entry, before, after)
        else:
            plan.likely += 1
        if entry.pk:
            kept.append(entry.pk)
            if what != "skip":
                touched.append(entry.pk)
    if mode == "replace":
        remove(kind, scope, scoped, {"pk__in": kept}, plan, marks)
    kind.check_written(scope, kind.model.objects.filter(pk__in=touched), sheet.problems)
    plan.fingerprint = str(marks)
    return plan


def _count(plan, kind, row, what, entry, before, after):
    if what == "skip":
        plan.unchanged += 1
    elif what == "new":
        plan.new += 1
        if len(plan.new_named) < NAMED:
            plan.new_named.append([row.number, kind.label(entry)])
    else:
        plan.changed += 1
        if len(plan.changed_named) < NAMED:
            plan.changed_named.append([row.number, kind.label(entry), differences(kind, before, after)])
