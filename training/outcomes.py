"""What came of it, in figures: how content people were, and what they do half a year later."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.utils.text import capfirst

from centres.dates import months_before

from .models import Enrolment, FollowUp, Slip
from .models.outcomes import LAST_ASKED, graduates

QUESTIONS = ["content", "methods", "quality"]
FEW = 5  # slips; under it the answers could tell who gave them


@dataclass(frozen=True)
class Question:
    """Answers to one question. `none` did not answer it, which is no answer and not a bad one."""

    label: str
    good: int
    partly: int
    bad: int
    none: int

    @property
    def valid(self) -> int:
        return self.good + self.partly + self.bad

    @property
    def share(self) -> int | None:
        """Satisfied of those who answered, per cent; None where nobody did (§6.3 asks for 80)."""
        return round(100 * self.good / self.valid) if self.valid else None


@dataclass(frozen=True)
class Satisfaction:
    """Slips of a group, against the people who are in it or completed it."""

    slips: int
    people: int
    questions: list[Question]

    @property
    def rate(self) -> int | None:
        """Response rate, per cent; None where no names are known."""
        return round(100 * self.slips / self.people) if self.people else None

    @property
    def is_too_few(self) -> bool:
        return self.slips < FEW


def satisfaction_of(group) -> Satisfaction:
    """In 2 queries."""
    counts = {
        f"{name}_{answer or 'none'}": Count("pk", filter=Q(**{name: answer}))
        for name in QUESTIONS
        for answer in Slip.Answer.values
    }
    figures = Slip.objects.filter(group=group).order_by().aggregate(slips=Count("pk"), **counts)
    questions = [
        Question(
            capfirst(Slip._meta.get_field(name).verbose_name),
            **{answer or "none": figures[f"{name}_{answer or 'none'}"] for answer in Slip.Answer.values},
        )
        for name in QUESTIONS
    ]
    taking_part = [Enrolment.Status.ENROLLED, Enrolment.Status.COMPLETED]
    people = Enrolment.objects.filter(group=group, status__in=taking_part).count()
    return Satisfaction(figures["slips"], people, questions)


@dataclass(frozen=True)
class Afterwards:
    """What graduates do. A share is of those reached; the lower bound is of all, as if nobody else had found work."""

    graduates: int = 0
    not_reached: int = 0
    too_late: int = 0
    to_ask: int = 0
    employed: int = 0
    business: int = 0
    study: int = 0
    none: int = 0

    @property
    def reached(self) -> int:
        return self.employed + self.business + self.study + self.none

    @property
    def not_asked(self) -> int:
        return self.too_late + self.to_ask

    @property
    def working(self) -> int:
        """Employed, or with a business of their own (§6.3 asks for 20 per cent)."""
        return self.employed + self.business

    @property
    def share(self) -> int | None:
        return round(100 * self.working / self.reached) if self.reached else None

    @property
    def lower_bound(self) -> int | None:
        return round(100 * self.working / self.graduates) if self.graduates else None


def afterwards(enrolments, day) -> Afterwards:
    """Of everybody whose six months have passed on that day; of several answers the latest counts (1 query)."""
    asked = FollowUp.objects.filter(enrolment=OuterRef("pk"), asked_on__lte=day)
    latest = asked.reached().order_by("-asked_on", "-pk").values("result")[:1]
    over = Q(ended_on__lte=months_before(day, LAST_ASKED))
    rows = (
        graduates(enrolments, day)
        .order_by()
        .annotate(outcome=Subquery(latest), was_asked=Exists(asked))
        .values("outcome", "was_asked")
        .annotate(people=Count("pk"), over=Count("pk", filter=over))
    )
    figures = dict.fromkeys(Afterwards.__dataclass_fields__, 0)
    for row in rows:
        figures["graduates"] += row["people"]
        if row["outcome"]:
            figures[row["outcome"]] += row["people"]
        elif row["was_asked"]:
            figures["not_reached"] += row["people"]
        else:
            figures["too_late"] += row["over"]
            figures["to_ask"] += row["people"] - row["over"]
    return Afterwards(**figures)
