"""How far a self-assessment is: what is answered, missing, unexplained, returned. Pure: whoever asks brings the rows.

Only what is asked counts: an answer to a question that another answer has made superfluous stays stored, and is neither
progress nor missing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from . import prefill
from .instruments import is_answered, is_asked


@dataclass
class SectionProgress:
    """One section: numbers of questions, and the codes of those that need something."""

    section: object
    asked: int = 0
    answered: int = 0
    required: int = 0
    missing: list[str] = field(default_factory=list)  # required ones without an answer
    unexplained: list[str] = field(default_factory=list)  # which differ from the data without a word about it
    returned: list[str] = field(default_factory=list)  # all that the last return names ...
    to_mend: list[str] = field(default_factory=list)  # ... and those of them that nobody has touched since

    @property
    def is_complete(self) -> bool:
        """Whether nothing in it stands in the way of handing in."""
        return not (self.missing or self.unexplained or self.to_mend)


@dataclass
class Progress:
    """All sections, and their sums."""

    sections: list[SectionProgress]

    @property
    def asked(self) -> int:
        return sum(section.asked for section in self.sections)

    @property
    def answered(self) -> int:
        return sum(section.answered for section in self.sections)

    @property
    def missing(self) -> list[str]:
        return [code for section in self.sections for code in section.missing]

    @property
    def unexplained(self) -> list[str]:
        return [code for section in self.sections for code in section.unexplained]

    @property
    def returned(self) -> list[str]:
        return [code for section in self.sections for code in section.returned]

    @property
    def to_mend(self) -> list[str]:
        return [code for section in self.sections for code in section.to_mend]

    @property
    def is_complete(self) -> bool:
        """Whether it can be handed in."""
        return all(section.is_complete for section in self.sections)


def asked_codes(questions: Iterable, values: Mapping[str, dict]) -> set[str]:
    """The codes of the questions that are asked. What is itself not asked decides nothing.

    `questions` in their order: each comes after the one that it depends on.
    """
    counted, asked = {}, set()
    for question in questions:
        if not question.is_heading and is_asked(question, counted):
            asked.add(question.code)
            counted[question.code] = values.get(question.code, {})
    return asked


def progress(
    outline: Iterable,
    answers: Mapping,
    returned: Mapping | None = None,
    computed: Mapping[str, dict] | None = None,
    spoken: Mapping[str, datetime] | None = None,
) -> Progress:
    """Progress by section.

    `outline`: sections with their questions (`section.asked`); `answers`: Answers by code; `returned`: the reasons of
    the last return by code (ReturnedAnswers with their step); `computed`: what the data say now, otherwise what is kept
    with the answers counts; `spoken`: when the centre last commented, by code. A returned question counts as mended
    once its answer was saved, or somebody at the centre commented on it, after the return.
    """
    returned, spoken = returned or {}, spoken or {}
    outline = list(outline)
    values = {code: answer.value for code, answer in answers.items()}
    asked = asked_codes((question for section in outline for question in section.asked), values)
    found = []
    for section in outline:
        part = SectionProgress(section)
        for question in section.asked:
            if question.code in asked:
                _count(part, question, answers.get(question.code), returned, computed, spoken)
        found.append(part)
    return Progress(found)


def _count(part, question, answer, returned, computed, spoken) -> None:
    code, value = question.code, answer.value if answer else {}
    given = is_answered(question.kind, value)
    part.asked += 1
    part.answered += given
    part.required += question.required
    if question.required and not given:
        part.missing.append(code)
    if given and is_unexplained(question, answer, computed):
        part.unexplained.append(code)
    if code in returned:
        part.returned.append(code)
        at = returned[code].step.at
        if not (answer and answer.updated_at > at) and not (code in spoken and spoken[code] > at):
            part.to_mend.append(code)


def is_unexplained(question, answer, computed: Mapping[str, dict] | None = None) -> bool:
    """Whether the answer differs from the data and no word says why."""
    said = answer.computed if computed is None else computed.get(question.code)
    return not answer.explanation.strip() and bool(said) and prefill.differs(question, answer.value, said)
