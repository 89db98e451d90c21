"""Who changed what in a lesson, its marks included, in words."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from centres.changes import CHANGED, Change, Entry, entries_from, events_of

from .models import Attendance, Enrolment


def lesson_history(lesson) -> list[Entry]:
    """Every recorded change of the lesson, the latest first; the marks of one save stand together (7 queries)."""
    own, of_marks = lesson.events.all(), events_of(Attendance).filter(lesson=lesson.pk)
    enrolments = Enrolment.objects.filter(pk__in=of_marks.values("enrolment")).select_related("trainee")
    people = {enrolment.pk: str(enrolment.trainee) for enrolment in enrolments}
    of_lesson = _("Lesson")
    sources = [(own, lambda event: of_lesson), (of_marks, lambda event: people.get(event.enrolment_id, ""))]
    mark = capfirst(Attendance._meta.get_field("mark").verbose_name)
    entries = entries_from(sources, without=["group", "keeping", "lesson", "enrolment"])
    for entry in entries:
        marks = [change for change in entry.changes if [label for label, *_texts in change.fields] == [mark]]
        others = [change for change in entry.changes if change not in marks]
        entry.changes[:] = [*others, *([together(marks)] if marks else [])]
    return entries


def together(marks: list[Change]) -> Change:
    """Changes of several people's marks as one, a line for each."""
    kinds = {change.kind for change in marks}
    kind = kinds.pop() if len(kinds) == 1 else CHANGED
    lines = [(change.what, before, after) for change in marks for _label, before, after in change.fields]
    return Change(capfirst(Attendance._meta.verbose_name), kind, sorted(lines))
