"""A stored answer in the reader's words, for pages that show it beside something else."""

from decimal import Decimal, InvalidOperation

from django.utils import formats
from django.utils.dateparse import parse_date

from .instruments import Grade, Kind, said
from .models import Question


def in_words(question: Question, value: dict) -> list[str]:
    """An answer as lines for a reader; none where nothing is answered."""
    options = question.options
    match question.kind:
        case Kind.GRADE:
            lines = [Grade(value["grade"]).label] if value.get("grade") in Grade else []
        case Kind.CHOICE:
            choice = options.choice(value.get("choice", ""))
            lines = [said(choice.label)] if choice else []
        case Kind.NUMBER:
            lines = [" ".join(filter(None, [number(value.get("number", "")), said(options.unit)]))]
            lines = lines if value.get("number") else []
        case Kind.DATE:
            lines = [date(value.get("date", ""))]
        case Kind.FIXED_TABLE:
            rows = value.get("rows", {})
            lines = [row_in_words(options, rows.get(row.key, {}), said(row.label)) for row in options.rows]
        case Kind.OPEN_TABLE:
            lines = [row_in_words(options, row) for row in value.get("rows", [])]
        case _:
            lines = [value.get("text", "")]
    return [str(line) for line in lines if line]


def row_in_words(options, row: dict, label: str = "") -> str:
    """A row of a table: its name, then what stands in its columns; nothing where they are all empty."""
    shows = {"number": number, "date": date}
    cells = [
        f"{said(column.label)}: {shows.get(column.kind, str)(row[column.key])}"
        for column in options.columns
        if row.get(column.key)
    ]
    return (f"{label}: " if label else "") + "; ".join(cells) if cells else ""


def number(text: str) -> str:
    """A stored number as the reader writes it: thousands apart, the decimal mark of the language."""
    try:
        whole, _point, fraction = f"{Decimal(text):,f}".partition(".")
    except InvalidOperation:
        return text
    mark = formats.get_format("DECIMAL_SEPARATOR")
    return whole.replace(",", "\u202f") + (mark + fraction if fraction else "")


def date(text: str) -> str:
    day = parse_date(text) if text else None
    return formats.date_format(day) if day else text
