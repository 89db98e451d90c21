"""What waits in the monitoring: cells to write and to review, self-assessments, comments to answer."""

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from monitoring.models import AnswerComment, CellState, Comment, Cycle

from .assessments import to_review
from .boxes import Box, Task, matrix_address

THREADS = 20  # shown at most; the matrix marks the cells of the others


def cycles_to_work_on(user) -> list[Box]:
    """Open cycles of the networks that the person assesses or coordinates, with what is to be done in each."""
    assessments = to_review(user)
    return [
        Box(str(cycle), [*cycle_tasks(cycle, user), *assessments.get(cycle.pk, ())])
        for cycle in Cycle.objects.editable_by(user).for_list()
    ]


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


def comments(user) -> Box:
    """Open threads in which it is the person's turn, about cells and about answers, the newest first."""
    about_cells = Comment.objects.waiting_for(user).for_list()[: THREADS + 1]
    about_answers = AnswerComment.objects.waiting_for(user).with_replies()[: THREADS + 1]
    threads = [*about_cells, *about_answers.select_related("assessment__cycle", "assessment__centre", "question")]
    threads.sort(key=lambda thread: thread.created_at, reverse=True)
    tasks = [thread_task(thread) for thread in threads[:THREADS]]
    if len(threads) > THREADS:
        tasks.append(Task(_("There are more comments. The matrix marks the cells that have one.")))
    return Box(_("Comments to read and answer"), tasks)


def thread_task(thread) -> Task:
    word = thread.last_word
    if isinstance(thread, AnswerComment):
        own = thread.assessment
        about = f"{own.centre} · {Truncator(thread.question).chars(80)}"
        address = reverse("monitoring:answer_comment", args=[own.cycle.code, own.centre.code, thread.question.code])
    else:
        about, address = str(thread.cell), thread.cell.get_absolute_url()
    return Task(
        about,
        _("%(person)s: %(words)s") % {"person": word.author, "words": Truncator(word.text).chars(140)},
        ((_("Answer"), f"{address}#thread-{thread.pk}"),),
    )
