"""What a centre says of itself, beside the cell of the matrix and in its panel."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from monitoring.beside import Beside
from monitoring.instruments import Column, Kind, Options, QuestionText, Row
from monitoring.models import Answer, Cell, ProposalDecision, SelfAssessment
from monitoring.wording import in_words
from tests.factories import (
    GRADED,
    make_answer,
    make_centre,
    make_cycle,
    make_facilitator,
    make_questionnaire,
    write_cell,
)

pytestmark = pytest.mark.django_db


def graded(code, *aspects, **kwargs):
    return QuestionText(code, Kind.GRADE, {"en": f"Question {code}?"}, options=GRADED, aspects=aspects, **kwargs)


QUESTIONS = (
    graded("1.1"),
    graded("1.2", "plan", depends_on="1.1", depends_values=("yes",)),
    graded("1.3", "plan"),
    QuestionText("1.4", Kind.NUMBER, {"en": "How many plans?"}, aspects=("plan",), options=Options(unit={"en": "pcs"})),
    graded("1.5", "equipment"),
)


@pytest.fixture
def cell(network, alpha, beta, project, expert):
    """Alpha's cell about the plan, and a self-assessment beside it."""
    cycle = make_cycle(
        network, [alpha, beta], questionnaire=make_questionnaire(network, QUESTIONS), code="asked", projects=[project]
    )
    assessment, by = cycle.self_assessments.get(centre=alpha), make_facilitator(alpha)
    make_answer(assessment, "1.1", {"grade": "no"}, by=by)
    make_answer(assessment, "1.2", {"grade": "yes", "proposal": "Not asked, not shown"}, by=by)
    make_answer(
        assessment, "1.3", {"grade": "partly", "source": "The year plan", "proposal": "Plan by quarters"}, by=by
    )
    computed = {"source": "needy_trainees", "value": {"number": "3"}, "at": "2005-06-01T00:00Z"}
    make_answer(assessment, "1.4", {"number": "1234.5"}, by=by, computed=computed, explanation="Drafts count as well")
    SelfAssessment.objects.filter(pk=assessment.pk).update(state="submitted")
    write_cell(cycle.cells.get(aspect__number=1, centre=alpha), expert, level="strong", state="submitted")
    return Cell.objects.for_page().get(cycle=cycle, aspect__number=1, centre=alpha)


def own_part(response):
    text = response.content.decode()
    return text[text.index('<section id="own"') : text.index("</section>", text.index('<section id="own"'))]


def test_the_mapped_answers_and_how_they_compare(cell, expert):
    own = Beside.of(cell, expert)
    assert [(row.question.code, row.lines, row.level) for row in own.statements] == [
        ("1.3", ["Partly"], "partly"),
        ("1.4", ["1\u202f234.5 pcs"], ""),
    ]
    assert (own.comparison.verdict, own.comparison.own.level, own.comparison.own.n) == ("lower", "partly", 1)
    graded, counted = own.statements
    assert (graded.source, graded.proposal, graded.computed) == ("The year plan", "Plan by quarters", [])
    assert (counted.computed, counted.explanation) == (["3 pcs"], "Drafts count as well")


def test_an_explanation_goes_with_the_difference(client_of, cell, expert):
    SelfAssessment.objects.filter(cycle=cell.cycle).update(state="returned")
    Answer.objects.filter(question__code="1.4").update(value={"number": "3"})
    text = own_part(client_of(expert).get(cell.get_absolute_url()))
    assert ("3 pcs" in text, "Drafts count as well" in text, "The data say" in text) == (True, False, False)


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "panel"])
def test_page_and_panel_show_it(client_of, cell, expert, headers):
    text = own_part(client_of(expert).get(cell.get_absolute_url(), headers=headers))
    for words in ("The year plan", "Plan by quarters", "Drafts count as well", "1\u202f234.5 pcs", "centre lower"):
        assert text.count(words) == 1
    assert "Not asked" not in text


@pytest.mark.parametrize(
    ("persona", "shown"), [("coordinator", True), ("expert", True), ("facilitator_alpha", True), ("donor", False)]
)
def test_those_who_see_the_self_assessment_see_it_there(client_of, cell, personas, expert, persona, shown):
    cell.accept(by=expert, version=cell.version)
    cell.cycle.publish(by=expert)
    response = client_of(getattr(personas, persona)).get(cell.get_absolute_url())
    assert response.status_code == 200
    assert ('<section id="own"' in response.content.decode()) is shown
    assert ("Plan by quarters" in response.content.decode()) is shown


def marks(response):
    """What the table says of each centre's own word, row by row."""
    return [
        [(cell.compared.own.level, str(cell.compared.verdict)) for cell in row.cells]
        for row in response.context["table"].rows
    ]


def test_the_table_has_one_quiet_mark_per_cell(client_of, cell, expert, personas):
    url = reverse("monitoring:matrix", args=["asked"])
    response = client_of(expert).get(url)
    assert marks(response) == [
        [("partly", "lower"), ("", "none")],
        [("", "none"), ("", "none")],
        [("", "none"), ("", "none")],
    ]
    text = response.content.decode()
    mark = 'class="says lower" title="centre lower">centre: partly<span class="visually-hidden">, centre lower</span>'
    assert text.count(mark) == 1
    assert mark in client_of(personas.facilitator_alpha).get(url).content.decode()
    cell.accept(by=expert, version=cell.version)
    cell.cycle.publish(by=expert)
    assert 'class="says' not in client_of(personas.donor).get(url).content.decode()


def test_the_mark_follows_a_write_in_the_panel(client_of, cell, expert):
    url = reverse("monitoring:step", args=["asked", 1, "alpha"])
    client = client_of(expert)
    text = client.post(url, {"do": "accept", "version": cell.version}, headers={"HX-Request": "true"}).content.decode()
    assert 'class="says lower"' in text[text.index(f'<div id="cell-{cell.pk}" hx-swap-oob="true">') :]


@pytest.mark.parametrize("n", [1, 7])
def test_the_marks_cost_the_same_for_few_and_many(client_of, network, expert, n, django_assert_num_queries):
    centres = [make_centre(network) for _ in range(n)]
    cycle = make_cycle(network, centres, questionnaire=make_questionnaire(network, QUESTIONS))
    for assessment in cycle.self_assessments.select_related("centre"):
        make_answer(assessment, "1.3", {"grade": "yes"})
    cycle.self_assessments.update(state="submitted")
    client = client_of(expert)
    with django_assert_num_queries(15):  # four of them for what the centres say
        response = client.get(reverse("monitoring:matrix", args=[cycle.code]))
    assert [cells.count(("strong", "none")) for cells in marks(response)] == [n, 0, 0]


def test_a_draft_is_shown_as_not_yet_the_centres_word(client_of, cell, expert):
    SelfAssessment.objects.filter(cycle=cell.cycle).update(state="draft")
    text = own_part(client_of(expert).get(cell.get_absolute_url()))
    assert "not comparable" in text
    assert "the self-assessment is not submitted" in text
    assert "this is not yet the centre's word" in text


def test_what_became_of_a_proposal_stands_beside_it(client_of, cell, expert):
    client, url = client_of(expert), cell.get_absolute_url()
    assert "waits for a decision" in own_part(client.get(url))
    answer = Beside.of(cell, expert).statements[0].answer
    conclusion = cell.cycle.conclusions.get(aspect__number=1)
    ProposalDecision.take_up(answer, by=expert, version=answer.version, conclusion=conclusion, text="Plan by quarters.")
    assert "taken up" in own_part(client.get(url))


def test_a_cycle_without_questionnaire_has_no_such_part_and_costs_nothing(cycle, expert, django_assert_num_queries):
    cell = Cell.objects.for_page().get(cycle=cycle, aspect__number=1, centre__code="alpha")
    with django_assert_num_queries(0):
        assert Beside.of(cell, expert) is None


@pytest.mark.parametrize("n", [1, 12])
def test_the_queries_do_not_depend_on_the_questions(client_of, network, alpha, expert, n):
    questions = [graded(f"1.{number}", "plan") for number in range(1, n + 1)]
    cycle = make_cycle(network, [alpha], questionnaire=make_questionnaire(network, questions))
    assessment, by = cycle.self_assessments.get(), make_facilitator(alpha)
    for question in questions:
        make_answer(assessment, question.code, {"grade": "yes", "proposal": "More"}, by=by)
    client, url = client_of(expert), reverse("monitoring:cell", args=[cycle.code, 1, alpha.code])
    with CaptureQueriesContext(connection) as queries:
        response = client.get(url)
    assert own_part(response).count("More") == n
    assert len(queries) == 10  # without a self-assessment 7


def test_the_history_of_the_cell_does_not_load_it(client_of, cell, expert, django_assert_num_queries):
    client = client_of(expert)
    with django_assert_num_queries(10):
        client.get(reverse("monitoring:history", args=["asked", 1, "alpha"]))


@pytest.mark.parametrize(
    ("kind", "value", "lines"),
    [
        (Kind.TEXT, {"text": "Alpha"}, ["Alpha"]),
        (Kind.LONG_TEXT, {}, []),
        (Kind.DATE, {"date": "2005-06-28"}, ["28 June 2005"]),
        (Kind.DATE, {}, []),
        (Kind.NUMBER, {"number": ""}, []),
        (Kind.NUMBER, {"number": "0"}, ["0"]),
        (Kind.GRADE, {"grade": ""}, []),
        (
            Kind.FIXED_TABLE,
            {"rows": {"grants": {"year": "1000", "note": ""}, "rent": {}}},
            ["Grants: This year: 1\u202f000"],
        ),
        (Kind.OPEN_TABLE, {"rows": [{"year": "5", "note": "Sewing"}]}, ["This year: 5; Note: Sewing"]),
    ],
)
def test_answers_in_words(network, kind, value, lines):
    options = Options(
        rows=(Row("grants", {"en": "Grants"}), Row("rent", {"en": "Rent"})),
        columns=(Column("year", {"en": "This year"}), Column("note", {"en": "Note"}, kind="text")),
    )
    options = options if "table" in kind else Options()
    questionnaire = make_questionnaire(network, [QuestionText("1.1", kind, {"en": "?"}, options=options)])
    assert in_words(questionnaire.questions.get(), value) == lines
