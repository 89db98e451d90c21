"""Sources of Annex 1, parts 3, 4 and 8: what the training register says."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from centres.collation import kazakh_key
from centres.latin import name_key
from training.models import Trainer

from ..instruments import Grade, Kind
from .centre import in_all_languages
from .sources import TABLES, Found, source, training_list, training_period

TRAINEES = _("Register of trainees")
JOURNALS = _("Journals of the groups")

#: From this share of marks “there” on, in per cent; below the last one it is unsatisfactory. The three bands of
#: Annex 1 (100, 75, under 50) leave holes; these meet.
BANDS = {"good": 90, "satisfactory": 65}
SUSTAINABLE = Decimal("0.05")  # of the people a year earlier: what changes no more than that is sustainable


@source(
    "trainees_by_programme",
    _("trainees by programme and sex"),
    TRAINEES,
    {Kind.OPEN_TABLE},
    training_period,
)
def trainees_by_programme(facts):
    """3.1: people in a group on some day of the period, each once, by programme: curriculum, men, women, total.

    Whoever was in two groups of a programme counts once in its row; whoever was in two programmes stands in both rows,
    so that the rows can add up to more than the people, whose number stands beside. Those who dropped out count, those
    who only waited do not. Programmes of the same title are one curriculum: editions, a template and its adaptation.
    Where somebody's sex is not known, men and women of that row are left empty and only the total is given. Groups
    whose attendance is kept as totals only know visits, not people: their programmes have a row without figures where
    nobody is enrolled by name, and the visits told stand beside, never in the table.
    """
    sexes: dict[str, dict] = {}
    keys = {pk: name_key(programme.title) for pk, programme in facts.programmes.items()}
    for programme, trainee, sex, _needy in facts.enrolled:
        sexes.setdefault(keys[programme], {})[trainee] = sex
    for programme in facts.told:
        sexes.setdefault(keys[programme], {})
    if not sexes:
        return None
    latest = {keys[each.pk]: each for each in sorted(facts.programmes.values(), key=lambda each: each.edition)}
    rows = []
    for key, people in sexes.items():
        row = {"curriculum": latest[key].title_i18n}
        if people:
            row["total"] = len(people)
        if people and all(people.values()):
            row |= {"men": sum(sex == "m" for sex in people.values())}
            row |= {"women": row["total"] - row["men"]}
        rows.append(row)
    rows.sort(key=lambda row: kazakh_key(row["curriculum"]))
    names = tuple(_titles(latest[key]) for key in sexes)
    everybody = {trainee: sex for people in sexes.values() for trainee, sex in people.items()}
    beside = {"people": len(everybody), "told_visits": sum(facts.told.values())}
    beside["sex_unknown"] = sum(not sex for sex in everybody.values())
    return Found({"rows": rows}, names, {key: count for key, count in beside.items() if count})


def _titles(programme) -> tuple[str, ...]:
    named = (programme.title_i18n, programme.title, programme.title_ru, programme.title_kk)
    return tuple(dict.fromkeys(filter(None, named)))


@source("trainees", _("number of trainees"), TRAINEES, {Kind.NUMBER}, training_period)
def trainees(facts):
    """People in a group on some day of the period, each once. Visits told without names stand beside."""
    counts = facts.counts
    if not counts.people:
        return None
    return Found({"number": counts.people}, beside={"told_visits": counts.told} if counts.told else {})


@source("needy_trainees", _("trainees from needy families"), TRAINEES, {Kind.NUMBER}, training_list("trainees"))
def needy_trainees(facts):
    """3.2: those of them of whom the register says that the family is needy.

    Of how many it says nothing stands beside. Where it says Yes of nobody, 0 is known only if it says No of everybody.
    """
    needy = {trainee: answer for _programme, trainee, _sex, answer in facts.enrolled}
    known = sum(answer == "yes" for answer in needy.values())
    unknown = sum(not answer for answer in needy.values())
    if not needy or (unknown and not known):
        return None
    return Found({"number": known}, beside={"needy_unknown": unknown} if unknown else {})


def _share(facts) -> Decimal | None:
    """Marks “there” of all marks, in per cent; None without a mark."""
    counts = facts.counts
    return Decimal(100) * counts.visits / counts.marked if counts.marked else None


@source("attendance_share", _("attendance in per cent"), JOURNALS, {Kind.NUMBER}, training_list("groups"))
def attendance_share(facts):
    """Marks “there” of all marks in the lessons of the period, in per cent (§6.4, log books).

    All lessons are summed first and divided last. Lessons kept as totals only have no marks.
    """
    share = _share(facts)
    return None if share is None else Found({"number": share})


@source(
    "attendance_band", _("attendance: good, satisfactory, unsatisfactory"), JOURNALS, {Kind.CHOICE}, training_period
)
def attendance_band(facts):
    """3.3: the band in which the share lies, before it is rounded. See `BANDS`."""
    share = _share(facts)
    if share is None:
        return None
    band = next((key for key, least in BANDS.items() if share >= least), "unsatisfactory")
    return Found({"choice": band}, beside={"there": facts.counts.visits, "marked": facts.counts.marked})


@source("trainee_trend", _("trainees against the year before"), TRAINEES, {Kind.CHOICE}, training_period)
def trainee_trend(facts):
    """3.4: people of the period against those of the same span one year earlier.

    Up to 5 % of those either way is sustainable. Nothing where one of the two has nobody by name, or where visits were
    told without names in one of them only: then the two were not counted alike.
    """
    now, before = facts.counts, facts.counts_before
    if not now.people or not before.people or bool(now.told) != bool(before.told):
        return None
    change = now.people - before.people
    trend = "sustainable" if abs(change) <= SUSTAINABLE * before.people else ("increasing", "decreasing")[change < 0]
    return Found({"choice": trend}, beside={"people": now.people, "people_before": before.people})


@source("staff", _("trainers by who pays them"), _("Trainers"), TABLES, training_list("trainers"))
def staff(facts):
    """4: trainers of the last day by who pays (rows as `Trainer.Payer`): number, and how many are certified.

    Where the centre lists its trainers at all, nobody in a row is 0. Certified is empty as long as it is not known of
    each of the row.
    """
    if not facts.trainers:
        return None
    rows = {}
    for payer in Trainer.Payer:
        certified = [trainer.is_certified for trainer in facts.trainers if trainer.paid_by == payer]
        known = certified and None not in certified
        rows[payer.value] = {
            "payer": str(payer.label),
            "number": len(certified),
            "certified": sum(certified) if known else None,
        }
    return Found({"rows": rows}, tuple(in_all_languages(payer.label) for payer in Trainer.Payer))


@source(
    "curricula_available",
    _("programmes that are written down"),
    _("Programmes"),
    {Kind.GRADE},
    training_list("programmes"),
)
def curricula_available(facts):
    """8.2.1: whether the programmes taught in the period are written down, each with its hours, content or a file.

    Yes for all, Partly for some, No for none of them; nothing where no group ran.
    """
    written = [bool(each.hours or each.content or each.file) for each in facts.taught.values()]
    if not written:
        return None
    grade = Grade.YES if all(written) else Grade.PARTLY if any(written) else Grade.NO
    return Found({"grade": grade.value})
