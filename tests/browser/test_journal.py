"""The journal in a real browser: with a thumb, with a keyboard, and without JavaScript."""

from datetime import date, time

import pytest

from training.models import Lesson

from ..factories import (
    make_completed,
    make_enrolment,
    make_facilitator,
    make_follow_up,
    make_group,
    make_lesson,
    make_slip,
    make_timetable,
    make_trainee,
    make_trainer,
)

SURNAMES = ["Құрманғалиева", "Нұрмұхамедқызы", "Байжұманұлы", "Қожахметова", "Әбдірахманова"]
SMALL = """
() => [...document.querySelectorAll("main button:not([aria-hidden]), main .btn, main .marks label")]
  .filter((each) => each.offsetParent && each.getBoundingClientRect().height < 43.5).map((each) => each.outerHTML)
"""


@pytest.fixture
def group(transactional_db, alpha):
    """Five people; Monday's lesson waits to be filled in."""
    group = make_group(alpha, name="Тігін ісі және киім пішу, бастауыш топ", end=date(2005, 2, 1))
    make_timetable(group, (1, time(14), time(15, 30), None, make_trainer(alpha, name="Қожахметова Бақытгүл")))
    for surname in SURNAMES:
        make_enrolment(group, make_trainee(alpha, surname=surname, patronymic="Әбдірахманқызы"))
    return group


@pytest.fixture
def facilitator(group):
    user = make_facilitator(group.centre, username="aigul", name="Aigul")
    user.set_password("demo-clcnet")
    user.save()
    return user


def marks():
    return list(Lesson.objects.get().marks.order_by("enrolment__trainee__surname").values_list("mark", flat=True))


def test_a_lesson_with_a_thumb(open_window, group, facilitator):
    facilitator.language = "kk"
    facilitator.save()
    reader = open_window("kk", 360)
    page = reader.page
    reader.sign_in("aigul")
    reader.go(f"/training/groups/{group.pk}/journal/")
    reader.look("empty")
    page.click(".waiting .btn >> nth=0")
    page.wait_for_url("**/journal/new/**")
    assert page.input_value("[name=starts]") == "14:00"
    page.fill("[name=topic]", "Етек пішу")
    page.click("[name=everybody]")
    assert page.locator(".tally b").all_inner_texts() == ["5", "0", "0", "0"]
    page.locator(".people li >> nth=1").locator("label >> nth=1").click()
    assert page.locator(".tally b").all_inner_texts() == ["4", "1", "0", "0"]
    reader.look("lesson")
    assert page.evaluate(SMALL) == []
    page.click(".savebar button")
    page.wait_for_url("**/journal/")
    reader.look("journal")
    assert sorted(marks()) == ["absent", *["present"] * 4]
    page.click(".rows a[href*='/journal/'] >> nth=-1")
    reader.look("corrected")


def test_a_lesson_with_a_keyboard(open_window, group, facilitator):
    reader = open_window("en", 1280)
    page = reader.page
    reader.sign_in("aigul")
    reader.go(f"/training/groups/{group.pk}/journal/new/?date=2005-01-17")
    page.locator(".people input >> nth=0").focus()
    for key in ("1", "-", "ArrowDown", "e", "+"):
        page.keyboard.press(key)
    assert page.locator(".tally b").all_inner_texts() == ["2", "1", "1", "1"]
    page.keyboard.press("0")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("2")
    assert page.locator(".tally b").all_inner_texts() == ["1", "2", "0", "2"]
    reader.look("lesson")
    page.keyboard.press("Enter")
    page.wait_for_url("**/journal/")
    reader.look("journal")
    assert sorted(marks()) == ["absent", "absent", "present"]


def test_a_lesson_without_javascript(open_window, group, facilitator):
    reader = open_window("en", 390, javascript=False)
    page = reader.page
    reader.sign_in("aigul")
    reader.go(f"/training/groups/{group.pk}/journal/new/?date=2005-01-17")
    page.check(f"input[name='mark-{group.enrolments.first().pk}'][value=excused]", force=True)
    page.click("[name=everybody]")
    page.wait_for_url("**/journal/")
    assert sorted(marks()) == ["excused", *["present"] * 4]


@pytest.mark.parametrize("width", [320, 1280])
def test_what_came_of_it_at_any_width(open_window, group, facilitator, width):
    for n in range(6):
        make_slip(group, words=f"Ұнады {n}")
    make_follow_up(make_completed(group, ended_on=date(2005, 2, 1)))
    lesson = make_lesson(group, date(2005, 1, 17), present=list(group.enrolments.all()))
    reader = open_window("kk", width)
    reader.sign_in("aigul")
    for name, path in (
        ("slips", f"groups/{group.pk}/slips/"),
        ("follow-ups", "follow-ups/"),
        ("answers", "follow-ups/?list=answers"),
        ("journal", f"groups/{group.pk}/journal/"),
        ("lesson", f"groups/{group.pk}/journal/{lesson.pk}/"),
    ):
        reader.go(f"/training/{path}")
        reader.look(name)
