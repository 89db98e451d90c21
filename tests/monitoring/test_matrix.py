"""The matrix page: what each reader sees, filters, the window over a wide network, its cost."""

import gzip

import pytest
from django.urls import reverse

from monitoring.models import Comment
from tests.factories import make_centre, make_cycle, make_facilitator, make_unit, write_cell

pytestmark = pytest.mark.django_db


def matrix(client, cycle, **query):
    return client.get(reverse("monitoring:matrix", args=[cycle.code]), query)


def headers(response):
    """The centres across, in order."""
    return [column.centre.code for column in response.context["table"].columns]


def findings(response):
    return {cell.finding for row in response.context["table"].rows for cell in row.cells if cell and cell.finding}


def test_an_expert_sees_every_centre_and_the_numbers(client_of, cycle, expert):
    response = matrix(client_of(expert), cycle)
    assert headers(response) == ["alpha", "beta"]
    assert findings(response) == {"Secret of alpha.", "Secret of beta."}
    assert response.context["table"].counts == {"empty": 4, "submitted": 2}
    assert response.context["table"].concluded


def test_a_facilitator_sees_her_column_only(client_of, cycle, personas):
    response = matrix(client_of(personas.facilitator_alpha), cycle)
    assert headers(response) == ["alpha"]
    assert findings(response) == {"Secret of alpha."}
    assert response.context["table"].counts == {"empty": 2, "submitted": 1}
    assert not response.context["table"].concluded
    assert b"beta" not in response.content.lower().replace(b"alpha and beta", b"")


def test_a_facilitator_reads_the_conclusions_once_published(client_of, published, personas):
    assert matrix(client_of(personas.facilitator_alpha), published).context["table"].concluded


def test_a_donor_sees_nothing_before_and_everything_after_publication(client_of, cycle, personas, expert):
    client = client_of(personas.donor)
    assert matrix(client, cycle).status_code == 404
    for cell in cycle.cells.filter(state="submitted"):
        cell.accept(by=expert, version=cell.version)
    cycle.publish(by=expert)
    assert findings(matrix(client, cycle)) == {"Secret of alpha.", "Secret of beta."}
    cycle.reopen(by=expert, note="A number.")
    assert matrix(client, cycle).status_code == 404


@pytest.mark.parametrize(
    ("persona", "talk"),
    [("coordinator", [1, 1]), ("expert", [1, 1]), ("facilitator_alpha", [1]), ("donor", [0, 0])],
)
def test_the_talk_about_a_cell_is_marked_for_those_who_may_read_it(
    client_of, published, personas, expert, persona, talk
):
    for cell in published.cells.filter(aspect__number=1):
        Comment.objects.create(cell=cell, centre=cell.centre, author=expert, text="Between us.")
    response = matrix(client_of(getattr(personas, persona)), published)
    assert [cell.open_threads for cell in response.context["table"].rows[0].cells] == talk
    assert response.content.decode().count("1 open comment") == sum(talk)


def test_one_centre_and_one_aspect(client_of, cycle, expert):
    client = client_of(expert)
    assert headers(matrix(client, cycle, centre="beta")) == ["beta"]
    response = matrix(client, cycle, aspect="2")
    assert [row.aspect.number for row in response.context["table"].rows] == [2]
    assert headers(response) == ["alpha", "beta"]


def test_filters_by_kind_oblast_and_state(client_of, network, expert):
    here = make_unit("oblast", name="Here")
    there = make_unit("oblast", name="There")
    town = make_centre(network, code="town", kind="city", place=make_unit("city", parent=here))
    village = make_centre(network, code="village", place=make_unit("settlement", parent=there))
    cycle = make_cycle(network, [town, village])
    write_cell(cycle.cells.get(aspect__number=2, centre=village), expert, state="returned")
    client = client_of(expert)
    assert headers(matrix(client, cycle, kind="city")) == ["town"]
    assert headers(matrix(client, cycle, oblast=there.pk)) == ["village"]
    response = matrix(client, cycle, state="returned")
    assert headers(response) == ["village"]
    assert [row.aspect.number for row in response.context["table"].rows] == [2]


@pytest.mark.parametrize(
    "query", [{"centre": "nowhere"}, {"aspect": "99"}, {"state": "x"}, {"page": "x"}, {"oblast": "'"}]
)
def test_unknown_filters_are_ignored(client_of, cycle, expert, query):
    response = matrix(client_of(expert), cycle, **query)
    assert response.status_code == 200
    assert headers(response) == ["alpha", "beta"]


def test_nothing_fits(client_of, cycle, expert):
    assert "No cell fits these filters." in matrix(client_of(expert), cycle, state="accepted").content.decode()


def test_no_centre_yet(client_of, network, expert):
    assert "Choose centres" in matrix(client_of(expert), make_cycle(network)).content.decode()


def wide_cycle(network, centres):
    """A cycle whose cells all carry text of real length."""
    cycle = make_cycle(network, [make_centre(network, place=make_unit("settlement")) for _ in range(centres)])
    words = "Two of the nine computers have been out of order since March and nobody has been asked to mend them. "
    cycle.cells.update(finding=words * 4, perspective=words, state="draft", version=1)
    cycle.conclusions.update(text=words * 5)
    return cycle


@pytest.mark.parametrize("centres", [1, 7, 200])
def test_queries_do_not_depend_on_the_size(client_of, network, expert, centres, django_assert_num_queries):
    cycle = wide_cycle(network, centres)
    client = client_of(expert)
    with django_assert_num_queries(12):
        response = matrix(client, cycle)
    assert len(headers(response)) == min(centres, 12)


def test_a_wide_network_comes_in_windows_under_150_kb(client_of, network, expert):
    cycle = wide_cycle(network, 200)
    cycle.template.aspects.all()
    client = client_of(expert)
    response = matrix(client, cycle)
    assert len(gzip.compress(response.content)) < 150_000
    assert "Centres 1–12 of 200" in response.content.decode()
    seen = [code for page in range(1, 18) for code in headers(matrix(client, cycle, page=page))]
    assert seen == [row.centre.code for row in cycle.participations.select_related("centre")]


def test_a_facilitator_of_two_centres_sees_both(client_of, cycle, alpha, beta):
    user = make_facilitator(alpha)
    make_facilitator(beta, user=user)
    assert headers(matrix(client_of(user), cycle)) == ["alpha", "beta"]


def test_submit_all_and_accept_all_ask_once_and_record_steps(client_of, network, alpha, beta, expert):
    cycle = make_cycle(network, [alpha, beta])
    for cell in cycle.cells.filter(aspect__number__in=[1, 2]):
        write_cell(cell, expert)
    only_plans = cycle.cells.get(aspect__number=3, centre=alpha)
    only_plans.revise(by=expert, version=0, finding="", perspective="A plan without a finding.")
    client, url = client_of(expert), reverse("monitoring:steps", args=[cycle.code])
    assert "4 cells with a finding will be submitted" in client.post(url, {"to": "submitted"}).content.decode()
    assert cycle.cells.by_state() == {"draft": 5, "empty": 1}
    client.post(url, {"to": "submitted", "sure": "1"})
    assert cycle.cells.by_state() == {"draft": 1, "submitted": 4, "empty": 1}
    client.post(url, {"to": "accepted", "sure": "1"})
    assert cycle.cells.by_state() == {"draft": 1, "accepted": 4, "empty": 1}
    cell = cycle.cells.get(aspect__number=1, centre=beta)
    assert [(step.to_state, step.by) for step in cell.steps.all()] == [
        ("accepted", expert),
        ("submitted", expert),
        ("draft", expert),
    ]
    assert cell.version == 3
    assert client.post(url, {"to": "empty"}).status_code == 400


@pytest.mark.parametrize("to", ["submitted", "accepted"])
def test_the_language_switch_of_the_question_leads_to_the_matrix(client_of, cycle, expert, to):
    """The question itself is the answer to a POST: there is nothing to come back to."""
    response = client_of(expert).post(reverse("monitoring:steps", args=[cycle.code]), {"to": to})
    assert f'name="next" value="{cycle.get_absolute_url()}"' in response.content.decode()


def test_submit_all_leaves_returned_cells_that_nobody_has_mended(client_of, network, alpha, beta, expert):
    cycle = make_cycle(network, [alpha, beta])
    untouched, mended = cycle.cells.filter(aspect__number=1).order_by("pk")
    for cell in (untouched, mended):
        write_cell(cell, expert, state="returned")
    mended.revise(by=expert, version=mended.version, finding="Mended.")
    client_of(expert).post(reverse("monitoring:steps", args=[cycle.code]), {"to": "submitted", "sure": "1"})
    assert [cell.state for cell in cycle.cells.filter(aspect__number=1).order_by("pk")] == ["returned", "submitted"]


def test_a_published_matrix_shows_findings_not_the_work_on_them(client_of, published, personas):
    text = matrix(client_of(personas.donor), published).content.decode()
    assert "published on" in text
    assert 'class="state accepted"' not in text
