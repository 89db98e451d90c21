"""Slips without names, and graduates asked half a year later."""

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from centres.changes import events_of
from centres.dates import months_before
from training.models import Consent, ConsentText, Enrolment, FollowUp, Slip
from training.models.outcomes import due_for_follow_up
from training.outcomes import Afterwards, afterwards, satisfaction_of

from ..factories import (
    make_completed,
    make_enrolment,
    make_expert,
    make_facilitator,
    make_follow_up,
    make_group,
    make_slip,
    make_trainee,
)

pytestmark = pytest.mark.django_db
END = date(2005, 6, 24)
DUE = date(2005, 12, 24)
SAME = "6f2f0e6e-8a43-4b0c-9d6e-0a0f4c1d2e3f"


@pytest.fixture
def group(alpha):
    return make_group(alpha, name="Sewing")


@pytest.fixture
def facilitator(alpha):
    return make_facilitator(alpha, username="aigul", name="Aigul")


def grid(*rows, **values):
    """What a browser sends for the grid."""
    data = {"form-TOTAL_FORMS": max(len(rows), 1), "form-INITIAL_FORMS": 0, "filled_on": "2005-06-24", **values}
    for place, row in enumerate(rows):
        filled = {"id": str(uuid4()), "language": "kk", "content": "", "methods": "", "quality": "", "words": "", **row}
        data |= {f"form-{place}-{name}": value for name, value in filled.items()}
    return data


def slips_page(group):
    return reverse("training:slips", args=[group.pk])


# --- Slips ----------------------------------------------------------------------------------------------------------


def test_several_slips_at_once_and_empty_rows_left_out(client_of, facilitator, group):
    data = grid({"content": "good", "quality": "bad"}, {}, {"words": "More practice"}, {"language": "ru"})
    response = client_of(facilitator).post(slips_page(group), data, follow=True)
    assert response.redirect_chain == [(slips_page(group), 302)]
    assert [str(message) for message in response.context["messages"]] == ["2 slips are stored."]
    stored = sorted(Slip.objects.values_list("content", "methods", "quality", "words", "language", "filled_on"))
    assert stored == [("", "", "", "More practice", "kk", END), ("good", "", "bad", "", "kk", END)]


def test_answers_are_buttons_and_none_is_preset(client_of, facilitator, group):
    """What was tapped stands again after a mistake."""
    client = client_of(facilitator)

    def ticked(response):
        return re.findall(r'name="(form-\d-\w+)" value="(\w*)"[^>]* checked', response.content.decode())

    assert ticked(client.get(slips_page(group))) == []
    refused = client.post(slips_page(group), grid({"content": "good", "quality": "bad"}, {}, filled_on=""))
    assert ticked(refused) == [("form-0-content", "good"), ("form-0-quality", "bad")]


def test_a_resend_makes_no_second_slip(client_of, facilitator, group, beta):
    client, data = client_of(facilitator), grid({"content": "good"}, {"content": "bad"})
    for _time in range(2):
        assert client.post(slips_page(group), data).status_code == 302
    assert Slip.objects.count() == 2
    foreign = make_slip(make_group(beta))
    client.post(slips_page(group), grid({"id": str(foreign.pk), "content": "bad"}))
    foreign.refresh_from_db()
    assert (foreign.content, foreign.centre) == ("good", beta)
    assert Slip.objects.filter(group=group).count() == 3, "hers is stored under an id of its own"


def test_a_slip_sent_again_with_another_answer_is_not_thrown_away(client_of, facilitator, group):
    client, pk = client_of(facilitator), str(uuid4())
    client.post(slips_page(group), grid({"id": pk, "content": "bad"}))
    response = client.post(slips_page(group), grid({"id": pk, "content": "good"}, {"content": "partly"}))
    assert response.status_code == 422
    text = "This slip is stored already, with other answers. Take that one out, then send this one again."
    assert text in response.content.decode()
    assert list(Slip.objects.values_list("content", flat=True)) == ["bad"]
    Slip.objects.get().delete()
    again = client.post(slips_page(group), grid({"id": pk, "content": "good"}, {"content": "partly"}))
    assert (again.status_code, Slip.objects.count()) == (302, 2)


@pytest.mark.parametrize(
    "data",
    [
        grid({}),
        grid({"content": "good"}, filled_on="2005-01-09"),
        grid({"content": "good"}, filled_on="2100-01-09"),
        grid({"content": "good"}, filled_on=""),
        grid({"content": "five"}),
        grid({"content": "good", "language": ""}),
        grid({"content": "good", "id": "x"}),
        grid({"content": "good", "id": SAME}, {"content": "good", "id": SAME}),
        {"form-TOTAL_FORMS": "x"},
        {},
    ],
)  # fmt: skip
def test_bad_slips_are_refused_and_stay_on_the_page(client_of, facilitator, group, data):
    data = data | {"form-0-words": "Typed with care"} if data.get("form-0-content") else data
    response = client_of(facilitator).post(slips_page(group), data)
    assert response.status_code == 422
    assert "Please mend this first" in response.content.decode()
    assert not Slip.objects.exists()
    if data.get("form-0-words"):
        assert "Typed with care" in response.content.decode()


def test_answers_are_counted_with_their_denominators(group):
    for _n in range(3):
        make_enrolment(group)
    make_completed(group)
    make_enrolment(group, status="dropped", ended_on=date(2005, 3, 1), reason="work")
    make_enrolment(group, status="waiting", started_on=None)
    make_slip(group)
    make_slip(group, content="bad", methods="", words="x")
    make_slip(group, content="", methods="", words="x")
    figures = satisfaction_of(group)
    assert (figures.slips, figures.people, figures.rate) == (3, 4, 75)
    counts = [(each.good, each.partly, each.bad, each.none, each.valid, each.share) for each in figures.questions]
    assert counts == [(1, 0, 1, 1, 2, 50), (0, 1, 0, 2, 1, 0), (0, 0, 0, 3, 0, None)]


def test_nobody_named_is_no_response_rate(alpha):
    told = make_group(alpha, keeping="totals")
    make_slip(told)
    assert satisfaction_of(told).rate is None


def test_an_expert_sees_no_few_slips_and_never_a_single_one(client_of, network, group, facilitator):
    expert, own = client_of(make_expert(network)), client_of(facilitator)
    for n in range(4):
        make_slip(group, words=f"Word {n}", content="bad")
    text = expert.get(slips_page(group)).content.decode()
    assert "Too few slips" in text
    assert "Word" not in text
    assert "100 %" not in text
    assert "Word 3" in own.get(slips_page(group)).content.decode()
    make_slip(group, words="Word 4", content="bad")
    text = expert.get(slips_page(group)).content.decode()
    assert "Word 4" in text
    assert "Take out" not in text
    assert expert.post(slips_page(group), grid({"content": "good"})).status_code == 403


def test_a_mistyped_slip_is_taken_out_and_history_keeps_it(client_of, facilitator, group):
    client = client_of(facilitator)
    client.post(slips_page(group), grid({"content": "good"}, {"content": "bad"}))
    wrong = Slip.objects.get(content="bad")
    assert client.post(reverse("training:slip_delete", args=[group.pk, wrong.pk])).status_code == 302
    assert Slip.objects.count() == 1
    assert list(events_of(Slip).filter(pgh_label="delete").values_list("content", flat=True)) == ["bad"]
    assert client.get(slips_page(group)).context["typed"] == [(facilitator, 2, 1)]
    assert client.post(reverse("training:slip_delete", args=[group.pk, wrong.pk])).status_code == 404


def test_the_page_of_slips_tells_no_day_and_no_order(client_of, facilitator, group):
    for n in range(6):
        make_slip(group, words=f"Word {n}", filled_on=date(2005, 6, 10 + n))
    text = client_of(facilitator).get(slips_page(group)).content.decode()
    assert "June 2005" not in text
    assert "2005-06-1" not in text


# --- Whom to ask ----------------------------------------------------------------------------------------------------


def due(day):
    return list(due_for_follow_up(Enrolment.objects.all(), day))


def test_graduates_are_due_after_six_months_and_before_twelve(group):
    graduate = make_completed(group)
    make_enrolment(group)
    make_enrolment(group, status="dropped", ended_on=END, reason="work")
    days = [DUE - timedelta(1), DUE, date(2006, 6, 23), date(2006, 6, 24)]
    assert [due(day) for day in days] == [[], [graduate], [graduate], []]


def test_who_was_reached_is_not_asked_again(group):
    make_follow_up(make_completed(group), DUE, "none")
    assert due(DUE + timedelta(30)) == []


def test_a_failed_attempt_is_repeated_after_two_weeks_and_three_are_enough(group):
    graduate = make_completed(group)
    for n in range(2):
        make_follow_up(graduate, DUE + timedelta(20 * n))
    last = DUE + timedelta(20)
    assert due(last + timedelta(13)) == []
    (found,) = due(last + timedelta(14))
    assert (found, found.attempts, found.last_asked) == (graduate, 2, last)
    make_follow_up(graduate, last + timedelta(14))
    assert due(last + timedelta(60)) == []


def test_who_took_back_the_consent_is_not_asked(group, network):
    graduate = make_completed(group)
    text = ConsentText.objects.create(network=network, purpose="data", number=1, text="May we?")
    given = {"centre": group.centre, "trainee": graduate.trainee, "text": text, "language": "kk"}
    Consent.objects.create(**given, given_on=date(2005, 1, 10), withdrawn_on=date(2005, 7, 1))
    assert due(DUE) == []


# --- Writing it down ------------------------------------------------------------------------------------------------


def filled(**values):
    return {"result": "employed", "how": "phone", "asked_on": f"{DUE}", "asked_by": "Aigul", "note": "", **values}


def entry(enrolment):
    return reverse("training:follow_up_new", args=[enrolment.pk])


def test_one_screen_and_back_to_the_list(client_of, facilitator, group):
    graduate, client = make_completed(group), client_of(facilitator)
    form = client.get(entry(graduate)).context["form"]
    assert (form["asked_by"].value(), form["asked_on"].value()) == ("Aigul", timezone.localdate())
    data = filled(id=form["id"].value())
    for _time in range(2):  # a resend makes no second one
        response = client.post(f"{entry(graduate)}?group={group.pk}", data)
        assert response.headers["Location"] == f"{reverse('training:follow_ups')}?group={group.pk}"
    found = FollowUp.objects.get()
    assert (found.enrolment, found.result, found.asked_on, found.asked_by) == (graduate, "employed", DUE, "Aigul")


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        ({"asked_on": "2005-06-23"}, "asked_on", "The group lasted for this person until 24 June 2005."),
        ({"asked_on": "2100-01-01"}, "asked_on", "This day lies in the future."),
        ({"asked_on": ""}, "asked_on", "This field is required."),
        ({"result": ""}, "result", "This field is required."),
        ({"result": "rich"}, "result", "Select a valid choice. rich is not one of the available choices."),
        ({"asked_by": " "}, "asked_by", "This field is required."),
    ],
)
def test_a_bad_entry_is_refused_in_place(client_of, facilitator, group, values, field, sentence):
    response = client_of(facilitator).post(entry(make_completed(group)), filled(note="Sews at home", **values))
    assert response.status_code == 422
    assert response.context["form"].errors == {field: [sentence]}
    assert "Sews at home" in response.content.decode()
    assert not FollowUp.objects.exists()


def test_only_graduates_of_the_own_centre_are_asked(client_of, facilitator, group, beta, network):
    client = client_of(facilitator)
    assert client.get(entry(make_enrolment(group))).status_code == 404
    assert client.post(entry(make_completed(make_group(beta))), filled()).status_code == 404
    assert client_of(make_expert(network)).post(entry(make_completed(group)), filled()).status_code == 403


def test_the_id_of_another_centre_s_entry_is_of_no_use(client_of, facilitator, group, beta):
    foreign = make_follow_up(make_completed(make_group(beta)), DUE)
    client_of(facilitator).post(entry(make_completed(group)), filled(id=foreign.pk))
    foreign.refresh_from_db()
    assert foreign.result == "not_reached"
    assert FollowUp.objects.count() == 2


def test_nobody_is_asked_after_the_consent_was_withdrawn(client_of, facilitator, group, network):
    graduate = make_completed(group)
    text = ConsentText.objects.create(network=network, purpose="data", number=1, text="May we?")
    given = {"centre": group.centre, "trainee": graduate.trainee, "text": text, "language": "kk"}
    Consent.objects.create(**given, given_on=date(2005, 1, 10), withdrawn_on=date(2005, 7, 1))
    client = client_of(facilitator)
    assert "not asked any more" in client.get(entry(graduate)).content.decode()
    assert client.post(entry(graduate), filled()).status_code == 422
    assert not FollowUp.objects.exists()


def test_a_later_correction_and_two_at_once(client_of, facilitator, coordinator, group):
    row = make_follow_up(make_completed(group), DUE)
    address = reverse("training:follow_up", args=[row.pk])
    assert client_of(facilitator).post(address, filled(result="study", version=1)).status_code == 302
    row.refresh_from_db()
    assert (row.result, row.version) == ("study", 2)
    response = client_of(coordinator).post(address, filled(result="none", version=1))
    assert response.status_code == 409
    assert [(each.label, each.mine, each.theirs) for each in response.context["differences"]] == [
        ("Result", "none of these", "further study")
    ]
    client = client_of(facilitator)
    assert client.post(reverse("training:follow_up_delete", args=[row.pk])).status_code == 302
    assert not FollowUp.objects.exists()


# --- The list and its figures ---------------------------------------------------------------------------------------


def test_the_figures_name_reached_not_reached_and_not_asked(group):
    people = [make_completed(group) for _n in range(8)]
    make_completed(group, ended_on=date(2005, 6, 25))  # six months are not over
    make_completed(group, ended_on=date(2005, 1, 20))  # nobody asked in time
    make_follow_up(people[0], DUE, "employed")
    make_follow_up(people[1], DUE, "not_reached")
    make_follow_up(people[1], DUE + timedelta(1), "business")
    make_follow_up(people[2], DUE, "none")
    make_follow_up(people[3], DUE, "employed")
    make_follow_up(people[3], DUE + timedelta(1), "study")  # of two answers the later one counts
    make_follow_up(people[4], DUE)
    found = afterwards(Enrolment.objects.all(), date(2006, 1, 20))
    expected = Afterwards(graduates=10, not_reached=1, too_late=1, to_ask=4, employed=1, business=1, study=1, none=1)
    assert found == expected
    assert (found.reached, found.not_asked, found.working, found.share, found.lower_bound) == (4, 5, 2, 50, 20)


def test_nobody_reached_is_no_data(group):
    make_completed(group)
    found = afterwards(Enrolment.objects.all(), DUE)
    assert (found.share, found.lower_bound) == (None, 0)
    assert afterwards(Enrolment.objects.none(), DUE).lower_bound is None


def graduate_of_today(group, **kwargs):
    """Somebody who is due today, whatever the day is."""
    ended = months_before(timezone.localdate(), 7)
    trainee = make_trainee(group.centre, **kwargs)
    return make_enrolment(group, trainee, status="completed", ended_on=ended, started_on=ended, applied_on=ended)


def test_contacts_are_for_the_centre_and_the_coordinator(client_of, facilitator, coordinator, network, group):
    graduate_of_today(group, surname="Abai", phone="8 (701) 123-45-67")
    address, link = reverse("training:follow_ups"), '<a href="tel:87011234567">8 (701) 123-45-67</a>'
    for user, sees in ((facilitator, True), (coordinator, True), (make_expert(network), False)):
        text = client_of(user).get(address).content.decode()
        assert "Abai" in text
        assert (link in text) is sees
        assert ("701" in text) is sees
        assert ("Write down the answer" in text) is sees


def test_a_child_s_guardian_is_called(client_of, facilitator, group):
    graduate_of_today(group, guardian_name="Her mother", guardian_phone="+7 701 123 45 67")
    text = client_of(facilitator).get(reverse("training:follow_ups")).content.decode()
    assert 'Her mother: <a href="tel:+77011234567">' in text


def test_filters_by_centre_and_group(client_of, coordinator, facilitator, group, beta):
    other, foreign = make_group(group.centre), make_group(beta)
    rows = [graduate_of_today(each) for each in (group, other, foreign)]

    def listed(user, **query):
        return {row for row, *_rest in client_of(user).get(reverse("training:follow_ups"), query).context["rows"]}

    assert listed(coordinator) == {*rows}
    assert listed(coordinator, centre="alpha") == {*rows[:2]}
    assert listed(coordinator, centre="alpha", group=other.pk) == {rows[1]}
    assert listed(facilitator) == {*rows[:2]}
    assert listed(facilitator, group=group.pk) == {rows[0]}
    assert listed(facilitator, group=foreign.pk) == {*rows[:2]}, "an unknown value narrows nothing"
    assert listed(facilitator, group="x", centre="beta", page="x") == {*rows[:2]}


@pytest.mark.parametrize("query", [{}, {"list": "answers"}])
def test_one_and_three_rows_take_the_same_queries(client_of, facilitator, group, query):
    client, counts = client_of(facilitator), []
    for size in (1, 2):
        for _n in range(size):
            graduate_of_today(group, phone="8 701 123 45 67")
            make_follow_up(graduate_of_today(group), timezone.localdate(), "study")
        with CaptureQueriesContext(connection) as queries:
            response = client.get(reverse("training:follow_ups"), query)
        counts.append(len(queries))
    assert len(response.context["rows"]) == 3
    assert counts[0] == counts[1]


def test_one_and_three_slips_take_the_same_queries(client_of, facilitator, group):
    client, counts = client_of(facilitator), []
    for size in (1, 2):
        for _n in range(size):
            make_slip(group, words="x")
        with CaptureQueriesContext(connection) as queries:
            response = client.get(slips_page(group))
        counts.append(len(queries))
    assert len(response.context["page"]) == 3
    assert counts[0] == counts[1]
