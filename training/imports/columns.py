"""How one cell of each kind is read and written. Reading raises Bad; what is written can be read again."""

import re
from copy import copy
from datetime import date, datetime, time
from decimal import Decimal
from uuid import UUID

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from centres.forms.numbers import AMOUNT, GROUPED, MOST, without_spaces
from centres.models.centre import spelling
from centres.resources import in_all_languages

from .problems import Bad

FIRST, LAST = date(1900, 1, 1), date(2100, 12, 31)


class Column:
    """A column of text."""

    empty = ""
    as_text = True  # whether a spreadsheet program is to leave what is typed as it is

    def __init__(self, key, label, *, required=False, limit=0, width=18):
        self.key = key
        self.label = label
        self.required = required
        self.limit = limit  # characters
        self.width = width

    @property
    def heading(self) -> str:
        """In the reader's language."""
        return capfirst(str(self.label))

    def headings(self) -> set[str]:
        """Every way to head this column."""
        return {spelling(said) for said in (self.key, *in_all_languages(self.label))}

    def bind(self, scope) -> "Column":
        """The column for one import: `scope` knows the centre and what it has."""
        bound = copy(self)
        bound.scope = scope
        return bound

    @property
    def rule(self) -> str:
        """What may stand here, in a sentence."""
        return _("A text of at most %(limit)s characters.") % {"limit": self.limit}

    def read(self, text: str):
        """The value of a cell that is not empty."""
        text = " ".join(text.split())
        if self.limit and len(text) > self.limit:
            raise Bad("too_long", length=len(text), limit=self.limit)
        return text

    def write(self, value, row):
        """What an export holds for a value."""
        return value

    def options(self, scope) -> list[str]:
        """What can be chosen, for a drop-down in the table to fill in; empty where anything may stand."""
        return []


class Choice(Column):
    """One of the model's choices, by its code or its words in any of the three languages."""

    def __init__(self, key, label, choices, *, also=None, **options):
        super().__init__(key, label, **options)
        self.choices = [(code, words) for code, words in choices if code]
        self.codes = {spelling(said): code for code, words in self.choices for said in (code, *in_all_languages(words))}
        self.codes |= {short: code for code, shorts in (also or {}).items() for short in shorts}

    @property
    def rule(self):
        return _("One of: %(allowed)s.") % {"allowed": ", ".join(self.options(None))}

    def read(self, text):
        code = self.codes.get(spelling(text))
        if code is None:
            raise Bad("no_choice", value=text, allowed=", ".join(self.options(None)))
        return code

    def write(self, value, row):
        return str(dict(self.choices).get(value, value))

    def options(self, scope):
        return [str(words) for _code, words in self.choices]


class Day(Column):
    """A date, as 2005-12-31 or 31.12.2005. With slashes nobody knows which is the month."""

    empty = None

    def __init__(self, key, label, *, past=False, **options):
        super().__init__(key, label, **options)
        self.past = past  # whether a day still to come is a mistake

    @property
    def rule(self):
        return _("A day as 31.12.2005 or 2005-12-31.")

    def read(self, text):
        text = text.removesuffix(" 00:00:00").removesuffix(" 00:00")
        for pattern in ("%Y-%m-%d", "%d.%m.%Y"):
            try:
                day = datetime.strptime(text, pattern).date()
            except ValueError:
                continue
            if not FIRST <= day <= LAST:
                raise Bad("far_date", value=text)
            if self.past and day > timezone.localdate():
                raise Bad("future")
            return day
        raise Bad("no_date", value=text)


class Clock(Column):
    """A time of day; its seconds, which a spreadsheet program adds, say nothing."""

    empty = None

    @property
    def rule(self):
        return _("A time of day as 14:30.")

    def read(self, text):
        told = re.fullmatch(r"(\d\d?)[:.](\d\d)(?::\d\d)?", text)
        if not told or int(told[1]) > 23 or int(told[2]) > 59:
            raise Bad("no_time", value=text)
        return time(int(told[1]), int(told[2]))

    def write(self, value, row):
        return f"{value:%H:%M}" if value else ""


class Counted(Column):
    """A whole number, not negative."""

    empty = None
    as_text = False
    most = 2_000_000_000

    @property
    def rule(self):
        return _("A whole number.")

    def read(self, text):
        text = without_spaces(text)
        if not re.fullmatch(r"\d{1,10}", text) or int(text) > self.most:
            raise Bad("no_count", value=text)
        return int(text)


class Year(Column):
    """A year of four digits, this one at the latest."""

    empty = None
    as_text = False

    @property
    def rule(self):
        return _("A year of four digits.")

    def read(self, text):
        if not re.fullmatch(r"\d{4}", text):
            raise Bad("no_year", value=text)
        if int(text) > timezone.localdate().year:
            raise Bad("future_year", value=text)
        return int(text)


class Amount(Column):
    """Money: 1,5 and 1.5 are one and a half; what could be read in two ways is refused."""

    empty = None
    as_text = False

    @property
    def rule(self):
        return _("An amount in figures: 1500000, 1 500 000 or 1,5.")

    def read(self, text):
        plain = without_spaces(text)
        if GROUPED.fullmatch(plain):
            raise Bad("two_ways", value=text)
        if not AMOUNT.fullmatch(plain) or abs(amount := Decimal(plain.replace(",", "."))) > MOST:
            raise Bad("no_amount", value=text)
        return -amount if plain.startswith("-") else amount


class Number(Column):
    """The number that an entry has in the register: an export gives it, so that a changed name is still known."""

    empty = None

    @property
    def rule(self):
        return _("Leave it empty. A downloaded list has a number here, by which a changed entry is still known.")

    def read(self, text):
        try:
            number = UUID(text)
        except ValueError:
            raise Bad("no_id") from None
        if number not in self.scope.numbers:
            # What an old list says of a merged entry is not said of the one that stands for it now.
            raise Bad("merged", name=kept) if (kept := self.scope.merged(number)) else Bad("no_id")
        return number

    def write(self, value, row):
        return str(value)


class GroupName(Column):
    """A group of the centre: its name, with the first day where several are so called."""

    empty = None

    @property
    def rule(self):
        return _("A group of the centre, chosen from the list.")

    def read(self, text):
        return self.scope.group(text)

    def write(self, value, row):
        return group_label(value)

    def options(self, scope):
        return scope.group_labels()


class TraineeName(Column):
    """A trainee of the centre: surname, given name, patronymic, and the year of birth where several are so called."""

    empty = None

    @property
    def rule(self):
        return _("A trainee who is registered at the centre, chosen from the list.")

    def read(self, text):
        return self.scope.trainee(text)

    def write(self, value, row):
        return trainee_label(value)

    def options(self, scope):
        return scope.trainee_labels()


class TargetGroups(Column):
    """Target groups of the network, parted by semicolons; by key or title."""

    @property
    def rule(self):
        return _("One or several of the network's target groups, parted by semicolons.")

    def read(self, text):
        known = self.scope.target_groups
        found = set()
        for part in filter(str.strip, re.split(r"[;\n]", text)):
            if spelling(part) not in known:
                raise Bad("no_target_group", value=part.strip(), allowed=", ".join(self.scope.target_group_titles))
            found.add(known[spelling(part)])
        return tuple(sorted(found))

    def write(self, value, row):
        return "; ".join(str(mark.target_group) for mark in value)


def group_label(group) -> str:
    """A group as the drop-down names it: never two alike."""
    return f"{group.name}, {group.start:%d.%m.%Y}"


def trainee_label(trainee) -> str:
    """A trainee as the drop-down names her, with the year of birth where it is known."""
    return f"{trainee}, {trainee.birth_year}" if trainee.birth_year else str(trainee)


def shown(value) -> str:
    """A value in a preview."""
    if isinstance(value, date):
        return date_format(value)
    return "" if value is None else str(value)
