"""Names in the order that a Kazakh, Russian or English reader expects, in the database and in Python alike."""

import random

import pytest
from django.utils import translation

from centres.collation import kazakh_key
from centres.models import Centre

from ..factories import make_centre

KAZAKH = ["Aktobe", "taraz", "Абай", "Әйет", "Бесоба", "Ғабит", "Ескелді", "Ёлки", "Жаркент", "Иргиз"]
KAZAKH += ["қарабұлақ", "Қарағанды", "Лепсі", "Ноғайбай", "Ңұра", "Өскемен", "Сортөбе", "Ұзынағаш", "Үшарал", "Хромтау"]
KAZAKH += ["Һарун", "Шу", "Ыбырай", "Ілияс", "Эмба"]


def shuffled(names):
    return random.Random(7).sample(names, len(names))


def test_kazakh_letters_have_their_own_places():
    assert sorted(shuffled(KAZAKH), key=kazakh_key) == KAZAKH


def test_the_database_sorts_like_python(network):
    for name in shuffled(KAZAKH):
        make_centre(network, name=name)
    assert [centre.name for centre in Centre.objects.in_order()] == KAZAKH


@pytest.mark.parametrize(
    ("language", "codes"),
    [("en", ["one", "two", "three"]), ("ru", ["three", "one", "two"]), ("kk", ["two", "three", "one"])],
)
def test_each_reader_gets_the_order_of_her_language(network, language, codes):
    make_centre(network, code="one", name="A", name_ru="Бета", name_kk="Өзен")
    make_centre(network, code="two", name="B", name_ru="Вега", name_kk="Қала")
    make_centre(network, code="three", name="C", name_ru="Альфа", name_kk="Орал")
    with translation.override(language):
        assert [centre.code for centre in Centre.objects.in_order()] == codes


def test_a_missing_translation_sorts_by_the_text_that_is_shown(network):
    make_centre(network, code="one", name="Zet", name_ru="Заря")
    make_centre(network, code="two", name="Alga")
    with translation.override("ru"):
        assert [str(centre) for centre in Centre.objects.in_order()] == ["Alga", "Заря"]
