from ..levels import Level
from .assessments import Answer, AssessmentState, AssessmentStep, ReturnedAnswer, SelfAssessment
from .comments import AnswerComment, Comment
from .cycle import CellState, Cycle, CycleStep, Participation
from .freezing import CycleFrozen, StepRefused
from .imports import AnswerImport, MatrixImport
from .links import ConclusionLink, RecommendationLink, RestsOn
from .matrix import Cell, CellStep, Conclusion, EditConflict
from .proposals import ProposalDecision
from .questionnaires import Question, QuestionAspect, Questionnaire, QuestionnaireRefused, Section
from .recommendations import Recommendation
from .reminders import Reminder
from .template import Aspect, MatrixTemplate, TemplateRefused

__all__ = [
    "Answer",
    "AnswerComment",
    "AnswerImport",
    "Aspect",
    "AssessmentState",
    "AssessmentStep",
    "Cell",
    "CellState",
    "CellStep",
    "Comment",
    "Conclusion",
    "ConclusionLink",
    "Cycle",
    "CycleFrozen",
    "CycleStep",
    "EditConflict",
    "Level",
    "MatrixImport",
    "MatrixTemplate",
    "Participation",
    "ProposalDecision",
    "Question",
    "QuestionAspect",
    "Questionnaire",
    "QuestionnaireRefused",
    "Recommendation",
    "RecommendationLink",
    "Reminder",
    "RestsOn",
    "ReturnedAnswer",
    "Section",
    "SelfAssessment",
    "StepRefused",
    "TemplateRefused",
]
