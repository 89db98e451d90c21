"""The monitoring matrix: one cell per aspect and centre of a cycle, one conclusion per aspect.

A row that people edit carries a `version`. Every write is a conditional UPDATE on it, so that two people saving
the same cell never lose a word: the second gets `EditConflict` with her text, theirs and the common base.
"""

import pgtrigger
from django.contrib.postgres.aggregates import ArrayAgg
from django.db import IntegrityError, models, transaction
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from centres.access import CentreOwned, ScopedQuerySet, reach_of
from centres.history import track
from centres.models import User
from centres.versions import EditConflict

from ..conclusions import Advice, Content
from ..levels import Level
from .cycle import CellState, Cycle, InCycleQuerySet
from .freezing import CycleFrozen, StepRefused, frozen_trigger, share_cycles, written_once
from .template import Aspect

TEXT_LIMIT = 20_000  # characters in one text of the matrix


# The numbers of the aspects that a row points to.
LINKS = ArrayAgg("see_also__number", filter=Q(see_also__isnull=False), default=[], order_by="see_also__number")


def tidy(text: str) -> str:
    """A text without blanks around it and with plain line ends: browsers send CR LF, files either."""
    return text.replace("\r\n", "\n").strip()


class VersionedText(models.Model):
    """A text that several people edit: the conditional save that every such row shares."""

    version = models.PositiveIntegerField(default=0, editable=False)
    updated_at = models.DateTimeField(null=True, blank=True, editable=False)
    updated_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True, editable=False
    )

    class Meta:
        abstract = True

    def _write(self, *, by, version: int, **values) -> None:
        """UPDATE the row if it still has that version, and raise the version; EditConflict or CycleFrozen otherwise."""
        values |= {"version": version + 1, "updated_at": timezone.now(), "updated_by": by}
        model = type(self)
        try:
            with transaction.atomic():
                share_cycles([self.cycle_id])
                written = model.objects.filter(pk=self.pk, version=version).update(**values)
        except IntegrityError as error:
            if "cycle_frozen" in str(getattr(error.__cause__.diag, "constraint_name", "")):
                raise CycleFrozen from error
            raise
        if not written:
            theirs = model.objects.select_related("updated_by").get(pk=self.pk)
            raise EditConflict(theirs, self.recorded(version))
        for name, value in values.items():
            setattr(self, name, value)

    def recorded(self, version: int):
        """The row as history recorded it at that version; None when it has no record."""
        return self.events.filter(version=version).order_by("-pgh_id").first()


class CellQuerySet(InCycleQuerySet):
    def editable_by(self, user):
        """Coordinators and experts of the network, while the cycle is open."""
        return self.filter(cycle__network__in=reach_of(user).oversees, cycle__state=Cycle.State.OPEN)

    def by_state(self) -> dict[str, int]:
        """Number of cells by state."""
        return dict(self.order_by().values_list("state").annotate(n=Count("pk")))

    def by_centre_and_state(self) -> dict[tuple[int, str], int]:
        """Number of cells by centre and state."""
        rows = self.order_by().values_list("centre", "state").annotate(n=Count("pk"))
        return {(centre, state): n for centre, state, n in rows}

    def for_table(self, user):
        """With the number of open comment threads that the person may read."""
        reach = reach_of(user)
        inside = Q(cycle__network__in=reach.oversees) | Q(centre__in=reach.runs)
        begun_and_open = Q(comments__parent__isnull=True, comments__resolved_at__isnull=True)
        return self.annotate(open_threads=Count("comments", filter=inside & begun_and_open))

    def in_column_order(self):
        """In the order of the cycle's columns, with their centres."""
        beside = self.filter(centre__participations__cycle=F("cycle"))
        return beside.select_related("centre").order_by("centre__participations__position")

    def for_page(self):
        """With everything that the cell's own page names."""
        return self.select_related("cycle__network", "cycle__template", "aspect", "centre", "updated_by")

    def movable(self, to: str):
        """Cells with a finding that can all be moved at once.

        To SUBMITTED: drafts, and returned ones whose text was changed since; to ACCEPTED: submitted ones.
        """
        if to == CellState.ACCEPTED:
            return self.filter(state=CellState.SUBMITTED)
        returns = CellStep.objects.filter(cell=OuterRef("pk"), to_state=CellState.RETURNED).order_by("-at", "-pk")
        mended = Q(state=CellState.RETURNED, updated_at__gt=Subquery(returns.values("at")[:1]))
        return self.filter(Q(state=CellState.DRAFT) | mended).exclude(finding="")

    @transaction.atomic
    def move_all(self, *, by, to: str) -> int:
        """Submit (`to` SUBMITTED) or accept (ACCEPTED) all movable cells; says how many. No cell is moved twice."""
        share_cycles(self.order_by().values_list("cycle", flat=True).distinct())
        rows = list(self.movable(to).order_by("pk").select_for_update(of=("self",)))
        cells = self.model.objects.filter(pk__in=[row.pk for row in rows])
        cells.update(state=to, version=F("version") + 1, updated_at=timezone.now(), updated_by=by)
        CellStep.objects.bulk_create(
            CellStep(centre_id=row.centre_id, cell=row, from_state=row.state, to_state=to, by=by) for row in rows
        )
        return len(rows)


@track()
@pgtrigger.register(frozen_trigger())
class Cell(CentreOwned, VersionedText):
    """What the experts found for one aspect at one centre in one cycle."""

    State = CellState

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="cells", verbose_name=_("cycle"))
    aspect = models.ForeignKey(Aspect, on_delete=models.PROTECT, related_name="cells", verbose_name=_("aspect"))
    finding = models.TextField(_("finding"), blank=True, max_length=TEXT_LIMIT)
    perspective = models.TextField(
        _("perspective"),
        blank=True,
        max_length=TEXT_LIMIT,
        help_text=_("What the centre plans next."),
    )
    level = models.CharField(_("level"), max_length=20, choices=Level.choices, default=Level.NOT_ASSESSED)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.EMPTY, editable=False)

    objects = CellQuerySet.as_manager()

    class Meta:
        verbose_name = _("cell")
        verbose_name_plural = _("cells")
        ordering = ["cycle", "aspect__number", "centre"]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "aspect", "centre"], name="cell_once"),
            models.CheckConstraint(
                name="cell_empty_without_text",
                condition=Q(state="empty", finding="", perspective="")
                | (~Q(state="empty") & ~Q(finding="", perspective="")),
                violation_error_message=_("A cell without text is still to write."),
            ),
            models.CheckConstraint(
                name="cell_finding_before_review",
                condition=Q(state__in=["empty", "draft", "returned"]) | ~Q(finding=""),
                violation_error_message=_("Write a finding before submitting the cell."),
            ),
        ]

    def __str__(self):
        return f"{self.centre} · {self.aspect}"

    def get_absolute_url(self):
        return reverse("monitoring:cell", args=[self.cycle.code, self.aspect.number, self.centre.code])

    @property
    def is_writable(self) -> bool:
        """Its text can change now: it is neither with the reviewers nor accepted."""
        return self.state in {self.State.EMPTY, self.State.DRAFT, self.State.RETURNED}

    def holds(self, *, finding: str, perspective: str, level: str) -> bool:
        """Whether this text and level stand here already."""
        return (self.finding, self.perspective, self.level) == (tidy(finding), tidy(perspective), level)

    def revise(self, *, by, version: int, finding: str, perspective: str = "", level: str = Level.NOT_ASSESSED) -> bool:
        """Save the text that was edited from `version`; says whether anything changed.

        A resend of what already stands is recognised and changes nothing.
        Raises EditConflict, CycleFrozen, StepRefused.
        """
        values = {"finding": tidy(finding), "perspective": tidy(perspective), "level": level}
        self.refresh_from_db()
        if self.holds(**values):
            return False
        if self.version != version:
            raise EditConflict(self, self.recorded(version))
        if not self.is_writable:
            raise StepRefused(_("Take the cell back before changing its text."))
        written = bool(values["finding"] or values["perspective"])
        state = self.State.EMPTY if not written else self.State.DRAFT if self.state == self.State.EMPTY else self.state
        if state == self.State.EMPTY:
            values["level"] = Level.NOT_ASSESSED
        self._step(state, by=by, version=version, note="", **values)
        return True

    def submit(self, *, by, version: int, note: str = "") -> None:
        """Hand the cell to the reviewers. Needs a finding."""
        self._require({self.State.DRAFT, self.State.RETURNED})
        if not self.finding:
            raise StepRefused(_("Write a finding before submitting the cell."))
        self._step(self.State.SUBMITTED, by=by, version=version, note=note)

    def withdraw(self, *, by, version: int, note: str = "") -> None:
        """Take a submitted cell back to go on writing."""
        self._require({self.State.SUBMITTED})
        self._step(self.State.DRAFT, by=by, version=version, note=note)

    def give_back(self, *, by, version: int, note: str) -> None:
        """Return a submitted or accepted cell to its writer; the reason is required and stays."""
        self._require({self.State.SUBMITTED, self.State.ACCEPTED})
        if not note.strip():
            raise StepRefused(_("Write why the cell is returned."))
        self._step(self.State.RETURNED, by=by, version=version, note=note)

    def accept(self, *, by, version: int, note: str = "") -> None:
        """Take the cell as final for this cycle."""
        self._require({self.State.SUBMITTED})
        self._step(self.State.ACCEPTED, by=by, version=version, note=note)

    def _require(self, states) -> None:
        if self.state not in states:
            raise StepRefused(
                _("This step is not possible now: the cell is “%(state)s”.") % {"state": self.get_state_display()}
            )

    @transaction.atomic
    def _step(self, state, *, by, version, note, **values) -> None:
        before = self.state
        self._write(by=by, version=version, state=state, **values)
        if before != state:
            CellStep.objects.create(
                centre_id=self.centre_id, cell=self, from_state=before, to_state=state, by=by, note=note.strip()
            )


@pgtrigger.register(written_once())
class CellStep(CentreOwned):
    """A step of a cell: by whom, when, why; for staff and the centre's own people. Never changed, never deleted."""

    cell = models.ForeignKey(Cell, on_delete=models.PROTECT, related_name="steps", verbose_name=_("cell"))
    from_state = models.CharField(_("from state"), max_length=10, choices=Cell.State.choices)
    to_state = models.CharField(_("to state"), max_length=10, choices=Cell.State.choices)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), auto_now_add=True)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("step of a cell")
        verbose_name_plural = _("steps of cells")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="cellstep_returned_with_reason",
                condition=~Q(to_state="returned") | Q(from_state="returned") | ~Q(note=""),
                violation_error_message=_("Write why the cell is returned."),
            )
        ]

    def __str__(self):
        return f"{self.cell}: {self.get_to_state_display()}"


class ConclusionQuerySet(ScopedQuerySet):
    def visible_to(self, user):
        """The network's column: staff always, the centres' people and donors once the cycle is published."""
        return self.filter(cycle__in=Cycle.objects.concluded_for(user).values("pk"))

    def editable_by(self, user):
        return self.filter(cycle__network__in=reach_of(user).oversees, cycle__state=Cycle.State.OPEN)

    def with_links(self):
        """With the numbers of the aspects it points to, as `see`."""
        return self.annotate(see=LINKS)


@track()
@pgtrigger.register(frozen_trigger())
class Conclusion(VersionedText):
    """The matrix's last column: one text per aspect over all centres, resting on named cells."""

    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="conclusions", verbose_name=_("cycle"))
    aspect = models.ForeignKey(Aspect, on_delete=models.PROTECT, related_name="conclusions", verbose_name=_("aspect"))
    text = models.TextField(_("conclusion"), blank=True, max_length=TEXT_LIMIT)
    rests_on = models.ManyToManyField(Cell, related_name="conclusions", blank=True, verbose_name=_("rests on"))
    see_also = models.ManyToManyField(Aspect, related_name="+", blank=True, verbose_name=_("see also"))

    objects = ConclusionQuerySet.as_manager()

    class Meta:
        verbose_name = _("conclusion")
        verbose_name_plural = _("conclusions")
        ordering = ["cycle", "aspect__number"]
        constraints = [models.UniqueConstraint(fields=["cycle", "aspect"], name="conclusion_once")]

    def __str__(self):
        return f"{self.cycle} · {self.aspect}"

    def get_absolute_url(self):
        return reverse("monitoring:conclusion", args=[self.cycle.code, self.aspect.number])

    @transaction.atomic
    def revise(self, *, by, version: int, text: str, rests_on, see_also, recommendations) -> bool:
        """Save the text, the cells it rests on, its links and its recommendations; says whether anything changed.

        `recommendations` are dicts of `text` and `see_also` (aspects), in order, with the `pk` of a known one; those
        left out are removed. Numbers follow the order. Raises EditConflict, CycleFrozen.
        """
        text = tidy(text)
        wanted = [row | {"text": tidy(row["text"])} for row in recommendations if row["text"].strip()]
        outline = tuple(
            Advice(row.get("pk"), row["text"], frozenset(aspect.pk for aspect in row["see_also"])) for row in wanted
        )
        new = Content(text, frozenset(c.pk for c in rests_on), frozenset(a.pk for a in see_also), outline)
        self.refresh_from_db()
        if new.says(self.content()):
            return False
        if self.version != version:
            raise EditConflict(self, self.recorded(version))
        self._write(by=by, version=version, text=text)
        self.rests_on.set(rests_on)
        self.see_also.set(see_also)
        self._set_recommendations(wanted)
        return True

    def content(self) -> Content:
        """All of it as it is stored."""
        return Content(
            self.text,
            frozenset(self.rests_on.order_by().values_list("pk", flat=True)),
            frozenset(self.see_also.order_by().values_list("pk", flat=True)),
            tuple(
                Advice(row.pk, row.text, frozenset(aspect.pk for aspect in row.see_also.all()))
                for row in self.recommendations.order_by("number").prefetch_related("see_also")
            ),
        )

    def _set_recommendations(self, wanted) -> None:
        known = {row.pk: row for row in self.recommendations.all()}
        kept = {row.get("pk") for row in wanted}
        self.recommendations.exclude(pk__in=[pk for pk in kept if pk]).delete()
        for number, row in enumerate(wanted, start=1):
            item = known.get(row.get("pk")) or self.recommendations.model(cycle_id=self.cycle_id, conclusion=self)
            item.number, item.text = number, row["text"]
            item.save()
            item.see_also.set(row["see_also"])
