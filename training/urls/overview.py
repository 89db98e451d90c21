"""The register's first page and the hand-over of a centre."""

urlpatterns = []
