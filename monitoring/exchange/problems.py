"""What can be the matter with a file of answers: each kind with its severity, heading and sentence."""

from django.utils.translation import gettext_lazy as _

from ..imports import problems
from ..imports.problems import ERROR, NOTICE

LIMIT = 300  # problems that are named; of the rest only the number

KINDS = {
    "no_columns": (
        ERROR,
        _("The table was not recognised"),
        _(
            "No column holds answers to this questionnaire. The first row names the questions, as in an export of "
            "KoBoToolbox or ODK Central; one column is the code of the centre."
        ),
    ),
    "no_sheets": (
        ERROR,
        _("The table was not recognised"),
        _("This is not a workbook of this questionnaire: no row begins with the code of a question."),
    ),
    "no_answers": (ERROR, _("No answers"), _("The file holds no answers of yours. Nothing can be imported.")),
    "too_many": (
        ERROR,
        _("Too many centres in one file"),
        _(
            "The file holds forms of %(n)s centres; at most %(most)s are imported at once. Save it as several files, "
            "each with the forms of some centres. Sheets or files with rows of tables can go with each of them."
        ),
    ),
    "bad_answer": (ERROR, _("Answers that cannot be read"), _("Question %(code)s: %(error)s")),
    "misfit": (
        NOTICE,
        _("Answers of another version that do not fit"),
        _("Question %(code)s: %(error)s The answer is left out."),
    ),
    "formula": (ERROR, _("Formulas"), _("The cell holds a formula. Replace it with its value.")),
    "failure": (ERROR, _("Failed formulas"), _("The cell shows %(text)s. Replace it with what it should say.")),
    "double_column": (
        ERROR,
        _("Columns that appear twice"),
        _("“%(text)s” means the same as column %(first)s. Join the two columns into one."),
    ),
    "double_row": (
        ERROR,
        _("Rows that appear twice"),
        _("The code “%(text)s” already stands in row %(first)s. Keep one of the two rows."),
    ),
    "other_centre": (
        ERROR,
        _("Another centre's workbook"),
        _("This workbook was made for the centre “%(text)s”. Choose the one of this centre."),
    ),
    "other_cycle": (
        ERROR,
        _("Another cycle's workbook"),
        _("This workbook was made for the cycle “%(text)s”. Download it again for this one."),
    ),
    "who": (
        ERROR,
        _("On whose behalf"),
        _("%(centre)s: say above who at the centre gave these answers; the file does not."),
    ),
    "unknown_centre": (
        NOTICE,
        _("Unknown centres"),
        _("“%(text)s” is no centre whose self-assessment you fill in here. The row is left out."),
    ),
    "no_centre": (NOTICE, _("Unknown centres"), _("The row names no centre. It is left out.")),
    "closed": (
        NOTICE,
        _("Self-assessments that are handed in"),
        _("%(centre)s: the self-assessment is “%(state)s”, its answers do not change now. The row is left out."),
    ),
    "several": (
        NOTICE,
        _("Several forms of one centre"),
        _("%(centre)s sent several forms. The last one counts, in row %(last)s; this one is left out."),
    ),
    "other_questionnaire": (
        NOTICE,
        _("Another questionnaire"),
        _("The row answers another questionnaire (“%(text)s”). It is left out."),
    ),
    "other_version": (
        NOTICE,
        _("Another version"),
        _(
            "The answers were given to version %(version)s of the questionnaire; this cycle uses version %(current)s. "
            "They are taken by the questions' codes."
        ),
    ),
    "kind_changed": (
        NOTICE,
        _("Questions of another kind"),
        _("Question %(code)s was “%(before)s” and is “%(now)s” now. Its answers are left out."),
    ),
    "unknown_column": (
        NOTICE,
        _("Columns that are left out"),
        _("“%(text)s” belongs to no question of this questionnaire. The column is left out."),
    ),
    "unknown_row": (
        NOTICE,
        _("Rows that are left out"),
        _("“%(text)s” is no question of this questionnaire, or no row of its table. The row is left out."),
    ),
    "unknown_sheet": (
        NOTICE,
        _("Sheets that are left out"),
        _("No column of this sheet belongs to the questionnaire. The sheet is left out."),
    ),
    "orphans": (
        NOTICE,
        _("Rows that are left out"),
        _("The row belongs to no form of this file. It is left out."),
    ),
    "no_table": (
        NOTICE,
        _("Tables that are not there"),
        _(
            "The rows of table %(code)s are not in this file; what stands there stays. Export to XLSX, "
            "or choose all CSV files of the export together."
        ),
    ),
    "more": (NOTICE, _("Not all are listed"), _("%(count)s more.")),
}


class Problem(problems.Problem):
    """Something in a file of answers that a person should know (notice) or must put right (error)."""

    @property
    def is_error(self):
        return KINDS[self.kind][0] == ERROR

    @property
    def heading(self):
        return KINDS[self.kind][1]

    @property
    def sentence(self):
        return str(KINDS[self.kind][2]) % self.facts


def shortened(found: list) -> list:
    """Errors first, not too many."""
    found = sorted(found, key=lambda problem: not problem.is_error)
    more = len(found) - LIMIT
    return found if more <= 0 else [*found[:LIMIT], Problem("more", facts={"count": more})]
