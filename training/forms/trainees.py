"""Forms of trainees: the filters of the list, and a person's entry."""

from datetime import date

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centres.access import reach_of
from centres.forms.entry import DateInput
from centres.forms.numbers import WholeField
from centres.forms.resources import KeptForm
from centres.models import TargetGroup

from ..models import Enrolment, Trainee
from ..models.enrolments import places_left, usual_first_day
from ..models.trainees import ADULT, CONTACTS, ConsentState
from .enrolments import since_when
from .filters import ALL, ListFilter

BANDS = {
    "0-17": (0, 17),
    "18-29": (18, 29),
    "30-44": (30, 44),
    "45-59": (45, 59),
    "60+": (60, 200),
}  # years of age, both ends included


class TraineeFilter(ListFilter):
    """What the list of trainees can be narrowed by."""

    q = forms.CharField(label=pgettext_lazy("of a person", "Name"), required=False, max_length=200)
    centre = forms.ChoiceField(label=_("Centre"), required=False)
    sex = forms.ChoiceField(
        label=_("Sex"),
        required=False,
        choices=[ALL, *Trainee.Sex.choices[:2], ("unknown", _("not known"))],
    )
    age = forms.ChoiceField(
        label=_("Age"),
        required=False,
        choices=[
            ALL,
            ("0-17", _("under 18")),
            *((band, band.replace("-", "–")) for band in ("18-29", "30-44", "45-59")),
            ("60+", _("60 and older")),
            ("unknown", _("not known")),
        ],
    )
    target_group = forms.ModelChoiceField(
        label=_("Target group"), required=False, queryset=TargetGroup.objects.none(), empty_label=_("all")
    )
    needy = forms.ChoiceField(
        label=_("Needy family"),
        required=False,
        choices=[ALL, *Trainee.Needy.choices[:2], ("unknown", _("not known"))],
    )
    state = forms.ChoiceField(
        label=_("In groups"),
        required=False,
        choices=[
            ALL,
            ("enrolled", _("in a group now")),
            ("waiting", _("on a waiting list")),
            ("completed", _("has completed a group")),
            ("dropped", _("has dropped out of a group")),
            ("none", _("never in a group")),
        ],
    )
    consent = forms.ChoiceField(
        label=_("Consent"),
        required=False,
        choices=[ALL, ("missing", _("no consent yet")), *(c for c in ConsentState.choices if c[0] != "missing")],
    )

    def __init__(self, data, *, user):
        super().__init__(data, user=user)
        reach = reach_of(user)
        groups = TargetGroup.objects.visible_to(user).for_list()
        if not (reach.coordinates or reach.runs):
            groups = groups.filter(is_sensitive=False)
            del self.fields["needy"]
        self.fields["target_group"].queryset = groups
        self.fields["q"].widget.input_type = "search"
        self.full_clean()

    @property
    def query(self) -> dict:
        """The same as they stand in an address."""
        return {name: getattr(value, "pk", value) for name, value in self.chosen.items()}

    def trainees(self):
        """The visible trainees that fit, in the order of the list; the best first where a name is searched."""
        chosen = self.chosen
        if self.must_choose:
            return Trainee.objects.none()
        found = self.narrow(Trainee.objects.visible_to(self.user).for_reader(self.user).for_list())
        if "sex" in chosen:
            found = found.filter(sex=chosen["sex"].replace("unknown", ""))
        if "age" in chosen:
            found = found.filter(self._of_age(chosen["age"]))
        if "target_group" in chosen:
            found = self._in_target_group(found, chosen["target_group"])
        if "needy" in chosen:
            found = found.editable_by(self.user).filter(needy=chosen["needy"].replace("unknown", ""))
        if "state" in chosen:
            found = self._in_state(found, chosen["state"])
        if "consent" in chosen:
            found = found.filter(consent_state=chosen["consent"])
        return found.named(chosen["q"]) if "q" in chosen else found

    def _of_age(self, band: str) -> Q:
        if band == "unknown":
            return Q(birth_year=None)
        year = timezone.localdate().year
        youngest, oldest = BANDS[band]
        return Q(birth_year__lte=year - youngest, birth_year__gte=year - oldest)

    def _in_target_group(self, found, group):
        """Who belongs to a sensitive one is told only where the reader sees that."""
        if group.is_sensitive:
            found = found.editable_by(self.user)
        return found.filter(target_group_marks__target_group=group)

    def _in_state(self, found, state: str):
        if state == "none":
            return found.filter(enrolments=None)
        return found.filter(pk__in=Enrolment.objects.filter(status=state).values("trainee"))


class TargetGroupsField(forms.ModelMultipleChoiceField):
    """Target groups to tick, named in the reader's language."""

    widget = forms.CheckboxSelectMultiple


class TraineeForm(KeptForm):
    """A person's entry. With a group, a new person comes into it, or onto its waiting list, at once."""

    PAST = ["registered_on"]
    SECTIONS = [
        (
            pgettext_lazy("of a person", "Name"),
            [["surname", "given_name", "patronymic"], ["birth_year", "sex", "language"]],
        ),
        (_("In the group"), [["place", "started_on"]]),
        (_("Contacts"), [["phone", "contact"], ["guardian_name", "guardian_phone"]]),
        (_("Target groups"), [["target_groups"], ["needy"]]),
        (_("Entry"), [["registered_on"], ["note"]]),
    ]
    birth_year = WholeField(label=_("Year of birth"), required=False, max_value=9999)
    target_groups = TargetGroupsField(
        label=_("She or he belongs to"), required=False, queryset=TargetGroup.objects.none()
    )
    place = forms.ChoiceField(
        label=_("Place"),
        choices=[("enrolled", _("in the group")), ("waiting", _("on the waiting list"))],
    )
    started_on = forms.DateField(label=_("First day"), required=False, widget=DateInput)

    class Meta:
        model = Trainee
        fields = [
            *["surname", "given_name", "patronymic", "birth_year", "sex", "language", "phone", "contact"],
            *["guardian_name", "guardian_phone", "needy", "registered_on", "note"],
        ]
        widgets = {"registered_on": DateInput}

    def __init__(self, *args, user, group=None, **kwargs):
        self.user, self.group = user, group
        super().__init__(*args, **kwargs)
        trainee = self.instance
        self.enrolment = None
        if group and not trainee._state.adding:
            self.enrolment = group.enrolments.filter(trainee=trainee).first()
        held = set() if trainee._state.adding else {m.target_group_id for m in trainee.target_group_marks.all()}
        groups = trainee.centre.network.target_groups.for_list()
        self.fields["target_groups"].queryset = groups.filter(Q(retired=False) | Q(pk__in=held))
        self.initial["target_groups"] = sorted(held)
        if not self.fields["target_groups"].queryset:
            del self.fields["target_groups"]
        if group is None:
            del self.fields["place"], self.fields["started_on"]
        else:
            self.initial |= self._place()
            self.fields["started_on"].help_text = since_when(group)
        for name in () if trainee._state.adding else trainee.hidden_from(user):
            self.fields.pop(name, None)
        for name in ("surname", "given_name", "patronymic"):
            self.fields[name].widget.attrs["autocomplete"] = "off"
        for name in CONTACTS & self.fields.keys():
            self.fields[name].widget.attrs["autocomplete"] = "off"
            if name.endswith("phone"):
                self.fields[name].widget.input_type = "tel"
        self.fields["note"].widget.attrs["rows"] = 3

    def again(self, **kwargs):
        return type(self)(user=self.user, group=self.group, **kwargs)

    def _place(self) -> dict:
        """What the form suggests for the place in the group; for somebody who is there, as she is there."""
        if self.enrolment:
            waits = self.enrolment.status == Enrolment.Status.WAITING
            return {"place": "waiting" if waits else "enrolled", "started_on": self.enrolment.started_on}
        left = places_left(self.group)
        place = "enrolled" if left is None or left > 0 else "waiting"
        return {"place": place, "started_on": usual_first_day(self.group)}

    def _one_line(self, name):
        return " ".join(self.cleaned_data[name].split())

    def clean_surname(self):
        return self._one_line("surname")

    def clean_given_name(self):
        return self._one_line("given_name")

    def clean_patronymic(self):
        return self._one_line("patronymic")

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("place") == "waiting":
            cleaned["started_on"] = None
        year, registered = cleaned.get("birth_year"), cleaned.get("registered_on")
        if year is not None and registered:
            self._check_year(year, registered)
            guardian = cleaned.get("guardian_name", self.instance.guardian_name)
            if year > registered.year - ADULT and not guardian and "birth_year" not in self.errors:
                self.add_error("guardian_name", _("Under 18 years: name a parent or guardian."))
        return cleaned

    def _check_year(self, year: int, registered: date):
        if year > timezone.localdate().year:
            self.add_error("birth_year", _("This year lies in the future."))
        elif year > registered.year:
            self.add_error("birth_year", _("She or he would have been born after the day of registering."))
        elif year < 100:
            self.add_error("birth_year", _("Write the year in four figures, for example 1985."))
        elif year < 1900:
            self.add_error("birth_year", _("The year of birth lies between 1900 and the year of registration."))

    def likely(self):
        """Entries of the centre that may be this person's."""
        known = Trainee.objects.editable_by(self.user).filter(centre=self.instance.centre)
        return known.for_list().resembling(self.instance)

    def save_parts(self):
        if "target_groups" in self.fields:
            self.instance.mark(self.cleaned_data["target_groups"], by=self.user)
        if self.enrolment:
            self._move()
        elif self.group:
            place = {"waiting": self.cleaned_data["place"] == "waiting"}
            if not place["waiting"]:
                place["started_on"] = self.cleaned_data["started_on"]
            Enrolment.objects.enrol(group=self.group, trainees=[self.instance], by=self.user, **place)

    def _move(self):
        """Sent again with another place or first day, and confirmed: the standing enrolment changes."""
        waits, started_on = self.cleaned_data["place"] == "waiting", self.cleaned_data["started_on"]
        if (waits, started_on) != (self.initial["place"] == "waiting", self.initial["started_on"]):
            status = Enrolment.Status.WAITING if waits else Enrolment.Status.ENROLLED
            self.enrolment.change(by=self.user, version=self.enrolment.version, status=status, started_on=started_on)
