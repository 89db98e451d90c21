"""manage.py start_network CODE NAME --coordinator EMAIL: the first network of an empty system, and who runs it."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from centres.models import Invitation, Membership, Network, Role, TargetGroup, User
from clcnet.serve import DEFAULT_PORT
from training.models import ConsentText


class Command(BaseCommand):
    help = (
        "Makes a network and its first coordinator: gives the role to the account with that e-mail address, or prints "
        "an invitation to make one. Everybody else is then invited in the browser."
    )

    def add_arguments(self, parser):
        parser.add_argument("code", metavar="CODE", help="short and lasting: letters, digits, hyphens")
        parser.add_argument("name", metavar="NAME", help="as it stands at the top of every page")
        parser.add_argument("--coordinator", required=True, metavar="EMAIL", help="of the first coordinator")
        parser.add_argument("--language", default="ru", choices=dict(settings.LANGUAGES), help="of the invitation")
        parser.add_argument("--by", metavar="USERNAME", help="who invites; without it, the first administrator")

    @transaction.atomic
    def handle(self, *, code, name, coordinator, language, by, **options):
        inviter = self.administrator(by)
        network = self.network(code, name)
        invitation = Invitation(network=network, role=Role.COORDINATOR, email=coordinator, language=language)
        self.validate(invitation, exclude=["digest", "invited_by", "expires_at"])
        person = User.objects.filter(email__iexact=coordinator, is_active=True).first()
        if person:
            Membership.objects.create(network=network, user=person, role=Role.COORDINATOR)
            self.stdout.write(f"{person} now coordinates “{network}”.")
            return
        network.invitations.open().filter(email__iexact=coordinator).update(withdrawn_at=timezone.now())
        token = invitation.seal(by=inviter)
        self.stdout.write(
            f"“{network}” is made. Send this link to {coordinator}; it works once, for {Invitation.DAYS_OPEN} days:\n\n"
            f"{address(Invitation.path_for(token))}\n"
        )

    def administrator(self, username):
        """Who stands in the records as having invited."""
        administrators = User.objects.filter(is_superuser=True, is_active=True).order_by("pk")
        found = administrators.filter(Q(username=username) if username else Q()).first()
        if found is None:
            raise CommandError(
                f"There is no administrator “{username}”."
                if username
                else "An administrator has to invite. Make one first: manage.py createsuperuser"
            )
        return found

    def network(self, code, name):
        """The network; a new one gets the usual target groups, one that has a coordinator needs nobody from here."""
        network = Network.objects.filter(code=code).first()
        if network is None:
            network = Network(code=code, name=name)
            self.validate(network)
            network.save()
            TargetGroup.objects.furnish(network)
            ConsentText.objects.furnish(network)
        elif Membership.objects.on(timezone.localdate()).filter(network=network, role=Role.COORDINATOR).exists():
            raise CommandError(f"“{network}” has a coordinator, who can invite others in the browser, under People.")
        return network

    def validate(self, row, exclude=()):
        try:
            row.full_clean(exclude=exclude)
        except ValidationError as refused:
            raise CommandError(" ".join(refused.messages)) from None


def address(path):
    """The path on the host that this system answers to; on a machine of one's own, at the demo's port."""
    host = settings.ALLOWED_HOSTS[0].lstrip(".")
    if settings.PRODUCTION:
        return f"https://{host}{path}"
    return f"http://{host}:{DEFAULT_PORT}{path}"
