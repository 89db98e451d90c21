"""Lists that no test of their own counts: one and three rows take the same queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from centres.models import CommunityProfile, Income

from .factories import make_centre, make_cycle, make_post, make_unit
from .kept import (
    make_committee_member,
    make_decision,
    make_document,
    make_equipment,
    make_forecast,
    make_income,
    make_meeting,
    make_partner,
    make_profile,
    make_study,
    make_target_group,
    with_file,
)

pytestmark = pytest.mark.django_db


def rewrite_cell(cycle, alpha, expert):
    cell = cycle.cells.get(aspect__number=2, centre=alpha)
    cell.revise(by=expert, version=cell.version, finding=f"Version {cell.version}.")


def rewrite_conclusion(cycle, alpha, expert):
    conclusion = cycle.conclusions.get(aspect__number=1)
    advice = [{"text": f"Advice {conclusion.version}.", "see_also": []}]
    words = {"text": f"Version {conclusion.version}.", "rests_on": [], "see_also": [], "recommendations": advice}
    conclusion.revise(by=expert, version=conclusion.version, **words)


def meet(cycle, alpha, expert):
    """Another meeting with a decision, and another member."""
    make_decision(make_meeting(alpha, minutes="Held."))
    make_committee_member(alpha)


def earn(cycle, alpha, expert):
    """Another income, and another source with a forecast."""
    source = ["grants", "rent", "production"][Income.objects.count()]
    make_income(alpha, source=source, date=timezone.localdate())
    make_forecast(alpha, source=source, year=timezone.localdate().year)


def count_people(cycle, alpha, expert):
    """Another needs study, and another year's profile with counts."""
    make_study(alpha)
    profile = make_profile(alpha, year=1990 + CommunityProfile.objects.count())
    for sex in ("female", "male")[: CommunityProfile.objects.count()]:
        profile.population.create(centre=alpha, sex=sex, age="0-6", people=1)
    for _ in range(CommunityProfile.objects.count()):
        profile.groups.create(centre=alpha, group=make_target_group(alpha.network), people=1)


LISTS = {
    "equipment": ("centres:equipment", ("alpha",), lambda cycle, alpha, expert: make_equipment(alpha, working=0)),
    "committee": ("centres:committee", ("alpha",), meet),
    "partners": ("centres:partners", ("alpha",), lambda cycle, alpha, expert: make_partner(alpha, **with_file())),
    "finance": ("centres:finance", ("alpha",), earn),
    "documents": ("centres:documents", ("alpha",), lambda cycle, alpha, expert: make_document(alpha, **with_file())),
    "community": ("centres:community", ("alpha",), count_people),
    "target groups": (
        "centres:target_groups", (), lambda cycle, alpha, expert: make_target_group(alpha.network)
    ),
    "history of a committee": ("centres:tab_history", ("alpha", "committee"), meet),
    "history of a community": ("centres:tab_history", ("alpha", "community"), count_people),
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
