"""The demo's self-assessments of 2005: complete, in the shapes that the form gives, and true to the facts."""

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import call_command

from clcnet.demo import network
from clcnet.demo.rows import ids
from clcnet.demo.self_assessments_2005 import ACCEPTED, COMMENTS, DRAFTS, RETURNED, SELF_ASSESSMENTS, SUBMITTED
from monitoring import prefill
from monitoring.agreement import Agreement
from monitoring.completeness import progress
from monitoring.forms.answers import answer_form, typed
from monitoring.instruments import totals
from monitoring.library import ANNEX_1, DOCUMENTS
from monitoring.models import (
    Answer,
    AnswerComment,
    Cycle,
    ProposalDecision,
    Questionnaire,
    Recommendation,
    SelfAssessment,
)
from training.models import Enrolment

CODES = [centre.code for centre in network.CENTRES]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def loaded(demo):
    """Every test here reads the demo."""


def answers(centre):
    """By the question's code."""
    rows = Answer.objects.filter(centre__code=centre).select_related("question", "updated_by")
    return {row.question.code: row for row in rows}


def value(centre, code):
    return answers(centre)[code].value


def table(centre, code):
    """The figures of a table by row: of a fixed one by its key, of an open one by its text."""
    question = next(question for question in ANNEX_1.questions if question.code == code)
    rows = value(centre, code)["rows"]
    if isinstance(rows, list):
        [name] = [column.key for column in question.options.columns if column.kind == "text"]
        rows = {row[name]: {key: text for key, text in row.items() if key != name} for row in rows}
    return {row: {key: Decimal(text) for key, text in cells.items()} for row, cells in rows.items()}


def test_both_questionnaires_are_published_and_the_cycle_asks_annex_1():
    rows = Questionnaire.objects.all()
    assert {row.key: (row.version, row.is_published) for row in rows} == dict.fromkeys(DOCUMENTS, (1, True))
    cycle = Cycle.objects.get()
    assert cycle.questionnaire.key == "annex-1"
    assert cycle.period_start < cycle.self_assessment_due < cycle.visits_start
    assert list(SELF_ASSESSMENTS) == CODES


def test_how_far_each_has_come():
    states = dict(SelfAssessment.objects.values_list("centre__code", "state"))
    assert states == {
        "sortobe": "accepted",
        "nogaibai": "draft",
        "kordai": "returned",
        "karabulak": "accepted",
        "amanbokter": "submitted",
        "taraz": "accepted",
        "karaganda": "accepted",
    }
    assert Counter(states.values()) == {"accepted": 4, "submitted": 1, "returned": 1, "draft": 1}
    assert [set(ACCEPTED) | SUBMITTED | set(RETURNED) | DRAFTS] == [set(CODES)]


def test_steps_are_taken_by_those_who_may():
    steps = SelfAssessment.objects.order_by("centre", "steps__pk").values_list(
        "centre__code", "steps__to_state", "steps__by__username", "steps__told_by"
    )
    taken = {}
    for centre, *step in steps:
        taken.setdefault(centre, []).append(tuple(step))
    told = "Сауле Кенжебаева, фасилитатор, по телефону"
    assert taken == {
        "sortobe": [("submitted", "sortobe", ""), ("accepted", "expert", "")],
        "nogaibai": [(None, None, None)],
        "kordai": [("submitted", "kordai", ""), ("returned", "expert", "")],
        "karabulak": [("submitted", "karabulak", ""), ("accepted", "expert", "")],
        "amanbokter": [("submitted", "coordinator", told)],
        "taraz": [("submitted", "taraz", ""), ("accepted", "expert", "")],
        "karaganda": [("submitted", "karaganda", ""), ("accepted", "expert", "")],
    }


def test_answers_are_written_by_the_centre_or_on_its_behalf():
    written = set(Answer.objects.values_list("centre__code", "updated_by__username", "told_by"))
    own = {(code, code, "") for code in CODES if code != "amanbokter"}
    assert written == own | {("amanbokter", "coordinator", "Сауле Кенжебаева, фасилитатор, по телефону")}


def test_kordai_is_to_mend_two_answers():
    kordai = SelfAssessment.objects.get(centre__code="kordai")
    assert {row.question.code: row.reason for row in kordai.returned()} == RETURNED["kordai"]
    outline = kordai.questionnaire.outline
    found = progress(outline, answers("kordai"), {row.question.code: row for row in kordai.returned()})
    assert (found.missing, found.unexplained, found.to_mend) == ([], [], ["1.6", "7.1"])


@pytest.mark.parametrize("centre", [code for code in CODES if code != "nogaibai"])
def test_what_is_sent_is_complete(centre):
    questionnaire = Cycle.objects.get().questionnaire
    found = progress(questionnaire.outline, answers(centre))
    assert (found.missing, found.unexplained) == ([], [])


def test_nogaibai_is_halfway_through():
    found = progress(Cycle.objects.get().questionnaire.outline, answers("nogaibai"))
    assert (found.answered, found.asked, found.unexplained) == (15, 34, [])
    assert [section.section.code for section in found.sections if section.answered == 0] == ["4", "5", "6"]


@pytest.mark.parametrize("centre", CODES)
def test_answers_are_what_the_form_would_store(centre):
    for code, answer in answers(centre).items():
        form = answer_form(answer.question, typed(answer.question, answer.value))
        assert form.is_valid(), (code, form.errors)
        assert form.value == answer.value, code


@pytest.mark.parametrize("centre", CODES)
def test_a_word_is_said_where_something_differs_and_only_there(centre):
    differing = {
        code
        for code, row in answers(centre).items()
        if row.computed and prefill.differs(row.question, row.value, row.computed)
    }
    explained = {code for code, row in answers(centre).items() if row.explanation}
    assert explained == differing
    assert (
        differing
        == {
            "sortobe": {"3.1", "7.1"},
            "nogaibai": {"1.2", "7.3", "7.4"},
            "kordai": {"3.1", "7.1", "7.2", "7.3", "7.5"},
            "karabulak": {"3.3"},
            "amanbokter": {"7.4", "8.2.1"},
            "taraz": {"3.2", "7.2", "7.5"},
            "karaganda": {"3.1", "7.1"},
        }[centre]
    )


# The facts of the round (§6.5)


def trained(centre):
    return sum(row["total"] for row in table(centre, "3.1").values())


def test_what_is_computed_knows_the_people_of_the_report():
    assert {centre: answers(centre)["3.1"].computed["beside"]["people"] for centre in CODES} == {
        "sortobe": 1500,
        "nogaibai": 70,
        "kordai": 62,
        "karabulak": 1000,
        "amanbokter": 30,
        "taraz": 120,
        "karaganda": 519,  # of the half-year
    }


def test_kordai_counts_62_people_once_each():
    assert trained("kordai") == 62
    assert table("kordai", "3.1")["Пішу және тігу"] == {"men": 0, "women": 14, "total": 14}
    assert "62" in answers("kordai")["3.1"].explanation


def test_four_learn_sewing_at_nogaibai():
    assert table("nogaibai", "3.1")["Пішу және тігу"] == {"men": 0, "women": 4, "total": 4}


def test_sortobe_counts_over_1500_with_those_who_were_only_counted():
    told = answers("sortobe")["3.1"].computed["beside"]["told_visits"]
    computed = totals(answers("sortobe")["3.1"].question.options, answers("sortobe")["3.1"].computed["value"])
    assert (told, trained("sortobe") - computed["total"]) == (199, 199)
    assert "1,5 тысячи" in answers("sortobe")["3.1"].explanation


def test_karaganda_counts_since_september_2004():
    since = Enrolment.objects.filter(centre__code="karaganda").during(date(2004, 9, 1), date(2005, 6, 30))
    assert since.order_by().values("trainee").distinct().count() == 755
    told = {}
    rows = since.order_by().values_list("group__programme__i18n__title_ru", "trainee", "trainee__sex").distinct()
    for title, _trainee, sex in rows:
        told.setdefault(title, Counter())[sex] += 1
    assert {
        title: {"men": sexes["m"], "women": sexes["f"], "total": sexes.total()} for title, sexes in told.items()
    } == (table("karaganda", "3.1"))
    assert "755" in answers("karaganda")["3.1"].explanation


def test_three_sewing_groups_of_six_four_and_three_at_taraz():
    assert "6, 4 және 3" in value("taraz", "4.2")["text"]


def test_four_paid_trainers_and_eight_volunteers_at_karaganda():
    staff = {row: cells["number"] for row, cells in table("karaganda", "4.1").items() if cells["number"]}
    assert staff == {"employment_centre": 4, "volunteer": 8}
    assert {row: cells["number"] for row, cells in table("taraz", "4.1").items() if cells["number"]} == {"centre": 5}


def test_ten_things_do_not_work():
    broken = {
        centre: {row: int(cells["broken"]) for row, cells in table(centre, "2.1").items() if cells["broken"]}
        for centre in CODES
    }
    assert broken == {
        "sortobe": {},
        "nogaibai": {"computer": 1},
        "kordai": {"computer": 2, "fax": 1},
        "karabulak": {},
        "amanbokter": {"computer": 2, "fax": 1, "modem": 1},
        "taraz": {"computer": 2},
        "karaganda": {},
    }


def test_parts_of_the_education_services_add_up():
    for centre in set(CODES) - {"nogaibai"}:
        rows = table(centre, "5.1")
        for column in ("year", "forecast"):
            parts = rows["education_payable"][column] + rows["education_placement"][column]
            assert parts == rows["education"][column], centre


# Beside the experts' findings


def test_the_centres_agree_with_the_experts_in_part(django_user_model):
    agreement = Agreement.of(Cycle.objects.get(), django_user_model.objects.get(username="coordinator"))
    found = {
        (aspect.key, centre.code): agreement.comparisons[aspect.pk, centre.pk]
        for aspect in agreement.aspects
        for centre in agreement.centres
    }
    levels = {
        centre: {aspect: row.own.level for (aspect, code), row in found.items() if code == centre and row.own.level}
        for centre in ("sortobe", "karaganda")
    }
    assert levels["sortobe"] == {
        "mission-plan": "partly",
        "target-groups": "partly",
        "profile": "strong",
        "programmes": "partly",
        "groups-timetable": "strong",
        "monitoring": "partly",
        "committee": "strong",
        "documents": "strong",
    }
    assert levels["karaganda"]["groups-timetable"] == "partly"
    verdicts = {centre: Counter() for centre in CODES}
    for (_aspect, centre), row in found.items():
        verdicts[centre][str(row.verdict)] += 1
    assert verdicts == {
        "sortobe": {"same": 6, "higher": 2, "none": 4},
        "nogaibai": {"none": 12},
        "kordai": {"none": 12},
        "karabulak": {"same": 4, "higher": 2, "lower": 1, "none": 5},
        "amanbokter": {"same": 3, "higher": 3, "none": 6},
        "taraz": {"same": 3, "higher": 2, "lower": 1, "none": 6},
        "karaganda": {"same": 6, "higher": 1, "lower": 1, "none": 4},
    }


def test_proposals_wait_and_one_is_set_aside():
    given = Answer.objects.filter(value__has_key="proposal")
    counts = Counter(given.values_list("centre__code", flat=True))
    assert counts == {
        "sortobe": 5,
        "nogaibai": 2,
        "kordai": 3,
        "karabulak": 3,
        "amanbokter": 3,
        "taraz": 4,
        "karaganda": 3,
    }
    [decision] = ProposalDecision.objects.all()
    assert (decision.centre.code, decision.answer.question.code, decision.by.username) == (
        "taraz",
        "8.1.2",
        "coordinator",
    )
    assert decision.recommendation is None
    assert decision.text == decision.answer.value["proposal"]
    assert Recommendation.objects.count() == 10


def test_comments_are_by_those_who_may_read_the_answer():
    threads = AnswerComment.objects.filter(parent=None)
    assert {(row.centre.code, row.question.code): row.author.username for row in threads} == {
        place: thread.author for place, thread in COMMENTS.items()
    }
    for row in AnswerComment.objects.select_related("author", "centre"):
        assert row.author.username in {"expert", "coordinator", row.centre.code}
    assert {row.question.code for row in threads if row.resolved_at} == {"3.1"}


def test_history_names_who_wrote():
    events = Answer.events.rel.related_model.objects.all()
    authors = set(events.values_list("pgh_context__metadata__user", "updated_by"))
    assert all(user == author for user, author in authors)
    assert len(authors) == 7


def test_answers_have_the_same_ids_on_every_load():
    fresh = ids("answers")
    order = [next(fresh) for _ in range(Answer.objects.count())]
    assert set(Answer.objects.values_list("pk", flat=True)) == set(order)
    first, last = (Answer.objects.get(pk=pk) for pk in (order[0], order[-1]))
    assert (first.centre.code, first.question.code) == ("sortobe", "1.1")
    assert (last.centre.code, last.question.code) == ("karaganda", "8.3.2")


def test_a_second_time_changes_nothing():
    before = list(Answer.objects.order_by("pk").values())
    call_command("demo", verbosity=0)
    assert list(Answer.objects.order_by("pk").values()) == before
    assert SelfAssessment.objects.count() == 7
