from .comments import Comment
from .cycle import CellState, Cycle, CycleFrozen, CycleStep, Participation, StepRefused
from .imports import MatrixImport
from .links import ConclusionLink, RecommendationLink, RestsOn
from .matrix import Cell, CellStep, Conclusion, EditConflict, Level
from .recommendations import Recommendation
from .template import Aspect, MatrixTemplate, TemplateRefused

__all__ = [
    "Aspect",
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
    "Recommendation",
    "RecommendationLink",
    "RestsOn",
    "StepRefused",
    "TemplateRefused",
]
