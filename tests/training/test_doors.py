"""From the register's pages to its paper and its spreadsheets: where the links lead, and for whom."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from ..factories import make_consent, make_enrolment, make_group, make_trainee

pytestmark = pytest.mark.django_db
EXPORTS = ["xlsx", "csv"]


def links(client, address, *parts):
    """The page's links whose address begins with one of these."""
    found = re.findall(r'href="([^"]+)"', client.get(address).content.decode())
    return [unescape(link) for link in found if link.startswith(parts)]


def lists(client, address):
    return links(client, address, "/training/export/", "/training/import/?kind")


def in_and_out(kind, code="alpha"):
    out = [f"/training/export/{kind}.{extension}?centre={code}" for extension in EXPORTS]
    return [*out, f"/training/import/?kind={kind}&centre={code}"]


@pytest.mark.parametrize("kind", ["trainees", "enrolments", "attendance", "equipment", "incomes"])
def test_each_list_leads_to_its_spreadsheet_and_back(kind, client_of, personas, alpha):
    group = make_group(alpha)
    address = {
        "trainees": "/training/trainees/",
        "enrolments": reverse("training:members", args=[group.pk]),
        "attendance": reverse("training:journal", args=[group.pk]),
        "equipment": "/centres/alpha/equipment/",
        "incomes": "/centres/alpha/finance/",
    }[kind]
    client = client_of(personas.facilitator_alpha)
    assert lists(client, address) == in_and_out(kind)
    for link in in_and_out(kind):
        response = client.get(link)
        assert response.status_code == 200
        if response.streaming:
            response.getvalue()
    chosen = client.get(in_and_out(kind)[-1]).context["form"]["kind"].value()
    assert chosen == kind
    reader = client_of(personas.expert)
    if kind == "trainees":
        address += "?centre=alpha"
    assert lists(reader, address) == in_and_out(kind)[:2]


def test_the_trainees_of_several_centres_are_one_spreadsheet(client_of, personas, alpha, beta):
    client = client_of(personas.coordinator)
    out = [f"/training/export/trainees.{extension}" for extension in EXPORTS]
    assert lists(client, "/training/trainees/") == [*out, "/training/import/?kind=trainees"]
    assert lists(client, "/training/trainees/?centre=alpha") == in_and_out("trainees")


def test_told_totals_have_no_attendance_to_download(client_of, personas, alpha):
    group = make_group(alpha, keeping="totals")
    assert lists(client_of(personas.facilitator_alpha), reverse("training:journal", args=[group.pk])) == []


@pytest.mark.parametrize(
    ("start", "end", "month"),
    [(-30, 30, ""), (-30, None, ""), (40, 90, "start"), (-90, -40, "end")],
    ids=["running", "open", "planned", "ended"],
)
def test_a_group_leads_to_its_blanks_of_a_month_in_which_it_runs(start, end, month, client_of, personas, alpha):
    today = timezone.localdate()
    days = {"start": today + timedelta(start), "end": today + timedelta(end) if end else None}
    group = make_group(alpha, **days)
    client = client_of(personas.facilitator_alpha)
    query = f"&month={days[month]:%Y-%m}" if month else ""
    (link,) = links(client, group.get_absolute_url(), "/reports/centres/alpha/paper/")
    assert link == f"/reports/centres/alpha/paper/?group={group.pk}{query}"
    page = client.get(link)
    assert list(page.context["groups"]) == [group]
    assert page.context["chosen"] == [group.pk]


def test_a_trainee_leads_to_her_own_consent_to_sign(client_of, personas, alpha):
    facilitator = client_of(personas.facilitator_alpha)
    person = make_trainee(alpha, language="kk")
    assert links(facilitator, person.get_absolute_url(), "/reports/centres/") == []  # the network has no text yet
    make_consent(make_trainee(alpha))
    (link,) = links(facilitator, person.get_absolute_url(), "/reports/centres/")
    assert link == f"/reports/centres/alpha/paper/consent.pdf?trainee={person.pk}&language=kk"
    assert facilitator.get(link).headers["Content-Type"] == "application/pdf"
    assert links(client_of(personas.expert), person.get_absolute_url(), "/reports/centres/") == []


def test_the_follow_ups_of_one_centre_lead_to_their_sheet(client_of, personas, alpha, beta):
    make_enrolment(make_group(alpha), status="completed", ended_on=date(2005, 6, 1))
    link = "/reports/centres/alpha/paper/follow-up.pdf"
    facilitator = client_of(personas.facilitator_alpha)
    assert links(facilitator, "/training/follow-ups/", "/reports/centres/") == [link]
    assert facilitator.get(link).headers["Content-Type"] == "application/pdf"
    coordinator = client_of(personas.coordinator)
    assert links(coordinator, "/training/follow-ups/", "/reports/centres/") == []
    assert links(coordinator, "/training/follow-ups/?centre=alpha", "/reports/centres/") == [link]
