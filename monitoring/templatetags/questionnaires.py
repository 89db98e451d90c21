"""A questionnaire's texts, read in a language that the page chooses, and what is set for its questions."""

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.translation import gettext as _

from centres.forms.languages import LANGUAGES

from ..instruments import Kind, said
from ..levels import Level
from ..revisions import about, rule_in_words, source_in_words

register = template.Library()


@register.simple_tag
def told(texts, language, css=""):
    """The text in that language; where it is missing there, another one's with a mark that says so."""
    text = said(texts, language)
    if not text:
        return ""
    if texts.get(language):
        return format_html('<span class="{}" lang="{}">{}</span>', css, language, text)
    code = next(code for code in LANGUAGES if texts.get(code))
    return format_html(
        '<span class="{}" lang="{}">{}</span> <span class="untranslated">{}</span>',
        css,
        code,
        text,
        _("not translated"),
    )


@register.simple_tag
def language_names():
    """(code, name) of the three, each called as its speakers call it."""
    return settings.LANGUAGES


@register.filter
def said_here(texts):
    """The text in the language of the page."""
    return said(texts)


@register.filter
def asking(questions):
    """How many of them ask something: headings do not."""
    return sum(question.kind != Kind.HEADING for question in questions)


@register.filter
def kind_word(kind):
    return Kind(kind).label


@register.filter
def level_word(level):
    return Level(level).label if level else ""


@register.filter
def particulars(row, among=()):
    """What is set for an answer, row or column besides its label; `among` are the others of its list."""
    return ", ".join(about(row, among))


@register.filter
def source_words(key):
    return source_in_words(key)


@register.filter
def get(values, key):
    """The value of that key, None without it."""
    return values.get(key)


@register.simple_tag
def rule_words(question, questions):
    """After which answers the question is asked."""
    return rule_in_words(question, questions.get(question.depends_on))
