"""The three (at most five) plans that are shown unasked: different on purpose, none worse than another."""

from collections.abc import Callable, Sequence

from portal.core.negotiation.pareto import front
from portal.core.negotiation.policy import Entry, PolicySet, shape_id

LABELS = ("lowest_payment", "between", "lowest_total", "least_risk", "training", "cash")
NEAR = 0.02  # plans closer than this on every scaled axis are duplicates to a debtor
Pick = tuple[str, Entry]
Rank = Callable[[Entry], tuple[object, ...]]


def _between(entry: Entry) -> tuple[object, ...]:
    return -entry.nash, shape_id(entry.terms)


def _payment(entry: Entry) -> tuple[object, ...]:
    return max(entry.shape.largest, entry.shape.down), -entry.nash, shape_id(entry.terms)


def _total(entry: Entry) -> tuple[object, ...]:
    return entry.shape.total, -entry.nash, shape_id(entry.terms)


def _risk(entry: Entry) -> tuple[object, ...]:
    return -entry.score.kept, -entry.nash, shape_id(entry.terms)


def pick(policy: PolicySet) -> tuple[Pick, ...]:
    """Return (label, plan) in screen order: the lowest payment first, single payments last unless there is cash.

    Best Nash product, lowest payment, lowest total; with room the least risk of a break; a family that the facts
    name (training, cash in hand) takes the last place. Near-duplicates are dropped.
    """
    case = policy.case
    size = min(case.rules.policy.menu.size, case.rules.policy.menu.max)
    best = front(policy.band)
    if not best:
        return ()
    chosen: list[Pick] = []
    named = _named(policy)
    for label, rank in (
        ("between", _between),
        ("lowest_payment", _payment),
        ("lowest_total", _total),
        ("least_risk", _risk),
    ):
        if len(chosen) < max(1, size - (1 if named and size > 1 else 0)):
            _add(chosen, label, best, rank, policy)
    if named and len(chosen) < size:
        chosen.append(named)
    for label, rank in (("lowest_total", _total), ("least_risk", _risk)):
        if len(chosen) < size:
            _add(chosen, label, best, rank, policy)
    return _ordered(chosen, policy)


def _add(chosen: list[Pick], label: str, best: Sequence[Entry], rank: Rank, policy: PolicySet) -> None:
    used = [entry for _, entry in chosen]
    for entry in sorted(best, key=rank)[:40]:
        if all(distance(entry, other, policy) > NEAR for other in used):
            chosen.append((label, entry))
            return


def distance(one: Entry, other: Entry, policy: PolicySet) -> float:
    """Return how different two plans are to a debtor: the largest gap of payment, total, first sum, length."""
    balance = policy.frame.balance
    affordable = max(1, policy.frame.affordable)
    return max(
        abs(one.shape.largest - other.shape.largest) / affordable,
        abs(one.shape.total - other.shape.total) / balance,
        abs(one.shape.down - other.shape.down) / balance,
        abs(one.shape.periods - other.shape.periods) / 60,
    )


def _named(policy: PolicySet) -> Pick | None:
    """Return the plan of a family that the facts name: training asked for, or cash in hand."""
    facts = policy.case.facts
    if facts.wants_training:
        best = front([e for e in policy.plans if e.terms.family == "skills" and e.fits])
        if best:
            return "training", min(best, key=_between)
    if policy.case.cash > 0:
        best = front([e for e in policy.band if e.terms.family in {"full", "lump", "parts"}])
        if best:
            return "cash", min(best, key=_between)
    return None


def _ordered(chosen: list[Pick], policy: PolicySet) -> tuple[Pick, ...]:
    def rank(item: Pick) -> tuple[bool, int, str]:
        entry = item[1]
        single = entry.shape.periods == 1 and not entry.shape.down
        late = single and (policy.case.cash < entry.shape.total or policy.case.pack.single_last)
        return late, max(entry.shape.largest, entry.shape.down), shape_id(entry.terms)

    return tuple(sorted(chosen, key=rank))
