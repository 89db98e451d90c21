"""History, read page by page."""

import pghistory
import pytest
from django.core.paginator import Paginator
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from centres.changes import entries_from
from centres.models import Income
from centres.views.kept_history import UNTOLD, history_of_tab

from ..factories import make_centre, make_coordinator, make_network
from ..kept import make_forecast, make_income

pytestmark = pytest.mark.django_db(transaction=True)  # each change has a time of its own


def told(entries):
    return [
        (each.at, each.by, [(change.what, change.kind, change.fields) for change in each.changes]) for each in entries
    ]


@pytest.fixture
def centre():
    return make_centre(make_network(), code="alpha")


def test_the_pages_tell_what_the_whole_would(centre):
    person = make_coordinator(centre.network)
    for year in range(2001, 2006):
        with pghistory.context(user=person.pk):
            row = make_income(centre, amount=year)
            make_forecast(centre, year=year)
    with pghistory.context(user=person.pk):
        row.note = "Rent of May."
        row.save()
    Income.objects.exclude(pk=row.pk).update(note="Rent.")
    row.delete()
    history = history_of_tab(centre, "finance")
    whole = told(entries_from(history.sources, UNTOLD))
    pages = Paginator(history, 3)
    assert (len(whole), pages.count, pages.num_pages) == (13, 13, 5)
    assert [entry for page in pages for entry in told(page)] == whole
    assert whole[0][2][0][:2] == (whole[1][2][0][0], "delete")


def test_a_page_reads_its_own_changes_alone(centre):
    for year in range(40):
        with pghistory.context(n=year):
            make_income(centre, amount=year + 1)
    Income.objects.update(note="Rent.")
    with CaptureQueriesContext(connection) as queries:
        page = Paginator(history_of_tab(centre, "finance"), 5).get_page(2)
    assert len(page) == 5
    with CaptureQueriesContext(connection) as more:
        assert len(Paginator(history_of_tab(centre, "finance"), 20).get_page(2)) == 20
    assert len(queries) == len(more)


def test_of_a_large_import_the_first_changes_are_told(centre, client_of):
    with pghistory.context(n=1):
        Income.objects.bulk_create(
            Income(centre=centre, date="2005-01-01", source="rent", amount=n, currency="KZT") for n in range(1, 104)
        )
    [entry] = history_of_tab(centre, "finance")[:50]
    assert (len(entry.changes), entry.more) == (100, 3)
    page = client_of(make_coordinator(centre.network)).get(reverse("centres:tab_history", args=["alpha", "finance"]))
    assert "3 more changes are not shown here." in page.text
