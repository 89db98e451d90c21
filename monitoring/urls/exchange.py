"""Addresses of files that go out and come in: forms, workbooks, answers."""

urlpatterns = []
