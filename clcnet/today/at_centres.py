"""What waits at the centres: today's lessons, journals, everything else that is open, and the centre's column."""

from itertools import chain

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.formats import date_format, time_format
from django.utils.http import urlencode
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from centres.models import Centre
from monitoring.models import Participation
from training.models import Group
from training.open_work import OpenWork, open_work

from .boxes import Box, Task, matrix_address

LISTED = 3  # who runs more centres than that reads counts
JOURNALS = 10  # lessons shown that journals lack
CENTRES = 10  # centres shown to those who oversee many
LOOKED_AT = 100  # centres whose open work is looked for, at most; a network of thousands has other pages for that


def own_centres(user) -> list[Box]:
    """For a facilitator or head: lessons, journals, and per centre what is open, its column and its contacts."""
    runs = user.reach.runs
    if not runs:
        return []
    some = Exists(Group.objects.filter(centre=OuterRef("pk")))
    centres = list(Centre.objects.visible_to(user).filter(pk__in=runs).annotate(has_groups=some).for_list())
    work = open_work(runs, keeper=user)
    columns = {}
    rows = Participation.objects.visible_to(user).filter(centre__in=runs)
    for row in rows.select_related("cycle").order_by("-cycle__period_end", "cycle__code"):
        columns.setdefault(row.centre_id, []).append(row.cycle)
    many = len(centres) > LISTED
    lists = [] if many else [lessons_box(centres, work), journals_box(centres, work)]
    return lists + [
        Box(
            str(centre),
            [
                *([counts_task(centre, work[centre.pk])] if many else open_tasks(centre, work[centre.pk])),
                *(column_task(centre, cycle) for cycle in columns.get(centre.pk, ())),
                contacts_task(centre),
            ],
        )
        for centre in centres
    ]


def lessons_box(centres, work) -> Box:
    lessons = [each for centre in centres for each in work[centre.pk].lessons]
    return Box(_("Today's lessons"), [lesson_task(each, len(centres) > 1) for each in lessons])


def lesson_task(each, with_centre: bool) -> Task:
    """A lesson that stands in the timetable, with the way to its page in the journal."""
    times = f"{time_format(each.starts)}–{time_format(each.ends)}"
    state = _("cancelled") if each.state == "cancelled" else ""
    note = " · ".join(
        filter(None, (with_centre and str(each.group.centre), *map(name, (each.room, each.trainer)), state))
    )
    return Task(f"{times} {each.group}", note, (journal_button(each),))


def name(row) -> str:
    return str(row or "")


def journal_button(each) -> tuple[str, str]:
    """To the lesson's own page: the one in the journal, or the one to fill in, with day and time given."""
    if each.lesson:
        return _("Open the lesson"), each.lesson.get_absolute_url()
    query = urlencode({"date": each.date.isoformat(), "starts": f"{each.starts:%H:%M}"})
    return _("Fill in the journal"), f"{reverse('training:lesson_new', args=[each.group.pk])}?{query}"


def journals_box(centres, work) -> Box:
    waiting = (work[centre.pk].not_entered + work[centre.pk].unmarked for centre in centres)
    missing = sorted(chain.from_iterable(waiting), key=lambda each: each.order)
    tasks = [Task(str(each.group), journal_note(each), (journal_button(each),)) for each in missing[:JOURNALS]]
    if rest := len(missing) - len(tasks):
        more = ngettext("And %(n)s more lesson.", "And %(n)s more lessons.", rest) % {"n": rest}
        tasks.append(Task(more, _("Each group's journal lists its own.")))
    return Box(_("Journals not filled in"), tasks)


def journal_note(each) -> str:
    """When the lesson was; and that it is in the journal, where only marks are missing."""
    note = date_format(each.date, "DATE_FORMAT") + (f", {time_format(each.starts)}" if each.starts else "")
    return f"{note} · {_('Somebody has no mark yet.')}" if each.lesson else note


def open_tasks(centre, work: OpenWork) -> list[Task]:
    """Everything else that is open at a centre."""
    found = []
    if not centre.has_groups:
        address = f"{reverse('training:index')}?{urlencode({'centre': centre.code})}"
        found.append(
            Task(
                _("Begin the training register"),
                _("A programme, a group, its trainees, then the journal."),
                ((_("First steps"), address),),
            )
        )
    if number := work.follow_ups:
        text = ngettext("%(n)s person to ask", "%(n)s people to ask", number) % {"n": number}
        note = _("Half a year after the group: what do they do now?")
        found.append(Task(text, note, ((_("Ask"), of_centre("training:follow_ups", centre)),)))
    if number := work.consents:
        words = ngettext(
            "%(n)s person was not asked for consent yet", "%(n)s people were not asked for consent yet", number
        )
        note = _("Note all signed sheets on one page.")
        found.append(
            Task(words % {"n": number}, note, ((_("Note consents"), of_centre("training:consents_new", centre)),))
        )
    if number := work.certificates:
        words = ngettext(
            "%(n)s person completed a group and has no certificate",
            "%(n)s people completed a group and have no certificate",
            number,
        )
        address = of_centre("training:certificates", centre, state="missing")
        found.append(Task(words % {"n": number}, "", ((_("Certificates"), address),)))
    found += [waiting_task(group) for group in work.waiting]
    if work.pairs:
        text = ngettext("%(n)s likely duplicate", "%(n)s likely duplicates", work.pairs) % {"n": work.pairs}
        note = _("Somebody registered lately may be in the register already.")
        found.append(Task(text, note, ((_("Compare"), of_centre("training:duplicates", centre)),)))
    if work.faults:
        found.append(faults_task(centre, work.faults))
    if work.decisions:
        found.append(decisions_task(centre, work.decisions))
    return found


def waiting_task(group) -> Task:
    text = ngettext("%(n)s person waits for a place", "%(n)s people wait for a place", group.waits) % {"n": group.waits}
    if group.free is None:
        note = str(group)
    else:
        free = ngettext("%(n)s place is free", "%(n)s places are free", group.free) % {"n": group.free}
        note = f"{group}: {free}"
    return Task(text, note, ((_("Open the waiting list"), reverse("training:members", args=[group.pk])),))


def faults_task(centre, faults) -> Task:
    number = sum(row.broken for row in faults)
    words = ngettext(
        "%(n)s piece of equipment is out of order for more than 30 days",
        "%(n)s pieces of equipment are out of order for more than 30 days",
        number,
    )
    note = ", ".join(f"{row.get_kind_display()} ({row.broken})" for row in faults)
    return Task(words % {"n": number}, note, ((_("Look"), reverse("centres:equipment", args=[centre.code])),))


def decisions_task(centre, decisions) -> Task:
    number = len(decisions)
    words = ngettext(
        "%(n)s decision of the committee is overdue", "%(n)s decisions of the committee are overdue", number
    )
    first = decisions[0]
    note = _("%(decision)s, due on %(day)s") % {"decision": first.text, "day": date_format(first.due, "DATE_FORMAT")}
    return Task(words % {"n": number}, note, ((_("Look"), reverse("centres:committee", args=[centre.code])),))


def of_centre(page, centre, **narrowed) -> str:
    return f"{reverse(page)}?{urlencode({'centre': centre.code, **narrowed})}"


def at_the_centres(user) -> Box:
    """For coordinators and experts: where something is open, in counts."""
    if not user.reach.oversees:
        return Box("", [])
    overseen = Centre.objects.filter(network__in=user.reach.oversees).exclude(pk__in=user.reach.runs)
    centres = list(overseen.open_on(localdate()).for_list()[:LOOKED_AT])
    work = open_work([centre.pk for centre in centres])
    busy = [centre for centre in centres if number_of(work[centre.pk])]
    busy.sort(key=lambda centre: -number_of(work[centre.pk]))
    tasks = [counts_task(centre, work[centre.pk]) for centre in busy[:CENTRES]]
    if len(busy) > CENTRES:
        button = (_("See all centres"), reverse("training:index"))
        tasks.append(Task(_("Something is open at other centres too"), "", (button,)))
    return Box(_("Open at the centres"), tasks)


def number_of(work: OpenWork) -> int:
    """Of everything that waits; today's lessons are no arrears."""
    waiting = sum(group.waits for group in work.waiting)
    journals = len(work.not_entered) + len(work.unmarked)
    return journals + work.follow_ups + waiting + work.pairs + len(work.faults) + len(work.decisions)


def counts_task(centre, work: OpenWork) -> Task:
    """What is open at one centre, in a line of counts."""
    waiting = sum(group.waits for group in work.waiting)
    broken = sum(row.broken for row in work.faults)
    missing = len(work.not_entered) + len(work.unmarked)
    counted = (
        (missing, ngettext("%(n)s journal entry missing", "%(n)s journal entries missing", missing)),
        (work.follow_ups, ngettext("%(n)s person to ask", "%(n)s people to ask", work.follow_ups)),
        (waiting, ngettext("%(n)s person waits for a place", "%(n)s people wait for a place", waiting)),
        (work.pairs, ngettext("%(n)s likely duplicate", "%(n)s likely duplicates", work.pairs)),
        (work.consents, ngettext("%(n)s without consent", "%(n)s without consent", work.consents)),
        (work.certificates, ngettext("%(n)s without certificate", "%(n)s without certificate", work.certificates)),
        (broken, ngettext("%(n)s piece of equipment out of order", "%(n)s pieces of equipment out of order", broken)),
        (
            len(work.decisions),
            ngettext("%(n)s decision overdue", "%(n)s decisions overdue", len(work.decisions)),
        ),
    )
    note = " · ".join(words % {"n": number} for number, words in counted if number)
    return Task(str(centre), note or _("Nothing is open."), ((_("Look"), of_centre("training:index", centre)),))


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
