"""Files that people upload: checked by what they hold, kept where no address leads, sent only by a view that asked."""

import logging
import re
import unicodedata
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePath
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.files.storage import FileSystemStorage
from django.db import models, transaction
from django.http import FileResponse, Http404
from django.utils.translation import gettext_lazy as _

MEGABYTES = 10
MOST_BYTES = MEGABYTES * 1024 * 1024
NAME_LENGTH = 120  # letters of the original name that are kept
BEGINNING = 4096  # bytes by which a web page is recognised
ARCHIVE_END = 65_557  # bytes in which a ZIP archive says where its list of contents lies
CONTENTS = 1024 * 1024  # bytes of that list; honest documents have some thousands

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Kind:
    """A kind of file that may be uploaded, with the ending under which it is stored and sent."""

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
        Kind("txt", "text/plain"),
    ]
}
SIGNATURES = {b"%PDF-": "pdf", b"\xff\xd8\xff": "jpg", b"\x89PNG\r\n\x1a\n": "png"}
OFFICE = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}
OPEN_DOCUMENT = {KINDS[ending].content_type.encode(): ending for ending in ("odt", "ods")}
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MARKUP = re.compile(rb"<(!doctype|html|head|body|script|svg|\?xml|iframe|object|embed|!--)", re.IGNORECASE)
PROGRAMS = (b"MZ", b"#!")  # of Windows; scripts
NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")

ALLOWED = _(
    "This is no PDF, no picture (JPEG, PNG or WebP), no document or table (DOCX, XLSX, ODT or ODS) and no plain text. "
    "Save it as one of these, and choose it again."
)
TOO_LARGE = _("The file has %(size)s MB, more than the %(most)s MB that can be stored. Make it smaller, or divide it.")
WEB_PAGE = _("This is a web page, whatever its name says. Save it as PDF, and choose it again.")
OLD = _("This is an old Word or Excel file, or one with a password. Save it as DOCX, XLSX or PDF without a password.")
MACROS = _("The file holds macros, that is programs. Save it without them, and choose it again.")
DAMAGED = _("The file is damaged or not complete. Save it once more, and choose it again.")


def kind_of(file) -> Kind:
    """What the file holds, whatever its name says. Raises ValidationError with a sentence where that is not allowed."""
    if file.size > MOST_BYTES:
        size = {"size": f"{file.size / 1024 / 1024:.1f}", "most": MEGABYTES}
        raise ValidationError(TOO_LARGE, code="too_large", params=size)
    file.seek(0)
    beginning = file.read(BEGINNING)
    for signature, ending in SIGNATURES.items():
        if beginning.startswith(signature):
            return KINDS[ending]
    if beginning[:4] == b"RIFF" and beginning[8:12] == b"WEBP":
        return KINDS["webp"]
    if beginning.startswith(b"PK\x03\x04"):
        return KINDS[_document_in(file)]
    if beginning.startswith(OLD_OFFICE):
        raise ValidationError(OLD, code="old")
    if MARKUP.search(beginning):
        raise ValidationError(WEB_PAGE, code="web_page")
    if beginning.startswith((b"{\\rtf", *PROGRAMS)) or NO_TEXT.search(beginning + file.read()):
        raise ValidationError(ALLOWED, code="kind")
    return KINDS["txt"]


def _document_in(file) -> str:
    """Which office document a ZIP archive is; it is not unpacked."""
    try:
        file.seek(max(file.size - ARCHIVE_END, 0))
        end = file.read()
        place = end.rindex(b"PK\x05\x06")
        if int.from_bytes(end[place + 12 : place + 16], "little") > CONTENTS:
            raise ValidationError(ALLOWED, code="kind")
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
            if any(name.lower().endswith("vbaproject.bin") for name in names):
                raise ValidationError(MACROS, code="macros")
            for name, ending in OFFICE.items():
                if {name, "[Content_Types].xml"} <= names:
                    return ending
            if "mimetype" in names:
                with archive.open("mimetype") as entry:
                    if ending := OPEN_DOCUMENT.get(entry.read(100).strip()):
                        return ending
    except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, ValueError) as error:
        raise ValidationError(DAMAGED, code="damaged") from error
    raise ValidationError(ALLOWED, code="kind")


def clean_name(name: str, kind: Kind) -> str:
    """The name that the file had with its sender, fit for every system, with the ending of what it holds."""
    letters = (
        " " if unicodedata.category(letter)[0] in "CZ" else letter for letter in unicodedata.normalize("NFC", name)
    )
    stem = re.sub(r'[/\\:*?"<>|]', " ", "".join(letters))
    for ending in (kind.ending, *KINDS, "jpeg", "csv", "md"):
        stem = re.sub(rf"\.{ending}$", "", stem.strip(), flags=re.IGNORECASE)
    stem = " ".join(stem.split()).strip(". ")[: NAME_LENGTH - 5].strip(". ")
    return f"{stem or 'file'}.{kind.ending}"


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


@contextmanager
def stored_with(row):
    """Store the row's new file and do what is in the block in one transaction; where that fails, the file goes again.

    Stand outside of every other transaction with it: what is rolled back later leaves the file behind.
    """
    file = row.file
    if not file or file._committed:
        yield
        return
    file.save(file.name, file.file, save=False)
    try:
        with transaction.atomic():
            yield
    except BaseException:
        file.storage.delete(file.name)
        raise


class KeepsFile(models.Model):
    """A row to which a file can belong. The file it had before stays stored, because the history names it."""

    file = models.FileField(_("file"), upload_to=stored_name, max_length=60, blank=True)
    file_name = models.CharField(_("name of the file"), max_length=NAME_LENGTH, blank=True, editable=False)

    class Meta:
        abstract = True

    def save(self, **kwargs):
        with stored_with(self):
            super().save(**kwargs)

    def write(self, *, version: int) -> None:
        """As `Versioned.write`, with the new file."""
        with stored_with(self):
            super().write(version=version)


def send_file(row: KeepsFile) -> FileResponse:
    """The row's file as a download under the name it came with; 404 where there is none. The caller checks access."""
    if not row.file:
        raise Http404
    kind = KINDS.get(PurePath(row.file.name).suffix.lstrip("."), Kind("", "application/octet-stream"))
    try:
        file = row.file.open("rb")
    except FileNotFoundError:
        logger.exception("The stored file of %s %s is missing", row._meta.label, row.pk)
        raise Http404(_("The file is missing on the server. Tell the system's administrator.")) from None
    headers = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox"}
    return FileResponse(
        file,
        as_attachment=True,
        filename=row.file_name or row.file.name,
        content_type=kind.content_type,
        headers=headers,
    )
