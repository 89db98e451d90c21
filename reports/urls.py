"""Addresses of documents. What belongs to a self-assessment stands beside its pages."""

from django.urls import include, path

from .views import certificates, matrix, paper, questionnaires, timetable

app_name = "reports"

documents = [
    path("", matrix.index, name="index"),
    path("<slug:cycle>/matrix.pdf", matrix.matrix_pdf, name="matrix_pdf"),
    path("<slug:cycle>/matrix.xlsx", matrix.matrix_xlsx, name="matrix_xlsx"),
    path("certificates/<uuid:pk>.pdf", certificates.certificate_pdf, name="certificate_pdf"),
    path("groups/<uuid:pk>/certificates.pdf", certificates.group_certificates_pdf, name="group_certificates_pdf"),
    path("centres/<slug:code>/paper/", paper.blanks, name="blanks"),
    path("centres/<slug:code>/paper.pdf", paper.month_pdf, name="month_pdf"),
    path("centres/<slug:code>/paper/<slug:form>.pdf", paper.blank_pdf, name="blank_pdf"),
    path("centres/<slug:code>/timetable.pdf", timetable.timetable_pdf, name="timetable_pdf"),
    path("questionnaires/<int:pk>/blank.pdf", questionnaires.questionnaire_blank_pdf, name="questionnaire_blank_pdf"),
]

self_assessments = [
    path("blank.pdf", questionnaires.assessment_blank_pdf, name="assessment_blank_pdf"),
    path("filled.pdf", questionnaires.assessment_filled_pdf, name="assessment_filled_pdf"),
]

urlpatterns = [
    path("reports/", include(documents)),
    path("monitoring/<slug:cycle>/self-assessment/<slug:centre>/", include(self_assessments)),
]
