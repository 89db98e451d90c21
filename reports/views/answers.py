"""What every download shares: its language, its headers, and what is said where it cannot be made now."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.http import content_disposition_header

PDF = "application/pdf"


def language_of(request):
    """The document's language: that of `?language=` (or `?lang=`), else the reader's. For `with`."""
    wanted = request.GET.get("language") or request.GET.get("lang")
    return translation.override(wanted if wanted in dict(settings.LANGUAGES) else translation.get_language())


def download(content, content_type, name) -> HttpResponse:
    headers = {"Content-Disposition": content_disposition_header(as_attachment=True, filename=name)}
    return HttpResponse(content, content_type=content_type, headers=headers)


def send_pdf(request, name, *parts, language, limit=None, **context) -> HttpResponse:
    """The parts, each a template with its context, as one PDF to download.

    Where it is too large (`limit` in characters of HTML, else the renderer's own), or others come first, a page that
    says so; `context` goes to that page: `cycle`, where there is a spreadsheet to take instead.
    """
    # WeasyPrint takes a second to load; only documents need it
    from ..pdf import QUEUE, DocumentTooLarge, RendererBusy, render_pdfs

    try:
        with translation.override(language):
            content = render_pdfs(parts, limit)
    except DocumentTooLarge:
        return render(request, "reports/too_large.html", context, status=422)
    except RendererBusy:
        response = render(request, "reports/busy.html", context, status=503)
        response.headers["Retry-After"] = str(QUEUE)
        return response
    return download(content, PDF, name)
