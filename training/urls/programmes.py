"""Programmes, trainers, seminars, rooms, groups and timetables."""

urlpatterns = []
