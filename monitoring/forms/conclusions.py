"""What experts write about all centres at once: a conclusion and its recommendations."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ..conclusions import Advice, Content
from ..models import Aspect, Conclusion
from ..models.matrix import TEXT_LIMIT, tidy


class CentresField(forms.ModelMultipleChoiceField):
    """Cells of one aspect, by their centres."""

    def label_from_instance(self, cell):
        return str(cell.centre)


class ConclusionForm(forms.ModelForm):
    """The text over all centres, the cells it rests on and the aspects it points to.

    It carries what the page showed when it was filled in ("base"), to tell after a conflict who changed what.
    """

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    base = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Conclusion
        fields = ["text", "rests_on", "see_also"]
        field_classes = {"rests_on": CentresField}
        widgets = {
            "text": forms.Textarea(attrs={"rows": 6}),
            "rests_on": forms.CheckboxSelectMultiple,
            "see_also": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args, standing: Content, content: Content | None = None, **kwargs):
        """`standing` is the content as stored; `content` what to show in the fields, if it is something else."""
        super().__init__(*args, **kwargs)
        content = content or standing
        self.initial |= {
            "version": self.instance.version,
            "base": standing.as_text(),
            "text": content.text,
            "rests_on": sorted(content.rests_on),
            "see_also": sorted(content.see_also),
        }
        cells = self.instance.cycle.cells.filter(aspect=self.instance.aspect_id).exclude(finding="")
        self.fields["rests_on"].queryset = cells.in_column_order()
        self.fields["see_also"].queryset = other_aspects(self.instance)

    def _post_clean(self):
        """Written through Conclusion.revise."""

    def names(self, content: Content) -> dict:
        """A version of the content in words, to stand beside another one."""
        cells = {cell.pk: str(cell.centre) for cell in self.fields["rests_on"].queryset}
        aspects = {aspect.pk: str(aspect) for aspect in self.fields["see_also"].queryset}

        def named(names, pks):
            return [name for pk, name in names.items() if pk in pks]

        return {
            "text": content.text,
            "rests_on": named(cells, content.rests_on),
            "see_also": named(aspects, content.see_also),
            "recommendations": [
                (row.text, named(aspects, row.see_also)) for row in content.recommendations if row.text
            ],
        }


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


def recommendation_forms(conclusion, content: Content, data=None):
    """A line per recommendation of the content and two empty ones."""
    return RecommendationFormSet(
        data,
        prefix="recommendations",
        initial=[{"pk": row.pk, "text": row.text, "see_also": sorted(row.see_also)} for row in content.recommendations],
        form_kwargs={"aspects": {aspect.pk: aspect for aspect in other_aspects(conclusion)}},
    )


def sent(form, formset) -> Content:
    """What valid forms hold, recommendations that are to go included."""
    rows = [row for row in formset.cleaned_data if row.get("text") or row.get("pk")]
    return Content(
        tidy(form.cleaned_data["text"]),
        frozenset(cell.pk for cell in form.cleaned_data["rests_on"]),
        frozenset(aspect.pk for aspect in form.cleaned_data["see_also"]),
        tuple(
            Advice(row.get("pk"), tidy(row["text"]), frozenset(aspect.pk for aspect in row["see_also"])) for row in rows
        ),
    )
