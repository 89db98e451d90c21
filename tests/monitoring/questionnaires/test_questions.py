"""A question's own form: codes, answers to choose from, tables, rules."""

from dataclasses import replace

import pytest

from monitoring.instruments import Choice, Column, Kind, Options, QuestionText, Row

from ...factories import (
    make_template,
)
from .pages import COLUMNS_RULE, KEY_RULE, ROWS_RULE, SECTIONS, TABLE, codes, page, shown, stored

pytestmark = pytest.mark.django_db


# --- Questions ------------------------------------------------------------------------------------------------------


def test_a_question_is_added_where_its_code_puts_it(draft, network, client):
    make_template(network, aspects=("Plan", "Rooms"))
    url = page("questionnaire_question_new", draft, "1")
    data = shown(client.get(url))
    assert data["code"] == "1.4"
    data |= {"code": "1.2.1", "kind": "number", "text": "How many?", "text_ru": "Сколько?", "unit": "rooms"}
    data |= {"decimals": "1", "required": "on", "depends_on": "1.2", "rule": ["1.2=partly", "1.2=yes", "2.1=good"]}
    data |= {"aspects": ["rooms"], "source": "on", "choices-0-label": "left out"}
    for _time in range(2):  # a resend too
        assert client.post(url, data).url == f"{page('questionnaire_edit', draft)}#at-1.2.1"
    assert codes(draft) == ["1.1", "1.2", "1.2.1", "1.3", "2.1", "2.2"]
    assert stored(draft, "1.2.1") == QuestionText(
        "1.2.1", Kind.NUMBER, {"en": "How many?", "ru": "Сколько?"}, required=True,
        options=Options(decimals=1, unit={"en": "rooms"}), depends_on="1.2", depends_values=("yes", "partly"),
        aspects=("rooms",),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("change", "errors"),
    [
        ({"code": "1.1"}, {"code": ["Another question has this code."]}),
        ({"code": "2.7"}, {"code": ["The code of a question in this section begins with 1."]}),
        (
            {"code": "1.Ж"},
            {"code": ["A code is figures and Latin letters between points, for example 8.1.1."]},
        ),
        ({"text": ""}, {"text": ["Write it in at least one language."]}),
        ({"depends_on": "1.2"}, {"depends_on": ["Tick the answers after which the question is asked."]}),
        (
            {"kind": "number", "prefill": "centre_name"},
            {"prefill": ["“The centre's name” does not fit this kind of answer (number)."]},
        ),
        ({"decimals": "x"}, {"decimals": ["Enter a whole number."]}),
    ],
)
def test_what_is_wrong_is_said_in_place(draft, client, change, errors):
    url = page("questionnaire_question_new", draft, "1")
    data = shown(client.get(url)) | {"code": "1.7", "text": "What?"} | change
    response = client.post(url, data)
    assert response.status_code == 422
    found = {name: list(words) for name, words in response.context["form"].errors.items()}
    assert {name: len(words) for name, words in found.items()} == {name: len(words) for name, words in errors.items()}
    assert found == errors or "prefill" in errors
    assert codes(draft) == ["1.1", "1.2", "1.3", "2.1", "2.2"]


def test_answers_to_choose_from_are_written_ordered_and_get_keys(draft, client):
    url = page("questionnaire_question", draft, "2.1")
    data = shown(client.get(url)) | {
        "choices-0-number": "2",
        "choices-1-number": "1",
        "choices-1-level": "weak",
        "choices-2-label": "Very good",
        "choices-3-label_kk": "Орташа",
    }
    assert client.post(url, data).status_code == 302
    assert stored(draft, "2.1").options.choices == (
        Choice("bad", {"en": "Bad"}, "weak"),
        Choice("good", {"en": "Good"}, "strong"),
        Choice("very_good", {"en": "Very good"}),
        Choice("answer_1", {"kk": "Орташа"}),
    )


def test_an_answer_that_a_rule_names_is_not_removed(draft, client):
    draft.edit(
        lambda document: replace(
            document,
            sections=(
                document.sections[0],
                replace(
                    document.sections[1],
                    questions=(
                        document.sections[1].questions[0],
                        QuestionText("2.1.1", Kind.TEXT, {"en": "Why?"}, depends_on="2.1", depends_values=("bad",)),
                    ),
                ),
            ),
        ),
        revision=1,
    )
    url = page("questionnaire_question", draft, "2.1")
    data = shown(client.get(url)) | {"choices-1-DELETE": "on"}
    response = client.post(url, data)
    assert response.status_code == 422
    assert response.context["form"].non_field_errors() == [
        "Question 2.1.1 is asked only after an answer to 2.1 that is not there."
    ]
    assert len(stored(draft, "2.1").options.choices) == 2


def test_a_table_gets_rows_columns_and_sums(draft, client):
    url = page("questionnaire_question", draft, "2.2")
    data = shown(client.get(url)) | {
        "rows-2-label": "Grants",
        "rows-2-part_of": "paid",
        "columns-2-sum_of": ["men", "women"],
        "columns-1-decimals": "2",
        "columns-3-label": "Since",
        "columns-3-kind": "date",
        "total_row": "on",
    }
    assert client.post(url, data).status_code == 302
    assert stored(draft, "2.2").options == Options(
        rows=(*TABLE.rows, Row("grants", {"en": "Grants"}, "paid")),
        columns=(
            Column("men", {"en": "Men"}),
            Column("women", {"en": "Women"}, decimals=2),
            Column("all", {"en": "All"}, sum_of=("men", "women")),
            Column("since", {"en": "Since"}, "date"),
        ),
        total_row=True,
    )


@pytest.mark.parametrize(
    ("change", "name", "error"),
    [
        ({"rows-0-DELETE": "on"}, "rows", ROWS_RULE),
        ({"rows-0-part_of": "paid"}, "rows", ROWS_RULE),
        ({"rows-0-key": "rent"}, "rows", "This key is there twice."),
        ({"rows-0-key": "1 ж"}, "rows", KEY_RULE),
        ({"rows-0-label": ""}, "rows", "Write it in at least one language."),
        ({"columns-2-sum_of": ["men"], "columns-0-kind": "text"}, "columns", COLUMNS_RULE),
        ({"columns-2-sum_of": ["men"], "columns-0-DELETE": "on"}, "columns", COLUMNS_RULE),
    ],
)
def test_rows_and_columns_that_do_not_hold_together_are_refused(draft, client, change, name, error):
    url = page("questionnaire_question", draft, "2.2")
    response = client.post(url, shown(client.get(url)) | change)
    assert response.status_code == 422
    assert [str(words) for _field, words in response.context["form"].list_errors][:1] == [error]
    assert stored(draft, "2.2").options == TABLE


@pytest.mark.parametrize(("code", "rows", "status"), [("2.2", 2, 302), ("2.2", 20, 422), ("2.9", 0, 422)])
def test_a_table_is_small_enough_to_fill_in(draft, client, code, rows, status):
    """Thirteen columns: too many for twenty given rows or for rows to add, not for two rows."""
    new = code == "2.9"
    url = page("questionnaire_question_new", draft, "2") if new else page("questionnaire_question", draft, code)
    data = shown(client.get(url)) | {"rows-TOTAL_FORMS": "24", "columns-TOTAL_FORMS": "16"}
    data |= {f"rows-{n}-label": f"Row {n}" for n in range(rows)}
    data |= {f"columns-{n}-label": f"Column {n}" for n in range(13)} | {
        f"columns-{n}-kind": "number" for n in range(16)
    }
    if new:
        data |= {"code": code, "kind": "open_table", "text": "Who?", "columns-INITIAL_FORMS": "0"}
    response = client.post(url, data)
    assert response.status_code == status
    if status == 422:
        assert response.context["form"].non_field_errors() == [
            "The table is too large to fill in: 12 columns at most with so many rows."
        ]


def test_a_published_code_keeps_its_kind(draft, client):
    url = page("questionnaire_question", draft, "1.1")
    assert "Version 1 asked it under this code as “a line of text”." in client.get(url).content.decode()
    data = shown(client.get(url)) | {"kind": "number", "code": "1.9", "text": "Full name"}
    assert client.post(url, data).status_code == 302
    assert stored(draft, "1.1") == replace(SECTIONS[0].questions[0], text={"en": "Full name", "ru": "Название"})


def test_the_code_of_a_removed_question_is_not_suggested(draft, client):
    client.post(page("questionnaire_question_remove", draft, "1.3"), {"revision": 1})
    assert shown(client.get(page("questionnaire_question_new", draft, "1")))["code"] == "1.4"


def test_a_removed_code_comes_back_only_for_the_same_question(draft, client):
    client.post(page("questionnaire_question_remove", draft, "1.1"), {"revision": 1})
    url = page("questionnaire_question_new", draft, "1")
    data = shown(client.get(url)) | {"code": "1.1", "text": "Address", "kind": "text"}
    other = client.post(url, data | {"kind": "number"})
    assert other.context["form"].errors == {
        "kind": ["In version 1 this code was “a line of text”; a code keeps its kind."]
    }
    asked = client.post(url, data)
    assert (asked.status_code, list(asked.context["form"].errors)) == (422, ["code"])
    assert 'name="returns"' in asked.content.decode()
    assert client.post(url, data | {"returns": "on"}).status_code == 302
    assert codes(draft) == ["1.1", "1.2", "1.3", "2.1", "2.2"]


def test_unknown_questions_and_sections_are_not_found(draft, client):
    for name, code in [("question", "9.9"), ("section", "9"), ("question_new", "9"), ("question_remove", "9.9")]:
        assert client.get(page(f"questionnaire_{name}", draft, code)).status_code == 404
