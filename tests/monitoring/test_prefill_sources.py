"""Each source against a few records made by hand: what counts, what does not, what is not known."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from centres.models import Post
from monitoring.instruments import Choice, Column, Kind, Options, QuestionText, Row
from monitoring.prefill import SOURCES, beside, computed
from tests.factories import (
    make_assessment,
    make_centre,
    make_cycle,
    make_enrolment,
    make_expert,
    make_facilitator,
    make_group,
    make_lesson,
    make_post,
    make_programme,
    make_questionnaire,
    make_trainee,
    make_trainer,
    write_cell,
)
from tests.kept import make_document, make_equipment, make_forecast, make_income, make_partner

pytestmark = pytest.mark.django_db

JUNE = date(2005, 6, 30)  # the last day of the period that the factories give


def table(*columns, rows=(), decimals=0):
    texts = {"curriculum", "measure", "kind"}
    return Options(
        rows=tuple(Row(key, {}) for key in rows),
        columns=tuple(
            Column(key, {}, "text" if key in texts else "number", decimals=decimals if key not in texts else 0)
            for key in columns
        ),
    )


PEOPLE = table("curriculum", "men", "women", "total")
MACHINES = table("total", "working", "broken", rows=("computer", "fax", "modem", "projector"))
STAFF = table("number", "certified", rows=("centre", "akimat", "employment_centre", "project", "volunteer"))
INCOMES = table("year", "forecast", rows=("main_budget", "grants", "education", "education_payable"))
BANDS = Options(choices=tuple(Choice(key, {}) for key in ("good", "satisfactory", "unsatisfactory")))
TRENDS = Options(choices=tuple(Choice(key, {}) for key in ("increasing", "sustainable", "decreasing")))


@pytest.fixture
def centre():
    return make_centre()


@pytest.fixture
def says(centre):
    """What a source says of the centre in the first half of 2005, as a value; {} where it says nothing."""

    def value_of(key, options=None, kind=None, **period):
        return entry_of(centre, key, options, kind, **period).get("value", {})

    return value_of


def entry_of(centre, key, options=None, kind=None, **period):
    kind = kind or next(each for each in Kind if SOURCES[key].fits(each))
    question = QuestionText("1.1", kind, {}, prefill=key, options=options or Options())
    questionnaire = make_questionnaire(centre.network, key=f"own-{centre.network.questionnaires.count()}")
    cycle = make_cycle(centre.network, [centre], questionnaire=questionnaire, **period)
    return computed(make_assessment(centre, cycle=cycle), [question]).get("1.1", {})


# Part 1: the centre


def test_who_heads_the_centre_on_the_last_day(centre, says):
    make_post(centre, name="Earlier", until_date=date(2005, 6, 29))
    make_post(centre, name="Later", from_date=date(2005, 7, 1))
    make_post(centre, name="Facilitator", kind=Post.Kind.FACILITATOR)
    assert says("head_name") == {"text": "Facilitator"}
    make_post(centre, name="Head", from_date=JUNE, until_date=JUNE)
    assert says("head_name") == {"text": "Head"}
    make_post(centre, name="Deputy", from_date=JUNE)
    assert says("head_name") == {"text": "Head, Deputy"}


def test_an_account_stands_for_a_post_in_which_nobody_is_named(centre, says):
    make_facilitator(centre, name="Maira", from_date=date(2005, 6, 30))
    make_facilitator(centre, name="Gone", until_date=date(2005, 6, 29))
    make_facilitator(centre, name="Not yet", from_date=date(2005, 7, 1))
    assert says("head_name") == {"text": "Maira"}
    make_post(centre, name="Somebody", kind=Post.Kind.FACILITATOR)
    assert says("head_name") == {"text": "Somebody"}


def test_name_address_and_phone_stand_as_they_were_given(centre, says):
    assert says("centre_name") == {"text": centre.name}
    assert (says("centre_address"), says("centre_phone")) == ({}, {})
    centre.address, centre.phone = "Abai 1", "2-12"
    centre.save()
    assert (says("centre_address"), says("centre_phone")) == ({"text": "Abai 1"}, {"text": "2-12"})


def test_who_chairs_the_committee(centre, says):
    make_post(centre, name="Head")
    assert says("committee_chair") == {}
    make_post(centre, name="Chair", kind=Post.Kind.CHAIR)
    assert says("committee_chair") == {"text": "Chair"}


def make_round(centres, year, texts=("Buy a modem.", "Meet monthly."), published=True):
    """A cycle of the first half of that year, with recommendations."""
    cycle = make_cycle(
        centres[0].network, centres, period_start=date(year, 1, 1), period_end=date(year, 6, 30)
    )  # fmt: skip
    expert = make_expert(centres[0].network)
    conclusion = cycle.conclusions.order_by("aspect__number").first()
    advice = [{"text": text, "see_also": []} for text in texts]
    conclusion.revise(by=expert, version=0, text="So.", rests_on=[], see_also=[], recommendations=advice)
    write_cell(cycle.cells.first(), expert, state="accepted")
    if published:
        cycle.publish(by=expert)
    return cycle


def test_measures_begin_with_what_the_cycle_before_recommended(centre, says):
    make_round([centre], 2003, ["Old."])
    before = make_round([centre], 2004)
    make_round([centre], 2006, ["Later."])
    columns = Options(columns=(Column("date", {}, "date"), Column("measure", {}, "text")))
    assert says("measures", columns, Kind.OPEN_TABLE) == {
        "rows": [{"measure": "Buy a modem."}, {"measure": "Meet monthly."}]
    }
    assert says("measures", kind=Kind.LONG_TEXT) == {"text": "– Buy a modem.\n– Meet monthly."}
    later = make_cycle(centre.network, [centre], period_start=date(2005, 1, 1), period_end=JUNE)
    assert SOURCES["measures"].records(later, centre) == before.get_absolute_url()


def test_recommendations_that_are_not_published_yet_are_told_to_nobody(centre, says):
    make_round([centre], 2003, ["Old."])
    make_round([centre], 2004, published=False)
    assert says("measures", table("measure")) == {}


def test_recommendations_to_other_centres_and_networks_are_no_measures(centre, says):
    make_round([make_centre(centre.network)], 2004)
    make_round([make_centre()], 2004)
    assert says("measures", table("measure")) == {}


# Part 2: equipment


def test_equipment_is_summed_by_kind(centre, says):
    make_equipment(centre, quantity=5, working=3)
    make_equipment(centre, name="Old one", quantity=1, working=0)
    make_equipment(centre, kind="fax")
    assert says("equipment_state", MACHINES) == {
        "rows": {
            "computer": {"total": "6", "working": "3", "broken": "3"},
            "fax": {"total": "1", "working": "1", "broken": "0"},
        }
    }


def test_equipment_counts_as_of_the_last_day(centre, says):
    make_equipment(centre, quantity=2, working=0, not_working_since=date(2005, 7, 1))
    make_equipment(centre, quantity=4, working=3, not_working_since=JUNE)
    make_equipment(centre, kind="fax", acquired=JUNE)
    make_equipment(centre, kind="modem", acquired=date(2005, 7, 1))
    assert says("equipment_state", MACHINES) == {
        "rows": {
            "computer": {"total": "6", "working": "5", "broken": "1"},
            "fax": {"total": "1", "working": "1", "broken": "0"},
        }
    }


def test_audio_and_video_aids_are_a_text_to_begin_with(centre, says):
    make_equipment(centre, quantity=5, working=3)
    assert says("av_aids", kind=Kind.LONG_TEXT) == {}
    make_equipment(centre, kind="projector")
    make_equipment(centre, kind="audio_video", quantity=3, working=2)
    assert says("av_aids", kind=Kind.LONG_TEXT) == {
        "text": "audio or video: 3, of these working: 2\nprojector: 1, of these working: 1"
    }


# Part 3: trainees


def enrol(centre, programme, *sexes, **kwargs):
    """A group of the programme with so many people, by their sex."""
    group = make_group(centre, programme, **kwargs)
    return group, [make_enrolment(group, make_trainee(centre, sex=sex)) for sex in sexes]


def test_people_are_counted_by_programme_and_sex(centre, says):
    sewing, chess = make_programme(centre=centre, title="Sewing"), make_programme(centre=centre, title="Chess")
    enrol(centre, sewing, "f", "f", "m")
    enrol(centre, chess, "m", "m")
    assert says("trainees_by_programme", PEOPLE) == {
        "rows": [
            {"curriculum": "Chess", "men": "2", "women": "0", "total": "2"},
            {"curriculum": "Sewing", "men": "1", "women": "2", "total": "3"},
        ]
    }


def test_who_is_in_two_groups_counts_once_in_a_programme_and_in_the_rows_of_both_programmes(centre):
    sewing, chess = make_programme(centre=centre, title="Sewing"), make_programme(centre=centre, title="Chess")
    _group, [anna, _other] = enrol(centre, sewing, "f", "f")
    make_enrolment(make_group(centre, sewing), anna.trainee)
    make_enrolment(make_group(centre, chess), anna.trainee)
    entry = entry_of(centre, "trainees_by_programme", PEOPLE)
    assert [(row["curriculum"], row["total"]) for row in entry["value"]["rows"]] == [("Chess", "1"), ("Sewing", "2")]
    assert beside(entry) == ["People, each counted once: 2."]
    assert entry_of(centre, "trainees")["value"] == {"number": "2"}


def test_editions_and_adaptations_of_the_same_title_are_one_curriculum(centre, says):
    template = make_programme(centre.network, title="Sewing")
    own = make_programme(centre=centre, title="sewing")
    later = make_programme(centre=centre, title="Sewing", edition=2, replaces=own)
    _group, [anna] = enrol(centre, template, "f")
    make_enrolment(make_group(centre, own), anna.trainee)
    enrol(centre, later, "m")
    assert says("trainees_by_programme", PEOPLE) == {
        "rows": [{"curriculum": "Sewing", "men": "1", "women": "1", "total": "2"}]
    }


@pytest.mark.parametrize(
    ("enrolment", "counts"),
    [
        ({"started_on": date(2005, 6, 30)}, True),
        ({"started_on": date(2005, 7, 1), "applied_on": date(2005, 6, 1)}, False),
        ({"status": "completed", "ended_on": date(2005, 1, 1)}, True),
        ({"status": "completed", "ended_on": date(2004, 12, 31)}, False),
        ({"status": "completed", "ended_on": date(2005, 9, 1)}, True),
        ({"status": "dropped", "reason": "work", "ended_on": date(2005, 2, 1)}, True),
        ({"status": "waiting", "started_on": None}, False),
        ({"status": "not_come", "started_on": None}, False),
    ],
)
def test_who_was_in_a_group_on_some_day_of_the_period_counts(centre, says, enrolment, counts):
    group = make_group(centre, start=date(2004, 9, 1), end=date(2005, 12, 31))
    make_enrolment(group, make_trainee(centre, needy="yes"), **enrolment)
    found = [says("trainees"), says("needy_trainees"), bool(says("trainees_by_programme", PEOPLE))]
    assert found == [{"number": "1"}, {"number": "1"}, True] if counts else found == [{}, {}, False]


def test_where_the_sex_is_not_known_only_the_total_is_given(centre):
    sewing, chess = make_programme(centre=centre, title="Sewing"), make_programme(centre=centre, title="Chess")
    enrol(centre, sewing, "f", "")
    enrol(centre, chess, "m")
    entry = entry_of(centre, "trainees_by_programme", PEOPLE)
    assert entry["value"] == {
        "rows": [
            {"curriculum": "Chess", "men": "1", "women": "0", "total": "1"},
            {"curriculum": "Sewing", "total": "2"},
        ]
    }
    assert beside(entry) == ["People, each counted once: 3.", "People whose sex is not known: 1."]


def test_told_totals_stand_beside_and_never_in_the_table(centre):
    sewing, talk = make_programme(centre=centre, title="Sewing"), make_programme(centre=centre, title="Talk")
    enrol(centre, sewing, "f")
    for programme in (sewing, talk):
        make_lesson(make_group(centre, programme, keeping="totals"), women=20, men=5)
    told = make_group(centre, talk, keeping="totals")
    make_lesson(told, state="cancelled")
    make_lesson(told, day=date(2005, 7, 1), women=100, men=0)
    entry = entry_of(centre, "trainees_by_programme", PEOPLE)
    assert entry["value"] == {
        "rows": [
            {"curriculum": "Sewing", "men": "0", "women": "1", "total": "1"},
            {"curriculum": "Talk"},
        ]
    }
    assert beside(entry) == ["People, each counted once: 1.", "Visits told without names, not counted here: 50."]
    assert beside(entry_of(centre, "trainees")) == ["Visits told without names, not counted here: 50."]


def test_told_totals_alone_are_no_number_of_people(centre, says):
    make_lesson(make_group(centre, keeping="totals"), women=20, men=5)
    assert says("trainees") == {}
    assert says("attendance_share") == {}


def test_somebody_left_in_a_group_that_ended_earlier_is_counted_as_the_register_does(centre, says):
    """Nobody ended the enrolment: the register's own page counts the person, too."""
    make_enrolment(make_group(centre, make_programme(centre=centre, title="Chess"), start=date(2004, 9, 1),
                              end=date(2004, 12, 1)))  # fmt: skip
    assert says("trainees_by_programme", PEOPLE) == {
        "rows": [{"curriculum": "Chess", "men": "0", "women": "1", "total": "1"}]
    }


@pytest.mark.parametrize(
    ("needy", "number", "unknown"),
    [
        (["yes", "yes", "no"], {"number": "2"}, []),
        (["no", "no"], {"number": "0"}, []),
        (["yes", ""], {"number": "1"}, ["People of whom it is not known: 1."]),
        (["no", ""], {}, []),
        (["", ""], {}, []),
        ([], {}, []),
    ],
)
def test_unknown_need_is_not_0(centre, needy, number, unknown):
    group = make_group(centre)
    for answer in needy:
        make_enrolment(group, make_trainee(centre, needy=answer))
    entry = entry_of(centre, "needy_trainees")
    assert (entry.get("value", {}), beside(entry)) == (number, unknown)


def test_who_is_in_two_groups_is_needy_once(centre, says):
    anna = make_trainee(centre, needy="yes")
    for _ in range(2):
        make_enrolment(make_group(centre), anna)
    assert says("needy_trainees") == {"number": "1"}


def attend(centre, there, away, day=date(2005, 3, 1)):
    """One lesson with so many marks."""
    group = make_group(centre)
    people = [make_enrolment(group) for _ in range(there + away)]
    return make_lesson(group, day, present=people[:there], absent=people[there:])


@pytest.mark.parametrize(
    ("there", "away", "band"),
    [
        (9, 1, "good"),
        (10, 0, "good"),
        (17, 2, "satisfactory"),  # 89.47
        (13, 7, "satisfactory"),  # 65
        (9, 5, "unsatisfactory"),  # 64.29
        (0, 3, "unsatisfactory"),
    ],
)
def test_attendance_lies_in_a_band_with_stated_bounds(centre, says, there, away, band):
    attend(centre, there, away)
    assert says("attendance_band", BANDS) == {"choice": band}


def test_the_band_goes_by_the_share_before_it_is_rounded(centre, says):
    attend(centre, 43, 5)  # 89.58, which is 90 when rounded
    assert says("attendance_share") == {"number": "90"}
    assert says("attendance_band", BANDS) == {"choice": "satisfactory"}


def test_a_share_sums_all_lessons_first_and_divides_last(centre, says):
    attend(centre, 1, 0)
    attend(centre, 1, 6)
    attend(centre, 0, 5, date(2005, 7, 1))  # after the period
    assert says("attendance_share") == {"number": "25"}
    attend(centre, 1, 0)
    assert says("attendance_share", Options(decimals=1)) == {"number": "33.3"}
    entry = entry_of(centre, "attendance_band", BANDS)
    assert beside(entry) == ["Marks “there”: 3 of 9, which is 33.3 %."]


def test_a_share_just_below_a_bound_does_not_read_as_if_it_had_reached_it():
    entry = {"beside": {"there": 8999, "marked": 10_000}}
    assert beside(entry) == ["Marks “there”: 8999 of 10000, which is 89.9 %."]
    with translation.override("ru"):
        assert "89,9 %" in beside(entry)[0]


def test_an_excuse_is_a_mark_and_no_mark_is_none(centre, says):
    assert says("attendance_share") == {}
    lesson = attend(centre, 1, 1)
    lesson.marks.filter(mark="absent").update(mark="excused")
    make_enrolment(lesson.group)
    assert says("attendance_share") == {"number": "50"}


def test_without_a_journal_there_is_no_attendance(centre, says):
    make_enrolment(make_group(centre))
    assert (says("attendance_share"), says("attendance_band", BANDS)) == ({}, {})


def learn(centre, year, number):
    group = make_group(centre, start=date(year, 2, 1), end=date(year, 5, 31))
    for _ in range(number):
        person = make_trainee(centre, registered_on=group.start)
        make_enrolment(group, person, status="completed", ended_on=group.end)


@pytest.mark.parametrize(
    ("before", "now", "trend"),
    [
        (20, 22, "increasing"),
        (20, 21, "sustainable"),
        (20, 20, "sustainable"),
        (20, 19, "sustainable"),
        (20, 18, "decreasing"),
        (1, 2, "increasing"),
    ],
)
def test_the_trend_compares_people_with_the_same_months_a_year_earlier(centre, says, before, now, trend):
    learn(centre, 2004, before)
    learn(centre, 2005, now)
    assert says("trainee_trend", TRENDS) == {"choice": trend}


def test_a_trend_says_what_it_compares(centre):
    learn(centre, 2004, 3)
    learn(centre, 2005, 4)
    assert beside(entry_of(centre, "trainee_trend", TRENDS)) == ["People, each counted once: 4.", "A year earlier: 3."]


def test_without_records_of_the_year_before_there_is_no_trend(centre, says):
    learn(centre, 2005, 4)
    group = make_group(centre, start=date(2004, 7, 1), end=date(2004, 12, 31))  # another half of the year
    make_enrolment(group, make_trainee(centre, registered_on=group.start), status="completed", ended_on=group.end)
    assert says("trainee_trend", TRENDS) == {}


def test_without_records_of_this_year_there_is_no_trend(centre, says):
    learn(centre, 2004, 4)
    assert says("trainee_trend", TRENDS) == {}


def test_years_that_were_not_counted_alike_are_not_compared(centre, says):
    learn(centre, 2004, 4)
    learn(centre, 2005, 4)
    make_lesson(make_group(centre, keeping="totals"), women=9, men=9)
    assert says("trainee_trend", TRENDS) == {}
    earlier = make_group(centre, keeping="totals", start=date(2004, 3, 1), end=date(2004, 3, 1))
    make_lesson(earlier, women=9, men=9)
    assert says("trainee_trend", TRENDS) == {"choice": "sustainable"}


def test_the_year_before_a_leap_day_ends_on_the_last_of_february(centre, says):
    group = make_group(centre, start=date(2003, 2, 28), end=date(2003, 2, 28))
    make_enrolment(group, make_trainee(centre, registered_on=group.start), status="completed", ended_on=group.end)
    group = make_group(centre, start=date(2004, 2, 29), end=date(2004, 2, 29))
    make_enrolment(group, make_trainee(centre, registered_on=group.start), status="completed", ended_on=group.end)
    day = {"period_start": date(2004, 2, 29), "period_end": date(2004, 2, 29)}
    assert says("trainee_trend", TRENDS, **day) == {"choice": "sustainable"}


# Part 4: trainers


def test_trainers_of_the_last_day_by_who_pays(centre, says):
    for certified in (True, False):
        make_trainer(centre, paid_by="akimat", is_certified=certified)
    make_trainer(centre, paid_by="volunteer", is_certified=True)
    make_trainer(centre, paid_by="volunteer")  # not known
    make_trainer(centre, paid_by="centre", until_date=date(2005, 6, 29))
    make_trainer(centre, paid_by="centre", from_date=date(2005, 7, 1))
    make_trainer(centre, paid_by="project", is_certified=False, from_date=JUNE, until_date=JUNE)
    assert says("staff", STAFF) == {
        "rows": {
            "centre": {"number": "0"},
            "akimat": {"number": "2", "certified": "1"},
            "employment_centre": {"number": "0"},
            "project": {"number": "1", "certified": "0"},
            "volunteer": {"number": "2"},
        }
    }


def test_a_centre_that_lists_no_trainers_has_not_0_of_them(centre, says):
    assert says("staff", STAFF) == {}
    make_trainer(centre, until_date=date(2005, 6, 29))
    assert says("staff", STAFF) == {}


# Part 5: incomes


def test_incomes_of_the_year_up_to_the_last_day_and_the_forecast_of_the_next(centre, says):
    for day, amount in ((date(2005, 1, 1), 100), (JUNE, 50), (date(2004, 12, 31), 7), (date(2005, 7, 1), 9)):
        make_income(centre, source="grants", date=day, amount=amount)
    make_income(centre, source="education", amount=Decimal("20.50"))
    make_forecast(centre, source="education", year=2006, amount=300)
    make_forecast(centre, source="main_budget", year=2005, amount=1)
    found = {"grants": {"year": "150"}, "education": {"year": "21", "forecast": "300"}}
    assert says("incomes", INCOMES) == {"rows": found}
    cents = table("year", rows=("education",), decimals=2)
    assert says("incomes", cents) == {"rows": {"education": {"year": "20.5"}}}


def test_incomes_are_those_of_the_calendar_year_in_which_the_period_ends(centre, says):
    for day, amount in ((date(2005, 1, 1), 100), (date(2004, 11, 1), 7)):
        make_income(centre, source="grants", date=day, amount=amount)
    assert says("incomes", INCOMES, period_start=date(2004, 9, 1)) == {"rows": {"grants": {"year": "100"}}}
    assert says("incomes", INCOMES, period_start=date(2005, 4, 1)) == {"rows": {"grants": {"year": "100"}}}


def test_an_income_of_0_is_known_and_one_without_an_entry_is_not(centre, says):
    make_income(centre, source="grants", amount=0)
    assert says("incomes", INCOMES) == {"rows": {"grants": {"year": "0"}}}


def test_without_an_entry_there_are_no_incomes(says):
    assert says("incomes", INCOMES) == {}


# Part 6: partners


def test_partners_of_the_last_day_are_a_text_to_begin_with(centre, says):
    assert says("partners") == {}
    make_partner(centre, name="Akimat", agreement="written", gives="rooms")
    make_partner(centre, name="School", contact="Secret 2-12")
    make_partner(centre, name="Clinic", agreement="none")
    make_partner(centre, name="Former", until_date=date(2005, 6, 29))
    assert says("partners") == {"text": "Akimat: rooms; written agreement\nClinic: no agreement\nSchool"}


# Part 7: documents

KEYS = {
    "year_plan": "document_year_plan",
    "operational_plan": "document_operational_plans",
    "schedule": "document_schedule",
    "journal": "document_journal",
    "curricula": "document_curricula",
}


@pytest.mark.parametrize("kind", KEYS)
def test_each_document_has_its_own_source(centre, says, kind):
    make_document(centre, kind=kind, year=2005)
    assert {key for key in KEYS.values() if says(key) == {"grade": "yes"}} == {KEYS[kind]}
    assert {key for key in KEYS.values() if says(key) == {"grade": "no"}} == set(KEYS.values()) - {KEYS[kind]}


@pytest.mark.parametrize(
    ("time", "grade"),
    [
        ({"year": 2005}, "yes"),
        ({"year": 2004}, "no"),
        ({"year": 2006}, "no"),
        ({"from_date": date(2005, 4, 1), "until_date": date(2005, 4, 30)}, "yes"),
        ({"from_date": JUNE}, "yes"),
        ({"from_date": date(2005, 7, 1)}, "no"),
        ({"from_date": date(2004, 1, 1)}, "yes"),
        ({"from_date": date(2004, 1, 1), "until_date": date(2005, 1, 1)}, "yes"),
        ({"from_date": date(2004, 1, 1), "until_date": date(2004, 12, 31)}, "no"),
        ({"until_date": date(2005, 3, 1)}, "yes"),
        ({"until_date": date(2004, 12, 31)}, "no"),
    ],
)
def test_a_document_is_there_for_the_period_or_a_part_of_it(centre, says, time, grade):
    make_document(centre, kind="schedule", **time)
    assert says("document_schedule") == {"grade": grade}


def test_a_document_of_the_same_year_can_lie_before_the_period(centre, says):
    make_document(centre, kind="schedule", until_date=date(2005, 3, 31))
    assert says("document_schedule", period_start=date(2005, 4, 1)) == {"grade": "no"}
    assert says("document_schedule", period_start=date(2005, 3, 31)) == {"grade": "yes"}


def test_a_centre_that_files_none_of_the_five_does_not_say_no(centre, says):
    make_document(centre, kind="photo")
    assert says("document_schedule") == {}


# Part 8: curricula


@pytest.mark.parametrize(
    ("programmes", "grade"),
    [
        ([{"hours": 36}, {"hours": None, "content": "Topics"}], "yes"),
        ([{"hours": 36}, {"hours": None}], "partly"),
        ([{"hours": None}], "no"),
    ],
)
def test_programmes_are_written_down(centre, says, programmes, grade):
    for values in programmes:
        make_group(centre, make_programme(centre=centre, **values))
    make_programme(centre=centre, hours=None)  # nobody teaches it
    make_group(centre, make_programme(centre=centre, hours=None), start=date(2004, 9, 1), end=date(2004, 12, 31))
    make_group(centre, make_programme(centre=centre, hours=None), start=date(2005, 7, 1), end=None)
    assert says("curricula_available") == {"grade": grade}


def test_without_a_group_nothing_is_known_of_the_curricula(centre, says):
    make_programme(centre=centre)
    assert says("curricula_available") == {}
