"""Writes groups with their timetables, enrolments and journals, from the shapes of `courses_2005`."""

from datetime import date, time, timedelta
from decimal import Decimal

from training.models import Attendance, Booking, Enrolment, Group, GroupTrainer, Lesson, Slot
from training.models.slots import bookings_of

from .rows import chances, ids
from .topics import topic

DAY = timedelta(days=1)
MINUTES = 45  # of an academic hour
CLOCKS = (9, 14, 16, 18, 10, 11, 15, 17, 12, 13)  # in which order a free hour is looked for
HOLIDAYS = {(1, 1), (1, 2), (3, 8), (3, 22), (5, 1), (5, 9), (8, 30), (10, 25), (12, 16)}
REASONS = ("season", "work", "family", "health", "moved", "distance", "interest", "unknown")
WEIGHTS = (26, 18, 20, 8, 8, 6, 6, 8)
Status, Mark = Enrolment.Status, Attendance.Mark


def lesson_days(first: date, weekdays, *, number: int | None = None, until: date | None = None) -> list[date]:
    """So many days, or all until one, from the first on, on these weekdays; holidays are free."""
    days, day = [], first
    while (until and day <= until) or (not until and len(days) < number):
        if day.isoweekday() in weekdays and (day.month, day.day) not in HOLIDAYS:
            days.append(day)
        day += DAY
    return days


def clock(minutes: int) -> time:
    return time(minutes // 60, minutes % 60)


class Timetable:
    """Finds a time of day at which neither the room nor the trainer is taken."""

    def __init__(self):
        self.taken = []

    def find(self, who, weekdays, first, last, length) -> int:
        """Minutes after midnight."""
        for hour in CLOCKS:
            start = hour * 60
            if not any(
                who & others
                and weekdays & days
                and first <= until
                and since <= last
                and start < ends
                and begins < start + length
                for others, days, since, until, begins, ends in self.taken
            ):
                self.taken.append((who, weekdays, first, last, start, start + length))
                return start
        raise ValueError(f"No time is free for {who} from {first} to {last}")


class Journals:
    """Collects the rows of one centre's groups, so that they are written in few statements."""

    def __init__(self, centre, language, trainers, rooms):
        self.centre, self.language, self.trainers, self.rooms = centre, language, trainers, rooms
        self.timetable = Timetable()
        self.chance, self.ids = chances(f"groups of {centre.code}"), ids(f"groups of {centre.code}")
        self.rows = {model: [] for model in (Group, GroupTrainer, Slot, Booking, Lesson, Enrolment, Attendance)}

    def add(self, model, **values):
        row = model(centre=self.centre, **values)
        self.rows[model].append(row)
        return row

    def run(self, course, programme, run, number, trainees):
        """One group of a course: its timetable, its lessons, who was there."""
        trainer = self.trainers[course.trainers[(number - 1) % len(course.trainers)]]
        one_day = not course.days
        days = [run.start] if one_day else self.days_of(course, programme, run)
        numbered = course.name.format(n=number)
        group = self.group(programme, numbered, days[0], run.until or days[-1], trainer, room_for=course)
        room = self.rooms.get(course.room)
        slots = self.slots(group, course, trainer, room) if course.is_regular and not one_day else {}
        lessons = [
            self.lesson(
                group, day, course.hours, topic(programme.field, self.language, place, numbered), trainer, slots
            )
            for place, day in enumerate(days)
        ]
        self.enrol(group, trainees, lessons, run.left, one_day)
        return group

    def days_of(self, course, programme, run):
        number = programme.hours and -(-int(programme.hours) // course.hours)
        return lesson_days(run.start, course.days, number=number, until=run.until)

    def group(self, programme, name, start, end, trainer, *, room_for=None, capacity=None, **values):
        if room_for and room_for.days:
            capacity = 20 if room_for.room else 25
        group = self.add(
            Group,
            id=next(self.ids),
            programme=programme,
            name=name,
            start=start,
            end=end,
            capacity=capacity,
            language=self.language,
            **values,
        )
        if trainer:
            self.add(GroupTrainer, group=group, trainer=trainer)
        return group

    def slots(self, group, course, trainer, room) -> dict:
        """The weekly lessons, by their day of the week."""
        length = course.hours * MINUTES
        who = {trainer.pk, room.pk} if room else {trainer.pk}
        start = self.timetable.find(who, set(course.days), group.start, group.end, length)
        return {
            weekday: self.slot(group, weekday, clock(start), clock(start + length), trainer, room)
            for weekday in course.days
        }

    def slot(self, group, weekday, starts, ends, trainer, room):
        slot = self.add(
            Slot, id=next(self.ids), group=group, weekday=weekday, starts=starts, ends=ends, trainer=trainer, room=room
        )
        self.rows[Booking] += bookings_of(slot, group.start, group.end, ())
        return slot

    def lesson(self, group, day, hours, topic, trainer, slots, **values):
        slot = slots.get(day.isoweekday())
        return self.add(
            Lesson,
            id=next(self.ids),
            group=group,
            date=day,
            starts=slot and slot.starts,
            ends=slot and slot.ends,
            hours=Decimal(hours),
            topic=topic,
            trainer=trainer,
            room=slot and slot.room,
            keeping=group.keeping,
            **values,
        )

    def enrol(self, group, trainees, lessons, left=0, one_day=False):
        """Everybody from the first day on; the first so many leave early, the others complete the group."""
        enrolments = []
        for place, trainee in enumerate(self.chance.sample(trainees, len(trainees))):
            early = place < left
            values = {"status": Status.COMPLETED, "ended_on": group.end}
            if early:
                last = lessons[int(len(lessons) * self.chance.uniform(0.25, 0.7))].date
                [reason] = self.chance.choices(REASONS, WEIGHTS)
                values = {"status": Status.DROPPED, "ended_on": last, "reason": reason}
            enrolments.append(self.enrolment(group, trainee, started_on=group.start, **values))
        self.attend(lessons, enrolments, always=one_day)
        return enrolments

    def enrolment(self, group, trainee, **values):
        applied = max(trainee.registered_on, group.start - timedelta(days=self.chance.randint(1, 12)))
        values = {"applied_on": min(applied, group.start), **values}
        return self.add(Enrolment, id=next(self.ids), group=group, trainee=trainee, **values)

    def attend(self, lessons, enrolments, always=False):
        for enrolment in enrolments:
            diligence = 1 if always else self.chance.uniform(0.72, 0.99)
            for lesson in lessons:
                if enrolment.ended_on and lesson.date > enrolment.ended_on:
                    continue
                there = self.chance.random() < diligence
                away = Mark.EXCUSED if self.chance.random() < 0.4 else Mark.ABSENT
                self.add(Attendance, lesson=lesson, enrolment=enrolment, mark=Mark.PRESENT if there else away)

    def told(self, programme, told):
        """An open day, of which only totals are known."""
        group = self.group(programme, told.name, told.day, told.day, None, keeping=Group.Keeping.TOTALS)
        self.lesson(group, told.day, 4, told.name, None, {}, women=told.women, men=told.men)

    def write(self):
        for model, rows in self.rows.items():
            model.objects.bulk_create(rows)
            rows.clear()
