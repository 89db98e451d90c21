"""A network, and the administrative map that its centres lie on."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import EmptyResultSet, ValidationError
from django.core.validators import RegexValidator
from django.db import connection, models, transaction
from django.db.models import F, Q
from django.db.models.expressions import RawSQL
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modeltrans.fields import TranslationField

from ..access import ScopedQuerySet, reach_of
from ..collation import kazakh_order
from ..history import track
from .accounts import DateRange

# Words that stand in some address of the system's own where another one has the code of a centre or a project.
RESERVED = ["history", "import", "new", "places", "projects", "target-groups"]

SEARCHED = 8  # words of a search that count: each makes the query longer


def search_words(text: str) -> list[str]:
    """The words that a search looks for."""
    return text.split()[:SEARCHED]


colour = RegexValidator(r"^#[0-9a-fA-F]{6}$", _("Write a colour as # and six digits, for example #0b5c6b."))


def not_reserved(code: str) -> None:
    """Raise ValidationError for a word that an address of the system's own has in the place of a code."""
    if code in RESERVED:
        raise ValidationError(_("This word is part of the system's own addresses. Choose another code."))


class NetworkQuerySet(ScopedQuerySet):
    def visible_to(self, user):
        return self.filter(pk__in=reach_of(user).networks)

    def editable_by(self, user):
        return self.filter(pk__in=reach_of(user).coordinates)

    def joined_by(self, user):
        """Networks that the person works in: everyone but donors."""
        reach = reach_of(user)
        return self.filter(Q(pk__in=reach.oversees) | Q(pk__in=self.filter(centres__in=reach.runs).values("pk")))

    def assessable_by(self, user):
        """Networks whose matrix the person edits: as expert or coordinator."""
        return self.filter(pk__in=reach_of(user).oversees)

    def in_order(self):
        """By name as a Kazakh, Russian or English reader expects."""
        return self.order_by(kazakh_order(self.model, "name"), "pk")


@track()
class Network(models.Model):
    """One association's family of centres. Everything belongs to exactly one network."""

    code = models.SlugField(_("code"), unique=True)
    name = models.CharField(pgettext_lazy("of a thing", "name"), max_length=200)
    brand = models.CharField(_("brand colour"), max_length=7, default="#0b5c6b", validators=[colour])
    brand_weak = models.CharField(_("weak brand colour"), max_length=7, default="#e3f0f1", validators=[colour])
    i18n = TranslationField(fields=("name",))

    objects = NetworkQuerySet.as_manager()

    class Meta:
        verbose_name = _("network")
        verbose_name_plural = _("networks")
        ordering = ["code"]

    def __str__(self):
        return self.name_i18n


@dataclass(frozen=True)
class Place:
    """Where a unit lies on a given day, from the top down; a level that does not exist there is None."""

    oblast: "AdminUnit | None" = None
    raion: "AdminUnit | None" = None


@dataclass(frozen=True)
class Stay:
    """The place of a unit from a day to a day, both included; None is open."""

    from_date: date | None
    until_date: date | None
    place: Place


class AdminUnitQuerySet(models.QuerySet):
    def editable_by(self, user):
        """Units in which, at whatever time, no centre of a network lies that the person does not coordinate.

        The map is common: where such a unit lies, other networks' reports tell as well.
        """
        own = list(reach_of(user).coordinates)
        if not own:
            return self.none()
        foreign = RawSQL(
            """
            WITH RECURSIVE up (unit) AS (
                SELECT place_id FROM centres_centre WHERE place_id IS NOT NULL AND network_id <> ALL (%s)
                UNION SELECT p.parent_id FROM up JOIN centres_placement p ON p.unit_id = up.unit
            )
            SELECT unit FROM up
            """,
            [own],
        )
        return self.exclude(pk__in=foreign)

    def places(self, day) -> dict[int, Place]:
        """Oblast and raion of these units on that day (2 queries, whatever their number)."""
        try:
            base, params = self.order_by().values("pk").query.sql_with_params()
        except EmptyResultSet:
            return {}
        with connection.cursor() as cursor:
            cursor.execute(
                f"""
                WITH RECURSIVE up (unit, step, height) AS (
                    SELECT base.id, base.id, 0 FROM ({base}) AS base (id)
                    UNION ALL
                    SELECT up.unit, p.parent_id, up.height + 1
                    FROM up JOIN centres_placement p ON p.unit_id = up.step
                    WHERE coalesce(p.from_date <= %s, true) AND coalesce(p.until_date >= %s, true) AND up.height < 9
                )
                SELECT unit, step FROM up ORDER BY height
                """,  # noqa: S608, only Django's own SQL goes in
                [*params, day, day],
            )
            steps = cursor.fetchall()
        units = self.model.objects.in_bulk({step for _unit, step in steps})
        lineages = {}
        for unit, step in steps:
            lineages.setdefault(unit, {}).setdefault(units[step].level, units[step])
        return {
            unit: Place(lineage.get(AdminUnit.Level.OBLAST), lineage.get(AdminUnit.Level.RAION))
            for unit, lineage in lineages.items()
        }

    def lived_in(self, day):
        """Towns and villages that exist on that day: where a centre can be."""
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=day),
            Q(valid_until__isnull=True) | Q(valid_until__gte=day),
            level__in=[AdminUnit.Level.CITY, AdminUnit.Level.SETTLEMENT],
        )

    def named(self, name: str):
        """With that name in one of the three languages, case ignored."""
        return self.filter(Q(name__iexact=name) | Q(name_ru__iexact=name) | Q(name_kk__iexact=name))

    def matching(self, text: str):
        """Every word occurs in a name (any language) or in the KATO code."""
        for word in search_words(text):
            self = self.filter(
                Q(name__icontains=word)
                | Q(name_ru__icontains=word)
                | Q(name_kk__icontains=word)
                | Q(kato__startswith=word)
            )
        return self

    def in_order(self):
        """By name as a Kazakh, Russian or English reader expects."""
        return self.order_by(kazakh_order(self.model, "name"), "pk")


@track()
class AdminUnit(models.Model):
    """An oblast, raion, rural district or settlement of the state's register (KATO in Kazakhstan)."""

    class Level(models.TextChoices):
        OBLAST = "oblast", _("oblast")
        RAION = "raion", _("raion")
        RURAL_DISTRICT = "rural_district", _("rural district")
        CITY = "city", _("city")
        SETTLEMENT = "settlement", _("settlement")

    level = models.CharField(_("level"), max_length=20, choices=Level.choices)
    name = models.CharField(pgettext_lazy("of a thing", "name"), max_length=120)
    kato = models.CharField(
        _("KATO code"),
        max_length=9,
        blank=True,
        validators=[RegexValidator(r"^\d{9}$", _("A KATO code has nine digits."))],
    )
    valid_from = models.DateField(_("exists since"), null=True, blank=True)
    valid_until = models.DateField(_("existed until"), null=True, blank=True)
    i18n = TranslationField(fields=("name",))

    objects = AdminUnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("administrative unit")
        verbose_name_plural = _("administrative units")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint("kato", name="adminunit_kato_once", condition=~Q(kato="")),
            models.CheckConstraint(
                name="adminunit_dates_in_order",
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_until__gte=F("valid_from")),
                violation_error_message=_("The last day lies before the first."),
            ),
        ]

    def __str__(self):
        return self.name_i18n

    def get_absolute_url(self):
        return reverse("centres:place", args=[self.pk])

    @property
    def rank(self) -> int:
        """How high up the level stands, 0 for an oblast. A unit lies only in one of a smaller rank."""
        return ["oblast", "raion", "city", "rural_district", "settlement"].index(self.level)

    def stays(self) -> list[Stay]:
        """The oblasts and raions it has lain in, the latest first (2 queries)."""
        placements = list(
            Placement.objects.raw(
                """
                WITH RECURSIVE up (step) AS (
                    SELECT %s::bigint UNION SELECT p.parent_id FROM up JOIN centres_placement p ON p.unit_id = up.step
                )
                SELECT p.* FROM centres_placement p JOIN up ON p.unit_id = up.step
                """,
                [self.pk],
            ).prefetch_related("parent")
        )
        day_after = timedelta(days=1)
        starts = {row.from_date for row in placements} | {
            row.until_date + day_after for row in placements if row.until_date
        }
        starts = [None, *sorted(starts - {None})]
        stays = []
        for start, following in zip(starts, [*starts[1:], None], strict=True):
            last = following - day_after if following else None
            place = self._place_among(placements, start or last or date.max)
            if stays and stays[-1].place == place:
                stays[-1] = Stay(stays[-1].from_date, last, place)
            elif place != Place():
                stays.append(Stay(start, last, place))
        return stays[::-1]

    def _place_among(self, placements, day) -> Place:
        parents = {row.unit_id: row.parent for row in placements if row.is_valid_on(day)}
        lineage, step = {}, self
        while step is not None and step.level not in lineage:
            lineage[step.level] = step
            step = parents.get(step.pk)
        return Place(lineage.get(self.Level.OBLAST), lineage.get(self.Level.RAION))

    @transaction.atomic
    def move(self, *, parent, since) -> None:
        """Let the unit lie in another one from that day on; what held on that day ends the day before."""
        held = self.placements.on(since).first()
        if held and held.from_date == since:
            held.parent = parent
            held.save(update_fields=["parent"])
            return
        if held:
            held.until_date = since - timedelta(days=1)
            held.save(update_fields=["until_date"])
        later = self.placements.filter(from_date__gt=since).order_by("from_date").first()
        until = later.from_date - timedelta(days=1) if later else None
        self.placements.create(parent=parent, from_date=since, until_date=until)


class PlacementQuerySet(models.QuerySet):
    def on(self, day):
        """Valid on that day; an open end is for ever."""
        return self.filter(
            Q(from_date__isnull=True) | Q(from_date__lte=day), Q(until_date__isnull=True) | Q(until_date__gte=day)
        )


@track()
class Placement(models.Model):
    """A unit lies in a larger one, from a day to a day, so that a report of 2005 names the oblast of 2005."""

    unit = models.ForeignKey(AdminUnit, on_delete=models.CASCADE, related_name="placements", verbose_name=_("unit"))
    parent = models.ForeignKey(AdminUnit, on_delete=models.PROTECT, related_name="parts", verbose_name=_("lies in"))
    from_date = models.DateField(_("from"), null=True, blank=True)
    until_date = models.DateField(_("until"), null=True, blank=True)

    objects = PlacementQuerySet.as_manager()

    class Meta:
        verbose_name = _("placement")
        verbose_name_plural = _("placements")
        constraints = [
            models.CheckConstraint(
                name="placement_not_in_itself",
                condition=~Q(unit=F("parent")),
                violation_error_message=_("A unit cannot lie in itself."),
            ),
            models.CheckConstraint(
                name="placement_dates_in_order",
                condition=Q(from_date__isnull=True) | Q(until_date__isnull=True) | Q(until_date__gte=F("from_date")),
                violation_error_message=_("The last day lies before the first."),
            ),
            ExclusionConstraint(
                name="placement_one_at_a_time",
                expressions=[("unit", RangeOperators.EQUAL), (DateRange(), RangeOperators.OVERLAPS)],
                violation_error_message=_("The unit already lies elsewhere in that time."),
            ),
        ]

    def __str__(self):
        return f"{self.unit} / {self.parent}"

    def is_valid_on(self, day) -> bool:
        return (self.from_date or day) <= day <= (self.until_date or day)
