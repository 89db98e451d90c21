"""What a source found, made to fit a question, and compared with what the centre answers."""

from collections import Counter
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django.utils.text import Truncator

from centres.latin import name_key

from ..forms.answer_fields import LONG_TEXT_LIMIT, TEXT_LIMIT, canonical
from ..instruments import MOST_ROWS, Kind


def fitted(question, found: dict, *, is_draft: bool = False) -> dict:
    """The canonical value that the question can hold; {} where it has no place for what was found.

    `found` has a part per kind that the source fits: `text`, `number`, `choice`, `grade`, and `rows`, either by key or
    in a list; numbers are Decimal or int, None where unknown. Rows, columns and choices are matched by key; those that
    the question does not have are left out. More rows than an answer may have are no value, a draft is cut.
    """
    match question.kind:
        case Kind.TEXT | Kind.LONG_TEXT:
            limit = TEXT_LIMIT if question.kind == Kind.TEXT else LONG_TEXT_LIMIT
            return _only("text", Truncator(found.get("text", "")).chars(limit))
        case Kind.NUMBER:
            return _only("number", number(found.get("number"), question.options.decimals))
        case Kind.CHOICE:
            key = found.get("choice", "")
            return _only("choice", key if question.options.choice(key) else "")
        case Kind.GRADE:
            return _only("grade", found.get("grade", ""))
    rows = found.get("rows", ())
    if question.kind == Kind.FIXED_TABLE and isinstance(rows, dict):
        known = {row.key: _cells(question.options.columns, rows.get(row.key, {})) for row in question.options.rows}
        return _only("rows", {key: cells for key, cells in known.items() if cells})
    if question.kind == Kind.OPEN_TABLE:
        rows = [_cells(question.options.columns, row) for row in (rows.values() if isinstance(rows, dict) else rows)]
        rows = [cells for cells in rows if cells]
        return _only("rows", rows[:MOST_ROWS] if is_draft or len(rows) <= MOST_ROWS else [])
    return {}


def _only(name: str, value) -> dict:
    return {name: value} if value else {}


def _cells(columns, row: dict) -> dict[str, str]:
    cells = {}
    for column in columns:
        value = row.get(column.key)
        if column.kind == "number":
            cells[column.key] = number(value, column.decimals)
        elif value:
            cells[column.key] = Truncator(value).chars(TEXT_LIMIT)
    return {key: text for key, text in cells.items() if text}


def number(value, decimals: int) -> str:
    """As an answer holds it, rounded to what the question asks for: 12.5, 0; "" where nothing is known."""
    if value is None:
        return ""
    return canonical(Decimal(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))


def same(question, value: dict, found: dict, names=()) -> bool:
    """Whether the answer says what was found. A cell that the data do not know can hold anything.

    Numbers are compared as numbers; of texts neither case, spaces and marks nor the alphabet count, and `names` lists
    what else means the same, such as a title in three languages.
    """
    fold = _Fold(names)
    match question.kind:
        case Kind.TEXT | Kind.LONG_TEXT:
            return fold(value.get("text")) == fold(found.get("text"))
        case Kind.NUMBER:
            return _figure(value.get("number")) == _figure(found.get("number"))
        case Kind.CHOICE | Kind.GRADE:
            return value.get(question.kind) == found.get(question.kind)
        case Kind.FIXED_TABLE:
            rows = value.get("rows", {})
            return all(
                _agrees(question, rows.get(key, {}), cells, fold) for key, cells in found.get("rows", {}).items()
            )
        case Kind.OPEN_TABLE:
            return _same_rows(question, value.get("rows", []), found.get("rows", []), fold)
    return True


class _Fold:
    """Text as it is compared: letters and figures only."""

    def __init__(self, names):
        self.known = {_key(each): _key(group[0]) for group in names for each in group}

    def __call__(self, text) -> str:
        key = _key(text or "")
        return self.known.get(key, key)


def _key(text: str) -> str:
    return "".join(letter for letter in name_key(text) if letter.isalnum())


def _figure(text):
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return text


def _agrees(question, cells: dict, found: dict, fold) -> bool:
    """Whether what is known of a row stands there."""
    read = {column.key: _figure if column.kind == "number" else fold for column in question.options.columns}
    return all(read[key](cells.get(key)) == read[key](text) for key, text in found.items() if text and key in read)


def _same_rows(question, rows, found, fold) -> bool:
    """Whether both tables have the same rows in any order, each known by its texts."""
    texts = [column.key for column in question.options.columns if column.kind == "text"]

    def by_name(table):
        table = [row for row in table if any(row.values())]
        return [(tuple(fold(row.get(key)) for key in texts), row) for row in table]

    told, known = by_name(rows), by_name(found)
    if Counter(name for name, _row in told) != Counter(name for name, _row in known):
        return False
    left = list(told)
    for name, cells in known:
        fits = next((pair for pair in left if pair[0] == name and _agrees(question, pair[1], cells, fold)), None)
        if fits is None:
            return False
        left.remove(fits)
    return True
