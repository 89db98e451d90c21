"""Texts that exist in three languages, shown so that a missing translation is seen."""

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from modeltrans.conf import get_fallback_chain

register = template.Library()


@register.filter
def amount(number):
    """A number with its thousands apart by a narrow space, as all languages here do; an empty fraction is left out.

    The point of a fraction is a comma but in English.
    """
    whole, _point, fraction = f"{number:,.2f}".partition(".")
    mark = "." if get_language() == "en" else ","
    return whole.replace(",", "\u202f") + ("" if fraction == "00" else mark + fraction)


@register.simple_tag
def in_words(row, field, css=""):
    """The field in the reader's language; where it falls back to another one, `lang` and a mark say so."""
    language = get_language()
    for code in (language, *get_fallback_chain(language), *dict(settings.LANGUAGES)):
        name = field if code == settings.LANGUAGE_CODE else f"{field}_{code}"
        text = getattr(row, name)
        if text:
            break
    else:
        return ""
    if code == language:
        return format_html('<span class="{}">{}</span>', css, text) if css else text
    return format_html(
        '<span class="{}" lang="{}">{}</span> <abbr class="sub other-language" title="{}">{}</abbr>',
        css,
        code,
        text,
        _("Not translated yet; shown in another language: %(language)s") % {"language": dict(settings.LANGUAGES)[code]},
        code,
    )
