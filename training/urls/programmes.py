"""Programmes, trainers, seminars, rooms, groups and timetables."""

from django.urls import path

from ..views import groups, programmes, seminars, timetables, trainers

urlpatterns = [
    path("programmes/", programmes.programme_list, name="programmes"),
    path("programmes/new/", programmes.programme_new, name="programme_new"),
    path("programmes/<uuid:pk>/", programmes.programme, name="programme"),
    path("programmes/<uuid:pk>/edit/", programmes.programme_edit, name="programme_edit"),
    path("programmes/<uuid:pk>/delete/", programmes.programme_delete, name="programme_delete"),
    path("programmes/<uuid:pk>/next/", programmes.programme_next, name="programme_next"),
    path("programmes/<uuid:pk>/adapt/", programmes.programme_adapt, name="programme_adapt"),
    path("programmes/<uuid:pk>/file/", programmes.programme_file, name="programme_file"),
    path("trainers/", trainers.trainer_list, name="trainers"),
    path("trainers/new/", trainers.trainer_new, name="trainer_new"),
    path("trainers/<uuid:pk>/", trainers.trainer, name="trainer"),
    path("trainers/<uuid:pk>/edit/", trainers.trainer_edit, name="trainer_edit"),
    path("trainers/<uuid:pk>/delete/", trainers.trainer_delete, name="trainer_delete"),
    path("rooms/", trainers.room_list, name="rooms"),
    path("rooms/<uuid:pk>/edit/", trainers.room_edit, name="room_edit"),
    path("rooms/<uuid:pk>/delete/", trainers.room_delete, name="room_delete"),
    path("seminars/", seminars.seminar_list, name="seminars"),
    path("seminars/new/", seminars.seminar_new, name="seminar_new"),
    path("seminars/<uuid:pk>/", seminars.seminar, name="seminar"),
    path("seminars/<uuid:pk>/edit/", seminars.seminar_edit, name="seminar_edit"),
    path("seminars/<uuid:pk>/delete/", seminars.seminar_delete, name="seminar_delete"),
    path("seminars/<uuid:pk>/trainers/<slug:code>/", seminars.seminar_trainers, name="seminar_trainers"),
    path("groups/", groups.group_list, name="groups"),
    path("groups/new/", groups.group_new, name="group_new"),
    path("groups/<uuid:pk>/", groups.group, name="group"),
    path("groups/<uuid:pk>/edit/", groups.group_edit, name="group_edit"),
    path("groups/<uuid:pk>/delete/", groups.group_delete, name="group_delete"),
    path("groups/<uuid:pk>/timetable/", groups.group_timetable, name="group_timetable"),
    path("calendar/<str:token>.ics", timetables.timetable_feed, name="timetable_feed"),
    path("timetable/<slug:code>/", timetables.timetable, name="timetable"),
    path("timetable/<slug:code>/address/", timetables.timetable_address, name="timetable_address"),
]
