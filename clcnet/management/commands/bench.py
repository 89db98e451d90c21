"""`manage.py bench`: how much the application adds to what it cannot do without, measured in the same run.

Everything is made inside one transaction that is rolled back, so the database stays as it was.
"""

import os
import sys
from statistics import median
from time import perf_counter

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from centres.models import Centre, Membership, Network, Role, User
from monitoring.models import Aspect, Cycle, MatrixTemplate
from reports import benchmarks
from training import benchmarks as lists

RUNS = 15
WORDS = "Two of the nine computers have been out of order since March, and nobody has been asked to mend them yet. "


class Command(BaseCommand):
    help = (
        "Prints page time over the time of its bare SQL, PDF time over bare WeasyPrint, as medians of ratios, and the "
        "import of a long list against stock django-import-export and bare COPY."
    )

    def handle(self, *args, **options):
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", verbosity=0)
            os.execv(sys.executable, [sys.executable, *sys.argv])  # noqa: S606 - memory that migrating took is not ours
        with transaction.atomic():
            lists.enrolments(write=self.stdout.write)  # first: it also tells the memory of its child processes
            transaction.set_rollback(True)
        with transaction.atomic():
            for centres in (7, 200):
                cycle, expert = matrix_of(centres)
                self.page(cycle, expert, centres)
                if centres == 7:
                    benchmarks.matrix_pdf(cycle, expert, write=self.stdout.write)
            transaction.set_rollback(True)

    def page(self, cycle, expert, centres: int) -> None:
        """The matrix page: whole request over its own queries sent again with a bare cursor, run by run."""
        client, path = Client(HTTP_HOST="localhost"), reverse("monitoring:matrix", args=[cycle.code])
        client.force_login(expert)
        with CaptureQueriesContext(connection) as captured:
            response = client.get(path)
        queries = [query["sql"] for query in captured]
        pages, bare = [], []
        for _ in range(RUNS):
            pages.append(seconds(lambda: client.get(path)))
            bare.append(seconds(lambda: send(queries)))
        ratio = median(page / sql for page, sql in zip(pages, bare, strict=True))
        self.stdout.write(
            f"matrix page, {centres:>3} centres: {median(pages) * 1000:6.1f} ms, its {len(queries)} queries bare "
            f"{median(bare) * 1000:6.1f} ms, ratio {ratio:5.1f}; {len(response.content) / 1000:.0f} kB"
        )


def seconds(work) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start


def send(queries) -> None:
    with connection.cursor() as cursor:
        for sql in queries:
            cursor.execute(sql)
            if cursor.description:
                cursor.fetchall()


def matrix_of(centres: int) -> tuple[Cycle, User]:
    """A cycle of that many centres with twelve aspects and text of real length in every cell."""
    network = Network.objects.create(code=f"bench-{centres}", name="Bench")
    template = MatrixTemplate.objects.create(network=network, version=1, title="Bench")
    Aspect.objects.bulk_create(
        Aspect(template=template, number=n, key=f"aspect-{n}", title=f"Aspect {n}") for n in range(1, 13)
    )
    template.publish()
    taking_part = Centre.objects.bulk_create(
        Centre(network=network, code=f"bench-{centres}-{n}", name=f"Centre {n}", kind="city", host="library")
        for n in range(centres)
    )
    today = timezone.localdate()
    cycle = Cycle.objects.create(
        network=network, code=f"bench-{centres}", title="Bench", template=template, period_start=today, period_end=today
    )
    cycle.add_centres(taking_part)
    cycle.cells.update(finding=WORDS * 3, perspective=WORDS, state="draft", version=1)
    cycle.conclusions.update(text=WORDS * 4)
    expert = User.objects.create_user(f"bench-{centres}", language="en")
    Membership.objects.create(user=expert, network=network, role=Role.EXPERT)
    return cycle, expert
