"""Two moves that work: what to change in an ask so that it meets the policy set."""

from dataclasses import replace

from portal.core.negotiation.ask import Ask, best_of, figure, hits, nearest
from portal.core.negotiation.policy import Entry, PolicySet, shape_id


def two_moves(policy: PolicySet, ask: Ask, near: Entry) -> tuple[Entry, ...]:
    """Return up to two plans, different from the nearest, that each keep other said terms.

    In order: the payment kept with nothing off; a settlement where there is cash; the payment kept with the
    smallest total; each other said axis kept first. With `must`, that axis holds and one other gives way.
    """
    pool = policy.band or policy.plans
    wide = policy.plans
    options = (
        _without_waiver(wide, ask, policy),
        _with_cash(wide, ask, policy),
        _cheapest_at_pay(wide, ask, policy),
        *_keeping(pool, ask, policy),
    )
    found: list[Entry] = []
    for entry in options:
        if entry is not None and entry is not near and entry not in found:
            found.append(entry)
    if ask.must:
        found = [entry for entry in found if _keeps(entry, near, ask.must, policy)] or found
    return tuple(found[:2])


def _without_waiver(entries: tuple[Entry, ...], ask: Ask, policy: PolicySet) -> Entry | None:
    """Return the best plan that meets the ask but for the reduction it names."""
    if ask.waiver_bp is None and ask.total_minor is None:
        return None
    keep = hits(entries, replace(ask, waiver_bp=None, total_minor=None), policy)
    return best_of([entry for entry in keep if entry.fits] or keep) if keep else None


def _keeps(entry: Entry, near: Entry, axis: str, policy: PolicySet) -> bool:
    if axis == "family":
        return entry.terms.family == near.terms.family
    return figure(entry, axis, policy) <= figure(near, axis, policy)


def _cheapest_at_pay(entries: tuple[Entry, ...], ask: Ask, policy: PolicySet) -> Entry | None:
    """Return the plan of the smallest total among those that keep the payment asked for."""
    if ask.pay_minor is None:
        return None
    down = policy.case.cash if ask.down_minor is None else ask.down_minor
    keep = [e for e in entries if e.shape.largest <= ask.pay_minor and e.shape.down <= down]
    return min(keep, key=lambda e: (e.shape.total, -e.score.value, shape_id(e.terms)), default=None)


def _with_cash(entries: tuple[Entry, ...], ask: Ask, policy: PolicySet) -> Entry | None:
    """Return the cheapest plan that uses the cash first, only because the facts say that there is some."""
    if policy.case.cash <= 0 or not (ask.waiver_bp or ask.total_minor is not None):
        return None
    pay = ask.pay_minor
    keep = [
        e
        for e in entries
        if e.fits
        and (
            e.terms.family in {"lump", "parts"} or (e.shape.down and (pay is None or e.shape.largest <= pay))
        )
    ]
    return min(keep, key=lambda e: (e.shape.total, -e.score.value, shape_id(e.terms)), default=None)


def _keeping(entries: tuple[Entry, ...], ask: Ask, policy: PolicySet) -> list[Entry | None]:
    axes = [axis for axis in ask.said if axis not in {"first_on", "family"}]
    if ask.must in axes:
        axes = [axis for axis in axes if axis != ask.must]
        return [nearest(entries, ask, policy, first=(ask.must, axis)) for axis in axes]
    return [nearest(entries, ask, policy, first=(axis,)) for axis in reversed(axes)]
