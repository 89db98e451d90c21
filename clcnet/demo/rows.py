"""From the demo's plain data to values of database rows."""

from datetime import timedelta
from random import Random
from uuid import UUID


def translated(**texts) -> dict:
    """Field values for texts in three languages: English in the column itself, the others in the JSON beside it."""
    values = {field: text.en for field, text in texts.items()}
    values["i18n"] = {
        f"{field}_{language}": getattr(text, language) for field, text in texts.items() for language in ("ru", "kk")
    }
    return values


def last_day(until):
    """The data's ends are days on which something no longer holds; the database keeps the last day on which it does."""
    return until and until - timedelta(days=1)


def chances(what: str) -> Random:
    """Chance that falls the same way on every load."""
    return Random(f"demo {what}")  # noqa: S311 (nothing secret)


def ids(what: str):
    """Ids that are the same on every load."""
    chance = chances(f"ids of {what}")
    while True:
        yield UUID(int=chance.getrandbits(128), version=4)
