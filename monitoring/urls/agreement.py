"""Addresses of what a centre says beside what the experts found."""

urlpatterns = []
