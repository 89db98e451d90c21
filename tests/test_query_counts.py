"""Lists that no test of their own counts: one and three rows take the same queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from .factories import make_centre, make_cycle, make_post, make_unit

pytestmark = pytest.mark.django_db


def rewrite_cell(cycle, alpha, expert):
    cell = cycle.cells.get(aspect__number=2, centre=alpha)
    cell.revise(by=expert, version=cell.version, finding=f"Version {cell.version}.")


def rewrite_conclusion(cycle, alpha, expert):
    conclusion = cycle.conclusions.get(aspect__number=1)
    advice = [{"text": f"Advice {conclusion.version}.", "see_also": []}]
    words = {"text": f"Version {conclusion.version}.", "rests_on": [], "see_also": [], "recommendations": advice}
    conclusion.revise(by=expert, version=conclusion.version, **words)


LISTS = {
    "reports": ("reports:index", (), lambda cycle, alpha, expert: make_cycle(alpha.network, [alpha])),
    "places": ("centres:places", (), lambda cycle, alpha, expert: make_unit(parent=make_unit("oblast"))),
    "history of a cell": ("monitoring:history", ("2005", 2, "alpha"), rewrite_cell),
    "history of a conclusion": ("monitoring:conclusion_history", ("2005", 1), rewrite_conclusion),
    "history of a centre": ("centres:history", ("alpha",), lambda cycle, alpha, expert: make_post(alpha)),
    "a cycle's centres": (
        "monitoring:cycle", ("2005",), lambda cycle, alpha, expert: cycle.add_centres([make_centre(alpha.network)])
    ),
}  # fmt: skip


@pytest.mark.parametrize(("name", "args", "another"), LISTS.values(), ids=LISTS.keys())
def test_one_and_three_rows_take_the_same_queries(client_of, cycle, alpha, expert, coordinator, name, args, another):
    client, counts, sizes = client_of(coordinator), [], []
    for rows in (1, 2):
        for _ in range(rows):
            another(cycle, alpha, expert)
        with CaptureQueriesContext(connection) as queries:
            response = client.get(reverse(name, args=args))
        assert response.status_code == 200
        counts.append(len(queries))
        sizes.append(len(response.content))
    assert sizes[0] < sizes[1], "the page shows no more rows: the test shows nothing"
    assert counts[0] == counts[1]
