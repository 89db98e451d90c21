"""Who belongs to a network: the list, inviting, giving roles, ending them."""

import re
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from django.utils.formats import date_format

from centres.models import Invitation, Membership
from centres.views import people
from tests.factories import (
    make_centre,
    make_coordinator,
    make_donor,
    make_expert,
    make_facilitator,
    make_member,
    make_network,
    make_project,
)

from .inviting import make_invitation

TODAY = timezone.localdate()
YESTERDAY, TOMORROW = TODAY - timedelta(1), TODAY + timedelta(1)


@pytest.fixture
def boss(client_of, coordinator):
    """The coordinator's browser."""
    return client_of(coordinator)


def listed(response):
    """User names in the list, in order."""
    return [membership.user.username for membership in response.context["page"]]


def invite(client, **values):
    return client.post(
        "/people/invite/", {"email": "Dana@People.example", "language": "ru", "role": "expert", **values}
    )


# --- Who comes in ---


@pytest.mark.parametrize("path", ["/people/", "/people/invite/"])
def test_the_pages_open_to_coordinators_only(client_of, personas, path):
    answers = {name: client_of(user).get(path).status_code for name, user in vars(personas).items()}
    assert answers == {
        "coordinator": 200,
        "outsider": 200,  # coordinates another network
        "expert": 403,
        "facilitator_alpha": 403,
        "facilitator_beta": 403,
        "donor": 403,
        "anonymous": 302,
    }


def test_what_belongs_to_another_network_is_not_found(client_of, personas, alpha, coordinator):
    invitation, _ = make_invitation(by=coordinator, centre=alpha)
    membership = personas.facilitator_alpha.memberships.get()
    paths = [
        f"/people/{personas.facilitator_alpha.pk}/role/",
        f"/people/memberships/{membership.pk}/end/",
        f"/people/invitations/{invitation.pk}/withdraw/",
        f"/people/invitations/{invitation.pk}/send-again/",
    ]
    for name, expected in [
        ("outsider", [404, 404, 404, 404]),
        ("expert", [403, 404, 403, 403]),
        ("donor", [403, 404, 403, 403]),
        ("facilitator_alpha", [403, 403, 403, 403]),  # she sees her own membership, but cannot end it
        ("anonymous", [302, 302, 302, 302]),
    ]:
        client = client_of(getattr(personas, name))
        assert [client.post(path, {"when": "now"}).status_code for path in paths] == expected, name
    membership.refresh_from_db()
    invitation.refresh_from_db()
    assert (membership.until_date, invitation.withdrawn_at) == (None, None)


def test_reading_changes_nothing(boss, alpha, coordinator):
    invitation, _ = make_invitation(by=coordinator, centre=alpha)
    assert boss.get(f"/people/invitations/{invitation.pk}/withdraw/").status_code == 405
    assert boss.get(f"/people/invitations/{invitation.pk}/send-again/").status_code == 405
    user = make_facilitator(alpha)
    boss.get(f"/people/memberships/{user.memberships.get().pk}/end/")
    assert user.memberships.get().until_date is None


# --- The list ---


def test_the_list_holds_the_members_of_ones_own_networks(boss, personas):
    names = {"coordinator", "expert", "facilitator-alpha", "facilitator-beta", "donor"}
    assert set(listed(boss.get("/people/"))) == names


def test_the_list_shows_who_ended_on_demand_only(boss, alpha, coordinator):
    make_facilitator(alpha, username="gone", until_date=YESTERDAY)
    make_facilitator(alpha, username="soon", from_date=TOMORROW)
    make_facilitator(alpha, username="last-day", until_date=TODAY)
    assert set(listed(boss.get("/people/"))) == {"coordinator", "soon", "last-day"}
    assert listed(boss.get("/people/?ended=1")) == ["gone"]


def test_the_list_is_filtered_by_role_centre_and_text(boss, alpha, beta, coordinator):
    make_facilitator(alpha, username="a-fac", name="Айгүл Серікқызы")
    make_member("head", centre=alpha, username="a-head", name="Серик Ахметович Ким")
    make_facilitator(beta, username="b-fac", name="Анна Петровна", email="anna@beta.example")
    for query, names in [
        ("role=facilitator", ["a-fac", "b-fac"]),
        (f"centre={alpha.pk}", ["a-fac", "a-head"]),
        (f"role=facilitator&centre={alpha.pk}", ["a-fac"]),
        ("text=айгүл", ["a-fac"]),
        ("text=ким+серик", ["a-head"]),
        ("text=BETA.example", ["b-fac"]),
        ("text=nobody", []),
    ]:
        assert sorted(listed(boss.get(f"/people/?{query}"))) == names, query


@pytest.mark.parametrize("query", ["role=king", "centre=999999", "centre=x", "page=0", "page=99", "page=x", "ended=9"])
def test_a_senseless_filter_filters_nothing(boss, coordinator, query):
    assert listed(boss.get(f"/people/?{query}")) == ["coordinator"]


def test_the_filter_offers_no_foreign_centre(boss, alpha):
    make_centre(code="foreign", name="Foreign centre")
    page = boss.get("/people/").content.decode()
    assert "Alpha" in page
    assert "Foreign centre" not in page


def test_a_long_list_comes_in_pages_that_keep_the_filter(boss, alpha):
    for n in range(51):
        make_facilitator(alpha, username=f"f{n:02}", name=f"F{n:02}")
    first = boss.get("/people/?role=facilitator")
    assert listed(first) == [f"f{n:02}" for n in range(50)]
    assert 'href="?role=facilitator&amp;page=2"' in first.content.decode()
    assert listed(boss.get("/people/?role=facilitator&page=2")) == ["f50"]


def test_the_list_takes_the_same_queries_for_many_rows(
    boss, network, alpha, beta, project, coordinator, django_assert_num_queries
):
    make_facilitator(alpha)
    make_invitation(by=coordinator, centre=alpha)
    boss.get("/people/")
    with django_assert_num_queries(7):
        boss.get("/people/")
    make_facilitator(beta)
    make_donor(project)
    make_invitation(by=make_coordinator(network), project=project, role="donor")
    make_invitation(by=coordinator, network=network, role="expert")
    with django_assert_num_queries(7):
        boss.get("/people/")


# --- Inviting ---


def test_an_invitation_is_mailed_in_its_language_and_its_link_shown_once(boss, network, coordinator):
    response = invite(boss, language="en", name="Дана")
    page = response.content.decode()
    link = re.search(r"http://testserver/invitations/[\w-]+/", page)[0]
    assert "no-store" in response["Cache-Control"]
    assert mail.outbox[0].to == ["dana@people.example"]
    assert mail.outbox[0].subject == "Invitation to clcnet: Alpha and beta"
    for words in (link, "Role: expert", "Network: Alpha and beta", str(coordinator), "Дана"):
        assert words in mail.outbox[0].body
    assert link not in boss.get("/people/").content.decode()
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.network, invitation.role, invitation.invited_by) == (
        "dana@people.example",
        network,
        "expert",
        coordinator,
    )
    assert Client().get(link).status_code == 200


def test_the_mail_is_written_in_the_invitees_language(boss):
    invite(boss, language="kk")
    with translation.override("kk"):
        day = date_format(timezone.localtime(Invitation.objects.get().expires_at), "DATE_FORMAT")
    assert day in mail.outbox[0].body


def test_each_role_is_for_its_part_of_the_network(boss, network, alpha, project):
    stray = {"centre": alpha.pk, "project": project.pk}
    for role, centre, donated in [
        ("coordinator", None, None),
        ("expert", None, None),
        ("facilitator", alpha, None),
        ("head", alpha, None),
        ("donor", None, project),
    ]:
        invite(boss, email=f"{role}@people.example", role=role, **stray)
        made = Invitation.objects.get(email=f"{role}@people.example")
        assert (made.network, made.role, made.centre, made.project) == (network, role, centre, donated)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"role": "facilitator"}, "centre"),
        ({"role": "donor"}, "project"),
        ({"role": ""}, "role"),
        ({"role": "king"}, "role"),
        ({"email": "no address"}, "email"),
        ({"language": "de"}, "language"),
    ],
)
def test_an_incomplete_invitation_is_not_made(boss, wrong, field):
    response = invite(boss, **wrong)
    assert set(response.context["form"].errors) == {field}
    assert Invitation.objects.count() == 0
    assert mail.outbox == []


def test_nobody_is_invited_to_what_belongs_to_another_network(boss, network):
    foreign = make_network()
    centre, project = make_centre(foreign), make_project(foreign)
    for values in (
        {"role": "facilitator", "centre": centre.pk},
        {"role": "donor", "project": project.pk},
    ):
        assert invite(boss, **values).context["form"].errors
    invite(boss, network=foreign.pk)
    assert [made.network for made in Invitation.objects.all()] == [network]


def test_who_coordinates_two_networks_says_which(boss, coordinator, network, alpha):
    second = make_network()
    make_coordinator(second, user=coordinator)
    assert set(invite(boss).context["form"].errors) == {"network"}
    invite(boss, network=second.pk)
    assert Invitation.objects.get().network == second
    invite(boss, role="facilitator", centre=alpha.pk, network=second.pk)
    assert Invitation.objects.get(role="facilitator").network == network


def test_nobody_is_invited_twice_or_to_what_she_has(boss, network):
    invite(boss)
    assert "already such an invitation" in invite(boss).content.decode()
    make_expert(network, email="olga@people.example")
    assert "already has this role" in invite(boss, email="OLGA@people.example").content.decode()
    assert Invitation.objects.count() == 1


def test_without_a_mail_server_the_link_is_still_shown(boss, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    page = invite(boss).content.decode()
    assert "could not be sent" in page
    assert "http://testserver/invitations/" in page


def test_sending_again_makes_a_new_link_and_closes_the_old_one(boss, alpha, coordinator):
    invitation, old = make_invitation(by=coordinator, centre=alpha)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(1))
    page = boss.post(f"/people/invitations/{invitation.pk}/send-again/").content.decode()
    new = re.search(r"http://testserver(/invitations/[\w-]+/)", page)[1]
    assert (Client().get(old).status_code, Client().get(new).status_code) == (404, 200)
    assert new in mail.outbox[0].body


def test_a_withdrawn_invitation_is_closed_and_gone_from_the_list(boss, alpha, coordinator):
    invitation, path = make_invitation(by=coordinator, centre=alpha)
    assert invitation.email in boss.get("/people/").content.decode()
    page = boss.post(f"/people/invitations/{invitation.pk}/withdraw/", follow=True)
    assert "is withdrawn" in page.content.decode()
    assert list(page.context["pending"]) == []
    assert Client().get(path).status_code == 410
    assert boss.post(f"/people/invitations/{invitation.pk}/send-again/").status_code == 404


# --- Another role ---


def test_somebody_known_gets_another_role(boss, alpha, beta):
    user = make_facilitator(alpha)
    form = {"role": "head", "centre": beta.pk, "from_date": TODAY.isoformat()}
    assert boss.post(f"/people/{user.pk}/role/", form)["Location"] == "/people/"
    user = type(user).objects.get(pk=user.pk)
    assert user.reach.runs == {alpha.pk, beta.pk}


def test_somebody_whose_role_ended_can_get_it_again(boss, alpha):
    user = make_facilitator(alpha, until_date=YESTERDAY)
    boss.post(f"/people/{user.pk}/role/", {"role": "facilitator", "centre": alpha.pk, "from_date": TODAY.isoformat()})
    assert user.memberships.on(TODAY).get().role == "facilitator"


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({}, "This person already has this role in that time."),
        (
            {"role": "head", "from_date": "2026-02-02", "until_date": "2026-02-01"},
            "The last day lies before the first.",
        ),
        ({"role": "head", "from_date": "soon"}, "Enter a valid date."),
    ],
)
def test_an_impossible_role_is_refused_with_a_sentence(boss, alpha, values, sentence):
    user = make_facilitator(alpha)
    form = {"role": "facilitator", "centre": alpha.pk, "from_date": TODAY.isoformat(), **values}
    assert sentence in boss.post(f"/people/{user.pk}/role/", form).content.decode()
    assert user.memberships.count() == 1


# --- Ending ---


def end_path(user):
    return f"/people/memberships/{user.memberships.get().pk}/end/"


def test_the_page_says_what_ending_does_and_what_stays(boss, alpha, beta):
    user = make_facilitator(alpha)
    assert "No other role remains" in boss.get(end_path(user)).content.decode()
    path = end_path(user)
    make_member("head", centre=beta, user=user)
    assert "These roles stay: head of centre, Beta" in boss.get(path).content.decode()


def test_an_ended_role_is_closed_at_the_next_request(boss, client_of, network, alpha):
    second = make_coordinator(network)
    theirs = client_of(second)
    assert theirs.get("/people/").status_code == 200
    assert boss.post(end_path(second), {"when": "now"})["Location"] == "/people/"
    assert theirs.get("/people/").status_code == 403
    assert second.memberships.get().until_date == YESTERDAY


def test_a_role_given_today_by_mistake_disappears(boss, client_of, network):
    user = make_coordinator(network, from_date=TODAY)
    boss.post(end_path(user), {"when": "now"})
    assert user.memberships.count() == 0
    assert client_of(user).get("/people/").status_code == 403


def test_a_role_that_has_not_begun_can_be_taken_back(boss, alpha):
    user = make_facilitator(alpha, from_date=TOMORROW)
    boss.post(end_path(user), {"when": "now"})
    assert user.memberships.count() == 0


def test_a_role_ends_after_a_last_day_to_come(boss, alpha):
    user = make_facilitator(alpha)
    boss.post(end_path(user), {"when": "day", "last_day": TOMORROW.isoformat()})
    assert user.memberships.get().until_date == TOMORROW


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"when": "day", "last_day": YESTERDAY.isoformat()}, "This day is over"),
        ({"when": "day", "last_day": ""}, "Write the last day."),
        ({"when": "day", "last_day": "9999-12-31"}, "The year lies between 1900 and 2100."),
        ({"when": "day", "last_day": (TODAY + timedelta(9)).isoformat()}, "The role already ends earlier."),
        ({"when": ""}, "This field is required."),
    ],
)
def test_an_impossible_last_day_is_refused(boss, alpha, values, sentence):
    user = make_facilitator(alpha, until_date=TODAY + timedelta(3))
    assert sentence in boss.post(end_path(user), values).content.decode()
    assert user.memberships.get().until_date == TODAY + timedelta(3)


def test_what_has_ended_is_not_ended_again(boss, alpha):
    user = make_facilitator(alpha, until_date=YESTERDAY - timedelta(3))
    assert "already ended" in boss.post(end_path(user), {"when": "now"}, follow=True).content.decode()
    assert user.memberships.get().until_date == YESTERDAY - timedelta(3)


def test_the_last_coordinator_stays(boss, coordinator, network):
    path = end_path(coordinator)
    make_coordinator(network, until_date=YESTERDAY)
    make_coordinator(network, is_active=False)
    make_coordinator(network, from_date=TOMORROW)
    make_coordinator(make_network())
    assert "so this role cannot end" in boss.get(path).content.decode()
    assert "Nobody else coordinates" in boss.post(path, {"when": "now"}).content.decode()
    assert coordinator.memberships.get().until_date is None
    boss.post(path, {"when": "day", "last_day": TODAY.isoformat()})  # her successor begins tomorrow
    assert coordinator.memberships.get().until_date == TODAY


def test_one_of_two_coordinators_can_leave(boss, coordinator, network):
    make_coordinator(network)
    assert boss.post(end_path(coordinator), {"when": "now"})["Location"] == "/"
    assert boss.get("/people/").status_code == 403


@pytest.mark.django_db(transaction=True)
def test_of_two_coordinators_who_end_each_other_one_stays(client_of, network):
    pair = [make_coordinator(network), make_coordinator(network)]
    together = Barrier(2)

    def end(by, whose):
        client = client_of(by)
        together.wait()
        client.post(end_path(whose), {"when": "now"})
        connection.close()

    threads = [Thread(target=end, args=(pair[0], pair[1])), Thread(target=end, args=(pair[1], pair[0]))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Membership.objects.on(TODAY).filter(role="coordinator", network=network).count() == 1


# --- What a role rests on ---


def test_a_coordinators_invitations_end_with_her_role(boss, client_of, network, alpha):
    second = make_coordinator(network)
    path, elsewhere = end_path(second), make_network()
    invitation, link = make_invitation(by=second, network=network, role="coordinator", email="new@people.example")
    used, _used_link = make_invitation(by=second, centre=alpha, email="used@people.example")
    used.accept(by=make_facilitator(alpha))
    other, _other_link = make_invitation(by=second, network=elsewhere, role="expert", email="other@people.example")
    page = boss.get(path).content.decode()
    assert "end with the role; another coordinator can send new ones: new@people.example</li>" in page
    boss.post(path, {"when": "now"})
    assert Client().get(link).status_code == 410
    for row in (invitation, used, other):
        row.refresh_from_db()
    assert [row.withdrawn_at is None for row in (invitation, used, other)] == [False, True, True]


def test_invitations_of_others_stay(boss, coordinator, network, alpha):
    second, facilitator = make_coordinator(network), make_facilitator(alpha)
    _invitation, link = make_invitation(by=coordinator, centre=alpha)
    _invitation, own = make_invitation(by=facilitator, centre=alpha)
    for path in (end_path(second), end_path(facilitator)):
        assert "end with the role" not in boss.get(path).content.decode()
        boss.post(path, {"when": "now"})
    assert (Client().get(link).status_code, Client().get(own).status_code) == (200, 200)


def test_with_a_last_day_to_come_the_invitations_last_as_long(boss, network):
    second = make_coordinator(network)
    earlier, _link = make_invitation(by=second, network=network, role="expert")
    boss.post(end_path(second), {"when": "day", "last_day": TOMORROW.isoformat()})
    later, _link = make_invitation(by=second, network=network, role="expert")
    earlier.refresh_from_db()
    for invitation in (earlier, later):
        assert timezone.localdate(invitation.expires_at) == TOMORROW
        assert invitation.withdrawn_at is None


@pytest.mark.parametrize("role", ["facilitator", "donor"])
def test_nobody_gets_a_role_in_one_network_for_a_part_of_another(boss, coordinator, network, role):
    other = make_network()
    scope = {"centre": make_centre(other)} if role == "facilitator" else {"project": make_project(other)}
    person = make_expert(network)
    rows = [
        Membership(user=person, network=network, role=role, **scope),
        Invitation(email="a@people.example", network=network, role=role, invited_by=coordinator, **scope),
    ]
    rows[1].expires_at = timezone.now()
    for row in rows:
        with pytest.raises(ValidationError, match="belongs to another network"):
            row.full_clean()
        with pytest.raises(IntegrityError, match="belongs to another network"), transaction.atomic():
            row.save()
        row.network = other
        row.save()
        with pytest.raises(IntegrityError, match="belongs to another network"), transaction.atomic():
            type(row).objects.filter(pk=row.pk).update(network=network)


@pytest.mark.parametrize("words", ["a " * 300, "x " * 50])
def test_a_long_search_for_people_is_no_longer_query(boss, coordinator, words):
    with CaptureQueriesContext(connection) as queries:
        assert boss.get("/people/", {"text": words}).status_code == 200
    assert max(query["sql"].count("username") for query in queries) < 20


def test_pages_are_rendered_outside_the_transaction(boss, coordinator, alpha, monkeypatch):
    """A slow template holds no locks."""
    user, held = make_facilitator(alpha), []
    usual = people.render

    def render(*args, **kwargs):
        held.append(connection.savepoint_ids != [])
        return usual(*args, **kwargs)

    monkeypatch.setattr(people, "render", render)
    for path in (end_path(user), f"/people/{user.pk}/role/", "/people/invite/"):
        boss.get(path)
        boss.post(path, {})
    assert held == [False] * 6


@pytest.mark.parametrize(("language", "where", "whom"), [("ru", "Где", "Для кого"), ("kk", "Қайда", "Кімге")])
def test_where_a_role_is_held_and_whom_an_invitation_is_for_are_two_words(boss, coordinator, language, where, whom):
    coordinator.language = language
    coordinator.save()
    page = boss.get("/people/").content.decode()
    assert f'data-label="{where}"' in page
    page = invite(boss).content.decode()
    assert f"<dt>{whom}</dt>" in page


def test_dates_may_wrap_on_a_phone(boss):
    [row] = [line for line in boss.get("/people/").content.decode().splitlines() if 'data-label="Dates"' in line]
    assert "nowrap" not in row.partition('data-label="Dates"')[0].rpartition("<td")[2]
