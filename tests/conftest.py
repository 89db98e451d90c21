"""The world that access tests live in: two centres, alpha and beta, of one network, and a stranger beside them."""

from types import SimpleNamespace

import pytest
from django.db import ProgrammingError, connection
from django.test import Client, TransactionTestCase

from . import rows
from .factories import (
    make_centre,
    make_coordinator,
    make_cycle,
    make_donor,
    make_expert,
    make_facilitator,
    make_member,
    make_network,
    make_project,
    write_cell,
)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The test database, which need not outlive the machine, and is emptied quickly after a test that commits.

    Tests of what outlives a crash run on servers of their own, which have no such setting.
    """
    flush = TransactionTestCase._fixture_teardown

    def empty_or_flush(self):
        try:
            rows.empty()
        except ProgrammingError:  # a role that may not leave out triggers
            flush(self)

    with django_db_blocker.unblock(), connection.cursor() as cursor:
        name = connection.ops.quote_name(connection.settings_dict["NAME"])
        cursor.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
        cursor.execute("SET synchronous_commit = off")
    TransactionTestCase._fixture_teardown = empty_or_flush
    yield
    TransactionTestCase._fixture_teardown = flush


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    """Real hashing is slow on purpose; nothing here is about that."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def no_background(settings):
    """What a page leaves to the background is done at once; the worker has tests of its own."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path_factory):
    """Uploaded files go to a directory of the test run."""
    settings.MEDIA_ROOT = tmp_path_factory.getbasetemp() / "media"


@pytest.fixture
def network(db):
    return make_network(name="Alpha and beta")


@pytest.fixture
def alpha(network):
    return make_centre(network, code="alpha", name="Alpha")


@pytest.fixture
def beta(network):
    return make_centre(network, code="beta", name="Beta")


@pytest.fixture
def project(network, alpha, beta):
    return make_project(network, [alpha, beta], code="school-door")


@pytest.fixture
def expert(network):
    return make_expert(network, username="expert")


@pytest.fixture
def coordinator(network):
    return make_coordinator(network, username="coordinator")


@pytest.fixture
def cycle(network, alpha, beta, project, expert):
    """An open cycle with data that could leak: a written cell at each centre."""
    cycle = make_cycle(network, [alpha, beta], projects=[project], code="2005", title="Monitoring 2005")
    for cell in cycle.cells.select_related("centre").filter(aspect__number=1):
        write_cell(cell, expert, finding=f"Secret of {cell.centre.code}.", state="submitted")
    return cycle


@pytest.fixture
def published(cycle, expert):
    """The same cycle, accepted and published."""
    for cell in cycle.cells.exclude(state="empty"):
        cell.accept(by=expert, version=cell.version)
    cycle.publish(by=expert)
    return cycle


@pytest.fixture
def personas(network, alpha, beta, project, expert, coordinator):
    """One user per role; the outsider has every role, elsewhere. None is somebody who is not signed in."""
    elsewhere = make_network(name="Elsewhere")
    outsider = make_coordinator(elsewhere, username="outsider")
    make_member("expert", network=elsewhere, user=outsider)
    make_member("facilitator", centre=make_centre(elsewhere, code="gamma"), user=outsider)
    make_member("donor", project=make_project(elsewhere), user=outsider)
    return SimpleNamespace(
        coordinator=coordinator,
        expert=expert,
        facilitator_alpha=make_facilitator(alpha, username="facilitator-alpha"),
        facilitator_beta=make_facilitator(beta, username="facilitator-beta"),
        donor=make_donor(project, username="donor"),
        outsider=outsider,
        anonymous=None,
    )


@pytest.fixture
def client_of():
    """A test client signed in as that user."""

    def sign_in(user, **kwargs):
        client = Client(**kwargs)
        if user is not None:
            client.force_login(user)
        return client

    return sign_in
