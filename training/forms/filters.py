"""What the register's lists can be narrowed by."""

from django import forms
from django.utils.translation import gettext_lazy as _

from centres.models import Centre

from .centre_field import MANY, CentreField

ALL = ("", _("all"))


class ListFilter(forms.Form):
    """Filters of a list, read from the address. An unknown value narrows nothing, it is left out.

    The centre is asked of those who see several; for the others it goes without saying. Where there are many, it is
    typed, and what fits no centre is told.
    """

    NONE = [ALL]  # what stands above the centres

    def __init__(self, data, *, user):
        super().__init__({name: value for name, value in data.items() if value})
        self.user = user
        inside = self.those_of(user)
        self.centres = list(inside.in_order()[: MANY + 1])
        self.has_many = len(self.centres) > MANY
        if "centre" in self.fields:
            if self.has_many:
                self.fields["centre"] = CentreField(inside, self.centres, label=self.fields["centre"].label)
            elif len(self.centres) > 1:
                self.fields["centre"].choices = [*self.NONE, *((centre.code, str(centre)) for centre in self.centres)]
            else:
                del self.fields["centre"]
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select" if hasattr(field, "choices") else "form-control"
        self.is_valid()

    @staticmethod
    def those_of(user):
        """The centres to choose from."""
        return Centre.objects.inside_for(user)

    @property
    def chosen(self) -> dict:
        """The filters in force."""
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def centre(self):
        """The centre that the list is of: the chosen one, or the only one there is."""
        if len(self.centres) == 1:
            return self.centres[0]
        return next((centre for centre in self.centres if centre.code == self.chosen.get("centre")), None)

    @property
    def must_choose(self) -> bool:
        """Whether the list would be one of very many centres: then it waits for a centre, or for words to search."""
        return self.has_many and self.centre is None and not self.chosen.get("q")

    def narrow(self, queryset, *names):
        """By the named filters whose values are stored in columns of the same name, and by the centre."""
        if self.chosen.get("centre"):
            queryset = queryset.filter(centre__code=self.chosen["centre"])
        return queryset.filter(**{name: self.chosen[name] for name in names if name in self.chosen})


class CentreChoice(ListFilter):
    """One centre of those whose inside the person sees."""

    NONE = ()
    centre = forms.ChoiceField(label=_("Centre"), required=False)


class KeptCentreChoice(CentreChoice):
    """One centre of those that the person keeps."""

    centre = forms.ChoiceField(label=_("At which centre?"), required=False)

    @staticmethod
    def those_of(user):
        return Centre.objects.kept_by(user).select_related("network")
