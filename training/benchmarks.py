"""How fast a long list is imported, against the ways that are known. Run by `make bench`."""

import io
import re
import resource
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter

import tablib
from django.db import connection, transaction
from django.utils import translation
from import_export import resources
from import_export.fields import Field
from import_export.widgets import DateWidget, ForeignKeyWidget, Widget
from openpyxl import Workbook

from centres.imports import reader
from centres.models import Centre, Membership, Network, Role, User

from .imports import bulk
from .imports.kinds import KINDS
from .imports.scope import Scope
from .imports.sheet import recognise
from .models import Enrolment, Group, Programme, Trainee

ROWS = 100_000
SAMPLE = 500
IN_GROUP = 25
FASTER = 50  # goal: so many times the stock path
MEMORY = 400  # goal: megabytes at most, the reader's process included


def enrolments(*, rows: int = ROWS, sample: int = SAMPLE, write=print) -> float:
    """Print and give back how many times faster than stock django-import-export a file of enrolments is imported.

    Both write the same rows with their history; the caller's transaction is to be rolled back. The long list goes from
    the bytes of an XLSX file to rows that are checked and written; the sample takes the rows from the same reader.
    """
    centre, user = _centre_of(rows)
    data = _workbook(rows, centre)
    kind = KINDS["enrolments"]
    with _peak() as peak:
        packed, reading = _timed(lambda: reader.stream(data))
        plan, writing = _timed(lambda: _run(kind, centre, user, packed))
    if (plan.new, Enrolment.events.rel.related_model.objects.filter(centre=centre).count()) != (rows, rows):
        raise AssertionError("The benchmark did not import what it measures.")
    memory = peak()
    ours = reading + writing
    copy = _copy(centre)
    Enrolment.objects.filter(centre=centre)._raw_delete("default")
    few = reader.stream(_workbook(sample, centre))
    _done, theirs = _timed(lambda: _import_bare(centre, few))
    if Enrolment.objects.filter(centre=centre).count() != sample:
        raise AssertionError("The sample was not imported.")
    ratio = (theirs / sample) / (ours / rows)
    write(
        f"import of {rows:,} enrolments from XLSX: {ours:.1f} s (reading {reading:.1f}), history included; "
        f"stock django-import-export {theirs / sample * 1000:.1f} ms a row (sample of {sample}), "
        f"so {ratio:.0f} times as fast (goal {FASTER}); bare COPY {copy:.1f} s, ratio {ours / copy:.1f}; "
        f"peak memory {memory:.0f} MB (goal under {MEMORY})"
    )
    return ratio


class Person(ForeignKeyWidget):
    """A trainee by what the table calls her: Surname Given, 1985."""

    def clean(self, value, row=None, **kwargs):
        surname, given_name, year = re.fullmatch(r"(\S+) (\S+), (\d+)", value).groups()
        return self.model.objects.get(surname=surname, given_name=given_name, birth_year=year)


class Word(Widget):
    """A status by its word."""

    def clean(self, value, row=None, **kwargs):
        return {str(word): code for code, word in Enrolment.Status.choices}[value]


class Bare(resources.ModelResource):
    """The library as it comes: the same columns, validated by the model, with nothing of our own path."""

    group = Field("group", "Group", ForeignKeyWidget(Group, "name"))
    trainee = Field("trainee", "Trainee", Person(Trainee))
    status = Field("status", "Status", Word())
    applied_on = Field("applied_on", "Applied on", DateWidget("%Y-%m-%d"))
    started_on = Field("started_on", "Began on", DateWidget("%Y-%m-%d"))
    ended_on = Field("ended_on", "Ended on", DateWidget("%Y-%m-%d"))

    class Meta:
        model = Enrolment
        fields = ["group", "trainee", "status", "applied_on", "started_on", "ended_on"]
        import_id_fields = ["group", "trainee"]
        clean_model_instances = True
        skip_html_diff = True

    def __init__(self, centre):
        super().__init__()
        self.centre = centre

    def init_instance(self, row=None):
        return Enrolment(centre=self.centre)


def _import_bare(centre, packed):
    head, *rows = (line[1] for line in reader.lines(packed) if not isinstance(line, dict))
    rows = [row + [""] * (len(head) - len(row)) for row in rows]
    with translation.override("en"):
        Bare(centre).import_data(tablib.Dataset(*rows, headers=head), raise_errors=True)


def _timed(work):
    start = perf_counter()
    done = work()
    return done, perf_counter() - start


def _run(kind, centre, user, packed):
    sheet = recognise(packed, kind, centre)
    with transaction.atomic():
        plan = bulk.run(kind, Scope(centre, user, kind.model), sheet, "add")
    if sheet.problems.errors:
        raise AssertionError([group.sentence for group in sheet.problems.groups.values()])
    return plan


@contextmanager
def _peak():
    """Afterwards gives the most memory, in MB, that this process and its largest child held meanwhile, together."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")  # forget the peak so far
    told = []

    def peak():
        return sum(told) / 1024

    yield peak
    status = Path("/proc/self/status").read_text()
    told.append(int(status.partition("VmHWM:")[2].split()[0]))
    told.append(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)


def _copy(centre) -> float:
    """Seconds that PostgreSQL takes to COPY the same rows into a bare table."""
    out = io.StringIO()
    with connection.cursor() as cursor:
        rows = cursor.mogrify("SELECT * FROM training_enrolment WHERE centre_id = %s", [centre.pk]).decode()
        cursor.copy_expert(f"COPY ({rows}) TO STDOUT", out)
        out.seek(0)
        cursor.execute("CREATE TEMPORARY TABLE bare AS SELECT * FROM training_enrolment WITH NO DATA")
        _done, seconds = _timed(lambda: cursor.copy_expert("COPY bare FROM STDIN", out))
        cursor.execute("DROP TABLE bare")
    return seconds


def _centre_of(rows):
    """A centre with groups and a quarter as many trainees as rows."""
    network = Network.objects.create(code="bench-import", name="Bench")
    centre = Centre.objects.create(network=network, code="bench-import", name="Bench", kind="city", host="library")
    user = User.objects.create_user("bench-import", language="en")
    Membership.objects.create(user=user, network=network, centre=centre, role=Role.FACILITATOR)
    programme = Programme.objects.create(network=network, title="Bench", area="economy", kind="income")
    Trainee.objects.bulk_create(
        (
            Trainee(
                centre=centre, surname=f"Surname{n}", given_name=f"Given{n % 500}", birth_year=1950 + n % 40, sex="f"
            )
            for n in range(max(IN_GROUP, rows // 4))
        ),
        batch_size=2000,
    )
    Group.objects.bulk_create(
        Group(centre=centre, programme=programme, name=f"Group {n}", start=date(2005, 1, 10), end=date(2005, 12, 20))
        for n in range(-(-rows // IN_GROUP))
    )
    return centre, user


def _workbook(rows, centre) -> bytes:
    """The list as a spreadsheet program would write it."""
    people = max(IN_GROUP, Trainee.objects.filter(centre=centre).count())
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Enrolments")
    kind = KINDS["enrolments"]
    sheet.append([column.heading for column in kind.columns])
    words = dict(Enrolment.Status.choices)
    for n in range(rows):
        person = n % people
        began = date(2005, 1, 10) + timedelta(n % 90)
        done = n % 4 == 0
        sheet.append(
            [
                f"Group {n // IN_GROUP}",
                f"Surname{person} Given{person % 500}, {1950 + person % 40}",
                str(words["completed" if done else "enrolled"]),
                began,
                began,
                date(2005, 11, 30) if done else None,
            ]
        )
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
