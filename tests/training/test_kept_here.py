"""Documents that the register itself stands for: they are not missing, and one is led to them."""

from datetime import date, time

import pytest
from django.utils import timezone

from ..factories import make_group, make_lesson, make_timetable
from ..kept import make_document

pytestmark = pytest.mark.django_db

PAGE = "/centres/alpha/documents/"


def test_a_journal_and_a_timetable_kept_here_count_as_there(client_of, personas, alpha):
    client = client_of(personas.facilitator_alpha)
    year = timezone.localdate().year
    group = make_group(alpha, start=date(year, 1, 1), end=date(year, 12, 31))
    make_lesson(group, date(year - 1, 12, 31))
    assert "0 of 5 required documents" in client.get(PAGE).text
    make_lesson(group, date(year, 1, 1))
    make_timetable(group, (1, time(15), time(17)))
    page = client.get(PAGE).text
    assert "2 of 5 required documents" in page
    assert page.count("kept in this system") == 2
    for link in ("/training/timetable/alpha/", "/training/groups/?centre=alpha"):
        assert page.count(f'href="{link}">kept') == 1
    assert (page.count("kind=journal&amp;"), page.count("kind=curricula&amp;")) == (0, 1)
    make_document(alpha, kind="journal", year=year)
    assert client.get(PAGE).text.count("kept in this system") == 1
