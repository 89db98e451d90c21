"""Addresses of documents."""

from django.urls import path

from .views import certificates, matrix, paper, timetable

app_name = "reports"

urlpatterns = [
    path("", matrix.index, name="index"),
    path("<slug:cycle>/matrix.pdf", matrix.matrix_pdf, name="matrix_pdf"),
    path("<slug:cycle>/matrix.xlsx", matrix.matrix_xlsx, name="matrix_xlsx"),
    path("certificates/<uuid:pk>.pdf", certificates.certificate_pdf, name="certificate_pdf"),
    path("groups/<uuid:pk>/certificates.pdf", certificates.group_certificates_pdf, name="group_certificates_pdf"),
    path("centres/<slug:code>/paper/", paper.blanks, name="blanks"),
    path("centres/<slug:code>/paper.pdf", paper.month_pdf, name="month_pdf"),
    path("centres/<slug:code>/paper/<slug:form>.pdf", paper.blank_pdf, name="blank_pdf"),
    path("centres/<slug:code>/timetable.pdf", timetable.timetable_pdf, name="timetable_pdf"),
]
