"""Candidates with a training course: the plans that it goes with, paused while it runs or not (ENGINE.md 2.2)."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from portal.core.negotiation.grids import Key, counts, methods
from portal.core.negotiation.income import by_income
from portal.core.negotiation.new_terms import is_plain, may_bear, rates_of, reliefs_of, relieved, stops
from portal.core.plans.grammar import Terms


def with_course(key: Key) -> Iterator[Terms]:
    """Yield the plans that a training course goes with: installments, new terms, payments that follow income."""
    makers = {"installment": _with_installments, "restructure": _with_new_terms, "index": by_income}
    families = key.families
    for inner, make in makers.items():
        if inner in families.skills.goes_with and getattr(families, inner).on:
            for terms in make(key):
                yield replace(terms, family="skills", inner=inner, course=key.course)


def _course_pauses(key: Key) -> list[int]:
    most = key.families.skills.moratorium_months_max
    return [months for months in sorted({0, 3, 6, 9, 12, key.course_months}) if months <= most]


def _with_installments(key: Key) -> Iterator[Terms]:
    inner = key.families.installment
    if inner.down_payment_min or 0 not in inner.rate:
        return
    for months in _course_pauses(key):
        for count in counts(key.freq, inner.n_max, inner.months_max - months):
            yield Terms(family="installment", freq=key.freq, count=count, **_paused(months))


def _with_new_terms(key: Key) -> Iterator[Terms]:
    """Yield level payments at the lowest rate: nothing off, arrears off, and every tenth of the principal off.

    Where interest runs, only the shortest and the course's own pause are tried: each such plan is worked out by itself.
    """
    rule, rate = key.families.restructure, rates_of(key)[0]
    reliefs = may_bear(key, reliefs_of(key)) if rate else reliefs_of(key)
    if not reliefs or "" not in methods(rule.method, rate):
        return
    pauses = _course_pauses(key)
    pauses = sorted({pauses[0], pauses[-1]}) if rate else pauses
    for relief in reliefs[:1] if rate else stops(reliefs):
        for months in pauses:
            for count in counts(key.freq, rule.n_max, rule.months_max - months):
                if count % 3 == 0:
                    terms = relieved(key, relief, count=count, rate_ppm=rate, **_paused(months))
                    if months or not is_plain(key, terms):
                        yield terms


def _paused(months: int) -> dict[str, Any]:
    return {"grace_months": months, "grace_kind": "full_frozen"} if months else {}
