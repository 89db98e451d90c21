"""Texts in three languages: the reader's own comes first."""

import pytest
from django.utils import translation

from centres.forms.centres import CentreForm


def form_in(language, user, data=None):
    with translation.override(language):
        form = CentreForm(data, user=user)
        form.is_valid()
        return form, [field.name for _title, rows in form.sections() for row in rows for field in row]


@pytest.mark.parametrize(
    ("language", "order"),
    [
        ("en", ["name", "name_ru", "name_kk"]),
        ("ru", ["name_ru", "name", "name_kk"]),
        ("kk", ["name_kk", "name", "name_ru"]),
    ],
)
def test_the_readers_language_comes_first(coordinator, language, order):
    form, shown = form_in(language, coordinator)
    assert [name for name in shown if name.startswith("name")] == order
    assert [name for name in form.fields if name.startswith("name")] == order
    assert form_in(language, coordinator, {"code": "x"})[0].errors.keys() & {*order} == {order[0]}
