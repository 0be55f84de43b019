"""The three (at most five) plans that are shown unasked: different on purpose, none worse than another."""

from portal.core.negotiation.board import Entry, Keys, Rows, family_code
from portal.core.negotiation.policy import PolicySet

NEAR = 0.02  # plans closer than this on every scaled axis are duplicates to a debtor
TRIES = 64
Pick = tuple[str, Entry]

# Ties fall to what is better on every other axis, so the first of a ranking is on the Pareto front.
_REST: Keys = (("nash", -1), ("value", -1), ("debtor", -1), ("kept", -1), ("most", 1))
RANKINGS: dict[str, Keys] = {
    "between": _REST,
    "lowest_payment": (("most", 1), *_REST),
    "lowest_total": (("total", 1), *_REST),
    "least_risk": (("kept", -1), *_REST),
}


def pick(policy: PolicySet) -> tuple[Pick, ...]:
    """Return (label, plan) in screen order: the lowest payment first, single payments last.

    Best Nash product, lowest payment, lowest total; with room the least risk of a break; a family that the facts
    name (training, cash in hand) takes the last place. Near-duplicates are dropped; all are on the Pareto front.
    """
    if not len(policy.band):
        return ()
    menu = policy.case.rules.policy.menu
    size = min(menu.size, menu.max)
    named = _named(policy)
    chosen: list[Pick] = [named] if named else []
    for label, keys in RANKINGS.items():
        if len(chosen) < size:
            _add(chosen, label, policy, policy.band, keys)
    if len(chosen) < min(2, size):  # a choice of one is none: the rest of what fits follows
        fitting = policy.board.among(policy.plans, at_least={"fits": 1})
        for label in ("lowest_payment", "lowest_total"):
            _add(chosen, label, policy, fitting, RANKINGS[label])
    return _ordered(chosen)


def _add(chosen: list[Pick], label: str, policy: PolicySet, rows: Rows, keys: Keys) -> None:
    taken = [entry for _, entry in chosen]
    for tries in (1, TRIES):  # the first usually does
        for row in policy.board.first(rows, keys, tries):
            entry = policy.board.entry(row)
            if not any(distance(entry, other, policy) <= NEAR for other in taken) and not policy.board.beaten(
                row, rows
            ):
                chosen.append((label, entry))
                return


def distance(one: Entry, other: Entry, policy: PolicySet) -> float:
    """Return how different two plans are to a debtor: the largest gap of payment, total, first sum, length."""
    balance = policy.frame.balance
    affordable = max(1, policy.frame.affordable)
    return max(
        abs(one.largest - other.largest) / affordable,
        abs(one.total - other.total) / balance,
        abs(one.down - other.down) / balance,
        abs(one.periods - other.periods) / 60,
        1.0 if one.terms.family == "skills" != other.terms.family else 0.0,
    )


def _named(policy: PolicySet) -> Pick | None:
    """Return the plan of a family that the facts name: training asked for, or cash in hand."""
    found: list[Pick] = []
    if policy.case.facts.wants_training:
        rows = _of_family(policy, policy.plans, ("skills",))
        _add(found, "training", policy, policy.board.among(rows, at_least={"fits": 1}), RANKINGS["between"])
    if not found and policy.case.cash > 0:
        rows = _of_family(policy, policy.band, ("full", "lump", "parts"))
        _add(found, "cash", policy, rows, RANKINGS["between"])
    return found[0] if found else None


def _of_family(policy: PolicySet, rows: Rows, families: tuple[str, ...]) -> Rows:
    found: Rows = policy.board.among(rows, at_most={"family": -1})
    for family in families:
        code = family_code(family)
        found = policy.board.joined(
            found, policy.board.among(rows, at_most={"family": code}, at_least={"family": code})
        )
    return found


def _ordered(chosen: list[Pick]) -> tuple[Pick, ...]:
    return tuple(
        sorted(chosen, key=lambda pick: (pick[1].is_single, pick[1].most, pick[1].total, pick[1].row))
    )
