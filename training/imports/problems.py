"""What can be wrong with a list, each with its sentence; ten thousand of one kind are one line on the page."""

import re
from dataclasses import dataclass, field

from django.apps import apps
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

PLACES = 200  # rows that are listed for one problem; the count says how many there are
GROUPS = 60  # different problems on one page

SENTENCES = {
    # The table as a whole
    "no_headings": _("No row with the heading “%(heading)s” was found. Start from the table to fill in."),
    "unknown_column": _("The column “%(heading)s” is not known and is left out."),
    "column_twice": _("The column “%(heading)s” comes twice."),
    "missing_column": _("The column “%(heading)s” is missing."),
    "nothing_below": _("Below the headings there is nothing."),
    "other_file": _("This table was made for another centre. Take the one for %(centre)s, or choose the right centre."),
    "other_kind": _("This table was made for another kind of list."),
    "no_right": _("Only the people of a centre and the coordinators import lists."),
    # One cell
    "other_centre": _("This row is not of %(centre)s."),
    "cell_error": _("This cell holds the error %(failure)s."),
    "cell_formula": _("This cell holds a formula. Put its value there instead."),
    "required": _("This cell is empty. It is needed."),
    "too_long": _("The text has %(length)s characters; the limit is %(limit)s."),
    "no_choice": _("“%(value)s” is none of: %(allowed)s."),
    "no_date": _("“%(value)s” is no date. Write it as 2005-12-31 or 31.12.2005."),
    "far_date": _("“%(value)s” lies outside the years 1900 to 2100."),
    "future": _("This day lies in the future."),
    "no_time": _("“%(value)s” is no time of day. Write it as 14:30."),
    "no_count": _("“%(value)s” is no whole number."),
    "no_year": _("“%(value)s” is no year. Write it with four digits."),
    "future_year": _("The year %(value)s lies in the future."),
    "two_ways": _("“%(value)s” can be read in two ways. Write thousands with spaces, for example 1 500 or 1,50."),
    "no_amount": _("“%(value)s” is no amount. Write it in figures, for example 1 500 000 or 1,5."),
    "no_id": _("No entry of this centre has this number. For a new entry leave the cell empty."),
    "merged": _("This entry was merged into another entry of the same person: %(name)s."),
    "no_group": _("This centre has no group “%(value)s”."),
    "several_groups": _("Several groups are called “%(value)s”. Add the first day: %(value)s, 10.01.2005."),
    "no_trainee": _("No trainee of this centre is called “%(value)s”."),
    "several_trainees": _("Several trainees are called “%(value)s”. Add the year of birth: %(value)s, 1985."),
    "not_enrolled": _("“%(value)s” is not in this group."),
    "no_target_group": _("“%(value)s” is none of the target groups of the network: %(allowed)s."),
    "away_that_day": _("“%(value)s” was not in the group on that day."),
    "lesson_outside": _("The group does not run on that day."),
    "lesson_totals": _("The journal of this group is kept without names."),
    "lesson_cancelled": _("The lesson of that day was cancelled."),
    "several_lessons": _("The group has several lessons on that day. Add the time at which this one begins."),
    "no_lesson": _("The journal has no lesson at that time. Enter the lesson first."),
    # One row
    "said": "%(text)s",  # a rule of the register in its own words
    "twice_same": _("This row says the same as row %(above)s and is left out."),
    "twice_other": _("This row is about the same entry as row %(above)s, but says something else."),
    "twice_counted": _("This row says the same as row %(above)s and counts as one more entry."),
    "likely": _("This is probably the same person as “%(name)s”, who is registered already."),
    "likely_row": _("This is probably the same person as in row %(above)s."),
    "over_capacity": _("The group “%(group)s” has %(places)s places; %(count)s people would be in it at once."),
    "journal": _("The journal says that “%(name)s” was there on %(day)s, which the new days leave out."),
    "certificate": _("Certificate %(number)s says that she or he completed on these days. Revoke it first."),
}
DIGITS = re.compile(r"\d+")
NOTICES = {"unknown_column", "twice_same", "twice_counted", "likely", "likely_row"}
EACH = {"merged": "name", "over_capacity": "group", "journal": "name", "certificate": "number"}  # is told by itself
LISTED = 5  # rows that are told one by one


class Bad(ValueError):
    """A cell that cannot be read: why, and what fills in the sentence."""

    def __init__(self, code, **facts):
        super().__init__(code)
        self.code = code
        self.facts = facts

    def __str__(self):
        return sentence(self.code, self.facts)


def sentence(code: str, facts: dict) -> str:
    """What is wrong, in the reader's language. A rule of the model speaks for itself: `model.constraint`."""
    if code in SENTENCES:
        return str(SENTENCES[code]) % facts
    label, name = code.rsplit(".", 1)
    [rule] = [rule for rule in apps.get_model(label)._meta.constraints if rule.name == name]
    return str(rule.violation_error_message)


@dataclass
class Group:
    """One kind of problem in one column: what is wrong in its first row, and all the rows."""

    code: str
    column: str  # its key, "" for the row as a whole
    letter: str
    facts: dict
    rows: list = field(default_factory=list)  # the first of them
    count: int = 0
    heading: str = ""  # of the column, as the file has it

    @property
    def is_error(self) -> bool:
        """An error keeps the whole file out; a notice does not."""
        return self.code not in NOTICES

    @property
    def sentence(self) -> str:
        return sentence(self.code, self.facts)

    @property
    def place(self) -> str:
        """Where, in words: "rows 3, 7", "row 12 and 41 others"."""
        if not self.rows:
            return ""
        first, others = self.rows[0], self.count - 1
        if not others:
            return _("row %(row)s") % {"row": first}
        if self.count == len(self.rows) <= LISTED:
            return _("rows %(rows)s") % {"rows": ", ".join(map(str, self.rows))}
        text = ngettext("row %(row)s and %(others)s other", "row %(row)s and %(others)s others", others)
        return text % {"row": first, "others": others}

    @property
    def all_rows(self) -> str:
        """The rows as ranges, as far as they are kept: 12–15, 20."""
        ranges = []
        for row in self.rows:
            if ranges and row == ranges[-1][1] + 1:
                ranges[-1][1] = row
            else:
                ranges.append([row, row])
        told = ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in ranges)
        return told + (" …" if self.count > len(self.rows) else "")


class Problems:
    """Collects problems in any number and keeps them small."""

    def __init__(self, sheet="", letters=None, headings=None):
        self.sheet = sheet
        self.letters = letters or {}  # column key -> letter in the file
        self.headings = headings or {}  # column key -> heading in the file
        self.groups = {}

    def add(self, code, *, row=None, column="", **facts):
        """One more problem."""
        # Of one rule's sentences those are one kind that differ in days and numbers only.
        own = DIGITS.sub("#", facts["text"]) if code == "said" else str(facts.get(EACH.get(code), ""))
        group = self.groups.get(key := (code, column, own))
        if group is None:
            letter, heading = self.letters.get(column, ""), self.headings.get(column, "")
            group = self.groups[key] = Group(code, column, letter, facts, heading=heading)
        group.count += 1
        if row is not None and len(group.rows) < PLACES:
            group.rows.append(row)

    @property
    def errors(self) -> int:
        return sum(group.count for group in self.groups.values() if group.is_error)

    def as_json(self) -> list:
        """Errors first, the most frequent of each first; `grouped` turns it back."""
        order = sorted(self.groups.values(), key=lambda group: (not group.is_error, -group.count, group.rows[:1]))
        return [
            {**vars(group), "rows": sorted(group.rows), "facts": {k: str(v) for k, v in group.facts.items()}}
            for group in order
        ]


def grouped(told: list) -> list[Group]:
    """The problems of a job, from their stored form."""
    return [Group(**group) for group in told]
