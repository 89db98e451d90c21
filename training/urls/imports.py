"""Spreadsheets in and out."""

urlpatterns = []
