"""Duplicates: likely pairs, verdicts, merging with a preview, and undoing it."""

from django.apps import apps
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from centres.access import editable_or_403, reach_of
from centres.versions import EditConflict

from ..forms.duplicates import MergeForm, in_words
from ..models import Enrolment, Merge, NotSame, Trainee
from ..models.duplicates import FIELDS, WINDOW, MergeRefused, doubles, in_the_way, likely_pairs
from ..models.trainees import CONTACTS
from .entering import centre_or_ask

VERDICTS = 20  # of both kinds, the latest


@require_safe
def duplicates(request):
    """The likely pairs of one centre, the likeliest first; what was decided before stands below."""
    centre, page = centre_or_ask(request, _("Likely duplicates"), "trainees")
    if page:
        return page
    known = Trainee.objects.editable_by(request.user).filter(centre=centre).current()
    newest = known.order_by("-registered_on", "-pk").values_list("pk", flat=True)
    window = Paginator(newest, WINDOW).get_page(request.GET.get("page"))
    people = known.with_consent().select_related("centre").prefetch_related("enrolments__group")
    context = {
        "centre": centre,
        "window": window,
        "pairs": likely_pairs(people, list(window)),
        "query": urlencode({"centre": centre.code}),
        "verdicts": NotSame.objects.editable_by(request.user).filter(centre=centre).for_list()[:VERDICTS],
        "merges": Merge.objects.editable_by(request.user).filter(centre=centre).for_list()[:VERDICTS],
    }
    return render(request, "training/duplicates.html", context)


def _list_of(centre):
    return f"{reverse('training:duplicates')}?{urlencode({'centre': centre.code})}"


def _two(request, one, other):
    """Both entries, if they are two of one centre that the person keeps."""
    people = Trainee.objects.with_consent().select_related("centre__network")
    first, second = (editable_or_403(people, request.user, pk=pk) for pk in (one, other))
    if first == second or first.centre_id != second.centre_id:
        raise Http404
    return first, second


@require_POST
def not_same(request, one, other):
    """Two people: the pair is not shown again."""
    first, second = _two(request, one, other)
    NotSame.objects.say(first, second, by=request.user)
    messages.success(request, _("Remembered: %(one)s and %(other)s are two people.") % {"one": first, "other": second})
    return redirect(_list_of(first.centre))


@require_POST
def not_same_undo(request, pk):
    """Look at the pair again."""
    row = get_object_or_404(NotSame.objects.editable_by(request.user).select_related("centre"), pk=pk)
    row.delete()
    messages.success(request, _("The pair is looked at again."))
    return redirect(_list_of(row.centre))


@require_http_methods(["GET", "HEAD", "POST"])
def merge_new(request, one, other):
    """Two entries side by side: which values stay, what would move, and what stands in the way."""
    first, second = _two(request, one, other)
    if first.merged_into_id or second.merged_into_id:
        messages.warning(request, _("One of the two entries was merged already."))
        return redirect(first.kept)
    kept, absorbed = sorted((first, second), key=_weight)
    form = MergeForm(
        request.POST if request.method == "POST" else None, kept=kept, absorbed=absorbed, user=request.user
    )
    reasons, status = in_the_way(kept, absorbed), 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and not reasons:
            versions = (form.cleaned_data["one_version"], form.cleaned_data["other_version"])
            try:
                done = Merge.objects.merge(
                    kept=kept, absorbed=absorbed, values=form.values, versions=versions, by=request.user
                )
            except MergeRefused as refused:
                reasons = refused.reasons
            except EditConflict:
                messages.warning(request, _("Somebody has changed one of the two entries meanwhile. Look once more."))
                return redirect(request.path)
            except ValidationError as refused:
                form.add_error(None, ValidationError(refused.messages))
            else:
                messages.success(request, _("The two entries are one now. This can be undone."))
                return redirect(done)
    context = {
        "kept": kept,
        "absorbed": absorbed,
        "form": form,
        "reasons": reasons,
        "in_one_group": list(_in_one_group(kept, absorbed)) if reasons else [],
        "sides": [(row, *_belongings(row, request.user)) for row in (kept, absorbed)],
        "back": _list_of(kept.centre),
    }
    return render(request, "training/merge_new.html", context, status=status)


def _weight(person):
    """The entry that is kept: more enrolments, then more fields that say something, then the earlier registration."""
    filled = sum(getattr(person, name) not in (None, "") for name in FIELDS)
    return (-person.enrolments.count(), -filled, person.registered_on, person.pk)


def _in_one_group(kept, absorbed):
    """Pairs of enrolments of which one has to go before the entries can be one."""
    field = Enrolment._meta.get_field("trainee")
    for row in doubles(Enrolment, field, kept, absorbed):
        yield kept.enrolments.select_related("group").get(group=row.group_id), row


def _belongings(person, user):
    """What moves with an entry, as far as the reader sees it: enrolments, consents, target groups."""
    return (
        person.enrolments.select_related("group").order_by("-applied_on", "pk"),
        person.consents.for_list(),
        person.target_group_marks.visible_to(user).select_related("target_group"),
    )


@require_safe
def merge(request, pk):
    """One merge: what it changed, and the way back."""
    queryset = Merge.objects.for_list().select_related("kept__centre", "absorbed__centre")
    row = editable_or_403(queryset, request.user, pk=pk)
    hidden = row.kept.hidden_from(request.user) | row.absorbed.hidden_from(request.user)
    fields = [
        (name, capfirst(Trainee._meta.get_field(name).verbose_name), *_shown(row, name))
        for name in row.record["fields"]
        if name not in hidden
    ]
    went = [name for name in FIELDS if name not in row.record["fields"] and _went(row, name)]
    coordinates = row.centre.network_id in reach_of(request.user).coordinates
    # With its consents gone to the kept entry, nothing tells whether a withdrawal hid the absorbed one's contacts.
    unsure = frozenset() if coordinates else CONTACTS
    left = [
        (capfirst(Trainee._meta.get_field(name).verbose_name), in_words(row.kept, name), in_words(row.absorbed, name))
        for name in went
        if name not in hidden | unsure
    ]
    since = set(row.changed_since) - hidden if not row.undone_at else set()
    context = {
        "merge": row,
        "fields": fields,
        "left": left,
        "differed": bool(went),
        "since": [label for name, label, _before, _after in fields if name in since],
        "moved": [(label, len(keys)) for label, keys in _moved(row) if keys],
        "dropped": len(row.record["dropped"]),
        "against": row.against(),
        "back": _list_of(row.centre),
    }
    return render(request, "training/merge.html", context)


def _shown(row, name):
    """The values before and after, as their reader knows them."""
    for place in (0, 1):
        yield in_words(Trainee(**{name: row.value(name, place)}), name)


def _went(row, name) -> bool:
    """Whether the absorbed entry said something else than the kept one says."""
    theirs = getattr(row.absorbed, name)
    return theirs not in (None, "") and theirs != getattr(row.kept, name)


def _moved(row):
    for column, keys in row.record["moved"].items():
        model = apps.get_model(column.rpartition(".")[0])
        yield capfirst(model._meta.verbose_name_plural), keys


@require_POST
def merge_undo(request, pk):
    """Two entries again."""
    row = editable_or_403(Merge.objects.for_list(), request.user, pk=pk)
    try:
        row.undo(by=request.user)
    except MergeRefused as refused:
        for reason in refused.reasons:
            messages.error(request, reason)
    else:
        messages.success(request, _("The merge is undone: there are two entries again."))
    return redirect(row)
