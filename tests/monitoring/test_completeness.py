"""Progress of a self-assessment, from rows that were never stored."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import SimpleNamespace

from monitoring.completeness import asked_codes, progress
from monitoring.instruments import Kind, Options

BEFORE, RETURNED_AT, AFTER = (datetime(2005, 7, day, tzinfo=UTC) for day in (1, 2, 3))


@dataclass
class Asked:
    """As a Question of a questionnaire."""

    code: str
    kind: str = Kind.TEXT
    required: bool = False
    prefill: str = ""
    depends_on: str = ""
    depends_values: tuple = ()
    options: Options = field(default_factory=Options)

    @property
    def is_heading(self):
        return self.kind == Kind.HEADING


@dataclass
class Given:
    """As an Answer."""

    value: dict
    updated_at: datetime = BEFORE
    computed: dict | None = None
    explanation: str = ""


def outline(*questions):
    sections = {}
    for question in questions:
        sections.setdefault(question.code.split(".")[0], []).append(question)
    return [SimpleNamespace(code=code, asked=asked) for code, asked in sections.items()]


def returned(*codes):
    return {code: SimpleNamespace(reason="Why?", step=SimpleNamespace(at=RETURNED_AT)) for code in codes}


def numbers(section):
    return section.asked, section.answered, section.required, section.missing


PLAN = Asked("1.1", Kind.GRADE, required=True)
WHICH = Asked("1.2", required=True, depends_on="1.1", depends_values=("yes", "partly"))
ROOMS = Asked("2.2", Kind.NUMBER)
HEAD = Asked("2", Kind.HEADING)


def test_answered_of_asked_with_what_is_missing():
    found = progress(outline(PLAN, WHICH, HEAD, ROOMS), {"1.1": Given({"grade": "yes"}), "2.2": Given({"number": "0"})})
    assert [numbers(section) for section in found.sections] == [(2, 1, 2, ["1.2"]), (1, 1, 0, [])]
    assert (found.asked, found.answered, found.missing, found.is_complete) == (3, 2, ["1.2"], False)
    assert [section.is_complete for section in found.sections] == [False, True]


def test_a_question_that_is_not_asked_is_neither_progress_nor_missing():
    answers = {"1.1": Given({"grade": "no"}), "1.2": Given({"text": "The plan of 2004"})}
    found = progress(outline(PLAN, WHICH, ROOMS), answers)
    assert [numbers(section) for section in found.sections] == [(1, 1, 1, []), (1, 0, 0, [])]
    assert found.is_complete is True


def test_what_is_not_asked_decides_nothing_itself():
    questions = [
        Asked("1.1", Kind.CHOICE),
        Asked("1.2", Kind.CHOICE, depends_on="1.1", depends_values=("a",)),
        Asked("1.3", depends_on="1.2", depends_values=("a",)),
    ]
    values = {"1.1": {"choice": "a"}, "1.2": {"choice": "a"}}
    assert asked_codes(questions, values) == {"1.1", "1.2", "1.3"}
    assert asked_codes(questions, values | {"1.1": {"choice": "b"}}) == {"1.1"}


def test_an_emptied_answer_and_a_proposal_alone_are_no_answers():
    found = progress(outline(PLAN, ROOMS), {"1.1": Given({"proposal": "A plan"}), "2.2": Given({})})
    assert (found.answered, found.missing) == (0, ["1.1"])


def test_a_returned_answer_is_mended_by_saving_or_by_a_comment_after_the_return():
    questions = [Asked(f"1.{n}") for n in range(1, 6)]
    answers = {f"1.{n}": Given({"text": "x"}) for n in (1, 3, 4)} | {"1.2": Given({"text": "x"}, updated_at=AFTER)}
    found = progress(
        outline(*questions), answers, returned("1.1", "1.2", "1.3", "1.5"), spoken={"1.1": BEFORE, "1.3": AFTER}
    )
    assert (found.returned, found.to_mend) == (["1.1", "1.2", "1.3", "1.5"], ["1.1", "1.5"])
    assert found.is_complete is False


def said(text, source="centre_name"):
    return {"source": source, "value": {"text": text}}


def test_a_difference_from_the_data_needs_a_word():
    questions = [Asked(f"1.{n}") for n in range(1, 6)]
    answers = {
        "1.1": Given({"text": "Omega"}, computed=said("Alpha")),
        "1.2": Given({"text": "Omega"}, computed=said("Alpha"), explanation="The new name."),
        "1.3": Given({"text": "Alpha"}, computed=said("Alpha")),
        "1.4": Given({"text": "Omega"}, computed=said("Alpha", "av_aids")),  # only a text to begin with
        "1.5": Given({}, computed=said("Alpha")),
    }
    found = progress(outline(*questions), answers)
    assert (found.unexplained, found.is_complete) == (["1.1"], False)
    assert progress(outline(*questions), answers, computed={}).unexplained == []
    now = {"1.1": said("Omega"), "1.3": said("Beta")}
    assert progress(outline(*questions), answers, computed=now).unexplained == ["1.3"]
