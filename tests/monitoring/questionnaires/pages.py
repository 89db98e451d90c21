"""What the tests of these pages share: a small questionnaire, addresses, what a page's form would send."""

from django.urls import reverse

from monitoring.instruments import Choice, Column, Kind, Options, QuestionText, Row, SectionText
from monitoring.models import Questionnaire

LIST = reverse("monitoring:questionnaires")
NEW = reverse("monitoring:questionnaire_new")
KEY_RULE = "A key begins with a Latin letter and goes on with small Latin letters, figures and underscores."
ROWS_RULE = "Choose a row that stays and is not part of another one."
COLUMNS_RULE = "Choose other columns of numbers that stay."
CHOICES = Options(choices=(Choice("good", {"en": "Good"}, "strong"), Choice("bad", {"en": "Bad"})))
TABLE = Options(
    rows=(Row("paid", {"en": "Paid"}), Row("rent", {"en": "Rent"}, part_of="paid")),
    columns=(Column("men", {"en": "Men"}), Column("women", {"en": "Women"}), Column("all", {"en": "All"})),
)
SECTIONS = (
    SectionText(
        "1",
        {"en": "The centre", "ru": "Центр"},
        questions=(
            QuestionText("1.1", Kind.TEXT, {"en": "Name", "ru": "Название"}, required=True),
            QuestionText("1.2", Kind.GRADE, {"en": "Is there a plan?"}, aspects=("plan",)),
            QuestionText("1.3", Kind.LONG_TEXT, {"en": "Why not?"}, depends_on="1.2", depends_values=("no",)),
        ),
    ),
    SectionText(
        "2",
        {"en": "Lessons"},
        questions=(
            QuestionText("2.1", Kind.CHOICE, {"en": "How good?"}, options=CHOICES),
            QuestionText("2.2", Kind.FIXED_TABLE, {"en": "Who pays?"}, options=TABLE),
        ),
    ),
)


def page(name, questionnaire, *args):
    return reverse(f"monitoring:{name}", args=[questionnaire.pk, *args])


def shown(response):
    """What the page's form would send if nothing were changed."""
    form = response.context["form"]
    fields = [*form]
    for rows in getattr(form, "lists", {}).values():
        fields += [*rows.management_form, *(field for row in rows for field in row if field.name != "DELETE")]
    values = {field.html_name: field.value() for field in fields}
    return {name: value for name, value in values.items() if value not in (None, False, [])}


def codes(questionnaire):
    return list(questionnaire.questions.order_by("position").values_list("code", flat=True))


def stored(questionnaire, code):
    fresh = Questionnaire.objects.get(pk=questionnaire.pk).document()
    return next((question for question in fresh.questions if question.code == code), None)
