"""Candidates of a restructuring: level payments, pauses, larger ends, rising payments, each with what is taken off."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from portal.core.calendar import PERIODS_PER_YEAR
from portal.core.negotiation.grids import (
    BALLOON_STEP,
    COMPONENT_SHARES,
    GRACE_WAIVER_STEP,
    RATE_STEP,
    RESTRUCTURE_DOWNS,
    STEP_STEP,
    Key,
    counts,
    methods,
    waivers,
)
from portal.core.plans.grammar import WHOLE, Terms


class Relief(NamedTuple):
    """What is taken off: shares of the fees, the interest and the principal, in basis points."""

    fees: int
    interest: int
    principal: int


def reliefs_of(key: Key) -> tuple[Relief, ...]:
    """Walk down the order of waiving: half of the fees, all, half of the interest, all, then principal by steps."""
    rule = key.families.restructure
    fees = [p for p in COMPONENT_SHARES if key.has_fees and p <= rule.waive_fees_max]
    interest = [p for p in COMPONENT_SHARES if key.has_interest and p <= rule.waive_interest_max]
    path = [Relief(0, 0, 0), *(Relief(p, 0, 0) for p in fees)]
    no_fees = not key.has_fees or WHOLE in fees
    if no_fees:
        path += [Relief(path[-1].fees, p, 0) for p in interest]
    if no_fees and (not key.has_interest or WHOLE in interest):
        last = path[-1]
        path += [Relief(last.fees, last.interest, p) for p in waivers(key, rule.waive_principal_max)]
    return tuple(path)


def rates_of(key: Key) -> tuple[int, ...]:
    """Return the rates a restructured plan may bear: the lowest, and steps up to the lender's and the contract's."""
    rule = key.families.restructure
    high = min(rule.rate_max, key.apr_ppm)
    first = -(-rule.rate_min // RATE_STEP) * RATE_STEP
    return tuple(sorted({rule.rate_min, *range(first, high + 1, RATE_STEP)}))


def restructured(key: Key) -> Iterator[Terms]:
    """Yield the candidates of a restructuring."""
    n_max = key.families.restructure.n_max
    reliefs = reliefs_of(key)
    for rate in rates_of(key):
        bearing = may_bear(key, reliefs) if rate else reliefs
        for relief in bearing:
            yield from _levels(key, relief, rate)
        # A pause, a larger end and rising payments are made of level payments.
        if bearing and "" in methods(key.families.restructure.method, rate):
            yield from _graces(key, bearing, rate, n_max)
            yield from _balloons(key, bearing, rate, n_max)
            yield from _steps(key, bearing, rate, n_max)


def may_bear(key: Key, path: tuple[Relief, ...]) -> tuple[Relief, ...]:
    """Return the reliefs under which new interest may run: on what was borrowed alone, unless arrears are capitalized.

    Without `capitalize_arrears` there is no interest on interest or fees: they are taken off, or there are none.
    """
    if key.families.restructure.capitalize_arrears:
        return path
    return tuple(
        relief
        for relief in path
        if (not key.has_fees or relief.fees == WHOLE) and (not key.has_interest or relief.interest == WHOLE)
    )


def _levels(key: Key, relief: Relief, rate: int) -> Iterator[Terms]:
    rule = key.families.restructure
    for method in methods(rule.method, rate):
        for down in RESTRUCTURE_DOWNS:
            for count in counts(key.freq, rule.n_max, rule.months_max):
                terms = relieved(key, relief, count=count, down_bp=down, rate_ppm=rate, method=method)
                if not is_plain(key, terms) and (not rate or (count % 3 == 0 and not down)):
                    yield terms


def is_plain(key: Key, terms: Terms) -> bool:
    """Tell whether plain installments already cover these terms."""
    rule = key.families.installment
    return (
        rule.on
        and not terms.waives
        and terms.rate_ppm in rule.rate
        and terms.method in methods(rule.method, terms.rate_ppm)
        and rule.down_payment_min <= terms.down_bp <= rule.down_payment_max
        and terms.count <= min(rule.n_max, rule.months_max * PERIODS_PER_YEAR[key.freq] // 12)
    )


def relieved(key: Key, relief: Relief, **terms: Any) -> Terms:
    """Return the terms of a restructuring with what is taken off."""
    return Terms(
        family="restructure",
        freq=key.freq,
        waive_fees_bp=relief.fees,
        waive_interest_bp=relief.interest,
        waive_principal_bp=relief.principal,
        **terms,
    )


def stops(path: tuple[Relief, ...]) -> tuple[Relief, ...]:
    """Return nothing off, fees and interest off, and every tenth of the principal off."""
    plain = [relief for relief in path if not relief.principal]
    deep = [relief for relief in path if relief.principal and relief.principal % GRACE_WAIVER_STEP == 0]
    return tuple(dict.fromkeys((path[0], plain[-1], *deep)))


def _graces(key: Key, path: tuple[Relief, ...], rate: int, n_max: int) -> Iterator[Terms]:
    rule = key.families.restructure
    kinds = sorted(rule.grace.kinds)
    if not rate:
        kinds = [kind for kind in kinds if kind == "full_frozen"] or (["full_frozen"] if kinds else [])
    for kind in kinds:
        for months in range(1, rule.grace.months_max + 1):
            for relief in stops(path):
                for count in counts(key.freq, n_max, rule.months_max - months):
                    if not rate or count % 3 == 0:
                        yield relieved(
                            key, relief, count=count, rate_ppm=rate, grace_months=months, grace_kind=kind
                        )


def _balloons(key: Key, path: tuple[Relief, ...], rate: int, n_max: int) -> Iterator[Terms]:
    high = key.families.restructure.balloon_max
    for share in range(BALLOON_STEP, high + 1, BALLOON_STEP):
        for count in counts(key.freq, n_max, key.families.restructure.months_max, low=6):
            if not rate or count % 3 == 0:
                yield relieved(key, path[0], count=count, rate_ppm=rate, balloon_bp=share)


def _steps(key: Key, path: tuple[Relief, ...], rate: int, n_max: int) -> Iterator[Terms]:
    rule = key.families.restructure
    every = rule.step.every_months * PERIODS_PER_YEAR[key.freq] // 12
    if not every or not rule.step.count_max:
        return
    top = min(n_max, rule.months_max * PERIODS_PER_YEAR[key.freq] // 12, every * (rule.step.count_max + 1))
    for share in range(STEP_STEP, rule.step.pct_max + 1, STEP_STEP):
        for count in range(every * 2, top + 1, max(1, every // 2)):
            yield relieved(key, path[0], count=count, rate_ppm=rate, step_bp=share, step_every=every)
