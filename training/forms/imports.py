"""The upload of a list of the training register."""

import hashlib

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from centres.imports import reader
from centres.models import Centre

from ..imports.kinds import KINDS
from ..imports.sheet import recognise
from ..models import ImportJob

MODES = [
    (ImportJob.Mode.ADD, _("Add: new entries come in, known ones are changed where the file says something else")),
    (ImportJob.Mode.REPLACE, _("Replace: afterwards the register holds what the file says, and nothing else")),
]


class ImportForm(forms.Form):
    """A spreadsheet and what it is. It is read while the form is checked; `sheet` then holds it, problems included."""

    centre = forms.ModelChoiceField(label=_("Centre"), queryset=Centre.objects.none(), to_field_name="code")
    kind = forms.ChoiceField(label=_("What"), choices=ImportJob.Kind.choices, widget=forms.RadioSelect)
    mode = forms.ChoiceField(
        label=_("Add or replace"),
        choices=MODES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say whether the file is added or replaces what is there.")},
    )
    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,  # the reader says so in its own words
        error_messages={"required": _("Choose the file that holds the list.")},
        help_text=_("Excel (.xlsx) or CSV, at most 10 MB."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.csv,.txt,.tsv"}),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.sheet = None
        self.fields["centre"].queryset = centres = Centre.objects.kept_by(user).in_order()
        self.only = centres[0] if len(centres) == 1 else None
        if self.only:
            self.fields["centre"].required = False
            self.fields["centre"].widget = forms.HiddenInput()

    def clean_centre(self):
        return self.cleaned_data["centre"] or self.only

    def clean(self):
        cleaned = super().clean()
        upload, kind, centre = (cleaned.get(name) for name in ("file", "kind", "centre"))
        if upload and kind and centre:
            try:
                if upload.size > reader.SIZE_LIMIT:
                    raise reader.too_big(upload.size)
                data = upload.read()
                self.sheet = recognise(reader.stream(data), KINDS[kind], centre)
            except reader.BadFile as bad:
                raise ValidationError({"file": ValidationError(bad.sentence, code=bad.code)}) from None
            self.sha256 = hashlib.sha256(data).hexdigest()
        return cleaned

    def job(self) -> ImportJob:
        """The stored upload, still to be checked."""
        chosen = self.cleaned_data
        return ImportJob.objects.create(
            centre=chosen["centre"],
            by=self.user,
            kind=chosen["kind"],
            mode=chosen["mode"],
            file_name=chosen["file"].name[-200:],
            sha256=self.sha256,
            rows=self.sheet.rows,
            rows_read=self.sheet.packed,
        )


class ConfirmForm(forms.Form):
    """What was shown, and what becomes of likely duplicates, which is asked where there are any."""

    fingerprint = forms.CharField(widget=forms.HiddenInput)
    doubles = forms.ChoiceField(
        label=_("Likely duplicates"),
        choices=[
            ("leave", _("Leave these rows out")),
            ("add", _("Add them as new people; they then wait under “Likely duplicates”")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say what becomes of the likely duplicates.")},
    )

    def __init__(self, *args, plan, **kwargs):
        super().__init__(*args, **kwargs)
        if not plan.likely:
            del self.fields["doubles"]
