"""The people around a centre: target groups, who lives there, and what studies found that they need."""

from uuid import uuid4

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import F, Prefetch, Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from modeltrans.fields import TranslationField

from ..access import CentreKeptQuerySet, CentreOwned, ScopedQuerySet, reach_of, within_centre
from ..files import KeepsFile
from ..history import track
from ..target_groups import USUAL
from ..versions import Versioned
from .network import Network

YEARS = [MinValueValidator(1990), MaxValueValidator(2100)]


class TargetGroupQuerySet(ScopedQuerySet):
    def visible_to(self, user):
        """For everyone who works in the network."""
        return self.filter(network__in=Network.objects.joined_by(user).values("pk"))

    def editable_by(self, user):
        return self.filter(network__in=reach_of(user).coordinates)

    def offered(self):
        """Those that can be chosen for something new."""
        return self.filter(retired=False)

    def for_list(self):
        """In the network's own order, those in use first."""
        return self.select_related("network").order_by("network__code", "retired", "position", "key")

    @transaction.atomic
    def furnish(self, network) -> int:
        """Give the network the usual groups that it lacks (§3), after those it has; answers how many came."""
        network = Network.objects.select_for_update(no_key=True).get(pk=network.pk)
        known = set(network.target_groups.values_list("key", flat=True))
        last = network.target_groups.aggregate(last=models.Max("position"))["last"] or 0
        missing = [group for group in USUAL if group.key not in known]
        self.bulk_create(
            self.model(
                network=network,
                key=group.key,
                title=group.en,
                title_ru=group.ru,
                title_kk=group.kk,
                is_sensitive=group.is_sensitive,
                position=last + place,
            )
            for place, group in enumerate(missing, start=1)
        )
        return len(missing)


@track()
class TargetGroup(Versioned):
    """A kind of people that a network works for (§3). It is retired, never deleted, so that older figures keep it."""

    network = models.ForeignKey(
        Network, on_delete=models.PROTECT, related_name="target_groups", verbose_name=_("network")
    )
    key = models.SlugField(_("key"), max_length=40, help_text=_("Short and lasting; imported tables name it."))
    title = models.CharField(_("title"), max_length=120)
    position = models.PositiveSmallIntegerField(_("place in the list"), default=1)
    is_sensitive = models.BooleanField(
        _("sensitive"),
        default=False,
        help_text=_("Who of the trainees belongs to it is seen only by the centre and the coordinators."),
    )
    retired = models.BooleanField(
        _("no longer offered"), default=False, help_text=_("Where it was chosen before, it stays.")
    )
    i18n = TranslationField(fields=("title",))

    objects = TargetGroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("target group")
        verbose_name_plural = _("target groups")
        ordering = ["network", "position", "key"]
        constraints = [
            models.UniqueConstraint(
                fields=["network", "key"],
                name="targetgroup_key_once",
                violation_error_message=_("The network already has a target group with this key."),
            )
        ]

    def __str__(self):
        return self.title_i18n


class CommunityProfileQuerySet(CentreKeptQuerySet):
    def for_list(self):
        """With the counts, the latest year first (3 queries)."""
        groups = TargetGroupCount.objects.select_related("group").order_by("group__position", "group__key")
        return self.prefetch_related("population", Prefetch("groups", groups)).order_by("-year")


@track()
class CommunityProfile(CentreOwned, Versioned):
    """Who lives around a centre in one year. What nobody knows has no row; it is not 0."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    year = models.PositiveSmallIntegerField(_("year"), validators=YEARS)
    reported = models.PositiveIntegerField(
        _("people living here, as reported"),
        null=True,
        blank=True,
        help_text=_("The total that an office gave. It is not added to the counts below."),
    )
    source = models.CharField(_("source"), max_length=200, blank=True, help_text=_("Who gave these numbers."))
    note = models.TextField(_("note"), blank=True)

    objects = CommunityProfileQuerySet.as_manager()

    class Meta:
        verbose_name = _("community profile")
        verbose_name_plural = _("community profiles")
        ordering = ["centre", "-year"]
        constraints = [
            models.UniqueConstraint(
                fields=["centre", "year"],
                name="communityprofile_once_a_year",
                violation_error_message=_("There is already a profile for this year. Edit that one."),
            ),
            models.CheckConstraint(
                name="communityprofile_year",
                condition=Q(year__gte=1990, year__lte=2100),
                violation_error_message=_("The year lies between 1990 and 2100."),
            ),
        ]

    def __str__(self):
        return str(self.year)

    def get_absolute_url(self):
        return f"{reverse('centres:community', args=[self.centre.code])}?year={self.year}"

    @property
    def counted(self) -> int | None:
        """People in the counts by sex and age; None where nothing is counted."""
        counts = [row.people for row in self.population.all()]
        return sum(counts) if counts else None


class Sex(models.TextChoices):
    FEMALE = "female", _("women")
    MALE = "male", _("men")


@track()
class PopulationCount(CentreOwned):
    """How many people of one sex and age band live around the centre."""

    class Age(models.TextChoices):
        TO_6 = "0-6", _("0 to 6")
        TO_17 = "7-17", _("7 to 17")
        TO_29 = "18-29", _("18 to 29")
        TO_44 = "30-44", _("30 to 44")
        TO_59 = "45-59", _("45 to 59")
        FROM_60 = "60+", _("60 and older")
        UNKNOWN = "unknown", _("age not known")

    centre = models.ForeignKey(
        "centres.Centre", on_delete=models.PROTECT, related_name="population_counts", verbose_name=_("centre")
    )
    profile = models.ForeignKey(
        CommunityProfile, on_delete=models.CASCADE, related_name="population", verbose_name=_("community profile")
    )
    sex = models.CharField(_("sex"), max_length=6, choices=Sex.choices)
    age = models.CharField(_("age"), max_length=7, choices=Age.choices)
    people = models.PositiveIntegerField(_("people"))

    objects = CentreKeptQuerySet.as_manager()

    class Meta:
        verbose_name = _("population")
        verbose_name_plural = _("population")
        ordering = ["profile", "age", "sex"]
        constraints = [
            models.UniqueConstraint(fields=["profile", "sex", "age"], name="populationcount_once"),
            models.CheckConstraint(name="populationcount_people_not_negative", condition=Q(people__gte=0)),
        ]
        triggers = within_centre(profile="centres_communityprofile")

    def __str__(self):
        return f"{self.get_sex_display()}, {self.get_age_display()}: {self.people}"


@track()
class TargetGroupCount(CentreOwned):
    """How many people around the centre belong to a target group. One person can belong to several."""

    centre = models.ForeignKey(
        "centres.Centre", on_delete=models.PROTECT, related_name="target_group_counts", verbose_name=_("centre")
    )
    profile = models.ForeignKey(
        CommunityProfile, on_delete=models.CASCADE, related_name="groups", verbose_name=_("community profile")
    )
    group = models.ForeignKey(
        TargetGroup, on_delete=models.PROTECT, related_name="counts", verbose_name=_("target group")
    )
    people = models.PositiveIntegerField(_("people"))

    objects = CentreKeptQuerySet.as_manager()

    class Meta:
        verbose_name = _("people of a target group")
        verbose_name_plural = _("people of target groups")
        ordering = ["profile", "group"]
        constraints = [
            models.UniqueConstraint(fields=["profile", "group"], name="targetgroupcount_once"),
            models.CheckConstraint(name="targetgroupcount_people_not_negative", condition=Q(people__gte=0)),
        ]
        triggers = within_centre(profile="centres_communityprofile")

    def __str__(self):
        return f"{self.group}: {self.people}"


class NeedsStudyQuerySet(CentreKeptQuerySet):
    def for_list(self):
        """The latest first."""
        return self.order_by("-from_date", "pk")


@track()
class NeedsStudy(CentreOwned, KeepsFile, Versioned):
    """A study of what the people around a centre need: when, how, how many were asked, and what came out (§6.5, 3)."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    centre = models.ForeignKey(
        "centres.Centre", on_delete=models.PROTECT, related_name="needs_studies", verbose_name=_("centre")
    )
    from_date = models.DateField(_("from"))
    until_date = models.DateField(_("until"), null=True, blank=True)
    methods = models.TextField(_("methods"), help_text=_("For example a questionnaire, interviews, a meeting."))
    people_asked = models.PositiveIntegerField(_("people asked"), null=True, blank=True)
    needs = models.TextField(_("needs found"), blank=True)
    results = models.TextField(
        _("what followed"), blank=True, help_text=_("Which programmes or groups were begun or changed because of it.")
    )

    objects = NeedsStudyQuerySet.as_manager()

    class Meta:
        verbose_name = _("needs study")
        verbose_name_plural = _("needs studies")
        ordering = ["centre", "-from_date"]
        constraints = [
            models.CheckConstraint(
                name="needsstudy_dates_in_order",
                condition=Q(until_date__isnull=True) | Q(until_date__gte=F("from_date")),
                violation_error_message=_("The last day lies before the first."),
            ),
            models.CheckConstraint(name="needsstudy_people_asked_not_negative", condition=Q(people_asked__gte=0)),
        ]

    def __str__(self):
        return f"{self._meta.verbose_name}, {date_format(self.from_date, 'YEAR_MONTH_FORMAT')}"

    def get_absolute_url(self):
        return f"{reverse('centres:community', args=[self.centre.code])}#row-{self.pk}"
