"""The links of a conclusion and a recommendation: recorded and frozen like the rows that they belong to."""

import pgtrigger

from centres.history import track

from .matrix import Conclusion
from .recommendations import Recommendation

FUNC = """
    PERFORM 1 FROM monitoring_cycle JOIN {owner} owner ON owner.cycle_id = monitoring_cycle.id
    WHERE owner.id = COALESCE(NEW.{column}, OLD.{column}) AND monitoring_cycle.state = 'open'
    FOR SHARE OF monitoring_cycle;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the cycle is published' USING ERRCODE = 'check_violation', CONSTRAINT = 'cycle_frozen';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
"""


def frozen_with(owner: str, column: str):
    """Refuse any write to a link whose owner belongs to a published cycle."""
    return pgtrigger.Trigger(
        name="frozen",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=FUNC.format(owner=owner, column=column),
    )


@track()
@pgtrigger.register(frozen_with("monitoring_conclusion", "conclusion_id"))
class RestsOn(Conclusion.rests_on.through):
    """A conclusion rests on a cell."""

    class Meta:
        proxy = True


@track()
@pgtrigger.register(frozen_with("monitoring_conclusion", "conclusion_id"))
class ConclusionLink(Conclusion.see_also.through):
    """A conclusion points to another aspect."""

    class Meta:
        proxy = True


@track()
@pgtrigger.register(frozen_with("monitoring_recommendation", "recommendation_id"))
class RecommendationLink(Recommendation.see_also.through):
    """A recommendation points to another aspect."""

    class Meta:
        proxy = True
