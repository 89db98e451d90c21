"""The people who learn at a centre. Names never leave the network."""

import uuid
from functools import cached_property, reduce
from operator import add

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import TrigramSimilarity, TrigramWordSimilarity
from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.db.models import Case, Exists, F, Func, OuterRef, Prefetch, Q, Value, When
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centres import doubts
from centres.access import CentreKeptQuerySet, CentreOwned, reach_of, within_centre, within_network
from centres.collation import alphabetical
from centres.history import track
from centres.latin import NameKey, name_key
from centres.models import TargetGroup
from centres.versions import Versioned

from ..likeness import likeness

ADULT = 18  # years; under it a guardian gives the consent
CONTACTS = frozenset({"phone", "contact", "guardian_name", "guardian_phone"})
SENSITIVE = CONTACTS | {"needy", "note"}
BEST = 200  # entries that a search by name finds, those that fit best
WORDS = 6  # words of a search that count
CANDIDATES = 60  # entries of similar names that are looked at one by one
ALIKE = 5  # entries that may be the same person, offered while somebody is registered
LIKENESS = 0.4  # how near a word of a search comes to one of the name, at least: one wrong letter in a short word


class ConsentState(models.TextChoices):
    """Whether the person lets the centre keep her data."""

    GIVEN = "given", pgettext_lazy("consent", "given")
    MISSING = "missing", pgettext_lazy("consent", "not asked yet")
    WITHDRAWN = "withdrawn", pgettext_lazy("consent", "withdrawn")


def sees_sensitive(user, centre) -> bool:
    """Whether the person sees sensitive marks and contacts of the centre's trainees: its own people, coordinators."""
    reach = reach_of(user)
    return centre.network_id in reach.coordinates or centre.pk in reach.runs


def likeness_of(word: str) -> float:
    """How near a name has to come to that word: a wrong letter spoils three of its trigrams and brings three others."""
    return max(LIKENESS, (len(word) - 2) / (len(word) + 4) - 0.01)


class TraineeQuerySet(CentreKeptQuerySet):
    def current(self):
        """Without those that were merged into another entry of the same person."""
        return self.filter(merged_into=None)

    def in_order(self):
        return self.order_by(alphabetical(F("surname")), alphabetical(F("given_name")), "pk")

    def for_reader(self, user):
        """Without the sensitive columns for somebody who sees them at no centre at all."""
        reach = reach_of(user)
        return self if reach.coordinates or reach.runs else self.defer(*SENSITIVE)

    def with_consent(self, purpose="data"):
        """With `consent_state`, in the same query. A consent that came before a withdrawal does not outlive it."""
        consents = self.model._meta.get_field("consents").related_model.objects.filter(text__purpose=purpose)
        mine = consents.filter(trainee=OuterRef("pk"))
        later = consents.filter(trainee=OuterRef("trainee"), withdrawn_on__gt=OuterRef("given_on"))
        return self.annotate(
            consent_state=Case(
                When(Exists(mine.filter(~Exists(later), withdrawn_on=None)), then=Value(ConsentState.GIVEN.value)),
                When(Exists(mine), then=Value(ConsentState.WITHDRAWN.value)),
                default=Value(ConsentState.MISSING.value),
                output_field=models.CharField(),
            )
        )

    def with_contacts(self):
        """With everything that `hidden_from` asks, in the same query."""
        return self.with_consent().select_related("centre")

    def withdrawn(self):
        """Those who took back that their data may be kept: nobody contacts them any more."""
        return self.with_consent().filter(consent_state=ConsentState.WITHDRAWN)

    def for_list(self):
        """With consent, groups and the centre (3 queries)."""
        enrolments = self.model._meta.get_field("enrolments").related_model.objects
        latest = enrolments.select_related("group").order_by("-applied_on", "pk")
        return (
            self.current()
            .with_consent()
            .select_related("centre")
            .prefetch_related(Prefetch("enrolments", latest, to_attr="latest_enrolments"))
            .in_order()
        )

    def named(self, text):
        """Those whose name fits each word, in any spelling and with a wrong letter here and there, the best first.

        At most BEST of them. Runs at once, since the database has to be told how near is near enough; that lets it use
        the trigram index, which at 10,000 entries answers some ten times sooner than reading them all.
        """
        words = name_key(text).split()[:WORDS]
        if not words:
            return self.none()
        nearness = {f"near_{place}": TrigramWordSimilarity(word, "name_key") for place, word in enumerate(words)}
        found = self.order_by().alias(**nearness)
        for near, word in zip(nearness, words, strict=True):
            similar = Q(name_key__trigram_word_similar=word, **{f"{near}__gte": likeness_of(word)})
            found = found.filter(Q(name_key__contains=word) | similar)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [str(LIKENESS)])
            best = list(found.order_by(reduce(add, map(F, nearness)).desc(), "pk").values_list("pk", flat=True)[:BEST])
        place = Func(Value(best, output_field=ArrayField(models.UUIDField())), F("pk"), function="ARRAY_POSITION")
        return self.filter(pk__in=best).order_by(place)

    def resembling(self, person) -> list["Trainee"]:
        """Up to ALIKE entries that may be this person's, who need not be stored yet, the likeliest first (1 query)."""
        key = name_key(str(person))
        near = self.filter(name_key__trigram_similar=key).exclude(pk=person.pk)
        near = near.order_by(TrigramSimilarity("name_key", key).desc(), "pk")[:CANDIDATES]
        judged = [(found, row) for row in near if (found := likeness(person, row))]
        judged.sort(key=lambda pair: -pair[0].score)
        for found, row in judged:
            row.likeness = found
        return [row for _found, row in judged[:ALIKE]]


@track(exclude=["name_key"])
class Trainee(CentreOwned, Versioned):
    """A person who learns at a centre. Her enrolments say what; unknown, No and 0 are different things."""

    class Sex(models.TextChoices):
        FEMALE = "f", _("female")
        MALE = "m", _("male")
        UNKNOWN = "", _("not known")

    class Needy(models.TextChoices):
        YES = "yes", pgettext_lazy("needy family", "yes")
        NO = "no", pgettext_lazy("needy family", "no")
        UNKNOWN = "", _("not known")

    class Language(models.TextChoices):
        KAZAKH = "kk", _("Kazakh")
        RUSSIAN = "ru", _("Russian")
        OTHER = "other", _("another language")
        UNKNOWN = "", _("not known")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    surname = models.CharField(_("surname"), max_length=80)
    given_name = models.CharField(_("given name"), max_length=80)
    patronymic = models.CharField(_("patronymic"), max_length=80, blank=True)
    name_key = models.GeneratedField(
        expression=NameKey(Concat("surname", Value(" "), "given_name", Value(" "), "patronymic")),
        output_field=models.TextField(),
        db_persist=True,
    )
    birth_year = models.PositiveSmallIntegerField(_("year of birth"), null=True, blank=True)
    sex = models.CharField(_("sex"), max_length=1, choices=Sex.choices, blank=True)
    needy = models.CharField(_("needy family"), max_length=3, choices=Needy.choices, blank=True)
    target_groups = models.ManyToManyField(
        "centres.TargetGroup",
        through="TraineeTargetGroup",
        related_name="trainees",
        verbose_name=_("target groups"),
        blank=True,
    )
    language = models.CharField(_("language"), max_length=10, choices=Language.choices, blank=True)
    phone = models.CharField(_("phone"), max_length=100, blank=True)
    contact = models.CharField(_("other contact"), max_length=200, blank=True)
    guardian_name = models.CharField(_("guardian"), max_length=150, blank=True, help_text=_("For those under 18."))
    guardian_phone = models.CharField(_("guardian's phone"), max_length=100, blank=True)
    registered_on = models.DateField(_("registered on"), default=timezone.localdate)
    note = models.TextField(_("note"), blank=True)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="absorbed", null=True, blank=True, editable=False
    )

    objects = TraineeQuerySet.as_manager()

    class Meta:
        verbose_name = _("trainee")
        verbose_name_plural = _("trainees")
        ordering = ["surname", "given_name"]
        indexes = [GinIndex(F("centre"), OpClass(F("name_key"), "gin_trgm_ops"), name="trainee_name_key")]
        constraints = [
            models.CheckConstraint(
                name="trainee_born_before_registered",
                condition=Q(birth_year__isnull=True)
                | Q(birth_year__gte=1900, birth_year__lte=F("registered_on__year")),
                violation_error_message=_("The year of birth lies between 1900 and the year of registration."),
            ),
            models.CheckConstraint(
                name="trainee_minor_has_guardian",
                condition=Q(birth_year__isnull=True)
                | Q(birth_year__lte=F("registered_on__year") - ADULT)
                | ~Q(guardian_name=""),
                violation_error_message=_("Under 18 years: name a parent or guardian."),
            ),
            models.CheckConstraint(
                name="trainee_not_merged_into_itself",
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("pk")),
            ),
        ]
        triggers = within_centre(merged_into="training_trainee")

    def __str__(self):
        return " ".join(filter(None, (self.surname, self.given_name, self.patronymic)))

    def get_absolute_url(self):
        return reverse("training:trainee", args=[self.pk])

    @property
    def is_minor(self) -> bool:
        """Under 18 this year, as far as the year of birth tells."""
        return self.birth_year is not None and timezone.localdate().year - self.birth_year < ADULT

    @cached_property
    def consent_state(self) -> str:
        """A ConsentState; `with_consent` brings it along (otherwise 1 query)."""
        return type(self).objects.with_consent().values_list("consent_state", flat=True).get(pk=self.pk)

    @property
    def has_withdrawn(self) -> bool:
        return self.consent_state == ConsentState.WITHDRAWN

    def get_consent_state_display(self):
        return ConsentState(self.consent_state).label

    def hidden_from(self, user) -> frozenset[str]:
        """The fields that this reader does not see.

        Sensitive ones are for the centre's people and the coordinators; after a withdrawal the contacts are for the
        coordinators alone.
        """
        reach = reach_of(user)
        if self.centre.network_id in reach.coordinates:
            return frozenset()
        if self.centre_id not in reach.runs:
            return SENSITIVE
        return CONTACTS if self.has_withdrawn else frozenset()

    @cached_property
    def doubts(self) -> dict:
        """What looks wrong in values that are stored all the same, in sentences by field."""
        found = {"name": doubts.scripts(str(self))}
        for name in {"phone", "guardian_phone"} - self.get_deferred_fields():
            found[name] = doubts.phone(getattr(self, name))
        return {name: sentence for name, sentence in found.items() if sentence}

    @property
    def kept(self) -> "Trainee":
        """The entry that stands for this person now: itself, or the one that it was merged into in the end."""
        found = self
        while found.merged_into_id:
            found = found.merged_into
        return found

    def hold(self) -> None:
        """Lock the row until the end of the transaction; ValidationError if the entry was merged into another."""
        row = type(self).objects.select_for_update(no_key=True, of=["self"]).get(pk=self.pk)
        if row.merged_into_id:
            raise ValidationError(
                _("This entry was merged into another entry of the same person: %(name)s."),
                code="merged",
                params={"name": row.kept},
            )

    @transaction.atomic
    def mark(self, target_groups, *, by) -> None:
        """Belong to these target groups of the network and no others; those already there stay as they are."""
        wanted = {group.pk: group for group in target_groups}
        held = set(self.target_group_marks.values_list("target_group", flat=True))
        with pghistory.context(user=by.pk):
            self.target_group_marks.exclude(target_group__in=wanted).delete()
            TraineeTargetGroup.objects.bulk_create(
                TraineeTargetGroup(centre_id=self.centre_id, trainee=self, target_group=group)
                for pk, group in wanted.items()
                if pk not in held
            )


class TraineeTargetGroupQuerySet(CentreKeptQuerySet):
    def visible_to(self, user):
        """Marks of sensitive groups only for those who may change them: the centre's people and coordinators."""
        visible = super().visible_to(user)
        return visible.filter(Q(target_group__is_sensitive=False) | Q(pk__in=self.editable_by(user).values("pk")))


@track()
class TraineeTargetGroup(CentreOwned):
    """A trainee belongs to a target group of the network (§3)."""

    trainee = models.ForeignKey(
        Trainee, on_delete=models.CASCADE, related_name="target_group_marks", verbose_name=_("trainee"), db_index=False
    )  # `traineetargetgroup_once` begins with it
    target_group = models.ForeignKey(
        TargetGroup, on_delete=models.PROTECT, related_name="marks", verbose_name=_("target group")
    )

    objects = TraineeTargetGroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("target group of a trainee")
        verbose_name_plural = _("target groups of trainees")
        constraints = [models.UniqueConstraint(fields=["trainee", "target_group"], name="traineetargetgroup_once")]
        triggers = [*within_centre(trainee="training_trainee"), *within_network(target_group="centres_targetgroup")]

    def __str__(self):
        return f"{self.trainee}: {self.target_group}"
