"""How likely two entries are the same person: names in any spelling and order, years of birth, patronymics.

The database finds candidates by trigrams (`Trainee.objects.resembling`, `Pair`); this module judges them name by name,
so that two sisters, who share a surname and a patronymic, are not taken for one another.
"""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.db import models
from django.utils.translation import gettext_lazy as _

from centres.latin import name_key

ENOUGH = 0.72  # how near the names of two entries come to one another: one wrong letter in a name of four
CROSSED = 0.85  # the same where surname and given name are swapped: Ivan Petrov is not Pyotr Ivanov
FATHERS = 0.6  # how near the names of the fathers come
INITIAL = 0.75  # "A." and "Aigul"
ENDINGS = re.compile("(kizi|uli|[oe]v(na|i[cs]h))$")  # of patronymics, as `name_key` spells them


class Sign(models.TextChoices):
    """Why two entries look like one person."""

    SAME_NAME = "same_name", _("the same name")
    SPELLING = "spelling", _("the same name in another spelling")
    SWAPPED = "swapped", _("surname and given name swapped")
    TYPING = "typing", _("names that differ by a few letters")
    SAME_YEAR = "same_year", _("the same year of birth")
    NEAR_YEAR = "near_year", _("years of birth that are easily mixed up")
    NO_YEAR = "no_year", _("a year of birth that is not known")
    SAME_PHONE = "same_phone", _("the same phone")


@dataclass(frozen=True)
class Likeness:
    """From 0 to 1, with what it rests on."""

    score: float
    signs: tuple[Sign, ...]

    @property
    def words(self) -> list[str]:
        return [sign.label for sign in self.signs]


def near(one: str, other: str) -> float:
    """How alike two names are, 0 to 1, by their keys; an initial stands for every name that begins with it."""
    one, other = one.rstrip("."), other.rstrip(".")
    if one == other:
        return 1.0
    short, long = sorted((one, other), key=len)
    if len(short) == 1:
        return INITIAL if long.startswith(short) else 0.0
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def likeness(one, other) -> Likeness | None:
    """Of two entries of the register; None where they are hardly the same person."""
    year = _year(one.birth_year, other.birth_year)
    if year is None:
        return None
    first, second = ((name_key(row.surname), name_key(row.given_name)) for row in (one, other))
    straight = min(near(first[0], second[0]), near(first[1], second[1]))
    crossed = min(near(first[0], second[1]), near(first[1], second[0]))
    swapped = crossed > straight and crossed >= CROSSED
    score = crossed if swapped else straight
    fathers = [ENDINGS.sub("", name_key(row.patronymic)) for row in (one, other)]
    if score < ENOUGH or (all(fathers) and near(*fathers) < FATHERS):
        return None
    if swapped:
        sign = Sign.SWAPPED
    elif straight < 1:
        sign = Sign.TYPING
    elif (one.surname.lower(), one.given_name.lower()) == (other.surname.lower(), other.given_name.lower()):
        sign = Sign.SAME_NAME
    else:
        sign = Sign.SPELLING
    weight = {Sign.SAME_YEAR: 1.0, Sign.NEAR_YEAR: 0.8, Sign.NO_YEAR: 0.85}[year]
    return Likeness(round(score * weight, 3), (sign, year))


def _year(one, other) -> Sign | None:
    """The same, easily mixed up (one year off, or two figures swapped), not known of one; None where they differ."""
    if one is None or other is None:
        return Sign.NO_YEAR
    if one == other:
        return Sign.SAME_YEAR
    swapped = sorted(str(one)) == sorted(str(other)) and abs(one - other) < 100
    return Sign.NEAR_YEAR if swapped or abs(one - other) == 1 else None
