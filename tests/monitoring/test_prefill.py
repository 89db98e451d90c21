"""What is computed for which question, how it fits, when an answer differs; by hand-made data."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from centres.models import Post
from monitoring import prefill
from monitoring.forms.answers import answer_form, typed
from monitoring.instruments import Choice, Column, Kind, Options, QuestionText, Row
from monitoring.models import SelfAssessment
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

CURRICULA = Options(
    columns=(Column("curriculum", {}, "text"), Column("men", {}), Column("women", {}), Column("total", {}))
)
MACHINES = Options(
    rows=(Row("computer", {}), Row("fax", {})),
    columns=(Column("total", {}), Column("working", {}), Column("broken", {})),
)
FIGURES = ("men", "women", "total", "working", "broken", "number", "certified", "year", "forecast")
TRENDS = ("increasing", "sustainable", "decreasing")
EVERYTHING = Options(
    choices=tuple(Choice(key, {}) for key in ("good", "satisfactory", "unsatisfactory", *TRENDS)),
    rows=tuple(Row(key, {}) for key in ("computer", "centre", "grants")),
    columns=tuple(Column(key, {}, "text") for key in ("curriculum", "measure"))
    + tuple(Column(key, {}) for key in FIGURES),
)
BANDS = Options(choices=tuple(Choice(key, {}) for key in ("good", "satisfactory", "unsatisfactory")))


def ask(key, kind, options=None, code="1.1"):
    """A question that is filled in from that source."""
    return QuestionText(code, kind, {"en": "Question"}, prefill=key, options=options or Options())


def one_of_each():
    """A question for each source, of the first kind that it fits."""
    found = {}
    for place, (key, source) in enumerate(prefill.SOURCES.items(), start=1):
        kind = next(kind for kind in Kind if source.fits(kind))
        found[key] = ask(key, kind, EVERYTHING, code=f"1.{place}")
    return found


@pytest.fixture
def centre():
    return make_centre(name="Kordai", name_ru="Кордай", postcode="080409", address="Abai 1", phone="2-12-34")


@pytest.fixture
def assessment(centre):
    return make_assessment(centre)


def fill(centre, n=1):
    """So many rows of everything that a source reads, and the cycle before; answers that cycle."""
    then = {"start": date(2004, 2, 1), "end": date(2004, 5, 1)}
    for _ in range(n):
        make_post(centre)
        make_post(centre, kind=Post.Kind.CHAIR)
        make_equipment(centre, quantity=2, working=1)
        make_equipment(centre, kind="projector")
        make_partner(centre)
        make_trainer(centre)
        make_income(centre)
        make_document(centre, kind="year_plan", year=2005)
        programme = make_programme(centre=centre)
        group = make_group(centre, programme)
        make_lesson(group, present=[make_enrolment(group, make_trainee(centre, needy="yes"))])
        make_lesson(make_group(centre, programme, keeping="totals"), women=2, men=1)
        learnt = make_trainee(centre, registered_on=then["start"])
        make_enrolment(make_group(centre, **then), learnt, status="completed", ended_on=then["end"])
        make_lesson(make_group(centre, keeping="totals", **then), women=1, men=1)
    if not centre.income_forecasts.exists():
        make_forecast(centre, year=2006)
    return make_cycle(centre.network, [centre], period_start=date(2004, 1, 1), period_end=date(2004, 6, 30))


def conclude(cycle, expert, texts):
    """Publish the cycle with these recommendations."""
    recommendations = [{"text": text, "see_also": []} for text in texts]
    words = {"text": "So it is.", "rests_on": [], "see_also": [], "recommendations": recommendations}
    cycle.conclusions.order_by("aspect__number").first().revise(by=expert, version=0, **words)
    write_cell(cycle.cells.first(), expert, state="accepted")
    cycle.publish(by=expert)


def test_every_source_says_what_it_is_and_fits_a_kind():
    kinds = set(Kind) - {Kind.HEADING}
    for key, source in prefill.SOURCES.items():
        assert (source.key, source.kinds - kinds, bool(source.title and source.label)) == (key, set(), True)
        assert source.find.__doc__
    assert len({str(source.title) for source in prefill.SOURCES.values()}) == len(prefill.SOURCES)


def test_the_sources_of_annex_1():
    assert set(prefill.SOURCES) == {
        *("centre_name", "head_name", "centre_address", "centre_phone", "committee_chair", "measures"),
        *("equipment_state", "av_aids", "trainees_by_programme", "trainees", "needy_trainees", "attendance_share"),
        *("attendance_band", "trainee_trend", "staff", "incomes", "partners", "document_year_plan"),
        *("document_operational_plans", "document_schedule", "document_journal", "document_curricula"),
        "curricula_available",
    }
    drafts = {key for key, source in prefill.SOURCES.items() if source.is_draft_text}
    assert drafts == {"measures", "partners", "av_aids"}


def test_without_any_record_only_the_centre_itself_is_known(assessment):
    found = prefill.computed(assessment, one_of_each().values())
    assert {entry["source"] for entry in found.values()} == {"centre_name", "centre_address", "centre_phone"}


def test_everything_is_computed_in_as_many_queries_for_1_3_and_60_rows(centre):
    questions, expert, numbers = one_of_each(), make_expert(centre.network), []
    for rows in (1, 2, 57):
        before = fill(centre, rows)
        conclude(before, expert, [f"Advice {place}." for place in range(rows)])
        questionnaire = make_questionnaire(centre.network, key=f"own-{rows}")
        cycle = make_cycle(centre.network, [centre], questionnaire=questionnaire)
        assessment = make_assessment(centre, cycle=cycle)
        with CaptureQueriesContext(connection) as queries:
            found = prefill.computed(assessment, questions.values())
        numbers.append(len(queries))
    assert {entry["source"] for entry in found.values()} == set(prefill.SOURCES)
    assert found[questions["trainees"].code]["value"] == {"number": "60"}
    assert numbers == [numbers[0]] * 3


def test_only_what_is_asked_for_is_computed(assessment):
    with CaptureQueriesContext(connection) as queries:
        assert prefill.computed(assessment, [QuestionText("1.1", Kind.TEXT, {})]) == {}
    assert len(queries) == 0
    assessment = SelfAssessment.objects.for_page().get(pk=assessment.pk)
    make_partner(assessment.centre, name="School")
    with CaptureQueriesContext(connection) as queries:
        found = prefill.computed(
            assessment, [ask("partners", Kind.LONG_TEXT), ask("partners", Kind.LONG_TEXT, code="2")]
        )
    assert (len(queries), sorted(found)) == (1, ["1.1", "2"])


def test_a_source_that_does_not_fit_the_kind_or_does_not_exist_gives_nothing(assessment):
    questions = [
        ask("centre_name", Kind.NUMBER),
        ask("centre_name", Kind.DATE, code="2"),
        ask("gone", Kind.TEXT, code="3"),
    ]
    assert prefill.computed(assessment, questions) == {}


def test_an_entry_says_where_it_comes_from_and_of_which_day(assessment):
    [entry] = prefill.computed(assessment, [ask("centre_address", Kind.TEXT)]).values()
    now = timezone.now()
    assert now - timedelta(minutes=1) < timezone.datetime.fromisoformat(entry.pop("at")) <= now
    assert entry == {"source": "centre_address", "value": {"text": "080409, Abai 1"}, "day": "2005-06-30"}
    assert prefill.shown(entry) == "Register of centres, 30 June 2005"
    assert prefill.shown({"source": "gone", "value": {}}) == "gone"


def test_while_the_period_goes_on_today_is_the_last_day(centre):
    today = timezone.localdate()
    cycle = make_cycle(
        centre.network, [centre], questionnaire=make_questionnaire(centre.network),
        period_start=today - timedelta(days=10), period_end=today + timedelta(days=10),
    )  # fmt: skip
    [entry] = prefill.computed(make_assessment(centre, cycle=cycle), [ask("centre_phone", Kind.TEXT)]).values()
    assert entry["day"] == today.isoformat()


def test_an_entry_fits_into_an_answer_and_the_form_takes_it(assessment):
    fill(assessment.centre, 2)
    questions = one_of_each()
    by_code = {question.code: question for question in questions.values()}
    for code, entry in prefill.computed(assessment, by_code.values()).items():
        form = answer_form(by_code[code], data=typed(by_code[code], entry["value"]))
        assert form.is_valid(), (entry["source"], form.errors)
        assert form.value == entry["value"]


# Fitting


def test_a_table_takes_the_rows_and_columns_that_it_has(assessment):
    make_equipment(assessment.centre, quantity=5, working=3)
    make_equipment(assessment.centre, kind="printer", quantity=1)
    small = Options(rows=MACHINES.rows, columns=(Column("total", {}), Column("weight", {})))
    found = prefill.computed(assessment, [ask("equipment_state", Kind.FIXED_TABLE, small)])
    assert found["1.1"]["value"] == {"rows": {"computer": {"total": "5"}}}


def test_a_keyed_table_fills_an_open_one_by_its_words(assessment):
    make_equipment(assessment.centre, quantity=5, working=3)
    question = ask(
        "equipment_state", Kind.OPEN_TABLE, Options(columns=(Column("kind", {}, "text"), Column("broken", {})))
    )
    with translation.override("ru"):
        [entry] = prefill.computed(assessment, [question]).values()
    assert entry["value"] == {"rows": [{"kind": "компьютер", "broken": "2"}]}
    assert not prefill.differs(question, {"rows": [{"kind": "Computer", "broken": "2"}]}, entry)


def test_a_choice_that_the_question_does_not_have_is_left_out(assessment):
    group = make_group(assessment.centre)
    make_lesson(group, present=[make_enrolment(group)])
    assert prefill.computed(assessment, [ask("attendance_band", Kind.CHOICE, BANDS)])["1.1"]["value"] == {
        "choice": "good"
    }
    others = Options(choices=(Choice("fine", {}),))
    assert prefill.computed(assessment, [ask("attendance_band", Kind.CHOICE, others)]) == {}


def test_more_programmes_than_a_table_has_rows_are_not_cut(assessment):
    for _ in range(61):
        make_enrolment(make_group(assessment.centre))
    assert prefill.computed(assessment, [ask("trainees_by_programme", Kind.OPEN_TABLE, CURRICULA)]) == {}


# Differing

SEWING = {"curriculum": "Sewing", "men": "0", "women": "14", "total": "14"}
COOKING = {"curriculum": "Cooking", "total": "12"}


def entry_of(key, value, **more):
    return {"source": key, "value": value, "at": "2005-07-01T00:00:00+00:00", "day": "2005-06-30", **more}


@pytest.mark.parametrize(
    ("rows", "differs"),
    [
        ([SEWING, COOKING], False),
        ([COOKING, SEWING], False),
        ([SEWING, {}, COOKING | {"men": "", "women": ""}], False),
        ([SEWING | {"women": "14.0"}, COOKING], False),
        ([SEWING, COOKING | {"men": "1", "women": "11"}], False),  # the data do not know how many are women
        ([SEWING | {"curriculum": " sewing "}, COOKING | {"curriculum": "Тамақ жасау"}], False),
        ([SEWING | {"women": "15", "total": "15"}, COOKING], True),
        ([{"curriculum": "Sewing", "total": "14"}, COOKING], True),
        ([SEWING], True),
        ([SEWING, COOKING, {"curriculum": "Chess", "total": "3"}], True),
        ([SEWING, SEWING], True),
        ([], False),  # nothing is answered
    ],
)
def test_rows_are_compared_by_their_words_in_any_order(rows, differs):
    question = ask("trainees_by_programme", Kind.OPEN_TABLE, CURRICULA)
    entry = entry_of(question.prefill, {"rows": [SEWING, COOKING]}, names=[["Cooking", "Кулинария", "Тамақ жасау"]])
    assert prefill.differs(question, {"rows": rows}, entry) is differs


def test_two_rows_of_the_same_words_are_told_apart_by_their_figures():
    question = ask("trainees_by_programme", Kind.OPEN_TABLE, CURRICULA)
    other = SEWING | {"women": "3", "total": "3"}
    entry = entry_of(question.prefill, {"rows": [SEWING, other]})
    assert not prefill.differs(question, {"rows": [other, SEWING]}, entry)
    assert prefill.differs(question, {"rows": [other, other]}, entry)
    twice = entry_of(question.prefill, {"rows": [SEWING, SEWING]})
    assert prefill.differs(question, {"rows": [SEWING, other]}, twice)


@pytest.mark.parametrize(
    ("key", "kind", "answer", "found", "differs"),
    [
        ("trainees", Kind.NUMBER, {"number": "62.0"}, {"number": "62"}, False),
        ("trainees", Kind.NUMBER, {"number": "61"}, {"number": "62"}, True),
        ("trainees", Kind.NUMBER, {"number": "0"}, {"number": "62"}, True),
        ("trainees", Kind.NUMBER, {}, {"number": "62"}, False),
        ("attendance_band", Kind.CHOICE, {"choice": "good"}, {"choice": "good"}, False),
        ("attendance_band", Kind.CHOICE, {"choice": "satisfactory"}, {"choice": "good"}, True),
        ("document_journal", Kind.GRADE, {"grade": "yes", "proposal": "New"}, {"grade": "yes"}, False),
        ("document_journal", Kind.GRADE, {"grade": "partly"}, {"grade": "yes"}, True),
        ("document_journal", Kind.GRADE, {"proposal": "Write one"}, {"grade": "no"}, False),
        ("head_name", Kind.TEXT, {"text": "майра  тоқтарова"}, {"text": "Майра Тоқтарова"}, False),
        ("head_name", Kind.TEXT, {"text": "Maira Toktarova"}, {"text": "Майра Тоқтарова"}, False),
        ("head_name", Kind.TEXT, {"text": "Mailash Toktarova"}, {"text": "Майра Тоқтарова"}, True),
        ("centre_phone", Kind.TEXT, {"text": "+7 (726) 3621234"}, {"text": "+7 72636 2-12-34"}, False),
        ("partners", Kind.LONG_TEXT, {"text": "Others"}, {"text": "School"}, False),
        ("gone", Kind.TEXT, {"text": "A"}, {"text": "B"}, False),
    ],
)  # fmt: skip
def test_an_answer_is_compared_by_what_it_means(key, kind, answer, found, differs):
    assert prefill.differs(ask(key, kind), answer, entry_of(key, found)) is differs


@pytest.mark.parametrize(
    ("rows", "differs"),
    [
        ({"computer": {"total": "5", "working": "3.0"}}, False),
        ({"computer": {"total": "5", "working": "3", "broken": "2"}, "fax": {"total": "1"}}, False),
        ({"computer": {"total": "5", "working": "4"}}, True),
        ({"computer": {"total": "5"}}, True),
        ({"fax": {"total": "1"}}, True),
    ],
)
def test_of_a_given_table_only_the_known_cells_are_compared(rows, differs):
    question = ask("equipment_state", Kind.FIXED_TABLE, MACHINES)
    entry = entry_of(question.prefill, {"rows": {"computer": {"total": "5", "working": "3"}}})
    assert prefill.differs(question, {"rows": rows}, entry) is differs


def test_nothing_computed_is_no_difference():
    question = ask("trainees", Kind.NUMBER)
    assert not prefill.differs(question, {"number": "3"}, None)
    assert not prefill.differs(question, {"number": "3"}, entry_of("trainees", {}))


def test_a_text_written_in_another_language_is_no_difference(assessment):
    question = ask("centre_name", Kind.TEXT)
    assessment.centre.spell(["Korday"])
    with translation.override("ru"):
        [entry] = prefill.computed(assessment, [question]).values()
    assert entry["value"] == {"text": "Кордай"}
    assert [prefill.differs(question, {"text": text}, entry) for text in ("Kordai", "Korday", "Taraz")] == [
        False,
        False,
        True,
    ]


def test_programmes_are_compared_in_every_language(assessment):
    programme = make_programme(centre=assessment.centre, title="Sewing", title_ru="Шитьё", title_kk="Тігін")
    make_enrolment(make_group(assessment.centre, programme))
    question = ask("trainees_by_programme", Kind.OPEN_TABLE, CURRICULA)
    with translation.override("kk"):
        [theirs] = prefill.computed(assessment, [question]).values()
    with translation.override("ru"):
        [entry] = prefill.computed(assessment, [question]).values()
    assert [row["curriculum"] for row in theirs["value"]["rows"] + entry["value"]["rows"]] == ["Тігін", "Шитьё"]
    assert not prefill.differs(question, theirs["value"], entry)


# Whose records


def test_strangers_records_are_never_counted(assessment):
    neighbour = make_centre(assessment.centre.network)
    fill(neighbour, 2)
    fill(make_centre(), 1)
    found = prefill.computed(assessment, one_of_each().values())
    assert {entry["source"] for entry in found.values()} == {"centre_name", "centre_address", "centre_phone"}


def test_every_source_leads_to_its_records(client_of, assessment, centre):
    client = client_of(make_facilitator(centre))
    for key, source in prefill.SOURCES.items():
        address = source.records(assessment.cycle, centre)
        if key == "measures":
            assert address == ""  # there is no cycle before
        else:
            assert client.get(address).status_code == 200, key


def test_figures_of_a_half_year_lead_to_that_half_year(assessment, centre):
    assert prefill.SOURCES["trainees"].records(assessment.cycle, centre) == (
        f"/training/?centre={centre.code}&period=2005-1"
    )
    whole = make_cycle(centre.network, [centre], period_end=date(2005, 12, 31))
    assert prefill.SOURCES["trainees"].records(whole, centre).endswith("&period=2005")
    other = make_cycle(centre.network, [centre], period_end=date(2005, 5, 31))
    assert prefill.SOURCES["trainees"].records(other, centre).endswith(f"?centre={centre.code}")
