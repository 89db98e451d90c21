"""manage.py worker: does what pages left to the background, such as large imports. `make demo` starts its own."""

from django.core.management.base import BaseCommand

from clcnet.worker import Worker


class Command(BaseCommand):
    help = "Works through the tasks in the background until Ctrl-C. Several may run; a killed one's task is taken up."

    def handle(self, **options):
        Worker().run()
