"""manage.py demo: the demo network; with --serve, `make demo`."""

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from centres.accounts import DEMO_PASSWORD
from clcnet import serve
from clcnet.demo import loading, network


class Command(BaseCommand):
    help = "Loads the demo network, unless it is there already. With --serve also serves it on this machine."
    requires_system_checks = ()  # they would double the time that a second start takes

    def add_arguments(self, parser):
        parser.add_argument("--serve", action="store_true", help="then serve it on 127.0.0.1; PORT chooses the port")

    def handle(self, *, serve: bool, **options):
        if settings.PRODUCTION:
            raise CommandError("The demo's accounts have a public password, so it is refused with CLCNET_PRODUCTION=1.")
        if serve:
            self.serve()
        else:
            self.migrate()
            self.load()

    def load(self):
        try:
            loaded = loading.load()
        except loading.OtherData as reason:
            raise CommandError(str(reason)) from None
        self.stdout.write("The demo network is loaded." if loaded else "The demo network is there; it stays as it is.")

    def serve(self):
        """From whatever state the database is in to a served page."""
        try:
            port = serve.free_port()
            self.migrate()
            self.load()
            self.introduce()
            serve.serve(port)
        except serve.PortError as reason:
            raise CommandError(str(reason)) from None

    def migrate(self):
        """Bring the database up to date. Asking first whether it is spares a second on most starts."""
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("Preparing the database ...")
            call_command("migrate", verbosity=0, skip_checks=True)

    def introduce(self):
        """Who can sign in."""
        self.stdout.write(f"\nSign in with one of these names and the password {DEMO_PASSWORD}:\n\n")
        for account in network.ACCOUNTS:
            place = f"{account.role} in {account.centre.capitalize()}" if account.centre else account.role
            self.stdout.write(f"  {account.username:<14}{place:<28}{account.signature}")
        self.stdout.write("")
