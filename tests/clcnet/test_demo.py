"""manage.py demo: all or nothing, once, beside nothing else; and how it hands over to the server."""

from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test import RequestFactory

from centres.models import Centre, Network, User
from clcnet import serve
from clcnet.demo import loading, network
from monitoring.models import Cell

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
    assert demo() == "The demo network is loaded.\n"
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
