"""The register's first page: three counts, told totals apart, periods, first steps."""

from datetime import date, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from training.counts import Counts
from training.models import Group, Slot
from training.overview import beginnings_of, rows_of, sum_of
from training.periods import Period, chosen_period, periods_of

from ..factories import (
    make_centre,
    make_coordinator,
    make_enrolment,
    make_facilitator,
    make_group,
    make_lesson,
    make_programme,
    make_room,
    make_trainee,
    make_trainer,
)

pytestmark = pytest.mark.django_db
HALF = Period(2005, 1)


def test_a_period_has_its_days():
    assert (Period(2005).first, Period(2005).last) == (date(2005, 1, 1), date(2005, 12, 31))
    assert (HALF.first, HALF.last) == (date(2005, 1, 1), date(2005, 6, 30))
    assert (Period(2005, 2).first, Period(2005, 2).last) == (date(2005, 7, 1), date(2005, 12, 31))
    assert [Period(2005).key, HALF.key, Period(2005, 2).key] == ["2005", "2005-1", "2005-2"]
    assert [str(Period(2005)), str(HALF)] == ["2005", "January to June 2005"]


def test_periods_are_those_in_which_groups_ran_and_this_year(alpha):
    make_group(alpha, start=date(2004, 7, 1), end=date(2005, 6, 30))
    make_group(alpha, start=date(1005, 1, 1), end=date(1005, 6, 30))  # a slip of the finger
    today = localdate()
    this = [f"{today.year}", f"{today.year}-{1 + (today.month > 6)}"]
    assert [period.key for period in periods_of(Group.objects.all())] == [*this, "2005", "2005-1", "2004", "2004-2"]


def test_a_group_without_an_end_runs_until_today(alpha):
    today = localdate()
    make_group(alpha, start=date(today.year - 1, 12, 1), end=None)
    halves = [f"{today.year}-2"] if today.month > 6 else []
    assert [period.key for period in periods_of(Group.objects.all())] == [
        *[f"{today.year}", *halves, f"{today.year}-1"],
        *[f"{today.year - 1}", f"{today.year - 1}-2"],
    ]


def test_an_unknown_period_is_this_year():
    offered = [Period(2005), HALF]
    assert chosen_period("2005-1", offered) == HALF
    for key in (None, "", "1999", "2005-3", "'; --"):
        assert chosen_period(key, offered) == Period(localdate().year)


def test_people_enrolments_and_visits_are_three_counts_and_told_ones_stand_apart(alpha, beta):
    sewing, computers = make_group(alpha), make_group(alpha)
    aigul = make_trainee(alpha)
    first, second = make_enrolment(sewing, aigul), make_enrolment(computers, aigul)
    other = make_enrolment(sewing)
    make_lesson(sewing, date(2005, 2, 1), present=[first], absent=[other])
    make_lesson(computers, date(2005, 2, 2), present=[second])
    make_lesson(computers, date(2005, 7, 1), present=[second])  # of another half-year
    make_lesson(make_group(alpha, keeping="totals"), date(2005, 2, 3), women=7, men=5)
    make_group(beta, start=localdate() - timedelta(1), end=None)
    rows = rows_of([alpha, beta], HALF)
    assert [(row.centre, row.counts, row.groups, row.running) for row in rows] == [
        (alpha, Counts(people=2, enrolments=3, visits=2, marked=3, told_women=7, told_men=5), 3, 0),
        (beta, Counts(), 0, 1),
    ]
    assert sum_of(rows).counts == rows[0].counts
    assert (sum_of(rows).groups, sum_of(rows).running) == (3, 1)


def test_first_steps_follow_one_another(alpha):
    """The network's templates are no step of the centre's own."""
    template = make_programme(alpha.network)
    assert beginnings_of(alpha).next == "programme"
    make_programme(centre=alpha)
    assert beginnings_of(alpha).next == "trainer"
    make_trainer(alpha)
    assert beginnings_of(alpha).next == "room"
    make_room(alpha)
    assert beginnings_of(alpha).next == "group"
    group = make_group(alpha, template)
    assert beginnings_of(alpha).next == "slots"
    Slot.objects.create(centre=alpha, group=group, weekday=1, starts=time(9), ends=time(10))
    assert beginnings_of(alpha).next == "trainees"
    make_enrolment(group)
    assert beginnings_of(alpha).next == "journal"
    make_lesson(group)
    assert beginnings_of(alpha).next == ""


def test_what_can_be_done_without_is_not_asked_afterwards(alpha):
    """A group of a template chooses it; after people, nobody is sent back to weekly lessons or to trainers."""
    group = make_group(alpha, make_programme(alpha.network))
    assert (beginnings_of(alpha).programme, beginnings_of(alpha).next) == (True, "slots")
    make_enrolment(group)
    assert beginnings_of(alpha).next == "journal"


def test_a_group_without_names_lacks_no_trainees(alpha):
    make_group(alpha, keeping="totals")
    assert (beginnings_of(alpha).trainees, beginnings_of(alpha).next) == (True, "journal")


def test_each_first_step_has_its_door(alpha, client_of):
    make_programme(alpha.network)
    client = client_of(make_facilitator(alpha))
    first = client.get("/training/").text
    doors = ["programmes/new/", "trainers/new/", "rooms/", "groups/new/"]
    assert [first.count(f'href="/training/{door}?centre=alpha"') for door in doors] == [1, 1, 1, 1]
    group = make_group(alpha)
    after = client.get("/training/").text
    assert [after.count(f'href="{group.get_absolute_url()}{page}/"') for page in ("timetable", "members")] == [1, 1]


def test_a_facilitator_sees_her_centre_and_no_other(alpha, beta, client_of):
    make_enrolment(make_group(alpha))
    client = client_of(make_facilitator(alpha))
    page = client.get("/training/?period=2005")
    assert page.context["row"].counts == Counts(people=1, enrolments=1)
    assert page.context["period"] == Period(2005)
    assert client.get("/training/?centre=beta").status_code == 404
    assert "Beta" not in page.text


def test_staff_see_all_centres_with_their_sum_and_one_by_one(alpha, beta, coordinator, client_of):
    for centre in (alpha, alpha, beta):
        make_enrolment(make_group(centre))
    client = client_of(coordinator)
    page = client.get("/training/?period=2005-1")
    assert [(row.centre.code, row.counts.people) for row in page.context["rows"]] == [("alpha", 2), ("beta", 1)]
    assert page.context["total"].counts == Counts(people=3, enrolments=3)
    assert client.get("/training/?centre=alpha&period=2005-1").context["row"].counts.people == 2


def test_a_network_without_centres_says_what_comes_first(network, client_of):
    page = client_of(make_coordinator(network)).get("/training/").text
    assert 'href="/centres/new/"' in page


def test_the_number_of_queries_does_not_grow(alpha, coordinator, client_of):
    def queries():
        with CaptureQueriesContext(connection) as found:
            assert client_of(coordinator).get("/training/?period=2005").status_code == 200
        return len(found)

    counts = []
    for rows in (1, 3):
        for _ in range(rows):
            group = make_group(make_centre(alpha.network))
            make_lesson(group, present=[make_enrolment(group)])
        counts.append(queries())
    assert counts[0] == counts[1]
