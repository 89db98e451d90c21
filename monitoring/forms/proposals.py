"""What is decided about a centre's proposal."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import ProposalDecision
from ..models.matrix import TEXT_LIMIT


class TakeUpForm(forms.Form):
    """The aspect whose recommendations it joins, and its words there."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    aspect = forms.TypedChoiceField(label=_("Aspect"), coerce=int)
    text = forms.CharField(label=_("Recommendation"), max_length=TEXT_LIMIT, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args, aspects, own=(), **kwargs):
        """`aspects` are all of the cycle, `own` those that the question is about: a single one is chosen already."""
        super().__init__(*args, **kwargs)
        own = [(aspect.number, str(aspect)) for aspect in own]
        others = [(aspect.number, str(aspect)) for aspect in aspects]
        others = [choice for choice in others if choice not in own]
        groups = [(_("The question is about"), own), (_("Other aspects"), others)] if own else [("", others)]
        self.fields["aspect"].choices = [("", _("Choose an aspect")), *(group for group in groups if group[1])]
        if len(own) == 1:
            self.initial.setdefault("aspect", own[0][0])
        dressed(self)


class SetAsideForm(forms.Form):
    """Why it becomes no recommendation."""

    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Why it is set aside"),
        help_text=_("The centre reads this."),
        max_length=ProposalDecision._meta.get_field("reason").max_length,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        dressed(self)


def dressed(form) -> None:
    """The look of the fields, which stand by the dozen on a page and are therefore laid out by the template."""
    for field in form.fields.values():
        if not field.widget.is_hidden:
            field.widget.attrs["class"] = "form-select" if isinstance(field, forms.ChoiceField) else "form-control"
