"""What a centre keeps: rules of the rows, and what they add up to."""

from datetime import date, timedelta
from decimal import Decimal
from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import override

from centres.models import (
    Centre,
    CentreDocument,
    CommitteeMember,
    Decision,
    Equipment,
    Income,
    IncomeForecast,
    Meeting,
    Partner,
    PopulationCount,
    TargetGroup,
    TargetGroupCount,
)
from centres.models.finance import YearTable
from centres.templatetags.centres import amount
from centres.versions import EditConflict

from ..factories import make_centre, make_network
from ..kept import (
    make_all,
    make_committee_member,
    make_decision,
    make_document,
    make_equipment,
    make_forecast,
    make_income,
    make_meeting,
    make_partner,
    make_profile,
    make_study,
    make_target_group,
)

pytestmark = pytest.mark.django_db


def refused(make, *args, **kwargs):
    """The name of the constraint that refuses the row."""
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        make(*args, **kwargs)
    return error.value.__cause__.diag.constraint_name


DAY, BEFORE = date(2005, 3, 1), date(2005, 2, 28)
RULES = [
    (make_equipment, {"quantity": 0, "working": 0}, "equipment_quantity_at_least_one"),
    (make_equipment, {"quantity": 2, "working": 3}, "equipment_working_not_above_quantity"),
    (make_equipment, {"fault": "It smells."}, "equipment_fault_only_when_broken"),
    (make_equipment, {"not_working_since": DAY}, "equipment_fault_only_when_broken"),
    (make_equipment, {"working": 0, "not_working_since": BEFORE, "acquired": DAY}, "equipment_dates_in_order"),
    (make_partner, {"from_date": DAY, "until_date": BEFORE}, "partner_dates_in_order"),
    (make_committee_member, {"from_date": DAY, "until_date": BEFORE}, "committeemember_dates_in_order"),
    (make_income, {"amount": -1}, "income_amount_not_negative"),
    (make_forecast, {"amount": -1}, "incomeforecast_amount_not_negative"),
    (make_document, {"from_date": DAY, "until_date": BEFORE}, "centredocument_dates_in_order"),
    (make_document, {"from_date": DAY, "year": 2005}, "centredocument_year_or_dates"),
    (make_document, {"kind": "schedule"}, "centredocument_required_has_a_time"),
    (make_document, {"kind": "photo", "consent_given": "yes"}, "centredocument_consent_of_somebody"),
    (make_study, {"from_date": DAY, "until_date": BEFORE}, "needsstudy_dates_in_order"),
    (make_profile, {"year": 1890}, "communityprofile_year"),
]


@pytest.mark.parametrize(("make", "values", "name"), RULES, ids=[f"{row[2]}-{n}" for n, row in enumerate(RULES)])
def test_the_database_refuses(alpha, make, values, name):
    assert refused(make, alpha, **values) == name


def test_the_database_refuses_a_second_of_its_kind(alpha, network):
    make_forecast(alpha)
    assert refused(make_forecast, alpha) == "incomeforecast_once"
    make_profile(alpha, year=2005)
    assert refused(make_profile, alpha, year=2005) == "communityprofile_once_a_year"
    make_target_group(network, key="farmers")
    assert refused(make_target_group, network, key="farmers") == "targetgroup_key_once"


@pytest.mark.parametrize("values", [{"state": "done"}, {"done_on": DAY}, {"state": "dropped", "done_on": DAY}])
def test_a_decision_that_is_done_has_its_day(alpha, values):
    meeting = make_meeting(alpha)
    assert refused(make_decision, meeting, **values) == "decision_done_with_its_day"


def test_parts_stay_at_the_centre_of_the_whole(alpha, beta):
    for make in (
        lambda: make_decision(make_meeting(alpha), centre=beta),
        lambda: PopulationCount.objects.create(
            profile=make_profile(alpha), centre=beta, sex="male", age="0-6", people=1
        ),
        lambda: TargetGroupCount.objects.create(
            profile=make_profile(alpha), centre=beta, group=make_target_group(alpha.network), people=1
        ),
    ):
        with pytest.raises(IntegrityError, match="points to another centre"), transaction.atomic():
            make()


def test_who_sees_and_who_changes_what_a_centre_keeps(alpha, beta, personas):
    rows = {name: row for name, row in make_all(alpha).items() if name != "target_group"}
    make_all(beta)
    sees = {"coordinator", "expert", "facilitator_alpha"}
    for row in rows.values():
        for name, person in vars(personas).items():
            of_alpha = type(row).objects.filter(centre=alpha)
            assert list(of_alpha.visible_to(person)) == ([row] if name in sees else [])
            assert list(of_alpha.editable_by(person)) == ([row] if name in sees - {"expert"} else [])


# Equipment


def test_what_is_out_of_order_and_the_share_that_works(alpha):
    whole = make_equipment(alpha, quantity=3, working=3)
    half = make_equipment(alpha, kind="fax", quantity=2, working=1)
    rows = Equipment.objects.for_list()
    assert list(rows) == [whole, half]
    assert list(rows.out_of_order()) == [half]
    assert rows.totals() == {"owned": 5, "working": 4}
    assert Equipment.objects.none().totals() == {"owned": 0, "working": 0}


def test_reporting_breaks_and_repairs_one_piece_at_a_time(alpha):
    row, today = make_equipment(alpha, quantity=2, working=2), timezone.localdate()

    def state():
        row.refresh_from_db()
        return row.working, row.not_working_since, row.fault, row.version

    row.report_broken(version=1)
    assert state() == (1, today, "", 2)
    row.fault, row.not_working_since = "No power.", DAY
    row.write(version=2)
    row.report_broken(version=3)
    assert state() == (0, DAY, "No power.", 4)
    row.report_broken(version=4)
    assert state() == (0, DAY, "No power.", 4)  # there is no third one
    row.report_repaired(version=4)
    assert state() == (1, DAY, "No power.", 5)
    with pytest.raises(EditConflict):
        row.report_repaired(version=4)
    assert state() == (1, DAY, "No power.", 5)
    row.report_repaired(version=5)
    assert state() == (2, None, "", 6)
    row.report_repaired(version=6)
    assert state() == (2, None, "", 6)


# Partners and committee


def test_partners_of_a_day(alpha):
    make_partner(alpha, until_date=BEFORE)
    make_partner(alpha, from_date=DAY + timedelta(1))
    now = make_partner(alpha, name="Б", from_date=DAY)
    open_ended = make_partner(alpha, name="Ә")
    assert list(Partner.objects.on(DAY).for_list()) == [open_ended, now]


def test_deputy_and_secretary_come_first(alpha):
    member = make_committee_member(alpha, name="A")
    deputy = make_committee_member(alpha, name="B", role="deputy")
    left = make_committee_member(alpha, name="C", role="secretary", until_date=BEFORE)
    assert list(CommitteeMember.objects.for_list()) == [deputy, left, member]
    assert list(CommitteeMember.objects.on(DAY).for_list()) == [deputy, member]


def activity(centre, day):
    found = Centre.objects.with_committee_activity(day).get(pk=centre.pk)
    return found.minuted_meetings, found.decisions_done, found.committee_active


def test_a_committee_is_active_with_two_meetings_and_a_decision_done_in_six_months(alpha, beta):
    day = date(2005, 6, 30)
    assert activity(alpha, day) == (0, 0, False)
    first = make_meeting(alpha, date=date(2004, 12, 31), minutes="Held.")
    make_meeting(alpha, date=date(2005, 5, 1))  # without minutes
    make_meeting(beta, date=date(2005, 5, 1), minutes="Held.")
    make_decision(first)
    decision = make_decision(first, state="done", done_on=date(2004, 12, 30))  # a day too early
    assert activity(alpha, day) == (1, 0, False)
    make_meeting(alpha, date=day, file="ab/minutes.pdf")
    assert activity(alpha, day) == (2, 0, False)
    Decision.objects.filter(pk=decision.pk).update(done_on=day)
    assert activity(alpha, day) == (2, 1, True)
    assert activity(alpha, day + timedelta(1)) == (1, 1, False)
    active = Centre.objects.with_committee_activity(day).filter(committee_active=True)
    assert list(active) == [alpha]


def test_a_decision_is_finished_once(alpha):
    row = make_decision(make_meeting(alpha))
    row.finish(version=1)
    row.finish(version=1)  # a second tap
    row.refresh_from_db()
    assert (row.state, row.done_on, row.version) == ("done", timezone.localdate(), 2)


def test_open_decisions_come_first_and_the_late_ones_are_named(alpha):
    meeting = make_meeting(alpha)
    done = make_decision(meeting, state="done", done_on=DAY, due=BEFORE)
    whenever = make_decision(meeting)
    soon = make_decision(meeting, due=DAY)
    assert list(Meeting.objects.for_list().get().decisions.all()) == [soon, whenever, done]
    assert list(Decision.objects.overdue(DAY)) == []
    assert list(Decision.objects.overdue(DAY + timedelta(1))) == [soon]
    assert [row.is_overdue for row in (soon, whenever, done)] == [True, False, False]


# Finance


def test_the_year_table(alpha, beta):
    make_income(alpha, amount=Decimal("1.50"))
    make_income(alpha, amount=Decimal("2.25"), date=date(2005, 12, 31))
    make_income(alpha, source="rent", amount=0)
    make_income(alpha, source="sponsors", amount=7, date=date(2004, 1, 1))
    make_income(beta, amount=1000)
    forecast = make_forecast(alpha, amount=10)
    make_forecast(alpha, year=2006)
    table = YearTable.of(Income.objects.filter(centre=alpha), IncomeForecast.objects.filter(centre=alpha), 2005)
    assert [(row.source.value, row.actual, row.forecast, row.last_year) for row in table.rows] == [
        ("main_budget", None, None, None),
        ("grants", Decimal("3.75"), forecast, None),
        ("rent", Decimal("0"), None, None),
        ("education", None, None, None),
        ("production", None, None, None),
        ("sponsors", None, None, Decimal(7)),
    ]
    assert table.total == {"actual": Decimal("3.75"), "forecast": Decimal(10), "last_year": Decimal(7)}
    empty = YearTable.of(Income.objects.none(), IncomeForecast.objects.none(), 2005)
    assert empty.total == {"actual": None, "forecast": None, "last_year": None}


def test_amounts_are_written_as_the_languages_do():
    with override("en"):
        written = [amount(number) for number in (Decimal("1500000.00"), Decimal("1.50"), 0, 41200)]
    with override("kk"):
        written.append(amount(Decimal("1234.50")))
    assert written == ["1\u202f500\u202f000", "1.50", "0", "41\u202f200", "1\u202f234,50"]


# Documents


def test_documents_of_a_year(alpha):
    inside = [
        make_document(alpha, kind="schedule", year=2005),
        make_document(alpha, kind="year_plan", from_date=date(2004, 9, 1), until_date=date(2005, 1, 1)),
        make_document(alpha, kind="journal", from_date=date(2005, 12, 31)),
        make_document(alpha, kind="curricula", from_date=date(2003, 1, 1)),  # still in force
        make_document(alpha, kind="other", until_date=date(2005, 6, 1)),
    ]
    make_document(alpha, kind="operational_plan", year=2004)
    make_document(alpha, kind="operational_plan", from_date=date(2006, 1, 1))
    make_document(alpha, kind="operational_plan", from_date=date(2004, 1, 1), until_date=date(2004, 12, 31))
    make_document(alpha)  # of no time
    rows = CentreDocument.objects.of_year(2005)
    assert set(rows) == set(inside)
    assert CentreDocument.objects.kinds_of_year(2005) == {"schedule", "year_plan", "journal", "curricula"}


@pytest.mark.parametrize(("consent", "publishable"), [("yes", True), ("no", False), ("unknown", False)])
def test_a_photo_needs_consent(alpha, consent, publishable):
    photo = make_document(alpha, kind="photo", consent_given=consent, consent_of="Aigul")
    plan = make_document(alpha)
    assert (photo.is_publishable, plan.is_publishable) == (publishable, True)
    assert set(CentreDocument.objects.publishable()) == ({photo, plan} if publishable else {plan})


# Community


def test_the_counted_people_and_nobody_counted(alpha):
    profile = make_profile(alpha)
    assert profile.counted is None
    for sex, people in (("female", 7), ("male", 0)):
        PopulationCount.objects.create(profile=profile, centre=alpha, sex=sex, age="0-6", people=people)
    assert profile.counted == 7


def test_a_network_is_furnished_once(network):
    own = make_target_group(network, key="farmers", title="Our farmers", position=3)
    assert TargetGroup.objects.furnish(network) == 13
    assert TargetGroup.objects.furnish(network) == 0
    groups = list(network.target_groups.for_list())
    assert [group.position for group in groups] == list(range(3, 17))
    assert groups[0] == own
    assert {group.key for group in groups if group.is_sensitive} == {"repatriates", "disabled"}
    untranslated = [group.key for group in groups if group != own and not (group.title_ru and group.title_kk)]
    assert untranslated == []


def test_who_sees_the_target_groups(network, personas):
    group = make_target_group(network)
    make_target_group(make_network())
    sees = {"coordinator", "expert", "facilitator_alpha", "facilitator_beta"}
    for name, person in vars(personas).items():
        assert list(TargetGroup.objects.visible_to(person)) == ([group] if name in sees else [])
        assert list(TargetGroup.objects.editable_by(person)) == ([group] if name == "coordinator" else [])


def test_a_group_that_was_counted_is_not_deleted(alpha, network):
    group = make_target_group(network)
    TargetGroupCount.objects.create(profile=make_profile(alpha), centre=alpha, group=group, people=5)
    with pytest.raises(IntegrityError), transaction.atomic():
        group.delete()
    group.retired = True
    group.save()
    assert list(TargetGroup.objects.offered()) == []


def test_codes_of_centres_leave_the_address_of_target_groups_free(network):
    assert refused(make_centre, network, code="target-groups") == "centre_code_not_reserved"


def test_networks_that_were_there_before_get_the_usual_groups(network):
    other = make_network()
    own = make_target_group(other)
    import_module("centres.migrations.0003_target_groups").furnish(apps, None)
    assert list(other.target_groups.all()) == [own]
    furnished = list(network.target_groups.order_by("position").values_list("key", "title", "i18n", "is_sensitive"))
    TargetGroup.objects.all().delete()
    TargetGroup.objects.furnish(network)
    fields = ("key", "title", "i18n", "is_sensitive")
    assert list(network.target_groups.order_by("position").values_list(*fields)) == furnished
    assert len(furnished) == 14
