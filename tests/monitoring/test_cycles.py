"""Cycles: who sees which, making and editing one, its centres, publication and reopening."""

from datetime import date
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.urls import reverse

from centres.models import Network
from monitoring.forms.order import in_order
from monitoring.models import Cycle, CycleFrozen, CycleStep, StepRefused
from tests.factories import (
    make_centre,
    make_cycle,
    make_donor,
    make_expert,
    make_facilitator,
    make_member,
    make_network,
    make_project,
    make_questionnaire,
    make_template,
    make_unit,
    write_cell,
)

pytestmark = pytest.mark.django_db
LIST = reverse("monitoring:cycles")
NEW = reverse("monitoring:new")


def page(name, cycle="2005"):
    return reverse(f"monitoring:{name}", args=[cycle])


def entry(template, centres, **changes):
    """What a filled-in form sends."""
    return {
        "title": "Monitoring 2006",
        "title_ru": "",
        "title_kk": "",
        "code": "2006",
        "template": template.pk,
        "period_start": "2006-01-01",
        "period_end": "2006-06-30",
        "centres": [centre.pk for centre in centres],
        **changes,
    }


def shown(response):
    """What the page's form would send if nothing were changed."""
    form = response.context["form"]
    data = {name: form[name].value() for name in form.fields}
    data = {name: value.isoformat() if isinstance(value, date) else value for name, value in data.items()}
    data = {
        name: [getattr(v, "pk", v) for v in value] if isinstance(value, list) else value for name, value in data.items()
    }
    data["base"] = form["base"].value()
    columns = {f"column-{choice.centre.pk}": choice.column for _oblast, choices in form.groups for choice in choices}
    return {name: "" if value is None else value for name, value in (data | columns).items()}


# --- The list -------------------------------------------------------------------------------------------------------


def test_the_list_says_in_words_how_far_each_cycle_is(cycle, expert, client_of):
    write_cell(cycle.cells.get(centre__code="alpha", aspect__number=2), expert, state="accepted")
    write_cell(cycle.cells.get(centre__code="beta", aspect__number=2), expert, state="returned")
    html = client_of(expert).get(LIST).content.decode()
    assert "1 of 6 accepted, 1 returned, 2 submitted, 2 to write" in html
    assert page("matrix") in html


def test_a_facilitator_counts_the_cells_of_her_own_centre_only(cycle, personas, client_of):
    html = client_of(personas.facilitator_alpha).get(LIST).content.decode()
    assert "0 of 3 accepted, 1 submitted, 2 to write" in html


@pytest.mark.parametrize(
    ("persona", "listed"),
    [
        ("coordinator", ["2005"]),
        ("expert", ["2005"]),
        ("facilitator_alpha", ["2005"]),
        ("donor", []),
        ("outsider", []),
    ],
)
def test_who_sees_an_open_cycle(cycle, personas, client_of, persona, listed):
    response = client_of(getattr(personas, persona)).get(LIST)
    assert [row.code for row in response.context["cycles"]] == listed


def test_a_donor_sees_a_published_cycle_with_all_its_cells(published, personas, client_of):
    response = client_of(personas.donor).get(LIST)
    assert "2 of 6 accepted, 4 to write" in response.content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_takes_the_same_queries_for_one_and_three_rows(
    network, alpha, expert, client_of, django_assert_num_queries, number
):
    template = make_template(network)
    for _n in range(number):
        make_cycle(network, [alpha], template=template)
    client = client_of(expert)
    with django_assert_num_queries(4):  # session, person, memberships, cycles
        assert len(client.get(LIST).context["cycles"]) == number


@pytest.mark.parametrize(
    ("persona", "words", "may_open"),
    [
        ("expert", "No cycle yet.", True),
        ("facilitator", "Your centre takes part in no cycle yet.", False),
        ("donor", "Nothing is published yet.", False),
        ("nobody", "You have no role in a network at present.", False),
    ],
)
def test_an_empty_list_says_what_will_be_here(network, client_of, persona, words, may_open):
    centre = make_centre(network)
    person = {
        "expert": lambda: make_expert(network),
        "facilitator": lambda: make_facilitator(centre),
        "donor": lambda: make_donor(make_project(network)),
        "nobody": lambda: make_member("expert", network=network, until_date=date(2004, 1, 1)),
    }[persona]()
    html = client_of(person).get(LIST).content.decode()
    assert words in html
    assert (NEW in html) == may_open


# --- One cycle's page -----------------------------------------------------------------------------------------------


def test_staff_read_who_published_and_why_it_was_reopened(published, expert, client_of):
    published.reopen(by=expert, note="A wrong number at Alpha.")
    response = client_of(expert).get(page("cycle"))
    assert [(step.to_state, step.by) for step in response.context["steps"]] == [("open", expert), ("published", expert)]
    assert "A wrong number at Alpha." in response.content.decode()


@pytest.mark.parametrize("persona", ["donor", "facilitator_alpha"])
def test_others_do_not_read_who_did_what(published, expert, coordinator, personas, client_of, persona):
    published.reopen(by=coordinator, note="A wrong number at Alpha.")
    published.publish(by=coordinator)
    response = client_of(getattr(personas, persona)).get(page("cycle"))
    html = response.content.decode()
    assert list(response.context["steps"]) == []
    assert "A wrong number" not in html
    assert coordinator.name not in html
    assert expert.name not in html


def test_a_donor_sees_her_own_projects_and_all_centres(network, alpha, published, personas, client_of):
    other = make_project(network, [alpha], code="other", title="Somebody else's project")
    published.projects.add(other)
    response = client_of(personas.donor).get(page("cycle"))
    assert [project.code for project in response.context["projects"]] == ["school-door"]
    assert [centre.code for centre in response.context["centres"]] == ["alpha", "beta"]
    assert "Somebody else" not in response.content.decode()


@pytest.mark.parametrize("state", ["cycle", "published"])
def test_a_facilitator_sees_her_own_centre(request, personas, client_of, state):
    request.getfixturevalue(state)
    response = client_of(personas.facilitator_alpha).get(page("cycle"))
    assert [centre.code for centre in response.context["centres"]] == ["alpha"]
    assert response.context["sees_all"] is False


@pytest.mark.parametrize("name", ["cycle", "edit", "publish", "reopen"])
@pytest.mark.parametrize(
    ("persona", "status"),
    [
        ("coordinator", 200),
        ("expert", 200),
        ("facilitator_alpha", 403),
        ("donor", 404),
        ("outsider", 404),
        ("anonymous", 302),
    ],
)
def test_who_opens_which_page_of_an_open_cycle(cycle, personas, client_of, name, persona, status):
    if name == "cycle" and persona == "facilitator_alpha":
        status = 200
    assert client_of(getattr(personas, persona)).get(page(name)).status_code == status


@pytest.mark.parametrize("name", ["edit", "publish", "reopen"])
def test_a_donor_only_reads_a_published_cycle(published, personas, client_of, name):
    client = client_of(personas.donor)
    assert client.get(page(name)).status_code == 403
    assert client.post(page(name), {"note": "Mine."}).status_code == 403
    assert Cycle.objects.get(pk=published.pk).is_published


def test_the_buttons_are_for_those_who_may(cycle, personas, client_of):
    def links(person):
        html = client_of(person).get(page("cycle")).content.decode()
        return [name for name in ("matrix", "import", "edit", "publish", "reopen") if f'href="{page(name)}"' in html]

    assert links(personas.expert) == ["matrix", "import", "edit", "publish"]
    assert links(personas.facilitator_alpha) == ["matrix"]


# --- Making one -----------------------------------------------------------------------------------------------------


@pytest.fixture
def template(network):
    return make_template(network)


def test_an_expert_opens_a_cycle_with_every_cell_to_write(network, alpha, beta, template, project, expert, client_of):
    data = entry(template, [alpha, beta], projects=[project.pk], visits_start="2006-06-01", visits_end="2006-06-09")
    response = client_of(expert).post(NEW, data)
    assert response.url == page("cycle", "2006")
    cycle = Cycle.objects.get(code="2006")
    assert (cycle.network, cycle.title, cycle.template) == (network, "Monitoring 2006", template)
    assert (cycle.period_end, cycle.visits_start) == (date(2006, 6, 30), date(2006, 6, 1))
    assert list(cycle.projects.all()) == [project]
    assert cycle.cells.by_state() == {"empty": 6}
    assert cycle.conclusions.count() == 3


def test_the_form_suggests_code_template_and_open_centres(network, alpha, beta, template, coordinator, client_of):
    newest = make_template(network)
    make_template(network, published=False)
    closed = make_centre(network, closed=date(2010, 1, 1))
    response = client_of(coordinator).get(NEW)
    form = response.context["form"]
    assert form["code"].value() == str(date.today().year)
    assert form["template"].value() == newest.pk
    choices = {choice.centre: choice.chosen for _oblast, choices in form.groups for choice in choices}
    assert choices == {alpha: True, beta: True, closed: False}
    assert [row.version for row in form.fields["template"].queryset] == [newest.version, template.version]


def test_the_centres_stand_by_oblast_and_so_do_the_columns(network, template, expert, client_of):
    zhambyl = make_unit("oblast", name="Zhambyl oblast")
    almaty = make_unit("oblast", name="Almaty oblast")
    first = make_centre(network, code="a", name="A", place=make_unit(parent=zhambyl))
    second = make_centre(network, code="z", name="Z", place=make_unit(parent=almaty))
    nowhere = make_centre(network, code="b", name="B")
    client = client_of(expert)
    groups = [(oblast, [c.centre for c in choices]) for oblast, choices in client.get(NEW).context["form"].groups]
    assert groups == [("Almaty oblast", [second]), ("Zhambyl oblast", [first]), ("", [nowhere])]
    client.post(NEW, entry(template, [first, nowhere, second]))
    cycle = Cycle.objects.get(code="2006")
    assert list(cycle.participations.order_by("position").values_list("centre__code", "position")) == [
        ("z", 1),
        ("a", 2),
        ("b", 3),
    ]


def test_one_language_is_enough_and_the_others_read_it(template, alpha, expert, client_of):
    client = client_of(expert)
    client.post(NEW, entry(template, [alpha], title="", title_ru="Мониторинг 2006", methods_kk="Сауалнама"))
    cycle = Cycle.objects.get(code="2006")
    assert (cycle.title, cycle.title_ru, cycle.title_kk) == ("Мониторинг 2006", "Мониторинг 2006", None)
    assert (cycle.methods, cycle.methods_ru, cycle.i18n["methods_kk"]) == ("Сауалнама", None, "Сауалнама")
    form = client.get(page("edit", "2006")).context["form"]
    assert (form["title"].value(), form["title_ru"].value()) == ("", "Мониторинг 2006")


def test_without_a_title_nothing_is_stored_and_nothing_is_lost(template, alpha, expert, client_of):
    response = client_of(expert).post(NEW, entry(template, [alpha], title=" ", methods="A visit.", code=""))
    assert response.status_code == 422
    assert response.context["form"].errors == {"title": ["Write it in at least one language."]}
    assert "A visit." in response.content.decode()
    assert not Cycle.objects.exists()


def test_an_empty_code_becomes_the_year_of_the_period_or_another_free_one(network, template, alpha, expert, client_of):
    client = client_of(expert)
    make_cycle(make_network(), code="2006")
    for code in [f"{network.code}-2006", f"{network.code}-2006-2"]:
        assert client.post(NEW, entry(template, [alpha], code="")).url == page("cycle", code)


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"period_end": "2005-01-01"}, {"period_end": ["The period ends before it starts."]}),
        (
            {"visits_start": "2006-02-01"},
            {"visits_end": ["Give the first and the last day of the visits, in order, or neither."]},
        ),
        ({"code": "2005"}, {"code": ["Another cycle already has this code. Choose another one."]}),
        (
            {"code": "templates"},
            {"code": ["This word is part of the system&#x27;s own addresses. Choose another code."]},
        ),
        (
            {"code": "two words"},
            {"code": ["Enter a valid “slug” consisting of letters, numbers, underscores or hyphens."]},
        ),
    ],
)
def test_what_does_not_fit_is_said_at_its_field(cycle, template, alpha, expert, client_of, changes, errors):
    response = client_of(expert).post(NEW, entry(template, [alpha], **changes))
    assert response.status_code == 422
    assert {name: [str(e) for e in found] for name, found in response.context["form"].errors.items()} == {
        name: [text.replace("&#x27;", "'") for text in texts] for name, texts in errors.items()
    }


def test_foreign_centres_templates_and_projects_are_no_choice(network, template, alpha, expert, client_of):
    elsewhere = make_network()
    foreign = make_centre(elsewhere)
    data = entry(make_template(elsewhere), [alpha, foreign], projects=[make_project(elsewhere).pk])
    response = client_of(expert).post(NEW, data)
    assert set(response.context["form"].errors) == {"template", "projects", "centres"}
    assert not Cycle.objects.exists()


def test_a_draft_template_is_no_choice(network, alpha, template, expert, client_of):
    draft = make_template(network, published=False)
    response = client_of(expert).post(NEW, entry(draft, [alpha]))
    assert list(response.context["form"].errors) == ["template"]


@pytest.mark.parametrize(
    ("persona", "status"), [("facilitator_alpha", 403), ("donor", 403), ("anonymous", 302), ("coordinator", 200)]
)
def test_who_opens_cycles(template, personas, client_of, persona, status):
    assert client_of(getattr(personas, persona)).get(NEW).status_code == status


def test_with_several_networks_she_chooses_first(network, alpha, template, expert, client_of):
    second = make_network(code="second", name="The second network")
    make_member("expert", network=second, user=expert)
    make_network(code="third")
    client = client_of(expert)
    assert [row.code for row in client.get(NEW).context["networks"]] == [network.code, "second"]
    assert client.get(NEW, {"network": network.code}).context["form"].instance.network == network
    assert client.get(NEW, {"network": "third"}).status_code == 404
    client.post(f"{NEW}?network={network.code}", entry(template, [alpha]))
    assert Cycle.objects.get().network == network


@pytest.mark.parametrize("code", ["", "nowhere", "\x00", "²"])
def test_a_network_that_is_none_of_hers_is_not_found(network, alpha, template, expert, client_of, code):
    second = make_network(code="second")
    make_member("expert", network=second, user=expert)
    assert client_of(expert).get(NEW, {"network": code}).status_code == 404


def test_before_the_first_cycle_the_page_says_what_is_missing(network, expert, coordinator, client_of):
    missing = client_of(coordinator).get(NEW)
    assert (missing.context["missing"].template, missing.context["missing"].centres) == (True, True)
    assert f"{reverse('monitoring:template_new')}?network={network.code}" in missing.content.decode()
    assert reverse("centres:new") in missing.content.decode()
    html = client_of(expert).get(NEW).content.decode()
    assert "A coordinator registers them." in html
    assert reverse("monitoring:template_new") not in html
    make_centre(network)
    draft = make_template(network, published=False)
    missing = client_of(expert).get(NEW)
    assert (missing.context["missing"].draft, missing.context["missing"].centres) == (draft, False)
    draft.publish()
    assert "form" in client_of(expert).get(NEW).context


# --- Editing --------------------------------------------------------------------------------------------------------


def test_a_save_keeps_what_was_not_changed(cycle, project, expert, client_of):
    Cycle.objects.filter(pk=cycle.pk).update(methods="Visits.", i18n={"title_kk": "Мониторинг"})
    client = client_of(expert)
    data = shown(client.get(page("edit")))
    assert client.post(page("edit"), data | {"sources": "Journals."}).url == page("cycle")
    saved = Cycle.objects.get(pk=cycle.pk)
    assert (saved.title, saved.title_kk, saved.methods, saved.sources) == (
        "Monitoring 2005",
        "Мониторинг",
        "Visits.",
        "Journals.",
    )
    assert (saved.period_start, saved.version) == (date(2005, 1, 1), 2)
    assert list(saved.projects.all()) == [project]
    assert list(saved.participations.values_list("centre__code", "position")) == [("alpha", 1), ("beta", 2)]
    assert saved.cells.by_state() == {"empty": 4, "submitted": 2}


def test_a_centre_joins_later_and_moves_to_its_column(network, cycle, expert, client_of):
    gamma = make_centre(network, code="gamma", name="Gamma")
    client = client_of(expert)
    data = shown(client.get(page("edit")))
    client.post(page("edit"), data | {"centres": [*data["centres"], gamma.pk], f"column-{gamma.pk}": "1"})
    assert list(cycle.participations.order_by("position").values_list("centre__code", flat=True)) == [
        "gamma",
        "alpha",
        "beta",
    ]
    assert cycle.cells.filter(centre=gamma).by_state() == {"empty": 3}
    assert cycle.conclusions.count() == 3


def test_a_centre_leaves_with_its_empty_cells(network, cycle, alpha, beta, expert, client_of):
    gamma = make_centre(network, code="gamma")
    cycle.add_centres([gamma])
    client = client_of(expert)
    data = shown(client.get(page("edit")))
    client.post(page("edit"), data | {"centres": [alpha.pk, beta.pk]})
    assert [row.centre.code for row in cycle.participations.order_by("position")] == ["alpha", "beta"]
    assert cycle.cells.filter(centre=gamma).count() == 0
    assert cycle.cells.count() == 6


def test_a_centre_with_text_cannot_leave(cycle, alpha, beta, expert, client_of):
    client = client_of(expert)
    response = client.get(page("edit"))
    tied = [choice.centre for _oblast, choices in response.context["form"].groups for choice in choices if choice.tied]
    assert tied == [alpha, beta]
    response = client.post(page("edit"), shown(response) | {"centres": [alpha.pk], "title": "Renamed"})
    assert response.status_code == 422
    assert "written in this cycle and cannot leave it: Beta." in response.content.decode()
    assert "Renamed" in response.content.decode()
    assert cycle.participations.count() == 2
    assert Cycle.objects.get().title == "Monitoring 2005"


def test_a_centre_whose_text_was_taken_out_again_stays_for_its_history(network, cycle, alpha, beta, expert):
    gamma = make_centre(network, code="gamma", name="Gamma")
    cycle.add_centres([gamma])
    cell = cycle.cells.get(centre=gamma, aspect__number=1)
    cell.revise(by=expert, version=0, finding="A mistake.")
    cell.revise(by=expert, version=1, finding="")
    with pytest.raises(StepRefused, match="Gamma"):
        cycle.set_centres([alpha, beta])
    assert cycle.cells.filter(centre=gamma).count() == 3


@pytest.mark.parametrize(
    ("wanted", "order"),
    [
        ({}, "abcd"),
        ({"d": 1}, "dabc"),
        ({"a": 3}, "bcad"),
        ({"b": None}, "acdb"),
        ({"c": 2, "d": 2}, "acdb"),
        ({"d": 1, "x": 2}, "dxabc"),
        ({"a": 40, "b": 30, "c": 20, "d": 10}, "dcba"),
        ({"x": 2}, "axbcd"),
        ({"x": None}, "abcdx"),
    ],
)
def test_numbers_give_the_order(wanted, order):
    before = {"a": 1, "b": 2, "c": 3, "d": 4}
    things = [*before, *(set(wanted) - set(before))]
    rows = [(thing, before.get(thing), wanted.get(thing, before.get(thing))) for thing in things]
    assert "".join(in_order(rows)) == order


def test_a_column_that_is_no_number_is_an_error_and_stays_in_the_field(cycle, alpha, expert, client_of):
    client = client_of(expert)
    data = shown(client.get(page("edit"))) | {f"column-{alpha.pk}": "first"}
    response = client.post(page("edit"), data)
    assert response.context["form"].errors["centres"] == ["“first” is no column for Alpha. Write a whole number."]
    assert 'value="first"' in response.content.decode()


def test_template_and_code_stay_once_something_is_written(network, cycle, expert, client_of):
    response = client_of(expert).get(page("edit"))
    assert {"template", "code"} & set(response.context["form"].fields) == set()
    data = shown(response) | {"template": make_template(network).pk, "code": "other"}
    client_of(expert).post(page("edit"), data)
    saved = Cycle.objects.get()
    assert (saved.code, saved.template_id, saved.version) == ("2005", cycle.template_id, 2)


def test_the_model_refuses_another_template_once_something_is_written(network, cycle, alpha, beta):
    cycle.template = make_template(network)
    with pytest.raises(StepRefused, match="template"):
        cycle.revise(version=cycle.version, projects=[], centres=[alpha, beta])


def test_before_anything_is_written_another_template_lays_the_matrix_out_anew(network, alpha, beta, expert, client_of):
    cycle = make_cycle(network, [beta, alpha], code="2007")
    other = make_template(network, aspects=("Premises", "Trainers"))
    client = client_of(expert)
    data = shown(client.get(page("edit", "2007")))
    response = client.post(page("edit", "2007"), data | {"template": other.pk, "code": "2008"})
    assert response.url == page("cycle", "2008")
    assert set(cycle.cells.values_list("aspect__key", "centre__code")) == {
        (aspect, centre) for aspect in ("premises", "trainers") for centre in ("alpha", "beta")
    }
    assert set(cycle.conclusions.values_list("aspect__key", flat=True)) == {"premises", "trainers"}
    assert list(cycle.participations.order_by("position").values_list("centre__code", flat=True)) == ["beta", "alpha"]


def test_the_second_writer_sees_both_versions_and_loses_nothing(cycle, expert, coordinator, client_of):
    mine, theirs = client_of(expert), client_of(coordinator)
    data = shown(mine.get(page("edit")))
    theirs.post(page("edit"), shown(theirs.get(page("edit"))) | {"methods": "Theirs.", "title": "Their title"})
    response = mine.post(page("edit"), data | {"sources": "Mine.", "title": "My title"})
    assert response.status_code == 409
    rows = {row.label: (row.base, row.mine, row.theirs, row.keeps_mine) for row in response.context["differences"]}
    assert rows == {
        "Title (English)": ("Monitoring 2005", "My title", "Their title", True),
        "Methods (English)": ("", "", "Theirs.", False),
        "Sources of information (English)": ("", "Mine.", "", True),
    }
    assert Cycle.objects.get().title == "Their title"
    mine.post(page("edit"), shown(response))
    saved = Cycle.objects.get()
    assert (saved.title, saved.methods, saved.sources) == ("My title", "Theirs.", "Mine.")


def test_another_order_of_the_columns_is_a_difference_too(cycle, alpha, beta, expert, coordinator, client_of):
    mine, theirs = client_of(expert), client_of(coordinator)
    data = shown(mine.get(page("edit")))
    moved = shown(theirs.get(page("edit"))) | {f"column-{beta.pk}": "1"}
    theirs.post(page("edit"), moved)
    response = mine.post(page("edit"), data | {"title": "My title"})
    assert [(row.label, row.theirs) for row in response.context["differences"] if not row.keeps_mine] == [
        ("Centres that take part", "Beta, Alpha")
    ]
    mine.post(page("edit"), shown(response))
    assert list(cycle.participations.order_by("position").values_list("centre__code", flat=True)) == ["beta", "alpha"]
    assert Cycle.objects.get().title == "My title"


def test_a_resend_is_no_conflict(cycle, expert, client_of):
    client = client_of(expert)
    data = shown(client.get(page("edit"))) | {"title": "Sent twice"}
    assert [client.post(page("edit"), data).status_code for _time in range(2)] == [302, 302]
    assert (Cycle.objects.get().title, Cycle.objects.get().version) == ("Sent twice", 2)


def test_a_published_cycle_is_not_edited(published, alpha, expert, client_of):
    client = client_of(expert)
    response = client.get(page("edit"))
    assert response.status_code == 403
    assert "Reopen it to change something." in response.content.decode()
    assert client.post(page("edit"), entry(published.template, [alpha])).status_code == 403
    published.title = "Changed"
    with pytest.raises(CycleFrozen):
        published.revise(version=published.version, projects=[], centres=[alpha])
    with pytest.raises(CycleFrozen):
        published.add_centres([make_centre(published.network)])
    assert Cycle.objects.get().title == "Monitoring 2005"


# --- Publication and reopening --------------------------------------------------------------------------------------


def test_the_page_lists_what_blocks_publication_and_offers_no_button(cycle, expert, client_of):
    write_cell(cycle.cells.get(centre__code="beta", aspect__number=2), expert)
    response = client_of(expert).get(page("publish"))
    assert [(state, number) for state, _word, number in response.context["outlook"].blocking] == [
        ("draft", 1),
        ("submitted", 2),
    ]
    html = response.content.decode()
    assert f"{page('matrix')}?state=submitted" in html
    assert "Publish and freeze" not in html
    assert client_of(expert).post(page("publish")).status_code == 422
    assert not Cycle.objects.get().is_published


def test_the_page_says_in_numbers_what_will_happen_then_publishes(cycle, project, personas, expert, client_of):
    for cell in cycle.cells.filter(state="submitted"):
        cell.accept(by=expert, version=cell.version)
    make_member("donor", project=project, until_date=date(2004, 1, 1))
    client = client_of(expert)
    response = client.get(page("publish"))
    outlook = response.context["outlook"]
    assert (outlook.accepted, outlook.empty, outlook.readers) == (2, 4, [(project, 1)])
    assert "Publish and freeze" in response.content.decode()
    assert not Cycle.objects.get().is_published
    assert client.post(page("publish"), {"note": " For the round table. "}).url == page("cycle")
    step = CycleStep.objects.get()
    assert (step.to_state, step.by, step.note) == ("published", expert, "For the round table.")
    assert client_of(personas.donor).get(page("cycle")).status_code == 200


def test_the_page_says_what_becomes_of_self_assessments(cycle, alpha, beta, expert, client_of):
    for cell in cycle.cells.exclude(state="empty"):
        cell.accept(by=expert, version=cell.version)
    client = client_of(expert)
    assert "self-assessment" not in client.get(page("publish")).text
    cycle.questionnaire = make_questionnaire(cycle.network)
    cycle.revise(version=cycle.version, projects=[], centres=[alpha, beta])
    assert "2 of 2 are not accepted. They stay as they are" in client.get(page("publish")).text
    done = cycle.self_assessments.get(centre=alpha)
    done.submit(by=make_facilitator(alpha), version=0)
    done.accept(by=expert, version=1)
    assert "1 of 2 is not accepted. It stays as it is" in client.get(page("publish")).text


def test_without_an_accepted_cell_there_is_nothing_to_publish(network, alpha, expert, client_of):
    make_cycle(network, [alpha], code="2007")
    client = client_of(expert)
    assert "There is no accepted cell to publish yet." in client.get(page("publish", "2007")).content.decode()
    response = client.post(page("publish", "2007"), {"note": "Please"})
    assert response.status_code == 422
    assert response.context["form"]["note"].value() == "Please"


def test_a_refusal_keeps_the_note(cycle, expert, client_of):
    response = client_of(expert).post(page("publish"), {"note": "Kept."})
    assert response.context["form"].non_field_errors() == ["Some cells are not accepted yet."]
    assert response.context["form"]["note"].value() == "Kept."


@pytest.mark.django_db(transaction=True)
def test_two_people_publish_at_once_and_it_happens_once(cycle, expert, coordinator, client_of):
    for cell in cycle.cells.filter(state="submitted"):
        cell.accept(by=expert, version=cell.version)
    clients, barrier, answers = [client_of(expert), client_of(coordinator)], Barrier(2), []

    def press(client):
        barrier.wait()
        answers.append(client.post(page("publish")).status_code)
        connection.close()

    threads = [Thread(target=press, args=[client]) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [302, 302]
    assert CycleStep.objects.count() == 1
    assert Cycle.objects.get().is_published


def test_publishing_again_says_so(published, expert, client_of):
    response = client_of(expert).post(page("publish"), follow=True)
    assert "This cycle is already published." in response.content.decode()
    assert CycleStep.objects.count() == 1


def test_reopening_needs_a_reason_and_hides_the_cycle_from_donors(published, personas, expert, client_of):
    client = client_of(expert)
    assert client.post(page("reopen"), {"note": "  "}).context["form"].errors == {
        "note": ["Write why the cycle is reopened."]
    }
    assert Cycle.objects.get().is_published
    assert client.post(page("reopen"), {"note": "A wrong number."}).url == page("cycle")
    assert CycleStep.objects.first().note == "A wrong number."
    assert client_of(personas.donor).get(page("cycle")).status_code == 404


def test_reopening_what_is_open_keeps_the_reason_on_the_page(cycle, expert, client_of):
    response = client_of(expert).post(page("reopen"), {"note": "Too late."})
    assert response.status_code == 422
    assert response.context["form"].non_field_errors() == ["This cycle is not published."]
    assert "Too late." in response.content.decode()


def test_reading_writes_nothing(cycle, expert, client_of):
    client = client_of(expert)
    for name in ("cycle", "edit", "publish", "reopen"):
        client.get(page(name))
        client.head(page(name))
    saved = Cycle.objects.get()
    assert (saved.version, saved.state, CycleStep.objects.count()) == (1, "open", 0)
    assert client.post(page("cycle")).status_code == 405


def test_a_network_is_seen_by_its_own_people_only(cycle, personas, client_of):
    assert list(Network.objects.assessable_by(personas.outsider).values_list("name", flat=True)) == ["Elsewhere"]
    assert client_of(personas.outsider).post(page("publish")).status_code == 404
