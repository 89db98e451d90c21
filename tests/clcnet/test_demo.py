"""manage.py demo: what it writes, that it leaves everything else alone, and how it hands over to the server."""

from collections import Counter
from datetime import date
from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test import RequestFactory

from centres.models import AdminUnit, Centre, Network, Post, Project, User
from clcnet import serve
from clcnet.demo import loading, matrix_2005, network
from monitoring.models import Cell, CellStep, Comment, Conclusion, Cycle, Recommendation

from ..factories import make_network, make_user

pytestmark = pytest.mark.django_db
CODES = [centre.code for centre in network.CENTRES]


def demo(**options):
    """What the command says."""
    said = StringIO()
    call_command("demo", stdout=said, **options)
    return said.getvalue()


def everything():
    """Every row of every table, the history's included, as PostgreSQL prints it."""
    with connection.cursor() as cursor:
        rows = {}
        for table in sorted(connection.introspection.table_names(cursor)):
            cursor.execute(f'SELECT t::text FROM "{table}" t ORDER BY 1')
            rows[table] = [row for (row,) in cursor.fetchall()]
        return rows


def test_the_demo_holds_what_its_data_say():
    assert demo() == "The demo network is loaded.\n"
    assert [str(row) for row in Network.objects.all()] == ["CLC Kazakhstan"]
    cycle = Cycle.objects.get()
    assert list(cycle.participations.values_list("centre__code", flat=True)) == CODES
    assert list(cycle.projects.values_list("code", flat=True)) == ["clc-2002-2005"]
    assert cycle.template.published_at is not None
    assert [(row.number, row.key, row.title_ru) for row in cycle.template.aspects.all()] == [
        (row.number, row.key, row.title.ru) for row in matrix_2005.ASPECTS
    ]
    cells = {(cell.aspect.number, cell.centre.code): cell for cell in Cell.objects.select_related("aspect", "centre")}
    assert {key: (cell.level, cell.finding, cell.perspective, cell.state) for key, cell in cells.items()} == {
        (number, centre): (text.level, text.finding, text.perspective, matrix_2005.state_of(number, centre))
        for number, row in matrix_2005.CELLS.items()
        for centre, text in row.items()
    }
    project = Project.objects.get()
    assert set(project.centres.values_list("code", flat=True)) == set(CODES)
    assert project.partners.count() == len(network.PROJECTS[0].organisations)
    assert len(project.expected_results_kk.splitlines()) == 3


def test_conclusions_keep_their_links():
    demo()
    for conclusion in Conclusion.objects.select_related("aspect"):
        told = matrix_2005.CONCLUSIONS[conclusion.aspect.number]
        assert conclusion.text == told.text
        assert {(cell.aspect_id, cell.centre.code) for cell in conclusion.rests_on.select_related("centre")} == {
            (conclusion.aspect_id, centre) for centre in told.rests_on
        }
        assert tuple(conclusion.see_also.values_list("number", flat=True)) == told.see_also
        assert [
            (row.number, row.text, tuple(row.see_also.values_list("number", flat=True)))
            for row in conclusion.recommendations.order_by("number")
        ] == [(number, row.text, row.see_also) for number, row in enumerate(told.recommendations, start=1)]
    assert Recommendation.objects.count() == 10


def test_the_expert_wrote_and_the_coordinator_reviewed():
    demo()
    steps = CellStep.objects.values_list("from_state", "to_state", "by__username")
    assert Counter(steps) == {
        ("empty", "draft", "expert"): 84,
        ("draft", "submitted", "expert"): 80,
        ("submitted", "accepted", "coordinator"): 68,
        ("submitted", "returned", "coordinator"): 4,
    }
    reasons = CellStep.objects.exclude(note="").values_list("cell__aspect__number", "centre__code", "note")
    assert {(number, centre): note for number, centre, note in reasons} == matrix_2005.RETURNED
    accepted = Cell.objects.filter(state="accepted").first()
    assert list(accepted.events.order_by("pgh_id").values_list("version", "state", "updated_by__username")) == [
        (0, "empty", None),
        (1, "draft", "expert"),
        (2, "submitted", "expert"),
        (3, "accepted", "coordinator"),
    ]
    assert accepted.events.get(version=3).pgh_context.metadata["command"] == "demo"


def test_comments_with_their_answers():
    demo()
    threads = {}
    for first in Comment.objects.filter(parent__isnull=True).select_related("cell__aspect", "cell__centre"):
        place = (first.cell.aspect.number, first.cell.centre.code)
        words = [(remark.author.username, remark.text) for remark in [first, *first.replies.order_by("created_at")]]
        threads[place] = (words, getattr(first.resolved_by, "username", ""))
    assert threads == {
        place: ([(remark.author, remark.text) for remark in [thread, *thread.replies]], thread.resolved_by)
        for place, [thread] in matrix_2005.COMMENTS.items()
    }
    assert set(Comment.objects.values_list("centre__code", "cell__centre__code")) == {
        (centre, centre) for _number, centre in matrix_2005.COMMENTS
    }


def test_places_and_posts_have_their_dates():
    demo()

    def oblasts(day):
        places = AdminUnit.objects.places(day)
        return {centre.code: str(places[centre.place_id].oblast) for centre in Centre.objects.all()}

    of_2005 = {
        "sortobe": "Zhambyl oblast",
        "nogaibai": "Zhambyl oblast",
        "kordai": "Zhambyl oblast",
        "karabulak": "Almaty oblast",
        "amanbokter": "Almaty oblast",
        "taraz": "Zhambyl oblast",
        "karaganda": "Karaganda oblast",
    }
    assert oblasts(date(2005, 6, 30)) == oblasts(date(2022, 6, 7)) == of_2005
    assert oblasts(date(2022, 6, 8)) == of_2005 | {"karabulak": "Zhetisu oblast", "amanbokter": "Zhetisu oblast"}
    nogaibai = Post.objects.filter(centre__code="nogaibai", kind="facilitator").order_by("from_date")
    assert list(nogaibai.values_list("from_date", "until_date")) == [
        (date(2003, 10, 6), date(2005, 2, 28)),
        (date(2005, 6, 1), None),
    ]


def test_each_centres_entry():
    demo()
    for told in network.CENTRES:
        centre = Centre.objects.get(code=told.code)
        assert (centre.name_en, centre.name_ru, centre.name_kk) == (told.name.en, told.name.ru, told.name.kk)
        assert (centre.host, centre.host_name_kk) == (told.host_kind, told.host.kk)
        assert (centre.kind, centre.opened, centre.place.name) == (told.kind, told.opened, told.name.en)
        assert (centre.address, centre.phone, centre.email) == (told.address, told.phone, told.email)
        assert {alias.name for alias in centre.aliases.all()} == set(told.aliases)
        assert centre.doubts == {}
    assert dict(Centre.objects.values_list("code", "legal_status")) == dict.fromkeys(CODES, "unknown") | {
        "kordai": "none",
        "taraz": "registered",
        "karaganda": "none",
    }


def test_everyone_can_sign_in_and_has_one_role_of_today():
    demo()
    request = RequestFactory().post("/")
    assert authenticate(request, username="expert", password="demo-clcnet").username == "expert"
    assert authenticate(request, username="donor@demo.example", password="demo-clcnet").username == "donor"
    assert authenticate(request, username="donor", password="demo") is None
    assert User.objects.values("password").distinct().count() == 1  # so what holds for two holds for all
    assert set(User.objects.values_list("is_demo", "is_active", "is_staff", "is_superuser")) == {
        (True, True, False, False)
    }
    roles = {}
    for user in User.objects.all():
        [membership] = user.current_memberships
        roles[user.username] = (membership.role, getattr(membership.centre, "code", None))
    assert roles == {
        "coordinator": ("coordinator", None),
        "expert": ("expert", None),
        "donor": ("donor", None),
    } | {code: ("facilitator", code) for code in CODES}


def test_a_second_time_changes_nothing():
    demo()
    cell = Cell.objects.filter(state="draft").first()
    expert = User.objects.get(username="expert")
    cell.revise(by=expert, version=cell.version, finding="My own words.", perspective="", level="weak")
    Centre.objects.filter(code="taraz").update(phone="+7 701 000 00 00")
    before = everything()
    assert demo() == "The demo network is there; it stays as it is.\n"
    assert everything() == before
    assert len(before["monitoring_cell"]) == 84


def test_it_refuses_a_database_with_another_network():
    make_network(name="A real one")
    before = everything()
    with pytest.raises(CommandError, match=r"This database holds another network \(A real one\)."):
        demo()
    assert everything() == before


def test_a_real_network_of_the_same_code_is_not_the_demo():
    make_network(code=network.NETWORK.code, name="A real one")
    with pytest.raises(CommandError, match=r"another network \(A real one\)"):
        demo()


def test_it_refuses_an_account_with_a_demo_name():
    make_user(username="expert")
    with pytest.raises(CommandError, match="accounts with names of the demo: expert"):
        demo()
    assert not Network.objects.exists()


def test_it_refuses_production(settings):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="refused with CLCNET_PRODUCTION=1"):
        demo()
    assert not User.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_half_a_demo_is_none(monkeypatch):
    def fail(*args):
        raise ZeroDivisionError

    before = everything()
    monkeypatch.setattr(loading, "discuss", fail)
    with pytest.raises(ZeroDivisionError):
        demo()
    assert everything() == before


def test_serving_loads_introduces_and_hands_over(monkeypatch):
    handed = []
    monkeypatch.setattr(serve, "free_port", lambda: 8123)
    monkeypatch.setattr(serve, "serve", handed.append)
    said = demo(serve=True)
    assert handed == [8123]
    assert "password demo-clcnet" in said
    assert [line.split()[0] for line in said.splitlines() if line.startswith("  ")] == [
        account.username for account in network.ACCOUNTS
    ]
    assert Network.objects.count() == 1


def test_a_taken_port_is_said_before_anything_is_done(monkeypatch):
    def taken():
        raise serve.PortError("Port 8000 is taken by another program.")

    monkeypatch.setattr(serve, "free_port", taken)
    with pytest.raises(CommandError, match="Port 8000 is taken"):
        demo(serve=True)
    assert not Network.objects.exists()
