"""`make_*` for what a centre keeps, as in `factories`; `make_all` gives one of each."""

from datetime import date
from decimal import Decimal

from django.core.files.base import ContentFile

from centres.models import (
    CentreDocument,
    CommitteeMember,
    CommunityProfile,
    Decision,
    Equipment,
    Income,
    IncomeForecast,
    Meeting,
    NeedsStudy,
    Partner,
    TargetGroup,
)

from .factories import number

PDF = b"%PDF-1.4 secret of the centre"


def make_equipment(centre, **kwargs):
    return Equipment.objects.create(**{"centre": centre, "kind": Equipment.Kind.COMPUTER, **kwargs})


def make_partner(centre, **kwargs):
    values = {"centre": centre, "name": f"Partner {next(number)}", "kind": Partner.Kind.BUSINESS}
    return Partner.objects.create(**{**values, **kwargs})


def make_committee_member(centre, **kwargs):
    return CommitteeMember.objects.create(**{"centre": centre, "name": f"Member {next(number)}", **kwargs})


def make_meeting(centre, **kwargs):
    return Meeting.objects.create(**{"centre": centre, "date": date(2005, 3, 1), **kwargs})


def make_decision(meeting, **kwargs):
    return Decision.objects.create(
        **{"meeting": meeting, "centre": meeting.centre, "text": f"Decision {next(number)}", **kwargs}
    )


def make_income(centre, **kwargs):
    values = {"centre": centre, "date": date(2005, 2, 1), "source": "grants", "amount": Decimal(1000)}
    return Income.objects.create(**{**values, **kwargs})


def make_forecast(centre, **kwargs):
    values = {"centre": centre, "year": 2005, "source": "grants", "amount": Decimal(2000)}
    return IncomeForecast.objects.create(**{**values, **kwargs})


def make_document(centre, **kwargs):
    values = {"centre": centre, "kind": CentreDocument.Kind.OTHER, "title": f"Document {next(number)}"}
    return CentreDocument.objects.create(**{**values, **kwargs})


def make_profile(centre, **kwargs):
    return CommunityProfile.objects.create(**{"centre": centre, "year": 1990 + next(number) % 110, **kwargs})


def make_study(centre, **kwargs):
    values = {"centre": centre, "from_date": date(2005, 2, 1), "methods": "Interviews"}
    return NeedsStudy.objects.create(**{**values, **kwargs})


def make_target_group(network, **kwargs):
    n = next(number)
    values = {"network": network, "key": f"group-{n}", "title": f"Group {n}"}
    return TargetGroup.objects.create(**{**values, **kwargs})


def with_file(**kwargs):
    """Fields of a row with a stored file."""
    return {"file": ContentFile(PDF, "file.pdf"), "file_name": "Plan.pdf", **kwargs}


def make_all(centre) -> dict:
    """One of everything, by the name that addresses give it; where a file can be, there is one."""
    meeting = make_meeting(centre, **with_file())
    return {
        "equipment": make_equipment(centre, quantity=5, working=3),
        "member": make_committee_member(centre),
        "meeting": meeting,
        "decision": make_decision(meeting),
        "partner_org": make_partner(centre, **with_file()),
        "income": make_income(centre),
        "forecast": make_forecast(centre),
        "document": make_document(centre, **with_file()),
        "profile": make_profile(centre),
        "study": make_study(centre, **with_file()),
        "target_group": make_target_group(centre.network),
    }
