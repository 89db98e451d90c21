"""The pages of what a centre keeps: entering, mistakes, conflicts, deleting, lists; the network's target groups."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from centres.forms.numbers import AmountField, WholeField
from centres.models import (
    CentreDocument,
    CommunityProfile,
    Decision,
    Equipment,
    Income,
    IncomeForecast,
    Meeting,
    NeedsStudy,
    Partner,
    TargetGroup,
)

from ..factories import make_coordinator, make_network
from ..kept import (
    PDF,
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


@pytest.fixture
def client(client_of, personas):
    """Alpha's facilitator."""
    return client_of(personas.facilitator_alpha)


def to(name, *args):
    return reverse(f"centres:{name}", args=["alpha", *args])


def errors(answer):
    """What a refused form says; what was sent is still in it."""
    assert answer.status_code == 422
    return {name: list(texts) for name, texts in answer.context["form"].errors.items()}


NEW = {
    "equipment": (Equipment, {"kind": "fax", "quantity": "2", "working": "1", "fault": "No paper."}),
    "member": (None, {"name": "Saule", "role": "deputy"}),
    "meeting": (Meeting, {"date": "2005-03-01", "present": "7", "minutes": "Held."}),
    "partner_org": (Partner, {"name": "Workshop", "kind": "business", "agreement": "written"}),
    "income": (Income, {"date": "2005-03-01", "source": "rent", "amount": "1 500,5"}),
    "forecast": (IncomeForecast, {"year": "2005", "source": "rent", "amount": "1.5"}),
    "document": (CentreDocument, {"kind": "year_plan", "year": "2005", "consent_given": "unknown"}),
    "profile": (CommunityProfile, {"year": "2005", "female-0-6": "1 200", "male-60+": "0"}),
    "study": (NeedsStudy, {"from_date": "2005-03-01", "methods": "Interviews", "people_asked": "86"}),
}


@pytest.mark.parametrize("name", NEW)
def test_entering_something_and_sending_it_twice(client, alpha, name):
    model, values = NEW[name]
    values = {**values, "id": str(uuid4())}
    answers = [client.post(to(f"{name}_new"), values) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    if model:
        row = model.objects.get()
        assert (str(row.pk), row.centre, row.version) == (values["id"], alpha, 1)
    page = client.get(answers[0].headers["Location"])
    assert page.status_code == 200


def test_sent_again_with_other_values_both_stand_and_nothing_is_lost(client, alpha):
    """Stored, the answer lost on the way, and then corrected under the Back button of the browser."""
    values = {"date": "2005-03-01", "source": "rent", "amount": "1 000", "id": str(uuid4())}
    client.post(to("income_new"), values)
    answer = client.post(to("income_new"), values | {"amount": "100 000,50"})
    assert answer.status_code == 409
    assert [(item.label, item.mine, item.theirs) for item in answer.context["differences"]] == [
        ("Amount, in tenge", "100000.5", "1000")
    ]
    assert Income.objects.get().amount == 1000
    again = answer.context["form"]
    sent = {name: again[name].value() or "" for name in again.fields}
    assert client.post(to("income_new"), sent).status_code == 302
    row = Income.objects.get()
    assert (str(row.pk), row.amount, row.version) == (values["id"], Decimal("100000.50"), 2)


def test_the_file_sent_again_is_recognised_and_another_is_asked_for(client, alpha):
    values = {"kind": "year_plan", "year": "2005", "consent_given": "unknown", "id": str(uuid4())}

    def send(content):
        return client.post(to("document_new"), values | {"file": SimpleUploadedFile("plan.pdf", content)})

    assert [send(PDF).status_code for _time in range(2)] == [302, 302]
    assert CentreDocument.objects.get().version == 1
    other = send(PDF + b"more")
    assert other.status_code == 409
    assert [item.label for item in other.context["differences"]] == ["File"]
    assert CentreDocument.objects.get().file.size == len(PDF)


@pytest.mark.parametrize("name", NEW)
def test_an_empty_form_is_refused_in_words(client, name):
    answer = client.post(to(f"{name}_new"), {"id": "nonsense"})
    assert "This field is required." in str(errors(answer))
    assert "Please mend this first:" in answer.text


def test_an_id_of_another_centre_opens_nothing(client, beta):
    theirs = make_equipment(beta, name="Secret")
    values = {"kind": "fax", "quantity": 1, "working": 1, "id": theirs.pk}
    answer = client.post(to("equipment_new"), values)
    assert answer.status_code == 302  # an entry of her own, under an id of its own
    theirs.refresh_from_db()
    assert (theirs.name, theirs.version, Equipment.objects.filter(centre__code="alpha").count()) == ("Secret", 1, 1)


TOMORROW = (timezone.localdate() + timedelta(1)).isoformat()
FUTURE = "This day lies in the future."
BACKWARDS = "The last day lies before the first."
MISTAKES = [
    ("equipment", {"kind": "fax", "quantity": "2", "working": "3"},
     {"working": ["More pieces work than there are. Correct one of the two numbers."]}),
    ("equipment", {"kind": "fax", "quantity": "1,5", "working": "1"}, {"quantity": ["Enter a whole number."]}),
    ("equipment", {"kind": "fax", "quantity": "0", "working": "0"},
     {"quantity": ["Not below 1."]}),
    ("equipment", {"kind": "fax", "quantity": "1", "working": "1", "fault": "No paper."},
     {"working": ["If all pieces work, clear what is wrong and since when."]}),
    ("equipment", {"kind": "fax", "quantity": "1", "working": "0", "acquired": TOMORROW}, {"acquired": [FUTURE]}),
    ("equipment",
     {"kind": "fax", "quantity": "1", "working": "0", "acquired": "2005-03-02", "not_working_since": "2005-03-01"},
     {"__all__": ["It is out of order since before it was acquired."]}),
    ("equipment", {"kind": "rocket", "quantity": "1", "working": "1"},
     {"kind": ["Select a valid choice. rocket is not one of the available choices."]}),
    ("member", {"name": "A", "role": "deputy", "from_date": "2005-03-02", "until_date": "2005-03-01"},
     {"until_date": [BACKWARDS]}),
    ("partner_org", {"name": "A", "kind": "ngo", "agreement": "oral", "from_date": "2005-03-02",
     "until_date": "2005-03-01"}, {"until_date": [BACKWARDS]}),
    ("income", {"date": TOMORROW, "source": "rent", "amount": "5"}, {"date": [FUTURE]}),
    ("income", {"date": "2005-03-01", "source": "rent", "amount": "-5"},
     {"amount": ["Not below 0."]}),
    ("income", {"date": "2005-03-01", "source": "rent", "amount": "about 5"},
     {"amount": ["Write an amount in figures, for example 1 500 000 or 1,5."]}),
    ("income", {"date": "2005-03-01", "source": "rent", "amount": "1,500"}, {"amount": [
        "“1,500” can be read in two ways. Write 1 500 or 1,50."]}),
    ("meeting", {"date": TOMORROW, "agenda": "Heating"}, {"date": [FUTURE]}),
    ("document", {"kind": "schedule", "consent_given": "unknown"},
     {"year": ["Say for which year or which time this document is."]}),
    ("document", {"kind": "schedule", "consent_given": "unknown", "year": "2005", "from_date": "2005-01-01"},
     {"year": ["Give the year or the dates, not both."]}),
    ("document", {"kind": "photo", "consent_given": "yes"},
     {"file": ["Choose the picture."], "consent_of": ["Say who has given the consent."]}),
    ("profile", {"year": "2005", "female-0-6": "-1", "male-0-6": "1,5"},
     {"female-0-6": ["Not below 0."], "male-0-6": ["Enter a whole number."]}),
    ("profile", {"year": "205"}, {"year": ["Not below 1990."]}),
    ("study", {"from_date": "2005-03-02", "until_date": "2005-03-01", "methods": "A talk"},
     {"until_date": [BACKWARDS]}),
    ("study", {"from_date": "02.13.2005", "methods": "A talk"}, {"from_date": ["Enter a valid date."]}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "values", "sentences"), MISTAKES, ids=[f"{m[0]}-{n}" for n, m in enumerate(MISTAKES)])
def test_a_mistake_is_said_in_place_and_nothing_is_stored(client, name, values, sentences):
    answer = client.post(to(f"{name}_new"), values)
    assert errors(answer) == sentences
    if model := NEW[name][0]:
        assert model.objects.count() == 0


def test_the_same_income_once_more_is_asked_about(client):
    income = {"date": "2005-03-01", "source": "rent", "amount": "1500", "from_whom": "The school"}
    assert 'name="another"' not in client.get(to("income_new")).content.decode()
    assert client.post(to("income_new"), income).status_code == 302
    asked = client.post(to("income_new"), income | {"amount": "1 500"})
    assert errors(asked) == {"another": ["The same income of this day is entered already. Is this another one?"]}
    assert 'name="another"' in asked.content.decode()
    assert 'name="another"' not in client.post(to("income_new"), income | {"date": ""}).content.decode()
    for other in ({"amount": "1501"}, {"source": "grants"}, {"from_whom": ""}, {"another": "on"}):
        assert client.post(to("income_new"), income | other).status_code == 302
    assert Income.objects.count() == 5
    row = Income.objects.first()
    changed = {"id": str(row.pk), "version": row.version, "base": "{}", "note": "Paid late"}
    path = to("income_edit", row.pk)
    shown = client.get(path).context["form"].shown()
    assert client.post(path, shown | changed).status_code == 302


def test_a_second_forecast_or_profile_of_a_year_is_refused(client, alpha):
    make_forecast(alpha, year=2005, source="rent")
    make_profile(alpha, year=2005)
    assert errors(client.post(to("forecast_new"), {"year": 2005, "source": "rent", "amount": 1})) == {
        "source": ["There is already a forecast for this source in this year. Edit that one."]
    }
    assert errors(client.post(to("profile_new"), {"year": 2005})) == {
        "year": ["There is already a profile for this year. Edit that one."]
    }


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("1,5", Decimal("1.5")),
        ("1.5", Decimal("1.5")),
        ("1 500 000", Decimal(1500000)),
        ("1\u00a0500\u202f000,25", Decimal("1500000.25")),
        ("0", Decimal(0)),
    ],
)
def test_amounts_as_people_type_them(typed, read):
    assert AmountField().clean(typed) == read


def test_counts_as_people_type_them():
    assert WholeField().clean(" 1 500 ") == 1500
    assert AmountField().prepare_value(Decimal("1500.00")) == "1500"
    assert AmountField().prepare_value(Decimal("1500.50")) == "1500.5"
    assert AmountField().prepare_value(Decimal("100")) == "100"


# Editing, conflicts, deleting


def test_an_edit_on_an_old_version_shows_both(client, alpha):
    row = make_income(alpha, amount=Decimal("1500.00"), note="Old")
    page = client.get(to("income_edit", row.pk))
    form = page.context["form"]
    sent = {name: form[name].value() for name in form.fields}
    sent = {name: value for name, value in sent.items() if value is not None} | {"note": "Mine"}
    sent["base"] = sent["base"]() if callable(sent["base"]) else sent["base"]
    Income.objects.filter(pk=row.pk).update(version=2, note="Theirs", from_whom="Akimat")
    answer = client.post(to("income_edit", row.pk), sent)
    assert answer.status_code == 409
    shown = [(item.label, item.mine, item.theirs, item.keeps_mine) for item in answer.context["differences"]]
    assert shown == [("From whom", "", "Akimat", False), ("Note", "Mine", "Theirs", True)]
    again = answer.context["form"]
    merged = {name: again[name].value() for name in again.fields}
    assert client.post(to("income_edit", row.pk), merged).status_code == 302
    row.refresh_from_db()
    assert (row.amount, row.note, row.from_whom, row.version) == (Decimal(1500), "Mine", "Akimat", 3)


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("equipment", make_equipment),
        ("member", make_committee_member),
        ("partner_org", make_partner),
        ("income", make_income),
        ("forecast", make_forecast),
        ("document", make_document),
        ("profile", make_profile),
        ("study", make_study),
        ("meeting", make_meeting),
    ],
)
def test_deleting_keeps_the_history(client, client_of, personas, alpha, name, make):
    row = make(alpha)
    path = to(f"{name}_delete", row.pk)
    assert path in client.get(to(f"{name}_edit", row.pk)).text
    assert client_of(personas.expert).post(path).status_code == 403
    assert client_of(personas.facilitator_beta).post(path).status_code == 404
    answer = client.post(path, follow=True)
    assert "The entry is deleted; the history keeps it." in answer.text
    assert not type(row).objects.exists()
    labels = type(row)._meta.get_field("events").related_model.objects.values_list("pgh_label", flat=True)
    assert list(labels.order_by("pgh_id")) == ["insert", "delete"]


def test_an_expert_reads_and_is_offered_nothing_to_change(client_of, personas, alpha):
    make_equipment(alpha, quantity=2, working=1)
    client = client_of(personas.expert)
    for tab in ("equipment", "committee", "partners", "finance", "documents", "community"):
        page = client.get(to(tab)).text
        assert "/new/" not in page
        assert "/edit/" not in page
        assert page.count('method="post"') == 2  # the language and signing out


# The tabs


def test_the_tabs_stand_on_the_centres_page_for_insiders_only(client_of, personas, alpha):
    tabs = f'href="{to("equipment")}"'
    seen = {
        name: tabs in client_of(person).get("/centres/alpha/").text
        for name, person in vars(personas).items()
        if name not in ("outsider", "anonymous")
    }
    assert seen == {
        "coordinator": True,
        "expert": True,
        "facilitator_alpha": True,
        "facilitator_beta": False,
        "donor": False,
    }


def test_one_tap_reports_what_broke(client, alpha):
    row = make_equipment(alpha, quantity=2, working=2)
    page = client.post(to("equipment_report", row.pk), {"what": "broken", "version": 1}, follow=True)
    assert "Reported: of computer, 1 of 2 work." in page.text
    page = client.post(to("equipment_report", row.pk), {"what": "broken", "version": 1}, follow=True)  # a second tap
    assert "Someone has just changed this entry. Look at it, and report again if needed." in page.text
    row.refresh_from_db()
    assert (row.working, row.not_working_since) == (1, timezone.localdate())
    for wrong in ({"what": "eaten", "version": 2}, {"what": "broken", "version": "x"}, {"what": "broken"}):
        assert client.post(to("equipment_report", row.pk), wrong).status_code == 404


def test_one_tap_finishes_a_decision(client, alpha):
    row = make_decision(make_meeting(alpha))
    assert "Done today" in client.get(to("committee")).text
    page = client.post(to("decision_done", row.pk), {"version": 1}, follow=True)
    assert "The decision is done." in page.text
    assert "Done today" not in page.text
    page = client.post(to("decision_done", row.pk), {"version": 9}, follow=True)
    assert Decision.objects.get().version == 2


def test_a_decision_belongs_to_its_meeting(client, alpha, beta):
    meeting = make_meeting(alpha, date=date(2005, 3, 1))
    path = to("decision_new", meeting.pk)
    values = {"text": "Buy paper", "state": "done", "due": "2005-02-01"}
    assert errors(client.post(path, values)) == {
        "due": ["This day lies before the meeting."],
        "done_on": ["Say on which day it was done."],
    }
    assert errors(client.post(path, {"text": "Buy", "state": "open", "done_on": "2005-03-01"})) == {
        "state": ["Only what is done has a day on which it was done."]
    }
    answer = client.post(path, {**values, "due": "", "done_on": "2005-03-02"})
    row = Decision.objects.get()
    assert (row.meeting, row.centre, answer.headers["Location"]) == (meeting, alpha, row.get_absolute_url())
    foreign = make_meeting(beta)
    assert client.get(to("decision_new", foreign.pk)).status_code == 404
    client.post(to("decision_delete", row.pk))
    assert Decision.objects.count() == 0


def test_the_finance_page_shows_the_year_asked_for(client, alpha):
    make_income(alpha, date=date(2005, 2, 1), amount=1234567)
    this_year = timezone.localdate().year
    page = client.get(to("finance"), {"year": "2005"})
    assert "1\u202f234\u202f567" in page.text
    for asked in ("", "x", "-5", "99999", "²", "0000020059999", "0" * 4400):
        assert client.get(to("finance"), {"year": asked}).context["table"].year == this_year
    new = client.get(to("forecast_new"), {"year": "2005", "source": "rent"}).context["form"]
    assert (new["year"].value(), new["source"].value()) == ("2005", "rent")


def test_missing_documents_come_first(client, alpha):
    year = timezone.localdate().year
    make_document(alpha, kind="year_plan", year=year)
    make_document(alpha, kind="schedule", year=year - 1)
    page = client.get(to("documents"))
    required = [(kind.value, there) for kind, there in page.context["required"]]
    assert required == [
        ("operational_plan", False), ("schedule", False), ("journal", False), ("curricula", False), ("year_plan", True)
    ]  # fmt: skip
    assert f"kind=schedule&amp;year={year}" in page.text


def test_a_photo_without_consent_is_marked(client, alpha):
    make_document(alpha, kind="photo", consent_given="no")
    assert client.get(to("documents")).text.count("not for publication") == 1
    CentreDocument.objects.update(consent_given="yes", consent_of="Aigul")
    page = client.get(to("documents")).text
    assert (page.count("not for publication"), page.count("consent: Aigul")) == (0, 1)


def test_consent_is_kept_for_photos_only(client):
    values = {"kind": "other", "title": "x", "consent_given": "yes", "consent_of": "A", "consent_date": "2005-01-01"}
    client.post(to("document_new"), values)
    row = CentreDocument.objects.get()
    assert (row.consent_given, row.consent_of, row.consent_date) == ("unknown", "", None)


def test_a_profile_keeps_unknown_apart_from_nobody(client, alpha, network):
    farmers, old = make_target_group(network, key="farmers"), make_target_group(network, key="old", retired=True)
    client.post(to("profile_new"), {"year": 2005, "female-0-6": "1 200", "male-0-6": "0", f"group-{farmers.pk}": "40"})
    profile = CommunityProfile.objects.get()
    counts = {(row.sex, row.age): row.people for row in profile.population.all()}
    assert counts == {("female", "0-6"): 1200, ("male", "0-6"): 0}
    assert [(row.group, row.people) for row in profile.groups.all()] == [(farmers, 40)]
    form = client.get(to("profile_edit", profile.pk)).context["form"]
    assert f"group-{old.pk}" not in form.fields
    sent = {"version": 1, "base": "{}", "year": 2005, "male-0-6": "3"}
    assert client.post(to("profile_edit", profile.pk), sent).status_code == 302
    assert {(row.sex, row.age): row.people for row in profile.population.all()} == {("male", "0-6"): 3}
    assert profile.groups.count() == 0


def test_a_profile_of_an_old_version_is_a_conflict(client, alpha):
    profile = make_profile(alpha, year=2005)
    CommunityProfile.objects.filter(pk=profile.pk).update(version=2)
    profile.population.create(centre=alpha, sex="male", age="0-6", people=5)
    sent = {"version": 1, "base": '{"year": "2005", "male-0-6": ""}', "year": 2005, "male-0-6": "3"}
    answer = client.post(to("profile_edit", profile.pk), sent)
    shown = [(item.label, item.mine, item.theirs) for item in answer.context["differences"]]
    assert (answer.status_code, shown) == (409, [("Men, 0 to 6", "3", "5")])


def test_the_history_of_a_tab_tells_who_changed_what(client, client_of, personas, alpha, network):
    row = make_equipment(alpha, name="Old fax", kind="fax")
    make_equipment(alpha)
    client.post(to("equipment_report", row.pk), {"what": "broken", "version": 1})
    client.post(to("equipment_delete", row.pk))
    page = client_of(personas.expert).get(to("tab_history", "equipment"))
    told = {(entry.by, change.what, change.kind) for entry in page.context["page"] for change in entry.changes}
    assert told == {
        (None, "Fax Old fax", "insert"),
        (None, "Computer", "insert"),
        (personas.facilitator_alpha, "Fax Old fax", "update"),
        (personas.facilitator_alpha, "Fax Old fax", "delete"),
    }
    broken = [change for entry in page.context["page"] for change in entry.changes if change.kind == "update"]
    today = date_format(timezone.localdate())
    assert [change.fields for change in broken] == [[("Of these work", "1", "0"), ("Out of order since", "", today)]]
    for tab in ("committee", "partners", "finance", "documents", "community"):
        assert "Here every change on this page will be listed." in client.get(to("tab_history", tab)).text
    assert client.get(to("tab_history", "groups")).status_code == 404


def test_the_history_names_target_groups(client, alpha, network):
    group = make_target_group(network, title="Herders")
    client.post(to("profile_new"), {"year": 2005, f"group-{group.pk}": "40", "female-0-6": "3"})
    page = client.get(to("tab_history", "community"))
    told = {change.what: change.fields for entry in page.context["page"] for change in entry.changes}
    assert told == {
        "Community profile 2005": [("Year", "", "2005")],
        "Women, 0 to 6": [("Sex", "", "women"), ("Age", "", "0 to 6"), ("People", "", "3")],
        "People of a target group": [("Target group", "", "Herders"), ("People", "", "40")],
    }


# The network's target groups


@pytest.fixture
def coordinating(client_of, personas):
    return client_of(personas.coordinator)


def test_the_usual_groups_are_offered_once(coordinating, network):
    assert "Add the fourteen usual ones" in coordinating.get("/centres/target-groups/").text
    page = coordinating.post(f"/centres/target-groups/furnish/{network.pk}/", follow=True)
    assert "14 target groups are added." in page.text
    assert "Add the fourteen usual ones" not in page.text
    assert network.target_groups.count() == 14


def test_a_group_of_the_networks_own(coordinating, network):
    make_target_group(network, key="herders", position=4)
    coordinating.post("/centres/target-groups/new/", {"title_kk": "Herders"})
    group = TargetGroup.objects.get(key="herders-2")
    assert (group.network, group.title, group.position) == (network, "Herders", 5)
    answer = coordinating.post("/centres/target-groups/new/", {"title": "Others", "key": "herders"})
    assert errors(answer) == {"key": ["The network already has a target group with this key."]}
    assert errors(coordinating.post("/centres/target-groups/new/", {"title": ""})) == {
        "title": ["Write it in at least one language."]
    }


def test_a_group_is_retired(coordinating, network):
    group = make_target_group(network)
    sent = {"version": 1, "base": "{}", "title": "Other title", "position": 1, "retired": "on"}
    assert coordinating.post(f"/centres/target-groups/{group.pk}/", sent).status_code == 302
    group.refresh_from_db()
    assert (group.retired, group.title, group.version) == (True, "Other title", 2)


def test_a_coordinator_of_two_networks_chooses(coordinating, personas, network):
    other = make_network(name="Other")
    make_coordinator(other, user=personas.coordinator)
    answer = coordinating.post("/centres/target-groups/new/", {"title": "Herders"})
    assert errors(answer) == {"network": ["This field is required."]}
    coordinating.post("/centres/target-groups/new/", {"title": "Herders", "network": other.pk})
    assert TargetGroup.objects.get().network == other
