"""The start page on self-assessments: what is due, what was returned, what waits for review, who is late."""

from datetime import timedelta

import pytest
from django.utils.formats import date_format
from django.utils.timezone import localdate

from centres.models import User
from clcnet.today import boxes_for
from monitoring.instruments import Kind, QuestionText
from monitoring.models import AnswerComment, Cycle

from ..factories import (
    make_answer,
    make_assessment,
    make_centre,
    make_coordinator,
    make_cycle,
    make_facilitator,
    make_questionnaire,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def asked(network, alpha, beta):
    questions = [QuestionText(f"1.{n}", Kind.TEXT, {"en": f"Question {n}?"}) for n in range(1, 6)]
    questionnaire = make_questionnaire(network, questions)
    return make_cycle(network, [alpha, beta], questionnaire=questionnaire, code="2006", title="Monitoring 2006")


@pytest.fixture
def aigul(alpha):
    return make_facilitator(alpha)


def lines(user, title="Self-assessment"):
    boxes = {box.title: box.tasks for box in boxes_for(User.objects.get(pk=user.pk))}
    return [(task.text, task.note, *task.buttons) for task in boxes.get(title, ())]


def is_due(cycle, days):
    day = localdate() + days * DAY
    Cycle.objects.filter(pk=cycle.pk).update(self_assessment_due=day)
    return f"due on {date_format(day, 'DATE_FORMAT')}"


def test_a_centre_reads_how_far_it_is_and_when_it_is_due(asked, alpha, aigul):
    address = "/monitoring/2006/self-assessment/alpha/"
    fill_in = ("Fill in", address)
    assert lines(aigul) == [("0 of 5 questions answered", "Monitoring 2006", fill_in)]
    own = make_assessment(alpha, cycle=asked)
    make_answer(own, "1.1", {"text": "x"}, by=aigul)
    make_answer(own, "1.2", {"text": "x"}, by=aigul)
    make_answer(own, "1.2", {}, by=aigul)
    day = is_due(asked, 3)
    assert lines(aigul) == [("1 of 5 questions answered", f"Monitoring 2006 · {day}", fill_in)]
    day = is_due(asked, -1)
    assert lines(aigul) == [("1 of 5 questions answered", f"Monitoring 2006 · {day} · 1 day late", fill_in)]
    for days, words in ((60, f"{is_due(asked, -60)} · 60 days late"), (61, f"was {is_due(asked, -61)}")):
        is_due(asked, -days)
        assert lines(aigul) == [("1 of 5 questions answered", f"Monitoring 2006 · {words}", fill_in)]
    own.submit(by=aigul, version=0)
    assert lines(aigul) == []


def test_what_is_returned_comes_first_and_names_the_questions(network, asked, alpha, aigul, expert):
    earlier = make_cycle(network, [alpha], questionnaire=asked.questionnaire, title="Monitoring 2004")
    is_due(earlier, -400)
    is_due(asked, -2)
    own = make_assessment(alpha, cycle=asked)
    own.submit(by=aigul, version=0)
    own.give_back(by=expert, version=1, reasons={f"1.{n}": "Why?" for n in range(1, 5)})
    mend = ("Read and mend", "/monitoring/2006/self-assessment/alpha/")
    first, second = lines(aigul)
    assert second[0] == "0 of 5 questions answered"
    named = "1.1 Question 1?; 1.2 Question 2?; 1.3 Question 3? …"
    where = f"Monitoring 2006 · returned: {date_format(localdate(), 'DATE_FORMAT')}"
    assert first == ("4 returned questions to mend", f"{named} · {where}", mend)
    for n in range(1, 5):
        make_answer(own, f"1.{n}", {"text": "x"}, by=aigul)
    own.refresh_from_db()
    assert lines(aigul)[0][:2] == ("Everything returned was looked at: submit it again", where)


def test_who_runs_several_centres_reads_which(asked, alpha, beta, aigul):
    make_facilitator(beta, user=aigul)
    assert sorted(note for _text, note, _button in lines(aigul)) == [
        "Monitoring 2006 · Alpha",
        "Monitoring 2006 · Beta",
    ]


def test_a_published_cycle_asks_for_nothing_more(asked, aigul, alpha):
    Cycle.objects.filter(pk=asked.pk).update(state="published", published_at="2006-07-01T00:00:00Z")
    assert lines(aigul) == []


def test_reviewers_read_how_many_wait_and_how_many_are_late(asked, alpha, beta, aigul, expert, coordinator):
    def of_assessments(user):
        return [line for line in lines(user, "Monitoring 2006") if "self-assessment" in line[0]]

    assert of_assessments(expert) == []
    is_due(asked, -1)
    overview = "/monitoring/2006/self-assessment/?state="
    late = ("2 self-assessments are late", "", ("Look", f"{overview}late"))
    assert (of_assessments(expert), of_assessments(coordinator)) == ([late], [late])
    make_assessment(alpha, cycle=asked).submit(by=aigul, version=0)
    assert of_assessments(expert) == [
        ("1 self-assessment to review", "", ("Review", f"{overview}submitted")),
        ("1 self-assessment is late", "", ("Look", f"{overview}late")),
    ]
    own = make_assessment(beta, cycle=asked)
    own.submit(by=make_facilitator(beta), version=0)
    own.give_back(by=expert, version=1, reasons={"1.1": "Why?"})
    assert [text for text, *_rest in of_assessments(expert)] == ["1 self-assessment to review"]
    assert lines(expert) == []


def test_comments_on_answers_wait_as_those_on_cells_do(asked, alpha, aigul, expert, client_of):
    own = make_assessment(alpha, cycle=asked)
    question = own.questionnaire.questions.get(code="1.2")
    remark = {"assessment": own, "centre": alpha, "question": question}
    thread = AnswerComment.objects.create(**remark, author=aigul, text="Whom do you mean?")
    title = "Comments to read and answer"
    address = f"/monitoring/2006/self-assessment/alpha/answers/1.2/comments/#thread-{thread.pk}"
    assert lines(expert, title) == [("Alpha · 1.2 Question 2?", f"{aigul}: Whom do you mean?", ("Answer", address))]
    assert lines(aigul, title) == []
    assert f'id="thread-{thread.pk}"' in client_of(expert).get(address).text
    AnswerComment.objects.create(**remark, author=expert, text="All of them.", parent=thread)
    assert lines(expert, title) == []
    assert [note for _text, note, _button in lines(aigul, title)] == [f"{expert}: All of them."]


def test_nothing_of_another_centre_or_network(asked, beta):
    assert lines(make_facilitator(make_centre(beta.network))) == []
    assert lines(make_coordinator(make_centre().network), "Monitoring 2006") == []


@pytest.mark.parametrize("who", ["aigul", "expert"])
def test_every_button_leads_somewhere(request, asked, alpha, beta, aigul, expert, client_of, who):
    is_due(asked, -1)
    make_assessment(beta, cycle=asked).submit(by=make_facilitator(beta), version=0)
    user = request.getfixturevalue(who)
    addresses = [
        address
        for box in boxes_for(user)
        for task in box.tasks
        for _label, address in task.buttons
        if "/self-assessment/" in address
    ]
    assert len(addresses) == {"aigul": 1, "expert": 2}[who]
    client = client_of(user)
    page = client.get("/").text
    for address in addresses:
        assert f'href="{address}"' in page
        assert client.get(address).status_code == 200
