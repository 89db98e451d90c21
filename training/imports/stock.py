"""Up to 1,000 rows: through django-import-export, one by one, with all of the models' own validation."""

from ..resources import RESOURCES
from .cleaning import KEEP, Cleaner
from .plan import NAMED, Fingerprint, Plan, differences, remove

LIMIT = 1000  # rows


def run(kind, scope, sheet, mode, *, leave_likely=False, progress=None) -> Plan:
    """Write the rows. Where the sheet then holds an error, nothing is written and the plan says nothing."""
    cleaner = Cleaner(kind, scope, sheet, mode)
    resource = RESOURCES[kind.key](kind, scope, cleaner, leave_likely=leave_likely, progress=progress)
    resource.run(sheet.lines())
    plan = Plan(lessons=len(scope.new_lessons))
    if sheet.problems.errors:
        return plan
    kept, touched, scoped, changed, marks = [], {}, set(), set(), Fingerprint()
    fresh, other = [], []  # the first of each kind, which are named
    for row, what, entry, before in resource.done:
        if kind.scoped_by:
            scoped.add(getattr(entry, kind.scoped_by))
            if what != "skip":
                changed.add(getattr(entry, kind.scoped_by))
        marks.add(row.number, what, row.likely, None if row.is_new else (str(entry.pk), getattr(entry, "version", 0)))
        if entry.pk:
            kept.append(entry.pk)
            if what != "skip":
                touched[entry.pk] = row.number
        if row.likely:
            plan.likely += 1
            continue
        after = {attname: getattr(entry, attname) for attname in kind.fields.values()}
        if kind.links:
            after[kind.links[0]] = before.get(kind.links[0], ()) if row.links is KEEP else row.links
        marks.add(after)
        if what == "skip":
            plan.unchanged += 1
        elif what == "new":
            plan.new += 1
            fresh.append((row.number, entry))
        else:
            plan.changed += 1
            other.append((row.number, entry, differences(kind, before, after, scope)))
    del fresh[NAMED:], other[NAMED:]
    kind.fetch_for_label([entry for _number, entry, *_rest in (*fresh, *other)], scope)
    plan.new_named = [[number, kind.label(entry)] for number, entry in fresh]
    plan.changed_named = [[number, kind.label(entry), named] for number, entry, named in other]
    if mode == "replace":
        remove(kind, scope, scoped, (kept, cleaner.resembled), plan, marks)

    def rows_of(numbers):
        return {number: touched[number] for number in numbers if number in touched}

    kind.check_written(scope, kind.model.objects.filter(pk__in=touched), sheet.problems, rows_of)
    kind.after(scope, changed)
    plan.fingerprint = str(marks)
    return plan
