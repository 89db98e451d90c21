"""Journals, satisfaction slips and follow-ups."""

from django.urls import path

from ..views import follow_ups, journal, slips

urlpatterns = [
    path("groups/<uuid:group>/journal/", journal.sheet, name="journal"),
    path("groups/<uuid:group>/journal/new/", journal.new, name="lesson_new"),
    path("groups/<uuid:group>/journal/<uuid:lesson>/", journal.lesson, name="lesson"),
    path("groups/<uuid:group>/journal/<uuid:lesson>/delete/", journal.delete, name="lesson_delete"),
    path("groups/<uuid:group>/slips/", slips.slips, name="slips"),
    path("groups/<uuid:group>/slips/<uuid:slip>/delete/", slips.delete, name="slip_delete"),
    path("follow-ups/", follow_ups.follow_ups, name="follow_ups"),
    path("follow-ups/for/<uuid:enrolment>/", follow_ups.new, name="follow_up_new"),
    path("follow-ups/<uuid:pk>/", follow_ups.follow_up, name="follow_up"),
    path("follow-ups/<uuid:pk>/delete/", follow_ups.delete, name="follow_up_delete"),
]
