"""What changed between two texts, word by word."""

import re
from dataclasses import dataclass
from difflib import Match, SequenceMatcher
from itertools import accumulate, groupby
from operator import itemgetter

TOKEN = re.compile(r"\s*(?:\w+|[^\w\s])|\s+")  # blanks belong to the word after them: alone they match everywhere
STEPS = 6_000_000  # pairs of equal words looked at, in less than a second; an edited cell needs a few thousand


@dataclass
class Budget:
    """How many steps all the comparisons of one page may take."""

    left: int = STEPS

    def allows(self, steps: int) -> bool:
        self.left -= steps
        return self.left >= 0


class Matcher(SequenceMatcher):
    """Finds what two texts share until the budget is spent; by itself it would need days for 10,000 dots."""

    def __init__(self, before, after, budget):
        super().__init__(None, before, after, autojunk=False)
        self.budget = budget
        self.steps = [0, *accumulate(1 + len(self.b2j.get(word, ())) for word in before)]

    def find_longest_match(self, alo=0, ahi=None, blo=0, bhi=None):
        if not self.budget.allows(self.steps[ahi] - self.steps[alo]):
            return Match(alo, blo, 0)
        return super().find_longest_match(alo, ahi, blo, bhi)


def differences(old: str, new: str, budget: Budget | None = None) -> list[tuple[str, str]]:
    """The text in pieces: ("same" | "del" | "ins", piece). All but "ins" gives the old text, all but "del" the new.

    What is too long or repeats too much for the budget stands as old text before new.
    """
    before, after = TOKEN.findall(old), TOKEN.findall(new)
    head = shared(before, after)
    first, before, after = before[:head], before[head:], after[head:]
    tail = shared(before[::-1], after[::-1])
    last, before, after = before[len(before) - tail :], before[: len(before) - tail], after[: len(after) - tail]
    pieces = [("same", "".join(first))]
    for kind, a, b, c, d in Matcher(before, after, budget or Budget()).get_opcodes():
        gone, come = "".join(before[a:b]), "".join(after[c:d])
        alike = gone if kind == "equal" else blanks(gone) * (blanks(gone) == blanks(come))
        pieces += [("same", alike), ("del", gone[len(alike) :]), ("ins", come[len(alike) :])]
    pieces.append(("same", "".join(last)))
    by_kind = groupby((piece for piece in pieces if piece[1]), key=itemgetter(0))
    return [(kind, "".join(text for _kind, text in group)) for kind, group in by_kind]


def shared(before, after) -> int:
    """How many words two texts have in common from their beginning on."""
    pairs = zip(before, after, strict=False)
    return next((n for n, (one, other) in enumerate(pairs) if one != other), min(len(before), len(after)))


def blanks(text: str) -> str:
    """The blanks that it begins with."""
    return text[: len(text) - len(text.lstrip())]
