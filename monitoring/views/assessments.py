"""A centre's self-assessment as a whole: where it stands, its steps, on whose behalf, all answers to read."""

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from .. import prefill
from ..completeness import Progress
from ..filling import Sheet
from ..forms.assessments import AssessmentStepForm, BehalfForm, ReasonsForm
from ..models import CycleFrozen, EditConflict, SelfAssessment, StepRefused
from ..models.freezing import share_cycles
from ..sending import found, speaks_for

CHANGED = gettext_lazy("Somebody has moved it on in the meantime. Read how it stands now, then decide.")
NOT_NOW = gettext_lazy("This step is not possible now: the self-assessment is “%(state)s”.")
DONE = {
    "submit": gettext_lazy("Submitted to the experts."),
    "withdraw": gettext_lazy("Taken back; you can go on writing."),
    "return": gettext_lazy("Returned to the centre with your reasons."),
    "accept": gettext_lazy("Accepted."),
}
LEADS_TO = {"submit": "submitted", "withdraw": "draft", "return": "returned", "accept": "accepted"}


class Unfinished(Exception):
    """Something has to be done before it can be handed in."""

    def __init__(self, progress: Progress):
        self.progress = progress


def show(request, assessment, status=200, **context):
    """The self-assessment's own page."""
    sheet = Sheet(assessment, request.user)
    own = {
        "assessment": assessment,
        "cycle": assessment.cycle,
        "centre": assessment.centre,
        "sheet": sheet,
        "parts": sheet.standing.sections,
        "returned": [(sheet.by_code[code], reason, sheet.where(code)) for code, reason in sheet.reasons.items()],
        "talk": [(row, sheet.where(row.question.code)) for row in sheet.open_threads],
        "behalf": BehalfForm.of(assessment),
        "form": AssessmentStepForm(),
    }
    if "unfinished" in context:
        left = context.pop("unfinished")
        own["left"] = [
            (_("Required, and not answered yet"), sheet.links(left.missing)),
            (_("Different from the data, without a word why"), sheet.links(left.unexplained)),
            (_("Returned, and not touched since: change the answer, or comment on it"), sheet.links(left.to_mend)),
        ]
        own["left_count"] = sum(len(links) for _words, links in own["left"])
    return render(request, "monitoring/assessment.html", own | context, status=status)


@require_safe
def home(request, cycle, centre):
    """Where it stands: progress by section, what was returned, what is asked, the steps so far."""
    return show(request, found(request.user, cycle, centre))


@require_safe
def review(request, cycle, centre):
    """All questions with their answers on one page; who reviews them can write beside each what is to be mended."""
    return show_review(request, found(request.user, cycle, centre))


def show_review(request, assessment, status=200, **context):
    sheet = Sheet(assessment, request.user)
    form = context.pop("reasons", None) or ReasonsForm(sheet.by_code.values())
    # Somebody else may have decided meanwhile: what was typed stays on the page even so.
    reviews = assessment.may_review and (assessment.state in ("submitted", "accepted") or form.is_bound)
    own = {
        "assessment": assessment,
        "cycle": assessment.cycle,
        "centre": assessment.centre,
        "sheet": sheet,
        "reviews": reviews,
        "parts": [
            (section, [(item, form.of(item.question)) for item in sheet.items(section)]) for section in sheet.outline
        ],
        "form": AssessmentStepForm(),
        "reasons": form,
    }
    return render(request, "monitoring/assessment_review.html", own | context, status=status)


@require_POST
def step(request, cycle, centre):
    """Submit, take back, return with reasons per question, or accept."""
    assessment, do = found(request.user, cycle, centre), request.POST.get("do")
    form = AssessmentStepForm(request.POST)
    if do not in DONE or "version" in form.errors:
        raise BadRequest
    if do in ("submit", "withdraw"):
        require_filling(request, assessment)
        again = show
    else:
        if not assessment.may_review:
            raise PermissionDenied(_("Experts and coordinators decide on a self-assessment."))
        again = show_review
    context, reasons = {"form": form}, None
    if do == "return":
        context["reasons"] = reasons = ReasonsForm(assessment.questionnaire.all_questions, request.POST)
    if not form.is_valid() or (reasons and not reasons.is_valid()):
        return again(request, assessment, 422, **context)
    try:
        move(request.user, assessment, do, reasons=reasons.reasons if reasons else None, **form.cleaned_data)
    except Unfinished as refusal:
        return show(request, assessment, 422, unfinished=refusal.progress, **context)
    except EditConflict:
        return again(request, found(request.user, cycle, centre), 409, refused=CHANGED, **context)
    except (StepRefused, CycleFrozen) as refusal:
        return again(request, found(request.user, cycle, centre), 422, refused=refusal, **context)
    messages.success(request, DONE[do])
    return redirect(assessment)


def require_filling(request, assessment):
    """403 for those who read only."""
    if not assessment.may_fill:
        if assessment.cycle.is_published:
            raise PermissionDenied(CycleFrozen())
        raise PermissionDenied(_("The centre's own people fill in its self-assessment."))


@transaction.atomic
def move(user, assessment, do, *, version, note, reasons) -> None:
    """Take the step, from the row as it stands, held until it is done. What was sent twice changes nothing.

    Raises Unfinished, EditConflict, StepRefused, CycleFrozen.
    """
    share_cycles([assessment.cycle_id])
    row = SelfAssessment.objects.select_for_update().get(pk=assessment.pk)
    assessment.state, assessment.version, assessment.told_by = row.state, row.version, row.told_by
    if is_resend(user, assessment, do, version, reasons):
        return
    if version != row.version:
        raise EditConflict(row)
    match do:
        case "submit":
            if speaks_for(user, assessment) and not assessment.told_by:
                raise StepRefused(_("Write first who at the centre tells you the answers."))
            look_again(assessment, user)
            assessment.submit(by=user, version=version, note=note)
        case "withdraw":
            assessment.withdraw(by=user, version=version, note=note)
        case "return":
            assessment.give_back(by=user, version=version, note=note, reasons=reasons)
        case "accept":
            assessment.accept(by=user, version=version, note=note)


def is_resend(user, assessment, do, version, reasons) -> bool:
    """Whether the last step is the one that is asked for, taken by the same person from the same version."""
    if assessment.version != version + 1 or assessment.state != LEADS_TO[do]:
        return False
    last = assessment.steps.first()
    same = reasons is None or reasons == {row.question.code: row.reason for row in assessment.returned()}
    return last.by_id == user.pk and same


def look_again(assessment, user) -> None:
    """Compute once more what the data say, keep it with the answers; Unfinished where anything is left to do."""
    sheet = Sheet(assessment, user)
    if not assessment.is_writable:
        return  # `submit` says why not
    entries = prefill.computed(assessment, [question for question in sheet.by_code.values() if question.prefill])
    progress = sheet.progress(entries)
    if not progress.is_complete:
        raise Unfinished(progress)
    for code, answer in sheet.answers.items():
        entry = entries.get(code)
        if without_time(entry) != without_time(answer.computed):
            sheet.assessment.answers.filter(pk=answer.pk).update(computed=entry)


def without_time(entry):
    return entry and {name: value for name, value in entry.items() if name != "at"}


@require_POST
def behalf(request, cycle, centre):
    """Who at the centre tells a coordinator the answers; it stands with each answer that she writes from now on."""
    assessment = found(request.user, cycle, centre)
    require_filling(request, assessment)
    if not speaks_for(request.user, assessment):
        raise PermissionDenied(_("You write for your own centre."))
    form = BehalfForm(request.POST)
    if not form.is_valid():
        return show(request, assessment, 422, behalf=form)
    mine, base = form.cleaned_data["told_by"], form.cleaned_data["base"]
    own = SelfAssessment.objects.filter(pk=assessment.pk)
    if not assessment.is_writable:
        return show(request, assessment, 422, refused=NOT_NOW % {"state": assessment.get_state_display()})
    if not own.filter(told_by=base).update(told_by=mine) and not own.filter(told_by=mine).exists():
        assessment = found(request.user, cycle, centre)
        form = BehalfForm({"told_by": mine, "base": assessment.told_by})
        words = _("Somebody else has written “%(name)s” here in the meantime. Save again to replace it.")
        return show(request, assessment, 409, behalf=form, refused=words % {"name": assessment.told_by})
    messages.success(request, _("Saved. Your name and this one stand with each answer that you write."))
    return redirect((request.POST.get("next") == "go on" and Sheet(assessment, request.user).go_on) or assessment)


def count_words(saved: int, left: int) -> str:
    """What became of a section that was sent."""
    words = [ngettext("%(n)d answer saved.", "%(n)d answers saved.", saved) % {"n": saved}]
    if left:
        words.append(ngettext("%(n)d is not saved yet:", "%(n)d are not saved yet:", left) % {"n": left})
    return " ".join(words)


def section_address(assessment, section) -> str:
    args = [assessment.cycle.code, assessment.centre.code, section.code]
    return reverse("monitoring:assessment_section", args=args)
