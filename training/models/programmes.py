"""What is taught: the network's template programmes and the centres' own, in numbered versions."""

import uuid

import pghistory
from django.db import models, transaction
from django.db.models import Func, Q, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from modeltrans.fields import TranslationField

from centres.access import ScopedQuerySet, networks_own, reach_of, within_centre
from centres.collation import kazakh_order
from centres.files import KeepsFile
from centres.history import track
from centres.models import Network
from centres.models.accounts import one_network
from centres.models.network import search_words
from centres.versions import Versioned

from ..isced import FIELDS


class Language(models.TextChoices):
    """The language that something is taught, asked or written in."""

    KAZAKH = "kk", _("Kazakh")
    RUSSIAN = "ru", _("Russian")
    BOTH = "kk+ru", _("Kazakh and Russian")
    ENGLISH = "en", _("English")
    OTHER = "other", _("another language")


class ProgrammeQuerySet(ScopedQuerySet):
    def visible_to(self, user):
        """The network's templates for everybody who works in it; a centre's own for that centre and the network."""
        reach = reach_of(user)
        joined = Network.objects.joined_by(user).values("pk")
        return self.filter(
            Q(network__in=joined, centre=None) | Q(network__in=reach.oversees) | Q(centre__in=reach.runs)
        )

    def editable_by(self, user):
        """Templates: coordinators. A centre's own: its people too."""
        reach = reach_of(user)
        return self.filter(Q(network__in=reach.coordinates) | Q(centre__in=reach.runs))

    def usable_at(self, centre):
        """What a group of the centre can run: its own programmes and the network's templates, newest versions."""
        return self.latest().filter(Q(centre=centre) | Q(centre=None, network=centre.network_id), is_retired=False)

    def latest(self):
        """Without the versions that a later one replaces."""
        return self.filter(replaced_by=None)

    def active(self):
        """Those that are taught now: newest editions that are not retired."""
        return self.latest().filter(is_retired=False)

    def adapted_after_study(self, months=12):
        """Adapted within so many months after a needs study ended (§6.3): the numerator of “programmes adapted”."""
        studied = Coalesce("after_study__until_date", "after_study__from_date")
        until = Func(
            studied,
            Value(months),
            template="CAST(%(expressions)s AS DATE)",
            arg_joiner=" + INTERVAL '1 month' * ",
            output_field=models.DateField(),
        )
        return self.filter(adapted_on__gte=studied, adapted_on__lte=until)

    def named(self, text):
        """Every word occurs in a title, in any language."""
        for word in search_words(text):
            self = self.filter(Q(title__icontains=word) | Q(title_ru__icontains=word) | Q(title_kk__icontains=word))
        return self

    def in_order(self):
        """By title as a Kazakh, Russian or English reader expects."""
        return self.order_by(kazakh_order(self.model, "title"), "edition", "pk")

    def for_list(self):
        return self.select_related("network", "centre", "adapted_from").in_order()


@track()
class Programme(KeepsFile, Versioned):
    """A curriculum (§4, §7.3): a template of the network, or a centre's own, often adapted from a template.

    A change of what is taught makes a new edition; groups stay with the edition that they ran.
    """

    class Area(models.TextChoices):
        """The four areas of a centre's work (§4)."""

        EDUCATION = "education", _("general and vocational education")
        QUALITY_OF_LIFE = "quality_of_life", _("quality of life")
        HUMAN_RESOURCES = "human_resources", _("human resources")
        ECONOMY = "economy", _("economic development")

    class Kind(models.TextChoices):
        """The five kinds of programmes (§7.3)."""

        CONTINUING = "continuing", _("continuing education")
        EQUIVALENCY = "equivalency", _("equivalency")
        QUALITY_OF_LIFE = "quality_of_life", pgettext_lazy("kind of programme", "quality of life")
        INCOME = "income", _("income generation")
        FUTURE = "future", _("future-oriented")

    class Level(models.TextChoices):
        BEGINNERS = "beginners", _("beginners")
        INTERMEDIATE = "intermediate", _("intermediate")
        ADVANCED = "advanced", _("advanced")
        ANY = "any", _("any level")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    network = models.ForeignKey(
        "centres.Network", on_delete=models.PROTECT, related_name="programmes", verbose_name=_("network")
    )
    centre = models.ForeignKey(
        "centres.Centre",
        on_delete=models.PROTECT,
        related_name="programmes",
        verbose_name=_("centre"),
        null=True,
        blank=True,
        help_text=_("Left empty, it is a template for the whole network."),
    )
    title = models.CharField(_("title"), max_length=150)
    area = models.CharField(_("area"), max_length=20, choices=Area.choices)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    field = models.CharField(
        _("field of education"), max_length=4, choices=FIELDS, blank=True, help_text=_("As in ISCED-F 2013.")
    )
    level = models.CharField(_("level"), max_length=20, choices=Level.choices, default=Level.BEGINNERS)
    hours = models.DecimalField(
        _("hours"), max_digits=6, decimal_places=1, null=True, blank=True, help_text=_("Academic hours in all.")
    )
    language = models.CharField(_("language"), max_length=10, choices=Language.choices, blank=True)
    content = models.TextField(_("content"), blank=True, help_text=_("Topics, in a few lines."))
    adapted_from = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        related_name="adaptations",
        verbose_name=_("adapted from"),
        null=True,
        blank=True,
    )
    adapted_on = models.DateField(_("adapted on"), null=True, blank=True)
    after_study = models.ForeignKey(
        "centres.NeedsStudy",
        on_delete=models.PROTECT,
        related_name="programmes",
        verbose_name=_("after the needs study"),
        null=True,
        blank=True,
    )
    edition = models.PositiveSmallIntegerField(_("edition"), default=1, editable=False)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, related_name="replaced_by", null=True, blank=True, editable=False
    )
    is_retired = models.BooleanField(_("no longer taught"), default=False)
    i18n = TranslationField(fields=("title",))

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        ordering = ["title", "edition"]
        constraints = [
            models.CheckConstraint(
                name="programme_hours_above_zero",
                condition=Q(hours__isnull=True) | Q(hours__gt=0),
                violation_error_message=_("A programme has more than 0 hours; leave it empty if nobody knows."),
            ),
            models.CheckConstraint(
                name="programme_adapted_when_from",
                condition=Q(adapted_from__isnull=False) | Q(adapted_on__isnull=True),
                violation_error_message=_("Say which programme this one was adapted from."),
            ),
            models.CheckConstraint(
                name="programme_first_edition_replaces_none",
                condition=Q(edition=1, replaces__isnull=True) | Q(edition__gt=1, replaces__isnull=False),
            ),
            models.CheckConstraint(
                name="programme_study_only_of_a_centre",
                condition=Q(after_study__isnull=True) | Q(centre__isnull=False),
                violation_error_message=_("A needs study belongs to a centre; a template has none."),
            ),
        ]
        triggers = [
            one_network("centre"),
            *within_centre(after_study="centres_needsstudy"),
            *networks_own(adapted_from="training_programme", replaces="training_programme"),
        ]

    def __str__(self):
        return self.title_i18n

    def get_absolute_url(self):
        return reverse("training:programme", args=[self.pk])

    @property
    def full_title(self) -> str:
        """The title, with the number of the edition where there was one before."""
        if self.edition == 1:
            return str(self)
        return gettext("%(title)s, edition %(number)s") % {"title": self, "number": self.edition}

    @property
    def has_begun(self) -> bool:
        """Whether a group has begun with it; what is taught then stays as it is (1 query)."""
        return self.groups.filter(start__lte=timezone.localdate()).exists()

    @property
    def next_edition(self):
        """The edition that replaces this one; None for the newest."""
        return Programme.objects.filter(replaces=self.pk).first()

    @transaction.atomic
    def make_next_edition(self, *, by):
        """A copy with the next number that replaces this edition; groups stay with the edition that they run.

        Of two people at once both get the same one.
        """
        Programme.objects.select_for_update(no_key=True).get(pk=self.pk)
        if made := self.next_edition:
            return made
        kept = {
            field.name: getattr(self, field.attname if field.is_relation else field.name)
            for field in self._meta.concrete_fields
            if field.name not in ("id", "edition", "replaces", "version", "is_retired")
        }
        with pghistory.context(user=by.pk):
            return Programme.objects.create(
                **{self._meta.get_field(name).attname: value for name, value in kept.items()},
                edition=self.edition + 1,
                replaces=self,
            )
