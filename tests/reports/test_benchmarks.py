"""The benchmark measures what it says and says it in one line."""

import re

import pytest

from reports import benchmarks


@pytest.mark.django_db
def test_the_pdf_is_compared_with_bare_weasyprint(cycle, expert):
    lines = []
    ratio = benchmarks.matrix_pdf(cycle, expert, runs=1, write=lines.append)
    assert ratio > 0
    assert len(lines) == 1
    assert re.fullmatch(
        r"matrix\.pdf, 2005: \d+\.\d\d s, bare WeasyPrint on the same HTML \d+\.\d\d s, "
        rf"ratio {ratio:.2f} \(goal at most 1\.15\)",
        lines[0],
    )
