"""Forms of the register: a centre, its contacts, the people in its posts, and the filters of the list."""

from datetime import timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..collation import kazakh_key
from ..models import AdminUnit, Centre, Network, Post
from ..models.centre import free_code, spelling
from ..spreadsheets import printable
from .entry import DateInput
from .languages import ThreeLanguages, in_languages, texts_typed
from .places import settlements
from .versioned import VersionedForm


def taken(name: str, other: Centre) -> str:
    """Why a centre cannot be called that."""
    return _("“%(name)s” is already a name of the centre %(centre)s (%(code)s). Add the raion to tell them apart.") % {
        "name": name,
        "centre": other,
        "code": other.code,
    }


class CentreFilter(forms.Form):
    """What the list of centres can be narrowed by. An unknown value narrows nothing, it is left out."""

    q = forms.CharField(label=_("Name, code, host or place"), required=False, max_length=200)
    network = forms.ChoiceField(label=_("Network"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("all")), *Centre.Kind.choices])
    oblast = forms.ChoiceField(label=_("Oblast today"), required=False)
    host = forms.ChoiceField(label=_("Hosted by"), required=False, choices=[("", _("all")), *Centre.Host.choices])
    legal_status = forms.ChoiceField(
        label=_("Legal status"), required=False, choices=[("", _("all")), *Centre.LegalStatus.choices]
    )
    state = forms.ChoiceField(
        label=_("Open or closed"),
        required=False,
        choices=[
            ("", _("all")),
            ("open", pgettext_lazy("state of a centre", "open")),
            ("closed", pgettext_lazy("state of a centre", "closed")),
        ],
    )

    def __init__(self, data, *, user):
        super().__init__({name: value for name, value in data.items() if value})
        self.user = user
        self.visible = Centre.objects.visible_to(user)
        self.places = AdminUnit.objects.filter(pk__in=self.visible.order_by().values("place")).places(
            timezone.localdate()
        )
        oblasts = {place.oblast.pk: str(place.oblast) for place in self.places.values() if place.oblast}
        networks = Network.objects.visible_to(user).in_order()
        self.fields["oblast"].choices = [("", _("all")), *sorted(oblasts.items(), key=lambda item: kazakh_key(item[1]))]
        self.fields["network"].choices = [("", _("all")), *((network.code, str(network)) for network in networks)]
        if len(self.fields["network"].choices) < 3:
            del self.fields["network"]
        if not oblasts:
            del self.fields["oblast"]
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select" if hasattr(field, "choices") else "form-control"
        self.is_valid()

    @property
    def chosen(self) -> dict:
        """The filters in force."""
        return {name: value for name, value in self.cleaned_data.items() if value}

    def centres(self):
        """The visible centres that fit, in the order of the list."""
        found, chosen, today = self.visible, self.chosen, timezone.localdate()
        if "q" in chosen:
            found = found.named(chosen["q"], self.places)
        if "network" in chosen:
            found = found.filter(network__code=chosen["network"])
        for name in ("kind", "host", "legal_status"):
            if name in chosen:
                found = found.filter(**{name: chosen[name]})
        if "oblast" in chosen:
            inside = [
                pk for pk, place in self.places.items() if place.oblast and str(place.oblast.pk) == chosen["oblast"]
            ]
            found = found.filter(place__in=inside)
        if "state" in chosen:
            closed = found.filter(closed__lt=today)
            found = closed if chosen["state"] == "closed" else found.exclude(closed__lt=today)
        return found.for_list().with_posts(self.user)


class CentreForm(ThreeLanguages, VersionedForm):
    """All of a centre's entry, the other spellings of its name included: for coordinators."""

    TRANSLATED = {"name": True, "host_name": False}
    SECTIONS = [
        (pgettext_lazy("of a thing", "Name"), [["network"], in_languages("name"), ["code"], ["aliases"]]),
        (_("Kind and host"), [["kind", "host", "legal_status"], in_languages("host_name")]),
        (_("Place and time"), [["place", "opened", "closed"]]),
        (_("Contacts"), [["address", "postcode"], ["phone", "email"]]),
    ]
    aliases = forms.CharField(
        label=_("Other spellings of the name"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One per line. Imported tables are matched by them."),
    )

    class Meta:
        model = Centre
        fields = [
            *["network", *in_languages("name"), "code", "kind", "host", *in_languages("host_name")],
            *["legal_status", "place", "opened", "closed", "address", "postcode", "phone", "email"],
        ]
        widgets = {"opened": DateInput, "closed": DateInput}
        help_texts = {
            "closed": _("The last day. Leave it empty while the centre works."),
            "code": _("Short and lasting; part of the page's address. Left empty, it is made from the name."),
        }

    def __init__(self, *args, user, **kwargs):
        self.user = user
        super().__init__(*args, **kwargs)
        networks = Network.objects.editable_by(user).in_order()
        if self.instance._state.adding:
            self.fields["network"].queryset = networks
            self.fields["code"].required = False
            if len(networks) == 1:
                self.instance.network = networks[0]
                del self.fields["network"]
        else:
            del self.fields["network"], self.fields["code"]
        self.fields["place"].choices = settlements(self.instance.place)
        self.fields["place"].help_text = format_html(
            _("Is it missing? Add it under {places}. The centre can be saved without it; choose it here afterwards."),
            places=format_html('<a href="{}" target="_blank">{}</a>', reverse("centres:places"), _("Places")),
        )
        if not self.instance._state.adding:
            self.initial["aliases"] = "\n".join(alias.name for alias in self.instance.aliases.all())

    def again(self, **kwargs):
        return type(self)(user=self.user, **kwargs)

    def clean_code(self):
        """Left empty, the code is made from the first name given, with a number where that is taken."""
        code = self.cleaned_data["code"]
        names = [self.data.get(self.add_prefix(field), "").strip() for field in in_languages("name")]
        if not code and any(names):  # without any name, that alone is what has to be said
            code = next(filter(None, map(free_code, names)), "")
            if not code:
                raise ValidationError(_("Write a code: the name gives none."))
        return code

    def clean_aliases(self):
        """One spelling per line; a line that comes twice is refused."""
        names = [" ".join(line.split()) for line in printable(self.cleaned_data["aliases"]).splitlines()]
        names = [name for name in names if name]
        seen = set()
        for name in names:
            if len(name) > 120:
                raise ValidationError(
                    _("“%(name)s” is too long: 120 letters at most."), params={"name": name[:40] + "…"}
                )
            if spelling(name) in seen:
                raise ValidationError(_("“%(name)s” is listed twice."), params={"name": name})
            seen.add(spelling(name))
        return names

    def clean(self):
        cleaned = super().clean()
        network = cleaned.get("network") or getattr(self.instance, "network", None)
        if network:
            known = network.centres.exclude(pk=self.instance.pk).spellings()
            for field, name in self._names(cleaned):
                if other := known.get(spelling(name)):
                    self.add_error(field, taken(name, other))
        return cleaned

    def _names(self, cleaned):
        yield from texts_typed(cleaned, "name")
        for name in cleaned.get("aliases", ()):
            yield "aliases", name

    def save_parts(self):
        self.instance.spell(self.cleaned_data["aliases"])


class ContactsForm(VersionedForm):
    """A centre's address, post code, phone and e-mail: what its own people keep up to date."""

    SECTIONS = [("", [["address", "postcode"], ["phone", "email"]])]

    class Meta:
        model = Centre
        fields = ["address", "postcode", "phone", "email"]


class PostForm(VersionedForm):
    """Who holds a post from when to when. A newcomer can end the term of those who held it before."""

    SECTIONS = [("", [["name"], ["from_date", "until_date"], ["leaving"]])]
    leaving = forms.ModelMultipleChoiceField(
        label=_("Who leaves the post the day before?"),
        queryset=Post.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Post
        fields = ["name", "from_date", "until_date"]
        widgets = {"from_date": DateInput, "until_date": DateInput}
        help_texts = {"until_date": _("The last day. Leave it empty while the person is in the post.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        holders = self.instance.centre.posts.filter(kind=self.instance.kind).on(timezone.localdate())
        if self.instance._state.adding and holders.exists():
            self.fields["leaving"].queryset = holders
            self.fields["leaving"].label_from_instance = lambda post: post.name
        else:
            del self.fields["leaving"]

    def clean(self):
        cleaned = super().clean()
        if "from_date" not in cleaned:
            return cleaned
        since = cleaned["from_date"]
        for post in cleaned.get("leaving") or ():
            if since is None:
                self.add_error("from_date", _("Say since when, so that the others leave the day before."))
                break
            if post.from_date and post.from_date >= since:
                self.add_error("from_date", _("%(name)s came to the post only later.") % {"name": post.name})
        if self.instance.kind == Post.Kind.CHAIR and not self.errors:
            self._check_one_chair(cleaned)
        return cleaned

    def _check_one_chair(self, cleaned):
        """A committee has one chair at a time; other posts can be shared."""
        first, last, leaving = cleaned["from_date"], cleaned.get("until_date"), cleaned.get("leaving") or ()
        others = self.instance.centre.posts.filter(kind=Post.Kind.CHAIR).exclude(pk=self.instance.pk)
        others = others.exclude(pk__in=[post.pk for post in leaving])
        if first:
            others = others.filter(Q(until_date=None) | Q(until_date__gte=first))
        if last:
            others = others.filter(Q(from_date=None) | Q(from_date__lte=last))
        if other := others.first():
            sentence = _("%(name)s chairs the committee at that time. Say first on which day that ended.")
            self.add_error("from_date", sentence % {"name": other.name})

    def save_parts(self):
        if leaving := self.cleaned_data.get("leaving"):
            until = self.instance.from_date - timedelta(days=1)
            leaving.update(until_date=until, version=F("version") + 1)
