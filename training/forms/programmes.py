"""Forms of the programmes, and the filters of their list."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centres.forms.entry import DateInput
from centres.forms.files import FileForm
from centres.forms.languages import ThreeLanguages, in_languages
from centres.forms.numbers import AmountField
from centres.forms.resources import KeptForm
from centres.models import NeedsStudy, Network

from ..models import Language, Programme
from .filters import ALL, ListFilter

TAUGHT = ["area", "kind", "field", "level", "hours"]  # what stays as it is once a group has begun


class ProgrammeFilter(ListFilter):
    """The list of programmes by title, area, kind, language and whose they are."""

    q = forms.CharField(label=_("Title"), required=False, max_length=200)
    area = forms.ChoiceField(label=_("Area"), required=False, choices=[ALL, *Programme.Area.choices])
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[ALL, *Programme.Kind.choices])
    language = forms.ChoiceField(label=_("Language"), required=False, choices=[ALL, *Language.choices])
    centre = forms.ChoiceField(label=_("Centre"), required=False)
    whose = forms.ChoiceField(
        label=_("Whose"),
        required=False,
        choices=[ALL, ("network", _("the network's templates")), ("centre", _("the centres' own"))],
    )
    state = forms.ChoiceField(
        label=_("Taught"),
        required=False,
        choices=[
            ("", _("now")),
            ("earlier", _("earlier: no longer taught, or replaced")),
            ("all", _("now and earlier")),
        ],
    )

    def programmes(self):
        """The visible programmes that fit, in the order of the list."""
        found = Programme.objects.visible_to(self.user)
        found = self.narrow(found, "area", "kind", "language")
        if "q" in self.chosen:
            found = found.named(self.chosen["q"])
        if "whose" in self.chosen:
            found = found.filter(centre__isnull=self.chosen["whose"] == "network")
        if self.chosen.get("state") == "earlier":
            found = found.exclude(pk__in=Programme.objects.active().values("pk"))
        elif "state" not in self.chosen:
            found = found.active()
        return found.for_list()


class ProgrammeForm(ThreeLanguages, FileForm, KeptForm):
    """A template of the network, or a centre's own programme. What is taught is locked once a group has begun."""

    PAST = ["adapted_on"]
    TRANSLATED = {"title": True}
    SECTIONS = [
        (_("Programme"), [["network"], in_languages("title"), ["language"], ["is_retired"]]),
        (_("What is taught"), [["area", "kind"], ["field"], ["level", "hours"]]),
        (_("Adapted to the community"), [["adapted_on", "after_study"]]),
        (_("Curriculum"), [["content"], ["file"], ["without_file"]]),
    ]
    hours = AmountField(
        label=_("Hours"), required=False, max_digits=6, decimal_places=1, help_text=_("Academic hours in all.")
    )

    class Meta:
        model = Programme
        fields = [
            *["network", *in_languages("title"), "language", "is_retired", "area", "kind", "field", "level", "hours"],
            *["adapted_on", "after_study", "content", "file"],
        ]
        widgets = {"adapted_on": DateInput}
        help_texts = {
            "is_retired": _("It is no longer offered for new groups. Groups that run it stay as they are."),
            "after_study": _("If a needs study led to this programme or to its adaptation."),
        }

    def __init__(self, *args, user, **kwargs):
        self.user = user
        super().__init__(*args, **kwargs)
        programme = self.instance
        networks = Network.objects.editable_by(user).in_order()
        if programme.network_id:
            del self.fields["network"]
        elif len(networks) == 1:
            programme.network = networks[0]
            del self.fields["network"]
        else:
            self.fields["network"].queryset = networks
        if programme._state.adding:
            del self.fields["is_retired"]
        if programme.centre_id:
            self.fields["after_study"].queryset = NeedsStudy.objects.filter(centre=programme.centre_id).for_list()
        else:
            del self.fields["after_study"]
        if programme.adapted_from_id:
            self.fields["adapted_on"].required = True
        else:
            del self.fields["adapted_on"]
        self.is_locked = not programme._state.adding and programme.has_begun
        if self.is_locked:
            for name in TAUGHT:
                del self.fields[name]

    def again(self, **kwargs):
        return type(self)(user=self.user, **kwargs)

    def clean(self):
        cleaned = super().clean()
        if self.is_locked and any(self.add_prefix(name) in self.data for name in TAUGHT):
            self.add_error(
                None,
                _(
                    "A group has begun with this programme in the meantime, so what is taught stays as it was. "
                    "Save the rest, and make the next edition for the change."
                ),
            )
        hours = cleaned.get("hours")
        if hours is not None and hours <= 0:
            self.add_error("hours", _("A programme has more than 0 hours; leave it empty if nobody knows."))
        study, adapted_on = cleaned.get("after_study"), cleaned.get("adapted_on")
        if study and adapted_on and adapted_on < study.from_date:
            self.add_error("adapted_on", _("This day lies before the needs study."))
        return cleaned


def adaptation_of(template: Programme, centre) -> Programme:
    """A centre's own programme to begin with, as the template says it; not stored yet. The file is not copied."""
    kept = ["title", "title_ru", "title_kk", *TAUGHT, "language", "content"]
    return Programme(
        network_id=centre.network_id,
        centre=centre,
        adapted_from=template,
        adapted_on=timezone.localdate(),
        **{name: getattr(template, name) for name in kept},
    )
