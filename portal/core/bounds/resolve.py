"""Which rules hold for an account: the first matching segment, tightened by caps and the jurisdiction pack."""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Any

from portal.core.bounds.families import Families
from portal.core.bounds.kinds import kinds
from portal.core.bounds.model import Bounds, Limit, Segment, When


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """What a rule may ask of an account: nothing about the person."""

    product: str
    balance: int
    debt_age: int
    dpd: int
    risk: str
    secured: bool
    stage_of_law: str
    jurisdiction: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PackLimits:
    """What a jurisdiction's law adds: limits that nothing loosens, and what a household keeps.

    `barred` families are never offered, `protected_minor` is the minimum existence sum a month, `single_last` puts
    single-payment plans last and never pre-selects them (no lump pressure).
    """

    pack_id: str = ""
    limits: tuple[Limit, ...] = ()
    barred: tuple[str, ...] = ()
    protected_minor: int = 0
    single_last: bool = True


NO_PACK = PackLimits()


def covers(when: When, subject: Subject) -> bool:
    """Tell whether a rule covers an account."""
    spans = (
        (when.balance, subject.balance),
        (when.debt_age, subject.debt_age),
        (when.dpd, subject.dpd),
    )
    listed = (
        (when.product, subject.product),
        (when.risk, subject.risk),
        (when.stage_of_law, subject.stage_of_law),
        (when.jurisdiction, subject.jurisdiction),
    )
    return (
        all(low <= value <= high for (low, high), value in spans)
        and all(not options or value in options for options, value in listed)
        and (when.secured is None or when.secured == subject.secured)
    )


def resolve(*, bounds: Bounds, subject: Subject, pack: PackLimits = NO_PACK) -> Segment | None:
    """Return the rules for an account, or None where no segment covers it.

    The highest priority wins, inside a priority the first match; then every matching cap and the pack tighten.
    """
    matching = [segment for segment in bounds.segments if covers(segment.when, subject)]
    if not matching:
        return None
    top = max(segment.priority for segment in matching)
    segment = next(segment for segment in matching if segment.priority == top)
    for cap in bounds.caps:
        if covers(cap.when, subject):
            segment = tighten(segment, cap.limits)
    segment = tighten(segment, pack.limits)
    off = tuple(Limit(family=family, field="on", value=False) for family in pack.barred)
    return tighten(segment, off)


def tighten(segment: Segment, limits: Iterable[Limit]) -> Segment:
    """Return the segment with each limit applied where it is stricter; a looser limit changes nothing."""
    families, limits = segment.families, tuple(limits)
    if not limits:
        return segment
    for limit in limits:
        names = [f.name for f in fields(Families)] if limit.family == "*" else [limit.family]
        for name in names:
            group = getattr(families, name)
            kind = kinds(type(group)).get(limit.field)
            if kind is not None:
                value = stricter(kind.tight, getattr(group, limit.field), limit.value)
                families = replace(families, **{name: replace(group, **{limit.field: value})})
    return replace(segment, families=families)


def stricter(tight: str, one: Any, other: Any) -> Any:
    """Return the stricter of two values of a field, by the field's declared direction."""
    if tight == "low":
        return min(one, other)
    if tight == "high":
        return max(one, other)
    if tight == "and":
        return one and other
    if tight == "span":
        return max(one[0], other[0]), min(one[1], other[1])
    if tight == "set":
        return tuple(value for value in one if value in other)
    return one


def intersect(first: Segment, other: Segment) -> Segment:
    """Return rules that are no looser than either, for one plan over several accounts (families only)."""
    families = first.families
    for f in fields(Families):
        mine, theirs = getattr(families, f.name), getattr(other.families, f.name)
        families = replace(families, **{f.name: _stricter_group(mine, theirs)})
    return replace(first, families=families)


def _stricter_group(mine: Any, theirs: Any) -> Any:
    values = {}
    for name, kind in kinds(type(mine)).items():
        one, other = getattr(mine, name), getattr(theirs, name)
        if kind.nested is not None and kind.shape == "one":
            values[name] = _stricter_group(one, other)
        elif kind.nested is not None:
            values[name] = _stricter_list(one, other)
        else:
            values[name] = stricter(kind.tight, one, other)
    return replace(mine, **values)


def _stricter_list(one: tuple[Any, ...], other: tuple[Any, ...]) -> tuple[Any, ...]:
    """Keep a list that both share; where two lists differ no comparison holds, so nothing of it is allowed."""
    return one if one == other else ()
