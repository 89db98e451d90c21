"""Forms of the seminars, and of who took part in them."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from centres.forms.entry import DateInput
from centres.forms.languages import ThreeLanguages, in_languages
from centres.forms.resources import KeptForm
from centres.models import Network, Project

from ..models import Seminar, SeminarAttendance, Trainer


class SeminarForm(ThreeLanguages, KeptForm):
    """A seminar's whole entry, by a coordinator."""

    TRANSLATED = {"title": True, "place": False, "form": False, "objectives": False, "outcomes": False}
    SECTIONS = [
        (
            _("Seminar"),
            [["network"], in_languages("title"), ["start", "end"], in_languages("place"), in_languages("form")],
        ),
        (_("Where it comes from"), [["project", "cascade_of"]]),
        (_("Objectives"), [in_languages("objectives")]),
        (_("Outcomes"), [in_languages("outcomes")]),
    ]

    class Meta:
        model = Seminar
        fields = [
            *["network", *in_languages("title"), "start", "end", "project", "cascade_of"],
            *in_languages("place", "form", "objectives", "outcomes"),
        ]
        widgets = {"start": DateInput, "end": DateInput}
        help_texts = {
            "cascade_of": _("If those who were trained at another seminar pass on there what they learnt."),
        }

    def __init__(self, *args, user, **kwargs):
        self.user = user
        super().__init__(*args, **kwargs)
        networks = Network.objects.editable_by(user).in_order()
        if not self.instance._state.adding or len(networks) == 1:
            self.instance.network = self.instance.network if self.instance.network_id else networks[0]
            del self.fields["network"]
            networks = [self.instance.network]
        else:
            self.fields["network"].queryset = networks
        self.fields["project"].queryset = Project.objects.filter(network__in=networks).order_by("-start", "pk")
        earlier = Seminar.objects.filter(network__in=networks).exclude(pk=self.instance.pk)
        self.fields["cascade_of"].queryset = earlier.for_list()
        self.fields["cascade_of"].label_from_instance = lambda seminar: f"{seminar} ({seminar.start:%Y})"

    def again(self, **kwargs):
        return type(self)(user=self.user, **kwargs)

    def clean(self):
        cleaned = super().clean()
        start, end = cleaned.get("start"), cleaned.get("end")
        if start and end and end < start:
            self.add_error("end", _("The last day lies before the first."))
        network = cleaned.get("network") or getattr(self.instance, "network", None)
        for name in ("project", "cascade_of"):
            other = cleaned.get(name)
            if other and network and other.network_id != network.pk:
                self.add_error(name, _("This belongs to another network."))
        source = cleaned.get("cascade_of")
        if source and start and start < source.start:
            self.add_error("start", _("It begins before the seminar that it follows from."))
        if source and not self.instance._state.adding and source.pk in self.instance.followers():
            self.add_error("cascade_of", _("That seminar follows from this one."))
        return cleaned


class AttendanceForm(forms.Form):
    """Which trainers of one centre took part in a seminar."""

    trainers = forms.ModelMultipleChoiceField(
        label=_("Trainers who took part"),
        queryset=Trainer.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, seminar, centre, **kwargs):
        self.seminar, self.centre = seminar, centre
        super().__init__(*args, **kwargs)
        self.standing = SeminarAttendance.objects.filter(seminar=seminar, centre=centre)
        there = set(self.standing.values_list("trainer", flat=True))
        working = Q(until_date__isnull=True) | Q(until_date__gte=seminar.start)
        offered = Trainer.objects.filter(Q(pk__in=there) | working, centre=centre)
        self.fields["trainers"].queryset = offered.in_order()
        self.fields["trainers"].initial = sorted(there, key=str)

    def save(self):
        """Add who is ticked now, take out who is not; the rest stays as it is."""
        chosen = {trainer.pk for trainer in self.cleaned_data["trainers"]}
        self.standing.exclude(trainer__in=chosen).delete()
        SeminarAttendance.objects.bulk_create(
            (
                SeminarAttendance(centre=self.centre, seminar=self.seminar, trainer_id=pk)
                for pk in sorted(chosen, key=str)
            ),
            ignore_conflicts=True,
        )
