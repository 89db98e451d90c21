"""The register's way to write in three languages, under the name by which this app's forms know it."""

from centres.forms.languages import ThreeLanguages, field_in, in_languages

__all__ = ["ThreeLanguages", "field_in", "in_languages"]
