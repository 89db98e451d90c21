"""A questionnaire: a versioned instrument of sections and questions, in three languages (§ Annex 1 is the first)."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import Count, Max, Q
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modeltrans.fields import TranslationField

from centres.access import ScopedQuerySet, reach_of
from centres.history import track
from centres.models import Network
from centres.versions import EditConflict

from ..drafting import QuestionnaireRefused
from ..instruments import Document, Kind, Options, QuestionText, SectionText, code_is_fine, fields_of, texts_of
from .cycle import Cycle
from .drafts import Drafting

IMMUTABLE_PART = """
    IF TG_OP = 'UPDATE' AND NEW.questionnaire_id <> OLD.questionnaire_id THEN
        RAISE EXCEPTION 'the row stays in its questionnaire'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'questionnaire_immutable';
    END IF;
    PERFORM 1 FROM monitoring_questionnaire
    WHERE id = COALESCE(NEW.questionnaire_id, OLD.questionnaire_id) AND published_at IS NULL FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the questionnaire is published'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'questionnaire_immutable';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
"""


def immutable_part():
    """Refuse any write to what belongs to a published questionnaire."""
    return pgtrigger.Trigger(
        name="immutable",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=IMMUTABLE_PART,
    )


class QuestionnaireQuerySet(ScopedQuerySet):
    def visible_to(self, user):
        """All versions for the network's coordinators and experts."""
        return self.filter(network__in=reach_of(user).oversees)

    def editable_by(self, user):
        """A draft by its network's coordinators; a published version by nobody, it is immutable."""
        return self.filter(network__in=reach_of(user).coordinates, published_at__isnull=True)

    def published(self):
        return self.filter(published_at__isnull=False)

    def for_list(self):
        """With the numbers of questions and of cycles that use it; by title, the latest version first."""
        return (
            self.select_related("network")
            .annotate(
                question_count=Count("questions", filter=~Q(questions__kind=Kind.HEADING), distinct=True),
                cycle_count=Count("cycles", distinct=True),
            )
            .order_by("network__code", "key", "-version")
        )


@track()
@pgtrigger.register(
    pgtrigger.Trigger(
        name="immutable",
        when=pgtrigger.Before,
        operation=pgtrigger.Update | pgtrigger.Delete,
        condition=pgtrigger.Q(old__published_at__isnull=False),
        func="""
            RAISE EXCEPTION 'the questionnaire is published'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'questionnaire_immutable';
        """,
    )
)
class Questionnaire(Drafting):
    """A version of an instrument. Once published it never changes; a change makes the next version."""

    network = models.ForeignKey(
        Network, on_delete=models.PROTECT, related_name="questionnaires", verbose_name=_("network")
    )
    key = models.SlugField(_("key"), max_length=40)  # the same over all versions
    version = models.PositiveSmallIntegerField(pgettext_lazy("of a questionnaire", "version"))
    title = models.CharField(_("title"), max_length=200)
    guidance = models.TextField(_("introduction"), blank=True, max_length=5_000)
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)  # counts the saves of a draft
    i18n = TranslationField(fields=("title", "guidance"))

    objects = QuestionnaireQuerySet.as_manager()

    class Meta:
        verbose_name = _("questionnaire")
        verbose_name_plural = _("questionnaires")
        ordering = ["network", "key", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["network", "key", "version"], name="questionnaire_version_once"),
            models.UniqueConstraint(
                fields=["network", "key"],
                condition=Q(published_at__isnull=True),
                name="questionnaire_one_draft",
            ),
        ]

    def __str__(self):
        return f"{self.title_i18n} ({self.version})"

    def get_absolute_url(self):
        return reverse("monitoring:questionnaire", args=[self.pk])

    @property
    def is_published(self) -> bool:
        return self.published_at is not None

    @property
    def versions(self):
        """All versions of the instrument, the latest first."""
        return Questionnaire.objects.filter(network=self.network_id, key=self.key).order_by("-version")

    @cached_property
    def outline(self) -> list["Section"]:
        """Its sections in order, each with its questions in order (`section.asked`): two queries."""
        sections = list(self.sections.order_by("position"))
        by_section = {section.pk: section for section in sections}
        for section in sections:
            section.asked = []
        for question in self.questions.order_by("position"):
            question.section = by_section[question.section_id]
            question.questionnaire = self
            by_section[question.section_id].asked.append(question)
        return sections

    @property
    def all_questions(self) -> list["Question"]:
        """Its questions in order, headings included."""
        return [question for section in self.outline for question in section.asked]

    @classmethod
    @transaction.atomic
    def begin(cls, *, network, document: Document) -> "Questionnaire":
        """A draft with what the document says: the instrument's first version, or the one after its latest."""
        Network.objects.select_for_update().get(pk=network.pk)
        known = cls.objects.filter(network=network, key=document.key)
        if known.filter(published_at__isnull=True).exists():
            raise QuestionnaireRefused(_("This questionnaire has a draft already. Go on with it, or discard it."))
        latest = known.aggregate(top=Max("version"))["top"] or 0
        draft = cls.objects.create(
            network=network,
            key=document.key,
            version=latest + 1,
            **fields_of("title", document.title),
            **fields_of("guidance", document.guidance),
        )
        draft._store(document.sections)
        return draft

    def next_version(self) -> "Questionnaire":
        """A draft with the same questions and codes under the next number; the draft that there is already, if any."""
        if draft := self.versions.filter(published_at__isnull=True).first():
            return draft
        return Questionnaire.begin(network=self.network, document=self.document())

    def document(self) -> Document:
        """All of it as plain data, with the aspects that its questions speak about."""
        aspects = {}
        for code, key in QuestionAspect.objects.filter(question__questionnaire=self).values_list(
            "question__code", "aspect_key"
        ):
            aspects.setdefault(code, []).append(key)
        return Document(
            self.key,
            texts_of(self, "title"),
            texts_of(self, "guidance"),
            tuple(
                SectionText(
                    section.code,
                    texts_of(section, "title"),
                    texts_of(section, "guidance"),
                    tuple(question.as_text(aspects.get(question.code, ())) for question in section.asked),
                )
                for section in self.outline
            ),
        )

    def map(self) -> set[str]:
        """Which question speaks about which aspect, as `8.1.1 mission-plan`."""
        links = QuestionAspect.objects.filter(question__questionnaire=self)
        return {f"{code} {key}" for code, key in links.values_list("question__code", "aspect_key")}

    @transaction.atomic
    def save_map(self, pairs: set[str], *, shown: set[str]) -> None:
        """Put these pairs in the place of those that were shown; published versions too, until the map is fixed.

        Raises EditConflict (of centres.versions; `theirs` are the pairs as they stand), QuestionnaireRefused.
        """
        row = Questionnaire.objects.select_for_update(of=("self",)).get(pk=self.pk)
        list(row.cycles.select_for_update(of=("self",)))  # none of them is published meanwhile
        if map_is_fixed(row):
            raise QuestionnaireRefused(
                _("A published cycle compares with this questionnaire, so the map stays as it is.")
            )
        standing = row.map()
        if standing == pairs:
            return
        if standing != shown:
            raise EditConflict(standing)
        codes = dict(row.questions.values_list("code", "pk"))
        row._store_map({(codes[code], key) for code, _blank, key in (pair.partition(" ") for pair in pairs)})
        if not row.is_published:  # a question's form that is open elsewhere shows the old aspects
            row.revision += 1
            row.save(update_fields=["revision"])


@track()
@pgtrigger.register(immutable_part())
class Section(models.Model):
    """A part of a questionnaire, filled in on one page."""

    questionnaire = models.ForeignKey(
        Questionnaire, on_delete=models.CASCADE, related_name="sections", verbose_name=_("questionnaire")
    )
    code = models.CharField(_("code"), max_length=6, validators=[code_is_fine])
    position = models.PositiveSmallIntegerField(_("position"))
    title = models.CharField(_("title"), max_length=200)
    guidance = models.TextField(_("guidance"), blank=True, max_length=5_000)
    i18n = TranslationField(fields=("title", "guidance"))

    class Meta:
        verbose_name = pgettext_lazy("of a questionnaire", "section")
        verbose_name_plural = pgettext_lazy("of a questionnaire", "sections")
        ordering = ["questionnaire", "position"]
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "code"], name="section_code_once"),
            models.UniqueConstraint(
                fields=["questionnaire", "position"],
                name="section_position_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
        ]

    def __str__(self):
        return f"{self.code}. {self.title_i18n}"


@track()
@pgtrigger.register(immutable_part())
class Question(models.Model):
    """One question, or a heading above some. Its code stays the same over all versions, whatever its text becomes."""

    questionnaire = models.ForeignKey(
        Questionnaire, on_delete=models.CASCADE, related_name="questions", verbose_name=_("questionnaire")
    )
    section = models.ForeignKey(
        Section,
        on_delete=models.CASCADE,
        related_name="questions",
        verbose_name=pgettext_lazy("of a questionnaire", "section"),
    )
    code = models.CharField(_("code"), max_length=40, validators=[code_is_fine])
    position = models.PositiveSmallIntegerField(_("position"))
    kind = models.CharField(_("kind of answer"), max_length=20, choices=Kind.choices)
    text = models.CharField(_("question"), max_length=1_000)
    guidance = models.TextField(_("help"), blank=True, max_length=2_000)
    required = models.BooleanField(_("required"), default=False)
    stored_options = models.JSONField(default=dict, blank=True, db_column="options")
    prefill = models.CharField(_("filled in from"), max_length=40, blank=True)
    depends_on = models.CharField(_("asked only after"), max_length=40, blank=True)
    depends_values = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    i18n = TranslationField(fields=("text", "guidance"))

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["questionnaire", "position"]
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "code"], name="question_code_once"),
            models.UniqueConstraint(
                fields=["questionnaire", "position"],
                name="question_position_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(name="question_heading_not_required", condition=~Q(kind="heading", required=True)),
        ]

    def __str__(self):
        return f"{self.code} {self.text_i18n}"

    @classmethod
    def of(cls, text: QuestionText, **places) -> "Question":
        """The unsaved row of a document's question."""
        return cls(
            code=text.code,
            kind=text.kind,
            required=text.required,
            stored_options=text.options.as_json(),
            prefill=text.prefill,
            depends_on=text.depends_on,
            depends_values=list(text.depends_values),
            **fields_of("text", text.text),
            **fields_of("guidance", text.guidance),
            **places,
        )

    def as_text(self, aspects=()) -> QuestionText:
        """The same as plain data."""
        return QuestionText(
            code=self.code,
            kind=self.kind,
            text=texts_of(self, "text"),
            guidance=texts_of(self, "guidance"),
            required=self.required,
            options=self.options,
            prefill=self.prefill,
            depends_on=self.depends_on,
            depends_values=tuple(self.depends_values),
            aspects=tuple(sorted(aspects)),
        )

    @cached_property
    def options(self) -> Options:
        """What belongs to its kind: choices, rows, columns."""
        return Options.read(self.stored_options)

    @property
    def is_heading(self) -> bool:
        return self.kind == Kind.HEADING

    @property
    def depth(self) -> int:
        """How far its code lies below its section's: 8.1.1 two, 8.3.1.1 three."""
        return self.code.count(".")


class QuestionAspectQuerySet(ScopedQuerySet):
    def visible_to(self, user):
        """With the questionnaire; inside the network, the map is no secret."""
        return self.filter(question__questionnaire__in=Questionnaire.objects.visible_to(user).values("pk"))


@track()
class QuestionAspect(models.Model):
    """Says that a question speaks about an aspect, so that its answer can stand beside the matrix.

    It names the aspect's key, which is the same in all versions of the matrix template. The map can change after the
    questionnaire is published, until a cycle that uses it is published.
    """

    question = models.ForeignKey(
        Question, on_delete=models.CASCADE, related_name="aspect_links", verbose_name=_("question")
    )
    aspect_key = models.SlugField(_("aspect"))

    objects = QuestionAspectQuerySet.as_manager()

    class Meta:
        verbose_name = _("aspect of a question")
        verbose_name_plural = _("aspects of questions")
        ordering = ["question", "aspect_key"]
        constraints = [models.UniqueConstraint(fields=["question", "aspect_key"], name="questionaspect_once")]

    def __str__(self):
        return f"{self.question.code}: {self.aspect_key}"


def map_is_fixed(questionnaire: Questionnaire) -> bool:
    """Whether a published cycle compares with this version, so that its map stays as it is."""
    return questionnaire.cycles.filter(state=Cycle.State.PUBLISHED).exists()
