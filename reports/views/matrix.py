"""The matrix to download, in the language of `?lang=` or else the reader's."""

from django.conf import settings
from django.shortcuts import render
from django.views.decorators.http import require_safe

from centres.access import visible_or_404
from centres.spreadsheets import XLSX
from monitoring.models import Cycle

from .. import documents
from ..workbook import matrix_xlsx as write_xlsx
from .answers import download, language_of, send_pdf


@require_safe
def index(request):
    """What the reader can download: per cycle the matrix, in each language."""
    cycles = Cycle.objects.visible_to(request.user).select_related("network").order_by("-period_end", "code")
    return render(request, "reports/index.html", {"cycles": cycles, "languages": settings.LANGUAGES})


@require_safe
def matrix_pdf(request, cycle):
    cycle = _cycle(request, cycle)
    with language_of(request):
        document = documents.matrix(cycle, request.user)
    language = document.language
    part = ("reports/matrix_document.html", {"document": document})
    return send_pdf(request, f"matrix-{cycle.code}-{language}.pdf", part, language=language, cycle=cycle)


@require_safe
def matrix_xlsx(request, cycle):
    cycle = _cycle(request, cycle)
    with language_of(request):
        document = documents.matrix(cycle, request.user)
        content = write_xlsx(document)
    return download(content, XLSX, f"matrix-{cycle.code}-{document.language}.xlsx")


def _cycle(request, code):
    return visible_or_404(Cycle.objects.select_related("network", "template"), request.user, code=code)
