"""A questionnaire with every kind of question, and answers to it made by chance."""

import random
from decimal import Decimal

from monitoring.instruments import Choice, Column, Kind, Options, QuestionText, Row, SectionText
from tests.factories import GRADED

EN_RU_KK = {"en": "Rooms = {n}", "ru": "Комнаты: {n}", "kk": "Бөлмелер: {n}"}
BANDS = tuple(
    Choice(key, {"en": key.title(), "ru": russian, "kk": kazakh}, level)
    for key, russian, kazakh, level in (
        ("good", "Хорошая", "Жақсы", "strong"),
        ("fair", "Средняя", "Орташа", "partly"),
        ("poor", "Слабая", "Нашар", "weak"),
    )
)
PEOPLE = (
    Column("curriculum", {"en": "Curriculum", "ru": "Программа", "kk": "Бағдарлама"}, "text"),
    Column("begun", {"en": "Begun on", "ru": "Начало"}, "date"),
    Column("total", {"en": "Total", "ru": "Всего"}, sum_of=("men", "women")),
    Column("men", {"en": "Men", "ru": "Мужчины"}),
    Column("women", {"en": "Women", "ru": "Женщины"}),
)
INCOMES = Options(
    rows=(
        Row("main", {"en": "Main budget", "ru": "Основной бюджет"}),
        Row("education", {"en": "Education", "ru": "Обучение"}),
        Row("paid", {"en": "of it paid", "ru": "из них платно"}, part_of="education"),
    ),
    columns=(
        Column("year", {"en": "This year", "ru": "Этот год"}, decimals=2),
        Column("forecast", {"en": "Forecast", "ru": "Прогноз"}, decimals=2),
    ),
    total_row=True,
)


def words(text, **more):
    return {"en": text, "ru": f"По-русски: {text}", "kk": f"Қазақша: {text}", **more}


SECTIONS = (
    SectionText(
        "1",
        words("The centre"),
        words("=Begin here <b>& there</b> ${q_1_1}"),
        (
            QuestionText("1.1", Kind.TEXT, words("Name ${name}"), words("As on the stamp"), required=True),
            QuestionText("1.2", Kind.LONG_TEXT, words("Measures")),
            QuestionText("1.3", Kind.NUMBER, words("Rooms"), options=Options(unit=words("rooms"))),
            QuestionText("1.4", Kind.NUMBER, words("Share"), options=Options(decimals=3)),
            QuestionText("1.5", Kind.DATE, {"ru": "Когда?"}),
        ),
    ),
    SectionText(
        "8",
        words("The work"),
        questions=(
            QuestionText("8.1", Kind.HEADING, words("Objectives"), words("Think of the year")),
            QuestionText("8.1.1", Kind.GRADE, words("Is there a plan?"), required=True, options=GRADED),
            QuestionText("8.1.2", Kind.GRADE, words("Why not?"), depends_on="8.1.1", depends_values=("no", "partly")),
            QuestionText("8.1.source", Kind.CHOICE, words("Band"), options=Options(choices=BANDS)),
            QuestionText("8.2", Kind.HEADING, words("A heading with nothing below")),
            QuestionText("8.3", Kind.LONG_TEXT, words("Reasons"), depends_on="8.1.source", depends_values=("poor",)),
        ),
    ),
    SectionText(
        "9",
        words("Tables"),
        questions=(
            QuestionText("9.1", Kind.FIXED_TABLE, words("Incomes"), words("In tenge"), options=INCOMES),
            QuestionText(
                "9.2", Kind.OPEN_TABLE, words("Trainees"), words("By curriculum"), options=Options(columns=PEOPLE)
            ),
        ),
    ),
)
QUESTIONS = [question for section in SECTIONS for question in section.questions if question.kind != Kind.HEADING]

TEXTS = [
    "=1+1",
    "@home",
    "-",
    "+7 701",
    "'=x",
    'Аққу "қала"',
    "a,b;c\td",
    "Line one\nline two",
    "2005",
    "007",
    "5/6",
    "x" * 300,
]


def chance(question, dice: random.Random) -> dict:
    """An answer as it is stored."""
    options = question.options
    match question.kind:
        case Kind.TEXT | Kind.LONG_TEXT:
            texts = TEXTS if question.kind == Kind.LONG_TEXT else [text for text in TEXTS if "\n" not in text]
            return {"text": dice.choice(texts)}
        case Kind.NUMBER:
            return {"number": number(dice, options.decimals)}
        case Kind.DATE:
            return {"date": day(dice)}
        case Kind.CHOICE:
            return {"choice": dice.choice(options.choices).key}
        case Kind.GRADE:
            value = {"grade": dice.choice(["yes", "no", "partly"])}
            for part in ("source", "proposal"):
                if getattr(options, part) and dice.random() < 0.7:
                    value[part] = dice.choice(TEXTS) if part == "proposal" else "Log book; “plan”"
            return value
        case Kind.FIXED_TABLE:
            rows = {row.key: row_of(options, dice) for row in options.rows if dice.random() < 0.8}
            for row in options.rows:
                if row.key in rows and row.part_of in rows:  # what is a part is not more
                    whole = rows[row.part_of]
                    rows[row.key] = {key: min(text, whole[key], key=Decimal) for key, text in rows[row.key].items()}
            return {"rows": rows or {options.rows[0].key: row_of(options, dice)}}
    return {"rows": [row_of(options, dice) for _ in range(dice.randint(1, 5))]}


def row_of(options, dice) -> dict:
    cells = {}
    for column in options.columns:
        match column.kind:
            case "number":
                cells[column.key] = number(dice, column.decimals)
            case "date":
                cells[column.key] = day(dice)
            case _:
                cells[column.key] = dice.choice([text for text in TEXTS if "\n" not in text])
    for column in options.columns:
        if column.sum_of:
            cells[column.key] = str(sum(Decimal(cells[key]) for key in column.sum_of))
    return cells


def number(dice, decimals: int) -> str:
    text = format(Decimal(dice.randint(0, 2_000_000)).scaleb(-decimals), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def day(dice) -> str:
    return f"{dice.randint(1990, 2030)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}"


def standing(assessment) -> dict:
    """What is answered, by the question's code."""
    return dict(assessment.answers.values_list("question__code", "value"))
