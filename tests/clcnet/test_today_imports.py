"""An uploaded list that waits for its confirmation stands on the start page of whoever uploaded it."""

import pytest

from clcnet.today import boxes_for
from training.models import ImportJob

from ..factories import make_facilitator

pytestmark = pytest.mark.django_db


def waiting(user):
    return [
        (task.text, task.note, task.buttons[0][1])
        for box in boxes_for(user)
        if box.title == "Import a list"
        for task in box.tasks
    ]


def test_a_file_waits_for_the_one_who_uploaded_it(alpha, personas):
    by = personas.facilitator_alpha
    jobs = {
        state: ImportJob.objects.create(
            centre=alpha, by=by, kind="trainees", mode="add", file_name=f"{state}.csv", rows=1, state=state
        )
        for state in ("checked", "done", "refused")
    }
    told = ("checked.csv", "Trainees · Alpha · waits for your confirmation", jobs["checked"].get_absolute_url())
    assert waiting(by) == [told]
    for user in (make_facilitator(alpha), personas.coordinator, personas.expert, personas.donor):
        assert waiting(user) == []
