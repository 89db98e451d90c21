"""What a centre has, as an import to it looks things up. All of it starts from what the person may change there."""

import re
from functools import cached_property
from uuid import uuid5

from centres.latin import name_key
from centres.models import TargetGroup
from centres.models.centre import spelling
from centres.resources import in_all_languages

from ..models import Enrolment, Group, Lesson, Trainee
from .columns import group_label, trainee_label
from .problems import Bad

DATED = re.compile(r"(.*), ?(\d{4})-(\d\d)-(\d\d)|(.*), ?(\d\d?)\.(\d\d?)\.(\d{4})", re.DOTALL)
BORN = re.compile(r"(.*), ?(\d{4})", re.DOTALL)


def full_name(*names) -> str:
    return spelling(" ".join(filter(None, names)))


def likeness(surname: str, given_name: str) -> str:
    """The same for one name in other letters, or with surname and given name in each other's place."""
    return " ".join(sorted(name_key(f"{surname} {given_name}").split()))


class Scope:
    """One centre for one person. Whatever is not in here does not exist, wherever else it may be."""

    def __init__(self, centre, user, model):
        self.centre = centre
        self.user = user
        self.model = model
        self.lost_marks = set()  # lessons of which "replace" removes marks
        self.new_lessons = {}  # (group, day): Lesson that the file brings along

    def own(self, model):
        return model.objects.editable_by(self.user).filter(centre=self.centre)

    @cached_property
    def numbers(self) -> set:
        """Of the entries that the list is about."""
        entries = self.own(self.model)
        return set((entries.current() if self.model is Trainee else entries).values_list("pk", flat=True))

    def merged(self, number) -> Trainee | None:
        """What stands now for an entry that was merged into another; None for any other number."""
        absorbed = self.own(Trainee).exclude(merged_into=None) if self.model is Trainee else Trainee.objects.none()
        entry = absorbed.filter(pk=number).first()
        return entry and entry.kept

    # --- Groups ------------------------------------------------------------------------------------------------------

    @cached_property
    def groups(self) -> dict:
        return {group.pk: group for group in self.own(Group).in_order()}

    @cached_property
    def groups_by_name(self) -> dict:
        named = {}
        for group in self.groups.values():
            named.setdefault(spelling(group.name), []).append(group)
        return named

    def group(self, text):
        """The id of the group so called. Raises Bad."""
        found = self.groups_by_name.get(spelling(text), [])
        if not found and (told := DATED.fullmatch(text)):
            name, year, month, day = told.group(1, 2, 3, 4) if told.group(1) else told.group(5, 8, 7, 6)
            start = f"{year}-{int(month):02}-{int(day):02}"
            found = [group for group in self.groups_by_name.get(spelling(name), []) if group.start.isoformat() == start]
        if len(found) != 1:
            raise Bad("several_groups" if found else "no_group", value=text)
        return found[0].pk

    def group_labels(self) -> list[str]:
        return [group_label(group) for group in self.groups.values()]

    # --- Trainees ----------------------------------------------------------------------------------------------------

    @cached_property
    def trainees(self) -> dict:
        """By full name, as (year of birth, id)."""
        named = {}
        for pk, *names, year in (
            self.own(Trainee).current().values_list("pk", "surname", "given_name", "patronymic", "birth_year")
        ):
            named.setdefault(full_name(*names), []).append((year, pk))
        return named

    @cached_property
    def trainees_without_patronymic(self) -> dict:
        named = {}
        for pk, *names, year in (
            self.own(Trainee).current().exclude(patronymic="").values_list("pk", "surname", "given_name", "birth_year")
        ):
            named.setdefault(full_name(*names), []).append((year, pk))
        return named

    def trainee(self, text):
        """The id of the trainee so called, with or without patronymic and year of birth. Raises Bad."""
        told = BORN.fullmatch(text)
        name, year = (told[1], int(told[2])) if told else (text, None)
        for known in (self.trainees, self.trainees_without_patronymic):
            found = [pk for born, pk in known.get(spelling(name), ()) if year is None or born == year]
            if len(found) == 1:
                return found[0]
            if found:
                raise Bad("several_trainees", value=text)
        raise Bad("no_trainee", value=text)

    def trainee_labels(self) -> list[str]:
        return [trainee_label(trainee) for trainee in self.own(Trainee).current().in_order()]

    @cached_property
    def alike(self) -> dict:
        """Trainees by the likeness of their names, as (year of birth, what she is called, id)."""
        named = {}
        for trainee in self.own(Trainee).current().only("surname", "given_name", "patronymic", "birth_year"):
            key = likeness(trainee.surname, trainee.given_name)
            named.setdefault(key, []).append((trainee.birth_year, trainee_label(trainee), trainee.pk))
        return named

    @cached_property
    def target_groups(self) -> dict:
        """Of the centre's network, by every way to write them."""
        known = {}
        for group in TargetGroup.objects.visible_to(self.user).filter(network=self.centre.network_id):
            for said in (group.key, group.title, *in_all_languages(group)):
                known.setdefault(spelling(said), group.pk)
        return known

    @cached_property
    def target_groups_by_id(self) -> dict:
        return TargetGroup.objects.visible_to(self.user).filter(network=self.centre.network_id).in_bulk()

    @cached_property
    def target_group_titles(self) -> list[str]:
        offered = TargetGroup.objects.visible_to(self.user).filter(network=self.centre.network_id).offered()
        return [str(group) for group in offered.for_list()]

    # --- Journals ----------------------------------------------------------------------------------------------------

    @cached_property
    def enrolments(self) -> dict:
        """By group and trainee, who has begun, as (id, first day, last day)."""
        begun = self.own(Enrolment).begun()
        told = begun.values_list("group_id", "trainee_id", "pk", "started_on", "ended_on")
        return {(group, trainee): tuple(rest) for group, trainee, *rest in told}

    @cached_property
    def lessons(self) -> dict:
        """By group and day, as (begins at, state, id)."""
        known = {}
        for pk, group, day, *rest in self.own(Lesson).values_list("pk", "group_id", "date", "starts", "state"):
            known.setdefault((group, day), []).append((*rest, pk))
        return known

    def lesson(self, group_id, day, starts):
        """The id of a lesson, which is added where the journal has none on that day. Raises Bad."""
        group = self.groups[group_id]
        if group.keeping != Group.Keeping.NAMES:
            raise Bad("lesson_totals", column="group")
        found = self.lessons.get((group_id, day), [])
        if starts is not None:
            found = [lesson for lesson in found if lesson[0] == starts]
            if not found:
                raise Bad("no_lesson", column="starts")
        if len(found) > 1:
            raise Bad("several_lessons", column="date")
        if found:
            if found[0][1] == Lesson.State.CANCELLED:
                raise Bad("lesson_cancelled", column="date")
            return found[0][2]
        if day < group.start or (group.end and day > group.end):
            raise Bad("lesson_outside", column="date")
        if (group_id, day) not in self.new_lessons:
            self.new_lessons[group_id, day] = Lesson(
                id=uuid5(group_id, f"lesson of {day}"),  # the same in the preview and when it is written
                centre=self.centre,
                group=group,
                date=day,
                state=Lesson.State.HELD,
                keeping=group.keeping,
            )
        return self.new_lessons[group_id, day].pk

    def save_new_lessons(self) -> None:
        """Enter the lessons that the file brings along into the journals."""
        unsaved = [lesson for lesson in self.new_lessons.values() if lesson._state.adding]
        for start in range(0, len(unsaved), 1000):
            Lesson.objects.bulk_create(unsaved[start : start + 1000])
