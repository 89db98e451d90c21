"""What coordinators write in a questionnaire: a new one, its title, its sections."""

import json
from dataclasses import replace

from django import forms
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from centres.forms.entry import Entry
from centres.forms.languages import LANGUAGES, field_in, in_languages
from centres.forms.versioned import Difference, in_language, texts_in

from ..drafting import with_section
from ..instruments import CODE, Document, SectionText
from ..library import DOCUMENTS

EMPTY = "empty"


class InLanguages(Entry, forms.Form):
    """A form with texts in three languages: `{name: (label, whether it is required, longest, lines)}`."""

    TEXTS: dict[str, tuple] = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, (label, _required, longest, lines) in self.TEXTS.items():
            for code in own_first():
                widget = forms.Textarea(attrs={"rows": lines}) if lines > 1 else forms.TextInput()
                widget.attrs |= {"lang": code, "maxlength": longest}
                self.fields[field_in(name, code)] = forms.CharField(
                    label=in_language(label, code), required=False, max_length=longest, widget=widget
                )

    @property
    def texts(self) -> dict:
        """Per name its three fields, the reader's language first."""
        return {name: [self[field_in(name, code)] for code in own_first()] for name in self.TEXTS}

    def clean(self):
        cleaned = super().clean()
        for name, (_label, required, _longest, _lines) in self.TEXTS.items():
            fields = in_languages(name)
            if required and not any(cleaned.get(field) or field in self.errors for field in fields):
                self.add_error(field_in(name, own_first()[0]), _("Write it in at least one language."))
        return cleaned

    def typed(self, name: str) -> dict:
        """What was typed, by language; English that only repeats another language is none of its own."""
        texts = {code: self.cleaned_data.get(field_in(name, code)) or "" for code in LANGUAGES}
        texts = {code: text.replace("\r\n", "\n") for code, text in texts.items() if text}
        if texts.get("en") in (texts.get("ru"), texts.get("kk")):
            texts.pop("en", None)
        return texts


def own_first() -> list[str]:
    """The three languages, the reader's first."""
    own = get_language()
    return sorted(LANGUAGES, key=lambda code: code != own)


def in_fields(name: str, texts: dict) -> dict:
    """Texts by language as the initial values of a form's fields."""
    return {field_in(name, code): texts.get(code, "") for code in LANGUAGES}


class PartForm(InLanguages):
    """Edits one part of a draft from a stated revision, and knows what that part said then ("base").

    Somebody who saved another part meanwhile is no conflict; somebody who saved this one is.
    """

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    base = forms.CharField(widget=forms.HiddenInput, required=False, strip=False)

    def __init__(self, data=None, *, draft, document: Document, **kwargs):
        super().__init__(data, **kwargs)
        self.draft, self.document = draft, document
        self.initial |= {"revision": draft.revision, "base": json.dumps(self.standing())}

    def part(self):
        """The part as it stands in the document, None for a new one."""
        raise NotImplementedError

    def made(self):
        """The part as a valid form describes it."""
        raise NotImplementedError

    def told(self, part) -> dict[str, str]:
        """A part as texts by the names of the form's fields."""
        raise NotImplementedError

    def change(self, document: Document) -> Document:
        """The document with the part as it was typed."""
        raise NotImplementedError

    def label_of(self, name: str) -> str:
        return str(self.fields[name].label) if name in self.fields else name

    def standing(self) -> dict[str, str]:
        part = self.part()
        return {} if part is None else self.told(part)

    @property
    def is_free(self) -> bool:
        """Whether nobody changed this part since the form was shown, or somebody typed the very same."""
        return self.standing() in (texts_in(self.cleaned_data["base"]), self.told(self.made()))

    def differences(self) -> list[Difference]:
        """Where what was typed differs from what others saved, with what both began from."""
        base, mine, theirs = texts_in(self.cleaned_data["base"]), self.told(self.made()), self.standing()
        return [
            Difference(self.label_of(name), base.get(name, ""), mine.get(name, ""), theirs.get(name, ""), True)
            for name in {**theirs, **mine}
            if mine.get(name, "") != theirs.get(name, "")
        ]


class TitleForm(PartForm):
    """A draft's title and introduction."""

    TEXTS = {"title": (_("title"), True, 200, 1), "guidance": (_("introduction"), False, 5_000, 4)}

    def __init__(self, data=None, *, draft, document):
        initial = in_fields("title", document.title) | in_fields("guidance", document.guidance)
        super().__init__(data, draft=draft, document=document, initial=initial)

    def part(self):
        return self.document

    def made(self):
        return replace(self.document, title=self.typed("title"), guidance=self.typed("guidance"))

    def told(self, part):
        return in_fields("title", part.title) | in_fields("guidance", part.guidance)

    def change(self, document):
        return replace(document, title=self.typed("title"), guidance=self.typed("guidance"))


class SectionForm(PartForm):
    """A section: its number, title and guidance. The number stays once there are questions below it."""

    TEXTS = {"title": (_("title"), True, 200, 1), "guidance": (_("guidance"), False, 5_000, 3)}
    code = forms.CharField(label=_("Number of the section"), max_length=6)

    def __init__(self, data=None, *, draft, document, section: SectionText | None = None):
        self.section = section
        initial = {"code": next_number(document)}
        if section:
            initial = {"code": section.code}
            initial |= in_fields("title", section.title) | in_fields("guidance", section.guidance)
        super().__init__(data, draft=draft, document=document, initial=initial)
        if section and section.questions:
            del self.fields["code"]

    def part(self):
        return self.section

    def made(self):
        code = self.cleaned_data["code"] if "code" in self.fields else self.section.code
        questions = self.section.questions if self.section else ()
        return SectionText(code, self.typed("title"), self.typed("guidance"), questions)

    def told(self, part):
        return {"code": part.code} | in_fields("title", part.title) | in_fields("guidance", part.guidance)

    def clean_code(self):
        code = self.cleaned_data["code"]
        if not CODE.fullmatch(code) or "." in code:
            raise forms.ValidationError(_("Write a number or Latin letters, six at most, without points."))
        return code

    def clean(self):
        cleaned = super().clean()
        if "code" in cleaned and (self.section is None or self.section.code != cleaned["code"]):
            other = next((row for row in self.document.sections if row.code == cleaned["code"]), None)
            if other and (self.section or self.errors or self.told(other) != self.told(self.made())):
                self.add_error("code", _("Another section has this number."))
        return cleaned

    def change(self, document):
        return with_section(document, self.made(), self.section.code if self.section else self.cleaned_data["code"])


def next_number(document: Document) -> str:
    """The number after the highest one."""
    numbers = [int(section.code) for section in document.sections if section.code.isdigit()]
    return str(max(numbers, default=0) + 1)


class NewQuestionnaireForm(InLanguages):
    """What a network begins with: a questionnaire of the library that it does not have yet, or an empty one."""

    TEXTS = {"title": (_("title"), False, 200, 1)}
    begin = forms.ChoiceField(label=_("Begin with"), widget=forms.RadioSelect)

    def __init__(self, data=None, *, taken: set[str]):
        super().__init__(data)
        self.taken = taken
        self.offers = [row for key, row in DOCUMENTS.items() if key not in taken]
        self.known = [row for key, row in DOCUMENTS.items() if key in taken]
        self.fields["begin"].choices = [(row.key, row.key) for row in self.offers] + [(EMPTY, EMPTY)]
        if not self.offers:
            self.initial["begin"] = EMPTY

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("begin") == EMPTY and not any(cleaned.get(name) for name in in_languages("title")):
            self.add_error(field_in("title", own_first()[0]), _("Write it in at least one language."))
        return cleaned

    def begun(self) -> Document:
        """The document that the draft begins with."""
        chosen = self.cleaned_data["begin"]
        return DOCUMENTS[chosen] if chosen != EMPTY else Document(self.free_key(), self.typed("title"))

    def free_key(self) -> str:
        """A key from the title that no questionnaire of the network and of the library has."""
        titles = self.typed("title")
        slug = next(filter(None, (slugify(text)[:34].strip("-") for text in titles.values())), "questionnaire")
        numbered = (slug if n == 1 else f"{slug}-{n}" for n in range(1, len(self.taken) + len(DOCUMENTS) + 2))
        return next(key for key in numbered if key not in self.taken and key not in DOCUMENTS)
