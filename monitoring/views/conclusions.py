"""The network's column: one aspect's conclusion over all centres, with its recommendations."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from centres.access import editable_or_403, visible_or_404

from ..conclusions import Content, merged
from ..forms.conclusions import ConclusionForm, recommendation_forms, sent
from ..models import Cell, Conclusion, CycleFrozen, EditConflict, Recommendation
from ..pages import changes
from ..proposals import origins, waiting


def find(request, cycle, aspect, rule=visible_or_404):
    """The conclusion behind an address, under the rule of access."""
    conclusions = Conclusion.objects.with_links().select_related(
        "cycle__network", "cycle__template", "aspect", "updated_by"
    )
    return rule(conclusions, request.user, cycle__code=cycle, aspect__number=aspect)


def show(request, conclusion, status=200, **context):
    """The conclusion as a page; for htmx as the panel beside the table."""
    aspects = list(conclusion.cycle.template.aspects.all())
    place = [aspect.pk for aspect in aspects].index(conclusion.aspect_id)
    oversees = conclusion.cycle.network_id in request.user.reach.oversees
    may_edit = oversees and not conclusion.cycle.is_published
    own = {
        "conclusion": conclusion,
        "cycle": conclusion.cycle,
        "recommendations": conclusion.recommendations.with_links()
        .order_by("number")
        .prefetch_related("see_also", Prefetch("proposals", origins(conclusion, request.user), to_attr="origins")),
        "resting": Cell.objects.visible_to(request.user).filter(conclusions=conclusion).in_column_order(),
        "oversees": oversees,
        "may_edit": may_edit,
        "changed": request.method == "POST",
        "previous": aspects[place - 1] if place else None,
        "next": aspects[place + 1] if place + 1 < len(aspects) else None,
    }
    if may_edit:
        standing = conclusion.content()
        own["form"] = ConclusionForm(instance=conclusion, standing=standing)
        own["formset"] = recommendation_forms(conclusion, standing)
        own["proposals"] = waiting(conclusion, request.user)
        _tell_origins(context.get("formset", own["formset"]), origins(conclusion, request.user))
    name = "monitoring/_conclusion.html" if request.htmx else "monitoring/conclusion.html"
    return render(request, name, own | context, status=status)


def _tell_origins(formset, known):
    """Beside the fields of a recommendation whose proposal it was."""
    for form in formset:
        form.origins = [row for row in known if str(row.recommendation_id) == str(form["pk"].value())]


@require_http_methods(["GET", "HEAD", "POST"])
def conclusion(request, cycle, aspect):
    """Read the conclusion; with POST save it with the cells it rests on, its links and its recommendations."""
    if request.method != "POST":
        return show(request, find(request, cycle, aspect))
    conclusion = find(request, cycle, aspect, editable_or_403)
    standing = conclusion.content()
    form = ConclusionForm(request.POST, instance=conclusion, standing=standing)
    formset = recommendation_forms(conclusion, standing, request.POST)
    if not (form.is_valid() and formset.is_valid()):
        return show(request, conclusion, 422, form=form, formset=formset)
    rows = [row for row in formset.cleaned_data if row.get("text")]
    values = {name: form.cleaned_data[name] for name in ("version", "text", "rests_on", "see_also")}
    try:
        conclusion.revise(by=request.user, recommendations=rows, **values)
    except EditConflict as found:
        mine, base = sent(form, formset), Content.from_text(form.cleaned_data["base"])
        return conflict(request, find(request, cycle, aspect), mine, base or Content(getattr(found.base, "text", "")))
    except CycleFrozen as reason:
        return show(request, find(request, cycle, aspect), 422, refused=reason, form=form, formset=formset)
    if request.htmx:
        return show(request, find(request, cycle, aspect), done=_("Conclusion saved."))
    messages.success(request, _("Conclusion saved."))
    return redirect(conclusion)


def conflict(request, theirs, mine, base):
    """Someone was faster: mine, theirs and the base side by side, and both merged in the fields to be saved again."""
    standing = theirs.content()
    both = merged(base, mine, standing)
    form = ConclusionForm(instance=theirs, standing=standing, content=both)
    versions = [
        (_("Mine"), form.names(mine)),
        (_("Theirs"), form.names(standing)),
        (_("Base"), form.names(base)),
    ]
    return show(request, theirs, 409, form=form, formset=recommendation_forms(theirs, both), versions=versions)


@require_safe
def history(request, cycle, aspect):
    """Every version of the text with its changed words; for the network's own staff."""
    conclusion = find(request, cycle, aspect)
    if conclusion.cycle.network_id not in request.user.reach.oversees:
        raise PermissionDenied(_("The history is open to the network's own people only."))
    events = conclusion.events.select_related("updated_by").order_by("-pgh_id")
    versions = Paginator(events, 20).get_page(request.GET.get("page"))
    following = events[versions.end_index() : versions.end_index() + 1]
    rows = changes([*versions, *following], ["text"])[: len(versions)]
    context = {"conclusion": conclusion, "cycle": conclusion.cycle, "versions": versions, "rows": rows}
    context["advice"] = Recommendation.objects.history_of(conclusion)[:100]
    return render(request, "monitoring/conclusion_history.html", context)
