"""Proposals that centres write into their self-assessments, as candidates for recommendations."""

from collections import defaultdict
from dataclasses import dataclass

from django import forms
from django.core.paginator import Page, Paginator
from django.db import models
from django.db.models import Q
from django.db.models.fields.json import KeyTextTransform
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centres.models import Centre

from .agreement import GIVEN, Map
from .completeness import asked_codes
from .forms.proposals import SetAsideForm, TakeUpForm
from .models import Answer, Aspect, Conclusion, Cycle, Participation, ProposalDecision
from .wording import in_words

ON_PAGE = 25
FOR_PAGE = Answer.objects.select_related(
    "question__section", "centre", "assessment", "decision__by", "decision__recommendation__conclusion__aspect"
)
APART = "none"  # in the address: proposals of questions that are about no aspect


class Fate(models.TextChoices):
    """What became of a proposal."""

    OPEN = "open", pgettext_lazy("a proposal", "waits")
    TAKEN = "taken", pgettext_lazy("a proposal", "taken up")
    ASIDE = "aside", pgettext_lazy("a proposal", "set aside")


@dataclass(frozen=True)
class Row:
    """A proposal before its words are loaded."""

    pk: object  # of the answer
    centre: int
    aspects: tuple[int, ...]  # numbers of the aspects that the question is about
    fate: str


@dataclass
class Candidate:
    """A proposal as the page shows it."""

    answer: Answer
    aspects: list[Aspect]
    fate: str
    take: TakeUpForm | None = None  # where she may decide
    aside: SetAsideForm | None = None

    def offer(self, aspects: list[Aspect]) -> None:
        """The forms of a decision, filled in with what is known; for a proposal that waits."""
        if self.fate != Fate.OPEN:
            return
        known = {"version": self.answer.version}
        self.take = TakeUpForm(
            initial=known | {"text": self.text}, aspects=aspects, own=self.aspects, auto_id=f"take-{self.answer.pk}-%s"
        )
        self.aside = SetAsideForm(initial=known, auto_id=f"aside-{self.answer.pk}-%s")

    @property
    def text(self) -> str:
        """As the centre words it now."""
        return self.answer.value.get("proposal", "")

    @property
    def decision(self) -> ProposalDecision | None:
        return getattr(self.answer, "decision", None)

    @property
    def word(self) -> str:
        return Fate(self.fate).label

    @property
    def grade(self) -> str:
        """The answer that it stands beside."""
        return " ".join(in_words(self.answer.question, self.answer.value))

    @property
    def is_changed(self) -> bool:
        """Whether the centre words it differently since it was decided on."""
        return self.decision is not None and self.decision.text != self.text

    @property
    def is_given(self) -> bool:
        """Whether its self-assessment is submitted or accepted now."""
        return self.answer.assessment.state in GIVEN


class ProposalFilter(forms.Form):
    """What to show. An unknown value in the address is ignored, so that an old link still opens the list."""

    fate = forms.ChoiceField(label=_("State"), required=False)
    aspect = forms.ChoiceField(label=_("Aspect"), required=False)
    centre = forms.ChoiceField(label=_("Centre"), required=False)

    def __init__(self, data, *, aspects, centres):
        super().__init__(data)
        every = ("", _("all"))
        self.fields["fate"].choices = [every, *Fate.choices]
        self.fields["aspect"].choices = [
            every,
            *((str(aspect.number), str(aspect)) for aspect in aspects),
            (APART, _("without an aspect")),
        ]
        self.fields["centre"].choices = [every, *((centre.code, str(centre)) for centre in centres)]
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select"
        self.is_valid()

    def chosen(self, name: str) -> str:
        return self.cleaned_data.get(name, "")

    @property
    def active(self) -> dict[str, str]:
        return {name: value for name, value in self.cleaned_data.items() if value}

    def fits(self, row: Row, codes: dict[int, str]) -> bool:
        """Whether the proposal is to be shown; `codes` are those of the centres."""
        aspect = self.chosen("aspect")
        return (
            self.chosen("fate") in ("", row.fate)
            and self.chosen("centre") in ("", codes.get(row.centre))
            and (not aspect or (not row.aspects if aspect == APART else int(aspect) in row.aspects))
        )


@dataclass
class Proposals:
    """One reader's list of a cycle's proposals: staff those of all centres, a centre's people their own."""

    cycle: Cycle
    filter: ProposalFilter
    page: Page
    groups: list[tuple[Aspect | None, list[Candidate]]]  # the page's proposals by their first aspect
    counts: dict[str, int]  # by fate, all that she may see
    centres: list[Centre]
    aspects: list[Aspect]

    @classmethod
    def of(cls, cycle: Cycle, user, data, number=1) -> "Proposals":
        """Gather it (at most 7 queries, however many proposals)."""
        aspects = list(cycle.template.aspects.all())
        taking_part = Participation.objects.inside(user).filter(cycle=cycle).select_related("centre")
        centres = [row.centre for row in taking_part]
        chosen = ProposalFilter(data, aspects=aspects, centres=centres)
        rows = found(cycle, user, aspects)
        places = {centre.pk: place for place, centre in enumerate(centres)}
        codes = {centre.pk: centre.code for centre in centres}
        counts = {fate: sum(row.fate == fate for row in rows) for fate in Fate.values}
        fitting = [row for row in rows if chosen.fits(row, codes)]
        # By the first aspect, those without one last; then in the order of the columns and of the questions.
        fitting.sort(key=lambda row: (row.aspects[:1] or (len(aspects) + 1,), places.get(row.centre, len(places))))
        page = Paginator(fitting, ON_PAGE).get_page(number)
        groups = {}
        for shown in candidates(cycle, page, aspects):
            groups.setdefault(shown.aspects[0] if shown.aspects else None, []).append(shown)
        return cls(cycle, chosen, page, list(groups.items()), counts, centres, aspects)

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    def offer(self) -> None:
        """Forms for all that wait on this page."""
        for _aspect, shown in self.groups:
            for candidate in shown:
                candidate.offer(self.aspects)


def candidates(cycle: Cycle, rows, aspects: list[Aspect]) -> list[Candidate]:
    """The proposals with their words: one query."""
    rows = list(rows)
    by_number = {aspect.number: aspect for aspect in aspects}
    answers = FOR_PAGE.in_bulk([row.pk for row in rows])
    for answer in answers.values():
        answer.assessment.cycle = cycle
    return [Candidate(answers[row.pk], [by_number[number] for number in row.aspects], row.fate) for row in rows]


def found(cycle: Cycle, user, aspects: list[Aspect], mapped: Map | None = None, **only) -> list[Row]:
    """All proposals that she may see, in the questions' order: those of self-assessments that are submitted or
    accepted, and those that were decided on, whatever became of them later. At most 4 queries; with a known map two
    fewer.
    """
    mapped = mapped or Map.of(cycle, [aspect.key for aspect in aspects])
    numbers = defaultdict(list)
    for aspect in aspects:
        for code in mapped.codes.get(aspect.key, ()):
            numbers[code].append(aspect.number)
    visible = Answer.objects.visible_to(user).filter(assessment__cycle=cycle)
    proposal, decided = KeyTextTransform("proposal", "value"), Q(decision__isnull=False)
    rows = visible.annotate(proposal=proposal).filter(
        Q(assessment__state__in=GIVEN) & Q(proposal__isnull=False) & ~Q(proposal="") | decided
    )
    rows = list(
        rows.filter(**only)
        .order_by("question__position", "pk")
        .values_list("pk", "centre", "assessment", "question__code", "decision", "decision__recommendation")
    )
    asked = asked_of(mapped, visible, [(assessment, code) for _pk, _centre, assessment, code, *_rest in rows])
    return [
        Row(
            pk,
            centre,
            tuple(numbers[code]),
            Fate.OPEN if decision is None else Fate.TAKEN if recommendation else Fate.ASIDE,
        )
        for pk, centre, assessment, code, decision, recommendation in rows
        if decision is not None or (assessment, code) in asked
    ]


def asked_of(mapped: Map, visible, pairs) -> set[tuple[int, str]]:
    """Those of these pairs of a self-assessment and a question's code that are asked by the skip rules (one query)."""
    parents = mapped.with_parents({mapped.questions[code].depends_on for _assessment, code in pairs} - {""})
    values = defaultdict(dict)
    if parents:
        rows = visible.filter(question__code__in=parents)
        for assessment, code, value in rows.values_list("assessment", "question__code", "value"):
            values[assessment][code] = value
    asked = {assessment: asked_codes(mapped.questions.values(), values[assessment]) for assessment, _code in pairs}
    return {(assessment, code) for assessment, code in pairs if code in asked[assessment]}


def waiting(conclusion: Conclusion, user) -> int:
    """How many proposals of the centres wait for a decision that may add to this conclusion (at most 4 queries)."""
    if conclusion.cycle.questionnaire_id is None:
        return 0
    mapped = Map.of(conclusion.cycle, [conclusion.aspect.key])
    codes = mapped.codes.get(conclusion.aspect.key)
    if not codes:
        return 0
    only = {"decision": None, "question__code__in": codes}
    return len(found(conclusion.cycle, user, [conclusion.aspect], mapped, **only))


def origins(conclusion: Conclusion, user) -> models.QuerySet:
    """The proposals that became recommendations of this conclusion, as far as she may see them."""
    if conclusion.cycle.questionnaire_id is None:
        return ProposalDecision.objects.none()
    rows = ProposalDecision.objects.visible_to(user).filter(recommendation__conclusion=conclusion)
    return rows.select_related("centre").order_by("pk")
