"""Forms that know what they were filled from, so that nobody overwrites what somebody else saved meanwhile."""

import json
from dataclasses import dataclass

from django import forms
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext as _
from modeltrans.fields import TranslatedVirtualField

from ..versions import EditConflict
from .entry import Entry


@dataclass(frozen=True)
class Difference:
    """One field of a conflict, as its reader sees it: before, hers, theirs, and whether the form now holds hers."""

    label: str
    base: str
    mine: str
    theirs: str
    keeps_mine: bool


def in_language(label, language: str):
    """The label of a field that exists in several languages."""
    return format_lazy("{} ({})", capfirst(label), dict(settings.LANGUAGES)[language])


def texts_in(sent: str) -> dict:
    """The texts and lists of texts in what the browser sent back as JSON; what we cannot have written is left out."""
    try:
        values = json.loads(sent)
    except (ValueError, RecursionError):
        return {}
    pairs = values.items() if isinstance(values, dict) else ()
    return {
        name: value
        for name, value in pairs
        if isinstance(value, str) or (isinstance(value, list) and all(isinstance(item, str) for item in value))
    }


class VersionedForm(Entry, forms.ModelForm):
    """Edits one row from a stated version; also writes a model's translations. SECTIONS lays its fields out in rows.

    It carries the values that were shown when the form was filled in ("base"). A conflict can therefore tell what the
    person changed herself from what only the others changed.
    """

    SECTIONS = []
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    base = forms.CharField(widget=forms.HiddenInput, required=False, strip=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance._state.adding:
            del self.fields["version"], self.fields["base"]
        else:
            self.initial |= {"version": self.instance.version, "base": lambda: json.dumps(self.shown())}
        for name, field in self.fields.items():
            if (translated := self._translated(name)) is not None:
                label, language = translated
                field.label = in_language(label, language)
                field.widget.attrs["lang"] = language

    def _translated(self, name):
        """The label and language of a field that exists in several languages, else None."""
        i18n = next((field for field in self._meta.model._meta.fields if field.name == "i18n"), None)
        if i18n is None:
            return None
        if name in i18n.fields:
            return self._meta.model._meta.get_field(name).verbose_name, settings.LANGUAGE_CODE
        for field in self._meta.model._meta.private_fields:
            if field.name == name and isinstance(field, TranslatedVirtualField) and field.language:
                return field.original_field.verbose_name, field.language
        return None

    def sections(self):
        """(title, rows of fields) for the template."""
        for title, rows in self.SECTIONS:
            found = [[self[name] for name in row if name in self.fields] for row in rows]
            if any(found):
                yield title, [row for row in found if row]

    def clean(self):
        cleaned = super().clean()
        for name in self.fields:
            translated = self._translated(name)
            if translated and translated[1] != settings.LANGUAGE_CODE and name in cleaned:
                cleaned[name] = cleaned[name] or None  # an empty translation is none
        return cleaned

    def save(self, commit=True):
        """Store a new row, or write the changed one; raises EditConflict when it was saved by others meanwhile."""
        with transaction.atomic():
            if self.instance._state.adding:
                self.instance.save()
            else:
                self.instance.write(version=self.cleaned_data["version"] or 0)
            self._save_m2m()
            self.save_parts()
        return self.instance

    def save_parts(self) -> None:
        """For subclasses: store what belongs to the row but lies in other tables."""

    def shown(self) -> dict:
        """What an unsent form shows in each field, as texts."""
        names = [name for name in self.fields if name not in ("version", "base")]
        return {name: self._as_text(self.fields[name].prepare_value(self[name].initial)) for name in names}

    def sent(self) -> dict:
        """What a sent form holds in each field, as texts."""
        return {name: self._as_text(self[name].data) for name in self.shown()}

    def _as_text(self, value):
        if isinstance(value, list | tuple | set) or hasattr(value, "iterator"):
            return sorted(str(getattr(item, "pk", item)) for item in value)
        return "" if value is None else str(value).replace("\r\n", "\n").strip()

    def again(self, **kwargs) -> "VersionedForm":
        """The same form on other data or another instance."""
        return type(self)(**kwargs)

    def against(self, theirs):
        """After a conflict: the differences, and the form once more on top of what the others saved.

        A field she did not touch takes their value, a field she changed keeps hers. Both stand in the differences.
        """
        standing, mine, base = self.again(instance=theirs).shown(), self.sent(), texts_in(self.cleaned_data["base"])
        data, differences = self.data.copy(), []
        for name, their_value in standing.items():
            if mine[name] == their_value:
                continue
            keeps_mine = mine[name] != base.get(name)
            if not keeps_mine:
                data.setlist(self.add_prefix(name), their_value if isinstance(their_value, list) else [their_value])
            shown = (self.display(name, value) for value in (base.get(name, ""), mine[name], their_value))
            differences.append(Difference(str(self.fields[name].label), *shown, keeps_mine))
        data[self.add_prefix("version")] = theirs.version
        data[self.add_prefix("base")] = json.dumps(standing)
        return differences, self.again(data=data, instance=theirs)

    def display(self, name: str, value) -> str:
        """A field's text as its reader knows it: the words of a choice, not its code."""
        choices = {}
        for key, label in getattr(self.fields[name], "choices", ()):
            if isinstance(label, list | tuple):
                choices |= {str(inner): str(word) for inner, word in label}
            else:
                choices[str(key)] = str(label)
        values = value if isinstance(value, list) else [value]
        return ", ".join(choices.get(item, item) if item else "" for item in values)


def saved(form: VersionedForm):
    """Save a valid form: (row, None), or (None, (differences, form again)) on a conflict.

    A resend of what already stands is no conflict. (None, None): the form has got an error.
    """
    try:
        return form.save(), None
    except EditConflict as conflict:
        if conflict.theirs is None:
            form.add_error(None, _("Someone else has deleted this entry in the meantime."))
            return None, None
        differences, again = form.against(conflict.theirs)
        if not differences:
            return conflict.theirs, None
        return None, (differences, again)
    except IntegrityError:
        form.add_error(None, _("Someone else has just stored the same thing. Look at it before you save again."))
        return None, None
