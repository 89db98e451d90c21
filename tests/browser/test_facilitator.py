"""A facilitator's month on a phone, from an empty centre to the follow-up: everything through the pages."""

from datetime import date, timedelta

import pytest
from django.utils.timezone import localdate

from centres.models import Centre, TargetGroup
from training.models import Attendance, Certificate, ConsentText, Enrolment, FollowUp, Lesson, Slip

from ..factories import make_centre, make_facilitator, make_network, make_post

DAY = timedelta(days=1)
PEOPLE = (
    ("Омарова", "Айгүл", "1979"),
    ("Ким", "Светлана", "1984"),
    ("Юлдашева", "Дилноза", "1990"),
    ("Шимарова", "Зухра", "1972"),
    ("Нұрпейісова", "Ләззат", "1988"),
    ("Вебер", "Марина", "1966"),
    ("Қасенова", "Гүлнәр", "1981"),
    ("Алиева", "Севда", "1993"),
    ("Ахметова", "Дәмеш", "1975"),
    ("Ковалёва", "Инна", "1970"),
)
LEFT = (("Юлдашева", "family"), ("Ковалёва", "season"))
LESSONS = 8


@pytest.fixture
def centre(transactional_db):
    """A centre that was opened, with its facilitator, and nothing else."""
    network = make_network(name="Empty")
    TargetGroup.objects.furnish(network)
    ConsentText.objects.furnish(network)
    names = {"name": "Aksu", "name_ru": "Аксу", "name_kk": "Ақсу"}
    centre = make_centre(network, code="aksu", legal_status=Centre.LegalStatus.REGISTERED, **names)
    make_post(centre, name="Гүлжан Сейітова")
    make_facilitator(centre, username="aigul", password="demo-clcnet", language="kk")
    return centre


class Month:
    """The facilitator at her phone, and the days of a group that ended more than six months ago."""

    def __init__(self, reader):
        self.reader, self.page = reader, reader.page
        self.start = localdate() - 230 * DAY
        self.end = self.start + 30 * DAY
        self.days = [self.start + n * 3 * DAY for n in range(LESSONS)]
        self.group = ""  # its address

    def go(self, path):
        assert self.reader.go(path).status == 200, path

    def click(self, selector):
        """Follow a link or send a form, and wait for the page it leads to."""
        with self.page.expect_navigation():
            self.page.locator(selector).first.click()

    def save(self):
        with self.page.expect_navigation() as answer:
            self.page.locator("main form.guarded button.btn-primary, main form .savebar .btn-primary").last.click()
        assert answer.value.status == 200, self.page.locator("main").inner_text()[:800]
        assert self.page.locator("main .notice.bad").count() == 0, self.page.locator("main").inner_text()[:800]


@pytest.fixture
def month(open_window, centre):
    reader = open_window("kk", 390)
    reader.sign_in("aigul")
    return Month(reader)


def test_a_month_from_an_empty_centre(month, centre):
    begin(month)
    write_the_programme(month)
    open_the_group(month)
    enter_ten_people(month)
    keep_the_journal(month)
    let_two_leave(month)
    complete_the_group(month)
    issue_certificates(month)
    type_in_slips(month)
    ask_half_a_year_later(month)
    look_back(month)


def begin(month):
    """The start page of an empty centre leads to the register."""
    month.reader.look("today-empty")
    month.click("main a[href='/training/?centre=aksu']")
    month.reader.look("first-steps")


def write_the_programme(month):
    page = month.page
    month.click("main a[href*='/training/programmes/new/']")
    page.fill("[name=title_kk]", "Тігін, қысқа курс")
    page.fill("[name=title_ru]", "Шитьё, краткий курс")
    page.select_option("[name=area]", "economy")
    page.select_option("[name=kind]", "income")
    page.fill("[name=hours]", "16")
    month.reader.look("programme-new")
    month.save()
    month.reader.look("programme")


def open_the_group(month):
    page = month.page
    month.go("/training/")
    month.click("main a[href*='/training/groups/new/']")
    page.fill("[name=name]", "Тігін, 1-топ")
    page.select_option("[name=programme]", label="Тігін, қысқа курс")
    page.fill("[name=start]", month.start.isoformat())
    page.fill("[name=end]", month.end.isoformat())
    page.fill("[name=capacity]", "12")
    month.reader.look("group-new")
    month.save()
    month.group = page.url.removeprefix(month.reader.base).removesuffix("timetable/")
    month.reader.look("group")


def enter_ten_people(month):
    """First into the register, then all of them into the group, from its first day on."""
    page = month.page
    for number, (surname, given_name, year) in enumerate(PEOPLE):
        month.go("/training/trainees/")
        month.click("main a[href*='/training/trainees/new/']")
        page.fill("[name=surname]", surname)
        page.fill("[name=given_name]", given_name)
        page.fill("[name=birth_year]", year)
        page.select_option("[name=sex]", "f")
        page.fill("[name=phone]", f"+7 72636 0-02-{number:02}")
        page.fill("[name=registered_on]", (month.start - DAY).isoformat())
        if number == 0:
            month.reader.look("trainee-new")
        month.save()
    month.go("/training/trainees/")
    month.reader.look("trainees")
    month.go(f"{month.group}members/")
    assert page.locator("[name=pick]").count() == len(PEOPLE)
    for box in page.locator("[name=pick]").all():
        box.check()
    page.fill("[name=started_on]", month.start.isoformat())
    month.reader.look("members-new")
    month.click("main button[name=place][value=enrolled]")
    assert Enrolment.objects.filter(status="enrolled", started_on=month.start).count() == len(PEOPLE)
    month.reader.look("members")


def keep_the_journal(month):
    """Everybody was there, but one was away and one excused at the last lesson."""
    page = month.page
    for number, day in enumerate(month.days):
        month.go(f"{month.group}journal/new/?date={day.isoformat()}&starts=09:00")
        page.fill("[name=ends]", "10:30")
        page.fill("[name=topic]", f"Тақырып {number + 1}")
        page.locator("button[name=everybody]").click()
        if number == LESSONS - 1:
            rows = page.locator(".people li")
            rows.nth(0).locator("label:has(input[value=absent])").click()
            rows.nth(1).locator("label:has(input[value=excused])").click()
            month.reader.look("lesson")
        month.save()
    assert Lesson.objects.count() == LESSONS
    marks = Attendance.objects.values_list("mark", flat=True)
    assert (list(marks).count("present"), len(marks)) == (LESSONS * len(PEOPLE) - 2, LESSONS * len(PEOPLE))
    month.go(f"{month.group}journal/")
    month.reader.look("journal")


def let_two_leave(month):
    """After the last lesson, so that no mark lies outside of their time."""
    page = month.page
    for surname, reason in LEFT:
        month.go(f"{month.group}members/")
        month.click(f"main tr:has-text('{surname}') a[href*='/training/enrolments/']")
        choose(page, "status", "dropped")
        page.fill("[name=ended_on]", (month.days[-1] + DAY).isoformat())
        choose(page, "reason", reason)
        month.reader.look(f"leaves-{reason}")
        month.save()
    assert set(Enrolment.objects.filter(status="dropped").values_list("trainee__surname", "reason")) == set(LEFT)


def complete_the_group(month):
    month.go(f"{month.group}members/")
    month.click("main a[href$='/members/complete/']")
    month.page.fill("[name=ended_on]", month.end.isoformat())
    month.reader.look("complete")
    month.click("main form button.btn-primary")
    assert Enrolment.objects.filter(status="completed", ended_on=month.end).count() == len(PEOPLE) - len(LEFT)


def issue_certificates(month):
    month.go(f"{month.group}certificates/")
    month.reader.look("certificates-new")
    month.save()
    numbers = Certificate.objects.order_by("number").values_list("number", "is_recognised")
    assert list(numbers) == [(n, True) for n in range(1, len(PEOPLE) - len(LEFT) + 1)]
    month.go(f"{month.group}certificates/")
    month.reader.look("certificates")
    month.go(Certificate.objects.first().public_path)
    month.reader.look("certificate-public")


def type_in_slips(month):
    page = month.page
    month.go(f"{month.group}slips/")
    for row in range(6):
        for question, answer in (("content", "good"), ("methods", "good" if row else "partly"), ("quality", "good")):
            page.check(f"[name$='-{row}-{question}'][value={answer}]")
    page.fill("[name$=filled_on]", month.end.isoformat())
    month.reader.look("slips-new")
    month.save()
    assert Slip.objects.filter(content="good", quality="good").count() == 6
    month.reader.look("slips")


def ask_half_a_year_later(month):
    """The start page says who is to be asked; one is reached."""
    page = month.page
    month.go("/")
    month.reader.look("today")
    month.click("main a[href='/training/follow-ups/?centre=aksu']")
    assert page.locator("main ul.rows a.btn").count() == len(PEOPLE) - len(LEFT)
    month.reader.look("follow-ups")
    month.click("main ul.rows a.btn")
    choose(page, "result", "employed")
    choose(page, "how", "phone")
    month.reader.look("follow-up")
    month.save()
    [asked] = FollowUp.objects.all()
    assert (asked.result, asked.how, asked.asked_on) == ("employed", "phone", localdate())


def choose(page, name, value):
    """From a list or from buttons, whichever the form has."""
    if page.locator(f"select[name={name}]").count():
        page.select_option(f"select[name={name}]", value)
    else:
        page.locator(f"input[name={name}][value={value}]").check()


def look_back(month):
    """The register's first page shows three counts; the hand-over says what is left."""
    month.go(f"/training/?period={month.end.year}")
    text = month.page.locator("section:has(#figures)").inner_text()
    first = max(month.start, date(month.end.year, 1, 1))
    held = Lesson.objects.filter(date__gte=first).count()
    for number in (len(PEOPLE), LESSONS * len(PEOPLE) - 2 if held == LESSONS else None):
        assert number is None or str(number) in text
    month.reader.look("overview")
    month.go("/training/handover/aksu/")
    month.reader.look("handover")
    assert month.page.locator("main").inner_text().count("Гүлжан Сейітова") == 1
