"""Addresses of documents."""

from django.urls import path

from .views import certificates, matrix

app_name = "reports"

urlpatterns = [
    path("", matrix.index, name="index"),
    path("<slug:cycle>/matrix.pdf", matrix.matrix_pdf, name="matrix_pdf"),
    path("<slug:cycle>/matrix.xlsx", matrix.matrix_xlsx, name="matrix_xlsx"),
    path("certificates/<uuid:pk>.pdf", certificates.certificate_pdf, name="certificate_pdf"),
    path("groups/<uuid:pk>/certificates.pdf", certificates.group_certificates_pdf, name="group_certificates_pdf"),
]
