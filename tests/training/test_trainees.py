"""Trainees: found in any spelling, entered once, shown to whom they may be shown."""

from datetime import date

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from centres.models import TargetGroup
from training.models import Trainee
from training.models.trainees import LIKENESS, SENSITIVE

from ..factories import (
    make_consent,
    make_enrolment,
    make_expert,
    make_facilitator,
    make_group,
    make_lesson,
    make_trainee,
)

pytestmark = pytest.mark.django_db
LIST, NEW = "/training/trainees/", "/training/trainees/new/"


@pytest.fixture
def facilitator(alpha):
    return make_facilitator(alpha, username="aigerim")


@pytest.fixture
def groups(network):
    TargetGroup.objects.furnish(network)
    return {group.key: group for group in network.target_groups.all()}


def entry(**values):
    """What the form of a new trainee sends."""
    return {"surname": "Қыдырбекова", "given_name": "Айгүл", "registered_on": "2005-02-01", **values}


def names(response) -> list[str]:
    return [str(trainee) for trainee, _hidden in response.context["rows"]]


# --- Search ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        "Кенжеғали",
        "кенжегали айгуль",
        "Kenzhegali",
        "Aigul Kenjegali",
        "кенже",
        "Kenzegali",  # a typing error
        "Айгол",  # another, in a short name
        "АЙГҮЛ КЕНЖЕҒАЛИ",
    ],
)
def test_a_name_is_found_in_any_spelling(client_of, facilitator, alpha, typed):
    make_trainee(alpha, surname="Кенжеғали", given_name="Айгүл")
    make_trainee(alpha, surname="Петров", given_name="Иван")
    assert names(client_of(facilitator).get(LIST, {"q": typed})) == ["Кенжеғали Айгүл"]


def test_the_nearest_comes_first(client_of, facilitator, alpha):
    for surname in ("Ахметова", "Ахмедова", "Сейтова"):
        make_trainee(alpha, surname=surname, given_name="Алия")
    assert names(client_of(facilitator).get(LIST, {"q": "Ахмедова"})) == ["Ахмедова Алия", "Ахметова Алия"]


def test_a_long_name_is_not_taken_for_any_other_with_its_ending(client_of, facilitator, alpha):
    for surname in ("Қыдырбекова", "Іңкәрбекова", "Молдабекова"):
        make_trainee(alpha, surname=surname, given_name="Үміт")
    assert names(client_of(facilitator).get(LIST, {"q": "kydirbekova"})) == ["Қыдырбекова Үміт"]
    assert names(client_of(facilitator).get(LIST, {"q": "moldobekova"})) == ["Молдабекова Үміт"]


@pytest.mark.parametrize("typed", ["%", "_", "ъ", "\x00", "'", "a" * 500, "1,5", "<b>", "\\"])
def test_odd_searches_find_nothing_and_break_nothing(client_of, facilitator, alpha, typed):
    make_trainee(alpha, surname="Петров", given_name="Иван")
    assert client_of(facilitator).get(LIST, {"q": typed}).status_code == 200


def test_ten_thousand_names_are_searched_by_the_index(alpha):
    """Bitmap Index Scan on trainee_name_key; a search takes some milliseconds instead of reading every row."""
    Trainee.objects.bulk_create(
        Trainee(centre=alpha, surname=f"{a}{b}{c}ова", given_name="Айгүл")
        for a in ("Ах", "Бе", "Ва", "Го", "Да", "Же", "За", "Ис", "Ка", "Ло")
        for b in ("ба", "ве", "го", "ди", "жу", "за", "ка", "ле", "мо", "ну")
        for c in ("рак", "сен", "тал", "фир", "хан", "цев", "чин", "шил", "щуп", "яр") * 10
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT gin_clean_pending_list('trainee_name_key')")
        cursor.execute("ANALYZE training_trainee")
        cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [str(LIKENESS)])
        cursor.execute(
            "EXPLAIN SELECT id FROM training_trainee WHERE name_key LIKE %s OR name_key %%> %s",
            ["%kenjegali%", "kenjegali"],
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Bitmap Index Scan on trainee_name_key" in plan
    assert "Seq Scan" not in plan
    make_trainee(alpha, surname="Кенжеғали", given_name="Айгүл")
    assert [str(row) for row in Trainee.objects.all().named("Kenzhegali")] == ["Кенжеғали Айгүл"]


# --- Filters --------------------------------------------------------------------------------------------------------


def test_filters_narrow_the_list(client_of, facilitator, alpha, groups):
    year = timezone.localdate().year
    child = make_trainee(
        alpha, surname="A", birth_year=year - 10, guardian_name="G", registered_on=timezone.localdate()
    )
    old = make_trainee(alpha, surname="B", birth_year=year - 70, sex="m", needy="yes")
    plain = make_trainee(alpha, surname="C", birth_year=None, sex="")
    old.mark([groups["elderly"], groups["repatriates"]], by=facilitator)
    make_enrolment(make_group(alpha), old, status="completed", ended_on=date(2005, 6, 1))
    make_enrolment(make_group(alpha), child, status="waiting", started_on=None)
    make_consent(plain)
    client = client_of(facilitator)

    def shown(**filters):
        return [row.pk for row, _hidden in client.get(LIST, filters).context["rows"]]

    assert shown() == [child.pk, old.pk, plain.pk]
    assert shown(sex="m") == [old.pk]
    assert shown(sex="unknown") == [plain.pk]
    assert shown(age="0-17") == [child.pk]
    assert shown(age="60+") == [old.pk]
    assert shown(age="unknown") == [plain.pk]
    assert shown(needy="yes") == [old.pk]
    assert shown(needy="unknown") == [child.pk, plain.pk]
    assert shown(target_group=groups["repatriates"].pk) == [old.pk]
    assert shown(state="completed") == [old.pk]
    assert shown(state="waiting") == [child.pk]
    assert shown(state="none") == [plain.pk]
    assert shown(consent="missing") == [child.pk, old.pk]
    assert shown(consent="given") == [plain.pk]
    assert shown(state="nonsense", sex="x", age="1,5", target_group="99999") == [child.pk, old.pk, plain.pk]


def test_other_centres_people_are_never_found(client_of, facilitator, alpha, beta):
    make_trainee(beta, surname="Кенжеғали", given_name="Айгүл")
    client = client_of(facilitator)
    for query in ({}, {"q": "Кенжеғали"}, {"centre": "beta"}, {"q": "Kenzhegali", "centre": "beta"}):
        assert names(client.get(LIST, query)) == []
    response = client.post(NEW, entry(surname="Кенжеғали"))
    assert response.status_code == 302  # nobody asks whether it is a person of the other centre
    group = make_group(alpha)
    for query in ("", "Кенже"):
        page = client.get(f"/training/groups/{group.pk}/members/", {"q": query})
        assert [str(row) for row, _there in page.context["found"]] == ["Кенжеғали Айгүл"]
        assert {row.centre_id for row, _there in page.context["found"]} == {alpha.pk}


# --- What the reader does not see -----------------------------------------------------------------------------------


@pytest.fixture
def marked(alpha, facilitator, groups):
    """Somebody about whom everything sensitive is known."""
    person = make_trainee(
        alpha,
        surname="Secretova",
        needy="yes",
        phone="8 701 111 22 33",
        contact="contact-word",
        guardian_name="guardian-word",
        guardian_phone="8 702 222 33 44",
        note="note-word",
    )
    person.mark([groups["disabled"], groups["farmers"]], by=facilitator)
    make_consent(person, given_by="guardian", giver_name="guardian-word")
    person.phone = "8 703 333 44 55"
    person.write(version=1)
    return person


SECRETS = ["8 70", "contact-word", "guardian-word", "note-word", "disabilit", "eedy", "elated to disab"]


def pages_of(person):
    address = person.get_absolute_url()
    group = person.enrolments.first().group
    return [LIST, f"{LIST}?q=Secretova", address, f"{address}history/", f"/training/groups/{group.pk}/members/"]


def test_experts_see_nothing_sensitive(client_of, expert, facilitator, marked, alpha):
    make_lesson(make_group(alpha), present=[make_enrolment(make_group(alpha), marked)][:0])
    client = client_of(expert)
    for address in pages_of(marked):
        with CaptureQueriesContext(connection) as queries:
            text = client.get(address).content.decode()
        assert "Secretova" in text, address
        assert [secret for secret in SECRETS if secret in text] == [], address
        columns = [f'"training_trainee"."{name}"' for name in SENSITIVE]
        assert [q["sql"] for q in queries if any(column in q["sql"] for column in columns)] == [], address
    assert "farmers" in client.get(marked.get_absolute_url()).content.decode()
    insider = client_of(facilitator).get(marked.get_absolute_url()).content.decode()
    assert [secret for secret in SECRETS[:4] if secret not in insider] == []


def test_sensitive_filters_do_not_tell_experts(client_of, expert, marked, groups):
    client = client_of(expert)
    for filters in ({"needy": "no"}, {"target_group": groups["disabled"].pk}):
        page = client.get(LIST, filters)
        assert names(page) == [str(marked)]  # left out, not applied
        assert page.context["filters"].chosen == {}


def test_somebody_with_two_roles_sees_what_each_opens(client_of, marked, beta, network, groups):
    """Expert in the network and facilitator of another centre: the filters tell of that centre only."""
    user = make_facilitator(beta)
    make_expert(network, user=user)
    own = make_trainee(beta, surname="Own", needy="yes", phone="8 709")
    own.mark([groups["disabled"]], by=user)
    client = client_of(user)
    assert names(client.get(LIST, {"needy": "yes"})) == [str(own)]
    assert names(client.get(LIST, {"target_group": groups["disabled"].pk})) == [str(own)]
    text = client.get(LIST).content.decode()
    assert ("8 709" in text, "8 703" in text) == (True, False)


# --- Entering -------------------------------------------------------------------------------------------------------


def test_a_person_is_registered_with_target_groups(client_of, facilitator, alpha, groups):
    chosen = [groups["farmers"].pk, groups["disabled"].pk]
    sent = entry(surname="  Қыдыр  бекова ", birth_year="19 75", needy="no", phone="12-34", target_groups=chosen)
    response = client_of(facilitator).post(NEW, sent)
    person = Trainee.objects.get()
    assert response.headers["Location"] == person.get_absolute_url()
    assert (person.surname, person.birth_year, person.needy, person.centre) == ("Қыдыр бекова", 1975, "no", alpha)
    assert sorted(person.target_groups.values_list("pk", flat=True)) == sorted(chosen)
    page = client_of(facilitator).get(person.get_absolute_url()).content.decode()
    assert "A number of 4 digits: with its area code it would have 10 or 11." in page  # a note, not a refusal


FUTURE = {"birth_year": str(timezone.localdate().year + 1)}


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        (FUTURE, "birth_year", "This year lies in the future."),
        ({"birth_year": "75"}, "birth_year", "Write the year in four figures, for example 1985."),
        ({"birth_year": "1850"}, "birth_year", "The year of birth lies between 1900 and the year of registration."),
        ({"birth_year": "2006"}, "birth_year", "She or he would have been born after the day of registering."),
        ({"birth_year": "1,5"}, "birth_year", "Enter a whole number."),
        ({"birth_year": "1990"}, "guardian_name", "Under 18 years: name a parent or guardian."),
        ({"surname": " "}, "surname", "This field is required."),
        ({"registered_on": "2099-01-01"}, "registered_on", "This day lies in the future."),
        ({"sex": "x"}, "sex", "Select a valid choice. x is not one of the available choices."),
    ],
)
def test_mistakes_are_said_in_place(client_of, facilitator, values, field, sentence):
    response = client_of(facilitator).post(NEW, entry(**values))
    assert response.status_code == 422
    assert response.context["form"].errors == {field: [sentence]}
    assert Trainee.objects.count() == 0


def test_known_people_are_shown_before_somebody_is_registered_twice(client_of, facilitator, alpha, beta):
    known = make_trainee(alpha, surname="Кыдырбекова", given_name="Айгуль", birth_year=1975)
    make_trainee(beta, surname="Қыдырбекова", given_name="Айгүл", birth_year=1975)
    make_trainee(alpha, surname="Қыдырбекова", given_name="Сәуле", birth_year=1975)  # a sister
    client = client_of(facilitator)
    swapped = entry(surname="Aigul", given_name="Kydyrbekova", birth_year="1975")
    response = client.post(NEW, swapped)
    assert response.status_code == 422
    assert response.context["likely"] == [(known, None)]
    assert "surname and given name swapped" in response.content.decode()
    assert Trainee.objects.count() == 3
    response = client.post(NEW, {**swapped, "another": "yes"})
    assert response.status_code == 302
    assert Trainee.objects.count() == 4


def test_somebody_who_is_in_the_group_already_is_told_so_at_once(client_of, facilitator, alpha):
    there = make_enrolment(make_group(alpha), make_trainee(alpha, surname="Kim", given_name="Asel"))
    other = make_trainee(alpha, surname="Kim", given_name="Asel")
    sent = entry(surname="Kim", given_name="Asel", place="enrolled", started_on="2005-02-01")
    response = client_of(facilitator).post(f"{NEW}?group={there.group_id}", sent)
    assert dict(response.context["likely"]) == {there.trainee: there, other: None}
    page = response.content.decode()
    assert page.count("already in this group") == 1
    assert f'action="{there.get_absolute_url()}" data-answers="entry"' in page
    assert [f'name="pick" value="{person.pk}"' in page for person in (there.trainee, other)] == [False, True]


def test_a_coordinator_is_asked_for_the_centre(client_of, coordinator, alpha, beta):
    client = client_of(coordinator)
    offered = client.get(NEW).context["choice"].fields["centre"].choices
    assert [code for code, _name in offered] == ["alpha", "beta"]
    client.post(f"{NEW}?centre=beta", entry())
    assert Trainee.objects.get().centre == beta


def test_an_edit_keeps_what_others_saved(client_of, facilitator, alpha, groups):
    person = make_trainee(alpha, phone="1")
    client = client_of(facilitator)
    address = f"{person.get_absolute_url()}edit/"
    form = client.get(address).context["form"]
    sent = {name: form[name].value() for name in form.fields}
    sent = {name: "" if value is None else value for name, value in sent.items()}
    Trainee.objects.filter(pk=person.pk).update(phone="2", version=2)
    response = client.post(address, {**sent, "note": "mine"})
    assert response.status_code == 409
    assert [(row.label, row.keeps_mine) for row in response.context["differences"]] == [
        ("Phone", False),
        ("Note", True),
    ]
    again = {name: response.context["form"][name].value() for name in form.fields}
    response = client.post(address, {name: "" if value is None else value for name, value in again.items()})
    assert response.status_code == 302
    person.refresh_from_db()
    assert (person.phone, person.note) == ("2", "mine")


# --- Speed ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("query", ["", "?q=Aigul"])
def test_one_and_thirty_people_take_the_same_queries(client_of, coordinator, alpha, query):
    client, counts = client_of(coordinator), []
    group = make_group(alpha)
    for rows in (1, 29):
        for _ in range(rows):
            make_consent(make_enrolment(group, make_trainee(alpha)).trainee)
        with CaptureQueriesContext(connection) as queries:
            response = client.get(LIST + query)
        counts.append(len(queries))
    assert len(response.context["rows"]) == 30
    assert counts[0] == counts[1]


@pytest.mark.parametrize("page", ["", "history/"])
def test_a_person_s_pages_take_the_same_queries_however_much_hangs_on_her(client_of, facilitator, alpha, page):
    client, counts, sizes = client_of(facilitator), [], []
    person = make_trainee(alpha)
    for rows in (1, 5):
        for day in range(1, rows + 1):
            group = make_group(alpha)
            make_lesson(group, present=[make_enrolment(group, person)])
            make_consent(person, given_on=date(2005, rows, day))
        with CaptureQueriesContext(connection) as queries:
            response = client.get(person.get_absolute_url() + page)
        counts.append(len(queries))
        sizes.append(len(response.content))
    assert sizes[0] < sizes[1]
    assert counts[0] == counts[1]
