"""Forms of consents: a consent that somebody gives or takes back, and the texts of a network."""

from django import forms
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centres.forms.entry import DateInput, Entry
from centres.forms.languages import ThreeLanguages, in_languages
from centres.forms.resources import KeptForm
from centres.forms.versioned import VersionedForm
from centres.models import Network

from ..models import Consent, ConsentText


class ConsentForm(KeptForm):
    """Who agreed to which text, in which language, when. A minor's guardian does it."""

    PAST = ["given_on"]
    SECTIONS = [("", [["text"], ["language", "given_on"], ["given_by", "giver_name"]])]

    class Meta:
        model = Consent
        fields = ["text", "language", "given_by", "giver_name", "given_on"]
        widgets = {"given_on": DateInput, "text": forms.RadioSelect, "given_by": forms.RadioSelect}
        help_texts = {"giver_name": _("If the guardian gave it.")}

    def __init__(self, *args, user, **kwargs):
        self.user = user
        super().__init__(*args, **kwargs)
        trainee = self.instance.trainee
        texts = ConsentText.objects.filter(network=trainee.centre.network_id).in_force()
        self.fields["text"].queryset = ConsentText.objects.filter(pk__in=texts.values("pk")).order_by("purpose")
        self.fields["text"].empty_label = None
        first = self.fields["text"].queryset.first()
        if self.instance._state.adding:
            language = trainee.language if trainee.language in ("kk", "ru") else user.language
            self.initial |= {"text": first and first.pk, "language": language}
        if trainee.is_minor and self.instance._state.adding:
            shown = "guardian_name" not in trainee.hidden_from(user)
            guardian = trainee.guardian_name if shown else ""
            self.initial |= {"given_by": Consent.GivenBy.GUARDIAN, "giver_name": guardian}
            self.fields["given_by"].help_text = _("Under 18 years the guardian gives it.")

    def again(self, **kwargs):
        return type(self)(user=self.user, **kwargs)

    def clean(self):
        cleaned = super().clean()
        trainee, given_by, day = self.instance.trainee, cleaned.get("given_by"), cleaned.get("given_on")
        if given_by == Consent.GivenBy.TRAINEE:
            cleaned["giver_name"] = ""
            if day and trainee.birth_year is not None and day.year - trainee.birth_year < 18:
                self.add_error("given_by", _("Under 18 years the guardian gives it."))
        elif given_by == Consent.GivenBy.GUARDIAN and not cleaned.get("giver_name"):
            self.add_error("giver_name", _("Name the guardian, if the guardian gave the consent."))
        return cleaned

    def save(self, commit=True):
        with transaction.atomic():
            if not self.instance._state.adding:
                return super().save()
            self.instance.give(by=self.user)
        return self.instance


class WithdrawForm(Entry, forms.Form):
    """The day from which a consent no longer holds."""

    withdrawn_on = forms.DateField(label=_("Withdrawn on"), widget=DateInput, initial=timezone.localdate)
    version = forms.IntegerField(widget=forms.HiddenInput)


class ConsentTextForm(ThreeLanguages, VersionedForm):
    """A text in three languages; a new one takes the next number of its purpose."""

    TRANSLATED = {"text": True}
    SECTIONS = [("", [["network", "purpose", "since"], *[[field] for field in in_languages("text")]])]

    class Meta:
        model = ConsentText
        fields = ["network", "purpose", "since", *in_languages("text")]
        widgets = {"since": DateInput}

    def __init__(self, *args, user, **kwargs):
        self.user = user
        super().__init__(*args, **kwargs)
        if self.instance._state.adding:
            networks = Network.objects.editable_by(user).in_order()
            self.fields["network"].queryset = networks
            if len(networks) == 1:
                self.instance.network = networks[0]
                del self.fields["network"]
        else:
            del self.fields["network"], self.fields["purpose"]
        for name in in_languages("text"):
            self.fields[name].widget = forms.Textarea(attrs={**self.fields[name].widget.attrs, "rows": 10})

    def again(self, **kwargs):
        return type(self)(user=self.user, **kwargs)

    def save(self, commit=True):
        if not self.instance._state.adding:
            return super().save()
        self.instance.issue(by=self.user)
        return self.instance
