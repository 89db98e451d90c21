"""A network's projects: who pays, who works, from when to when, what for, at which centres."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ..access import coordinators_only, editable_or_403, visible_or_404
from ..forms.projects import PartnerForm, ProjectForm
from ..models import Centre, Network, Project, ProjectPartner
from .versioned import save_or_show

PER_PAGE = 50


@require_safe
def project_list(request):
    """The network's projects; for a donor her own."""
    projects = Project.objects.visible_to(request.user).for_list()
    context = {
        "page": Paginator(projects, PER_PAGE).get_page(request.GET.get("page")),
        "coordinates": Network.objects.editable_by(request.user).exists(),
    }
    return render(request, "centres/project_list.html", context)


@require_safe
def project(request, code):
    """One project with its partners by part, its aims and its centres."""
    project = visible_or_404(Project.objects.select_related("network"), request.user, code=code)
    partners = list(project.partners.all())
    context = {
        "project": project,
        "parts": [(part, [partner for partner in partners if partner.part == part]) for part in ProjectPartner.Part],
        "centres": Centre.objects.visible_to(request.user).filter(projects=project).for_list(),
        "may_edit": Project.objects.editable_by(request.user).filter(pk=project.pk).exists(),
    }
    return render(request, "centres/project.html", context)


@coordinators_only
@require_http_methods(["GET", "HEAD", "POST"])
def project_new(request):
    """A new project, by a coordinator."""
    form = ProjectForm(request.POST or None, user=request.user)
    return save_or_show(request, form, "centres/project_form.html", {}, text=_("The project is entered."))


@require_http_methods(["GET", "HEAD", "POST"])
def project_edit(request, code):
    """A project's whole entry, by a coordinator."""
    project = editable_or_403(Project.objects, request.user, code=code)
    form = ProjectForm(request.POST or None, instance=project, user=request.user)
    context = {"project": Project.objects.get(pk=project.pk)}
    return save_or_show(request, form, "centres/project_form.html", context, text=_("Saved."))


@require_http_methods(["GET", "HEAD", "POST"])
def partner_new(request, code):
    """An organisation that takes part in the project."""
    project = editable_or_403(Project.objects, request.user, code=code)
    form = PartnerForm(request.POST or None, instance=ProjectPartner(project=project))
    context = {"project": project, "what": _("Organisation")}
    return save_or_show(request, form, "centres/project_form.html", context, text=_("Saved."), to=project)


@require_http_methods(["GET", "HEAD", "POST"])
def partner_edit(request, code, pk):
    """Correct an organisation's name or part."""
    project = editable_or_403(Project.objects, request.user, code=code)
    partner = get_object_or_404(project.partners, pk=pk)
    form = PartnerForm(request.POST or None, instance=partner)
    context = {"project": project, "what": _("Organisation"), "partner": partner}
    return save_or_show(request, form, "centres/project_form.html", context, text=_("Saved."), to=project)


@require_POST
def partner_delete(request, code, pk):
    """Take an organisation out of the project; the history keeps it."""
    project = editable_or_403(Project.objects, request.user, code=code)
    get_object_or_404(project.partners, pk=pk).delete()
    messages.success(request, _("The entry is deleted; the history keeps it."))
    return redirect(project)
