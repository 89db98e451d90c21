"""Forms about the people around a centre: target groups, community profiles, needs studies."""

from django.utils.text import capfirst, format_lazy, slugify
from django.utils.translation import gettext_lazy as _

from ..latin import latin
from ..models import CommunityProfile, NeedsStudy, Network, PopulationCount, TargetGroup, TargetGroupCount
from ..models.community import Sex
from .entry import DateInput
from .files import FileForm
from .languages import ThreeLanguages, in_languages
from .numbers import WholeField
from .resources import KeptForm
from .versioned import VersionedForm


class TargetGroupForm(ThreeLanguages, VersionedForm):
    """A target group of a network, for its coordinators. The key of one that exists stays."""

    TRANSLATED = {"title": True}
    SECTIONS = [("", [["network"], in_languages("title"), ["key", "position"], ["is_sensitive"], ["retired"]])]
    position = WholeField(label=_("Place in the list"), max_value=1000, required=False)

    class Meta:
        model = TargetGroup
        fields = ["network", *in_languages("title"), "key", "position", "is_sensitive", "retired"]
        help_texts = {"key": _("Short and lasting; imported tables name it. Left empty, it is made from the title.")}

    def __init__(self, *args, user, **kwargs):
        self.user = user
        super().__init__(*args, **kwargs)
        if self.instance._state.adding:
            networks = Network.objects.editable_by(user).in_order()
            self.fields["network"].queryset = networks
            self.fields["key"].required = False
            self.initial.pop("position", None)
            self.fields["position"].help_text = _("Left empty, it comes last.")
            del self.fields["retired"]
            if len(networks) == 1:
                self.instance.network = networks[0]
                del self.fields["network"]
        else:
            self.fields["position"].required = True
            del self.fields["network"], self.fields["key"]

    def again(self, **kwargs):
        return type(self)(user=self.user, **kwargs)

    def clean(self):
        cleaned = super().clean()
        network = cleaned.get("network") or getattr(self.instance, "network", None)
        if self.instance._state.adding and network:
            known = {group.key: group.position for group in network.target_groups.all()}
            if cleaned.get("position") is None and "position" not in self.errors:
                cleaned["position"] = max(known.values(), default=0) + 1
            if not cleaned.get("key") and cleaned.get("title") and "key" not in self.errors:
                cleaned["key"] = self._free_key(cleaned["title"], known)
            if cleaned.get("key") in known:
                self.add_error("key", _("The network already has a target group with this key."))
        return cleaned

    def _free_key(self, title, known):
        made = slugify(latin(title))[:36].strip("-") or "group"
        key, number = made, 1
        while key in known:
            number += 1
            key = f"{made}-{number}"
        return key


def population_field(sex: str, age: str) -> str:
    return f"{sex}-{age}"


def group_field(group) -> str:
    return f"group-{group.pk}"


class CommunityProfileForm(KeptForm):
    """A year's profile with its counts; a field left empty is not known, which is not 0."""

    year = WholeField(label=_("Year"), min_value=1990, max_value=2100)
    reported = WholeField(
        label=_("People living here, as reported"),
        required=False,
        help_text=_("The total that an office gave. It is not added to the counts below."),
    )

    class Meta:
        model = CommunityProfile
        fields = ["year", "reported", "source", "note"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        profile = self.instance
        counts = {} if profile._state.adding else {(row.sex, row.age): row.people for row in profile.population.all()}
        held = {} if profile._state.adding else {row.group_id: row.people for row in profile.groups.all()}
        for sex in Sex:
            for age in PopulationCount.Age:
                name = population_field(sex, age)
                label = format_lazy("{}, {}", capfirst(sex.label), age.label)
                self._add(name, label, counts.get((sex.value, age.value)))
        groups = profile.centre.network.target_groups.all()
        self.groups = [group for group in groups if not group.retired or group.pk in held]
        for group in self.groups:
            self._add(group_field(group), capfirst(str(group)), held.get(group.pk))

    def _add(self, name, label, people):
        self.fields[name] = WholeField(label=label, required=False)
        self.initial[name] = people

    @property
    def SECTIONS(self):  # noqa: N802, named as in every form
        ages = [[population_field(sex, age) for sex in Sex] for age in PopulationCount.Age]
        groups = [group_field(group) for group in self.groups]
        return [
            ("", [["year", "reported", "source"]]),
            (_("People living here, by sex and age"), ages),
            (_("People of the target groups"), [groups[at : at + 2] for at in range(0, len(groups), 2)]),
            ("", [["note"]]),
        ]

    def clean(self):
        cleaned = super().clean()
        same = CommunityProfile.objects.filter(centre=self.instance.centre, year=cleaned.get("year"))
        if cleaned.get("year") and same.exclude(pk=self.instance.pk).exists():
            self.add_error("year", _("There is already a profile for this year. Edit that one."))
        return cleaned

    def save_parts(self):
        profile = self.instance
        for sex in Sex:
            for age in PopulationCount.Age:
                people = self.cleaned_data[population_field(sex, age)]
                self._write(PopulationCount, people, sex=sex.value, age=age.value)
        for group in self.groups:
            self._write(TargetGroupCount, self.cleaned_data[group_field(group)], group=group)
        profile.__dict__.pop("_prefetched_objects_cache", None)

    def _write(self, model, people, **which):
        """Store a count where it differs; an empty one has no row."""
        rows = model.objects.filter(profile=self.instance, **which)
        if people is None:
            rows.delete()
        elif not rows.exists():
            model.objects.create(profile=self.instance, centre=self.instance.centre, people=people, **which)
        else:
            rows.exclude(people=people).update(people=people)


class NeedsStudyForm(FileForm, KeptForm):
    PAST = ["from_date"]
    SECTIONS = [
        ("", [["from_date", "until_date", "people_asked"], ["methods"]]),
        (_("What came out"), [["needs"], ["results"], ["file"], ["without_file"]]),
    ]
    people_asked = WholeField(label=_("People asked"), required=False)

    class Meta:
        model = NeedsStudy
        fields = ["from_date", "until_date", "people_asked", "methods", "needs", "results", "file"]
        widgets = {"from_date": DateInput, "until_date": DateInput}
