"""The register as a spreadsheet: one row per centre, out and in again."""

import re
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone, translation
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from import_export import resources
from import_export.fields import Field
from import_export.instance_loaders import CachedInstanceLoader
from import_export.widgets import Widget

from .forms.centres import taken
from .forms.entry import DAYS
from .forms.versioned import in_language
from .models import AdminUnit, Centre, Network, Place, Post
from .models.centre import spelling
from .spreadsheets import neutralise

TRANSLATED = {"name": pgettext_lazy("of a thing", "name"), "host_name": _("name of the host")}

# Every column in its order, with the heading that its reader sees.
COLUMNS = {
    "network": _("network"),
    "code": _("code"),
    "name": in_language(TRANSLATED["name"], "en"),
    "name_ru": in_language(TRANSLATED["name"], "ru"),
    "name_kk": in_language(TRANSLATED["name"], "kk"),
    "aliases": _("other spellings"),
    "kind": _("kind"),
    "host": _("hosted by"),
    "host_name": in_language(TRANSLATED["host_name"], "en"),
    "host_name_ru": in_language(TRANSLATED["host_name"], "ru"),
    "host_name_kk": in_language(TRANSLATED["host_name"], "kk"),
    "legal_status": _("legal status"),
    "oblast": _("oblast"),
    "raion": _("raion"),
    "place": _("settlement"),
    "kato": _("KATO code"),
    "opened": _("opened"),
    "closed": _("closed"),
    "address": _("address"),
    "postcode": _("post code"),
    "phone": _("phone"),
    "email": _("e-mail"),
    "head": _("head of centre"),
    "facilitator": _("facilitator"),
    "chair": _("chair of the committee"),
}
PEOPLE = list(Post.Kind.values)


def heading(column: str) -> str:
    """A column's heading in the reader's language."""
    return capfirst(str(COLUMNS[column]))


class Words(Widget):
    """A choice: written in the reader's words; read by its code or its words in any of the three languages."""

    def __init__(self, choices):
        self.choices = choices

    @cached_property
    def codes(self) -> dict:
        """Every way to write a choice, and its code."""
        return {
            spelling(said): code for code, label in self.choices.choices for said in (code, *in_all_languages(label))
        }

    def render(self, value, obj=None, **kwargs):
        return str(dict(self.choices.choices).get(value, value))

    def clean(self, value, row=None, **kwargs):
        if code := self.codes.get(spelling(value)):
            return code
        allowed = ", ".join(str(label) for _code, label in self.choices.choices)
        raise ValueError(_("“%(value)s” is none of: %(allowed)s.") % {"value": value, "allowed": allowed})


class Day(Widget):
    """A date, read as 2005-12-31 or 31.12.2005. With slashes nobody knows which is the month."""

    def render(self, value, obj=None, **kwargs):
        return value

    def clean(self, value, row=None, **kwargs):
        for pattern in ("%Y-%m-%d", "%d.%m.%Y"):
            try:
                day = datetime.strptime(value, pattern).date()
            except ValueError:
                continue
            for bound in DAYS:
                try:
                    bound(day)
                except ValidationError as problem:
                    raise ValueError(problem.messages[0]) from None
            return day
        raise ValueError(_("“%(value)s” is no date. Write it as 2005-12-31 or 31.12.2005.") % {"value": value})


class Settlement(Widget):
    """A town or village, by its KATO code or by its name together with raion and oblast.

    One that the map does not have yet is prepared, unsaved, below the raion or oblast of the same row.
    """

    def __init__(self):
        self.prepared = {}
        self.found_above = {}

    def render(self, value, obj=None, **kwargs):
        return str(value or "")

    def clean(self, value, row=None, **kwargs):
        today = timezone.localdate()
        units, kato, above = AdminUnit.objects.lived_in(today), row.get("kato"), self._above(row, today)
        if kato and (unit := units.filter(kato=kato).first()):
            return unit
        if value == kato:
            raise ValueError(_("No settlement with the KATO code %(code)s is on the map.") % {"code": kato})
        found = list(units.named(value))
        if above:
            places = AdminUnit.objects.filter(pk__in=[unit.pk for unit in found]).places(today)
            found = [unit for unit in found if above in (places[unit.pk].raion, places[unit.pk].oblast)]
        if len(found) > 1:
            raise ValueError(_("Several places are called “%(name)s”. Give the raion too.") % {"name": value})
        return found[0] if found else self._prepare(value, row, above)

    def _above(self, row, today):
        """The raion of the row, otherwise its oblast, otherwise None; each looked up once."""
        key = (row.get("raion"), row.get("oblast"))
        if key not in self.found_above:
            self.found_above[key] = self._look_up(row, today)
        return self.found_above[key]

    def _look_up(self, row, today):
        for level in (AdminUnit.Level.RAION, AdminUnit.Level.OBLAST):
            if name := row.get(level):
                found = AdminUnit.objects.filter(level=level).named(name).in_order()
                if level == AdminUnit.Level.RAION and len(found) > 1 and (oblast := row.get("oblast")):
                    places = found.places(today)
                    found = [unit for unit in found if spelling(oblast) in names_of(places[unit.pk].oblast)]
                if len(found) == 1:
                    return found[0]
                text = _("No raion or oblast called “%(name)s” is on the map. Add it under “Places” first.")
                if found:
                    text = _("Several places are called “%(name)s”. Give the raion too.")
                raise ValueError(text % {"name": name})
        return None

    def _prepare(self, name, row, above):
        if above is None:
            text = _("“%(name)s” is not on the map. Give its raion or oblast too, and it is added.")
            raise ValueError(text % {"name": name})
        key = (spelling(name), above.pk)
        if key not in self.prepared:
            unit = AdminUnit(level=AdminUnit.Level.SETTLEMENT, name=name, kato=row.get("kato") or "")
            unit.above = above
            self.prepared[key] = unit
        return self.prepared[key]


def names_of(unit) -> set[str]:
    """A unit's spellings in the three languages."""
    return {spelling(name) for name in (unit.name, unit.name_ru, unit.name_kk) if name} if unit else set()


def in_all_languages(text) -> list[str]:
    """A translatable text in every language of the interface."""
    said = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            said.append(str(text))
    return said


class CentreResource(resources.ModelResource):
    """Centres as far as the user may see them; oblast and raion are those of today, people those in post today.

    An import needs the `network`, which the user must coordinate. What is empty in the file stays as it is, nothing is
    deleted: spellings are added, and people are entered for new centres only, since a post needs its dates.
    """

    network = Field(readonly=True)
    aliases = Field()
    place = Field("place", "place", widget=Settlement())
    kato = Field(readonly=True)
    oblast = Field(readonly=True)
    raion = Field(readonly=True)
    kind = Field("kind", "kind", widget=Words(Centre.Kind))
    host = Field("host", "host", widget=Words(Centre.Host))
    legal_status = Field("legal_status", "legal_status", widget=Words(Centre.LegalStatus))
    opened = Field("opened", "opened", widget=Day())
    closed = Field("closed", "closed", widget=Day())
    head = Field()
    facilitator = Field()
    chair = Field()

    class Meta:
        model = Centre
        fields = list(COLUMNS)
        export_order = list(COLUMNS)
        import_id_fields = ["code"]
        clean_model_instances = True
        skip_unchanged = True
        skip_html_diff = True
        store_instance = True
        instance_loader_class = CachedInstanceLoader

    def __init__(self, *, user, network=None, **kwargs):
        super().__init__(**kwargs)
        self.user = user
        self.network = network
        for name in ("name_ru", "name_kk", "host_name_ru", "host_name_kk"):
            self.fields[name] = Field(name, name)
        for name, field in self.fields.items():
            field.column_name = name
        if not Network.objects.joined_by(user).exists():
            for name in PEOPLE:  # donors see the centre's contacts, but not people's names
                del self.fields[name]

    def get_queryset(self):
        if self.network:
            return Centre.objects.editable_by(self.user).filter(network=self.network).select_related("place")
        return Centre.objects.visible_to(self.user)

    # --- Out ---------------------------------------------------------------------------------------------------------

    def get_export_headers(self, selected_fields=None):
        return [heading(name) for name in self.get_export_order() if name in self.fields]

    def before_export(self, queryset, **kwargs):
        self.places = AdminUnit.objects.filter(pk__in=queryset.order_by().values("place")).places(timezone.localdate())

    def filter_export(self, queryset, **kwargs):
        return queryset.prefetch_related("aliases")

    def export_field(self, field, instance, **kwargs):
        return neutralise(super().export_field(field, instance, **kwargs))

    def dehydrate_network(self, centre):
        return centre.network.code

    def dehydrate_aliases(self, centre):
        return "; ".join(alias.name for alias in centre.aliases.all())

    def dehydrate_kato(self, centre):
        return centre.place.kato if centre.place else ""

    def dehydrate_oblast(self, centre):
        return str(self.places.get(centre.place_id, Place()).oblast or "")

    def dehydrate_raion(self, centre):
        return str(self.places.get(centre.place_id, Place()).raion or "")

    def dehydrate_head(self, centre):
        return self._holders(centre, Post.Kind.HEAD)

    def dehydrate_facilitator(self, centre):
        return self._holders(centre, Post.Kind.FACILITATOR)

    def dehydrate_chair(self, centre):
        return self._holders(centre, Post.Kind.CHAIR)

    def _holders(self, centre, kind):
        return "; ".join(post.name for post in centre.current_posts if post.kind == kind)

    # --- In ----------------------------------------------------------------------------------------------------------

    def before_import(self, dataset, **kwargs):
        self.known = self.network.centres.spellings()
        self.own = {self.network.code, *(spelling(name) for name in in_all_languages(self.network))}

    def after_init_instance(self, instance, new, row, **kwargs):
        if new:
            instance.network = self.network

    def import_field(self, field, instance, row, is_m2m=False, **kwargs):
        if row.get(field.column_name):
            super().import_field(field, instance, row, is_m2m, **kwargs)

    def skip_row(self, instance, original, row, import_validation_errors=None):
        if instance._state.adding or self._fresh_spellings(instance, row):
            return False
        return super().skip_row(instance, original, row, import_validation_errors)

    def _fresh_spellings(self, centre, row):
        """Other spellings of the row that the centre does not have yet."""
        had = {spelling(name) for name in centre.all_names()} if centre.pk else set()
        given = [name for name in re.split(r"[;\n]", row.get("aliases") or "") if name.strip()]
        return [name for name in given if spelling(name) not in had]

    def validate_instance(self, instance, import_validation_errors=None, validate_unique=True):
        errors = dict(import_validation_errors or {})
        for field in ("name", "name_ru", "name_kk"):
            self._refuse_taken(instance, field, getattr(instance, field), errors)
        for name in self.fresh:
            self._refuse_taken(instance, "aliases", name, errors)
        if self.foreign:
            errors["network"] = [_("This row belongs to another network: “%(name)s”.") % {"name": self.foreign}]
        super().validate_instance(instance, errors, validate_unique)

    def _refuse_taken(self, instance, field, name, errors):
        other = self.known.get(spelling(name or ""))
        if other and other != instance:
            errors[field] = [taken(name, other)]

    def import_instance(self, instance, row, **kwargs):
        self.fresh = self._fresh_spellings(instance, row)
        self.foreign = "" if spelling(row.get("network") or self.network.code) in self.own else row["network"]
        super().import_instance(instance, row, **kwargs)

    def before_save_instance(self, instance, row, **kwargs):
        place = instance.place
        if place and place._state.adding:
            place.save()
            place.placements.create(parent=place.above)
        instance.place = place  # takes over the id that the place has got

    def do_instance_save(self, instance, is_create):
        if is_create:
            instance.save(force_insert=True)
        else:
            instance.write(version=instance.version)

    def after_save_instance(self, instance, row, **kwargs):
        had = [alias.name for alias in instance.aliases.all()]
        instance.spell([*had, *self.fresh])
        if instance.version == 1:
            for kind in PEOPLE:
                for name in filter(str.strip, re.split(r"[;\n]", row.get(kind) or "")):
                    Post.objects.create(centre=instance, kind=kind, name=name.strip()[:150])
        for name in filter(None, (instance.name, instance.name_ru, instance.name_kk, *self.fresh)):
            self.known.setdefault(spelling(name), instance)


def as_xlsx(dataset) -> bytes:
    """A workbook with a frozen head; texts stay texts."""
    dataset.title = str(_("Centres"))[:31]
    return dataset.export("xlsx")


def as_csv(dataset) -> bytes:
    """UTF-8 with its mark, so that a spreadsheet program reads Cyrillic letters."""
    return b"\xef\xbb\xbf" + dataset.export("csv").encode()
