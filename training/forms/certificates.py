"""Forms that issue certificates to a group, find them, and revoke one."""

import re
from dataclasses import dataclass

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone, translation
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from modeltrans.conf import get_fallback_chain

from centres.forms.entry import DateInput, Entry
from centres.forms.versioned import in_language
from centres.latin import latin
from centres.models import Post

from ..models import Certificate, Enrolment, Trainee
from ..models.certificates import hindrance, long_name
from ..open_work import without_certificate
from .filters import ListFilter

CYRILLIC = re.compile(r"[\u0400-\u04ff]")
LATIN = re.compile(r"[A-Za-z]")
IN_LATIN = gettext_lazy("Write it in Latin letters.")
BORROWED = gettext_lazy("Not translated yet; shown in another language: %(language)s")
LANGUAGES = dict(settings.LANGUAGES)
IN_CYRILLIC = gettext_lazy("Write it in Cyrillic letters.")


def latin_name(name: str) -> str:
    """A proposal for a name in Latin letters, capitals as names have them; a person looks at it before it is used."""
    if not CYRILLIC.search(name):
        return name
    return re.sub(r"(^|[\s-])(\w)", lambda found: found[1] + found[2].upper(), latin(name))


def in_words_of(row, field: str, language: str) -> tuple[str, str]:
    """A translated field in that language, else as it is worded in another one; with the language that it is in."""
    for code in dict.fromkeys((language, *get_fallback_chain(language), *dict(settings.LANGUAGES))):
        if text := getattr(row, field if code == settings.LANGUAGE_CODE else f"{field}_{code}", None):
            return text, code
    return "", language


def spelt_for(form: str, name: str) -> str:
    return latin_name(name) if form == Certificate.Form.EN else name


@dataclass(frozen=True)
class Candidate:
    """One of a group's enrolments that can get a certificate, and what would be printed."""

    enrolment: Enrolment
    choice: object  # the box to tick
    name: object  # the field with the name as it will be printed


class IssueForm(Entry, forms.Form):
    """Who of a group gets a certificate, in which form, and what it says. All are issued at once, or none."""

    issued_on = forms.DateField(label=gettext_lazy("Day of issue"), widget=DateInput)
    signatory = forms.CharField(label=gettext_lazy("Who signs"), max_length=150)
    signs_as = forms.ChoiceField(label=gettext_lazy("Signs as"), choices=Post.Kind.choices)

    def __init__(self, *args, group, form, **kwargs):
        self.group, self.form = group, form
        self.languages = form.split("+")
        super().__init__(*args, **kwargs)
        centre = group.centre
        signatory, signs_as = self._signatory()
        self.initial |= {
            "issued_on": timezone.localdate(),
            "signatory": spelt_for(form, signatory),
            "signs_as": signs_as,
        }
        for language in self.languages:
            for name, label, row, field, needed in (
                ("programme", gettext_lazy("programme"), group.programme, "title", True),
                ("centre", gettext_lazy("centre"), centre, "name", True),
                ("place", gettext_lazy("settlement"), centre.place, "name", False),
            ):
                text, said_in = in_words_of(row, field, language) if row else ("", language)
                if name == "centre":
                    with translation.override(said_in):
                        text = long_name(text)
                self.fields[f"{name}_{language}"] = forms.CharField(
                    label=in_language(label, language),
                    max_length=200,
                    required=needed,
                    initial=spelt_for(form, text),
                    help_text="" if said_in == language else BORROWED % {"language": LANGUAGES[said_in]},
                    widget=forms.TextInput({"lang": language}),
                )
        self._add_people()

    def _add_people(self):
        everybody = list(self.group.enrolments.begun().for_list())
        valid = Certificate.objects.valid().filter(enrolment__in=everybody, form=self.form)
        self.held = {row.enrolment_id: row for row in valid}
        today = timezone.localdate()
        self.hindrances = {row: hindrance(row, self.held.get(row.pk), today) for row in everybody}
        self.able = [row for row, sentence in self.hindrances.items() if not sentence]
        self.fields["give"] = forms.MultipleChoiceField(
            label=gettext_lazy("Who gets one"),
            choices=[(row.pk.hex, str(row.trainee)) for row in self.able],
            initial=[row.pk.hex for row in self.able],
            widget=forms.CheckboxSelectMultiple({"class": "form-check-input"}),
            error_messages={"required": gettext_lazy("Choose at least one person.")},
        )
        for row in self.able:
            label = format_lazy("{}: {}", gettext_lazy("Name as printed"), str(row.trainee))
            self.fields[f"name_{row.pk.hex}"] = forms.CharField(
                label=label,
                max_length=250,
                required=False,
                initial=spelt_for(self.form, str(row.trainee)),
                widget=forms.TextInput({"class": "form-control", "aria-label": label}),
            )

    def _signatory(self) -> tuple[str, str]:
        """Who signs most likely, and as what: today's head, else facilitator; by post, else by account."""
        today = timezone.localdate()
        posts = Post.objects.filter(centre=self.group.centre).on(today).order_by("from_date", "pk")
        found = {each.role: str(each.user) for each in self.group.centre.accounts_in_post(today)}
        found |= {post.kind: post.name for post in posts}
        kind = next((kind for kind in (Post.Kind.HEAD, Post.Kind.FACILITATOR) if kind in found), Post.Kind.HEAD)
        return found.get(kind, ""), kind

    @property
    def candidates(self) -> list[Candidate]:
        """Who can get one, in the order of names."""
        boxes = zip(self.able, self["give"].subwidgets, strict=True)
        return [Candidate(row, box, self[f"name_{row.pk.hex}"]) for row, box in boxes]

    @property
    def refused(self) -> dict[str, list[str]]:
        """By what stands in the way: the names. Those who have one already stand among the issued ones."""
        found = {}
        for row, sentence in self.hindrances.items():
            if sentence and row.pk not in self.held:
                found.setdefault(str(sentence), []).append(str(row.trainee))
        return found

    @property
    def common(self):
        """The fields that all of the certificates share."""
        return [field for field in self if field.name != "give" and not field.name.startswith("name_")]

    def clean_issued_on(self):
        day = self.cleaned_data["issued_on"]
        if day > timezone.localdate():
            raise ValidationError(_("This day lies in the future."))
        return day

    def clean(self):
        cleaned = super().clean()
        for row in self.able:
            name = f"name_{row.pk.hex}"
            if row.pk.hex in cleaned.get("give", ()) and not cleaned.get(name):
                self.add_error(name, _("Write the name as it is to be printed."))
        wrong, sentence = (CYRILLIC, IN_LATIN) if self.form == Certificate.Form.EN else (LATIN, IN_CYRILLIC)
        for name in self.fields:
            is_text = name == "signatory" or name.startswith(("name_", "programme_", "centre_", "place_"))
            chosen = not name.startswith("name_") or name.removeprefix("name_") in cleaned.get("give", ())
            strict = self.form == Certificate.Form.EN or name.startswith("name_")
            if is_text and chosen and strict and wrong.search(str(cleaned.get(name, ""))):
                self.add_error(name, sentence)
        return cleaned

    def issue(self, *, by) -> list[Certificate]:
        """Issue them all. Where that is refused the form has errors, and nothing is issued."""
        values = self.cleaned_data
        names = {row: values[f"name_{row.pk.hex}"] for row in self.able if row.pk.hex in values["give"]}
        wordings = {}
        for language in self.languages:
            with translation.override(language):
                network = self.group.centre.network.name_i18n
            texts = {name: values[f"{name}_{language}"] for name in ("programme", "centre", "place")}
            wordings[language] = {**texts, "network": network}
        same = {name: values[name] for name in ("issued_on", "signatory", "signs_as")}
        try:
            return Certificate.objects.issue(names, by=by, form=self.form, wordings=wordings, **same)
        except ValidationError as refused:
            self.add_error(None, refused)
            return []


class RevokeForm(Entry, forms.Form):
    """Why a certificate is worth nothing from now on."""

    reason = forms.CharField(
        label=gettext_lazy("Why it is revoked"),
        max_length=300,
        help_text=gettext_lazy("Seen by the centre and the network only."),
        widget=forms.Textarea({"rows": 3}),
    )


class CertificateFilter(ListFilter):
    """The certificates of the reader's centres, searched by number, code or name."""

    q = forms.CharField(label=gettext_lazy("Number, code or name"), required=False)
    centre = forms.ChoiceField(label=gettext_lazy("Centre"), required=False)
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[
            ("", gettext_lazy("all")),
            ("valid", gettext_lazy("valid")),
            ("revoked", gettext_lazy("revoked")),
            ("missing", gettext_lazy("not issued yet")),
        ],
    )

    @property
    def are_missing(self) -> bool:
        """Whether those are asked for who have none yet."""
        return self.chosen.get("state") == "missing"

    def missing(self):
        """Who completed a group within a year and has no certificate of it, by name."""
        if self.must_choose:
            return Enrolment.objects.none()
        found = self.narrow(without_certificate(self.those_of(self.user).order_by(), timezone.localdate()))
        if words := self.chosen.get("q"):
            found = found.filter(
                trainee__in=self.narrow(Trainee.objects.visible_to(self.user)).named(words).values("pk")
            )
        return found.for_list()

    def certificates(self):
        found = self.narrow(Certificate.objects.visible_to(self.user)).for_list()
        if state := self.cleaned_data.get("state"):
            found = found.filter(revoked_at__isnull=state == "valid")
        return found.matching(self.cleaned_data.get("q") or "")
