"""Every plan the grammar knows inside a segment's rules, in canonical order: terms without amounts or dates.

The list depends on the rules, the rhythm, the waiver step reached and which components are owed, not on any
amount, so thousands of cases share one list.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from portal.core.bounds.families import METHODS, Families, Lump
from portal.core.calendar import PERIODS_PER_YEAR, Frequency
from portal.core.plans.grammar import WHOLE, Terms

# Fixed grids, so that a looser bound only ever adds candidates.
COUNTS_DENSE = 60  # every count up to here, then every fourth
DOWN_SHARES = (0, 500, 1000, 1500, 2000, 2500, 3000, 4000, 5000)
RESTRUCTURE_DOWNS = (0, 500, 1000, 1500, 2000, 3000)
RATE_STEP = 40_000  # interest-bearing plans in steps of 4 % a year
BALLOON_STEP, STEP_STEP, THETA_STEP, PART_STEP = 500, 1250, 1000, 500
GRACE_WAIVER_STEP = 1000
COMPONENT_SHARES = (5000, WHOLE)


class Key(NamedTuple):
    """What a list of candidates depends on."""

    families: Families
    freq: Frequency
    waiver_step: int
    lump_max: int
    has_fees: bool
    has_interest: bool
    apr_ppm: int
    course_months: int
    course: str
    evidence: str

    def __hash__(self) -> int:
        """Hash all but the families, which are large and hardly differ; they count in equality."""
        return hash(self[1:])


def waiver_max(lump: Lump, days_past_due: int) -> int:
    """Return the largest waiver the ladder allows at this age, in basis points."""
    return max((step.max for step in lump.waiver_ladder if step.dpd <= days_past_due), default=0)


@lru_cache(maxsize=256)
def candidates(key: Key) -> tuple[Terms, ...]:
    """Return all candidate terms in canonical order: family by family, waivers, then counts."""
    families = key.families
    makers = (
        (families.full.on, _full),
        (families.installment.on, _installment),
        (families.lump.on, _lump),
        (families.parts.on and families.lump.on, _parts),
        (families.restructure.on, _restructure),
        (families.skills.on and families.installment.on, _skills),
        (families.index.on, _index),
    )
    found: list[Terms] = []
    for on, make in makers:
        if on:
            found.extend(make(key))
    return tuple(dict.fromkeys(found))


def counts(freq: Frequency, n_max: int, months_max: int, low: int = 2) -> tuple[int, ...]:
    """Return the numbers of payments to try: all up to 60, then every fourth."""
    top = min(n_max, months_max * PERIODS_PER_YEAR[freq] // 12)
    dense = range(low, min(top, COUNTS_DENSE) + 1)
    return (*dense, *range(COUNTS_DENSE + 4, top + 1, 4))


def _full(key: Key) -> Iterator[Terms]:
    prompt = key.families.full.prompt_waiver
    for waiver in dict.fromkeys((0, prompt)):
        yield Terms(family="full", freq=key.freq, count=1, waiver_bp=waiver)


def _installment(key: Key) -> Iterator[Terms]:
    rule = key.families.installment
    for rate in sorted(set(rule.rate)):
        for down in (d for d in DOWN_SHARES if rule.down_payment_min <= d <= rule.down_payment_max):
            for method in methods(rule.method, rate):
                for count in counts(key.freq, rule.n_max, rule.months_max):
                    if not rate or count % 3 == 0:
                        yield Terms(
                            family="installment",
                            freq=key.freq,
                            count=count,
                            down_bp=down,
                            rate_ppm=rate,
                            method=method,
                        )


def methods(allowed: tuple[str, ...], rate_ppm: int) -> tuple[str, ...]:
    """Return how the interest of a rate may be spread, as terms name it; without interest all are the same."""
    return tuple("" if one == "level" else one for one in METHODS if one in allowed) if rate_ppm else ("",)


def _waivers(key: Key, high: int) -> range:
    return range(key.waiver_step, high + 1, max(key.waiver_step, 1))


def _lump(key: Key) -> Iterator[Terms]:
    for waiver in _waivers(key, key.lump_max):
        yield Terms(family="lump", freq=key.freq, count=1, waiver_bp=waiver)


def _parts(key: Key) -> Iterator[Terms]:
    rule = key.families.parts
    high = key.lump_max * rule.share_of_lump_waiver // WHOLE
    low_k, high_k = rule.k
    for waiver in _waivers(key, high):
        for k in range(max(2, low_k), min(6, high_k) + 1):
            even = -(-WHOLE // k)
            for first in (even, *range(-(-even // PART_STEP) * PART_STEP, 5001, PART_STEP)):
                if rule.first_share_min <= first <= 5000:
                    yield Terms(
                        family="parts",
                        freq=key.freq,
                        count=k - 1,
                        waiver_bp=waiver,
                        down_bp=first,
                        revert=rule.revert,
                    )


class _Relief(NamedTuple):
    fees: int
    interest: int
    principal: int


def _path(key: Key) -> tuple[_Relief, ...]:
    """Walk down the order of waiving: half of the fees, all, half of the interest, all, then principal by steps."""
    rule = key.families.restructure
    fees = [p for p in COMPONENT_SHARES if key.has_fees and p <= rule.waive_fees_max]
    interest = [p for p in COMPONENT_SHARES if key.has_interest and p <= rule.waive_interest_max]
    path = [_Relief(0, 0, 0), *(_Relief(p, 0, 0) for p in fees)]
    no_fees = not key.has_fees or WHOLE in fees
    if no_fees:
        path += [_Relief(path[-1].fees, p, 0) for p in interest]
    if no_fees and (not key.has_interest or WHOLE in interest):
        last = path[-1]
        path += [_Relief(last.fees, last.interest, p) for p in _waivers(key, rule.waive_principal_max)]
    return tuple(path)


def rates_of(key: Key) -> tuple[int, ...]:
    """Return the rates a restructured plan may bear: the lowest, and steps up to the lender's and the contract's."""
    rule = key.families.restructure
    high = min(rule.rate_max, key.apr_ppm)
    first = -(-rule.rate_min // RATE_STEP) * RATE_STEP
    return tuple(sorted({rule.rate_min, *range(first, high + 1, RATE_STEP)}))


def _restructure(key: Key) -> Iterator[Terms]:
    n_max = key.families.restructure.n_max
    path = _path(key)
    for rate in rates_of(key):
        bearing = path if not rate else _bearing(key, path)
        for relief in bearing:
            yield from _levels(key, relief, rate)
        # A pause, a larger end and rising payments are made of level payments.
        if bearing and "" in methods(key.families.restructure.method, rate):
            yield from _graces(key, bearing, rate, n_max)
            yield from _balloons(key, bearing, rate, n_max)
            yield from _steps(key, bearing, rate, n_max)


def _bearing(key: Key, path: tuple[_Relief, ...]) -> tuple[_Relief, ...]:
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


def _levels(key: Key, relief: _Relief, rate: int) -> Iterator[Terms]:
    rule = key.families.restructure
    for method in methods(rule.method, rate):
        for down in RESTRUCTURE_DOWNS:
            for count in counts(key.freq, rule.n_max, rule.months_max):
                terms = _relieved(key, relief, count=count, down_bp=down, rate_ppm=rate, method=method)
                if not _is_plain(key, terms) and (not rate or (count % 3 == 0 and not down)):
                    yield terms


def _is_plain(key: Key, terms: Terms) -> bool:
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


def _relieved(key: Key, relief: _Relief, **terms: int | str) -> Terms:
    return Terms(
        family="restructure",
        freq=key.freq,
        waive_fees_bp=relief.fees,
        waive_interest_bp=relief.interest,
        waive_principal_bp=relief.principal,
        **terms,  # type: ignore[arg-type]
    )


def _stops(path: tuple[_Relief, ...]) -> tuple[_Relief, ...]:
    """Return nothing off, fees and interest off, and every tenth of the principal off."""
    plain = [relief for relief in path if not relief.principal]
    deep = [relief for relief in path if relief.principal and relief.principal % GRACE_WAIVER_STEP == 0]
    return tuple(dict.fromkeys((path[0], plain[-1], *deep)))


def _graces(key: Key, path: tuple[_Relief, ...], rate: int, n_max: int) -> Iterator[Terms]:
    rule = key.families.restructure
    kinds = sorted(rule.grace.kinds)
    if not rate:
        kinds = [kind for kind in kinds if kind == "full_frozen"] or (["full_frozen"] if kinds else [])
    for kind in kinds:
        for months in range(1, rule.grace.months_max + 1):
            for relief in _stops(path):
                for count in counts(key.freq, n_max, rule.months_max - months):
                    if not rate or count % 3 == 0:
                        yield _relieved(
                            key, relief, count=count, rate_ppm=rate, grace_months=months, grace_kind=kind
                        )


def _balloons(key: Key, path: tuple[_Relief, ...], rate: int, n_max: int) -> Iterator[Terms]:
    high = key.families.restructure.balloon_max
    for share in range(BALLOON_STEP, high + 1, BALLOON_STEP):
        for count in counts(key.freq, n_max, key.families.restructure.months_max, low=6):
            if not rate or count % 3 == 0:
                yield _relieved(key, path[0], count=count, rate_ppm=rate, balloon_bp=share)


def _steps(key: Key, path: tuple[_Relief, ...], rate: int, n_max: int) -> Iterator[Terms]:
    rule = key.families.restructure
    every = rule.step.every_months * PERIODS_PER_YEAR[key.freq] // 12
    if not every or not rule.step.count_max:
        return
    top = min(n_max, rule.months_max * PERIODS_PER_YEAR[key.freq] // 12, every * (rule.step.count_max + 1))
    for share in range(STEP_STEP, rule.step.pct_max + 1, STEP_STEP):
        for count in range(every * 2, top + 1, max(1, every // 2)):
            yield _relieved(key, path[0], count=count, rate_ppm=rate, step_bp=share, step_every=every)


def _skills(key: Key) -> Iterator[Terms]:
    rule, inner = key.families.skills, key.families.installment
    pauses = [p for p in sorted({0, 3, 6, 9, 12, key.course_months}) if p <= rule.moratorium_months_max]
    for months in pauses:
        for count in counts(key.freq, inner.n_max, inner.months_max - months):
            if inner.down_payment_min == 0 and 0 in inner.rate:
                yield Terms(
                    family="skills",
                    inner="installment",
                    freq=key.freq,
                    count=count,
                    grace_months=months,
                    grace_kind="full_frozen" if months else "",
                    course=key.course,
                )


def _index(key: Key) -> Iterator[Terms]:
    rule = key.families.index
    order = ("none", "budget_self", "documents", "adviser")
    if order.index(key.evidence) < order.index(rule.needs):
        return
    count = rule.horizon_months * PERIODS_PER_YEAR[key.freq] // 12
    for share in range(2 * THETA_STEP, rule.theta_max + 1, THETA_STEP):
        yield Terms(family="index", freq=key.freq, count=count, theta_bp=share)
    yield Terms(family="index", freq=key.freq, count=count, token=True)
