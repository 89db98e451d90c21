"""The upload of answers: exports of several centres, or one centre's workbook."""

import re
from dataclasses import replace

from django import forms
from django.utils.translation import gettext_lazy as _

from centres.access import reach_of
from centres.imports import reader

from ..exchange import answers_in, workbook_in
from ..exchange.problems import Problem
from ..imports.plan import centre_names
from ..models import Questionnaire

MOST_FILES = 20
VERSION = re.compile("[0-9]{1,4}")
ACCEPT = {"accept": ".xlsx,.xlsm,.csv,.txt", "class": "form-control"}
TOLD_BY = forms.CharField(
    label=_("On whose behalf"),
    required=False,
    max_length=200,
    help_text=_("Who at the centre gave these answers: name and post. It stands with each answer, beside your name."),
    widget=forms.TextInput(attrs={"class": "form-control"}),
)


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One or more files, each checked as one."""

    def clean(self, data, initial=None):
        files = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(file, initial) for file in files or [None]]


def tables_of(files) -> list:
    """The tables in all files; raises BadFile. Several files stand before the names of their sheets."""
    if sum(file.size for file in files) > reader.SIZE_LIMIT:
        raise reader.too_big(sum(file.size for file in files))
    found = []
    for file in files:
        for table in reader.read(file.read(reader.SIZE_LIMIT + 1)):
            if len(files) > 1:
                table = replace(table, name=": ".join(filter(None, [file.name, table.name])))
            found.append(table)
    return found


def other_versions(questionnaire, named) -> dict:
    """The other versions of the questionnaire that a file names, by their numbers as text."""
    numbers = {int(text) for text in named if VERSION.fullmatch(text)} - {questionnaire.version}
    known = Questionnaire.objects.filter(
        network=questionnaire.network_id, key=questionnaire.key, version__in=numbers, published_at__isnull=False
    )
    return {str(row.version): row for row in known} if numbers else {}


class UploadForm(forms.Form):
    """Files whose answers are read while the form is checked; they then stand in `parsed`, problems included."""

    told_by = TOLD_BY

    def __init__(self, *args, user, own, **kwargs):
        """`own`: the self-assessments that the person fills in, by the centre's code."""
        super().__init__(*args, **kwargs)
        self.own, self.runs, self.parsed = own, reach_of(user).runs, None
        if all(assessment.centre_id in self.runs for assessment in own.values()):
            del self.fields["told_by"]

    def clean(self):
        cleaned = super().clean()
        if files := cleaned.get("file"):
            try:
                self.parsed = self.read(tables_of(files))
            except reader.BadFile as bad:
                words = self.ZIP if bad.code in ("other_archive", "archive") else bad.sentence
                self.add_error("file", forms.ValidationError(words, code=bad.code))
            else:
                self.name_those_who_told(cleaned.get("told_by", ""))
        return cleaned

    def name_those_who_told(self, told_by):
        """By centre, where somebody else writes for it."""
        told = self.parsed.told_by
        self.parsed.told_by = {}
        for code in {given.centre: None for given in self.parsed.answers}:
            if self.own[code].centre_id in self.runs:
                continue
            self.parsed.told_by[code] = told.get(code) or told_by
            if not self.parsed.told_by[code]:
                self.parsed.problems.append(Problem("who", facts={"centre": str(self.own[code].centre)}))


class AnswersForm(UploadForm):
    """Exports of KoBoToolbox or ODK Central."""

    ZIP = _(
        "This is neither an Excel workbook nor CSV. If it is the packed export of ODK Central, unpack it and choose "
        "all of its CSV files together."
    )

    file = FilesField(
        label=_("Files"),
        allow_empty_file=True,  # the reader says so in its own words
        error_messages={"required": _("Choose the file that holds the answers.")},
        help_text=_("Excel (.xlsx) or CSV, at most 10 MB. Several CSV files of one export are chosen together."),
        widget=FilesInput(attrs=dict(ACCEPT)),
    )
    field_order = ("file", "told_by")

    def __init__(self, *args, cycle, **kwargs):
        super().__init__(*args, **kwargs)
        self.cycle = cycle

    def clean_file(self):
        files = self.cleaned_data["file"]
        if len(files) > MOST_FILES:
            raise forms.ValidationError(_("Choose at most %(n)s files."), params={"n": MOST_FILES})
        return files

    def read(self, tables):
        questionnaire = self.cycle.questionnaire
        versions = other_versions(questionnaire, answers_in.versions_named(tables))
        names = centre_names(self.cycle)
        return answers_in.Reader(tables, questionnaire, self.own, names, versions).read()


class WorkbookForm(UploadForm):
    """One centre's workbook."""

    ZIP = _("This is not an Excel workbook. Choose the workbook that you filled in (.xlsx).")

    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,
        error_messages={"required": _("Choose the workbook that you filled in.")},
        help_text=_("Excel (.xlsx), at most 10 MB."),
        widget=forms.ClearableFileInput(attrs=dict(ACCEPT)),
    )
    field_order = ("file", "told_by")

    def __init__(self, *args, assessment, **kwargs):
        super().__init__(*args, own={assessment.centre.code: assessment}, **kwargs)
        self.assessment = assessment
        if "told_by" in self.fields:
            self.fields["told_by"].initial = assessment.told_by

    def clean_file(self):
        return [self.cleaned_data["file"]]

    def read(self, tables):
        versions = other_versions(self.assessment.questionnaire, {workbook_in.marks(tables).get("version", "")})
        return workbook_in.Reader(tables, self.assessment, versions).read()
