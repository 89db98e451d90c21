"""Projects: the network's people see all of them, a donor her own; coordinators write them in three languages."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from centres.models import Project

from ..factories import make_centre, make_coordinator, make_network, make_project

ORDER = ["coordinator", "expert", "facilitator_alpha", "facilitator_beta", "donor", "outsider", "anonymous"]


def codes(client):
    return [project.code for project in client.get(reverse("centres:project_list")).context["page"]]


def test_a_donor_sees_her_own_projects_the_network_all(client_of, personas, network, project):
    make_project(network, code="other", start=date(2009, 1, 1))
    make_project(make_network(), code="elsewhere")
    assert codes(client_of(personas.donor)) == [project.code]
    for persona in (personas.coordinator, personas.expert, personas.facilitator_beta):
        assert codes(client_of(persona)) == ["other", project.code]


@pytest.mark.parametrize(
    ("route", "statuses"),
    [
        ("project", "200 200 200 200 200 404 302"),
        ("project_edit", "200 403 403 403 403 404 302"),
        ("partner_new", "200 403 403 403 403 404 302"),
    ],
)
def test_who_may_open_what(client_of, personas, project, route, statuses):
    url = reverse(f"centres:{route}", args=[project.code])
    got = [client_of(getattr(personas, persona)).get(url).status_code for persona in ORDER]
    assert " ".join(map(str, got)) == statuses


def test_another_project_of_the_network_is_not_there_for_a_donor(client_of, personas, network):
    other = make_project(network)
    assert client_of(personas.donor).get(other.get_absolute_url()).status_code == 404


def test_the_list_takes_as_many_queries_for_three_as_for_one(
    client_of, coordinator, network, django_assert_num_queries
):
    def add():
        project = make_project(network, [make_centre(network)])
        project.partners.create(part="funder", name="Donor")

    client = client_of(coordinator)
    add()
    with django_assert_num_queries(7):
        client.get(reverse("centres:project_list"))
    add(), add()
    with django_assert_num_queries(7):
        assert len(codes(client)) == 3


def test_an_empty_list_gives_the_first_step(client_of, coordinator, expert):
    assert "Enter the first project" in client_of(coordinator).get(reverse("centres:project_list")).content.decode()
    assert "None is entered yet." in client_of(expert).get(reverse("centres:project_list")).content.decode()


NEW = {"code": "doors", "title": "Open doors", "title_ru": "Открытые двери", "start": "2009-01-01", "end": "2011-12-31"}


def test_a_coordinator_enters_a_project(client_of, coordinator, network, alpha, beta):
    data = NEW | {"goals": "Learn near home.", "goals_kk": "Үйге жақын оқу.", "centres": [beta.pk]}
    response = client_of(coordinator).post(reverse("centres:project_new"), data)
    assert response.url == "/centres/projects/doors/"
    row = Project.objects.get()
    assert (row.network, row.title_ru, row.title_kk, row.goals_kk) == (
        network,
        "Открытые двери",
        None,
        "Үйге жақын оқу.",
    )
    assert ([centre.code for centre in row.centres.all()], row.start, row.end, row.version) == (
        ["beta"],
        date(2009, 1, 1),
        date(2011, 12, 31),
        1,
    )


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"end": "2008-12-31"}, {"__all__": ["The project ends before it starts."]}),
        ({"code": "new"}, {"code": ["This word is part of the system's own addresses. Choose another code."]}),
        ({"title": "", "title_ru": ""}, {"title": ["Write it in at least one language."]}),
    ],
)
def test_what_cannot_be_is_refused(client_of, coordinator, changes, errors):
    response = client_of(coordinator).post(reverse("centres:project_new"), NEW | changes)
    assert (response.status_code, response.context["form"].errors) == (422, errors)


def test_a_reserved_code_is_impossible(network):
    with pytest.raises(IntegrityError, match="project_code_not_reserved"), transaction.atomic():
        make_project(network, code="new")


def test_only_centres_of_the_projects_network_take_part(client_of, network, project, alpha):
    other = make_network()
    stranger = make_centre(other, name="Stranger")
    both = make_coordinator(network)
    make_coordinator(other, user=both)
    client = client_of(both)
    response = client.post(reverse("centres:project_new"), NEW | {"network": network.pk, "centres": [stranger.pk]})
    assert response.context["form"].errors == {"centres": ["Not in this project's network: Stranger."]}
    choices = (
        client.get(reverse("centres:project_edit", args=[project.code])).context["form"].fields["centres"].queryset
    )
    assert [centre.code for centre in choices] == ["alpha", "beta"]


def filled(client, url):
    return {field.html_name: field.value() or "" for field in client.get(url).context["form"]}


def test_two_coordinators_lose_nothing(client_of, network, project, alpha, beta):
    one, two = (client_of(make_coordinator(network)) for _n in range(2))
    url = reverse("centres:project_edit", args=[project.code])
    mine, theirs = filled(one, url), filled(two, url)
    assert two.post(url, theirs | {"centres": [alpha.pk], "goals": "Theirs."}).status_code == 302
    response = one.post(url, mine | {"title": "Mine"})
    assert response.status_code == 409
    rows = {row.label: (row.mine, row.theirs, row.keeps_mine) for row in response.context["differences"]}
    assert rows == {
        "Title (English)": ("Mine", project.title, True),
        "Goals (English)": ("", "Theirs.", False),
        "Centres": ("Alpha, Beta", "Alpha", False),
    }
    form = response.context["form"]
    again = {field.html_name: field.value() or "" for field in form}
    assert one.post(url, again).status_code == 302
    row = Project.objects.get(pk=project.pk)
    assert (row.title, row.goals, list(row.centres.all()), row.version) == ("Mine", "Theirs.", [alpha], 3)


def test_organisations_are_added_corrected_and_taken_out(client_of, coordinator, project):
    client = client_of(coordinator)
    data = {"part": "funder", "name": "Fund", "name_ru": "Фонд", "name_kk": ""}
    assert client.post(reverse("centres:partner_new", args=[project.code]), data).url == project.get_absolute_url()
    partner = project.partners.get()
    url = reverse("centres:partner_edit", args=[project.code, partner.pk])
    assert client.post(url, data | {"version": 1, "part": "partner"}).status_code == 302
    assert client.post(url, data | {"version": 1, "name": "Late"}).status_code == 409
    assert list(project.partners.values_list("part", "name", "version")) == [("partner", "Fund", 2)]
    gone = reverse("centres:partner_delete", args=[project.code, partner.pk])
    assert [client.get(gone).status_code, client.post(gone).status_code] == [405, 302]
    assert not project.partners.exists()


def test_an_organisation_comes_once_per_part(client_of, coordinator, project):
    project.partners.create(part="funder", name="Fund")
    url = reverse("centres:partner_new", args=[project.code])
    response = client_of(coordinator).post(url, {"part": "funder", "name": "Fund"})
    assert response.context["form"].errors == {"name": ["This organisation is already listed."]}


def test_only_coordinators_take_organisations_out(client_of, personas, project):
    partner = project.partners.create(part="funder", name="Fund")
    gone = reverse("centres:partner_delete", args=[project.code, partner.pk])
    others = [personas.expert, personas.facilitator_alpha, personas.donor, personas.outsider]
    assert [client_of(other).post(gone).status_code for other in others] == [403, 403, 403, 404]
    assert project.partners.exists()


def test_the_page_shows_what_is_not_translated_in_the_language_it_has(client_of, personas, project):
    Project.objects.filter(pk=project.pk).update(title="Doors", goals="Learn.", i18n={"title_ru": "Двери"})
    personas.donor.language = "ru"
    personas.donor.save()
    text = client_of(personas.donor).get(project.get_absolute_url()).content.decode()
    assert "<h1>Двери</h1>" in text
    assert '<span class="words" lang="en">Learn.</span>' in text


def test_one_language_is_enough_for_a_project_and_its_partners(client_of, coordinator):
    client = client_of(coordinator)
    assert client.post(reverse("centres:project_new"), NEW | {"title": ""}).status_code == 302
    row = Project.objects.get()
    assert (row.title, row.title_ru) == ("Открытые двери", "Открытые двери")
    form = client.get(reverse("centres:project_edit", args=["doors"])).context["form"]
    assert (form["title"].value(), form["title_ru"].value()) == ("", "Открытые двери")
    url = reverse("centres:partner_new", args=["doors"])
    assert client.post(url, {"part": "funder", "name_kk": "Қор"}).status_code == 302
    assert [str(partner) for partner in row.partners.all()] == ["Қор"]
    assert client.post(url, {"part": "funder"}).context["form"].errors == {
        "name": ["Write it in at least one language."]
    }
