"""Forms about what came of it: satisfaction slips typed in from paper, follow-ups, and the filter of their list."""

from uuid import uuid4

from django import forms
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from centres.forms.entry import DateInput, Entry
from centres.forms.resources import KeptForm

from ..models import Enrolment, FollowUp, Group, Slip
from ..outcomes import QUESTIONS
from .filters import ALL, ListFilter

ROWS = 6  # slips typed in at once
MOST_ROWS = 60  # in what a browser may send
STORED = _("This slip is stored already, with other answers. Take that one out, then send this one again.")


class SlipForm(Entry, forms.ModelForm):
    """One slip, a row of the grid. The language alone makes no slip: the row counts as empty."""

    id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Slip
        fields = [*QUESTIONS, "words", "language"]
        widgets = dict.fromkeys(QUESTIONS, forms.RadioSelect) | {"words": forms.Textarea(attrs={"rows": 1})}

    def __init__(self, *args, group, filled_on=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.group, self.instance.centre_id = group, group.centre_id
        self.instance.filled_on = filled_on or timezone.localdate()
        self.initial |= {"id": uuid4(), "language": translation.get_language()}
        self.fields["words"].widget.attrs["class"] = "form-control"
        self.fields["language"].widget.attrs["class"] = "form-select"

    def has_changed(self):
        return any((self[name].data or "").strip() for name in (*QUESTIONS, "words"))

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("id"):
            self.instance.pk = cleaned["id"]
        return cleaned


class BaseSlips(forms.BaseFormSet):
    """A grid of slips, at least one of them filled in."""

    def clean(self):
        if not any(self.errors) and not self.slips:
            raise forms.ValidationError(_("Fill in one slip at least."))
        for form in self.forms:
            if form.has_changed() and form.is_valid() and form.instance.stands_otherwise:
                form.add_error(None, STORED)
        ids = [slip.pk for slip in self.slips]
        if len(ids) != len(set(ids)):
            raise forms.ValidationError(_("Load the page anew: two rows are the same slip."))

    @property
    def slips(self) -> list[Slip]:
        return [form.instance for form in self.forms if form.has_changed()]


Slips = forms.formset_factory(SlipForm, formset=BaseSlips, extra=ROWS, absolute_max=MOST_ROWS, max_num=MOST_ROWS)


class SlipsDay(Entry, forms.Form):
    """The day on which a pile of slips was filled in."""

    filled_on = forms.DateField(label=_("Filled in on"), widget=DateInput)

    def __init__(self, *args, group, **kwargs):
        self.group = group
        today = timezone.localdate()
        super().__init__(*args, initial={"filled_on": max(min(group.end or today, today), group.start)}, **kwargs)

    def clean_filled_on(self):
        day = self.cleaned_data["filled_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day lies in the future."))
        if day < self.group.start:
            words = {"day": date_format(self.group.start)}
            raise forms.ValidationError(_("The group begins on %(day)s only."), params=words)
        return day


class FollowUpForm(KeptForm):
    """One attempt to ask a graduate, on one screen."""

    SECTIONS = [("", [["result"], ["how", "asked_on", "asked_by"], ["note"]])]

    class Meta:
        model = FollowUp
        fields = ["result", "how", "asked_on", "asked_by", "note"]
        widgets = {"asked_on": DateInput, "result": forms.RadioSelect}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["result"].choices = FollowUp.Result.choices
        self.fields["asked_on"].widget.attrs["max"] = f"{timezone.localdate():%Y-%m-%d}"

    def clean(self):
        cleaned = super().clean()
        enrolment = self.instance.enrolment
        if self.instance._state.adding and not Enrolment.objects.filter(pk=enrolment.pk).may_be_asked().exists():
            self.add_error(None, _("The consent was withdrawn: this person is not asked any more."))
        return cleaned


class FollowUpFilter(ListFilter):
    """By centre, and by group once the centre is known."""

    centre = forms.ChoiceField(label=_("Centre"), required=False)
    group = forms.ChoiceField(label=_("Group"), required=False)

    def __init__(self, data, *, user):
        super().__init__(data, user=user)
        if self.centre is None:
            del self.fields["group"]
            self.cleaned_data.pop("group", None)
            return
        groups = Group.objects.filter(centre=self.centre, enrolments__status=Enrolment.Status.COMPLETED)
        self.fields["group"].choices = [ALL, *((str(group.pk), str(group)) for group in groups.distinct().in_order())]
        self.full_clean()

    def enrolments(self):
        """Of the centres whose inside the person sees, as far as the filters leave them."""
        if self.must_choose:
            return Enrolment.objects.none()
        return self.narrow(Enrolment.objects.visible_to(self.user), "group")

    def follow_ups(self):
        if self.must_choose:
            return FollowUp.objects.none()
        found = self.narrow(FollowUp.objects.visible_to(self.user))
        return found.filter(enrolment__group=self.chosen["group"]) if "group" in self.chosen else found
