"""Addresses of the register. Words before a centre's code are reserved: `models.network.RESERVED`."""

from django.urls import include, path

from ..views import centres, community, imports, places, projects
from . import resources

app_name = "centres"
urlpatterns = [
    path("", centres.centre_list, name="list"),
    path("centres.xlsx", centres.download, {"extension": "xlsx"}, name="xlsx"),
    path("centres.csv", centres.download, {"extension": "csv"}, name="csv"),
    path("new/", centres.new, name="new"),
    path("import/", imports.upload, name="import"),
    path("import/confirm/", imports.confirm, name="import_confirm"),
    path("import/empty.xlsx", imports.blank, name="import_blank"),
    path("places/", places.place_list, name="places"),
    path("places/new/", places.place_new, name="place_new"),
    path("places/<int:pk>/", places.place, name="place"),
    path("projects/", projects.project_list, name="project_list"),
    path("projects/new/", projects.project_new, name="project_new"),
    path("projects/<slug:code>/", projects.project, name="project"),
    path("projects/<slug:code>/edit/", projects.project_edit, name="project_edit"),
    path("projects/<slug:code>/partners/new/", projects.partner_new, name="partner_new"),
    path("projects/<slug:code>/partners/<int:pk>/", projects.partner_edit, name="partner_edit"),
    path("projects/<slug:code>/partners/<int:pk>/delete/", projects.partner_delete, name="partner_delete"),
    path("target-groups/", community.target_groups, name="target_groups"),
    path("target-groups/new/", community.target_group_new, name="target_group_new"),
    path("target-groups/<int:pk>/", community.target_group_edit, name="target_group_edit"),
    path("target-groups/furnish/<int:pk>/", community.target_groups_furnish, name="target_groups_furnish"),
    path("<slug:code>/", centres.detail, name="detail"),
    path("<slug:code>/edit/", centres.edit, name="edit"),
    path("<slug:code>/contacts/", centres.contacts, name="contacts"),
    path("<slug:code>/history/", centres.history, name="history"),
    path("<slug:code>/posts/<int:pk>/", centres.post_edit, name="post_edit"),
    path("<slug:code>/posts/<int:pk>/delete/", centres.post_delete, name="post_delete"),
    path("<slug:code>/posts/<slug:kind>/", centres.post_new, name="post_new"),
    path("<slug:code>/", include(resources.urlpatterns)),
]
