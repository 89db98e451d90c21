"""manage.py start_network: the first coordinator of an empty system."""

import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from centres.models import Invitation, Membership, Network, TargetGroup, User
from training.models import ConsentText

from ..factories import make_coordinator, make_network, make_user

pytestmark = pytest.mark.django_db


def start(*words, **options):
    said = StringIO()
    call_command("start_network", *words, stdout=said, **{"coordinator": "dana@net.example", **options})
    return said.getvalue()


@pytest.fixture
def administrator():
    return User.objects.create_superuser(username="root", email="root@net.example", password=None)


def test_the_printed_link_makes_a_coordinator(administrator, client_of):
    said = start("net", "The network")
    path = re.search(r"http://127[.]0[.]0[.]1:8000(/invitations/\S+/)\n", said)[1]
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.role, invitation.network.code) == ("dana@net.example", "coordinator", "net")
    assert (invitation.invited_by, invitation.language) == (administrator, "ru")
    assert client_of(None).get(path).status_code == 200
    dana = make_user(email="dana@net.example")
    client_of(dana).post(path)
    assert [(row.user, row.role, row.network.name) for row in Membership.objects.all()] == [
        (dana, "coordinator", "The network")
    ]


def test_in_production_the_link_has_the_public_host(administrator, settings):
    settings.PRODUCTION, settings.ALLOWED_HOSTS = True, [".clc.example", "other.example"]
    assert "\nhttps://clc.example/invitations/" in start("net", "The network")


def test_a_second_link_replaces_a_lost_one(administrator):
    lost = re.search(r"/invitations/(\S+)/", start("net", "The network"))[1]
    found = re.search(r"/invitations/(\S+)/", start("net", "The network"))[1]
    assert not Invitation.objects.open().for_token(lost).exists()
    assert Invitation.objects.open().for_token(found).exists()
    assert Network.objects.count() == 1


def test_somebody_with_an_account_coordinates_at_once(administrator):
    said = start("net", "The network", coordinator="Root@net.example")
    assert said == "root now coordinates “The network”.\n"
    assert [(row.user, row.role) for row in Membership.objects.all()] == [(administrator, "coordinator")]
    assert not Invitation.objects.exists()


def test_a_network_that_has_a_coordinator_is_left_to_her(administrator):
    net = make_network(code="net", name="The network")
    make_coordinator(net)
    with pytest.raises(CommandError, match="“The network” has a coordinator"):
        start("net", "The network")
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    ("words", "options", "reason"),
    [
        (["two words", "The network"], {}, "slug"),
        (["net", "N" * 201], {}, "200"),
        (["net", "The network"], {"coordinator": "dana"}, "email"),
        (["net", "The network"], {"by": "nobody"}, "There is no administrator “nobody”"),
    ],
)
def test_wrong_words_leave_nothing_behind(administrator, words, options, reason):
    with pytest.raises(CommandError, match=reason):
        start(*words, **options)
    assert not Network.objects.exists()


def test_without_an_administrator_it_says_how_to_make_one():
    with pytest.raises(CommandError, match="createsuperuser"):
        start("net", "The network")
    assert not Network.objects.exists()


def test_a_new_network_has_the_usual_target_groups(administrator):
    start("net", "The network")
    TargetGroup.objects.filter(key="farmers").update(title="Our farmers")
    start("net", "The network")  # the link was lost
    titles = TargetGroup.objects.filter(network__code="net").values_list("key", "title")
    assert (len(titles), dict(titles)["farmers"]) == (14, "Our farmers")


def test_a_new_network_has_the_usual_consent_texts(administrator):
    start("net", "The network")
    texts = ConsentText.objects.filter(network__code="net").order_by("purpose")
    assert [(text.purpose, text.number) for text in texts] == [("data", 1), ("photo", 1)]
