"""The register as a spreadsheet: one row per centre, out and in again."""

import re

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from import_export import resources
from import_export.fields import Field

from .forms.versioned import in_language
from .models import AdminUnit, Centre, Network, Place, Post

RISKY = re.compile(r"[=+\-@\t\r\n]")
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


def neutralise(value):
    """A value that no spreadsheet program takes for a formula: an apostrophe before = + - @ tab and line ends."""
    return "'" + value if isinstance(value, str) and RISKY.match(value) else value


class CentreResource(resources.ModelResource):
    """Centres as far as the user may see them; oblast and raion are those of today, people those in post today."""

    network = Field("network__code")
    aliases = Field()
    place = Field()
    kato = Field("place__kato")
    oblast = Field()
    raion = Field()
    kind = Field("get_kind_display")
    host = Field("get_host_display")
    legal_status = Field("get_legal_status_display")
    head = Field()
    facilitator = Field()
    chair = Field()

    class Meta:
        model = Centre
        fields = list(COLUMNS)
        export_order = list(COLUMNS)
        import_id_fields = ["code"]

    def __init__(self, *, user, **kwargs):
        super().__init__(**kwargs)
        self.user = user
        for name in ("name_ru", "name_kk", "host_name_ru", "host_name_kk"):
            self.fields[name] = Field(name, name)
        if not Network.objects.joined_by(user).exists():
            for name in PEOPLE:  # donors see the centre's contacts, but not people's names
                del self.fields[name]

    def get_queryset(self):
        return Centre.objects.visible_to(self.user)

    def get_export_headers(self, selected_fields=None):
        return [heading(name) for name in self.get_export_order() if name in self.fields]

    def before_export(self, queryset, **kwargs):
        self.places = AdminUnit.objects.filter(pk__in=queryset.order_by().values("place")).places(timezone.localdate())

    def filter_export(self, queryset, **kwargs):
        return queryset.prefetch_related("aliases")

    def export_field(self, field, instance, **kwargs):
        return neutralise(super().export_field(field, instance, **kwargs, force_native_type=True))

    def dehydrate_aliases(self, centre):
        return "; ".join(alias.name for alias in centre.aliases.all())

    def dehydrate_place(self, centre):
        return str(centre.place or "")

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


def as_xlsx(dataset) -> bytes:
    """A workbook with a frozen head; texts stay texts."""
    dataset.title = str(_("Centres"))[:31]
    return dataset.export("xlsx")


def as_csv(dataset) -> bytes:
    """UTF-8 with its mark, so that a spreadsheet program reads Cyrillic letters."""
    return b"\xef\xbb\xbf" + dataset.export("csv").encode()
