"""Forms of what a centre keeps: equipment, partners, committee, incomes, documents."""

from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from ..models import (
    CentreDocument,
    CommitteeMember,
    Decision,
    Equipment,
    Income,
    IncomeForecast,
    Meeting,
    Partner,
)
from .entry import DateInput
from .files import FileForm
from .numbers import AmountField, WholeField
from .versioned import VersionedForm


class KeptForm(VersionedForm):
    """Something that a centre keeps. A new one carries its own id, so that a second sending is recognised.

    Fields begin with a capital letter, long texts are low at first, and what must not lie ahead is refused.
    """

    PAST = []  # names of dates that cannot lie in the future
    id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance._state.adding:
            self.initial["id"] = uuid4()
        elif not (self.is_bound and self.data.get("id") == str(self.instance.pk)):
            del self.fields["id"]  # with it, the form of a new row was sent again, over the row that it made
        for field in self.fields.values():
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 4

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("id"):
            self.instance.pk = cleaned["id"]
        today = timezone.localdate()
        for name in self.PAST:
            if cleaned.get(name) and cleaned[name] > today:
                self.add_error(name, _("This day lies in the future."))
        first, last = cleaned.get("from_date"), cleaned.get("until_date")
        if first and last and last < first:
            self.add_error("until_date", _("The last day lies before the first."))
        return cleaned

    def sent(self):
        """As the form would show what was sent: 1 500,50 and 1500.5 are one thing."""
        values = {name: self.cleaned_data.get(name) for name in self.shown()}
        return {name: self._as_text(self.fields[name].prepare_value(value)) for name, value in values.items()}


class EquipmentForm(KeptForm):
    """Pieces of one kind, and what is wrong where not all of them work."""

    PAST = ["acquired", "not_working_since"]
    SECTIONS = [
        ("", [["kind", "name"], ["quantity", "working"]]),
        (_("If something does not work"), [["fault", "not_working_since"]]),
        (_("Where it comes from"), [["acquired", "source", "inventory_number"]]),
    ]
    quantity = WholeField(label=_("Pieces"), min_value=1, initial=1)
    working = WholeField(label=_("Of these work"), initial=1)

    class Meta:
        model = Equipment
        fields = [
            *["kind", "name", "quantity", "working", "fault", "not_working_since"],
            *["acquired", "source", "inventory_number"],
        ]
        widgets = {"acquired": DateInput, "not_working_since": DateInput}
        help_texts = {"not_working_since": _("The day since when at least one is broken, if it is known.")}

    def clean(self):
        cleaned = super().clean()
        quantity, working = cleaned.get("quantity"), cleaned.get("working")
        if quantity is None or working is None:
            return cleaned
        if working > quantity:
            self.add_error("working", _("More pieces work than there are. Correct one of the two numbers."))
        elif working == quantity and (cleaned.get("fault") or cleaned.get("not_working_since")):
            self.add_error("working", _("If all pieces work, clear what is wrong and since when."))
        return cleaned


class PartnerForm(FileForm, KeptForm):
    """An organisation that works with the centre, and the agreement with it."""

    SECTIONS = [
        ("", [["name", "kind"], ["gives"], ["contact"]]),
        (_("Agreement"), [["agreement", "from_date", "until_date"], ["file"], ["without_file"]]),
    ]

    class Meta:
        model = Partner
        fields = ["name", "kind", "gives", "contact", "agreement", "from_date", "until_date", "file"]
        widgets = {"from_date": DateInput, "until_date": DateInput}
        help_texts = {"until_date": _("The last day. Leave it empty while you work together.")}


class CommitteeMemberForm(KeptForm):
    """Who sits on the committee, from when to when."""

    SECTIONS = [("", [["name", "role"], ["organisation"], ["from_date", "until_date"]])]

    class Meta:
        model = CommitteeMember
        fields = ["name", "role", "organisation", "from_date", "until_date"]
        widgets = {"from_date": DateInput, "until_date": DateInput}
        help_texts = {"until_date": _("The last day. Leave it empty while the person is on the committee.")}


class MeetingForm(FileForm, KeptForm):
    """A meeting that was held; what is decided for later stands in its decisions."""

    PAST = ["date"]
    SECTIONS = [
        ("", [["date", "present"], ["agenda"]]),
        (_("Minutes"), [["minutes"], ["file"], ["without_file"]]),
    ]
    present = WholeField(label=_("People present"), required=False, max_value=10_000)

    class Meta:
        model = Meeting
        fields = ["date", "present", "agenda", "minutes", "file"]
        widgets = {"date": DateInput}
        help_texts = {"minutes": _("What was said and decided; or upload the minutes as a file below.")}


class DecisionForm(KeptForm):
    """What a meeting decided; it is done by a day, and not before the meeting."""

    PAST = ["done_on"]
    SECTIONS = [("", [["text"], ["who", "due"], ["state", "done_on"]])]

    class Meta:
        model = Decision
        fields = ["text", "who", "due", "state", "done_on"]
        widgets = {"due": DateInput, "done_on": DateInput}

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("due") and cleaned["due"] < self.instance.meeting.date:
            self.add_error("due", _("This day lies before the meeting."))
        if cleaned.get("done_on") and cleaned["done_on"] < self.instance.meeting.date:
            self.add_error("done_on", _("This day lies before the meeting."))
        if "state" in cleaned and "done_on" in cleaned:
            if cleaned["state"] == Decision.State.DONE and not cleaned["done_on"]:
                self.add_error("done_on", _("Say on which day it was done."))
            if cleaned["state"] != Decision.State.DONE and cleaned["done_on"]:
                self.add_error("state", _("Only what is done has a day on which it was done."))
        return cleaned


class IncomeForm(KeptForm):
    """Money that came in. The same once more on one day is asked about: it may have been typed in twice."""

    PAST = ["date"]
    SECTIONS = [("", [["date", "source"], ["amount", "from_whom"], ["note"], ["another"]])]
    amount = AmountField(label=_("Amount, in tenge"))
    another = forms.BooleanField(label=_("Yes, it is another one"), required=False)

    class Meta:
        model = Income
        fields = ["date", "source", "amount", "from_whom", "note"]
        widgets = {"date": DateInput}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not (self.is_bound and self.instance._state.adding):
            del self.fields["another"]

    def clean(self):
        cleaned = super().clean()
        if "another" not in self.fields:
            return cleaned
        same = {name: cleaned.get(name) for name in ("date", "source", "amount", "from_whom")}
        if not Income.objects.filter(centre=self.instance.centre, **same).exists():
            del self.fields["another"]  # it is asked only where there is something to ask
        elif not cleaned["another"]:
            self.add_error("another", _("The same income of this day is entered already. Is this another one?"))
        return cleaned


class IncomeForecastForm(KeptForm):
    """What is expected from one source in one year."""

    SECTIONS = [("", [["year", "source"], ["amount"]])]
    year = WholeField(label=_("Year"), min_value=1990, max_value=2100)
    amount = AmountField(label=_("Expected amount, in tenge"))

    class Meta:
        model = IncomeForecast
        fields = ["year", "source", "amount"]

    def clean(self):
        cleaned = super().clean()
        same = {"centre": self.instance.centre, "year": cleaned.get("year"), "source": cleaned.get("source")}
        if all(same.values()) and IncomeForecast.objects.filter(**same).exclude(pk=self.instance.pk).exists():
            self.add_error("source", _("There is already a forecast for this source in this year. Edit that one."))
        return cleaned


class CentreDocumentForm(FileForm, KeptForm):
    """A document of a year or of some dates, or a photo with the consent of those on it."""

    PAST = ["consent_date"]
    SECTIONS = [
        ("", [["kind", "title"], ["year", "from_date", "until_date"], ["file"], ["without_file"], ["note"]]),
        (_("Consent, for a photo"), [["consent_given", "consent_date"], ["consent_of"]]),
    ]
    title = forms.CharField(
        label=_("Title"), max_length=200, required=False, help_text=_("Left empty, it is named after its kind.")
    )
    year = WholeField(
        label=_("Year"), required=False, min_value=1990, max_value=2100, help_text=_("Or the dates beside it.")
    )

    class Meta:
        model = CentreDocument
        fields = [
            *["kind", "title", "year", "from_date", "until_date", "file", "note"],
            *["consent_given", "consent_of", "consent_date"],
        ]
        widgets = {"from_date": DateInput, "until_date": DateInput, "consent_date": DateInput}

    def clean(self):
        cleaned = super().clean()
        kind, dates = cleaned.get("kind"), cleaned.get("from_date") or cleaned.get("until_date")
        if kind and not cleaned.get("title"):
            cleaned["title"] = capfirst(CentreDocument.Kind(kind).label)
        if cleaned.get("year") and dates:
            self.add_error("year", _("Give the year or the dates, not both."))
        if kind in CentreDocument.REQUIRED and cleaned.get("year", 0) is None and not dates:
            self.add_error("year", _("Say for which year or which time this document is."))
        if kind == CentreDocument.Kind.PHOTO:
            if not (self.instance.file or cleaned.get("file")) or cleaned.get("without_file"):
                self.add_error("file", _("Choose the picture."))
            if cleaned.get("consent_given") == CentreDocument.Consent.YES and cleaned.get("consent_of") == "":
                self.add_error("consent_of", _("Say who has given the consent."))
        else:  # what was asked for a photo only
            cleaned |= {"consent_given": CentreDocument.Consent.UNKNOWN, "consent_of": "", "consent_date": None}
            for name in ("consent_given", "consent_of", "consent_date"):
                self.errors.pop(name, None)
        return cleaned
