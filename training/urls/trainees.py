"""Trainees, consents, duplicates and enrolments."""

from django.urls import path

from ..views import consents, duplicates, members, sheets, trainees

urlpatterns = [
    path("trainees/", trainees.trainee_list, name="trainees"),
    path("trainees/new/", trainees.trainee_new, name="trainee_new"),
    path("trainees/<uuid:pk>/", trainees.trainee, name="trainee"),
    path("trainees/<uuid:pk>/edit/", trainees.trainee_edit, name="trainee_edit"),
    path("trainees/<uuid:pk>/delete/", trainees.trainee_delete, name="trainee_delete"),
    path("trainees/<uuid:pk>/history/", trainees.trainee_history, name="trainee_history"),
    path("trainees/<uuid:pk>/consent/", consents.consent_new, name="consent_new"),
    path("consents/new/", sheets.consents_new, name="consents_new"),
    path("consents/<uuid:pk>/withdraw/", consents.consent_withdraw, name="consent_withdraw"),
    path("consent-texts/", consents.consent_texts, name="consent_texts"),
    path("consent-texts/new/", consents.consent_text_new, name="consent_text_new"),
    path("consent-texts/<int:pk>/", consents.consent_text_edit, name="consent_text_edit"),
    path("consent-texts/usual/<slug:code>/", consents.consent_texts_usual, name="consent_texts_usual"),
    path("groups/<uuid:pk>/members/", members.members, name="members"),
    path("groups/<uuid:pk>/members/complete/", members.complete, name="members_complete"),
    path("groups/<uuid:pk>/members/first-day/", members.first_days, name="members_first_day"),
    path("enrolments/<uuid:pk>/", members.enrolment, name="enrolment"),
    path("enrolments/<uuid:pk>/begin/", members.enrolment_begin, name="enrolment_begin"),
    path("enrolments/<uuid:pk>/delete/", members.enrolment_delete, name="enrolment_delete"),
    path("duplicates/", duplicates.duplicates, name="duplicates"),
    path("duplicates/<uuid:one>/<uuid:other>/", duplicates.merge_new, name="merge_new"),
    path("duplicates/<uuid:one>/<uuid:other>/different/", duplicates.not_same, name="not_same"),
    path("duplicates/verdicts/<uuid:pk>/again/", duplicates.not_same_undo, name="not_same_undo"),
    path("merges/<uuid:pk>/", duplicates.merge, name="merge"),
    path("merges/<uuid:pk>/undo/", duplicates.merge_undo, name="merge_undo"),
]
