"""Writes the self-assessments of 2005: the questionnaires, what each centre answered, and the steps since then."""

from contextlib import contextmanager

import pghistory
from django.utils import timezone
from django.utils.translation import override

from monitoring import prefill
from monitoring.library import DOCUMENTS
from monitoring.models import Answer, AnswerComment, ProposalDecision, Questionnaire, SelfAssessment

from .rows import ids
from .self_assessments_2005 import ACCEPTED, COMMENTS, RETURNED, SELF_ASSESSMENTS, SET_ASIDE, SUBMITTED
from .shapes import Reply

REVIEWER = "expert"


def load_questionnaires(network) -> dict[str, Questionnaire]:
    """All that come with the system, published, by key."""
    rows = {key: Questionnaire.begin(network=network, document=document) for key, document in DOCUMENTS.items()}
    for row in rows.values():
        row.publish()
    return rows


def load_assessments(cycle, people):
    """Answer what the cycle asks of its centres, and take the steps that each has taken."""
    questions = {question.code: question for question in cycle.questionnaire.all_questions}
    fresh = ids("answers")
    rows = {row.centre.code: row for row in SelfAssessment.objects.for_page().filter(cycle=cycle)}
    for code, told in SELF_ASSESSMENTS.items():
        writer = people["coordinator" if told.told_by else code]
        with acting(writer):
            fill_in(rows[code], told, questions, fresh, by=writer)
            if code in ACCEPTED or code in SUBMITTED or code in RETURNED:
                rows[code].submit(by=writer, version=0)
    reviewer = people[REVIEWER]
    with acting(reviewer):
        for code, note in ACCEPTED.items():
            rows[code].accept(by=reviewer, version=1, note=note)
        for code, reasons in RETURNED.items():
            rows[code].give_back(by=reviewer, version=1, reasons=reasons)
    discuss_answers(rows, questions, people)
    with acting(people["coordinator"]):
        set_aside(rows, questions, by=people["coordinator"])


@contextmanager
def acting(user):
    """What is written here, history names as this person's."""
    with pghistory.context(command="demo", user=user.pk):
        yield


def fill_in(assessment, told, questions, fresh, *, by):
    """What the centre wrote, beside what the data said at that moment."""
    if told.told_by:
        assessment.told_by = told.told_by
        assessment.save(update_fields=["told_by"])
    with override(told.language):
        known = prefill.computed(assessment, questions.values())
    taken_over = {code: Reply(entry["value"]) for code, entry in known.items() if code not in told.left_open}
    now = timezone.now()
    Answer.objects.bulk_create(
        Answer(
            id=next(fresh),
            centre=assessment.centre,
            assessment=assessment,
            question=questions[code],
            value=reply.value,
            computed=known.get(code),
            explanation=reply.why,
            updated_at=now,
            updated_by=by,
            told_by=told.told_by,
        )
        for code, reply in (taken_over | told.replies).items()
    )


def discuss_answers(rows, questions, people):
    for (centre, code), thread in COMMENTS.items():
        first = remark(rows[centre], questions[code], thread, people)
        for reply in thread.replies:
            remark(rows[centre], questions[code], reply, people, parent=first)
        if thread.resolved_by:
            first.resolve(by=people[thread.resolved_by])


def remark(assessment, question, comment, people, parent=None):
    author = people[comment.author]
    with acting(author):
        return AnswerComment.objects.create(
            centre=assessment.centre,
            assessment=assessment,
            question=question,
            parent=parent,
            author=author,
            text=comment.text,
        )


def set_aside(rows, questions, *, by):
    """Proposals that become no recommendation, with the reason."""
    for (centre, code), reason in SET_ASIDE.items():
        answer = Answer.objects.get(assessment=rows[centre], question=questions[code])
        ProposalDecision.objects.create(
            centre=answer.centre, answer=answer, text=answer.value["proposal"], reason=reason, by=by
        )
