"""A draft's title, sections and order, and two people at one draft."""

import pytest

from monitoring.models import Questionnaire, QuestionnaireRefused

from ...factories import (
    make_coordinator,
)
from .pages import SECTIONS, codes, page, shown, stored

pytestmark = pytest.mark.django_db


# --- Title and sections ---------------------------------------------------------------------------------------------


def test_the_title_is_changed_and_a_resend_is_no_conflict(draft, client):
    data = shown(client.get(page("questionnaire_edit", draft))) | {"title": "Better", "guidance_kk": "Толтырыңыз."}
    for _time in range(2):
        assert client.post(page("questionnaire_edit", draft), data).url == page("questionnaire_edit", draft)
    draft = Questionnaire.objects.get(pk=draft.pk)
    assert (draft.title, draft.guidance_kk, draft.revision) == ("Better", "Толтырыңыз.", 3)
    assert draft.document().sections == SECTIONS


def test_without_any_title_nothing_is_stored(draft, client):
    data = shown(client.get(page("questionnaire_edit", draft))) | {"title": "", "guidance": "Kept"}
    response = client.post(page("questionnaire_edit", draft), data)
    assert response.status_code == 422
    assert response.context["form"].errors == {"title": ["Write it in at least one language."]}
    assert "Kept" in response.content.decode()
    assert Questionnaire.objects.get(pk=draft.pk).revision == 1


def test_a_section_is_added_where_its_number_puts_it(draft, client):
    url = page("questionnaire_section_new", draft)
    data = shown(client.get(url))
    assert data["code"] == "3"
    assert client.post(url, data | {"code": "10", "title": "Last"}).url.endswith("#at-10")
    client.post(url, data | {"code": "9", "title": "Before it"})
    assert [row.code for row in draft.sections.order_by("position")] == ["1", "2", "9", "10"]
    again = client.post(url, data | {"code": "2", "title": "Taken"})
    assert (again.status_code, again.context["form"].errors) == (422, {"code": ["Another section has this number."]})
    assert client.post(url, data | {"code": "1.5", "title": "No"}).status_code == 422


def test_a_section_changes_its_words_and_keeps_its_number(draft, client):
    url = page("questionnaire_section", draft, "1")
    data = shown(client.get(url)) | {"title": "Our centre", "code": "9"}
    assert client.post(url, data).status_code == 302
    assert [(row.code, row.title, row.title_ru) for row in draft.sections.order_by("position")] == [
        ("1", "Our centre", "Центр"),
        ("2", "Lessons", None),
    ]
    assert codes(draft) == ["1.1", "1.2", "1.3", "2.1", "2.2"]


def test_sections_and_questions_move(draft, client):
    url = page("questionnaire_edit", draft)
    assert client.post(url, {"revision": 1, "move": "down section 1"}).url == f"{url}#at-1"
    assert codes(draft) == ["2.1", "2.2", "1.1", "1.2", "1.3"]
    client.post(url, {"revision": 2, "move": "up question 2.2"})
    assert codes(draft) == ["2.2", "2.1", "1.1", "1.2", "1.3"]
    client.post(url, {"revision": 3, "move": "up question 2.2"})
    assert codes(draft) == ["2.2", "2.1", "1.1", "1.2", "1.3"]
    late = client.post(url, {"revision": 1, "move": "up section 1"})
    assert late.status_code == 409
    assert codes(draft)[0] == "2.2"
    broken = client.post(url, {"revision": 4, "move": "up question 1.3"})
    assert (broken.status_code, broken.context["refusal"]) == (
        422, "Question 1.3 is asked only after 1.2, so it has to stand below it."
    )  # fmt: skip
    for junk in ("", "up", "sideways section 1", "up nothing 1"):
        assert client.post(url, {"revision": 4, "move": junk}).status_code == 404


def test_what_others_depend_on_is_not_taken_out(draft, client):
    url = page("questionnaire_question_remove", draft, "1.2")
    html = client.get(url).content.decode()
    assert page("questionnaire_question", draft, "1.3") in html
    assert "Take it out" not in html
    response = client.post(url, {"revision": 1})
    assert response.status_code == 422
    assert response.context["error"] == "Question 1.3 is asked only after 1.2: change that rule first."
    assert client.post(page("questionnaire_question_remove", draft, "1.3"), {"revision": 1}).status_code == 302
    assert client.post(url, {"revision": 1}).status_code == 409
    assert client.post(url, {"revision": 2}).status_code == 302
    assert codes(draft) == ["1.1", "2.1", "2.2"]
    assert client.post(page("questionnaire_section_remove", draft, "2"), {"revision": 3}).status_code == 302
    assert (codes(draft), draft.sections.count()) == (["1.1"], 1)
    assert client.get(page("questionnaire_section_remove", draft, "2")).status_code == 404


# --- Two at once ----------------------------------------------------------------------------------------------------


def test_another_question_saved_meanwhile_is_no_conflict(draft, network, client, client_of):
    url = page("questionnaire_question", draft, "1.1")
    data = shown(client.get(url)) | {"text": "My name"}
    theirs = client_of(make_coordinator(network))
    other = page("questionnaire_question", draft, "1.2")
    assert theirs.post(other, shown(theirs.get(other)) | {"text": "Is there any plan?"}).status_code == 302
    assert client.post(url, data).status_code == 302
    assert [stored(draft, code).text["en"] for code in ("1.1", "1.2")] == ["My name", "Is there any plan?"]


def test_the_same_question_saved_meanwhile_shows_both_texts(draft, network, client, client_of):
    url = page("questionnaire_question", draft, "2.1")
    data = shown(client.get(url)) | {"text": "My words", "choices-2-label": "So so"}
    theirs = client_of(make_coordinator(network))
    theirs.post(url, shown(theirs.get(url)) | {"text": "Their words", "required": "on"})
    response = client.post(url, data)
    assert response.status_code == 409
    assert [(row.label, row.base, row.mine, row.theirs) for row in response.context["differences"]] == [
        ("An answer is required", "", "", "✓"),
        ("Question (English)", "How good?", "My words", "Their words"),
        ("Answers to choose from", "good: Good · strong\nbad: Bad", "good: Good · strong\nbad: Bad\nso_so: So so",
         "good: Good · strong\nbad: Bad"),
    ]  # fmt: skip
    assert stored(draft, "2.1").text == {"en": "Their words"}
    again = shown(response)
    assert (again["text"], again["choices-2-label"]) == ("My words", "So so")
    assert client.post(url, again).status_code == 302
    assert stored(draft, "2.1").text == {"en": "My words"}
    assert len(stored(draft, "2.1").options.choices) == 3


def test_a_question_taken_out_meanwhile_can_be_put_back(draft, client):
    url = page("questionnaire_question", draft, "1.1")
    data = shown(client.get(url)) | {"text": "My name"}
    client.post(page("questionnaire_question_remove", draft, "1.1"), {"revision": 1})
    response = client.post(url, data | {"code": "1.1", "kind": "text", "returns": "on"})
    assert response.status_code == 409
    assert ("Question (English)", "Name", "My name", "") in [
        (row.label, row.base, row.mine, row.theirs) for row in response.context["differences"]
    ]
    assert client.post(url, shown(response)).status_code == 302
    assert stored(draft, "1.1").text["en"] == "My name"


@pytest.mark.parametrize("base", ["", "x", "[]", "[" * 5_000, '{"text": 3}'])
@pytest.mark.parametrize("revision", ["", "0", "x", "-1", "9" * 5_000])
def test_a_form_that_names_no_revision_overwrites_nothing(draft, client, revision, base):
    url = page("questionnaire_question", draft, "1.2")
    data = shown(client.get(url)) | {"text": "Blind", "revision": revision, "base": base}
    assert client.post(url, data).status_code in {409, 422}
    assert stored(draft, "1.2").text == {"en": "Is there a plan?"}


def test_a_draft_published_meanwhile_is_not_written(draft, client):
    url = page("questionnaire_question", draft, "1.1")
    stale = Questionnaire.objects.get(pk=draft.pk)
    Questionnaire.objects.get(pk=draft.pk).publish()
    with pytest.raises(QuestionnaireRefused, match="is published"):
        stale.edit(lambda document: document, revision=1)
    assert client.get(url).status_code == 403
