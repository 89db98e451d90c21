"""What a successor has to know of a centre: people, groups, what is open, papers, accounts, and the last 30 days."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Prefetch, Q
from django.utils.text import capfirst
from django.utils.timezone import localdate

from centres.models import (
    CentreDocument,
    CommitteeMember,
    Equipment,
    Income,
    Meeting,
    Membership,
    Partner,
    Post,
    Role,
)

from .kept_here import kept_here
from .models import Attendance, Certificate, Enrolment, FollowUp, Group, GroupTrainer, Lesson, Slot, Trainee, Trainer
from .open_work import OpenWork, open_work, without_certificate, without_consent

LATELY = timedelta(days=30)


@dataclass(frozen=True)
class Paper:
    """One of the five documents of Annex 1, part 7, for this year; `kept_at` is where this system keeps it anyway."""

    label: str
    documents: list[CentreDocument]
    kept_at: str


@dataclass(frozen=True)
class Lately:
    """What was done in the last 30 days, in counts."""

    lessons: int
    visits: int
    begun: int
    completed: int
    dropped: int
    registered: int
    asked: int
    certificates: int
    meetings: int
    incomes: int


@dataclass(frozen=True)
class Handover:
    """Everything on the page. `certificates` are people who completed a group within a year and have none."""

    posts: list[Post]
    in_post: list[Membership]  # by their account, where nobody is named
    members: list[CommitteeMember]
    partners: list[Partner]
    trainers: list[Trainer]
    groups: list[Group]
    work: OpenWork
    certificates: int
    consents: int
    broken: list[Equipment]
    papers: list[Paper]
    accounts: list[Membership]
    lately: Lately


def handover_of(centre) -> Handover:
    """As it stands today; the number of queries does not depend on how much there is."""
    today = localdate()

    def mine(model):
        return model.objects.filter(centre=centre)

    return Handover(
        posts=list(mine(Post).on(today)),
        in_post=list(centre.accounts_in_post(today)),
        members=list(mine(CommitteeMember).on(today).for_list()),
        partners=list(mine(Partner).on(today).for_list()),
        trainers=list(mine(Trainer).on(today).in_order()),
        groups=list(groups_of(centre, today)),
        work=open_work([centre.pk])[centre.pk],
        certificates=without_certificate([centre.pk], today).count(),
        consents=without_consent([centre.pk], today).count(),
        broken=list(mine(Equipment).out_of_order().for_list()),
        papers=papers_of(centre, today.year),
        accounts=list(accounts_of(centre, today)),
        lately=lately(centre, today),
    )


def groups_of(centre, day):
    """Running and planned ones, with trainers, weekly lessons, and how many are in them and wait (3 queries)."""
    status = Enrolment.Status
    slots = Slot.objects.select_related("room").order_by("weekday", "starts")
    teaching = GroupTrainer.objects.select_related("trainer").order_by("trainer__name")
    return (
        Group.objects.filter(Q(end__isnull=True) | Q(end__gte=day), centre=centre)
        .select_related("programme")
        .annotate(
            enrolled=Count("enrolments", filter=Q(enrolments__status=status.ENROLLED)),
            waits=Count("enrolments", filter=Q(enrolments__status=status.WAITING)),
        )
        .prefetch_related(Prefetch("slots", slots), Prefetch("group_trainers", teaching))
        .order_by("start", "name", "pk")
    )


def papers_of(centre, year) -> list[Paper]:
    """The five, each with what there is of it for the year."""
    found = CentreDocument.objects.filter(centre=centre, kind__in=CentreDocument.REQUIRED).of_year(year).for_list()
    by_kind = {kind: [] for kind in CentreDocument.REQUIRED}
    for document in found:
        by_kind[document.kind].append(document)
    kept = kept_here(centre, year)
    return [Paper(capfirst(kind.label), documents, kept.get(kind, "")) for kind, documents in by_kind.items()]


def accounts_of(centre, day):
    """Who can change what the centre keeps: its own people, and the network's coordinators."""
    at_centre = Q(centre=centre) | Q(network=centre.network_id, role=Role.COORDINATOR)
    return Membership.objects.on(day).filter(at_centre).select_related("user").order_by("role", "from_date", "pk")


def lately(centre, today) -> Lately:
    first = today - LATELY

    def number(model, **when):
        return model.objects.filter(centre=centre, **when).count()

    there = Attendance.Mark.PRESENT
    ended = Enrolment.objects.filter(centre=centre).aggregate(
        begun=Count("pk", filter=Q(started_on__range=(first, today))),
        completed=Count("pk", filter=Q(status="completed", ended_on__range=(first, today))),
        dropped=Count("pk", filter=Q(status="dropped", ended_on__range=(first, today))),
    )
    return Lately(
        lessons=Lesson.objects.filter(centre=centre).held().during(first, today).count(),
        visits=number(Attendance, mark=there, lesson__date__range=(first, today)),
        registered=number(Trainee, registered_on__range=(first, today), merged_into=None),
        asked=number(FollowUp, asked_on__range=(first, today)),
        certificates=number(Certificate, issued_on__range=(first, today)),
        meetings=number(Meeting, date__range=(first, today)),
        incomes=number(Income, date__range=(first, today)),
        **ended,
    )
