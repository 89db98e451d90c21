"""A centre in a form where there are too many for a list of them."""

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

MANY = 50  # centres; more of them weigh more than the page that they are a list on
OFFERED = 20  # centres, while somebody types


class CentreInput(forms.TextInput):
    """A text that the browser completes by codes and names of centres; without JavaScript it is just a text."""

    template_name = "training/centre_input.html"

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"] |= {
            "list": f"{name}-offered",
            "autocomplete": "off",
            "hx-get": reverse("training:centre_names"),
            "hx-trigger": "input changed delay:250ms",
            "hx-target": f"#{name}-offered",
        }
        return context


class CentreField(forms.CharField):
    """A centre by its code, or by words that fit one centre alone; cleaned, it is the code.

    `known` are those loaded already; the one that was found comes to them.
    """

    widget = CentreInput
    default_error_messages = {"unclear": _("Not one centre fits this, or several do. Write the centre's code.")}

    def __init__(self, centres, known, **kwargs):
        super().__init__(required=False, max_length=100, **kwargs)
        self.centres, self.known = centres, known

    def clean(self, value):
        text = super().clean(value)
        if not text or any(centre.code == text for centre in self.known):
            return text
        found = self.centres.filter(code=text)[:1] or self.centres.named(text)[:2]
        if len(found) != 1:
            raise forms.ValidationError(self.error_messages["unclear"], code="unclear")
        self.known.append(found[0])
        return found[0].code
