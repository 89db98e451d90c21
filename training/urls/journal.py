"""Journals, satisfaction slips and follow-ups."""

urlpatterns = []
