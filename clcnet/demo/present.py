"""What goes on at three of the centres today, so that the facilitators' pages live. All days follow the day of loading.

At each: a running group with two lessons not entered yet, people who wait for a place, a group that ended half a year
ago, whose people are to be asked what they do now, and two entries that look like one person.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.timezone import localdate

from centres.models import Decision, Meeting
from training.models import Enrolment, FollowUp, Slip

from .courses import DAY, MINUTES, clock
from .rows import chances, ids
from .topics import topic

RUNNING = (35 * DAY, 60 * DAY)  # since when, until when
ENDED = 195 * DAY  # ago: more than six months, so that follow-ups are due
LASTED = 42 * DAY
NOT_ENTERED = (2, 5)  # which lessons before today the journal lacks
ANSWERS = ("good", "good", "good", "partly", "good", "")


@dataclass(frozen=True)
class Today:
    """One centre's present. `pair` are two entries of somebody: surname, given name, patronymic, sex, age."""

    centre: str
    programme: str
    room: str
    trainer: str
    running: str
    ended: str
    capacity: int
    places: int  # taken
    hours: int
    women: float
    of: tuple[str, ...]
    asked_by: str
    pair: tuple[tuple[str, str, str], tuple[str, str, str]]
    sex: str = "f"
    age: int = 34


PRESENT = (
    Today(
        "sortobe",
        "computer",
        "Читальный зал",
        "school",
        "Компьютер, новая группа",
        "Компьютер, прошлая группа",
        12,
        11,
        2,
        0.6,
        ("farmers", "unemployed-youth", "rural-households"),
        "З. Шимарова",
        (("Юнусова", "Хадича", "Мусаевна"), ("Юнусова", "Хадиджа", "")),
    ),
    Today(
        "nogaibai",
        "sewing",
        "Тігін бөлмесі",
        "master",
        "Тігін, жаңа топ",
        "Тігін, өткен топ",
        8,
        7,
        4,
        1.0,
        ("rural-households", "many-children"),
        "Н. Тәжібаев",
        (("Сүлейменова", "Гүлмира", "Асанқызы"), ("Сулейменова", "Гульмира", "")),
    ),
    Today(
        "kordai",
        "sewing",
        "Тігін шеберханасы",
        "sewing",
        "Тігін, жаңа топ",
        "Тігін, өткен топ",
        12,
        11,
        4,
        0.95,
        ("unemployed", "single-women"),
        "Д. Өмірбекова",
        (("Әлжанова", "Нұргүл", "Серікқызы"), ("Нургуль", "Альжанова", "")),
    ),
)


def load_present(kept, programmes):
    """Onto what `load_register` wrote: `kept` are its (Register, Journals) by the centre's code."""
    today = localdate()
    for row in PRESENT:
        register, journals = kept[row.centre]
        fresh, chance = ids(f"present of {row.centre}"), chances(f"present of {row.centre}")
        programme = programmes[row.programme]
        running_group(row, register, journals, programme, today)
        graduates = ended_group(row, register, journals, programme, today)
        for spelt, registered in zip(row.pair, (today - 200 * DAY, today - 20 * DAY), strict=True):
            surname, given_name, patronymic = spelt
            register.enter(on=registered, women=1, born=born(today, row.age, row.age), of=(), keeps_contact=False)
            twin = register.trainees[-1]
            twin.surname, twin.given_name, twin.patronymic, twin.sex = surname, given_name, patronymic, row.sex
        register.write()
        journals.write()
        ask(row, graduates, fresh, chance, today)
    an_overdue_decision(kept["sortobe"][0].centre, today)


def born(today, youngest, oldest):
    return today.year - oldest, today.year - youngest


def enter(row, register, number, on, today):
    return [
        register.enter(
            on=register.days_before(on), women=row.women, born=born(today, 19, 52), of=row.of, keeps_contact=True
        )
        for _ in range(number)
    ]


def running_group(row, register, journals, programme, today):
    """It meets on every working day, and on the day of loading in any case."""
    start, end = today - RUNNING[0], today + RUNNING[1]
    trainer, room = journals.trainers[row.trainer], journals.rooms[row.room]
    group = journals.group(programme, row.running, start, end, trainer, capacity=row.capacity)
    weekdays = {1, 2, 3, 4, 5, today.isoweekday()}
    length = row.hours * MINUTES
    begins = journals.timetable.find({trainer.pk, room.pk}, weekdays, start, end, length)
    slots = {
        weekday: journals.slot(group, weekday, clock(begins), clock(begins + length), trainer, room)
        for weekday in sorted(weekdays)
    }
    days = [start + n * DAY for n in range(RUNNING[0].days) if (start + n * DAY).isoweekday() in weekdays]
    held = [day for place, day in enumerate(reversed(days), start=1) if place not in NOT_ENTERED][::-1]
    lessons = [
        journals.lesson(
            group, day, row.hours, topic(programme.field, journals.language, place, row.running), trainer, slots
        )
        for place, day in enumerate(held)
    ]
    enrolments = [
        journals.enrolment(group, trainee, started_on=start, status=Enrolment.Status.ENROLLED)
        for trainee in enter(row, register, row.places + 1, start, today)
    ]
    gone = enrolments[0]
    gone.status, gone.ended_on, gone.reason = Enrolment.Status.DROPPED, held[len(held) // 2], Enrolment.Reason.SEASON
    journals.attend(lessons, enrolments)
    for trainee in enter(row, register, 2, today - 6 * DAY, today):
        applied = {"applied_on": trainee.registered_on, "status": Enrolment.Status.WAITING}
        journals.enrolment(group, trainee, **applied)


def ended_group(row, register, journals, programme, today):
    """Answers its enrolments; of eight people one left early."""
    end = today - ENDED
    start = end - LASTED
    trainer = journals.trainers[row.trainer]
    group = journals.group(programme, row.ended, start, end, trainer, capacity=row.capacity)
    days = [day for day in (start + n * DAY for n in range(LASTED.days + 1)) if day.isoweekday() in {2, 4}]
    lessons = [
        journals.lesson(group, day, row.hours, topic(programme.field, journals.language, place, row.ended), trainer, {})
        for place, day in enumerate(days)
    ]
    return journals.enrol(group, enter(row, register, 8, start, today), lessons, left=1)


def ask(row, enrolments, fresh, chance, today):
    """Slips at the end of the group; since then one of its people was reached and one was not."""
    group = enrolments[0].group
    Slip.objects.bulk_create(
        Slip(
            id=next(fresh),
            centre_id=group.centre_id,
            group=group,
            filled_on=group.end,
            language="ru" if row.centre == "sortobe" else "kk",
            content=chance.choice(ANSWERS[:-1]),
            methods=chance.choice(ANSWERS),
            quality=chance.choice(ANSWERS[:-1]),
        )
        for _ in range(6)
    )
    completed = [enrolment for enrolment in enrolments if enrolment.status == Enrolment.Status.COMPLETED]
    FollowUp.objects.bulk_create(
        FollowUp(
            id=next(fresh),
            centre_id=group.centre_id,
            enrolment=enrolment,
            asked_on=today - timedelta(days=ago),
            asked_by=row.asked_by,
            result=result,
        )
        for enrolment, result, ago in zip(completed, ("employed", "not_reached"), (9, 16), strict=False)
    )


def an_overdue_decision(centre, today):
    fresh = ids("present committee")
    meeting = Meeting.objects.create(
        id=next(fresh),
        centre=centre,
        date=today - 50 * DAY,
        agenda="Новая группа; помещение зимой",
        present=4,
        minutes="Новую группу поддержать. Проверить отопление до начала зимы.",
    )
    Decision.objects.create(
        id=next(fresh),
        centre=centre,
        meeting=meeting,
        text="Проверить отопление в читальном зале",
        who="Ю. Машанло",
        due=today - 8 * DAY,
    )
