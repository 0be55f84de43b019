"""The plans that are shown unasked: three by default, five at most, visibly different, none worse than another."""

from portal.core.negotiation.board import Entry, Keys, Rows, family_code
from portal.core.negotiation.policy import PolicySet

NEAR = 0.1  # plans closer than this on every scaled axis look alike to a debtor
TRIES = 64
Pick = tuple[str, Entry]

# Ties fall to what is better on every other axis, so the first of a ranking is on the Pareto front.
_REST: Keys = (("nash", -1), ("value", -1), ("debtor", -1), ("kept", -1), ("most", 1))
RANKINGS: dict[str, Keys] = {
    "between": _REST,
    "lowest_payment": (("most", 1), *_REST),
    "lowest_total": (("total", 1), *_REST),
    "least_risk": (("kept", -1), *_REST),
    "soonest": (("periods", 1), *_REST),
}


def pick(policy: PolicySet) -> tuple[Pick, ...]:
    """Return (label, plan) in screen order: the lowest payment first, single payments last.

    A family that the facts name (training, cash in hand), the best Nash product, the lowest payment, the lowest total.
    What looks like one already there is dropped; a plain installment, the soonest end and the least risk fill its
    place. A plain installment and a training plan that fit are always among the at most five. All are on the front.
    """
    if not len(policy.band):
        return ()
    menu = policy.case.rules.policy.menu
    size, band = min(menu.size, menu.max), policy.band
    fitting = policy.board.among(policy.plans, at_least={"fits": 1})
    plain = of_families(policy, fitting, ("installment",))
    training = of_families(policy, fitting, ("skills",))
    chosen: list[Pick] = _named(policy, training)
    for label, rows in (
        ("between", band),
        ("lowest_payment", band),
        ("lowest_total", _settled(policy, band)),
        ("plain", plain),
        ("soonest", plain),
        ("least_risk", band),
    ):
        if len(chosen) < size:
            _add(chosen, label, policy, rows)
    for label, rows in (("plain", plain), ("training", training)):
        if len(chosen) < menu.max and label not in {name for name, _ in chosen}:
            _add(chosen, label, policy, rows)
    return tuple(sorted(chosen, key=lambda one: (one[1].is_single, one[1].most, one[1].total, one[1].row)))


def _add(chosen: list[Pick], label: str, policy: PolicySet, rows: Rows) -> None:
    """Add the first plan of a ranking that looks like none chosen and that no fitting plan of its kind beats."""
    board, taken = policy.board, [entry for _, entry in chosen]
    fitting = board.among(policy.plans, at_least={"fits": 1}) if label in {"plain", "soonest"} else rows
    # A lowest payment or total that looks like a plan already there is that plan: no second-lowest takes its name.
    for tries in (1,) if label.startswith("lowest") else (1, TRIES):
        for row in board.first(rows, RANKINGS.get(label, _REST), tries):
            entry = board.entry(row)
            alike = any(distance(entry, other, policy) <= NEAR for other in taken)
            if not alike and not board.beaten(row, fitting):
                chosen.append((label, entry))
                return


def distance(one: Entry, other: Entry, policy: PolicySet) -> float:
    """Return how different two plans look: the largest gap of payment, length, total, first sum; 1 with training."""
    balance = policy.frame.balance
    return max(
        abs(one.largest - other.largest) / max(one.largest, other.largest, 1),
        abs(one.periods - other.periods) / max(one.periods, other.periods, 1),
        abs(one.total - other.total) / balance,
        abs(one.down - other.down) / balance,
        1.0 if (one.terms.family == "skills") != (other.terms.family == "skills") else 0.0,
    )


def _named(policy: PolicySet, training: Rows) -> list[Pick]:
    """Return the plan of a family that the facts name: training asked for, or cash in hand."""
    found: list[Pick] = []
    if policy.case.facts.wants_training:
        _add(found, "training", policy, training)
    if not found and policy.case.cash > 0:
        _add(found, "cash", policy, of_families(policy, policy.band, ("full", "lump", "parts")))
    return found


def _settled(policy: PolicySet, rows: Rows) -> Rows:
    """Drop plans that follow income: what they leave to a review is part of no total yet."""
    code = family_code("index")
    below = policy.board.among(rows, at_most={"family": code - 1})
    return policy.board.joined(below, policy.board.among(rows, at_least={"family": code + 1}))


def of_families(policy: PolicySet, rows: Rows, families: tuple[str, ...]) -> Rows:
    """Return the rows of some families."""
    found: Rows = policy.board.among(rows, at_most={"family": -1})
    for family in families:
        code = family_code(family)
        own = policy.board.among(rows, at_most={"family": code}, at_least={"family": code})
        found = policy.board.joined(found, own)
    return found
