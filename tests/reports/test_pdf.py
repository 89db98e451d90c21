"""The matrix on paper: no word is lost, every page says what it is, nothing is fetched from outside."""

import gc
import re
import subprocess
from collections import Counter
from dataclasses import replace
from io import BytesIO
from types import SimpleNamespace

import pytest
import weasyprint
from django.core.exceptions import SuspiciousFileOperation
from django.utils import translation
from pypdf import PdfReader

from reports import pdf
from reports.documents import AspectRow, CellText, ConclusionText, RecommendationText

from .conftest import KAZAKH, make_document, words

TEMPLATE = "reports/matrix_document.html"
A3_LANDSCAPE = (1190.55, 841.89)  # points


def read(document) -> PdfReader:
    with translation.override(document.language):
        return PdfReader(BytesIO(pdf.render_pdf(TEMPLATE, {"document": document})))


def texts(reader) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in reader.pages]


def cells_of(number, *findings, **kwargs):
    cells = tuple(CellText(finding, "", "weak", "weak", "accepted", "accepted") for finding in findings)
    return AspectRow(number, f"Aspect title {number}", cells, **kwargs)


def long_document(**kwargs):
    """Two centres; the first aspect goes on over several pages."""
    rows = (
        cells_of(1, words(10_000, 3_000), KAZAKH, conclusion=ConclusionText(words(20_000, 900))),
        cells_of(2, words(30_000, 40), "", conclusion=ConclusionText("", (), (RecommendationText(1, KAZAKH, (1,)),))),
    )
    return replace(make_document(), rows=rows, **kwargs)


@pytest.fixture(scope="module")
def long_pages():
    return texts(read(long_document()))


def test_every_page_is_a3_landscape():
    reader = read(long_document())
    assert len(reader.pages) > 3
    for page in reader.pages:
        assert [round(float(side)) for side in page.mediabox[2:]] == [round(side) for side in A3_LANDSCAPE]


def test_every_word_of_a_cell_that_breaks_over_pages_appears_once(long_pages):
    found = Counter(re.findall(r"сөз\d+", " ".join(long_pages)))
    expected = [*range(10_000, 13_000), *range(20_000, 20_900), *range(30_000, 30_040)]
    assert found == Counter(f"сөз{number}" for number in expected)


def test_kazakh_text_can_be_searched_in_the_file(long_pages):
    everything = " ".join(long_pages)
    for word in KAZAKH.split():
        assert everything.count(word) >= 2


def test_centres_and_aspect_are_repeated_where_the_aspect_goes_on(long_pages):
    going_on = [page for page in long_pages if re.search(r"сөз1[012]\d{3}", page)]
    assert len(going_on) > 2
    for page in going_on:
        assert "1 Aspect title 1" in page
        assert page.count("Орталық 0") == page.count("Орталық 1") == page.count("Whole network") == 1


def test_the_first_page_counts_the_cells_by_state(long_pages):
    assert "Cells: 4 accepted: 4 " in long_pages[0]


def test_every_page_says_network_cycle_state_date_and_number(long_pages):
    for number, page in enumerate(long_pages, start=1):
        assert "Alpha & beta <network>" in page
        assert "Monitoring 2005" in page
        assert "Published" in page
        assert "22 November 2026" in page
        assert f"Page {number} of {len(long_pages)}" in page


def test_no_aspect_begins_at_a_page_end_without_a_line_of_it():
    rows = tuple(cells_of(n, words(n * 1_000, 20 + n * 37 % 200), "") for n in range(1, 40))
    for page in texts(read(replace(make_document(), rows=rows, with_conclusions=False))):
        for number in re.findall(r"Aspect title (\d+)", page):
            assert re.search(rf"Aspect title {number} .*?сөз{number}\d{{3}}", page), number


def test_a_draft_is_marked_on_every_page_and_a_published_one_is_not(long_pages):
    drafts = texts(read(long_document(is_published=False)))
    assert all("Draft, not published" in page for page in drafts)
    assert not any("Draft" in page for page in long_pages)


@pytest.mark.parametrize(("centres", "parts"), [(1, 1), (8, 1), (9, 3), (30, 5)])
def test_a_wide_matrix_is_cut_into_parts_and_loses_no_column(centres, parts):
    document = make_document(centres)
    assert len(document.parts) == parts
    assert max(len(part.columns) for part in document.parts) <= 8
    assert [column for part in document.parts for column in part.columns] == list(document.columns)
    for row, number in zip(document.rows, range(2), strict=True):
        assert [cell for part in document.parts for cell in part.rows[number].cells] == list(row.cells)
    assert [part.with_conclusions for part in document.parts] == [False] * (parts - 1) + [True]


def test_a_wide_matrix_says_which_centres_a_page_holds_and_ends_with_the_conclusions():
    pages = texts(read(make_document(9)))
    found = Counter(re.findall(r"сөз\d+", " ".join(pages)))
    assert len(found) == 9 * 2 * 30
    assert set(found.values()) == {1}
    assert "Centres 1 to 4 of 9" in pages[0]
    assert "Centres 5 to 9 of 9" in pages[1]
    assert "Whole network: conclusion" in pages[-1]
    assert all(text in pages[-1] for text in ("Conclusion 1", "1. Do 1", "Conclusion 2", "1. Do 2"))


def test_long_names_of_centres_get_room_above_the_table():
    document = make_document(7)
    assert document.parts[0].header_lines == 2
    name = "Қоғамдық оқыту орталығы, Алматы облысы"
    longer = replace(document, columns=tuple(replace(column, name=name) for column in document.columns))
    assert longer.parts[0].header_lines > 2
    for page in texts(read(replace(longer, rows=long_document().rows[:0]))):
        assert "Қоғамдық" in page


def test_words_of_the_document_follow_its_language_and_the_experts_texts_do_not():
    document = make_document(language="ru")
    with translation.override("ru"):
        html = pdf.render_to_string(TEMPLATE, {"document": document})
    assert '<html lang="ru"' in html
    assert "30 июня 2005" in html
    assert "Next 1 0" in html


def test_texts_are_escaped_and_keep_their_lines():
    row = cells_of(1, "<b>2 < 3</b> & more\nsecond line", '<img src="file:///etc/passwd">')
    html = pdf.render_to_string(TEMPLATE, {"document": replace(make_document(), rows=(row,))})
    assert "&lt;b&gt;2 &lt; 3&lt;/b&gt; &amp; more\nsecond line" in html
    assert "<img" not in html
    lines = read(replace(make_document(), rows=(row,))).pages[0].extract_text().splitlines()
    assert "<b>2 < 3</b> & more" in lines
    assert "second line" in lines


def test_noto_sans_is_embedded_and_no_other_font():
    fonts = {}
    for page in read(long_document()).pages:
        for font in page["/Resources"]["/Font"].values():
            descendant = font["/DescendantFonts"][0]
            fonts[font["/BaseFont"]] = descendant["/FontDescriptor"].get("/FontFile2")
    assert fonts
    assert all("Noto-Sans" in name and file is not None for name, file in fonts.items())


def test_the_file_is_tagged_and_says_title_author_and_language():
    reader = read(make_document(language="kk"))
    root = reader.trailer["/Root"]
    assert reader.metadata.title.endswith("· Monitoring 2005")
    assert reader.metadata.author == "Alpha & beta <network>"
    assert root["/Lang"] == "kk"
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root


def test_bookmarks_lead_to_the_aspects_of_each_part():
    assert [item.title for item in read(make_document()).outline] == ["1 Aspect title 1", "2 Aspect title 2"]
    outline = read(make_document(9)).outline
    assert [item.title for item in outline[::2]] == ["Centres 1 to 4 of 9", "Centres 5 to 9 of 9", "Whole network"]
    assert [item.title for item in outline[1]] == ["1 Aspect title 1", "2 Aspect title 2"]


def test_levels_are_named_and_unassessed_ones_only_beside_assessed_ones():
    assessed = make_document()
    assert "weak" in texts(read(assessed))[0]
    cell = CellText("Text", "", "not_assessed", "not assessed", "accepted", "accepted")
    row = AspectRow(1, "Aspect", (cell, cell))
    none = texts(read(replace(assessed, rows=(row,))))[0]
    assert "No level has been given yet." in none
    assert "not assessed" not in none
    mixed = AspectRow(1, "Aspect", (cell, replace(cell, level="strong", level_label="strong")))
    assert texts(read(replace(assessed, rows=(mixed,))))[0].count("not assessed") == 2  # legend and cell


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "http://localhost/static/css/print.css",
        "https://static.invalid/static/css/print.css",
        "http://static.invalid/monitoring/",
        "http://static.invalid/static/../clcnet/settings.py",
        "http://static.invalid/static/%2e%2e/clcnet/settings.py",
        "http://static.invalid/static//etc/passwd",
        "ftp://static.invalid/static/css/print.css",
        "data:text/css,body{}",
    ],
)
def test_the_fetcher_refuses_everything_but_static_files(url):
    with pytest.raises((ValueError, OSError, SuspiciousFileOperation)):
        pdf.StaticFetcher().fetch(url)


def test_the_fetcher_serves_static_files():
    answer = pdf.StaticFetcher().fetch("http://static.invalid/static/css/print.css")
    assert answer.content_type == "text/css"
    assert b"@page" in answer.read()


def test_a_picture_from_outside_is_left_out(caplog):
    pdf.write_pdf('<html lang="en"><title>T</title><img src="file:///etc/hostname">')
    assert "Only static files may appear in a document" in caplog.text


def test_a_large_document_is_made_in_a_process_of_its_own(monkeypatch):
    expected = texts(read(make_document(1, 1)))
    monkeypatch.setattr(pdf, "LARGE", 100)
    monkeypatch.setattr(weasyprint.HTML, "write_pdf", lambda *args, **kwargs: pytest.fail("made in this process"))
    assert texts(read(make_document(1, 1))) == expected


def test_a_document_beyond_all_bounds_is_refused(monkeypatch):
    monkeypatch.setattr(pdf, "LIMIT", 100)
    with pytest.raises(pdf.DocumentTooLarge):
        read(make_document(1, 1))


def failing_process(error):
    """What `subprocess.run` is replaced by."""

    def run(*args, **kwargs):
        raise error

    return run


@pytest.mark.parametrize(
    "error", [subprocess.TimeoutExpired("pdf", 1), subprocess.CalledProcessError(-9, "pdf")], ids=["slow", "killed"]
)
def test_a_large_document_that_takes_too_long_or_too_much_memory_is_refused(monkeypatch, error):
    monkeypatch.setattr(pdf, "LARGE", 100)
    monkeypatch.setattr(pdf, "QUEUE", 0)
    monkeypatch.setattr(pdf.subprocess, "run", failing_process(error))
    for _ in range(3):  # its place is free again each time
        with pytest.raises(pdf.DocumentTooLarge):
            read(make_document(1, 1))


def test_only_two_large_documents_are_made_at_once(monkeypatch):
    monkeypatch.setattr(pdf, "LARGE", 100)
    monkeypatch.setattr(pdf, "QUEUE", 0.1)
    begun, outcome = [], []

    def run(*args, **kwargs):
        begun.append(args)
        if len(begun) < 3:
            outcome.append(attempt())
        return SimpleNamespace(stdout=b"%PDF")

    def attempt():
        try:
            return pdf.render_pdf(TEMPLATE, {"document": make_document(1, 1)})
        except pdf.RendererBusy:
            return "busy"

    monkeypatch.setattr(pdf.subprocess, "run", run)
    assert attempt() == b"%PDF"
    assert outcome == ["busy", b"%PDF"]
    assert attempt() == b"%PDF"


def test_garbage_is_collected_again_after_a_document_and_after_a_failed_one(monkeypatch):
    pdf.write_pdf('<html lang="en"><title>T</title>')
    assert gc.isenabled()
    monkeypatch.setattr(weasyprint.HTML, "write_pdf", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        pdf.write_pdf('<html lang="en"><title>T</title>')
    assert gc.isenabled()
