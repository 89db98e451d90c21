"""Files that people upload: checked by what they hold, kept where no address leads, sent only by a view that asked."""

import re
from dataclasses import dataclass
from pathlib import PurePath
from uuid import uuid4

from django.core.files.storage import FileSystemStorage
from django.db import models
from django.utils.translation import gettext_lazy as _

MEGABYTES = 10
MOST_BYTES = MEGABYTES * 1024 * 1024
NAME_LENGTH = 120  # letters of the original name that are kept
BEGINNING = 4096  # bytes by which a kind is recognised
DOCUMENT_PARTS = 5000  # entries in an office document; honest ones have some hundreds


@dataclass(frozen=True)
class Kind:
    """A kind of file that may be uploaded, by the ending that it is stored and sent with."""

    ending: str
    content_type: str


KINDS = {
    kind.ending: kind
    for kind in [
        Kind("pdf", "application/pdf"),
        Kind("jpg", "image/jpeg"),
        Kind("png", "image/png"),
        Kind("webp", "image/webp"),
        Kind("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        Kind("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        Kind("odt", "application/vnd.oasis.opendocument.text"),
        Kind("ods", "application/vnd.oasis.opendocument.spreadsheet"),
        Kind("txt", "text/plain; charset=utf-8"),
    ]
}
MARKUP = re.compile(rb"<(!doctype|html|head|body|script|svg|\?xml|iframe|object|embed|!--)", re.IGNORECASE)
OFFICE = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}
OPEN_DOCUMENT = {KINDS[ending].content_type: ending for ending in ("odt", "ods")}
CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


class PrivateStorage(FileSystemStorage):
    """Files under MEDIA_ROOT that only the server's own account reads; none of them has an address."""

    def __init__(self, **options):
        super().__init__(**{"file_permissions_mode": 0o600, "directory_permissions_mode": 0o700, **options})

    def url(self, name):
        raise ValueError("Uploaded files have no address; a view that checks access sends them.")


def stored_name(row, name: str) -> str:
    """A random name that tells nothing; the ending follows from what the file holds."""
    fresh = uuid4().hex
    return f"{fresh[:2]}/{fresh}{PurePath(name).suffix}"


class KeepsFile(models.Model):
    """A row to which a file can belong. The file it had before stays stored, because the history names it."""

    file = models.FileField(_("file"), upload_to=stored_name, max_length=60, blank=True)
    file_name = models.CharField(_("name of the file"), max_length=NAME_LENGTH, blank=True, editable=False)

    class Meta:
        abstract = True
