"""How a questionnaire's draft is written: whole documents go in, only what differs is stored."""

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from centres.versions import EditConflict

from ..drafting import MOST_QUESTIONS, QuestionnaireRefused, faults, new_faults
from ..instruments import Document, Kind, fields_of

WRITTEN = [
    *["section_id", "position", "kind", "text", "guidance", "i18n", "required"],
    *["stored_options", "prefill", "depends_on", "depends_values"],
]


class Drafting(models.Model):
    """The part of a Questionnaire that works while it is not published."""

    class Meta:
        abstract = True

    @transaction.atomic
    def edit(self, change, *, revision: int) -> None:
        """Store what `change` makes of the draft's document, as edited from `revision`.

        Raises EditConflict (of centres.versions); QuestionnaireRefused also when something else would break.
        """
        row = self.lock_draft(revision)
        before = row.document()
        after = change(before)
        if broken := new_faults(before, after):
            raise QuestionnaireRefused(" ".join(fault.text for fault in broken))
        if len(after.questions) > MOST_QUESTIONS:
            raise QuestionnaireRefused(_("A questionnaire has at most %(most)s questions.") % {"most": MOST_QUESTIONS})
        self._write(after, revision + 1)

    @transaction.atomic
    def rewrite(self, document: Document, *, revision: int) -> None:
        """Put what the document says in the place of everything in this draft, as edited from `revision`.

        Raises EditConflict (of centres.versions), QuestionnaireRefused.
        """
        self.lock_draft(revision)
        self._write(document, revision + 1)

    @transaction.atomic
    def publish(self, *, revision: int | None = None) -> None:
        """Make the version usable by cycles and immutable: all of it, or only as it was at `revision`.

        Raises EditConflict (of centres.versions); QuestionnaireRefused when something in it is broken.
        """
        row = self.lock_draft(revision)
        if not self.questions.exclude(kind=Kind.HEADING).exists():
            raise QuestionnaireRefused(_("A questionnaire needs at least one question."))
        if broken := faults(row.document(), row.earlier_kinds()):
            raise QuestionnaireRefused(" ".join(fault.text for fault in broken))
        self.published_at = timezone.now()
        self.save(update_fields=["published_at"])

    @transaction.atomic
    def discard(self, *, revision: int | None = None) -> None:
        """Delete the draft with its questions; no cycle can use it yet. Raises EditConflict, QuestionnaireRefused."""
        self.lock_draft(revision)
        self.delete()

    def lock_draft(self, revision: int | None = None):
        """Hold the draft's row and give it; QuestionnaireRefused when it cannot change any more.

        EditConflict when it is a later one than `revision`.
        """
        row = type(self).objects.select_for_update(of=("self",)).filter(pk=self.pk).first()
        if row is None:
            raise QuestionnaireRefused(_("Someone else has deleted this draft in the meantime."))
        if row.is_published:
            raise QuestionnaireRefused(_("This version is published and does not change any more."))
        if revision is not None and row.revision != revision:
            raise EditConflict(row)
        return row

    def earlier(self) -> dict:
        """The questions that published versions before this one asked, by code, each as the latest of them had it."""
        question = self.questions.model
        rows = question.objects.filter(
            questionnaire__network=self.network_id,
            questionnaire__key=self.key,
            questionnaire__version__lt=self.version,
            questionnaire__published_at__isnull=False,
        )
        return {row.code: row for row in rows.select_related("questionnaire").order_by("questionnaire__version")}

    def earlier_kinds(self) -> dict[str, str]:
        """Their kinds: answers can be told over the years only while a code keeps its kind."""
        return {code: row.kind for code, row in self.earlier().items()}

    def _write(self, document: Document, revision: int) -> None:
        for name in ("title", "guidance"):
            for field, text in fields_of(name, getattr(document, name)).items():
                setattr(self, field, text)
        self.revision = revision
        self.save(update_fields=["title", "guidance", "i18n", "revision"])
        self._store(document.sections)

    def _store(self, sections) -> None:
        """The sections with their questions in this order; rows that say the same already are left alone."""
        self.__dict__.pop("outline", None)
        known = {section.code: section for section in self.sections.all()}
        wanted = {question.code for section in sections for question in section.questions}
        self.questions.exclude(code__in=wanted).delete()
        for place, text in enumerate(sections, start=1):
            values = {"position": place} | fields_of("title", text.title) | fields_of("guidance", text.guidance)
            section = known.get(text.code) or self.sections.model(questionnaire=self, code=text.code)
            if section.pk is None or any(getattr(section, name) != value for name, value in values.items()):
                for name, value in values.items():
                    setattr(section, name, value)
                section.save()
            known[text.code] = section
        self._store_questions([(known[section.code], row) for section in sections for row in section.questions])
        self.sections.exclude(code__in=[section.code for section in sections]).delete()

    def _store_questions(self, wanted) -> None:
        model = self.questions.model
        known = {question.code: question for question in self.questions.all()}
        fresh, changed = [], []
        for place, (section, text) in enumerate(wanted, start=1):
            row = model.of(text, questionnaire=self, section=section, position=place)
            stands = known.get(text.code)
            if stands is None:
                fresh.append(row)
                continue
            row.pk = stands.pk
            if any(getattr(stands, name) != getattr(row, name) for name in WRITTEN):
                changed.append(row)
        model.objects.bulk_update(changed, [name.removesuffix("_id") for name in WRITTEN])
        model.objects.bulk_create(fresh)
        rows = {code: row.pk for code, row in known.items()} | {row.code: row.pk for row in fresh}
        self._store_map({(rows[text.code], key) for _section, text in wanted for key in text.aspects})

    def _store_map(self, pairs: set) -> None:
        """Exactly these (question's id, aspect's key)."""
        links = self.questions.model._meta.get_field("aspect_links").related_model.objects
        stand = {(row.question_id, row.aspect_key): row.pk for row in links.filter(question__questionnaire=self)}
        links.filter(pk__in=[stand[pair] for pair in stand.keys() - pairs]).delete()
        links.bulk_create(links.model(question_id=pk, aspect_key=key) for pk, key in sorted(pairs - stand.keys()))
