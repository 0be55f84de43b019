"""Two moves that work: what to change in an ask so that it meets the policy set."""

from dataclasses import replace

from portal.core.negotiation.ask import Ask, best_of, hits, nearest, shown
from portal.core.negotiation.board import Entry, Keys, Rows, family_code
from portal.core.negotiation.policy import PolicySet

CHEAPEST: Keys = (("cost", 1), ("value", -1))


def two_moves(policy: PolicySet, ask: Ask, near: Entry) -> tuple[Entry, ...]:
    """Return up to two plans, different from the nearest, that each keep other said terms.

    In order: the ask but for its reduction; what the cash in hand makes cheapest; the payment kept with the smallest
    total; each other said axis kept first. All are of the one set, so no plan beats them. With `must`, that axis holds
    and one other gives way.
    """
    options = (
        _without_waiver(ask, policy),
        _with_cash(ask, policy),
        _cheapest_at_pay(ask, policy),
        *_keeping(ask, policy),
    )
    found: list[Entry] = []
    for entry in options:
        if entry is not None and entry.row not in {near.row, *(other.row for other in found)}:
            found.append(entry)
    if ask.must:
        found = [entry for entry in found if _keeps(entry, near, ask.must)]
    return tuple(found[:2])


def better_than(policy: PolicySet, ask: Ask, entry: Entry) -> tuple[Entry, ...]:
    """Return the cheapest plan that asks no more than the one asked for by its family or end, if it is beaten."""
    if entry.terms.shape == "index" or entry.terms.family == "skills":
        return ()
    limits = {"largest": entry.largest, "down": entry.down, "cost": entry.cost - 1}
    found = _first(policy.board.among(shown(replace(ask, family=""), policy), at_most=limits), policy)
    return () if found is None else (found,)


def _keeps(entry: Entry, near: Entry, axis: str) -> bool:
    """Tell whether a plan is no worse than the nearest on the axis that must hold."""
    figures = {
        "pay_minor": (entry.largest, near.largest),
        "down_minor": (entry.down, near.down),
        "total_minor": (entry.cost, near.cost),
        "waiver_bp": (entry.cost, near.cost),
        "months": (entry.months, near.months),
        "family": (entry.terms.family != near.terms.family, False),
    }
    one, other = figures.get(axis, (0, 0))
    return one <= other


def _without_waiver(ask: Ask, policy: PolicySet) -> Entry | None:
    """Return the best plan that meets the ask but for the reduction it names."""
    if ask.waiver_bp is None and ask.total_minor is None:
        return None
    rows = hits(shown(ask, policy), replace(ask, waiver_bp=None, total_minor=None), policy)
    fitting = policy.board.among(rows, at_least={"fits": 1})
    chosen = fitting if len(fitting) else rows
    return best_of(chosen, policy) if len(chosen) else None


def _cheapest_at_pay(ask: Ask, policy: PolicySet) -> Entry | None:
    """Return the plan of the smallest total among those that keep the payment asked for."""
    if ask.pay_minor is None:
        return None
    down = policy.case.cash if ask.down_minor is None else ask.down_minor
    rows = policy.board.among(
        shown(ask, policy), at_most={"largest": min(ask.pay_minor, 10**12), "down": down}
    )
    return _first(rows, policy)


def _first(rows: Rows, policy: PolicySet) -> Entry | None:
    found = policy.board.first(rows, CHEAPEST)
    return policy.board.entry(found[0]) if found else None


def _with_cash(ask: Ask, policy: PolicySet) -> Entry | None:
    """Return the cheapest plan that uses the cash first, only because the facts say that there is some."""
    if policy.case.cash <= 0 or not (ask.waiver_bp or ask.total_minor is not None):
        return None
    pay = policy.frame.affordable if ask.pay_minor is None else min(ask.pay_minor, 10**12)
    fitting = policy.board.among(shown(ask, policy), at_least={"fits": 1})
    rows = policy.board.among(fitting, at_most={"largest": pay}, at_least={"down": 1})
    for family in ("lump", "parts"):
        code = family_code(family)
        own = policy.board.among(fitting, at_most={"family": code}, at_least={"family": code})
        rows = policy.board.joined(rows, own)
    return _first(rows, policy)


def _keeping(ask: Ask, policy: PolicySet) -> list[Entry | None]:
    rows = shown(ask, policy)
    fitting = policy.board.among(rows, at_least={"fits": 1})
    rows = fitting if len(fitting) else rows
    axes = [axis for axis in ask.said if axis not in {"first_on", "family"}]
    if ask.must in axes:
        others = [axis for axis in axes if axis != ask.must]
        return [nearest(rows, ask, policy, first=(ask.must, axis)) for axis in others]
    return [nearest(rows, ask, policy, first=(axis,)) for axis in reversed(axes)]
