"""The overview of self-assessments: how far each centre is, for whom, in how many queries."""

from datetime import date, timedelta
from html import unescape
from re import sub

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localdate

from monitoring.filling import Sheet
from monitoring.instruments import Kind, QuestionText, SectionText
from monitoring.models import AnswerComment, Cycle, Reminder
from monitoring.sending import found
from monitoring.standing import standings

from ..factories import (
    make_answer,
    make_assessment,
    make_centre,
    make_coordinator,
    make_cycle,
    make_expert,
    make_facilitator,
    make_questionnaire,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)

SECTIONS = (
    SectionText(
        "1",
        {"en": "The centre"},
        questions=(
            QuestionText("1.1", Kind.TEXT, {"en": "Name"}, required=True),
            QuestionText("1.2", Kind.TEXT, {"en": "Head"}, required=True),
        ),
    ),
    SectionText(
        "2",
        {"en": "Trainees"},
        questions=(
            QuestionText("2.1", Kind.NUMBER, {"en": "Needy"}, required=True),
            QuestionText("2.2", Kind.TEXT, {"en": "Remarks"}),
        ),
    ),
)


@pytest.fixture
def questionnaire(network):
    return make_questionnaire(network, sections=SECTIONS)


@pytest.fixture
def asked(network, alpha, beta, questionnaire):
    """An open cycle that asks alpha and beta."""
    return make_cycle(network, [alpha, beta], questionnaire=questionnaire, code="2006", title="Monitoring 2006")


@pytest.fixture
def expert_client(client_of, expert):
    return client_of(expert)


def address(cycle, **query):
    path = reverse("monitoring:assessments", args=[cycle.code])
    return path if not query else f"{path}?{'&'.join(f'{name}={value}' for name, value in query.items())}"


def rows_of(response):
    """The table's rows as lists of their cells' words."""
    assert response.status_code == 200
    body = response.text.partition("<tbody>")[2].partition("</tbody>")[0]
    rows = [row.split("<td") for row in body.split("</tr>") if "<th" in row]
    return [[" ".join(unescape(sub("<[^>]*>", " ", f"<x{cell}")).split()) for cell in row] for row in rows]


def fill(assessment, by, *codes):
    values = {"1.1": {"text": "Alpha"}, "1.2": {"text": "Dana"}, "2.1": {"number": "4"}, "2.2": {"text": "None"}}
    for code in codes:
        make_answer(assessment, code, values[code], by=by)


def test_each_section_of_each_centre_has_a_mark_and_a_word(expert_client, asked, alpha, beta, expert):
    aigul = make_facilitator(alpha, name="Aigul")
    own = make_assessment(alpha, cycle=asked)
    fill(own, aigul, "1.1", "1.2", "2.2")
    first, second = rows_of(expert_client.get(address(asked)))
    assert first[0].endswith("Alpha PDF Blank XLSX")
    assert first[1].endswith("draft 3 of 4 answered")
    assert [cell.split("> ")[-1] for cell in first[2:4]] == ["complete 2 of 2", "1 missing 1 of 2"]
    assert first[4].endswith("Aigul")
    assert second[0].endswith("Beta PDF Blank XLSX")
    assert second[1].endswith("draft 0 of 4 answered")
    assert [cell.split("> ")[-1] for cell in second[2:5]] == ["2 missing 0 of 2", "1 missing 0 of 2", "not begun"]


def test_returned_questions_count_until_somebody_touches_them(asked, alpha, expert):
    aigul = make_facilitator(alpha)
    own = make_assessment(alpha, cycle=asked)
    fill(own, aigul, "1.1", "1.2", "2.1")
    own.submit(by=aigul, version=0)
    own.give_back(by=expert, version=1, reasons={"1.1": "In full.", "1.2": "Since when?", "2.1": "Who counted?"})

    def to_mend():
        [row] = standings(asked.self_assessments.filter(centre=alpha).select_related("cycle"))
        return [question.code for question in row.to_mend]

    assert to_mend() == ["1.1", "1.2", "2.1"]
    make_answer(own, "1.2", {"text": "Dana, since May"}, by=aigul)
    comment = {"assessment": own, "centre": alpha, "question": own.questionnaire.questions.get(code="2.1")}
    for reviewer in (expert, make_expert(alpha.network), make_coordinator(alpha.network)):
        AnswerComment.objects.create(**comment, author=reviewer, text="Please look.")
        assert to_mend() == ["1.1", "2.1"]
    AnswerComment.objects.create(**comment, author=aigul, text="I did, at the door.")
    assert to_mend() == ["1.1"]


def test_who_returned_it_and_writes_for_the_centre_answers_by_a_comment(asked, alpha):
    dana = make_coordinator(alpha.network)
    own = make_assessment(alpha, cycle=asked)
    fill(own, dana, "1.1")
    own.submit(by=dana, version=0)
    own.give_back(by=dana, version=1, reasons={"1.1": "In full."})
    comment = {"assessment": own, "centre": alpha, "question": own.questionnaire.questions.get(code="1.1")}

    def to_mend():
        [row] = standings(asked.self_assessments.filter(centre=alpha).select_related("cycle"))
        return [
            [question.code for question in row.to_mend],
            Sheet(found(dana, asked.code, "alpha"), dana).standing.to_mend,
        ]

    AnswerComment.objects.create(**comment, author=dana, text="I shall ask.")
    assert to_mend() == [["1.1"]] * 2
    own.told_by = "Aigul by telephone"
    own.save()
    AnswerComment.objects.create(**comment, author=dana, text="It is in full, says Aigul.")
    assert to_mend() == [[]] * 2


def test_a_section_with_returned_questions_says_how_many(expert_client, asked, alpha, expert):
    aigul = make_facilitator(alpha)
    own = make_assessment(alpha, cycle=asked)
    fill(own, aigul, "1.1", "1.2", "2.1")
    own.submit(by=aigul, version=0)
    own.give_back(by=expert, version=1, reasons={"1.1": "In full.", "1.2": "Since when?"})
    [first, _second] = rows_of(expert_client.get(address(asked)))
    assert [cell.split("> ")[-1] for cell in first[2:4]] == ["2 returned 2 of 2", "complete 1 of 2"]


def test_the_counts_stand_on_top_and_lead_to_their_rows(expert_client, asked, alpha, beta):
    aigul = make_facilitator(alpha)
    own = make_assessment(alpha, cycle=asked)
    own.submit(by=aigul, version=0)
    Cycle.objects.filter(pk=asked.pk).update(self_assessment_due=localdate() - 3 * DAY)
    page = expert_client.get(address(asked))
    assert page.context["states"] == [("draft", "draft", 1), ("submitted", "submitted", 1)]
    assert page.context["counts"]["late"] == 1
    for state, centre in (("submitted", "Alpha"), ("draft", "Beta"), ("late", "Beta")):
        assert f'href="?state={state}"' in page.text
        [row] = rows_of(expert_client.get(address(asked, state=state)))
        assert row[0].endswith(f"{centre} PDF Blank XLSX")
    assert "No self-assessment fits these filters." in expert_client.get(address(asked, state="accepted")).text


@pytest.mark.parametrize(("days", "late"), [(-1, ""), (0, ""), (1, "1 day late"), (60, "60 days late")])
def test_days_late_are_counted_from_the_day_after(expert_client, asked, days, late):
    Cycle.objects.filter(pk=asked.pk).update(self_assessment_due=localdate() - days * DAY)
    first, _second = rows_of(expert_client.get(address(asked)))
    assert first[1].partition("answered")[2].strip() == late


def test_of_what_is_long_over_only_the_date_is_said(expert_client, asked):
    Cycle.objects.filter(pk=asked.pk).update(self_assessment_due=date(2005, 6, 15))
    first, _second = rows_of(expert_client.get(address(asked)))
    assert first[1].partition("answered")[2].strip() == "was due on 15 June 2005"


def test_what_is_with_the_experts_is_not_late(asked, alpha):
    Cycle.objects.filter(pk=asked.pk).update(self_assessment_due=localdate() - 30 * DAY)
    own = make_assessment(alpha, cycle=asked)
    own.submit(by=make_facilitator(alpha), version=0)
    late = {
        row.assessment.centre_id: row.days_late for row in standings(asked.self_assessments.select_related("cycle"))
    }
    assert late == {alpha.pk: 0, own.cycle.self_assessments.exclude(pk=own.pk).get().centre_id: 30}


def test_what_was_returned_is_not_late_but_says_since_when(expert_client, asked, alpha, expert):
    Cycle.objects.filter(pk=asked.pk).update(self_assessment_due=localdate() - 3 * DAY)
    own = make_assessment(alpha, cycle=asked)
    own.submit(by=make_facilitator(alpha), version=0)
    own.give_back(by=expert, version=1, reasons={"1.1": "In full."})
    first, second = rows_of(expert_client.get(address(asked)))
    assert first[1].partition("answered")[2].strip() == date_format(localdate(), "SHORT_DATE_FORMAT")
    assert second[1].partition("answered")[2].strip() == "3 days late"
    page = expert_client.get(address(asked, state="late"))
    assert (page.context["counts"]["late"], len(rows_of(page))) == (1, 1)


def test_the_last_change_is_the_newest_answer_or_step(asked, alpha, expert):
    aigul, dana = make_facilitator(alpha), make_coordinator(alpha.network)
    own = make_assessment(alpha, cycle=asked)

    def changed():
        [row] = standings(asked.self_assessments.filter(centre=alpha).select_related("cycle"))
        return row.changed_by, row.told_by

    assert changed() == (None, "")
    fill(own, aigul, "1.1")
    assert changed() == (aigul, "")
    own.told_by = "Aigul by telephone"
    own.save()
    fill(own, dana, "1.2")
    assert changed() == (dana, "Aigul by telephone")
    own.submit(by=dana, version=0)
    assert changed() == (dana, "Aigul by telephone"), "a step, too"
    own.withdraw(by=aigul, version=1)
    assert changed() == (aigul, "")
    own.submit(by=aigul, version=2)
    own.accept(by=expert, version=3)
    assert changed() == (expert, "")


def test_a_centre_is_found_by_its_name(expert_client, asked):
    [row] = rows_of(expert_client.get(address(asked, q="bet")))
    assert row[0].endswith("Beta PDF Blank XLSX")


@pytest.mark.parametrize("who", ["coordinator", "expert"])
def test_every_link_of_the_overview_leads_somewhere(request, client_of, asked, alpha, who):
    client = client_of(request.getfixturevalue(who))
    page = client.get(address(asked)).text
    own = asked.self_assessments.get(centre=alpha)
    assert f'href="{own.get_absolute_url()}"' in page
    for name in ("assessment_filled_pdf", "assessment_blank_pdf"):
        assert f'href="{reverse(f"reports:{name}", args=["2006", "alpha"])}"' in page
    part = reverse("monitoring:assessment_section", args=["2006", "alpha", "2"])
    assert f'href="{part}"' in page
    links = {link.partition('"')[0] for link in page.partition("<main")[2].split('href="')[1:]}
    inside = sorted(unescape(link) for link in links if link.startswith("/monitoring/2006/"))
    assert len(inside) >= 9
    assert [(link, 200) for link in inside] == [(link, client.get(link).status_code) for link in inside]


def test_a_cycle_without_a_questionnaire_says_what_to_do(client_of, cycle, expert, personas):
    page = client_of(expert).get(address(cycle)).text
    assert "Choose the questionnaire" in page
    assert f'href="{reverse("monitoring:edit", args=[cycle.code])}"' in page
    page = client_of(personas.facilitator_alpha).get(address(cycle)).text
    assert "No self-assessment is asked for in this cycle." in page
    assert "Choose the questionnaire" not in page


def test_a_cycle_without_centres_says_what_to_do(client_of, network, expert, questionnaire):
    empty = make_cycle(network, questionnaire=questionnaire)
    page = client_of(expert).get(address(empty)).text
    assert f'href="{reverse("monitoring:edit", args=[empty.code])}"' in page


# Who sees what


def test_who_runs_one_centre_is_led_to_its_own(client_of, asked, personas):
    response = client_of(personas.facilitator_beta).get(address(asked))
    assert (response.status_code, response.headers["Location"]) == (302, "/monitoring/2006/self-assessment/beta/")


def test_who_runs_several_sees_only_hers(client_of, asked, alpha, beta, network):
    third = make_centre(network, name="Third")
    asked.add_centres([third])
    aigul = make_facilitator(alpha)
    make_facilitator(third, user=aigul)
    page = client_of(aigul).get(address(asked))
    assert [row[0].split("> ")[-1] for row in rows_of(page)] == ["Alpha PDF Blank XLSX", "Third PDF Blank XLSX"]
    assert "Beta" not in page.text
    assert page.context["counts"]["all"] == 2
    assert reverse("monitoring:assessments_remind", args=["2006"]) not in page.text


def test_who_has_no_centre_in_it_finds_nothing(client_of, asked, personas, network):
    stranger = make_facilitator(make_centre(network))
    for user in (stranger, personas.donor, personas.outsider):
        assert client_of(user).get(address(asked)).status_code == 404


def test_donors_find_nothing_in_a_published_cycle_either(client_of, published, personas):
    assert client_of(personas.donor).get(reverse("monitoring:matrix", args=[published.code])).status_code == 200
    assert client_of(personas.donor).get(address(published)).status_code == 404


def test_the_cycles_pages_lead_here(client_of, asked, personas, published):
    link = f'href="{address(asked)}"'
    for name in ("cycle", "matrix"):
        path = reverse(f"monitoring:{name}", args=[asked.code])
        assert link in client_of(personas.expert).get(path).text
        assert link in client_of(personas.facilitator_alpha).get(path).text
        path = reverse(f"monitoring:{name}", args=[published.code])
        assert f'href="{address(published)}"' not in client_of(personas.donor).get(path).text


# Effort


def fill_cycle(network, questionnaire, count, by, expert):
    centres = [make_centre(network) for _ in range(count)]
    cycle = make_cycle(network, centres, questionnaire=questionnaire)
    for number, own in enumerate(cycle.self_assessments.select_related("cycle", "centre", "questionnaire")):
        if number < 5:
            make_answer(own, "1.1", {"text": "x"}, by=by)
            own.submit(by=by, version=0)
            own.give_back(by=expert, version=1, reasons={"1.2": "Who?"})
        Reminder.objects.create(assessment=own, centre=own.centre, by=by)
    return cycle


def test_one_seven_and_two_hundred_centres_take_the_same_queries(network, questionnaire, expert_client, expert):
    by = make_coordinator(network)
    counts = {}
    for count in (1, 7, 200):
        cycle = fill_cycle(network, questionnaire, count, by, expert)
        with CaptureQueriesContext(connection) as queries:
            page = expert_client.get(address(cycle))
        assert len(rows_of(page)) == min(count, 50)
        counts[count] = len(queries)
    assert counts == {1: 14, 7: 14, 200: 14}
    last = expert_client.get(address(cycle, page=4))
    assert (len(rows_of(last)), last.context["counts"]["all"]) == (50, 200)


# Reminders


def remind(client, cycle, *centres):
    return client.post(
        reverse("monitoring:assessments_remind", args=[cycle.code]),
        {"sure": "1", "centre": [centre.code for centre in centres]},
        follow=True,
    )


def ask(client, cycle):
    return client.post(reverse("monitoring:assessments_remind", args=[cycle.code]))


def test_it_is_asked_first_to_whom_the_reminders_go(expert_client, asked, alpha, beta, mailoutbox):
    make_facilitator(alpha, name="Aigul")
    make_facilitator(alpha, name="Gone", until_date=localdate() - DAY)
    make_facilitator(alpha, name="Closed", is_active=False)
    make_facilitator(beta, name="Nameless", email="")
    page = ask(expert_client, asked).text
    assert "Aigul" in page
    assert [name for name in ("Gone", "Closed", "Nameless", "@people.example") if name in page] == []
    assert "Nobody at these centres has an account with an e-mail address." in page
    assert page.partition("Nobody at these")[2].count("Beta") == 1
    assert (len(mailoutbox), Reminder.objects.count()) == (0, 0)


def test_each_person_gets_one_mail_in_her_language(expert_client, asked, alpha, beta, expert, mailoutbox):
    Cycle.objects.filter(pk=asked.pk).update(self_assessment_due="2005-07-15")
    aigul = make_facilitator(alpha, name="Aigul", language="ru", email="aigul@people.example")
    make_facilitator(beta, user=aigul)
    make_facilitator(beta, name="Berik", language="en", email="berik@people.example")
    page = remind(expert_client, asked, alpha, beta).text
    assert "2 centres were reminded, 2 e-mails were sent." in page
    assert [mail.to for mail in mailoutbox] == [["aigul@people.example"], ["berik@people.example"]]
    russian, english = (mail.body for mail in mailoutbox)
    assert "15 июля 2005" in russian
    for centre in ("alpha", "beta"):
        assert f"http://testserver/monitoring/2006/self-assessment/{centre}/" in russian
    assert "It was due on 15 July 2005." in english
    assert "http://testserver/monitoring/2006/self-assessment/beta/" in english
    assert "alpha" not in english
    assert mailoutbox[1].subject == "Self-assessment to send: Monitoring 2006"
    for mail in mailoutbox:
        assert [name for name in ("Aigul", "Berik", "<", str(expert)) if name in mail.body] == []
    assert {(row.centre, row.by, row.day) for row in Reminder.objects.all()} == {
        (alpha, expert, localdate()),
        (beta, expert, localdate()),
    }


def test_a_day_that_is_still_to_come_is_said_to_be(expert_client, asked, alpha, mailoutbox):
    make_facilitator(alpha)
    remind(expert_client, asked, alpha)
    Reminder.objects.all().delete()
    Cycle.objects.filter(pk=asked.pk).update(self_assessment_due=localdate())
    remind(expert_client, asked, alpha)
    assert ["due on" in mail.body for mail in mailoutbox] == [False, True]
    assert "It is due on" in mailoutbox[1].body


def test_a_centre_is_reminded_once_a_day(expert_client, client_of, coordinator, asked, alpha, beta, mailoutbox):
    make_facilitator(alpha)
    make_facilitator(beta)
    remind(expert_client, asked, alpha)
    page = ask(client_of(coordinator), asked).text
    assert 'value="alpha"' not in page
    assert "Reminded today already: Alpha." in page
    assert "Nobody was reminded" in remind(client_of(coordinator), asked, alpha).text
    assert "1 centre was reminded, 1 e-mail was sent." in remind(client_of(coordinator), asked, alpha, beta).text
    assert len(mailoutbox) == 2
    assert "reminded on" in expert_client.get(address(asked)).text


def test_only_centres_that_have_not_sent_theirs_are_reminded(expert_client, asked, alpha, beta, mailoutbox):
    aigul = make_facilitator(alpha)
    make_facilitator(beta)
    make_assessment(alpha, cycle=asked).submit(by=aigul, version=0)
    remind(expert_client, asked, alpha, beta)
    assert [row.centre for row in Reminder.objects.all()] == [beta]
    assert len(mailoutbox) == 1


def test_a_mail_that_cannot_be_sent_is_said_and_not_recorded(expert_client, asked, alpha, beta, monkeypatch):
    make_facilitator(alpha, email="broken@people.example")
    make_facilitator(beta)

    def send(_self, mails):
        if mails[0].to == ["broken@people.example"]:
            raise OSError
        return len(mails)

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", send)
    page = remind(expert_client, asked, alpha, beta).text
    assert "The mail could not be sent to: Alpha. Try again later." in page
    assert "1 centre was reminded, 1 e-mail was sent." in page
    assert [row.centre for row in Reminder.objects.all()] == [beta]


def test_a_mail_server_that_does_not_answer_is_asked_once(expert_client, asked, alpha, beta, monkeypatch):
    make_facilitator(alpha)
    make_facilitator(beta)
    tried = []

    def refuse(_self):
        tried.append(1)
        raise OSError

    monkeypatch.setattr("django.core.mail.backends.base.BaseEmailBackend.open", refuse)
    page = remind(expert_client, asked, alpha, beta).text
    assert "The mail could not be sent to: Alpha and Beta. Try again later." in page
    assert (len(tried), Reminder.objects.count()) == (1, 0)


def test_a_centre_that_was_only_reminded_can_still_leave(asked, alpha, beta, expert_client):
    make_facilitator(beta)
    remind(expert_client, asked, beta)
    asked.set_centres([alpha])
    assert (Reminder.objects.count(), asked.self_assessments.count()) == (0, 1)


def test_a_published_cycle_reminds_nobody(client_of, published, expert):
    assert ask(client_of(expert), published).status_code == 403


def test_reminding_takes_the_same_queries_for_one_and_more(network, questionnaire, client_of, expert):
    counts = []
    for count in (1, 7):
        centres = [make_centre(network) for _ in range(count)]
        for centre in centres:
            make_facilitator(centre)
        cycle = make_cycle(network, centres, questionnaire=questionnaire)
        client = client_of(expert)
        with CaptureQueriesContext(connection) as queries:
            assert ask(client, cycle).text.count('name="centre"') == count
        counts.append(len(queries))
    assert counts[0] == counts[1]
