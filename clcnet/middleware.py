"""What every answer needs: the reader's language, and headers that keep data where they belong."""

import contextlib

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils import translation

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)


class ReaderLanguage:
    """The language that she chose and we keep for her, else the cookie, else what her browser asks for."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        language = getattr(request.user, "language", "") or translation.get_language_from_request(request)
        with translation.override(language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE):
            request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        return response


class SignedOutOfPanel:
    """A panel whose reader is signed out meanwhile gets a 401, not the sign-in page: so it keeps what was typed."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        led_to_sign_in = response.status_code == 302 and response.headers["Location"].startswith(
            reverse(settings.LOGIN_URL)
        )
        if request.headers.get("HX-Request") and led_to_sign_in:
            return HttpResponse(status=401)
        return response


class WayBack:
    """An address that only takes what is sent leads, opened by itself, to the page that it belongs to.

    A form that was refused is shown at such an address; there she changes the language, or opens her bookmark.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        asks_for_page = request.method == "GET" and "text/html" in request.headers.get("Accept", "")
        if response.status_code == 405 and asks_for_page and not request.headers.get("HX-Request"):
            return redirect(self.page_above(request.path_info))
        return response

    @staticmethod
    def page_above(path: str) -> str:
        """The nearest address above that there is; the start page at last."""
        while True:
            path = path.rstrip("/").rpartition("/")[0] + "/"
            with contextlib.suppress(Resolver404):
                resolve(path)
                return path


class NoNul:
    """The character NUL, which PostgreSQL cannot compare or store, gets a sentence, not a failure.

    Forms say so themselves, beside the field; this is for what a view reads by itself, in an address or in a form.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        """A 400 where a ValueError comes of a NUL that was sent; nothing is stored, as with any failure."""
        values = [value for data in (request.GET, request.POST) for _name, found in data.lists() for value in found]
        if isinstance(exception, ValueError) and any("\x00" in text for text in [request.path, *values]):
            return render(request, "unreadable.html", status=400)
        return None


class SafeAnswers:
    """Nothing loads from elsewhere, and no page of a signed-in person stays on the computer that she shares."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        if getattr(request, "user", None) and request.user.is_authenticated:
            response.headers["Cache-Control"] = "private, no-store"
        return response
