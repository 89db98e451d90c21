"""What experts write: cells, steps, conclusions with their recommendations; what all inside write: comments."""

from crispy_forms.bootstrap import InlineRadios
from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import Aspect, Cell, Comment, Conclusion
from ..models.matrix import TEXT_LIMIT

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


class CentresField(forms.ModelMultipleChoiceField):
    """Cells of one aspect, by their centres."""

    def label_from_instance(self, cell):
        return str(cell.centre)


class ConclusionForm(forms.ModelForm):
    """The text over all centres, the cells it rests on and the aspects it points to."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    class Meta:
        model = Conclusion
        fields = ["text", "rests_on", "see_also"]
        field_classes = {"rests_on": CentresField}
        widgets = {
            "text": forms.Textarea(attrs={"rows": 6}),
            "rests_on": forms.CheckboxSelectMultiple,
            "see_also": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["version"] = self.instance.version
        cells = self.instance.cycle.cells.filter(aspect=self.instance.aspect_id).exclude(finding="")
        self.fields["rests_on"].queryset = cells.in_column_order()
        self.fields["see_also"].queryset = other_aspects(self.instance)

    def _post_clean(self):
        """Written through Conclusion.revise."""


class RecommendationForm(forms.Form):
    """One recommendation; without text it is removed."""

    pk = forms.IntegerField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Recommendation"),
        required=False,
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}),
    )
    see_also = forms.TypedMultipleChoiceField(
        label=_("See also"),
        required=False,
        coerce=int,
        widget=forms.SelectMultiple(attrs={"class": "form-select", "size": 3}),
    )

    def __init__(self, *args, aspects: dict[int, Aspect], **kwargs):
        super().__init__(*args, **kwargs)
        self.aspects = aspects
        self.fields["see_also"].choices = [(pk, str(aspect)) for pk, aspect in aspects.items()]

    def clean_see_also(self):
        return [self.aspects[pk] for pk in self.cleaned_data["see_also"]]


def other_aspects(conclusion):
    return conclusion.cycle.template.aspects.exclude(pk=conclusion.aspect_id)


RecommendationFormSet = forms.formset_factory(RecommendationForm, extra=2, max_num=50, validate_max=True)


def recommendation_forms(conclusion, data=None):
    """A line per recommendation and two empty ones."""
    rows = conclusion.recommendations.order_by("number").prefetch_related("see_also")
    return RecommendationFormSet(
        data,
        prefix="recommendations",
        initial=[
            {"pk": row.pk, "text": row.text, "see_also": [link.pk for link in row.see_also.all()]} for row in rows
        ],
        form_kwargs={"aspects": {aspect.pk: aspect for aspect in other_aspects(conclusion)}},
    )
