"""A second version of the questionnaire leaves what was answered under the first exactly as it reads."""

import io
import re
from dataclasses import replace

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from monitoring.instruments import Kind, QuestionText
from monitoring.library import ANNEX_1
from monitoring.models import Cycle, Questionnaire

from ..factories import make_answer, make_assessment, make_cycle, make_expert, make_facilitator, write_cell
from ..reports.reading import pages_of

pytestmark = pytest.mark.django_db

RENAMED, REMOVED, ADDED = "8.1.1", "8.1.2", "8.1.6"
ANSWERS = {
    "1.1": {"text": "Alpha, as it stood on our door"},
    "3.1": {"rows": [{"curriculum": "Sewing", "men": "1", "women": "13", "total": "14"}]},
    "3.3": {"choice": "good"},
    "5.1": {"rows": {"grants": {"year": "1500.5", "forecast": "0"}}},
    RENAMED: {"grade": "yes", "source": "The plan on the wall", "proposal": "Show it to the akim"},
    REMOVED: {"grade": "no", "proposal": "Tell the committee"},
    "8.3.1": {"grade": "partly"},
    "8.3.1.2": {"grade": "no"},
}


def second(document):
    """One question renamed, one removed, one new."""

    def changed(section):
        questions = []
        for question in section.questions:
            if question.code == RENAMED:
                question = replace(question, text={"en": "Wholly other words", "ru": "Иначе", "kk": "Басқаша"})
            if question.code != REMOVED:
                questions.append(question)
            if question.code == "8.1.5":
                questions.append(QuestionText(ADDED, Kind.NUMBER, {"en": "A new question", "ru": "Н", "kk": "Ж"}))
        return replace(section, questions=tuple(questions))

    return replace(document, sections=tuple(map(changed, document.sections)))


def pages(cycle):
    """Addresses by name of everything that shows alpha's answers of that cycle."""
    own = [cycle.code, "alpha"]
    return {
        "home": reverse("monitoring:assessment", args=own),
        "section": reverse("monitoring:assessment_section", args=[*own, "8"]),
        "review": reverse("monitoring:assessment_review", args=own),
        "history": reverse("monitoring:answer_history", args=[*own, RENAMED]),
        "overview": reverse("monitoring:assessments", args=[cycle.code]),
        "agreement": reverse("monitoring:agreement", args=[cycle.code]),
        "proposals": reverse("monitoring:proposals", args=[cycle.code]),
        "cell": reverse("monitoring:cell", args=[cycle.code, 1, "alpha"]),
        "pdf": reverse("reports:assessment_filled_pdf", args=own),
        "blank": reverse("reports:assessment_blank_pdf", args=own),
        "workbook": reverse("monitoring:assessment_workbook", args=own),
    }


def read(client, cycle):
    """What each of them says, without what differs from one request to the next."""
    found = {}
    for name, address in pages(cycle).items():
        answer = client.get(address)
        assert answer.status_code == 200, name
        content = answer.getvalue()
        if name in ("pdf", "blank"):
            found[name] = " ".join(pages_of(content))
        elif name == "workbook":
            sheets = load_workbook(io.BytesIO(content)).worksheets
            found[name] = [[cell.value for row in sheet.iter_rows() for cell in row] for sheet in sheets]
        else:
            main = re.search(r"<main.*</main>", content.decode(), re.DOTALL)[0]
            secret = r'name="(csrfmiddlewaretoken|id|q-[^"]*-(token|computed))" value="[^"]*"|[0-9a-f-]{36}'
            found[name] = re.sub(secret, "", main)
    return found


def test_old_answers_read_exactly_as_before(network, alpha, client_of):
    first = Questionnaire.begin(network=network, document=ANNEX_1)
    first.publish()
    cycle = make_cycle(network, [alpha], code="2005", questionnaire=first)
    assessment, facilitator, expert = make_assessment(alpha, cycle=cycle), make_facilitator(alpha), make_expert(network)
    for code, value in ANSWERS.items():
        make_answer(assessment, code, value, by=facilitator)
    write_cell(cycle.cells.get(aspect__number=1), expert, finding="A plan hangs there.", state="submitted")
    assessment.submit(by=facilitator, version=0)
    client = client_of(expert)
    before = read(client, cycle)

    draft = first.next_version()
    draft.rewrite(second(draft.document()), revision=draft.revision)
    draft.publish()
    later = make_cycle(network, [alpha], code="2006", template=cycle.template, questionnaire=draft)
    asked = make_assessment(alpha, cycle=later)
    for code, value in {RENAMED: {"grade": "no"}, ADDED: {"number": "7"}}.items():
        make_answer(asked, code, value, by=facilitator)

    assert read(client, cycle) == before
    old, new = "Show it to the akim", "Wholly other words"
    assert [old in before[name] for name in ("review", "pdf", "proposals")] == [True] * 3
    shown = read(client, later)
    assert [(new in shown[name], new in before[name]) for name in ("review", "pdf", "blank")] == [(True, False)] * 3
    codes = {question.code for question in Cycle.objects.get(code="2005").questionnaire.all_questions}
    assert {REMOVED} <= codes
    assert ADDED not in codes
