"""Certificates, for those who issue them."""

urlpatterns = []
