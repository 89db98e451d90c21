"""The upload of a list of centres, and its confirmation."""

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ..imports import reader, register
from ..models import Network


class ForNetwork(forms.Form):
    """Asks for the network where the person coordinates several."""

    network = forms.ModelChoiceField(label=_("Network"), queryset=Network.objects.none())

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        networks = Network.objects.editable_by(user).in_order()
        self.fields["network"].queryset = networks
        if len(networks) == 1:
            self.fields["network"].required = False
            self.fields["network"].widget = forms.HiddenInput()
            self.only = networks[0]

    def clean_network(self):
        return self.cleaned_data["network"] or self.only


class UploadForm(ForNetwork):
    """A spreadsheet. Its list is read while the form is checked and then stands in `sheet`, problems included."""

    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,  # the reader says so in its own words
        error_messages={"required": _("Choose the file that holds the centres.")},
        help_text=_("Excel (.xlsx) or CSV, at most 10 MB."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.csv,.txt,.tsv"}),
    )

    def clean_file(self):
        """Read the file; a file that is no table is this field's error."""
        upload = self.cleaned_data["file"]
        try:
            if upload.size > reader.SIZE_LIMIT:
                raise reader.too_big(upload.size)
            self.sheet = register.recognise(upload.read())
        except reader.BadFile as bad:
            raise ValidationError(bad.sentence, code=bad.code) from None
        return upload


class ConfirmForm(ForNetwork):
    """The list that was shown, sealed, and what it would have done."""

    sealed = forms.CharField(widget=forms.HiddenInput, strip=False)
    fingerprint = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["network"].widget = forms.HiddenInput()

    def clean_sealed(self):
        try:
            return register.Sheet.unsealed(self.cleaned_data["sealed"])
        except signing.BadSignature:
            raise ValidationError(_("The preview is too old or damaged. Upload the file once more.")) from None
