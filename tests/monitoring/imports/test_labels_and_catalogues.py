"""What an export writes is what the interface says in that language."""

import pytest
from django.utils import translation
from django.utils.translation import gettext

from monitoring.imports import labels
from monitoring.models import Level


@pytest.mark.parametrize("language", ["en", "ru", "kk"])
def test_labels_are_the_interfaces_words(language):
    with translation.override(language):
        assert labels.PERSPECTIVE[language][0] == gettext("Perspective")
        assert labels.RECOMMENDATIONS[language][0] == gettext("Recommendations")
        assert {code: words[language][0] for code, words in labels.LEVELS.items()} == {
            level.value: str(level.label) for level in Level
        }
