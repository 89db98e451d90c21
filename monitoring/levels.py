"""The grade of a cell, which a centre's own answers are compared with."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    """The expert's grade: a code shown as marker and word, never a number. Unassessed is its own value."""

    STRONG = "strong", _("strong")
    PARTLY = "partly", _("partly")
    WEAK = "weak", _("weak")
    NOT_ASSESSED = "not_assessed", _("not assessed")
