"""Who reads and who writes questionnaires; the list, one version, a new one; queries that do not grow."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from monitoring.instruments import Kind, QuestionText, SectionText
from monitoring.library import DOCUMENTS
from monitoring.models import Questionnaire

from ...factories import (
    make_cycle,
    make_expert,
    make_network,
    make_questionnaire,
)
from .pages import LIST, NEW, page

pytestmark = pytest.mark.django_db


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
