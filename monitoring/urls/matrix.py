"""Addresses of cycles, the matrix, its cells and conclusions."""

from django.urls import path

from ..views import cells, conclusions, cycles, imports, matrix, templates

urlpatterns = [
    path("", cycles.index, name="cycles"),
    path("new/", cycles.new, name="new"),
    path("templates/", templates.index, name="templates"),
    path("templates/new/", templates.new, name="template_new"),
    path("templates/<int:pk>/", templates.detail, name="template"),
    path("templates/<int:pk>/edit/", templates.edit, name="template_edit"),
    path("templates/<int:pk>/next/", templates.next_version, name="template_next"),
    path("templates/<int:pk>/publish/", templates.publish, name="template_publish"),
    path("<slug:cycle>/", cycles.detail, name="cycle"),
    path("<slug:cycle>/edit/", cycles.edit, name="edit"),
    path("<slug:cycle>/publish/", cycles.publish, name="publish"),
    path("<slug:cycle>/reopen/", cycles.reopen, name="reopen"),
    path("<slug:cycle>/import/", imports.upload, name="import"),
    path("<slug:cycle>/import/empty.xlsx", imports.blank, name="import_blank"),
    path("<slug:cycle>/import/<uuid:pk>/", imports.preview, name="import_preview"),
    path("<slug:cycle>/matrix/", matrix.table, name="matrix"),
    path("<slug:cycle>/matrix/steps/", matrix.steps, name="steps"),
    path("<slug:cycle>/matrix/<int:aspect>/", conclusions.conclusion, name="conclusion"),
    path("<slug:cycle>/matrix/<int:aspect>/history/", conclusions.history, name="conclusion_history"),
    path("<slug:cycle>/matrix/<int:aspect>/<slug:centre>/", cells.cell, name="cell"),
    path("<slug:cycle>/matrix/<int:aspect>/<slug:centre>/step/", cells.step, name="step"),
    path("<slug:cycle>/matrix/<int:aspect>/<slug:centre>/history/", cells.history, name="history"),
    path("<slug:cycle>/matrix/<int:aspect>/<slug:centre>/comments/", cells.comment, name="comment"),
    path("<slug:cycle>/matrix/<int:aspect>/<slug:centre>/comments/<uuid:pk>/", cells.thread, name="thread"),
]
