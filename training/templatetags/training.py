"""What pages of other apps show from the training register, so that their Python need not import it."""

from dataclasses import dataclass

from django import template

from centres.models import CentreDocument

from ..kept_here import kept_here

register = template.Library()


@dataclass(frozen=True)
class Required:
    """One of the five required documents: whether it is filed, or else where this system keeps what it would say."""

    kind: CentreDocument.Kind
    is_filed: bool
    kept_at: str

    @property
    def is_there(self) -> bool:
        return self.is_filed or bool(self.kept_at)


@register.simple_tag
def required_documents(required, centre, year) -> list[Required]:
    """`required` as (kind, whether it is filed), missing ones first, with what the register keeps for the year."""
    kept = kept_here(centre, int(year))
    rows = [Required(kind, is_filed, "" if is_filed else kept.get(kind, "")) for kind, is_filed in required]
    return sorted(rows, key=lambda row: row.is_there)


@register.simple_tag
def count_there(rows) -> int:
    return sum(row.is_there for row in rows)
