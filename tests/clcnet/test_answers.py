"""What every answer carries, the language switch, and that a failure leaves a trace."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.urls import reverse

pytestmark = pytest.mark.django_db


def test_pages_of_a_person_stay_on_no_computer(client_of, expert):
    response = client_of(expert).get(reverse("today"))
    assert response.headers["Cache-Control"] == "private, no-store"


def test_a_panel_learns_that_nobody_is_signed_in(client_of, cycle):
    path = reverse("monitoring:cell", args=[cycle.code, 1, "alpha"])
    assert client_of(None).post(path, headers={"HX-Request": "true"}).status_code == 401
    assert client_of(None).post(path).headers["Location"] == f"{reverse('account_login')}?next={path}"


@pytest.mark.parametrize(
    ("path", "above"),
    [
        ("/monitoring/2005/matrix/1/alpha/step/", "/monitoring/2005/matrix/1/alpha/"),
        ("/monitoring/2005/self-assessment/alpha/step/", "/monitoring/2005/self-assessment/alpha/"),
        ("/language/", "/"),
    ],
)
def test_what_only_takes_something_leads_to_its_page_when_it_is_opened(client_of, expert, cycle, path, above):
    client = client_of(expert)
    answer = client.get(path, headers={"Accept": "text/html,*/*"})
    assert (answer.status_code, answer.headers.get("Location")) == (302, above)
    for headers in ({}, {"Accept": "text/html", "HX-Request": "true"}):
        assert client.get(path, headers=headers).status_code == 405


def test_nothing_loads_from_elsewhere(client_of):
    policy = client_of(None).get(reverse("account_login")).headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "http" not in policy


@pytest.mark.parametrize(
    ("method", "name", "args"),
    [
        ("get", "training:index", ()),
        ("get", "training:timetable", ("alpha",)),
        ("get", "training:group_new", ()),
        ("post", "training:group_new", ()),
        ("post", "training:trainee_new", ()),
        ("get", "training:duplicates", ()),
    ],
)
def test_a_nul_in_the_address_gets_a_sentence(client_of, alpha, coordinator, method, name, args):
    client = client_of(coordinator, raise_request_exception=False)
    response = getattr(client, method)(f"{reverse(name, args=args)}?centre=%00")
    assert response.status_code == 400
    assert "holds a character that cannot be stored" in response.content.decode()


def test_a_nul_in_a_field_is_refused_beside_it(client_of, alpha, coordinator):
    path = f"{reverse('training:trainee_new')}?centre=alpha"
    response = client_of(coordinator).post(path, {"surname": "Ким\0", "given_name": "А", "registered_on": "2005-01-01"})
    assert response.status_code == 422
    assert response.context["form"].errors["surname"] == ["Null characters are not allowed."]


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_language_is_kept_for_the_person(client_of, expert, language):
    client = client_of(expert)
    response = client.post(reverse("language"), {"language": language, "next": "/centres/"})
    assert response.headers["Location"] == "/centres/"
    expert.refresh_from_db()
    assert expert.language == language
    assert f'<html lang="{language}"' in client_of(expert).get("/centres/").content.decode()


def test_a_stranger_keeps_the_language_in_a_cookie(client_of):
    client = client_of(None)
    client.post(reverse("language"), {"language": "kk", "next": "/accounts/login/"})
    assert '<html lang="kk"' in client.get("/accounts/login/").content.decode()


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", ""])
def test_the_switch_leads_nowhere_else(client_of, back):
    response = client_of(None).post(reverse("language"), {"language": "tlh", "next": back})
    assert response.headers["Location"] == "/"
    assert settings.LANGUAGE_COOKIE_NAME not in response.cookies


def test_a_failure_leaves_its_traceback_on_stderr(tmp_path):
    fails = (
        "import django; django.setup()\n"
        "from unittest.mock import patch\n"
        "from django.test import Client\n"
        "with patch('clcnet.views.url_has_allowed_host_and_scheme', side_effect=ZeroDivisionError('on purpose')):\n"
        "    print(Client(raise_request_exception=False).post('/language/').status_code)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", fails],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "clcnet.settings", "ALLOWED_HOSTS": "testserver"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "500\n"
    assert "ZeroDivisionError: on purpose" in done.stderr


@pytest.mark.parametrize(
    ("variables", "missing"),
    [
        ({}, "SECRET_KEY"),
        ({"SECRET_KEY": "x" * 50}, "ALLOWED_HOSTS"),
        ({"SECRET_KEY": "x" * 50, "ALLOWED_HOSTS": "a.example"}, "DATABASE_URL"),
    ],
)
def test_production_says_what_it_needs(variables, missing):
    done = subprocess.run(
        [sys.executable, "-c", "import clcnet.settings"],
        cwd=settings.BASE_DIR,
        env={"CLCNET_PRODUCTION": "1", "PATH": "/usr/bin", **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert f"needs the environment variable {missing}" in done.stderr


def test_production_is_strict(tmp_path):
    variables = {
        "CLCNET_PRODUCTION": "1",
        "SECRET_KEY": "a-key-of-its-own-with-many-different-letters-0123456789",
        "ALLOWED_HOSTS": "a.example, b.example",
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
        "CLCNET_DATA": str(tmp_path),
    }
    words = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(
        words, cwd=settings.BASE_DIR, env={"PATH": "/usr/bin", **variables}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    shown = "import clcnet.settings as s; print(s.ALLOWED_HOSTS, s.SESSION_COOKIE_SECURE, s.WHITENOISE_USE_FINDERS)"
    done = subprocess.run(
        [sys.executable, "-c", shown],
        cwd=settings.BASE_DIR,
        env={"PATH": "/usr/bin", **variables},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split("\n")[0] == "['a.example', 'b.example'] True False"
