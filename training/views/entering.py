"""What entering something new has in common: for which centre it is."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import render

from centres.access import READ_ONLY, allowed_or_403
from centres.models import Centre

from ..forms.filters import KeptCentreChoice


def centre_or_ask(request, heading, tab):
    """(centre, None), or (None, page): something new is of the centre named in the address, or of the only one.

    Who keeps several is asked by the page. 403 for those who keep none, 404 for a centre that they do not see.
    """
    choice, code = KeptCentreChoice(request.GET, user=request.user), request.GET.get("centre")
    if choice.centre and (choice.centre.code == code or not code or choice.has_many):
        return choice.centre, None
    if code and not choice.has_many:
        return allowed_or_403(Centre.objects.select_related("network"), "kept_by", request.user, code=code), None
    if not choice.centres:
        raise PermissionDenied(READ_ONLY)
    keep = [(name, value) for name, value in request.GET.items() if name != "centre"]
    context = {"choice": choice, "heading": heading, "tab": tab, "keep": keep}
    return None, render(request, "training/choose_centre.html", context)
