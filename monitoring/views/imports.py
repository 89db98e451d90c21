"""The import of a matrix in the browser: upload, preview, confirmation."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from centres.access import visible_or_404
from centres.models import Centre
from centres.spreadsheets import XLSX

from ..differences import Budget, differences
from ..forms.imports import UploadForm
from ..imports import plan
from ..imports.blank import blank_table
from ..imports.parsed import ParsedMatrix
from ..imports.problems import grouped
from ..models import Aspect, CycleFrozen, MatrixImport
from .cycles import FORM_METHODS, managed_or_403

SHOWN = 400  # changes in a preview; the numbers above them count all
ALIKE = 0.5  # share of the shorter text that must remain for a comparison word by word to be of use


@FORM_METHODS
def upload(request, cycle):
    """Choose a file; it is read at once, and only a matrix without errors is kept for the preview."""
    cycle = managed_or_403(request, cycle)
    if request.method != "POST" or cycle.is_published:
        status = 409 if request.method == "POST" else 200
        return render(
            request, "monitoring/import.html", {"cycle": cycle, "form": UploadForm(cycle=cycle)}, status=status
        )
    form = UploadForm(request.POST, request.FILES, cycle=cycle)
    if not form.is_valid():
        return render(request, "monitoring/import.html", {"cycle": cycle, "form": form}, status=422)
    file_name = form.cleaned_data["file"].name
    context = {"cycle": cycle, "form": form, "file_name": file_name, "groups": grouped(form.matrix.problems)}
    if form.matrix.errors:
        return render(request, "monitoring/import.html", context | {"errors": len(form.matrix.errors)}, status=422)
    made = plan.Plan.of(cycle, form.matrix)
    if made.is_empty:
        return render(request, "monitoring/import.html", context | {"plan": made})
    stored, _created = MatrixImport.objects.update_or_create(
        cycle=cycle,
        by=request.user,
        applied_at=None,
        defaults={"file_name": file_name[-200:], "sha256": form.sha256, "parsed": form.matrix.as_json()},
    )
    return redirect(stored)


@FORM_METHODS
def preview(request, cycle, pk):
    """What the stored upload would do now; a POST does it, unless that is no longer what was shown."""
    cycle = managed_or_403(request, cycle)
    stored = visible_or_404(MatrixImport.objects, request.user, pk=pk, cycle=cycle)
    if request.method == "POST" and not stored.applied_at:
        try:
            done = plan.apply_upload(
                stored,
                by=request.user,
                expected=request.POST.get("fingerprint", "-"),
                overwrite_accepted="overwrite_accepted" in request.POST,
            )
        except (plan.PlanChanged, plan.AcceptedInTheWay, CycleFrozen) as refused:
            return show_preview(request, cycle, stored, refused=str(refused), status=409)
        if done:
            messages.success(request, summary(done))
        return redirect(cycle)
    if stored.applied_at:
        messages.info(request, _("This file has already been imported."))
        return redirect(cycle)
    return show_preview(request, cycle, stored)


def show_preview(request, cycle, stored, *, refused="", status=200):
    """The preview page, made from the matrix as it stands now."""
    parsed = ParsedMatrix.from_json(stored.parsed)
    made = plan.Plan.of(cycle, parsed)
    budget = Budget()
    context = {
        "cycle": cycle,
        "stored": stored,
        "plan": made,
        "refused": refused,
        "sheet": parsed.sheet,
        "groups": grouped(parsed.problems),
        "accepted": [(made.aspects[change.aspect], made.centres[change.centre]) for change in made.accepted],
        "shown": [Shown.of(change, made, budget) for change in made.changes[:SHOWN]],
        "unshown": max(0, len(made.changes) - SHOWN),
    }
    return render(request, "monitoring/import_preview.html", context, status=status)


def summary(done):
    """One sentence on what was written."""
    numbers = {
        what: counts[plan.ADDED] + counts[plan.CHANGED]
        for what, (_label, counts) in zip(("cells", "conclusions", "recommendations"), done.counts, strict=True)
    }
    return (
        _(
            "Imported: %(cells)s cells, %(conclusions)s conclusions, %(recommendations)s recommendations "
            "were added or changed."
        )
        % numbers
    )


@require_safe
def blank(request, cycle):
    """The empty table to fill in: the cycle's aspects and centres, or all centres of the network before it has any."""
    cycle = managed_or_403(request, cycle)
    centres = Centre.objects.filter(participations__cycle=cycle).order_by("participations__position")
    if not centres:
        centres = Centre.objects.filter(network=cycle.network_id).for_list()
    content = blank_table(cycle, centres, Aspect.objects.filter(template=cycle.template_id))
    disposition = content_disposition_header(as_attachment=True, filename=f"matrix-{cycle.code}-empty.xlsx")
    return HttpResponse(content, content_type=XLSX, headers={"Content-Disposition": disposition})


@dataclass(frozen=True)
class Shown:
    """One change as the preview shows it: where, what happens, and each text with its differences."""

    aspect: Aspect
    centre: Centre | None
    number: int  # of the recommendation; 0 otherwise
    change: object
    texts: list  # (label, pieces)

    @classmethod
    def of(cls, change, made, budget):
        """A change with the words that come and go."""
        aspect = made.aspects[change.aspect]
        if isinstance(change, plan.TextChange):
            return cls(aspect, None, change.number, change, [("", pieces(change.before, change.after, budget))])
        labels = (_("Finding"), _("Perspective"))
        texts = [
            (label, pieces(before, after, budget))
            for label, before, after in zip(labels, change.before, change.after, strict=False)
            if before != after
        ]
        if change.before[2] != change.after[2]:
            texts.append((_("Level"), [("del", change.level_before), ("same", " "), ("ins", change.level_after)]))
        return cls(aspect, made.centres[change.centre], 0, change, texts)


def pieces(before, after, budget):
    """A text's differences; a new text is shown plain, one that was written anew stands after the old one."""
    if not before:
        return [("same", after)]
    found = differences(before, after, budget)
    if sum(len(text) for kind, text in found if kind == "same") < min(len(before), len(after)) * ALIKE:
        return [("del", before), ("same", "\n"), ("ins", after)]
    return found
