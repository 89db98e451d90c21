"""An invitation for tests, as a coordinator makes it."""

from centres.models import Invitation
from tests.factories import number


def make_invitation(*, by, role="facilitator", centre=None, project=None, network=None, **kwargs):
    """A sealed invitation and the path of its link."""
    values = {"email": f"new-{next(number)}@people.example", "name": "Айгүл Серікқызы", "language": "en", **kwargs}
    scope = centre or project
    invitation = Invitation(network=network or scope.network, role=role, centre=centre, project=project, **values)
    return invitation, Invitation.path_for(invitation.seal(by=by))
