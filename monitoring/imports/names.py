"""Recognises centres and aspects by any spelling of their names."""

import difflib
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass

HEADING_LIMIT = 200  # characters; a longer text is no heading and no title
GUESSES = 20  # misspelt names for which the nearest known one is looked up

# Words that say "centre" around a centre's name, in the three languages and their abbreviations.
CENTRE_WORDS = {
    *("clc", "clcs", "center", "centre", "community", "learning"),
    *("оуц", "цоо", "оцо", "цмо", "мцо", "цоб", "центр", "общественный", "общинный", "учебный", "обучающий"),
    *("обучения", "образования"),
    *("оқо", "қоо", "қбо", "қоғамдық", "орталық", "орталығы", "оқу", "оқыту", "білім", "беру"),
}
LOOKALIKES = str.maketrans("авекмнорстухіјѕԁһ", "abekmhopctyxijsdh")
LATIN, CYRILLIC = re.compile(r"[a-z]"), re.compile(r"[а-яёіїјѕәғқңөұүһԁ]")


@dataclass(frozen=True)
class AspectNames:
    """An aspect of the cycle's template: its number and its titles, the reader's language first."""

    number: int
    titles: tuple


@dataclass(frozen=True)
class CentreNames:
    """A centre of the network: its code and all its names and other spellings, the reader's language first."""

    code: str
    names: tuple


def normal(text):
    """Text for comparing: letters and digits only, one case, ё as е, mixed alphabets as Latin."""
    text = unicodedata.normalize("NFKC", text).casefold().replace("ё", "е")
    words = re.findall(r"[^\W_]+", text)
    return " ".join(word.translate(LOOKALIKES) if is_mixed(word) else word for word in words)


def is_mixed(word):
    """Whether one word has both Cyrillic and Latin letters, which only a typing error explains."""
    return bool(LATIN.search(word) and CYRILLIC.search(word))


def without_centre_words(name):
    """A normalised name without the words that only say that it is a centre."""
    return " ".join(word for word in name.split() if word not in CENTRE_WORDS) or name


class CentreIndex:
    """Finds a centre by any spelling of its name."""

    def __init__(self, centres):
        self.labels = {centre.code: centre.names[0] if centre.names else centre.code for centre in centres}
        self.full, self.core = defaultdict(set), defaultdict(set)
        self.guesses = 0
        for centre in centres:
            for name in (centre.code, *centre.names):
                self.full[normal(name)].add(centre.code)
                self.core[without_centre_words(normal(name))].add(centre.code)

    def find(self, heading):
        """The codes of all centres that a heading can mean: one, none or several."""
        name = normal(heading)
        return sorted(self.full.get(name) or self.core.get(without_centre_words(name)) or ())

    def nearest(self, heading):
        """The name of the centre that a misspelt heading most resembles, or ""."""
        self.guesses += 1
        if self.guesses > GUESSES or len(heading) > HEADING_LIMIT:
            return ""
        close = difflib.get_close_matches(without_centre_words(normal(heading)), list(self.core), n=1, cutoff=0.72)
        return self.labels[min(self.core[close[0]])] if close else ""


def row_number(text):
    """The aspect number in a number cell ("1.", "1", "1.0", "№ 1", "1)"), or None."""
    match = re.fullmatch(r"(?:№|#|n|no\.?)?\s*(\d{1,3})(?:[.,]0+)?\s*[.):]?", text.strip(), re.IGNORECASE)
    return int(match[1]) if match else None
