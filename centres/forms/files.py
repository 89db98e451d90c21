"""Forms whose row keeps a file."""

from django import forms
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..files import KINDS, MEGABYTES, clean_name, kind_of, stored_with
from .versioned import Difference, VersionedForm


class FileField(forms.FileField):
    """A file of an allowed kind, under a clean name. Its widget offers no address, since a stored file has none."""

    widget = forms.FileInput

    def widget_attrs(self, widget):
        return {"accept": ",".join(f".{ending}" for ending in ("jpeg", "csv", *KINDS))}

    def clean(self, data, initial=None):
        file = super().clean(data, initial)
        if data and file is data:
            file.name = clean_name(file.name, kind_of(file))
        return file


class FileForm(VersionedForm):
    """Stores the uploaded file with the row, or neither. A browser forgets a chosen file: it is asked again."""

    file = FileField(label=gettext_lazy("File"), required=False)
    without_file = forms.BooleanField(
        label=gettext_lazy("Take the file out"),
        required=False,
        initial=False,
        help_text=gettext_lazy("The history keeps it."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["file"]
        allowed = _("PDF, picture, DOCX, XLSX, ODT, ODS or plain text, at most %(most)s MB.") % {"most": MEGABYTES}
        if self.instance.file:
            field.label = _("Another file")
            field.help_text = format_html(
                "{} {}", _("Now: %(name)s. Another file takes its place.") % {"name": self.instance.file_name}, allowed
            )
        else:
            field.help_text = allowed
            del self.fields["without_file"]

    @property
    def upload(self):
        """The file that was sent with the form."""
        return self.files.get(self.add_prefix("file"))

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("without_file") and self.upload:
            self.add_error("without_file", _("Choose a file or take it out, not both."))
        if cleaned.get("without_file"):
            cleaned["file"], self.instance.file_name = False, ""
        elif self.upload and cleaned.get("file"):
            self.instance.file_name = self.upload.name
        return cleaned

    def full_clean(self):
        """Whatever the other fields lack: the chosen file has to be chosen once more."""
        super().full_clean()
        if self.upload and self.errors and "file" not in self.errors:
            self.ask_again(self.upload.name)

    def ask_again(self, name):
        self.add_error("file", _("The file “%(name)s” is not stored yet. Choose it again.") % {"name": name})

    def save(self, commit=True):
        with stored_with(self.instance):
            return super().save(commit)

    def shown(self):
        """Without the file itself: a form cannot hold it."""
        return {name: text for name, text in super().shown().items() if name != "file"}

    def _is_stored_in(self, row) -> bool:
        """Whether the chosen file is the one that the row has: the form was sent a second time."""
        if not row.file or row.file.size != self.upload.size:
            return False
        self.upload.seek(0)
        with row.file.open("rb") as stored:
            return stored.read() == self.upload.read()

    def against(self, theirs):
        differences, again = super().against(theirs)
        if self.upload and not self._is_stored_in(theirs):
            again.ask_again(self.upload.name)
            label = capfirst(str(self._meta.model._meta.get_field("file").verbose_name))
            differences.append(Difference(label, "", self.upload.name, theirs.file_name, keeps_mine=False))
        return differences, again
