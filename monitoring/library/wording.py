"""Short ways to write a questionnaire in three languages."""

from ..instruments import Choice, Column, Kind, Options, QuestionText, Row


def say(en: str, ru: str, kk: str) -> dict:
    """A text by language."""
    return {"en": en, "ru": ru, "kk": kk}


def choice(key: str, en: str, ru: str, kk: str, level: str = "") -> Choice:
    return Choice(key, say(en, ru, kk), level)


def row(key: str, en: str, ru: str, kk: str, **more) -> Row:
    return Row(key, say(en, ru, kk), **more)


def column(key: str, en: str, ru: str, kk: str, **more) -> Column:
    return Column(key, say(en, ru, kk), **more)


def question(code: str, kind: Kind, text: dict, guidance: dict, **more) -> QuestionText:
    return QuestionText(code, kind, text, guidance, **more)


def graded(code: str, text: dict, guidance: dict, **more) -> QuestionText:
    """A required Yes, Partly or No that names its source of information and asks for a proposal."""
    return question(
        code, Kind.GRADE, text, guidance, required=True, options=Options(source=True, proposal=True), **more
    )


def simple_grade(code: str, text: dict, guidance: dict, **more) -> QuestionText:
    """A required Yes, Partly or No and nothing else."""
    return question(code, Kind.GRADE, text, guidance, required=True, **more)


def heading(code: str, text: dict, guidance: dict) -> QuestionText:
    return question(code, Kind.HEADING, text, guidance)
