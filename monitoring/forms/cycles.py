"""What coordinators and experts say of a cycle: its description, its centres, why it is published or reopened."""

from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from centres.collation import kazakh_key
from centres.forms.entry import DateInput
from centres.forms.languages import ThreeLanguages, in_languages
from centres.forms.versioned import VersionedForm
from centres.models import AdminUnit, Centre, Project

from ..models import Cycle, CycleFrozen, MatrixTemplate, Questionnaire, StepRefused
from .order import in_order


@dataclass(frozen=True)
class Choice:
    """One centre in the list to choose from."""

    centre: Centre
    raion: str
    chosen: bool
    tied: bool  # has text or comments in this cycle, so it cannot leave
    column: str  # as typed, or its place in the matrix; empty for one that does not take part


class CycleForm(ThreeLanguages, VersionedForm):
    """A cycle with its projects and the centres that take part, in the order of their columns.

    Its instance belongs to a network. Code and template can change until something is written, the questionnaire until
    a centre has begun to answer it.
    """

    TRANSLATED = {"title": True, "methods": False, "sources": False}
    SECTIONS = [
        (_("Title"), [in_languages("title")]),
        (_("Address and template"), [["code", "template"]]),
        (_("Time"), [["period_start", "period_end", "visits_start", "visits_end"]]),
        (_("Self-assessment"), [["questionnaire", "self_assessment_due"]]),
        (_("How it is done"), [in_languages("methods"), in_languages("sources")]),
        (_("For whom"), [["projects"]]),
    ]
    centres = forms.ModelMultipleChoiceField(Centre.objects.none(), label=_("Centres that take part"), required=False)

    class Meta:
        model = Cycle
        fields = [
            *in_languages("title"),
            *["code", "template", "period_start", "period_end", "visits_start", "visits_end"],
            *["questionnaire", "self_assessment_due"],
            *in_languages("methods", "sources"),
            "projects",
        ]
        widgets = {
            **dict.fromkeys(
                ["period_start", "period_end", "visits_start", "visits_end", "self_assessment_due"], DateInput
            ),
            **dict.fromkeys(in_languages("methods", "sources"), forms.Textarea(attrs={"rows": 5})),
            "projects": forms.CheckboxSelectMultiple,
        }
        help_texts = {"code": _("Part of the page's address. Left empty, it is the year in which the period ends.")}
        error_messages = {"code": {"unique": _("Another cycle already has this code. Choose another one.")}}

    def __init__(self, *args, user, **kwargs):
        self.user = user
        super().__init__(*args, **kwargs)
        cycle, network = self.instance, self.instance.network
        self.is_new = cycle._state.adding
        self.tied = set() if self.is_new else cycle.tied_centres()
        self.fields["projects"].queryset = Project.objects.visible_to(user).filter(network=network)
        self.fields["centres"].queryset = Centre.objects.visible_to(user).filter(network=network)
        if not self.is_new and cycle.has_content():
            del self.fields["code"], self.fields["template"]
        else:
            templates = MatrixTemplate.objects.visible_to(user).filter(network=network).published().order_by("-version")
            self.fields["code"].required = False
            self.fields["template"].queryset, self.fields["template"].empty_label = templates, None
        if not self.is_new and cycle.assessed_centres():
            del self.fields["questionnaire"]
        else:
            questionnaires = Questionnaire.objects.visible_to(user).filter(network=network).published()
            self.fields["questionnaire"].queryset = questionnaires.order_by("-published_at", "-pk")
            self.fields["questionnaire"].empty_label = _("none: centres are not asked")
        if self.is_new:
            self.initial |= {
                "code": free_code(network, timezone.localdate().year),
                "template": templates.first(),
                "centres": [row.centre.pk for row in self.rows if not row.centre.is_closed],
            }
        else:
            self.initial["centres"] = list(self.columns)

    def again(self, **kwargs):
        return type(self)(user=self.user, **kwargs)

    @cached_property
    def columns(self) -> dict[int, int]:
        """The column of each centre that takes part already, by its id."""
        if self.is_new:
            return {}
        rows = self.instance.participations.order_by("position", "pk").values_list("centre_id", flat=True)
        return {pk: column for column, pk in enumerate(rows, start=1)}

    @cached_property
    def rows(self) -> list:
        """Centres with their place today, by oblast, then by name; those without a known place last."""
        centres = list(self.fields["centres"].queryset.for_list())
        units = AdminUnit.objects.filter(pk__in=[centre.place_id for centre in centres if centre.place_id])
        places = units.places(timezone.localdate())
        rows = [Located(centre, places.get(centre.place_id)) for centre in centres]
        return sorted(rows, key=lambda row: (not row.oblast, kazakh_key(row.oblast)))

    @property
    def groups(self):
        """(oblast, choices) for the page; the oblast is empty for centres whose place is not known."""
        chosen = {str(pk) for pk in self["centres"].value() or ()}
        groups = {}
        for row in self.rows:
            pk = row.centre.pk
            column = self.data.get(f"column-{pk}", "") if self.is_bound else self.columns.get(pk, "")
            tied = pk in self.tied
            choice = Choice(row.centre, row.raion, tied or str(pk) in chosen, tied, str(column))
            groups.setdefault(row.oblast, []).append(choice)
        return groups.items()

    def clean_centres(self) -> list[Centre]:
        """The chosen centres in the order of their numbers."""
        chosen = {centre.pk for centre in self.cleaned_data["centres"]}
        rows = [(row.centre, self.columns.get(row.centre.pk), self._wanted(row.centre)) for row in self.rows]
        return in_order([row for row in rows if row[0].pk in chosen])

    def _wanted(self, centre):
        typed = self.data.get(f"column-{centre.pk}", "").strip()
        if not typed:
            return None
        if not (typed.isascii() and typed.isdigit() and len(typed) < 6):
            raise ValidationError(
                _("“%(text)s” is no column for %(centre)s. Write a whole number."),
                params={"text": typed[:20], "centre": centre},
            )
        return int(typed)

    def clean(self):
        cleaned = super().clean()
        start, end = cleaned.get("period_start"), cleaned.get("period_end")
        if start and end and end < start:
            self.add_error("period_end", _("The period ends before it starts."))
        if "visits_start" in cleaned and "visits_end" in cleaned:
            first, last = cleaned["visits_start"], cleaned["visits_end"]
            if bool(first) != bool(last) or (first and last < first):
                field = "visits_end" if first else "visits_start"
                self.add_error(field, _("Give the first and the last day of the visits, in order, or neither."))
        due, asked = cleaned.get("self_assessment_due"), cleaned.get("questionnaire", self.instance.questionnaire_id)
        if due and not asked and "questionnaire" not in self.errors:
            self.add_error("questionnaire", _("Choose the questionnaire that is due on that day."))
        if due and start and due < start:
            self.add_error("self_assessment_due", _("Self-assessments are due before the period starts."))
        if "code" in cleaned and not cleaned["code"]:
            if end:
                cleaned["code"] = free_code(self.instance.network, end.year, besides=self.instance)
            else:
                self.add_error("code", _("Write a code, for example the year."))
        return cleaned

    def save(self, commit=True):
        """Store all of it; raises EditConflict. None when the cycle refuses it: the form then has the error."""
        parts = {"projects": self.cleaned_data["projects"], "centres": self.cleaned_data["centres"]}
        try:
            if self.is_new:
                self.instance.begin(**parts)
            else:
                self.instance.revise(version=self.cleaned_data["version"] or 0, **parts)
        except (StepRefused, CycleFrozen) as refused:
            self.add_error(None, str(refused))
            return None
        return self.instance

    def shown(self):
        return super().shown() | {"centres": [str(pk) for pk in self.columns]}

    def sent(self):
        return super().sent() | {"centres": [str(centre.pk) for centre in self.cleaned_data["centres"]]}

    def against(self, theirs):
        """As for every form; where she did not touch the centres, their order is taken over too."""
        differences, form = super().against(theirs)
        keeps_order = any(row.keeps_mine and row.label == str(self.fields["centres"].label) for row in differences)
        if not keeps_order:
            for name in [name for name in form.data if name.startswith("column-")]:
                del form.data[name]
            form.data |= {f"column-{pk}": str(column) for pk, column in form.columns.items()}
        return differences, form


@dataclass(frozen=True)
class Located:
    """A centre with the names of the oblast and raion where it lies."""

    centre: Centre
    place: object

    @property
    def oblast(self) -> str:
        return str(self.place.oblast) if self.place and self.place.oblast else ""

    @property
    def raion(self) -> str:
        return str(self.place.raion) if self.place and self.place.raion else ""


def free_code(network, year: int, besides=None) -> str:
    """A code made from the year that no cycle has yet: 2005, network-2005, network-2005-2 ..."""
    taken = set(
        Cycle.objects.exclude(pk=besides and besides.pk).filter(code__contains=year).values_list("code", flat=True)
    )
    named = f"{network.code[:35]}-{year}"
    candidates = [str(year), named, *(f"{named}-{n}" for n in range(2, len(taken) + 3))]
    return next(code for code in candidates if code not in taken)


class PublishForm(forms.Form):
    """A note for the history, if there is something to say."""

    note = forms.CharField(
        label=_("Note for the history"), required=False, max_length=2_000, widget=forms.Textarea(attrs={"rows": 2})
    )


class ReopenForm(forms.Form):
    """Why a published cycle is opened again."""

    note = forms.CharField(
        label=_("Reason"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It stays in the history. The network's coordinators and experts read it."),
        error_messages={"required": _("Write why the cycle is reopened.")},
    )
