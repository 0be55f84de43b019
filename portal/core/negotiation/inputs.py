"""What the repayment model is told about a case: the allowed inputs that are known before a plan is picked.

The level of evidence is left out on purpose: papers raise the stage and must never close a plan by raising the hazard.
"""

from math import log

from portal.core.calendar import Frequency
from portal.core.negotiation.context import Case
from portal.core.risk.inputs import Inputs

BROKEN_MAX = 3
DAYS_TYPICAL = 360


def inputs_of(case: Case, freq: Frequency) -> Inputs:
    """Return the inputs of a case for plans of one rhythm."""
    history = case.facts.history
    plans = history.kept + history.broken
    return Inputs(
        weekly=1.0 if freq == "weekly" else 0.0,
        kept_share=history.kept / plans if plans else 0.0,
        broken_plans=float(min(history.broken, BROKEN_MAX)),
        dpd_band=log(max(case.days_past_due, 1) / DAYS_TYPICAL),
    )
