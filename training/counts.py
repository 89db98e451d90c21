"""How many learnt: people, enrolments and visits are three different counts; told totals stand apart from all three."""

from dataclasses import dataclass

from django.db.models import Count, Q, Sum

from .models import Attendance, Enrolment, Lesson


@dataclass(frozen=True)
class Counts:
    """The figures of one centre or several, over some time.

    `people` are distinct entries of the register with an enrolment that had begun (the same person at two centres
    counts at each); `visits` are marks “there”; `marked` all marks, the denominator of attendance. `told_*` come from
    lessons whose attendance is kept without names: visits too, but nobody knows by how many people.
    """

    people: int = 0
    enrolments: int = 0
    visits: int = 0
    marked: int = 0
    told_women: int = 0
    told_men: int = 0

    @property
    def told(self) -> int:
        return self.told_women + self.told_men


def counts_by(centres, first, last) -> dict[int, Counts]:
    """By centre's id: who was in a group on some day of that time, both days included (3 queries)."""
    enrolments = Enrolment.objects.filter(centre__in=centres).during(first, last).order_by().values("centre")
    marks = Attendance.objects.filter(centre__in=centres, lesson__date__range=(first, last)).order_by()
    told = Lesson.objects.filter(centre__in=centres, keeping="totals").held().during(first, last).order_by()
    figures: dict[int, dict] = {}

    def gather(rows):
        for row in rows:
            figures.setdefault(row.pop("centre"), {}).update({name: value or 0 for name, value in row.items()})

    gather(enrolments.annotate(people=Count("trainee", distinct=True), enrolments=Count("pk")))
    gather(
        marks.values("centre").annotate(
            visits=Count("pk", filter=Q(mark=Attendance.Mark.PRESENT)),
            marked=Count("pk"),
        )
    )
    gather(told.values("centre").annotate(told_women=Sum("women"), told_men=Sum("men")))
    return {centre: Counts(**values) for centre, values in figures.items()}


def counts_of_group(group) -> Counts:
    """Over the group's whole run (3 queries)."""
    people = Enrolment.objects.filter(group=group).begun().order_by()
    figures = people.aggregate(people=Count("trainee", distinct=True), enrolments=Count("pk"))
    marks = Attendance.objects.filter(lesson__group=group).order_by()
    figures |= marks.aggregate(visits=Count("pk", filter=Q(mark=Attendance.Mark.PRESENT)), marked=Count("pk"))
    told = Lesson.objects.filter(group=group, keeping="totals").held().order_by()
    figures |= told.aggregate(told_women=Sum("women", default=0), told_men=Sum("men", default=0))
    return Counts(**figures)
