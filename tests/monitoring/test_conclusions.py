"""The network's column: text, the cells it rests on, recommendations with links; over HTTP and in the model."""

import pytest
from django.urls import reverse

from monitoring.models import Conclusion, EditConflict
from tests.factories import make_centre, make_coordinator, write_cell

pytestmark = pytest.mark.django_db


@pytest.fixture
def conclusion(cycle):
    return Conclusion.objects.get(cycle=cycle, aspect__number=1)


@pytest.fixture
def url(cycle):
    return reverse("monitoring:conclusion", args=[cycle.code, 1])


def form(version, text="Most plans are weak.", rests_on=(), see_also=(), recommendations=(), base=""):
    """The fields as a browser sends them; recommendations are (pk, text, see_also)."""
    data = {
        "version": version,
        "base": base,
        "text": text,
        "rests_on": rests_on,
        "see_also": see_also,
        "recommendations-TOTAL_FORMS": len(recommendations),
        "recommendations-INITIAL_FORMS": sum(bool(pk) for pk, _text, _links in recommendations),
    }
    for n, (pk, words, links) in enumerate(recommendations):
        data |= {
            f"recommendations-{n}-pk": pk or "",
            f"recommendations-{n}-text": words,
            f"recommendations-{n}-see_also": links,
        }
    return data


def stands(conclusion):
    return [
        (row.number, row.text, sorted(row.see_also.values_list("number", flat=True)))
        for row in conclusion.recommendations.order_by("number")
    ]


def test_saving_everything_at_once(client_of, cycle, conclusion, url, expert):
    cells = list(cycle.cells.filter(aspect__number=1))
    aspects = {aspect.number: aspect for aspect in cycle.template.aspects.all()}
    data = form(
        0,
        rests_on=[cell.pk for cell in cells],
        see_also=[aspects[3].pk],
        recommendations=[(None, "Write plans.", [aspects[2].pk]), (None, "", []), (None, "Meet.", [])],
    )
    assert client_of(expert).post(url, data).status_code == 302
    conclusion.refresh_from_db()
    assert (conclusion.text, conclusion.version, conclusion.updated_by) == ("Most plans are weak.", 1, expert)
    assert {*conclusion.rests_on.all()} == {*cells}
    assert [*conclusion.see_also.all()] == [aspects[3]]
    assert stands(conclusion) == [(1, "Write plans.", [2]), (2, "Meet.", [])]


def test_a_recommendation_keeps_its_identity_when_others_go_or_move(client_of, conclusion, url, expert):
    conclusion.revise(
        by=expert,
        version=0,
        text="x",
        rests_on=[],
        see_also=[],
        recommendations=[{"text": "First.", "see_also": []}, {"text": "Second.", "see_also": []}],
    )
    first, second = conclusion.recommendations.order_by("number")
    data = form(
        1, text="x", recommendations=[(first.pk, "", []), (second.pk, "Second, mended.", []), (None, "Third.", [])]
    )
    client_of(expert).post(url, data)
    assert stands(conclusion) == [(1, "Second, mended.", []), (2, "Third.", [])]
    assert conclusion.recommendations.get(number=1).pk == second.pk


def test_the_same_again_changes_nothing(conclusion, expert):
    words = {"text": "x", "rests_on": [], "see_also": [], "recommendations": [{"text": "Meet.", "see_also": []}]}
    assert conclusion.revise(by=expert, version=0, **words) is True
    words["recommendations"][0]["pk"] = conclusion.recommendations.get().pk
    assert conclusion.revise(by=expert, version=1, **words) is False
    assert conclusion.version == 1


def test_the_second_writer_sees_both_and_nothing_is_written(client_of, conclusion, url, expert, network):
    conclusion.revise(by=expert, version=0, text="Base.", rests_on=[], see_also=[], recommendations=[])
    other = make_coordinator(network)
    client_of(other).post(url, form(1, text="Theirs.", recommendations=[(None, "Their advice.", [])]))
    response = client_of(expert).post(url, form(1, text="Mine.", recommendations=[(None, "My advice.", [])]))
    assert response.status_code == 409
    page = response.content.decode()
    assert [part in page for part in ("Mine.", "Theirs.", "Base.", "My advice.", "Their advice.")] == [True] * 5
    assert response.context["form"]["version"].value() == 2
    assert stands(conclusion) == [(1, "Their advice.", [])]
    with pytest.raises(EditConflict):
        conclusion.revise(by=expert, version=1, text="Mine.", rests_on=[], see_also=[], recommendations=[])


def shown(response):
    """The fields of an answer as a browser would send them again."""
    fields, lines = response.context["form"], response.context["formset"]
    data = {name: fields[name].value() for name in ("version", "base", "text", "rests_on", "see_also")}
    rows = [(line["pk"].value(), line["text"].value() or "", line["see_also"].value() or []) for line in lines]
    return form(**data, recommendations=rows)


def test_what_the_second_writer_saves_again_holds_both(client_of, cycle, conclusion, url, expert, network):
    """Text, cells, links and recommendations: none of them changes without somebody's wish."""
    cells = list(cycle.cells.filter(aspect__number=1))
    second, third = cycle.template.aspects.filter(number__gt=1)
    advice = [{"text": words, "see_also": []} for words in ("Stays.", "Goes.", "Changes.")]
    conclusion.revise(by=expert, version=0, text="Base.", rests_on=[], see_also=[third], recommendations=advice)
    mine, theirs = client_of(expert), client_of(make_coordinator(network))
    page = shown(mine.get(url))
    stays, goes, changes = conclusion.recommendations.order_by("number")

    def sent(advice, **values):
        return form(version=1, base=page["base"], **values, recommendations=advice)

    kept = (stays.pk, "Stays.", [])
    their_advice = [kept, (goes.pk, "Goes.", []), (changes.pk, "Changed.", [third.pk]), (None, "Theirs.", [second.pk])]
    their_words = {"text": "Theirs.", "rests_on": [cells[0].pk], "see_also": [second.pk, third.pk]}
    assert theirs.post(url, sent(their_advice, **their_words)).status_code == 302
    my_advice = [kept, (goes.pk, "", []), (changes.pk, "Changes.", [second.pk]), (None, "Mine.", [])]
    my_words = {"text": "Base.", "rests_on": [cells[1].pk], "see_also": []}
    response = mine.post(url, sent(my_advice, **my_words))
    assert response.status_code == 409
    assert dict(response.context["versions"]) == {
        "Mine": {
            "text": "Base.",
            "rests_on": [str(cells[1].centre)],
            "see_also": [],
            "recommendations": [("Stays.", []), ("Changes.", [str(second)]), ("Mine.", [])],
        },
        "Theirs": {
            "text": "Theirs.",
            "rests_on": [str(cells[0].centre)],
            "see_also": [str(second), str(third)],
            "recommendations": [("Stays.", []), ("Goes.", []), ("Changed.", [str(third)]), ("Theirs.", [str(second)])],
        },
        "Base": {
            "text": "Base.",
            "rests_on": [],
            "see_also": [str(third)],
            "recommendations": [("Stays.", []), ("Goes.", []), ("Changes.", [])],
        },
    }
    again = shown(response)
    assert mine.post(url, again).status_code == 302
    conclusion.refresh_from_db()
    assert (conclusion.text, conclusion.version) == ("Theirs.", 3)
    assert {*conclusion.rests_on.all()} == {*cells}
    assert [*conclusion.see_also.all()] == [second]
    assert stands(conclusion) == [(1, "Stays.", []), (2, "Changed.", [2, 3]), (3, "Mine.", []), (4, "Theirs.", [2])]
    assert mine.post(url, again).status_code == 302
    assert conclusion.recommendations.count() == 4


@pytest.mark.parametrize("base", ["", "[" * 100_000, "{}"])
def test_without_a_readable_base_nothing_is_lost_either(client_of, cycle, conclusion, url, expert, network, base):
    alpha, beta = cycle.cells.filter(aspect__number=1)
    theirs = form(0, text="Theirs.", rests_on=[alpha.pk], recommendations=[(None, "Their advice.", [])])
    client_of(make_coordinator(network)).post(url, theirs)
    mine = form(0, text="Mine.", rests_on=[beta.pk], recommendations=[(None, "My advice.", [])]) | {"base": base}
    response = client_of(expert).post(url, mine)
    assert response.status_code == 409
    client_of(expert).post(url, shown(response))
    conclusion.refresh_from_db()
    assert (conclusion.text, {*conclusion.rests_on.all()}) == ("Mine.", {alpha, beta})
    assert stands(conclusion) == [(1, "My advice.", []), (2, "Their advice.", [])]


def test_a_resend_of_new_recommendations_is_recognised(client_of, conclusion, url, expert):
    data = form(0, recommendations=[(None, "Meet.", []), (None, "Plan.", [])])
    assert [client_of(expert).post(url, data).status_code for _ in range(2)] == [302, 302]
    conclusion.refresh_from_db()
    assert (conclusion.version, conclusion.recommendations.count()) == (1, 2)


def test_cells_of_another_aspect_or_cycle_cannot_carry_it(client_of, cycle, conclusion, url, expert):
    foreign = cycle.cells.get(aspect__number=2, centre__code="alpha")
    foreign.revise(by=expert, version=0, finding="About equipment.")
    assert client_of(expert).post(url, form(0, rests_on=[foreign.pk])).status_code == 422
    assert conclusion.rests_on.count() == 0


@pytest.mark.parametrize("bad", [{"version": "x"}, {"recommendations-TOTAL_FORMS": "x"}, {"text": "x" * 20_001}])
def test_wrong_input_changes_nothing(client_of, conclusion, url, expert, bad):
    assert client_of(expert).post(url, form(0) | bad).status_code == 422
    conclusion.refresh_from_db()
    assert conclusion.version == 0


def test_a_foreign_recommendation_is_not_taken_over(client_of, cycle, conclusion, url, expert):
    other = Conclusion.objects.get(cycle=cycle, aspect__number=2)
    other.revise(
        by=expert, version=0, text="x", rests_on=[], see_also=[], recommendations=[{"text": "Theirs.", "see_also": []}]
    )
    foreign = other.recommendations.get()
    client_of(expert).post(url, form(0, recommendations=[(foreign.pk, "Mine now.", [])]))
    foreign.refresh_from_db()
    assert (foreign.text, foreign.conclusion) == ("Theirs.", other)


def test_published_it_is_read_by_donors_and_facilitators(client_of, published, personas, url, expert):
    for persona in (personas.donor, personas.facilitator_alpha):
        response = client_of(persona).get(url)
        assert response.status_code == 200
        assert "Save the conclusion" not in response.content.decode()
        assert client_of(persona).post(url, form(0)).status_code == 403


def test_history_shows_changed_words(client_of, cycle, conclusion, expert):
    for version, text in enumerate(["Plans are weak.", "Plans are better."]):
        conclusion.revise(by=expert, version=version, text=text, rests_on=[], see_also=[], recommendations=[])
    page = client_of(expert).get(reverse("monitoring:conclusion_history", args=[cycle.code, 1])).content.decode()
    assert "Plans are <del>weak</del><ins>better</ins>." in page


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same(client_of, cycle, conclusion, url, expert, rows, django_assert_num_queries):
    """However many recommendations, written cells and links there are."""
    cycle.add_centres([make_centre(cycle.network) for _ in range(rows)])
    cells = list(cycle.cells.filter(aspect__number=1))
    for cell in cells:
        if cell.state == "empty":
            write_cell(cell, expert)
    advice = [{"text": f"Advice {n}", "see_also": []} for n in range(rows)]
    links = cycle.template.aspects.filter(number__gt=1)[: rows - 1]
    conclusion.revise(by=expert, version=0, text="x", rests_on=cells, see_also=links, recommendations=advice)
    client = client_of(expert)
    with django_assert_num_queries(15):
        client.get(url)


def test_history_shows_recommendations_that_were_removed(client_of, cycle, conclusion, expert):
    base = {"by": expert, "text": "x", "rests_on": [], "see_also": []}
    conclusion.revise(version=0, recommendations=[{"text": "Meet.", "see_also": []}], **base)
    conclusion.revise(version=1, recommendations=[], **base)
    page = client_of(expert).get(reverse("monitoring:conclusion_history", args=[cycle.code, 1])).content.decode()
    assert "<del>Meet.</del>" in page
