"""What every form asks of what is typed into it."""

from datetime import date

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from ..spreadsheets import printable

# Days are counted on from the dates that people give, so the first and the last of the calendar are out of reach.
FAR = _("The year lies between 1900 and 2100.")
DAYS = [MinValueValidator(date(1900, 1, 1), FAR), MaxValueValidator(date(2100, 12, 31), FAR)]

# Django's own sentences about limits read badly in Kazakh.
LIMITS = {MinValueValidator: _("Not below %(limit_value)s."), MaxValueValidator: _("Not above %(limit_value)s.")}


def in_our_words(validators) -> list:
    """The same validators of a form's field, whose limits are told in our own words."""
    return [type(each)(each.limit_value, LIMITS[type(each)]) if type(each) in LIMITS else each for each in validators]


class DateInput(forms.DateInput):
    """A day, typed or picked."""

    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%d")


class Entry(forms.BaseForm):
    """Mixed into every form that stores something: days lie between 1900 and 2100, limits are told in our own words,
    and texts can be printed.

    Control characters come with a paste from elsewhere, where nobody sees them; no spreadsheet can hold them.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.validators = in_our_words(field.validators)
            if isinstance(field, forms.DateField):
                field.validators = [*field.validators, *DAYS]

    def clean(self):
        cleaned = super().clean()
        for name, field in self.fields.items():
            # A password is taken as it is; other fields are stripped of the spaces around them anyway.
            if isinstance(cleaned.get(name), str) and getattr(field, "strip", False):
                cleaned[name] = printable(cleaned[name]).strip()
        return cleaned
