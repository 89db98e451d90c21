"""What a journal costs on a slow line: everything that the browser loads, as it comes over the wire."""

import gzip
import re
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.urls import reverse

from ..factories import (
    make_enrolment,
    make_facilitator,
    make_group,
    make_lesson,
    make_room,
    make_timetable,
    make_trainee,
    make_trainer,
)

pytestmark = pytest.mark.django_db
FIRST_VISIT, AGAIN = 60_000, 15_000  # bytes
LOADED = re.compile(r'(?:href|src)="' + re.escape(settings.STATIC_URL) + r'([^"]+)"')
SURNAMES = ["Құрманғалиева", "Нұрмұхамедқызы", "Байжұманұлы", "Қожахметова", "Әбдірахманова"]
NAMES = ["Гүлжанат", "Нұрсұлтан", "Бақытгүл", "Айгерім", "Ерасыл"]


def weight_of_files(html: str) -> int:
    """The style sheets, scripts and icons that the page names, compressed."""
    files = set(LOADED.findall(html))
    assert "bootstrap/css/bootstrap.min.css" in files
    assert "css/journal.css" in files
    contents = [Path(finders.find(name)).read_bytes() for name in files]
    assert not any(b"url(/" in content or b"@import" in content for content in contents), "it would load more"
    return sum(len(gzip.compress(content)) for content in contents)


@pytest.fixture
def group(alpha):
    """Twenty-five people with long names, three lessons a week since January, some of them not filled in."""
    group = make_group(alpha, name="Тігін ісі және киім пішу, бастауыш топ")
    room, trainer = make_room(alpha), make_trainer(alpha, name="Қожахметова Бақытгүл Әбдірахманқызы")
    make_timetable(group, *[(weekday, time(14), time(15, 30), room, trainer) for weekday in (1, 3, 5)])
    people = [
        make_enrolment(
            group,
            make_trainee(
                alpha,
                surname=SURNAMES[n % 5],
                given_name=NAMES[n // 5],
                patronymic=f"{NAMES[(n + 1) % 5]}қызы",
            ),
        )
        for n in range(25)
    ]
    for n in range(20):
        day = date(2005, 1, 10) + timedelta(7 * (n // 3) + (0, 2, 4)[n % 3])
        times = {"starts": time(14), "ends": time(15, 30), "room": room, "trainer": trainer, "hours": 2}
        topic = "Етек пішу: өлшем алу, негізгі сызба, бүкпелерді көшіру"
        make_lesson(group, day, present=people[n:], absent=people[:n], topic=topic, **times)
    return group


@pytest.mark.parametrize("page", ["journal", "lesson_new", "lesson"])
def test_a_journal_page_is_light(client_of, alpha, group, page, record_property):
    facilitator = make_facilitator(alpha, language="kk")
    client = client_of(facilitator, headers={"accept-encoding": "gzip"})
    args = [group.pk, group.lessons.last().pk] if page == "lesson" else [group.pk]
    response = client.get(reverse(f"training:{page}", args=args))
    assert response.status_code == 200
    assert response.headers["Content-Encoding"] == "gzip"
    html = gzip.decompress(response.content).decode()
    assert html.count("Құрманғалиева") >= 5
    again = len(response.content)
    first = again + weight_of_files(html)
    record_property("first visit", first)
    record_property("again", again)
    assert first <= FIRST_VISIT
    assert again <= AGAIN
