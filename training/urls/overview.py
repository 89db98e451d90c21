"""The register's first page and the hand-over of a centre."""

from django.urls import path

from ..views import overview

urlpatterns = [
    path("", overview.index, name="index"),
    path("centres/", overview.centre_names, name="centre_names"),
    path("timetable/", overview.first_timetable, name="first_timetable"),
    path("handover/<slug:code>/", overview.handover, name="handover"),
]
