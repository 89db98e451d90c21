"""From a bare machine to a working .venv, with or without the right to install system packages."""

import gettext
import json
import os
import re
import sys
from pathlib import Path

import pytest

from clcnet import bootstrap

CATALOGUE = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"

msgid "Centre"
msgstr "{word}"
"""


@pytest.fixture
def apt(tmp_path, monkeypatch):
    """A stand-in for apt-get that notes its calls; it installs only after an update, as on a new machine."""
    calls = tmp_path / "calls"
    script = tmp_path / "apt-get"
    lines = [
        "#!/bin/sh",
        f'echo "$DEBIAN_FRONTEND $*" >> {calls}',
        'case "$*" in *update) exit 0;; esac',
        f"grep -q update {calls}",
    ]
    script.write_text("\n".join(lines) + "\n")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(bootstrap, "administrator", list)
    return lambda: calls.read_text().splitlines() if calls.exists() else []


@pytest.fixture
def not_allowed(monkeypatch):
    """An ordinary user, without sudo."""
    monkeypatch.setattr(bootstrap, "administrator", lambda: None)
    monkeypatch.setattr(bootstrap.os, "geteuid", lambda: 1000)
    monkeypatch.delenv("CI", raising=False)


def missing(monkeypatch, packages=(), tools=()):
    monkeypatch.setattr(bootstrap, "missing_packages", lambda: list(packages))
    monkeypatch.setattr(bootstrap, "missing_tools", lambda: list(tools))


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A checkout without any Python packages to install."""
    for name, path in {"VENV": ".venv", "STAMP": ".venv/clcnet.json", "LOCK": "lock", "BUILD": "build"}.items():
        monkeypatch.setattr(bootstrap, name, tmp_path / path)
    bootstrap.LOCK.touch()
    bootstrap.BUILD.touch()
    return tmp_path


def inode():
    return bootstrap.VENV.joinpath("pyvenv.cfg").stat().st_ino


def test_a_missing_package_is_installed_after_the_lists_are_renewed(apt):
    assert bootstrap.install(["python3-venv", "gettext"])
    options = "noninteractive -qq -o DPkg::Lock::Timeout=300"
    install = f"{options} install --yes --no-install-recommends python3-venv gettext"
    assert apt() == [install, f"{options} update", install]


def test_nothing_missing_nothing_done(apt, monkeypatch, capsys):
    missing(monkeypatch)
    bootstrap.system(tests=True)
    assert apt() == []
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("tests", [False, True])
def test_one_command_is_printed_where_nothing_may_be_installed(monkeypatch, not_allowed, tests):
    missing(monkeypatch, ["python3-venv", "libpango-1.0-0"], ["chromium"])
    with pytest.raises(bootstrap.Stop) as stop:
        bootstrap.system(tests)
    commands = re.findall(r"apt-get install.*?(?=\")", str(stop.value))
    packages = "python3-venv libpango-1.0-0" + (" chromium" if tests else "")
    assert commands == [f"apt-get install --yes --no-install-recommends {packages}"]


@pytest.mark.parametrize(("sudo", "start"), [("/usr/bin/sudo", 'sudo sh -c "'), (None, 'su - -c "')])
def test_the_printed_command_suits_the_machine(monkeypatch, not_allowed, sudo, start):
    monkeypatch.setattr(bootstrap.shutil, "which", {"sudo": sudo}.get)
    assert bootstrap.by_hand(["gettext"]).strip().startswith(start)


def test_the_printed_command_of_root_is_plain(monkeypatch):
    monkeypatch.setattr(bootstrap.os, "geteuid", lambda: 0)
    assert bootstrap.by_hand(["gettext"]).strip().startswith("apt-get update && ")


def test_tests_go_on_without_a_browser(monkeypatch, not_allowed, capsys):
    missing(monkeypatch, tools=["chromium"])
    bootstrap.system(tests=True)
    assert "Tests that need chromium will be skipped" in capsys.readouterr().out


def test_in_continuous_integration_a_missing_browser_is_a_failure(monkeypatch, not_allowed):
    monkeypatch.setenv("CI", "true")
    missing(monkeypatch, tools=["chromium"])
    with pytest.raises(bootstrap.Stop, match="apt-get install --yes --no-install-recommends chromium"):
        bootstrap.system(tests=True)


def test_a_library_is_missing_when_it_cannot_be_opened():
    libraries = {"libc.so.6": "libc6", "libnowhere.so.9": "libnowhere9"}
    assert bootstrap.missing_libraries(libraries) == ["libnowhere9"]
    assert bootstrap.missing_packages() == []  # this very test runs with all of them


def test_the_environment_is_made_once_and_made_again_when_it_was_interrupted(place, monkeypatch):
    bootstrap.environment()
    assert json.loads(bootstrap.STAMP.read_text()) == bootstrap.wanted()
    first = inode()

    with monkeypatch.context() as second_time:
        second_time.setattr(bootstrap, "run", None)  # it starts no program
        bootstrap.environment()

    bootstrap.LOCK.write_text("# another lock\n")
    bootstrap.environment()
    assert inode() == first  # brought up to date where it is
    assert json.loads(bootstrap.STAMP.read_text()) == bootstrap.wanted()

    bootstrap.STAMP.write_text("{}")  # killed during pip
    bootstrap.VENV.joinpath("bin", "python").unlink()
    remains = bootstrap.VENV / "half-made"
    remains.touch()
    bootstrap.environment()
    assert bootstrap.VENV.joinpath("bin", "python").exists()
    assert not remains.exists()
    assert json.loads(bootstrap.STAMP.read_text()) == bootstrap.wanted()


def test_packages_that_cannot_be_had_stop_it(place, capfd):
    bootstrap.LOCK.write_text("no-such-package-of-clcnet @ file:///nowhere/x.whl --hash=sha256:" + "0" * 64)
    with pytest.raises(bootstrap.Stop, match="could not be installed"):
        bootstrap.environment()
    assert bootstrap.stamp() == {}


def test_translations_are_compiled_when_they_are_newer(tmp_path, monkeypatch):
    monkeypatch.setattr(bootstrap, "LOCALE", tmp_path)
    monkeypatch.setattr(bootstrap, "VENV", Path(sys.prefix))
    monkeypatch.setattr(bootstrap, "BASE", tmp_path)
    source = tmp_path / "kk" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)

    def compiled():
        with source.with_suffix(".mo").open("rb") as file:
            return gettext.GNUTranslations(file).gettext("Centre")

    source.write_text(CATALOGUE.format(word="Орталық"))
    bootstrap.catalogues()
    assert compiled() == "Орталық"

    source.write_text(CATALOGUE.format(word="Ортасы"))
    os.utime(source, (0, 0))
    bootstrap.catalogues()
    assert compiled() == "Орталық"

    os.utime(source)
    bootstrap.catalogues()
    assert compiled() == "Ортасы"

    source.write_text('msgid "Centre"\n<<<<<<< HEAD\n')
    os.utime(source, (2**31, 2**31))
    with pytest.raises(bootstrap.Stop, match=r"kk/LC_MESSAGES/django\.po cannot be compiled"):
        bootstrap.catalogues()
    assert compiled() == "Ортасы"
