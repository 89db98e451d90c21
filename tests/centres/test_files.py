"""Uploaded files: what they hold counts, not their names; they come and go with their rows; they have no address."""

import io
import os
import zipfile
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from centres.files import KINDS, MOST_BYTES, clean_name, kind_of
from centres.models import CentreDocument
from centres.uploads import NamelessUploads

from ..kept import PDF, make_document, with_file

pytestmark = pytest.mark.django_db


def zipped(**entries):
    """A ZIP archive; "__" in a name stands for a slash, and "_xml" at its end for ".xml"."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in entries.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return file.getvalue()


def types(**entries):
    file = io.BytesIO(zipped(**entries))
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("[Content_Types].xml", "")
    return file.getvalue()


GOOD = {
    "pdf": PDF,
    "jpg": b"\xff\xd8\xff\xe0 picture",
    "png": b"\x89PNG\r\n\x1a\n picture",
    "webp": b"RIFF\x10\x00\x00\x00WEBPVP8 ",
    "docx": types(word__document_xml=""),
    "xlsx": types(xl__workbook_xml=""),
    "odt": zipped(mimetype="application/vnd.oasis.opendocument.text"),
    "ods": zipped(mimetype="application/vnd.oasis.opendocument.spreadsheet"),
    "txt": "Протокол, 3 наурыз\r\n\tКүн тәртібі".encode(),
}


@pytest.mark.parametrize("ending", GOOD)
def test_what_is_allowed(ending):
    upload = SimpleUploadedFile("whatever.bin", GOOD[ending])
    assert kind_of(upload) == KINDS[ending]


def test_a_large_upload_lies_on_the_disk_without_a_name(client_of, alpha, coordinator, settings, monkeypatch):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10
    taken, complete = [], NamelessUploads.file_complete

    def look(self, size):
        taken.append((os.fstat(self.file.fileno()).st_nlink, size, hasattr(self.file, "temporary_file_path")))
        return complete(self, size)

    monkeypatch.setattr(NamelessUploads, "file_complete", look)
    upload = SimpleUploadedFile("statute.pdf", PDF)
    data = {"title": "Statute", "kind": "other", "consent_given": "unknown", "file": upload, "id": str(uuid4())}
    answer = client_of(coordinator).post(reverse("centres:document_new", args=["alpha"]), data)
    assert taken == [(0, len(PDF), False)]
    assert answer.status_code == 302
    with CentreDocument.objects.get().file.open() as file:
        assert file.read() == PDF


def test_a_text_of_an_old_windows_is_a_text():
    assert kind_of(SimpleUploadedFile("a.txt", "Протокол".encode("cp1251"))).ending == "txt"


BAD = {
    "a web page named .pdf": (b" <!DOCTYPE html><script>alert(1)</script>", "web_page"),
    "a drawing with scripts": (b'<svg xmlns="http://www.w3.org/2000/svg">', "web_page"),
    "markup behind an XML head": (b'<?xml version="1.0"?><html/>', "web_page"),
    "a program": (b"MZ\x90\x00\x03", "kind"),
    "a program of letters only": (b"MZ" + b"0" * 5000, "kind"),
    "a script": (b"#!/bin/sh\necho", "kind"),
    "nothing but zeros": (b"\x00" * 5000, "kind"),
    "zeros behind the first page of a text": (b"Plan\n" * 2000 + b"\x00\x00", "kind"),
    "control characters far behind": (b"x" * 9000 + b"\x00", "kind"),
    "rich text": (b"{\\rtf1 words}", "kind"),
    "an animation": (b"GIF89a\x01\x00", "kind"),
    "an old document": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "old"),
    "an archive": (zipped(readme="words"), "kind"),
    "a document with macros": (types(**{"word__document_xml": "", "word__vbaProject.bin": ""}), "macros"),
    "half a document": (GOOD["docx"][:-30], "damaged"),
    "half a list of contents": (b"PK\x03\x04" + b"PK\x05\x06" + b"\x00" * 18, "kind"),
    "a list of contents that cannot be": (b"PK\x03\x04" + b"PK\x05\x06" + b"\xff" * 18, "kind"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_refused(name):
    content, code = BAD[name]
    with pytest.raises(ValidationError) as refused:
        kind_of(SimpleUploadedFile("plan.pdf", content))
    assert refused.value.code == code


def test_ten_megabytes_are_the_most():
    assert kind_of(SimpleUploadedFile("a.pdf", PDF.ljust(MOST_BYTES))).ending == "pdf"
    with pytest.raises(ValidationError) as refused:
        kind_of(SimpleUploadedFile("a.pdf", PDF.ljust(11 * 1024 * 1024)))
    assert refused.value.messages == [
        "The file has 11.0 MB, more than the 10 MB that can be stored. Make it smaller, or divide it."
    ]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("План на 2026.PDF", "План на 2026.pdf"),
        ("C:\\papers\\plan.html", "C papers plan.html.pdf"),
        ("a\r\nSet-Cookie: x\u202efdp.exe", "a Set-Cookie x fdp.exe.pdf"),
        ("...", "file.pdf"),
        ("ә" * 300 + ".docx", "ә" * 115 + ".pdf"),
        ("list.csv", "list.pdf"),
    ],
)
def test_names_are_cleaned(given, kept):
    assert clean_name(given, KINDS["pdf"]) == kept


def test_a_stored_file_has_a_random_name_and_no_address(alpha, settings):
    row = make_document(alpha, **with_file())
    path = Path(row.file.path)
    assert path.is_relative_to(settings.MEDIA_ROOT)
    assert path.name != "file.pdf"
    assert path.suffix == ".pdf"
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(ValueError, match="no address"):
        _ = row.file.url
    other = make_document(alpha, **with_file())
    assert other.file.name != row.file.name


def stored():
    return sorted(str(path) for path in Path(default_storage.location).rglob("*.pdf"))


@pytest.mark.django_db(transaction=True)
def test_a_row_that_cannot_be_stored_leaves_no_file(alpha):
    before = stored()
    with pytest.raises(IntegrityError):
        make_document(alpha, kind=CentreDocument.Kind.YEAR_PLAN, **with_file())  # a year plan without a year
    assert stored() == before


def test_a_file_is_stored_with_a_changed_row_and_goes_with_a_lost_one(alpha):
    row = make_document(alpha, **with_file())
    first = row.file.name
    row.file, row.file_name = ContentFile(PDF, "other.pdf"), "Other.pdf"
    row.write(version=1)
    row.refresh_from_db()
    assert row.file.name != first
    assert default_storage.exists(first)
    assert default_storage.exists(row.file.name)
    names = [event.file.name for event in row.events.order_by("pgh_id")]
    assert names == [first, row.file.name]

    before = stored()
    row.file = ContentFile(PDF, "third.pdf")
    with pytest.raises(Exception, match="Someone else"), transaction.atomic():
        row.write(version=1)
    assert stored() == before


def test_the_download(alpha, personas, client_of):
    row = make_document(alpha, **with_file(file_name='План "2026".pdf'))
    path = reverse("centres:document_file", args=["alpha", row.pk])
    answer = client_of(personas.facilitator_alpha).get(path)
    assert answer.getvalue() == PDF
    headers = {
        name: answer.headers[name]
        for name in (
            "Content-Type", "Content-Disposition", "X-Content-Type-Options", "Content-Security-Policy", "Cache-Control"
        )
    }  # fmt: skip
    assert headers == {
        "Content-Type": "application/pdf",
        "Content-Disposition": "attachment; filename*=utf-8''%D0%9F%D0%BB%D0%B0%D0%BD%20%222026%22.pdf",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "private, no-store",
    }


def test_a_file_is_found_by_its_own_centre_only(alpha, beta, personas, client_of):
    row = make_document(alpha, **with_file())
    for person in (personas.facilitator_beta, personas.donor, personas.outsider):
        for code in ("alpha", "beta", "gamma"):
            assert client_of(person).get(reverse("centres:document_file", args=[code, row.pk])).status_code == 404
    path = reverse("centres:document_file", args=["beta", row.pk])
    assert client_of(personas.coordinator).get(path).status_code == 404  # there is no such row at that centre
    assert client_of(personas.coordinator).get(f"/media/{row.file.name}").status_code == 404


def test_no_file_and_a_lost_file_are_not_found(alpha, personas, client_of, caplog):
    client = client_of(personas.facilitator_alpha)
    without = make_document(alpha)
    assert client.get(reverse("centres:document_file", args=["alpha", without.pk])).status_code == 404
    lost = make_document(alpha, **with_file())
    Path(lost.file.path).unlink()
    assert client.get(reverse("centres:document_file", args=["alpha", lost.pk])).status_code == 404
    assert [record.message for record in caplog.records if record.name == "centres.files"] == [
        f"The stored file of centres.CentreDocument {lost.pk} is missing"
    ]


# Through the form


@pytest.fixture
def send(alpha, personas, client_of):
    """Send the form of a new document, or of the given one."""
    client = client_of(personas.facilitator_alpha)

    def send(content=None, name="plan.pdf", row=None, **data):
        path = reverse("centres:document_edit", args=["alpha", row.pk]) if row else "/centres/alpha/documents/new/"
        values = {"kind": "other", "title": "Plan", "consent_given": "unknown", **data}
        if row:
            values = {"version": row.version, "base": "{}", **values}
        if content is not None:
            values["file"] = SimpleUploadedFile(name, content)
        return client.post(path, values)

    return send


def errors(answer):
    return {name: list(texts) for name, texts in answer.context["form"].errors.items()}


def test_an_upload_is_stored_under_its_clean_name(send):
    assert send(PDF, "План.html", id=uuid4()).status_code == 302
    row = CentreDocument.objects.get()
    assert (row.file_name, row.file.read()) == ("План.html.pdf", PDF)
    row.file.close()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"<html>", "This is a web page, whatever its name says. Save it as PDF, and choose it again."),
        (b"", "The submitted file is empty."),
        (
            PDF.ljust(11 * 1024 * 1024),
            "The file has 11.0 MB, more than the 10 MB that can be stored. Make it smaller, or divide it.",
        ),
    ],
)
def test_a_refused_upload_stores_nothing(send, content, sentence):
    before = stored()
    answer = send(content)
    assert (answer.status_code, errors(answer)) == (422, {"file": [sentence]})
    assert (CentreDocument.objects.count(), stored()) == (0, before)


def test_with_another_mistake_the_file_has_to_be_chosen_again(send):
    answer = send(PDF, kind="year_plan")
    assert (answer.status_code, errors(answer)) == (
        422,
        {
            "year": ["Say for which year or which time this document is."],
            "file": ["The file “plan.pdf” is not stored yet. Choose it again."],
        },
    )


def test_a_saved_form_without_a_file_keeps_the_one_that_is_there(send, alpha):
    row = make_document(alpha, title="Old", **with_file())
    assert send(row=row, title="New").status_code == 302
    after = CentreDocument.objects.get()
    assert (after.title, after.file.name, after.file_name) == ("New", row.file.name, "Plan.pdf")


def test_a_file_can_be_taken_out(send, alpha):
    row = make_document(alpha, **with_file())
    answer = send(PDF, row=row, without_file="on")
    assert errors(answer)["without_file"] == ["Choose a file or take it out, not both."]
    assert send(row=row, without_file="on").status_code == 302
    after = CentreDocument.objects.get()
    assert (bool(after.file), after.file_name) == (False, "")
    assert default_storage.exists(row.file.name)


def test_a_conflict_says_that_the_file_is_not_stored(send, alpha):
    row = make_document(alpha, title="Old", **with_file())
    CentreDocument.objects.filter(pk=row.pk).update(version=2, title="Theirs")
    before = stored()
    base = '{"title": "Old", "kind": "other", "consent_given": "unknown"}'
    answer = send(PDF + b"another", row=row, title="Old", base=base)
    assert answer.status_code == 409
    shown = [(difference.label, difference.mine, difference.theirs) for difference in answer.context["differences"]]
    assert shown == [("Title", "Old", "Theirs"), ("File", "plan.pdf", "Plan.pdf")]
    assert errors(answer) == {"file": ["The file “plan.pdf” is not stored yet. Choose it again."]}
    assert stored() == before
