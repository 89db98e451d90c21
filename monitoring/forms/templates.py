"""What coordinators write in a matrix template: its title and its aspects."""

import re
from dataclasses import dataclass

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from centres.forms.languages import ThreeLanguages, field_in, in_languages

from ..models import Aspect, MatrixTemplate
from .order import in_order

MOST = 60  # aspects in one template
TEXTS = in_languages("title", "guidance")


class TemplateForm(ThreeLanguages, forms.ModelForm):
    """A template's title, edited from a stated revision."""

    TRANSLATED = {"title": True}
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = MatrixTemplate
        fields = in_languages("title")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["revision"] = self.instance.revision


class ShownForm(forms.Form):
    """Which revision of a draft the page showed."""

    revision = forms.IntegerField(min_value=0)


class NewTemplateForm(TemplateForm):
    """A network's first template: copied from a published one of another network, or begun with a list of titles."""

    copied = forms.ModelChoiceField(
        MatrixTemplate.objects.none(),
        label=_("Begin with the aspects of"),
        required=False,
        empty_label=_("no other template"),
    )
    lines = forms.CharField(
        label=_("Titles of the aspects, one per line"),
        required=False,
        max_length=MOST * 210,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_(
            "In the language of this page; numbers at the beginning are left out. You can change all of it later."
        ),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["revision"]
        self.fields["lines"].widget.attrs["lang"] = get_language()
        models = MatrixTemplate.objects.visible_to(user).published().exclude(network=self.instance.network)
        self.fields["copied"].queryset = models
        if not models:
            del self.fields["copied"]

    def clean_lines(self) -> list[str]:
        titles = []
        for line in self.cleaned_data["lines"].splitlines():
            title = " ".join(re.sub(r"^\s*\d+[.)]?(?=\s)", "", line).split())
            if title:
                titles.append(title)
            if len(title) > 200:
                raise forms.ValidationError(
                    _("“%(title)s…” is too long: 200 letters at most."), params={"title": title[:40]}
                )
        return titles

    def clean(self):
        cleaned = super().clean()
        if len(self.rows(cleaned)) > MOST:
            self.add_error("lines", _("A template has at most %(most)s aspects.") % {"most": MOST})
        return cleaned

    def rows(self, cleaned) -> list[dict]:
        """The aspects to begin with."""
        template, rows = cleaned.get("copied"), []
        if template:
            rows = [{"key": aspect.key} | texts_of(aspect) for aspect in template.aspects.all()]
        for title in cleaned.get("lines") or []:
            rows.append({"key": "", "title": title} | {field_in("title", get_language()): title})
        return rows

    def save(self, commit=True):
        """Store the draft; raises TemplateRefused when the network has a template already."""
        self.instance.begin(aspects=self.rows(self.cleaned_data))
        return self.instance


class AspectForm(ThreeLanguages, forms.ModelForm):
    """One row of the matrix in three languages. Its key stays when number and title change."""

    TRANSLATED = {"title": True, "guidance": False}
    key = forms.CharField(widget=forms.HiddenInput, required=False)
    number = forms.IntegerField(label=_("Number"), min_value=1, max_value=9999, required=False)

    class Meta:
        model = Aspect
        fields = TEXTS
        widgets = dict.fromkeys(in_languages("guidance"), forms.Textarea(attrs={"rows": 3}))

    def _post_clean(self):
        """Written through MatrixTemplate.revise."""


class BaseAspectFormSet(forms.BaseFormSet):
    """All aspects of a draft and two empty rows. The numbers say the order; they are counted anew when saved."""

    def rows(self) -> list[dict]:
        """The aspects in their new order, those to remove and the empty rows left out."""
        rows = []
        for form in self.forms:
            values = form.cleaned_data
            if not values.get("DELETE") and values.get("title"):
                row = {name: values.get(name) for name in ["key", *TEXTS]}
                rows.append(
                    (row | {"guidance": row["guidance"] or ""}, form.initial.get("number"), values.get("number"))
                )
        return in_order(rows)

    def clean(self):
        """An import recognises rows by their titles, and a published version never changes: each title once."""
        seen = set()
        for form in self.forms:
            title = " ".join((form.cleaned_data.get("title") or "").split()).casefold()
            if not title or form.cleaned_data.get("DELETE"):
                continue
            if title in seen:
                form.add_error("title", _("Another aspect has the same title."))
            seen.add(title)


AspectFormSet = forms.formset_factory(
    AspectForm,
    formset=BaseAspectFormSet,
    extra=2,
    can_delete=True,
    max_num=MOST,
    validate_max=True,
    absolute_max=MOST + 40,
)


def texts_of(aspect) -> dict:
    """All texts of an aspect by the names of their fields."""
    return {name: getattr(aspect, name) for name in TEXTS}


def aspect_forms(template, data=None) -> BaseAspectFormSet:
    """A row per aspect and two empty ones."""
    rows = [{"key": row.key, "number": row.number} | texts_of(row) for row in template.aspects.all()]
    return AspectFormSet(data, prefix="aspects", initial=rows)


@dataclass(frozen=True)
class Difference:
    """One text of a draft that two people saved differently, with the one both began from."""

    label: str
    base: str
    mine: str
    theirs: str


def differences(theirs, revision: int, form: TemplateForm, rows: list[dict]) -> list[Difference]:
    """Where a valid form, filled in from `revision`, differs from what the others saved."""
    mine = labelled(form.cleaned_data, rows)
    saved = labelled(
        {name: getattr(theirs, name) for name in in_languages("title")},
        [{"key": aspect.key} | texts_of(aspect) for aspect in theirs.aspects.all()],
    )
    base = labelled(*theirs.recorded(revision))
    return [
        Difference(label, *(texts.get(where, ("", ""))[1] for texts in (base, mine, saved)))
        for where, (label, _text) in (saved | mine).items()
        if mine.get(where, ("", ""))[1] != saved.get(where, ("", ""))[1]
    ]


def labelled(title: dict, rows: list[dict]) -> dict:
    """{(aspect, field): (what it is called, its text)} of a whole template."""
    form = AspectForm()
    texts = {("", name): (str(form[name].label), title.get(name) or "") for name in in_languages("title")}
    for number, row in enumerate(rows, start=1):
        aspect = row["key"] or f"+{number}"
        texts[aspect, "number"] = (f"{row['title']}: {form['number'].label}", str(number))
        for name in TEXTS:
            texts[aspect, name] = (f"{row['title']}: {form[name].label}", row.get(name) or "")
    return texts
