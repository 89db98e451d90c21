"""Self-assessments: answers with versions, their steps, and what the database itself refuses."""

import threading
import time

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from centres.versions import EditConflict
from monitoring.models import Answer, AnswerComment, Cycle, CycleFrozen, SelfAssessment, StepRefused

from ..factories import (
    make_answer,
    make_assessment,
    make_centre,
    make_coordinator,
    make_cycle,
    make_expert,
    make_facilitator,
    make_questionnaire,
    make_template,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def assessment(alpha):
    return make_assessment(alpha)


@pytest.fixture
def facilitator(alpha):
    return make_facilitator(alpha)


def question(assessment, code="1.1"):
    return assessment.questionnaire.questions.get(code=code)


def test_an_answer_is_saved_with_one_statement(assessment, facilitator):
    asked, reach = question(assessment), facilitator.reach
    for version, text in enumerate(["Alpha", "Alpha centre"]):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert assessment.save_answer(asked, by=facilitator, version=version, value={"text": text}) == version + 1
        assert len(queries) == 1
    answer = assessment.answers.get()
    assert (answer.value, answer.updated_by, answer.told_by, reach.runs) == (
        {"text": "Alpha centre"},
        facilitator,
        "",
        {assessment.centre_id},
    )
    assert [row.value["text"] for row in answer.events.order_by("pgh_id")] == ["Alpha", "Alpha centre"]


def test_two_people_in_one_form_lose_nothing(assessment, facilitator):
    other = make_facilitator(assessment.centre)
    make_answer(assessment, "1.1", {"text": "Base"}, by=facilitator)
    asked = question(assessment)
    assessment.save_answer(asked, by=other, version=1, value={"text": "Theirs"})
    with pytest.raises(EditConflict) as conflict:
        assessment.save_answer(asked, by=facilitator, version=1, value={"text": "Mine"})
    assert (conflict.value.theirs.value, conflict.value.base.value) == ({"text": "Theirs"}, {"text": "Base"})
    assert assessment.answers.get().value == {"text": "Theirs"}


@pytest.mark.parametrize("version", [0, 1])
def test_a_resend_is_recognised(assessment, facilitator, version):
    asked = question(assessment)
    if version:
        assessment.save_answer(asked, by=facilitator, version=0, value={"text": "Before"})
    for _sending in range(2):
        saved = assessment.save_answer(asked, by=facilitator, version=version, value={"text": "Alpha"})
        assert saved == version + 1
    assert assessment.answers.get().version == version + 1


def test_what_a_coordinator_writes_names_both(assessment, alpha):
    coordinator = make_coordinator(alpha.network)
    assessment.told_by = "Facilitator by telephone"
    assessment.save()
    answer = make_answer(assessment, "1.1", {"text": "Alpha"}, by=coordinator)
    assessment.submit(by=coordinator, version=0)
    step = assessment.steps.get()
    assert (answer.updated_by, answer.told_by) == (coordinator, "Facilitator by telephone")
    assert (step.by, step.told_by) == (coordinator, "Facilitator by telephone")


def test_from_the_first_word_to_acceptance(assessment, facilitator, alpha):
    expert = make_expert(alpha.network)
    make_answer(assessment, "1.1", {"text": "Alpha"})
    stale = SelfAssessment.objects.get()
    assessment.submit(by=facilitator, version=0)
    for row in (assessment, stale):
        with pytest.raises(StepRefused), transaction.atomic():
            make_answer(row, "1.1", {"text": "Later"})
    sent_twice = assessment.save_answer(question(assessment), by=facilitator, version=0, value={"text": "Alpha"})
    assert sent_twice == 1  # sent twice, the second time too late
    with pytest.raises(StepRefused):
        assessment.give_back(by=expert, version=1, reasons={"1.1": " "})
    assessment.give_back(by=expert, version=1, reasons={"1.2": "Which plan?", "1.1": "The full name."})
    assert [(row.question.code, row.reason) for row in assessment.returned()] == [
        ("1.1", "The full name."),
        ("1.2", "Which plan?"),
    ]
    make_answer(assessment, "1.1", {"text": "Alpha centre"})
    assessment.submit(by=facilitator, version=2)
    assessment.withdraw(by=facilitator, version=3)
    assessment.submit(by=facilitator, version=4)
    with pytest.raises(EditConflict):
        assessment.accept(by=expert, version=4)
    assessment.accept(by=expert, version=5)
    states = [step.to_state for step in assessment.steps.order_by("pk")]
    assert states == ["submitted", "returned", "submitted", "draft", "submitted", "accepted"]
    assert assessment.returned() == []


def test_raw_writes_to_a_submitted_one_are_refused(assessment, facilitator):
    answer = make_answer(assessment, "1.1", {"text": "Alpha"})
    assessment.submit(by=facilitator, version=0)
    for change in (lambda row: row.update(explanation="x"), lambda row: row.delete()):
        with pytest.raises(IntegrityError), transaction.atomic():
            change(Answer.objects.filter(pk=answer.pk))
    assert Answer.objects.get().explanation == ""


def test_an_answer_belongs_to_its_own_questionnaire(assessment, facilitator):
    foreign = make_questionnaire(assessment.centre.network, key="another").questions.get(code="1.1")
    with pytest.raises(StepRefused), transaction.atomic():
        assessment.save_answer(foreign, by=facilitator, version=0, value={"text": "Alpha"})
    assert assessment.answers.count() == 0


@pytest.mark.parametrize("is_stale", [False, True])
def test_a_published_cycle_takes_no_answer(assessment, facilitator, is_stale):
    asked = question(assessment)
    assert assessment.cycle.is_published is False
    Cycle.objects.update(state="published", published_at="2005-07-01T00:00Z")
    if not is_stale:
        assessment = SelfAssessment.objects.for_page().get()
    with pytest.raises(CycleFrozen), transaction.atomic():
        assessment.save_answer(asked, by=facilitator, version=0, value={"text": "Alpha"})
    with pytest.raises(CycleFrozen):
        assessment.submit(by=facilitator, version=0)
    assert (assessment.answers.count(), assessment.steps.count()) == (0, 0)


def test_the_questionnaire_stays_once_something_is_answered(assessment, alpha):
    cycle, other = assessment.cycle, make_questionnaire(alpha.network, key="other")
    cycle.questionnaire = other
    cycle.revise(version=cycle.version, projects=[], centres=[alpha])
    assert [row.questionnaire for row in cycle.self_assessments.all()] == [other]
    make_answer(cycle.self_assessments.get(), "1.1", {"text": "Alpha"})
    cycle.questionnaire = None
    with pytest.raises(StepRefused):
        cycle.revise(version=cycle.version, projects=[], centres=[alpha])
    with pytest.raises(StepRefused):
        cycle.set_centres([])


def test_who_sees_and_who_fills_in(personas, alpha, beta, project):
    questionnaire = make_questionnaire(alpha.network)
    cycle = make_cycle(alpha.network, [alpha, beta], projects=[project], questionnaire=questionnaire)
    own = cycle.self_assessments.get(centre=alpha)
    make_answer(own, "1.1", {"text": "Alpha"}, by=personas.facilitator_alpha)
    rules = [SelfAssessment.objects.visible_to, SelfAssessment.objects.editable_by, SelfAssessment.objects.reviewed_by]
    found = {
        name: [rule(user).filter(pk=own.pk).exists() for rule in rules]
        + [Answer.objects.visible_to(user).exists(), Answer.objects.editable_by(user).exists()]
        for name, user in vars(personas).items()
    }
    assert found == {
        "coordinator": [True, True, True, True, True],
        "expert": [True, False, True, True, False],
        "facilitator_alpha": [True, True, False, True, True],
        "facilitator_beta": [False] * 5,
        "donor": [False] * 5,
        "outsider": [False] * 5,
        "anonymous": [False] * 5,
    }


def test_those_still_to_send_are_named_with_the_most_urgent_first(alpha, facilitator):
    first = make_assessment(alpha)
    second = make_assessment(alpha)
    second.cycle.self_assessment_due = "2005-06-15"
    second.cycle.save()
    make_assessment(make_centre(alpha.network))
    done = make_assessment(alpha)
    done.submit(by=facilitator, version=0)
    assert list(SelfAssessment.objects.waiting_for(facilitator)) == [second, first]


def test_the_same_once_more_is_no_new_version(assessment, facilitator):
    asked, computed = question(assessment), {"source": "centre_name", "value": {"text": "A"}, "at": "2005-06-01T10:00"}
    for version, seen in enumerate([computed, computed | {"value": {"text": "B"}}, None, computed]):
        saved = assessment.save_answer(
            asked, by=facilitator, version=min(version, 2), value={"text": "Alpha"}, computed=seen
        )
        assert saved == [1, 2, 2, 3][version]
    assert assessment.answers.get().computed == computed
    again = {"by": facilitator, "version": 3, "value": {"text": "Alpha"}, "computed": computed | {"at": "2005-06-02"}}
    assert assessment.save_answer(asked, **again) == 3
    assert assessment.answers.get().events.count() == 3


def comment(assessment, facilitator):
    AnswerComment.objects.create(
        centre=assessment.centre,
        assessment=assessment,
        question=question(assessment),
        author=facilitator,
        text="What is meant?",
    )


def speak_for(assessment, _facilitator):
    SelfAssessment.objects.update(told_by="The head")


@pytest.mark.parametrize("begin", [comment, speak_for])
def test_what_is_begun_keeps_its_centre_and_its_questionnaire(assessment, facilitator, alpha, begin):
    begin(assessment, facilitator)
    cycle = assessment.cycle
    with pytest.raises(StepRefused):
        cycle.set_centres([])
    for change in ({"questionnaire": None}, {"template": make_template(alpha.network, version=2)}):
        fresh = Cycle.objects.get(pk=cycle.pk)
        for name, value in change.items():
            setattr(fresh, name, value)
        with pytest.raises(StepRefused):
            fresh.revise(version=fresh.version, projects=[], centres=[alpha])
    assert SelfAssessment.objects.get() == assessment


def move_answer(assessment, alpha):
    open_one = make_assessment(alpha, cycle=make_cycle(alpha.network, [alpha], questionnaire=assessment.questionnaire))
    assessment.submit(by=make_facilitator(alpha), version=0)
    Answer.objects.filter(assessment=assessment).update(assessment=open_one)


def move_question(assessment, alpha):
    draft = assessment.questionnaire.next_version()
    assessment.questionnaire.questions.filter(code="1.3").update(questionnaire=draft)


def move_cell(assessment, alpha):
    other = make_cycle(alpha.network, [], template=assessment.cycle.template)
    assessment.cycle.cells.update(cycle=other)


@pytest.mark.parametrize("move", [move_answer, move_question, move_cell])
def test_nothing_is_moved_to_where_it_could_change(assessment, alpha, move):
    make_answer(assessment, "1.1", {"text": "Alpha"})
    with pytest.raises(IntegrityError), transaction.atomic():
        move(assessment, alpha)


@pytest.mark.django_db(transaction=True)
def test_a_first_answer_and_a_change_of_the_centres_do_not_block_each_other():
    """Whoever has the cycle first goes first; the other is refused, or finds the centre bound."""
    centre = make_centre()
    assessment, coordinator = make_assessment(centre), make_coordinator(centre.network)
    asked, said, cycle = question(assessment), [], Cycle.objects.get()
    coordinator.reach  # noqa: B018 - loaded before the other connection works

    def write():
        try:
            said.append(assessment.save_answer(asked, by=coordinator, version=0, value={"text": "Alpha"}))
        except (StepRefused, IntegrityError) as refused:
            said.append(type(refused))
        finally:
            connection.close()

    with transaction.atomic():
        Cycle.objects.select_for_update().get()
        thread = threading.Thread(target=write)
        thread.start()
        time.sleep(0.5)
        cycle.set_centres([])
    thread.join(timeout=30)
    assert (said, SelfAssessment.objects.count(), Answer.objects.count()) == ([StepRefused], 0, 0)
