"""Matrix templates: their versions, a draft's aspects, publication."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from centres.access import visible_or_404
from centres.models import Network
from centres.versions import EditConflict

from ..forms.templates import NewTemplateForm, ShownForm, TemplateForm, aspect_forms, differences
from ..models import MatrixTemplate, TemplateRefused
from .cycles import FORM_METHODS, chosen_network


def coordinated_or_403(request, pk) -> MatrixTemplate:
    """The template, if the person coordinates its network; 403 for its experts, 404 for everyone else."""
    template = visible_or_404(MatrixTemplate.objects.select_related("network"), request.user, pk=pk)
    if template.network_id not in request.user.reach.coordinates:
        raise PermissionDenied(_("Only a network's coordinators change its matrix template."))
    return template


def draft_or_403(request, pk) -> MatrixTemplate:
    """The same, while it can still change."""
    template = coordinated_or_403(request, pk)
    if template.is_published:
        raise PermissionDenied(
            _("This version is published and does not change any more. A change makes the next version.")
        )
    return template


@require_safe
def index(request):
    """All versions of the networks' templates: for coordinators and experts."""
    networks = Network.objects.assessable_by(request.user)
    if not networks:
        raise PermissionDenied(_("Matrix templates are for coordinators and experts."))
    templates = list(MatrixTemplate.objects.visible_to(request.user).for_list())
    by_network = [(network, [row for row in templates if row.network_id == network.pk]) for network in networks]
    return render(request, "monitoring/template_list.html", {"by_network": by_network})


@require_safe
def detail(request, pk):
    """One version with its aspects in three languages, and the cycles that use it."""
    template = visible_or_404(MatrixTemplate.objects.select_related("network"), request.user, pk=pk)
    versions = template.network.matrix_templates
    context = {
        "template": template,
        "aspects": template.aspects.all(),
        "cycles": template.cycles.all(),
        "coordinates": template.network_id in request.user.reach.coordinates,
        "draft": versions.filter(published_at__isnull=True).first(),
    }
    return render(request, "monitoring/template_detail.html", context)


@FORM_METHODS
def new(request):
    """A network's first template, as a draft."""
    networks = Network.objects.editable_by(request.user)
    if not networks:
        raise PermissionDenied(_("Only a network's coordinators change its matrix template."))
    without = networks.filter(matrix_templates__isnull=True)
    if not without:
        return redirect("monitoring:templates")
    network = chosen_network(request, networks if "network" in request.GET else without)
    if network is None:
        context = {"networks": without, "title": _("New matrix template"), "question": _("For which network?")}
        return render(request, "monitoring/cycle_network.html", context)
    data = request.POST if request.method == "POST" else None
    form = NewTemplateForm(data, instance=MatrixTemplate(network=network), user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            template = form.save()
        except TemplateRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The draft is made. Look through its aspects, then publish it."))
            return redirect("monitoring:template_edit", template.pk)
    status = 422 if form.errors else 200
    return render(request, "monitoring/template_new.html", {"form": form, "network": network}, status=status)


@FORM_METHODS
def edit(request, pk):
    """A draft's title and aspects; or, asked for and confirmed, the whole draft away."""
    template = draft_or_403(request, pk)
    if "discard" in request.POST:
        return discard(request, template)
    data = request.POST if request.method == "POST" else None
    form, rows = TemplateForm(data, instance=template), aspect_forms(template, data)
    if data is None:
        return show(request, template, form, rows)
    if not all([form.is_valid(), rows.is_valid()]):
        return show(request, template, form, rows, status=422)
    aspects, revision = rows.rows(), form.cleaned_data["revision"] or 0
    try:
        template.revise(revision=revision, aspects=aspects)
    except EditConflict as conflict:
        differing = differences(conflict.theirs, revision, form, aspects)
        if differing:
            data = data.copy()
            data["revision"] = conflict.theirs.revision
            form = TemplateForm(data, instance=conflict.theirs)
            return show(request, conflict.theirs, form, rows, status=409, differences=differing)
    except TemplateRefused as refused:
        form.add_error(None, str(refused))
        return show(request, template, form, rows, status=422)
    messages.success(request, _("Draft saved."))
    return redirect("monitoring:template_edit", template.pk)


def show(request, template, form, rows, status=200, **context):
    named = MatrixTemplate.objects.get(pk=template.pk)  # the form has already changed the other one
    context |= {"template": named, "form": form, "rows": rows}
    return render(request, "monitoring/template_form.html", context, status=status)


def discard(request, template):
    """Ask once, then delete the draft."""
    if request.POST["discard"] != "sure":
        context = {"template": template, "aspect_count": template.aspects.count()}
        return render(request, "monitoring/template_discard.html", context)
    try:
        template.discard()
    except TemplateRefused as refused:
        messages.error(request, str(refused))
        return redirect(template)
    messages.success(request, _("The draft is deleted."))
    return redirect("monitoring:templates")


@require_POST
def next_version(request, pk):
    """The next version as a draft with the same aspects; the draft that exists already, if there is one."""
    draft = coordinated_or_403(request, pk).next_version()
    return redirect("monitoring:template_edit", draft.pk)


@FORM_METHODS
def publish(request, pk):
    """What becomes fixed, in numbers; a POST publishes the draft as it was shown."""
    template = coordinated_or_403(request, pk)
    if template.is_published:
        messages.info(request, _("This version is already published."))
        return redirect(template)
    error = ""
    if request.method == "POST":
        shown = ShownForm(request.POST)
        try:
            template.publish(revision=shown.cleaned_data["revision"] if shown.is_valid() else 0)
        except EditConflict as conflict:
            template = conflict.theirs
            error = _("Someone has changed the draft in the meantime. Look at it once more before you publish it.")
        except TemplateRefused as refused:
            error = str(refused)
        else:
            messages.success(request, _("The template is published: new cycles can use it."))
            return redirect(template)
    aspects = list(template.aspects.all())
    missing = {code: [row for row in aspects if not getattr(row, f"title_{code}")] for code in ("ru", "kk")}
    missing["en"] = [row for row in aspects if row.title in (row.title_ru, row.title_kk)]  # a copy, see ThreeLanguages
    context = {"template": template, "aspects": aspects, "missing": missing, "error": error}
    return render(request, "monitoring/template_publish.html", context, status=409 if error else 200)
