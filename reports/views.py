"""Documents to download, each in the language of `?lang=` or else the reader's."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from centres.access import visible_or_404
from centres.spreadsheets import XLSX
from monitoring.models import Cycle

from . import documents
from .workbook import matrix_xlsx as write_xlsx

PDF = "application/pdf"


@require_safe
def index(request):
    """What the reader can download: per cycle the matrix, in each language."""
    cycles = Cycle.objects.visible_to(request.user).select_related("network").order_by("-period_end", "code")
    return render(request, "reports/index.html", {"cycles": cycles, "languages": settings.LANGUAGES})


@require_safe
def matrix_pdf(request, cycle):
    # WeasyPrint takes a second to load; only documents need it
    from .pdf import QUEUE, DocumentTooLarge, RendererBusy, render_pdf

    cycle = _cycle(request, cycle)
    try:
        with _language(request):
            document = documents.matrix(cycle, request.user)
            content = render_pdf("reports/matrix_document.html", {"document": document})
    except DocumentTooLarge:
        return render(request, "reports/too_large.html", {"cycle": cycle}, status=422)
    except RendererBusy:
        response = render(request, "reports/busy.html", {"cycle": cycle}, status=503)
        response.headers["Retry-After"] = str(QUEUE)
        return response
    return _download(content, PDF, f"matrix-{cycle.code}-{document.language}.pdf")


@require_safe
def matrix_xlsx(request, cycle):
    cycle = _cycle(request, cycle)
    with _language(request):
        document = documents.matrix(cycle, request.user)
        content = write_xlsx(document)
    return _download(content, XLSX, f"matrix-{cycle.code}-{document.language}.xlsx")


def _cycle(request, code):
    return visible_or_404(Cycle.objects.select_related("network", "template"), request.user, code=code)


def _language(request):
    wanted = request.GET.get("lang")
    return translation.override(wanted if wanted in dict(settings.LANGUAGES) else translation.get_language())


def _download(content, content_type, name):
    headers = {"Content-Disposition": content_disposition_header(as_attachment=True, filename=name)}
    return HttpResponse(content, content_type=content_type, headers=headers)
