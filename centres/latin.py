"""Kazakh and Russian names in plain Latin letters, for the codes in addresses.

Near to how the names stand on English maps (Қордай and Кордай: kordai). Not meant for reading, nor to be turned back.
"""

LETTERS = {
    **dict(zip("ёжхцчшщюя", ["yo", "zh", "kh", "ts", "ch", "sh", "shch", "yu", "ya"], strict=True)),
    **dict.fromkeys("ъь", ""),
    **dict(zip("аәбвгғдезийіықкңлмноөпрстуұүфһэ", "aabvggdeziiiykknlmnooprstuuufhe", strict=True)),
}


def latin(text: str) -> str:
    """The text in small letters, Cyrillic ones replaced; all others stay."""
    return text.lower().translate(str.maketrans(LETTERS))
