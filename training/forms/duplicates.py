"""The form of a merge: which value the one entry keeps, field by field."""

from django import forms
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from ..models import Trainee
from ..models.duplicates import FIELDS

ONE, OTHER, BOTH = "one", "other", "both"


class MergeForm(forms.Form):
    """Fields in which two entries differ, each with both values to choose from; a note may keep both.

    What the reader does not see of one of them is not asked: the kept entry's value stays, and nothing is carried
    over, since the kept entry may be seen with what the other one hid.
    """

    one_version = forms.IntegerField(widget=forms.HiddenInput)
    other_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data=None, *, kept, absorbed, user):
        initial = {"one_version": kept.version, "other_version": absorbed.version}
        super().__init__(data, initial=initial)
        self.kept, self.absorbed = kept, absorbed
        self.hidden_names = kept.hidden_from(user) | absorbed.hidden_from(user)
        for name in FIELDS:
            mine, theirs = getattr(kept, name), getattr(absorbed, name)
            if mine == theirs or name in self.hidden_names:
                continue
            choices = [(ONE, in_words(kept, name)), (OTHER, in_words(absorbed, name))]
            if name == "note" and mine and theirs:
                choices.append((BOTH, _("both notes, one below the other")))
            self.fields[name] = forms.ChoiceField(
                label=capfirst(Trainee._meta.get_field(name).verbose_name),
                choices=choices,
                widget=forms.RadioSelect,
                initial=self._first_choice(name, mine, theirs),
            )

    def _first_choice(self, name, mine, theirs) -> str:
        """What is filled rather than empty, the earlier day, both notes; otherwise what the kept entry has."""
        empty = (None, "")
        if name == "note" and mine and theirs:
            return BOTH
        if name == "registered_on":
            return ONE if mine <= theirs else OTHER
        return OTHER if mine in empty and theirs not in empty else ONE

    def rows(self):
        """(label, field or none, kept's value, absorbed's value) of what the reader sees and one of the two has."""
        for name in FIELDS:
            known = getattr(self.kept, name) or getattr(self.absorbed, name)
            if known and name not in self.hidden_names:
                label = capfirst(Trainee._meta.get_field(name).verbose_name)
                field = self[name] if name in self.fields else None
                yield label, field, in_words(self.kept, name), in_words(self.absorbed, name)

    @property
    def values(self) -> dict:
        """What the kept entry gets, by field."""
        found = {}
        for name in FIELDS:
            mine, theirs = getattr(self.kept, name), getattr(self.absorbed, name)
            if name in self.fields:
                given = {ONE: mine, OTHER: theirs}
                found[name] = given.get(self.cleaned_data[name], f"{mine}\n\n{theirs}")
        return found


def in_words(trainee, name: str) -> str:
    """A field's value as its reader knows it."""
    if name == "registered_on":
        return date_format(trainee.registered_on)
    display = getattr(trainee, f"get_{name}_display", None)
    value = display() if display else getattr(trainee, name)
    return "—" if value in (None, "") else str(value)
