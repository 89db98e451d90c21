"""Addresses of what a centre says beside what the experts found."""

from django.urls import path

from ..views import agreement, proposals

urlpatterns = [
    path("<slug:cycle>/agreement/", agreement.table, name="agreement"),
    path("<slug:cycle>/proposals/", proposals.index, name="proposals"),
    path("<slug:cycle>/proposals/<uuid:pk>/", proposals.proposal, name="proposal"),
]
