"""Moves that work: what to change in an ask so that it meets the policy set."""

from collections.abc import Sequence
from dataclasses import replace

from portal.core.calendar import PERIODS_PER_YEAR
from portal.core.negotiation.ask import Ask, best_of, hits, nearest, shown
from portal.core.negotiation.board import Entry, Keys, Rows, family_code
from portal.core.negotiation.model import BURDEN_MAX, MONTHLY_DISCOUNT, STRESS, WORTH
from portal.core.negotiation.policy import PolicySet
from portal.core.negotiation.score import MICRO, burden_of

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


def asked_utility(ask: Ask, policy: PolicySet) -> int | None:
    """Return the debtor's utility of level payments as asked for, in millionths; None where the ask leaves them open.

    Counted as a plan's is (ENGINE.md 2.3): what is paid, discounted by 2 % a month, and the strain of each payment.
    """
    pay, total = ask.pay_minor, _asked_total(ask, policy)
    if not pay or total is None:
        return None
    count = max(1, -(-total // pay))
    met = min(burden_of(pay, policy.frame.affordable), BURDEN_MAX)
    step = float(MONTHLY_DISCOUNT ** (-12 / PERIODS_PER_YEAR[policy.frame.freq]))
    full = step * (1.0 - float(step ** (count - 1))) / (1.0 - step)
    paid = pay * full + (total - (count - 1) * pay) * float(step**count)
    hurt = (ask.down_minor or 0) + paid * (1.0 + STRESS * met * met)
    return round((1.0 - hurt / (WORTH * policy.frame.balance)) * MICRO)


def _asked_total(ask: Ask, policy: PolicySet) -> int | None:
    """Return what an ask pays in installments, where it names a total, a reduction or a number of months."""
    balance, first = policy.frame.balance, ask.down_minor or 0
    if ask.total_minor is not None:
        return max(0, min(ask.total_minor, balance) - first)
    if ask.waiver_bp is not None:
        return max(0, balance - balance * ask.waiver_bp // 10_000 - first)
    if ask.months is not None and ask.pay_minor is not None:
        periods = ask.months * PERIODS_PER_YEAR[policy.frame.freq] // 12
        return max(0, min(ask.pay_minor * periods, balance - first))
    return None


def as_light(policy: PolicySet, ask: Ask, told: Sequence[Entry]) -> tuple[Entry, ...]:
    """Return the plan of the highest value that costs the debtor no more than the ask, a first sum from cash allowed.

    The terms of an ask are one shape of what a debtor can bear; another shape may suit both sides where that one is
    outside the bounds. Nothing where a plan of `told` already weighs as little, or an axis of `must` would give way.
    """
    least = asked_utility(ask, policy)
    if least is None or any(entry.score.debtor >= least for entry in told):
        return ()
    down = max(policy.case.cash, ask.down_minor or 0)
    rows = policy.board.among(shown(ask, policy), at_least={"debtor": least}, at_most={"down": down})
    found = [best_of(rows, policy)] if len(rows) else []
    return tuple(entry for entry in found if not ask.must or _keeps(entry, told[0], ask.must))


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
