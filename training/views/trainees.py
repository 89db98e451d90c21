"""Trainees: the list, a person's page, her entry and its history."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from centres.access import editable_or_403, visible_or_404
from centres.changes import History, events_of
from centres.models import Centre
from centres.views.resending import save_once
from centres.views.versioned import save_or_show

from ..forms.trainees import TraineeFilter, TraineeForm
from ..models import Consent, ConsentText, Enrolment, FollowUp, Group, Merge, Trainee, TraineeTargetGroup
from .deleting import delete_or_say
from .entering import centre_or_ask
from .members import one_added
from .overview import inside_or_403

PER_PAGE = 50


@require_safe
def trainee_list(request):
    """The trainees of the centres whose inside the reader sees, searched and filtered."""
    inside_or_403(request.user)
    filters = TraineeFilter(request.GET, user=request.user)
    page = Paginator(filters.trainees(), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "filters": filters,
        "page": page,
        "query": urlencode(filters.query),
        "rows": [(trainee, trainee.hidden_from(request.user)) for trainee in page],
        "keeps": Centre.objects.kept_by(request.user).exists(),
        "one_centre": "centre" not in filters.fields,
        "centre": filters.centre,
    }
    return render(request, "training/trainees.html", context)


@require_safe
def trainee(request, pk):
    """One person: her groups, consents, follow-ups and certificates, as far as the reader may see them."""
    person = _person(request, pk)
    if person.merged_into_id:
        return redirect(person.kept)
    enrolments = person.enrolments.select_related("group__programme").with_attendance().order_by("-applied_on", "pk")
    context = {
        "trainee": person,
        "hidden": person.hidden_from(request.user),
        "may_edit": Trainee.objects.editable_by(request.user).filter(pk=person.pk).exists(),
        "enrolments": enrolments.prefetch_related("certificates"),
        "marks": person.target_group_marks.visible_to(request.user).select_related("target_group"),
        "consents": person.consents.for_list(),
        "has_text": person.centre.network.consent_texts.filter(purpose=ConsentText.Purpose.DATA).exists(),
        "follow_ups": FollowUp.objects.filter(enrolment__trainee=person).select_related("enrolment__group"),
        "merges": person.merges.filter(undone_at=None).select_related("absorbed"),
    }
    return render(request, "training/trainee.html", context)


def _person(request, pk):
    people = Trainee.objects.with_consent().select_related("centre__network").for_reader(request.user)
    return visible_or_404(people, request.user, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def trainee_new(request):
    """A new person at a centre; with ?group=, into that group at once. Asks first whether she is known already."""
    group = _group(request)
    if group:
        centre = group.centre
    else:
        centre, page = centre_or_ask(request, _("New trainee"), "trainees")
        if page:
            return page
    context = {"centre": centre, "group": group, "back": _members(group) if group else reverse("training:trainees")}

    def form_of(data=None, standing=None):
        return TraineeForm(data, instance=standing or Trainee(centre=centre), user=request.user, group=group)

    if request.method != "POST":
        return render(request, "training/trainee_form.html", {**context, "form": form_of()})
    within, to = {"centre": centre, "merged_into": None}, _members(group) if group else None
    return save_once(
        request, Trainee, within, form_of, "training/trainee_form.html", context, text="", to=to, save=_register
    )


def _register(request, form, template, context, *, text, to):
    """Ask first whether somebody new is known already."""
    group, is_new = context["group"], form.instance._state.adding
    if form.is_valid() and is_new and "another" not in request.POST and (likely := form.likely()):
        there = {row.trainee_id: row for row in group.enrolments.filter(trainee__in=likely)} if group else {}
        context |= {"likely": [(person, there.get(person.pk)) for person in likely], "form": form}
        return render(request, template, context, status=422)
    text = _("%(name)s is registered.") % {"name": form.instance}
    answer = _save(request, form, template, context, text=text, to=to)
    if answer.status_code == 302 and group and (row := group.enrolments.filter(trainee=form.instance).first()):
        messages.success(request, one_added(row))
    return answer


def _save(request, form, template, context, **after):
    """As `save_or_show`; what the group refuses comes back to the form."""
    try:
        return save_or_show(request, form, template, context, **after)
    except ValidationError as refused:
        form.add_error(None, ValidationError(refused.messages))
        return render(request, template, {**context, "form": form}, status=422)


def _members(group):
    return reverse("training:members", args=[group.pk])


def _group(request):
    if not (pk := request.GET.get("group")):
        return None
    try:
        return editable_or_403(Group.objects.select_related("centre__network"), request.user, pk=pk)
    except ValidationError:  # no UUID
        raise Http404 from None


@require_http_methods(["GET", "HEAD", "POST"])
def trainee_edit(request, pk):
    """A person's entry, by the centre's people or a coordinator."""
    people = Trainee.objects.with_consent().select_related("centre__network")
    person = editable_or_403(people, request.user, pk=pk)
    if person.merged_into_id:
        messages.warning(request, _("This entry was merged into another one. This is the entry that was kept."))
        return redirect(person.kept)
    form = TraineeForm(request.POST or None, instance=person, user=request.user)
    context = {"centre": person.centre, "trainee": str(person), "back": person.get_absolute_url()}
    return _save(request, form, "training/trainee_form.html", context, text=_("Saved."))


@require_POST
def trainee_delete(request, pk):
    """Take out a person who was never in a group and gave no consent."""
    person = editable_or_403(Trainee.objects.select_related("centre"), request.user, pk=pk)
    instead = _("A consent is kept as proof, also when it is taken back. If somebody is entered twice, merge the two.")
    return delete_or_say(request, person, edit="training:trainee_edit", to="training:trainees", instead=instead)


@require_safe
def trainee_history(request, pk):
    """Who changed what in a person's entry, her groups and consents, without what the reader does not see."""
    person = _person(request, pk)
    if person.merged_into_id:  # the consents are the kept entry's now, and with them what may be seen
        return redirect("training:trainee_history", person.kept.pk)
    hidden = person.hidden_from(request.user)
    marks = events_of(TraineeTargetGroup).filter(trainee_id=person.pk)
    if hidden & {"needy"}:
        marks = marks.filter(target_group__is_sensitive=False)
    enrolments = events_of(Enrolment).filter(trainee_id=person.pk)
    sources = [
        (person.events.defer(*hidden), lambda event: _("Trainee")),
        (marks, lambda event: _("Target group")),
        (enrolments.select_related("group"), lambda event: f"{_('Enrolment')}: {event.group}"),
        (events_of(Consent).filter(trainee_id=person.pk), lambda event: _("Consent")),
        (events_of(Merge).filter(kept_id=person.pk), lambda event: _("Merge")),
        (events_of(Merge).filter(absorbed_id=person.pk), lambda event: _("Merge")),
    ]
    without = {*hidden, "name_key", "trainee", "group", "record", *({"giver_name"} if hidden else ())}
    page = Paginator(History(sources, without), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "training/trainee_history.html", {"trainee": person, "page": page})
