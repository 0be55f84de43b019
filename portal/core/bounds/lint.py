"""What is legal but unwise in a bounds document: findings with a code, a path and figures, never an error."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from portal.core.bounds.families import Families
from portal.core.bounds.kinds import kinds
from portal.core.bounds.model import Bounds, Condition, Segment, When
from portal.core.bounds.resolve import NO_PACK, PackLimits, stricter
from portal.core.calendar import PERIODS_PER_YEAR

Severity = Literal["error", "warning"]
WAITING_MAX = 200  # basis points of the balance that waiting may gain before it counts as a reward


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One finding: how bad, a code for the text, the path, and figures sorted by name."""

    severity: Severity
    code: str
    path: str
    params: tuple[tuple[str, int | str], ...] = ()


def lint(
    bounds: Bounds, *, pack: PackLimits = NO_PACK, surpluses: tuple[int, ...] = ()
) -> tuple[Finding, ...]:
    """Return what is unwise in a version.

    REWARD_FOR_WAITING, CALENDAR_OPENS_LAST_STAGE, WEEKLY_SHUT_OUT, LOOSER_THAN_PACK, OVERLAP, NEVER_REACHED,
    NO_FAMILY, INSTALLMENT_ABOVE_SURPLUS (with the portfolio's monthly `surpluses` in minor units), WAIVER_UNUSED,
    CONTRADICTION, METHOD_UNUSED, INTEREST_SHUT_OUT, DAYS_RUN_OUT, DAYS_OFF_RHYTHM.
    An empty policy set needs the engine: `negotiation.lint.full_lint` asks for both.
    """
    found: list[Finding] = []
    for i, segment in enumerate(bounds.segments):
        path = f"$.segments[{i}]"
        found += _waiting(segment, path)
        found += _calendar(segment, path)
        found += _weekly(segment, path)
        found += _pack(segment, path, pack)
        found += _unused(segment, path)
        found += _surplus(segment, path, surpluses)
        found += _contradictions(segment, path)
        found += _interest(segment, path)
        found += _named_days(segment, path)
    found += _overlaps(bounds)
    return tuple(found)


def at_segment(path: str) -> int:
    """Return the place of the segment that a finding's path names."""
    return int(path.partition("[")[2].partition("]")[0])


def _warn(code: str, path: str, **params: int | str) -> Finding:
    return Finding(severity="warning", code=code, path=path, params=tuple(sorted(params.items())))


def _waiting(segment: Segment, path: str) -> Iterator[Finding]:
    """Compare what a step of the ladder gains by waiting with the cost of the delay at kappa."""
    ladder = segment.families.lump.waiver_ladder
    for k, (early, late) in enumerate(pairwise(ladder)):
        delay = segment.value.kappa * (late.dpd - early.dpd) // 36_500  # millionths a year to basis points
        gain = late.max - early.max - delay
        if segment.families.lump.on and gain > WAITING_MAX:
            yield _warn(
                "REWARD_FOR_WAITING",
                f"{path}.families.lump.waiver_ladder[{k + 1}]",
                gain_bp=gain,
                days=late.dpd - early.dpd,
            )


def _calendar(segment: Segment, path: str) -> Iterator[Finding]:
    rules = segment.policy.stage_by
    if len(rules) > 1 and any(_only_days(one) for one in _alternatives(rules[-1].when)):
        yield _warn("CALENDAR_OPENS_LAST_STAGE", f"{path}.policy.stage_by[{len(rules) - 1}]")


def _alternatives(condition: Condition) -> tuple[Condition, ...]:
    return condition.any or (condition,)


def _only_days(condition: Condition) -> bool:
    return condition.dpd_min > 0 and condition.evidence == "none" and not condition.campaign


def _weekly(segment: Segment, path: str) -> Iterator[Finding]:
    rule = segment.families.installment
    weeks = rule.months_max * 52 // 12
    if rule.on and "weekly" in segment.common.freq and rule.n_max < weeks:
        yield _warn("WEEKLY_SHUT_OUT", f"{path}.families.installment.n_max", n_max=rule.n_max, needed=weeks)


def _pack(segment: Segment, path: str, pack: PackLimits) -> Iterator[Finding]:
    for limit in pack.limits:
        for name in kinds(Families) if limit.family == "*" else (limit.family,):
            group = getattr(segment.families, name)
            kind = kinds(type(group)).get(limit.field)
            if kind is None or not group.on:
                continue
            own = getattr(group, limit.field)
            if stricter(kind.tight, own, limit.value) != own:
                yield _warn("LOOSER_THAN_PACK", f"{path}.families.{name}.{limit.field}", pack=pack.pack_id)
    for name in pack.barred:
        if getattr(segment.families, name).on:
            yield _warn("LOOSER_THAN_PACK", f"{path}.families.{name}.on", pack=pack.pack_id)


def _unused(segment: Segment, path: str) -> Iterator[Finding]:
    families = segment.families
    if not any(getattr(families, name).on for name in kinds(Families)):
        yield Finding(severity="error", code="NO_FAMILY", path=f"{path}.families")
    if families.parts.on and not families.lump.on:
        yield _warn("WAIVER_UNUSED", f"{path}.families.parts")


def _surplus(segment: Segment, path: str, surpluses: tuple[int, ...]) -> Iterator[Finding]:
    """Warn when more than a fifth of a portfolio cannot reach the smallest installment."""
    least = segment.families.installment.installment_min
    short = sum(1 for surplus in surpluses if surplus * segment.policy.theta_max < least * 10_000)
    if segment.families.installment.on and surpluses and short * 5 > len(surpluses):
        yield _warn(
            "INSTALLMENT_ABOVE_SURPLUS",
            f"{path}.families.installment.installment_min",
            share_bp=short * 10_000 // len(surpluses),
        )


# (family, the field that is a lower end, the field that is its upper end)
_ENDS = (
    ("installment", "installment_min", "installment_max"),
    ("installment", "down_payment_min", "down_payment_max"),
    ("restructure", "rate_min", "rate_max"),
)


def _contradictions(segment: Segment, path: str) -> Iterator[Finding]:
    """Find ends that cross, so that no plan lies between them."""
    for family, low, high in _ENDS:
        rule = getattr(segment.families, family)
        if rule.on and getattr(rule, low) > getattr(rule, high):
            where = f"{path}.families.{family}.{low}"
            yield Finding(severity="error", code="CONTRADICTION", path=where, params=(("other", high),))


def _interest(segment: Segment, path: str) -> Iterator[Finding]:
    """Find ways to spread interest where there is none, and interest that accounts with arrears cannot bear."""
    plain, new = segment.families.installment, segment.families.restructure
    for name, rule, rate in (("installment", plain, max(plain.rate)), ("restructure", new, new.rate_max)):
        if rule.on and not rate and rule.method != ("level",):
            yield _warn("METHOD_UNUSED", f"{path}.families.{name}.method")
    waived = min(new.waive_fees_max, new.waive_interest_max)
    if new.on and new.rate_max and not new.capitalize_arrears and waived < 10_000:
        yield _warn("INTEREST_SHUT_OUT", f"{path}.families.restructure.capitalize_arrears")


def _named_days(segment: Segment, path: str) -> Iterator[Finding]:
    """Find pay calendars that end before the longest plan does, or that keep another rhythm than they stand under."""
    plain = segment.families.installment
    for freq, per_year in PERIODS_PER_YEAR.items():
        days = getattr(segment.common.due_on, freq)
        if not days:
            continue
        where, needed = f"{path}.common.due_on.{freq}", min(plain.n_max, plain.months_max * per_year // 12)
        if plain.on and len(days) < needed:
            yield _warn("DAYS_RUN_OUT", where, days=len(days), needed=needed)
        usual = 365 / per_year
        apart = (days[-1] - days[0]).days / (len(days) - 1) if len(days) > 1 else usual
        if abs(apart - usual) * 5 > usual:
            yield _warn("DAYS_OFF_RHYTHM", where, apart=round(apart))


def _overlaps(bounds: Bounds) -> Iterator[Finding]:
    for i, segment in enumerate(bounds.segments):
        for k in range(i):
            other = bounds.segments[k]
            if segment.priority == other.priority and _meet(segment.when, other.when):
                yield _warn("OVERLAP", f"$.segments[{i}].when", other=other.id)
        above = [one for one in bounds.segments if one.priority > segment.priority]
        above += [one for one in bounds.segments[:i] if one.priority == segment.priority]
        if any(_inside(segment.when, one.when) for one in above):
            yield Finding(severity="error", code="NEVER_REACHED", path=f"$.segments[{i}]")


_SPANS = ("balance", "debt_age", "dpd")
_LISTS = ("product", "risk", "stage_of_law", "jurisdiction")


def _meet(one: When, other: When) -> bool:
    spans = all(
        max(getattr(one, n)[0], getattr(other, n)[0]) <= min(getattr(one, n)[1], getattr(other, n)[1])
        for n in _SPANS
    )
    lists = all(
        not getattr(one, n) or not getattr(other, n) or set(getattr(one, n)) & set(getattr(other, n))
        for n in _LISTS
    )
    return spans and lists and (None in {one.secured, other.secured} or one.secured == other.secured)


def _inside(one: When, other: When) -> bool:
    spans = all(
        getattr(other, n)[0] <= getattr(one, n)[0] and getattr(one, n)[1] <= getattr(other, n)[1]
        for n in _SPANS
    )
    lists = all(
        not getattr(other, n) or (getattr(one, n) and set(getattr(one, n)) <= set(getattr(other, n)))
        for n in _LISTS
    )
    return spans and lists and (other.secured is None or other.secured == one.secured)
