"""Turns rows of text into values of the model, or into problems. Both paths of an import begin with it."""

from collections import Counter

from django.core.exceptions import ValidationError
from django.db.models.fields import NOT_PROVIDED

from centres.models.centre import spelling
from centres.spreadsheets import plain

from .problems import Bad
from .scope import likeness

KEEP = object()  # the file says nothing about it: what the register holds stays


class Row:
    """A row that can be stored: its number in the file, and the model's fields by attname."""

    __slots__ = ("fields", "is_new", "likely", "links", "number", "pk")

    def __init__(self, number, fields, pk, links):
        self.number = number
        self.fields = fields
        self.pk = pk  # of the entry that it is about; None for a new one
        self.is_new = pk is None
        self.links = links  # what it is marked with: a tuple of ids, or KEEP
        self.likely = False  # whether it is probably about somebody who is known already


class Cleaner:
    """Reads the rows of one file in their order.

    In a file that is added, an empty cell leaves what the register holds; in one that replaces, it empties it. A
    column that the file does not have leaves everything.
    """

    def __init__(self, kind, scope, sheet, mode):
        self.kind = kind
        self.scope = scope
        self.problems = sheet.problems
        at = sheet.columns
        self.columns = [(column.bind(scope), at[column.key], {}) for column in kind.columns if column.key in at]
        self.centre_at = sheet.columns.get("centre")
        self.own_names = {spelling(name) for name in (scope.centre.code, *scope.centre.all_names())}
        self.defaults = {}
        self.empties = {}
        here = set(sheet.columns)
        for key, attname in kind.fields.items():
            field = kind.model._meta.get_field(attname.removesuffix("_id"))
            column = kind.column(key)
            default = field.get_default() if field.default is not NOT_PROVIDED else column.empty
            self.defaults[attname] = default
            can_be_empty = column.empty == "" or field.null
            self.empties[attname] = column.empty if mode == "replace" and key in here and can_be_empty else KEEP
        self.links_empty = () if mode == "replace" and kind.links and kind.links[0] in here else KEEP
        self.known = kind.existing(scope, self._named(sheet))
        self.shielded = kind.shielded(scope)
        self.seen = {}  # identity: (row, what it says)
        self.entries = {}  # id of an entry of the register: the same
        self.times = Counter()  # identity: how many rows above repeat it
        self.resembled = set()  # ids of the trainees whom likely duplicates resemble
        self.likenesses = {}  # of new rows: [(year of birth, row)]
        self.trial = kind.model(centre=scope.centre)

    def _named(self, sheet) -> set:
        """The numbers that the file gives, where its other rows may be about entries that are the same otherwise."""
        place = sheet.columns.get("id")
        if place is None or not self.kind.may_repeat:
            return set()
        return {texts[place].strip().lower() for _number, texts in sheet.lines() if place < len(texts)}

    def row(self, number, texts):
        """The row; None where it holds an error, False where it is left out. The problems say why."""
        values, bad = {}, False
        if self.centre_at is not None and self.centre_at < len(texts):
            said = texts[self.centre_at]
            if said and spelling(said) not in self.own_names:
                self.problems.add("other_centre", row=number, column="centre", centre=self.scope.centre)
                return None
        for column, place, read in self.columns:
            text = texts[place] if place < len(texts) else ""
            if not text:
                if column.required:
                    self.problems.add("required", row=number, column=column.key)
                    bad = True
                continue
            value = read.get(text)
            if value is None:
                try:
                    value = column.read(plain(text))
                except Bad as problem:
                    value = problem
                if len(read) < 200_000:
                    read[text] = value
            if isinstance(value, Bad):
                self.problems.add(value.code, row=number, column=column.key, **value.facts)
                bad = True
            elif value == "" and column.required:
                self.problems.add("required", row=number, column=column.key)
                bad = True
            else:
                values[column.key] = value
                if column.key == "trainee":
                    values["trainee_text"] = text
        return None if bad else self._resolved(number, values)

    def _resolved(self, number, values):
        try:
            fields = self.kind.resolve(values, self.scope)
        except Bad as problem:
            column = problem.facts.pop("column")
            self.problems.add(problem.code, row=number, column=column, **problem.facts)
            return None
        links = values.get(self.kind.links[0]) if self.kind.links else None
        identity = ("id", values["id"]) if "id" in values else self.kind.identity(fields)
        told = (tuple(fields.items()), links)
        first, before = self.seen.setdefault(identity, (number, told))
        if first != number:
            if not self.kind.repeats(identity, same=told == before):
                return self._twice(number, told, first, before)
            self.problems.add("twice_counted", row=number, above=first)
            self.times[identity] += 1
            identity = (identity, self.times[identity])
        pk = values.get("id") or self.known.get(identity)
        if pk is not None:
            # The same entry may be named by its number in one row and by its words in another.
            first, before = self.entries.setdefault(pk, (number, told))
            if first != number:
                return self._twice(number, told, first, before)
        if pk is None:
            full = {attname: fields.get(attname, self.defaults[attname]) for attname in self.defaults}
        else:
            full = {attname: fields.get(attname, self.empties[attname]) for attname in self.defaults}
            if pk in self.shielded[0]:
                full |= dict.fromkeys(self.shielded[1], KEEP)
        if links is None:
            links = self.links_empty if pk else ()
        row = Row(number, full, pk, links)
        if row.is_new and not self.checked(number, full.items()):
            return None
        if row.is_new and self.kind.likely_doubles:
            self._compare(row)
        return row

    def _twice(self, number, told, first, before):
        """A row about an entry that a row above is about already."""
        self.problems.add("twice_same" if told == before else "twice_other", row=number, above=first)
        return False if told == before else None

    def checked(self, number, fields) -> bool:
        """Whether the register's own rule allows an entry with these fields: new ones at once, others once changed."""
        if not self.kind.has_rule:
            return True
        for attname, value in fields:
            setattr(self.trial, attname, value)
        try:
            self.kind.check(self.trial, self.scope)
        except ValidationError as refused:
            for name, sentences in refused.message_dict.items():
                self.problems.add("said", row=number, column=name, text=sentences[0])
            return False
        return True

    def _compare(self, row):
        """Whether a new trainee is probably registered already, or stands in a row above."""
        year = row.fields["birth_year"]
        key = likeness(row.fields["surname"], row.fields["given_name"])

        def fits(other):
            return year is None or other[0] is None or other[0] == year

        if known := list(filter(fits, self.scope.alike.get(key, ()))):
            self.problems.add("likely", row=row.number, column="surname", name=known[0][1])
            self.resembled.update(pk for _year, _label, pk in known)
            row.likely = True
        elif above := next(filter(fits, self.likenesses.get(key, ())), None):
            self.problems.add("likely_row", row=row.number, column="surname", above=above[1])
            row.likely = True
        self.likenesses.setdefault(key, []).append((year, row.number))
