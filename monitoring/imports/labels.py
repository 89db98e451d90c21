"""The words and line forms by which a cell's text is taken apart on import and put together on export.

One place for both, so that what is exported is imported again to the same content:
`read_cell(write_cell(...))` and `read_summary(write_summary(...))` give back what went in.
"""

import re
from dataclasses import dataclass, field

# The first word of each language is the one that exports write; the others are recognised as well.
PERSPECTIVE = {
    "en": ("Perspective", "Perspectives", "Next steps"),
    "ru": ("Перспектива", "Перспективы", "Следующие шаги", "Дальнейшие шаги"),
    "kk": (
        "Болашаққа жоспар",
        "Келешек",
        "Келешегі",
        "Болашақ",
        "Болашағы",
        "Перспектива",
        "Перспективасы",
        "Келесі қадамдар",
    ),
}
RECOMMENDATIONS = {
    "en": ("Recommendations", "Recommendation"),
    "ru": ("Рекомендации", "Рекомендация"),
    "kk": ("Ұсынымдар", "Ұсыным", "Ұсыныстар", "Ұсыныс", "Ұсынбалар"),
}
LEVEL = {
    "en": ("Level",),
    "ru": ("Уровень",),
    "kk": ("Деңгей", "Деңгейі"),
}
LEVELS = {
    "strong": {"en": ("strong",), "ru": ("хорошо", "сильно", "сильный"), "kk": ("жақсы", "күшті", "жоғары")},
    "partly": {"en": ("partly", "partial"), "ru": ("частично", "частичный"), "kk": ("ішінара", "жартылай")},
    "weak": {"en": ("weak",), "ru": ("слабо", "слабый"), "kk": ("әлсіз", "төмен")},
    "not_assessed": {
        "en": ("not assessed", "not_assessed"),
        "ru": ("не оценено", "не оценивалось"),
        "kk": ("бағаланбаған", "бағаланбады"),
    },
}

# Headings of the matrix's own columns; the first of each language is the one that exports write.
NUMBER_HEADINGS = {
    "en": ("N", "No", "Nr", "Number", "#"),
    "ru": ("№", "№ п/п", "п/п", "Номер"),
    "kk": ("№", "р/с", "№ р/с", "Нөмірі"),
}
ASPECT_HEADINGS = {
    "en": ("Aspects", "Aspect"),
    "ru": ("Аспекты", "Аспект"),
    "kk": ("Аспектілер", "Аспектілері", "Аспект"),
}
SUMMARY_HEADINGS = {
    "en": ("Conclusion and recommendations", "Conclusions and recommendations"),
    "ru": ("Выводы и рекомендации", "Вывод и рекомендации", "Заключение и рекомендации"),
    "kk": (
        "Қорытынды және ұсынымдар",
        "Қорытынды және ұсыныстар",
        "Қорытындылар мен ұсыныстар",
        "Қорытынды мен ұсынымдар",
    ),
}
# Any word of these makes a heading the last column's, however it is phrased.
SUMMARY_WORDS = (
    "conclusion", "conclusions", "recommendation", "recommendations",
    "вывод", "выводы", "заключение", "заключения", "рекомендация", "рекомендации",
    "қорытынды", "қорытындылар", "қорытындысы", "тұжырым", "тұжырымдар",
    "ұсыныс", "ұсыныстар", "ұсыным", "ұсынымдар",
)  # fmt: skip


def every(words):
    """All languages' words of one label, each once."""
    return tuple(dict.fromkeys(word for group in words.values() for word in group))


def alternatives(words):
    """A regular expression of all languages' words, the longest first."""
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in sorted(every(words), key=len, reverse=True))


def pattern(words):
    """A label with its colon, where a word begins; an apostrophe before it makes it plain text (see `guard`)."""
    return re.compile(rf"(?<![\w'’-])(?:{alternatives(words)})\s*:[ \t]*", re.IGNORECASE)


PERSPECTIVE_LABEL = pattern(PERSPECTIVE)
RECOMMENDATIONS_LABEL = pattern(RECOMMENDATIONS)
LEVEL_LINE = re.compile(rf"(?:{alternatives(LEVEL)})[ \t]*:(.*)", re.IGNORECASE)
LEVEL_CODES = {word.casefold(): code for code, words in LEVELS.items() for word in every(words)}

NUMBER_MARK = r"(\d{1,2})[.)](?!\d)"
NUMBER_AT_LINE = re.compile(rf"^[ \t]*{NUMBER_MARK}[ \t]*", re.MULTILINE)
# Inside a line a number begins an item only after the end of a sentence: not in "See section 2. Familiarise".
NUMBER_INSIDE = re.compile(rf"(?:\A|(?<=[.;:!?)»”\"])[ \t]+|\n[ \t]*){NUMBER_MARK}[ \t]*")
ABBREVIATION = re.compile(r"(?:\b(?:no|nr|p|pp|sec|sect|art|ch|п|пп|разд|гл|ст|стр|см|т|б)\.|№)\s*\Z", re.IGNORECASE)
GUARDED_NUMBER = re.compile(rf"((?<=[.;:!?)»”\"])[ \t]+'*)'({NUMBER_MARK})")
GUARDABLE_NUMBER = re.compile(rf"((?<=[.;:!?)»”\"])[ \t]+'*)({NUMBER_MARK})")


# ---------------------------------------------------------------------------------------------------------------------
# One cell: finding, perspective, level
# ---------------------------------------------------------------------------------------------------------------------


def write_cell(finding, perspective, level, language):
    """A cell's text: the finding, a "Perspective:" line, a "Level:" line (both only when there is something)."""
    parts = [guard(finding, PERSPECTIVE_LABEL, LEVEL_LINE)] if finding else []
    if perspective or PERSPECTIVE_LABEL.search(finding):  # an empty label tells it from one inside the finding
        parts.append(f"{PERSPECTIVE[language][0]}: {guard(perspective, LEVEL_LINE)}".strip())
    if level:
        parts.append(f"{LEVEL[language][0]}: {LEVELS[level][language][0]}")
    return "\n".join(parts)


def read_cell(text):
    """(finding, perspective, level) of a cell's text; level is "" where the last line names none."""
    level = ""
    head, _, last = text.strip().rpartition("\n")
    if code := level_of(last):
        text, level = head, code
    finding, _, perspective = split_at(PERSPECTIVE_LABEL, text)
    return (
        unguard(finding, PERSPECTIVE_LABEL, LEVEL_LINE),
        unguard(perspective, LEVEL_LINE),
        level,
    )


def level_of(line):
    """The level's code that a "Level: ..." line names, or ""."""
    match = LEVEL_LINE.fullmatch(line.strip())
    return LEVEL_CODES.get(" ".join(match[1].casefold().strip(" \t.").split()), "") if match else ""


def names_unknown_level(text):
    """Whether the last line looks like a level but its word is not one of ours."""
    last = text.strip().rpartition("\n")[2].strip()
    return bool(LEVEL_LINE.fullmatch(last)) and not level_of(last)


def split_at(label, text):
    """(before, label, after) at the first label that starts a line, or else at the first one inside the text.

    The label ends with its line's end where nothing follows it on its line.
    """
    matches = list(label.finditer(text))
    at_line = [match for match in matches if not text[: match.start()].rpartition("\n")[2].strip()]
    for match in at_line or matches:
        own_line = "\n" if text[match.end() : match.end() + 1] == "\n" else ""
        return text[: match.start()].strip(), match.group() + own_line, text[match.end() :].strip()
    return text.strip(), "", ""


def starts_with_label(text):
    """Whether a text begins with a label; where it continues a broken table's cell, it then begins a new line."""
    return any(label.match(text) for label in (PERSPECTIVE_LABEL, RECOMMENDATIONS_LABEL, LEVEL_LINE))


def guard(text, *labels):
    """Put an apostrophe before each line that would be taken for a label, so that it is text again on import."""
    return "\n".join("'" + line if needs_guard(line, labels) else line for line in text.split("\n"))


def unguard(text, *labels):
    """Take off the apostrophes that `guard` set."""
    lines = text.strip().split("\n")
    return "\n".join(line[1:] if line[:1] == "'" and needs_guard(line[1:], labels) else line for line in lines)


def needs_guard(line, labels):
    """Whether a line, but for apostrophes before it, begins with one of the labels."""
    bare = line.lstrip(" \t'’")
    return any(label.match(bare) for label in labels)


# ---------------------------------------------------------------------------------------------------------------------
# The last column: conclusion, recommendations
# ---------------------------------------------------------------------------------------------------------------------


@dataclass
class Summary:
    """The last column of one row: the conclusion and the recommendations with their numbers."""

    conclusion: str = ""
    recommendations: list = field(default_factory=list)  # (number, text)
    miscounted: bool = False  # it looks like a list, but its numbers do not run 1, 2, 3


def write_summary(conclusion, recommendations, language):
    """The last column's text: the conclusion, a "Recommendations:" line, one paragraph for each (number, text)."""
    parts = [guard(conclusion, RECOMMENDATIONS_LABEL)] if conclusion else []
    if recommendations or RECOMMENDATIONS_LABEL.search(conclusion):
        parts.append(f"{RECOMMENDATIONS[language][0]}:")
    for number, text in recommendations:
        text = guard(text, NUMBER_AT_LINE)
        if len(recommendations) == 1:  # several are told apart by their lines; one could look like a list in a line
            text = GUARDABLE_NUMBER.sub(r"\1'\2", text)
        parts.append(f"{number}. {text}")
    return "\n".join(parts)


def read_summary(text):
    """The conclusion and recommendations of the last column's text. Every word but the label and numbers is kept."""
    conclusion, label, rest = split_at(RECOMMENDATIONS_LABEL, text)
    summary = Summary(conclusion=unguard(conclusion, RECOMMENDATIONS_LABEL))
    if rest:
        own_line = label.endswith("\n")
        items, summary.miscounted = numbered(rest, own_line)
        if len(items) == 1:
            items = [(number, GUARDED_NUMBER.sub(r"\1\2", item)) for number, item in items]
        summary.recommendations = [(number, unguard(item, NUMBER_AT_LINE)) for number, item in items]
    return summary


def numbered(text, own_line):
    """([(number, item), ...], miscounted): a list cut at its numbers, or the whole text as number 1.

    The numbers must run 1, 2, 3. Where the label stands on a line of its own and so does every item, as exports
    write it, they need only rise: a recommendation that was taken away leaves a gap.
    """

    def before(mark):
        return text[max(0, mark.start() - 10) : mark.start()]

    lines = list(NUMBER_AT_LINE.finditer(text))
    inside = [mark for mark in NUMBER_INSIDE.finditer(text) if not ABBREVIATION.search(before(mark))]
    marks = lines if len(lines) > 1 else inside
    if items := cut(text, marks, lambda numbers: numbers == list(range(1, len(numbers) + 1))):
        return items, False
    if own_line and (items := cut(text, lines, lambda numbers: numbers == sorted(set(numbers)))):
        return items, False
    return [(1, text)], bool(marks)


def cut(text, marks, in_order):
    """The items between the marks, or [] where these leave out the beginning, are out of order or hold nothing."""
    numbers = [int(mark[1]) for mark in marks]
    if not marks or text[: marks[0].start()].strip() or not in_order(numbers):
        return []
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    items = [text[mark.end() : end].strip() for mark, end in zip(marks, ends, strict=True)]
    return list(zip(numbers, items, strict=True)) if all(items) else []


# ---------------------------------------------------------------------------------------------------------------------
# Cross references
# ---------------------------------------------------------------------------------------------------------------------

AND = r"(?:,|;|&|\band\b|\bи\b|\bжәне\b|\bмен\b|\bпен\b)(?:\s?\b(?:and|и)\b)?"
ONE = r"\d{1,2}(?![\d])(?!\.\d)"
MANY = rf"{ONE}(?:\s?(?:{AND}|[-–])\s?{ONE}){{0,19}}"
# After a singular, "and 5" is a reference only where nothing is counted: "see section 2 and 5", not "... and 5 people".
ONE_OR_TWO = rf"{ONE}(?:\s?\b(?:and|и)\b\s?{ONE}(?=\s?(?:[.,;:)]|$)))?"
REFERENCES = [
    re.compile(expression, re.IGNORECASE)
    for expression in (
        rf"\b(?:see|refer\sto|cf\.?)\s(?:also\s)?(?:section|aspect|row|item|point)s\s(?P<numbers>{MANY})",
        rf"\b(?:see|refer\sto|cf\.?)\s(?:also\s)?(?:section|sect\.|aspect|row|item|point)\s(?:no\.?\s?|№\s?|#\s?)?"
        rf"(?P<numbers>{ONE_OR_TWO})",
        rf"\b(?:см\.?|смотри|смотрите)\s?(?:также\s)?(?:раздел(?:ы|ах|ов)|пункт(?:ы|ах|ов)|аспект(?:ы|ах|ов)"
        rf"|строк(?:и|ах)|пп\.)\s?(?P<numbers>{MANY})",
        rf"\b(?:см\.?|смотри|смотрите)\s?(?:также\s)?(?:раздел[еау]?|разд\.|пункт[еау]?|п\.|аспект[еау]?|строк[уе]?)"
        rf"\s?(?:№\s?)?(?P<numbers>{ONE_OR_TWO})",
        rf"(?P<numbers>{MANY})\s?[-–]?\s?(?:(?:ші|шы|інші|ыншы|нші|ншы)\s)?(?:бөлім|аспект|тармақ|жол)\w*\s(?:де\s)?қара",
        rf"\bқара(?:ңыз|ңыздар)?\s?:?\s?(?P<numbers>{MANY})\s?[-–]?\s?(?:(?:ші|шы|інші|ыншы|нші|ншы)\s)?"
        rf"(?:бөлім|аспект|тармақ|жол)",
    )
]


def references(text):
    """The numbers of the aspects that a text points to ("See section 8", "sections 2 to 4" by a dash), in order."""
    found = set()
    text = " ".join(text.split())
    for expression in REFERENCES:
        for match in expression.finditer(text):
            for part in re.finditer(r"(\d+)(?:\s?[-–]\s?(\d+))?", match["numbers"]):
                first, last = int(part[1]), int(part[2] or part[1])
                found.update(range(first, last + 1) if first <= last else (first, last))
    return sorted(found)
