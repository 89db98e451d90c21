"""Addresses of files that go out and come in: forms, workbooks, answers."""

from django.urls import path

from ..views import exchange

urlpatterns = [
    path("questionnaires/<int:pk>/xlsform.xlsx", exchange.xlsform, name="xlsform"),
    path("<slug:cycle>/self-assessment/import/", exchange.upload, name="assessments_import"),
    path("<slug:cycle>/self-assessment/import/<uuid:pk>/", exchange.preview, name="answers_preview"),
    path(
        "<slug:cycle>/self-assessment/<slug:centre>/answers.xlsx",
        exchange.download_workbook,
        name="assessment_workbook",
    ),
    path("<slug:cycle>/self-assessment/<slug:centre>/import/", exchange.upload_workbook, name="assessment_import"),
]
