"""Gathers what certificates say on paper, as they were issued."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO

import segno
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst

from centres.models import Post
from training.models import Certificate
from training.models.certificates import Wording

#: Letters up to which a name, or a programme's title, stands in type of that size (points). The longest names take two
#: lines; nothing else on the sheet gets smaller for them.
NAME_SIZES = ((34, 32), (41, 27), (49, 23), (57, 20), (98, 22), (120, 18), (1000, 15))
TITLE_SIZES = ((30, 19), (60, 16), (110, 13), (1000, 11))
#: Letters of a centre's network, name and place, and of a programme's title, that fill their half of the sheet.
ROOM_FOR_CENTRE = 140
ROOM_FOR_TITLE = 130


def size_for(text: str, sizes) -> int:
    """Points for a text of that length."""
    return next(size for letters, size in sizes if len(text) <= letters)


@dataclass(frozen=True)
class Sheet:
    """One certificate: a sheet A4 across, in one language or in two side by side."""

    number: str
    code: str
    name: str
    wordings: tuple[Wording, ...]
    hours: Decimal | None
    first_day: date
    last_day: date
    issued_on: date
    is_recognised: bool
    is_valid: bool
    signatory: str
    signs_as: Post.Kind
    address: str  # of the public page that verifies it
    qr: SafeString  # the address as an SVG drawing
    brand: str

    @property
    def name_size(self) -> int:
        return size_for(self.name, NAME_SIZES)

    @property
    def title_size(self) -> int:
        return size_for(max((words.programme for words in self.wordings), key=len), TITLE_SIZES)

    @property
    def is_crowded(self) -> bool:
        """Whether the words of a half need smaller type than the usual."""
        halves = 3 - len(self.wordings)  # that each language has for itself
        return any(
            len(words.network + words.centre + words.place) > halves * ROOM_FOR_CENTRE
            or len(words.programme) > halves * ROOM_FOR_TITLE
            for words in self.wordings
        )

    @property
    def roles(self) -> dict[str, str]:
        """As what somebody signs, each word once, with the language that it is in."""
        said = {}
        for words in self.wordings:
            with translation.override(words.language):
                said.setdefault(capfirst(str(self.signs_as.label)), words.language)
        return said

    @property
    def where(self) -> str:
        """Where the code is typed: the address as people read it, without protocol and code."""
        return self.address.partition("://")[2].removesuffix(f"{self.code}/")


@dataclass(frozen=True)
class CertificatesDocument:
    """Certificates to print, one on each page."""

    language: str
    sheets: tuple[Sheet, ...]

    @property
    def title(self) -> str:
        return ", ".join(f"№ {sheet.number}" for sheet in self.sheets)


def certificates(rows, absolute) -> CertificatesDocument:
    """The certificates of a queryset `for_document`; `absolute` makes a whole address of a path."""
    sheets = tuple(_sheet(row, absolute(row.public_path)) for row in rows)
    return CertificatesDocument(sheets[0].wordings[0].language if sheets else "en", sheets)


def _sheet(row: Certificate, address: str) -> Sheet:
    return Sheet(
        number=row.number_text,
        code=row.code_text,
        name=row.name,
        wordings=tuple(row.in_words()),
        hours=row.hours,
        first_day=row.first_day,
        last_day=row.last_day,
        issued_on=row.issued_on,
        is_recognised=row.is_recognised,
        is_valid=row.is_valid,
        signatory=row.signatory,
        signs_as=Post.Kind(row.signs_as),
        address=address,
        qr=_qr(address),
        brand=row.centre.network.brand,
    )


def _qr(address: str) -> SafeString:
    """A drawing that any phone reads, also a copy of a copy: a quarter of it may be lost."""
    stream = BytesIO()
    segno.make(address, error="q").save(stream, kind="svg", xmldecl=False, svgns=True, border=0, unit="mm", scale=1)
    return mark_safe(stream.getvalue().decode())  # segno's own drawing of an address that we made
