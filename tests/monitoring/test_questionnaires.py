"""Questionnaires: versions, what is immutable, and that a document goes in and comes out the same."""

import pytest
from django.db import IntegrityError, transaction

from centres.versions import EditConflict
from monitoring.instruments import Choice, Column, Document, Kind, Options, QuestionText, Row, SectionText
from monitoring.models import Question, Questionnaire, QuestionnaireRefused

from ..factories import make_cycle, make_network, make_questionnaire

pytestmark = pytest.mark.django_db

INCOMES = Options(
    rows=(Row("budget", {"en": "Budget"}), Row("rent", {"en": "Rent", "kk": "Жалға беру"}, part_of="budget")),
    columns=(Column("men", {"en": "Men"}), Column("all", {"en": "All"}, sum_of=("men",), decimals=2)),
    total_row=True,
)
FULL = Document(
    "annex",
    {"en": "Annex", "ru": "Приложение", "kk": "Қосымша"},
    {"ru": "Заполните."},
    (
        SectionText(
            "1", {"en": "One"}, {"kk": "Көмек"}, (QuestionText("1.1", Kind.TEXT, {"kk": "Атауы"}, required=True),)
        ),
        SectionText(
            "8",
            {"en": "Eight"},
            {},
            (
                QuestionText("8.1", Kind.HEADING, {"en": "Aims"}),
                QuestionText(
                    "8.1.1",
                    Kind.GRADE,
                    {"en": "Clear?", "ru": "Ясно?"},
                    {"en": "Look at the plans."},
                    required=True,
                    options=Options(source=True, proposal=True),
                    aspects=("mission", "plan"),
                ),
                QuestionText("8.2", Kind.FIXED_TABLE, {"en": "Incomes"}, options=INCOMES, prefill="incomes"),
                QuestionText(
                    "8.3",
                    Kind.CHOICE,
                    {"en": "Trend"},
                    options=Options(choices=(Choice("up", {"en": "Up"}, "strong"), Choice("down", {"en": "Down"}))),
                    depends_on="8.1.1",
                    depends_values=("yes", "partly"),
                ),
            ),
        ),
    ),
)


def test_a_document_comes_out_as_it_went_in():
    questionnaire = Questionnaire.begin(network=make_network(), document=FULL)
    assert Questionnaire.objects.get(pk=questionnaire.pk).document() == FULL


def test_the_next_version_says_the_same_under_the_next_number():
    first = Questionnaire.begin(network=make_network(), document=FULL)
    first.publish()
    second = first.next_version()
    assert (second.version, second.is_published, second.document()) == (2, False, FULL)
    assert first.next_version() == second
    with pytest.raises(QuestionnaireRefused):
        Questionnaire.begin(network=first.network, document=FULL)


@pytest.mark.parametrize(
    "change",
    [
        lambda row: Questionnaire.objects.filter(pk=row.pk).update(title="Another"),
        lambda row: Question.objects.filter(questionnaire=row).update(text="Another"),
        lambda row: Question.objects.filter(questionnaire=row).delete(),
        lambda row: row.sections.update(title="Another"),
        lambda row: Question.objects.create(
            questionnaire=row, section=row.sections.get(), code="1.9", kind=Kind.TEXT, text="New", position=9
        ),
    ],
)
def test_a_published_version_never_changes(change):
    questionnaire = make_questionnaire()
    before = questionnaire.document()
    with pytest.raises(IntegrityError), transaction.atomic():
        change(questionnaire)
    assert Questionnaire.objects.get(pk=questionnaire.pk).document() == before


def test_a_draft_is_rewritten_from_the_revision_that_was_shown():
    draft = Questionnaire.begin(network=make_network(), document=FULL)
    changed = Document("annex", {"en": "Shorter"}, sections=FULL.sections[:1])
    draft.rewrite(changed, revision=1)
    assert (Questionnaire.objects.get(pk=draft.pk).document(), draft.revision) == (changed, 2)
    with pytest.raises(EditConflict):
        draft.rewrite(FULL, revision=1)
    with pytest.raises(EditConflict):
        draft.publish(revision=1)
    draft.publish(revision=2)
    with pytest.raises(QuestionnaireRefused):
        draft.rewrite(FULL, revision=2)


def test_a_draft_can_be_discarded_and_a_published_version_cannot():
    draft = Questionnaire.begin(network=make_network(), document=FULL)
    draft.discard()
    assert (Questionnaire.objects.count(), Question.objects.count()) == (0, 0)
    with pytest.raises(QuestionnaireRefused):
        make_questionnaire().discard()


def test_an_empty_questionnaire_is_not_published():
    heading = SectionText("1", {"en": "One"}, questions=(QuestionText("1.1", Kind.HEADING, {"en": "Aims"}),))
    draft = Questionnaire.begin(network=make_network(), document=Document("own", {"en": "Own"}, sections=(heading,)))
    with pytest.raises(QuestionnaireRefused):
        draft.publish()


def test_a_cycle_asks_each_of_its_centres_once(alpha, beta):
    questionnaire = make_questionnaire(alpha.network)
    cycle = make_cycle(alpha.network, [alpha], questionnaire=questionnaire)
    cycle.add_centres([beta])
    cycle.add_centres([beta])
    asked = cycle.self_assessments.values_list("centre", "questionnaire", "state")
    assert sorted(asked) == sorted((centre.pk, questionnaire.pk, "draft") for centre in (alpha, beta))
    cycle.set_centres([beta])
    assert [row.centre for row in cycle.self_assessments.all()] == [beta]
