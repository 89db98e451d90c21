"""Whether both assessments agree: the rule, the figures recomputed by hand and at random, the page."""

import gzip
import random
import statistics

import pytest
from django.urls import reverse

from monitoring.agreement import Agreement, Counts, median
from monitoring.instruments import Choice, Kind, Options, QuestionText
from monitoring.models import SelfAssessment
from tests.factories import (
    GRADED,
    make_answer,
    make_centre,
    make_cycle,
    make_facilitator,
    make_questionnaire,
    make_template,
    write_cell,
)

pytestmark = pytest.mark.django_db
W, P, S = "weak", "partly", "strong"
BANDS = Options(
    choices=(
        Choice("good", {"en": "Good"}, level="strong"),
        Choice("fair", {"en": "Fair"}, level="partly"),
        Choice("other", {"en": "Other"}),
    )
)


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ([], ""),
        ([W], W),
        ([S, S], S),
        ([W, S], P),  # between strong and weak lies partly
        ([P, S], P),  # between neighbours the lower one counts
        ([W, P], W),
        ([S, W, S], S),
        ([W, W, S], W),
        ([W, P, S], P),
        ([W, W, S, S], P),
        ([W, P, S, S], P),
        ([W, W, P, S], W),
    ],
)
def test_the_level_in_the_middle(levels, expected):
    assert median(levels) == expected


def graded(code, *aspects, **kwargs):
    return QuestionText(code, Kind.GRADE, {"en": f"Question {code}"}, options=GRADED, aspects=aspects, **kwargs)


QUESTIONS = (
    graded("1.1", "plan"),
    graded("1.2", "plan", "equipment"),
    graded("1.3", "plan", depends_on="1.1", depends_values=("yes",)),
    QuestionText("1.4", Kind.CHOICE, {"en": "How good?"}, options=BANDS, aspects=("equipment",)),
    QuestionText("1.5", Kind.NUMBER, {"en": "How many?"}, aspects=("equipment", "committee")),
    graded("1.6"),
    graded("1.7", "plan", depends_on="1.3", depends_values=("no",)),
)


def grade(word, **more):
    return {"grade": word, **more}


@pytest.fixture
def asked(network, alpha, beta):
    """A cycle of alpha and beta with a questionnaire about three aspects: plan, equipment, committee."""
    questionnaire = make_questionnaire(network, QUESTIONS)
    return make_cycle(network, [alpha, beta], questionnaire=questionnaire, code="asked", title="Monitoring")


def answered(cycle, centre, answers, state="submitted"):
    """The centre's self-assessment with these answers, brought to that state."""
    assessment = cycle.self_assessments.get(centre=centre)
    by = make_facilitator(centre)
    for code, value in answers.items():
        make_answer(assessment, code, value, by=by)
    SelfAssessment.objects.filter(pk=assessment.pk).update(state=state)
    return assessment


def found(cycle, number, centre, expert, level, state="submitted"):
    write_cell(cycle.cells.get(aspect__number=number, centre=centre), expert, level=level, state=state)


def said(agreement):
    """All comparisons: by the aspect's number and the centre's code what both say and the verdict."""
    numbers = {aspect.pk: aspect.number for aspect in agreement.aspects}
    codes = {centre.pk: centre.code for centre in agreement.centres}
    return {
        (numbers[aspect], codes[centre]): (row.own.level, row.own.n, row.found.level, str(row.verdict))
        for (aspect, centre), row in agreement.comparisons.items()
    }


def page(client, cycle, **query):
    return client.get(reverse("monitoring:agreement", args=[cycle.code]), query)


def test_hand_made_cells_and_answers(asked, alpha, beta, expert):
    """Every figure of the page, worked out by hand from the cells and answers here."""
    answered(
        asked,
        alpha,
        {
            "1.1": grade("yes"),
            "1.2": grade("partly"),
            "1.3": grade("no"),  # asked, since 1.1 is Yes
            "1.4": {"choice": "good"},
            "1.5": {"number": "3"},  # has no level
            "1.6": grade("no"),  # is about no aspect
            "1.7": grade("no"),
        },
    )
    answered(
        asked,
        beta,
        {"1.1": grade("no"), "1.3": grade("yes"), "1.7": grade("yes"), "1.2": grade("yes"), "1.4": {"choice": "other"}},
        state="accepted",
    )
    found(asked, 1, alpha, expert, "weak")  # alpha's plan: strong, partly, weak, weak -> weak
    found(asked, 2, alpha, expert, "strong")  # alpha's equipment: partly, strong -> partly
    found(asked, 3, alpha, expert, "strong")  # alpha's committee: no level
    found(asked, 1, beta, expert, "weak", state="accepted")  # beta's plan: weak, strong; 1.3 and 1.7 are not asked
    found(asked, 2, beta, expert, "not_assessed")  # beta's equipment: strong
    agreement = Agreement.of(asked, expert)
    assert said(agreement) == {
        (1, "alpha"): ("weak", 4, "weak", "same"),
        (2, "alpha"): ("partly", 2, "strong", "lower"),
        (3, "alpha"): ("", 0, "strong", "none"),
        (1, "beta"): ("partly", 2, "weak", "higher"),
        (2, "beta"): ("strong", 1, "", "none"),
        (3, "beta"): ("", 0, "", "none"),
    }
    assert agreement.counts == Counts(same=1, higher=1, lower=1, none=3)
    assert [head.counts for head in agreement.heads(agreement.centres)] == [
        Counts(same=1, lower=1, none=1),
        Counts(higher=1, none=2),
    ]
    assert [line.counts for line in agreement.lines([])] == [
        Counts(same=1, higher=1),
        Counts(lower=1, none=1),
        Counts(none=2),
    ]
    assert [len(line.questions) for line in agreement.lines([])] == [4, 3, 1]
    reasons = {key: row.gaps for key, row in zip(said(agreement), agreement.comparisons.values(), strict=True)}
    assert reasons == {
        (1, "alpha"): [],
        (2, "alpha"): [],
        (3, "alpha"): ["no Yes / Partly / No question"],
        (1, "beta"): [],
        (2, "beta"): ["the experts have not assessed the level"],
        (3, "beta"): ["no Yes / Partly / No question", "the experts' cell is not submitted"],
    }


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ("draft", "the self-assessment is not submitted"),
        ("returned", "the self-assessment was returned to the centre"),
    ],
)
def test_what_is_not_submitted_is_not_the_centres_word(asked, alpha, expert, state, reason):
    answered(asked, alpha, {"1.1": grade("yes")}, state=state)
    found(asked, 1, alpha, expert, "strong")
    row = Agreement.of(asked, expert).comparisons[asked.template.aspects.get(number=1).pk, alpha.pk]
    assert (row.verdict, row.own.level, row.found.level, row.gaps) == ("none", "", "strong", [reason])


@pytest.mark.parametrize(("state", "verdict"), [("draft", "none"), ("returned", "none"), ("accepted", "same")])
def test_a_cell_counts_once_it_is_submitted(asked, alpha, expert, state, verdict):
    answered(asked, alpha, {"1.1": grade("yes")})
    found(asked, 1, alpha, expert, "strong", state=state)
    row = Agreement.of(asked, expert).comparisons[asked.template.aspects.get(number=1).pk, alpha.pk]
    assert row.verdict == verdict


def test_an_aspect_without_a_question_says_so(network, alpha, expert):
    cycle = make_cycle(network, [alpha], questionnaire=make_questionnaire(network, [graded("1.1", "plan", "gone")]))
    answered(cycle, alpha, {"1.1": grade("yes")})
    agreement = Agreement.of(cycle, expert)
    assert [row.own.lacks for row in agreement.comparisons.values()] == ["", *["no question is about this aspect"] * 2]
    assert (agreement.mapped_questions, agreement.mapped_aspects) == (1, 1)


def naive(questions, answers, aspect):
    """The centre's level once more, the long way round: with numbers, and rules applied one by one."""
    numbers = []
    for question in questions:
        if aspect not in question.aspects:
            continue
        asked, walk = True, question
        while walk.depends_on:
            walk_up = next(row for row in questions if row.code == walk.depends_on)
            asked = asked and answers.get(walk_up.code) in walk.depends_values
            walk = walk_up
        word = answers.get(question.code)
        if asked and word:
            numbers.append({"yes": 3, "good": 3, "partly": 2, "fair": 2, "no": 1}.get(word))
    numbers = [number for number in numbers if number]
    if not numbers:
        return 0
    middle = statistics.median(numbers)
    return {1: 1, 1.5: 1, 2: 2, 2.5: 2, 3: 3}[middle]


@pytest.mark.parametrize("seed", [0, 2, 3, 4, 5, 6])
def test_random_data_against_a_naive_recomputation(network, expert, seed):
    rng = random.Random(seed)
    aspects, questions = ["plan", "equipment", "committee", "money"], []
    for n in range(1, 13):
        about = tuple(rng.sample(aspects[:3], rng.randint(0, 2)))
        earlier = [row.code for row in questions if row.kind == Kind.GRADE]
        on = rng.choice(earlier) if earlier and rng.random() < 0.3 else ""
        values = tuple(rng.sample(["yes", "partly", "no"], 2)) if on else ()
        kind, options = (Kind.CHOICE, BANDS) if rng.random() < 0.3 else (Kind.GRADE, GRADED)
        text = QuestionText(
            f"1.{n}", kind, {"en": f"Q {n}"}, options=options, aspects=about, depends_on=on, depends_values=values
        )
        questions.append(text)
    centres = [make_centre(network) for _ in range(8)]
    template = make_template(network, [aspect.capitalize() for aspect in aspects])
    cycle = make_cycle(network, centres, template, questionnaire=make_questionnaire(network, questions))
    expected = dict.fromkeys(("same", "higher", "lower", "none"), 0)
    for centre in centres:
        words = {
            row.code: rng.choice(
                ["good", "good", "fair", "other", ""] if row.kind == Kind.CHOICE else ["yes", "partly", "no", "no", ""]
            )
            for row in questions
        }
        state = rng.choice(["draft", "submitted", "submitted", "submitted", "accepted", "accepted", "returned"])
        key = {Kind.CHOICE: "choice", Kind.GRADE: "grade"}
        answers = {row.code: {key[row.kind]: words[row.code]} for row in questions if words[row.code]}
        answered(cycle, centre, answers, state=state)
        for number, aspect in enumerate(aspects, start=1):
            level = rng.choice(["strong", "partly", "weak", "not_assessed"])
            cell_state = rng.choice(["draft", "submitted", "accepted", "accepted"])
            found(cycle, number, centre, expert, level, state=cell_state)
            theirs = {"weak": 1, "partly": 2, "strong": 3, "not_assessed": 0}[level] if cell_state != "draft" else 0
            own = naive(questions, words, aspect) if state in ("submitted", "accepted") else 0
            verdict = "none" if not (own and theirs) else ["same", "higher", "lower"][(own > theirs) - (own < theirs)]
            expected[verdict] += 1
    assert vars(Agreement.of(cycle, expert).counts) == expected
    assert min(expected.values()) > 0, "a verdict never comes up: this seed shows less than it should"


@pytest.fixture
def compared(asked, alpha, beta, expert):
    for centre, word in ((alpha, "yes"), (beta, "no")):
        answered(asked, centre, {"1.1": grade(word)})
        found(asked, 1, centre, expert, "strong")
    return asked


def test_the_page_shows_marks_words_reasons_and_sums(client_of, compared, expert):
    text = page(client_of(expert), compared).content.decode()
    assert text.count('<span class="verdict same">same</span>') == 1
    assert text.count('<span class="verdict lower">centre lower</span>') == 1
    assert text.count('<span class="verdict none">not comparable</span>') == 2
    for reason in ("no Yes / Partly / No among the answers", "the experts&#x27; cell is not submitted"):
        assert text.count(f'<span class="why">{reason}</span>') == 2


def test_what_is_not_submitted_is_told_once_in_its_column(client_of, compared, beta, expert):
    compared.self_assessments.filter(centre=beta).update(state="returned")
    response = page(client_of(expert), compared)
    reason = "the self-assessment was returned to the centre"
    assert [head.lacks for head in response.context["heads"]] == ["", reason]
    head, _table, body = response.text.partition("<tbody>")
    assert (head.count(f'<span class="why">{reason}</span>'), body.count(f'<span class="why">{reason}</span>')) == (
        1,
        0,
    )
    assert body.count(f'<span class="why in-head">{reason}</span>') == 2  # for a phone, which shows no head


def test_what_can_never_be_compared_is_told_once_in_its_row(client_of, compared, expert):
    response = page(client_of(expert), compared)
    assert [line.never for line in response.context["lines"]] == ["", "", "no Yes / Partly / No question"]
    row = response.text.split('scope="row"')[3]
    assert row.count('<span class="why">no Yes / Partly / No question</span>') == 1
    assert ("verdict" in row, "that can be compared" in row) == (False, False)
    assert row.count("Experts:") == 2


def test_the_page_says_how_often_both_agree(client_of, compared, expert):
    text = page(client_of(expert), compared).text
    assert "same in 1 of 2 that can be compared" in text
    assert "%" not in text[text.index("<main") : text.index("</main>")]
    assert f'href="{reverse("monitoring:cell", args=["asked", 1, "alpha"])}#own"' in text


def test_a_facilitator_compares_her_own_centre_only(client_of, compared, personas):
    response = page(client_of(personas.facilitator_alpha), compared)
    assert [centre.code for centre in response.context["agreement"].centres] == ["alpha"]
    assert response.context["counts"] == Counts(same=1, none=2)
    assert "Beta" not in response.content.decode()


def test_somebody_who_is_also_a_donor_sees_no_other_column(client_of, compared, alpha, personas, project, expert):
    personas.donor.memberships.create(network=alpha.network, role="facilitator", centre=alpha, from_date="2003-01-01")
    compared.projects.set([project])
    accept_and_publish(compared, expert)
    response = page(client_of(personas.donor), compared)
    assert [centre.code for centre in response.context["agreement"].centres] == ["alpha"]


def accept_and_publish(cycle, expert):
    for cell in cycle.cells.filter(state="submitted"):
        cell.accept(by=expert, version=cell.version)
    cycle.publish(by=expert)


def test_donors_find_nothing_even_once_published(client_of, compared, personas, project, expert):
    compared.projects.set([project])
    accept_and_publish(compared, expert)
    assert page(client_of(personas.donor), compared).status_code == 404


def test_one_centre_of_many(client_of, compared, expert):
    response = page(client_of(expert), compared, centre="beta")
    assert [head.centre.code for head in response.context["heads"]] == ["beta"]
    assert response.context["counts"] == Counts(same=1, lower=1, none=4)  # of all centres, as before
    assert [head.centre.code for head in page(client_of(expert), compared, centre="nowhere").context["heads"]] == [
        "alpha",
        "beta",
    ]


def test_without_questionnaire_map_answers_or_cells_it_says_what_to_do(client_of, network, alpha, expert):
    client = client_of(expert)

    def words(cycle):
        return page(client, cycle).content.decode()

    assert "Choose a questionnaire" in words(make_cycle(network, [alpha]))
    unmapped = make_questionnaire(network, [graded("1.1")], key="unmapped")
    assert "which aspect of the matrix it is about" in words(make_cycle(network, [alpha], questionnaire=unmapped))
    mapped = make_questionnaire(network, [graded("1.1", "plan")], key="mapped")
    assert "No centre takes part" in words(make_cycle(network, [], questionnaire=mapped))
    cycle = make_cycle(network, [alpha], questionnaire=mapped)
    assert "No self-assessment is submitted yet" in words(cycle)
    answered(cycle, alpha, {"1.1": grade("yes")})
    assert "have not submitted any cell" in words(cycle)
    found(cycle, 1, alpha, expert, "strong")
    assert 'class="verdict same"' in words(cycle)


def test_a_centre_reads_of_its_own_that_it_is_not_submitted(client_of, asked, beta, personas, expert):
    answered(asked, beta, {"1.1": grade("yes")})
    text = page(client_of(personas.facilitator_alpha), asked).text
    assert "Not submitted: this is not yet the centre's word." in text
    assert ("No self-assessment is" in text, "Open the self-assessments" in text) == (False, False)


def large(network, expert, size):
    """A cycle of so many centres that all have answered everything and are assessed in the first aspect."""
    centres = [make_centre(network) for _ in range(size)]
    cycle = make_cycle(network, centres, questionnaire=make_questionnaire(network, QUESTIONS, key=f"of-{size}"))
    assessments = list(cycle.self_assessments.all())
    questions = list(cycle.questionnaire.questions.exclude(code="1.5"))
    by = make_facilitator(centres[0])
    model = assessments[0].answers.model
    model.objects.bulk_create(
        model(
            assessment=row,
            centre_id=row.centre_id,
            question=question,
            value={"choice": "good"} if question.code == "1.4" else grade("yes"),
            updated_at="2005-06-01T00:00Z",
            updated_by=by,
        )
        for row in assessments
        for question in questions
    )
    cycle.self_assessments.update(state="submitted")
    cycle.cells.filter(aspect__number=1).update(finding="x", level="strong", state="submitted", version=1)
    return cycle


@pytest.mark.parametrize("size", [1, 7, 200])
def test_queries_do_not_depend_on_the_size(client_of, network, expert, size, django_assert_num_queries):
    cycle, client = large(network, expert, size), client_of(expert)
    with django_assert_num_queries(11):
        response = page(client, cycle)
    assert len(response.context["heads"]) == min(size, 12)
    assert response.context["counts"].same == size
    assert len(gzip.compress(response.content)) < 60_000


def test_a_wide_network_comes_in_windows_with_the_sums_of_all(client_of, network, expert):
    cycle, client = large(network, expert, 200), client_of(expert)
    pages = [page(client, cycle, page=number) for number in range(1, 18)]
    shown = [head.centre.pk for response in pages for head in response.context["heads"]]
    assert shown == list(cycle.participations.values_list("centre", flat=True))
    assert [line.counts for line in pages[16].context["lines"]] == [Counts(same=200), *[Counts(none=200)] * 2]
    assert "Centres 193–200 of 200" in pages[16].content.decode()
