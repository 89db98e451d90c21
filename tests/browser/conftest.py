"""A headless Chromium on the running application, with what every look at a page checks."""

import contextlib
import os
import re
import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import ProgrammingError, connections

from .. import rows

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PICTURES = Path(settings.DATA_DIR) / "screenshots"
QUIET = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SERIOUS = {"serious", "critical"}


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium():
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is missing; make test installs it")
        pytest.skip("Chromium is not installed")
    from playwright.sync_api import sync_playwright

    # Playwright runs an event loop in this thread, in which Django would refuse the tests' own queries. It keeps the
    # loop's connections apart; the others would stay open beside them, to be found by a process that is forked later.
    connections.close_all()
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        args = [*QUIET, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=args)
        yield browser
        browser.close()
        connections.close_all()
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE") if before is None else os.environ.update(
        DJANGO_ALLOW_ASYNC_UNSAFE=before
    )


class Reader:
    """One person at a browser window."""

    def __init__(self, page, base, name):
        self.page, self.base, self.name = page, base, name
        self.troubles = []
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("console", lambda line: line.type == "error" and self._hear(line.text))
        page.on("request", lambda request: self._watch(request.url))
        page.set_default_timeout(15_000)

    def _hear(self, text):
        """Chromium reports every 4xx; the refusals that a journey asks for are not troubles."""
        if not re.search(r"status of (401|404|409|410|422)", text):
            self.troubles.append(text)

    def _watch(self, url):
        if not url.startswith((self.base, "data:", "about:", "blob:")):
            self.troubles.append(f"outside request: {url}")

    def go(self, path):
        return self.page.goto(self.base + path)

    def sign_in(self, username, password="demo-clcnet"):
        self.go("/accounts/login/")
        self.page.fill("input[name=login]", username)
        self.page.fill("input[name=password]", password)
        self.page.click("main form button")
        self.page.wait_for_url(self.base + "/")

    def look(self, what, axe=True):
        """Take a picture; the page must be accessible, must not scroll sideways and must have no script error."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=PICTURES / f"{self.name}-{what}.png", full_page=True)
        sideways = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert self.page.evaluate(sideways) <= 0, f"{what}: the whole page scrolls sideways"
        if axe:
            assert self.violations() == []
        assert self.troubles == []

    def violations(self):
        from axe_playwright_python.sync_playwright import Axe

        found = Axe().run(self.page).response["violations"]
        return [
            (each["id"], node["html"][:200]) for each in found if each["impact"] in SERIOUS for node in each["nodes"]
        ]


@pytest.fixture
def open_window(chromium, live_server, request):
    """Open a window of a given width and language: `open_window("en", 1440)`."""
    contexts = []

    def open_one(language="en", width=1440, javascript=True):
        context = chromium.new_context(
            viewport={"width": width, "height": 900 if width > 700 else 800},
            locale=language,
            java_script_enabled=javascript,
            accept_downloads=True,
        )
        contexts.append(context)
        return Reader(context.new_page(), live_server.url, f"{request.node.name.replace('/', '-')}-{width}")

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def demo_rows():
    """The rows of the demo, once it was loaded."""
    return {}


@pytest.fixture
def demo(transactional_db, demo_rows):
    """The demo network, as `make demo` loads it."""
    if demo_rows:
        rows.put_back(demo_rows)
    else:
        call_command("demo", verbosity=0)
        with contextlib.suppress(ProgrammingError):
            demo_rows.update(rows.kept())
