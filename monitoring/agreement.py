"""Do the external and the self-assessment agree? Levels of both sides per aspect and centre, compared and counted.

A centre's level for an aspect is the median of the levels of its answers to the questions that the map ties to the
aspect. Between strong and weak lies partly; between neighbours the lower one counts. Nothing is averaged further: the
sums are counts, and how many could be compared stands beside each of them.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db import models
from django.db.models.fields.json import KeyTextTransform
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from centres.access import reach_of
from centres.models import Centre

from .completeness import asked_codes
from .instruments import Kind, level_of
from .levels import Level
from .models import Answer, Aspect, Cell, CellState, Cycle, Participation, Question, QuestionAspect, SelfAssessment

ORDER = (Level.WEAK, Level.PARTLY, Level.STRONG)
GIVEN = (SelfAssessment.State.SUBMITTED, SelfAssessment.State.ACCEPTED)  # the centre's word
FOUND = (CellState.SUBMITTED, CellState.ACCEPTED)  # the experts' word


class Verdict(models.TextChoices):
    """How the centre's level compares with the experts'."""

    SAME = "same", pgettext_lazy("comparison of levels", "same")
    HIGHER = "higher", pgettext_lazy("comparison of levels", "centre higher")
    LOWER = "lower", pgettext_lazy("comparison of levels", "centre lower")
    NONE = "none", pgettext_lazy("comparison of levels", "not comparable")


class Gap(models.TextChoices):
    """What one side lacks for a comparison."""

    NOT_ASKED = "not_asked", _("no self-assessment is asked for")
    NOT_SUBMITTED = "not_submitted", _("the self-assessment is not submitted")
    RETURNED = "returned", _("the self-assessment was returned to the centre")
    NO_QUESTION = "no_question", _("no question is about this aspect")
    NO_LEVEL = "no_level", _("no Yes / Partly / No question")
    NO_ANSWER = "no_answer", _("no Yes / Partly / No among the answers")
    CELL_OPEN = "cell_open", _("the experts' cell is not submitted")
    NOT_ASSESSED = "not_assessed", _("the experts have not assessed the level")


@dataclass(frozen=True)
class Side:
    """What one side says: a level, for a centre with the number of answers that it rests on; or what is lacking."""

    level: str = ""
    n: int = 0
    gap: str = ""

    @property
    def word(self) -> str:
        return Level(self.level).label if self.level else ""

    @property
    def lacks(self) -> str:
        return Gap(self.gap).label if self.gap else ""

    @property
    def is_of_all(self) -> bool:
        """Whether it lacks for the whole centre, whatever the aspect."""
        return self.gap in (Gap.NOT_ASKED, Gap.NOT_SUBMITTED, Gap.RETURNED)


@dataclass(frozen=True)
class Comparison:
    """One aspect at one centre: what both say and how that compares."""

    own: Side
    found: Side

    @property
    def verdict(self) -> str:
        if self.own.gap or self.found.gap:
            return Verdict.NONE
        own, found = ORDER.index(self.own.level), ORDER.index(self.found.level)
        return Verdict.SAME if own == found else Verdict.HIGHER if own > found else Verdict.LOWER

    @property
    def word(self) -> str:
        return Verdict(self.verdict).label

    @property
    def gaps(self) -> list[str]:
        """Why it cannot be compared, in words: what the centre's side lacks, then the experts'."""
        return [side.lacks for side in (self.own, self.found) if side.gap]


@dataclass
class Counts:
    """Comparisons by their verdict."""

    same: int = 0
    higher: int = 0
    lower: int = 0
    none: int = 0

    @property
    def comparable(self) -> int:
        return self.same + self.higher + self.lower

    @property
    def all(self) -> int:
        return self.comparable + self.none

    @classmethod
    def of(cls, comparisons: Iterable[Comparison]) -> "Counts":
        counts = cls()
        for comparison in comparisons:
            setattr(counts, comparison.verdict, getattr(counts, comparison.verdict) + 1)
        return counts


# The rule, as computation on plain values.


def median(levels: Iterable[str]) -> str:
    """The level in the middle; "" of none. Between strong and weak lies partly, between neighbours the lower one."""
    places = sorted(ORDER.index(level) for level in levels)
    if not places:
        return ""
    return ORDER[(places[(len(places) - 1) // 2] + places[len(places) // 2]) // 2]


def levels_of(questions: Mapping[str, Question], values: Mapping[str, dict]) -> dict[str, str]:
    """The levels of the answers by the question's code, of questions in their order; one that is not asked has none."""
    found = {}
    for code in asked_codes(questions.values(), values):
        level = level_of(questions[code].kind, questions[code].options, values.get(code, {}))
        if level in ORDER:
            found[code] = level
    return found


def never(questions: Iterable[Question]) -> str:
    """Why the questions about an aspect can never be compared with a level, whoever answers what; "" if they can."""
    questions = [*questions]
    if not questions:
        return Gap.NO_QUESTION
    return "" if any(may_have_level(question) for question in questions) else Gap.NO_LEVEL


def may_have_level(question: Question) -> bool:
    """Whether some answer to it says a level."""
    return question.kind == Kind.GRADE or any(choice.level for choice in question.options.choices)


def unspoken(state: str | None) -> str:
    """Why the centre has not given its word on anything; "" where it has."""
    if state in GIVEN:
        return ""
    if not state:
        return Gap.NOT_ASKED
    return Gap.RETURNED if state == SelfAssessment.State.RETURNED else Gap.NOT_SUBMITTED


def own_side(state: str | None, questions: Iterable[Question], levels: Mapping[str, str]) -> Side:
    """The centre's side for an aspect: the state of its self-assessment, the aspect's questions, its levels by code."""
    questions = [*questions]
    said = [levels[question.code] for question in questions if question.code in levels]
    if not state:
        return Side(gap=Gap.NOT_ASKED)
    if gap := never(questions):
        return Side(gap=gap)
    if gap := unspoken(state):
        return Side(gap=gap)
    if not said:
        return Side(gap=Gap.NO_ANSWER)
    return Side(median(said), len(said))


def found_side(state: str | None, level: str) -> Side:
    """The experts' side: the state and the level of their cell."""
    if state not in FOUND:
        return Side(gap=Gap.CELL_OPEN)
    if level not in ORDER:
        return Side(gap=Gap.NOT_ASSESSED)
    return Side(level)


# Loading.


@dataclass
class Map:
    """The questionnaire of a cycle as the comparison needs it: its questions, and which are about which aspect."""

    questions: dict[str, Question]
    codes: dict[str, list[str]]  # by the aspect's key, in the questionnaire's order

    @classmethod
    def of(cls, cycle: Cycle, aspect_keys: Iterable[str]) -> "Map":
        """Two queries; none for a cycle without questionnaire."""
        if cycle.questionnaire_id is None:
            return cls({}, {})
        rows = Question.objects.filter(questionnaire=cycle.questionnaire_id).order_by("position")
        rows = rows.only("code", "kind", "stored_options", "depends_on", "depends_values")
        links = QuestionAspect.objects.filter(
            question__questionnaire=cycle.questionnaire_id, aspect_key__in=[*aspect_keys]
        ).order_by("question__position")
        codes = defaultdict(list)
        for key, code in links.values_list("aspect_key", "question__code"):
            codes[key].append(code)
        return cls({row.code: row for row in rows}, dict(codes))

    def about(self, key: str) -> list[Question]:
        """The questions about an aspect, in their order."""
        return [self.questions[code] for code in self.codes.get(key, ())]

    @property
    def used(self) -> set[str]:
        """Codes of the questions whose answers matter: the mapped ones and those that decide whether they are asked."""
        return self.with_parents(code for codes in self.codes.values() for code in codes)

    def with_parents(self, codes: Iterable[str]) -> set[str]:
        """These codes, and those of the questions that decide whether they are asked, however far up."""
        found, more = set(), {*codes} & self.questions.keys()
        while more:
            found |= more
            more = {self.questions[code].depends_on for code in more} & self.questions.keys() - found
        return found


@dataclass
class Own:
    """What centres say of themselves, as far as the reader may see it."""

    map: Map
    states: dict[int, str]  # of the self-assessments, by centre
    levels: dict[int, dict[str, str]]  # of the answers of those that are given, by centre and code

    @classmethod
    def of(cls, cycle: Cycle, user, aspects: list[Aspect], centres: list[Centre]) -> "Own":
        """Four queries, however many centres, questions and answers; none for a cycle without questionnaire."""
        mapped = Map.of(cycle, [aspect.key for aspect in aspects])
        if cycle.questionnaire_id is None:
            return cls(mapped, {}, {})
        asked = SelfAssessment.objects.visible_to(user).filter(
            cycle=cycle, centre__in=[centre.pk for centre in centres]
        )
        rows = list(asked.values_list("centre", "pk", "state"))
        values = _values(mapped, [pk for _centre, pk, state in rows if state in GIVEN])
        return cls(
            mapped,
            {centre: state for centre, _pk, state in rows},
            {centre: levels_of(mapped.questions, values[pk]) for centre, pk, _state in rows if pk in values},
        )

    def side(self, aspect: Aspect, centre: Centre) -> Side:
        return own_side(self.states.get(centre.pk), self.map.about(aspect.key), self.levels.get(centre.pk, {}))


def _values(mapped: Map, assessments) -> dict[int, dict[str, dict]]:
    """What matters of the answers, by self-assessment and code: the grade or the choice, not the words around."""
    values = defaultdict(dict)
    rows = Answer.objects.filter(assessment__in=assessments, question__code__in=mapped.used)
    rows = rows.annotate(grade=KeyTextTransform("grade", "value"), choice=KeyTextTransform("choice", "value"))
    for pk, code, grade, choice in rows.values_list("assessment", "question__code", "grade", "choice"):
        values[pk][code] = {"grade": grade or "", "choice": choice or ""}
    return values


@dataclass
class Line:
    """One aspect: its comparisons in the order of the shown centres, and its counts over all of them."""

    aspect: Aspect
    questions: list[Question]
    cells: list[tuple[Centre, Comparison]]
    counts: Counts

    @property
    def never(self) -> str:
        """Why it can never be compared, in words; told once instead of in every cell."""
        return Gap(gap).label if (gap := never(self.questions)) else ""


@dataclass
class Head:
    """One centre: the state of its self-assessment, and its counts over all aspects."""

    centre: Centre
    state: str
    counts: Counts

    @property
    def word(self) -> str:
        return SelfAssessment.State(self.state).label if self.state else ""

    @property
    def lacks(self) -> str:
        """Why nothing of the centre can be compared, in words; told once instead of in every cell."""
        return Gap(gap).label if (gap := unspoken(self.state)) else ""


@dataclass
class Agreement:
    """One reader's comparison of a cycle: staff over all centres, a centre's people over their own."""

    cycle: Cycle
    aspects: list[Aspect]
    centres: list[Centre]
    own: Own
    comparisons: dict[tuple[int, int], Comparison] = field(repr=False)  # by aspect and centre

    @classmethod
    def of(cls, cycle: Cycle, user) -> "Agreement":
        """Gather it (at most 7 queries, however many centres, questions and answers)."""
        aspects = list(cycle.template.aspects.all())
        taking_part = Participation.objects.inside(user).filter(cycle=cycle).select_related("centre")
        centres = [row.centre for row in taking_part]
        own = Own.of(cycle, user, aspects, centres)
        cells = Cell.objects.filter(cycle=cycle, centre__in=[centre.pk for centre in centres])
        found = {
            (aspect, centre): found_side(state, level)
            for aspect, centre, state, level in cells.values_list("aspect", "centre", "state", "level")
        }
        nothing = found_side(None, "")
        comparisons = {
            (aspect.pk, centre.pk): Comparison(own.side(aspect, centre), found.get((aspect.pk, centre.pk), nothing))
            for centre in centres
            for aspect in aspects
        }
        return cls(cycle, aspects, centres, own, comparisons)

    @property
    def counts(self) -> Counts:
        """Over all aspects and centres."""
        return Counts.of(self.comparisons.values())

    def heads(self, shown: list[Centre]) -> list["Head"]:
        """The shown centres with their counts over all aspects."""
        return [
            Head(
                centre,
                self.own.states.get(centre.pk, ""),
                Counts.of(self.comparisons[aspect.pk, centre.pk] for aspect in self.aspects),
            )
            for centre in shown
        ]

    def lines(self, shown: list[Centre]) -> list[Line]:
        """The aspects with the comparisons of the shown centres, and with counts over all centres."""
        return [
            Line(
                aspect,
                self.own.map.about(aspect.key),
                [(centre, self.comparisons[aspect.pk, centre.pk]) for centre in shown],
                Counts.of(self.comparisons[aspect.pk, centre.pk] for centre in self.centres),
            )
            for aspect in self.aspects
        ]

    @property
    def mapped_questions(self) -> int:
        """How many questions are about some aspect of this cycle's matrix."""
        return len({code for codes in self.own.map.codes.values() for code in codes})

    @property
    def mapped_aspects(self) -> int:
        return len(self.own.map.codes)

    @property
    def submitted(self) -> int:
        """How many of the centres have given their word."""
        return sum(self.own.states.get(centre.pk) in GIVEN for centre in self.centres)

    @property
    def assessed(self) -> int:
        """How many cells say a level."""
        return sum(not comparison.found.gap for comparison in self.comparisons.values())


def is_inside(cycle: Cycle, user) -> bool:
    """Whether she may read self-assessments of the cycle at all: staff, and people of a centre that takes part."""
    if cycle.network_id in reach_of(user).oversees:
        return True
    return Participation.objects.inside(user).filter(cycle=cycle).exists()
