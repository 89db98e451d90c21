"""Counting with days of the calendar."""

from datetime import date

import pytest

from centres.dates import months_before


@pytest.mark.parametrize(
    ("day", "months", "earlier"),
    [
        (date(2005, 8, 31), 6, date(2005, 2, 28)),
        (date(2004, 8, 31), 6, date(2004, 2, 29)),
        (date(2005, 6, 30), 6, date(2004, 12, 30)),
        (date(2005, 1, 15), 1, date(2004, 12, 15)),
        (date(2005, 1, 15), 12, date(2004, 1, 15)),
        (date(2006, 6, 24), 12, date(2005, 6, 24)),
    ],
)
def test_months_before(day, months, earlier):
    assert months_before(day, months) == earlier
