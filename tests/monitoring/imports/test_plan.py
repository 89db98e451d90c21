"""A parsed matrix against a cycle: what would change, and that exactly this is written, once, or nothing."""

import threading

import pytest
from django.db import connection, transaction

from centres.imports import reader
from centres.models import CentreAlias
from monitoring.imports.matrix import parse
from monitoring.imports.plan import (
    AcceptedInTheWay,
    Plan,
    PlanChanged,
    aspect_names,
    centre_names,
)
from monitoring.models import Cell, CellStep, Conclusion, CycleFrozen, Recommendation
from tests.factories import make_centre, make_cycle, make_template, write_cell
from tests.spreadsheets import as_csv

from .tables import HEADINGS, TABLE, with_row

pytestmark = pytest.mark.django_db


def parsed(cycle, rows=TABLE):
    """The matrix in a file of these rows; it holds no error."""
    matrix = parse(reader.read(as_csv(rows)), aspect_names(cycle), centre_names(cycle))
    assert matrix.errors == []
    return matrix


def planned(cycle, rows=TABLE):
    return Plan.of(cycle, parsed(cycle, rows))


def imported(cycle, by, rows=TABLE, **kwargs):
    return planned(cycle, rows).apply(by=by, **kwargs)


def numbers(plan):
    """(added, changed, same, left) of cells, conclusions and recommendations."""
    return [tuple(counts.values()) for _what, counts in plan.counts]


def everything(cycle):
    """All rows of a cycle's matrix, with their versions, and the number of records in every history."""
    rows = [
        list(cycle.cells.order_by("pk").values()),
        list(cycle.conclusions.order_by("pk").values()),
        list(cycle.recommendations.order_by("pk").values()),
        list(Conclusion.see_also.through.objects.order_by("pk").values()),
        list(Recommendation.see_also.through.objects.order_by("pk").values()),
        list(cycle.participations.order_by("pk").values()),
    ]
    models = (Cell, Conclusion, Recommendation)
    return rows, [CellStep.objects.count(), *(model.pgh_event_model.objects.count() for model in models)]


@pytest.fixture
def blank(alpha, beta):
    """A cycle in which nothing is written yet."""
    return make_cycle(alpha.network, [alpha, beta], code="2006")


def cell(cycle, aspect, centre):
    return cycle.cells.get(aspect__number=aspect, centre__code=centre)


def test_a_first_import_writes_everything(blank, expert):
    plan = planned(blank)
    assert numbers(plan) == [(6, 0, 0, 0), (3, 0, 0, 0), (3, 0, 0, 0)]
    done = plan.apply(by=expert, note="Imported from table.csv")
    assert numbers(done) == numbers(plan)
    first = cell(blank, 1, "alpha")
    assert (first.finding, first.perspective, first.level) == (
        "A plan for the year hangs on the wall.", "a plan for two years.", "not_assessed",
    )  # fmt: skip
    assert (first.state, first.version, first.updated_by) == ("draft", 1, expert)
    step = first.steps.get()
    assert (step.from_state, step.to_state, step.by, step.note) == ("empty", "draft", expert, "Imported from table.csv")
    assert CellStep.objects.filter(cell__cycle=blank).count() == 6
    conclusions = {row.aspect.number: row for row in blank.conclusions.all()}
    assert {number: row.text for number, row in conclusions.items()} == {
        1: "One centre of two plans.", 2: "See section 1.", 3: "Half of them meet.",
    }  # fmt: skip
    assert list(conclusions[2].see_also.values_list("number", flat=True)) == [1]
    assert list(blank.recommendations.values_list("conclusion__aspect__number", "number", "text")) == [
        (1, 1, "Write a plan."), (1, 2, "Show it to the committee."), (3, 1, "Meet, often."),
    ]  # fmt: skip


def test_a_repeated_import_changes_nothing_at_all(blank, expert):
    imported(blank, expert)
    before = everything(blank)
    plan = planned(blank)
    assert plan.is_empty
    assert numbers(plan) == [(0, 0, 6, 0), (0, 0, 3, 0), (0, 0, 3, 0)]
    plan.apply(by=expert)
    assert everything(blank) == before


def test_line_ends_of_a_browser_are_no_change(blank, expert):
    rows = with_row(2, "2.", "Equipment", "Two\nlines.\nPerspective: and\ntwo", "", "")
    imported(blank, expert, rows)
    Cell.objects.filter(pk=cell(blank, 2, "alpha").pk).update(finding="Two\r\nlines.", perspective="and\r\ntwo")
    assert planned(blank, rows).is_empty


def test_a_changed_cell_changes_alone(blank, expert, coordinator):
    imported(blank, expert)
    before = {row["id"]: row for row in blank.cells.values()}
    rows = with_row(2, "2.", "Equipment", "Five looms work.\nLevel: partly", *TABLE[2][3:])
    plan = imported(blank, coordinator, rows)
    assert numbers(plan) == [(0, 1, 5, 0), (0, 0, 3, 0), (0, 0, 3, 0)]
    changed = cell(blank, 2, "alpha")
    assert (changed.finding, changed.level, changed.version) == ("Five looms work.", "partly", 2)
    assert (changed.state, changed.updated_by, changed.steps.count()) == ("draft", coordinator, 1)
    after = {row["id"]: row for row in blank.cells.exclude(pk=changed.pk).values()}
    assert after == {pk: row for pk, row in before.items() if pk != changed.pk}


def test_what_is_empty_in_the_file_stays(blank, expert):
    imported(blank, expert)
    write_cell(cell(blank, 1, "alpha"), expert, finding="By hand.", perspective="So on.", level="weak")
    before = everything(blank)
    rows = [HEADINGS, ["1.", "Plan", "", None, ""], ["2.", "Equipment"], ["3.", "Committee"]]
    plan = imported(blank, expert, rows)
    assert numbers(plan) == [(0, 0, 0, 6), (0, 0, 0, 3), (0, 0, 0, 3)]
    assert everything(blank) == before


def test_a_new_finding_keeps_the_perspective_and_waits_for_a_level(blank, expert):
    write_cell(cell(blank, 1, "alpha"), expert, finding="By hand.", perspective="So on.", level="weak")
    imported(blank, expert, with_row(1, "1.", "Plan", "By file.", "", ""))
    first = cell(blank, 1, "alpha")
    assert (first.finding, first.perspective, first.level) == ("By file.", "So on.", "not_assessed")


def test_the_same_finding_keeps_its_level(blank, expert):
    write_cell(cell(blank, 1, "alpha"), expert, finding="By hand.", perspective="", level="weak")
    imported(blank, expert, with_row(1, "1.", "Plan", "By hand. Perspective: Go on.", "", ""))
    first = cell(blank, 1, "alpha")
    assert (first.finding, first.perspective, first.level) == ("By hand.", "Go on.", "weak")


def test_a_level_without_any_text_is_not_kept(blank, expert):
    rows = [HEADINGS, ["1.", "Plan", "Level: weak"], ["2.", "Equipment"], ["3.", "Committee"]]
    plan = imported(blank, expert, rows)
    assert plan.is_empty
    assert cell(blank, 1, "alpha").state == "empty"


@pytest.mark.parametrize(
    ("state", "after"), [("draft", "draft"), ("submitted", "draft"), ("returned", "returned"), ("accepted", "draft")]
)
def test_states_of_changed_cells(blank, expert, state, after):
    first = write_cell(cell(blank, 1, "alpha"), expert, state=state)
    steps = first.steps.count()
    plan = planned(blank)
    assert len(plan.accepted) == (state == "accepted")
    assert len(plan.under_review) == (state == "submitted")
    plan.apply(by=expert, overwrite_accepted=True)
    first.refresh_from_db()
    assert (first.state, first.finding) == (after, "A plan for the year hangs on the wall.")
    assert first.steps.count() == steps + (state in {"submitted", "accepted"})


def test_accepted_cells_need_a_yes(blank, expert):
    write_cell(cell(blank, 1, "alpha"), expert, state="accepted")
    before = everything(blank)
    with pytest.raises(AcceptedInTheWay) as caught:
        imported(blank, expert)
    assert [(change.aspect, change.centre) for change in caught.value.plan.accepted] == [(1, "alpha")]
    assert everything(blank) == before


def test_an_accepted_cell_with_the_same_text_is_left_alone(blank, expert):
    imported(blank, expert)
    first = cell(blank, 1, "alpha")
    first.submit(by=expert, version=first.version)
    first.accept(by=expert, version=first.version)
    before = everything(blank)
    imported(blank, expert)
    assert everything(blank) == before


def test_links_follow_the_words_but_not_those_made_by_hand(blank, expert):
    imported(blank, expert)
    conclusion = blank.conclusions.get(aspect__number=2)
    third = blank.template.aspects.get(number=3)
    rows = with_row(2, *TABLE[2][:4], "Once more. Recommendation: See section 1.")
    conclusion.see_also.add(third)
    plan = imported(blank, expert, rows)
    change = next(change for change in plan.conclusions if change.aspect == 2)
    assert (change.links_added, change.links_dropped) == ([], [1])
    assert list(conclusion.see_also.values_list("number", flat=True)) == [3]
    recommendation = conclusion.recommendations.get()
    assert list(recommendation.see_also.values_list("number", flat=True)) == [1]


def test_recommendations_match_by_number(blank, expert):
    imported(blank, expert)
    before = dict(blank.recommendations.values_list("pk", "text"))
    rows = with_row(1, *TABLE[1][:4], "One of two. Recommendations: 1. Write two plans.")
    plan = imported(blank, expert, rows)
    assert numbers(plan)[2] == (0, 1, 1, 1)
    after = dict(blank.recommendations.values_list("pk", "text"))
    assert {pk: text for pk, text in after.items() if before.get(pk) != text}.keys() <= before.keys()
    assert sorted(after.values()) == ["Meet, often.", "Show it to the committee.", "Write two plans."]


def test_a_conclusions_version_rises_with_its_recommendations(blank, expert):
    """They are edited together, so that whoever has the page open must meet a conflict."""
    imported(blank, expert)
    versions = dict(blank.conclusions.values_list("aspect__number", "version"))
    imported(blank, expert, with_row(3, *TABLE[3][:4], "Half of them meet. Recommendation: Meet monthly."))
    assert dict(blank.conclusions.values_list("aspect__number", "version")) == versions | {3: versions[3] + 1}


def test_an_editor_meets_a_conflict_after_an_import(blank, expert, coordinator):
    first = cell(blank, 1, "alpha")
    imported(blank, expert)
    with pytest.raises(Exception, match="Someone else has saved this"):
        first.revise(by=coordinator, version=0, finding="Mine.")


def test_a_known_centre_that_does_not_take_part_joins(blank, expert, network, beta):
    gamma = make_centre(network, code="gamma", name="Gamma")
    CentreAlias.objects.create(centre=gamma, name="Gama")
    rows = [[*HEADINGS[:3], "Gama CLC", HEADINGS[4]], *TABLE[1:]]
    plan = planned(blank, rows)
    assert (plan.joining, plan.absent) == ([gamma], [beta])
    before = list(blank.cells.filter(centre=beta).values())
    plan.apply(by=expert, expected=plan.fingerprint)
    assert list(blank.participations.values_list("centre__code", flat=True)) == ["alpha", "beta", "gamma"]
    assert cell(blank, 3, "gamma").finding == "It never met."
    assert list(blank.cells.filter(centre=beta).values()) == before
    assert planned(blank, rows).is_empty


def test_a_centre_of_another_network_is_unknown(blank):
    make_centre(name="Omsk")
    rows = [[*HEADINGS[:3], "Omsk", HEADINGS[4]], *TABLE[1:]]
    matrix = parse(reader.read(as_csv(rows)), aspect_names(blank), centre_names(blank))
    assert [problem.kind for problem in matrix.problems] == ["unknown_centre"]


def test_an_empty_cycle_takes_its_centres_from_the_file(network, alpha, beta, expert):
    cycle = make_cycle(network, code="2007")
    imported(cycle, expert)
    assert cycle.cells.filter(state="draft").count() == 6
    assert cycle.conclusions.exclude(text="").count() == 3
    assert planned(cycle).is_empty


def test_names_in_all_languages_are_known(network, expert):
    make_centre(network, code="gamma", name="Gamma", name_ru="Гамма", name_kk="Ғамма")
    template = make_template(network, aspects=("Plan",), published=False)
    aspect = template.aspects.get()
    aspect.title_ru, aspect.title_kk = "План", "Жоспар"
    aspect.save()
    cycle = make_cycle(network, template=template)
    for heading, title in (("Гамма", "План"), ("Ғамма ҚОО", "Жоспар"), ("gamma", "Plan")):
        matrix = parsed(cycle, [["№", "Аспекты", heading, "Вывод"], [None, title, "Есть.", ""]])
        assert [(row.aspect, row.centre, row.finding) for row in matrix.cells] == [(1, "gamma", "Есть.")]


def test_a_published_cycle_is_refused(published, expert):
    before = everything(published)
    with pytest.raises(CycleFrozen):
        imported(published, expert)
    assert everything(published) == before


def test_a_change_since_the_preview_shows_the_preview_again(blank, expert):
    plan = planned(blank)
    write_cell(cell(blank, 1, "alpha"), expert, finding="In between.")
    before = everything(blank)
    with pytest.raises(PlanChanged) as caught:
        plan.apply(by=expert, expected=plan.fingerprint)
    assert everything(blank) == before
    assert numbers(caught.value.plan)[0] == (5, 1, 0, 0)
    caught.value.plan.apply(by=expert, expected=caught.value.plan.fingerprint)
    assert planned(blank).is_empty


def test_all_or_nothing(blank, expert, monkeypatch):
    before = everything(blank)
    monkeypatch.setattr(Plan, "_write_recommendations", lambda *args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        imported(blank, expert)
    assert everything(blank) == before


def wide(network, count):
    """A cycle of so many centres and the rows of its table."""
    centres = [make_centre(network) for _ in range(count)]
    cycle = make_cycle(network, centres)
    headings = ["N", "Aspects", *(centre.code for centre in centres), "Conclusion"]
    return cycle, [headings, *([row[0], row[1], *[row[2]] * count, row[4]] for row in TABLE[1:])]


@pytest.mark.parametrize("count", [2, 40])
def test_the_number_of_queries_does_not_grow(network, expert, django_assert_num_queries, count):
    cycle, rows = wide(network, count)
    matrix = parsed(cycle, rows)
    with django_assert_num_queries(8):
        plan = Plan.of(cycle, matrix)
    with django_assert_num_queries(19):
        plan.apply(by=expert)
    with django_assert_num_queries(21):
        Plan.of(cycle, matrix).apply(by=expert)


@pytest.mark.django_db(transaction=True)
def test_an_import_and_a_writer_do_not_lock_each_other(blank, expert):
    """Somebody saves a cell while the import waits for it: both end, and neither loses a word."""
    first = cell(blank, 1, "alpha")
    plan = planned(blank)
    outcome = []

    def run():
        try:
            plan.apply(by=expert, expected=plan.fingerprint)
            outcome.append("applied")
        except PlanChanged:
            outcome.append("changed")
        finally:
            connection.close()

    with transaction.atomic():
        first.revise(by=expert, version=0, finding="Mine.")
        thread = threading.Thread(target=run)
        thread.start()
        thread.join(0.5)
        assert thread.is_alive()
        second = cell(blank, 2, "alpha")
        second.revise(by=expert, version=0, finding="Mine, too.")
    thread.join(10)
    assert outcome == ["changed"]
    assert [cell(blank, number, "alpha").finding for number in (1, 2)] == ["Mine.", "Mine, too."]
