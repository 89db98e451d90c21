"""What belongs to no app alone: the start page and the language switch."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from centres.models import Invitation
from monitoring.models import Comment, Cycle


def today(request):
    """What waits for this person, one button each."""
    user = request.user
    return render(
        request,
        "today.html",
        {
            "cycles": Cycle.objects.visible_to(user).for_list(),
            "threads": Comment.objects.visible_to(user).open_threads().for_list()[:20],
            "invitations": Invitation.objects.visible_to(user).open().select_related("network", "centre", "project"),
        },
    )


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
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, chosen, max_age=365 * 24 * 3600, httponly=True, samesite="Lax")
        if request.user.is_authenticated:
            request.user.language = chosen
            request.user.save(update_fields=["language"])
    return response
