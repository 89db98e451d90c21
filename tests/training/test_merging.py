"""Merging two entries and undoing it: nothing is lost, nothing is left over, whatever hung on them."""

import random
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from centres.models import TargetGroup
from centres.versions import EditConflict
from training.models import (
    Attendance,
    Certificate,
    Consent,
    ConsentText,
    Enrolment,
    FollowUp,
    Merge,
    NotSame,
    Trainee,
    TraineeTargetGroup,
)
from training.models.duplicates import FIELDS, MergeRefused, in_the_way, relations, stays

from ..factories import make_enrolment, make_facilitator, make_group, make_lesson, make_trainee

pytestmark = pytest.mark.django_db

ROUNDS = 80

#: What points to a trainee, and what a merge does with it. A new relation has to be thought of and added here; the
#: merge itself moves whatever it finds, and the property test below has to make rows of it.
HANDLED = {
    ("Enrolment", "trainee"): "moves; two in one group block",
    ("Consent", "trainee"): "moves",
    ("TraineeTargetGroup", "trainee"): "moves; what both have is dropped, and comes back",
    ("Trainee", "merged_into"): "stays: the trail of earlier merges",
    ("Merge", "kept"): "stays: the record of earlier merges",
    ("Merge", "absorbed"): "stays: the record of earlier merges",
    ("NotSame", "first"): "stays; the kept entry gets the verdict too",
    ("NotSame", "second"): "stays; the kept entry gets the verdict too",
}


@pytest.fixture
def facilitator(alpha):
    return make_facilitator(alpha, username="aigerim")


def merge(kept, absorbed, by, **values):
    kept.refresh_from_db()
    absorbed.refresh_from_db()
    return Merge.objects.merge(
        kept=kept, absorbed=absorbed, values=values, versions=(kept.version, absorbed.version), by=by
    )


def test_every_relation_to_a_trainee_is_handled():
    assert {(model.__name__, field.name) for model, field in relations()} == HANDLED.keys()


# --- The property: merge and undo restore every row -------------------------------------------------------------------


def tables():
    """The register's tables and the target groups; histories apart, which only grow."""
    return [
        model
        for model in [*apps.get_app_config("training").get_models(), TargetGroup]
        if not hasattr(model, "pgh_tracked_model") and model is not Merge
    ]


def snapshot() -> dict:
    """Every row of every table, by table and key.

    Without the version counters: they count saves, and a merge and its undo are saves. A form that somebody opened
    before has to find that out, even though every value is what it was.
    """
    return {
        (model, row["pk"]): {name: value for name, value in row.items() if name != "version"}
        for model in tables()
        for row in model._base_manager.values(
            "pk", *(field.attname for field in model._meta.concrete_fields if not field.primary_key)
        )
    }


class World:
    """Two entries of one person with random belongings, and a neighbour with her own."""

    def __init__(self, centre, by, dice):
        self.centre, self.by, self.dice = centre, by, dice
        self.marks = list(centre.network.target_groups.all())
        self.text = centre.network.consent_texts.get(purpose="data")
        self.groups = [make_group(centre) for _ in range(4)]
        self.kept, self.absorbed, self.neighbour = (self.person() for _ in range(3))
        free = dice.sample(self.groups, k=4)
        cut = dice.randint(0, 4)
        for person, groups in ((self.kept, free[:cut]), (self.absorbed, free[cut:]), (self.neighbour, self.groups)):
            for group in groups:
                if dice.random() < 0.8:
                    self.enrol(person, group)
        for person in (self.kept, self.absorbed):
            if dice.random() < 0.4:
                NotSame.objects.say(person, self.neighbour, by=by)
        if dice.random() < 0.2:
            earlier = self.person()
            self.earlier = merge(dice.choice([self.kept, self.absorbed]), earlier, by, phone="8 700 000 00 00")

    def person(self):
        dice = self.dice
        person = make_trainee(
            self.centre,
            surname=dice.choice(["Қыдырбекова", "Kydyrbekova", "Әбіш"]),
            given_name=dice.choice(["Айгүл", "Aigul"]),
            patronymic=dice.choice(["", "Омарқызы"]),
            birth_year=dice.choice([None, 1975, 1976, 1990]),
            guardian_name=dice.choice(["Мать", "Отец"]),
            sex=dice.choice(["f", ""]),
            needy=dice.choice(["yes", "no", ""]),
            phone=dice.choice(["", "8 727 123 45 67"]),
            note=dice.choice(["", "Живёт у сестры.\nЗвонить вечером."]),
            registered_on=date(2005, 1, 1) + timedelta(days=dice.randint(0, 9)),
        )
        for group in dice.sample(self.marks, k=dice.randint(0, 4)):
            self.mark(person, group)
        for _ in range(dice.randint(0, 2)):
            self.agree(person)
        return person

    def mark(self, person, group):
        TraineeTargetGroup.objects.create(centre=self.centre, trainee=person, target_group=group)

    def agree(self, person):
        withdrawn = self.dice.choice([None, date(2005, 3, 1)])
        earlier = Consent.objects.filter(trainee=person).count()
        Consent.objects.create(
            centre=self.centre,
            trainee=person,
            text=self.text,
            language="kk",
            given_on=date(2005, 2, 1) + timedelta(days=earlier),  # once a day; two entries often agree on one
            withdrawn_on=withdrawn,
        )

    def enrol(self, person, group):
        status = self.dice.choice(["enrolled", "completed", "dropped", "waiting"])
        values = {
            "enrolled": {},
            "completed": {"ended_on": date(2005, 6, 1)},
            "dropped": {"ended_on": date(2005, 3, 1), "reason": "unknown"},
            "waiting": {"started_on": None},
        }[status]
        row = make_enrolment(group, person, status=status, **values)
        if status == "completed":
            number = group.lessons.count()
            make_lesson(group, date(2005, 2, 1) + timedelta(days=number), present=[row])
            if self.dice.random() < 0.5:
                certify(row, self.by)
            if self.dice.random() < 0.5:
                FollowUp.objects.create(centre=self.centre, enrolment=row, asked_by="Айгерим", result="employed")

    def disturb(self):
        """What others do meanwhile: with the neighbour, with newcomers, with marks in a journal."""
        for _ in range(self.dice.randint(0, 4)):
            self.dice.choice([self._newcomer, self._neighbour_moves, self._neighbour_loses, self._journal])()

    def _newcomer(self):
        person = self.person()
        self.enrol(person, self.dice.choice(self.groups))

    def _neighbour_moves(self):
        Trainee.objects.filter(pk=self.neighbour.pk).update(phone=str(self.dice.random()), note="Moved")

    def _neighbour_loses(self):
        self.neighbour.target_group_marks.all().delete()

    def _journal(self):
        others = Attendance.objects.filter(enrolment__trainee=self.neighbour)
        others.update(mark=self.dice.choice(["present", "absent"]))


def certify(row, by):
    words = {"programme": "P", "centre": "C", "network": "N"}
    return Certificate.objects.create(
        centre=row.centre,
        enrolment=row,
        form="en",
        issued_on=date(2005, 6, 2),
        name=str(row.trainee),
        wordings={"en": words},
        first_day=row.started_on,
        last_day=row.ended_on,
        is_recognised=False,
        signatory="Head",
        issued_by=by,
    )


def test_merge_and_undo_restore_every_row_exactly(alpha, facilitator, network):
    TargetGroup.objects.furnish(network)
    ConsentText.objects.furnish(network)
    dice = random.Random(2005)
    moved, dropped, carried, disturbed = set(), 0, 0, 0
    for number in range(ROUNDS):
        with transaction.atomic():
            world = World(alpha, facilitator, dice)
            before = snapshot()
            values = {name: getattr(dice.choice([world.kept, world.absorbed]), name) for name in FIELDS}
            done = merge(world.kept, world.absorbed, facilitator, **values)
            merged = snapshot()
            assert not any(
                model._base_manager.filter(**{field.name: world.absorbed}).exists()
                for model, field in relations()
                if not stays(model)
            ), number
            kept = Trainee.objects.get(pk=world.kept.pk)
            assert {name: getattr(kept, name) for name in FIELDS} == values, number
            world.disturb()
            later = snapshot()
            others = {key: later.get(key) for key in merged.keys() | later.keys() if merged.get(key) != later.get(key)}
            done.undo(by=facilitator)
            expected = {key: row for key, row in {**before, **others}.items() if row is not None}
            assert snapshot() == expected, number
            assert done.undone_by == facilitator
            moved |= {name for name, keys in done.record["moved"].items() if keys}
            dropped += len(done.record["dropped"])
            carried += len(done.record["made"])
            disturbed += bool(others)
            transaction.set_rollback(True)
    # The rounds met everything that can happen.
    assert moved == {f"{model._meta.label_lower}.{field.name}" for model, field in relations() if not stays(model)}
    assert min(dropped, carried, disturbed) > 10


def test_several_merges_are_undone_one_by_one_back_to_the_first_state(alpha, facilitator, network):
    TargetGroup.objects.furnish(network)
    ConsentText.objects.furnish(network)
    dice = random.Random(7)
    for number in range(15):
        with transaction.atomic():
            world = World(alpha, facilitator, dice)
            third = world.person()
            states, merges = [snapshot()], []
            for kept, absorbed in ((world.kept, world.absorbed), (third, world.kept)):
                values = {name: getattr(absorbed, name) for name in dice.sample(FIELDS, k=4) if name != "birth_year"}
                merges.append(merge(kept, absorbed, facilitator, **values))
                states.append(snapshot())
            with pytest.raises(MergeRefused, match="was itself merged into another entry afterwards"):
                merges[0].undo(by=facilitator)
            assert snapshot() == states[2], number
            merges[1].refresh_from_db()
            merges[1].undo(by=facilitator)
            assert snapshot() == states[1], number
            Merge.objects.get(pk=merges[0].pk).undo(by=facilitator)
            assert snapshot() == states[0], number
            transaction.set_rollback(True)


# --- What stands in the way -------------------------------------------------------------------------------------------


def test_both_in_one_group_names_the_group(alpha, facilitator):
    group = make_group(alpha, name="Sewing")
    kept, absorbed = make_trainee(alpha), make_trainee(alpha)
    for person in (kept, absorbed):
        make_enrolment(group, person)
    before = snapshot()
    sentence = "Both are in the group Sewing. Delete one of the two enrolments first."
    assert in_the_way(kept, absorbed) == [sentence]
    with pytest.raises(MergeRefused) as refused:
        merge(kept, absorbed, facilitator, phone="1")
    assert refused.value.reasons == [sentence]
    assert snapshot() == before


def test_entries_of_two_centres_and_merged_ones_are_refused(alpha, beta, facilitator):
    one, other, stranger = make_trainee(alpha), make_trainee(alpha), make_trainee(beta)
    with pytest.raises(MergeRefused, match="two centres"):
        merge(one, stranger, facilitator)
    merge(one, other, facilitator)
    with pytest.raises(MergeRefused, match="already"):
        merge(make_trainee(alpha), other, facilitator)


def test_an_entry_saved_meanwhile_is_looked_at_again(alpha, facilitator):
    kept, absorbed = make_trainee(alpha), make_trainee(alpha)
    kept.phone = "8 700 000 00 00"
    kept.write(version=1)
    before = snapshot()
    with pytest.raises(EditConflict):
        Merge.objects.merge(kept=kept, absorbed=absorbed, values={}, versions=(1, 1), by=facilitator)
    assert snapshot() == before


def test_a_value_that_somebody_changed_since_stays(alpha, facilitator):
    kept, absorbed = make_trainee(alpha, phone="1", note="a"), make_trainee(alpha, phone="2", note="b")
    done = merge(kept, absorbed, facilitator, phone="2", note="b")
    kept.refresh_from_db()
    kept.phone = "3"
    kept.write(version=kept.version)
    done = Merge.objects.get(pk=done.pk)
    assert done.changed_since == ["phone"]
    done.undo(by=facilitator)
    kept.refresh_from_db()
    assert (kept.phone, kept.note) == ("3", "a")


def test_what_was_added_since_stays_with_the_kept_entry(alpha, facilitator):
    kept, absorbed = make_trainee(alpha), make_trainee(alpha)
    moved = make_enrolment(make_group(alpha), absorbed)
    done = merge(kept, absorbed, facilitator)
    added = make_enrolment(make_group(alpha), kept)
    moved.refresh_from_db()
    moved.change(by=facilitator, version=moved.version, status="dropped", ended_on=date(2005, 3, 1), reason="work")
    done.undo(by=facilitator)
    assert [row.pk for row in absorbed.enrolments.all()] == [moved.pk]
    assert [row.pk for row in kept.enrolments.all()] == [added.pk]
    assert absorbed.enrolments.get().status == "dropped"


def test_a_certificate_issued_since_stands_against_undoing(alpha, facilitator):
    kept, absorbed = make_trainee(alpha), make_trainee(alpha)
    row = make_enrolment(make_group(alpha), absorbed, status="completed", ended_on=date(2005, 6, 1))
    done = merge(kept, absorbed, facilitator)
    row.refresh_from_db()
    certificate = certify(row, facilitator)
    sentence = "Certificate 00001 was issued afterwards for a group that would go back. Revoke it first."
    assert done.against() == [sentence]
    with pytest.raises(MergeRefused):
        done.undo(by=facilitator)
    certificate.revoke(by=facilitator, reason="Wrong name")
    done.undo(by=facilitator)
    assert absorbed.enrolments.get() == row


def test_a_second_undo_and_one_out_of_turn_are_refused(alpha, facilitator):
    kept, first, second = (make_trainee(alpha) for _ in range(3))
    one = merge(kept, first, facilitator, phone="1")
    two = merge(kept, second, facilitator, phone="2")
    one.refresh_from_db()
    assert one.against() == [f"{second} was merged into the same entry afterwards. Undo that merge first."]
    two.undo(by=facilitator)
    one.undo(by=facilitator)
    with pytest.raises(MergeRefused, match="undone already"):
        one.undo(by=facilitator)
    kept.refresh_from_db()
    assert kept.phone == ""


def test_an_undo_whose_target_group_is_gone_is_refused(alpha, facilitator):
    kept, absorbed = make_trainee(alpha), make_trainee(alpha)
    group = TargetGroup.objects.create(network=alpha.network, key="gone", title="Gone", position=99)
    for person in (kept, absorbed):
        person.mark([group], by=facilitator)
    done = merge(kept, absorbed, facilitator)
    TraineeTargetGroup.objects.all().delete()
    group.delete()
    with pytest.raises(MergeRefused, match="does not fit the two entries any more"):
        done.undo(by=facilitator)
    assert Merge.objects.standing().get() == done


def test_nobody_comes_into_a_group_under_a_merged_entry(alpha, facilitator):
    kept, absorbed = make_trainee(alpha), make_trainee(alpha)
    merge(kept, absorbed, facilitator)
    with pytest.raises(ValidationError, match="merged into another entry"):
        Enrolment.objects.enrol(group=make_group(alpha), trainees=[absorbed], by=facilitator)


def test_the_database_remembers_one_merge_at_a_time(alpha, facilitator):
    kept, absorbed = make_trainee(alpha), make_trainee(alpha)
    done = merge(kept, absorbed, facilitator)
    done.undo(by=facilitator)
    again = merge(kept, absorbed, facilitator)
    assert Merge.objects.standing().get() == again
    with connection.cursor() as cursor, pytest.raises(Exception, match="merge_away_once"), transaction.atomic():
        cursor.execute(
            "INSERT INTO training_merge (id, centre_id, kept_id, absorbed_id, by_id, at, record) "
            "VALUES (gen_random_uuid(), %s, %s, %s, %s, %s, '{}')",
            [alpha.pk, kept.pk, absorbed.pk, facilitator.pk, timezone.now()],
        )
