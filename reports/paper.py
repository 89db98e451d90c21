"""Gathers the blanks that are filled in by hand where there is no line: rolls, journals, consents, slips, follow-ups.

Every blank carries the code of its form, so that a sheet found in a year says what it is. With a group it has the names
that its reader may see; without one it is empty. Gathered in the active language.
"""

from calendar import monthrange
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from math import ceil
from textwrap import wrap

from django.db.models import Exists, OuterRef, Prefetch
from django.utils import timezone, translation
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext_lazy as _

from centres.models import Centre
from training.models import ConsentText, Enrolment, FollowUp, Group, Slip, Trainee
from training.models.outcomes import due_for_follow_up
from training.models.trainees import ConsentState, sees_sensitive
from training.timetable import planned

LESSONS_ACROSS = 22  # columns of 8 mm beside the names on A4 across; what is more goes on another table
SPARE_LESSONS = 2
LEAST_LESSONS = 12
LINE = 8  # mm, as high as handwriting needs; a name that goes on takes more
LINES_MORE = 6  # lines to write on, where the names leave no room for any on their sheet
LESSON_LINES = 17  # of the journal's second table, on one sheet


def lines_for(people, room: int, letters: int, line: int = LINE) -> int:
    """How many lines a table gets: as many as fit in the room (mm) of its sheet, a few more where that is too little.

    `letters` is what of a name fits beside one another.
    """
    used = sum(line + max(0, ceil(len(person.name) / letters) * 4.7 + 1 - line) for person in people)
    spare = int((room - used) // line)
    return len(people) + (spare if spare >= 1 else LINES_MORE)


@dataclass(frozen=True)
class Form:
    """A kind of blank."""

    name: str  # in addresses
    code: str  # on paper
    title: str
    what_for: str

    @property
    def template(self) -> str:
        return f"reports/paper/{self.name}.html"


FORMS = {
    form.name: form
    for form in (
        Form("roll", "F-01", _("Roll of a group"), _("Who is in the group, with lines for newcomers.")),
        Form("journal", "F-02", _("Journal"), _("Who was there, lesson by lesson, and what was taught.")),
        Form("consent", "F-03", _("Consent"), _("To keeping one's data, signed; for minors by a guardian too.")),
        Form("slip", "F-04", _("Satisfaction slip"), _("Anonymous, four on a sheet; to cut apart.")),
        Form("follow-up", "F-05", _("Follow-up sheet"), _("Who is to be asked half a year after the training.")),
    )
}


@dataclass(frozen=True)
class Month:
    """A month of the calendar."""

    year: int
    number: int

    @classmethod
    def read(cls, text) -> "Month":
        """From 2005-06; this month, where it is no such thing."""
        try:
            year, number = (int(part) for part in (text or "").split("-"))
            date(year, number, 1)
        except ValueError:
            year = 0
        if not 1900 <= year <= 2100:
            today = timezone.localdate()
            year, number = today.year, today.month
        return cls(year, number)

    def __str__(self):
        return f"{self.year:04}-{self.number:02}"

    @property
    def first(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        return date(self.year, self.number, monthrange(self.year, self.number)[1])


@dataclass(frozen=True)
class Person:
    """Somebody's line; empty fields are written by hand. What a reader may not see is not gathered."""

    name: str = ""
    birth_year: int | None = None
    sex: str = ""
    began: date | None = None
    ended: date | None = None
    is_minor: bool | None = None  # None: nobody knows
    guardian: str = ""
    phone: str = ""
    course: str = ""

    def is_in(self, day: date | None) -> bool:
        """Whether there is something to mark on that day; a day that is not known yet comes after the last."""
        if day is None:
            return self.ended is None
        return (self.began or day) <= day <= (self.ended or day)


@dataclass(frozen=True)
class Meeting:
    """A planned lesson: a column of the journal; without a date it is a spare one."""

    day: date | None = None
    clock: str = ""

    @property
    def weekday(self) -> str:
        return str(WEEKDAYS_ABBR[self.day.weekday()]) if self.day else ""


@dataclass(frozen=True)
class Course:
    """The group that a blank is for."""

    name: str
    programme: str
    start: date
    end: date | None
    trainers: str
    by_name: bool
    people: tuple[Person, ...] = ()
    meetings: tuple[Meeting, ...] = ()


@dataclass(frozen=True)
class Blank:
    """One form, filled as far as is known."""

    form: Form
    language: str
    network: str
    centre: str
    place: str
    month: Month | None = None
    course: Course | None = None
    people: tuple[Person, ...] = ()
    lines: int = 0  # in all, those of the people included
    tables: tuple[tuple[Meeting, ...], ...] = ()  # the journal's columns, as many as fit on each
    text: str = ""
    text_number: int = 0
    on_a_sheet: int = 4
    with_phones: bool = False
    questions: tuple[tuple[str, str], ...] = ()
    answers: tuple[str, ...] = field(default_factory=tuple)

    @property
    def numbered(self):
        """(number, person) of each line; a line to write on has an empty person."""
        empty = (Person() for _line in range(self.lines - len(self.people)))
        return list(enumerate([*self.people, *empty], start=1))

    def sheets(self):
        """(lessons across, [(number, person, boxes)]) of each table; a box is open on the days of the person's stay."""
        return [
            (across, [(n, person, [person.is_in(lesson.day) for lesson in across]) for n, person in self.numbered])
            for across in self.tables
        ]

    @property
    def some_are_closed(self) -> bool:
        return any(not box for _across, rows in self.sheets() for _n, _person, boxes in rows for box in boxes)

    @property
    def spare_lessons(self):
        """Lines of the journal's second table that have no date yet."""
        return range(max(LESSON_LINES - len(self.course.meetings if self.course else ()), SPARE_LESSONS))

    @property
    def totals(self):
        """The lines of a journal that is kept without names."""
        return (_("Women"), _("Men"))

    @property
    def text_size(self) -> int:
        """Points of a consent's type: as large as lets it stay on its sheet, 14 at most and 11 at least."""
        minor = not self.people or self.people[0].is_minor is not False
        for size in (14, 13, 12):
            em = size * 0.353
            lines = sum(len(wrap(line, int(182 / (em * 0.56)))) or 1 for line in self.text.splitlines())
            if lines * 1.3 * em + (16 if minor else 11) * em + (56 if minor else 28) < 262:
                return size
        return 11

    @property
    def lines_for_words(self):
        """Lines for one's own words on a slip; one less where the group is written by hand."""
        return range((5 if self.on_a_sheet == 2 else 4) - (self.course is None))

    @property
    def sheet(self):
        """The slips on one sheet, in rows of two or of one."""
        return [range(2 if self.on_a_sheet == 4 else 1)] * 2


def with_people(enrolments):
    """The same rows with their trainees and what decides which of their contacts a reader sees (1 query more)."""
    people = Prefetch("trainee", Trainee.objects.with_contacts())
    return enrolments.select_related(None).select_related("group").prefetch_related(people)


class Paper:
    """The blanks of one centre for one reader, in the active language. Each group is loaded once."""

    def __init__(self, centre: Centre, user, month: Month):
        self.centre, self.user, self.month = centre, user, month
        self.common = {
            "language": translation.get_language(),
            "network": centre.network.name_i18n,
            "centre": centre.name_i18n,
            "place": centre.place.name_i18n if centre.place else "",
            "month": month,
        }

    def groups(self):
        """The centre's groups that run in the month."""
        running = Group.objects.visible_to(self.user).filter(centre=self.centre, start__lte=self.month.last)
        return running.exclude(end__lt=self.month.first).select_related("programme").in_order()

    def courses(self, groups) -> list[Course]:
        """These groups with people, trainers and planned lessons (4 queries)."""
        groups = list(groups.prefetch_related("trainers"))
        people, meetings = defaultdict(list), defaultdict(list)
        members = Enrolment.objects.visible_to(self.user).filter(group__in=groups).begun()
        for row in with_people(members.during(self.month.first, self.month.last).for_list()):
            people[row.group_id].append(self._person(row.trainee, began=row.started_on, ended=row.ended_on))
        for each in planned([self.centre.pk], self.month.first, self.month.last) if groups else ():
            clock = f"{each.starts:%H:%M}" if each.starts else ""
            meetings[each.group.pk].append(Meeting(each.date, clock))
        return [
            Course(
                name=group.name,
                programme=group.programme.title_i18n,
                start=group.start,
                end=group.end,
                trainers=", ".join(trainer.name for trainer in group.trainers.all()),
                by_name=group.keeping == Group.Keeping.NAMES,
                people=tuple(people[group.pk]),
                meetings=tuple(meetings[group.pk]),
            )
            for group in groups
        ]

    def _person(self, trainee, **kwargs) -> Person:
        hidden = trainee.hidden_from(self.user)
        phones = [getattr(trainee, name) for name in ("phone", "guardian_phone") if name not in hidden]
        return Person(
            name=str(trainee),
            birth_year=trainee.birth_year,
            sex=str(trainee.get_sex_display()) if trainee.sex else "",
            is_minor=trainee.is_minor if trainee.birth_year else None,
            guardian="" if "guardian_name" in hidden else trainee.guardian_name,
            phone=next(filter(None, phones), ""),
            **kwargs,
        )

    def roll(self, course: Course | None) -> Blank:
        people = course.people if course else ()
        lines = lines_for(people, room=180, letters=32)
        return Blank(FORMS["roll"], **self.common, course=course, people=people, lines=lines)

    def journal(self, course: Course | None) -> Blank:
        """A column for each planned lesson and some spare ones; cut into tables where they are many."""
        people, meetings = (course.people, list(course.meetings)) if course else ((), [])
        meetings += [Meeting()] * max(SPARE_LESSONS, LEAST_LESSONS - len(meetings))
        count = ceil(len(meetings) / LESSONS_ACROSS)
        width = ceil(len(meetings) / count)
        tables = tuple(tuple(meetings[place : place + width]) for place in range(0, len(meetings), width))
        lines = lines_for(people, room=117, letters=36)
        return Blank(FORMS["journal"], **self.common, course=course, people=people, lines=lines, tables=tables)

    def slip(self, course: Course | None, on_a_sheet: int = 4) -> Blank:
        questions = (
            (_("Content"), _("what was taught")),
            (_("Methods"), _("how it was taught")),
            (_("Quality"), _("the training as a whole")),
        )
        answers = tuple(label for value, label in Slip.Answer.choices if value)
        return Blank(
            FORMS["slip"],
            **self.common,
            course=course,
            on_a_sheet=on_a_sheet,
            questions=questions,
            answers=answers,
        )

    def consents(self, people, purpose=ConsentText.Purpose.DATA) -> list[Blank]:
        """A sheet for each of these people, or one without a name; none where the network has no such text."""
        texts = ConsentText.objects.visible_to(self.user).filter(network=self.centre.network_id, purpose=purpose)
        text = texts.in_force().first()
        if text is None:
            return []
        words = {"text": text.text_i18n, "text_number": text.number}
        return [Blank(FORMS["consent"], **self.common, **words, people=(person,)) for person in people or [Person()]]

    def without_consent(self, group, purpose=ConsentText.Purpose.DATA) -> list[Person]:
        """Members of the group who have not agreed, or took it back."""
        asked = Trainee.objects.with_consent(purpose).exclude(consent_state=ConsentState.GIVEN)
        members = Enrolment.objects.visible_to(self.user).filter(
            Exists(asked.filter(pk=OuterRef("trainee"))), group=group
        )
        members = members.during(self.month.first, self.month.last).for_list()
        return [self._person(row.trainee) for row in with_people(members)]

    def trainee(self, trainee) -> Person:
        return self._person(trainee)

    def follow_up(self, group=None) -> Blank:
        """Who is due to be asked on the last day of the month; of one group, or of the whole centre."""
        enrolments = Enrolment.objects.visible_to(self.user).filter(centre=self.centre)
        if group is not None:
            enrolments = enrolments.filter(group=group)
        due = with_people(due_for_follow_up(enrolments, self.month.last))
        people = tuple(self._person(row.trainee, ended=row.ended_on, course=row.group.name) for row in due)
        return Blank(
            FORMS["follow-up"],
            **self.common,
            people=people,
            lines=lines_for(people, room=134, letters=27, line=12),
            with_phones=sees_sensitive(self.user, self.centre),
            answers=tuple(label for _value, label in FollowUp.Result.choices),
        )
