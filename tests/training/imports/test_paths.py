"""What an import does with good and bad rows: the same on both paths."""

from datetime import date, time
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from centres.models import Equipment, Income, TargetGroup
from training.imports import bulk, jobs, stock
from training.models import Attendance, Enrolment, Lesson, Trainee

from ...factories import make_centre, make_consent, make_enrolment, make_group, make_lesson, make_trainee
from .tables import TRAINEES, checked, counts, person, table, told, upload, written

pytestmark = pytest.mark.django_db


def names():
    return sorted(Trainee.objects.values_list("surname", "given_name", "birth_year"))


def test_new_known_and_changed_rows(path, alpha, facilitator):
    same = make_trainee(alpha, surname="Omarova", birth_year=1985)
    other = make_trainee(alpha, surname="Kim", birth_year=1970, phone="1")
    rows = [person("Omarova"), person("Kim", year="1970", phone="+7 701 000 00 01"), person("Lee")]
    job = checked(alpha, facilitator, "trainees", table(TRAINEES, *rows))
    assert (job.state, told(job)) == ("checked", [])
    assert counts(job) == {"new": 1, "changed": 1, "unchanged": 1}
    assert job.preview["new_named"] == [[4, "Lee Aigul, 1985"]]
    assert job.preview["changed_named"] == [[3, "Kim Aigul, 1970", [["Phone", "1", "+7 701 000 00 01"]]]]
    assert Trainee.objects.count() == 2  # a check stores nothing
    jobs.confirm(job, fingerprint=job.preview["fingerprint"], doubles="leave")
    assert job.state == "done"
    assert names() == [("Kim", "Aigul", 1970), ("Lee", "Aigul", 1985), ("Omarova", "Aigul", 1985)]
    other.refresh_from_db()
    assert (other.phone, other.version) == ("+7 701 000 00 01", 2)
    same.refresh_from_db()
    assert same.version == 1
    assert job.rows_read is None


def test_what_is_written_has_a_history_with_its_author(path, alpha, facilitator):
    job = written(alpha, facilitator, "trainees", table(TRAINEES, person("Lee")))
    event = Trainee.objects.get().events.get()
    assert (event.pgh_label, event.surname) == ("insert", "Lee")
    assert event.pgh_context.metadata == {"user": facilitator.pk, "imported": str(job.pk)}


def test_an_empty_cell_stays_in_add_and_empties_in_replace(path, alpha, facilitator):
    make_trainee(alpha, surname="Kim", birth_year=1970, phone="1", patronymic="", contact="2")
    rows = table(TRAINEES, person("Kim", year="1970"))
    job = checked(alpha, facilitator, "trainees", rows)
    assert counts(job) == {"unchanged": 1}
    job = checked(alpha, facilitator, "trainees", rows, mode="replace")
    assert counts(job) == {"changed": 1}
    assert job.preview["changed_named"] == [[2, "Kim Aigul, 1970", [["Phone", "1", ""]]]]  # no column for the contact


def test_the_number_in_the_register_allows_another_name(path, alpha, facilitator):
    known = make_trainee(alpha, surname="Kim", birth_year=1970)
    rows = table([*TRAINEES, "Number in the register"], [*person("Kimova", year="1970"), str(known.pk)])
    written(alpha, facilitator, "trainees", rows)
    assert names() == [("Kimova", "Aigul", 1970)]


def test_numbers_of_another_centre_do_not_exist(path, alpha, beta, facilitator):
    foreign = make_trainee(beta, surname="Kim", birth_year=1970)
    numbers = [str(foreign.pk), "6f2f0e6e-8a43-4b0c-9d6e-0a0f4c1d2e3f", "no number"]
    rows = [[*person("Kimova"), number] for number in numbers]
    job = checked(alpha, facilitator, "trainees", table([*TRAINEES, "Number in the register"], *rows))
    sentence = "No entry of this centre has this number. For a new entry leave the cell empty."
    assert told(job) == [("rows 2, 3, 4", "H", sentence)]


def test_names_of_another_centre_do_not_exist(path, alpha, beta, facilitator):
    here, there = make_group(alpha, name="Sewing"), make_group(beta, name="Dough")
    make_enrolment(there, make_trainee(beta, surname="Kim"))
    rows = [
        [there.name, "Kim Aigul", "enrolled", "10.01.2005"],
        [str(there.pk), "Nobody", "enrolled", "10.01.2005"],
        [here.name, "Kim Aigul", "enrolled", "10.01.2005"],
    ]
    job = checked(alpha, facilitator, "enrolments", table(["Group", "Trainee", "Status", "Began on"], *rows))
    assert sorted(told(job)) == [
        ("rows 2, 3", "A", "This centre has no group “Dough”."),
        ("rows 2, 3, 4", "B", "No trainee of this centre is called “Kim Aigul”."),
    ]


def test_ten_thousand_errors_are_a_short_page(alpha, facilitator, client_of):
    rows = [person(f"Surname{n}", year=f"{n}x") for n in range(10_000)]
    job = checked(alpha, facilitator, "trainees", table(TRAINEES, *rows))
    assert told(job) == [("row 2 and 9999 others", "D", "“0x” is no year. Write it with four digits.")]
    page = client_of(facilitator).get(job.get_absolute_url())
    assert "Row 2 and 9999 others, column D (Year of birth)" in " ".join(page.text.split())
    assert len(page.content) < 30_000


def test_duplicates_and_swapped_names(path, alpha, facilitator):
    make_trainee(alpha, surname="Серікова", given_name="Айгүл", birth_year=1985)
    rows = [
        person("Айгуль", "Серикова"),  # the one above, swapped and in other letters
        person("Omarova"),
        person("Omarova"),  # the same once more
        person("Aigul", "Omarova"),  # swapped
        person("Omarova", phone="1"),  # the same with something else
    ]
    job = checked(alpha, facilitator, "trainees", table(TRAINEES, *rows[:4]))
    assert told(job) == [
        ("row 2", "A", "This is probably the same person as “Серікова Айгүл, 1985”, who is registered already."),
        ("row 4", "", "This row says the same as row 3 and is left out."),
        ("row 5", "A", "This is probably the same person as in row 3."),
    ]
    assert (job.state, counts(job)) == ("checked", {"new": 1, "likely": 2})
    refused = checked(alpha, facilitator, "trainees", table(TRAINEES, *rows))
    assert told(refused)[0] == (
        "row 6",
        "",
        "This row is about the same entry as row 3, but says something else.",
    )
    assert refused.state == "refused"


@pytest.mark.parametrize(("doubles", "people"), [("leave", 2), ("add", 3)])
def test_likely_duplicates_are_left_out_or_added_as_chosen(path, alpha, facilitator, doubles, people):
    make_trainee(alpha, surname="Kim", given_name="Aigul", birth_year=1985)
    rows = table(TRAINEES, person("Aigul", "Kim"), person("Lee"))
    written(alpha, facilitator, "trainees", rows, doubles=doubles)
    assert Trainee.objects.count() == people


def dirty_file(bad=3, rows=1000):
    """As an old program saves it: Windows-1251, semicolons, Russian words, decimal commas, a few rows wrong."""
    heads = ["Фамилия", "Имя", "Отчество", "Год рождения", "Пол", "Телефон", "Registered on"]
    people = [
        [f"Тестова{n}", "Айгуль", "", str(1950 + n % 35), "женский", f"8-701-{n}", "10.01.2005"] for n in range(rows)
    ]
    people[20] = ["Айгуль", "Тестова10", *people[10][2:]]  # swapped
    people[30] = people[29]  # twice
    wrong = [(100, 3, "19б5"), (500, 1, ""), (900, 6, "31.02.2005")]
    for row, column, text in wrong[:bad]:
        people[row][column] = text
    return heads, people


@pytest.mark.slow
@pytest.mark.parametrize(("bad", "rows"), [(3, 1000), (0, 150)])
def test_the_dirty_file_is_told_and_stored_alike_on_both_paths(alpha, beta, personas, monkeypatch, bad, rows):
    heads, people = dirty_file(bad, rows)
    from_it = []
    for path, encoding, centre, by in (
        (stock, "cp1251", alpha, personas.facilitator_alpha),
        (bulk, "utf-8-sig", beta, personas.facilitator_beta),
    ):
        monkeypatch.setattr(jobs, "path_of", lambda job, path=path: path)
        job = checked(centre, by, "trainees", table(heads, *people, delimiter=";", encoding=encoding))
        if not bad:
            jobs.confirm(job, fingerprint=job.preview["fingerprint"], doubles="leave")
        stored = Trainee.objects.filter(centre=centre).order_by("surname")
        events = Trainee.events.rel.related_model.objects.filter(centre=centre, pgh_label="insert")
        preview = {name: value for name, value in job.preview.items() if name != "fingerprint"}
        people_stored = list(stored.values_list("surname", "birth_year", "sex", "phone", "version", "registered_on"))
        from_it.append((job.state, told(job), preview, people_stored, events.count()))
    assert from_it[0] == from_it[1]
    state, problems, preview, stored, history = from_it[0]
    notices = [
        ("row 22", "A", "This is probably the same person as in row 12."),
        ("row 32", "", "This row says the same as row 31 and is left out."),
    ]
    if bad:
        assert (state, stored, history) == ("refused", [], 0)
        assert problems == [
            ("row 102", "D", "“19б5” is no year. Write it with four digits."),
            ("row 502", "B", "This cell is empty. It is needed."),
            ("row 902", "G", "“31.02.2005” is no date. Write it as 2005-12-31 or 31.12.2005."),
            *notices,
        ]
    else:
        assert (state, problems, len(stored), history) == ("done", notices, 148, 148)
        assert (preview["new"], preview["likely"]) == (148, 1)


def test_enrolments_of_every_status(path, alpha, facilitator):
    group = make_group(alpha, name="Sewing", capacity=3)
    for name in "ABCDE":
        make_trainee(alpha, surname=f"Surname{name}", birth_year=1980)
    heads = ["Group", "Trainee", "Status", "Applied on", "Began on", "Ended on", "Reason for leaving"]
    rows = [
        ["sewing", "SurnameA Aigul", "enrolled", "", "2005-01-12", "", ""],
        ["Sewing, 10.01.2005", "SurnameB Aigul, 1980", "completed", "2005-01-01", "2005-01-12", "2005-06-20", ""],
        ["Sewing", "SurnameC Aigul", "dropped out", "", "12.01.2005", "20.02.2005", "family"],
        ["Sewing", "SurnameD Aigul", "waiting", "12.01.2005", "", "", ""],
        ["Sewing", "SurnameE Aigul", "did not begin", "12.01.2005", "", "", ""],
    ]
    written(alpha, facilitator, "enrolments", table(heads, *rows))
    got = Enrolment.objects.order_by("trainee__surname").values_list(
        "status", "applied_on", "started_on", "ended_on", "reason"
    )
    began = date(2005, 1, 12)
    assert list(got) == [
        ("enrolled", began, began, None, ""),
        ("completed", date(2005, 1, 1), began, date(2005, 6, 20), ""),
        ("dropped", began, began, date(2005, 2, 20), "family"),
        ("waiting", began, None, None, ""),
        ("not_come", began, None, None, ""),
    ]
    assert set(Enrolment.objects.values_list("centre", "group", "version")) == {(alpha.pk, group.pk, 1)}


def test_rules_of_enrolments_speak_in_the_registers_own_words(path, alpha, facilitator):
    make_group(alpha, name="Sewing")
    for name in "ABC":
        make_trainee(alpha, surname=f"Surname{name}")
    rows = [
        ["Sewing", "SurnameA Aigul", "completed", "2005-01-12", ""],
        ["Sewing", "SurnameB Aigul", "enrolled", "2004-01-12", ""],
        ["Sewing", "SurnameC Aigul", "enrolled", "2005-01-12", "2005-02-01"],
    ]
    heads = ["Group", "Trainee", "Status", "Began on", "Ended on"]
    job = checked(alpha, facilitator, "enrolments", table(heads, *rows))
    assert told(job) == [
        ("row 2", "E", "Say on which day she or he ended."),
        ("row 3", "D", "The group begins on 10 January 2005 only."),
        ("row 4", "E", "Only who completed or dropped out has a last day. Leave it empty."),
    ]


def test_more_people_than_places(path, alpha, facilitator):
    group = make_group(alpha, name="Sewing", capacity=2)
    make_enrolment(group)
    for name in "AB":
        make_trainee(alpha, surname=f"Surname{name}")
    rows = [["Sewing", f"Surname{name} Aigul", "enrolled", "2005-01-12"] for name in "AB"]
    job = checked(alpha, facilitator, "enrolments", table(["Group", "Trainee", "Status", "Began on"], *rows))
    assert told(job) == [("rows 2, 3", "A", "The group “Sewing” has 2 places; 3 people would be in it at once.")]
    assert Enrolment.objects.count() == 1


def test_a_known_enrolment_changes_with_its_status(path, alpha, facilitator):
    group = make_group(alpha, name="Sewing")
    left = make_enrolment(
        group, make_trainee(alpha, surname="Kim"), status="dropped", ended_on=date(2005, 2, 1), reason="family"
    )
    there = make_enrolment(group, make_trainee(alpha, surname="Lee"))
    make_lesson(group, date(2005, 3, 1), present=[there])
    heads = ["Group", "Trainee", "Status", "Ended on", "Reason for leaving"]
    written(alpha, facilitator, "enrolments", table(heads, ["Sewing", "Kim Aigul", "enrolled", "", ""]))
    left.refresh_from_db()
    assert (left.status, left.ended_on, left.reason, left.version) == ("enrolled", None, "", 2)
    job = checked(
        alpha,
        facilitator,
        "enrolments",
        table(heads, ["Sewing", "Lee Aigul", "dropped out", "2005-02-01", "moved away"]),
    )
    assert told(job) == [
        (
            "row 2",
            "B",
            "The journal says that “Lee Aigul, 1975” was there on 1 March 2005, which the new days leave out.",
        )
    ]


def test_attendance_comes_with_new_lessons(path, alpha, facilitator):
    group = make_group(alpha, name="Sewing")
    kim = make_enrolment(group, make_trainee(alpha, surname="Kim"))
    make_enrolment(group, make_trainee(alpha, surname="Lee"), started_on=date(2005, 2, 1))
    held = make_lesson(group, date(2005, 3, 1), absent=[kim])
    heads = ["Group", "Day", "Trainee", "Mark"]
    rows = [
        ["Sewing", "2005-03-01", "Kim Aigul", "there"],
        ["Sewing", "2005-03-01", "Lee Aigul", "away"],
        ["Sewing", "03.03.2005", "Kim Aigul", "there"],
        ["Sewing", "03.03.2005", "Lee Aigul", "excused"],
    ]
    job = written(alpha, facilitator, "attendance", table(heads, *rows))
    assert counts(job) == {"new": 3, "changed": 1, "lessons": 1}
    marks = Attendance.objects.order_by("lesson__date", "enrolment__trainee__surname")
    assert list(marks.values_list("lesson__date", "mark")) == [
        (date(2005, 3, 1), "present"),
        (date(2005, 3, 1), "absent"),
        (date(2005, 3, 3), "present"),
        (date(2005, 3, 3), "excused"),
    ]
    assert list(Lesson.objects.exclude(pk=held.pk).values_list("state", "keeping")) == [("held", "names")]
    again = checked(alpha, facilitator, "attendance", table(heads, *rows))
    assert counts(again) == {"unchanged": 4}


def test_what_attendance_refuses(path, alpha, facilitator):
    group = make_group(alpha, name="Sewing")
    make_group(alpha, name="Quiet", keeping="totals")
    make_enrolment(group, make_trainee(alpha, surname="Kim"), started_on=date(2005, 2, 1))
    make_trainee(alpha, surname="Lee")
    make_lesson(group, date(2005, 3, 2), state="cancelled", note="Snow")
    for starts in (9, 14):
        make_lesson(group, date(2005, 3, 4), starts=time(starts), ends=time(starts + 1))
    rows = [
        ["Sewing", "2005-03-01", "", "Lee Aigul", "there"],
        ["Sewing", "2005-01-20", "", "Kim Aigul", "there"],
        ["Sewing", "2005-09-20", "", "Kim Aigul", "there"],
        ["Sewing", "2005-03-02", "", "Kim Aigul", "there"],
        ["Sewing", "2005-03-04", "", "Kim Aigul", "there"],
        ["Sewing", "2005-03-04", "10:00", "Kim Aigul", "there"],
        ["Sewing", "2999-03-04", "", "Kim Aigul", "maybe"],
    ]
    heads = ["Group", "Day", "Begins at", "Trainee", "Mark"]
    job = checked(alpha, facilitator, "attendance", table(heads, *rows))
    assert told(job) == [
        ("row 2", "D", "“Lee Aigul” is not in this group."),
        ("row 3", "D", "“Kim Aigul” was not in the group on that day."),
        ("row 4", "B", "The group does not run on that day."),
        ("row 5", "B", "The lesson of that day was cancelled."),
        ("row 6", "B", "The group has several lessons on that day. Add the time at which this one begins."),
        ("row 7", "C", "The journal has no lesson at that time. Enter the lesson first."),
        ("row 8", "B", "“2999-03-04” lies outside the years 1900 to 2100."),
        ("row 8", "E", "“maybe” is none of: there, away, excused."),
    ]


def test_equipment_and_incomes_with_decimal_commas(path, alpha, facilitator):
    heads = ["Kind", "Name", "Pieces", "Of these work", "What is wrong"]
    rows = [["computer", "Pentium III", "9", "7", "power supplies"], ["fax", "", "1", "1", ""]]
    written(alpha, facilitator, "equipment", table(heads, *rows))
    assert sorted(Equipment.objects.values_list("kind", "quantity", "working", "fault")) == [
        ("computer", 9, 7, "power supplies"),
        ("fax", 1, 1, ""),
    ]
    heads = ["Date", "Source", "Amount", "From whom"]
    rows = [["2005-03-01", "grants", "1 500 000", "A fund"], ["2005-03-02", "rent", "12,5", ""]]
    data = table(heads, *rows, delimiter=";")
    written(alpha, facilitator, "incomes", data)
    assert counts(checked(alpha, facilitator, "incomes", data)) == {"unchanged": 2}
    assert list(Income.objects.order_by("date").values_list("amount", "currency")) == [
        (Decimal("1500000.00"), "KZT"),
        (Decimal("12.50"), "KZT"),
    ]
    job = checked(alpha, facilitator, "incomes", table(heads, ["2005-03-03", "rent", "1,500", ""], ["", "x", "-5", ""]))
    assert told(job)[0] == (
        "row 2",
        "C",
        "“1,500” can be read in two ways. Write thousands with spaces, for example 1 500 or 1,50.",
    )


def test_rules_of_the_table_speak_for_themselves(path, alpha, facilitator):
    heads = ["Kind", "Pieces", "Of these work", "What is wrong"]
    rows = [["fax", "1", "2", ""], ["computer", "3", "3", "noise"], ["modem", "0", "0", ""]]
    job = checked(alpha, facilitator, "equipment", table(heads, *rows))
    assert told(job) == [
        ("row 2", "", "More pieces work than there are. Correct one of the two numbers."),
        ("row 3", "", "All pieces work, so there is no fault and no day since when. Clear those, or lower the number."),
        ("row 4", "", "Write how many pieces there are, at least 1."),
    ]


def test_replace_removes_only_what_nothing_rests_on(path, alpha, beta, facilitator):
    for surname in ("Kim", "Lee", "Pak"):
        make_trainee(alpha, surname=surname)
    make_enrolment(make_group(alpha), make_trainee(alpha, surname="Tsoi"))
    make_trainee(beta, surname="Abroad")
    rows = table(TRAINEES, person("Kim", year="1975"), person("New"))
    job = checked(alpha, facilitator, "trainees", rows, mode="replace")
    assert counts(job) == {"new": 1, "unchanged": 1, "removed": 2, "blocked": 1}
    assert sorted(job.preview["removed_named"]) == ["Lee Aigul, 1975", "Pak Aigul, 1975"]
    assert job.preview["blocked_named"] == ["Tsoi Aigul, 1975"]
    jobs.confirm(job, fingerprint=job.preview["fingerprint"], doubles="leave")
    assert job.state == "done"
    assert sorted(Trainee.objects.values_list("surname", flat=True)) == ["Abroad", "Kim", "New", "Tsoi"]


def test_replace_keeps_to_the_groups_lessons_and_years_of_the_file(path, alpha, facilitator):
    groups = [make_group(alpha, name=name) for name in ("Sewing", "Dough")]
    kept, _gone, elsewhere = (make_enrolment(group) for group in (groups[0], groups[0], groups[1]))
    heads = ["Group", "Trainee", "Status", "Began on"]
    job = written(
        alpha,
        facilitator,
        "enrolments",
        table(heads, ["Sewing", str(kept.trainee), "enrolled", "2005-01-10"]),
        mode="replace",
    )
    assert counts(job) == {"unchanged": 1, "removed": 1}
    assert set(Enrolment.objects.values_list("pk", flat=True)) == {kept.pk, elsewhere.pk}
    Income.objects.create(centre=alpha, date=date(2004, 5, 1), source="rent", amount=1)
    Income.objects.create(centre=alpha, date=date(2005, 5, 1), source="rent", amount=2)
    heads = ["Date", "Source", "Amount"]
    written(alpha, facilitator, "incomes", table(heads, ["2005-06-01", "rent", "3"]), mode="replace")
    assert list(Income.objects.order_by("date").values_list("date__year", "amount")) == [(2004, 1), (2005, 3)]


def test_target_groups(path, alpha, facilitator):
    farmers, _youth = (
        TargetGroup.objects.create(network=alpha.network, key=key, title=title, title_ru=russian)
        for key, title, russian in (("farmers", "Farmers", "Фермеры"), ("youth", "Youth", "Молодёжь"))
    )
    known = make_trainee(alpha, surname="Kim", birth_year=1985)
    known.target_group_marks.create(centre=alpha, target_group=farmers)
    heads = ["Surname", "Given name", "Year of birth", "Target groups"]
    rows = [["Kim", "Aigul", "1985", "молодёжь"], ["Lee", "Aigul", "1985", "farmers; Youth"], ["Pak", "Aigul", "", ""]]
    job = written(alpha, facilitator, "trainees", table(heads, *rows))
    assert counts(job) == {"new": 2, "changed": 1}
    marked = {
        trainee.surname: sorted(trainee.target_group_marks.values_list("target_group__key", flat=True))
        for trainee in Trainee.objects.all()
    }
    assert marked == {"Kim": ["youth"], "Lee": ["farmers", "youth"], "Pak": []}
    assert counts(checked(alpha, facilitator, "trainees", table(heads, *rows))) == {"unchanged": 3}
    refused = checked(alpha, facilitator, "trainees", table(heads, ["Kim", "Aigul", "1985", "fishers"]))
    assert told(refused) == [
        ("row 2", "D", "“fishers” is none of the target groups of the network: Farmers, Youth."),
    ]


def test_contacts_that_were_withdrawn_stay_hidden_and_as_they_are(path, alpha, personas):
    kim = make_trainee(alpha, surname="Kim", birth_year=1985, phone="secret", note="note")
    make_consent(kim, withdrawn_on=date(2005, 3, 1))
    heads = [*TRAINEES, "Note"]
    for given in ("", "new"):
        rows = table(heads, [*person("Kim", phone=given), ""])
        job = checked(alpha, personas.facilitator_alpha, "trainees", rows, mode="replace")
        assert job.preview["changed_named"] == [[2, "Kim Aigul, 1985", [["Note", "note", ""]]]]
    job = checked(alpha, personas.coordinator, "trainees", table(heads, [*person("Kim", phone="new"), "note"]))
    assert job.preview["changed_named"] == [[2, "Kim Aigul, 1985", [["Phone", "secret", "new"]]]]


def test_what_has_changed_since_the_preview_is_shown_anew(path, alpha, facilitator):
    rows = table(TRAINEES, person("Kim"), person("Lee"))
    job = checked(alpha, facilitator, "trainees", rows)
    make_trainee(alpha, surname="Lee", birth_year=1985)
    jobs.confirm(job, fingerprint=job.preview["fingerprint"], doubles="leave")
    assert (job.state, job.preview["changed_meanwhile"]) == ("checked", True)
    assert counts(job)["new"] == 1
    assert Trainee.objects.count() == 1
    jobs.confirm(job, fingerprint=job.preview["fingerprint"], doubles="leave")
    assert job.state == "done"
    assert Trainee.objects.count() == 2


def test_a_confirmation_of_something_else_does_nothing(path, alpha, facilitator):
    job = checked(alpha, facilitator, "trainees", table(TRAINEES, person("Kim")))
    with pytest.raises(jobs.Changed):
        jobs.confirm(job, fingerprint="another", doubles="leave")
    jobs.confirm(job, fingerprint=job.preview["fingerprint"], doubles="leave")
    with pytest.raises(jobs.Changed):
        jobs.confirm(job, fingerprint=job.preview["fingerprint"], doubles="leave")
    assert Trainee.objects.count() == 1


def test_a_fault_stores_nothing_and_says_so(path, alpha, facilitator, monkeypatch, caplog):
    job = checked(alpha, facilitator, "trainees", table(TRAINEES, person("Kim")))

    def fail(*args):
        raise ZeroDivisionError

    monkeypatch.setattr("training.imports.kinds.Trainees.check_written", fail)
    jobs.confirm(job, fingerprint=job.preview["fingerprint"], doubles="leave")
    assert (job.state, Trainee.objects.count()) == ("failed", 0)
    assert [record.message for record in caplog.records] == [f"The import {job.pk} failed"]


def test_the_centre_of_a_row_and_of_a_file(path, alpha, beta, facilitator):
    heads = ["Centre", "Surname", "Given name"]
    job = checked(alpha, facilitator, "trainees", table(heads, ["alpha", "Kim", "Aigul"], ["beta", "Lee", "Aigul"]))
    assert told(job) == [("row 3", "A", "This row is not of Alpha.")]
    rows = table(heads, ["Alpha", "Kim", "Aigul"], ["", "Lee", "Aigul"])
    assert counts(checked(alpha, facilitator, "trainees", rows)) == {"new": 2}


def test_long_lists_take_the_quick_path(alpha, facilitator):
    short = upload(alpha, facilitator, "trainees", table(TRAINEES, *[person(f"S{n}") for n in range(1000)]))
    long = upload(alpha, facilitator, "trainees", table(TRAINEES, *[person(f"S{n}") for n in range(1001)]))
    assert (jobs.path_of(short), jobs.path_of(long)) == (stock, bulk)


def test_a_centre_of_another_network_shares_nothing(path, alpha, facilitator):
    make_trainee(make_centre(code="far"), surname="Aigul", given_name="Kim", birth_year=1985)
    job = checked(alpha, facilitator, "trainees", table(TRAINEES, person("Kim")))
    assert (told(job), counts(job)) == ([], {"new": 1})


def test_after_a_large_import_the_database_knows_how_large_its_tables_are(path, alpha, facilitator):
    with CaptureQueriesContext(connection) as queries:
        written(alpha, facilitator, "trainees", table(TRAINEES, person("Lee")))
    counted = [query["sql"] for query in queries if query["sql"].startswith('ANALYZE "')]
    large = ['ANALYZE "training_trainee"', 'ANALYZE "training_traineetargetgroup"']
    assert counted == (large if path is bulk else [])
