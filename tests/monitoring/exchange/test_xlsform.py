"""The XLSForm, as pyxform reads it."""

import re
from xml.etree import ElementTree

import pytest
from django.urls import reverse
from django.utils import translation

from monitoring.exchange.names import grade_labels, names
from monitoring.exchange.xlsform import xlsform
from monitoring.instruments import Column, Kind, Options, QuestionText, Row
from monitoring.library.annex1 import ANNEX_1
from monitoring.library.four_areas import FOUR_AREAS
from monitoring.models import Questionnaire
from tests.factories import make_centre, make_network, make_questionnaire

from .everything import QUESTIONS
from .exports import XF, converted, leaves

pytestmark = pytest.mark.django_db

H = "{http://www.w3.org/1999/xhtml}"
ITEXT = re.compile(r"jr:itext\('(.*)'\)")


def binds(xform) -> dict:
    """The rules of each field by its name."""
    tree = ElementTree.fromstring(xform.encode())
    return {bind.get("nodeset").rpartition("/")[2]: bind.attrib for bind in tree.iter(f"{XF}bind")}


def texts(xform, language) -> dict:
    tree = ElementTree.fromstring(xform.encode())
    [spoken] = [node for node in tree.iter(f"{XF}translation") if node.get("lang") == language]
    return {node.get("id").rpartition("/")[2]: node.find(f"{XF}value").text for node in spoken}


def squeezed(text):
    return " ".join(text.split())


@pytest.mark.parametrize("document", [ANNEX_1, FOUR_AREAS], ids=["annex 1", "four areas"])
def test_the_library_passes_pyxform(network, document):
    questionnaire = Questionnaire.begin(network=network, document=document)
    result, warnings = converted(xlsform(questionnaire))
    assert warnings == []
    names_of_fields = {path.rpartition("/")[2] for path in leaves(result.xform)[0]}
    assert set(names(questionnaire.all_questions).values()) - names_of_fields == set()


def test_every_kind_passes_pyxform(questionnaire):
    result, warnings = converted(xlsform(questionnaire))
    assert warnings == []
    paths, repeats = leaves(result.xform)
    assert repeats == {"s_9/t_q_9_2/q_9_2"}
    assert [path for path in paths if "note" not in path] == [
        "end",
        "centre_code",
        "told_by",
        "questionnaire_key",
        "questionnaire_version",
        *(f"s_1/q_1_{number}" for number in range(1, 6)),
        "s_8/q_8_1/g_q_8_1_1/q_8_1_1",
        "s_8/q_8_1/g_q_8_1_1/q_8_1_1__source",
        "s_8/q_8_1/g_q_8_1_1/q_8_1_1__proposal",
        "s_8/q_8_1/q_8_1_2",
        "s_8/q_8_1/q_8_1_source",
        "s_8/q_8_2",
        "s_8/q_8_3",
        *(
            f"s_9/t_q_9_1/t_q_9_1__{row}/q_9_1__{row}__{column}"
            for row in ("main", "education", "paid")
            for column in ("year", "forecast")
        ),
        *(f"s_9/t_q_9_2/q_9_2/q_9_2__{column}" for column in ("curriculum", "begun", "men", "women", "total")),
    ]


def test_rules(questionnaire, xform):
    rules = binds(xform)
    assert [name for name, rule in rules.items() if rule.get("required")] == [
        "centre_code", "told_by", "q_1_1", "q_8_1_1",
    ]  # fmt: skip
    assert rules["questionnaire_key"]["calculate"] == "'own'"
    assert rules["questionnaire_version"]["calculate"] == "'1'"
    assert rules["q_1_3"]["type"] == "int"
    assert rules["q_1_3"]["constraint"] == ". >= 0 and . <= 999999999999.99"
    assert rules["q_1_4"]["type"] == "decimal"
    assert rules["q_1_4"]["constraint"].endswith(". = round(., 3)")
    assert rules["q_1_5"]["constraint"] == ". >= date('1900-01-01') and . <= date('2100-12-31')"
    plan = "/data/s_8/q_8_1/g_q_8_1_1/q_8_1_1"
    assert squeezed(rules["q_8_1_2"]["relevant"]) == f"{plan} = 'no' or {plan} = 'partly'"
    assert squeezed(rules["q_8_3"]["relevant"]) == "/data/s_8/q_8_1/q_8_1_source = 'poor'"
    known = "round(coalesce( ../q_9_2__men , 0) + coalesce( ../q_9_2__women , 0), 0)"
    assert squeezed(rules["q_9_2__total"]["constraint"]) == (
        f". >= 0 and if( ../q_9_2__men != '' and ../q_9_2__women != '', round(., 0) = {known}, round(., 0) >= {known})"
    )


def test_a_part_is_not_more_than_its_whole(xform):
    """As the answers' own form has it: otherwise one such cell would stop a whole file."""
    rules = binds(xform)
    whole = "/data/s_9/t_q_9_1/t_q_9_1__education/q_9_1__education__year"
    own = ". >= 0 and . <= 999999999999.99 and . = round(., 2)"
    assert squeezed(rules["q_9_1__education__year"]["constraint"]) == own
    assert squeezed(rules["q_9_1__paid__year"]["constraint"]) == f"{own} and ( {whole} = '' or . <= {whole} )"
    told = texts(xform, "English (en)")["q_9_1__paid__year:jr:constraintMsg"]
    assert told.endswith('This is a part of "Education" and cannot be more than it.')


def centres_of(xform) -> dict:
    """The centres to choose from: by their codes the English words."""
    words = texts(xform, "English (en)")
    tree = ElementTree.fromstring(xform.encode())
    [listed] = [node for node in tree.iter(f"{XF}instance") if node.get("id") == "centre"]
    return {item.find(f"{XF}name").text: words[item.find(f"{XF}itextId").text] for item in listed.iter(f"{XF}item")}


def test_the_centre_is_chosen_from_the_networks(questionnaire, network):
    for code, name in (("omsk", "Dostyk"), ("kordai", "Dostyk"), ("abai", "=Abai")):
        make_centre(network, code=code, name=name)
    make_centre(make_network(), code="foreign")
    result, warnings = converted(xlsform(questionnaire))
    assert warnings == []
    assert centres_of(result.xform) == {"abai": "'=Abai", "kordai": "Dostyk (kordai)", "omsk": "Dostyk (omsk)"}
    assert binds(result.xform)["centre_code"]["required"] == "true()"


def test_three_languages(xform):
    english, russian, kazakh = (texts(xform, name) for name in ("English (en)", "Русский (ru)", "Қазақша (kk)"))
    assert english["q_1_1:label"] == "1.1 Name $ {name}"  # no reference to another answer
    assert russian["q_1_2:label"] == "1.2 По-русски: Measures"
    assert kazakh["q_1_2:label"] == "1.2 Қазақша: Measures"
    assert kazakh["q_1_5:label"] == "1.5 Когда?"  # there is no other
    assert english["q_1_3:label"] == "1.3 Rooms (rooms)"
    assert english["s_1__note:label"] == "'=Begin here <b>& there</b> $ {q_1_1}"  # no formula either
    assert [found["grade-0"] for found in (english, russian, kazakh)] == [
        grade_labels(language)["yes"] for language in ("en", "ru", "kk")
    ]
    assert kazakh["of_q_8_1_source-0"] == "Жақсы"
    assert {*english} == {*russian} == {*kazakh}


def test_settings(questionnaire):
    with translation.override("kk"):
        result, _warnings = converted(xlsform(questionnaire))
    tree = ElementTree.fromstring(result.xform.encode())
    assert tree.find(f"{H}head/{H}title").text == "Self-assessment"
    root = next(tree.iter(f"{XF}instance"))[0]
    assert (root.get("id"), root.get("version")) == (f"{questionnaire.network.code}-own", "1")
    assert [node.get("lang") for node in tree.iter(f"{XF}translation") if node.get("default")] == ["Қазақша (kk)"]


def test_names_are_those_of_the_codes_and_none_twice(network):
    clash = Options(rows=(Row("a", {"en": "A"}), Row("a__b", {"en": "B"})), columns=(
        Column("c", {"en": "C"}), Column("b__c", {"en": "D"})))  # fmt: skip
    questionnaire = make_questionnaire(network, [QuestionText("5", Kind.FIXED_TABLE, {"en": "T"}, options=clash)])
    assert list(names(questionnaire.all_questions).values()) == [
        "q_5__a__c",
        "q_5__a__b__c",
        "q_5__a__b__c_",
        "q_5__a__b__b__c",
    ]
    assert converted(xlsform(questionnaire))[1] == []


def test_no_part_has_the_name_of_another(questionnaire):
    given = names(questionnaire.all_questions)
    assert len(given) == len({*given.values()}) == sum(len(set(places_of(question))) for question in QUESTIONS)


def places_of(question):
    match question.kind:
        case Kind.GRADE:
            return ["grade", *(["source", "proposal"] if question.options.source else [])]
        case Kind.FIXED_TABLE:
            return [(row.key, column.key) for row in question.options.rows for column in question.options.columns]
        case Kind.OPEN_TABLE:
            return [column.key for column in question.options.columns]
    return [""]


def test_the_download(client_of, expert, questionnaire):
    response = client_of(expert).get(reverse("monitoring:xlsform", args=[questionnaire.pk]))
    assert response.status_code == 200
    assert response.headers["Content-Disposition"] == 'attachment; filename="own-1-xlsform.xlsx"'
    assert converted(response.content)[1] == []
