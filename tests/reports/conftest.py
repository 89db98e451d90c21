"""Made-up matrices as documents, without a database."""

from datetime import date

import pytest

from reports.documents import (
    AspectRow,
    CellText,
    CentreColumn,
    ConclusionText,
    MatrixDocument,
    RecommendationText,
    StateCount,
)

KAZAKH = "Әкімдік пен үйірме қызметі жаңа ғимаратта, оқыту көңілді өтеді; ұжымда һәм өңірде іс көп."
LEVELS = (("strong", "strong"), ("partly", "partly"), ("weak", "weak"), ("not_assessed", "not assessed"))


def words(start: int, count: int) -> str:
    """That many different words, with Kazakh letters, so that each can be looked for in the document."""
    return " ".join(f"сөз{number}" for number in range(start, start + count))


def make_document(centres=2, aspects=2, **kwargs) -> MatrixDocument:
    """A document whose every cell, conclusion and recommendation has words of its own."""
    columns = tuple(CentreColumn(f"c{n}", f"Орталық {n}", "remote village", "Zhambyl oblast") for n in range(centres))
    rows = tuple(
        AspectRow(
            number,
            f"Aspect title {number}",
            tuple(
                CellText(words(number * 10_000 + n * 100, 30), f"Next {number} {n}", "weak", "weak", "accepted", "ok")
                for n in range(centres)
            ),
            ConclusionText(f"Conclusion {number}", (), (RecommendationText(1, f"Do {number}"),)),
        )
        for number in range(1, aspects + 1)
    )
    values = {
        "language": "en",
        "network": "Alpha & beta <network>",
        "cycle_code": "2005",
        "cycle_title": "Monitoring 2005",
        "is_published": True,
        "columns": columns,
        "rows": rows,
        "state_counts": (StateCount("accepted", "accepted", centres * aspects),),
        "levels": LEVELS,
        "data_date": date(2026, 11, 22),
        "period_start": date(2005, 1, 1),
        "period_end": date(2005, 6, 30),
        "visits_start": date(2005, 6, 17),
        "visits_end": date(2005, 6, 23),
        "methods": "Visits and interviews",
        "sources": "Plans and journals",
    }
    return MatrixDocument(**{**values, **kwargs})


@pytest.fixture(name="make_document")
def _make_document():
    return make_document
