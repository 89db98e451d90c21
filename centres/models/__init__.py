from .accounts import CENTRE_ROLES, Invitation, Membership, Role, User
from .centre import Centre, CentreAlias, Post
from .network import AdminUnit, Network, Place, Placement
from .projects import Project, ProjectPartner

__all__ = [
    "CENTRE_ROLES",
    "AdminUnit",
    "Centre",
    "CentreAlias",
    "Invitation",
    "Membership",
    "Network",
    "Place",
    "Placement",
    "Post",
    "Project",
    "ProjectPartner",
    "Role",
    "User",
]
