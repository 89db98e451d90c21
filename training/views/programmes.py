"""What is taught: the network's templates, the centres' own programmes, editions, adaptations."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from centres.access import editable_or_403, visible_or_404
from centres.files import send_file
from centres.models import Centre, Network
from centres.views.resending import save_once
from centres.views.versioned import save_or_show

from ..forms.programmes import ProgrammeFilter, ProgrammeForm, adaptation_of
from ..models import Group, Programme
from .deleting import delete_or_say
from .entering import centre_or_ask
from .overview import inside_or_403

PER_PAGE = 50
ALL = Programme.objects.select_related("network", "centre", "adapted_from", "after_study", "replaces")


@require_safe
def programme_list(request):
    """The programmes that the reader sees, filtered."""
    inside_or_403(request.user)
    filters = ProgrammeFilter(request.GET, user=request.user)
    context = {
        "filters": filters,
        "page": Paginator(filters.programmes(), PER_PAGE).get_page(request.GET.get("page")),
        "query": urlencode(filters.chosen),
        "coordinates": Network.objects.editable_by(request.user).exists(),
        "keeps": Centre.objects.kept_by(request.user).exists(),
    }
    return render(request, "training/programme_list.html", context)


@require_safe
def programme(request, pk):
    """One programme: what is taught, where it comes from, which groups run it."""
    found = visible_or_404(ALL, request.user, pk=pk)
    mine = Programme.objects.filter(pk=pk)
    adaptations = Programme.objects.visible_to(request.user).filter(adapted_from=found)
    context = {
        "programme": found,
        "may_edit": mine.editable_by(request.user).exists(),
        "may_adapt": not found.centre_id and adapting_centres(request.user, found).exists(),
        "has_begun": found.has_begun,
        "next_edition": found.next_edition,
        "groups": Group.objects.visible_to(request.user).filter(programme=found).for_list()[:PER_PAGE],
        "adaptations": adaptations.for_list()[:PER_PAGE],
    }
    return render(request, "training/programme.html", context)


def adapting_centres(user, template):
    """The centres of the template's network for which the person may adapt it."""
    return Centre.objects.kept_by(user).filter(network=template.network_id)


@require_http_methods(["GET", "HEAD", "POST"])
def programme_new(request):
    """A template, by a coordinator who names no centre; otherwise a centre's own programme."""
    heading = _("Enter a programme")
    programme = Programme()
    if "centre" in request.GET or not Network.objects.editable_by(request.user).exists():
        centre, page = centre_or_ask(request, heading, "programmes")
        if page:
            return page
        programme = Programme(network=centre.network, centre=centre)
    return _save_new(request, programme, {"heading": heading, "new": True, "centre": programme.centre})


def _save_new(request, programme, context):
    template = "training/programme_form.html"

    def form_of(data=None, standing=None):
        return ProgrammeForm(data, request.FILES or None, instance=standing or programme, user=request.user)

    if request.method != "POST":
        return render(request, template, {**context, "form": form_of()})
    mine = Programme.objects.editable_by(request.user).values("pk")
    within = {"centre": programme.centre, "adapted_from": programme.adapted_from, "pk__in": mine}
    return save_once(request, Programme, within, form_of, template, context, text=_("The programme is entered."))


@require_http_methods(["GET", "HEAD", "POST"])
def programme_edit(request, pk):
    """Correct a programme. What is taught stays once a group has begun with it."""
    found = editable_or_403(ALL, request.user, pk=pk)
    form = ProgrammeForm(request.POST or None, request.FILES or None, instance=found, user=request.user)
    standing = ALL.get(pk=pk)
    context = {"programme": standing, "heading": standing.full_title, "locked": form.is_locked}
    context["next_edition"] = standing.next_edition
    return save_or_show(request, form, "training/programme_form.html", context, text=_("Saved."))


@require_POST
def programme_delete(request, pk):
    """Take out a programme that no group ran and no other programme was made from."""
    found = editable_or_403(ALL, request.user, pk=pk)
    instead = _("Mark the programme as no longer taught instead.")
    return delete_or_say(request, found, edit="training:programme_edit", to="training:programmes", instead=instead)


@require_POST
def programme_next(request, pk):
    """The next edition, to be edited: what is taught can change there."""
    found = editable_or_403(ALL, request.user, pk=pk)
    made = found.make_next_edition(by=request.user)
    words = _("This is edition %(number)s. Change what is taught; new groups can choose only this edition.")
    messages.success(request, words % {"number": made.edition})
    return redirect("training:programme_edit", made.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def programme_adapt(request, pk):
    """A centre's own programme, made from a template of its network."""
    template = visible_or_404(ALL.filter(centre=None), request.user, pk=pk)
    heading = _("Adapt “%(programme)s”") % {"programme": template.full_title}
    centre, page = centre_or_ask(request, heading, "programmes")
    if page:
        return page
    get_object_or_404(adapting_centres(request.user, template), pk=centre.pk)
    context = {"heading": heading, "new": True, "centre": centre, "template": template}
    return _save_new(request, adaptation_of(template, centre), context)


@require_safe
def programme_file(request, pk):
    """The curriculum as it was uploaded."""
    return send_file(visible_or_404(Programme.objects, request.user, pk=pk))
