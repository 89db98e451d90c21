"""Writes the training register of July 2004 to June 2005."""

from datetime import date

from centres.models import TargetGroup
from training.models import ConsentText, Programme, Room, Seminar, SeminarAttendance, Trainer

from .courses import Journals
from .courses_2005 import COUNTED, COURSES, TOLD
from .people import Register
from .programmes_2005 import PROGRAMMES
from .rows import chances, ids, translated
from .seminars_2005 import SEMINARS
from .trainers_2005 import TRAINERS

TEXTS_SINCE = date(2003, 9, 1)


def load_register(network, centres, languages, people, projects):
    """Everything of the register at these centres; `languages` and `people` are by centre's code and username.

    Answers, by the centre's code, its (Register, Journals) for what is to be added.
    """
    target_groups = {row.key: row for row in TargetGroup.objects.filter(network=network)}
    text = ConsentText.objects.get(network=network, purpose=ConsentText.Purpose.DATA)
    programmes = load_programmes(network, centres)
    trainers = load_trainers(centres, people)
    load_seminars(network, projects, trainers)
    rooms = load_rooms(centres)
    kept = {}
    for code, centre in centres.items():
        register = Register(centre, languages[code], target_groups, text)
        journals = Journals(centre, languages[code], trainers[code], rooms[code])
        fill(register, journals, programmes, [course for course in COURSES if course.centre == code])
        for told in TOLD:
            if told.centre == code:
                journals.told(programmes[told.programme], told)
        register.write()
        journals.write()
        kept[code] = register, journals
    return kept, programmes


def fill(register, journals, programmes, courses):
    """The groups of a centre. Who comes again was there before in the same count of people, or in the same autumn."""
    first = COUNTED[register.centre.code][0]
    chance = chances(f"again at {register.centre.code}")
    known = {True: [], False: []}
    planned = sorted(
        (run.start, course.name, number, course, run)
        for course in courses
        for number, run in enumerate(course.runs, start=1)
    )
    for _start, _name, number, course, run in planned:
        before = known[run.start >= first]
        again = chance.sample([row for row in before if course.women < 1 or row.sex == "f"], run.again)
        new = [
            register.enter(
                on=register.days_before(run.start),
                women=course.women,
                born=course.born,
                of=course.of,
                keeps_contact=bool(course.days),
            )
            for _ in range(run.new)
        ]
        journals.run(course, programmes[course.programme], run, number, [*new, *again])
        before += new


def load_programmes(network, centres):
    """By key. The templates come first, since others are adapted from them."""
    fresh = ids("programmes")
    rows = {}
    for told in PROGRAMMES:
        centre = centres.get(told.centre)
        study = None
        if told.after_study:
            study = centre.needs_studies.filter(from_date__lt=told.adapted_on).order_by("-from_date").first()
        rows[told.key] = Programme(
            id=next(fresh),
            network=network,
            centre=centre,
            area=told.area,
            kind=told.kind,
            field=told.field,
            level=told.level,
            hours=told.hours,
            adapted_from=rows.get(told.adapted_from),
            adapted_on=told.adapted_on,
            after_study=study,
            **translated(title=told.title),
        )
    Programme.objects.bulk_create(rows.values())
    return rows


def load_trainers(centres, people):
    """By centre's code and the trainer's key."""
    fresh = ids("trainers")
    rows = {
        code: {
            told.key: Trainer(
                id=next(fresh),
                centre=centres[code],
                name=told.name,
                user=people.get(told.account),
                qualification=told.qualification,
                is_certified=told.is_certified,
                paid_by=told.paid_by,
                languages=list(told.languages),
                from_date=told.since,
            )
            for told in trainers
        }
        for code, trainers in TRAINERS.items()
    }
    Trainer.objects.bulk_create(row for trainers in rows.values() for row in trainers.values())
    return rows


def load_seminars(network, projects, trainers):
    fresh = ids("seminars")
    rows = {
        told.number: Seminar(
            id=next(fresh),
            network=network,
            start=told.start,
            end=told.end,
            project=projects.get(told.project),
            **translated(
                title=told.title,
                place=told.place,
                form=told.form,
                objectives=told.objectives,
                outcomes=told.outcomes,
            ),
        )
        for told in SEMINARS
    }
    Seminar.objects.bulk_create(rows.values())
    SeminarAttendance.objects.bulk_create(
        SeminarAttendance(
            centre=trainers[code][told.key].centre, trainer=trainers[code][told.key], seminar=rows[number]
        )
        for code, told_ones in TRAINERS.items()
        for told in told_ones
        for number in told.seminars
    )


def load_rooms(centres):
    """By centre's code and name: the rooms that its courses name."""
    fresh = ids("rooms")
    rows = {code: {} for code in centres}
    for course in COURSES:
        if course.room and course.room not in rows[course.centre]:
            room = Room(id=next(fresh), centre=centres[course.centre], name=course.room)
            rows[course.centre][course.room] = room
    Room.objects.bulk_create(room for rooms in rows.values() for room in rooms.values())
    return rows
