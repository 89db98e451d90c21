"""Sources of Annex 1, parts 1, 2, 5, 6 and 7: what the register of centres and the centre's own lists say."""

from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from centres.forms.languages import LANGUAGES
from centres.models import Equipment
from centres.models.finance import Source as IncomeSource

from ..instruments import Grade, Kind
from .sources import TABLES, Found, centres_page, cycle_before, source

REGISTER = _("Register of centres")
SOUND_AND_PICTURE = (Equipment.Kind.AUDIO_VIDEO, Equipment.Kind.PROJECTOR)


def in_all_languages(text) -> tuple[str, ...]:
    """A lazy text as it reads in each language, the active one first."""
    found = [str(text)]
    for code in LANGUAGES:
        if code != get_language():
            with override(code):
                found.append(str(text))
    return tuple(dict.fromkeys(found))


def _text(text: str, names=()) -> Found | None:
    return Found({"text": text}, names) if text else None


@source("centre_name", _("name of the centre"), REGISTER, {Kind.TEXT}, centres_page("detail"))
def centre_name(facts):
    """1.1: the name in the reader's language. Every other name and spelling of the centre means the same."""
    name = facts.centre.name_i18n
    return _text(name, (tuple(dict.fromkeys([name, *facts.centre.all_names()])),))


@source("head_name", _("head of the centre, or facilitator"), REGISTER, {Kind.TEXT}, centres_page("detail"))
def head_name(facts):
    """1.2: who headed the centre on the last day; where nobody did, who was its facilitator."""
    held = facts.posts
    return _text(", ".join(held.get("head") or held.get("facilitator") or ()))


@source("centre_address", _("address with post code"), REGISTER, {Kind.TEXT}, centres_page("detail"))
def centre_address(facts):
    """1.3: post code and address as they were given."""
    return _text(", ".join(filter(None, (facts.centre.postcode, facts.centre.address))))


@source("centre_phone", _("phone of the centre"), REGISTER, {Kind.TEXT}, centres_page("detail"))
def centre_phone(facts):
    """1.4: the phone as it was given."""
    return _text(facts.centre.phone)


@source("committee_chair", _("chair of the committee"), REGISTER, {Kind.TEXT}, centres_page("committee"))
def committee_chair(facts):
    """1.5: who chaired the committee on the last day."""
    return _text(", ".join(facts.posts.get("chair", ())))


@source(
    "measures",
    _("recommendations of the cycle before"),
    _("Recommendations of the cycle before"),
    {Kind.OPEN_TABLE, Kind.LONG_TEXT},
    cycle_before,
    is_draft_text=True,
)
def measures(facts):
    """1.6: what the network's cycle before this one recommended, once it is published and if the centre took part.

    A list to begin with: which measures the centre took, and when (`date`), no record knows.
    """
    texts = [row.text for row in facts.recommendations]
    if not texts:
        return None
    return Found({"rows": [{"measure": text} for text in texts], "text": "\n".join(f"– {text}" for text in texts)})


@source(
    "equipment_state", _("equipment by kind: total, working, broken"), _("Equipment"), TABLES, centres_page("equipment")
)
def equipment_state(facts):
    """2.1: pieces by kind (rows are keyed as `Equipment.Kind`): total, working, broken. See `Facts.equipment`.

    A kind without an entry has no row: unknown is not 0.
    """
    rows = _equipment_rows(facts, Equipment.Kind)
    names = tuple(in_all_languages(Equipment.Kind(kind).label) for kind in rows)
    return Found({"rows": rows}, names) if rows else None


@source(
    "av_aids",
    _("audio and video aids"),
    _("Equipment"),
    {Kind.LONG_TEXT, Kind.TEXT},
    centres_page("equipment"),
    is_draft_text=True,
)
def av_aids(facts):
    """2.2: audio and video sets and projectors, a line each. A text to begin with."""
    rows = _equipment_rows(facts, SOUND_AND_PICTURE).values()
    return _text("\n".join(str(_("%(kind)s: %(total)s, of these working: %(working)s") % row) for row in rows))


def _equipment_rows(facts, kinds) -> dict[str, dict]:
    return {
        kind.value: {
            "kind": str(Equipment.Kind(kind).label),
            "total": owned,
            "working": working,
            "broken": owned - working,
        }
        for kind in kinds
        for owned, working in [facts.equipment.get(kind, (0, 0))]
        if owned
    }


@source("incomes", _("incomes by source: this year, forecast"), _("Finance"), TABLES, centres_page("finance"))
def incomes(facts):
    """5: money by source (rows as `centres.models.finance.Source`), in tenge: `year` and `forecast`.

    `year` is what came in from 1 January to the last day of the period, `forecast` what is expected for the year after
    that. A source without an entry has no figure, which is not 0. Which part of the education services was payable and
    which came by agreement with the placement service is not recorded.
    """
    year, forecast = facts.incomes, facts.forecasts
    rows = {
        each.value: {"source": str(each.label), "year": year.get(each), "forecast": forecast.get(each)}
        for each in IncomeSource
        if each in year or each in forecast
    }
    names = tuple(in_all_languages(IncomeSource(key).label) for key in rows)
    return Found({"rows": rows}, names) if rows else None


@source("partners", _("partners"), _("Partners"), {Kind.LONG_TEXT}, centres_page("partners"), is_draft_text=True)
def partners(facts):
    """6: the partners of the last day, a line each with what they give and what was agreed. A text to begin with."""
    lines = []
    for partner in facts.partners:
        told = partner.agreement != partner.Agreement.UNKNOWN
        about = filter(None, (partner.gives, str(partner.get_agreement_display()) if told else ""))
        lines.append(": ".join(filter(None, (partner.name, "; ".join(about)))))
    return _text("\n".join(lines))


def _document(key: str, kind: str, title):
    @source(key, title, _("Documents"), {Kind.GRADE}, centres_page("documents"))
    def find(facts):
        """7: Yes where such a document for the period, or for a part of it, is filed; else No.

        Nothing where the centre has filed none of the five kinds here at all, of whatever time.
        """
        if facts.documents is None:
            return None
        return Found({"grade": (Grade.YES if kind in facts.documents else Grade.NO).value})

    return find


YEAR_PLAN = _document("document_year_plan", "year_plan", _("year plan"))
OPERATIONAL_PLANS = _document("document_operational_plans", "operational_plan", _("operational plan"))
SCHEDULE = _document("document_schedule", "schedule", _("schedule"))
JOURNAL = _document("document_journal", "journal", _("lesson journal"))
CURRICULA = _document("document_curricula", "curricula", _("curricula"))
