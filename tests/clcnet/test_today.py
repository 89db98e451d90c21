"""The start page: what waits for each person, and nothing else."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from centres.models import Invitation, Membership, User
from clcnet.today import THREADS, boxes_for
from monitoring.models import AnswerComment, Comment, Cycle

from ..factories import (
    make_answer,
    make_assessment,
    make_centre,
    make_coordinator,
    make_cycle,
    make_donor,
    make_expert,
    make_facilitator,
    make_group,
    make_member,
    make_network,
    make_project,
    make_questionnaire,
    make_template,
    make_unit,
    write_cell,
)

pytestmark = pytest.mark.django_db
CONTACTS = {"phone": "+7 72636 0-01-01", "email": "alpha@clc.example", "address": "1 Long Street"}


def fresh(user):
    """The person as the next request knows her."""
    return User.objects.get(pk=user.pk)


def seen(user):
    """Boxes, tasks and where their buttons lead."""
    return [
        (box.title, [(task.text, *(address for _label, address in task.buttons)) for task in box.tasks])
        for box in boxes_for(fresh(user))
    ]


def say(cell, author, text="Is that so?", parent=None):
    return Comment.objects.create(cell=cell, centre=cell.centre, author=author, text=text, parent=parent)


def invite(network, by, email="new@people.example"):
    invitation = Invitation(network=network, role="expert", email=email)
    invitation.seal(by=by)
    return invitation


# Experts and coordinators


def test_an_expert_writes_first_and_reviews_then(cycle, expert):
    other = make_expert(cycle.network)
    cells = list(cycle.cells.filter(state="empty"))
    write_cell(cells[0], other, state="returned")
    write_cell(cells[1], other, state="draft")
    matrix = "/monitoring/2005/matrix/?state="
    assert seen(expert) == [
        (
            "Monitoring 2005",
            [
                ("1 returned cell to mend", matrix + "returned"),
                ("1 draft to finish", matrix + "draft"),
                ("2 cells to write", matrix + "empty"),
                ("2 cells to review", matrix + "submitted"),
            ],
        )
    ]


def test_a_coordinator_reviews_first(cycle, coordinator):
    matrix = "/monitoring/2005/matrix/?state="
    assert seen(coordinator) == [
        ("Monitoring 2005", [("2 cells to review", matrix + "submitted"), ("4 cells to write", matrix + "empty")])
    ]


def test_accepted_to_the_last_cell_it_can_be_published(cycle, expert):
    for cell in cycle.cells.filter(state="submitted"):
        cell.accept(by=expert, version=cell.version)
    for cell in cycle.cells.filter(state="empty"):
        assert ("Every cell is accepted", "/monitoring/2005/publish/") not in seen(expert)[0][1]
        write_cell(cell, expert, state="accepted")
    assert seen(expert) == [("Monitoring 2005", [("Every cell is accepted", "/monitoring/2005/publish/")])]


def test_a_cycle_without_centres_needs_some(network, expert):
    make_cycle(network, code="2006", title="Monitoring 2006")
    assert seen(expert) == [("Monitoring 2006", [("No centre takes part in this cycle yet", "/monitoring/2006/edit/")])]


def test_when_nothing_waits_the_page_says_so(published, expert, client_of):
    assert seen(expert) == []
    page = client_of(expert).get("/").text
    assert "Nothing waits for you." in page
    assert 'href="/monitoring/"' in page


def test_open_invitations_wait_for_the_coordinator_only(network, cycle, coordinator, expert):
    used = invite(network, coordinator, "used@people.example")
    used.accept(by=expert)
    late = invite(network, coordinator, "late@people.example")
    Invitation.objects.filter(pk=late.pk).update(expires_at=timezone.now() - timedelta(minutes=1))
    people = ("People", [("1 invitation waits for an answer", "/people/")])
    assert people not in seen(coordinator)
    invite(network, coordinator)
    assert people in seen(coordinator)
    assert people not in seen(expert)
    [box] = [box for box in boxes_for(fresh(coordinator)) if box.title == "People"]
    assert box.tasks[0].note == "new@people.example"


# The first days of a network


def test_first_steps_go_one_after_the_other(db):
    network = make_network(name="New")
    first = make_coordinator(network)
    centres = ("Register the centres", "/centres/new/")
    people = ("Invite the people", "/people/invite/")
    template = ("Write the matrix template", "/monitoring/templates/new/")
    questionnaire = ("Choose the questionnaire", "/monitoring/questionnaires/new/")
    cycle = ("Begin the first monitoring cycle", "/monitoring/new/")
    places = ("Enter the places", "/centres/places/new/")
    assert seen(first) == [("First steps in New", [places, centres, people, template, questionnaire])]
    make_unit()
    assert seen(first) == [("First steps in New", [centres, people, template, questionnaire])]
    centre = make_centre(network)
    assert seen(first) == [("First steps in New", [people, template, questionnaire])]
    make_template(network, published=False)
    invite(network, first)
    assert seen(first)[0] == ("First steps in New", [template, questionnaire])
    made = make_template(network)
    assert seen(first)[0] == ("First steps in New", [questionnaire, cycle])
    make_questionnaire(network)
    assert seen(first)[0] == ("First steps in New", [cycle])
    make_cycle(network, [centre], template=made, code="2006", title="Monitoring 2006")
    assert [title for title, _tasks in seen(first)] == ["Monitoring 2006", "People"]


def test_first_steps_are_not_an_experts(db):
    assert seen(make_expert(make_network())) == []


# Comments


def test_a_thread_waits_for_those_who_did_not_speak_last(cycle, expert, coordinator, alpha):
    aigul = make_facilitator(alpha)
    cell = cycle.cells.get(aspect__number=1, centre=alpha)
    other = cycle.cells.get(aspect__number=1, centre__code="beta")

    def waiting(user):
        return [task for title, tasks in seen(user) if title.startswith("Comments") for task in tasks]

    thread = say(cell, aigul)
    task = ("Alpha · 1 Plan", f"/monitoring/2005/matrix/1/alpha/#thread-{thread.pk}")
    foreign = ("Beta · 1 Plan", f"/monitoring/2005/matrix/1/beta/#thread-{say(other, expert).pk}")
    assert (waiting(aigul), waiting(expert), waiting(coordinator)) == ([], [task], [foreign, task])
    say(cell, expert, "It is.", parent=thread)
    assert (waiting(aigul), waiting(expert), waiting(coordinator)) == ([task], [], [foreign, task])
    say(cell, aigul, "Thank you.", parent=thread)
    assert (waiting(aigul), waiting(expert)) == ([], [task])
    [note] = [task.note for box in boxes_for(fresh(expert)) for task in box.tasks if box.title.startswith("Comments")]
    assert note == f"{aigul}: Thank you."
    thread.resolve(by=expert)
    assert (waiting(aigul), waiting(expert), waiting(coordinator)) == ([], [], [foreign])


def test_of_very_many_comments_the_newest_are_shown(cycle, expert, alpha):
    aigul = make_facilitator(alpha)
    cell = cycle.cells.get(aspect__number=1, centre=alpha)
    for n in range(THREADS + 1):
        say(cell, aigul, f"Remark {n}.")
    box = boxes_for(expert)[-1]
    assert [task.note for task in box.tasks] == [f"{aigul}: Remark {n}." for n in range(THREADS, 0, -1)] + [""]
    assert box.tasks[-1].text == "There are more comments. The matrix marks the cells that have one."


# Facilitators and heads


@pytest.mark.parametrize("role", ["facilitator", "head"])
def test_a_centres_people_read_its_column(cycle, alpha, role):
    person = make_member(role, centre=alpha)
    column = ("Monitoring 2005", "/monitoring/2005/matrix/?centre=alpha")
    contacts = ("Contacts of the centre", "/centres/alpha/contacts/")
    first = ("Begin the training register", "/training/?centre=alpha")
    assert seen(person) == [("Alpha", [first, column, contacts])]
    make_group(alpha)
    assert seen(person) == [("Alpha", [column, contacts])]


def test_the_note_says_whether_the_cycle_is_published(published, alpha):
    other = make_cycle(alpha.network, [alpha], title="Monitoring 2006", period_end="2006-06-30")
    notes = {task.text: task.note for task in boxes_for(make_facilitator(alpha))[0].tasks}
    assert notes["Monitoring 2005"].startswith("Published:")
    assert notes[other.title].startswith("In review:")


@pytest.mark.parametrize(
    ("contacts", "note"),
    [
        (CONTACTS, "+7 72636 0-01-01 · alpha@clc.example"),
        (CONTACTS | {"address": ""}, "Phone, e-mail or address is missing."),
        (CONTACTS | {"phone": "2-11-30"}, "Something looks wrong in them."),
    ],
)
def test_contacts_that_need_a_look_say_so(alpha, contacts, note):
    for name, value in contacts.items():
        setattr(alpha, name, value)
    alpha.save()
    make_group(alpha)
    [box] = boxes_for(make_facilitator(alpha))
    assert [(task.text, task.note) for task in box.tasks] == [("Contacts of the centre", note)]


# Donors


def test_a_donor_waits_for_publication_and_then_downloads(cycle, expert, project):
    donor = make_donor(project)
    about = ("The project", "/centres/projects/school-door/")
    assert seen(donor) == [(project.title, [("Nothing is published yet",), about])]
    for cell in cycle.cells.exclude(state="empty"):
        cell.accept(by=expert, version=cell.version)
    cycle.publish(by=expert)
    assert seen(donor) == [
        (
            project.title,
            [
                (
                    "Monitoring 2005",
                    "/monitoring/2005/matrix/",
                    "/reports/2005/matrix.pdf",
                    "/reports/2005/matrix.xlsx",
                ),
                about,
            ],
        )
    ]
    assert seen(make_donor(make_project(project.network, title="Another")))[0][1][0] == ("Nothing is published yet",)


# Access


def test_nothing_of_another_network_is_shown(cycle, personas):
    cell = cycle.cells.get(aspect__number=1, centre__code="alpha")
    say(cell, personas.facilitator_alpha)
    titles = {title for title, _tasks in seen(personas.outsider)}
    assert not {title for title in titles if "Monitoring 2005" in title or "Comments" in title}
    assert [title for title, _tasks in seen(personas.facilitator_beta)] == ["Beta"]


def test_somebody_whose_role_has_ended_reads_whom_to_ask(alpha, client_of):
    person = make_facilitator(alpha)
    Membership.objects.filter(user=person).update(until_date=timezone.localdate() - timedelta(days=1))
    page = client_of(person).get("/").text
    assert "facilitator, Alpha" in page
    assert "The coordinator of your network can give you a role." in page
    assert "/centres/alpha/contacts/" not in page


def test_an_administrator_without_a_role_finds_the_administration(client_of):
    page = client_of(User.objects.create_superuser(username="root", email="root@people.example")).get("/").text
    assert "Ask the coordinator of your network for an invitation." in page
    assert page.count('href="/admin/"') == 2


def test_anonymous_people_are_sent_to_the_login(client):
    assert client.get("/").headers["Location"] == "/accounts/login/?next=/"


@pytest.mark.parametrize("who", ["coordinator", "expert", "facilitator_alpha", "donor", "outsider"])
@pytest.mark.parametrize("state", ["cycle", "published"])
def test_every_button_leads_somewhere(request, personas, client_of, who, state, alpha):
    cycle = request.getfixturevalue(state)
    say(cycle.cells.get(aspect__number=1, centre=alpha), personas.facilitator_beta)
    user = getattr(personas, who)
    client = client_of(user)
    addresses = [address for box in boxes_for(user) for task in box.tasks for _label, address in task.buttons]
    page = client.get("/").text
    assert len(addresses) >= 1 or "Nothing waits" in page
    for address in addresses:
        assert f'href="{address}"' in page
        found = client.get(address)
        assert found.status_code == 200
        _path, _hash, anchor = address.partition("#")
        assert not anchor or f'id="{anchor}"' in found.text


@pytest.mark.parametrize("who", ["coordinator", "expert", "facilitator_alpha", "donor"])
def test_the_number_of_queries_does_not_grow(personas, who, network, alpha, project):
    def fill(n):
        cycle = make_cycle(network, [alpha], projects=[project], title=f"Cycle {n}")
        cell = cycle.cells.select_related("centre").first()
        write_cell(cell, personas.expert, state="accepted")
        say(cell, personas.facilitator_beta, parent=say(cell, personas.facilitator_alpha))
        invite(network, personas.coordinator, f"new-{n}@people.example")
        for title in ("Draft", "Returned"):
            asked = make_questionnaire(network, key=f"{title.lower()}-{n}")
            make_cycle(network, [alpha], projects=[project], title=f"{title} {n}", questionnaire=asked)
        assessment = make_assessment(alpha, cycle=Cycle.objects.get(title=f"Returned {n}"))
        make_answer(assessment, "1.1", {"text": "Alpha"}, by=personas.facilitator_alpha)
        remark = {"assessment": assessment, "centre": alpha, "question": assessment.questionnaire.questions.first()}
        thread = AnswerComment.objects.create(**remark, author=personas.facilitator_alpha, text="Really?")
        AnswerComment.objects.create(**remark, author=personas.facilitator_beta, text="Yes.", parent=thread)
        assessment.submit(by=personas.facilitator_alpha, version=0)
        assessment.give_back(by=personas.expert, version=1, reasons={"1.1": "In full."})
        make_cycle(network, [alpha], projects=[project], title=f"Open {n}")
        cycle.publish(by=personas.expert)

    def queries():
        with CaptureQueriesContext(connection) as found:
            assert boxes_for(fresh(user))
        return len(found)

    user = getattr(personas, who)
    fill(1)
    at_one = queries()
    fill(2)
    fill(3)
    assert queries() == at_one == {"coordinator": 19, "expert": 16, "facilitator_alpha": 30, "donor": 5}[who]
