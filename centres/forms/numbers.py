"""Numbers as people type them: with spaces between thousands, with a comma or a point before the fraction."""

import re
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import get_format
from django.utils.translation import gettext_lazy as _

from .entry import in_our_words

AMOUNT = re.compile(r"-?\d+([.,]\d{1,2})?")
GROUPED = re.compile(r"\d{1,3}([.,]\d{3})+([.,]\d{1,2})?")
MOST = Decimal("999999999999.99")


def without_spaces(text) -> str:
    """Spaces of every width part thousands, and do not count."""
    return "".join(str(text).split())


def plain_amount(amount: Decimal) -> str:
    """As one would type it in the reader's language: no thousands apart, no empty fraction."""
    text = f"{amount:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace(".", get_format("DECIMAL_SEPARATOR"))


def readings(text: str):
    """The message, its code and its parameters for an amount such as "1.500": as what it can be meant, to copy."""
    whole, mark, last = re.fullmatch(r"(.+)([.,])(\d+)", text).groups()
    if not re.search("[.,]", whole):  # one mark only, before three figures
        words = {"text": text, "thousands": f"{whole} {last}", "fraction": f"{whole},{last[:2]}"}
        return _("“%(text)s” can be read in two ways. Write %(thousands)s or %(fraction)s."), "two_ways", words
    last = f",{last}" if len(last) < 3 or mark not in whole else f" {last}"
    words = {"amount": re.sub("[.,]", " ", whole) + last}
    return _("Write thousands with spaces: %(amount)s."), "spaces", words


class WholeField(forms.IntegerField):
    """A count: whole, not negative. A phone shows its digits."""

    widget = forms.TextInput

    def __init__(self, *, min_value=0, max_value=2_000_000_000, **kwargs):
        super().__init__(min_value=min_value, max_value=max_value, **kwargs)
        self.validators = in_our_words(self.validators)

    def widget_attrs(self, widget):
        return {"inputmode": "numeric", "autocomplete": "off"}

    def to_python(self, value):
        return super().to_python(without_spaces(value) if isinstance(value, str) else value)


class AmountField(forms.DecimalField):
    """An amount of money, not negative. "1,5" and "1.5" are one and a half; "1 500 000" is one and a half million.

    What could be read in two ways, such as "1,500", is refused.
    """

    widget = forms.TextInput

    def __init__(self, **kwargs):
        super().__init__(**{"min_value": 0, "max_value": MOST, **kwargs})
        self.validators = in_our_words(self.validators)

    def widget_attrs(self, widget):
        return {"inputmode": "decimal", "autocomplete": "off"}

    def prepare_value(self, value):
        return plain_amount(value) if isinstance(value, Decimal) else value

    def to_python(self, value):
        if value in self.empty_values or isinstance(value, Decimal):
            return None if value in self.empty_values else value
        text = without_spaces(value)
        if GROUPED.fullmatch(text):
            raise ValidationError(*readings(text))
        if not AMOUNT.fullmatch(text):
            raise ValidationError(_("Write an amount in figures, for example 1 500 000 or 1,5."))
        return Decimal(text.replace(",", "."))
