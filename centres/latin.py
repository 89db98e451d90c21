"""Kazakh and Russian names in plain Latin letters: for codes in addresses, and for finding one name in any spelling.

`latin` is near to how names stand on English maps (Қордай and Кордай: kordai). `name_key` goes further: it is what
Кенжеғали, Кенжегали, Kenzhegali and Kenjeğali have in common. Neither is meant for reading, nor to be turned back.
"""

from functools import reduce

from django.db.models import Func, Value
from django.db.models.functions import Lower, Trim

LETTERS = {
    **dict(zip("ёжхцчшщюя", ["yo", "zh", "kh", "ts", "ch", "sh", "shch", "yu", "ya"], strict=True)),
    **dict.fromkeys("ъь", ""),
    **dict(zip("аәбвгғдезийіықкңлмноөпрстуұүфһэ", "aabvggdeziiiykknlmnooprstuuufhe", strict=True)),
}

# What `name_key` replaces, in this order: letters that need several, then letter by letter, then what is written in
# more than one way. Capitals stand there too, since a server of locale C leaves Cyrillic ones as they are.
SEVERAL = {"ц": "ts", "ч": "ch", "ш": "sh", "щ": "sh", "ю": "iu", "я": "ia", "ş": "sh", "ç": "ch"}
ONE_BY_ONE = (
    "аәбвгғдеёжзийіықкңлмноөпрстуұүфхһэqyáäéğǵıíïñńóöúüūw-",
    "aabvggdeejziiiikknlmnooprstuuufhhekiaaeggiiinnoouuuu ",
)
DROPPED = "ъь'’ʹʼ`"
ALIKE = {"shch": "sh", "zh": "j", "dj": "j", "kh": "h", "gh": "g", "io": "e", "ie": "e", "ii": "i", "  ": " "}


def latin(text: str) -> str:
    """The text in small letters, Cyrillic ones replaced; all others stay."""
    return text.lower().translate(str.maketrans(LETTERS))


def name_key(text: str) -> str:
    """What different spellings of one name have in common: Cyrillic, Latin and Kazakh ones."""
    return reduce(lambda key, pair: key.replace(*pair), ALIKE.items(), _letters(text)).strip()


def _letters(text: str) -> str:
    spelt = reduce(lambda key, pair: key.replace(*pair), SEVERAL.items(), text.lower())
    return spelt.translate(str.maketrans(*ONE_BY_ONE, DROPPED))


def NameKey(expression):  # noqa: N802 (an expression, spelt like Django's own)
    """`name_key` for the database, immutable, so that a generated column can hold it."""
    several = {**SEVERAL, **{letter.upper(): key for letter, key in SEVERAL.items()}}
    capitals = {letter.upper(): key for letter, key in zip(*ONE_BY_ONE, strict=True) if letter.isalpha()}
    found = ONE_BY_ONE[0] + "".join(capitals) + DROPPED + DROPPED.upper()
    given = ONE_BY_ONE[1] + "".join(capitals.values())
    key = Lower(expression)
    for old, new in several.items():
        key = Func(key, Value(old), Value(new), function="REPLACE")
    key = Func(key, Value(found), Value(given), function="TRANSLATE")
    for old, new in ALIKE.items():
        key = Func(key, Value(old), Value(new), function="REPLACE")
    return Trim(key)
