"""Forms of who is in a group: adding people, changing an enrolment, completing all at once."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from centres.forms.entry import DateInput, Entry
from centres.forms.versioned import VersionedForm

from ..models import Enrolment, Trainee
from ..models.enrolments import first_day, usual_first_day


class AddForm(Entry, forms.Form):
    """Trainees of the centre, chosen for the group or for its waiting list."""

    pick = forms.ModelMultipleChoiceField(
        queryset=Trainee.objects.none(), error_messages={"required": _("Choose at least one person.")}
    )
    place = forms.ChoiceField(choices=[("enrolled", ""), ("waiting", "")], widget=forms.HiddenInput)
    started_on = forms.DateField(label=_("First day"), required=False, widget=DateInput)

    def __init__(self, *args, user, group, **kwargs):
        super().__init__(*args, **kwargs)
        self.user, self.group = user, group
        self.fields["pick"].queryset = Trainee.objects.editable_by(user).filter(centre=group.centre_id).current()
        self.initial["started_on"] = usual_first_day(group)
        self.fields["started_on"].widget.attrs["class"] = "form-control"
        self.fields["started_on"].help_text = since_when(group)

    def add(self) -> list[Enrolment]:
        """Bring all of them into the group, or none; raises what `enrol` raises."""
        return Enrolment.objects.enrol(
            group=self.group,
            trainees=self.cleaned_data["pick"],
            by=self.user,
            waiting=self.cleaned_data["place"] == "waiting",
            started_on=self.cleaned_data["started_on"],
        )


def since_when(group) -> str:
    """What helps with somebody's first day in a group that runs already."""
    words = _("The group began on %(day)s. Who has come since then began on that day.")
    return words % {"day": date_format(group.start)} if group.start < timezone.localdate() else ""


class EnrolmentForm(VersionedForm):
    """A step on, or back again. What does not belong to the status is left out, whatever the fields still hold."""

    SECTIONS = [("", [["status"], ["applied_on", "started_on", "ended_on"], ["reason", "reason_note"]])]

    class Meta:
        model = Enrolment
        fields = ["status", "applied_on", "started_on", "ended_on", "reason", "reason_note"]
        widgets = {
            "status": forms.RadioSelect,
            "applied_on": DateInput,
            "started_on": DateInput,
            "ended_on": DateInput,
        }

    def __init__(self, *args, user, **kwargs):
        self.user = user
        super().__init__(*args, **kwargs)
        group = self.instance.group
        if self.instance.started_on is None:
            self.initial["started_on"] = first_day(group)
        if self.instance.ended_on is None:
            self.initial["ended_on"] = last_day(group)

    def again(self, **kwargs):
        return type(self)(user=self.user, **kwargs)

    def clean(self):
        cleaned = super().clean()
        status = cleaned.get("status")
        if status in (Enrolment.Status.WAITING, Enrolment.Status.NOT_COME):
            self._leave_out("started_on", None)
        if status not in (Enrolment.Status.COMPLETED, Enrolment.Status.DROPPED):
            self._leave_out("ended_on", None)
        if status != Enrolment.Status.DROPPED:
            self._leave_out("reason", "")
            self._leave_out("reason_note", "")
        began, applied = cleaned.get("started_on"), cleaned.get("applied_on")
        if began and applied and applied == self.initial["applied_on"] and began != self.initial["started_on"]:
            cleaned["applied_on"] = min(applied, began)  # it was suggested: the first day that was typed counts
        if not self.errors:
            row = Enrolment.objects.select_related("group").get(pk=self.instance.pk)
            for name in self._meta.fields:
                setattr(row, name, cleaned[name])
            try:
                row.check_dates()
            except ValidationError as refused:
                self.add_error(None, refused)
        return cleaned

    def _leave_out(self, name, empty):
        self.errors.pop(name, None)
        self.cleaned_data[name] = empty

    def save(self, commit=True):
        values = {name: self.cleaned_data[name] for name in self._meta.fields}
        self.instance.change(by=self.user, version=self.cleaned_data["version"] or 0, **values)
        return self.instance


class PeopleForm(Entry, forms.Form):
    """Some of those who are in the group now, each with a box to tick."""

    pick = forms.ModelMultipleChoiceField(
        label=_("Members"),
        queryset=Enrolment.objects.none(),
        error_messages={"required": _("Choose at least one person.")},
    )

    def __init__(self, *args, group, **kwargs):
        super().__init__(*args, **kwargs)
        self.group = group
        inside = group.enrolments.filter(status=Enrolment.Status.ENROLLED)
        self.fields["pick"].queryset = inside
        self.rows = list(inside.with_attendance().select_related("trainee").by_name())

    def usual(self) -> set:
        """Whose boxes are ticked at first."""
        return {row.pk for row in self.rows}

    @property
    def people(self) -> list[tuple]:
        """(enrolment with its attendance, whether it is ticked)."""
        ticked = self.usual()
        if self.is_bound:
            ticked = set(self.data.getlist("pick"))
        return [(row, row.pk in ticked or str(row.pk) in ticked) for row in self.rows]


class CompleteForm(PeopleForm):
    """The day on which people complete the group. Who was never there is not ticked where names are kept."""

    ended_on = forms.DateField(label=_("Last day"), widget=DateInput)
    end_group = forms.BooleanField(
        label=_("The group ends on this day, too"),
        required=False,
        help_text=_("Then it is no longer announced. Who is on the waiting list stays there."),
    )

    def __init__(self, *args, group, **kwargs):
        super().__init__(*args, group=group, **kwargs)
        self.initial["ended_on"] = last_day(group)
        if group.end and group.end <= timezone.localdate():
            del self.fields["end_group"]

    def usual(self):
        came = {row.pk for row in self.rows if row.present}
        return came or super().usual()


class FirstDayForm(PeopleForm):
    """Another first day for several people."""

    started_on = forms.DateField(label=_("First day"), widget=DateInput)

    def __init__(self, *args, group, **kwargs):
        super().__init__(*args, group=group, **kwargs)
        self.initial["started_on"] = group.start


def last_day(group):
    """The day on which the group ends; while it runs, that of its last lesson in the journal, else today."""
    today = timezone.localdate()
    if group.end and group.end <= today:
        return group.end
    held = group.lessons.held().filter(date__lte=today).order_by("-date").first()
    return held.date if held else max(today, group.start)
