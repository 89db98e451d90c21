"""A lesson of a journal with the attendance of the whole group, on one screen."""

from dataclasses import dataclass
from datetime import time
from decimal import Decimal
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centres.forms.entry import DateInput
from centres.forms.numbers import WholeField, plain_amount, without_spaces
from centres.forms.versioned import VersionedForm

from ..models import Attendance, Enrolment, Group, Lesson, Room, Trainer
from ..models.journal import was_in_group

MARK = "mark-"
NOBODY_SAID = ("", pgettext_lazy("attendance", "not known"))
MARKS = [*Attendance.Mark.choices, NOBODY_SAID]
MOST_HOURS = 24
NOBODY = _("Nobody was in the group on this day. Enrol people first, or choose another day.")


class ClockField(forms.TimeField):
    """A time of day, to the minute."""

    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")

    def prepare_value(self, value):
        return f"{value:%H:%M}" if isinstance(value, time) else value


class HoursField(forms.DecimalField):
    """Hours with one digit after the comma, or the point."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    default_error_messages = {"invalid": _("Write the hours in figures, for example 2 or 1,5.")}

    def prepare_value(self, value):
        return plain_amount(value) if isinstance(value, Decimal) else value

    def to_python(self, value):
        return super().to_python(without_spaces(value).replace(",", ".") if isinstance(value, str) else value)


@dataclass(frozen=True)
class Person:
    """One line of the list: who, whether she is expected on that day, and the mark in the form."""

    enrolment: Enrolment
    field: forms.BoundField
    mark: str
    is_expected: bool

    @property
    def marks(self):
        """(code, word, whether chosen) of each answer."""
        return [(code, word, code == self.mark) for code, word in MARKS]

    @property
    def word(self):
        return dict(MARKS).get(self.mark, self.mark)


class LessonForm(VersionedForm):
    """A lesson and who was there. The list of people is that of the day in the form."""

    id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    starts = ClockField(label=_("Begins at"), required=False)
    ends = ClockField(label=_("Ends at"), required=False)
    hours = HoursField(
        label=_("Hours"), required=False, min_value=0, max_value=MOST_HOURS, max_digits=4, decimal_places=1
    )
    women = WholeField(label=_("Women"), required=False, max_value=9999)
    men = WholeField(label=_("Men"), required=False, max_value=9999)
    in_pause = forms.BooleanField(label=_("Yes, there was a lesson during the pause"), required=False)

    class Meta:
        model = Lesson
        fields = ["date", "topic", "starts", "ends", "hours", "trainer", "room", "state", "note", "women", "men"]
        widgets = {"date": DateInput, "note": forms.Textarea(attrs={"rows": 2})}
        labels = {"note": _("Note")}
        help_texts = {
            "state": _("A cancelled lesson keeps no attendance; the note says why it was cancelled."),
            "hours": _("Academic hours."),
        }

    def __init__(self, *args, group, user, **kwargs):
        self.group, self.user = group, user
        super().__init__(*args, **kwargs)
        if self.instance._state.adding:
            self.initial["id"] = uuid4()
        else:
            del self.fields["id"]
        for name in ("trainer", "room"):
            self._offer(name)
        self.fields["date"].widget.attrs["max"] = f"{timezone.localdate():%Y-%m-%d}"
        for name in ("women", "men") if self.by_name else ():
            del self.fields[name]
        self.enrolments = list(self._roster()) if self.by_name else []
        marks = {}
        if not self.instance._state.adding:
            marks = dict(self.instance.marks.values_list("enrolment", "mark"))
        for enrolment in self.enrolments:
            name = f"{MARK}{enrolment.pk}"
            self.fields[name] = forms.ChoiceField(label=str(enrolment.trainee), choices=MARKS, required=False)
            self.initial[name] = marks.get(enrolment.pk, "")
        if self.is_bound and "everybody" in self.data:
            self._mark_the_others()

    def _mark_the_others(self) -> None:
        """Without JavaScript the button sends the form: who is in the group and has no mark was there."""
        self.data, day = self.data.copy(), self._day()
        for enrolment in self.enrolments:
            name = f"{MARK}{enrolment.pk}"
            if was_in_group(enrolment, day) and not (self.data.get(name) or self.initial[name]):
                self.data[name] = Attendance.Mark.PRESENT

    def _offer(self, name) -> None:
        """The centre's own trainers and rooms in use, and the one that the lesson has."""
        standing = self.initial.get(name)
        if name == "trainer":
            fit = Trainer.objects.filter(Q(until_date=None) | Q(until_date__gte=self.group.start) | Q(pk=standing))
            fit = fit.in_order()
        else:
            fit = Room.objects.filter(Q(is_closed=False) | Q(pk=standing)).order_by("name")
        self.fields[name].queryset = fit.filter(centre=self.group.centre_id)

    def _roster(self):
        """Who was in the group on the day in the form, and whoever has a mark or is given one."""
        day, given = self._day(), []
        if self.is_bound:
            given = [pk for pk in map(enrolment_in, self.data) if pk]
        wanted = Q(started_on__lte=day) & (Q(ended_on=None) | Q(ended_on__gte=day)) if day else Q(pk=None)
        wanted |= Q(pk__in=given)
        if not self.instance._state.adding:
            wanted |= Q(pk__in=self.instance.marks.values("enrolment"))
        return Enrolment.objects.filter(wanted, group=self.group).select_related("trainee").by_name()

    def _day(self):
        """The day in the form, as far as it is one."""
        if self.is_bound:
            try:
                return self.fields["date"].to_python(self.data.get(self.add_prefix("date")))
            except ValidationError:
                return self.initial.get("date")
        return self.initial.get("date")

    def again(self, **kwargs):
        return type(self)(group=self.group, user=self.user, **kwargs)

    @property
    def by_name(self) -> bool:
        return self.group.keeping == Group.Keeping.NAMES

    @property
    def people(self) -> list[Person]:
        """The list of the group, in the order of the register."""
        day = self._day()
        return [
            Person(enrolment, field, self._mark(field), was_in_group(enrolment, day))
            for enrolment in self.enrolments
            for field in [self[f"{MARK}{enrolment.pk}"]]
        ]

    def _mark(self, field) -> str:
        if self.is_bound and field.html_name in self.data:
            return field.value()
        return field.initial

    def counts(self) -> list[tuple[str, str, int]]:
        """(code, word, how many have that mark in the form)."""
        given = [person.mark for person in self.people]
        return [(code, word, given.count(code)) for code, word in MARKS]

    @property
    def asks_about_pause(self) -> bool:
        return bool(self["in_pause"].value()) or "in_pause" in self.errors

    @property
    def more_is_open(self) -> bool:
        """Whether room, state and note hold something that should be seen at once."""
        names = ("room", "state", "note")
        return any(self.errors.get(name) for name in names) or bool(
            self["note"].value() or self["state"].value() == Lesson.State.CANCELLED
        )

    def clean(self):
        cleaned = super().clean()
        for name in self._marks():
            if self.add_prefix(name) not in self.data:
                cleaned[name] = self.initial[name]  # not on the page that was sent: as it stands
        day = cleaned.get("date")
        if day and (self.instance._state.adding or day != self.initial["date"]):
            self._check_day(day)
        if bool(cleaned.get("starts")) != bool(cleaned.get("ends")) and not {"starts", "ends"} & self.errors.keys():
            missing = "ends" if cleaned.get("starts") else "starts"
            self.add_error(missing, _("Give both times, the beginning before the end, or none."))
        if cleaned.get("hours") == 0:
            self.add_error("hours", _("A lesson has more than 0 hours; leave it empty if nobody knows."))
        if cleaned.get("state") == Lesson.State.CANCELLED:
            if not cleaned.get("note") and "note" not in self.errors:
                self.add_error("note", _("Say in the note why the lesson was cancelled."))
        elif self.by_name:
            self._check_marks(cleaned)
        elif (cleaned.get("women") is None) != (cleaned.get("men") is None) and not {"women", "men"} & {*self.errors}:
            missing = "men" if cleaned.get("men") is None else "women"
            self.add_error(missing, _("Give both numbers, women and men; 0 if there were none."))
        return cleaned

    def _marks(self):
        return [name for name in self.fields if name.startswith(MARK)]

    def _check_day(self, day) -> None:
        group = self.group
        if day < group.start or (group.end and day > group.end):
            dates = {"first": date_format(group.start), "last": date_format(group.end) if group.end else "…"}
            self.add_error("date", _("The group runs from %(first)s to %(last)s. Choose a day in between.") % dates)
        elif day > timezone.localdate():
            self.add_error("date", _("A journal is not kept in advance: this day lies in the future."))
        elif not self.cleaned_data.get("in_pause"):
            pause = group.pauses.filter(from_date__lte=day, until_date__gte=day).first()
            if pause:
                dates = {"first": date_format(pause.from_date), "last": date_format(pause.until_date)}
                sentence = _("The group pauses from %(first)s to %(last)s. Change the day, or confirm the lesson here.")
                self.add_error("in_pause", sentence % dates)

    def _check_marks(self, cleaned) -> None:
        """Nobody is marked for a day on which she was not in the group; a mark that stands may stay."""
        known = {enrolment.pk for enrolment in self.enrolments}
        if any(pk not in known for pk in map(enrolment_in, self.data) if pk):
            self.add_error(
                None, _("A mark was given to somebody who is not in this group. It is left out; look at the list.")
            )
        day = cleaned.get("date")
        if not day:
            return
        is_new = self.instance._state.adding
        is_stale = not is_new and cleaned.get("version") != self.instance.version  # that becomes a conflict
        moved = is_new or (day != self.initial["date"] and not is_stale)
        for enrolment in self.enrolments:
            name = f"{MARK}{enrolment.pk}"
            mark = cleaned.get(name)
            if mark and (moved or mark != self.initial[name]) and not was_in_group(enrolment, day):
                self.add_error(name, not_in_group(enrolment))
        again = moved or self.initial["state"] == Lesson.State.CANCELLED
        if again and "date" not in self.errors and not any(was_in_group(each, day) for each in self.enrolments):
            self.add_error("date", NOBODY)

    def shown(self) -> dict:
        return {name: text for name, text in super().shown().items() if name != "in_pause"}

    def sent(self) -> dict:
        """As the form would show what was sent: 1,5 and 1.5 are one thing."""
        values = {name: self.cleaned_data.get(name) for name in self.shown()}
        return {name: self._as_text(self.fields[name].prepare_value(value)) for name, value in values.items()}

    def against(self, theirs):
        """People who are only in the list that the others saved keep what they have there."""
        standing = self.again(instance=theirs)
        for name in set(standing._marks()) - self.fields.keys():
            self.fields[name], self.cleaned_data[name] = standing.fields[name], standing.initial[name]
            self.initial[name] = standing.initial[name]
        return super().against(theirs)

    def display(self, name: str, value) -> str:
        return str(dict(MARKS).get(value, value)) if name.startswith(MARK) else super().display(name, value)

    def save(self, commit=True):
        """Store the lesson and its marks together; raises EditConflict when others saved it meanwhile."""
        if self.instance._state.adding:
            if self.cleaned_data["id"]:
                self.instance.pk = self.cleaned_data["id"]
            version = None
        else:
            version = self.cleaned_data["version"] or 0
        marks = {enrolment_in(name): self.cleaned_data[name] for name in self._marks()}
        self.instance.keep(by=self.user, version=version, marks=marks)
        return self.instance


def enrolment_in(name: str) -> UUID | None:
    """The enrolment that a mark's field is about."""
    try:
        return UUID(name.removeprefix(MARK)) if name.startswith(MARK) else None
    except ValueError:
        return None


def not_in_group(enrolment) -> str:
    """Since when, and until when, somebody is in the group."""
    if enrolment.started_on is None:
        return _("%(name)s has not begun: give no mark, or change the enrolment.") % {"name": enrolment.trainee}
    first, last = enrolment.started_on, enrolment.ended_on
    words = {"name": enrolment.trainee, "first": date_format(first), "last": date_format(last) if last else "…"}
    return _("%(name)s is in the group from %(first)s to %(last)s. Take the mark back, or change the day.") % words
