"""A list of centres from a spreadsheet: upload, preview, confirmation. All or nothing."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ..access import coordinators_only
from ..forms.imports import ConfirmForm, UploadForm
from ..imports import register
from ..models import Centre
from ..resources import CentreResource, as_xlsx
from ..spreadsheets import XLSX


@coordinators_only
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request):
    """Choose a file; it is read and tried at once, and what it would do is shown."""
    form = UploadForm(request.POST or None, request.FILES or None, user=request.user)
    if request.method != "POST":
        return render(request, "centres/import.html", {"form": form})
    if not form.is_valid():
        return render(request, "centres/import.html", {"form": form}, status=422)
    return preview(request, form.sheet, form.cleaned_data["network"], form=form)


def preview(request, sheet, network, *, form=None, status=200, changed=False):
    """What the list would do now; with an error in it, only the problems and the upload once more."""
    outcome = (
        register.Outcome([], [], [], [])
        if sheet.errors
        else register.run(sheet, user=request.user, network=network, dry_run=True)
    )
    problems = sheet.problems + outcome.problems + outcome.hints
    context = {"outcome": outcome, "problems": problems, "network": network, "changed": changed}
    if any(problem.is_error for problem in problems):
        form = form or UploadForm(user=request.user)
        return render(request, "centres/import.html", context | {"form": form, "failed": True}, status=422)
    confirm = ConfirmForm(
        initial={"sealed": sheet.sealed(), "fingerprint": outcome.fingerprint, "network": network.pk}, user=request.user
    )
    return render(request, "centres/import_preview.html", context | {"form": confirm}, status=status)


@require_POST
@coordinators_only
def confirm(request):
    """Do what was shown; when that is no longer what would happen, show it anew (409)."""
    form = ConfirmForm(request.POST, user=request.user)
    if not form.is_valid():
        messages.error(request, _("The preview is too old or damaged. Upload the file once more."))
        return redirect("centres:import")
    sheet, network = form.cleaned_data["sealed"], form.cleaned_data["network"]
    with transaction.atomic():
        done = register.run(sheet, user=request.user, network=network, dry_run=False)
        as_shown = not done.problems and done.fingerprint == form.cleaned_data["fingerprint"]
        transaction.set_rollback(not as_shown)
    if not as_shown:
        return preview(request, sheet, network, status=409, changed=True)
    messages.success(
        request,
        _("Imported: %(added)s centres were added, %(changed)s changed.")
        % {"added": len(done.added), "changed": len(done.changed)},
    )
    return redirect("centres:list")


@coordinators_only
@require_safe
def blank(request):
    """The empty table to fill in."""
    data = CentreResource(user=request.user).export(Centre.objects.none())
    headers = {"Content-Disposition": 'attachment; filename="centres-empty.xlsx"'}
    return HttpResponse(as_xlsx(data), XLSX, headers=headers)
