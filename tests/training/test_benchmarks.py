"""The benchmark of a long list measures what it says and says it in one line."""

import re

import pytest

from training import benchmarks


@pytest.mark.django_db
def test_a_long_list_is_compared_with_stock_and_copy():
    lines = []
    ratio = benchmarks.enrolments(rows=1200, sample=30, write=lines.append)
    assert ratio > 5
    assert len(lines) == 1
    assert re.fullmatch(
        r"import of 1,200 enrolments from XLSX: \d+\.\d s \(reading \d+\.\d\), history included; "
        r"stock django-import-export \d+\.\d ms a row \(sample of 30\), "
        rf"so {ratio:.0f} times as fast \(goal 50\); bare COPY \d+\.\d s, ratio \d+\.\d; "
        r"peak memory \d+ MB \(goal under 400\)",
        lines[0],
    )
