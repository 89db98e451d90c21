"""What experts write about one centre: cells and steps; what all inside write: comments."""

from crispy_forms.bootstrap import InlineRadios
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import Cell, Comment

NOTE_LIMIT = 2_000  # characters


def inline_helper(*fields) -> FormHelper:
    """Fields only: the template owns the <form>, its buttons and its token."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    if fields:
        helper.layout = Layout(*fields)
    return helper


class CellForm(forms.ModelForm):
    """A cell's text and level, edited from the version that the page showed."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    class Meta:
        model = Cell
        fields = ["level", "finding", "perspective"]
        widgets = {
            "level": forms.RadioSelect,
            "finding": forms.Textarea(attrs={"rows": 7}),
            "perspective": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["version"] = self.instance.version
        self.helper = inline_helper("version", InlineRadios("level"), "finding", "perspective")

    def clean_finding(self):
        finding = self.cleaned_data["finding"]
        if self.data.get("do") == "submit" and not finding:
            raise forms.ValidationError(_("Write a finding before submitting the cell."))
        return finding

    def _post_clean(self):
        """The texts go through Cell.revise, never straight into the row."""


class StepForm(forms.Form):
    """A step with its note or reason, taken from the version that the page showed."""

    version = forms.IntegerField(min_value=0)
    note = forms.CharField(label=_("Note or reason"), required=False, max_length=NOTE_LIMIT)


class CommentForm(forms.ModelForm):
    """A remark, or a reply to one; its id comes with the form, so that a resend is recognised."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    parent = forms.ModelChoiceField(Comment.objects.none(), required=False, widget=forms.HiddenInput)

    class Meta:
        model = Comment
        fields = ["text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args, cell, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = cell.comments.filter(parent__isnull=True)
