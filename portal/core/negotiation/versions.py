"""Which version of the bounds a live case is answered by: the pinned one, unless the new one is no worse."""

from datetime import date

from portal.core.bounds.model import Bounds
from portal.core.bounds.resolve import NO_PACK, PackLimits
from portal.core.calendar import PERIODS_PER_YEAR
from portal.core.negotiation.ask import Ask, hits
from portal.core.negotiation.context import open_case
from portal.core.negotiation.facts import Facts
from portal.core.negotiation.menu import pick
from portal.core.negotiation.model import PRIOR, Model
from portal.core.negotiation.policy import PolicySet, policy_set


def version_for(
    *,
    facts: Facts,
    pinned: Bounds,
    current: Bounds,
    pinned_until: date,
    model: Model = PRIOR,
    holidays: frozenset[date] = frozenset(),
    pack: PackLimits = NO_PACK,
) -> Bounds:
    """Return the version that answers a case today.

    The pinned one holds through `pinned_until`; the current one takes over at once where it still agrees to every plan
    of the pinned menu, or one no worse for the debtor on payment, first sum, total and length.
    """
    if facts.as_of > pinned_until or pinned == current:
        return current
    before = _policy(facts, pinned, model, holidays, pack)
    after = _policy(facts, current, model, holidays, pack)
    if before is None:
        return current
    return current if after is not None and _no_worse(before, after) else pinned


def _policy(
    facts: Facts, bounds: Bounds, model: Model, holidays: frozenset[date], pack: PackLimits
) -> PolicySet | None:
    case = open_case(facts=facts, bounds=bounds, pack=pack, holidays=holidays)
    return policy_set(case, facts.freq, None, model) if case else None


def _no_worse(before: PolicySet, after: PolicySet) -> bool:
    per_year = PERIODS_PER_YEAR[after.frame.freq]
    for _, entry in pick(before):
        wish = Ask(
            pay_minor=entry.largest,
            down_minor=entry.down,
            total_minor=entry.total,
            months=-(-entry.periods * 12 // per_year),
        )
        if not len(hits(after.plans, wish, after)):
            return False
    return True
