from .accounts import CENTRE_ROLES, Invitation, Membership, Role, User
from .centre import Centre, CentreAlias, Post
from .committee import CommitteeMember, Decision, Meeting
from .community import CommunityProfile, NeedsStudy, PopulationCount, TargetGroup, TargetGroupCount
from .documents import CentreDocument
from .equipment import Equipment
from .finance import Income, IncomeForecast
from .network import AdminUnit, Network, Place, Placement
from .partners import Partner
from .projects import Project, ProjectPartner

__all__ = [
    "CENTRE_ROLES",
    "AdminUnit",
    "Centre",
    "CentreAlias",
    "CentreDocument",
    "CommitteeMember",
    "CommunityProfile",
    "Decision",
    "Equipment",
    "Income",
    "IncomeForecast",
    "Invitation",
    "Meeting",
    "Membership",
    "NeedsStudy",
    "Network",
    "Partner",
    "Place",
    "Placement",
    "PopulationCount",
    "Post",
    "Project",
    "ProjectPartner",
    "Role",
    "TargetGroup",
    "TargetGroupCount",
    "User",
]
