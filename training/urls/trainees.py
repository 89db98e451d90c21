"""Trainees, consents, duplicates and enrolments."""

urlpatterns = []
