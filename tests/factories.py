"""`make_*`: one valid object each, unique without being asked; what a test is about is what it passes in."""

from datetime import date
from itertools import count

from centres.models import AdminUnit, Centre, Membership, Network, Placement, Post, Project, Role, User
from monitoring.instruments import Document, Kind, Options, QuestionText, SectionText
from monitoring.models import Aspect, Cycle, MatrixTemplate, Questionnaire
from training.models import (
    Attendance,
    Certificate,
    Consent,
    ConsentText,
    Enrolment,
    FollowUp,
    Group,
    Lesson,
    Merge,
    NotSame,
    Pause,
    Programme,
    Room,
    Seminar,
    Slip,
    Slot,
    Trainee,
    Trainer,
)

number = count(1)
PASSWORD = "a-long-password-7"
GRADED = Options(source=True, proposal=True)


def make_network(**kwargs):
    n = next(number)
    return Network.objects.create(**{"code": f"network-{n}", "name": f"Network {n}", **kwargs})


def make_unit(level=AdminUnit.Level.SETTLEMENT, parent=None, from_date=None, until_date=None, **kwargs):
    unit = AdminUnit.objects.create(**{"level": level, "name": f"Unit {next(number)}", **kwargs})
    if parent:
        Placement.objects.create(unit=unit, parent=parent, from_date=from_date, until_date=until_date)
    return unit


def make_centre(network=None, **kwargs):
    n = next(number)
    values = {
        "network": network or make_network(),
        "code": f"centre-{n}",
        "name": f"Centre {n}",
        "kind": Centre.Kind.REMOTE_VILLAGE,
        "host": Centre.Host.LIBRARY,
        "opened": date(2003, 9, 1),
    }
    return Centre.objects.create(**{**values, **kwargs})


def make_post(centre, **kwargs):
    return Post.objects.create(**{"centre": centre, "kind": Post.Kind.HEAD, "name": f"Head {next(number)}", **kwargs})


def make_project(network=None, centres=(), **kwargs):
    n = next(number)
    values = {
        "network": network or make_network(),
        "code": f"project-{n}",
        "title": f"Project {n}",
        "start": date(2002, 1, 1),
    }
    project = Project.objects.create(**{**values, **kwargs})
    project.centres.set(centres)
    return project


def make_user(**kwargs):
    n = next(number)
    values = {"username": f"user-{n}", "name": f"Person {n}", "email": f"user-{n}@people.example", "language": "en"}
    return User.objects.create_user(**{**values, "password": None, **kwargs})


def make_member(
    role, *, network=None, centre=None, project=None, user=None, from_date=date(2003, 1, 1), until_date=None, **kwargs
):
    """A person with one membership; the network follows from the centre or project."""
    network = network or (centre or project).network
    user = user or make_user(**kwargs)
    Membership.objects.create(
        user=user,
        network=network,
        role=role,
        centre=centre,
        project=project,
        from_date=from_date,
        until_date=until_date,
    )
    return user


def make_coordinator(network, **kwargs):
    return make_member(Role.COORDINATOR, network=network, **kwargs)


def make_expert(network, **kwargs):
    return make_member(Role.EXPERT, network=network, **kwargs)


def make_facilitator(centre, **kwargs):
    return make_member(Role.FACILITATOR, centre=centre, **kwargs)


def make_donor(project, **kwargs):
    return make_member(Role.DONOR, project=project, **kwargs)


def make_template(network=None, aspects=("Plan", "Equipment", "Committee"), published=True, **kwargs):
    """A matrix template with the given aspect titles, numbered from 1."""
    template = MatrixTemplate.objects.create(
        **{"network": network or make_network(), "version": next(number), "title": "Template", **kwargs}
    )
    Aspect.objects.bulk_create(
        Aspect(template=template, number=n, key=title.lower().replace(" ", "-"), title=title)
        for n, title in enumerate(aspects, start=1)
    )
    if published:
        template.publish()
    return template


def make_cycle(network=None, centres=(), template=None, projects=(), **kwargs):
    """A cycle in which the centres take part, all cells to write."""
    n = next(number)
    network = network or (centres[0].network if centres else make_network())
    values = {
        "network": network,
        "code": f"cycle-{n}",
        "title": f"Cycle {n}",
        "template": template or make_template(network),
        "period_start": date(2005, 1, 1),
        "period_end": date(2005, 6, 30),
    }
    cycle = Cycle.objects.create(**{**values, **kwargs})
    cycle.add_centres(centres)
    cycle.projects.set(projects)
    return cycle


def write_cell(
    cell, by, finding="Everything works.", perspective="", level="strong", state="draft", note="Say how many."
):
    """Bring a cell to a state by the steps that people would take."""
    cell.refresh_from_db()
    cell.revise(by=by, version=cell.version, finding=finding, perspective=perspective, level=level)
    if state in {"submitted", "accepted", "returned"}:
        cell.submit(by=by, version=cell.version)
    if state == "accepted":
        cell.accept(by=by, version=cell.version)
    if state == "returned":
        cell.give_back(by=by, version=cell.version, note=note)
    return cell


# --- Training -------------------------------------------------------------------------------------------------------


def make_questionnaire(network=None, questions=(), published=True, key="own", sections=(), **kwargs):
    """A questionnaire with these questions (QuestionText) in one section, or with whole sections (SectionText)."""
    network = network or make_network()
    if not sections:
        questions = questions or (
            QuestionText("1.1", Kind.TEXT, {"en": "Name"}, required=True),
            QuestionText(
                "1.2", Kind.GRADE, {"en": "Is there a plan?"}, required=True, options=GRADED, aspects=("plan",)
            ),
            QuestionText("1.3", Kind.NUMBER, {"en": "How many rooms?"}),
        )
        sections = (SectionText("1", {"en": "The centre"}, questions=tuple(questions)),)
    title = kwargs.pop("title", {"en": "Self-assessment"})
    questionnaire = Questionnaire.begin(
        network=network, document=Document(key, title, sections=tuple(sections), **kwargs)
    )
    if published:
        questionnaire.publish()
    return questionnaire


def make_assessment(centre=None, questionnaire=None, cycle=None, **kwargs):
    """The self-assessment of a centre that takes part in an open cycle with a questionnaire."""
    centre = centre or make_centre()
    if cycle is None:
        questionnaire = questionnaire or make_questionnaire(centre.network)
        cycle = make_cycle(centre.network, [centre], questionnaire=questionnaire)
    assessment = cycle.self_assessments.get(centre=centre)
    for name, value in kwargs.items():
        setattr(assessment, name, value)
    if kwargs:
        assessment.save()
    return assessment


def make_answer(assessment, code, value, by=None, **kwargs):
    """The stored answer to the question of that code; a second one changes the first."""
    question = assessment.questionnaire.questions.get(code=code)
    known = assessment.answers.filter(question=question).first()
    by = by or make_facilitator(assessment.centre)
    assessment.save_answer(question, by=by, version=known.version if known else 0, value=value, **kwargs)
    return assessment.answers.get(question=question)


def make_programme(network=None, centre=None, **kwargs):
    values = {
        "network": network or (centre.network if centre else make_network()),
        "centre": centre,
        "title": f"Programme {next(number)}",
        "area": Programme.Area.ECONOMY,
        "kind": Programme.Kind.INCOME,
        "field": "0723",
        "hours": 36,
    }
    return Programme.objects.create(**{**values, **kwargs})


def make_trainer(centre, **kwargs):
    values = {"name": f"Trainer {next(number)}", "qualification": "school", "paid_by": "centre"}
    return Trainer.objects.create(**{"centre": centre, **values, **kwargs})


def make_seminar(network=None, **kwargs):
    values = {"title": f"Seminar {next(number)}", "start": date(2004, 9, 20), "end": date(2004, 9, 25)}
    return Seminar.objects.create(**{"network": network or make_network(), **values, **kwargs})


def make_room(centre, **kwargs):
    return Room.objects.create(**{"centre": centre, "name": f"Room {next(number)}", **kwargs})


def make_group(centre, programme=None, **kwargs):
    """A group of the first half of 2005, kept by name."""
    values = {
        "programme": programme or make_programme(centre=centre),
        "name": f"Group {next(number)}",
        "start": date(2005, 1, 10),
        "end": date(2005, 6, 24),
    }
    return Group.objects.create(**{"centre": centre, **values, **kwargs})


def make_timetable(group, *slots, pauses=(), by=None):
    """Weekly lessons of the group as (weekday, begins, ends, room, trainer), and pauses as (from, until)."""
    group.refresh_from_db()
    group.reschedule(
        by=by or make_user(),
        version=group.version,
        slots=[
            Slot(**dict(zip(("weekday", "starts", "ends", "room", "trainer"), slot, strict=False))) for slot in slots
        ],
        pauses=[Pause(from_date=first, until_date=last) for first, last in pauses],
    )
    return group


def make_trainee(centre, **kwargs):
    values = {
        "surname": f"Surname{next(number)}",
        "given_name": "Aigul",
        "birth_year": 1975,
        "sex": "f",
        "registered_on": date(2005, 1, 10),
    }
    return Trainee.objects.create(**{"centre": centre, **values, **kwargs})


def make_enrolment(group, trainee=None, **kwargs):
    """Somebody in the group since its first day."""
    values = {
        "trainee": trainee or make_trainee(group.centre),
        "status": Enrolment.Status.ENROLLED,
        "applied_on": group.start,
        "started_on": group.start,
    }
    return Enrolment.objects.create(**{"centre": group.centre, "group": group, **values, **kwargs})


def make_lesson(group, day=None, present=(), absent=(), **kwargs):
    """A lesson of the group, with marks for these enrolments."""
    values = {"date": day or group.start, "keeping": group.keeping, "topic": "Topic"}
    if kwargs.get("state") == Lesson.State.CANCELLED:
        values["note"] = "No electricity"
    lesson = Lesson.objects.create(**{"centre": group.centre, "group": group, **values, **kwargs})
    for mark, enrolments in (("present", present), ("absent", absent)):
        Attendance.objects.bulk_create(
            Attendance(centre=group.centre, lesson=lesson, enrolment=enrolment, mark=mark) for enrolment in enrolments
        )
    return lesson


def make_completed(group, trainee=None, **kwargs):
    """Somebody who was in the group to its end, by default on 24 June 2005."""
    return make_enrolment(group, trainee, **{"status": "completed", "ended_on": date(2005, 6, 24), **kwargs})


def wordings(*languages):
    """What a certificate says in these languages."""
    words = {"programme": "Sewing", "centre": "Alpha", "network": "Network", "place": "Village"}
    return {language: {key: f"{word} ({language})" for key, word in words.items()} for language in languages}


def make_certificate(centre, enrolment=None, **kwargs):
    """A valid one in English, the next number of the centre."""
    enrolment = enrolment or make_completed(make_group(centre))
    values = {
        "form": "en",
        "issued_on": date(2005, 7, 1),
        "name": str(enrolment.trainee),
        "wordings": wordings("en"),
        "hours": 36,
        "first_day": enrolment.started_on,
        "last_day": enrolment.ended_on,
        "is_recognised": False,
        "signatory": "Head of Alpha",
    }
    issuer = kwargs.pop("issued_by", None) or make_user()
    return Certificate.objects.create(
        **{"centre": centre, "enrolment": enrolment, **values, "issued_by": issuer, **kwargs}
    )


def make_slip(group, **kwargs):
    """A slip on which one of three questions was not answered."""
    values = {"content": "good", "methods": "partly", "quality": "", "language": "kk", "filled_on": date(2005, 6, 24)}
    return Slip.objects.create(**{"centre": group.centre, "group": group, **values, **kwargs})


def make_follow_up(enrolment, day=date(2005, 12, 24), result="not_reached", **kwargs):
    values = {"asked_on": day, "asked_by": "Facilitator", "result": result}
    return FollowUp.objects.create(**{"centre": enrolment.centre, "enrolment": enrolment, **values, **kwargs})


def make_consent(trainee, **kwargs):
    """The person agrees to the network's text about her data, which is made where it is missing."""
    network = trainee.centre.network
    ConsentText.objects.furnish(network)
    values = {
        "text": network.consent_texts.filter(purpose="data").order_by("-number").first(),
        "language": "ru",
        "given_on": trainee.registered_on,
    }
    return Consent.objects.create(**{"centre": trainee.centre, "trainee": trainee, **values, **kwargs})


def make_people(centre, programme, by):
    """What the pages about trainees name: a person with a consent and a place on a waiting list, twins, a merge."""
    trainee, twin, absorbed = (make_trainee(centre, surname="Kim") for _ in range(3))
    group = make_group(centre, programme)
    return {
        "trainee": trainee,
        "twin": twin,
        "consent": make_consent(trainee),
        "consent_text": ConsentText.objects.create(
            network=centre.network, purpose="data", number=2, text="Another text."
        ),
        "waiting": make_enrolment(group, trainee, status="waiting", started_on=None),
        "verdict": NotSame.objects.say(twin, absorbed, by=by),
        "merge": Merge.objects.merge(kept=make_trainee(centre), absorbed=absorbed, values={}, versions=(1, 1), by=by),
    }
