"""Signing in, invitations, one's own account."""

import re
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from centres.accounts import DEMO_PASSWORD
from centres.models import Invitation, Membership, User
from tests.factories import PASSWORD, make_coordinator, make_facilitator, make_member, make_user

from .inviting import make_invitation

LOGIN = "/accounts/login/"
JOIN = {
    "name": "Айгүл Серікқызы",
    "language": "kk",
    "username": "aigul",
    "password1": "бес-алма-ағаш-9",
    "password2": "бес-алма-ағаш-9",
}


@pytest.fixture(autouse=True)
def fresh(db):
    """No failures remembered."""
    cache.clear()


@pytest.fixture
def person(alpha):
    return make_facilitator(alpha, username="aigul", email="aigul@people.example", password=PASSWORD)


def sign_in(client, login, password=PASSWORD, **extra):
    return client.post(LOGIN, {"login": login, "password": password}, **extra)


def signed_in(client):
    return "_auth_user_id" in client.session


# --- Signing in ---


@pytest.mark.parametrize("login", ["aigul", "aigul@people.example", " AIGUL@people.Example "])
def test_name_or_address_signs_in(client, person, login):
    response = sign_in(client, login)
    assert (response.status_code, response["Location"]) == (302, "/")
    assert signed_in(client)


def test_after_signing_in_the_person_is_where_she_wanted_to_be(client, person):
    assert (
        client.post(f"{LOGIN}?next=/people/me/", {"login": "aigul", "password": PASSWORD})["Location"] == "/people/me/"
    )


def test_no_way_out_to_another_site_after_signing_in(client, person):
    response = client.post(f"{LOGIN}?next=https://evil.example/", {"login": "aigul", "password": PASSWORD})
    assert response["Location"] == "/"


def test_a_wrong_password_says_so_and_keeps_the_name(client, person):
    page = sign_in(client, "aigul", "wrong").content.decode()
    assert "The user name or the password is not right." in page
    assert 'value="aigul"' in page
    assert not signed_in(client)


def test_failures_lock_one_name_from_one_address_only(client, person, alpha):
    make_facilitator(alpha, username="nurlan", password=PASSWORD)
    for _ in range(5):
        assert "is not right" in sign_in(client, "aigul", "wrong", REMOTE_ADDR="10.0.0.1").content.decode()
    locked = sign_in(client, "aigul", REMOTE_ADDR="10.0.0.1").content.decode()
    assert "The password was wrong too often. Wait five minutes" in locked
    assert not signed_in(client)
    colleague, elsewhere = Client(), Client()
    sign_in(colleague, "nurlan", REMOTE_ADDR="10.0.0.1")
    sign_in(elsewhere, "aigul", REMOTE_ADDR="10.0.0.2")
    assert signed_in(colleague)
    assert signed_in(elsewhere)


def test_the_lock_counts_in_the_database_so_for_all_processes_together(client, person):
    sign_in(client, "aigul", "wrong")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cache WHERE cache_key LIKE '%%login_failed%%'")
        assert cursor.fetchone() == (1,)


def test_success_does_not_wipe_earlier_failures(client, person):
    for _ in range(4):
        sign_in(client, "aigul", "wrong")
    sign_in(Client(), "aigul")
    sign_in(client, "aigul", "wrong")
    assert "too often" in sign_in(client, "aigul").content.decode()


def test_a_closed_account_does_not_sign_in(client, person):
    User.objects.filter(pk=person.pk).update(is_active=False)
    response = client.post(LOGIN, {"login": "aigul", "password": PASSWORD}, follow=True)
    assert "This account is closed" in response.content.decode()
    assert not signed_in(client)


def test_demo_accounts_are_offered_and_work_in_a_demonstration(client, alpha):
    make_facilitator(alpha, username="alpha", is_demo=True, password=DEMO_PASSWORD)
    page = client.get(LOGIN).content.decode()
    assert '<td class="text-nowrap" translate="no">alpha</td>' in page
    assert DEMO_PASSWORD in page
    sign_in(client, "alpha", DEMO_PASSWORD)
    assert signed_in(client)


def test_demo_accounts_are_refused_and_unmentioned_in_production(client, alpha, settings):
    make_facilitator(alpha, username="alpha", is_demo=True, password=DEMO_PASSWORD)
    settings.PRODUCTION = True
    page = client.get(LOGIN).content.decode()
    assert "This is a demonstration" not in page
    assert DEMO_PASSWORD not in page
    assert "is not right" in sign_in(client, "alpha", DEMO_PASSWORD).content.decode()
    assert not signed_in(client)


def test_an_old_session_of_a_demo_account_is_nobodys_in_production(client, alpha, settings):
    client.force_login(make_facilitator(alpha, is_demo=True))
    assert client.get("/people/me/").status_code == 200
    settings.PRODUCTION = True
    assert client.get("/people/me/")["Location"] == f"{LOGIN}?next=/people/me/"


def test_a_new_password_does_not_open_a_demo_account_in_production(client, alpha, settings):
    user = make_facilitator(alpha, is_demo=True, password=DEMO_PASSWORD, email="demo@people.example")
    settings.PRODUCTION = True
    client.post("/accounts/password/reset/", {"email": user.email})
    link = re.search(r"http://testserver(\S+)", mail.outbox[0].body)[1]
    form = client.get(link, follow=True)
    client.post(form.request["PATH_INFO"], {"password1": JOIN["password1"], "password2": JOIN["password1"]})
    assert client.get("/people/me/").status_code == 302
    user.refresh_from_db()
    assert user.check_password(JOIN["password1"])  # so the link was good, and still nobody came in


def test_one_address_in_two_spellings_is_one_address(person):
    with pytest.raises(IntegrityError, match="user_email_once"), transaction.atomic():
        make_user(email="Aigul@People.example")
    with pytest.raises(ValidationError, match="Someone already has this e-mail"):
        User(username="other", email="AIGUL@people.example").validate_constraints()


def test_without_demo_accounts_the_page_speaks_of_none(client, person):
    page = client.get(LOGIN).content.decode()
    assert "This is a demonstration" not in page
    assert "Accounts are by invitation" in page
    assert "/accounts/signup/" not in page


def test_the_list_of_demo_accounts_is_one_query(client, alpha, beta, django_assert_num_queries):
    make_facilitator(alpha, is_demo=True)
    client.get(LOGIN)
    with django_assert_num_queries(1):
        client.get(LOGIN)
    make_facilitator(beta, is_demo=True)
    make_coordinator(alpha.network, is_demo=True)
    with django_assert_num_queries(1):
        client.get(LOGIN)


def test_nobody_registers_herself(client, db):
    form = {**JOIN, "email": "a@people.example"}
    for response in (client.get("/accounts/signup/"), client.post("/accounts/signup/", form)):
        assert "Accounts are by invitation" in response.content.decode()
    assert User.objects.count() == 0


def test_the_administration_signs_in_on_the_same_page(client, db):
    assert client.get("/admin/", follow=True).redirect_chain[-1][0].startswith("/accounts/login/?next=")


def test_the_administration_is_closed_to_coordinators(client_of, network):
    assert client_of(make_coordinator(network)).get("/admin/").status_code == 302
    assert client_of(make_coordinator(network)).get("/admin/", follow=True).status_code == 403


@pytest.mark.parametrize("model", ["user", "network", "membership", "adminunit"])
def test_the_administration_opens_to_a_superuser(client_of, person, project, model):
    client = client_of(make_user(is_staff=True, is_superuser=True))
    for page in (f"/admin/centres/{model}/", f"/admin/centres/{model}/add/", f"/admin/centres/{model}/?q=a"):
        assert client.get(page, follow=True).status_code == 200


def test_the_administration_spells_addresses_in_small_letters(client_of, person):
    client = client_of(make_user(is_staff=True, is_superuser=True))
    new = {"username": "marat", "email": "Marat@People.example", "usable_password": "true"}
    client.post("/admin/centres/user/add/", {**new, "password1": PASSWORD, "password2": PASSWORD})
    assert User.objects.get(username="marat").email == "marat@people.example"
    double = {**new, "username": "double", "email": "AIGUL@people.example"}
    response = client.post("/admin/centres/user/add/", {**double, "password1": PASSWORD, "password2": PASSWORD})
    assert "Someone already has this e-mail address." in response.content.decode()
    assert not User.objects.filter(username="double").exists()


def test_an_address_that_the_administration_corrects_no_longer_signs_in(client_of, person):
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    admin = client_of(make_user(is_staff=True, is_superuser=True))
    form = {
        "username": "aigul",
        "name": person.name,
        "email": "New@people.example",
        "language": "kk",
        "is_active": "on",
    }
    joined = {"date_joined_0": "2003-01-01", "date_joined_1": "10:00:00"}
    assert admin.post(f"/admin/centres/user/{person.pk}/change/", {**form, **joined}).status_code == 302
    old, new = Client(), Client()
    sign_in(old, "aigul@people.example")
    sign_in(new, "new@people.example")
    assert (signed_in(old), signed_in(new)) == (False, True)


# --- Passwords ---


def test_a_forgotten_password_is_renewed_by_mail_in_the_persons_language(client, person):
    User.objects.filter(pk=person.pk).update(language="ru")
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    response = client.post("/accounts/password/reset/", {"email": "Aigul@people.example"}, follow=True)
    assert "Look into your mail" in response.content.decode()
    assert mail.outbox[0].to == ["aigul@people.example"]
    path = re.search(r"https?://testserver(\S+)", mail.outbox[0].body)[1]
    form = client.get(path, follow=True)
    assert "Choose a new password" in form.content.decode()
    fresh = "жеті-қабат-жер-5"
    client.post(form.redirect_chain[-1][0], {"password1": fresh, "password2": fresh})
    sign_in(client, "aigul", fresh)
    assert signed_in(client)
    assert "no longer valid" in Client().get(path).content.decode()


def test_an_unknown_address_is_not_given_away(client, person):
    known = client.post("/accounts/password/reset/", {"email": person.email}, follow=True).content
    unknown = client.post("/accounts/password/reset/", {"email": "nobody@people.example"}, follow=True).content
    csrf = rb'name="csrfmiddlewaretoken" value="\w+"'
    assert re.sub(csrf, b"", known) == re.sub(csrf, b"", unknown)
    assert "There is no account with this address" in mail.outbox[1].body


def test_a_silent_mail_server_is_a_message_and_not_an_error(client, person, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    response = client.post("/accounts/password/reset/", {"email": person.email}, follow=True)
    assert "The mail could not be sent." in response.content.decode()


def test_changing_the_password_keeps_the_person_signed_in_and_tells_her(client_of, person):
    client = client_of(person)
    new = {"oldpassword": PASSWORD, "password1": "алты-ала-ат-77", "password2": "алты-ала-ат-77"}
    assert client.post("/accounts/password/change/", new).status_code == 302
    assert signed_in(client)
    person.refresh_from_db()
    assert person.check_password("алты-ала-ат-77")
    assert mail.outbox[0].subject == "Your password is changed"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"oldpassword": "no"}, "This is not your current password."),
        ({"password2": "another-one-88"}, "You must type the same password each time."),
        ({"password1": "short", "password2": "short"}, "It must contain at least 10 characters."),
    ],
)
def test_a_refused_password_says_why(client_of, person, wrong, sentence):
    new = {"oldpassword": PASSWORD, "password1": "алты-ала-ат-77", "password2": "алты-ала-ат-77", **wrong}
    page = client_of(person).post("/accounts/password/change/", new).content.decode()
    assert sentence in page
    assert 'role="alert"' in page


@pytest.mark.parametrize(
    "path", [LOGIN, "/accounts/password/reset/", "/accounts/password/reset/done/", "/accounts/signup/"]
)
def test_public_pages_are_public_and_wear_our_frame(client, db, path):
    response = client.get(path)
    assert response.status_code == 200
    assert '<header class="top">' in response.content.decode()


@pytest.mark.parametrize("path", ["/people/", "/people/me/", "/people/invite/", "/accounts/password/change/"])
def test_other_pages_send_a_stranger_to_the_login(client, db, path):
    assert client.get(path)["Location"] == f"{LOGIN}?next={path}"


# --- Invitations ---


def test_a_newcomer_makes_an_account_and_is_in(client, alpha, coordinator):
    invitation, path = make_invitation(by=coordinator, centre=alpha, email="Aigul@People.example")
    page = client.get(path)
    for shown in (alpha.network.name, "facilitator", "Alpha", "Aigul@People.example", 'value="Айгүл Серікқызы"'):
        assert shown in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert client.post(path, JOIN)["Location"] == "/"
    user = User.objects.get(username="aigul")
    assert (user.name, user.language, user.email) == ("Айгүл Серікқызы", "kk", "aigul@people.example")
    assert client.session["_auth_user_id"] == str(user.pk)
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [(user.email, True, True)]
    assert user.reach.runs == {alpha.pk}
    invitation.refresh_from_db()
    assert invitation.accepted_by == user


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"username": "COORDINATOR"}, "A user with that username already exists."),
        ({"username": "a b"}, "Enter a valid username."),
        ({"password1": "1234567890", "password2": "1234567890"}, "This password is too common."),
        (
            {"username": "aigul-2026", "password1": "aigul-2026!", "password2": "aigul-2026!"},
            "The password is too similar to the username.",
        ),
        ({"password2": "x"}, "The two password fields didn’t match."),
        ({"name": ""}, "This field is required."),
    ],
)
def test_a_newcomers_mistake_is_said_and_uses_nothing_up(client, alpha, coordinator, wrong, sentence):
    invitation, path = make_invitation(by=coordinator, centre=alpha)
    response = client.post(path, {**JOIN, **wrong}, headers={"accept-language": "en"})
    assert sentence in response.content.decode()
    assert not User.objects.filter(email=invitation.email).exists()
    assert Invitation.objects.open().count() == 1


def test_somebody_signed_in_accepts_with_one_button(client_of, alpha, coordinator, personas):
    _, path = make_invitation(by=coordinator, centre=alpha, role="head")
    client = client_of(personas.donor)
    assert "Accept the invitation" in client.get(path).content.decode()
    assert client.post(path)["Location"] == "/"
    roles = set(personas.donor.memberships.values_list("role", flat=True))
    assert roles == {"donor", "head"}
    assert client.get(path).status_code == 410


def test_accepting_a_role_that_one_has_changes_nothing(client_of, alpha, coordinator, personas):
    _, path = make_invitation(by=coordinator, centre=alpha)
    client_of(personas.facilitator_alpha).post(path)
    assert personas.facilitator_alpha.memberships.count() == 1


def test_a_role_that_begins_later_is_no_error(client_of, alpha, coordinator):
    later = make_facilitator(alpha, from_date=timezone.localdate() + timedelta(3))
    _, path = make_invitation(by=coordinator, centre=alpha)
    response = client_of(later).post(path, follow=True)
    assert "You already have this role from a later day on." in response.content.decode()
    assert Invitation.objects.open().count() == 1


def test_whoever_has_an_account_is_asked_to_sign_in(client, alpha, coordinator, person):
    _, path = make_invitation(by=coordinator, centre=alpha, role="head", email="AIGUL@people.example")
    page = client.get(path).content.decode()
    assert f"{LOGIN}?next={path}" in page
    assert "Make your account" not in page
    client.post(path, {**JOIN, "username": "second"})
    assert not User.objects.filter(username="second").exists()
    client.post(f"{LOGIN}?next={path}", {"login": "aigul", "password": PASSWORD})
    client.post(path)
    assert set(person.memberships.values_list("role", flat=True)) == {"facilitator", "head"}


def test_nobody_accepts_what_belongs_to_anothers_account(client_of, alpha, coordinator, person, personas):
    _, path = make_invitation(by=coordinator, centre=alpha, role="head", email=person.email)
    client = client_of(personas.donor)
    assert "belongs to another account" in client.get(path).content.decode()
    client.post(path)
    assert personas.donor.memberships.count() == 1


def test_the_coordinator_who_looks_at_her_link_does_not_use_it_up(client_of, alpha, coordinator):
    _, path = make_invitation(by=coordinator, centre=alpha)
    client = client_of(coordinator)
    assert "You made this invitation yourself" in client.get(path).content.decode()
    client.post(path)
    assert Invitation.objects.open().count() == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"expires_at": timezone.now() - timedelta(seconds=1)}, "It ran out on"),
        ({"withdrawn_at": timezone.now()}, "It was withdrawn."),
    ],
)
def test_a_closed_invitation_says_why(client, alpha, coordinator, change, sentence):
    invitation, path = make_invitation(by=coordinator, centre=alpha)
    Invitation.objects.filter(pk=invitation.pk).update(**change)
    for response in (client.get(path), client.post(path, JOIN)):
        assert response.status_code == 410
        assert sentence in response.content.decode()
    assert not User.objects.filter(username="aigul").exists()


def test_a_used_invitation_opens_nothing(client, alpha, coordinator):
    _, path = make_invitation(by=coordinator, centre=alpha)
    client.post(path, JOIN)
    other = Client()
    response = other.post(path, {**JOIN, "username": "second"})
    assert response.status_code == 410
    assert "accepted already" in other.get(path, headers={"accept-language": "en"}).content.decode()
    assert Membership.objects.filter(role="facilitator").count() == 1


def test_an_invented_link_is_not_found(client, db):
    assert client.get("/invitations/ÿ-%00-nothing/").status_code == 404


def test_a_stranger_reads_the_invitation_in_its_language_until_she_chooses(client, alpha, coordinator):
    _, path = make_invitation(by=coordinator, centre=alpha, language="kk")
    assert '<html lang="kk"' in client.get(path, headers={"accept-language": "en"}).content.decode()
    client.post("/language/", {"language": "ru", "next": path})
    assert '<html lang="ru"' in client.get(path, headers={"accept-language": "en"}).content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_quick_clicks_make_one_account(alpha, coordinator):
    _, path = make_invitation(by=coordinator, centre=alpha)
    together, answers = Barrier(2), []

    def click(username):
        together.wait()
        answers.append(Client().post(path, {**JOIN, "username": username}).status_code)
        connection.close()

    threads = [Thread(target=click, args=(name,)) for name in ("first", "second")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [302, 410]
    assert User.objects.filter(username__in=["first", "second"]).count() == 1


# --- Dated memberships ---


@pytest.mark.parametrize(
    ("first", "last", "open_"), [(0, 0, True), (-1, None, True), (1, None, False), (-9, -1, False), (-9, 0, True)]
)
def test_a_membership_opens_the_network_on_its_days_only(client_of, network, first, last, open_):
    today = timezone.localdate()
    user = make_member(
        "coordinator",
        network=network,
        from_date=today + timedelta(first),
        until_date=None if last is None else today + timedelta(last),
    )
    assert (client_of(user).get("/people/").status_code == 200) is open_
    assert (user.reach.networks == {network.pk}) is open_


# --- One's own account ---


def test_everybody_changes_her_own_name_and_language(client_of, personas):
    for user in vars(personas).values():
        if user is not None:
            client = client_of(user)
            client.post("/people/me/", {"name": "Гүлнұр Әбдіқызы", "language": "kk", "username": "x", "is_staff": "on"})
            username = user.username
            user.refresh_from_db()
            assert (user.name, user.language, user.username, user.is_staff) == (
                "Гүлнұр Әбдіқызы",
                "kk",
                username,
                False,
            )
            assert '<html lang="kk"' in client.get("/people/me/").content.decode()


def test_the_profile_lists_old_and_new_roles(client_of, alpha, beta, django_assert_num_queries):
    user = make_facilitator(alpha, until_date=timezone.localdate() - timedelta(1))
    client = client_of(user)
    client.get("/people/me/")
    with django_assert_num_queries(4):
        assert "Alpha" in client.get("/people/me/").content.decode()
    make_facilitator(beta, user=user)
    make_member("head", centre=alpha, user=user)
    with django_assert_num_queries(4):
        assert "Beta" in client.get("/people/me/").content.decode()


def test_without_a_role_the_profile_says_so(client_of, db):
    assert "You have no role yet." in client_of(make_user()).get("/people/me/").content.decode()


def test_the_welcome_is_in_the_language_that_was_chosen(client, coordinator, network):
    _invitation, path = make_invitation(by=coordinator, network=network, role="expert", language="ru")
    page = client.get(path).content.decode()
    assert '<option value="ru" selected>' in page
    assert "---------" not in page
    answer = client.post(path, JOIN, follow=True)
    assert [str(message) for message in answer.context["messages"]] == [f"Қош келдіңіз. Рөліңіз: сарапшы, {network}."]


def test_everything_wrong_with_a_new_password_is_said_at_once(client, coordinator, network):
    _invitation, path = make_invitation(by=coordinator, network=network, role="expert")
    form = client.post(path, {**JOIN, "password1": "тал", "password2": "талы"}).context["form"]
    assert list(form.errors) == ["password2", "password1"]
    assert "at least 10 characters" in str(form.errors["password1"])
