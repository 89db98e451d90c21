"""What waits for a person on the start page: boxes of tasks, each with the button that leads to the work.

The boxes follow from her memberships, so a person with several roles has those of each. The number of queries does
not depend on how much waits.
"""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from centres.models import AdminUnit, Centre, Invitation, Membership, Network, Project
from monitoring.models import CellState, Comment, Cycle, MatrixTemplate, Participation

THREADS = 20  # shown at most; the matrix marks the cells of the others


@dataclass(frozen=True)
class Task:
    """One line: what waits, a quieter line below it, and where to do it as (label, address)."""

    text: str
    note: str = ""
    buttons: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Box:
    """Tasks under one heading."""

    title: str
    tasks: list[Task]


def boxes_for(user) -> list[Box]:
    """Everything that waits for this person, most pressing first."""
    boxes = [
        *first_steps(user),
        *cycles_to_work_on(user),
        *own_centres(user),
        *funded_projects(user),
        comments(user),
        invitations(user),
    ]
    return [box for box in boxes if box.tasks]


def first_steps(user) -> list[Box]:
    """What a coordinator does first in a network that is not set up yet."""

    def some(queryset):
        return Exists(queryset.filter(network=OuterRef("pk")))

    networks = Network.objects.editable_by(user).annotate(
        has_places=Exists(AdminUnit.objects.lived_in(localdate())),
        has_centres=some(Centre.objects),
        has_template=some(MatrixTemplate.objects.published()),
        has_cycles=some(Cycle.objects),
        has_people=some(Membership.objects.exclude(user=user.pk)),
        has_invited=some(Invitation.objects.open()),
    )
    return [Box(_("First steps in %(network)s") % {"network": network}, first_tasks(network)) for network in networks]


def first_tasks(network) -> list[Task]:
    tasks = []
    if not network.has_centres and not network.has_places:
        tasks.append(
            Task(
                _("Enter the places"),
                _("Oblasts, raions and settlements, from the largest to the smallest: where the centres lie."),
                ((_("Add a place"), reverse("centres:place_new")),),
            )
        )
    if not network.has_centres:
        tasks.append(
            Task(
                _("Register the centres"),
                _("Each with its place, its host and its contacts."),
                ((_("Register a centre"), reverse("centres:new")),),
            )
        )
    if not network.has_people and not network.has_invited:
        tasks.append(
            Task(
                _("Invite the people"),
                _("Experts, facilitators and heads of centres, donors. Nobody can register without an invitation."),
                ((_("Invite somebody"), reverse("people:invite")),),
            )
        )
    if not network.has_template:
        tasks.append(
            Task(
                _("Write the matrix template"),
                _("The aspects that the experts look at in every centre."),
                ((_("Write a template"), reverse("monitoring:template_new")),),
            )
        )
    elif network.has_centres and not network.has_cycles:
        tasks.append(
            Task(
                _("Begin the first monitoring cycle"),
                _("Its period, the days of the visits, the centres that take part."),
                ((_("New cycle"), reverse("monitoring:new")),),
            )
        )
    return tasks


def cycles_to_work_on(user) -> list[Box]:
    """Open cycles of the networks that the person assesses or coordinates, with what is to be done in each."""
    return [Box(str(cycle), cycle_tasks(cycle, user)) for cycle in Cycle.objects.editable_by(user).for_list()]


def cycle_tasks(cycle, user) -> list[Task]:
    if not cycle.cell_count:
        button = (_("Choose the centres"), reverse("monitoring:edit", args=[cycle.code]))
        return [Task(_("No centre takes part in this cycle yet"), "", (button,))]
    if cycle.accepted_count == cycle.cell_count:
        button = (_("Publish…"), reverse("monitoring:publish", args=[cycle.code]))
        return [Task(_("Every cell is accepted"), _("Publishing freezes the cycle and shows it to donors."), (button,))]
    writing = [
        states_task(
            cycle,
            CellState.RETURNED,
            ngettext("%(n)s returned cell to mend", "%(n)s returned cells to mend", cycle.returned_count),
            cycle.returned_count,
            _("Read and mend"),
        ),
        states_task(
            cycle,
            CellState.DRAFT,
            ngettext("%(n)s draft to finish", "%(n)s drafts to finish", cycle.draft_count),
            cycle.draft_count,
            _("Go on writing"),
        ),
        states_task(
            cycle,
            CellState.EMPTY,
            ngettext("%(n)s cell to write", "%(n)s cells to write", cycle.empty_count),
            cycle.empty_count,
            _("Write"),
        ),
    ]
    review = states_task(
        cycle,
        CellState.SUBMITTED,
        ngettext("%(n)s cell to review", "%(n)s cells to review", cycle.submitted_count),
        cycle.submitted_count,
        pgettext("on a button", "Review"),
    )
    # Whoever may do both begins with the other's part: a coordinator reviews, an expert writes.
    tasks = [review, *writing] if cycle.network_id in user.reach.coordinates else [*writing, review]
    return [task for task in tasks if task]


def states_task(cycle, state, text, number, button) -> Task | None:
    """Cells of one state, with the way to the matrix narrowed to them."""
    return Task(text % {"n": number}, "", ((button, matrix_address(cycle, state=state)),)) if number else None


def own_centres(user) -> list[Box]:
    """For a facilitator or head: per centre its column in each cycle, and its contacts."""
    centres = Centre.objects.visible_to(user).filter(pk__in=user.reach.runs).for_list()
    columns = {}
    rows = Participation.objects.visible_to(user).filter(centre__in=user.reach.runs)
    for row in rows.select_related("cycle").order_by("-cycle__period_end", "cycle__code"):
        columns.setdefault(row.centre_id, []).append(row.cycle)
    return [
        Box(str(centre), [*(column_task(centre, cycle) for cycle in columns.get(centre.pk, ())), contacts_task(centre)])
        for centre in centres
    ]


def column_task(centre, cycle) -> Task:
    note = (
        _("Published: your centre's column and the conclusions for the whole network.")
        if cycle.is_published
        else _("In review: read what the experts find in your centre, and comment.")
    )
    return Task(str(cycle), note, ((_("Read"), matrix_address(cycle, centre=centre.code)),))


def contacts_task(centre) -> Task:
    missing = not (centre.phone and centre.email and centre.address)
    if centre.doubts:
        note = _("Something looks wrong in them.")
    elif missing:
        note = _("Phone, e-mail or address is missing.")
    else:
        note = " · ".join([centre.phone, centre.email])
    return Task(_("Contacts of the centre"), note, ((_("Check"), reverse("centres:contacts", args=[centre.code])),))


def funded_projects(user) -> list[Box]:
    """For a donor: per project what is published, to read and to download, and the project's own page."""
    projects = Project.objects.visible_to(user).filter(pk__in=user.reach.funds)
    published = Cycle.objects.visible_to(user).filter(state=Cycle.State.PUBLISHED, projects__in=user.reach.funds)
    cycles = {}
    for cycle in published.distinct().prefetch_related("projects"):
        for project in cycle.projects.all():
            cycles.setdefault(project.pk, []).append(cycle)
    return [project_box(project, cycles.get(project.pk, ())) for project in projects]


def project_box(project, cycles) -> Box:
    tasks = [published_task(cycle) for cycle in cycles] or [
        Task(
            _("Nothing is published yet"),
            _(
                "When the experts have finished a monitoring cycle and published it, its matrix appears here, to read "
                "and to download as PDF and XLSX."
            ),
        )
    ]
    about = Task(
        _("The project"), _("Goals, partners and centres."), ((_("Open the project"), project.get_absolute_url()),)
    )
    return Box(str(project), [*tasks, about])


def published_task(cycle) -> Task:
    return Task(
        str(cycle),
        _("Published on %(day)s") % {"day": date_format(localdate(cycle.published_at), "DATE_FORMAT")},
        (
            (_("Read"), matrix_address(cycle)),
            ("PDF", reverse("reports:matrix_pdf", args=[cycle.code])),
            ("XLSX", reverse("reports:matrix_xlsx", args=[cycle.code])),
        ),
    )


def comments(user) -> Box:
    """Open threads in which it is the person's turn."""
    threads = list(Comment.objects.waiting_for(user).for_list()[: THREADS + 1])
    tasks = [thread_task(thread) for thread in threads[:THREADS]]
    if len(threads) > THREADS:
        tasks.append(Task(_("There are more comments. The matrix marks the cells that have one.")))
    return Box(_("Comments to read and answer"), tasks)


def thread_task(thread) -> Task:
    word = thread.last_word
    return Task(
        str(thread.cell),
        _("%(person)s: %(words)s") % {"person": word.author, "words": Truncator(word.text).chars(140)},
        ((_("Answer"), f"{thread.cell.get_absolute_url()}#thread-{thread.pk}"),),
    )


def invitations(user) -> Box:
    """For a coordinator: invitations that nobody has taken up yet."""
    waiting = Invitation.objects.visible_to(user).open().order_by("expires_at").values_list("email", flat=True)
    emails = list(waiting)
    if not emails:
        return Box("", [])
    text = ngettext("%(n)s invitation waits for an answer", "%(n)s invitations wait for an answer", len(emails))
    note = ", ".join(emails[:3]) + (" …" if len(emails) > 3 else "")
    return Box(
        _("People"), [Task(text % {"n": len(emails)}, note, ((_("See the invitations"), reverse("people:list")),))]
    )


def matrix_address(cycle, **narrowed) -> str:
    """The matrix, narrowed by its own filters."""
    address = reverse("monitoring:matrix", args=[cycle.code])
    return f"{address}?{urlencode(narrowed)}" if narrowed else address
