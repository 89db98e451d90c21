"""The pages of a merge: which entry is kept, what stands in the way, and what was not taken over."""

from datetime import date

import pytest
from django.urls import reverse

from training.models import Merge

from ..factories import make_enrolment, make_facilitator, make_group, make_trainee

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(client_of, alpha):
    return client_of(make_facilitator(alpha, username="aigerim"))


def page_of(one, other):
    return reverse("training:merge_new", args=[one.pk, other.pk])


def test_the_entry_that_says_more_is_kept(client, alpha):
    poor = make_trainee(alpha, registered_on=date(2005, 1, 10))
    rich = make_trainee(alpha, registered_on=date(2005, 3, 1), patronymic="Serikkyzy", phone="8 700 000 00 00")
    for path in (page_of(poor, rich), page_of(rich, poor)):
        assert client.get(path).context["kept"] == rich
    make_enrolment(make_group(alpha), poor)
    assert client.get(page_of(poor, rich)).context["kept"] == poor


def test_enrolments_in_one_group_are_both_a_click_away(client, alpha):
    group = make_group(alpha)
    one, other = (make_enrolment(group, make_trainee(alpha)) for _ in range(2))
    free = make_enrolment(make_group(alpha), one.trainee)
    answer = client.get(page_of(one.trainee, other.trainee))
    assert answer.context["in_one_group"] == [(one, other)]
    text = answer.content.decode()
    for row, times in ((one, 1), (other, 1), (free, 0)):
        assert text.count(f'{reverse("training:enrolment", args=[row.pk])}#mistake"') == times
    assert 'id="mistake"' in client.get(reverse("training:enrolment", args=[one.pk])).content.decode()
    other.delete()
    assert client.get(page_of(one.trainee, other.trainee)).context["in_one_group"] == []


def test_what_was_not_taken_over_is_named(client, alpha):
    kept = make_trainee(alpha, surname="Akhmetova", patronymic="Serikkyzy", phone="1")
    gone = make_trainee(alpha, surname="Akhmedova", patronymic="", phone="2")
    choices = {"one_version": 1, "other_version": 1, "surname": "one", "patronymic": "one", "phone": "other"}
    client.post(page_of(kept, gone), choices)
    done = Merge.objects.get()
    answer = client.get(done.get_absolute_url())
    assert answer.context["left"] == [("Surname", "Akhmetova", "Akhmedova")]
    assert [(name, before, after) for name, _label, before, after in answer.context["fields"]] == [("phone", "1", "2")]
    assert "said the same" not in answer.content.decode()


def test_equal_entries_are_said_to_be_equal(client, alpha):
    kept, gone = (make_trainee(alpha, surname="Akhmetova", phone="1") for _ in range(2))
    client.post(page_of(kept, gone), {"one_version": 1, "other_version": 1})
    answer = client.get(Merge.objects.get().get_absolute_url())
    assert answer.context["left"] == []
    assert "The two entries said the same, and nothing moved." in answer.content.decode()
