"""Addresses of what a centre keeps, below its code."""

from django.urls import path

from ..views import community, kept_history, resources
from ..views.resources import (
    DECISION,
    DOCUMENT,
    EQUIPMENT,
    FORECAST,
    INCOME,
    MEETING,
    MEMBER,
    PARTNER,
    PROFILE,
    STUDY,
)


def kept(folder, name, resource, *, file=False):
    """Adding, editing and deleting rows, and reading their files: `<name>_new`, `_edit`, `_delete`, `_file`."""
    given = {"resource": resource}
    if not resource.parent:
        yield path(f"{folder}/new/", resources.new, given, name=f"{name}_new")
    yield path(f"{folder}/<uuid:pk>/edit/", resources.edit, given, name=f"{name}_edit")
    yield path(f"{folder}/<uuid:pk>/delete/", resources.delete, given, name=f"{name}_delete")
    if file:
        yield path(f"{folder}/<uuid:pk>/file/", resources.download, given, name=f"{name}_file")


urlpatterns = [
    path("<slug:tab>/history/", kept_history.history, name="tab_history"),
    path("equipment/", resources.equipment, name="equipment"),
    path("equipment/<uuid:pk>/report/", resources.equipment_report, name="equipment_report"),
    *kept("equipment", "equipment", EQUIPMENT),
    path("committee/", resources.committee, name="committee"),
    *kept("committee/members", "member", MEMBER),
    path("committee/meetings/<uuid:pk>/", resources.meeting, name="meeting"),
    *kept("committee/meetings", "meeting", MEETING, file=True),
    path(
        "committee/meetings/<uuid:parent_pk>/decisions/new/",
        resources.new,
        {"resource": DECISION},
        name="decision_new",
    ),
    path("committee/decisions/<uuid:pk>/done/", resources.decision_done, name="decision_done"),
    *kept("committee/decisions", "decision", DECISION),
    path("partners/", resources.partners, name="partners"),
    *kept("partners", "partner_org", PARTNER, file=True),
    path("finance/", resources.finance, name="finance"),
    *kept("finance/incomes", "income", INCOME),
    *kept("finance/forecasts", "forecast", FORECAST),
    path("documents/", resources.documents, name="documents"),
    *kept("documents", "document", DOCUMENT, file=True),
    path("community/", community.community, name="community"),
    *kept("community/profiles", "profile", PROFILE),
    *kept("community/studies", "study", STUDY, file=True),
]
