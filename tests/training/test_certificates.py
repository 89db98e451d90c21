"""Certificates: numbers without gaps, rows that never change, one valid one per enrolment and form."""

import threading
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError

from training.models import Certificate, CertificateCounter
from training.models.certificates import ALPHABET, grouped, new_code, read_code

from ..factories import make_centre, make_certificate, make_completed, make_enrolment, make_group, make_user, wordings

pytestmark = pytest.mark.django_db
DAY = date(2005, 7, 1)


def issue(*enrolments, by=None, **kwargs):
    """Issue to these enrolments at once, each under the name of the register."""
    values = {"form": "en", "issued_on": DAY, "signatory": "Head", "wordings": wordings("en"), **kwargs}
    return Certificate.objects.issue({e: str(e.trainee) for e in enrolments}, by=by or make_user(), **values)


def numbers(centre):
    return list(Certificate.objects.filter(centre=centre).order_by("number").values_list("number", flat=True))


# --- Codes ----------------------------------------------------------------------------------------------------------


def test_a_code_has_80_bits_and_no_letter_that_is_taken_for_another():
    assert len(set(ALPHABET)) == 32
    assert set(ALPHABET) & set("ILOU") == set()
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200
    assert {len(code) for code in codes} == {16}


@pytest.mark.parametrize(
    "typed",
    [
        "7K3M-9QXD-01AB-EHTV",
        "7k3m 9qxd 01ab ehtv",
        " 7K3M9QXD01ABEHTV\n",
        "7k3m–9qxd–oiab–ehtu",  # o for 0, i for 1, u for v, and a dash
        "7КЗМ-9QХD-О1АВ-ЕНТV",  # Cyrillic letters
        "7K3M_9QXD.0lab/EHTV",
    ],
)
def test_a_code_is_read_as_people_type_it(typed):
    assert read_code(typed) == "7K3M9QXD01ABEHTV"


@pytest.mark.parametrize("typed", ["", "7K3M-9QXD-01AB-EHT", "7K3M-9QXD-01AB-EHTVX", "Ж" * 16, "²" * 16])
def test_what_is_no_code_is_none(typed):
    assert read_code(typed) == ""


def test_codes_are_shown_in_groups():
    assert grouped("7K3M9QXD01ABEHTV") == "7K3M-9QXD-01AB-EHTV"


# --- Numbers --------------------------------------------------------------------------------------------------------


def test_each_centre_counts_by_itself_in_the_order_asked_for(alpha, beta):
    group = make_group(alpha)
    first, second, third = (make_completed(group) for _ in range(3))
    made = issue(second, first)
    assert [(row.enrolment_id, row.number) for row in made] == [(second.pk, 1), (first.pk, 2)]
    assert [row.number for row in issue(make_completed(make_group(beta)))] == [1]
    assert [row.number for row in issue(third)] == [3]
    assert made[0].number_text == "00001"


def test_the_database_numbers_whatever_was_written(alpha):
    assert make_certificate(alpha, number=17).number == 1
    assert numbers(alpha) == [1]


def test_an_issue_that_fails_leaves_no_gap(alpha):
    group = make_group(alpha)
    good, running = make_completed(group), make_enrolment(group)
    with pytest.raises(ValidationError, match="has not completed the group"):
        issue(good, running)
    with transaction.atomic():
        issue(good)
        transaction.set_rollback(True)
    assert numbers(alpha) == []
    assert [row.number for row in issue(good)] == [1]


@pytest.mark.django_db(transaction=True)
def test_many_at_once_get_numbers_without_gap_or_twin(alpha):
    """Ten clerks at a time; every third one's work is rolled back after she got her number."""
    user, group = make_user(), make_group(alpha)
    enrolments = [make_completed(group) for _ in range(30)]
    start, errors = threading.Barrier(10), []

    def clerk(place):
        try:
            start.wait()
            for enrolment in enrolments[place::10]:
                with transaction.atomic():
                    issue(enrolment, by=user)
                    transaction.set_rollback(place % 3 == 0)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=clerk, args=(place,)) for place in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert numbers(alpha) == list(range(1, 19))
    assert CertificateCounter.objects.get(centre=alpha).last == 18


@pytest.mark.django_db(transaction=True)
def test_two_clicks_on_one_button_issue_once(alpha):
    user, enrolment = make_user(), make_completed(make_group(alpha))
    start, refused = threading.Barrier(2), []

    def click():
        try:
            start.wait()
            issue(enrolment, by=user)
        except ValidationError as error:
            refused.append(error.messages[0])
        finally:
            connection.close()

    threads = [threading.Thread(target=click) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == [f"{enrolment.trainee}: has certificate 00001 already; revoke that one first"]
    assert numbers(alpha) == [1]


# --- Who may get one ------------------------------------------------------------------------------------------------


def test_what_blocks_is_said_for_each_person(alpha):
    group = make_group(alpha)
    running, late, held = make_enrolment(group), make_completed(group, ended_on=date(2005, 8, 1)), make_completed(group)
    issue(held)
    with pytest.raises(ValidationError) as refused:
        issue(running, late, held)
    assert sorted(refused.value.messages) == sorted(
        [
            f"{running.trainee}: has not completed the group",
            f"{late.trainee}: ended on 1 August 2005, after the day of issue",
            f"{held.trainee}: has certificate 00001 already; revoke that one first",
        ]
    )


def test_one_valid_certificate_per_enrolment_and_form(alpha, coordinator):
    enrolment = make_completed(make_group(alpha))
    first = issue(enrolment)[0]
    assert issue(enrolment, form="kk+ru", wordings=wordings("kk", "ru"))[0].number == 2
    with pytest.raises(IntegrityError, match="certificate_one_valid"), transaction.atomic():
        make_certificate(alpha, enrolment=enrolment)
    assert first.revoke(by=coordinator, reason="A letter was wrong.") is True
    assert issue(enrolment)[0].number == 3
    assert [row.number for row in Certificate.objects.valid().order_by("number")] == [2, 3]


@pytest.mark.parametrize(
    ("status", "recognised"), [("registered", True), ("part_of_host", False), ("none", False), ("unknown", False)]
)
def test_only_a_registered_legal_entity_awards_recognised_ones(network, status, recognised):
    centre = make_centre(network, legal_status=status)
    assert issue(make_completed(make_group(centre)))[0].is_recognised is recognised


def test_what_is_printed_stays_when_everything_else_changes(alpha):
    group = make_group(alpha)
    enrolment = make_completed(group)
    row = issue(enrolment)[0]
    said = (row.name, row.hours, row.in_words())
    enrolment.trainee.surname = group.programme.title = alpha.name = "Other"
    for thing in (enrolment.trainee, group.programme, alpha):
        thing.save()
    row = Certificate.objects.get()
    assert (row.name, row.hours, row.in_words()) == said


# --- The database keeps it ------------------------------------------------------------------------------------------


def refused(pattern, write):
    with pytest.raises(DatabaseError, match=pattern), transaction.atomic():
        write()


def test_nothing_on_it_is_ever_changed(alpha, coordinator):
    row = make_certificate(alpha)
    rows = Certificate.objects.filter(pk=row.pk)
    for change in (
        {"name": "Somebody else"},
        {"number": 7},
        {"code": "7K3M9QXD01ABEHTV"},
        {"issued_on": date(2005, 8, 1)},
        {"wordings": {}},
        {"is_recognised": True},
        {"enrolment": make_completed(make_group(alpha))},
    ):
        refused("never changed", lambda change=change: rows.update(**change))
    row.revoke(by=coordinator, reason="Why")
    refused("never changed", lambda: rows.update(revoked_reason="Another"))
    refused("never changed", lambda: rows.update(revoked_at=None, revoked_by=None, revoked_reason=""))


def test_none_is_ever_deleted(alpha):
    row = make_certificate(alpha)
    refused("Cannot delete", row.delete)
    assert Certificate.objects.count() == 1


def test_a_revocation_has_a_reason_and_happens_once(alpha, coordinator):
    row = make_certificate(alpha)
    refused("certificate_revoked_by_somebody", lambda: row.revoke(by=coordinator, reason=""))
    assert Certificate.objects.get().revoke(by=coordinator, reason="First") is True
    assert row.revoke(by=coordinator, reason="Second") is False
    assert Certificate.objects.get().revoked_reason == "First"


def test_no_certificate_for_who_has_not_completed(alpha, beta):
    enrolment = make_enrolment(make_group(alpha))
    refused("not completed", lambda: make_certificate(alpha, enrolment=enrolment))
    done = make_completed(make_group(alpha))
    refused("another centre", lambda: make_certificate(beta, enrolment=done))
    refused("certificate_dates_in_order", lambda: make_certificate(alpha, issued_on=date(2005, 6, 1)))
