"""Forms of the trainers and the rooms of a centre."""

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centres.collation import alphabetical
from centres.forms.entry import DateInput
from centres.forms.numbers import WholeField
from centres.forms.resources import KeptForm
from centres.models import User
from centres.models.accounts import CENTRE_ROLES, Membership

from ..models import Booking, Room, Trainer
from .filters import ALL, ListFilter


class TrainerFilter(ListFilter):
    """The list of trainers by name, centre, who pays them and what they are qualified for."""

    q = forms.CharField(label=_("Name"), required=False, max_length=150)
    centre = forms.ChoiceField(label=_("Centre"), required=False)
    paid_by = forms.ChoiceField(label=_("Paid by"), required=False, choices=[ALL, *Trainer.Payer.choices])
    qualification = forms.ChoiceField(
        label=_("Qualification"), required=False, choices=[ALL, *Trainer.Qualification.choices]
    )
    language = forms.ChoiceField(label=_("Teaches in"), required=False, choices=[ALL, *Trainer.Speaks.choices])
    state = forms.ChoiceField(
        label=_("Teaches"),
        required=False,
        choices=[("", _("now")), ("earlier", _("earlier")), ("all", _("now and earlier"))],
    )

    def trainers(self):
        """The visible trainers that fit, in the order of the list."""
        found = self.narrow(Trainer.objects.visible_to(self.user), "paid_by", "qualification")
        if "q" in self.chosen:
            for word in self.chosen["q"].split():
                found = found.filter(name__icontains=word)
        if "language" in self.chosen:
            found = found.filter(languages__contains=[self.chosen["language"]])
        ended = Q(until_date__lt=timezone.localdate())
        if self.chosen.get("state") == "earlier":
            found = found.filter(ended)
        elif "state" not in self.chosen:
            found = found.exclude(ended)
        return found.for_list()


class YesNoUnknown(forms.NullBooleanSelect):
    """Three answers: nobody knows is one of them."""

    def __init__(self, attrs=None):
        super().__init__(attrs)
        self.choices = [("unknown", _("not known")), ("true", _("yes")), ("false", _("no"))]


def planned_after(day, **what) -> Booking | None:
    """A weekly lesson that still needs the room or the trainer after that day; on and after it without a day."""
    later = Q(until_date__isnull=True) | Q(until_date__gt=day)
    return Booking.objects.filter(later, **what).select_related("slot__group").order_by("from_date").first()


class TrainerForm(KeptForm):
    """A trainer's whole entry. An account is one of the centre's own people's, and belongs to one trainer."""

    SECTIONS = [
        ("", [["name", "phone"], ["user"]]),
        (_("Qualification"), [["qualification", "is_certified"], ["qualification_note"], ["languages"]]),
        (_("Work at the centre"), [["paid_by"], ["from_date", "until_date"]]),
    ]
    languages = forms.MultipleChoiceField(
        label=_("Teaches in"), choices=Trainer.Speaks.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    is_certified = forms.NullBooleanField(
        label=_("Has a certificate for what she or he teaches"), required=False, widget=YesNoUnknown
    )

    class Meta:
        model = Trainer
        fields = [
            *["name", "phone", "user", "qualification", "is_certified", "qualification_note", "languages"],
            *["paid_by", "from_date", "until_date"],
        ]
        widgets = {"from_date": DateInput, "until_date": DateInput}
        help_texts = {"until_date": _("The last day. Leave it empty while the person teaches.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        here = Membership.objects.on(timezone.localdate()).filter(role__in=CENTRE_ROLES, centre=self.instance.centre_id)
        people = User.objects.filter(Q(pk__in=here.values("user")) | Q(pk=self.instance.user_id))
        self.fields["user"].queryset = people.order_by(alphabetical("name"), "pk")
        if not people and not self.instance.user_id:
            del self.fields["user"]

    def clean(self):
        cleaned = super().clean()
        until = cleaned.get("until_date")
        if until and not self.instance._state.adding and (lesson := planned_after(until, trainer=self.instance)):
            words = _(
                "In the timetable she or he still teaches the group %(group)s on %(weekday)s after that day. "
                "Change that timetable first."
            )
            self.add_error("until_date", words % {"group": lesson.slot.group, "weekday": lesson.get_weekday_display()})
        user = cleaned.get("user")
        if (
            user
            and Trainer.objects.filter(centre=self.instance.centre, user=user).exclude(pk=self.instance.pk).exists()
        ):
            self.add_error("user", _("This account already belongs to another trainer of the centre."))
        return cleaned


class RoomForm(KeptForm):
    """A room where the centre teaches."""

    SECTIONS = [("", [["name", "seats"], ["is_closed"]])]
    seats = WholeField(label=_("Seats"), required=False, max_value=5000)

    class Meta:
        model = Room
        fields = ["name", "seats", "is_closed"]
        help_texts = {"is_closed": _("It is no longer offered for timetables. What was held there stays.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance._state.adding:
            del self.fields["is_closed"]

    def clean(self):
        cleaned = super().clean()
        name = cleaned.get("name")
        same = Room.objects.filter(centre=self.instance.centre, name__iexact=name).exclude(pk=self.instance.pk)
        if name and same.exists():
            self.add_error("name", _("The centre already has a room of that name."))
        if cleaned.get("is_closed") and (lesson := planned_after(timezone.localdate(), room=self.instance)):
            words = _("The group %(group)s still has a weekly lesson there. Change its timetable first.")
            self.add_error("is_closed", words % {"group": lesson.slot.group})
        return cleaned


class RoomFilter(ListFilter):
    """The list of rooms by centre."""

    centre = forms.ChoiceField(label=_("Centre"), required=False)

    def rooms(self):
        found = self.narrow(Room.objects.visible_to(self.user))
        return found.select_related("centre").order_by("centre__code", "is_closed", alphabetical("name"), "pk")
