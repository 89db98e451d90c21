"""Steps of a self-assessment, on whose behalf it is written, comments on its answers."""

from django import forms
from django.utils.translation import gettext_lazy as _

from centres.forms.entry import Entry

from ..models import AnswerComment
from .answer_fields import TextField, long_text
from .matrix import NOTE_LIMIT

REASON_LIMIT = 2_000  # characters


class AssessmentStepForm(Entry, forms.Form):
    """A step with its note, taken from the version that the page showed."""

    version = forms.IntegerField(min_value=0)
    note = TextField(label=_("Note"), limit=NOTE_LIMIT)


class ReasonsForm(Entry, forms.Form):
    """What is to be mended, a field per question; those left empty are fine."""

    def __init__(self, questions, *args, **kwargs):
        self.codes = {f"reason-{question.pk}": question.code for question in questions if not question.is_heading}
        fields = {name: self._field(code) for name, code in self.codes.items()}
        self.base_fields = fields
        super().__init__(*args, use_required_attribute=False, **kwargs)

    def _field(self, code: str) -> forms.Field:
        label = _("What is to be mended in %(code)s") % {"code": code}
        return long_text(label, REASON_LIMIT, rows=2, **{"class": "form-control", "aria-label": label})

    @property
    def reasons(self) -> dict[str, str]:
        """By the question's code; of a valid form."""
        return {self.codes[name]: text for name, text in self.cleaned_data.items() if text}

    def of(self, question):
        """The field of that question; None of a heading."""
        name = f"reason-{question.pk}"
        return self[name] if name in self.fields else None


class BehalfForm(Entry, forms.Form):
    """Who at the centre tells the answers that a coordinator writes down; `base` is what the page showed."""

    told_by = forms.CharField(label=_("Who at the centre tells you the answers"), max_length=200)
    base = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput, strip=False)

    @classmethod
    def of(cls, assessment) -> "BehalfForm":
        """As it stands."""
        return cls(initial={"told_by": assessment.told_by, "base": assessment.told_by})


class AnswerCommentForm(Entry, forms.ModelForm):
    """A remark on an answer, or a reply to one; its id comes with the form, so that a resend is recognised."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    parent = forms.ModelChoiceField(AnswerComment.objects.none(), required=False, widget=forms.HiddenInput)

    class Meta:
        model = AnswerComment
        fields = ["text"]

    def __init__(self, *args, threads, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = threads.filter(parent__isnull=True)
