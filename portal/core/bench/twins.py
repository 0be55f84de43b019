"""Twins: two debtors with the same facts, one of whom refuses longer before both say the same thing."""

from collections.abc import Sequence
from statistics import fmean

from portal.core.bench.baselines import Policy
from portal.core.bench.field import Field
from portal.core.bench.people import Debtor, wish_of
from portal.core.bench.replay import favorite

STUBBORN = 8
DIFFERENT = 0.01


def twin_gap(debtor: Debtor, field: Field, policy: Policy) -> float:
    """Return by how much of the balance the best offer to the same ask differs when it comes in round 8, not 2.

    A twin who was offered nothing payable is counted at the no-plan alternative, the whole worth of settling.
    """
    wish = wish_of(debtor, debtor.aspiration(2, field.best_utility))
    costs = []
    for last in (2, STUBBORN):
        seat = policy(field, debtor)
        found = seat.offers(1, None)
        for number in range(2, last + 1):
            found = seat.offers(number, wish)
        row = favorite(field, found)
        utility = 0.0 if row is None else max(0.0, field.utility[row])
        costs.append(debtor.worth * (1.0 - utility))
    return abs(costs[0] - costs[1])


def gaps(debtors: Sequence[Debtor], fields: Sequence[Field], policy: Policy) -> tuple[float, float]:
    """Return the mean gap and the share of twins who differ by more than 1 % of the balance."""
    found = [twin_gap(d, f, policy) for d, f in zip(debtors, fields, strict=True) if f.zone]
    return (fmean(found), fmean(gap > DIFFERENT for gap in found)) if found else (0.0, 0.0)
