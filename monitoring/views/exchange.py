"""Questionnaires and answers as files: the form for phones, exports that come back, a centre's own workbook."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from centres.access import visible_or_404
from centres.spreadsheets import XLSX

from ..exchange import plan
from ..exchange.answers_in import MOST_CENTRES
from ..exchange.parsed import Parsed
from ..exchange.problems import shortened
from ..exchange.workbook import workbook
from ..exchange.xlsform import xlsform as form_of
from ..forms.exchange import AnswersForm, WorkbookForm
from ..imports.problems import grouped
from ..models import AnswerImport, Cycle, CycleFrozen, Questionnaire, SelfAssessment, StepRefused
from ..sending import found
from ..wording import in_words
from .cycles import FORM_METHODS

SHOWN = 300  # answers in a preview; the numbers above them count all
NOT_YOURS = gettext_lazy("Self-assessments are filled in by the centres, and by coordinators on their behalf.")


@require_safe
def xlsform(request, pk):
    """A version of a questionnaire as an XLSForm, for KoBoToolbox and ODK."""
    questionnaire = visible_or_404(Questionnaire.objects.select_related("network"), request.user, pk=pk)
    return attached(form_of(questionnaire), f"{questionnaire.key}-{questionnaire.version}-xlsform.xlsx")


def attached(content: bytes, name: str) -> HttpResponse:
    disposition = content_disposition_header(as_attachment=True, filename=name)
    return HttpResponse(content, content_type=XLSX, headers={"Content-Disposition": disposition})


def filled_in_or_403(request, code) -> tuple[Cycle, dict]:
    """The cycle and those of its self-assessments that the person fills in; 404 where she sees none."""
    seen = SelfAssessment.objects.visible_to(request.user).filter(cycle__code=code)
    first = seen.select_related("cycle__questionnaire", "cycle__network").first()
    if first is None:
        raise Http404
    own = plan.fillable(first.cycle, request.user)
    if not own:
        raise PermissionDenied(NOT_YOURS)
    return first.cycle, own


@FORM_METHODS
def upload(request, cycle):
    """Exports of KoBoToolbox or ODK Central, of one centre or more: read at once, and kept only without errors."""
    cycle, own = filled_in_or_403(request, cycle)
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = AnswersForm(*posted, user=request.user, own=own, cycle=cycle)
    return read(request, form, cycle)


@FORM_METHODS
def upload_workbook(request, cycle, centre):
    """One centre's workbook, filled in."""
    assessment = found(request.user, cycle, centre)
    if not assessment.may_fill:
        raise PermissionDenied(NOT_YOURS)
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = WorkbookForm(*posted, user=request.user, assessment=assessment)
    return read(request, form, assessment.cycle, assessment)


def read(request, form, cycle, assessment=None):
    """The upload page; or the preview of what was read, when nothing is wrong with it."""
    context = {"cycle": cycle, "assessment": assessment, "form": form, "most": MOST_CENTRES}
    page = "monitoring/answers_import.html"
    if assessment and not assessment.is_writable:
        return render(request, page, context, status=409 if request.method == "POST" else 200)
    if request.method != "POST":
        return render(request, page, context)
    if not form.is_valid():
        return render(request, page, context, status=422)
    files = ", ".join(file.name for file in form.cleaned_data["file"])
    context |= {"file_name": files, "groups": grouped(shortened(form.parsed.problems))}
    if form.parsed.errors:
        return render(request, page, context | {"errors": len(form.parsed.errors)}, status=422)
    if plan.Plan.of(cycle, form.parsed, request.user).is_empty:
        return render(request, page, context | {"nothing_new": True})
    AnswerImport.objects.forget_old()
    stored, _created = AnswerImport.objects.update_or_create(
        cycle=cycle,
        by=request.user,
        applied_at=None,
        defaults={"file_name": files[-200:], "parsed": form.parsed.as_json()},
    )
    return redirect(stored)


@FORM_METHODS
def preview(request, cycle, pk):
    """What the stored upload would do now; a POST does it, unless that is no longer what was shown."""
    mine = AnswerImport.objects.select_related("cycle__questionnaire")
    stored = visible_or_404(mine, request.user, pk=pk, cycle__code=cycle)
    if stored.applied_at:
        messages.info(request, _("This file has already been imported."))
        return redirect("monitoring:assessments", cycle)
    if request.method != "POST":
        return show(request, stored)
    expected, take = request.POST.get("fingerprint", "-"), request.POST.getlist("take")
    try:
        done = plan.apply_upload(stored, by=request.user, expected=expected, take=take)
    except (plan.PlanChanged, StepRefused, CycleFrozen) as refused:
        return show(request, stored, refused=str(refused), status=409)
    if done is not None:
        text = ngettext("%(n)s answer was imported as a draft.", "%(n)s answers were imported as drafts.", done)
        messages.success(request, text % {"n": done})
    return redirect("monitoring:assessments", cycle)


def show(request, stored, *, refused="", status=200):
    """The preview page, made from the answers as they stand now."""
    made = plan.Plan.of(stored.cycle, Parsed.from_json(stored.parsed), request.user)
    left, centres = SHOWN, []
    for assessment, changes, same in made.by_centre:
        rows = [
            (change, lines(change.question, change.before), lines(change.question, change.value))
            for change in changes[:left]
        ]
        left -= len(rows)
        told_by = made.parsed.told_by.get(assessment.centre.code, "")
        centres.append({"assessment": assessment, "rows": rows, "same": same, "told_by": told_by})
    context = {
        "cycle": stored.cycle,
        "stored": stored,
        "plan": made,
        "refused": refused,
        "centres": centres,
        "unshown": max(0, len(made.writes) + len(made.newer) + len(made.unfit) - SHOWN),
        "groups": grouped(made.parsed.problems),
        "again": again(stored.cycle, made.parsed),
    }
    return render(request, "monitoring/answers_preview.html", context, status=status)


def lines(question, value) -> list[str]:
    """An answer in words, with a grade's source and proposal."""
    parts = {_("Source of information"): value.get("source"), _("Proposal"): value.get("proposal")}
    return in_words(question, value) + [f"{label}: {text}" for label, text in parts.items() if text]


def again(cycle, parsed) -> str:
    """Where another file of the same kind is chosen: only a workbook knows which answers it began with."""
    centres = {given.centre for given in parsed.answers if given.version is not None}
    if len(centres) == 1:
        return reverse("monitoring:assessment_import", args=[cycle.code, *centres])
    return reverse("monitoring:assessments_import", args=[cycle.code])


@require_safe
def download_workbook(request, cycle, centre):
    """The centre's workbook to fill in without a line, with the answers that stand."""
    assessment = found(request.user, cycle, centre)
    return attached(workbook(assessment), f"{assessment.cycle.code}-{assessment.centre.code}-answers.xlsx")
