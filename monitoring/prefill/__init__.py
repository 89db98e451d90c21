"""What the data say in answer to a question: computed for a centre and a cycle's period, kept beside the answer.

A question names a source by its key. `computed` gives, per question, an entry that an answer keeps:

`{"source": key, "value": canonical value, "at": ISO time, "day": last day it speaks of, "names": …, "beside": …}`

`names` (texts that mean the same) and `beside` (figures that stand beside it) are there only where they are needed.
Unknown is not 0: where the data have nothing to say there is no entry, and a cell they do not know is left out.
"""

from datetime import date
from decimal import ROUND_FLOOR, Decimal

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext_lazy as _

from ..instruments import Kind, is_answered
from . import centre, register  # noqa: F401 - they enter their sources
from .facts import Facts
from .sources import SOURCES, Found, Source
from .values import fitted, same

__all__ = ["BESIDE", "SOURCES", "Found", "Source", "beside", "computed", "differs", "is_draft", "shown"]

#: Figures that stand beside a value, in words, by the figure that calls for them.
BESIDE = {
    "people": _("People, each counted once: %(people)s."),
    "people_before": _("A year earlier: %(people_before)s."),
    "marked": _("Marks “there”: %(there)s of %(marked)s, which is %(share)s %%."),
    "told_visits": _("Visits told without names, not counted here: %(told_visits)s."),
    "sex_unknown": _("People whose sex is not known: %(sex_unknown)s."),
    "needy_unknown": _("People of whom it is not known: %(needy_unknown)s."),
}


def computed(assessment, questions) -> dict[str, dict]:
    """What the data say in answer to these questions, by code; only what they ask for is computed.

    A fixed number of queries, however many questions and records there are. The assessment's cycle and centre should
    be loaded.
    """
    wanted = [(question, SOURCES[question.prefill]) for question in questions if question.prefill in SOURCES]
    wanted = [(question, known) for question, known in wanted if known.fits(question.kind)]
    if not wanted:
        return {}
    facts = Facts(assessment.cycle, assessment.centre)
    found = {key: SOURCES[key].find(facts) for key in {known.key for _question, known in wanted}}
    entries = {question.code: _entry(question, known, found[known.key], facts) for question, known in wanted}
    return {code: entry for code, entry in entries.items() if entry}


def _entry(question, known: Source, found: Found | None, facts: Facts) -> dict | None:
    value = fitted(question, found.value, is_draft=known.is_draft_text) if found else {}
    if not is_answered(question.kind, value):
        return None
    entry = {
        "source": known.key,
        "value": value,
        "at": timezone.now().isoformat(timespec="seconds"),
        "day": facts.last.isoformat(),
    }
    names = [list(each) for each in found.names if len(each) > 1]
    if names and question.kind in (Kind.TEXT, Kind.OPEN_TABLE):
        entry["names"] = names
    if found.beside:
        entry["beside"] = found.beside
    return entry


def is_draft(question, entry: dict) -> bool:
    """Whether what was computed is only a text to begin with: so is every longer text."""
    known = SOURCES.get(entry.get("source"))
    return known is None or known.is_draft_text or question.kind == Kind.LONG_TEXT


def differs(question, value: dict, entry: dict | None) -> bool:
    """Whether the answer says something else than the data, so that it asks for a word of explanation.

    `entry` is one of `computed`, as an answer keeps it. Nothing computed or nothing answered is no difference.
    """
    if not entry or is_draft(question, entry):
        return False
    if not is_answered(question.kind, value) or not is_answered(question.kind, entry["value"]):
        return False
    return not same(question, value, entry["value"], entry.get("names", ()))


def shown(entry: dict) -> str:
    """Where an entry comes from and of which day it is: Register of trainees, 30 June 2005."""
    known = SOURCES.get(entry["source"])
    label = known.label if known else entry["source"]
    return f"{label}, {date_format(date.fromisoformat(entry['day']))}" if entry.get("day") else str(label)


def beside(entry: dict) -> list[str]:
    """Sentences about what stands beside an entry: people not counted, or not known."""
    figures = dict(entry.get("beside", {}))
    if figures.get("marked"):
        share = Decimal(100) * figures["there"] / figures["marked"]
        # Rounded down, so that a share just below a bound does not read as if it had reached it.
        figures["share"] = number_format(share.quantize(Decimal("0.1"), ROUND_FLOOR))
    return [str(words % figures) for key, words in BESIDE.items() if key in figures]
