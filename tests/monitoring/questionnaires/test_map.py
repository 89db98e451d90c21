"""The map from questions to aspects, and the questionnaire of a cycle."""

import json

import pytest
from django.urls import reverse

from monitoring.models import Cycle, Questionnaire

from ...factories import (
    make_answer,
    make_coordinator,
    make_cycle,
    make_network,
    make_questionnaire,
    make_template,
)
from .pages import page, shown

pytestmark = pytest.mark.django_db


# --- The map --------------------------------------------------------------------------------------------------------


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
