"""Addresses of the monitoring, by subject. Codes of cycles never equal the fixed words here (`RESERVED`)."""

from . import agreement, assessments, exchange, matrix, questionnaires

app_name = "monitoring"

urlpatterns = [
    *questionnaires.urlpatterns,
    *exchange.urlpatterns,  # its fixed words come before a centre's code
    *agreement.urlpatterns,
    *assessments.urlpatterns,
    *matrix.urlpatterns,
]
