"""Addresses of the training register."""

from . import certificates, imports, journal, overview, programmes, trainees

app_name = "training"
urlpatterns = [
    *overview.urlpatterns,
    *programmes.urlpatterns,
    *trainees.urlpatterns,
    *journal.urlpatterns,
    *certificates.urlpatterns,
    *imports.urlpatterns,
]
