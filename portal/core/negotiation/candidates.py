"""Every plan the grammar knows inside a segment's rules, in canonical order: terms without amounts or dates.

The list depends on the rules, the rhythm, the waiver step reached and which components are owed, not on any
amount, so thousands of cases share one list.
"""

from collections.abc import Iterator
from functools import lru_cache

from portal.core.negotiation.courses import with_course
from portal.core.negotiation.grids import DOWN_SHARES, PART_STEP, Key, counts, methods, waivers
from portal.core.negotiation.income import by_income
from portal.core.negotiation.new_terms import restructured
from portal.core.plans.grammar import WHOLE, Terms


@lru_cache(maxsize=256)
def candidates(key: Key) -> tuple[Terms, ...]:
    """Return all candidate terms in canonical order: family by family, waivers, then counts."""
    families = key.families
    makers = (
        (families.full.on, _full),
        (families.installment.on, _installment),
        (families.lump.on, _lump),
        (families.parts.on and families.lump.on, _parts),
        (families.restructure.on, restructured),
        (families.skills.on, with_course),
        (families.index.on, by_income),
    )
    found: list[Terms] = []
    for on, make in makers:
        if on:
            found.extend(make(key))
    return tuple(dict.fromkeys(found))


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


def _lump(key: Key) -> Iterator[Terms]:
    for waiver in waivers(key, key.lump_max):
        yield Terms(family="lump", freq=key.freq, count=1, waiver_bp=waiver)


def _parts(key: Key) -> Iterator[Terms]:
    rule = key.families.parts
    high = key.lump_max * rule.share_of_lump_waiver // WHOLE
    low_k, high_k = rule.k
    for waiver in waivers(key, high):
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
