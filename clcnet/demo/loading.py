"""Writes the demo's data into the database. The matrix goes through the same methods as people's own work."""

import pghistory
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from centres.accounts import DEMO_PASSWORD
from centres.models import (
    AdminUnit,
    Centre,
    CentreAlias,
    Membership,
    Network,
    Placement,
    Post,
    Project,
    ProjectPartner,
    TargetGroup,
    User,
)
from monitoring.models import Aspect, Cell, Comment, Conclusion, Cycle, MatrixTemplate
from training.models import ConsentText

from . import matrix_2005 as matrix
from . import network as data
from .assessments import load_assessments, load_questionnaires
from .certificates import CENTRE, issue_certificates
from .present import load_present
from .register import TEXTS_SINCE, load_register
from .resources import load_resources
from .rows import last_day, translated
from .self_assessments_2005 import DUE, QUESTIONNAIRE
from .shapes import Text

LOCK = 2005  # any number: two loads at once take turns


class OtherData(Exception):
    """The database holds something that is not the demo; the text says what."""


@transaction.atomic
def load() -> bool:
    """Write the demo, or leave it alone where it is: says whether it was written. Raises OtherData."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    if is_loaded():
        return False
    refuse_other_data()
    with pghistory.context(command="demo"):
        network = Network.objects.create(code=data.NETWORK.code, **translated(name=data.NETWORK.short_name))
        centres = load_centres(network, load_places())
        project = load_project(network, centres, data.PROJECTS[0])
        people = load_accounts(network, centres, {project.code: project})
        load_training(network, centres, people, project)
        cycle = load_cycle(network, centres, project)
    with pghistory.context(command="demo", user=people["expert"].pk):
        write_matrix(cycle, by=people["expert"])
    with pghistory.context(command="demo", user=people["coordinator"].pk):
        review_matrix(cycle, by=people["coordinator"])
    load_assessments(cycle, people)
    with pghistory.context(command="demo"):
        discuss(cycle, people)
    return True


def is_loaded() -> bool:
    """Is the demo network here, with its accounts?"""
    return Network.objects.filter(code=data.NETWORK.code, memberships__user__is_demo=True).exists()


def refuse_other_data():
    """Raise OtherData where a network or an account of the demo's names is somebody else's."""
    if names := ", ".join(map(str, Network.objects.all()[:3])):
        raise OtherData(
            _("This database holds another network (%(names)s). The demo wants one of its own.") % {"names": names}
        )
    taken = User.objects.filter(username__in=[account.username for account in data.ACCOUNTS])
    if names := ", ".join(taken.order_by("username").values_list("username", flat=True)):
        raise OtherData(_("This database holds accounts with names of the demo: %(names)s.") % {"names": names})


def load_places():
    units = AdminUnit.objects.bulk_create(
        AdminUnit(level=unit.level, kato=unit.kato, valid_from=unit.exists_since, **translated(name=unit.name))
        for unit in data.UNITS
    )
    places = {row.code: unit for row, unit in zip(data.UNITS, units, strict=True)}
    Placement.objects.bulk_create(
        Placement(
            unit=places[unit.code],
            parent=places[placed.parent],
            from_date=placed.since,
            until_date=last_day(placed.until),
        )
        for unit in data.UNITS
        for placed in unit.placed_in
    )
    return places


def load_centres(network, places):
    rows = Centre.objects.bulk_create(
        Centre(
            network=network,
            code=row.code,
            kind=row.kind,
            host=row.host_kind,
            place=places[row.unit],
            opened=row.opened,
            legal_status=row.legal_status or Centre.LegalStatus.UNKNOWN,
            address=row.address,
            postcode=row.post_code,
            phone=row.phone,
            email=row.email,
            **translated(name=row.name, host_name=row.host),
        )
        for row in data.CENTRES
    )
    centres = {row.code: row for row in rows}
    CentreAlias.objects.bulk_create(
        CentreAlias(centre=centres[row.code], name=alias) for row in data.CENTRES for alias in row.aliases
    )
    Post.objects.bulk_create(
        Post(
            centre=centres[row.code],
            kind=kind,
            name=person.name_cyrillic,
            from_date=person.since,
            until_date=last_day(person.until),
        )
        for row in data.CENTRES
        for kind, people in (
            (Post.Kind.HEAD, row.heads),
            (Post.Kind.FACILITATOR, row.facilitators),
            (Post.Kind.CHAIR, row.chairs),
        )
        for person in people
    )
    return centres


def load_project(network, centres, row):
    results = Text(
        *(
            "\n".join(f"– {getattr(result, language)}" for result in row.expected_results)
            for language in ("en", "ru", "kk")
        )
    )
    texts = translated(title=row.name, goals=row.goals, expected_results=results)
    project = Project.objects.create(network=network, code=row.code, start=row.start, end=row.end, **texts)
    project.centres.set([centres[code] for code in row.centres])
    ProjectPartner.objects.bulk_create(
        ProjectPartner(project=project, part=organisation.role, **translated(name=organisation.name))
        for organisation in row.organisations
    )
    return project


def load_accounts(network, centres, projects):
    """Everyone has the same public password, so hashing it once for all gives nothing away that is not public."""
    password = make_password(DEMO_PASSWORD)
    rows = User.objects.bulk_create(
        User(
            username=row.username,
            name=row.signature,
            email=row.email,
            language=row.language,
            password=password,
            is_demo=True,
        )
        for row in data.ACCOUNTS
    )
    people = {row.username: row for row in rows}
    Membership.objects.bulk_create(
        Membership(
            network=network,
            user=people[row.username],
            role=row.role,
            centre=centres.get(row.centre),
            project=projects.get(row.project),
            from_date=row.since,
        )
        for row in data.ACCOUNTS
    )
    return people


def load_training(network, centres, people, project):
    """What the centres have, the register of 2004 and 2005, and what goes on today."""
    languages = {row.code: row.language for row in data.CENTRES}
    TargetGroup.objects.furnish(network)
    ConsentText.objects.furnish(network)
    ConsentText.objects.filter(network=network).update(since=TEXTS_SINCE)
    load_resources(network, centres, languages)
    kept, programmes = load_register(network, centres, languages, people, {project.code: project})
    issue_certificates(centres[CENTRE], by=people[CENTRE])
    load_present(kept, programmes)
    with connection.cursor() as cursor:  # what the database does by itself later, so that the first search is quick
        cursor.execute("ANALYZE training_trainee, training_enrolment, training_lesson, training_attendance")
        cursor.execute("SELECT gin_clean_pending_list('trainee_name_key')")


def load_cycle(network, centres, project):
    template = MatrixTemplate.objects.create(
        network=network, version=matrix.TEMPLATE_VERSION, **translated(title=matrix.TEMPLATE_TITLE)
    )
    Aspect.objects.bulk_create(
        Aspect(template=template, number=row.number, key=row.key, **translated(title=row.title, guidance=row.guidance))
        for row in matrix.ASPECTS
    )
    template.publish()
    questionnaires = load_questionnaires(network)
    row = matrix.CYCLE
    cycle = Cycle.objects.create(
        network=network,
        code=row.code,
        template=template,
        period_start=row.period_start,
        period_end=row.period_end,
        visits_start=row.visits_start,
        visits_end=row.visits_end,
        questionnaire=questionnaires[QUESTIONNAIRE],
        self_assessment_due=DUE,
        **translated(title=row.title, methods=row.methods, sources=row.sources),
    )
    cycle.projects.set([project])
    cycle.add_centres(list(centres.values()))
    return cycle


def write_matrix(cycle, *, by):
    """The expert's part: every finding, what is ready handed to the reviewer, then the network's column."""
    cells = {}
    for cell in cycle.cells.select_related("aspect", "centre"):
        cells[cell.aspect.number, cell.centre.code] = cell
        text = matrix.CELLS[cell.aspect.number][cell.centre.code]
        cell.revise(by=by, version=cell.version, finding=text.finding, perspective=text.perspective, level=text.level)
    only(cycle.cells, set(cells) - matrix.DRAFTS).move_all(by=by, to=Cell.State.SUBMITTED)
    aspects = {aspect.number: aspect for aspect in cycle.template.aspects.all()}
    for conclusion in Conclusion.objects.filter(cycle=cycle).select_related("aspect"):
        number = conclusion.aspect.number
        text = matrix.CONCLUSIONS[number]
        conclusion.revise(
            by=by,
            version=conclusion.version,
            text=text.text,
            rests_on=[cells[number, centre] for centre in text.rests_on],
            see_also=[aspects[see] for see in text.see_also],
            recommendations=[
                {"text": row.text, "see_also": [aspects[see] for see in row.see_also]} for row in text.recommendations
            ],
        )


def review_matrix(cycle, *, by):
    """The coordinator's part: some findings go back with a reason, most are accepted, some still wait for her."""
    for cell in only(cycle.cells, matrix.RETURNED).select_related("aspect", "centre"):
        reason = matrix.RETURNED[cell.aspect.number, cell.centre.code]
        cell.give_back(by=by, version=cell.version, note=reason)
    waiting = only(cycle.cells, matrix.SUBMITTED).values("pk")
    cycle.cells.exclude(pk__in=waiting).move_all(by=by, to=Cell.State.ACCEPTED)


def only(cells, wanted):
    """Those of the cells that are named by (aspect number, centre code)."""
    named = Q()
    for number, centre in wanted:
        named |= Q(aspect__number=number, centre__code=centre)
    return cells.filter(named)


def discuss(cycle, people):
    cells = cycle.cells.select_related("centre")
    for (number, centre), threads in matrix.COMMENTS.items():
        cell = cells.get(aspect__number=number, centre__code=centre)
        for thread in threads:
            first = remark(cell, thread, people)
            for reply in thread.replies:
                remark(cell, reply, people, parent=first)
            if thread.resolved_by:
                first.resolve(by=people[thread.resolved_by])


def remark(cell, comment, people, parent=None):
    return Comment.objects.create(
        cell=cell, centre=cell.centre, parent=parent, author=people[comment.author], text=comment.text
    )
