"""The demo's data against the facts of the 2005 round that it retells."""

import re
import subprocess
import sys
from collections import Counter
from dataclasses import fields, is_dataclass
from datetime import date
from itertools import pairwise

import pytest

from clcnet.demo import matrix_2005 as matrix
from clcnet.demo import network
from clcnet.demo.programmes_2005 import PROGRAMMES
from clcnet.demo.seminars_2005 import SEMINARS
from clcnet.demo.shapes import Text

CODES = ("sortobe", "nogaibai", "kordai", "karabulak", "amanbokter", "taraz", "karaganda")


def findings(aspect):
    return {centre: cell.finding for centre, cell in matrix.CELLS[aspect].items()}


def numbers(text):
    return [int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*\d|\d", text)]


def texts(value, path=""):
    """Every Text below `value`, with the way to it."""
    if isinstance(value, Text):
        yield path, value
    elif is_dataclass(value):
        for field in fields(value):
            yield from texts(getattr(value, field.name), f"{path}.{field.name}")
    elif isinstance(value, tuple):
        for position, item in enumerate(value):
            yield from texts(item, f"{path}{position}:{type(item).__name__}")


TEXTS = dict(
    texts(
        (
            network.NETWORK,
            *network.PROJECTS,
            *network.UNITS,
            *network.CENTRES,
            matrix.TEMPLATE_TITLE,
            matrix.CYCLE,
            *matrix.ASPECTS,
            *PROGRAMMES,
            *SEMINARS,
        )
    )
)


# The matrix


def test_twelve_aspects_by_seven_centres_in_the_printed_order():
    assert tuple(centre.code for centre in network.CENTRES) == CODES
    assert [aspect.number for aspect in matrix.ASPECTS] == list(range(1, 13))
    assert {number: tuple(row) for number, row in matrix.CELLS.items()} == dict.fromkeys(range(1, 13), CODES)
    assert len({aspect.key for aspect in matrix.ASPECTS}) == 12


def test_every_cell_has_a_finding_of_its_own_and_a_known_level():
    for row in matrix.CELLS.values():
        for cell in row.values():
            assert re.fullmatch(r".+[.]", cell.finding)
            assert cell.level in {"strong", "partly", "weak", "not_assessed"}


def test_perspectives_stand_in_the_first_row_only():
    with_perspective = {
        (number, centre) for number, row in matrix.CELLS.items() for centre, cell in row.items() if cell.perspective
    }
    assert with_perspective == {(1, centre) for centre in CODES}


def test_silence_is_not_assessed():
    not_assessed = {
        (number, centre)
        for number, row in matrix.CELLS.items()
        for centre, cell in row.items()
        if cell.level == "not_assessed"
    }
    assert not_assessed == {(2, "karabulak"), (2, "amanbokter"), (3, "amanbokter"), (3, "taraz")}


def test_most_cells_are_accepted_and_some_wait():
    states = Counter(matrix.state_of(number, centre) for number in range(1, 13) for centre in CODES)
    assert states == {"accepted": 68, "submitted": 8, "returned": 4, "draft": 4}
    assert not set(matrix.RETURNED) & (matrix.SUBMITTED | matrix.DRAFTS)
    assert not matrix.SUBMITTED & matrix.DRAFTS
    assert all(matrix.RETURNED.values())


# The facts of the round (§6.5)


def test_people_add_up_to_the_reports_over_3500():
    reported = {centre: numbers(text)[0] for centre, text in findings(9).items()}
    assert reported == {
        "sortobe": 1500,
        "nogaibai": 70,
        "kordai": 62,
        "karabulak": 1000,
        "amanbokter": 30,
        "taraz": 120,
        "karaganda": 755,
    }
    assert sum(reported.values()) == 3537
    assert numbers(matrix.CONCLUSIONS[9].text) == [3500, 2005, 2004]


def test_the_qualifiers_of_the_counts_survive():
    words = {
        centre: match and match[0].lower()
        for centre, text in findings(9).items()
        for match in [re.search("over(?= [0-9])|about(?= [0-9])", text, re.IGNORECASE)]
    }
    assert words == {
        "sortobe": "over",
        "nogaibai": "about",
        "kordai": None,
        "karabulak": "over",
        "amanbokter": "over",
        "taraz": "about",
        "karaganda": None,
    }


def test_ten_items_in_four_centres_do_not_work():
    broken = {centre: sum(numbers(text)) for centre, text in findings(7).items()}
    assert broken == {
        "sortobe": 0,
        "nogaibai": 1,
        "kordai": 3,
        "karabulak": 0,
        "amanbokter": 4,
        "taraz": 2,
        "karaganda": 0,
    }
    assert sum(broken.values()) == 10
    assert numbers(matrix.CONCLUSIONS[7].text) == [3, 7, 10, 4]
    levels = {centre: cell.level for centre, cell in matrix.CELLS[7].items()}
    assert levels == {
        "sortobe": "strong",
        "nogaibai": "partly",
        "kordai": "weak",
        "karabulak": "strong",
        "amanbokter": "weak",
        "taraz": "partly",
        "karaganda": "strong",
    }


def test_six_sewing_groups_teach_31_people():
    assert numbers(findings(5)["nogaibai"]) == [4]
    assert numbers(findings(5)["kordai"]) == [14, 1]
    assert numbers(findings(5)["taraz"]) == [6, 4, 3]


def test_hours_of_the_programmes():
    assert numbers(findings(4)["sortobe"]) == [36, 260, 8, 4]
    assert numbers(findings(4)["kordai"]) == [260]
    assert numbers(findings(4)["taraz"]) == [2, 3, 2]


def test_trainers_counted_in_two_centres():
    assert numbers(findings(6)["taraz"]) == [5]
    assert numbers(findings(6)["karaganda"]) == [4, 8]


def test_lines_of_work_are_numbered_as_many_as_there_are():
    lines = {centre: re.findall(r"\((\d)\)", text) for centre, text in findings(3).items()}
    assert {centre: len(found) for centre, found in lines.items()} == dict(
        zip(CODES, (4, 3, 3, 2, 2, 3, 5), strict=True)
    )
    assert all(found == [str(n) for n in range(1, len(found) + 1)] for found in lines.values())


def test_partners_are_counted_and_then_named():
    counts = {centre: numbers(text)[0] for centre, text in findings(8).items()}
    assert counts == dict(zip(CODES, (6, 5, 3, 8, 6, 6, 9), strict=True))
    assert "or more" in findings(8)["karaganda"]


# Conclusions and recommendations


def test_ten_labelled_recommendations_in_the_rows_of_the_real_table():
    recommendations = {number: len(conclusion.recommendations) for number, conclusion in matrix.CONCLUSIONS.items()}
    assert recommendations == {1: 3, 2: 1, 3: 1, 4: 2, 5: 1, 6: 1, 7: 0, 8: 1, 9: 0, 10: 0, 11: 0, 12: 0}
    assert sum(recommendations.values()) == 10


def test_links_to_other_aspects_stand_in_the_text_and_as_data():
    links = {}
    for number, conclusion in matrix.CONCLUSIONS.items():
        for part in (conclusion, *conclusion.recommendations):
            assert part.see_also == tuple(int(n) for n in re.findall(r"See section (\d+)", part.text))
            if part.see_also:
                links[number] = (type(part).__name__, part.see_also)
    assert links == {3: ("Recommendation", (2,)), 6: ("Recommendation", (8,)), 11: ("Conclusion", (9,))}


def test_conclusions_rest_on_cells_of_known_centres():
    for conclusion in matrix.CONCLUSIONS.values():
        assert conclusion.rests_on
        assert [code for code in CODES if code in conclusion.rests_on] == list(conclusion.rests_on)


def test_the_last_conclusion_lists_three_strengths_and_six_weaknesses():
    strengths, weaknesses = matrix.CONCLUSIONS[12].text.split("Weaknesses:")
    assert (strengths.count("\n- "), weaknesses.count("\n- ")) == (3, 6)


# Comments


def test_a_facilitator_comments_her_own_centres_cells_only():
    accounts = {account.username: account for account in network.ACCOUNTS}
    authors = set()
    for (number, centre), comments in matrix.COMMENTS.items():
        assert number in matrix.CELLS
        for comment in comments:
            for remark in (comment, *comment.replies):
                assert accounts[remark.author].role in {"expert", "coordinator"} or remark.author == centre
                assert remark.text
                authors.add(accounts[remark.author].role)
            assert all(not reply.replies and not reply.resolved_by for reply in comment.replies)
            assert comment.resolved_by in {"", "expert", "coordinator"}
    assert authors == {"expert", "facilitator"}


# The network


def oblast_of(code, day):
    units = {unit.code: unit for unit in network.UNITS}
    while units[code].level != "oblast":
        parents = [
            place.parent
            for place in units[code].placed_in
            if (place.since is None or place.since <= day) and (place.until is None or day < place.until)
        ]
        assert len(parents) == 1
        code = parents[0]
    return code


@pytest.mark.parametrize(
    ("day", "oblasts"),
    [
        (date(2005, 6, 28), {"karabulak": "almaty-oblast", "amanbokter": "almaty-oblast"}),
        (date(2022, 6, 7), {"karabulak": "almaty-oblast", "amanbokter": "almaty-oblast"}),
        (date(2022, 6, 8), {"karabulak": "zhetisu-oblast", "amanbokter": "zhetisu-oblast"}),
    ],
)
def test_two_centres_moved_to_zhetisu_oblast(day, oblasts):
    in_zhambyl = dict.fromkeys(("sortobe", "nogaibai", "kordai", "taraz"), "zhambyl-oblast")
    expected = in_zhambyl | {"karaganda": "karaganda-oblast"} | oblasts
    assert {centre.code: oblast_of(centre.unit, day) for centre in network.CENTRES} == expected


def test_parents_stand_before_their_children():
    seen = set()
    for unit in network.UNITS:
        assert unit.code not in seen
        assert {place.parent for place in unit.placed_in} <= seen
        assert bool(unit.placed_in) == (unit.level != "oblast")
        seen.add(unit.code)


def test_kato_codes_have_nine_digits_and_are_never_shared():
    codes = [code for unit in network.UNITS for code in (unit.kato, unit.kato_before_2022) if code]
    assert all(re.fullmatch(r"\d{9}", code) for code in codes)
    assert len(set(codes)) == len(codes)


def test_kinds_follow_the_working_groups_of_the_round_table():
    kinds = {centre.code: centre.kind for centre in network.CENTRES}
    assert kinds == {
        "karaganda": "city",
        "taraz": "city",
        "karabulak": "raion_centre",
        "kordai": "raion_centre",
        "sortobe": "remote_village",
        "nogaibai": "remote_village",
        "amanbokter": "remote_village",
    }


def test_hosts_and_years_of_opening():
    assert {centre.code: (centre.host_kind, centre.opened.year) for centre in network.CENTRES} == {
        "sortobe": ("library", 2003),
        "nogaibai": ("akimat", 2003),
        "kordai": ("labour_department", 2003),
        "karabulak": ("akimat", 2003),
        "amanbokter": ("akimat", 2003),
        "taraz": ("childrens_club", 2003),
        "karaganda": ("vet_school", 2004),
    }


def test_only_taraz_is_a_legal_entity():
    statuses = {centre.code: centre.legal_status for centre in network.CENTRES if centre.legal_status}
    assert statuses == {"kordai": "none", "taraz": "registered", "karaganda": "none"}


def test_an_alias_names_one_centre_and_adds_to_its_names():
    aliases = [alias.casefold() for centre in network.CENTRES for alias in centre.aliases]
    assert len(set(aliases)) == len(aliases)
    names = {name.casefold() for centre in network.CENTRES for name in (centre.name.en, centre.name.ru, centre.name.kk)}
    assert not set(aliases) & names
    assert {"nogibai", "nogaibaii", "korday"} <= set(aliases)


def test_posts_follow_one_another_and_only_nogaibai_changed_hands():
    turnover = []
    for centre in network.CENTRES:
        for people in (centre.heads, centre.facilitators, centre.chairs):
            for earlier, later in pairwise(people):
                assert earlier.until <= later.since
            assert all(person.until is None or person.since < person.until for person in people)
            assert people[0].since >= centre.opened
        assert centre.facilitators[-1].until is None
        if len(centre.facilitators) > 1:
            turnover.append((centre.code, centre.facilitators[-1].since.year))
    assert turnover == [("nogaibai", 2005)]


def test_contacts_reach_nobody():
    addresses = [centre.email for centre in network.CENTRES] + [account.email for account in network.ACCOUNTS]
    assert len(set(addresses)) == len(addresses)
    assert all(re.fullmatch(r"[a-z]+@[a-z]+[.]example", address) for address in addresses)
    assert all(re.fullmatch(r"\+7 7\d{3,4} 0[\d-]+", centre.phone) for centre in network.CENTRES)
    assert all(len(re.sub(r"\D", "", centre.phone)) == 11 for centre in network.CENTRES)
    assert all(re.fullmatch(r"\d{6}", centre.post_code) for centre in network.CENTRES)


def test_accounts_are_three_and_one_for_each_centre():
    assert [(account.username, account.role) for account in network.ACCOUNTS] == [
        ("coordinator", "coordinator"),
        ("expert", "expert"),
        ("donor", "donor"),
        *((code, "facilitator") for code in CODES),
    ]
    assert [account.centre for account in network.ACCOUNTS[3:]] == list(CODES)
    projects = {project.code for project in network.PROJECTS}
    assert {account.project for account in network.ACCOUNTS if account.role == "donor"} <= projects
    assert {account.language for account in network.ACCOUNTS} == {"en", "ru", "kk"}


# Languages


@pytest.mark.parametrize("path", TEXTS)
def test_every_text_is_there_in_three_languages(path):
    text = TEXTS[path]
    assert re.search("[A-Za-z]", text.en)
    assert not re.search("[А-я]", text.en)
    assert re.search("[А-я]", text.ru)
    assert re.search("[А-я]", text.kk)
    # A long Kazakh text without a single Kazakh letter is Russian left in the wrong place.
    assert len(text.kk) < 20 or re.search("[әғқңөұүһі]", text.kk, re.IGNORECASE)


def test_the_data_need_no_django():
    modules = "network, matrix_2005, names, courses_2005, programmes_2005, seminars_2005, trainers_2005"
    modules += ", resources_2005, committees_2005, topics"
    code = f"import sys; from clcnet.demo import {modules}; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
