"""The database itself keeps the register's rules, however rows are written."""

from datetime import date, time

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Value

from centres.latin import NameKey, name_key
from centres.models import TargetGroup
from training.counts import Counts, counts_by
from training.models import (
    Attendance,
    Consent,
    ConsentText,
    Enrolment,
    Lesson,
    Programme,
    SeminarAttendance,
    Trainee,
    TraineeTargetGroup,
)

from ..factories import (
    make_consent,
    make_enrolment,
    make_group,
    make_lesson,
    make_network,
    make_programme,
    make_project,
    make_room,
    make_seminar,
    make_trainee,
    make_trainer,
)

pytestmark = pytest.mark.django_db

SPELLINGS = [
    ("Кенжеғали Айгүл", "Кенжегали Айгуль", "Kenzhegali Aigul", "Kenjeğali Aigül"),
    ("Щербаков Дмитрий", "Shcherbakov Dmitry", "Щербаков Дмитрии"),
    ("Чернова Яна", "Chernova Yana", "ЧЕРНОВА ЯНА"),
    ("ҚЫДЫРБЕКОВА Юлия", "Kydyrbekova Yuliya", "Қыдырбекова  Юлия"),
]


@pytest.mark.parametrize("same", SPELLINGS)
def test_spellings_of_one_name_have_one_key(same):
    assert len({name_key(name) for name in same}) == 1


@pytest.mark.parametrize("name", [name for same in SPELLINGS for name in same])
def test_the_database_makes_the_same_key(name):
    with connection.cursor() as cursor:
        sql, params = Trainee.objects.values_list(NameKey(Value(name))).query.sql_with_params()
        cursor.execute(sql.split(" FROM ")[0], params)
        assert cursor.fetchone()[0] == name_key(name)


def refused(constraint: str, write):
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        write()


def test_a_child_has_a_guardian(alpha):
    refused("trainee_minor_has_guardian", lambda: make_trainee(alpha, birth_year=1990))
    assert make_trainee(alpha, birth_year=1990, guardian_name="Her mother").is_minor is False  # today she is grown up


def test_nobody_is_born_after_being_registered(alpha):
    refused("trainee_born_before_registered", lambda: make_trainee(alpha, birth_year=2006, guardian_name="x"))


def test_rows_stay_at_one_centre(alpha, beta):
    group, stranger = make_group(alpha), make_trainee(beta)
    refused("another centre", lambda: make_enrolment(group, stranger))
    enrolment = make_enrolment(group)
    refused("another centre", lambda: Enrolment.objects.filter(pk=enrolment.pk).update(trainee=stranger))
    lesson = make_lesson(group)
    refused(
        "another centre",
        lambda: Attendance.objects.create(centre=beta, lesson=lesson, enrolment=enrolment, mark="present"),
    )


def test_rows_stay_in_one_network(alpha, network):
    foreign = make_network()
    mark = TargetGroup.objects.create(network=foreign, key="youth", title="Youth")
    ConsentText.objects.furnish(foreign)
    person, trainer = make_trainee(alpha), make_trainer(alpha)
    rows = [
        lambda: TraineeTargetGroup.objects.create(centre=alpha, trainee=person, target_group=mark),
        lambda: make_consent(person, text=foreign.consent_texts.first()),
        lambda: SeminarAttendance.objects.create(centre=alpha, trainer=trainer, seminar=make_seminar(foreign)),
        lambda: make_seminar(network, cascade_of=make_seminar(foreign)),
        lambda: make_seminar(network, project=make_project(foreign)),
        lambda: make_programme(network, adapted_from=make_programme(foreign)),
        lambda: make_programme(network, edition=2, replaces=make_programme(foreign)),
    ]
    for write in rows:
        refused("another network", write)
    make_consent(person)
    refused("another network", lambda: Consent.objects.update(text=foreign.consent_texts.first()))
    programme = make_programme(network, adapted_from=make_programme(network))
    refused("another network", lambda: Programme.objects.filter(pk=programme.pk).update(network=foreign))


def test_a_person_is_in_a_group_once(alpha):
    enrolment = make_enrolment(make_group(alpha))
    refused("enrolment_once", lambda: make_enrolment(enrolment.group, enrolment.trainee))


def test_status_and_dates_agree(alpha):
    group = make_group(alpha)
    refused("enrolment_dates_fit_status", lambda: make_enrolment(group, status="waiting"))
    refused("enrolment_dates_fit_status", lambda: make_enrolment(group, status="completed"))
    refused(
        "enrolment_reason_only_of_dropout", lambda: make_enrolment(group, status="dropped", ended_on=date(2005, 3, 1))
    )
    refused("enrolment_dates_in_order", lambda: make_enrolment(group, status="completed", ended_on=date(2005, 1, 1)))


@pytest.mark.parametrize("what", ["room", "trainer"])
def test_two_groups_never_have_one_room_or_trainer_at_a_time(alpha, what):
    thing = {"room": make_room, "trainer": make_trainer}[what](alpha)
    when = {"day": date(2005, 2, 1), "starts": time(10), "ends": time(12), what: thing}
    make_lesson(make_group(alpha), **when)
    refused(f"lesson_{what}_one_at_a_time", lambda: make_lesson(make_group(alpha), **{**when, "starts": time(11)}))
    make_lesson(make_group(alpha), **{**when, "starts": time(12), "ends": time(13)})
    make_lesson(make_group(alpha), **{**when, "state": "cancelled"})
    assert Lesson.objects.count() == 3


def test_marks_belong_to_the_lesson_s_group_and_to_named_lessons(alpha):
    group, other = make_group(alpha), make_group(alpha)
    stranger = make_enrolment(other)
    refused("of another group", lambda: make_lesson(group, present=[stranger]))
    told = make_group(alpha, keeping="totals")
    refused("totals only", lambda: make_lesson(told, present=[make_enrolment(told)]))
    refused("lesson_totals_only_without_names", lambda: make_lesson(group, women=3, men=0))


def test_people_enrolments_and_visits_are_three_counts(alpha, beta):
    sewing, computing, told = make_group(alpha), make_group(alpha), make_group(alpha, keeping="totals")
    both, one = make_trainee(alpha), make_trainee(alpha)
    enrolments = [make_enrolment(sewing, both), make_enrolment(sewing, one), make_enrolment(computing, both)]
    make_enrolment(sewing, status="waiting", started_on=None)
    make_enrolment(make_group(alpha, start=date(2005, 7, 1), end=None))
    make_lesson(sewing, date(2005, 1, 17), present=enrolments[:2])
    make_lesson(sewing, date(2005, 1, 18), present=enrolments[:1], absent=enrolments[1:2])
    make_lesson(told, date(2005, 1, 19), women=7, men=2)
    make_lesson(told, date(2005, 1, 20), women=50, men=50, state="cancelled")
    figures = counts_by([alpha, beta], date(2005, 1, 1), date(2005, 6, 30))
    assert figures == {alpha.pk: Counts(people=2, enrolments=3, visits=3, marked=4, told_women=7, told_men=2)}


def test_no_index_of_the_large_tables_is_the_beginning_of_another():
    """Each one would be written with every row and never be needed."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT short.indexrelid::regclass::text FROM pg_index short
            JOIN pg_index long ON long.indrelid = short.indrelid AND long.indnatts > 1 AND long.indpred IS NULL
                AND long.indkey[0] = short.indkey[0] AND short.indkey[0] <> 0
            JOIN pg_class kind ON kind.oid = long.indexrelid
            JOIN pg_am ON pg_am.oid = kind.relam AND amname = 'btree'
            WHERE short.indnatts = 1 AND NOT short.indisunique AND short.indrelid = ANY(%s::regclass[])
            """,
            [["training_trainee", "training_enrolment", "training_lesson", "training_attendance"]],
        )
        assert cursor.fetchall() == []


def test_names_are_searched_within_a_centre():
    """One index for both, so that a search costs no more with other centres' names beside."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'trainee_name_key'")
        assert "USING gin (centre_id, name_key gin_trgm_ops)" in cursor.fetchone()[0]
