"""What looks wrong in a value as it was given. The value is stored all the same; a sentence stands beside it."""

import re

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

LATIN = re.compile(r"[A-Za-z]")
CYRILLIC = re.compile(r"[Ѐ-ӿ]")
WORD = re.compile(r"[^\W\d_]+")
POSTCODE = re.compile(r"\d{6}|[A-Z]\d{2}[A-Z]\d[A-Z]\d")  # the six digits of old, or Kazakhstan's code of 2015
EXTENSION = re.compile(r"(?:ext|доб|вн|ішкі)\.?\s*\d+", re.IGNORECASE)


def scripts(text: str):
    """Latin and Cyrillic letters that stand together where one alphabet was meant; None when nothing is odd.

    A Cyrillic sentence may hold a whole Latin word (a name, an e-mail address), but not the other way round.
    """
    mixed = [word for word in WORD.findall(text) if LATIN.search(word) and CYRILLIC.search(word)]
    latin, cyrillic = LATIN.findall(text), CYRILLIC.findall(text)
    if not mixed and len(latin) > len(cyrillic) > 0:
        mixed = [word for word in WORD.findall(text) if CYRILLIC.search(word)]
    if mixed:
        return format_lazy("{} {}", _("Cyrillic and Latin letters are mixed:"), ", ".join(mixed))
    return None


def phone(text: str):
    """A number without its area code, or too long; several numbers may stand in one field."""
    numbers = [part for part in re.split(r"[,;/\n]", EXTENSION.sub("", text)) if part.strip()]
    counts = [len(re.sub(r"\D", "", part)) for part in numbers]
    if not counts:
        return None
    if min(counts) < 10:
        return format_lazy(
            _("A number of {digits} digits: with its area code it would have 10 or 11."), digits=min(counts)
        )
    if any(
        count > 11 and not part.strip().startswith(("+", "00")) for count, part in zip(counts, numbers, strict=True)
    ):
        return format_lazy(_("A number of {digits} digits is too long."), digits=max(counts))
    return None


def postcode(text: str):
    """Neither six digits nor a code of the new kind."""
    if text and not POSTCODE.fullmatch(text.strip()):
        return _("A post code has six digits, or looks like A15E3B4.")
    return None


def email(text: str):
    """Something without @ or without a domain, or with Cyrillic letters that look like Latin ones."""
    if not text:
        return None
    for address in re.split(r"[,;]\s*", text.strip().rstrip(",;")):
        if not re.fullmatch(r"[^@\s]+@[^@\s]+", address):
            return _("An e-mail address has one @ and no spaces.")
        if not re.fullmatch(r"(?:[^@\s.]+\.)+[^@\s.]{2,}", address.partition("@")[2]):
            return _("The part after @ does not look like a domain, for example mail.kz.")
    return scripts(text)
