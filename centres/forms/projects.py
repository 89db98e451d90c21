"""Forms of a network's projects and of the organisations that take part in them."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import Centre, Network, Project, ProjectPartner
from .entry import DateInput
from .languages import ThreeLanguages, in_languages
from .versioned import VersionedForm


class ProjectForm(ThreeLanguages, VersionedForm):
    """All of a project's entry, three languages side by side."""

    TRANSLATED = {"title": True, "goals": False, "expected_results": False}
    SECTIONS = [
        (_("Project"), [["network"], in_languages("title"), ["code"], ["start", "end"]]),
        (_("Goals"), [in_languages("goals")]),
        (_("Expected results"), [in_languages("expected_results")]),
        ("", [["centres"]]),
    ]

    class Meta:
        model = Project
        fields = [
            *["network", *in_languages("title"), "code", "start", "end"],
            *in_languages("goals", "expected_results"),
            "centres",
        ]
        widgets = {"start": DateInput, "end": DateInput, "centres": forms.CheckboxSelectMultiple}

    def __init__(self, *args, user, **kwargs):
        self.user = user
        super().__init__(*args, **kwargs)
        networks = Network.objects.editable_by(user).in_order()
        centres = Centre.objects.editable_by(user).in_order()
        if self.instance._state.adding:
            self.fields["network"].queryset = networks
            if len(networks) == 1:
                self.instance.network = networks[0]
                del self.fields["network"]
        else:
            del self.fields["network"], self.fields["code"]
            centres = centres.filter(network=self.instance.network)
        self.fields["centres"].queryset = centres
        self.fields["centres"].help_text = "" if centres else _("No centre is registered yet.")
        for name, field in self.fields.items():
            if name.startswith(("goals", "expected_results")):
                field.widget.attrs["rows"] = 6

    def again(self, **kwargs):
        return type(self)(user=self.user, **kwargs)

    def clean(self):
        cleaned = super().clean()
        network = cleaned.get("network") or getattr(self.instance, "network", None)
        strangers = [centre for centre in cleaned.get("centres") or () if network and centre.network_id != network.pk]
        if strangers:
            names = ", ".join(str(centre) for centre in strangers)
            self.add_error("centres", _("Not in this project's network: %(names)s.") % {"names": names})
        return cleaned


class PartnerForm(ThreeLanguages, VersionedForm):
    """An organisation and its part in a project."""

    TRANSLATED = {"name": True}
    SECTIONS = [("", [["part"], in_languages("name")])]

    class Meta:
        model = ProjectPartner
        fields = ["part", *in_languages("name")]

    def clean(self):
        cleaned = super().clean()
        beside = self.instance.project.partners.exclude(pk=self.instance.pk)
        if beside.filter(part=cleaned.get("part"), name=cleaned.get("name")).exists():
            self.add_error("name", _("This organisation is already listed."))
        return cleaned
