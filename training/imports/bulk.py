"""More than 1,000 rows: COPY into a temporary table, checks over all rows at once, then one INSERT and one UPDATE.

The rules are the database's own: each named check constraint of the table is asked of the rows that wait beside it. The
history is written by the table's statement triggers, as always.
"""
# ruff: noqa: S608 - the names of tables and columns in the SQL are those of our own models

import io
from uuid import uuid4

from django.db import connection, models
from django.db.models.expressions import RawSQL

from .cleaning import KEEP, Cleaner
from .plan import NAMED, Fingerprint, Plan, differences, remove
from .rules import broken

CHUNK = 5000  # rows in one COPY
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def run(kind, scope, sheet, mode, *, leave_likely=False, progress=None) -> Plan:
    """Write the rows. Where the sheet then holds an error, nothing is written and the plan says nothing.

    `progress(share)` is told now and then how much is done, from 0 to 1.
    """
    return Bulk(kind, scope, sheet, mode, leave_likely, progress or (lambda share: None)).run()


class Bulk:
    """One file on its way through the temporary table `candidate`."""

    def __init__(self, kind, scope, sheet, mode, leave_likely, progress):
        self.kind = kind
        self.scope = scope
        self.sheet = sheet
        self.problems = sheet.problems
        self.mode = mode
        self.leave_likely = leave_likely
        self.progress = progress
        self.meta = kind.model._meta
        self.table = self.meta.db_table
        self.attnames = list(kind.fields.values())
        self.made_here = isinstance(self.meta.pk, models.UUIDField)  # the number of a new row
        self.versioned = any(field.name == "version" for field in self.meta.concrete_fields)

    def run(self) -> Plan:
        plan, marks = Plan(), Fingerprint()
        with connection.cursor() as self.cursor:
            self.fill()
            self.progress(0.5)
            self.merge()
            self.check()
            plan.lessons = len(self.scope.new_lessons)
            if self.problems.errors:
                return plan
            self.count(plan, marks)
            self.progress(0.6)
            if self.mode == "replace":
                # Before the new rows are there, which nobody named to stay.
                kept = RawSQL("SELECT id FROM candidate WHERE NOT is_new", [])
                remove(self.kind, self.scope, self.scoped, (kept, self.cleaner.resembled), plan, marks)
            self.scope.save_new_lessons()
            self.insert()
            self.update()
            if self.kind.links:
                self.link()
            self.progress(0.95)
            touched = RawSQL("SELECT id FROM candidate WHERE differs AND NOT left_out", [])
            touched = self.kind.model.objects.filter(pk__in=touched)
            self.kind.check_written(self.scope, touched, self.problems, self.rows_of)
            self.kind.after(self.scope, self.changed())
        plan.fingerprint = str(marks)
        return plan

    def rows_of(self, numbers) -> dict:
        """The rows of the file that these entries come from, by id."""
        return dict(self.rows("SELECT id, sheet_row FROM candidate WHERE id = ANY(%s)", list(numbers)))

    def changed(self) -> set:
        """What limits the list, of the rows that are written."""
        if not self.kind.scoped_by:
            return set()
        column = self.kind.scoped_by
        return {
            value for (value,) in self.rows(f"SELECT DISTINCT {column} FROM candidate WHERE differs AND NOT left_out")
        }

    def rows(self, sql, *parameters):
        self.cursor.execute(sql, parameters)
        return self.cursor.fetchall()

    def fill(self):
        """The rows that can be read, in a table like the model's, with what is known of each."""
        self.cursor.execute("DROP TABLE IF EXISTS pg_temp.candidate")
        self.cursor.execute(
            f"CREATE TEMPORARY TABLE candidate ON COMMIT DROP AS SELECT {', '.join(['id', *self.attnames])},"
            " 0 AS sheet_row, false AS is_new, false AS is_likely, 0 AS kept, NULL::bigint[] AS links,"
            f" false AS differs, false AS left_out FROM {self.table} WITH NO DATA"
        )
        self.cursor.execute("ALTER TABLE candidate ALTER differs SET DEFAULT false, ALTER left_out SET DEFAULT false")
        names = ["id", *self.attnames, "sheet_row", "is_new", "is_likely", "kept", "links"]
        copy = f"COPY candidate ({', '.join(names)}) FROM STDIN"
        cleaner = self.cleaner = Cleaner(self.kind, self.scope, self.sheet, self.mode)
        self.scoped = set()
        scoped_by = self.kind.scoped_by
        waiting = []
        for done, (number, texts) in enumerate(self.sheet.lines()):
            row = cleaner.row(number, texts)
            if row:
                if scoped_by:
                    self.scoped.add(row.fields[scoped_by])
                waiting.append(self.line(row))
            if len(waiting) == CHUNK:
                self.cursor.copy_expert(copy, io.StringIO("".join(waiting)))
                waiting.clear()
                self.progress(0.5 * done / max(1, self.sheet.rows))
        self.cursor.copy_expert(copy, io.StringIO("".join(waiting)))
        self.cursor.execute("ANALYZE candidate")

    def line(self, row) -> str:
        """A row in COPY's text format."""
        kept = 0
        pk = row.pk or (uuid4() if self.made_here else None)
        cells = ["\\N" if pk is None else str(pk)]
        for place, value in enumerate(row.fields.values()):
            if value is KEEP:
                kept |= 1 << place
                cells.append("\\N")
            else:
                cells.append(copied(value))
        links = "\\N" if row.links is KEEP or not self.kind.links else "{" + ",".join(map(str, row.links)) + "}"
        cells += [str(row.number), "t" if row.is_new else "f", "t" if row.likely else "f", str(kept), links]
        return "\t".join(cells) + "\n"

    def merge(self):
        """What the file leaves as it is comes from the register; then it shows which rows differ from it."""
        kept = [
            f"{name} = CASE WHEN candidate.kept & {1 << place} <> 0 THEN held.{name} ELSE candidate.{name} END"
            for place, name in enumerate(self.attnames)
        ]
        self.cursor.execute(
            f"UPDATE candidate SET {', '.join(kept)} FROM {self.table} held"
            " WHERE held.id = candidate.id AND NOT is_new AND candidate.kept <> 0"
        )
        own = ", ".join(f"candidate.{name}" for name in self.attnames)
        held = ", ".join(f"held.{name}" for name in self.attnames)
        links = ""
        if self.kind.links:
            _key, marks, owner, target = self.kind.links
            links = (
                f" OR candidate.links <> COALESCE((SELECT array_agg({target} ORDER BY {target})"
                f" FROM {marks._meta.db_table} WHERE {owner} = candidate.id), '{{}}')"
            )
        self.cursor.execute(
            f"UPDATE candidate SET differs = true FROM {self.table} held WHERE held.id = candidate.id AND NOT is_new"
            f" AND (({own}) IS DISTINCT FROM ({held}){links})"
        )
        self.cursor.execute(
            "UPDATE candidate SET differs = true, left_out = is_likely AND %s WHERE is_new", [self.leave_likely]
        )

    def check(self):
        """The register's rules on what is new or changed."""
        names = ", ".join(self.attnames)
        if self.kind.has_rule:
            for number, *values in self.rows(
                f"SELECT sheet_row, {names} FROM candidate WHERE differs AND NOT is_new ORDER BY sheet_row"
            ):
                if not self.cleaner.checked(number, zip(self.attnames, values, strict=True)):
                    self.cursor.execute("UPDATE candidate SET differs = false WHERE sheet_row = %s", [number])
        waiting = "(SELECT * FROM candidate WHERE differs) candidate"
        for number, rule in sorted(broken(self.kind.model, waiting, "sheet_row").items()):
            self.problems.add(rule, row=number)

    def count(self, plan, marks):
        """How many rows do what; the first of each kind by name; and the sum of it all."""
        counts = dict(
            self.rows(
                "SELECT CASE WHEN is_likely THEN 'likely' WHEN is_new THEN 'new' WHEN differs THEN 'changed'"
                " ELSE 'unchanged' END, count(*) FROM candidate GROUP BY 1"
            )
        )
        for name, number in counts.items():
            setattr(plan, name, number)
        own = ", ".join(f"candidate.{name}" for name in self.attnames)
        version = "held.version" if self.versioned else "0"
        [[told]] = self.rows(
            "SELECT md5(string_agg(md5(ROW(sheet_row, is_new, is_likely, differs, links, held.id,"
            f" {version}, {own})::text), '' ORDER BY sheet_row))"
            f" FROM candidate LEFT JOIN {self.table} held ON held.id = candidate.id"
        )
        marks.add(told)
        self.name_new(plan)
        self.name_changed(plan)

    def name_new(self, plan):
        entries = []
        for number, *values in self.rows(
            f"SELECT sheet_row, {', '.join(self.attnames)} FROM candidate WHERE is_new AND NOT is_likely"
            " ORDER BY sheet_row LIMIT %s",
            NAMED,
        ):
            entry = self.kind.model(centre=self.scope.centre, **dict(zip(self.attnames, values, strict=True)))
            entries.append((number, entry))
        self.kind.fetch_for_label([entry for _number, entry in entries], self.scope)
        plan.new_named = [[number, self.kind.label(entry)] for number, entry in entries]

    def name_changed(self, plan):
        told = {
            pk: (number, links, dict(zip(self.attnames, values, strict=True)))
            for pk, number, links, *values in self.rows(
                f"SELECT id, sheet_row, links, {', '.join(self.attnames)} FROM candidate"
                " WHERE differs AND NOT is_new ORDER BY sheet_row LIMIT %s",
                NAMED,
            )
        }
        found = {row.pk: row for row in self.kind.for_label(self.kind.model.objects.filter(pk__in=told))}
        held = self.kind.held_links(told) if self.kind.links else {}
        for pk, (number, links, after) in told.items():
            before = {name: getattr(found[pk], name) for name in self.attnames}
            for name, value in after.items():
                setattr(found[pk], name, value)
            label = self.kind.label(found[pk])
            if self.kind.links:
                before[self.kind.links[0]] = held[pk]
                after[self.kind.links[0]] = held[pk] if links is None else tuple(links)
            plan.changed_named.append([number, label, differences(self.kind, before, after, self.scope)])

    def insert(self):
        """The new rows."""
        given = {"centre_id": self.scope.centre.pk}
        for field in self.meta.concrete_fields:
            if not (field.primary_key or field.attname in (*self.attnames, "centre_id") or field.generated):
                given[field.column] = field.get_default()
        names = [*(["id"] if self.made_here else []), *self.attnames]
        self.cursor.execute(
            f"INSERT INTO {self.table} ({', '.join([*names, *given])})"
            f" SELECT {', '.join([*names, *['%s'] * len(given)])} FROM candidate"
            " WHERE is_new AND NOT left_out ORDER BY sheet_row",
            list(given.values()),
        )

    def update(self):
        """The changed rows."""
        sets = [f"{name} = candidate.{name}" for name in self.attnames]
        if self.versioned:
            sets.append("version = held.version + 1")
        self.cursor.execute(
            f"UPDATE {self.table} held SET {', '.join(sets)} FROM candidate"
            " WHERE held.id = candidate.id AND differs AND NOT is_new"
        )

    def link(self):
        """The marks of both."""
        _key, marks, owner, target = self.kind.links
        table = marks._meta.db_table
        self.cursor.execute(
            f"DELETE FROM {table} mark USING candidate WHERE mark.{owner} = candidate.id AND differs AND NOT left_out"
            f" AND links IS NOT NULL AND mark.{target} <> ALL(links)"
        )
        self.cursor.execute(
            f"INSERT INTO {table} (centre_id, {owner}, {target})"
            " SELECT %s, candidate.id, link FROM candidate, unnest(links) link WHERE differs AND NOT left_out"
            " ORDER BY sheet_row, link ON CONFLICT DO NOTHING",
            [self.scope.centre.pk],
        )


def copied(value) -> str:
    """A value in COPY's text format."""
    if value is None:
        return "\\N"
    if isinstance(value, str):
        return value.translate(ESCAPES) if not value.isalnum() else value
    return str(value)
