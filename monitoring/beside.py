"""What a centre says of itself, beside the cell that says what the experts found."""

from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef

from .agreement import GIVEN, Comparison, Map, found_side, levels_of, own_side
from .completeness import asked_codes
from .levels import Level
from .models import Answer, Cell, ProposalDecision, Question, QuestionAspect, SelfAssessment
from .prefill import differs
from .wording import in_words


@dataclass
class Statement:
    """A question that is about the cell's aspect, with what the centre answered."""

    question: Question
    answer: Answer | None
    level: str

    @property
    def value(self) -> dict:
        return self.answer.value if self.answer else {}

    @property
    def lines(self) -> list[str]:
        return in_words(self.question, self.value)

    @property
    def level_word(self) -> str:
        return Level(self.level).label if self.level else ""

    @property
    def source(self) -> str:
        return self.value.get("source", "")

    @property
    def proposal(self) -> str:
        return self.value.get("proposal", "")

    @property
    def decision(self) -> ProposalDecision | None:
        return getattr(self.answer, "decision", None)

    @property
    def computed(self) -> list[str]:
        """What the data said, where the centre explains why it answers something else."""
        return in_words(self.question, self.answer.computed["value"]) if self.explanation else []

    @property
    def explanation(self) -> str:
        """Why the answer differs from the data; words that were left from an earlier answer explain nothing."""
        differing = self.answer and differs(self.question, self.answer.value, self.answer.computed)
        return self.answer.explanation if differing else ""


@dataclass
class Beside:
    """A centre's self-assessment as far as it is about one cell's aspect."""

    assessment: SelfAssessment
    comparison: Comparison
    statements: list[Statement] = field(default_factory=list)

    @property
    def is_given(self) -> bool:
        """Whether it is the centre's word: submitted, or accepted."""
        return self.assessment.state in GIVEN

    @property
    def is_long(self) -> bool:
        """Whether it would push the rest of the cell's page out of sight."""
        words = (text for row in self.statements for text in (*row.lines, row.source, row.proposal))
        return len(self.statements) > 3 or sum(map(len, words)) > 600

    @classmethod
    def of(cls, cell: Cell, user) -> "Beside | None":
        """With three queries, none for a cycle without questionnaire; None where the reader may not see it."""
        if cell.cycle.questionnaire_id is None:
            return None
        visible = SelfAssessment.objects.visible_to(user).select_related("updated_by")
        assessment = visible.filter(cycle=cell.cycle_id, centre=cell.centre_id).first()
        if assessment is None:
            return None
        assessment.cycle, assessment.centre = cell.cycle, cell.centre
        links = QuestionAspect.objects.filter(question=OuterRef("pk"), aspect_key=cell.aspect.key)
        rows = Question.objects.filter(questionnaire=cell.cycle.questionnaire_id).select_related("section")
        rows = rows.annotate(is_mapped=Exists(links)).order_by("position")
        questions = {row.code: row for row in rows}
        codes = [row.code for row in rows if row.is_mapped]
        used = Map(questions, {cell.aspect.key: codes}).used
        given = Answer.objects.visible_to(user).filter(assessment=assessment, question__code__in=used)
        answers = {
            row.question.code: row for row in given.select_related("question", "decision__recommendation", "updated_by")
        }
        values = {code: answer.value for code, answer in answers.items()}
        levels, asked = levels_of(questions, values), asked_codes(rows, values)
        comparison = Comparison(
            own_side(assessment.state, [questions[code] for code in codes], levels), found_side(cell.state, cell.level)
        )
        statements = [
            Statement(questions[code], answers.get(code), levels.get(code, "")) for code in codes if code in asked
        ]
        return cls(assessment, comparison, statements)
