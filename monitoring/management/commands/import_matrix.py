"""manage.py import_matrix FILE --cycle CODE: a monitoring matrix from a spreadsheet, as the browser imports it."""

import sys
from pathlib import Path

import pghistory
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from centres.imports import reader
from centres.models import Membership, Role, User

from ...imports import matrix, plan
from ...imports.problems import grouped
from ...models import Cycle, CycleFrozen


class Command(BaseCommand):
    help = "Imports a monitoring matrix from an XLSX or CSV file into a cycle: all or nothing."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE", help="an XLSX or CSV file")
        parser.add_argument("--cycle", required=True, metavar="CODE", help="the cycle's code, for example 2005")
        parser.add_argument("--dry-run", action="store_true", help="only say what would be done")
        parser.add_argument("--overwrite-accepted", action="store_true", help="also change cells that were accepted")
        parser.add_argument("--by", metavar="USERNAME", help="who imports; without it, a coordinator of the network")

    def handle(self, *, file, cycle, dry_run, overwrite_accepted, by, **options):
        cycle = self.cycle(cycle)
        person = self.person(cycle, by)
        if cycle.is_published:
            raise CommandError(str(CycleFrozen()))
        parsed = self.parsed(file, cycle)
        self.report(parsed.errors, self.stderr)
        if parsed.errors:
            raise CommandError(_("Nothing was imported: %(count)s errors.") % {"count": len(parsed.errors)})
        self.report(parsed.notices, self.stdout)
        if dry_run:
            self.show(plan.Plan.of(cycle, parsed))
            self.stdout.write(_("Dry run: nothing was written."))
            return
        made = plan.Plan.of(cycle, parsed)
        if made.accepted and not overwrite_accepted and sys.stdin.isatty():
            self.show(made)
            overwrite_accepted = self.agreed()
        with pghistory.context(user=person.pk, command="import_matrix", file=file.name):
            try:
                done = made.apply(
                    by=person,
                    overwrite_accepted=overwrite_accepted,
                    note=plan.note_for(file.name),
                )
            except plan.AcceptedInTheWay as refused:
                self.show(refused.plan)
                for change in refused.plan.accepted:
                    self.stderr.write(f"  {change.aspect} {refused.plan.centres[change.centre]}")
                raise CommandError(
                    _("Nothing was imported: these accepted cells would be overwritten. Allow it with %(option)s.")
                    % {"option": "--overwrite-accepted"}
                ) from None
            except (plan.PlanChanged, CycleFrozen) as refused:
                raise CommandError(str(refused)) from None
        self.show(done)
        self.stdout.write(
            _("Nothing to change.") if done.is_empty else _("Imported by %(person)s.") % {"person": person}
        )

    def agreed(self):
        """Ask once, where somebody sits at the terminal."""
        answer = input(_("Overwrite these accepted cells? [y/N]") + " ")
        return answer.strip().casefold() in {"y", "yes", "д", "да", "и", "иә"}

    def cycle(self, code):
        """The cycle with that code."""
        try:
            return Cycle.objects.select_related("network").get(code=code)
        except Cycle.DoesNotExist:
            known = ", ".join(Cycle.objects.order_by("code").values_list("code", flat=True)[:20]) or "–"
            raise CommandError(
                _("There is no cycle “%(code)s”. Known cycles: %(known)s.") % {"code": code, "known": known}
            ) from None

    def person(self, cycle, username):
        """Who is recorded as having imported: somebody who may edit the cycle."""
        if username:
            try:
                person = User.objects.get(username=username, is_active=True)
            except User.DoesNotExist:
                raise CommandError(_("There is no account “%(name)s”.") % {"name": username}) from None
            if not Cycle.objects.managed_by(person).filter(pk=cycle.pk).exists():
                raise CommandError(
                    _("“%(name)s” is neither coordinator nor expert of this network.") % {"name": username}
                )
            return person
        memberships = Membership.objects.on(timezone.localdate()).select_related("user").order_by("from_date", "pk")
        first = memberships.filter(network=cycle.network_id, role=Role.COORDINATOR, user__is_active=True).first()
        if not first:
            raise CommandError(
                _("The network has no coordinator. Say who imports with %(option)s.") % {"option": "--by"}
            )
        return first.user

    def parsed(self, file, cycle):
        """The matrix in the file."""
        try:
            # One byte over the limit is enough to be refused.
            with file.open("rb") as stream:
                data = stream.read(reader.SIZE_LIMIT + 1)
        except OSError as error:
            raise CommandError(
                _("The file “%(file)s” cannot be read: %(reason)s.") % {"file": file, "reason": error.strerror}
            ) from None
        try:
            return matrix.parse(reader.read(data), plan.aspect_names(cycle), plan.centre_names(cycle))
        except reader.BadFile as bad:
            raise CommandError(bad.sentence) from None

    def report(self, problems, stream):
        """Print problems, those of one kind together, each sentence with all its places."""
        for group in grouped(problems):
            stream.write(f"{group.heading}:")
            for sentence, places in group.sentences.items():
                where = "; ".join(place for place in places if place)
                stream.write(f"  {where}: {sentence}" if where else f"  {sentence}")

    def show(self, made):
        """Print the plan's numbers as a table."""
        heads = [_("added"), _("changed"), _("the same"), _("left as they are")]
        rows = [[str(what), *map(str, counts.values())] for what, counts in made.counts]
        widths = [max(len(row[place]) for row in [["", *heads], *rows]) for place in range(5)]
        for row in [["", *heads], *rows]:
            self.stdout.write(
                "  ".join(
                    text.rjust(width) if place else text.ljust(width)
                    for place, (text, width) in enumerate(zip(row, widths, strict=True))
                )
            )
        for text, centres in (
            (_("Centres that join the cycle: %(names)s."), made.joining),
            (_("Centres without a column; they stay as they are: %(names)s."), made.absent),
        ):
            if centres:
                self.stdout.write(text % {"names": ", ".join(map(str, centres))})
        if made.accepted:
            count = {"count": len(made.accepted)}
            self.stdout.write(_("Accepted cells that are overwritten: %(count)s.") % count)
        if made.under_review:
            count = {"count": len(made.under_review)}
            self.stdout.write(_("Submitted cells that become drafts again: %(count)s.") % count)
