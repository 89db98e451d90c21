"""What looks wrong is said, and only that."""

import pytest

from centres import doubts


@pytest.mark.parametrize(
    "value",
    [
        "",
        "+7 72636 2-17-45",
        "8 (7262) 45-34-12",
        "7262453412",
        "+7 701 111 22 33, 8 727 222 33 44",
        "+7 7262 45 34 12 доб. 15",
        "+44 20 7946 0958 / +7 701 111 22 33",
        "+996 312 66 44 221",
    ],
)
def test_whole_numbers_pass(value):
    assert doubts.phone(value) is None


@pytest.mark.parametrize(
    ("value", "digits"), [("21745", 5), ("2-17-45", 5), ("217456", 6), ("8 7262 453412; 217456", 6), ("no phone", 0)]
)
def test_a_short_number_lacks_its_area_code(value, digits):
    assert str(doubts.phone(value)) == f"A number of {digits} digits: with its area code it would have 10 or 11."


def test_a_number_can_be_too_long():
    assert str(doubts.phone("8 7262 4534 1212")) == "A number of 13 digits is too long."


@pytest.mark.parametrize(
    ("value", "fine"),
    [
        ("", True),
        ("080400", True),
        ("A15E3B4", True),
        ("484", False),
        ("08040", False),
        ("0804000", False),
        ("А15Е3В4", False),
    ],
)
def test_postcodes(value, fine):
    assert (doubts.postcode(value) is None) is fine


@pytest.mark.parametrize(
    "value", ["", "clc@mail.kz", "first.last@edu.gov.kz", "clc@mail.kz, head@mail.kz", "clc@mail.kz;"]
)
def test_usable_addresses_pass(value):
    assert doubts.email(value) is None


@pytest.mark.parametrize(
    "value", ["clc.mail.kz", "clc@mail", "clc@@mail.kz", "clc @mail.kz", "clc@mail..kz", "clс@mail.kz"]
)
def test_broken_addresses_are_flagged(value):
    assert doubts.email(value) is not None


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("12 Аbay Street", "Аbay"),
        ("12 А Abay Street", "А"),
        ("ул. Aбая, 5", "Aбая"),
        ("ул. Абая, 5", None),
        ("ул. Абая, 5, офис Smart", None),
        ("5A Abay Street", None),
        ("5А, Абай көшесі", None),
    ],
)
def test_mixed_alphabets(value, words):
    found = doubts.scripts(value)
    assert (found and str(found)) == (words and f"Cyrillic and Latin letters are mixed: {words}")
