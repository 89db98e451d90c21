"""What somebody else does while an import runs: it waits, and finds what the import has done."""

import threading
from datetime import date

import pytest
from django.db import OperationalError, connection

from centres.versions import EditConflict
from training.imports import jobs
from training.imports.scope import Scope
from training.models import Enrolment, Lesson, Merge, Trainee

from ...factories import make_centre, make_enrolment, make_facilitator, make_group, make_lesson, make_trainee
from .tables import checked, table, told

pytestmark = pytest.mark.django_db(transaction=True)


def beside(work):
    """Done in a session of its own that waits for a moment only: "done", or the name of what stopped it."""
    said = []

    def run():
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '100ms'")
            work()
            said.append("done")
        except OperationalError as error:
            said.append(type(error.__cause__).__name__)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return said


@pytest.fixture
def meanwhile(monkeypatch):
    """Confirms a job; `work` is tried after the register was read and before anything is written."""

    def confirm(job, work):
        said = []
        save = Scope.save_new_lessons

        def interrupted(self):
            if not said:
                said.extend(beside(work))
            save(self)

        monkeypatch.setattr(Scope, "save_new_lessons", interrupted)
        jobs.confirm(job, fingerprint=job.preview["fingerprint"], doubles="leave")
        return said

    return confirm


def test_an_edit_waits_and_then_finds_that_the_entry_changed(path, meanwhile):
    centre = make_centre()
    kim = make_trainee(centre, surname="Kim", birth_year=1970, phone="1", note="old")
    rows = table(["Surname", "Given name", "Year of birth", "Phone"], ["Kim", "Aigul", "1970", "2"])
    job = checked(centre, make_facilitator(centre), "trainees", rows)

    def edit():
        mine = Trainee.objects.get()
        mine.note = "precious"
        mine.write(version=1)

    assert meanwhile(job, edit) == ["LockNotAvailable"]
    kim.refresh_from_db()
    assert (job.state, kim.phone, kim.note, kim.version) == ("done", "2", "old", 2)
    with pytest.raises(EditConflict):
        edit()


def test_an_edit_before_is_kept(path):
    centre = make_centre()
    make_trainee(centre, surname="Kim", birth_year=1970, phone="1", note="old")
    rows = table(["Surname", "Given name", "Year of birth", "Phone"], ["Kim", "Aigul", "1970", "2"])
    job = checked(centre, make_facilitator(centre), "trainees", rows)
    Trainee.objects.update(note="precious", version=2)
    jobs.confirm(job, fingerprint=job.preview["fingerprint"], doubles="leave")
    assert (job.state, job.preview["changed_meanwhile"]) == ("checked", True)
    jobs.confirm(job, fingerprint=job.preview["fingerprint"], doubles="leave")
    assert Trainee.objects.values_list("phone", "note", "version").get() == ("2", "precious", 3)


def test_nobody_is_enrolled_as_an_entry_that_was_merged_away(path, meanwhile):
    centre = make_centre()
    facilitator = make_facilitator(centre)
    make_group(centre, name="Sewing")
    kept, absorbed = (make_trainee(centre, surname=name, birth_year=1970) for name in ("Kim", "Kimm"))
    heads, row = ["Group", "Trainee", "Status", "Began on"], ["Sewing", "Kimm Aigul, 1970", "enrolled", "2005-01-12"]
    job = checked(centre, facilitator, "enrolments", table(heads, row))

    def merge():
        Merge.objects.merge(kept=kept, absorbed=absorbed, values={}, versions=(1, 1), by=facilitator)

    assert meanwhile(job, merge) == ["LockNotAvailable"]
    assert (job.state, Enrolment.objects.get().trainee) == ("done", absorbed)
    merge()
    assert Enrolment.objects.get().trainee == kept


def test_after_a_merge_the_name_is_no_longer_known(path):
    centre = make_centre()
    facilitator = make_facilitator(centre)
    make_group(centre, name="Sewing")
    kept, absorbed = (make_trainee(centre, surname=name, birth_year=1970) for name in ("Kim", "Kimm"))
    heads, row = ["Group", "Trainee", "Status", "Began on"], ["Sewing", "Kimm Aigul, 1970", "enrolled", "2005-01-12"]
    job = checked(centre, facilitator, "enrolments", table(heads, row))
    Merge.objects.merge(kept=kept, absorbed=absorbed, values={}, versions=(1, 1), by=facilitator)
    jobs.confirm(job, fingerprint=job.preview["fingerprint"], doubles="leave")
    assert told(job) == [("row 2", "B", "No trainee of this centre is called “Kimm Aigul, 1970”.")]


def test_a_lessons_form_waits_and_then_finds_that_it_changed(path, meanwhile):
    centre = make_centre()
    facilitator = make_facilitator(centre)
    enrolment = make_enrolment(make_group(centre, name="Sewing"))
    lesson = make_lesson(enrolment.group, date(2005, 3, 1), absent=[enrolment])
    row = ["Sewing", "2005-03-01", str(enrolment.trainee), "there"]
    job = checked(centre, facilitator, "attendance", table(["Group", "Day", "Trainee", "Mark"], row))

    def keep():
        Lesson.objects.get(pk=lesson.pk).keep(by=facilitator, version=1, marks={enrolment.pk: "excused"})

    assert meanwhile(job, keep) == ["LockNotAvailable"]
    assert (job.state, enrolment.marks.get().mark) == ("done", "present")
    with pytest.raises(EditConflict):
        keep()
