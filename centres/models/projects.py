"""A network's projects: why, from when to when, with whom."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modeltrans.fields import TranslationField

from ..access import ScopedQuerySet, reach_of
from ..history import track
from ..versions import Versioned
from .network import RESERVED, Network, not_reserved


class ProjectQuerySet(ScopedQuerySet):
    def visible_to(self, user):
        """Coordinators, experts and the centres' people see the network's projects; a donor sees her own."""
        joined = Network.objects.joined_by(user).values("pk")
        return self.filter(Q(network__in=joined) | Q(pk__in=reach_of(user).funds))

    def editable_by(self, user):
        return self.filter(network__in=reach_of(user).coordinates)

    def for_list(self):
        """With partners and the number of centres, the latest first."""
        return (
            self.select_related("network")
            .prefetch_related("partners")
            .annotate(centre_count=models.Count("centres"))
            .order_by("-start", "code")
        )


@track()
class Project(Versioned):
    """A donor-financed undertaking of a network: why, from when to when, with whom, what it should bring."""

    network = models.ForeignKey(Network, on_delete=models.PROTECT, related_name="projects", verbose_name=_("network"))
    code = models.SlugField(
        _("code"),
        unique=True,
        validators=[not_reserved],
        help_text=_("Short and lasting; part of the page's address."),
    )
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
            ),
            models.CheckConstraint(name="project_code_not_reserved", condition=~Q(code__in=RESERVED)),
        ]

    def __str__(self):
        return self.title_i18n

    def get_absolute_url(self):
        return reverse("centres:project", args=[self.code])


@track()
class ProjectPartner(Versioned):
    """An organisation's part in a project."""

    class Part(models.TextChoices):
        FUNDER = "funder", _("funder")
        IMPLEMENTER = "implementer", _("implementer")
        PARTNER = "partner", _("partner")

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="partners", verbose_name=_("project"))
    part = models.CharField(_("part"), max_length=20, choices=Part.choices)
    name = models.CharField(_("organisation"), max_length=200)
    i18n = TranslationField(fields=("name",))

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
        return self.name_i18n
