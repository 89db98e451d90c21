"""Journals, satisfaction slips and follow-ups."""

from django.urls import path

from ..views import journal

urlpatterns = [
    path("groups/<uuid:group>/journal/", journal.sheet, name="journal"),
    path("groups/<uuid:group>/journal/new/", journal.new, name="lesson_new"),
    path("groups/<uuid:group>/journal/<uuid:lesson>/", journal.lesson, name="lesson"),
    path("groups/<uuid:group>/journal/<uuid:lesson>/delete/", journal.delete, name="lesson_delete"),
]
