"""Amounts and limits: what is refused says how to write it, in our own words."""

from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils import translation

from centres.forms.entry import DateInput, Entry
from centres.forms.numbers import AmountField, WholeField


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("1.500", "“1.500” can be read in two ways. Write 1 500 or 1,50."),
        ("1,500", "“1,500” can be read in two ways. Write 1 500 or 1,50."),
        ("1.500,50", "Write thousands with spaces: 1 500,50."),
        ("1,500.5", "Write thousands with spaces: 1 500,5."),
        ("1.500.000", "Write thousands with spaces: 1 500 000."),
        ("2,001,500.50", "Write thousands with spaces: 2 001 500,50."),
    ],
)
def test_an_amount_with_marks_among_its_thousands(typed, sentence):
    with pytest.raises(ValidationError) as refused:
        AmountField().clean(typed)
    assert refused.value.messages == [sentence]


@pytest.mark.parametrize(("language", "shown"), [("en", "1500.5"), ("ru", "1500,5"), ("kk", "1500,5")])
def test_an_amount_stands_in_its_field_as_the_reader_writes_it(language, shown):
    field = AmountField()
    with translation.override(language):
        assert field.prepare_value(Decimal("1500.50")) == shown
        assert field.clean(shown) == Decimal("1500.5")


class Limits(Entry, forms.Form):
    amount = AmountField()
    seats = WholeField(max_value=5000)
    day = forms.DateField(widget=DateInput)


def test_limits_are_told_in_our_own_words():
    form = Limits({"amount": "-5", "seats": "5001", "day": "0026-10-24"})
    assert form.errors == {
        "amount": ["Not below 0."],
        "seats": ["Not above 5000."],
        "day": ["The year lies between 1900 and 2100."],
    }
