"""Which questions speak about which aspects of the matrix: read by experts, changed by coordinators."""

import json

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from centres.forms.versioned import texts_in
from centres.versions import EditConflict

from ..models import QuestionnaireRefused
from ..models.questionnaires import map_is_fixed
from .cycles import FORM_METHODS
from .questionnaires import aspects_for, coordinated_or_403, readable_or_404


@FORM_METHODS
def edit(request, pk):
    """The map as a table of questions and aspects.

    What two people change at different places is kept of both; the second one sees what the first changed, and saves
    once more.
    """
    if request.method != "POST":
        return show(request, readable_or_404(request, pk))
    questionnaire = coordinated_or_403(request, pk)
    if map_is_fixed(questionnaire):
        raise PermissionDenied(_("A published cycle compares with this questionnaire, so the map stays as it is."))
    shown = {*texts_in(request.POST.get("base", "")).get("pairs", ())}
    typed = {*request.POST.getlist("pairs")} & possible(questionnaire)
    try:
        questionnaire.save_map(typed, shown=shown)
    except EditConflict as conflict:
        standing = conflict.theirs
        mixed = (standing | (typed - shown)) - (shown - typed)
        return show(request, questionnaire, standing, mixed, theirs=standing ^ shown)
    except QuestionnaireRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The map is saved."))
    return redirect("monitoring:questionnaire_map", questionnaire.pk)


def columns_of(questionnaire) -> list[tuple[str, str]]:
    """(key, title) of the aspects to choose from; one that no template has any more stands under its key."""
    columns = dict(aspects_for(questionnaire))
    for pair in sorted(questionnaire.map()):
        columns.setdefault(key := pair.partition(" ")[2], key)
    return [*columns.items()]


def possible(questionnaire) -> set[str]:
    """All pairs that the page offers."""
    codes = [question.code for question in questionnaire.all_questions if not question.is_heading]
    return {f"{code} {key}" for code in codes for key, _title in columns_of(questionnaire)}


def show(request, questionnaire, standing=None, ticked=None, theirs=frozenset()):
    standing = questionnaire.map() if standing is None else standing
    ticked = standing if ticked is None else ticked
    columns = columns_of(questionnaire)
    titles = dict(columns)
    is_fixed = map_is_fixed(questionnaire)
    context = {
        "questionnaire": questionnaire,
        "columns": columns,
        "rows": [
            (section, [(row, cells_of(row, columns, ticked)) for row in section.asked if not row.is_heading])
            for section in questionnaire.outline
        ],
        "base": json.dumps({"pairs": sorted(standing)}),
        "is_fixed": is_fixed,
        "can_edit": questionnaire.network_id in request.user.reach.coordinates and not is_fixed,
        "theirs": [
            (code, titles.get(key, key), pair in standing)
            for pair in sorted(theirs)
            for code, _blank, key in [pair.partition(" ")]
        ],
    }
    return render(request, "monitoring/questionnaire_map.html", context, status=409 if theirs else 200)


def cells_of(row, columns, ticked) -> list:
    """(value, title, whether ticked) per aspect."""
    return [(pair, title, pair in ticked) for key, title in columns for pair in [f"{row.code} {key}"]]
