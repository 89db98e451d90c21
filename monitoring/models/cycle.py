"""A cycle: one monitoring round of a network, the centres that take part, its publication and reopening."""

import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modeltrans.fields import TranslationField

from centres.access import CentreOwned, CentreOwnedQuerySet, ScopedQuerySet, reach_of
from centres.history import track
from centres.models import Centre, Network, Project, User
from centres.versions import EditConflict, Versioned

from .freezing import CycleFrozen, StepRefused, frozen_trigger, written_once
from .template import MatrixTemplate

# Words that stand in some address of the system's own where another one has the code of a cycle.
RESERVED = {
    *{"new", "templates", "questionnaires", "recommendations", "indicators", "claims"},  # /monitoring/
    *{"centres", "groups", "certificates"},  # /reports/
}


class CellState(models.TextChoices):
    """Where a cell stands between its writer and its reviewers."""

    EMPTY = "empty", pgettext_lazy("state of a cell", "to write")
    DRAFT = "draft", pgettext_lazy("state of a cell", "draft")
    SUBMITTED = "submitted", pgettext_lazy("state of a cell", "submitted")
    RETURNED = "returned", pgettext_lazy("state of a cell", "returned")
    ACCEPTED = "accepted", pgettext_lazy("state of a cell", "accepted")


class CycleQuerySet(ScopedQuerySet):
    def visible_to(self, user):
        """Staff: all. A centre's people: where it takes part. Donors: published ones of their projects."""
        reach = reach_of(user)
        taking_part = Participation.objects.filter(cycle=OuterRef("pk"), centre__in=reach.runs)
        funded = Cycle.projects.through.objects.filter(cycle=OuterRef("pk"), project__in=reach.funds)
        return self.filter(
            Q(network__in=reach.oversees)
            | models.Exists(taking_part)
            | Q(models.Exists(funded), state=Cycle.State.PUBLISHED)
        )

    def editable_by(self, user):
        """Coordinators and experts of the network, while the cycle is open."""
        return self.managed_by(user).filter(state=Cycle.State.OPEN)

    def managed_by(self, user):
        """Who may publish and reopen: coordinators and experts of the network."""
        return self.filter(network__in=reach_of(user).oversees)

    def concluded_for(self, user):
        """Cycles whose network column the person reads: staff always, the others once it is published."""
        return self.visible_to(user).filter(Q(network__in=reach_of(user).oversees) | Q(state=Cycle.State.PUBLISHED))

    def for_list(self, user=None):
        """With the numbers of cells by state (with a user: of those that she sees), newest period first."""
        counted = Q(cells__isnull=False)
        if user is not None:
            reach = reach_of(user)
            published = Cycle.objects.filter(state=Cycle.State.PUBLISHED, projects__in=reach.funds)
            counted = Q(network__in=reach.oversees) | Q(cells__centre__in=reach.runs) | Q(pk__in=published.values("pk"))

        def cells(*states):
            return Count("cells", filter=counted & Q(cells__state__in=states) if states else counted)

        return (
            self.select_related("network", "template")
            .annotate(
                cell_count=cells(),
                accepted_count=cells(CellState.ACCEPTED),
                submitted_count=cells(CellState.SUBMITTED),
                returned_count=cells(CellState.RETURNED),
                draft_count=cells(CellState.DRAFT),
                empty_count=cells(CellState.EMPTY),
            )
            .order_by("-period_end", "code")
        )


def not_reserved(code: str) -> None:
    if code in RESERVED:
        raise ValidationError(_("This word is part of the system's own addresses. Choose another code."))


@track()
@pgtrigger.register(
    pgtrigger.Protect(
        name="frozen",
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(old__state="published", new__state="published"),
    )
)
class Cycle(Versioned):
    """One monitoring round of a network: period covered, visits, methods, sources, the centres that take part."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("state of a cycle", "in review")
        PUBLISHED = "published", pgettext_lazy("state of a cycle", "published")

    network = models.ForeignKey(Network, on_delete=models.PROTECT, related_name="cycles", verbose_name=_("network"))
    code = models.SlugField(
        _("code"), unique=True, validators=[not_reserved], help_text=_("Part of the page's address, for example 2005.")
    )
    title = models.CharField(_("title"), max_length=200)
    template = models.ForeignKey(
        MatrixTemplate, on_delete=models.PROTECT, related_name="cycles", verbose_name=_("matrix template")
    )
    period_start = models.DateField(_("period from"))
    period_end = models.DateField(_("period until"))
    visits_start = models.DateField(_("visits from"), null=True, blank=True)
    visits_end = models.DateField(_("visits until"), null=True, blank=True)
    questionnaire = models.ForeignKey(
        "monitoring.Questionnaire",
        on_delete=models.PROTECT,
        related_name="cycles",
        null=True,
        blank=True,
        verbose_name=_("questionnaire for self-assessment"),
    )
    self_assessment_due = models.DateField(_("self-assessments due"), null=True, blank=True)
    methods = models.TextField(_("methods"), blank=True, max_length=5_000)
    sources = models.TextField(_("sources of information"), blank=True, max_length=5_000)
    projects = models.ManyToManyField(
        Project,
        related_name="cycles",
        blank=True,
        verbose_name=_("projects"),
        help_text=_("Their donors see the cycle once it is published."),
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN, editable=False)
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    i18n = TranslationField(fields=("title", "methods", "sources"))

    objects = CycleQuerySet.as_manager()

    class Meta:
        verbose_name = _("cycle")
        verbose_name_plural = _("cycles")
        ordering = ["-period_end", "code"]
        constraints = [
            models.CheckConstraint(
                name="cycle_period_in_order",
                condition=Q(period_end__gte=F("period_start")),
                violation_error_message=_("The period ends before it starts."),
            ),
            models.CheckConstraint(
                name="cycle_visits_in_order",
                condition=Q(visits_start__isnull=True, visits_end__isnull=True)
                | Q(visits_start__isnull=False, visits_end__isnull=False, visits_end__gte=F("visits_start")),
                violation_error_message=_("Give the first and the last day of the visits, in order, or neither."),
            ),
            models.CheckConstraint(
                name="cycle_published_at_when_published",
                condition=Q(state="open", published_at__isnull=True) | Q(state="published", published_at__isnull=False),
            ),
        ]

    def __str__(self):
        return self.title_i18n

    def get_absolute_url(self):
        return reverse("monitoring:matrix", args=[self.code])

    @property
    def is_published(self) -> bool:
        return self.state == self.State.PUBLISHED

    @transaction.atomic
    def begin(self, *, projects, centres) -> None:
        """Save a new cycle with its projects and the centres that take part, all cells to write."""
        self.save()
        self.projects.set(projects)
        self.set_centres(centres)

    @transaction.atomic
    def revise(self, *, version: int, projects, centres) -> None:
        """Save the changed fields, the projects and the centres in their order, as edited from `version`.

        Another template or code is possible until the first cell is written, another questionnaire until the first
        answer.
        Raises EditConflict (of centres.versions), CycleFrozen, StepRefused.
        """
        row = self._lock_open()
        if row.version != version:
            raise EditConflict(row)
        if (row.template_id, row.code) != (self.template_id, self.code) and row.has_content():
            raise StepRefused(_("Something is written in this cycle already: its template and its code stay."))
        self.write(version=version)
        self.projects.set(projects)
        if row.template_id != self.template_id:
            self._clear()
        if row.questionnaire_id != self.questionnaire_id:
            self._ask_anew()
        self.set_centres(centres)

    @transaction.atomic
    def set_centres(self, centres) -> None:
        """Let exactly these centres take part, in this order.

        A centre leaves with its empty cells; one that has more cannot leave: StepRefused names it.
        """
        self._lock_open()
        places = {centre.pk: place for place, centre in enumerate(centres, start=1)}
        if tied := Centre.objects.filter(pk__in=self.tied_centres() - places.keys()):
            raise StepRefused(
                _("These centres already have something written in this cycle and cannot leave it: %(centres)s.")
                % {"centres": ", ".join(centre.name_i18n for centre in tied)}
            )
        self.cells.exclude(centre__in=places).delete()
        self.self_assessments.exclude(centre__in=places).delete()
        self.participations.exclude(centre__in=places).delete()
        self.add_centres(centres)
        moved = [row for row in self.participations.all() if row.position != places[row.centre_id]]
        for row in moved:
            row.position = places[row.centre_id]
        Participation.objects.bulk_update(moved, ["position"])

    @transaction.atomic
    def add_centres(self, centres) -> None:
        """Let centres take part besides those that do: the next columns, and one empty cell per aspect."""
        self._lock_open()
        known = dict(self.participations.values_list("centre_id", "position"))
        fresh = [centre for centre in centres if centre.pk not in known]
        aspects = list(self.template.aspects.all())
        Participation.objects.bulk_create(
            Participation(cycle=self, centre=centre, position=place)
            for place, centre in enumerate(fresh, start=max(known.values(), default=0) + 1)
        )
        cell, conclusion = self.cells.model, self.conclusions.model
        self.cells.bulk_create(cell(cycle=self, centre=centre, aspect=aspect) for centre in fresh for aspect in aspects)
        self.conclusions.bulk_create(
            (conclusion(cycle=self, aspect=aspect) for aspect in aspects), ignore_conflicts=True
        )
        self._ask()

    def _ask(self) -> None:
        """A self-assessment for each centre that takes part, where the cycle has a questionnaire."""
        if self.questionnaire_id is None:
            return
        mine = self.self_assessments.model
        asked = set(self.self_assessments.values_list("centre_id", flat=True))
        centres = self.participations.exclude(centre__in=asked).values_list("centre_id", flat=True)
        mine.objects.bulk_create(
            mine(cycle=self, centre_id=pk, questionnaire_id=self.questionnaire_id) for pk in centres
        )

    def _ask_anew(self) -> None:
        """Another questionnaire, or none. Refused once something was answered: StepRefused."""
        if self.assessed_centres():
            raise StepRefused(_("A centre has begun its self-assessment: the questionnaire stays."))
        self.self_assessments.all().delete()
        self._ask()

    def assessed_centres(self) -> set[int]:
        """Ids of the centres whose self-assessment is begun: an answer, a comment, a step, or who is spoken for."""
        begun = self.self_assessments.filter(
            Q(answers__isnull=False) | Q(steps__isnull=False) | Q(comments__isnull=False) | ~Q(told_by="")
        )
        return set(begun.order_by().values_list("centre_id", flat=True).distinct())

    def tied_centres(self) -> set[int]:
        """Ids of the centres that cannot leave.

        A cell has text, had some once, or was commented on; or the self-assessment is begun.
        """
        used = self.cells.filter(~Q(state=CellState.EMPTY) | Q(steps__isnull=False) | Q(comments__isnull=False))
        return set(used.order_by().values_list("centre_id", flat=True).distinct()) | self.assessed_centres()

    def has_content(self) -> bool:
        """Whether anything hangs on its aspects: a cell, a conclusion, a recommendation."""
        return bool(
            self.tied_centres() or self.conclusions.filter(version__gt=0).exists() or self.recommendations.exists()
        )

    def _lock_open(self) -> "Cycle":
        """The row as it stands, locked for the rest of the transaction; CycleFrozen when it is published."""
        row = Cycle.objects.select_for_update(of=("self",)).get(pk=self.pk)
        if row.is_published:
            raise CycleFrozen
        return row

    def _clear(self) -> None:
        """Take all rows and columns away, which are empty, so that another template's can be laid out.

        Uploads that wait for confirmation know aspects by their numbers, so they go too.
        """
        self.imports.filter(applied_at__isnull=True).delete()
        self.self_assessments.all().delete()
        self.cells.all().delete()
        self.conclusions.all().delete()
        self.participations.all().delete()

    def blocking_publication(self) -> dict[str, int]:
        """Numbers of cells, by state, that have to be accepted first."""
        waiting = [CellState.DRAFT, CellState.SUBMITTED, CellState.RETURNED]
        return dict(
            self.cells.filter(state__in=waiting)
            .order_by()
            .values_list("state")
            .annotate(n=Count("pk"))
            .order_by("state")
        )

    @transaction.atomic
    def publish(self, *, by, note: str = "") -> None:
        """Freeze the matrix and show it to the donors of its projects. Unfinished cells block it: StepRefused."""
        row = Cycle.objects.select_for_update().get(pk=self.pk)
        if row.is_published:
            raise StepRefused(_("This cycle is already published."))
        if row.blocking_publication():
            raise StepRefused(_("Some cells are not accepted yet."))
        if not row.cells.filter(state=CellState.ACCEPTED).exists():
            raise StepRefused(_("There is no accepted cell to publish yet."))
        row._step(self.State.PUBLISHED, timezone.now(), by, note)
        self.refresh_from_db()

    @transaction.atomic
    def reopen(self, *, by, note: str) -> None:
        """Unfreeze a published cycle, and hide it from donors again; a reason is required: StepRefused."""
        if not note.strip():
            raise StepRefused(_("Write why the cycle is reopened."))
        row = Cycle.objects.select_for_update().get(pk=self.pk)
        if not row.is_published:
            raise StepRefused(_("This cycle is not published."))
        row._step(self.State.OPEN, None, by, note)
        self.refresh_from_db()

    def _step(self, state, published_at, by, note):
        self.state, self.published_at = state, published_at
        self.save(update_fields=["state", "published_at"])
        CycleStep.objects.create(cycle=self, to_state=state, by=by, note=note.strip())


class CycleStepQuerySet(ScopedQuerySet):
    def visible_to(self, user):
        """Who published or reopened, and why, is for the network's staff."""
        return self.filter(cycle__network__in=reach_of(user).oversees)


@pgtrigger.register(written_once())
class CycleStep(models.Model):
    """A publication or reopening: by whom, when, why. Never changed, never deleted."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="steps", verbose_name=_("cycle"))
    to_state = models.CharField(_("state"), max_length=10, choices=Cycle.State.choices)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), auto_now_add=True)
    note = models.TextField(_("note"), blank=True)

    objects = CycleStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of a cycle")
        verbose_name_plural = _("steps of cycles")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(name="cyclestep_reopened_with_reason", condition=~Q(to_state="open") | ~Q(note=""))
        ]

    def __str__(self):
        return f"{self.cycle}: {self.get_to_state_display()}"


class InCycleQuerySet(CentreOwnedQuerySet):
    """A centre's rows in a cycle: for staff, for its own people, and once published for donors of its projects."""

    def inside(self, user):
        """Without the donors: staff, and the centre's own people."""
        return super().visible_to(user)

    def visible_to(self, user):
        reach = reach_of(user)
        return self.filter(
            Q(cycle__network__in=reach.oversees)
            | Q(centre__in=reach.runs)
            | Q(cycle__in=Cycle.objects.filter(state=Cycle.State.PUBLISHED, projects__in=reach.funds).values("pk"))
        )


@track()
@pgtrigger.register(
    frozen_trigger(),
    pgtrigger.Trigger(
        name="one_network",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("cycle_id", "centre_id"),
        func="""
            IF (SELECT network_id FROM centres_centre WHERE id = NEW.centre_id)
               <> (SELECT network_id FROM monitoring_cycle WHERE id = NEW.cycle_id) THEN
                RAISE EXCEPTION 'The centre belongs to another network.' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        """,
    ),
)
class Participation(CentreOwned):
    """A centre takes part in a cycle: a column of the matrix, in the given order."""

    cycle = models.ForeignKey(Cycle, on_delete=models.CASCADE, related_name="participations", verbose_name=_("cycle"))
    position = models.PositiveSmallIntegerField(_("position"))

    objects = InCycleQuerySet.as_manager()

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        ordering = ["cycle", "position", "pk"]
        constraints = [models.UniqueConstraint(fields=["cycle", "centre"], name="participation_once")]

    def __str__(self):
        return f"{self.cycle}: {self.centre}"
