"""The plans that are shown unasked: three by default, five at most, visibly different, none beaten by another."""

from portal.core.negotiation.board import Entry, Keys, Rows, family_code
from portal.core.negotiation.pareto import COURSE, PLAIN
from portal.core.negotiation.policy import PolicySet

NEAR = 0.1  # plans closer than this on every scaled axis look alike to a debtor
TRIES = 64
CLOSE = (
    99  # what fills a place is this near, in percent, to the best Nash product: filling gives nothing away
)
Pick = tuple[str, Entry]

# Ties fall to what is better on every other axis.
_REST: Keys = (("nash", -1), ("value", -1), ("debtor", -1), ("kept", -1), ("most", 1))
RANKINGS: dict[str, Keys] = {
    "between": _REST,
    "lowest_payment": (("most", 1), *_REST),
    "lowest_total": (("cost", 1), *_REST),
    "soonest": (("periods", 1), *_REST),
}


def pick(policy: PolicySet) -> tuple[Pick, ...]:
    """Return (label, plan) in screen order: the lowest payment first, single payments last.

    All are of the one set (`pareto`) and fit. A family that the facts name (training, cash in hand), the best Nash
    product, the lowest payment and the lowest total near it; what looks like one already there is dropped, and the
    soonest end, then the lowest payment of all that fit fill its place. A training plan that fits is always among the
    at most five. Where the budget is known, what fills a place comes close to the best product (`CLOSE`).
    """
    if not len(policy.band):
        return ()
    menu = policy.case.rules.policy.menu
    size, fitting = min(menu.size, menu.max), policy.board.among(policy.open, at_least={"fits": 1})
    training = of_families(policy, fitting, ("skills",))
    plain = policy.board.among(fitting, at_most={"kind": PLAIN})
    close = policy.board.among(plain, at_least={"nash": _close(policy)})
    chosen: list[Pick] = _named(policy, training)
    for label, rows in (
        ("between", policy.band),
        ("lowest_payment", policy.band),
        ("lowest_total", policy.board.among(policy.band, at_most={"kind": COURSE})),
        ("soonest", close),
    ):
        if len(chosen) < size:
            _add(chosen, label, policy, rows)
    if len(chosen) < menu.max and "training" not in {name for name, _ in chosen}:
        _add(chosen, "training", policy, training)
    if len(chosen) < size and policy.board.first(plain, RANKINGS["lowest_payment"]) == policy.board.first(
        close, RANKINGS["lowest_payment"]
    ):
        _add(chosen, "lowest_payment", policy, close)
    return tuple(sorted(chosen, key=lambda one: (one[1].is_single, one[1].most, one[1].total, one[1].row)))


def _close(policy: PolicySet) -> int:
    """Return the least Nash product of a plan that fills a place; a guessed budget shows what else there is."""
    return policy.board.peak(policy.band, "nash") * CLOSE // 100 if policy.case.has_budget else 0


def _add(chosen: list[Pick], label: str, policy: PolicySet, rows: Rows) -> None:
    """Add the first plan of a ranking that looks like none chosen."""
    board, taken = policy.board, [entry for _, entry in chosen]
    # A lowest payment or total that looks like a plan already there is that plan: no second-lowest takes its name.
    for row in board.first(rows, RANKINGS.get(label, _REST), 1 if label.startswith("lowest") else TRIES):
        entry = board.entry(row)
        if not any(distance(entry, other, policy) <= NEAR for other in taken):
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


def of_families(policy: PolicySet, rows: Rows, families: tuple[str, ...]) -> Rows:
    """Return the rows of some families."""
    found: Rows = policy.board.among(rows, at_most={"family": -1})
    for family in families:
        code = family_code(family)
        own = policy.board.among(rows, at_most={"family": code}, at_least={"family": code})
        found = policy.board.joined(found, own)
    return found
