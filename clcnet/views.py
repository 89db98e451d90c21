"""What belongs to no app alone: the start page and the language switch."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from .today import boxes_for


@require_safe
def today(request):
    """What waits for this person, one button each; for somebody without a role of today, whom to ask."""
    user = request.user
    memberships = [] if user.current_memberships else user.memberships.for_list().order_by("-from_date")
    return render(request, "today.html", {"boxes": boxes_for(user), "memberships": memberships})


@login_not_required
@require_POST
def language(request):
    """Switch the language: kept for the person, or in a cookie where nobody is signed in; stay on the page."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)
    chosen = request.POST.get("language")
    if chosen in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            samesite=settings.LANGUAGE_COOKIE_SAMESITE,
            secure=settings.LANGUAGE_COOKIE_SECURE,
        )
        if request.user.is_authenticated:
            request.user.language = chosen
            request.user.save(update_fields=["language"])
    return response
