"""The consents of many people at once: a pile of signed sheets, ticked off on one list."""

from datetime import date

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext_lazy as _

from centres.forms.entry import DateInput, Entry

from ..models import Consent, ConsentText, Enrolment, Group, Trainee
from ..models.trainees import ADULT
from ..open_work import A_YEAR, without_consent

MOST = 200  # people on one page
GROUPS = 100  # groups to choose from


class SheetFilter(forms.Form):
    """Whose sheets, and about what: those without such a consent who were in a group within a year, of one group, or
    all of the centre. An unknown value narrows nothing."""

    who = forms.ChoiceField(label=_("Trainees"), required=False)
    purpose = forms.ChoiceField(label=_("Purpose"), required=False, choices=ConsentText.Purpose.choices)

    def __init__(self, data, *, centre):
        super().__init__(data)
        self.centre = centre
        since = timezone.localdate() - A_YEAR
        groups = Group.objects.filter(Q(end__isnull=True) | Q(end__gt=since), centre=centre).in_order()[:GROUPS]
        self.groups = {str(group.pk): group for group in groups}
        self.fields["who"].choices = [
            ("", _("in a group within a year")),
            *((pk, str(group)) for pk, group in self.groups.items()),
            ("all", _("all")),
        ]
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select"
        self.is_valid()

    @property
    def chosen(self) -> dict:
        """As they stand in the page's address."""
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def about(self) -> str:
        """A purpose of consents."""
        return self.chosen.get("purpose", ConsentText.Purpose.DATA)

    @cached_property
    def text(self):
        """What people agree to now; None where the network has no such text."""
        texts = ConsentText.objects.filter(network=self.centre.network_id, purpose=self.about)
        return texts.in_force().first()

    @cached_property
    def people(self) -> list[Trainee]:
        """The first MOST of them, in the order of names."""
        return list(self._people()[:MOST])

    @cached_property
    def more(self) -> int:
        """How many there are besides."""
        return self._people().count() - MOST if len(self.people) == MOST else 0

    def _people(self):
        who = self.chosen.get("who")
        if who:
            asked = Trainee.objects.current().filter(centre=self.centre).with_consent(self.about)
            asked = asked.filter(consent_state="missing")
            if who in self.groups:
                there = Enrolment.objects.filter(group=who).exclude(status=Enrolment.Status.NOT_COME)
                asked = asked.filter(pk__in=there.values("trainee"))
        else:
            asked = without_consent([self.centre.pk], timezone.localdate(), self.about)
        return Trainee.objects.with_contacts().filter(pk__in=asked.values("pk")).in_order()


class SheetsForm(Entry, forms.Form):
    """Who signed, in which language, when. Of those who are under 18 on that day the guardian is named."""

    language = forms.ChoiceField(label=_("Language of the text"), choices=settings.LANGUAGES)
    given_on = forms.DateField(label=_("Given on"), widget=DateInput, initial=timezone.localdate)
    pick = forms.MultipleChoiceField(
        label=_("Who signed"), error_messages={"required": _("Choose at least one person.")}
    )

    def __init__(self, data=None, *, people, user):
        super().__init__(data, initial={"language": user.language})
        self.people = {str(person.pk): person for person in people}
        self.fields["pick"].choices = [(pk, str(person)) for pk, person in self.people.items()]
        self.fields["language"].widget.attrs["class"] = "form-select"
        self.fields["given_on"].widget.attrs["class"] = "form-control"
        day = self._day()
        for pk, person in self.people.items():
            if person.birth_year is not None and day.year - person.birth_year < ADULT:
                shown = "guardian_name" not in person.hidden_from(user)
                label = format_lazy("{}: {}", capfirst(Consent._meta.get_field("giver_name").verbose_name), str(person))
                self.fields[f"giver_{pk}"] = forms.CharField(
                    label=label,
                    max_length=150,
                    required=False,
                    initial=person.guardian_name if shown else "",
                    widget=forms.TextInput({"class": "form-control", "aria-label": label, "autocomplete": "off"}),
                )

    def _day(self) -> date:
        """The day of the sheets, as far as it can be read yet."""
        try:
            return forms.DateField().clean(self.data.get("given_on"))
        except ValidationError:
            return timezone.localdate()

    @property
    def rows(self):
        """(person, whether she is ticked, the field of her guardian or none)."""
        ticked = set(self["pick"].value() or ())
        for pk, person in self.people.items():
            yield person, pk in ticked, self[f"giver_{pk}"] if f"giver_{pk}" in self.fields else None

    def clean_given_on(self):
        day = self.cleaned_data["given_on"]
        if day > timezone.localdate():
            raise ValidationError(_("This day lies in the future."))
        return day

    def clean(self):
        cleaned = super().clean()
        for pk in cleaned.get("pick", ()):
            if f"giver_{pk}" in self.fields and not cleaned.get(f"giver_{pk}"):
                self.add_error(f"giver_{pk}", _("Name the guardian, if the guardian gave the consent."))
        return cleaned

    def give(self, text, *, by) -> list[Consent]:
        """Note them all; those that somebody else noted meanwhile are left out."""
        values, rows = self.cleaned_data, []
        for pk in values["pick"]:
            giver = values.get(f"giver_{pk}", "")
            rows.append(
                Consent(
                    centre_id=self.people[pk].centre_id,
                    trainee=self.people[pk],
                    text=text,
                    language=values["language"],
                    given_on=values["given_on"],
                    given_by=Consent.GivenBy.GUARDIAN if giver else Consent.GivenBy.TRAINEE,
                    giver_name=giver,
                )
            )
        return Consent.objects.give(rows, text=text, by=by)
