"""Programmes: templates and centres' own, editions that lock what was taught, adaptations after a needs study."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from centres.models import NeedsStudy
from training.models import Programme

from ..factories import make_coordinator, make_facilitator, make_group, make_network, make_programme

pytestmark = pytest.mark.django_db

LIST = reverse("training:programmes")
NEW = reverse("training:programme_new")
SEWING = {
    "title": "Sewing",
    "title_ru": "Шитьё",
    "title_kk": "Тігін ісі",
    "area": "economy",
    "kind": "income",
    "field": "0723",
    "level": "beginners",
    "hours": "260,5",
    "language": "kk+ru",
    "content": "Seams",
}


def page(programme, name="programme"):
    return reverse(f"training:{name}", args=[programme.pk])


def titles(client, **filters):
    return [programme.title for programme in client.get(LIST, filters).context["page"]]


def make_study(centre, **kwargs):
    return NeedsStudy.objects.create(
        **{"centre": centre, "from_date": date(2004, 3, 1), "methods": "Interviews", **kwargs}
    )


# --- Who sees what --------------------------------------------------------------------------------------------------


def test_a_centre_sees_templates_and_its_own(client_of, personas, network, alpha, beta):
    make_programme(network, title="A template")
    make_programme(centre=alpha, title="B of alpha")
    make_programme(centre=beta, title="C of beta")
    make_programme(make_network(), title="D elsewhere")
    assert titles(client_of(personas.facilitator_alpha)) == ["A template", "B of alpha"]
    assert titles(client_of(personas.facilitator_beta)) == ["A template", "C of beta"]
    for persona in (personas.coordinator, personas.expert):
        assert titles(client_of(persona)) == ["A template", "B of alpha", "C of beta"]
    assert titles(client_of(personas.outsider)) == []


def test_the_list_is_filtered(client_of, coordinator, network, alpha, beta):
    make_programme(network, title="Sewing", language="kk")
    make_programme(centre=alpha, title="Alpha computer", area="education", kind="continuing")
    old = make_programme(centre=beta, title="Beta")
    old.make_next_edition(by=coordinator)
    make_programme(centre=beta, title="Beta retired", is_retired=True)
    client = client_of(coordinator)
    assert titles(client) == ["Alpha computer", "Beta", "Sewing"]
    assert titles(client, area="education") == ["Alpha computer"]
    assert titles(client, kind="income") == ["Beta", "Sewing"]
    assert titles(client, language="kk") == ["Sewing"]
    assert titles(client, centre="alpha") == ["Alpha computer"]
    assert titles(client, whose="network") == ["Sewing"]
    assert titles(client, whose="centre", state="all") == ["Alpha computer", "Beta", "Beta", "Beta retired"]
    assert titles(client, state="earlier") == ["Beta", "Beta retired"]
    assert titles(client, q="comp alph") == ["Alpha computer"]
    assert titles(client, area="nonsense", centre="nowhere") == ["Alpha computer", "Beta", "Sewing"]


def test_the_list_takes_the_same_queries_for_3_and_for_30(client_of, coordinator, network, alpha):
    client, counts = client_of(coordinator), []
    for rows in (3, 27):
        for _ in range(rows):
            make_programme(centre=alpha, adapted_from=make_programme(network, is_retired=True))
        with CaptureQueriesContext(connection) as queries:
            assert len(titles(client)) in (3, 30)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_an_empty_list_gives_the_first_step(client_of, personas):
    assert "Enter the first programme" in client_of(personas.facilitator_alpha).get(LIST).content.decode()
    assert "None is entered yet." in client_of(personas.expert).get(LIST).content.decode()


# --- Entering -------------------------------------------------------------------------------------------------------


def test_a_facilitator_enters_her_centre_s_own_with_its_curriculum(client_of, personas, alpha):
    file = SimpleUploadedFile("план.txt", b"Seams")
    client = client_of(personas.facilitator_alpha)
    response = client.post(NEW, SEWING | {"file": file, "centre": "beta", "network": 7})
    made = Programme.objects.get()
    assert response.url == page(made)
    assert (made.centre, made.network, made.title_kk, str(made.hours), made.edition) == (
        alpha,
        alpha.network,
        "Тігін ісі",
        "260.5",
        1,
    )
    sent = client.get(page(made, "programme_file"))
    assert (b"".join(sent.streaming_content), sent.headers["Content-Type"]) == (b"Seams", "text/plain")


def test_a_coordinator_enters_a_template_or_a_centre_s_own(client_of, coordinator, network, beta):
    client = client_of(coordinator)
    client.post(NEW, SEWING)
    client.post(f"{NEW}?centre=beta", SEWING | {"title": "Own"})
    assert [(row.title, row.network, row.centre) for row in Programme.objects.order_by("title")] == [
        ("Own", network, beta),
        ("Sewing", network, None),
    ]


def test_who_runs_several_centres_is_asked_for_one(client_of, personas, alpha, beta):
    both = make_facilitator(alpha)
    make_facilitator(beta, user=both)
    client = client_of(both)
    asked = client.get(NEW, {"x": "y"}).content.decode()
    assert '<option value="beta">Beta</option>' in asked
    assert '<input type="hidden" name="x" value="y">' in asked
    assert client.get(NEW, {"centre": "beta"}).context["centre"] == beta


def test_a_coordinator_of_two_networks_says_which(client_of, coordinator, network):
    other = make_network()
    make_coordinator(other, user=coordinator)
    client = client_of(coordinator)
    assert client.post(NEW, SEWING).status_code == 422
    client.post(NEW, SEWING | {"network": other.pk})
    assert Programme.objects.get().network == other


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("hours", "0", "A programme has more than 0 hours; leave it empty if nobody knows."),
        ("hours", "many", "Write an amount in figures"),
        ("area", "nonsense", "Select a valid choice"),
        ("field", "9999", "Select a valid choice"),
        ("title", "x" * 151, "at most 150 characters"),
    ],
)
def test_bad_input_is_said_in_place(client_of, personas, field, value, sentence):
    response = client_of(personas.facilitator_alpha).post(NEW, SEWING | {field: value})
    assert response.status_code == 422
    assert sentence in str(response.context["form"].errors[field])
    assert Programme.objects.count() == 0


def test_a_title_in_one_language_is_enough(client_of, personas):
    client = client_of(personas.facilitator_alpha)
    none = {"title": "", "title_ru": "", "title_kk": ""}
    assert "Write it in at least one language." in str(client.post(NEW, SEWING | none).context["form"].errors["title"])
    client.post(NEW, SEWING | none | {"title_kk": "Тігін ісі"})
    assert Programme.objects.get().title == "Тігін ісі"


def test_fields_of_education_are_grouped(client_of, personas):
    form = client_of(personas.facilitator_alpha).get(NEW).context["form"]
    groups = [str(label) for label, inner in form.fields["field"].choices if isinstance(inner, list | tuple)]
    assert groups[0] == "Generic programmes"
    assert len(groups) == 11


def test_two_edits_at_once_lose_nothing(client_of, personas, alpha):
    programme, client = make_programme(centre=alpha), client_of(personas.facilitator_alpha)
    form = client.get(page(programme, "programme_edit")).context["form"]
    sent = SEWING | {"version": 1, "base": form["base"].value()}
    assert client.post(page(programme, "programme_edit"), sent | {"content": "Hers"}).status_code == 302
    assert client.post(page(programme, "programme_edit"), sent | {"content": "Mine"}).status_code == 409
    assert Programme.objects.get().content == "Hers"


# --- Editions -------------------------------------------------------------------------------------------------------


def test_what_is_taught_is_locked_once_a_group_has_begun(client_of, personas, alpha):
    programme, client = make_programme(centre=alpha, hours=36), client_of(personas.facilitator_alpha)
    address = page(programme, "programme_edit")
    assert "hours" in client.get(address).context["form"].fields
    make_group(alpha, programme, start=timezone.localdate() + timedelta(days=1), end=None)
    assert "hours" in client.get(address).context["form"].fields
    make_group(alpha, programme, start=timezone.localdate(), end=None)
    shown = client.get(address)
    assert [name for name in ("area", "kind", "field", "level", "hours") if name in shown.context["form"].fields] == []
    assert "make the next edition" in shown.content.decode()
    words = {"version": 1, "title": "Sewing", "language": "ru", "content": "More"}
    late = client.post(address, words | {"hours": "99"})
    assert (late.status_code, "A group has begun with this programme in the meantime" in late.content.decode()) == (
        422,
        True,
    )
    assert client.post(address, words).status_code == 302
    programme.refresh_from_db()
    assert (programme.hours, programme.content) == (36, "More")


def test_the_next_edition_is_a_copy_that_replaces(client_of, personas, alpha):
    file = SimpleUploadedFile("plan.txt", b"Seams")
    old = make_programme(centre=alpha, title_kk="Тігін", file=file, file_name="plan.txt")
    group = make_group(alpha, old)
    client = client_of(personas.facilitator_alpha)
    response = client.post(page(old, "programme_next"))
    new = Programme.objects.get(edition=2)
    assert response.url == page(new, "programme_edit")
    assert (new.replaces, new.title_kk, new.hours, new.file.name, new.centre) == (
        old,
        "Тігін",
        36,
        old.file.name,
        alpha,
    )
    assert (group.programme, [*Programme.objects.usable_at(alpha)]) == (old, [new])
    assert client.post(page(old, "programme_next")).url == response.url, "a second click makes no third edition"
    assert Programme.objects.count() == 2
    assert "Edition 2 has replaced this one." in client.get(page(old)).content.decode()
    assert new.full_title.endswith(", edition 2")


# --- Adapting -------------------------------------------------------------------------------------------------------


def test_a_centre_adapts_a_template_after_its_needs_study(client_of, personas, network, alpha, beta):
    template, study = make_programme(network, title="Sewing", hours=260), make_study(alpha)
    foreign = make_study(beta)
    client, address = client_of(personas.facilitator_alpha), page(template, "programme_adapt")
    form = client.get(address).context["form"]
    assert (form["title"].value(), form["hours"].value(), form["adapted_on"].value()) == (
        "Sewing",
        "260",
        timezone.localdate(),
    )
    assert [*form.fields["after_study"].queryset] == [study]
    sent = SEWING | {"hours": "120", "adapted_on": "2004-09-01"}
    assert client.post(address, sent | {"after_study": foreign.pk}).status_code == 422
    early = client.post(address, sent | {"after_study": study.pk, "adapted_on": "2004-02-01"})
    assert "This day lies before the needs study." in str(early.context["form"].errors["adapted_on"])
    future = client.post(address, sent | {"adapted_on": "2099-01-01"})
    assert "This day lies in the future." in str(future.context["form"].errors["adapted_on"])
    client.post(address, sent | {"after_study": study.pk})
    own = Programme.objects.get(centre=alpha)
    assert (own.adapted_from, own.adapted_on, own.after_study, own.hours) == (template, date(2004, 9, 1), study, 120)


def test_only_templates_of_one_s_own_network_are_adapted(client_of, personas, alpha, beta):
    client = client_of(personas.facilitator_alpha)
    for programme in (make_programme(centre=alpha), make_programme(centre=beta), make_programme(make_network())):
        assert client.get(page(programme, "programme_adapt")).status_code == 404


def test_adapted_within_twelve_months_after_a_study(network, alpha):
    template = make_programme(network)
    study = make_study(alpha, until_date=date(2004, 3, 15))

    def adapted(on, after=study):
        return make_programme(centre=alpha, adapted_from=template, adapted_on=on, after_study=after)

    counted = [adapted(date(2004, 3, 15)), adapted(date(2005, 3, 15))]
    adapted(date(2005, 3, 16)), adapted(date(2004, 3, 14)), adapted(date(2004, 5, 1), None)
    assert {*Programme.objects.adapted_after_study()} == {*counted}
    assert [*Programme.objects.adapted_after_study(months=6)] == counted[:1]


def test_the_database_keeps_studies_and_centres_together(network, alpha, beta):
    for values in (
        {"centre": alpha, "after_study": make_study(beta)},
        {"network": network, "after_study": make_study(alpha)},
        {"network": make_network(), "centre": alpha},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            make_programme(**{"network": network} | values)
