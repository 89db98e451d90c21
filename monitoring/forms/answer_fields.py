"""The fields of which the forms of answers are made: numbers as people write them, texts that are never cut."""

import re
from decimal import ROUND_FLOOR, Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from centres.forms.entry import DateInput
from centres.forms.numbers import GROUPED, MOST, plain_amount, readings, without_spaces

from ..wording import number as in_figures

TEXT_LIMIT = 500  # characters of a line, also of one in a table
LONG_TEXT_LIMIT = 5_000
SOURCE_LIMIT = 500
PROPOSAL_LIMIT = 2_000
NUMBER = re.compile(r"-?\d+(?:[.,](\d+))?")
FIGURES = _("Write a number in figures, without words, for example 1 500 or 12,5.")
WHOLE_FIGURES = _("Write a number in figures, without words, for example 1 500.")
CHOOSE = {"invalid_choice": _("Choose one of the answers that are given.")}


def canonical(number: Decimal) -> str:
    """As an answer stores it: a decimal point, no empty fraction."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


class NumberField(forms.DecimalField):
    """A number, not negative, as people write it: 1 500, 12,5 or 12.5. Unknown is not 0, so nothing stays nothing."""

    widget = forms.TextInput

    def __init__(self, *, decimals=0, **kwargs):
        self.decimals = decimals
        super().__init__(min_value=0, **kwargs)
        self.validators.append(self._not_too_large)

    def _not_too_large(self, number: Decimal) -> None:
        most = MOST if self.decimals else MOST.to_integral_value(ROUND_FLOOR)
        if number > most:
            raise ValidationError(_("Not above %(limit_value)s."), "max_value", {"limit_value": in_figures(str(most))})

    def widget_attrs(self, widget):
        return {"inputmode": "decimal" if self.decimals else "numeric", "autocomplete": "off"}

    def prepare_value(self, value):
        return plain_amount(value) if isinstance(value, Decimal) else value

    def to_python(self, value):
        if value in self.empty_values or isinstance(value, Decimal):
            return None if value in self.empty_values else value
        text = without_spaces(value)
        if not text:
            return None
        if GROUPED.fullmatch(text) and not text.startswith("0"):
            self._refuse_two_ways(text)
        found = NUMBER.fullmatch(text)
        if not found:
            raise ValidationError(FIGURES if self.decimals else WHOLE_FIGURES, "words")
        if len((found[1] or "").rstrip("0")) > self.decimals:
            if not self.decimals:
                raise ValidationError(_("Write a whole number, without a fraction."), "fraction")
            raise ValidationError(
                ngettext_lazy(
                    "Write at most %(n)d figure after the comma.", "Write at most %(n)d figures after the comma.", "n"
                ),
                "fraction",
                {"n": self.decimals},
            )
        return Decimal(text.replace(",", ".")) + 0  # -0 is 0

    def _refuse_two_ways(self, text: str):
        """1,500 is one and a half or one thousand five hundred; as a whole number it can only be the latter."""
        words, code, values = readings(text)
        if not self.decimals and code == "two_ways":
            words, values = _("Write thousands with spaces: %(amount)s."), {"amount": values["thousands"]}
        raise ValidationError(words, code, values)


def too_long(text: str, limit: int) -> ValidationError | None:
    """What is wrong with a text of more characters than the limit. A line's end is one of them."""
    length = len(text.replace("\r\n", "\n"))
    if length <= limit:
        return None
    words = _("The text has %(length)s characters; the limit is %(limit)s. Shorten it.")
    return ValidationError(words, "max_length", {"length": length, "limit": limit})


class TextField(forms.CharField):
    """A text whose length is told: a field that stops at its limit would cut what is pasted without a word."""

    def __init__(self, *, limit: int, **kwargs):
        self.limit = limit
        super().__init__(required=False, **kwargs)

    def widget_attrs(self, widget):
        return {"data-limit": str(self.limit)}

    def validate(self, value):
        super().validate(value)
        if problem := too_long(value, self.limit):
            raise problem


def line(label="", limit=TEXT_LIMIT) -> TextField:
    return TextField(label=label, limit=limit)


def long_text(label="", limit=LONG_TEXT_LIMIT, rows=4, **attrs) -> TextField:
    widget = forms.Textarea(attrs={"rows": rows, **attrs})
    del widget.attrs["cols"]
    return TextField(label=label, limit=limit, widget=widget)


def number(label="", decimals=0) -> NumberField:
    return NumberField(label=label, decimals=decimals, required=False)


def day(label="") -> forms.DateField:
    return forms.DateField(
        label=label, required=False, widget=DateInput, input_formats=["%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y"]
    )


def choice(label, choices) -> forms.ChoiceField:
    """Buttons, the last of which takes the answer back."""
    return forms.ChoiceField(
        label=label,
        required=False,
        choices=[*choices, ("", _("no answer"))],
        widget=forms.RadioSelect,
        error_messages=CHOOSE,
    )
