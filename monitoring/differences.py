"""What changed between two texts, word by word."""

import re
from difflib import SequenceMatcher

TOKEN = re.compile(r"\w+|\s+|[^\w\s]")


def differences(old: str, new: str) -> list[tuple[str, str]]:
    """The text in pieces: ("same" | "del" | "ins", piece). All but "ins" gives the old text, all but "del" the new."""
    before, after = TOKEN.findall(old), TOKEN.findall(new)
    pieces = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(("same", "".join(before[a:b])))
            continue
        if b > a:
            pieces.append(("del", "".join(before[a:b])))
        if d > c:
            pieces.append(("ins", "".join(after[c:d])))
    return pieces
