"""Answers of a self-assessment: a section's page, saving one as it is typed, its history, the talk about it."""

import uuid

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.db import IntegrityError, transaction
from django.db.models import F, FilteredRelation, Q
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from centres.access import editable_or_403, reach_of

from .. import prefill
from ..completeness import asked_codes
from ..differences import Budget, differences
from ..filling import Item, Sheet, answer_threads
from ..forms.assessments import AnswerCommentForm, BehalfForm
from ..instruments import Kind, is_answered
from ..models import Answer, AnswerComment, CycleFrozen, EditConflict, Question, StepRefused
from ..sending import Sent, found, speaks_for
from ..shown import Shown
from ..wording import in_words
from .assessments import count_words, require_filling, section_address

MORE_ROWS = 5


def section_or_404(sheet, code):
    """The section of that code, with the ones before and after it."""
    for place, section in enumerate(sheet.outline):
        if section.code == code:
            before = sheet.outline[place - 1] if place else None
            return section, before, sheet.outline[place + 1] if place + 1 < len(sheet.outline) else None
    raise Http404


def show(request, sheet, section, items=None, status=200, **context):
    _section, before, after = section_or_404(sheet, section.code)
    items = items if items is not None else sheet.items(section)
    own = {
        "assessment": sheet.assessment,
        "cycle": sheet.cycle,
        "centre": sheet.centre,
        "sheet": sheet,
        "section": section,
        "before": before,
        "after": after,
        "items": items,
        "part": sheet.section_progress(section),
        "changed": any(item.changed for item in items),
        "behalf": BehalfForm.of(sheet.assessment),
    }
    return render(request, "monitoring/assessment_section.html", own | context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def section(request, cycle, centre, code):
    """The questions of one section; with POST every changed one is saved by itself, and what cannot be saved stays."""
    assessment = found(request.user, cycle, centre)
    too_late = assessment.cycle.is_published and fills_in(request.user, assessment)
    if request.method == "POST" and not too_late:
        require_filling(request, assessment)
    sheet = Sheet(assessment, request.user)
    asked, _before, after = section_or_404(sheet, code)
    if request.method != "POST":
        return show(request, sheet, asked)
    more = request.POST.get("more", "")
    sent = {}
    for question in asked.asked:
        each = Sent.read(assessment, question, request.POST, more=MORE_ROWS if question.code == more else 0)
        if each is not None and not question.is_heading:
            sent[question.code] = each
    if too_late:
        return show(request, sheet, asked, again(sheet, asked, sent), 422, refused=CycleFrozen())
    if more in sent:
        return show(request, sheet, asked, again(sheet, asked, sent))
    if sheet.behalf and not assessment.told_by:
        refusal = _("Write first who at the centre tells you the answers.")
        return show(request, sheet, asked, again(sheet, asked, sent), 422, refused=refusal)
    try:
        saved, theirs = save_all(request.user, sheet, sent)
    except (StepRefused, CycleFrozen) as refusal:
        sheet = Sheet(found(request.user, cycle, centre), request.user)
        return show(request, sheet, asked, again(sheet, asked, sent), 422, refused=refusal)
    left = {each.question.code for each in sent.values() if not each.is_fine} | theirs.keys()
    if not left:
        messages.success(request, count_words(saved, 0) if saved else _("Nothing was changed."))
        go = {"next": after and section_address(assessment, after), "home": assessment.get_absolute_url()}
        return redirect(go.get(request.POST.get("do")) or section_address(assessment, asked))
    sheet = Sheet(assessment, request.user)
    items = again(sheet, asked, {code: sent[code] for code in left}, theirs)
    return show(request, sheet, asked, items, 409 if theirs else 422, outcome=count_words(saved, len(left)))


def fills_in(user, assessment) -> bool:
    """Whether the person fills it in as long as the cycle is open."""
    reach = reach_of(user)
    return assessment.centre_id in reach.runs or assessment.cycle.network_id in reach.coordinates


def save_all(user, sheet, sent: dict[str, Sent]) -> tuple[int, dict]:
    """Save what was changed, each by itself: how many, and by code the answers of those who were faster."""
    values = {code: answer.value for code, answer in sheet.answers.items()}
    values |= {code: each.form.value for code, each in sent.items() if each.is_fine}
    asked = asked_codes(sheet.by_code.values(), values)
    saved, theirs = 0, {}
    for code, each in sent.items():
        answer = sheet.answers.get(code)
        if each.takes_theirs or not each.is_fine or not each.changes(answer, asked=code in asked):
            continue
        try:
            each.save(sheet.assessment, by=user)
            saved += 1
        except EditConflict as conflict:
            theirs[code] = conflict.theirs
    return saved, theirs


def again(sheet, section, sent: dict[str, Sent], theirs=None) -> list[Item]:
    """The section's questions with what was typed and is not saved; who saves again from here replaces theirs."""
    theirs, entries, items = theirs or {}, sheet.entries(section.asked), []
    for question in section.asked:
        each, entry = sent.get(question.code), entries.get(question.code)
        if each is None:
            items.append(sheet.item(question, entry))
            continue
        other = theirs.get(question.code)
        items.append(
            sheet.item(
                question,
                each.entry or entry,
                form=each.form,
                version=other.version if other else each.version,
                explanation=each.explanation,
                problem=each.problem,
                theirs=other,
                changed=True,
            )
        )
    return sheet.with_records(items)


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request, cycle, centre, code):
    """Save one answer as it is typed (at most 6 queries), told in JSON; with GET the question as it stands, in HTML."""
    assessment = found(request.user, cycle, centre)
    if request.method != "POST":
        sheet = Sheet(assessment, request.user)
        if code not in sheet.by_code or sheet.by_code[code].is_heading:
            raise Http404
        question = sheet.by_code[code]
        [item] = sheet.with_records([sheet.item(question, sheet.entries([question]).get(code))])
        context = {"item": item, "sheet": sheet, "assessment": assessment, "cycle": sheet.cycle, "centre": sheet.centre}
        return render(request, "monitoring/_question.html", context)
    require_filling(request, assessment)
    question = get_object_or_404(with_kept(assessment), code=code)
    if speaks_for(request.user, assessment) and not assessment.told_by:
        return refused(_("Write first who at the centre tells you the answers."))
    sent = Sent.read(assessment, question, request.POST)
    if sent is None:
        raise BadRequest
    if not sent.is_fine:
        errors = Item(question, sent.form, "", problem=sent.problem).errors
        return JsonResponse({"errors": errors}, status=422)
    try:
        version = sent.save(assessment, by=request.user)
    except EditConflict as conflict:
        return JsonResponse(conflict_page(request, question, sent, conflict.theirs), status=409)
    except (StepRefused, CycleFrozen) as refusal:
        return refused(refusal)
    entry = sent.entry or question.kept
    value = sent.form.value
    told = {
        "version": version,
        "differs": prefill.differs(question, value, entry),
        "given": is_answered(question.kind, value),
    }
    if told["differs"] and "rows" in value:  # other rows than those on the page may differ now
        told["data"] = render_to_string("monitoring/_value.html", {"shown": Shown.of_data(question, entry, value)})
    return JsonResponse(told)


def with_kept(assessment):
    """The questions that can be answered, each with `kept`: what its answer knows of the data."""
    own = FilteredRelation("answers", condition=Q(answers__assessment=assessment.pk))
    rows = Question.objects.filter(questionnaire=assessment.questionnaire_id).exclude(kind=Kind.HEADING)
    return rows.annotate(own=own, kept=F("own__computed"))


def refused(reason):
    return JsonResponse({"refused": str(reason)}, status=422)


def conflict_page(request, question, sent, theirs) -> dict:
    """Mine and theirs beside each other, and the version from which mine can be saved over theirs."""
    context = {
        "question": question,
        "mine": Shown(question, sent.form.value),
        "my_words": sent.explanation,
        "theirs": theirs,
        "theirs_shown": Shown(question, theirs.value),
        "live": True,
    }
    return {"version": theirs.version, "html": render_to_string("monitoring/_answer_conflict.html", context, request)}


def one(request, cycle, centre, code):
    """A self-assessment and one of its questions, headings apart."""
    assessment = found(request.user, cycle, centre)
    rows = assessment.questionnaire.questions.exclude(kind=Kind.HEADING).select_related("section")
    return assessment, get_object_or_404(rows, code=code)


def around(assessment, question, user) -> dict:
    """What the pages about one answer share."""
    where = section_address(assessment, question.section)
    return {
        "assessment": assessment,
        "cycle": assessment.cycle,
        "centre": assessment.centre,
        "question": question,
        "where": f"{where}#q-{question.code}",
        "oversees": assessment.cycle.network_id in reach_of(user).oversees,
    }


@require_safe
def history(request, cycle, centre, code):
    """Every version of one answer, with who wrote it, on whose behalf, and what changed."""
    assessment, question = one(request, cycle, centre, code)
    row = assessment.answers.filter(question=question).first()
    events = row.events.select_related("updated_by").order_by("-pgh_id") if row else Answer.objects.none()
    versions = Paginator(events, 20).get_page(request.GET.get("page"))
    older = [*versions[1:], *events[versions.end_index() : versions.end_index() + 1], None]
    budget, rows = Budget(), []
    for event, before in zip(versions, older, strict=False):
        if before and before.version == event.version:
            continue  # only the data were looked at again
        words = ["\n".join(said_in(question, each)) for each in (before, event)]
        rows.append(
            {
                "event": event,
                "words": differences(*words, budget),
                "why": differences(before.explanation if before else "", event.explanation, budget),
                "data": Shown(question, event.computed["value"]) if event.computed else None,
            }
        )
    context = around(assessment, question, request.user) | {"versions": versions, "rows": rows}
    return render(request, "monitoring/answer_history.html", context)


def said_in(question, event) -> list[str]:
    """A recorded answer as lines, a grade with its source and its proposal."""
    if event is None:
        return []
    more = (event.value.get(name) for name in ("source", "proposal"))
    return [*in_words(question, event.value), *filter(None, more)]


def show_talk(request, assessment, question, status=200, **context):
    """What is said about one answer, as a page; for htmx as the panel over the section."""
    own = around(assessment, question, request.user)
    own |= {
        "page": {
            "oversees": own["oversees"],
            "threads": answer_threads(assessment, question, request.user),
            "comment_address": comments_address(assessment, question),
        },
        "comment_id": uuid.uuid4(),
    }
    own["open"] = sum(thread.first.resolved_at is None for thread in own["page"]["threads"])
    name = "monitoring/_answer_talk.html" if request.htmx else "monitoring/answer_talk.html"
    return render(request, name, own | context, status=status)


def comments_address(assessment, question) -> str:
    args = [assessment.cycle.code, assessment.centre.code, question.code]
    return reverse("monitoring:answer_comment", args=args)


def said(request, assessment, question, text):
    """After a write the person stays where she was: in the panel, or on the page of comments."""
    if request.htmx:
        return show_talk(request, assessment, question, done=text)
    messages.success(request, text)
    return redirect(comments_address(assessment, question))


@require_http_methods(["GET", "HEAD", "POST"])
def comment(request, cycle, centre, code):
    """What is said about one answer; with POST begin a thread or reply. A resend is recognised by its id."""
    assessment, question = one(request, cycle, centre, code)
    if request.method != "POST":
        return show_talk(request, assessment, question)
    threads = AnswerComment.objects.filter(assessment=assessment, question=question)
    form = AnswerCommentForm(request.POST, threads=threads)
    if not form.is_valid():
        return show_talk(request, assessment, question, 422, comment_form=form)
    remark = form.save(commit=False)
    remark.pk, remark.parent = form.cleaned_data["id"], form.cleaned_data["parent"]
    remark.centre, remark.author = assessment.centre, request.user
    remark.assessment, remark.question = assessment, question
    try:
        with transaction.atomic():
            remark.save(force_insert=True)
    except IntegrityError:
        get_object_or_404(threads, pk=remark.pk, author=request.user)
    return said(request, assessment, question, _("Comment added."))


@require_POST
def thread(request, cycle, centre, code, pk):
    """Resolve a thread or open it again: experts any, the others what they began."""
    assessment, question = one(request, cycle, centre, code)
    threads = AnswerComment.objects.filter(assessment=assessment, question=question, parent__isnull=True)
    first = editable_or_403(threads, request.user, pk=pk)
    match request.POST.get("do"):
        case "reopen":
            first.reopen()
            return said(request, assessment, question, _("The thread is open again."))
        case "resolve":
            first.resolve(by=request.user)
            return said(request, assessment, question, _("The thread is resolved."))
    raise BadRequest
