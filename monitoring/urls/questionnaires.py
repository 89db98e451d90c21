"""Addresses of questionnaires: their versions, drafting, the map to the matrix."""

urlpatterns = []
