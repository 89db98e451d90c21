"""Forms of the administrative map: choose a settlement, add a unit, move it to another parent from a day on."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..collation import kazakh_key
from ..models import AdminUnit, Placement
from .entry import DateInput, Entry
from .languages import ThreeLanguages, in_languages, texts_typed


def grouped(units, day, *, blank=""):
    """Choices of units, grouped by oblast as of that day, each with its raion, all in the reader's order."""
    groups = {}
    units = list(units)
    places = AdminUnit.objects.filter(pk__in=[unit.pk for unit in units]).places(day)
    for unit in units:
        place = places[unit.pk]
        label = f"{unit} ({place.raion})" if place.raion and place.raion != unit else str(unit)
        groups.setdefault(str(place.oblast or ""), []).append((unit.pk, label))
    choices = [("", blank)]
    for oblast, found in sorted(groups.items(), key=lambda group: kazakh_key(group[0])):
        found.sort(key=lambda choice: kazakh_key(choice[1]))
        choices += [(oblast, found)] if oblast else found
    return choices


def settlements(current=None):
    """Towns and villages of today to choose from, and the one that is chosen already."""
    today = timezone.localdate()
    units = AdminUnit.objects.lived_in(today)
    if current:
        units = units | AdminUnit.objects.filter(pk=current.pk)
    return grouped(units, today, blank="---------")


class ParentField(forms.ModelChoiceField):
    """A larger unit: an oblast, raion, city or rural district that exists today."""

    def __init__(self, **kwargs):
        super().__init__(queryset=AdminUnit.objects.exclude(level=AdminUnit.Level.SETTLEMENT), **kwargs)

    def offer(self, smaller_than=None):
        """Fill in the choices: every larger unit, or only those above the given one."""
        units = self.queryset.all()
        if smaller_than:
            units = [unit for unit in units if unit.rank < smaller_than.rank]
        self.choices = grouped(units, timezone.localdate(), blank="---------")


def too_small(unit: AdminUnit, parent: AdminUnit) -> ValidationError | None:
    """The error when the parent is not larger than the unit."""
    if parent.rank < unit.rank:
        return None
    return ValidationError(
        _("A unit of the level “%(level)s” cannot lie in one of the level “%(parent)s”."),
        params={"level": unit.get_level_display(), "parent": parent.get_level_display()},
    )


class PlaceForm(ThreeLanguages, Entry, forms.ModelForm):
    """A new unit of the map, with what it lies in and since when."""

    TRANSLATED = {"name": True}
    parent = ParentField(label=_("Lies in"), required=False, help_text=_("Leave it empty for an oblast."))
    since = forms.DateField(
        label=_("Lies there since"),
        required=False,
        widget=DateInput,
        help_text=_("Leave it empty if it always did."),
    )

    class Meta:
        model = AdminUnit
        fields = ["level", *in_languages("name"), "kato"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["parent"].offer()

    def clean(self):
        cleaned = super().clean()
        level, parent = cleaned.get("level"), cleaned.get("parent")
        if level and parent and (error := too_small(AdminUnit(level=level), parent)):
            self.add_error("parent", error)
        elif level and not parent and level not in (AdminUnit.Level.OBLAST, AdminUnit.Level.CITY):
            self.add_error("parent", _("Choose what the unit lies in."))
        else:
            self._refuse_double(cleaned, parent)
        return cleaned

    def _refuse_double(self, cleaned, parent):
        beside = AdminUnit.objects.filter(level=cleaned.get("level"))
        if parent:
            beside = beside.filter(placements__in=Placement.objects.on(timezone.localdate()).filter(parent=parent))
        for field, name in texts_typed(cleaned, "name"):
            if beside.named(name).exists():
                self.add_error(field, _("There is already such a unit in the same place."))

    @transaction.atomic
    def save(self, commit=True):
        unit = super().save()
        if parent := self.cleaned_data["parent"]:
            unit.placements.create(parent=parent, from_date=self.cleaned_data["since"])
        return unit


class MoveForm(Entry, forms.Form):
    """From a day on the unit lies in another one."""

    parent = ParentField(label=_("Lies in"))
    since = forms.DateField(label=_("From"), widget=DateInput)

    def __init__(self, *args, unit, **kwargs):
        super().__init__(*args, **kwargs)
        self.unit = unit
        self.fields["parent"].offer(smaller_than=unit)

    def clean_parent(self):
        parent = self.cleaned_data["parent"]
        if error := too_small(self.unit, parent):
            raise error
        return parent

    def save(self):
        self.unit.move(parent=self.cleaned_data["parent"], since=self.cleaned_data["since"])
        return self.unit
