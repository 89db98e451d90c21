"""The sweep: every route, tried by every persona against Alpha's objects.

A route that is neither listed as public nor given here with arguments and expected answers fails. The order of the
answers is that of PERSONAS; facilitator_beta runs another centre of the same network, the outsider has every role in
another network.
"""

from dataclasses import dataclass, field

import pytest
from django.urls import URLPattern, get_resolver, reverse

PERSONAS = ["coordinator", "expert", "facilitator_alpha", "facilitator_beta", "donor", "outsider", "anonymous"]
LOGIN = 302

PUBLIC = {
    # Reached without an account, and harmless: they show a form, change a cookie, or need a secret link.
    "language",
    "invitation",
    "account_login",
    "account_logout",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
}


@dataclass(frozen=True)
class Route:
    """Arguments by the world's fixtures, and the answers to GET and POST per persona."""

    get: str
    args: tuple = ()
    post: str = ""
    data: dict = field(default_factory=dict)


ALL = "200 200 200 200 200 200 302"
STAFF = "200 200 403 403 403 404 302"
ONLY_POST = "405 405 405 405 405 405 302"

ROUTES = {
    "today": Route(ALL),
    "monitoring:cycles": Route(ALL),
    "monitoring:matrix": Route("200 200 200 200 404 404 302", ("cycle",)),
    "monitoring:cell": Route(
        "200 200 200 404 404 404 302",
        ("cycle", 2, "alpha"),
        "302 302 403 404 404 404 302",
        {"version": 0, "finding": "x", "level": "weak"},
    ),
    "monitoring:step": Route(
        ONLY_POST, ("cycle", 1, "alpha"), "302 422 403 404 404 404 302", {"do": "accept", "version": 2}
    ),
    "monitoring:history": Route("200 200 200 404 404 404 302", ("cycle", 1, "alpha")),
    "monitoring:conclusion": Route(
        "200 200 404 404 404 404 302",
        ("cycle", 1),
        "302 302 404 404 404 404 302",
        {"version": 0, "text": "", "recommendations-TOTAL_FORMS": 0, "recommendations-INITIAL_FORMS": 0},
    ),
    "monitoring:conclusion_history": Route("200 200 404 404 404 404 302", ("cycle", 1)),
}


def routes(patterns=None, namespace=""):
    """Every named route with its namespace, admin apart."""
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}"
        elif pattern.namespace != "admin":
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from routes(pattern.url_patterns, inner)


def test_every_route_is_classified():
    assert sorted({*routes()} - PUBLIC - ROUTES.keys()) == []


def test_no_classification_is_left_over():
    assert sorted((PUBLIC | ROUTES.keys()) - {*routes()}) == []


@pytest.fixture
def world(cycle, alpha, project):
    return {"cycle": cycle.code, "alpha": alpha.code, "project": project.code}


def answers(method, name, world, personas, client_of):
    """Status codes in the order of PERSONAS; a redirect counts for the anonymous only if it leads to the login."""
    route = ROUTES[name]
    path = reverse(name, args=[world.get(arg, arg) for arg in route.args])
    codes = []
    for persona in PERSONAS:
        client = client_of(getattr(personas, persona))
        response = client.get(path) if method == "get" else client.post(path, route.data)
        codes.append(str(response.status_code))
        if persona == "anonymous":
            assert response.headers["Location"].startswith(reverse("account_login"))
    return " ".join(codes)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ROUTES)
def test_reading(name, world, personas, client_of):
    assert answers("get", name, world, personas, client_of) == ROUTES[name].get


@pytest.mark.django_db
@pytest.mark.parametrize("name", [name for name, route in ROUTES.items() if route.post])
def test_writing(name, world, personas, client_of):
    assert answers("post", name, world, personas, client_of) == ROUTES[name].post


@pytest.mark.django_db
@pytest.mark.parametrize("name", ROUTES)
def test_reading_writes_nothing(name, world, personas, client_of, django_assert_num_queries):
    """A GET of the most powerful persona sends no INSERT, UPDATE or DELETE (the session's own upkeep apart)."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    path = reverse(name, args=[world.get(arg, arg) for arg in ROUTES[name].args])
    client = client_of(personas.coordinator)
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    written = [q["sql"] for q in queries if q["sql"].split()[0] in {"INSERT", "UPDATE", "DELETE"}]
    assert written == []


@pytest.mark.django_db
def test_the_system_administration_is_closed_to_all_roles(personas, client_of):
    for persona in PERSONAS:
        response = client_of(getattr(personas, persona)).get(reverse("admin:index"))
        assert response.status_code == LOGIN
        assert response.headers["Location"].startswith(reverse("admin:login"))
