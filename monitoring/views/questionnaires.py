"""Questionnaires: their versions, one of them read whole, what changed, publication; the map to the matrix."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from centres.access import visible_or_404
from centres.forms.languages import LANGUAGES
from centres.models import Network
from centres.versions import EditConflict

from ..drafting import faults, untranslated
from ..forms.questionnaires import NewQuestionnaireForm
from ..forms.templates import ShownForm
from ..models import MatrixTemplate, Questionnaire, QuestionnaireRefused
from ..revisions import changes
from .cycles import FORM_METHODS, chosen_network


def readable_or_404(request, pk) -> Questionnaire:
    """The version, for coordinators and experts of its network."""
    return visible_or_404(Questionnaire.objects.select_related("network"), request.user, pk=pk)


def coordinated_or_403(request, pk) -> Questionnaire:
    """The same, if the person coordinates its network; 403 for its experts, 404 for everyone else."""
    questionnaire = readable_or_404(request, pk)
    if questionnaire.network_id not in request.user.reach.coordinates:
        raise PermissionDenied(_("Only a network's coordinators change its questionnaires."))
    return questionnaire


def draft_or_403(request, pk) -> Questionnaire:
    """The same, while it can still change."""
    questionnaire = coordinated_or_403(request, pk)
    if questionnaire.is_published:
        raise PermissionDenied(
            _("This version is published and does not change any more. A change makes the next version.")
        )
    return questionnaire


@require_safe
def index(request):
    """All versions of the networks' questionnaires, with the cycles that use them."""
    networks = Network.objects.assessable_by(request.user)
    if not networks:
        raise PermissionDenied(_("Questionnaires are for coordinators and experts."))
    rows = list(Questionnaire.objects.visible_to(request.user).for_list().prefetch_related("cycles"))
    by_network = []
    for network in networks:
        instruments = {}
        for row in rows:
            if row.network_id == network.pk:
                instruments.setdefault(row.key, []).append(row)
        by_network.append((network, [*instruments.values()]))
    return render(request, "monitoring/questionnaire_list.html", {"by_network": by_network})


@FORM_METHODS
def new(request):
    """A network's next instrument, as a draft: one of the library, or an empty one."""
    networks = Network.objects.editable_by(request.user)
    if not networks:
        raise PermissionDenied(_("Only a network's coordinators change its questionnaires."))
    network = chosen_network(request, networks)
    if network is None:
        context = {"networks": networks, "title": _("New questionnaire"), "question": _("For which network?")}
        return render(request, "monitoring/cycle_network.html", context)
    taken = set(Questionnaire.objects.filter(network=network).values_list("key", flat=True))
    form = NewQuestionnaireForm(request.POST if request.method == "POST" else None, taken=taken)
    if request.method == "POST" and form.is_valid():
        try:
            draft = Questionnaire.begin(network=network, document=form.begun())
        except QuestionnaireRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The draft is made. Look through its questions, then publish it."))
            return redirect("monitoring:questionnaire_edit", draft.pk)
    context = {"form": form, "network": network}
    return render(request, "monitoring/questionnaire_new.html", context, status=422 if form.errors else 200)


@require_safe
def detail(request, pk):
    """One version read whole, in a language that the reader chooses."""
    questionnaire = readable_or_404(request, pk)
    document = questionnaire.document()
    versions = list(questionnaire.versions)
    language = request.GET.get("language")
    context = {
        "questionnaire": questionnaire,
        "document": document,
        "language": language if language in LANGUAGES else get_language(),
        "untranslated": untranslated(document),
        "questions": {question.code: question for question in document.questions},
        "aspects": dict(aspects_for(questionnaire)),
        "versions": versions,
        "latest": versions[0],
        "cycles": questionnaire.cycles.all(),
        "coordinates": questionnaire.network_id in request.user.reach.coordinates,
    } | compared(questionnaire, versions, document)
    return render(request, "monitoring/questionnaire_detail.html", context)


def compared(questionnaire, versions, document, against=None) -> dict:
    """What changed against the version before, or against the one of that number; nothing for the first."""
    earlier = [row for row in versions if row.version < questionnaire.version and row.is_published]
    before = next((row for row in earlier if against in (None, row.version)), None)
    return {
        "earlier": earlier,
        "before": before,
        "changes": changes(before.document(), document) if before else None,
    }


def aspects_for(questionnaire) -> list[tuple[str, str]]:
    """(key, title) of the aspects that its questions can speak about.

    Those of the cycles that use it; before that, of the network's latest template.
    """
    templates = MatrixTemplate.objects.filter(cycles__questionnaire=questionnaire)
    templates = templates.distinct().order_by("-version").prefetch_related("aspects")
    if not templates:
        known = MatrixTemplate.objects.filter(network=questionnaire.network_id).published()
        templates = known.order_by("-version").prefetch_related("aspects")[:1]
    titles = {}
    for template in templates:
        for aspect in template.aspects.all():
            titles.setdefault(aspect.key, f"{aspect.number} {aspect.title_i18n}")
    return [*titles.items()]


@require_safe
def changed(request, pk):
    """What changed against an earlier version, question by question."""
    questionnaire = readable_or_404(request, pk)
    against = request.GET.get("against", "")
    number = int(against) if against.isascii() and against.isdigit() and len(against) < 5 else None
    context = compared(questionnaire, list(questionnaire.versions), questionnaire.document(), number)
    return render(request, "monitoring/questionnaire_changes.html", context | {"questionnaire": questionnaire})


@require_POST
def next_version(request, pk):
    """The version after the latest one as a draft with the same questions; the draft that there is already, if any."""
    questionnaire = coordinated_or_403(request, pk)
    try:
        draft = questionnaire.versions.first().next_version()
    except QuestionnaireRefused:  # somebody began it just now
        draft = questionnaire.versions.first()
    return redirect("monitoring:questionnaire_edit", draft.pk)


@FORM_METHODS
def publish(request, pk):
    """What changed, what is missing, what blocks; a POST publishes the draft as it was shown."""
    questionnaire = coordinated_or_403(request, pk)
    if questionnaire.is_published:
        messages.info(request, _("This version is already published."))
        return redirect(questionnaire)
    error = ""
    if request.method == "POST":
        shown = ShownForm(request.POST)
        try:
            questionnaire.publish(revision=shown.cleaned_data["revision"] if shown.is_valid() else 0)
        except EditConflict as conflict:
            questionnaire = conflict.theirs
            error = _("Someone has changed the draft in the meantime. Look at it once more before you publish it.")
        except QuestionnaireRefused as refused:
            error = str(refused)
        else:
            messages.success(request, _("The questionnaire is published: cycles can use it."))
            return redirect(questionnaire)
    document = questionnaire.document()
    context = {
        "questionnaire": questionnaire,
        "count": sum(question.kind != "heading" for question in document.questions),
        "untranslated": untranslated(document),
        "faults": faults(document, questionnaire.earlier_kinds()),
        "error": error,
    } | compared(questionnaire, list(questionnaire.versions), document)
    return render(request, "monitoring/questionnaire_publish.html", context, status=409 if error else 200)


@FORM_METHODS
def discard(request, pk):
    """Ask once, then delete the draft."""
    questionnaire, error = draft_or_403(request, pk), ""
    if request.method == "POST":
        shown = ShownForm(request.POST)
        try:
            questionnaire.discard(revision=shown.cleaned_data["revision"] if shown.is_valid() else 0)
        except EditConflict as conflict:
            questionnaire = conflict.theirs
            error = _("Someone has changed the draft in the meantime. Look at it once more before you delete it.")
        except QuestionnaireRefused as refused:
            messages.error(request, str(refused))
            return redirect("monitoring:questionnaires")
        else:
            messages.success(request, _("The draft is deleted."))
            return redirect("monitoring:questionnaires")
    count = sum(not question.is_heading for question in questionnaire.all_questions)
    context = {"questionnaire": questionnaire, "count": count, "error": error}
    return render(request, "monitoring/questionnaire_discard.html", context, status=409 if error else 200)
