"""Questionnaires on paper: a centre's self-assessment blank or filled in, and a version that nobody uses yet."""

from django.views.decorators.http import require_safe

from centres.access import visible_or_404
from monitoring import prefill
from monitoring.models import Questionnaire, SelfAssessment

from ..questionnaires import CODE, blank, filled
from .answers import language_of, send_pdf


@require_safe
def assessment_blank_pdf(request, cycle, centre):
    """To fill in by hand; `?prefilled=1` prints what the data say beside the lines."""
    assessment = _assessment(request, cycle, centre)
    with language_of(request):
        computed = None
        # What was handed in is not filled in any more with what the data say since.
        if request.GET.get("prefilled") and assessment.is_writable and not assessment.cycle.is_published:
            computed = prefill.computed(assessment, assessment.questionnaire.all_questions)
        sheet = blank(assessment.questionnaire, assessment, computed)
    return _send(request, sheet, f"{cycle}-{centre}-blank")


@require_safe
def assessment_filled_pdf(request, cycle, centre):
    """With the answers as they stand, whatever the state."""
    assessment = _assessment(request, cycle, centre)
    with language_of(request):
        sheet = filled(assessment)
    return _send(request, sheet, f"{cycle}-{centre}")


@require_safe
def questionnaire_blank_pdf(request, pk):
    """Any version, drafts included, without a centre."""
    questionnaire = visible_or_404(Questionnaire.objects.select_related("network"), request.user, pk=pk)
    with language_of(request):
        sheet = blank(questionnaire)
    return _send(request, sheet, f"{questionnaire.key}-{questionnaire.version}-blank")


def _assessment(request, cycle, centre) -> SelfAssessment:
    everything = SelfAssessment.objects.for_page().select_related("centre__place", "questionnaire__network")
    return visible_or_404(everything, request.user, cycle__code=cycle, centre__code=centre)


def _send(request, sheet, name):
    part = ("reports/questionnaire_form.html", {"blank": sheet})
    return send_pdf(request, f"{CODE}-{name}-{sheet.language}.pdf", part, language=sheet.language)
