"""A network, its projects with their funders, and the administrative map that its centres lie on."""

from dataclasses import dataclass

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modeltrans.fields import TranslationField

from ..access import ScopedQuerySet, reach_of
from ..history import track
from .accounts import DateRange

colour = RegexValidator(r"^#[0-9a-fA-F]{6}$", _("Write a colour as # and six digits, for example #0b5c6b."))


class NetworkQuerySet(ScopedQuerySet):
    def visible_to(self, user):
        return self.filter(pk__in=reach_of(user).networks)

    def editable_by(self, user):
        return self.filter(pk__in=reach_of(user).coordinates)

    def assessable_by(self, user):
        """Networks whose matrix the person edits: as expert or coordinator."""
        return self.filter(pk__in=reach_of(user).oversees)


@track()
class Network(models.Model):
    """One association's family of centres. Everything belongs to exactly one network."""

    code = models.SlugField(_("code"), unique=True)
    name = models.CharField(_("name"), max_length=200)
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


class AdminUnitQuerySet(models.QuerySet):
    def places(self, day) -> dict[int, Place]:
        """Oblast and raion of every unit on that day (2 queries, whatever the size of the map)."""
        units = {unit.pk: unit for unit in self.model.objects.all()}
        parents = dict(Placement.objects.on(day).values_list("unit_id", "parent_id"))
        places = {}
        for pk in units:
            lineage, step, seen = {}, pk, set()
            while step is not None and step not in seen:
                seen.add(step)
                lineage.setdefault(units[step].level, units[step])
                step = parents.get(step)
            places[pk] = Place(lineage.get(AdminUnit.Level.OBLAST), lineage.get(AdminUnit.Level.RAION))
        return places


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
    name = models.CharField(_("name"), max_length=120)
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
            ExclusionConstraint(
                name="placement_one_at_a_time",
                expressions=[("unit", RangeOperators.EQUAL), (DateRange(), RangeOperators.OVERLAPS)],
                violation_error_message=_("The unit already lies elsewhere in that time."),
            ),
        ]

    def __str__(self):
        return f"{self.unit} / {self.parent}"


class ProjectQuerySet(ScopedQuerySet):
    def visible_to(self, user):
        """Coordinators, experts and the centres' people see the network's projects; a donor sees her own."""
        reach = reach_of(user)
        return self.filter(
            Q(network__in=reach.oversees) | Q(network__centres__in=reach.runs) | Q(pk__in=reach.funds)
        ).distinct()

    def editable_by(self, user):
        return self.filter(network__in=reach_of(user).coordinates)


@track()
class Project(models.Model):
    """A donor-financed undertaking of a network: why, from when to when, with whom, what it should bring."""

    network = models.ForeignKey(Network, on_delete=models.PROTECT, related_name="projects", verbose_name=_("network"))
    code = models.SlugField(_("code"), unique=True)
    title = models.CharField(_("title"), max_length=200)
    start = models.DateField(_("start"))
    end = models.DateField(_("end"), null=True, blank=True)
    goals = models.TextField(_("goals"), blank=True)
    expected_results = models.TextField(_("expected results"), blank=True)
    centres = models.ManyToManyField("centres.Centre", related_name="projects", blank=True, verbose_name=_("centres"))
    i18n = TranslationField(fields=("title", "goals", "expected_results"))

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        ordering = ["start", "code"]
        constraints = [
            models.CheckConstraint(
                name="project_dates_in_order",
                condition=Q(end__isnull=True) | Q(end__gte=F("start")),
                violation_error_message=_("The project ends before it starts."),
            )
        ]

    def __str__(self):
        return self.title_i18n

    def get_absolute_url(self):
        return reverse("centres:project", args=[self.code])


@track()
class ProjectPartner(models.Model):
    """An organisation's part in a project."""

    class Part(models.TextChoices):
        FUNDER = "funder", _("funder")
        IMPLEMENTER = "implementer", _("implementer")
        PARTNER = "partner", _("partner")

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="partners", verbose_name=_("project"))
    part = models.CharField(_("part"), max_length=20, choices=Part.choices)
    name = models.CharField(_("organisation"), max_length=200)

    class Meta:
        verbose_name = _("project partner")
        verbose_name_plural = _("project partners")
        ordering = ["project", "part", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "part", "name"],
                name="projectpartner_once",
                violation_error_message=_("This organisation is already listed."),
            )
        ]

    def __str__(self):
        return self.name
