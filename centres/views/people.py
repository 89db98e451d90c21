"""Who belongs to the networks that a coordinator runs: inviting, giving roles, ending them."""

from django.contrib import messages
from django.core.mail import send_mail
from django.core.paginator import Paginator
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ..access import coordinators_only, editable_or_403
from ..forms.people import EndForm, InviteForm, PeopleFilter, RoleForm
from ..models import Invitation, Membership, Network, User

PER_PAGE = 50


@coordinators_only
@require_safe
def people_list(request):
    """Memberships of the coordinator's networks, and the invitations that nobody has answered yet."""
    filters = PeopleFilter(request.GET, by=request.user)
    found = filters.narrow(Membership.objects.editable_by(request.user).for_list())
    query = request.GET.copy()
    query.pop("page", None)
    pending = Invitation.objects.visible_to(request.user).pending()
    return render(
        request,
        "people/list.html",
        {
            "filters": filters,
            "filtered": any(filters.cleaned_data.values()),
            "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
            "query": query.urlencode(),
            "pending": pending.select_related("network", "centre", "project", "invited_by").order_by("-pk"),
            "now": timezone.now(),
            "today": timezone.localdate(),
        },
    )


@coordinators_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request):
    form, token = InviteForm(request.POST or None, by=request.user), None
    if request.method == "POST":
        with transaction.atomic():
            User.objects.select_for_update().get(pk=request.user.pk)  # an impatient second click waits, and finds it
            token = form.instance.seal(by=request.user) if form.is_valid() else None
    return _invited(request, form.instance, token) if token else render(request, "people/invite.html", {"form": form})


@coordinators_only
@never_cache
@require_POST
def send_again(request, pk):
    """A new link for another two weeks; the old one no longer works."""
    pending = Invitation.objects.pending()
    with transaction.atomic():
        invitation = editable_or_403(pending.select_for_update(of=["self"]), request.user, pk=pk)
        token = invitation.seal(by=request.user)
    return _invited(request, invitation, token)


def _invited(request, invitation, token):
    """Send the mail, and show the link this once: only its digest is stored."""
    link = request.build_absolute_uri(Invitation.path_for(token))
    with translation.override(invitation.language):
        context = {"invitation": invitation, "link": link}
        subject = " ".join(render_to_string("people/email/invitation_subject.txt", context).split())
        body = render_to_string("people/email/invitation_message.txt", context)
    try:
        send_mail(subject, body, None, [invitation.email])
        sent = True
    except OSError:
        sent = False
    return render(request, "people/invited.html", {"invitation": invitation, "link": link, "sent": sent})


@coordinators_only
@require_POST
def withdraw(request, pk):
    pending = Invitation.objects.pending()
    with transaction.atomic():
        invitation = editable_or_403(pending.select_for_update(of=["self"]), request.user, pk=pk)
        invitation.withdrawn_at = timezone.now()
        invitation.save(update_fields=["withdrawn_at"])
    messages.success(request, _("The invitation of %(email)s is withdrawn.") % {"email": invitation.email})
    return redirect("people:list")


@coordinators_only
@require_http_methods(["GET", "HEAD", "POST"])
def role(request, pk):
    """Another role for somebody who has, or once had, one in the coordinator's networks."""
    known = Membership.objects.editable_by(request.user).values("user")
    person = get_object_or_404(User.objects.filter(pk__in=known), pk=pk)
    form = RoleForm(request.POST or None, by=request.user, instance=Membership(user=person))
    if request.method == "POST":
        with transaction.atomic():
            User.objects.select_for_update().get(pk=person.pk)  # an impatient second click waits, and finds the role
            given = form.is_valid() and form.save()
        if given:
            messages.success(request, _("%(person)s has the new role.") % {"person": person})
            return redirect("people:list")
    return render(request, "people/role.html", {"form": form, "person": person})


@require_http_methods(["GET", "HEAD", "POST"])
def end(request, pk):
    """Says what ending a membership does, and does it."""
    everything = Membership.objects.select_related("user", "network", "centre", "project")
    membership = editable_or_403(everything, request.user, pk=pk)
    if not membership.is_current:
        messages.info(request, _("This role has already ended."))
        return redirect("people:list")
    form = EndForm(request.POST or None, membership=membership)
    if request.method == "POST":
        with transaction.atomic():
            Network.objects.select_for_update().get(pk=membership.network_id)  # two last coordinators: one must stay
            ended = form.is_valid()
            if ended:
                form.save()
        if ended:
            messages.success(request, _("The role of %(person)s is ended.") % {"person": membership.user})
            return redirect("today" if membership.user == request.user else "people:list")
    today = timezone.localdate()
    context = {
        "form": form,
        "membership": membership,
        "stays": membership.user.memberships.on(today).exclude(pk=pk).for_list(),
        "last": form.leaves_nobody(today),
        "unanswered": membership.unanswered.order_by("pk"),
    }
    return render(request, "people/end.html", context)
