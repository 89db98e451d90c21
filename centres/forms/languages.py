"""Texts in three languages side by side: English, Russian, Kazakh, of which one is enough."""

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from .versioned import in_language

LANGUAGES = ["en", "ru", "kk"]


def in_languages(*names) -> list[str]:
    """The fields behind translated names: the English one, which is the model's own, and one per other language."""
    return [field_in(name, code) for name in names for code in LANGUAGES]


def field_in(name: str, code: str) -> str:
    return name if code == "en" else f"{name}_{code}"


def texts_typed(cleaned: dict, name: str):
    """(field, text) of each language that has a text; what stands in the English field as a copy only is left out."""
    english, *others = in_languages(name)
    texts = [(field, cleaned[field]) for field in others if cleaned.get(field)]
    if cleaned.get(english) and cleaned[english] not in [text for _field, text in texts]:
        yield english, cleaned[english]
    yield from texts


class ThreeLanguages(forms.BaseForm):
    """For model forms with translated fields. The model's own column is not empty while another language has a text.

    Where English is missing it holds a copy of the first language given, so that every reader and every query finds
    words; the form shows such a copy as an empty field. The reader's own language comes first, wherever the form or its
    sections name the three.
    """

    TRANSLATED: dict[str, bool] = {}  # name: whether a text is required, in any language

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in self.TRANSLATED:
            english, *others = (self.get_initial_for_field(self.fields[field], field) for field in in_languages(name))
            if english in [text for text in others if text]:
                self.initial[name] = ""
            model_field = self._meta.model._meta.get_field(name)
            for code in LANGUAGES:
                field = self.fields[field_in(name, code)]
                field.required, field.help_text = False, ""
                field.label = in_language(model_field.verbose_name, code)
                field.widget.attrs["lang"] = code
                if model_field.max_length:
                    field.widget.attrs["maxlength"] = model_field.max_length
        self.order_fields([self._in_place_of(name) for name in self.fields])

    def _in_place_of(self, field: str) -> str:
        """The field that stands where the class names this one: the languages of a text, the reader's first."""
        own = get_language()
        order = sorted(LANGUAGES, key=lambda code: code != own)
        for name in self.TRANSLATED:
            if field in (places := in_languages(name)):
                return field_in(name, order[places.index(field)])
        return field

    @property
    def texts(self) -> dict:
        """Per translated name its three fields, the reader's language first."""
        return {name: [self[self._in_place_of(field)] for field in in_languages(name)] for name in self.TRANSLATED}

    def sections(self):
        """As the form gives them, the reader's language first."""
        for title, rows in super().sections():
            yield title, [[self[self._in_place_of(field.name)] for field in row] for row in rows]

    def clean(self):
        cleaned = super().clean()
        cleaned = self.cleaned_data if cleaned is None else cleaned
        for name, required in self.TRANSLATED.items():
            fields = in_languages(name)
            texts = [(cleaned.get(field) or "").replace("\r\n", "\n") for field in fields]
            if required and not any(texts) and not any(field in self.errors for field in fields):
                self.add_error(self._in_place_of(name), _("Write it in at least one language."))
            cleaned |= {field: text or None for field, text in zip(fields, texts, strict=True) if field in cleaned}
            if name in cleaned:
                cleaned[name] = next(filter(None, texts), "")
        return cleaned
