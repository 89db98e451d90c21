"""HTML templates to PDF. The only file that knows WeasyPrint.

`python -m reports.pdf` turns HTML on standard input into a PDF on standard output: large documents are made so, in a
process of their own, because WeasyPrint does not give its memory back.
"""

import gc
import logging
import mimetypes
import os
import subprocess
import sys
import threading
import warnings
from contextlib import contextmanager
from urllib.parse import unquote, urlsplit

import django
from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.template.loader import render_to_string

with warnings.catch_warnings():
    # A bare machine has no fonts of its own; every document brings its font along.
    warnings.filterwarnings("ignore", message="No fonts configured in FontConfig")
    import weasyprint
    from weasyprint.urls import URLFetcher, URLFetcherResponse

log = logging.getLogger(__name__)

#: Where the templates' addresses lead: a name that nobody can own (RFC 2606) and that is never asked for.
BASE_URL = "http://static.invalid"

LARGE = 400_000  # characters of HTML, about 40 pages of a matrix and 300 MB of memory
LIMIT = 4_000_000  # characters of HTML, about 400 pages and two minutes
PATIENCE = 300  # seconds for one document
AT_ONCE = threading.BoundedSemaphore(2)  # large documents in the making
APART = "\0"  # between two documents on their way to the process; no HTML holds it
QUEUE = 20  # seconds that one more may wait for its turn; meanwhile it keeps a thread from everybody else


class DocumentTooLarge(Exception):
    """The document would take minutes and more memory than a server has to spare."""


class RendererBusy(Exception):
    """Other large documents are in the making; this one has to be asked for again."""


class StaticFetcher(URLFetcher):
    """Serves the project's static files and refuses every other address, whatever its scheme."""

    def fetch(self, url, headers=None):
        parts = urlsplit(url)
        path = unquote(parts.path)
        if f"{parts.scheme}://{parts.netloc}" != BASE_URL or not path.startswith(settings.STATIC_URL):
            raise ValueError(f"Only static files may appear in a document, not {url}")
        name = path.removeprefix(settings.STATIC_URL)
        found = finders.find(name)
        with open(found, "rb") if found else staticfiles_storage.open(name) as file:
            content_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
            return URLFetcherResponse(url, file.read(), {"Content-Type": content_type})


def render_pdf(template: str, context: dict) -> bytes:
    """The template as a tagged PDF with embedded fonts. Raises DocumentTooLarge, RendererBusy."""
    return render_pdfs([(template, context)])


def render_pdfs(parts: list[tuple[str, dict]], limit: int | None = None) -> bytes:
    """Several documents, each a template with its context, in one file; each counts its own pages.

    Title and language of the file are those of the first. `limit` is in characters of HTML, LIMIT where none is given.
    Raises DocumentTooLarge, RendererBusy.
    """
    htmls = [render_to_string(template, context) for template, context in parts]
    length = sum(map(len, htmls))
    if length > (limit or LIMIT):
        raise DocumentTooLarge
    return write_pdf_apart(*htmls) if length > LARGE else write_pdf(*htmls)


def write_pdf(*htmls: str) -> bytes:
    """HTML to PDF in this process; several documents one after the other."""
    pages = [weasyprint.HTML(string=html, base_url=BASE_URL, url_fetcher=StaticFetcher()) for html in htmls]
    with garbage_left():
        if len(pages) == 1:
            return pages[0].write_pdf(pdf_tags=True)
        documents = [page.render(pdf_tags=True) for page in pages]
        return documents[0].copy([page for each in documents for page in each.pages]).write_pdf(pdf_tags=True)


@contextmanager
def garbage_left():
    """Let no garbage be collected: up to a quarter faster, since nearly all that WeasyPrint makes lives to the end."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def write_pdf_apart(*htmls: str) -> bytes:
    """As `write_pdf`, in a process of its own, whose memory goes with it. Raises DocumentTooLarge, RendererBusy."""
    if not AT_ONCE.acquire(timeout=QUEUE):
        raise RendererBusy
    try:
        done = subprocess.run(
            [sys.executable, "-m", "reports.pdf"],
            input=APART.join(htmls).encode(),
            stdout=subprocess.PIPE,
            cwd=settings.BASE_DIR,
            timeout=PATIENCE,
            check=True,
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        log.exception("A document of %s characters could not be made", sum(map(len, htmls)))
        raise DocumentTooLarge from error
    finally:
        AT_ONCE.release()
    return done.stdout


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clcnet.settings")
    logging.basicConfig(level=logging.ERROR)
    django.setup()
    sys.stdout.buffer.write(write_pdf(*sys.stdin.buffer.read().decode().split(APART)))


if __name__ == "__main__":
    main()
