"""Who teaches at a centre, and in which rooms."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from centres.access import READ_ONLY, editable_or_403, visible_or_404
from centres.models import Centre
from centres.views.resending import save_once
from centres.views.versioned import save_or_show

from ..forms.trainers import RoomFilter, RoomForm, TrainerFilter, TrainerForm
from ..models import Group, Room, Slot, Trainer
from .deleting import delete_or_say
from .entering import centre_or_ask
from .overview import inside_or_403

PER_PAGE = 50


@require_safe
def trainer_list(request):
    """The trainers of the reader's centres, filtered."""
    inside_or_403(request.user)
    filters = TrainerFilter(request.GET, user=request.user)
    context = {
        "filters": filters,
        "page": Paginator(filters.trainers(), PER_PAGE).get_page(request.GET.get("page")),
        "query": urlencode(filters.chosen),
        "keeps": Centre.objects.kept_by(request.user).exists(),
    }
    return render(request, "training/trainer_list.html", context)


@require_safe
def trainer(request, pk):
    """One trainer: qualification, groups taught, seminars attended."""
    found = visible_or_404(Trainer.objects.select_related("centre", "user"), request.user, pk=pk)
    context = {
        "trainer": found,
        "may_edit": Trainer.objects.editable_by(request.user).filter(pk=pk).exists(),
        "speaks": [label for code, label in Trainer.Speaks.choices if code in found.languages],
        "groups": Group.objects.visible_to(request.user).filter(group_trainers__trainer=found).for_list()[:PER_PAGE],
        "slots": Slot.objects.filter(trainer=found, group__in=Group.objects.unfinished()).select_related(
            "group", "room"
        ),
        "attendances": found.attendances.select_related("seminar").order_by("-seminar__start", "-pk"),
    }
    return render(request, "training/trainer.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def trainer_new(request):
    """A new trainer of a centre; sent twice, it is made once."""
    heading = _("Enter a trainer")
    centre, page = centre_or_ask(request, heading, "trainers")
    if page:
        return page
    context, template = {"heading": heading, "centre": centre}, "training/trainer_form.html"

    def form_of(data=None, standing=None):
        return TrainerForm(data, instance=standing or Trainer(centre=centre))

    if request.method != "POST":
        return render(request, template, {**context, "form": form_of()})
    text = _("The trainer is entered.")
    return save_once(request, Trainer, {"centre": centre}, form_of, template, context, text=text)


@require_http_methods(["GET", "HEAD", "POST"])
def trainer_edit(request, pk):
    """Correct a trainer's entry, or let her work end."""
    found = editable_or_403(Trainer.objects.select_related("centre"), request.user, pk=pk)
    form = TrainerForm(request.POST or None, instance=found)
    context = {"trainer": Trainer.objects.get(pk=pk), "heading": found.name, "centre": found.centre}
    return save_or_show(request, form, "training/trainer_form.html", context, text=_("Saved."))


@require_POST
def trainer_delete(request, pk):
    """Take out a trainer who never taught anything."""
    found = editable_or_403(Trainer.objects.select_related("centre"), request.user, pk=pk)
    instead = _("Give the trainer a last day instead.")
    return delete_or_say(request, found, edit="training:trainer_edit", to="training:trainers", instead=instead)


@require_http_methods(["GET", "HEAD", "POST"])
def room_list(request):
    """The rooms of the reader's centres; at one centre also a form for another room."""
    inside_or_403(request.user)
    filters = RoomFilter(request.GET, user=request.user)
    centre = filters.centre
    keeps = centre is not None and Centre.objects.kept_by(request.user).filter(pk=centre.pk).exists()
    if request.method == "POST" and not keeps:
        raise PermissionDenied(READ_ONLY)
    in_use = Slot.objects.filter(room=OuterRef("pk"), group__in=Group.objects.unfinished())
    rooms = filters.rooms().annotate(in_use=Exists(in_use))
    context = {
        "filters": filters,
        "page": Paginator(rooms, PER_PAGE).get_page(request.GET.get("page")),
        "query": urlencode(filters.chosen),
        "centre": centre,
    }
    if not keeps:
        return render(request, "training/room_list.html", context)
    again = request.get_full_path()

    def form_of(data=None, standing=None):
        return RoomForm(data, instance=standing or Room(centre=centre))

    if request.method != "POST":
        return render(request, "training/room_list.html", {**context, "form": form_of()})
    text, within = _("The room is entered."), {"centre": centre}
    return save_once(request, Room, within, form_of, "training/room_list.html", context, text=text, to=again)


@require_http_methods(["GET", "HEAD", "POST"])
def room_edit(request, pk):
    """Change a room, or close it."""
    room = editable_or_403(Room.objects.select_related("centre"), request.user, pk=pk)
    form = RoomForm(request.POST or None, instance=room)
    context = {"room": Room.objects.get(pk=pk), "centre": room.centre}
    return save_or_show(request, form, "training/room_form.html", context, text=_("Saved."), to="training:rooms")


@require_POST
def room_delete(request, pk):
    """Take out a room that nobody ever taught in."""
    room = editable_or_403(Room.objects.select_related("centre"), request.user, pk=pk)
    to = f"{reverse('training:rooms')}?centre={room.centre.code}"
    instead = _("Mark the room as no longer used instead.")
    return delete_or_say(request, room, edit="training:room_edit", to=to, instead=instead)
