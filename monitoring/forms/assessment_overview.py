"""Narrowing the overview of self-assessments."""

from django import forms
from django.utils.translation import gettext_lazy as _

from centres.models import Centre

from ..models.assessments import AssessmentState
from ..standing import overdue

LATE = "late"


class OverviewFilter(forms.Form):
    """By state, or those that are overdue; by words of the centre's name. What fits nothing narrows nothing."""

    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("all")), *AssessmentState.choices, (LATE, _("late"))],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    q = forms.CharField(
        label=_("Centre"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"class": "form-control", "type": "search"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.is_valid()

    @property
    def active(self) -> bool:
        return any(self.cleaned_data.values())

    def narrow(self, assessments):
        state, words = self.cleaned_data.get("state"), self.cleaned_data.get("q")
        if state == LATE:
            assessments = assessments.filter(overdue())
        elif state:
            assessments = assessments.filter(state=state)
        if words:
            assessments = assessments.filter(centre__in=Centre.objects.named(words).values("pk"))
        return assessments
