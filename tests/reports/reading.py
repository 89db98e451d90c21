"""Reads PDF files back: words, sizes of type, colours."""

from io import BytesIO

from pypdf import PdfReader
from pypdf.generic import ContentStream

A4 = (595, 842)
A4_ACROSS = (842, 595)
A3 = (842, 1191)
COLOURS = {b"rg", b"RG", b"sc", b"SC", b"scn", b"SCN", b"k", b"K", b"g", b"G"}


def reader_of(response_or_bytes) -> PdfReader:
    return PdfReader(BytesIO(getattr(response_or_bytes, "content", response_or_bytes)))


def pages_of(response_or_bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in reader_of(response_or_bytes).pages]


def sizes_of(response_or_bytes) -> list[tuple[int, int]]:
    """Width and height of each page in points."""
    return [tuple(round(float(side)) for side in page.mediabox[2:]) for page in reader_of(response_or_bytes).pages]


def type_sizes(response_or_bytes) -> set[float]:
    """Points of every size of type that is set anywhere."""
    found = set()

    def look(text, matrix, text_matrix, _font, size):
        if text.strip():
            found.add(round(size * abs(text_matrix[3]) * abs(matrix[3]), 1))

    for page in reader_of(response_or_bytes).pages:
        page.extract_text(visitor_text=look)
    return found


def colours_of(response_or_bytes) -> set[tuple[float, ...]]:
    """Every colour that is set anywhere, as the file names it."""
    reader = reader_of(response_or_bytes)
    return {
        tuple(float(operand) for operand in operands)
        for page in reader.pages
        for operands, operator in ContentStream(page.get_contents(), reader).operations
        if operator in COLOURS
    }
