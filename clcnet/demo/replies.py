"""Short ways to write the replies of a self-assessment."""

from .shapes import Reply


def words(text: str, why: str = "") -> Reply:
    return Reply({"text": text}, why)


def number(figure: int, why: str = "") -> Reply:
    return Reply({"number": str(figure)}, why)


def chosen(key: str, why: str = "") -> Reply:
    return Reply({"choice": key}, why)


def graded(grade: str, source: str = "", proposal: str = "", why: str = "") -> Reply:
    value = {"grade": grade, "source": source, "proposal": proposal}
    return Reply({name: text for name, text in value.items() if text}, why)


def methods(*grades: str) -> dict[str, Reply]:
    """The five sub-points of 8.3.1."""
    return {f"8.3.1.{place}": graded(grade) for place, grade in enumerate(grades, start=1)}


def measures(*rows: tuple[str, str]) -> Reply:
    """1.6, as (day, what was done)."""
    return Reply({"rows": [{"date": day, "measure": text} for day, text in rows]})


def trainees(*rows: tuple[str, int, int], why: str) -> Reply:
    """3.1, as (programme, men, women)."""
    return Reply(
        {
            "rows": [
                {"curriculum": title, "men": str(men), "women": str(women), "total": str(men + women)}
                for title, men, women in rows
            ]
        },
        why,
    )


def incomes(**sources: tuple[int, int]) -> Reply:
    """5.1, as (this year, next year) by source; what is not named brought nothing and is expected to bring nothing."""
    every = (
        "main_budget",
        "grants",
        "rent",
        "education",
        "education_payable",
        "education_placement",
        "production",
        "sponsors",
    )
    pairs = dict.fromkeys(every, (0, 0)) | sources
    return Reply(
        {"rows": {source: {"year": str(pairs[source][0]), "forecast": str(pairs[source][1])} for source in every}}
    )
