"""Addresses of self-assessments: the overview, a centre's own pages, its answers."""

urlpatterns = []
