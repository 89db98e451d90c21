"""Completes an answer of a file with the parts of the standing one that the file leaves empty.

The parts are a grade's source and proposal and the cells of a table whose rows are given. A table whose rows people
write themselves is taken as a whole: its rows have no names by which they could be told apart.
"""

from ..forms.answers import answer_form, typed
from ..instruments import Kind
from .names import Place
from .parsed import has_decimals, plain_number


def completed(question, given: dict, before: dict) -> tuple[dict, list[str]]:
    """The answer that would stand, and in sentences why it cannot: its parts do not fit each other."""
    match question.kind:
        case Kind.GRADE:
            whole = before | given
        case Kind.FIXED_TABLE:
            whole = {"rows": _rows(question.options.columns, given.get("rows", {}), before.get("rows", {}))}
        case _:
            return given, []
    if whole in (given, before):
        return whole, []
    form = answer_form(question, data=_typed(question, whole))
    if form.is_valid():
        return form.value, []
    return whole, [error for errors in form.errors.values() for error in errors]


def _rows(columns, given: dict, before: dict) -> dict:
    """The rows with the cells of both. A total that the file leaves empty is left to be added up anew."""
    rows = {}
    for key in {**before, **given}:
        mine = given.get(key, {})
        cells = rows[key] = before.get(key, {}) | mine
        for column in columns:
            is_touched = column.key not in mine and any(part in mine for part in column.sum_of)
            if is_touched and all(cells.get(part) for part in column.sum_of):
                cells.pop(column.key, None)
    return rows


def _typed(question, value: dict) -> dict[str, str]:
    """The value as the form reads it."""

    def read(name, text):
        column = Place(question.code, part=name.rpartition("-")[2])
        return plain_number(text) if has_decimals(question, column) else text

    return {name: read(name, text) for name, text in typed(question, value).items()}
