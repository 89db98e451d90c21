"""Addresses of self-assessments: the overview, a centre's own pages, its answers."""

from django.urls import path

from ..views import answers, assessment_overview, assessments

OWN = "<slug:cycle>/self-assessment/<slug:centre>"
ONE = f"{OWN}/answers/<str:code>"

urlpatterns = [
    path("<slug:cycle>/self-assessment/", assessment_overview.overview, name="assessments"),
    path("<slug:cycle>/reminders/", assessment_overview.remind, name="assessments_remind"),
    path(f"{OWN}/", assessments.home, name="assessment"),
    path(f"{OWN}/review/", assessments.review, name="assessment_review"),
    path(f"{OWN}/step/", assessments.step, name="assessment_step"),
    path(f"{OWN}/on-behalf/", assessments.behalf, name="assessment_behalf"),
    path(f"{OWN}/section/<str:code>/", answers.section, name="assessment_section"),
    path(f"{ONE}/", answers.answer, name="assessment_answer"),
    path(f"{ONE}/history/", answers.history, name="answer_history"),
    path(f"{ONE}/comments/", answers.comment, name="answer_comment"),
    path(f"{ONE}/comments/<uuid:pk>/", answers.thread, name="answer_thread"),
]
