"""A matrix as a file holds it: what was recognised, and every problem that was found."""

from dataclasses import asdict, dataclass, field

from .problems import Problem


@dataclass(frozen=True)
class ParsedCell:
    """What the file says for one aspect at one centre; empty texts and level where it says nothing."""

    aspect: int
    centre: str
    finding: str
    perspective: str
    level: str
    row: int
    column: int

    @property
    def is_empty(self):
        """Whether the file says nothing."""
        return not (self.finding or self.perspective or self.level)


@dataclass(frozen=True)
class ParsedConclusion:
    """What the file says in the last column for one aspect."""

    aspect: int
    text: str
    recommendations: tuple  # (number, text)
    row: int
    column: int


@dataclass
class ParsedMatrix:
    """A matrix as the file holds it, and every problem found on the way."""

    sheet: str = ""
    centres: list = field(default_factory=list)  # codes, in the file's order
    cells: list = field(default_factory=list)
    conclusions: list = field(default_factory=list)
    problems: list = field(default_factory=list)

    @property
    def errors(self):
        """The problems that stand in the way of the import."""
        return [problem for problem in self.problems if problem.is_error]

    @property
    def notices(self):
        """The problems that do not."""
        return [problem for problem in self.problems if not problem.is_error]

    def as_json(self):
        """The matrix as plain lists and dictionaries."""
        return asdict(self)

    @classmethod
    def from_json(cls, data):
        """The matrix that `as_json` was called on."""
        return cls(
            sheet=data["sheet"],
            centres=data["centres"],
            cells=[ParsedCell(**cell) for cell in data["cells"]],
            conclusions=[
                ParsedConclusion(
                    **{**row, "recommendations": tuple((number, text) for number, text in row["recommendations"])}
                )
                for row in data["conclusions"]
            ],
            problems=[Problem(**problem) for problem in data["problems"]],
        )
