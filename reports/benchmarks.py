"""What our part of a document costs on top of WeasyPrint's. Run by `make bench`."""

from statistics import median
from time import perf_counter

from django.template.loader import render_to_string

from . import documents
from .pdf import BASE_URL, StaticFetcher, render_pdf, weasyprint

GOAL = 1.15  # our time over bare WeasyPrint's on the same HTML
TEMPLATE = "reports/matrix_document.html"


def matrix_pdf(cycle, user, *, runs: int = 5, write=print) -> float:
    """Print and give back the matrix PDF's time, from database to bytes, over bare WeasyPrint's (medians of `runs`).

    The two take turns and each pair gives a ratio, so that a machine that is busy for a while slows both.
    """

    def ours():
        return render_pdf(TEMPLATE, {"document": documents.matrix(cycle, user)})

    def bare():
        return weasyprint.HTML(string=html, base_url=BASE_URL, url_fetcher=StaticFetcher()).write_pdf()

    html = render_to_string(TEMPLATE, {"document": documents.matrix(cycle, user)})
    bare()  # the first document of a process loads fonts and libraries
    times = [(_seconds(ours), _seconds(bare)) for _ in range(runs)]
    our_time, bare_time = (median(column) for column in zip(*times, strict=True))
    ratio = median(mine / other for mine, other in times)
    write(
        f"matrix.pdf, {cycle.code}: {our_time:.2f} s, bare WeasyPrint on the same HTML {bare_time:.2f} s, "
        f"ratio {ratio:.2f} (goal at most {GOAL})"
    )
    return ratio


def _seconds(work) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start
