"""The consents of many people at once."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from ..forms.sheets import SheetFilter, SheetsForm
from ..models.consents import NOTED
from .entering import centre_or_ask


@require_http_methods(["GET", "HEAD", "POST"])
def consents_new(request):
    """Those without a consent at a centre or in a group (?who=), to tick when their signed sheets are there.

    Sent twice, they are noted once: who has a consent by then is no longer on the list.
    """
    centre, page = centre_or_ask(request, _("Note consents"), "trainees")
    if page:
        return page
    filters = SheetFilter(request.GET, centre=centre)
    here = f"{reverse('training:consents_new')}?{urlencode({'centre': centre.code} | filters.chosen)}"
    form, status = SheetsForm(people=filters.people, user=request.user), 200
    if request.method == "POST" and filters.text:
        data, known = request.POST.copy(), {str(person.pk) for person in filters.people}
        data.setlist("pick", [pk for pk in request.POST.getlist("pick") if pk in known])
        if request.POST.getlist("pick") and not data.getlist("pick"):
            messages.info(request, NOTED)
            return redirect(here)
        form = SheetsForm(data, people=filters.people, user=request.user)
        if form.is_valid():
            count = len(form.give(filters.text, by=request.user))
            words = ngettext("%(count)s consent is noted.", "%(count)s consents are noted.", count)
            messages.success(request, words % {"count": count})
            return redirect(here)
        status = 422
    context = {"centre": centre, "filters": filters, "form": form}
    return render(request, "training/consents_new.html", context, status=status)
