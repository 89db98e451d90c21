"""The demo's training register and resources against the facts of the 2005 round (§5, §6.5): counted from records."""

import re
import subprocess
import sys
from collections import Counter
from datetime import date, timedelta

import pytest
from django.db.models import Count, F, Sum

from centres.models import (
    Centre,
    CentreDocument,
    CommitteeMember,
    CommunityProfile,
    Equipment,
    Income,
    NeedsStudy,
    Partner,
    Post,
)
from clcnet.demo.courses_2005 import COUNTED, HALF, VISITS
from clcnet.demo.matrix_2005 import CELLS
from clcnet.demo.network import CENTRES
from training.counts import counts_by
from training.models import (
    Certificate,
    Enrolment,
    FollowUp,
    Group,
    Lesson,
    Programme,
    Seminar,
    SeminarAttendance,
    Slip,
    Slot,
    Trainee,
    Trainer,
)

CODES = [centre.code for centre in CENTRES]
SEWING = "0723"
THEN = date(2006, 1, 1)  # what is older is the year that is retold; the rest is today's part


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


def by_centre(rows, value):
    return {code: rows.filter(centre__code=code).aggregate(n=value)["n"] for code in CODES}


# Row 9: people


def test_people_trained_are_those_of_the_report():
    people = {
        centre.code: counts_by([centre], *COUNTED[centre.code])[centre.pk].people for centre in Centre.objects.all()
    }
    assert people == {
        "sortobe": 1500,
        "nogaibai": 70,
        "kordai": 62,
        "karabulak": 1000,
        "amanbokter": 30,
        "taraz": 120,
        "karaganda": 755,
    }
    assert sum(people.values()) == 3537
    told = {code: int(re.search(r"\d[\d,]*", CELLS[9][code].finding)[0].replace(",", "")) for code in CODES}
    assert people == told


def test_karaganda_counts_from_its_opening_and_the_others_from_january():
    first_half = (date(2005, 1, 1), date(2005, 6, 30))
    told = dict.fromkeys(CODES, first_half) | {"karaganda": (date(2004, 9, 1), date(2005, 6, 30))}
    assert told == COUNTED
    assert first_half == HALF


def test_enrolments_and_visits_are_other_counts_and_told_ones_stand_apart():
    counts = counts_by(Centre.objects.filter(code="sortobe"), *HALF)
    [sortobe] = counts.values()
    assert (sortobe.people, sortobe.enrolments) == (1500, 1559)
    assert (
        sortobe.visits == Lesson.objects.filter(centre__code="sortobe", date__range=HALF, marks__mark="present").count()
    )
    assert sortobe.visits < sortobe.marked
    assert (sortobe.told_women, sortobe.told_men) == (104, 95)


def test_everybody_is_named_once_and_agrees_in_sex():
    names = Trainee.objects.filter(registered_on__lt=THEN).values_list("centre", "surname", "given_name", "sex")
    assert len({name[:3] for name in names}) == len(names) == 3969
    for _centre, surname, given, sex in names:
        assert not re.search("[A-Za-z]", surname + given)
        assert not (sex == "m" and surname.endswith(("ова", "ева", "ёва", "ина")))
        assert not (sex == "f" and surname.endswith(("ов", "ев", "ёв", "ин")))


def test_who_is_under_18_has_a_guardian():
    young = [
        row for row in Trainee.objects.filter(registered_on__lt=THEN) if row.registered_on.year - row.birth_year < 18
    ]
    assert young
    assert [row for row in young if not row.guardian_name] == []


# Rows 4 and 5: programmes and groups


def test_six_sewing_groups_with_31_people_during_the_visits():
    on_that_day = Enrolment.objects.on(VISITS).filter(group__programme__field=SEWING)
    groups = on_that_day.values_list("centre__code", "group__name").annotate(people=Count("trainee", distinct=True))
    assert Counter({(code, people): 0 for code, _name, people in groups}).keys() == {
        ("nogaibai", 4),
        ("kordai", 8),
        ("kordai", 6),
        ("taraz", 6),
        ("taraz", 4),
        ("taraz", 3),
    }
    assert (len(groups), sum(people for _code, _name, people in groups)) == (6, 31)


def test_one_person_learns_computer_use_at_kordai_in_june():
    june = Enrolment.objects.during(date(2005, 6, 1), date(2005, 6, 30))
    assert june.filter(centre__code="kordai", group__programme__field="0611").count() == 1
    assert june.filter(centre__code="kordai", group__programme__field=SEWING).count() == 14


def test_sewing_meets_every_day_at_kordai_and_all_week_at_nogaibai():
    days = {
        code: set(
            Slot.objects.filter(
                centre__code=code, group__programme__field=SEWING, group__end=date(2005, 6, 30)
            ).values_list("weekday", flat=True)
        )
        for code in ("kordai", "nogaibai")
    }
    assert days == {"kordai": {1, 2, 3, 4, 5, 6}, "nogaibai": {1, 2, 3, 4, 5}}


def test_computer_lessons_take_an_hour_on_four_days_at_amanbokter_and_are_irregular_at_nogaibai():
    group = Group.objects.on(VISITS).get(centre__code="amanbokter", programme__field="0611")
    assert [slot.weekday for slot in group.slots.order_by("weekday")] == [1, 2, 3, 4]
    assert set(group.lessons.values_list("hours", flat=True)) == {1}
    irregular = Group.objects.filter(centre__code="nogaibai", programme__field="0611", start__lt=THEN)
    assert irregular.count() == 4
    assert Slot.objects.filter(group__in=irregular).count() == 0


def test_the_hours_of_sortobes_programmes():
    ran = Programme.objects.filter(groups__centre__code="sortobe", groups__start__lt=THEN, centre=None).distinct()
    assert {row.title: row.hours for row in ran} == {
        "Computer use": 36,
        "Sewing": 260,
        "First steps in business": 8,
        "Life skills": 4,
    }
    held = Group.objects.filter(centre__code="sortobe", programme__title="Sewing", start__lt=THEN)
    assert held.aggregate(hours=Sum("lessons__hours"))["hours"] == 260


def test_only_taraz_and_karaganda_adapted_their_programmes():
    adapted = Programme.objects.filter(adapted_from__isnull=False)
    assert set(adapted.values_list("centre__code", flat=True)) == {"taraz", "karaganda"}
    assert Programme.objects.get(centre__code="kordai", field="0611").hours is None
    studied = adapted.filter(after_study__isnull=False)
    assert set(studied.values_list("centre__code", flat=True)) == {"karaganda"}
    assert not studied.filter(after_study__from_date__gt=F("adapted_on")).exists()


def test_levels_at_karabulak_and_karaganda():
    for code in ("karabulak", "karaganda"):
        levels = Programme.objects.filter(centre__code=code, field="0611").values_list("level", flat=True)
        assert set(levels) == {"beginners", "intermediate"}


def test_every_lesson_lies_in_its_group_and_every_group_of_2004_ends_in_it():
    year = Lesson.objects.filter(date__lt=THEN)
    assert not year.exclude(date__gte=F("group__start"), date__lte=F("group__end")).exists()
    assert (year.earliest("date").date, year.latest("date").date) == (date(2004, 9, 6), date(2005, 6, 30))
    over = Group.objects.filter(start__lt=date(2005, 1, 1), end__gte=date(2005, 1, 1))
    assert list(over) == []


def test_some_leave_early_and_all_others_complete():
    year = Enrolment.objects.filter(started_on__lt=THEN)
    assert set(year.values_list("status", flat=True)) == {"completed", "dropped"}
    assert year.filter(status="dropped", reason="season").exists()


# Row 6: trainers; §5: seminars


def test_trainers_counted_in_two_centres_are_17():
    taraz, karaganda = (Trainer.objects.filter(centre__code=code) for code in ("taraz", "karaganda"))
    assert dict(taraz.values_list("paid_by").annotate(n=Count("pk"))) == {"centre": 5}
    assert dict(karaganda.values_list("paid_by").annotate(n=Count("pk"))) == {"employment_centre": 4, "volunteer": 8}
    assert taraz.count() + karaganda.count() == 17


def test_kinds_of_trainers():
    kinds = {
        code: set(Trainer.objects.filter(centre__code=code).values_list("qualification", flat=True))
        for code in CODES[:5]
    }
    assert kinds == {
        "sortobe": {"school", "vocational", "business", "medical", "specialist", "association"},
        "nogaibai": {"school", "specialist"},
        "kordai": {"school"},
        "karabulak": {"school", "association"},
        "amanbokter": {"school", "association"},
    }


def test_ten_seminars_on_23_days():
    days = {(row.start, row.end) for row in Seminar.objects.all()}
    assert days == {
        (date(2002, 7, 24), date(2002, 7, 24)),
        (date(2003, 6, 14), date(2003, 6, 18)),
        (date(2003, 9, 2), date(2003, 9, 3)),
        (date(2004, 6, 22), date(2004, 6, 22)),
        (date(2004, 6, 23), date(2004, 6, 23)),
        (date(2004, 8, 11), date(2004, 8, 12)),
        (date(2004, 9, 20), date(2004, 9, 25)),
        (date(2004, 10, 18), date(2004, 10, 19)),
        (date(2004, 12, 25), date(2004, 12, 26)),
        (date(2005, 6, 28), date(2005, 6, 28)),
    }
    assert sum((end - start).days + 1 for start, end in days) == 23
    assert Seminar.objects.filter(project__code="clc-2002-2005").count() == 5
    assert list(Seminar.objects.filter(place="Karaganda").values_list("start", flat=True)) == [date(2004, 10, 18)]


def test_trainers_went_to_seminars_while_they_taught():
    went = SeminarAttendance.objects.select_related("seminar", "trainer")
    assert went.count() == 39
    assert [row for row in went if row.trainer.from_date > row.seminar.start] == []


# Rows 7, 8, 10, 11: what the centres had


def test_ten_pieces_in_four_centres_do_not_work():
    broken = Equipment.objects.filter(working__lt=F("quantity"))
    assert {(row.centre.code, row.kind): row.broken for row in broken.select_related("centre")} == {
        ("nogaibai", "computer"): 1,
        ("kordai", "computer"): 2,
        ("kordai", "fax"): 1,
        ("amanbokter", "computer"): 2,
        ("amanbokter", "fax"): 1,
        ("amanbokter", "modem"): 1,
        ("taraz", "computer"): 2,
    }
    assert sum(row.broken for row in broken) == 10


def test_partners_are_counted():
    assert by_centre(Partner.objects.all(), Count("pk")) == dict(zip(CODES, (6, 5, 3, 8, 6, 6, 9), strict=True))


def test_committees_are_active_in_sortobe_and_karaganda():
    active = Centre.objects.with_committee_activity(HALF[1]).values_list("code", "committee_active")
    assert dict(active) == dict.fromkeys(CODES, False) | {"sortobe": True, "karaganda": True}
    members = CommitteeMember.objects.on(HALF[1]).filter(from_date__lt=THEN)
    chairs = Post.objects.on(HALF[1]).filter(kind=Post.Kind.CHAIR, from_date__lt=THEN)
    people = Counter(row.centre.code for row in [*members.select_related("centre"), *chairs.select_related("centre")])
    assert {code: people[code] for code in CODES} == dict(zip(CODES, (5, 0, 3, 4, 2, 4, 7), strict=True))


def test_no_centre_has_a_plan_for_2005_and_two_keep_their_papers_regularly():
    kinds = {
        code: {str(kind) for kind in CentreDocument.objects.filter(centre__code=code).kinds_of_year(2005)}
        for code in CODES
    }
    regular = {"operational_plan", "schedule", "journal", "curricula"}
    assert kinds == {
        "sortobe": {"schedule", "journal", "curricula"},
        "nogaibai": set(),
        "kordai": {"journal"},
        "karabulak": regular,
        "amanbokter": {"schedule"},
        "taraz": {"schedule", "journal"},
        "karaganda": regular,
    }


# Rows 2 and 3: needs


def test_needs_were_studied_where_the_report_says_so():
    assert by_centre(NeedsStudy.objects.all(), Count("pk")) == dict(zip(CODES, (1, 0, 1, 1, 0, 0, 2), strict=True))


def test_karaganda_alone_has_a_database_of_2005():
    assert list(CommunityProfile.objects.filter(year=2005).values_list("centre__code", flat=True)) == ["karaganda"]
    assert CommunityProfile.objects.get(centre__code="karaganda").groups.count() == 4


def test_money_came_from_where_the_report_says():
    sources = {}
    for code, source in Income.objects.filter(date__lt=THEN).values_list("centre__code", "source").distinct():
        sources.setdefault(code, set()).add(source)
    without_budget = {code for code in CODES if "main_budget" not in sources[code]}
    assert without_budget == {"nogaibai", "karabulak", "amanbokter", "taraz"}
    assert set(sources) == set(CODES)


# What the report has no data on


def test_no_slip_and_no_follow_up_and_no_certificate_of_kordai_in_the_report():
    last = HALF[1]
    assert not Slip.objects.filter(filled_on__lte=last).exists()
    assert not FollowUp.objects.filter(asked_on__lte=last).exists()
    assert not Certificate.objects.filter(centre__code="kordai").exists()


def test_certificates_of_2005_are_of_the_centre_with_a_legal_status():
    issued = Certificate.objects.order_by("number")
    assert set(issued.values_list("centre__code", "centre__legal_status", "is_recognised")) == {
        ("taraz", "registered", True)
    }
    assert list(issued.values_list("number", flat=True)) == [1, 2, 3, 4, 5, 6]
    assert {words["programme"] for row in issued for words in row.wordings.values()} == {
        "Тігін, қысқа курс",
        "Шитьё, краткий курс",
    }


def test_two_loads_are_alike():
    """Chance falls the same way: what another process draws is what stands here."""
    code = (
        "from clcnet.demo.names import Crowd; crowd = Crowd('taraz');"
        "print([crowd.draw(women=.5, born=(1950, 1980)).given_name for _ in range(20)])"
    )
    said = {
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout for _ in "ab"
    }
    assert len(said) == 1


def test_the_present_lies_outside_the_year_that_is_retold():
    today = date.today()
    groups = Group.objects.filter(start__gte=THEN)
    assert groups.exists()
    assert not groups.filter(start__lt=today - timedelta(days=330)).exists()
