"""Blanks: readable, for any copier, with names for those who may see them and nobody else's."""

import re
from datetime import date, time
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import translation

from reports.paper import FORMS, Month, Paper
from reports.views import paper
from training.models import Consent, ConsentText

from ..factories import (
    make_centre,
    make_completed,
    make_consent,
    make_enrolment,
    make_follow_up,
    make_group,
    make_timetable,
    make_trainee,
    make_trainer,
)
from .reading import A4, A4_ACROSS, colours_of, pages_of, sizes_of, type_sizes

pytestmark = pytest.mark.django_db

MARCH = Month(2005, 3)
CSS = Path(__file__).parents[2] / "static/css/paper.css"
BLACK_AND_WHITE = {(0.0, 0.0, 0.0), (1.0, 1.0, 1.0), (0.0,), (1.0,)}


@pytest.fixture
def group(alpha):
    group = make_group(alpha, name="Sewing in spring")
    group.trainers.add(make_trainer(alpha, name="Trainer Olga"), through_defaults={"centre": alpha})
    make_timetable(
        group, (1, time(15), time(17)), (4, time(15), time(17)), pauses=[(date(2005, 3, 21), date(2005, 3, 22))]
    )
    people = [("Щербакова", 1975), ("Ахметова", 1980), ("Бала", 1990)]
    for surname, year in people:
        row = make_trainee(alpha, surname=surname, given_name="Айгүл", birth_year=year, guardian_name="Анасы Роза")
        make_enrolment(group, row)
    return group


@pytest.fixture
def text_in_force(network):
    ConsentText.objects.create(network=network, number=1, text="The old words.")
    return ConsentText.objects.create(network=network, number=2, text="The words of today.", text_ru="Слова.")


@pytest.fixture
def facilitator(personas, client_of):
    return client_of(personas.facilitator_alpha)


def blank(client, form, **query):
    return client.get(reverse("reports:blank_pdf", args=["alpha", form]), {"month": "2005-03", **query})


# --- What every blank is --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("filled", [True, False])
def test_every_blank_is_for_a4_black_on_white_and_large_enough(
    facilitator, group, text_in_force, form, language, filled
):
    query = {"group": group.pk} if filled else {}
    response = blank(facilitator, form, language=language, **query)
    assert response.status_code == 200
    code = FORMS[form].code
    assert f'filename="{code}-{form}-alpha-{language}.pdf"' in response.headers["Content-Disposition"]
    assert set(sizes_of(response)) == {A4_ACROSS if form in ("journal", "follow-up") else A4}
    assert min(type_sizes(response)) >= 11
    assert colours_of(response) <= BLACK_AND_WHITE
    texts = pages_of(response)
    patterns = {"kk": "Бет: {0} / {1}", "ru": "Страница {0} из {1}", "en": "Page {0} of {1}"}
    count = 1 if form == "consent" else len(texts)
    for number, text in enumerate(texts, start=1):
        page = 1 if form == "consent" else number
        assert code in text
        assert patterns[language].format(page, count) in text


def test_lines_are_high_enough_to_write_on():
    css = CSS.read_text()
    for selector, least in ((".grid tbody td, .grid tbody th", 8), (".write", 8), (".signing td", 8), (".about td", 8)):
        (height,) = re.findall(rf"^{re.escape(selector)} {{[^}}]*?height: ([\d.]+)mm", css, re.MULTILINE)
        assert float(height) >= least
    sizes = [float(size) for size in re.findall(r"font(?:-size)?: (?:\d+ )?([\d.]+)pt", css)]
    assert len(sizes) >= 3
    assert min(sizes) >= 11


def test_no_blank_names_a_colour():
    css = CSS.read_text()
    assert set(re.findall(r"#[0-9a-f]{3,6}\b", css)) == {"#000", "#fff"}


# --- The forms ------------------------------------------------------------------------------------------------------


def test_the_roll_has_the_names_and_lines_for_more(facilitator, group, alpha, personas):
    (text,) = pages_of(blank(facilitator, "roll", group=group.pk))
    assert text.index("Ахметова Айгүл") < text.index("Бала Айгүл") < text.index("Щербакова Айгүл")
    assert "Sewing in spring" in text
    assert "Trainer Olga" in text
    made = Paper(alpha, personas.facilitator_alpha, MARCH)
    (course,) = made.courses(made.groups())
    lines = [person.name for _number, person in made.roll(course).numbered]
    assert lines[3:] == [""] * (len(lines) - 3)
    assert len(lines) > 15


def test_a_roll_without_a_group_is_empty(facilitator, group):
    text = " ".join(pages_of(blank(facilitator, "roll")))
    assert "Айгүл" not in text
    assert "Sewing in spring" not in text


def test_the_journal_has_the_planned_days_without_pauses(facilitator, group, alpha, personas):
    with translation.override("en"):
        gathered = Paper(alpha, personas.facilitator_alpha, MARCH)
        (course,) = gathered.courses(gathered.groups())
    assert [meeting.day.day for meeting in course.meetings] == [3, 7, 10, 14, 17, 24, 28, 31]
    assert {meeting.clock for meeting in course.meetings} == {"15:00"}
    first, second = pages_of(blank(facilitator, "journal", group=group.pk))
    assert "March 2005" in first
    assert "Щербакова Айгүл" in first
    assert "03.03" in second


def test_many_lessons_go_on_another_table_with_the_names_again(alpha, personas):
    group = make_group(alpha)
    make_timetable(group, *[(day, time(10), time(12)) for day in range(1, 8)])
    make_enrolment(group, make_trainee(alpha, surname="Once"))
    gathered = Paper(alpha, personas.facilitator_alpha, MARCH)
    (course,) = gathered.courses(gathered.groups())
    made = gathered.journal(course)
    assert [len(table) for table in made.tables] == [17, 16]
    assert [meeting.day.day for table in made.tables for meeting in table if meeting.day] == list(range(1, 32))


def test_without_names_the_journal_asks_for_totals(facilitator, alpha):
    group = make_group(alpha, keeping="totals")
    first = pages_of(blank(facilitator, "journal", group=group.pk))[0]
    assert "Women" in first
    assert "Men" in first
    assert "How many women and men came to each lesson." in first


def test_members_are_those_of_the_month(facilitator, group, alpha):
    make_enrolment(group, make_trainee(alpha, surname="Later"), started_on=date(2005, 4, 1))
    left = {"status": "dropped", "reason": "work", "ended_on": date(2005, 2, 1)}
    make_enrolment(group, make_trainee(alpha, surname="Gone"), **left)
    make_enrolment(group, make_trainee(alpha, surname="Waits"), status="waiting", started_on=None)
    text = " ".join(pages_of(blank(facilitator, "roll", group=group.pk)))
    assert [name for name in ("Later", "Gone", "Waits") if name in text] == []


def test_the_consent_has_the_text_in_force_in_the_language_asked(facilitator, group, text_in_force):
    (english,), (russian,) = (pages_of(blank(facilitator, "consent", language=code)) for code in ("en", "ru"))
    assert "The words of today." in english
    assert "The old words." not in english
    assert "Слова." in russian
    assert "Text number 2." in english


def test_a_consent_for_one_trainee_has_the_name_and_a_guardian_only_for_minors(
    facilitator, group, text_in_force, alpha
):
    grown = make_trainee(alpha, surname="Grown", birth_year=1975)
    (text,) = pages_of(blank(facilitator, "consent", trainee=grown.pk))
    assert "Grown Aigul" in text
    assert "1975" in text
    assert "Parent or guardian" not in text
    today = date.today()
    minor = make_trainee(alpha, surname="Minor", birth_year=today.year - 12, guardian_name="Roza", registered_on=today)
    (text,) = pages_of(blank(facilitator, "consent", trainee=minor.pk))
    assert "Minor Aigul" in text
    assert "Parent or guardian" in text
    assert "Roza" in text


def test_a_group_gets_a_consent_for_each_who_has_not_signed(facilitator, group, text_in_force, alpha):
    first, second, third = group.enrolments.by_name()
    Consent.objects.create(centre=alpha, trainee=first.trainee, text=text_in_force, language="kk")
    withdrawn = {"given_on": date(2005, 1, 10), "withdrawn_on": date(2005, 2, 1)}
    Consent.objects.create(centre=alpha, trainee=second.trainee, text=text_in_force, language="kk", **withdrawn)
    texts = pages_of(blank(facilitator, "consent", group=group.pk))
    assert len(texts) == 2
    assert str(second.trainee) in texts[0]
    assert str(third.trainee) in texts[1]


def test_without_a_text_there_is_no_consent_to_print(facilitator, group):
    assert blank(facilitator, "consent").status_code == 404
    assert "F-03" not in facilitator.get(reverse("reports:blanks", args=["alpha"])).content.decode()


def test_there_is_nothing_to_mark_when_somebody_was_not_in_the_group(facilitator, personas, group):
    assert "×" not in " ".join(pages_of(blank(facilitator, "journal", group=group.pk)))
    row = group.enrolments.by_name().first()
    group.enrolments.filter(pk=row.pk).update(status="dropped", reason="work", ended_on=date(2005, 3, 14))
    made = Paper(group.centre, personas.facilitator_alpha, MARCH)
    (course,) = made.courses(made.groups())
    ((across, rows),) = made.journal(course).sheets()
    boxes = {person.name: boxes for _number, person, boxes in rows}
    days = [lesson.day for lesson in across]
    assert boxes[str(row.trainee)] == [day is not None and day <= date(2005, 3, 14) for day in days]
    assert [name for name, row_of in boxes.items() if not all(row_of)] == [str(row.trainee)]
    assert "×: not in the group on that day." in " ".join(pages_of(blank(facilitator, "journal", group=group.pk)))


@pytest.mark.parametrize(("letters", "size"), [(300, 14), (1300, 12), (3000, 11)])
def test_a_consent_is_in_type_as_large_as_its_sheet_allows(facilitator, group, network, letters, size):
    ConsentText.objects.create(network=network, number=1, text=("Words of the network. " * 200)[:letters])
    response = blank(facilitator, "consent")
    assert len(pages_of(response)) == (1 if size > 11 else 2)
    assert size in type_sizes(response)


@pytest.mark.parametrize(("on", "lines"), [(2, 5), (4, 4)])
def test_a_slip_has_room_for_words(personas, group, on, lines):
    made = Paper(group.centre, personas.facilitator_alpha, MARCH)
    (course,) = made.courses(made.groups())
    assert len(made.slip(course, on).lines_for_words) == lines
    assert len(made.slip(None, on).lines_for_words) == lines - 1


@pytest.mark.parametrize(("on", "count"), [("2", 2), ("4", 4), ("9", 4)])
def test_slips_are_anonymous_two_or_four_on_a_sheet(facilitator, group, on, count):
    (text,) = pages_of(blank(facilitator, "slip", group=group.pk, on=on))
    assert text.count("Please do not write your name.") == count
    assert text.count("Sewing in spring") == count
    assert "Айгүл" not in text
    assert "Trainer Olga" not in text


def test_the_follow_up_sheet_lists_who_is_due(facilitator, alpha):
    old = make_group(alpha, start=date(2004, 3, 1), end=date(2004, 9, 20))
    done = {"applied_on": old.start, "started_on": old.start, "ended_on": date(2004, 9, 20)}
    due, reached = (
        make_completed(old, make_trainee(alpha, surname=name, registered_on=old.start, phone=f"+7 70{place}"), **done)
        for place, name in enumerate(["Due", "Reached"])
    )
    make_follow_up(reached, date(2005, 3, 20), "employed")
    make_completed(make_group(alpha), make_trainee(alpha, surname="TooEarly"))
    (text,) = pages_of(blank(facilitator, "follow-up"))
    assert str(due.trainee) in text
    assert "+7 700" in text
    assert "20 Sep 2004" in text
    assert [name for name in ("Reached", "TooEarly") if name in text] == []


def test_experts_get_names_and_no_telephones_nor_guardians(client_of, expert, group, text_in_force, alpha):
    old = make_group(alpha, start=date(2004, 3, 1), end=date(2004, 9, 20))
    person = make_trainee(alpha, surname="Due", registered_on=old.start, phone="+7 700", guardian_phone="+7 701")
    made = make_completed(old, person, applied_on=old.start, started_on=old.start, ended_on=date(2004, 9, 20))
    client = client_of(expert)
    (text,) = pages_of(blank(client, "follow-up"))
    assert str(made.trainee) in text
    assert "+7 70" not in text
    assert "Phone" not in text
    assert "Роза" not in " ".join(pages_of(blank(client, "consent", group=group.pk)))


# --- The month ------------------------------------------------------------------------------------------------------


def test_the_months_paper_is_one_file_in_which_each_form_counts_its_pages(facilitator, group, text_in_force, alpha):
    second = make_group(alpha, name="Second")
    query = {"month": "2005-03", "group": [group.pk, second.pk], "form": ["roll", "journal", "consent"]}
    response = facilitator.get(reverse("reports:month_pdf", args=["alpha"]), query)
    heads = [re.search(r"(F-\d\d) · .*?Page (\d) of (\d)", text).groups() for text in pages_of(response)]
    assert heads == [
        ("F-01", "1", "1"), ("F-02", "1", "2"), ("F-02", "2", "2"),
        ("F-01", "1", "1"), ("F-02", "1", "2"), ("F-02", "2", "2"), *[("F-03", "1", "1")] * 3,
    ]  # fmt: skip
    assert sizes_of(response)[:2] == [A4, A4_ACROSS]


def test_a_month_with_nothing_chosen_says_what_to_do(facilitator, group):
    response = facilitator.get(reverse("reports:month_pdf", args=["alpha"]), {"month": "2005-03"})
    assert response.status_code == 422
    assert "Choose at least one group and one form." in response.content.decode()


def test_too_many_sheets_for_one_file_are_refused(facilitator, group, text_in_force, monkeypatch):
    monkeypatch.setattr(paper, "MOST", 3_000)  # one consent of some 2,000 characters fits
    assert blank(facilitator, "consent").status_code == 200
    response = blank(facilitator, "consent", group=group.pk)
    assert response.status_code == 422
    assert "Choose fewer groups or forms, and print the rest apart." in response.content.decode()


def test_the_page_offers_the_groups_of_the_month(facilitator, group, alpha):
    make_group(alpha, name="Last year", start=date(2004, 1, 1), end=date(2004, 12, 31))
    page = facilitator.get(reverse("reports:blanks", args=["alpha"]), {"month": "2005-03"})
    assert [row.name for row in page.context["groups"]] == ["Sewing in spring"]
    assert reverse("reports:blank_pdf", args=["alpha", "journal"]) in page.content.decode()


@pytest.mark.parametrize("text", ["", "2005", "2005-13", "x-y", "0000-01", "99999-01", "2005-03-01"])
def test_a_month_that_is_none_is_this_month(facilitator, group, text):
    page = facilitator.get(reverse("reports:blanks", args=["alpha"]), {"month": text})
    assert page.status_code == 200
    today = date.today()
    assert page.context["month"] == Month(today.year, today.month)


@pytest.mark.parametrize("query", [{"group": "x"}, {"group": "0" * 32}])
def test_a_group_that_is_none_is_not_found(facilitator, group, query):
    assert blank(facilitator, "roll", **query).status_code == 404


def test_another_centres_group_and_trainee_are_not_found(facilitator, group, text_in_force, beta):
    stranger = make_enrolment(make_group(beta), make_trainee(beta))
    assert blank(facilitator, "roll", group=stranger.group_id).status_code == 404
    assert blank(facilitator, "consent", trainee=stranger.trainee_id).status_code == 404
    query = {"month": "2005-03", "group": stranger.group_id, "form": "roll"}
    assert facilitator.get(reverse("reports:month_pdf", args=["alpha"]), query).status_code == 422


def test_nobody_s_contacts_are_printed_after_a_withdrawal(alpha, personas, network):
    """Her people see them no more, the coordinator does; and she is asked again, whatever older paper there is."""
    ConsentText.objects.furnish(network)
    row = make_trainee(alpha, phone="8 701 111 22 33", guardian_name="Guardian", guardian_phone="8 702")
    group = make_group(alpha)
    make_enrolment(group, row)
    make_consent(row, given_on=date(2005, 1, 10), withdrawn_on=date(2005, 2, 10))
    make_consent(row, given_on=date(2005, 1, 5))
    for reader, shown in (
        (personas.facilitator_alpha, ("", "")),
        (personas.coordinator, ("Guardian", "8 701 111 22 33")),
    ):
        made = Paper(alpha, reader, MARCH)
        (course,) = made.courses(made.groups())
        people = [*course.people, *made.without_consent(group), made.trainee(row)]
        assert [(person.guardian, person.phone) for person in people] == [shown] * 3


def test_who_agreed_to_photos_is_another_matter(alpha, personas, network):
    group = make_group(alpha)
    row = make_enrolment(group).trainee
    make_consent(row)
    made = Paper(alpha, personas.facilitator_alpha, MARCH)
    asked = {purpose: [person.name for person in made.without_consent(group, purpose)] for purpose in ("data", "photo")}
    assert asked == {"data": [], "photo": [str(row)]}


def test_the_number_of_queries_does_not_grow(network, coordinator, django_assert_num_queries):
    coordinator.reach  # noqa: B018 - loaded once per request
    for count in (1, 4):
        centre = make_centre(network)
        for _ in range(count):
            group = make_group(centre)
            make_timetable(group, (1, time(15), time(17)))
            make_enrolment(group), make_enrolment(group)
        gathered = Paper(centre, coordinator, MARCH)
        with django_assert_num_queries(6):
            assert len(gathered.courses(gathered.groups())) == count
