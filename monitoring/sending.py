"""What a page of a self-assessment sends back: whose it is, what was typed, from which version, what the data said."""

from dataclasses import dataclass

from django.core import signing
from django.core.exceptions import BadRequest
from django.db.models import Exists, OuterRef
from django.shortcuts import get_object_or_404

from centres.access import reach_of
from centres.spreadsheets import printable

from .forms.answer_fields import too_long
from .forms.answers import AnswerForm, answer_form
from .models import Answer, Question, SelfAssessment
from .models.assessments import EXPLANATION_LIMIT

SALT = "prefill"


def found(user, cycle: str, centre: str) -> SelfAssessment:
    """The self-assessment behind an address, with `may_fill` and `may_review` (1 query); 404 for strangers."""
    own = {"pk": OuterRef("pk")}
    rows = SelfAssessment.objects.visible_to(user).for_page()
    rows = rows.annotate(
        may_fill=Exists(SelfAssessment.objects.editable_by(user).filter(**own)),
        may_review=Exists(SelfAssessment.objects.reviewed_by(user).filter(**own)),
    )
    return get_object_or_404(rows, cycle__code=cycle, centre__code=centre)


def speaks_for(user, assessment: SelfAssessment) -> bool:
    """Whether the person writes on behalf of the centre, not being one of its people."""
    return assessment.centre_id not in reach_of(user).runs


def sealed(assessment: SelfAssessment, code: str, entry: dict) -> str:
    """What the data said as a page shows it, signed, so that saving needs no second computation."""
    return signing.dumps([assessment.pk, code, entry], salt=SALT, compress=True)


def unsealed(assessment: SelfAssessment, code: str, token: str) -> dict | None:
    """The entry that a page carried; None where it is not ours, or of another question."""
    try:
        pk, of, entry = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return entry if (pk, of) == (assessment.pk, code) else None


@dataclass
class Sent:
    """What was sent in answer to one question."""

    question: Question
    form: AnswerForm
    version: int  # of the answer that was on the page
    explanation: str
    entry: dict | None  # what the data said on the page
    takes_theirs: bool = False  # after a conflict: the other's answer stays

    @classmethod
    def read(cls, assessment, question: Question, data, more=0) -> "Sent | None":
        """What the data hold for that question; None where it was not on the page. BadRequest without a version."""
        beginning = f"q-{question.code}"
        version = data.get(f"{beginning}-version")
        if version is None:
            return None
        if not (version.isascii() and version.isdigit() and len(version) < 9):
            raise BadRequest
        explanation = printable(data.get(f"{beginning}-explanation", "").replace("\r\n", "\n")).strip()
        return cls(
            question,
            answer_form(question, data, more=more),
            int(version),
            explanation,
            unsealed(assessment, question.code, data.get(f"{beginning}-token", "")),
            f"{beginning}-theirs" in data,
        )

    @property
    def problem(self) -> str:
        """What is wrong with the explanation."""
        problem = too_long(self.explanation, EXPLANATION_LIMIT)
        return problem.messages[0] if problem else ""

    @property
    def is_fine(self) -> bool:
        return self.form.is_valid() and not self.problem

    def changes(self, answer: Answer | None, *, asked: bool) -> bool:
        """Whether she wrote something, besides what stood on the page. What the data said is confirmed by sending it.

        Of a question that is not asked nothing is confirmed. Needs a fine one.
        """
        mine = (self.form.value, self.explanation)
        on_page = ((self.entry or {}).get("value", {}), "")
        if answer is None:
            return mine != on_page or bool(self.entry and asked)
        if answer.holds(*mine):
            return False
        if answer.version > self.version:  # somebody else saved meanwhile
            before = answer.recorded(self.version) if self.version else None
            return mine != ((before.value, before.explanation) if before else on_page)
        return True

    def save(self, assessment, *, by) -> int:
        """Save it as `SelfAssessment.save_answer` does; what the data said before stays where the page carried none."""
        return assessment.save_answer(
            self.question,
            by=by,
            version=self.version,
            value=self.form.value,
            explanation=self.explanation,
            computed=self.entry,
        )
