"""The people around a centre: its community profile and needs studies; the network's list of target groups."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ..access import coordinators_only, editable_or_403
from ..forms.community import TargetGroupForm
from ..models import CommunityProfile, NeedsStudy, Network, PopulationCount, TargetGroup
from ..models.community import Sex
from .resources import inside_or_404, page_of, tab_page
from .versioned import save_or_show


@require_safe
def community(request, code):
    """The latest community profile, or that of the year asked for, and the needs studies."""
    centre = inside_or_404(request.user, code)
    profiles = list(CommunityProfile.objects.visible_to(request.user).filter(centre=centre).for_list())
    asked = [profile for profile in profiles if str(profile.year) == request.GET.get("year")]
    profile = (asked or profiles or [None])[0]
    studies = NeedsStudy.objects.visible_to(request.user).filter(centre=centre).for_list()
    return tab_page(
        request,
        centre,
        "community",
        profile=profile,
        profiles=profiles,
        ages=by_age(profile) if profile else [],
        sexes=Sex,
        this_year=timezone.localdate().year,
        page=page_of(request, studies),
    )


def by_age(profile) -> list:
    """(age band, women, men) of the bands in which somebody is counted; None where it is not known."""
    counts = {(row.age, row.sex): row.people for row in profile.population.all()}
    rows = [(age, [counts.get((age.value, sex.value)) for sex in Sex]) for age in PopulationCount.Age]
    return [(age, people) for age, people in rows if any(number is not None for number in people)]


@coordinators_only
@require_safe
def target_groups(request):
    """The target groups of the networks that the person coordinates."""
    networks = list(Network.objects.editable_by(request.user).in_order())
    groups = list(TargetGroup.objects.editable_by(request.user).for_list())
    by_network = [(network, [group for group in groups if group.network_id == network.pk]) for network in networks]
    return render(request, "centres/target_groups.html", {"by_network": by_network})


@coordinators_only
@require_POST
def target_groups_furnish(request, pk):
    """Add the usual target groups that a network lacks."""
    network = get_object_or_404(Network.objects.editable_by(request.user), pk=pk)
    made = TargetGroup.objects.furnish(network)
    sentence = ngettext("%(number)s target group is added.", "%(number)s target groups are added.", made)
    messages.success(request, sentence % {"number": made})
    return redirect("centres:target_groups")


@coordinators_only
@require_http_methods(["GET", "HEAD", "POST"])
def target_group_new(request):
    """A target group of the network's own."""
    form = TargetGroupForm(request.POST or None, user=request.user)
    context = {"what": _("Add a target group")}
    return save_or_show(
        request, form, "centres/target_group_form.html", context, text=_("Saved."), to="centres:target_groups"
    )


@coordinators_only
@require_http_methods(["GET", "HEAD", "POST"])
def target_group_edit(request, pk):
    """Another title, another place in the list, or no longer offered."""
    group = editable_or_403(TargetGroup.objects.select_related("network"), request.user, pk=pk)
    form = TargetGroupForm(request.POST or None, instance=group, user=request.user)
    context = {"what": _("Target group"), "group": TargetGroup.objects.get(pk=pk)}
    return save_or_show(
        request, form, "centres/target_group_form.html", context, text=_("Saved."), to="centres:target_groups"
    )
