"""Pages of questionnaires: who reads and drafts them, every part of a draft, conflicts, publication, the map."""

import json
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from monitoring.instruments import Choice, Column, Document, Kind, Options, QuestionText, Row, SectionText
from monitoring.library import DOCUMENTS
from monitoring.models import Cycle, Question, Questionnaire, QuestionnaireRefused
from tests.factories import (
    make_answer,
    make_coordinator,
    make_cycle,
    make_expert,
    make_network,
    make_questionnaire,
    make_template,
)

pytestmark = pytest.mark.django_db
LIST = reverse("monitoring:questionnaires")
NEW = reverse("monitoring:questionnaire_new")
KEY_RULE = "A key begins with a Latin letter and goes on with small Latin letters, figures and underscores."
ROWS_RULE = "Choose a row that stays and is not part of another one."
COLUMNS_RULE = "Choose other columns of numbers that stay."
CHOICES = Options(choices=(Choice("good", {"en": "Good"}, "strong"), Choice("bad", {"en": "Bad"})))
TABLE = Options(
    rows=(Row("paid", {"en": "Paid"}), Row("rent", {"en": "Rent"}, part_of="paid")),
    columns=(Column("men", {"en": "Men"}), Column("women", {"en": "Women"}), Column("all", {"en": "All"})),
)
SECTIONS = (
    SectionText(
        "1",
        {"en": "The centre", "ru": "Центр"},
        questions=(
            QuestionText("1.1", Kind.TEXT, {"en": "Name", "ru": "Название"}, required=True),
            QuestionText("1.2", Kind.GRADE, {"en": "Is there a plan?"}, aspects=("plan",)),
            QuestionText("1.3", Kind.LONG_TEXT, {"en": "Why not?"}, depends_on="1.2", depends_values=("no",)),
        ),
    ),
    SectionText(
        "2",
        {"en": "Lessons"},
        questions=(
            QuestionText("2.1", Kind.CHOICE, {"en": "How good?"}, options=CHOICES),
            QuestionText("2.2", Kind.FIXED_TABLE, {"en": "Who pays?"}, options=TABLE),
        ),
    ),
)


def page(name, questionnaire, *args):
    return reverse(f"monitoring:{name}", args=[questionnaire.pk, *args])


def shown(response):
    """What the page's form would send if nothing were changed."""
    form = response.context["form"]
    fields = [*form]
    for rows in getattr(form, "lists", {}).values():
        fields += [*rows.management_form, *(field for row in rows for field in row if field.name != "DELETE")]
    values = {field.html_name: field.value() for field in fields}
    return {name: value for name, value in values.items() if value not in (None, False, [])}


def codes(questionnaire):
    return list(questionnaire.questions.order_by("position").values_list("code", flat=True))


def stored(questionnaire, code):
    fresh = Questionnaire.objects.get(pk=questionnaire.pk).document()
    return next((question for question in fresh.questions if question.code == code), None)


@pytest.fixture
def first(network):
    return make_questionnaire(network, sections=SECTIONS)


@pytest.fixture
def draft(first):
    return first.next_version()


@pytest.fixture
def client(coordinator, client_of):
    return client_of(coordinator)


# --- Who ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("persona", "statuses"),
    [
        ("coordinator", [200, 200, 200, 200, 200, 200, 200, 200]),
        ("expert", [200, 403, 200, 200, 200, 403, 403, 403]),
        ("facilitator_alpha", [403, 403, 404, 404, 404, 404, 404, 404]),
        ("donor", [403, 403, 404, 404, 404, 404, 404, 404]),
        ("outsider", [200, 200, 404, 404, 404, 404, 404, 404]),
        ("anonymous", [302] * 8),
    ],
)
def test_who_opens_which_page(draft, personas, client_of, persona, statuses):
    client = client_of(getattr(personas, persona))
    names = ["questionnaire", "questionnaire_changes", "questionnaire_map", "questionnaire_edit"]
    names += ["questionnaire_publish", "questionnaire_discard"]
    urls = [LIST, NEW, *(page(name, draft) for name in names)]
    assert [client.get(url).status_code for url in urls] == statuses


@pytest.mark.parametrize("name", ["edit", "publish", "discard", "map", "next"])
@pytest.mark.parametrize(("persona", "status"), [("expert", 403), ("facilitator_alpha", 404), ("outsider", 404)])
def test_only_coordinators_write(draft, personas, client_of, persona, status, name):
    before = draft.document()
    response = client_of(getattr(personas, persona)).post(
        page(f"questionnaire_{name}", draft), {"revision": 1, "title": "Mine", "base": "{}"}
    )
    assert response.status_code == status
    assert Questionnaire.objects.get(pk=draft.pk, published_at=None).document() == before


def test_a_published_version_is_not_edited(first, client):
    for name in ("edit", "discard"):
        assert client.post(page(f"questionnaire_{name}", first), {"revision": 1, "title": "Mine"}).status_code == 403
    assert client.get(page("questionnaire_question", first, "1.1")).status_code == 403
    assert client.get(page("questionnaire_publish", first)).url == page("questionnaire", first)


# --- List and reading -----------------------------------------------------------------------------------------------


def test_the_list_holds_each_instrument_with_its_versions_and_cycles(first, draft, network, alpha, client):
    other = make_questionnaire(network, key="another")
    make_questionnaire(make_network())
    cycle = make_cycle(network, [alpha], questionnaire=first)
    by_network = client.get(LIST).context["by_network"]
    assert [
        (its, [[(row, list(row.cycles.all())) for row in versions] for versions in rows]) for its, rows in by_network
    ] == [(network, [[(other, [])], [(draft, []), (first, [cycle])]])]


def test_an_empty_list_says_what_to_do(network, client, client_of):
    assert f'href="{NEW}?network={network.code}"' in client.get(LIST).content.decode()
    html = client_of(make_expert(network)).get(LIST).content.decode()
    assert "A coordinator of the network begins it" in html
    assert NEW not in html


def test_a_version_is_read_whole_in_a_chosen_language(first, client):
    html = client.get(page("questionnaire", first), {"language": "ru"}).content.decode()
    assert '<span class="" lang="ru">Название</span>' in html
    assert (
        html.count('<span class="untranslated">not translated</span>') == 13
    )  # all but 1 and 1.1, with answers, rows and columns
    assert 'Asked only after <a href="#at-1.2">1.2: No</a>' in html
    assert "part of Paid" in html
    english = client.get(page("questionnaire", first), {"language": "xx"}).content.decode()
    assert "untranslated" not in english


def test_it_says_which_cycles_use_it_and_which_step_comes_next(first, network, alpha, client, client_of):
    cycle = make_cycle(network, [alpha], questionnaire=first)
    html = client.get(page("questionnaire", first)).content.decode()
    assert reverse("monitoring:cycle", args=[cycle.code]) in html
    assert page("questionnaire_next", first) in html
    draft = first.next_version()
    html = client.get(page("questionnaire", first)).content.decode()
    assert page("questionnaire_next", first) not in html
    assert page("questionnaire", draft) in html
    html = client_of(make_expert(network)).get(page("questionnaire", draft)).content.decode()
    assert page("questionnaire_edit", draft) not in html
    assert page("questionnaire_map", draft) in html


def test_the_next_version_is_made_from_the_latest(first, draft, client):
    draft.edit(lambda document: replace(document, title={"en": "Second"}), revision=1)
    draft.publish()
    response = client.post(page("questionnaire_next", first))
    third = Questionnaire.objects.get(version=3)
    assert (response.url, third.title) == (page("questionnaire_edit", third), "Second")
    assert client.post(page("questionnaire_next", first)).url == response.url
    assert Questionnaire.objects.count() == 3


# --- A new one ------------------------------------------------------------------------------------------------------


def test_it_begins_with_one_of_the_library(network, client):
    offered = client.get(NEW)
    assert [row.key for row in offered.context["form"].offers] == ["annex-1", "four-areas"]
    assert ("39 questions" in offered.text, "42 questions" in offered.text) == (True, False)
    response = client.post(NEW, {"begin": "annex-1"})
    draft = Questionnaire.objects.get()
    assert response.url == page("questionnaire_edit", draft)
    assert (draft.network, draft.version, draft.is_published) == (network, 1, False)
    assert [row.code for row in draft.document().questions] == [row.code for row in DOCUMENTS["annex-1"].questions]
    assert [row.key for row in client.get(NEW).context["form"].offers] == ["four-areas"]
    assert client.post(NEW, {"begin": "annex-1"}).status_code == 422
    assert Questionnaire.objects.count() == 1


def test_it_begins_empty_with_a_title_in_any_language(network, client):
    assert client.post(NEW, {"begin": "empty"}).status_code == 422
    for title in ({"title": "Annex 1"}, {"title": "Annex 1"}, {"title_kk": "Сауалнама"}):
        client.post(NEW, {"begin": "empty", **title})
    made = Questionnaire.objects.order_by("pk")
    assert [(row.key, row.title, row.title_kk) for row in made] == [
        ("annex-1-2", "Annex 1", None),  # the library's own key stays free
        ("annex-1-3", "Annex 1", None),
        ("questionnaire", "Сауалнама", "Сауалнама"),
    ]


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


# --- The map --------------------------------------------------------------------------------------------------------


@pytest.fixture
def template(network):
    return make_template(network, aspects=("Plan", "Rooms"))


def test_the_map_is_changed_after_publication_too(first, template, client):
    url = page("questionnaire_map", first)
    response = client.get(url)
    assert response.context["columns"] == [("plan", "1 Plan"), ("rooms", "2 Rooms")]
    data = {"base": response.context["base"], "pairs": ["2.1 rooms", "1.1 plan", "9.9 rooms", "1.1 nothing", "junk"]}
    for _time in range(2):
        assert client.post(url, data).url == url
    assert first.map() == {"2.1 rooms", "1.1 plan"}


def test_the_maps_columns_are_those_of_the_cycles_that_use_it(first, template, network, alpha, client):
    make_cycle(network, [alpha], template=template, questionnaire=first)
    make_template(network, aspects=("Other",))
    assert client.get(page("questionnaire_map", first)).context["columns"] == [("plan", "1 Plan"), ("rooms", "2 Rooms")]
    fresh = make_questionnaire(network, key="fresh")
    assert client.get(page("questionnaire_map", fresh)).context["columns"] == [("other", "1 Other"), ("plan", "plan")]


def test_what_two_people_tick_is_kept_of_both(first, template, network, client, client_of):
    url = page("questionnaire_map", first)
    base = client.get(url).context["base"]
    client_of(make_coordinator(network)).post(url, {"base": base, "pairs": ["2.1 rooms"]})
    response = client.post(url, {"base": base, "pairs": ["1.2 plan", "2.2 rooms"]})
    assert response.status_code == 409
    assert response.context["theirs"] == [("1.2", "1 Plan", False), ("2.1", "2 Rooms", True)]
    assert first.map() == {"2.1 rooms"}
    ticked = [
        value for _section, rows in response.context["rows"] for _row, cells in rows for value, _t, on in cells if on
    ]
    assert ticked == ["2.1 rooms", "2.2 rooms"]
    assert client.post(url, {"base": response.context["base"], "pairs": ticked}).status_code == 302
    assert first.map() == {"2.1 rooms", "2.2 rooms"}


def test_the_map_of_a_draft_counts_as_a_save(draft, template, client):
    question = page("questionnaire_question", draft, "2.1")
    data = shown(client.get(question)) | {"text": "Mine"}
    client.post(page("questionnaire_map", draft), {"base": json.dumps({"pairs": ["1.2 plan"]}), "pairs": ["2.1 rooms"]})
    assert Questionnaire.objects.get(pk=draft.pk).revision == 2
    response = client.post(question, data)
    assert response.status_code == 409
    assert draft.map() == {"2.1 rooms"}


def test_the_map_is_fixed_once_a_published_cycle_compares_with_it(first, template, network, alpha, expert, client):
    cycle = make_cycle(network, [alpha], template=template, questionnaire=first)
    type(cycle).objects.filter(pk=cycle.pk).update(state="published", published_at="2005-07-01T00:00Z")
    url = page("questionnaire_map", first)
    html = client.get(url).content.decode()
    assert "so the map stays as it is" in html
    assert 'name="pairs"' not in html
    assert client.post(url, {"base": '{"pairs": ["1.2 plan"]}', "pairs": []}).status_code == 403
    assert first.map() == {"1.2 plan"}


# --- A cycle's questionnaire ----------------------------------------------------------------------------------------


def cycle_form(client, cycle):
    response = client.get(reverse("monitoring:edit", args=[cycle.code]))
    form = response.context["form"]
    values = {field.html_name: field.value() for field in form if field.name not in ("centres", "projects")}
    values["base"] = form["base"].value()
    return form, {name: "" if value is None else value for name, value in values.items()}


def test_a_cycle_gets_its_questionnaire_and_a_day(first, draft, network, alpha, client):
    cycle = make_cycle(network, [alpha])
    other = make_questionnaire(network, key="other")
    make_questionnaire(make_network())
    form, data = cycle_form(client, cycle)
    assert list(form.fields["questionnaire"].queryset) == [other, first]
    url = reverse("monitoring:edit", args=[cycle.code])
    data |= {"centres": [alpha.pk], f"column-{alpha.pk}": "1"}
    early = client.post(url, data | {"questionnaire": first.pk, "self_assessment_due": "2004-12-31"})
    assert early.context["form"].errors == {
        "self_assessment_due": ["Self-assessments are due before the period starts."]
    }
    bare = client.post(url, data | {"self_assessment_due": "2005-05-31"})
    assert bare.context["form"].errors == {"questionnaire": ["Choose the questionnaire that is due on that day."]}
    assert client.post(url, data | {"questionnaire": draft.pk}).status_code == 422
    sent = client.post(url, data | {"questionnaire": first.pk, "self_assessment_due": "2005-05-31"})
    assert sent.status_code == 302
    assert [row.questionnaire for row in cycle.self_assessments.all()] == [first]
    html = client.get(reverse("monitoring:cycle", args=[cycle.code])).content.decode()
    assert first.get_absolute_url() in html
    assert "due on 31 May 2005" in html


def test_the_questionnaire_stays_once_a_centre_has_begun(first, network, alpha, client, client_of, personas):
    cycle = make_cycle(network, [alpha], questionnaire=first)
    make_answer(cycle.self_assessments.get(), "1.1", {"text": "Alpha"})
    form, data = cycle_form(client, cycle)
    assert "questionnaire" not in form.fields
    data |= {"centres": [alpha.pk], f"column-{alpha.pk}": "1", "questionnaire": "", "self_assessment_due": "2005-06-01"}
    assert client.post(reverse("monitoring:edit", args=[cycle.code]), data).status_code == 302
    cycle.refresh_from_db()
    assert (cycle.questionnaire, str(cycle.self_assessment_due)) == (first, "2005-06-01")
    html = client_of(personas.facilitator_alpha).get(reverse("monitoring:cycle", args=[cycle.code])).content.decode()
    assert "Self-assessment" in html
    assert first.get_absolute_url() not in html


def test_a_donor_hears_nothing_of_the_questionnaire(first, network, alpha, project, client_of, personas):
    cycle = make_cycle(network, [alpha], projects=[project], questionnaire=first)
    Cycle.objects.filter(pk=cycle.pk).update(state="published", published_at="2005-07-01T00:00Z")
    response = client_of(personas.donor).get(reverse("monitoring:cycle", args=[cycle.code]))
    assert response.status_code == 200
    assert "elf-assessment" not in response.content.decode()


# --- Queries --------------------------------------------------------------------------------------------------------


def queries(client, url):
    with CaptureQueriesContext(connection) as found:
        assert client.get(url).status_code == 200
    return len(found)


def many(network, count):
    """A draft after a published version, with so many questions in three sections."""
    key = f"with-{count}"
    sections = tuple(
        SectionText(
            str(part), {"en": f"Part {part}"},
            questions=tuple(
                QuestionText(f"{part}.{n + 1}", Kind.GRADE, {"en": "?"}, aspects=("plan",)) for n in range(count // 3)
            ),
        )
        for part in (1, 2, 3)
    )  # fmt: skip
    return make_questionnaire(network, sections=sections, key=key).next_version()


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("questionnaire", []),
        ("questionnaire_changes", []),
        ("questionnaire_map", []),
        ("questionnaire_edit", []),
        ("questionnaire_publish", []),
        ("questionnaire_discard", []),
        ("questionnaire_question", ["2.1"]),
        ("questionnaire_question_new", ["2"]),
        ("questionnaire_section", ["2"]),
        ("questionnaire_question_remove", ["2.1"]),
    ],
)
def test_three_and_sixty_questions_take_the_same_queries(network, template, client, name, args):
    counts = [queries(client, page(name, many(network, count), *args)) for count in (3, 60)]
    assert counts[0] == counts[1]


def test_one_and_three_versions_take_the_same_queries(network, alpha, client):
    version = make_questionnaire(network)
    make_cycle(network, [alpha], questionnaire=version)
    lists, pages = [queries(client, LIST)], []
    for _n in range(3):
        version = version.next_version()
        version.publish()
        lists.append(queries(client, LIST))
        pages.append(queries(client, page("questionnaire", version)))
    assert lists == [6] * 4  # session, person, memberships, networks, questionnaires, cycles
    assert pages == [pages[0]] * 3
