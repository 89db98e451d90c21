"""What belongs to some kinds of questions only: answers to choose from, rows and columns of a table."""

from django import forms
from django.core.validators import MaxValueValidator
from django.utils.functional import cached_property
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from ..instruments import KEY, Choice, Column, Row, said
from ..levels import Level
from ..revisions import COLUMN_KINDS
from .order import in_order
from .questionnaires import InLanguages, in_fields

MOST = 60  # answers, rows or columns of one question
MOST_DECIMALS = 4


class OptionForm(InLanguages):
    """One answer, row or column. Its key stays when its label changes; left empty, it is made from the label."""

    TEXTS = {"label": (_("label"), False, 200, 1)}
    WORD = "answer"  # begins a key that no Latin label gives
    key = forms.CharField(label=_("Key"), required=False, max_length=40)
    number = forms.IntegerField(label=_("Number"), required=False, min_value=1, max_value=999)

    def __init__(self, *args, others=(), **kwargs):
        self.others = list(others)
        super().__init__(*args, **kwargs)

    @property
    def is_wanted(self) -> bool:
        """Whether it is there at all: not one of the empty ones, not taken out."""
        is_there = self.has_changed() or not self.empty_permitted
        return is_there and not self.cleaned_data.get("DELETE")

    def clean_key(self):
        key = self.cleaned_data["key"].lower()
        if key and not KEY.fullmatch(key):
            raise forms.ValidationError(
                _("A key begins with a Latin letter and goes on with small Latin letters, figures and underscores.")
            )
        return key

    def clean(self):
        cleaned = super().clean()
        if self.is_wanted and not self.typed("label") and not any(name.startswith("label") for name in self.errors):
            self.add_error(self.texts["label"][0].name, _("Write it in at least one language."))
        return cleaned

    def made(self, key: str):
        raise NotImplementedError


class ChoiceForm(OptionForm):
    """One of several answers, with the level that it stands for, if any."""

    level = forms.ChoiceField(
        label=_("Level"),
        required=False,
        choices=[("", _("none")), *((level, level.label) for level in Level if level != Level.NOT_ASSESSED)],
    )

    def made(self, key):
        return Choice(key, self.typed("label"), self.cleaned_data["level"])


class RowForm(OptionForm):
    """A given row of a table."""

    WORD = "row"
    part_of = forms.ChoiceField(label=_("Part of the row"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["part_of"].choices = [("", _("none: it counts by itself")), *self.others]

    def made(self, key):
        return Row(key, self.typed("label"), self.cleaned_data["part_of"])


class ColumnForm(OptionForm):
    """A column of a table."""

    WORD = "column"
    kind = forms.ChoiceField(label=_("What is entered"), choices=[*COLUMN_KINDS.items()], initial="number")
    decimals = forms.IntegerField(
        label=_("Decimals"), required=False, min_value=0, validators=[MaxValueValidator(MOST_DECIMALS)]
    )
    sum_of = forms.MultipleChoiceField(
        label=_("Is the sum of the columns"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        own = self.initial.get("key")
        self.fields["sum_of"].choices = [(key, label) for key, label in self.others if key != own]
        if not self.fields["sum_of"].choices:
            del self.fields["sum_of"]

    def made(self, key):
        is_number = self.cleaned_data["kind"] == "number"
        return Column(
            key,
            self.typed("label"),
            self.cleaned_data["kind"],
            tuple(self.cleaned_data.get("sum_of") or ()) * is_number,
            (self.cleaned_data["decimals"] or 0) * is_number,
        )


class BaseOptionFormSet(forms.BaseFormSet):
    """All of one question's answers, rows or columns, and empty ones to add. The numbers say the order."""

    def __init__(self, *args, known=(), avoid=(), **kwargs):
        self.known, self.avoid = list(known), set(avoid)
        super().__init__(*args, initial=[self.shown(n, row) for n, row in enumerate(self.known, start=1)], **kwargs)

    @staticmethod
    def shown(number, row) -> dict:
        values = {name: getattr(row, name) for name in row.__dataclass_fields__ if name != "label"}
        return values | {"number": number} | in_fields("label", row.label)

    def get_form_kwargs(self, index):
        return super().get_form_kwargs(index) | {"others": self.others}

    @cached_property
    def others(self) -> list[tuple[str, str]]:
        """(key, label) of what rows can be part of and columns add up: what is stored, and what has a key typed."""
        found = {
            row.key: said(row.label) or row.key for row in self.known if getattr(row, "kind", "number") == "number"
        }
        for number in range(self.total_form_count() if self.is_bound else 0):
            key = self.data.get(f"{self.prefix}-{number}-key", "").strip().lower()[:40]
            if key:
                found.setdefault(key, key)
        return [*found.items()]

    @property
    def kept(self) -> list:
        """The forms that are not to be taken out."""
        return [form for form in self.forms if not self._should_delete_form(form)]

    @cached_property
    def keys(self) -> dict:
        """The key of each form that stays: as typed, or made from the label."""
        forms_ = [form for form in self.forms if form.is_wanted]
        typed = [form.cleaned_data.get("key") for form in forms_]
        taken = {*filter(None, typed)} | self.avoid
        keys = {}
        for form, key in zip(forms_, typed, strict=True):
            if not key:
                slug = slugify(form.typed("label").get("en", "")).replace("-", "_")[:36].strip("_")
                slug = slug if KEY.fullmatch(slug) else ""
                tries = [slug] if slug else []
                tries += [f"{slug or form.WORD}_{n}" for n in range(2 if slug else 1, len(taken) + 3)]
                key = next(each for each in tries if each not in taken)
                taken.add(key)
            keys[form] = key
        return keys

    def clean(self):
        if any(form.errors for form in self.kept):
            return
        stay, seen = {*self.keys.values()}, set()
        parts = {self.keys[form] for form in self.keys if form.cleaned_data.get("part_of")}
        numbers = {self.keys[form] for form in self.keys if form.cleaned_data.get("kind") == "number"}
        for form, key in self.keys.items():
            if key in seen:
                form.add_error("key", _("This key is there twice."))
            seen.add(key)
            whole = form.cleaned_data.get("part_of")
            if whole and (whole not in stay or whole == key or whole in parts):
                form.add_error("part_of", _("Choose a row that stays and is not part of another one."))
            summed = set(form.cleaned_data.get("sum_of") or ())
            if summed and form.cleaned_data["kind"] == "number" and (key in summed or not summed <= numbers):
                form.add_error("sum_of", _("Choose other columns of numbers that stay."))

    def made(self) -> tuple:
        """What was typed, in its new order."""
        rows = [
            (form.made(key), form.initial.get("number"), form.cleaned_data.get("number"))
            for form, key in self.keys.items()
        ]
        return tuple(in_order(rows))


def option_forms(form) -> type:
    return forms.formset_factory(
        form,
        formset=BaseOptionFormSet,
        extra=3,
        can_delete=True,
        max_num=MOST,
        validate_max=True,
        absolute_max=MOST + 5,
    )


FORMSETS = {"choices": option_forms(ChoiceForm), "rows": option_forms(RowForm), "columns": option_forms(ColumnForm)}
