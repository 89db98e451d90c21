"""The register of centres: list, page, entry, contacts, posts, history."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ..access import READ_ONLY, allowed_or_403, coordinators_only, editable_or_403, visible_or_404
from ..changes import history_of
from ..forms.centres import CentreFilter, CentreForm, ContactsForm, PostForm
from ..models import Centre, Network, Post, Project
from ..resources import CentreResource, as_csv, as_xlsx
from ..spreadsheets import XLSX
from .versioned import save_or_show

PER_PAGE = 50


@require_safe
def centre_list(request):
    """The centres of the reader's networks, searched and filtered."""
    filters = CentreFilter(request.GET, user=request.user)
    page = Paginator(filters.centres(), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "filters": filters,
        "page": page,
        "query": urlencode(filters.chosen),
        "rows": [(centre, filters.places.get(centre.place_id)) for centre in page],
        "coordinates": Network.objects.editable_by(request.user).exists(),
        "sees_people": Network.objects.joined_by(request.user).exists(),
    }
    return render(request, "centres/list.html", context)


@require_safe
def download(request, extension):
    """The same list, with the same filters, as a spreadsheet."""
    filters = CentreFilter(request.GET, user=request.user)
    data = CentreResource(user=request.user).export(filters.centres())
    write, kind = {
        "xlsx": (as_xlsx, XLSX),
        "csv": (as_csv, "text/csv; charset=utf-8"),
    }[extension]
    name = f"centres-{timezone.localdate():%Y-%m-%d}.{extension}"
    return HttpResponse(write(data), kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@dataclass(frozen=True)
class Office:
    """One of a centre's posts: who holds it today, who held it before, and since when it is vacant.

    `accounts` are memberships of that kind, where nobody is named.
    """

    kind: str
    label: str
    current: list
    earlier: list
    accounts: list
    may_edit: bool

    @property
    def vacant_since(self):
        return max((post.until_date for post in self.earlier if post.until_date), default=None)


def offices(centre, user) -> list[Office]:
    """The centre's posts as far as the reader may see people's names."""
    posts = list(Post.objects.visible_to(user).filter(centre=centre))
    own = Centre.objects.filter(pk=centre.pk)
    edits, keeps = own.editable_by(user).exists(), own.kept_by(user).exists()
    sees_people = Network.objects.joined_by(user).filter(pk=centre.network_id).exists()
    accounts = list(centre.accounts_in_post(timezone.localdate())) if sees_people else []
    return [
        Office(
            kind.value,
            capfirst(kind.label),
            [post for post in posts if post.kind == kind and post.is_current],
            [post for post in posts if post.kind == kind and not post.is_current],
            [each for each in accounts if each.role == kind],
            edits or (keeps and kind == Post.Kind.CHAIR),
        )
        for kind in Post.Kind
    ]


@require_safe
def detail(request, code):
    """One centre: host, place then and now, contacts, people, projects."""
    centre = visible_or_404(Centre.objects.select_related("network", "place"), request.user, code=code)
    mine = Centre.objects.filter(pk=centre.pk)
    context = {
        "centre": centre,
        "stays": centre.place.stays() if centre.place else [],
        "aliases": centre.aliases.all(),
        "sees_people": Network.objects.joined_by(request.user).filter(pk=centre.network_id).exists(),
        "offices": offices(centre, request.user),
        "projects": Project.objects.visible_to(request.user).filter(centres=centre).for_list(),
        "may_edit": mine.editable_by(request.user).exists(),
        "may_contact": mine.contactable_by(request.user).exists(),
        "is_inside": mine.inside_for(request.user).exists(),
    }
    return render(request, "centres/detail.html", context)


@coordinators_only
@require_http_methods(["GET", "HEAD", "POST"])
def new(request):
    """A new centre, by a coordinator."""
    form = CentreForm(request.POST or None, user=request.user)
    return save_or_show(request, form, "centres/form.html", {}, text=_("The centre is registered."))


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, code):
    """A centre's whole entry, by a coordinator. A closing date closes the centre."""
    centre = editable_or_403(Centre.objects.select_related("network", "place"), request.user, code=code)
    form = CentreForm(request.POST or None, instance=centre, user=request.user)
    context = {"centre": Centre.objects.get(pk=centre.pk)}
    return save_or_show(request, form, "centres/form.html", context, text=_("Saved."))


@require_http_methods(["GET", "HEAD", "POST"])
def contacts(request, code):
    """A centre's contacts, by its own people or a coordinator."""
    centre = allowed_or_403(Centre.objects, "contactable_by", request.user, code=code)
    form = ContactsForm(request.POST or None, instance=centre)
    context = {"centre": Centre.objects.get(pk=centre.pk), "what": _("Contacts")}
    return save_or_show(request, form, "centres/form.html", context, text=_("Saved."))


def home_of_post(centre, kind) -> str:
    """The page that shows the post: the chair stands with the committee."""
    return reverse("centres:committee", args=[centre.code]) if kind == Post.Kind.CHAIR else centre.get_absolute_url()


def post_or_403(user, code, pk) -> Post:
    """A post of a centre that the person sees, if she may change it."""
    centre = visible_or_404(Centre.objects, user, code=code)
    post = get_object_or_404(Post.objects.select_related("centre"), centre=centre, pk=pk)
    if not Post.objects.editable_by(user).filter(pk=pk).exists():
        raise PermissionDenied(READ_ONLY)
    return post


@require_http_methods(["GET", "HEAD", "POST"])
def post_new(request, code, kind):
    """Someone new in one of the centre's posts, by a coordinator; as chair also by the centre's own people."""
    rule = "kept_by" if kind == Post.Kind.CHAIR else "editable_by"
    centre = allowed_or_403(Centre.objects, rule, request.user, code=code)
    if kind not in Post.Kind.values:
        raise Http404
    form, to = PostForm(request.POST or None, instance=Post(centre=centre, kind=kind)), home_of_post(centre, kind)
    context = {"centre": centre, "what": capfirst(Post.Kind(kind).label), "back": to}
    return save_or_show(request, form, "centres/form.html", context, text=_("Saved."), to=to)


@require_http_methods(["GET", "HEAD", "POST"])
def post_edit(request, code, pk):
    """Correct a post's name or dates, or let it end."""
    post = post_or_403(request.user, code, pk)
    form, to = PostForm(request.POST or None, instance=post), home_of_post(post.centre, post.kind)
    context = {"centre": post.centre, "what": capfirst(post.get_kind_display()), "back": to}
    context["post"] = Post.objects.get(pk=pk)
    return save_or_show(request, form, "centres/form.html", context, text=_("Saved."), to=to)


@require_POST
def post_delete(request, code, pk):
    """Take out a post that was entered by mistake; the history keeps it."""
    post = post_or_403(request.user, code, pk)
    post.delete()
    messages.success(request, _("The entry is deleted; the history keeps it."))
    return redirect(home_of_post(post.centre, post.kind))


@require_safe
def history(request, code):
    """Who changed what in the centre's entry: for coordinators, experts and the centre's own people."""
    insiders = _("The history is open to the network's own people only.")
    centre = allowed_or_403(Centre.objects, "inside_for", request.user, otherwise=insiders, code=code)
    page = Paginator(history_of(centre), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "centres/history.html", {"centre": centre, "page": page})
