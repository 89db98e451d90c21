"""The form of a group's timetable: rows of weekly lessons and of pauses, saved together."""

from functools import partial
from uuid import UUID, uuid4

from django import forms
from django.db.models import Q
from django.forms import BaseFormSet, formset_factory
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centres.forms.entry import DateInput, Entry

from ..models import Pause, Room, Slot, TimetableRefused, Trainer, Weekday

MOST = 60  # rows of each kind
SPARE = {"slots": 3, "pauses": 1}  # empty rows under the filled ones


def known(rows: dict, pk: str):
    """The row with that id; ValueError where it is none of them, as `TypedChoiceField` expects."""
    if pk not in rows:
        raise ValueError(pk)
    return rows[pk]


class TimeInput(forms.TimeInput):
    """A time of day, typed or picked."""

    input_type = "time"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%H:%M")


class RowForm(Entry, forms.Form):
    """A row that may stay empty; one that stands already carries its id."""

    id = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean_id(self):
        """What is no id is left out: the row then counts as a new one."""
        try:
            return UUID(self.cleaned_data["id"])
        except ValueError:
            return None


class SlotForm(RowForm):
    """A weekly lesson; room and trainer can be open."""

    weekday = forms.TypedChoiceField(label=_("Day"), coerce=int, choices=[("", "—"), *Weekday.choices])
    starts = forms.TimeField(label=_("Begins"), widget=TimeInput)
    ends = forms.TimeField(label=_("Ends"), widget=TimeInput)
    room = forms.TypedChoiceField(label=_("Room"), required=False, empty_value=None)
    trainer = forms.TypedChoiceField(label=_("Trainer"), required=False, empty_value=None)

    def __init__(self, *args, rooms, trainers, **kwargs):
        super().__init__(*args, **kwargs)
        for name, rows in (("room", rooms), ("trainer", trainers)):
            self.fields[name].choices = [("", "—"), *((pk, str(row)) for pk, row in rows.items())]
            self.fields[name].coerce = partial(known, rows)


class PauseForm(RowForm):
    """Days on which the weekly lessons are not held, both ends included."""

    from_date = forms.DateField(label=_("From"), widget=DateInput)
    until_date = forms.DateField(label=_("Until, last day"), widget=DateInput)
    reason = forms.CharField(label=_("Reason"), max_length=150, required=False)


class Rows(BaseFormSet):
    """Rows of one kind; `kept` are the filled ones that are not to be removed."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Remove")
        for field in form.fields.values():
            if isinstance(field.widget, forms.Select):
                field.widget.attrs["class"] = "form-select"
            elif not isinstance(field.widget, forms.CheckboxInput):
                field.widget.attrs["class"] = "form-control"

    @property
    def kept(self):
        return [form for form in self.forms if form.has_changed() and not self._should_delete_form(form)]


class TimetableForm:
    """A group's weekly lessons and pauses as a person edits them, from the version that she was shown."""

    def __init__(self, group, data=None):
        self.group, self.data, self.version = group, data, group.version
        if data is not None:
            sent = data.get("version", "")
            self.version = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0
        slots, pauses = group.slots.select_related("room", "trainer"), group.pauses.all()
        used = {name: {getattr(slot, name) for slot in slots} - {None} for name in ("room_id", "trainer_id")}
        mine = used["trainer_id"] | set(group.group_trainers.values_list("trainer", flat=True))
        working = Q(until_date__isnull=True) | Q(until_date__gte=timezone.localdate())
        rooms = Room.objects.filter(Q(is_closed=False) | Q(pk__in=used["room_id"]), centre=group.centre_id)
        trainers = Trainer.objects.filter(Q(pk__in=mine) | working, centre=group.centre_id).in_order()
        choices = {
            name: {str(row.pk): row for row in rows} for name, rows in (("rooms", rooms), ("trainers", trainers))
        }
        self.slots = self._rows(SlotForm, "slots", slots, choices)
        self.pauses = self._rows(PauseForm, "pauses", pauses, {})

    def _rows(self, form, prefix, rows, kwargs):
        """What was sent, or else what stands, with some empty rows below."""
        names = [name for name in form.base_fields if name != "id"]
        initial = [{"id": row.pk} | {name: getattr(row, name) for name in names} for row in rows]
        for row in initial:
            row |= {name: row[name].pk for name in ("room", "trainer") if row.get(name)}
        kind = formset_factory(
            form, formset=Rows, extra=SPARE[prefix], can_delete=True, max_num=MOST, absolute_max=MOST, validate_max=True
        )
        return kind(self.data, initial=None if self.data else initial, prefix=prefix, form_kwargs=kwargs)

    @property
    def parts(self):
        return (self.slots, self.pauses)

    @property
    def errors(self) -> bool:
        return self.data is not None and any(rows.total_error_count() for rows in self.parts)

    def is_valid(self) -> bool:
        return self.data is not None and not self.errors

    def save(self, *, by) -> bool:
        """Reschedule the group. False, with the reasons at their rows, when that is refused; raises EditConflict."""
        slots, pauses = self._objects(self.slots, Slot), self._objects(self.pauses, Pause)
        try:
            self.group.reschedule(by=by, version=self.version, slots=slots, pauses=pauses)
        except TimetableRefused as refused:
            for problem in refused.problems:
                if problem.slot is not None:
                    self.slots.kept[problem.slot].add_error(None, problem.sentence)
                else:
                    self.pauses.kept[problem.pause].add_error(None, problem.sentence)
            return False
        return True

    def _objects(self, rows, model):
        """The rows as the model keeps them. An id counts only once, and only if no other group has it."""
        values = [{**form.cleaned_data} for form in rows.kept]
        ids = [each["id"] for each in values if each["id"]]
        foreign = set(model.objects.filter(pk__in=ids).exclude(group=self.group).values_list("pk", flat=True))
        made = []
        for each in values:
            each.pop("DELETE")
            pk = each.pop("id")
            if pk is None or pk in foreign:
                pk = uuid4()
            foreign.add(pk)
            made.append(model(pk=pk, **each))
        return made
