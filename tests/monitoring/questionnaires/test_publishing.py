"""What changed against the version before, and what is published, discarded, refused."""

from dataclasses import replace

import pytest

from monitoring.instruments import Choice, Document, Kind, Options, QuestionText, SectionText
from monitoring.models import Question, Questionnaire

from .pages import LIST, SECTIONS, TABLE, page

pytestmark = pytest.mark.django_db


# --- What changed, publication --------------------------------------------------------------------------------------


def changed(draft, first):
    """A second version with something of every kind of change."""
    one, two = first.document().sections
    questions = (
        replace(two.questions[1], options=replace(TABLE, rows=TABLE.rows[:1], total_row=True)),
        replace(
            two.questions[0],
            text={"en": "How good is it?", "kk": "Қалай?"},
            required=True,
            options=Options(choices=(Choice("good", {"en": "Very good"}, "strong"), Choice("so", {"en": "So so"}))),
        ),
    )
    sections = (
        replace(one, questions=(one.questions[0], replace(one.questions[1], text={"en": "Is there a plan?"}))),
        replace(two, questions=questions),
        SectionText("3", {"en": "New"}, questions=(QuestionText("3.1", Kind.DATE, {"en": "When?"}),)),
    )
    draft.edit(lambda document: replace(document, sections=sections, title={"en": "Our self-assessment"}), revision=1)


def test_what_changed_is_told_by_code_in_words(draft, first, client):
    changed(draft, first)
    found = client.get(page("questionnaire_changes", draft)).context["changes"]
    assert [(row.code, row.is_section) for row in found.new] == [("3", True), ("3.1", False)]
    assert [(row.code, row.text) for row in found.removed] == [("1.3", "Why not?")]
    assert [(row.code, [(note.label, note.pieces) for note in row.notes]) for row in found.changed] == [
        ("", [("Title (English)", [("del", "Self"), ("ins", "Our self"), ("same", "-assessment")])]),
        (
            "2.2",
            [
                ("Columns are added up", [("ins", "Yes")]),
                ("Row", [("del", "Rent (part of Paid)")]),
                ("Place", [("ins", "moved")]),
            ],
        ),
        (
            "2.1",
            [
                ("Question (English)", [("same", "How good"), ("ins", " is it"), ("same", "?")]),
                ("Question (Қазақша)", [("ins", "Қалай?")]),
                ("Required", [("ins", "Yes")]),
                ("Answer “Very good” (English)", [("del", "Good"), ("ins", "Very good")]),
                ("Answer", [("ins", "So so")]),
                ("Answer", [("del", "Bad")]),
            ],
        ),
    ]


def test_a_language_that_was_left_as_it_was_is_named(draft, client):
    def reworded(document):
        one = document.sections[0]
        name = replace(one.questions[0], text=one.questions[0].text | {"en": "Full name"})
        return replace(document, sections=(replace(one, questions=(name, *one.questions[1:])), *document.sections[1:]))

    draft.edit(reworded, revision=1)
    [row] = client.get(page("questionnaire_changes", draft)).context["changes"].changed
    assert [(note.label, note.pieces[-1]) for note in row.notes] == [
        ("Question (English)", ("ins", "Full name")),
        ("Question (Русский)", ("same", "not changed")),
    ]
    assert "not changed" in client.get(page("questionnaire_publish", draft)).text


def test_changes_stand_on_the_versions_page_and_before_publishing(draft, first, client):
    changed(draft, first)
    for name in ("questionnaire", "questionnaire_publish"):
        html = client.get(page(name, draft)).content.decode()
        assert "What changed since version 1" in html
        assert "<ins> is it</ins>" in html
    assert client.get(page("questionnaire_changes", first)).context["before"] is None


def test_any_earlier_version_can_be_compared_with(draft, first, client):
    changed(draft, first)
    draft.publish()
    third = draft.next_version()
    url = page("questionnaire_changes", third)
    assert not client.get(url).context["changes"]
    assert client.get(url, {"against": "1"}).context["changes"].removed[0].code == "1.3"
    assert client.get(url, {"against": "9"}).context["before"] is None
    assert client.get(url, {"against": "²"}).context["before"] == draft


def test_publishing_says_what_is_not_translated(draft, client):
    response = client.get(page("questionnaire_publish", draft))
    assert response.context["untranslated"] == {
        "en": [],
        "ru": ["", "1.2", "1.3", "2", "2.1", "2.2"],
        "kk": ["", "1", "1.1", "1.2", "1.3", "2", "2.1", "2.2"],
    }
    assert client.post(page("questionnaire_publish", draft), {"revision": 1}).url == page("questionnaire", draft)
    assert Questionnaire.objects.get(pk=draft.pk).is_published


@pytest.mark.parametrize("revision", ["1", "", "x", "²", "-1"])
def test_a_draft_that_changed_since_it_was_shown_is_not_published_and_not_deleted(draft, client, revision):
    draft.edit(lambda document: replace(document, title={"en": "Other"}), revision=1)
    for name in ("questionnaire_publish", "questionnaire_discard"):
        response = client.post(page(name, draft), {"revision": revision})
        assert response.status_code == 409
        assert "Look at it once more" in response.content.decode()
    assert not Questionnaire.objects.get(pk=draft.pk).is_published


@pytest.mark.parametrize(
    ("question", "fault"),
    [
        (QuestionText("1.4", Kind.CHOICE, {"en": "?"}), "Question 1.4 has no answers to choose from."),
        (
            QuestionText("1.4", Kind.OPEN_TABLE, {"en": "?"}),
            "The table of question 1.4 has no columns.",
        ),
        (
            QuestionText("1.4", Kind.FIXED_TABLE, {"en": "?"}, options=Options(columns=TABLE.columns)),
            "The table of question 1.4 has no rows.",
        ),
        (
            QuestionText("1.1", Kind.NUMBER, {"en": "Name"}),
            "Question 1.1 was “a line of text” in an earlier version, now it is “number”. Give what is asked now a new "
            "code.",
        ),
    ],
)
def test_what_would_break_is_not_published(draft, client, question, fault):
    one, two = SECTIONS
    rows = tuple(row for row in one.questions if row.code != question.code)
    draft.rewrite(Document("own", {"en": "Own"}, sections=(replace(one, questions=(*rows, question)), two)), revision=1)
    response = client.get(page("questionnaire_publish", draft))
    assert [row.text for row in response.context["faults"]] == [fault]
    refused = client.post(page("questionnaire_publish", draft), {"revision": 2})
    assert (refused.status_code, refused.context["error"]) == (409, fault)
    assert not Questionnaire.objects.get(pk=draft.pk).is_published


def test_a_draft_is_deleted_after_one_question(draft, client):
    url = page("questionnaire_discard", draft)
    assert "Version 2 with its 5 questions will be gone." in client.get(url).content.decode()
    assert Questionnaire.objects.filter(pk=draft.pk).exists()
    assert client.post(url, {"revision": 1}).url == LIST
    assert list(Questionnaire.objects.values_list("version", flat=True)) == [1]


def test_only_rows_that_change_are_written(draft):
    before = dict(draft.questions.values_list("code", "pk"))
    events = Question._meta.get_field("events").related_model.objects
    count = events.count()
    draft.edit(
        lambda document: replace(
            document,
            sections=(
                replace(
                    document.sections[0],
                    questions=(
                        replace(document.sections[0].questions[0], text={"en": "Full name"}),
                        *document.sections[0].questions[1:],
                    ),
                ),
                document.sections[1],
            ),
        ),
        revision=1,
    )
    assert dict(draft.questions.values_list("code", "pk")) == before
    assert events.count() == count + 1
