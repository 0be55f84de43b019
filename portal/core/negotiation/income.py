"""Candidates whose payments follow income: shares of what is affordable, and the smallest payment."""

from collections.abc import Iterator

from portal.core.calendar import PERIODS_PER_YEAR
from portal.core.negotiation.grids import THETA_STEP, Key
from portal.core.plans.grammar import Terms


def by_income(key: Key) -> Iterator[Terms]:
    """Yield them where what is known of the budget is enough for the rule."""
    rule = key.families.index
    order = ("none", "budget_self", "documents", "adviser")
    if order.index(key.evidence) < order.index(rule.needs):
        return
    count = rule.horizon_months * PERIODS_PER_YEAR[key.freq] // 12
    for share in range(2 * THETA_STEP, rule.theta_max + 1, THETA_STEP):
        yield Terms(family="index", freq=key.freq, count=count, theta_bp=share)
    yield Terms(family="index", freq=key.freq, count=count, token=True)
