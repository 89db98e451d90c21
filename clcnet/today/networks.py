"""What waits in a network: first steps, invitations, and what is published for donors."""

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from centres.models import AdminUnit, Centre, Invitation, Membership, Network, Project
from monitoring.models import Cycle, MatrixTemplate, Questionnaire

from .boxes import Box, Task, matrix_address


def first_steps(user) -> list[Box]:
    """What a coordinator does first in a network that is not set up yet."""

    def some(queryset):
        return Exists(queryset.filter(network=OuterRef("pk")))

    networks = Network.objects.editable_by(user).annotate(
        has_places=Exists(AdminUnit.objects.lived_in(localdate())),
        has_centres=some(Centre.objects),
        has_template=some(MatrixTemplate.objects.published()),
        has_questionnaire=some(Questionnaire.objects.published()),
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
    if not network.has_questionnaire and not network.has_cycles:
        tasks.append(
            Task(
                _("Choose the questionnaire"),
                _("In it the centres assess themselves once a cycle. Two are ready to be published or changed."),
                ((_("New questionnaire"), reverse("monitoring:questionnaire_new")),),
            )
        )
    if network.has_template and network.has_centres and not network.has_cycles:
        tasks.append(
            Task(
                _("Begin the first monitoring cycle"),
                _("Its period, the days of the visits, the centres that take part."),
                ((_("New cycle"), reverse("monitoring:new")),),
            )
        )
    return tasks


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
