"""What entering something new has in common: for which centre it is."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import render

from centres.access import READ_ONLY, allowed_or_403
from centres.models import Centre


def centre_or_ask(request, heading, tab):
    """(centre, None), or (None, page): something new is of the centre named in the address, or of the only one.

    Who keeps several is asked by the page. 403 for those who keep none, 404 for a centre that they do not see.
    """
    if code := request.GET.get("centre"):
        return allowed_or_403(Centre.objects.select_related("network"), "kept_by", request.user, code=code), None
    kept = list(Centre.objects.kept_by(request.user).select_related("network").in_order())
    if not kept:
        raise PermissionDenied(READ_ONLY)
    if len(kept) == 1:
        return kept[0], None
    keep = [(name, value) for name, value in request.GET.items() if name != "centre"]
    context = {"centres": kept, "heading": heading, "tab": tab, "keep": keep}
    return None, render(request, "training/choose_centre.html", context)
