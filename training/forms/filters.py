"""What the register's lists can be narrowed by."""

from django import forms
from django.utils.translation import gettext_lazy as _

from centres.models import Centre

ALL = ("", _("all"))


class ListFilter(forms.Form):
    """Filters of a list, read from the address. An unknown value narrows nothing, it is left out.

    The centre is asked of those who see several; for the others it goes without saying.
    """

    def __init__(self, data, *, user):
        super().__init__({name: value for name, value in data.items() if value})
        self.user = user
        self.centres = list(Centre.objects.inside_for(user).in_order())
        if "centre" in self.fields:
            self.fields["centre"].choices = [ALL, *((centre.code, str(centre)) for centre in self.centres)]
            if len(self.centres) < 2:
                del self.fields["centre"]
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select" if hasattr(field, "choices") else "form-control"
        self.is_valid()

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

    def narrow(self, queryset, *names):
        """By the named filters whose values are stored in columns of the same name, and by the centre."""
        if self.chosen.get("centre"):
            queryset = queryset.filter(centre__code=self.chosen["centre"])
        return queryset.filter(**{name: self.chosen[name] for name in names if name in self.chosen})
