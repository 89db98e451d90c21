"""What an import must not do to what the register holds: the same on both paths."""

from datetime import date, time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from centres.models import Equipment, Income, Membership, TargetGroup
from centres.versions import EditConflict
from training.imports import bulk, jobs, stock
from training.imports.columns import Clock
from training.imports.problems import Bad
from training.models import Attendance, Certificate, Enrolment, Lesson, Merge, Trainee

from ...factories import make_certificate, make_enrolment, make_group, make_lesson, make_trainee
from .tables import TRAINEES, checked, counts, person, table, told, written

pytestmark = pytest.mark.django_db
NUMBER = "Number in the register"
ENROLMENT = ["Group", "Trainee", "Status", "Began on", "Ended on", "Reason for leaving"]


def confirm(job, doubles="leave"):
    jobs.confirm(job, fingerprint=job.preview["fingerprint"], doubles=doubles)
    return job.state


def test_a_valid_certificate_keeps_its_ground(path, alpha, facilitator):
    certificate = make_certificate(alpha)
    enrolment = certificate.enrolment
    days = [str(enrolment.started_on), str(enrolment.ended_on)]
    rows = table(ENROLMENT, [enrolment.group.name, str(enrolment.trainee), "dropped out", *days, "found work"])
    job = checked(alpha, facilitator, "enrolments", rows)
    number = certificate.number_text
    sentence = f"Certificate {number} says that she or he completed on these days. Revoke it first."
    assert told(job) == [("row 2", "C", sentence)]
    Certificate.objects.update(revoked_at=timezone.now(), revoked_by=facilitator, revoked_reason="Wrong days.")
    assert confirm(checked(alpha, facilitator, "enrolments", rows)) == "done"
    assert Enrolment.objects.get().status == "dropped"


@pytest.mark.parametrize(("doubles", "people"), [("leave", 1), ("add", 2)])
def test_replace_keeps_whom_a_likely_duplicate_resembles(path, alpha, facilitator, doubles, people):
    known = make_trainee(alpha, surname="Серікова", given_name="Айгүл", birth_year=1985, phone="77")
    job = checked(alpha, facilitator, "trainees", table(TRAINEES, person("Айгүл", "Серікова")), mode="replace")
    assert counts(job) == {"likely": 1}
    assert confirm(job, doubles) == "done"
    known.refresh_from_db()
    assert (known.phone, Trainee.objects.count()) == ("77", people)


@pytest.mark.parametrize("mode", ["add", "replace"])
def test_an_open_form_on_a_lesson_finds_that_its_marks_changed(path, alpha, facilitator, mode):
    group = make_group(alpha, name="Sewing")
    one, other = make_enrolment(group), make_enrolment(group)
    lesson = make_lesson(group, date(2005, 3, 1), absent=[one, other])
    calm = make_lesson(group, date(2005, 3, 2), absent=[one])
    heads = ["Group", "Day", "Trainee", "Mark"]
    rows = [["Sewing", "2005-03-02", str(one.trainee), "away"], ["Sewing", "2005-03-03", str(one.trainee), "there"]]
    rows.append(["Sewing", "2005-03-01", str(one.trainee), "there" if mode == "add" else "away"])
    job = written(alpha, facilitator, "attendance", table(heads, *rows), mode=mode)
    assert (
        counts(job)
        == {
            "add": {"new": 1, "changed": 1, "unchanged": 1, "lessons": 1},
            "replace": {"new": 1, "unchanged": 2, "removed": 1, "lessons": 1},
        }[mode]
    )
    versions = dict(Lesson.objects.values_list("date__day", "version"))
    assert versions == {1: 2, 2: 1, 3: 1}
    with pytest.raises(EditConflict):
        lesson.keep(by=facilitator, version=1, marks={one.pk: "excused"})
    calm.keep(by=facilitator, version=1, marks={one.pk: "excused"})


def test_the_number_of_a_merged_entry_is_refused_with_the_one_that_stands_for_it(path, alpha, facilitator):
    kept = make_trainee(alpha, surname="Kim", birth_year=1970)
    absorbed = make_trainee(alpha, surname="Kimova", birth_year=1970, phone="1")
    Merge.objects.merge(kept=kept, absorbed=absorbed, values={}, versions=(1, 1), by=facilitator)
    rows = table([*TRAINEES, NUMBER], [*person("Kimova", year="1970", phone="999"), str(absorbed.pk)])
    job = checked(alpha, facilitator, "trainees", rows)
    sentence = "This entry was merged into another entry of the same person: Kim Aigul."
    assert told(job) == [("row 2", "H", sentence)]
    absorbed.refresh_from_db()
    assert absorbed.phone == "1"


def test_a_namesake_of_a_merged_entry_is_known(path, alpha, facilitator):
    one, other, kept = (make_trainee(alpha, surname=name, birth_year=1970) for name in ("Kim", "Kim", "Kimova"))
    for absorbed in (min(one, other, key=lambda row: row.pk),):
        Merge.objects.merge(kept=kept, absorbed=absorbed, values={}, versions=(1, 1), by=facilitator)
    assert counts(checked(alpha, facilitator, "trainees", table(TRAINEES, person("Kim", year="1970")))) == {
        "unchanged": 1
    }


def test_two_rows_about_one_entry_by_number_and_by_name(path, alpha, facilitator):
    known = make_trainee(alpha, surname="Kim", birth_year=1970)
    rows = [[*person("Kim", year="1970", phone=phone), number] for phone, number in (("1", str(known.pk)), ("2", ""))]
    job = checked(alpha, facilitator, "trainees", table([*TRAINEES, NUMBER], *rows))
    assert told(job) == [("row 3", "", "This row is about the same entry as row 2, but says something else.")]
    rows[1][5] = "1"
    job = checked(alpha, facilitator, "trainees", table([*TRAINEES, NUMBER], *rows))
    assert told(job) == [("row 3", "", "This row says the same as row 2 and is left out.")]
    assert counts(job) == {"changed": 1}


def test_equal_incomes_are_counted(path, alpha, facilitator):
    rents = [Income.objects.create(centre=alpha, date=date(2005, 3, 1), source="rent", amount=500) for _ in range(2)]
    heads, row = ["Date", "Source", "Amount"], ["01.03.2005", "rent", "500"]
    job = checked(alpha, facilitator, "incomes", table(heads, row, row), mode="replace")
    assert told(job) == [("row 3", "", "This row says the same as row 2 and counts as one more entry.")]
    assert counts(job) == {"unchanged": 2}
    job = written(alpha, facilitator, "incomes", table(heads, row, row, row))
    assert counts(job) == {"new": 1, "unchanged": 2}
    assert Income.objects.count() == 3
    # By number one, in words another: these are two.
    numbered = table([*heads, NUMBER], [*row, str(max(rent.pk for rent in rents))], [*row, ""])
    assert counts(checked(alpha, facilitator, "incomes", numbered)) == {"unchanged": 2}
    job = written(alpha, facilitator, "incomes", table(heads, row), mode="replace")
    assert counts(job) == {"unchanged": 1, "removed": 2}


def test_equal_equipment_without_an_inventory_number_is_counted(path, alpha, facilitator):
    heads = ["Kind", "Name", "Pieces", "Of these work", "Inventory number"]
    plain, numbered = ["fax", "", "1", "1", ""], ["modem", "", "1", "1", "17"]
    job = written(alpha, facilitator, "equipment", table(heads, plain, plain, numbered, numbered))
    assert counts(job) == {"new": 3}
    assert sorted(Equipment.objects.values_list("kind", flat=True)) == ["fax", "fax", "modem"]
    differing = table(heads, plain, ["fax", "", "2", "1", ""])
    assert checked(alpha, facilitator, "equipment", differing).state == "refused"


def test_a_preview_shows_what_happens_to_target_groups(path, alpha, facilitator):
    farmers, youth = (
        TargetGroup.objects.create(network=alpha.network, key=title.lower(), title=title)
        for title in ("Farmers", "Youth")
    )
    kim = make_trainee(alpha, surname="Kim", birth_year=1970)
    kim.mark([farmers, youth], by=facilitator)
    heads = ["Surname", "Given name", "Year of birth", "Target groups"]
    for given, after in (("", ""), ("Youth", "Youth")):
        job = checked(alpha, facilitator, "trainees", table(heads, ["Kim", "Aigul", "1970", given]), mode="replace")
        assert job.preview["changed_named"] == [[2, "Kim Aigul, 1970", [["Target groups", "Farmers; Youth", after]]]]


def test_all_that_goes_is_named(path, alpha, facilitator):
    for number in range(105):
        make_trainee(alpha, surname=f"Gone{number}")
    job = checked(alpha, facilitator, "trainees", table(TRAINEES, person("New")), mode="replace")
    assert (job.preview["removed"], len(set(job.preview["removed_named"]))) == (105, 105)


def test_each_full_group_and_each_contradicted_person_is_told_with_its_row(path, alpha, facilitator):
    rows = []
    for name in "AB":
        group = make_group(alpha, name=f"Group{name}", capacity=1)
        for n in range(2):
            trainee = make_trainee(alpha, surname=f"Surname{name}{n}")
            rows.append([group.name, str(trainee), "enrolled", "2005-01-12", "", ""])
    quiet = make_group(alpha, name="Quiet")
    for name in "YZ":
        enrolment = make_enrolment(quiet, make_trainee(alpha, surname=name, birth_year=1975))
        make_lesson(quiet, date(2005, 3, 1 if name == "Y" else 2), present=[enrolment])
        rows.append(["Quiet", f"{name} Aigul", "dropped out", "2005-01-10", "2005-02-01", "family"])
    job = checked(alpha, facilitator, "enrolments", table(ENROLMENT, *rows))
    journal = "The journal says that “{} Aigul, 1975” was there on {} March 2005, which the new days leave out."
    assert sorted(told(job)) == [
        ("row 6", "B", journal.format("Y", 1)),
        ("row 7", "B", journal.format("Z", 2)),
        ("rows 2, 3", "A", "The group “GroupA” has 1 places; 2 people would be in it at once."),
        ("rows 4, 5", "A", "The group “GroupB” has 1 places; 2 people would be in it at once."),
    ]


def test_marks_outside_of_the_new_days_are_taken_out(path, alpha, facilitator):
    group = make_group(alpha, name="Sewing")
    enrolment = make_enrolment(group, make_trainee(alpha, surname="Kim"))
    make_lesson(group, date(2005, 3, 1), present=[enrolment])
    make_lesson(group, date(2005, 4, 1), absent=[enrolment])
    row = ["Sewing", "Kim Aigul", "dropped out", str(enrolment.started_on), "2005-03-01", "family"]
    written(alpha, facilitator, "enrolments", table(ENROLMENT, row))
    assert list(enrolment.marks.values_list("lesson__date", flat=True)) == [date(2005, 3, 1)]
    assert list(Lesson.objects.order_by("date").values_list("version", flat=True)) == [1, 2]


def test_a_group_that_is_too_full_already_is_no_hindrance_to_other_rows(path, alpha, facilitator):
    group = make_group(alpha, name="Sewing", capacity=1)
    one, _other, _third = (make_enrolment(group, make_trainee(alpha, surname=f"Surname{n}")) for n in range(3))
    row = ["Sewing", str(one.trainee), "dropped out", "2005-01-12", "2005-02-01", "family"]
    assert counts(checked(alpha, facilitator, "enrolments", table(ENROLMENT, row))) == {"changed": 1}


def test_a_birth_year_to_come_is_said_once_and_not_of_a_minor(path, alpha, facilitator):
    later = str(timezone.localdate().year + 1)
    job = checked(alpha, facilitator, "trainees", table(TRAINEES, person("Kim", year=later)))
    assert told(job) == [("row 2", "D", f"The year {later} lies in the future.")]
    job = checked(alpha, facilitator, "trainees", table(TRAINEES, person("Lee", year="2006")))
    assert told(job) == [("row 2", "", "The year of birth lies between 1900 and the year of registration.")]


def test_whoever_has_left_the_centre_writes_nothing_there(path, alpha, facilitator):
    job = checked(alpha, facilitator, "trainees", table(TRAINEES, person("Kim")))
    Membership.objects.all().delete()
    assert confirm(job) == "refused"
    assert told(job) == [("", "", "Only the people of a centre and the coordinators import lists.")]
    assert not Trainee.objects.exists()


def test_somebody_elses_save_in_between_is_no_fault(path, alpha, facilitator, monkeypatch):
    job = checked(alpha, facilitator, "trainees", table(TRAINEES, person("Kim")))
    attempt, collisions = jobs.attempt, [EditConflict(None)]

    def collide(*args):
        outcome = attempt(*args)
        if collisions:
            raise collisions.pop()
        return outcome

    monkeypatch.setattr(jobs, "attempt", collide)
    assert (confirm(job), job.preview["changed_meanwhile"]) == ("checked", True)
    assert not Trainee.objects.exists()
    assert confirm(job) == "done"
    assert Trainee.objects.count() == 1


def test_what_a_commit_would_find_is_found_before(path, alpha, facilitator, monkeypatch):
    """Foreign keys are asked at the end of a transaction only: an import asks at its own end."""
    job = checked(alpha, facilitator, "trainees", table(TRAINEES, person("Kim")))

    def point_nowhere(self, scope, changed):
        Attendance.objects.bulk_create([Attendance(centre=scope.centre, lesson_id=alpha_uuid, enrolment_id=alpha_uuid)])

    alpha_uuid = job.pk
    monkeypatch.setattr("training.imports.kinds.Trainees.after", point_nowhere)
    assert confirm(job) == "failed"


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("9:30", time(9, 30)),
        ("14.30", time(14, 30)),
        ("9:30:00", time(9, 30)),
        ("0.5", None),
        ("14:30 or so", None),
        ("24:00", None),
        ("1430", None),
    ],
)
def test_a_time_of_day_is_one_or_none(text, clock):
    column = Clock("starts", "begins at")
    if clock:
        assert column.read(text) == clock
    else:
        with pytest.raises(Bad, match="is no time of day"):
            column.read(text)


def test_the_short_path_asks_a_handful_of_questions_not_several_a_row(alpha, facilitator, monkeypatch):
    monkeypatch.setattr(jobs, "path_of", lambda job: stock)

    def asked(rows):
        data = table(TRAINEES, *[person(f"Surname{rows}{n}") for n in range(rows)])
        with CaptureQueriesContext(connection) as queries:
            checked(alpha, facilitator, "trainees", data)
        return len(queries)

    assert asked(40) - asked(20) == 20  # one INSERT each


def test_the_short_path_asks_no_more_of_enrolments(alpha, facilitator, monkeypatch):
    monkeypatch.setattr(jobs, "path_of", lambda job: stock)
    make_group(alpha, name="Sewing")
    for n in range(40):
        make_trainee(alpha, surname=f"Surname{n}")

    def asked(rows):
        people = [["Sewing", f"Surname{n} Aigul", "enrolled", "2005-01-12", "", ""] for n in range(rows)]
        with CaptureQueriesContext(connection) as queries:
            checked(alpha, facilitator, "enrolments", table(ENROLMENT, *people))
        return len(queries)

    assert asked(40) - asked(20) == 20


def test_no_row_is_written_that_a_rule_refuses_on_the_short_path_either(alpha, facilitator, monkeypatch):
    told_by = {}
    for path in (stock, bulk):
        monkeypatch.setattr(jobs, "path_of", lambda job, path=path: path)
        rows = [person("Kim", year="1850"), person("Lee", year="2000"), person("Pak")]
        told_by[path] = told(checked(alpha, facilitator, "trainees", table(TRAINEES, *rows)))
    assert (
        told_by[stock]
        == told_by[bulk]
        == [
            ("row 2", "", "The year of birth lies between 1900 and the year of registration."),
            ("row 3", "", "Under 18 years: name a parent or guardian."),
        ]
    )
