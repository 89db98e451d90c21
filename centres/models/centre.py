"""A Community Learning Centre: what it is, where, in whose house, who runs it, how it is spelt elsewhere."""

from django.db import models
from django.db.models import F, Prefetch, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modeltrans.fields import TranslationField

from .. import doubts
from ..access import CentreOwned, CentreOwnedQuerySet, ScopedQuerySet, reach_of
from ..collation import kazakh_order
from ..history import track
from ..latin import latin
from ..versions import Versioned
from .committee import committee_activity
from .network import RESERVED, AdminUnit, Network, not_reserved, search_words


def spelling(name: str) -> str:
    """What two spellings of a name are compared by: case and spaces do not count."""
    return " ".join(name.split()).casefold()


def free_code(name: str, used=()) -> str:
    """A code made from a name in any of the languages, with a number where that is taken or reserved.

    Empty where the name has no letter of the Latin or Cyrillic alphabet and no digit.
    """
    made = slugify(latin(name))[:45].strip("-")
    code, number = made, 1
    while made and (code in RESERVED or code in used or Centre.objects.filter(code=code).exists()):
        number += 1
        code = f"{made}-{number}"
    return code


def lies_in(place, word: str) -> bool:
    """Whether the word occurs in a name of the place's oblast or raion, in any language; case is ignored."""
    units = [unit for unit in (place.oblast, place.raion) if unit]
    names = [name for unit in units for name in (unit.name, unit.name_ru, unit.name_kk) if name]
    return any(word.casefold() in name.casefold() for name in names)


class CentreQuerySet(ScopedQuerySet):
    def visible_to(self, user):
        """The register's basics: for every member of the network and for the donors of its projects."""
        return self.filter(network__in=reach_of(user).networks)

    def editable_by(self, user):
        """All of a centre's entry: coordinators."""
        return self.filter(network__in=reach_of(user).coordinates)

    def contactable_by(self, user):
        """Centres whose contacts the person may change: coordinators, and the centre's own people."""
        reach = reach_of(user)
        return self.filter(Q(network__in=reach.coordinates) | Q(pk__in=reach.runs))

    def inside_for(self, user):
        """Centres whose inside the person sees: coordinators, experts, and the centre's own people."""
        reach = reach_of(user)
        return self.filter(Q(network__in=reach.oversees) | Q(pk__in=reach.runs))

    def kept_by(self, user):
        """Centres whose own records the person keeps, such as its equipment: the rule of `CentreKeptQuerySet`."""
        return self.contactable_by(user)

    def with_committee_activity(self, day):
        """With what the committee did in the six months up to that day; see `committee_activity`."""
        return self.annotate(**committee_activity(day))

    def open_on(self, day):
        """Open on that day, as far as the dates are known."""
        return self.filter(Q(opened__isnull=True) | Q(opened__lte=day), Q(closed__isnull=True) | Q(closed__gte=day))

    def named(self, text: str, places=None):
        """Every word occurs in a name (any language), the code, the host, the place or another spelling.

        Where `places` tells the oblast and raion of units by their id, the names of those are searched as well.
        """
        for word in search_words(text):
            inside = [pk for pk, place in (places or {}).items() if lies_in(place, word)]
            self = self.filter(
                Q(code__icontains=word)
                | Q(name__icontains=word)
                | Q(name_ru__icontains=word)
                | Q(name_kk__icontains=word)
                | Q(host_name__icontains=word)
                | Q(host_name_ru__icontains=word)
                | Q(host_name_kk__icontains=word)
                | Q(place__in=AdminUnit.objects.matching(word).values("pk"))
                | Q(place__in=inside)
                | Q(pk__in=CentreAlias.objects.filter(name__icontains=word).values("centre"))
            )
        return self

    def spellings(self) -> dict:
        """Every spelling of every name of these centres, aliases included, with its centre (2 queries)."""
        known = {}
        for centre in self.prefetch_related("aliases"):
            for name in centre.all_names():
                known.setdefault(spelling(name), centre)
        return known

    def in_order(self):
        """By name as a Kazakh, Russian or English reader expects."""
        return self.order_by(kazakh_order(self.model, "name"), "code")

    def for_list(self):
        """In order, with network and place."""
        return self.select_related("network", "place").in_order()

    def with_posts(self, user):
        """With the posts held today as `current_posts`, as far as the reader may see people's names."""
        held = Post.objects.visible_to(user).on(timezone.localdate())
        return self.prefetch_related(Prefetch("posts", held, to_attr="current_posts"))


@track()
class Centre(Versioned):
    """A Community Learning Centre (CLC) of a network."""

    class Kind(models.TextChoices):
        CITY = "city", _("city")
        RAION_CENTRE = "raion_centre", _("raion centre")
        REMOTE_VILLAGE = "remote_village", _("remote village")
        SCHOOL = "school", _("school")

    class Host(models.TextChoices):
        AKIMAT = "akimat", _("akimat")
        LIBRARY = "library", _("library")
        LABOUR_DEPARTMENT = "labour_department", _("labour department")
        CHILDRENS_CLUB = "childrens_club", _("children's club")
        VET_SCHOOL = "vet_school", _("vocational school")
        SCHOOL = "school", _("general school")
        OWN = "own", _("premises of its own")
        OTHER = "other", _("other")

    class LegalStatus(models.TextChoices):
        UNKNOWN = "unknown", _("not known")
        NONE = "none", _("no legal status")
        PART_OF_HOST = "part_of_host", _("part of its host")
        REGISTERED = "registered", _("registered legal entity")

    network = models.ForeignKey(Network, on_delete=models.PROTECT, related_name="centres", verbose_name=_("network"))
    code = models.SlugField(
        _("code"),
        unique=True,
        validators=[not_reserved],
        help_text=_("Short and lasting; part of the page's address."),
    )
    name = models.CharField(pgettext_lazy("of a thing", "name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    host = models.CharField(_("hosted by"), max_length=20, choices=Host.choices)
    host_name = models.CharField(_("name of the host"), max_length=200, blank=True)
    place = models.ForeignKey(
        AdminUnit, on_delete=models.PROTECT, related_name="centres", verbose_name=_("settlement"), null=True, blank=True
    )
    opened = models.DateField(_("opened"), null=True, blank=True)
    closed = models.DateField(_("closed"), null=True, blank=True)
    legal_status = models.CharField(
        _("legal status"), max_length=20, choices=LegalStatus.choices, default=LegalStatus.UNKNOWN
    )
    address = models.CharField(_("address"), max_length=300, blank=True)
    postcode = models.CharField(_("post code"), max_length=40, blank=True)
    phone = models.CharField(_("phone"), max_length=200, blank=True)
    email = models.CharField(_("e-mail"), max_length=200, blank=True)
    i18n = TranslationField(fields=("name", "host_name"))

    objects = CentreQuerySet.as_manager()

    class Meta:
        verbose_name = _("centre")
        verbose_name_plural = _("centres")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                name="centre_dates_in_order",
                condition=Q(opened__isnull=True) | Q(closed__isnull=True) | Q(closed__gte=F("opened")),
                violation_error_message=_("The centre closes before it opens."),
            ),
            models.CheckConstraint(name="centre_code_not_reserved", condition=~Q(code__in=RESERVED)),
        ]

    def __str__(self):
        return self.name_i18n

    def get_absolute_url(self):
        return reverse("centres:detail", args=[self.code])

    @property
    def is_closed(self) -> bool:
        return self.closed is not None and self.closed < timezone.localdate()

    @property
    def doubts(self) -> dict:
        """By field: what looks wrong in the value that was given. Nothing is refused or changed because of it."""
        found = {
            "name": doubts.scripts(self.name),
            "host_name": doubts.scripts(self.host_name),
            "address": doubts.scripts(self.address),
            "postcode": doubts.postcode(self.postcode),
            "phone": doubts.phone(self.phone),
            "email": doubts.email(self.email),
        }
        return {field: sentence for field, sentence in found.items() if sentence}

    def all_names(self) -> list[str]:
        """Its name in every language that has one, and the other spellings."""
        return [name for name in (self.name, self.name_ru, self.name_kk) if name] + [
            alias.name for alias in self.aliases.all()
        ]

    def accounts_in_post(self, day):
        """The accounts of a head or a facilitator here, where nobody is named in that post on that day."""
        named = Post.objects.filter(centre=self).on(day).values("kind")
        accounts = self.memberships.on(day).exclude(role__in=named)
        return accounts.select_related("user").order_by("from_date", "pk")

    def spell(self, names) -> None:
        """Make these the other spellings of its name: new ones are added, those left out go."""
        wanted = {spelling(name): " ".join(name.split()) for name in names}
        for alias in self.aliases.all():
            if wanted.get(spelling(alias.name)) == alias.name:
                del wanted[spelling(alias.name)]
            else:
                alias.delete()
        CentreAlias.objects.bulk_create(CentreAlias(centre=self, name=name) for name in wanted.values())


@track()
class CentreAlias(CentreOwned):
    """Another spelling of a centre's name. Imports match it; nothing is ever merged silently because of it."""

    centre = models.ForeignKey(Centre, on_delete=models.CASCADE, related_name="aliases", verbose_name=_("centre"))
    name = models.CharField(pgettext_lazy("of a thing", "name"), max_length=120)

    class Meta:
        verbose_name = _("other spelling")
        verbose_name_plural = _("other spellings")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                "centre",
                models.functions.Lower("name"),
                name="centrealias_once",
                violation_error_message=_("This spelling is already listed."),
            )
        ]

    def __str__(self):
        return self.name


class PostQuerySet(CentreOwnedQuerySet):
    def on(self, day):
        """Held on that day; an unknown beginning counts as long ago."""
        return self.filter(
            Q(from_date__isnull=True) | Q(from_date__lte=day), Q(until_date__isnull=True) | Q(until_date__gte=day)
        )

    def visible_to(self, user):
        """For everyone who works in the network. Donors see the centre's contacts, but not people's names."""
        return self.filter(centre__network__in=Network.objects.joined_by(user).values("pk"))

    def editable_by(self, user):
        """Coordinators; the chair of the committee is named by the centre's own people, too."""
        reach = reach_of(user)
        return self.filter(Q(centre__network__in=reach.coordinates) | Q(kind=Post.Kind.CHAIR, centre__in=reach.runs))


@track()
class Post(CentreOwned, Versioned):
    """Who heads, facilitates or chairs the committee of a centre, from when to when; with or without an account."""

    class Kind(models.TextChoices):
        HEAD = "head", _("head of centre")
        FACILITATOR = "facilitator", _("facilitator")
        CHAIR = "chair", _("chair of the committee")

    kind = models.CharField(_("post"), max_length=20, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=150)
    from_date = models.DateField(_("from"), null=True, blank=True)
    until_date = models.DateField(_("until"), null=True, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ["centre", "kind", F("from_date").desc(nulls_last=True)]
        constraints = [
            models.CheckConstraint(
                name="post_dates_in_order",
                condition=Q(from_date__isnull=True) | Q(until_date__isnull=True) | Q(until_date__gte=F("from_date")),
                violation_error_message=_("The last day lies before the first."),
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.name}"

    @property
    def is_current(self) -> bool:
        today = timezone.localdate()
        return (self.from_date or today) <= today <= (self.until_date or today)
