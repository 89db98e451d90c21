"""The public page that verifies a certificate: for employers and schools, without an account."""

import ipaddress
import time

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ..models import Certificate
from ..models.certificates import grouped, read_code

WINDOW = 300  # seconds
TRIES = 30  # unknown codes from one address in that time; whole schools share one


@login_not_required
@never_cache
@require_safe
def search(request):
    """A field to type a code."""
    typed = request.GET.get("code", "").strip()
    if read := read_code(typed):
        return redirect("certificate_public", grouped(read))
    return _unlisted(render(request, "certificates/search.html", {"typed": typed}, status=404 if typed else 200))


@login_not_required
@never_cache
@require_safe
def public(request, code):
    """What the certificate of that code says, and whether it is valid. No more than is printed on it.

    Only wrong codes are counted and refused: whoever holds a certificate reads it, whatever others at the same address
    have tried. A code is too long to be guessed; this is to keep the noise down.
    """
    read = read_code(code)
    found = Certificate.objects.select_related("centre__network").filter(code=read).first() if read else None
    if found:
        return _unlisted(render(request, "certificates/public.html", {"certificate": found}))
    key = f"certificates:{_address(request)}:{int(time.time()) // WINDOW}"
    tries = cache.get(key, 0)
    if tries >= TRIES:
        response = render(request, "certificates/too_often.html", status=429)
        response.headers["Retry-After"] = str(WINDOW)
        return _unlisted(response)
    cache.set(key, tries + 1, WINDOW)
    return _unlisted(render(request, "certificates/search.html", {"typed": code}, status=404))


def _address(request) -> str:
    """Where the request comes from. A household or a provider's customer has a whole /64 of IPv6.

    Behind a socket without X-Forwarded-For nobody knows: all of them count as one.
    """
    try:
        address = ipaddress.ip_address(get_adapter().get_client_ip(request))
    except (PermissionDenied, ValueError):
        return "unknown"
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((address, 64), strict=False).network_address)


def _unlisted(response):
    """No search engine keeps it: a name stands on it."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response
