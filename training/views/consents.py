"""Consents: what a network asks people to agree to, and who agreed."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from centres.access import coordinators_only, editable_or_403
from centres.models import Network
from centres.versions import EditConflict
from centres.views.resending import save_once
from centres.views.versioned import save_or_show

from ..forms.consents import ConsentForm, ConsentTextForm, WithdrawForm
from ..models import Consent, ConsentText, Trainee
from .overview import inside_or_403


@require_http_methods(["GET", "HEAD", "POST"])
def consent_new(request, pk):
    """Somebody agrees to the network's text."""
    people = Trainee.objects.current().with_consent().select_related("centre__network")
    person = editable_or_403(people, request.user, pk=pk)
    template = "training/consent_form.html"

    def form_of(data=None, standing=None):
        row = standing or Consent(centre=person.centre)
        row.trainee = person
        return ConsentForm(data, instance=row, user=request.user)

    blank = form_of()
    context = {"trainee": person, "texts": list(blank.fields["text"].queryset)}
    if request.method != "POST":
        return render(request, template, {**context, "form": blank})
    text, within = _("The consent is noted."), {"trainee": person}
    return save_once(request, Consent, within, form_of, template, context, text=text, to=person, save=_give)


def _give(request, form, template, context, **after):
    """As `save_or_show`; a consent noted already, or of an entry merged at this very moment, comes back to the form."""
    try:
        return save_or_show(request, form, template, context, **after)
    except ValidationError as refused:
        form.add_error(None, ValidationError(refused.messages))
        return render(request, template, {**context, "form": form}, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
def consent_withdraw(request, pk):
    """Somebody takes a consent back: first what follows from it, then one click."""
    row = editable_or_403(Consent.objects.select_related("trainee__centre", "text"), request.user, pk=pk)
    form = WithdrawForm(request.POST if request.method == "POST" else None, initial={"version": row.version})
    context = {"consent": row, "trainee": row.trainee, "form": form}
    if row.withdrawn_on:
        messages.warning(request, _("This consent is withdrawn already."))
        return redirect(row.trainee)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            row.withdraw(by=request.user, on=values["withdrawn_on"], version=values["version"])
        except ValidationError as refused:
            form.add_error(None, refused)
        except EditConflict as conflict:
            form.add_error(None, str(conflict))
        else:
            messages.success(request, _("The consent is withdrawn."))
            return redirect(row.trainee)
    return render(request, "training/consent_withdraw.html", context, status=422 if form.errors else 200)


@require_safe
def consent_texts(request):
    """The texts of the reader's networks, the newest first; those in force are what people agree to now."""
    inside_or_403(request.user)
    texts = ConsentText.objects.visible_to(request.user).for_list()
    coordinated = Network.objects.editable_by(request.user).in_order()
    context = {
        "texts": texts,
        "in_force": set(ConsentText.objects.in_force().values_list("pk", flat=True)),
        "coordinates": coordinated,
        "bare": [network for network in coordinated if len({t.purpose for t in texts if t.network == network}) < 2],
    }
    return render(request, "training/consent_texts.html", context)


@coordinators_only
@require_http_methods(["GET", "HEAD", "POST"])
def consent_text_new(request):
    """A new text, under the next number; begins as a copy of the one that ?from= names."""
    initial = {}
    if (number := request.GET.get("from", "")).isdecimal():
        before = ConsentText.objects.editable_by(request.user).filter(pk=number[:12]).first()
        if before:
            names = ["network", "purpose", "text", "text_ru", "text_kk"]
            initial = {name: getattr(before, name) for name in names}
    form = ConsentTextForm(request.POST or None, user=request.user, initial=initial)
    context = {"back": reverse("training:consent_texts")}
    text = _("The text is in force.")
    return save_or_show(request, form, "training/consent_text_form.html", context, text=text, to=context["back"])


@require_http_methods(["GET", "HEAD", "POST"])
def consent_text_edit(request, pk):
    """A text that nobody has agreed to yet. After that it stays as it is, and a new number is made instead."""
    row = editable_or_403(ConsentText.objects.select_related("network"), request.user, pk=pk)
    back = reverse("training:consent_texts")
    if row.is_agreed_to:
        messages.warning(request, _("Somebody has agreed to this text, so it stays as it is. Write a new one instead."))
        return redirect(back)
    form = ConsentTextForm(request.POST or None, instance=row, user=request.user)
    context = {"back": back, "row": str(row)}
    try:
        return save_or_show(request, form, "training/consent_text_form.html", context, text=_("Saved."), to=back)
    except IntegrityError:  # agreed to at this very moment
        return redirect(back)


@require_POST
def consent_texts_usual(request, code):
    """Give a network the usual texts that it lacks."""
    network = get_object_or_404(Network.objects.editable_by(request.user), code=code)
    ConsentText.objects.furnish(network)
    messages.success(request, _("The usual texts are there. Read them, and change what your network does otherwise."))
    return redirect("training:consent_texts")
