"""Blanks to print and fill in by hand: one form, or a month's paper for several groups in one file."""

from uuid import UUID

from django.conf import settings
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from centres.access import visible_or_404
from centres.models import Centre
from training.models import ConsentText, Group, Trainee

from ..paper import FORMS, Month, Paper
from .answers import language_of, send_pdf

MOST_GROUPS = 20  # in one file
MOST = 400_000  # characters of HTML in one file: 13 seconds, 17 full journals or 138 consents


@require_safe
def blanks(request, code):
    """What a centre can print for a month: each form per group, and everything in one file."""
    centre = _centre(request, code)
    month = Month.read(request.GET.get("month"))
    paper = Paper(centre, request.user, month)
    context = {
        "centre": centre,
        "month": month,
        "groups": paper.groups(),
        "chosen": _ids(request),
        "forms": [form for form in FORMS.values() if form.name != "consent" or paper.consents([])],
        "per_group": [FORMS[name] for name in ("roll", "journal", "slip")],
        "has_consent": bool(paper.consents([])),
        "languages": settings.LANGUAGES,
        "most": MOST_GROUPS,
    }
    return render(request, "reports/blanks.html", context)


@require_safe
def blank_pdf(request, code, form):
    """One form: `?group=`, `?trainee=` (consent), `?purpose=` (consent), `?month=2005-06`, `?on=2` (slips a sheet)."""
    centre = _centre(request, code)
    if form not in FORMS:
        raise Http404
    with language_of(request):
        paper = Paper(centre, request.user, Month.read(request.GET.get("month")))
        group = _group(request, centre)
        language = translation.get_language()
        made = _blanks(request, paper, form, group)
    if not made:
        raise Http404(_("The network has no text for this consent yet. Its coordinator writes it."))
    return _send(request, made, f"{FORMS[form].code}-{form}-{centre.code}-{language}.pdf", language)


@require_safe
def month_pdf(request, code):
    """The chosen forms (`?form=`, several) of the chosen groups (`?group=`, several) for a month, in one file."""
    centre = _centre(request, code)
    chosen = [form for form in FORMS if form in request.GET.getlist("form")]
    with language_of(request):
        paper = Paper(centre, request.user, Month.read(request.GET.get("month")))
        groups = list(paper.groups().filter(pk__in=_ids(request))[:MOST_GROUPS])
        courses = paper.courses(paper.groups().filter(pk__in=[group.pk for group in groups]))
        made = []
        for group, course in zip(groups, courses, strict=True):
            made += [getattr(paper, form)(course) for form in ("roll", "journal", "slip") if form in chosen]
            people = paper.without_consent(group) if "consent" in chosen else []
            made += paper.consents(people) if people else []
        if "follow-up" in chosen:
            made.append(paper.follow_up())
        language = translation.get_language()
    if not made:
        return render(request, "reports/nothing_chosen.html", {"centre": centre, "month": paper.month}, status=422)
    return _send(request, made, f"paper-{centre.code}-{paper.month}-{language}.pdf", language)


def _blanks(request, paper, form, group):
    if form == "consent":
        asked = request.GET.get("purpose")
        purpose = asked if asked in ConsentText.Purpose.values else ConsentText.Purpose.DATA
        if trainee := request.GET.get("trainee"):
            people = Trainee.objects.with_contacts().filter(centre=paper.centre)
            row = visible_or_404(people, request.user, pk=_id(trainee))
            return paper.consents([paper.trainee(row)], purpose)
        return paper.consents(paper.without_consent(group, purpose) if group else [], purpose)
    if form == "follow-up":
        return [paper.follow_up(group)]
    course = paper.courses(Group.objects.filter(pk=group.pk).select_related("programme"))[0] if group else None
    if form == "slip":
        return [paper.slip(course, on_a_sheet=2 if request.GET.get("on") == "2" else 4)]
    return [getattr(paper, form)(course)]


def _centre(request, code) -> Centre:
    everything = Centre.objects.inside_for(request.user).select_related("network", "place")
    return get_object_or_404(everything, code=code)


def _group(request, centre) -> Group | None:
    if not (asked := request.GET.get("group")):
        return None
    return visible_or_404(Group.objects.filter(centre=centre), request.user, pk=_id(asked))


def _id(text) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


def _ids(request) -> list[UUID]:
    return [_id(text) for text in request.GET.getlist("group") if text]


def _send(request, made, name, language):
    parts = [(blank.form.template, {"blank": blank}) for blank in made]
    return send_pdf(request, name, *parts, language=language, limit=MOST)
