"""Texts taken apart and put together again."""

import random
import time

import pytest

from centres.spreadsheets import neutralise, plain
from monitoring.imports import labels
from monitoring.imports.labels import read_cell, read_summary, references, write_cell, write_summary


@pytest.mark.parametrize(
    ("text", "finding", "perspective", "level"),
    [
        ("All looms work.", "All looms work.", "", ""),
        ("Looms work. Perspective: a new belt.", "Looms work.", "a new belt.", ""),
        ("Looms work.\nPerspective: a new belt.", "Looms work.", "a new belt.", ""),
        ("Работает. Перспектива: новый ремень", "Работает.", "новый ремень", ""),
        ("Работает. ПЕРСПЕКТИВЫ : ремень", "Работает.", "ремень", ""),
        ("Істейді. Болашақ: жаңа белдік", "Істейді.", "жаңа белдік", ""),
        ("Істейді. Келешек: жаңа белдік", "Істейді.", "жаңа белдік", ""),
        ("Perspective: only that", "", "only that", ""),
        ("A perspective is missing: nobody thought of it.", "A perspective is missing: nobody thought of it.", "", ""),
        ("In perspective: no, she said.\nPerspective: a belt.", "In perspective: no, she said.", "a belt.", ""),
        ("Plan. Perspective: one. Perspective: two.", "Plan.", "one. Perspective: two.", ""),
        ("Works.\nLevel: strong", "Works.", "", "strong"),
        ("Works.\nPerspective: belt.\nLevel: Not assessed.", "Works.", "belt.", "not_assessed"),
        ("Works.\nlevel: not_assessed", "Works.", "", "not_assessed"),
        ("Работает.\nУровень: частично", "Работает.", "", "partly"),
        ("Істейді.\nДеңгейі: әлсіз", "Істейді.", "", "weak"),
        ("Level: weak", "", "", "weak"),
        ("Works.\nLevel: splendid", "Works.\nLevel: splendid", "", ""),
        ("Level: strong\nwas said of it.", "Level: strong\nwas said of it.", "", ""),
        ("", "", "", ""),
    ],
)
def test_a_cell_is_taken_apart(text, finding, perspective, level):
    assert read_cell(text) == (finding, perspective, level)


@pytest.mark.parametrize(
    ("text", "conclusion", "recommendations"),
    [
        ("Half of them meet.", "Half of them meet.", []),
        ("Half meet. Recommendation: Meet often.", "Half meet.", [(1, "Meet often.")]),
        ("Half meet. Recommendations: 1. Meet. 2. Write it down.", "Half meet.", [(1, "Meet."), (2, "Write it down.")]),
        ("Half.\nRecommendations:\n1. Meet.\n2. Write.", "Half.", [(1, "Meet."), (2, "Write.")]),
        ("Рекомендации: 1) Собраться; 2) Записать.", "", [(1, "Собраться;"), (2, "Записать.")]),
        ("Жартысы. Ұсыныстар: 1. Жиналу. 2. Жазу.", "Жартысы.", [(1, "Жиналу."), (2, "Жазу.")]),
        ("Half. Recommendation: 1. Meet often.", "Half.", [(1, "Meet often.")]),
        ("Half. Recommendation: 1. See section 2. Then meet.", "Half.", [(1, "See section 2. Then meet.")]),
        ("Half. Recommendation: See p. 3. Then meet.", "Half.", [(1, "See p. 3. Then meet.")]),
        ("Half. Recommendation: Buy No. 1. Then meet.", "Half.", [(1, "Buy No. 1. Then meet.")]),
        ("Half. Recommendation: Spend 1.5 or 2.5 thousand.", "Half.", [(1, "Spend 1.5 or 2.5 thousand.")]),
        ("All: 1. one. 2. two.", "All: 1. one. 2. two.", []),
        ("We have many recommendations to give.", "We have many recommendations to give.", []),
        ("Half.\nRecommendations:", "Half.", []),
        ("Half.\nRecommendations:\n1. Meet.\n3. Write.", "Half.", [(1, "Meet."), (3, "Write.")]),
        ("Recommendations: 1. a\n2. b. 1. c", "", [(1, "a"), (2, "b. 1. c")]),
    ],
)
def test_the_last_column_is_taken_apart(text, conclusion, recommendations):
    summary = read_summary(text)
    assert (summary.conclusion, summary.recommendations, summary.miscounted) == (conclusion, recommendations, False)


@pytest.mark.parametrize("text", ["1. Meet. 2. Write. 2. Send.", "1. Meet. 3. Write.", "2. Meet. 3. Write."])
def test_a_list_that_does_not_count_stays_whole(text):
    summary = read_summary(f"Half. Recommendations: {text}")
    assert (summary.recommendations, summary.miscounted) == ([(1, text)], True)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("See section 8.", [8]),
        ("see also sections 2 and 5", [2, 5]),
        ("See sections 2, 5 and 7.", [2, 5, 7]),
        ("See sections 2-4.", [2, 3, 4]),
        ("See section 2 and 5.", [2, 5]),
        ("See section 2 and 5 people.", [2]),
        ("See section 8, 3 trainers left.", [8]),
        ("См. раздел 8", [8]),
        ("(см. разделы 2 и 5)", [2, 5]),
        ("Смотри также п. 11.", [11]),
        ("8-бөлімді қараңыз", [8]),
        ("2 және 5-бөлімдерді қараңыз.", [2, 5]),
        ("Қараңыз: 9-бөлім", [9]),
        ("See section 8.1 of the law", []),
        ("See section 2005.", []),
        ("Section 8 of the building is closed.", []),
        ("See 8 people.", []),
    ],
)
def test_references_to_other_aspects(text, numbers):
    assert references(text) == numbers


@pytest.mark.parametrize("text", ["=1+1", "+7 727", "-", "@home", "\tx", "'=1", "''=1", "'quoted'", "plain", ""])
def test_formulas_are_neutralised_and_come_back(text):
    written = neutralise(text)
    assert not written.startswith(("=", "+", "-", "@", "\t"))
    assert plain(written) == text


PIECES = [
    "Looms work.", "No plan", "Over 1,5 came;", "(see above)", "2. a second", "1. a first", "3) third", "'quoted'",
    "Perspective: none.", "Perspective:", "'Perspective: x", "Level: weak", "Level: none", "Recommendations: go",
    "Recommendation:", "'1. odd", "См. раздел 2.", "Перспектива: да", "Деңгейі: күшті", "=SUM(A1)", "- dash", "15%",
]  # fmt: skip


def invented(chance, least=0):
    """A text of such pieces, on one line or several."""
    parts = chance.choices(PIECES, k=chance.randint(least, 5))
    return "".join(part + chance.choice([" ", "\n", ". "]) for part in parts).strip()


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_what_is_written_is_read_back(language):
    chance = random.Random(language)
    for _ in range(3000):
        cell = (invented(chance), invented(chance), chance.choice(["", *labels.LEVELS]))
        written = neutralise(write_cell(*cell, language))
        assert read_cell(plain(written)) == cell, written
        numbers = sorted(chance.sample(range(1, 7), chance.randint(0, 4)))
        recommendations = [(number, invented(chance, least=1)) for number in numbers]
        conclusion = invented(chance)
        written = neutralise(write_summary(conclusion, recommendations, language))
        summary = read_summary(plain(written))
        assert (summary.conclusion, summary.recommendations) == (conclusion, recommendations), written


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
@pytest.mark.parametrize("code", labels.LEVELS)
def test_every_level_has_its_word_in_every_language(code, language):
    assert labels.level_of(f"{labels.LEVEL[language][0]}: {labels.LEVELS[code][language][0]}") == code


NASTY = [
    "1, " * 10_000, "1 " + " " * 30_000 + "x", "Level: " + "." * 30_000 + "x", "Level:" + " " * 30_000, "1. " * 10_000,
    ". 1. " * 6_000, "Perspective" + " " * 30_000, "Perspective: " * 2_500, "see section " * 2_500, "'" * 30_000,
    "\n" * 30_000 + "x", "Recommendations:" + "\n1. a" * 6_000, "бөлім " * 5_000, "Next " * 6_000, "No. 1. " * 4_000,
    "см. раздел 1, " * 2_000, "1-" * 15_000, "See sections " + "1 and " * 5_000, "қара" * 7_000, ". " * 15_000,
]  # fmt: skip


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_no_text_takes_long(text):
    """A full spreadsheet cell of whatever repetition; each takes hundredths of a second."""
    start = time.monotonic()
    read_cell(text)
    summary = read_summary(text)
    read_summary("Recommendations: " + text)
    references(summary.conclusion)
    write_summary(text, [(1, text)], "en")
    labels.names_unknown_level(text)
    assert time.monotonic() - start < 1
