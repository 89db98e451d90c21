"""Certificates on paper: what was issued, a code to verify it, and a mark across the page where it is revoked."""

import re
from dataclasses import replace
from datetime import date

import pytest
from django.urls import reverse

from reports.certificates import certificates
from reports.pdf import render_pdf
from training.models import Certificate
from training.models.certificates import Wording

from ..factories import make_certificate, make_completed, make_group, wordings
from .reading import A4_ACROSS, pages_of, reader_of, sizes_of, type_sizes

pytestmark = pytest.mark.django_db

LONG_NAME = "Мұхамедқалиева-Байғожақызы Гүлбаршын-Жұпаргүл Нұрмұхаммедәлиқызы"
LONG_TITLE = (
    "Ауыл әйелдеріне арналған кәсіпкерлік негіздері, шағын бизнесті жоспарлау және қаржылық сауаттылық бойынша "
    "қысқа мерзімді курс"
)


@pytest.fixture
def expert_client(client_of, expert):
    return client_of(expert)


def pdf_of(client, row):
    return client.get(reverse("reports:certificate_pdf", args=[row.pk]))


def make_bilingual(centre, **kwargs):
    return make_certificate(centre, form="kk+ru", wordings=wordings("kk", "ru"), **kwargs)


def test_one_sheet_in_english_says_what_was_issued(expert_client, alpha):
    row = make_certificate(alpha, name="Satybaldiyeva Aigul", signatory="Saule Zhumabekova")
    response = pdf_of(expert_client, row)
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"] == 'attachment; filename="certificate-alpha-00001.pdf"'
    assert sizes_of(response) == [A4_ACROSS]
    (text,) = pages_of(response)
    for words in (
        "Alpha (en)",
        "Network (en)",
        "№ 00001",
        "This certifies that",
        "Satybaldiyeva Aigul",
        "has completed the programme",
        "Sewing (en)",
        "10 January 2005 to 24 June 2005",
        "academic hours: 36",
        "Day of issue: 1 July 2005",
        "Saule Zhumabekova",
        "Head of centre",
        row.code_text,
    ):
        assert words in text, words
    assert "(ru)" not in text


def test_kazakh_and_russian_stand_side_by_side_whatever_the_readers_language(expert_client, alpha):
    row = make_bilingual(alpha, name="Щербакова Айгүл")
    english = pages_of(pdf_of(expert_client, row))
    expert_client.post("/language/", {"language": "ru"})
    (text,) = pages_of(pdf_of(expert_client, row))
    assert [text] == english
    for words in ("Sewing (kk)", "Sewing (ru)", "2005 ж. 1 шілде", "1 июля 2005", "Щербакова Айгүл"):
        assert words in text, words
    assert text.count("Щербакова Айгүл") == 1
    assert reader_of(pdf_of(expert_client, row)).trailer["/Root"]["/Lang"] == "kk"


@pytest.mark.parametrize("recognised", [True, False])
def test_it_says_in_words_where_the_state_does_not_recognise_it(expert_client, alpha, recognised):
    (text,) = pages_of(pdf_of(expert_client, make_certificate(alpha, is_recognised=recognised)))
    sentence = "This certificate confirms attendance. It is not a state-recognised document."
    assert (sentence in text) is not recognised


def test_the_address_on_it_leads_to_the_public_page(expert_client, client, alpha):
    row = make_certificate(alpha, name="Printed Name")
    document = certificates([row], lambda path: f"https://clc.example{path}")
    sheet = document.sheets[0]
    assert sheet.address == f"https://clc.example/certificates/{row.code_text}/"
    assert sheet.where == "clc.example/certificates/"
    assert re.match(r'<svg [^>]*width="\d+mm"', sheet.qr)
    assert "Printed Name" in client.get(row.public_path).content.decode()
    (text,) = pages_of(pdf_of(expert_client, row))
    assert f"Verify it at this address: testserver/certificates/ {row.code_text}" in text


def test_a_revoked_one_is_marked_and_says_so(expert_client, alpha, coordinator):
    row = make_certificate(alpha)
    (before,) = pages_of(pdf_of(expert_client, row))
    row.revoke(by=coordinator, reason="A letter is wrong.")
    (after,) = pages_of(pdf_of(expert_client, row))
    assert "revoked" not in before.lower()
    assert "This certificate is revoked." in after
    assert "REVOKED" in after.upper().replace("THIS CERTIFICATE IS REVOKED.", "")
    assert "A letter is wrong." not in after


def test_a_group_comes_in_one_file_in_the_order_of_numbers_without_revoked_ones(expert_client, alpha, coordinator):
    group = make_group(alpha)
    rows = [make_certificate(alpha, make_completed(group), name=f"Person {place}") for place in range(4)]
    make_certificate(alpha, name="Of another group")
    rows[1].revoke(by=coordinator, reason="x")
    response = expert_client.get(reverse("reports:group_certificates_pdf", args=[group.pk]))
    assert 'filename="certificates-alpha-00001-00004.pdf"' in response.headers["Content-Disposition"]
    texts = pages_of(response)
    assert [re.search(r"Person \d", text)[0] for text in texts] == ["Person 0", "Person 2", "Person 3"]


def test_a_group_without_certificates_has_no_file(expert_client, alpha):
    response = expert_client.get(reverse("reports:group_certificates_pdf", args=[make_group(alpha).pk]))
    assert response.status_code == 404


@pytest.mark.parametrize("form", ["kk+ru", "en"])
@pytest.mark.parametrize("length", [1, 2])
def test_long_names_and_titles_stay_on_their_sheet(alpha, form, length):
    languages = form.split("+")
    row = make_certificate(alpha, form=form, wordings=wordings(*languages), name=LONG_NAME)
    document = certificates([row], lambda path: f"https://clc.example{path}")
    words = [
        Wording(each, (LONG_TITLE * length)[:200], (LONG_TITLE * length)[:150], "Network", "Village")
        for each in languages
    ]
    name = (LONG_NAME + " ") * length
    sheet = replace(document.sheets[0], name=name.strip(), wordings=tuple(words), is_valid=False)
    made = render_pdf("reports/certificates.html", {"document": replace(document, sheets=(sheet, sheet))})
    texts = pages_of(made)
    assert len(texts) == 2
    for text in texts:
        assert text.replace("- ", "-").count(LONG_NAME.split()[0]) == length
        assert text.count("00001") == 1
    assert min(type_sizes(made)) >= 9


def test_a_long_name_makes_nothing_else_smaller(expert_client, alpha):
    short = type_sizes(pdf_of(expert_client, make_bilingual(alpha, name="Ахметова Айгүл")))
    long = type_sizes(pdf_of(expert_client, make_bilingual(alpha, name=LONG_NAME)))
    assert (short - long, long - short) == ({32}, {22})


@pytest.mark.parametrize(("signs_as", "once"), [("facilitator", True), ("head", False)])
def test_the_same_word_in_both_languages_stands_once(alpha, signs_as, once):
    row = make_bilingual(alpha, signs_as=signs_as)
    (sheet,) = certificates([row], str).sheets
    assert set(sheet.roles.values()) == ({"kk"} if once else {"kk", "ru"})


def test_no_separator_hangs_at_the_end_of_a_line(expert_client, alpha):
    (page,) = reader_of(pdf_of(expert_client, make_bilingual(alpha))).pages
    assert [line for line in page.extract_text().splitlines() if line.rstrip().endswith("·")] == []


def test_what_is_typed_cannot_become_markup(expert_client, alpha):
    row = make_certificate(alpha, name='<b>Name</b> & "more"')
    assert '<b>Name</b> & "more"' in pages_of(pdf_of(expert_client, row))[0]


def test_the_number_of_queries_does_not_grow(alpha, django_assert_num_queries):
    for count in (1, 5):
        group = make_group(alpha)
        for _ in range(count):
            make_certificate(alpha, make_completed(group))
        with django_assert_num_queries(1):
            rows = Certificate.objects.filter(enrolment__group=group).for_document()
            assert len(certificates(rows, str).sheets) == count


def test_old_certificates_look_as_they_did(expert_client, alpha):
    row = make_certificate(alpha, issued_on=date(2005, 7, 1))
    before = pages_of(pdf_of(expert_client, row))
    alpha.name, alpha.legal_status = "Another name", "registered"
    alpha.save()
    row.enrolment.trainee.surname = "Another"
    row.enrolment.trainee.save()
    assert pages_of(pdf_of(expert_client, row)) == before
