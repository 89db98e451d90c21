"""Questionnaires that come with the system; a network takes one over as its own first version and goes on from it."""

from .annex1 import ANNEX_1
from .four_areas import FOUR_AREAS

DOCUMENTS = {document.key: document for document in (ANNEX_1, FOUR_AREAS)}

__all__ = ["ANNEX_1", "DOCUMENTS", "FOUR_AREAS"]
