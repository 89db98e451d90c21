"""Addresses of questionnaires: their versions, drafting, the map to the matrix."""

from django.urls import path

from ..views import questionnaire_drafts as drafts
from ..views import questionnaire_map, questionnaires

DRAFT = "questionnaires/<int:pk>/edit/"

urlpatterns = [
    path("questionnaires/", questionnaires.index, name="questionnaires"),
    path("questionnaires/new/", questionnaires.new, name="questionnaire_new"),
    path("questionnaires/<int:pk>/", questionnaires.detail, name="questionnaire"),
    path("questionnaires/<int:pk>/changes/", questionnaires.changed, name="questionnaire_changes"),
    path("questionnaires/<int:pk>/next/", questionnaires.next_version, name="questionnaire_next"),
    path("questionnaires/<int:pk>/publish/", questionnaires.publish, name="questionnaire_publish"),
    path("questionnaires/<int:pk>/discard/", questionnaires.discard, name="questionnaire_discard"),
    path("questionnaires/<int:pk>/map/", questionnaire_map.edit, name="questionnaire_map"),
    path(DRAFT, drafts.edit, name="questionnaire_edit"),
    path(f"{DRAFT}new-section/", drafts.section, name="questionnaire_section_new"),
    path(f"{DRAFT}sections/<str:code>/", drafts.section, name="questionnaire_section"),
    path(f"{DRAFT}sections/<str:code>/remove/", drafts.remove_section, name="questionnaire_section_remove"),
    path(f"{DRAFT}sections/<str:section>/new-question/", drafts.question, name="questionnaire_question_new"),
    path(f"{DRAFT}questions/<str:code>/", drafts.question, name="questionnaire_question"),
    path(f"{DRAFT}questions/<str:code>/remove/", drafts.remove_question, name="questionnaire_question_remove"),
]
