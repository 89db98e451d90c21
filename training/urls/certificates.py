"""Certificates, for those who issue them."""

from django.urls import path

from ..views import certificates

urlpatterns = [
    path("certificates/", certificates.certificate_list, name="certificates"),
    path("certificates/<uuid:pk>/", certificates.certificate, name="certificate"),
    path("certificates/<uuid:pk>/revoke/", certificates.revoke, name="certificate_revoke"),
    path("groups/<uuid:pk>/certificates/", certificates.group_certificates, name="group_certificates"),
]
