"""Files as people send them, and their way through an import."""

import csv
import io

from centres.imports import reader
from training.imports import bulk, jobs, stock
from training.imports.kinds import KINDS
from training.imports.problems import grouped
from training.imports.sheet import recognise
from training.models import ImportJob

PATHS = [stock, bulk]
TRAINEES = ["Surname", "Given name", "Patronymic", "Year of birth", "Sex", "Phone", "Registered on"]


def table(*rows, delimiter=",", encoding="utf-8"):
    """A CSV file's bytes."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode(encoding)


def person(surname, given="Aigul", patronymic="", year="1985", sex="female", phone="", registered="2005-01-10"):
    """A row below TRAINEES."""
    return [surname, given, patronymic, year, sex, phone, registered]


def upload(centre, by, kind, data, mode="add"):
    """The stored job of a file whose headings are fine."""
    packed = reader.stream(data)
    sheet = recognise(packed, KINDS[kind], centre)
    assert sheet.problems.errors == 0, [group.sentence for group in sheet.problems.groups.values()]
    return ImportJob.objects.create(
        centre=centre, by=by, kind=kind, mode=mode, file_name="list.csv", rows=sheet.rows, rows_read=packed
    )


def checked(*args, **kwargs):
    """The job after its check."""
    job = upload(*args, **kwargs)
    jobs.start(job)
    return job


def written(*args, doubles="leave", **kwargs):
    """The job after its confirmation."""
    job = checked(*args, **kwargs)
    assert job.state == "checked", told(job)
    jobs.confirm(job, fingerprint=job.preview["fingerprint"], doubles=doubles)
    assert job.state == "done", told(job)
    return job


def told(job):
    """The problems as a page says them: (place, column letter, sentence)."""
    return [(group.place, group.letter, group.sentence) for group in grouped(job.problems)]


def counts(job):
    """What is not 0 in the plan."""
    names = ("new", "changed", "unchanged", "likely", "removed", "blocked", "lessons")
    return {name: job.preview[name] for name in names if job.preview[name]}
