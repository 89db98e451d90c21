"""The upload of a matrix."""

import hashlib

from django import forms
from django.utils.translation import gettext_lazy as _

from centres.imports import reader

from ..imports import matrix
from ..imports.plan import aspect_names, centre_names


class UploadForm(forms.Form):
    """A spreadsheet. Its matrix is read while the form is checked and then stands in `matrix`, problems included."""

    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,  # the reader says so in its own words
        error_messages={"required": _("Choose the file that holds the matrix.")},
        help_text=_("Excel (.xlsx) or CSV, at most 10 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xlsm,.csv,.txt,.tsv", "class": "form-control"}),
    )

    def __init__(self, *args, cycle, **kwargs):
        super().__init__(*args, **kwargs)
        self.cycle = cycle
        self.matrix = None
        self.sha256 = ""

    def clean_file(self):
        """Read the file; a file that is no table is this field's error."""
        upload = self.cleaned_data["file"]
        data = upload.read(reader.SIZE_LIMIT + 1)
        try:
            if upload.size > reader.SIZE_LIMIT:
                raise reader.too_big(upload.size)
            tables = reader.read(data)
        except reader.BadFile as bad:
            raise forms.ValidationError(bad.sentence, code=bad.code) from None
        self.sha256 = hashlib.sha256(data).hexdigest()
        self.matrix = matrix.parse(tables, aspect_names(self.cycle), centre_names(self.cycle))
        return upload
