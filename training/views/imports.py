"""Lists from spreadsheets and into them: upload, preview, confirmation; tables to fill in; exports."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from centres.access import allowed_or_403, editable_or_403, visible_or_404
from centres.models import Centre
from centres.spreadsheets import XLSX

from ..forms.imports import ConfirmForm, ImportForm
from ..imports import exports, jobs
from ..imports.blank import blank_table
from ..imports.kinds import KINDS
from ..imports.problems import GROUPS, grouped
from ..models import ImportJob
from .overview import inside_or_403

LATEST = 10  # uploads that are listed
EXTENSIONS = ("xlsx", "csv")


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request):
    """Choose a file and say what it is; it is read at once, and a small one is checked at once too."""
    inside_or_403(request.user)
    if not Centre.objects.kept_by(request.user).exists():
        raise PermissionDenied(_("Only the people of a centre and the coordinators import lists."))
    initial = {name: request.GET[name] for name in ("centre", "kind") if name in request.GET}
    form = ImportForm(request.POST or None, request.FILES or None, user=request.user, initial=initial)
    if request.method != "POST":
        return show(request, form)
    if not form.is_valid():
        return show(request, form, status=422)
    if form.sheet.problems.errors:
        return show(request, form, status=422, problems=form.sheet.problems)
    with transaction.atomic():
        job = form.job()
        jobs.start(job)
    return redirect(job)


def show(request, form, *, status=200, problems=None):
    """The upload, with what is wrong with a table that was not even recognised."""
    centres = form.fields["centre"].queryset
    chosen = form.only or next((c for c in centres if c.code == (form.data or form.initial).get("centre")), None)
    context = {
        "form": form,
        "groups": grouped(problems.as_json()) if problems else [],
        "file_name": form.cleaned_data["file"].name if problems else "",
        "centres": centres,
        "chosen": chosen,
        "kinds": ImportJob.Kind.choices,
        "latest": ImportJob.objects.visible_to(request.user).for_list()[:LATEST],
    }
    return render(request, "training/import.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def job(request, pk):
    """One upload: how far it is, what is wrong, what it would do, what it did. A POST confirms what was shown."""
    found = visible_or_404(ImportJob.objects.defer("rows_read").select_related("centre", "by"), request.user, pk=pk)
    plan = jobs.preview_of(found)
    form = ConfirmForm(request.POST or None, plan=plan, initial={"fingerprint": plan.fingerprint})
    status = 200
    if request.method == "POST":
        editable_or_403(ImportJob.objects, request.user, pk=pk)
        allowed_or_403(Centre.objects, "kept_by", request.user, code=found.centre.code)
        if form.is_valid():
            chosen = form.cleaned_data
            try:
                jobs.confirm(found, fingerprint=chosen["fingerprint"], doubles=chosen.get("doubles", "add"))
            except jobs.Changed:
                messages.warning(request, _("This was shown differently before. Please look at it once more."))
            return redirect(found)
        status = 422
    groups = grouped(found.problems)
    context = {
        "job": found,
        "plan": plan,
        "form": form,
        "mine": found.by_id == request.user.pk,
        "errors": sum(group.count for group in groups if group.is_error),
        "groups": groups[:GROUPS],
        "more_groups": max(0, len(groups) - GROUPS),
        "stopped": jobs.is_stopped(found),
        "what": capfirst(found.get_kind_display()),
    }
    return render(request, "training/import_job.html", context, status=status)


@require_POST
def forget(request, pk):
    """Drop an upload that waits or was stopped; nothing of it was stored."""
    found = editable_or_403(ImportJob.objects.defer("rows_read"), request.user, pk=pk)
    state = ImportJob.State
    if jobs.is_stopped(found) or found.state in (state.CHECKED, state.REFUSED, state.FAILED):
        waiting = ImportJob.objects.filter(pk=pk, state=found.state)
        if waiting.update(state=state.FORGOTTEN, rows_read=None, problems=[], preview={}):
            messages.success(request, _("The file is forgotten. Nothing of it was stored."))
            return redirect("training:import")
    messages.warning(request, _("This file is under way or done, and cannot be forgotten."))
    return redirect(found)


@require_safe
def table(request, code, kind):
    """The table to fill in for one centre."""
    centre = allowed_or_403(Centre.objects, "kept_by", request.user, code=code)
    headers = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=f"{kind}-{centre.code}.xlsx")
    }
    return HttpResponse(blank_table(KINDS[kind], centre, request.user), XLSX, headers=headers)


@require_safe
def export(request, kind, extension):
    """A list as it stands, of all centres whose inside the reader sees, or with ?centre= of one."""
    centres = inside_or_403(request.user)
    centre = None
    if code := request.GET.get("centre"):
        centre = visible_or_404(Centre.objects, request.user, code=code)
        if not centres.filter(pk=centre.pk).exists():
            raise PermissionDenied(_("The training register is for those who work at the centres and in the network."))
    name = f"{kind}-{centre.code}" if centre else kind
    headers = {"Content-Disposition": content_disposition_header(as_attachment=True, filename=f"{name}.{extension}")}
    listed = KINDS[kind]
    if extension == "csv":
        return StreamingHttpResponse(
            exports.as_csv(listed, request.user, centre), "text/csv; charset=utf-8", headers=headers
        )
    return HttpResponse(exports.as_xlsx(listed, request.user, centre), XLSX, headers=headers)
