"""What holds for every spreadsheet that the system writes or reads."""

import re

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

# An apostrophe before such a beginning is one more letter of the text, so that what is exported comes back the same.
RISKY = re.compile(r"'*[=+\-@\t\r\n]")
GUARDED = re.compile(r"'+[=+\-@\t\r\n]")
CONTROL_SPACE = re.compile(" ?[\x0b\x0c\x1c-\x1f]+ ?")
CONTROL = re.compile("[\x00-\x08\x0e-\x1b\ud800-\udfff\ufffe\uffff]")


def printable(text: str) -> str:
    """The text without the control characters that no XLSX file can hold; those that part words become spaces."""
    return CONTROL.sub("", CONTROL_SPACE.sub(" ", text))


def neutralise(value):
    """What can stand in a spreadsheet's cell and is no formula there: an apostrophe before = + - @ tab and line end.

    Numbers, dates and nothing stay as they are.
    """
    if not isinstance(value, str):
        return value
    text = printable(value)
    return "'" + text if RISKY.match(text) else text


def plain(text: str) -> str:
    """The text that `neutralise` was given."""
    return text[1:] if GUARDED.match(text) else text
