"""Compares a parsed matrix with a cycle and writes it: all or nothing, and only what differs.

What the file says replaces what stands; what is empty in the file leaves what stands alone. So the same file
imported again changes nothing, not even a version number.
"""

import hashlib
import json
from dataclasses import dataclass, field

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from centres.models import Centre

from ..models import Aspect, Cell, CellState, CellStep, Conclusion, Cycle, CycleFrozen, Recommendation
from .changes import ADDED, CHANGED, LEFT, SAME, TextChange, cell_change, standing_text
from .labels import references
from .names import AspectNames, CentreNames
from .parsed import ParsedMatrix

BATCH = 200  # rows of one UPDATE; its size grows with the square


class PlanChanged(Exception):
    """The matrix was edited since the preview; `plan` is what the import would do now. Nothing was written."""

    def __init__(self, plan):
        super().__init__(_("The matrix has changed since this preview was made. Look at it once more."))
        self.plan = plan


class AcceptedInTheWay(Exception):
    """Accepted cells would be overwritten and nobody has agreed to that. Nothing was written."""

    def __init__(self, plan):
        super().__init__(_("Accepted cells would be overwritten. Confirm that, or take them out of the file."))
        self.plan = plan


@dataclass
class Plan:
    """What an import would do to a cycle."""

    cycle: Cycle
    parsed: ParsedMatrix
    joining: list = field(default_factory=list)  # centres of the network that do not take part yet
    absent: list = field(default_factory=list)  # centres that take part but have no column in the file
    cells: list = field(default_factory=list)
    conclusions: list = field(default_factory=list)
    recommendations: list = field(default_factory=list)
    aspects: dict = field(default_factory=dict)  # number: Aspect
    centres: dict = field(default_factory=dict)  # code: Centre

    @property
    def changes(self):
        """Everything that would be written, cells first."""
        return [
            change
            for change in (*self.cells, *self.conclusions, *self.recommendations)
            if change.outcome in (ADDED, CHANGED)
        ]

    @property
    def is_empty(self):
        """Whether the import would change nothing at all."""
        return not self.changes and not self.joining

    @property
    def accepted(self):
        """The accepted cells that would be overwritten."""
        return [change for change in self.cells if change.overwrites_accepted]

    @property
    def under_review(self):
        """The submitted cells that would become drafts again."""
        return [change for change in self.cells if change.outcome == CHANGED and change.state == CellState.SUBMITTED]

    @property
    def counts(self):
        """[(what, {outcome: number}), ...] for cells, conclusions and recommendations."""
        return [
            (what, {outcome: sum(row.outcome == outcome for row in rows) for outcome in (ADDED, CHANGED, SAME, LEFT)})
            for what, rows in (
                (gettext_lazy("Cells"), self.cells),
                (gettext_lazy("Conclusions"), self.conclusions),
                (gettext_lazy("Recommendations"), self.recommendations),
            )
        ]

    @property
    def fingerprint(self):
        """A digest of all that would be written and of what it would be written over."""
        digest = hashlib.sha256()
        digest.update(json.dumps([centre.pk for centre in self.joining]).encode())
        for change in self.changes:
            values = [change.address, change.aspect, getattr(change, "centre", change.aspect), change.before]
            values.append(change.after)
            if isinstance(change, TextChange):
                values += [change.number, change.links_added, change.links_dropped]
            else:
                values.append(change.state)
            digest.update(json.dumps(values, ensure_ascii=False).encode())
        return digest.hexdigest()

    def apply(self, *, by, expected="", overwrite_accepted=False, note=""):
        """Write the plan in one transaction and give back the plan that was written.

        It is made anew under lock: if the matrix was edited in between, `expected` (the fingerprint of the plan that
        the person saw) no longer fits. Raises PlanChanged, AcceptedInTheWay, CycleFrozen.
        """
        with transaction.atomic():
            self._lock()
            plan = Plan.of(self.cycle, self.parsed, for_writing=True)
            if expected and plan.fingerprint != expected:
                raise PlanChanged(plan)
            if plan.accepted and not overwrite_accepted:
                raise AcceptedInTheWay(plan)
            plan._write(by, note)
        return plan

    # ---- reading -----------------------------------------------------------------------------------------------

    @classmethod
    def of(cls, cycle, parsed, *, for_writing=False):
        """The plan for a matrix without errors; the number of queries does not grow with its size."""

        def rows(queryset):
            return queryset.select_for_update(of=("self",)).order_by("pk") if for_writing else queryset

        plan = cls(cycle=cycle, parsed=parsed)
        plan.aspects = {aspect.number: aspect for aspect in Aspect.objects.filter(template=cycle.template_id)}
        centres = Centre.objects.filter(network=cycle.network_id)
        plan.centres = {centre.code: centre for centre in centres}
        taking_part = list(cycle.participations.order_by("position").values_list("centre__code", flat=True))
        plan.joining = [plan.centres[code] for code in parsed.centres if code not in set(taking_part)]
        plan.absent = [plan.centres[code] for code in taking_part if code not in set(parsed.centres)]

        codes = {centre.pk: centre.code for centre in plan.centres.values()}
        numbers = {aspect.pk: number for number, aspect in plan.aspects.items()}
        standing = {
            (numbers[cell.aspect_id], codes[cell.centre_id]): cell for cell in rows(Cell.objects.filter(cycle=cycle))
        }
        plan.cells = [cell_change(cell, standing.get((cell.aspect, cell.centre))) for cell in parsed.cells]

        conclusions = {numbers[row.aspect_id]: row for row in rows(Conclusion.objects.filter(cycle=cycle))}
        recommendations = {
            (row.conclusion_id, row.number): row for row in rows(Recommendation.objects.filter(cycle=cycle))
        }
        links = {model: plan._links(model) for model in (Conclusion, Recommendation)}
        for parsed_row in parsed.conclusions:
            row = conclusions.get(parsed_row.aspect)
            plan.conclusions.append(plan._text_change(parsed_row.aspect, 0, parsed_row.text, row, links[Conclusion]))
            known = {number for conclusion, number in recommendations if row and conclusion == row.pk}
            told = dict(parsed_row.recommendations)
            for number in sorted(known | set(told)):
                old = recommendations.get((row.pk, number)) if row else None
                plan.recommendations.append(
                    plan._text_change(parsed_row.aspect, number, told.get(number, ""), old, links[Recommendation])
                )
        return plan

    def _links(self, model):
        """{pk of a conclusion or recommendation: numbers of the aspects that it points to}."""
        links = {}
        pairs = model.objects.filter(cycle=self.cycle, see_also__isnull=False).values_list("pk", "see_also__number")
        for pk, number in pairs:
            links.setdefault(pk, set()).add(number)
        return links

    def _text_change(self, aspect, number, text, row, links):
        """What a text in the last column would do. Links made by hand stay; those of words that went, go."""
        before = standing_text(row.text) if row else ""
        after = text or before
        links_before = frozenset(links.get(row.pk, ())) if row else frozenset()
        links_after = links_before
        if text:
            links_after = (links_before - set(references(before))) | self._known_references(aspect, text)
        if not text and before:
            outcome = LEFT
        elif before == after and links_before == links_after:
            outcome = SAME
        else:
            outcome = CHANGED if before else ADDED
        return TextChange(
            aspect=aspect,
            number=number,
            outcome=outcome,
            pk=row.pk if row else None,
            version=getattr(row, "version", 0),
            before=before,
            after=after,
            links_before=links_before,
            links_after=frozenset(links_after),
        )

    def _known_references(self, aspect, text):
        """The other aspects of this matrix that a text points to."""
        return {number for number in references(text) if number in self.aspects and number != aspect}

    # ---- writing -----------------------------------------------------------------------------------------------

    def _lock(self):
        """Let one import at a time write to the cycle, and none once it is published.

        The cycle's row is shared, as each write to a cell shares it: an exclusive lock would wait for a writer who
        holds a cell that we want.
        """
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('matrix import', %s))", [self.cycle.pk])
            cursor.execute("SELECT state FROM monitoring_cycle WHERE id = %s FOR SHARE", [self.cycle.pk])
            if cursor.fetchone() != (Cycle.State.OPEN,):
                raise CycleFrozen

    def _write(self, by, note):
        """Write what differs."""
        if self.joining:
            try:
                with transaction.atomic():
                    self.cycle.add_centres(self.joining)
            except IntegrityError:  # somebody let the same centre join a moment ago
                raise PlanChanged(self) from None
        stamp = {"updated_at": timezone.now(), "updated_by": by}
        self._write_cells(by, note, stamp)
        conclusions = self._write_conclusions(stamp)
        self._write_recommendations(conclusions)

    def _write_cells(self, by, note, stamp):
        changes = [change for change in self.cells if change.outcome in (ADDED, CHANGED)]
        found = (
            {
                (cell.aspect.number, cell.centre.code): cell
                for cell in Cell.objects.filter(cycle=self.cycle).select_related("aspect", "centre")
            }
            if changes
            else {}
        )
        cells, steps = [], []
        for change in changes:
            cell = found[change.aspect, change.centre]
            cell.finding, cell.perspective, cell.level = change.after
            if cell.state != change.state_after:
                steps.append(
                    CellStep(
                        cell=cell,
                        centre_id=cell.centre_id,
                        from_state=cell.state,
                        to_state=change.state_after,
                        by=by,
                        note=note,
                    )
                )
            cell.state = change.state_after
            self._stamp(cell, stamp)
            cells.append(cell)
        fields = ["finding", "perspective", "level", "state", "version", *stamp]
        Cell.objects.bulk_update(cells, fields, batch_size=BATCH)
        CellStep.objects.bulk_create(steps, batch_size=BATCH)

    @staticmethod
    def _stamp(row, stamp):
        """Raise the version, so that whoever is editing the row meets a conflict instead of losing words."""
        row.version += 1
        for name, value in stamp.items():
            setattr(row, name, value)

    def _write_conclusions(self, stamp):
        """Write the changed conclusions; all conclusions of the cycle by aspect number."""
        rows = {row.aspect.number: row for row in Conclusion.objects.filter(cycle=self.cycle).select_related("aspect")}
        touched = {change.aspect for change in self.changes if isinstance(change, TextChange)}
        for change in self.conclusions:
            if change.aspect in touched:
                rows[change.aspect].text = change.after
                self._stamp(rows[change.aspect], stamp)
        changed = [rows[number] for number in sorted(touched)]
        Conclusion.objects.bulk_update(changed, ["text", "version", *stamp], batch_size=BATCH)
        self._write_links(Conclusion, [(rows[change.aspect].pk, change) for change in self.conclusions])
        return rows

    def _write_recommendations(self, conclusions):
        added, changed, places = [], [], []
        for change in self.recommendations:
            if change.outcome == ADDED:
                row = Recommendation(
                    cycle=self.cycle,
                    conclusion=conclusions[change.aspect],
                    number=change.number,
                    text=change.after,
                )
                added.append(row)
            elif change.outcome == CHANGED:
                row = Recommendation(pk=change.pk, text=change.after)
                changed.append(row)
            else:
                continue
            places.append((row, change))
        Recommendation.objects.bulk_create(added, batch_size=BATCH)
        Recommendation.objects.bulk_update(changed, ["text"], batch_size=BATCH)
        self._write_links(Recommendation, [(row.pk, change) for row, change in places])

    def _write_links(self, model, rows):
        """Add and take away the links to other aspects."""
        through = model.see_also.through
        source = f"{model._meta.model_name}_id"
        fresh = [
            through(**{source: pk, "aspect_id": self.aspects[number].pk})
            for pk, change in rows
            for number in change.links_added
        ]
        through.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=BATCH)
        dropped = {(pk, self.aspects[number].pk) for pk, change in rows for number in change.links_dropped}
        if dropped:
            stale = through.objects.filter(**{f"{source}__in": {pk for pk, _aspect in dropped}})
            stale = [row.pk for row in stale if (getattr(row, source), row.aspect_id) in dropped]
            through.objects.filter(pk__in=stale).delete()


def aspect_names(cycle):
    """The aspects of a cycle's template as the matrix is recognised by: titles in all languages, the reader's first."""
    return [
        AspectNames(aspect.number, every_language(aspect, "title"))
        for aspect in Aspect.objects.filter(template=cycle.template_id)
    ]


def centre_names(cycle):
    """The network's centres as columns are recognised by: names in all languages and other spellings."""
    return [
        CentreNames(centre.code, every_language(centre, "name") + tuple(alias.name for alias in centre.aliases.all()))
        for centre in Centre.objects.filter(network=cycle.network_id).prefetch_related("aliases")
    ]


def every_language(row, field_name):
    """A translated field in all languages, the reader's first, each once."""
    texts = [getattr(row, f"{field_name}_i18n"), getattr(row, field_name)]
    texts += [getattr(row, f"{field_name}_{language}") for language in ("kk", "ru")]
    return tuple(dict.fromkeys(text for text in texts if text))


@transaction.atomic
def apply_upload(upload, *, by, expected, overwrite_accepted=False):
    """Apply a stored upload once; the plan that was written, or None if it had been applied before.

    Raises PlanChanged, AcceptedInTheWay, CycleFrozen, and writes nothing then.
    """
    upload = type(upload).objects.select_for_update(of=("self",)).select_related("cycle").get(pk=upload.pk)
    if upload.applied_at:
        return None
    plan = Plan.of(upload.cycle, ParsedMatrix.from_json(upload.parsed))
    done = plan.apply(by=by, expected=expected, overwrite_accepted=overwrite_accepted, note=note_for(upload.file_name))
    upload.applied_at = timezone.now()
    upload.save(update_fields=["applied_at"])
    return done


def note_for(file_name):
    """The note that a step of a cell carries when an import took it."""
    return _("Imported from %(file)s") % {"file": file_name}
