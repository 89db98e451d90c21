"""Forms of the groups, and the filters of their list."""

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centres.forms.entry import DateInput
from centres.forms.numbers import WholeField
from centres.forms.resources import KeptForm

from ..models import Group, GroupTrainer, Programme, Trainer
from .filters import ALL, ListFilter

STATES = [
    ("running", pgettext_lazy("state of a group", "running")),
    ("planned", pgettext_lazy("state of a group", "planned")),
    ("ended", pgettext_lazy("state of a group", "ended")),
]


class GroupFilter(ListFilter):
    """The list of groups by words, state, centre and programme; programmes are those that the visible groups run."""

    q = forms.CharField(label=_("Name or programme"), required=False, max_length=200)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[ALL, *STATES])
    centre = forms.ChoiceField(label=_("Centre"), required=False)
    programme = forms.ChoiceField(label=_("Programme"), required=False)

    def __init__(self, data, *, user):
        super().__init__(data, user=user)
        if self.has_many and self.centre is None:
            del self.fields["programme"]
            self.full_clean()
            return
        groups = Group.objects.visible_to(user)
        if self.chosen.get("centre"):
            groups = groups.filter(centre__code=self.chosen["centre"])
        used = Programme.objects.filter(pk__in=groups.order_by().values("programme")).in_order()
        self.fields["programme"].choices = [ALL, *((str(programme.pk), programme.full_title) for programme in used)]
        self.full_clean()

    def groups(self):
        """The visible groups that fit, in the order of the list."""
        found = self.narrow(Group.objects.visible_to(self.user), "programme")
        if "state" in self.chosen:
            found = found.in_state(self.chosen["state"], timezone.localdate())
        if "q" in self.chosen:
            found = found.named(self.chosen["q"])
        return found.for_list()


class GroupForm(KeptForm):
    """A group's whole entry but its timetable. A change of its dates is checked against journal and timetable.

    Whoever saves it changes bookings too: call `instance.hold()` before it is validated, in the same transaction.
    """

    SECTIONS = [
        ("", [["name"], ["programme"], ["start", "end"]]),
        (_("Teaching"), [["trainers"], ["language", "capacity"]]),
        (_("Journal"), [["keeping"], ["note"]]),
    ]
    capacity = WholeField(
        label=pgettext_lazy("in a group", "Places"),
        required=False,
        max_value=5000,
        help_text=_("How many can take part at the same time. Empty: no limit."),
    )
    trainers = forms.ModelMultipleChoiceField(
        label=_("Trainers"), queryset=Trainer.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Group
        fields = ["name", "programme", "start", "end", "language", "capacity", "keeping", "note"]
        widgets = {"start": DateInput, "end": DateInput, "keeping": forms.RadioSelect}
        help_texts = {
            "end": _("Leave it empty while the end is open."),
            "name": _("For example Sewing, spring 2005."),
            "keeping": _("It cannot be changed once the journal has a lesson."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        group, is_new = self.instance, self.instance._state.adding
        taught = set() if is_new else set(group.group_trainers.values_list("trainer", flat=True))
        offered = Programme.objects.usable_at(group.centre).values("pk")
        programmes = Programme.objects.filter(Q(pk__in=offered) | Q(pk=group.programme_id)).in_order()
        self.fields["programme"].queryset = programmes
        self.fields["programme"].label_from_instance = lambda programme: programme.full_title
        self.fields["programme"].empty_label = "" if programmes else _("no programme yet: enter one first")
        working = Q(until_date__isnull=True) | Q(until_date__gte=timezone.localdate())
        trainers = Trainer.objects.filter(Q(pk__in=taught) | working, centre=group.centre).in_order()
        self.fields["trainers"].queryset = trainers
        self.fields["trainers"].help_text = "" if trainers else _("No trainer of the centre is entered yet.")
        self.initial["trainers"] = sorted(taught, key=str)
        if not is_new and group.lessons.exists():
            del self.fields["keeping"]

    def clean_capacity(self):
        capacity = self.cleaned_data["capacity"]
        if capacity == 0:
            raise forms.ValidationError(_("A group has at least one place; leave it empty if there is no limit."))
        if capacity is not None and not self.instance._state.adding:
            most = self.instance.most_at_once()
            if capacity < most:
                words = _("%(most)s people were or are in the group at the same time: give at least %(most)s places.")
                raise forms.ValidationError(words % {"most": most})
        return capacity

    def clean(self):
        cleaned = super().clean()
        start, end = cleaned.get("start"), cleaned.get("end")
        if start and end and end < start:
            self.add_error("end", _("The last day lies before the first."))
        elif start and "end" not in self.errors:
            self._clean_name(cleaned.get("name"), start)
            if not self.instance._state.adding:
                self._clean_run(start, end)
        if not self.instance._state.adding and "trainers" in cleaned:
            left = self.instance.slots.exclude(trainer=None).exclude(trainer__in=cleaned["trainers"])
            for slot in left.select_related("trainer"):
                words = _("%(trainer)s still has the weekly lesson %(lesson)s. Change the timetable first.")
                self.add_error("trainers", words % {"trainer": slot.trainer, "lesson": slot})
        return cleaned

    def _clean_name(self, name, start):
        same = Group.objects.filter(centre=self.instance.centre, name__iexact=name, start=start)
        if name and same.exclude(pk=self.instance.pk).exists():
            self.add_error("name", _("The centre already has a group of that name that begins on that day."))

    def _clean_run(self, start, end):
        """The run covers the journal, the enrolments and the pauses, and its weekly lessons clash with nobody's."""
        for field, sentence in self.instance.run_problems(start, end):
            self.add_error(field, sentence)

    def save_parts(self):
        group, chosen = self.instance, {trainer.pk for trainer in self.cleaned_data["trainers"]}
        standing = GroupTrainer.objects.filter(group=group)
        standing.exclude(trainer__in=chosen).delete()
        fresh = sorted(chosen - set(standing.values_list("trainer", flat=True)), key=str)
        GroupTrainer.objects.bulk_create(GroupTrainer(centre=group.centre, group=group, trainer_id=pk) for pk in fresh)
        group.book()
