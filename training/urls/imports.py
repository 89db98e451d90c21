"""Spreadsheets in and out."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from ..imports.kinds import KINDS
from ..views import imports


class KindConverter(StringConverter):
    """One of the five lists."""

    regex = "|".join(KINDS)


class ExtensionConverter(StringConverter):
    """What a list can be downloaded as."""

    regex = "|".join(imports.EXTENSIONS)


register_converter(KindConverter, "list")
register_converter(ExtensionConverter, "extension")

urlpatterns = [
    path("import/", imports.upload, name="import"),
    path("import/<uuid:pk>/", imports.job, name="import_job"),
    path("import/<uuid:pk>/forget/", imports.forget, name="import_forget"),
    path("import/<slug:code>/<list:kind>.xlsx", imports.table, name="import_table"),
    path("export/<list:kind>.<extension:extension>", imports.export, name="export"),
]
