"""Matrix templates: the first one, drafts, next versions with stable keys, publication for good."""

from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from monitoring.models import Aspect, MatrixTemplate, TemplateRefused
from tests.factories import make_coordinator, make_cycle, make_member, make_network, make_template

pytestmark = pytest.mark.django_db
LIST = reverse("monitoring:templates")
NEW = reverse("monitoring:template_new")


def page(name, template):
    return reverse(f"monitoring:{name}", args=[template.pk])


def shown(response):
    """What the page's form would send if nothing were changed."""
    form, rows = response.context["form"], response.context["rows"]
    fields = [*form, *rows.management_form, *(field for row in rows for field in row)]
    return {
        field.html_name: "" if field.value() is None else field.value() for field in fields if field.name != "DELETE"
    }


def aspects(template):
    return list(template.aspects.values_list("number", "key", "title"))


@pytest.fixture
def template(network):
    return make_template(network, version=1)


@pytest.fixture
def draft(template):
    return template.next_version()


# --- Who ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("persona", "statuses"),
    [
        ("coordinator", [200, 200, 200, 200]),
        ("expert", [200, 200, 403, 403]),
        ("facilitator_alpha", [403, 404, 404, 404]),
        ("donor", [403, 404, 404, 404]),
        ("outsider", [200, 404, 404, 404]),
        ("anonymous", [302, 302, 302, 302]),
    ],
)
def test_who_opens_which_page(draft, personas, client_of, persona, statuses):
    client = client_of(getattr(personas, persona))
    urls = [LIST, *(page(name, draft) for name in ("template", "template_edit", "template_publish"))]
    assert [client.get(url).status_code for url in urls] == statuses


@pytest.mark.parametrize(
    ("persona", "status"), [("coordinator", 302), ("expert", 403), ("facilitator_alpha", 404), ("outsider", 404)]
)
def test_who_makes_the_next_version(template, personas, client_of, persona, status):
    response = client_of(getattr(personas, persona)).post(page("template_next", template))
    assert response.status_code == status
    assert MatrixTemplate.objects.filter(published_at=None).exists() == (status == 302)


@pytest.mark.parametrize("name", ["template_edit", "template_publish", "template_next"])
def test_an_expert_changes_nothing(draft, expert, client_of, name):
    assert client_of(expert).post(page(name, draft), {"discard": "sure"}).status_code == 403
    assert MatrixTemplate.objects.filter(pk=draft.pk, published_at=None).exists()


def test_the_list_holds_the_networks_own_versions_newest_first(template, draft, network, alpha, coordinator, client_of):
    make_template(make_network())
    make_cycle(network, [alpha], template=template)
    by_network = client_of(coordinator).get(LIST).context["by_network"]
    assert [(its, [(row.version, row.aspect_count, row.cycle_count) for row in rows]) for its, rows in by_network] == [
        (network, [(2, 3, 0), (1, 3, 1)])
    ]


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_takes_the_same_queries_for_one_and_three_rows(
    network, coordinator, client_of, django_assert_num_queries, number
):
    for _n in range(number):
        make_template(network)
    client = client_of(coordinator)
    with django_assert_num_queries(5):  # session, person, memberships, networks, templates
        client.get(LIST)


# --- The first one --------------------------------------------------------------------------------------------------


def test_a_first_template_begins_with_a_list_of_titles(network, coordinator, client_of):
    lines = "1. Mission and plan\n 2) Equipment \n\n3\tTrainers, 5 of them\n10 lessons a day"
    response = client_of(coordinator).post(NEW, {"title": "Our matrix", "lines": lines})
    made = MatrixTemplate.objects.get()
    assert response.url == page("template_edit", made)
    assert (made.network, made.version, made.title, made.is_published) == (network, 1, "Our matrix", False)
    assert aspects(made) == [
        (1, "mission-and-plan", "Mission and plan"),
        (2, "equipment", "Equipment"),
        (3, "trainers-5-of-them", "Trainers, 5 of them"),
        (4, "lessons-a-day", "lessons a day"),
    ]


def test_titles_are_in_the_language_of_the_page(network, client_of):
    client = client_of(make_coordinator(network, language="ru"))
    client.post(NEW, {"title_ru": "Матрица", "lines": "Миссия\nМатериальная база"})
    made = MatrixTemplate.objects.get()
    assert (made.title, made.title_ru, made.title_kk) == ("Матрица", "Матрица", None)
    assert [(row.key, row.title, row.title_ru) for row in made.aspects.all()] == [
        ("aspect-1", "Миссия", "Миссия"),
        ("aspect-2", "Материальная база", "Материальная база"),
    ]


def test_a_template_of_another_of_her_networks_can_be_copied(network, coordinator, client_of):
    other = make_network()
    make_member("expert", network=other, user=coordinator)
    copied = make_template(other, aspects=("Plan", "Rooms"))
    make_template(other, published=False)
    client = client_of(coordinator)
    assert list(client.get(NEW).context["form"].fields["copied"].queryset) == [copied]
    client.post(NEW, {"title": "Ours", "copied": copied.pk, "lines": "Noise"})
    made = MatrixTemplate.objects.get(network=network)
    assert aspects(made) == [(1, "plan", "Plan"), (2, "rooms", "Rooms"), (3, "noise", "Noise")]


def test_without_a_title_nothing_is_stored_and_nothing_is_lost(network, coordinator, client_of):
    response = client_of(coordinator).post(NEW, {"title": "", "lines": "Equipment"})
    assert response.status_code == 422
    assert response.context["form"].errors == {"title": ["Write it in at least one language."]}
    assert response.context["form"]["lines"].value() == "Equipment"
    assert not MatrixTemplate.objects.exists()


def test_titles_too_long_or_too_many_are_refused(network, coordinator, client_of):
    client = client_of(coordinator)
    for lines, error in [
        ("x" * 201, f"“{'x' * 40}…” is too long: 200 letters at most."),
        ("Same\n" * 61, "A template has at most 60 aspects."),
    ]:
        response = client.post(NEW, {"title": "Ours", "lines": lines})
        assert response.context["form"].errors == {"lines": [error]}


def test_a_network_has_only_one_first_template(network, template, coordinator, client_of):
    client = client_of(coordinator)
    assert client.get(NEW).url == LIST
    with pytest.raises(TemplateRefused, match="already"):
        MatrixTemplate(network=network, title="Again").begin(aspects=[])


def test_for_several_networks_she_chooses_first(network, coordinator, client_of):
    second = make_network(code="second")
    make_member("coordinator", network=second, user=coordinator)
    client = client_of(coordinator)
    assert set(client.get(NEW).context["networks"]) == {network, second}
    client.post(f"{NEW}?network=second", {"title": "Theirs"})
    assert MatrixTemplate.objects.get().network == second


# --- Drafts ---------------------------------------------------------------------------------------------------------


def test_the_next_version_is_a_draft_with_the_same_keys(template, coordinator, client_of):
    client = client_of(coordinator)
    first = client.post(page("template_next", template))
    draft = MatrixTemplate.objects.get(version=2)
    assert first.url == page("template_edit", draft)
    assert aspects(draft) == aspects(template)
    assert client.post(page("template_next", template)).url == first.url
    assert MatrixTemplate.objects.count() == 2


def test_aspects_are_added_removed_renamed_and_moved_and_keep_their_keys(draft, coordinator, client_of):
    client = client_of(coordinator)
    data = shown(client.get(page("template_edit", draft)))
    data |= {
        "aspects-0-title": "Mission and plan",
        "aspects-0-guidance_kk": "Жоспар бар ма?",
        "aspects-1-DELETE": "on",
        "aspects-2-number": "1",
        "aspects-3-title": "Plan",
        "aspects-3-number": "2",
    }
    assert client.post(page("template_edit", draft), data).url == page("template_edit", draft)
    assert aspects(draft) == [(1, "committee", "Committee"), (2, "plan-2", "Plan"), (3, "plan", "Mission and plan")]
    renamed = draft.aspects.get(key="plan")
    assert (renamed.guidance, renamed.guidance_kk) == ("Жоспар бар ма?", "Жоспар бар ма?")


def test_a_resend_is_no_conflict_and_adds_nothing_twice(draft, coordinator, client_of):
    client = client_of(coordinator)
    data = shown(client.get(page("template_edit", draft))) | {"title": "Sent twice", "aspects-0-title": "Twice"}
    assert [client.post(page("template_edit", draft), data).status_code for _time in range(2)] == [302, 302]
    draft.refresh_from_db()
    assert (draft.title, draft.revision, draft.aspects.count()) == ("Sent twice", 2, 3)


def test_a_removed_aspect_gets_its_key_back_and_a_new_one_never_takes_anothers(template, coordinator):
    def rows(draft, *titles):
        keys = {row.title: row.key for row in draft.aspects.all()}
        return [{"key": keys.get(title, ""), "title": title} for title in titles]

    second = template.next_version()
    second.revise(revision=1, aspects=rows(second, "Plan", "Миссия", "Equipment"))
    assert aspects(second) == [(1, "plan", "Plan"), (2, "aspect-1", "Миссия"), (3, "equipment", "Equipment")]
    second.publish()
    third = second.next_version()
    third.revise(revision=1, aspects=rows(third, "Committee", "База"))
    assert aspects(third) == [(1, "committee", "Committee"), (2, "aspect-2", "База")]


def test_a_row_without_a_title_is_an_error_and_all_texts_stay(draft, coordinator, client_of):
    client = client_of(coordinator)
    data = shown(client.get(page("template_edit", draft)))
    data |= {"aspects-0-title": "", "aspects-3-guidance": "Guidance alone.", "aspects-1-number": "x", "title": "Kept"}
    response = client.post(page("template_edit", draft), data)
    assert response.status_code == 422
    assert response.context["rows"].errors == [
        {"title": ["Write it in at least one language."]},
        {"number": ["Enter a whole number."]},
        {},
        {"title": ["Write it in at least one language."]},
        {},
    ]
    html = response.content.decode()
    assert "Guidance alone." in html
    assert 'href="#id_aspects-0-title"' in html
    assert 'value="Kept"' in html
    assert aspects(draft)[0] == (1, "plan", "Plan")


@pytest.mark.django_db(transaction=True)
def test_the_second_writer_sees_both_versions_and_the_base(draft, network, coordinator, client_of):
    mine, theirs = client_of(coordinator), client_of(make_coordinator(network))
    data = shown(mine.get(page("template_edit", draft)))
    other = shown(theirs.get(page("template_edit", draft)))
    theirs.post(page("template_edit", draft), other | {"aspects-0-title": "Their plan", "aspects-2-DELETE": "on"})
    response = mine.post(page("template_edit", draft), data | {"aspects-0-title": "My plan", "title": "My title"})
    assert response.status_code == 409
    assert [(row.label, row.base, row.mine, row.theirs) for row in response.context["differences"]] == [
        ("Title (English)", "Template", "My title", "Template"),
        ("My plan: Title (English)", "Plan", "My plan", "Their plan"),
        ("Committee: Number", "3", "3", ""),
        ("Committee: Title (English)", "Committee", "Committee", ""),
    ]
    assert aspects(draft) == [(1, "plan", "Their plan"), (2, "equipment", "Equipment")]
    again = shown(response)
    assert again["aspects-0-title"] == "My plan"
    assert mine.post(page("template_edit", draft), again).status_code == 302
    assert aspects(draft) == [(1, "plan", "My plan"), (2, "equipment", "Equipment"), (3, "committee", "Committee")]


def test_more_rows_than_a_template_may_have_are_refused(draft, coordinator, client_of):
    client = client_of(coordinator)
    data = shown(client.get(page("template_edit", draft))) | {"aspects-TOTAL_FORMS": "61"}
    data |= {f"aspects-{n}-title": f"Aspect {n}" for n in range(61)}
    response = client.post(page("template_edit", draft), data)
    assert response.status_code == 422
    assert response.context["rows"].non_form_errors() == ["Please submit at most 60 forms."]


def test_a_draft_is_deleted_after_one_question(draft, coordinator, client_of):
    client = client_of(coordinator)
    asked = client.post(page("template_edit", draft), {"discard": "ask"})
    assert "Version 2 with its 3 aspects will be gone." in asked.content.decode()
    assert MatrixTemplate.objects.count() == 2
    assert client.post(page("template_edit", draft), {"discard": "sure"}).url == LIST
    assert list(MatrixTemplate.objects.values_list("version", flat=True)) == [1]


# --- Publication ----------------------------------------------------------------------------------------------------


def test_publishing_says_what_becomes_fixed_and_which_languages_are_missing(draft, coordinator, client_of):
    draft.revise(
        revision=1,
        aspects=[
            {"key": "plan", "title": "Plan", "title_ru": "План", "title_kk": "Жоспар"},
            {"key": "", "title": "База", "title_ru": "База", "title_kk": None},
        ],
    )
    client = client_of(coordinator)
    response = client.get(page("template_publish", draft))
    assert {code: [row.number for row in rows] for code, rows in response.context["missing"].items()} == {
        "en": [2],
        "ru": [],
        "kk": [2],
    }
    assert not MatrixTemplate.objects.get(pk=draft.pk).is_published
    assert client.post(page("template_publish", draft), {"revision": "2"}).url == page("template", draft)
    assert MatrixTemplate.objects.get(pk=draft.pk).is_published


@pytest.mark.parametrize("revision", ["1", "", "x", "²", "-1", "9" * 5_000])
def test_a_draft_that_changed_since_it_was_shown_is_not_published(draft, coordinator, client_of, revision):
    draft.revise(revision=1, aspects=[{"key": "plan", "title": "Something else"}])
    response = client_of(coordinator).post(page("template_publish", draft), {"revision": revision})
    assert response.status_code == 409
    assert "Look at it once more" in response.content.decode()
    assert not MatrixTemplate.objects.get(pk=draft.pk).is_published


def test_without_aspects_there_is_nothing_to_publish(network, coordinator, client_of):
    empty = make_template(network, aspects=(), published=False)
    client = client_of(coordinator)
    assert "This draft has no aspect yet." in client.get(page("template_publish", empty)).content.decode()
    client.post(page("template_publish", empty), {"revision": "1"})
    assert not MatrixTemplate.objects.get(pk=empty.pk).is_published


def test_a_published_version_does_not_change(template, coordinator, client_of):
    client = client_of(coordinator)
    response = client.post(page("template_edit", template), {"title": "Changed"})
    assert response.status_code == 403
    assert "A change makes the next version." in response.content.decode()
    assert client.post(page("template_publish", template), {"revision": "1"}).url == page("template", template)
    for refused in (template.publish, template.discard, lambda: template.revise(revision=1, aspects=[])):
        with pytest.raises(TemplateRefused, match="published"):
            refused()


@pytest.mark.parametrize(
    "write",
    [
        lambda template: template.aspects.update(title="Changed"),
        lambda template: template.aspects.all().delete(),
        lambda template: Aspect.objects.create(template=template, number=9, key="new", title="New"),
        lambda template: MatrixTemplate.objects.filter(pk=template.pk).update(title="Changed"),
        lambda template: MatrixTemplate.objects.filter(pk=template.pk).update(published_at=None),
        lambda template: MatrixTemplate.objects.filter(pk=template.pk).delete(),
    ],
)
def test_the_database_refuses_what_goes_past_the_forms(template, write):
    with pytest.raises(IntegrityError, match="published"), transaction.atomic():
        write(template)
    assert len(aspects(template)) == 3


@pytest.mark.django_db(transaction=True)
def test_a_save_and_a_publication_at_once_leave_one_of_two_whole_states(draft, coordinator, client_of):
    clients, barrier, answers = [client_of(coordinator), client_of(coordinator)], Barrier(2), {}
    data = shown(clients[0].get(page("template_edit", draft))) | {"aspects-0-title": "Late change"}

    def press(client, name, sent):
        barrier.wait()
        answers[name] = client.post(page(name, draft), sent).status_code
        connection.close()

    threads = [
        Thread(target=press, args=[clients[0], "template_edit", data]),
        Thread(target=press, args=[clients[1], "template_publish", {"revision": "1"}]),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    draft.refresh_from_db()
    saved = draft.aspects.get(key="plan").title == "Late change"
    assert saved != draft.is_published
    assert answers["template_edit"] == 302 if saved else answers["template_edit"] in (403, 422)
    assert answers["template_publish"] == (409 if saved else 302)


def test_the_page_shows_three_languages_and_a_missing_one_as_missing(network, coordinator, client_of):
    template = make_template(network, aspects=("Plan",), published=False)
    template.revise(
        revision=1,
        aspects=[{"key": "plan", "title": "План", "title_ru": "План", "title_kk": None, "guidance": "Есть?"}],
    )
    html = client_of(coordinator).get(page("template", template)).content.decode()
    heading = html[html.index("<h3>") : html.index("</h3>")]
    assert '<div lang="en"><span class="missing">—</span></div>' in heading
    assert '<div lang="ru"><span class="words">План</span></div>' in heading
    assert '<div lang="kk"><span class="missing">—</span></div>' in heading


@pytest.mark.parametrize("code", ["", "nowhere", "\x00", "²"])
def test_a_network_that_is_none_of_hers_is_not_found(network, coordinator, client_of, code):
    assert client_of(coordinator).get(NEW, {"network": code}).status_code == 404
