"""Rules about the code itself: which way imports point, that every string is translated, that nothing is left open."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
ORDER = ["centres", "training", "monitoring", "reports"]  # each may import from those before it
LANGUAGES = ["ru", "kk"]


def modules(*folders):
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def imported(path):
    """Top-level packages that a module imports absolutely."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module.split(".")[0]


@pytest.mark.parametrize("app", ORDER)
def test_imports_point_one_way(app):
    later = {*ORDER[ORDER.index(app) + 1 :], "clcnet", "tests"}
    found = {f"{path.relative_to(ROOT)}: {name}" for path in modules(app) for name in imported(path) if name in later}
    assert found == set()


@pytest.mark.parametrize("app", ORDER)
def test_imports_inside_an_app_are_relative(app):
    found = {
        str(path.relative_to(ROOT)) for path in modules(app) if "migrations" not in path.parts and app in imported(path)
    }
    assert found == set()


def test_only_pdf_py_imports_weasyprint():
    found = {str(path.relative_to(ROOT)) for path in modules(*ORDER, "clcnet") if "weasyprint" in imported(path)}
    assert found == {"reports/pdf.py"}


def test_models_and_migrations_agree(db):
    done = subprocess.run(
        [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_translated(language):
    with (ROOT / f"clcnet/locale/{language}/LC_MESSAGES/django.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    messages = [message for message in catalogue if message.id]
    assert len(messages) > 200
    open_ones = [
        message.id
        for message in messages
        if message.fuzzy or not all([message.string] if isinstance(message.string, str) else message.string)
    ]
    assert open_ones == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_keep_their_placeholders(language):
    with (ROOT / f"clcnet/locale/{language}/LC_MESSAGES/django.po").open("rb") as file:
        catalogue = read_po(file, locale=language)
    placeholder = re.compile(r"%\(\w+\)[sd]|\{\w*\}")
    wrong = []
    for message in catalogue:
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        strings = [message.string] if isinstance(message.string, str) else list(message.string)
        allowed = {found for text in ids for found in placeholder.findall(text)}
        needed = set(placeholder.findall(ids[-1]))
        for text in filter(None, strings):
            found = set(placeholder.findall(text))
            if not (found <= allowed and (len(ids) > 1 or found == needed)):
                wrong.append((message.id, text))
    assert wrong == []


def test_the_catalogues_hold_every_string_of_the_code(tmp_path):
    """makemessages into a copy finds nothing that the catalogues do not have."""
    import os
    import shutil

    if not shutil.which("xgettext"):
        if os.environ.get("CI"):
            pytest.fail("gettext is missing; make test installs it")
        pytest.skip("gettext is not installed")
    copy = tmp_path / "copy"
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for name in listed.stdout.splitlines():
        if (ROOT / name).is_file() and not name.startswith("tests/"):
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, copy / name)
    before = {language: ids(copy, language) for language in LANGUAGES}
    subprocess.run(
        [sys.executable, "manage.py", "makemessages", "-l", "ru", "-l", "kk", "--no-obsolete", "-v", "0"],
        cwd=copy,
        check=True,
        env={**os.environ, "CLCNET_DATA": str(tmp_path / "data")},
    )
    missing = {language: sorted(ids(copy, language) - before[language], key=str) for language in LANGUAGES}
    assert missing == {language: [] for language in LANGUAGES}


def ids(root, language):
    with (root / f"clcnet/locale/{language}/LC_MESSAGES/django.po").open("rb") as file:
        return {(message.context, message.id) for message in read_po(file, locale=language) if message.id}


def test_a_module_is_a_subject_not_a_heap():
    """Past about 400 lines a module is split by subject."""
    long = {
        str(path.relative_to(ROOT)): lines
        for path in modules(*ORDER, "clcnet")
        if "migrations" not in path.parts and (lines := len(path.read_text().splitlines())) > 420
    }
    assert long == {}
