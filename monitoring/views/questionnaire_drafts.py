"""A questionnaire's draft: its title, sections and questions, added, changed, moved and taken out."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from centres.versions import EditConflict

from ..drafting import (
    faults,
    new_faults,
    question_in,
    question_moved,
    section_in,
    section_moved,
    section_with,
    untranslated,
    without_question,
    without_section,
)
from ..forms.questionnaire_question import QuestionForm
from ..forms.questionnaires import SectionForm, TitleForm
from ..forms.templates import ShownForm
from ..models import MatrixTemplate, QuestionnaireRefused
from .cycles import FORM_METHODS
from .questionnaires import draft_or_403

STEPS = {"up": -1, "down": 1}


def outline_of(draft, place="") -> str:
    """The draft's page, at a section or question."""
    address = reverse("monitoring:questionnaire_edit", args=[draft.pk])
    return f"{address}#at-{place}" if place else address


def save(request, draft, form_for, show, place):
    """Store a valid form and go on to where `place(form)` stands; otherwise show it with its errors, or both texts.

    What others changed elsewhere in the draft does not stand in the way: the form is checked once more on top of it.
    """
    form, data = form_for(draft, request.POST), request.POST
    while True:
        if not form.is_valid():
            return show(draft, form, 422)
        try:
            draft.edit(form.change, revision=form.cleaned_data["revision"] or 0)
        except QuestionnaireRefused as refused:
            form.add_error(None, str(refused))
            return show(draft, form, 422)
        except EditConflict as conflict:
            draft, data = conflict.theirs, data.copy()
            data["revision"] = draft.revision
            form = form_for(draft, data)
            if not form.is_valid() or form.is_free:
                continue
            differing = form.differences()
            data["base"] = form.initial["base"]
            return show(draft, form_for(draft, data), 409, differences=differing)
        messages.success(request, _("Draft saved."))
        return redirect(outline_of(draft, place(form)))


@FORM_METHODS
def edit(request, pk):
    """The draft's title and introduction, and its sections and questions in their order."""
    draft = draft_or_403(request, pk)
    if "move" in request.POST:
        return move(request, draft)

    def form_for(draft, data=None):
        return TitleForm(data, draft=draft, document=draft.document())

    def show(draft, form, status=200, **context):
        return outline(request, draft, form, status, **context)

    if request.method != "POST":
        return show(draft, form_for(draft))
    return save(request, draft, form_for, show, lambda form: "")


def outline(request, draft, form=None, status=200, **context):
    document = draft.document()
    context |= {
        "questionnaire": draft,
        "document": document,
        "form": form or TitleForm(draft=draft, document=document),
        "faults": faults(document, draft.earlier_kinds()),
        "untranslated": untranslated(document),
    }
    return render(request, "monitoring/questionnaire_edit.html", context, status=status)


def move(request, draft):
    """One place up or down: `up question 8.1.1`."""
    way, _blank, rest = request.POST["move"].partition(" ")
    what, _blank, code = rest.partition(" ")
    change = {"question": question_moved, "section": section_moved}.get(what)
    if change is None or way not in STEPS:
        raise Http404
    shown = ShownForm(request.POST)
    try:
        draft.edit(
            lambda document: change(document, code, STEPS[way]),
            revision=shown.cleaned_data["revision"] if shown.is_valid() else 0,
        )
    except EditConflict as conflict:
        refusal = _(
            "Someone has changed the draft in the meantime. Nothing was moved; below is the draft as it stands."
        )
        return outline(request, conflict.theirs, status=409, refusal=refusal)
    except QuestionnaireRefused as refused:
        return outline(request, draft, status=422, refusal=str(refused))
    return redirect(outline_of(draft, code))


@FORM_METHODS
def section(request, pk, code=None):
    """A section's number, title and guidance; a new one without a code."""
    draft = draft_or_403(request, pk)

    def form_for(draft, data=None):
        document = draft.document()
        return SectionForm(data, draft=draft, document=document, section=section_in(document, code) if code else None)

    def show(draft, form, status=200, **context):
        context |= {"questionnaire": draft, "form": form, "section": form.section, "code": code}
        return render(request, "monitoring/questionnaire_section.html", context, status=status)

    form = form_for(draft)
    if code and form.section is None and request.method != "POST":
        raise Http404
    if request.method != "POST":
        return show(draft, form)
    return save(request, draft, form_for, show, lambda form: form.made().code)


@FORM_METHODS
def question(request, pk, code=None, section=None):
    """One question of the draft; a new one in that section."""
    draft = draft_or_403(request, pk)
    aspects = latest_aspects(draft)
    earlier = draft.earlier()

    def form_for(draft, data=None):
        document = draft.document()
        where = section_in(document, section) if section else section_with(document, code)
        if where is None:  # taken out by somebody meanwhile: put back into the section that its code names
            where = section_in(document, code.partition(".")[0] if code else "")
        if where is None:
            raise Http404
        row = question_in(document, code) if code else None
        return QuestionForm(
            data, draft=draft, document=document, section=where, question=row, earlier=earlier, aspects=aspects
        )

    def show(draft, form, status=200, **context):
        context |= {"questionnaire": draft, "form": form, "section": form.section, "question": form.question}
        context["code"] = code
        return render(request, "monitoring/questionnaire_question.html", context, status=status)

    form = form_for(draft)
    if request.method != "POST":
        if code and form.question is None:
            raise Http404
        return show(draft, form)
    return save(request, draft, form_for, show, lambda form: form.made().code)


def latest_aspects(draft) -> list[tuple[str, str]]:
    """(key, title) of the aspects of the network's latest published matrix template."""
    template = MatrixTemplate.objects.filter(network=draft.network_id).published().order_by("-version").first()
    return [(row.key, f"{row.number} {row.title_i18n}") for row in template.aspects.all()] if template else []


@FORM_METHODS
def remove_question(request, pk, code):
    """Ask once, then take the question out; refused while others depend on it."""
    draft = draft_or_403(request, pk)
    row = question_in(draft.document(), code)
    if row is None:
        raise Http404
    return remove(request, draft, code, without_question, {"question": row})


@FORM_METHODS
def remove_section(request, pk, code):
    """The same for a section with all its questions."""
    draft = draft_or_403(request, pk)
    row = section_in(draft.document(), code)
    if row is None:
        raise Http404
    return remove(request, draft, code, without_section, {"section": row})


def remove(request, draft, code, without, context):
    status = 200

    def change(document):
        return without(document, code)

    if request.method == "POST":
        shown = ShownForm(request.POST)
        try:
            draft.edit(change, revision=shown.cleaned_data["revision"] if shown.is_valid() else 0)
        except EditConflict as conflict:
            draft, status = conflict.theirs, 409
            context["error"] = _("Someone has changed the draft in the meantime. Look at it once more.")
        except QuestionnaireRefused as refused:
            status, context["error"] = 422, str(refused)
        else:
            messages.success(request, _("Taken out: %(code)s.") % {"code": code})
            return redirect(outline_of(draft))
    document = draft.document()
    context |= {"questionnaire": draft, "code": code, "broken": new_faults(document, change(document))}
    return render(request, "monitoring/questionnaire_remove.html", context, status=status)
