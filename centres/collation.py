"""Alphabetical order for Kazakh, Russian and English names, in the database and in Python.

PostgreSQL's own collations need ICU or a system locale, which not every server has. Instead each letter is replaced by
a character of the private use area, in the order of the Kazakh Cyrillic alphabet (which contains the Russian one).
"""

from django.db.models import Func, Value
from django.db.models.functions import Collate, Lower

ALPHABET = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
PRIVATE = "".join(chr(0xE000 + place) for place in range(len(ALPHABET)))


def alphabetical(expression):
    """Order by a text: Latin first, then the Kazakh alphabet, case ignored."""
    return Collate(Func(Lower(expression), Value(ALPHABET), Value(PRIVATE), function="TRANSLATE"), "C")


def kazakh_order(model, field: str):
    """Order by a translated field as the reader sees it."""
    return alphabetical(model._meta.get_field(f"{field}_i18n").as_expression(f"{field}_i18n"))


def kazakh_key(text: str) -> str:
    """The same order as a key for Python's sort."""
    return text.lower().translate(str.maketrans(ALPHABET, PRIVATE))
