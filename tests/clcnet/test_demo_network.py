"""What manage.py demo writes: the network, its matrix and conversations. The tests only read."""

from collections import Counter
from datetime import date

import pytest

from centres.models import AdminUnit, Centre, Network, Post, Project
from clcnet.demo import matrix_2005, network
from monitoring.models import Cell, CellStep, Comment, Conclusion, Cycle, Recommendation

CODES = [centre.code for centre in network.CENTRES]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


def test_the_demo_holds_what_its_data_say():
    assert [str(row) for row in Network.objects.all()] == ["CLC Kazakhstan"]
    cycle = Cycle.objects.get()
    assert list(cycle.participations.values_list("centre__code", flat=True)) == CODES
    assert list(cycle.projects.values_list("code", flat=True)) == ["clc-2002-2005"]
    assert cycle.template.published_at is not None
    assert [(row.number, row.key, row.title_ru) for row in cycle.template.aspects.all()] == [
        (row.number, row.key, row.title.ru) for row in matrix_2005.ASPECTS
    ]
    cells = {(cell.aspect.number, cell.centre.code): cell for cell in Cell.objects.select_related("aspect", "centre")}
    assert {key: (cell.level, cell.finding, cell.perspective, cell.state) for key, cell in cells.items()} == {
        (number, centre): (text.level, text.finding, text.perspective, matrix_2005.state_of(number, centre))
        for number, row in matrix_2005.CELLS.items()
        for centre, text in row.items()
    }
    project = Project.objects.get()
    assert set(project.centres.values_list("code", flat=True)) == set(CODES)
    assert project.partners.count() == len(network.PROJECTS[0].organisations)
    assert len(project.expected_results_kk.splitlines()) == 3


def test_conclusions_keep_their_links():
    for conclusion in Conclusion.objects.select_related("aspect"):
        told = matrix_2005.CONCLUSIONS[conclusion.aspect.number]
        assert conclusion.text == told.text
        assert {(cell.aspect_id, cell.centre.code) for cell in conclusion.rests_on.select_related("centre")} == {
            (conclusion.aspect_id, centre) for centre in told.rests_on
        }
        assert tuple(conclusion.see_also.values_list("number", flat=True)) == told.see_also
        assert [
            (row.number, row.text, tuple(row.see_also.values_list("number", flat=True)))
            for row in conclusion.recommendations.order_by("number")
        ] == [(number, row.text, row.see_also) for number, row in enumerate(told.recommendations, start=1)]
    assert Recommendation.objects.count() == 10


def test_the_expert_wrote_and_the_coordinator_reviewed():
    steps = CellStep.objects.values_list("from_state", "to_state", "by__username")
    assert Counter(steps) == {
        ("empty", "draft", "expert"): 84,
        ("draft", "submitted", "expert"): 80,
        ("submitted", "accepted", "coordinator"): 68,
        ("submitted", "returned", "coordinator"): 4,
    }
    reasons = CellStep.objects.exclude(note="").values_list("cell__aspect__number", "centre__code", "note")
    assert {(number, centre): note for number, centre, note in reasons} == matrix_2005.RETURNED
    accepted = Cell.objects.filter(state="accepted").first()
    assert list(accepted.events.order_by("pgh_id").values_list("version", "state", "updated_by__username")) == [
        (0, "empty", None),
        (1, "draft", "expert"),
        (2, "submitted", "expert"),
        (3, "accepted", "coordinator"),
    ]
    assert accepted.events.get(version=3).pgh_context.metadata["command"] == "demo"


def test_comments_with_their_answers():
    threads = {}
    for first in Comment.objects.filter(parent__isnull=True).select_related("cell__aspect", "cell__centre"):
        place = (first.cell.aspect.number, first.cell.centre.code)
        words = [(remark.author.username, remark.text) for remark in [first, *first.replies.order_by("created_at")]]
        threads[place] = (words, getattr(first.resolved_by, "username", ""))
    assert threads == {
        place: ([(remark.author, remark.text) for remark in [thread, *thread.replies]], thread.resolved_by)
        for place, [thread] in matrix_2005.COMMENTS.items()
    }
    assert set(Comment.objects.values_list("centre__code", "cell__centre__code")) == {
        (centre, centre) for _number, centre in matrix_2005.COMMENTS
    }


def test_places_and_posts_have_their_dates():
    def oblasts(day):
        places = AdminUnit.objects.places(day)
        return {centre.code: str(places[centre.place_id].oblast) for centre in Centre.objects.all()}

    of_2005 = {
        "sortobe": "Zhambyl oblast",
        "nogaibai": "Zhambyl oblast",
        "kordai": "Zhambyl oblast",
        "karabulak": "Almaty oblast",
        "amanbokter": "Almaty oblast",
        "taraz": "Zhambyl oblast",
        "karaganda": "Karaganda oblast",
    }
    assert oblasts(date(2005, 6, 30)) == oblasts(date(2022, 6, 7)) == of_2005
    assert oblasts(date(2022, 6, 8)) == of_2005 | {"karabulak": "Zhetisu oblast", "amanbokter": "Zhetisu oblast"}
    nogaibai = Post.objects.filter(centre__code="nogaibai", kind="facilitator").order_by("from_date")
    assert list(nogaibai.values_list("from_date", "until_date")) == [
        (date(2003, 10, 6), date(2005, 2, 28)),
        (date(2005, 6, 1), None),
    ]


def test_each_centres_entry():
    for told in network.CENTRES:
        centre = Centre.objects.get(code=told.code)
        assert (centre.name_en, centre.name_ru, centre.name_kk) == (told.name.en, told.name.ru, told.name.kk)
        assert (centre.host, centre.host_name_kk) == (told.host_kind, told.host.kk)
        assert (centre.kind, centre.opened, centre.place.name) == (told.kind, told.opened, told.name.en)
        assert (centre.address, centre.phone, centre.email) == (told.address, told.phone, told.email)
        assert {alias.name for alias in centre.aliases.all()} == set(told.aliases)
        assert centre.doubts == {}
    assert dict(Centre.objects.values_list("code", "legal_status")) == dict.fromkeys(CODES, "unknown") | {
        "kordai": "none",
        "taraz": "registered",
        "karaganda": "none",
    }
