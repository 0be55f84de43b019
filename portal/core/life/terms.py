"""What of the signed terms drives a plan's life: rules, rhythm, and what a reduction hangs on."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, cast

from portal.core.calendar import BusinessDayRule, Frequency, Pause, add_months, anchored, roll
from portal.core.errors import PlanError
from portal.core.plans.grammar import WHOLE

UPCOMING_DAYS = 3
"""Days before a due date at which the person is reminded of it."""
MESSAGE_HOUR = 9
"""The local hour of reminders; the contact rules decide when one really goes out."""
MOVE_DAYS_MAX = 31
"""How far a payment can be moved by the person, counted from its due date."""
MOVE_MONTHS = 12
"""Moves are counted over so many months."""
SPLIT_OVER = 3
"""Over how many of the next payments a missed one is split."""
_TAIL_SEARCH = 700


@dataclass(frozen=True, kw_only=True, slots=True)
class Rhythm:
    """The anchors of the signed schedule: the frequency, the first unrolled date, and the day of the month."""

    freq: Frequency
    first_on: date
    due_day: int | None = None
    rule: BusinessDayRule = "following"


@dataclass(frozen=True, kw_only=True, slots=True)
class LifeTerms:
    """What was signed, as far as time and money act on it. Amounts are minor units.

    `waived` is forgiven when all is paid; `revert` says what is left of it when the plan ends early (`full`: nothing,
    `pro_rata`: the paid share, `none`: all of it); `tranches` are (share paid in basis points, amount forgiven);
    `re_age_kept` is after how many payments kept in a row the account counts as up to date (0: not by this plan).
    """

    rhythm: Rhythm
    grace_days: int
    missed_before_broken: int
    cure_days: int
    moves_per_year: int
    waived: int = 0
    revert: str = "full"
    tranches: tuple[tuple[int, int], ...] = ()
    re_age_kept: int = 0

    def vests_at(self, *, paid: int, total: int) -> int:
        """Return what is forgiven for good once `paid` of `total` is paid: all of it at the end, tranches before."""
        if paid >= total:
            return self.waived
        reached = sum(amount for share, amount in self.tranches if paid * WHOLE >= share * total)
        return min(reached, self.waived)

    def kept_at_end(self, *, paid: int, total: int) -> int:
        """Return what stays forgiven when the plan ends before all is paid, by what was signed."""
        if self.revert == "none":
            return self.waived
        share = self.waived * paid // total if self.revert == "pro_rata" and total else 0
        return max(share, self.vests_at(paid=paid, total=total))


def read_terms(document: Mapping[str, Any]) -> LifeTerms:
    """Read the signed terms of an agreement; raises `PlanError` when they are none."""
    try:
        plan, rules = document["plan"], document["rules"]
        return LifeTerms(
            rhythm=_rhythm(plan),
            grace_days=rules["grace_days"],
            missed_before_broken=rules["missed_before_broken"],
            cure_days=max(rules["cure_days"], plan.get("cure_days") or 0),
            moves_per_year=rules["moves_per_year"],
            waived=sum(plan["waived"].values()),
            revert=plan["params"].get("revert") or "full",
            tranches=tuple((share, amount) for share, amount in plan["tranches"]),
            re_age_kept=plan.get("re_age_kept", 0),
        )
    except (KeyError, TypeError, ValueError, StopIteration) as error:
        raise PlanError(f"not the terms of an agreement: {error}") from error


def _rhythm(plan: Mapping[str, Any]) -> Rhythm:
    """Find the unrolled anchor: the day from which the dates of the plan were stepped, or its first date."""
    params = plan["params"]
    rows = [row for row in plan["schedule"] if row["number"] > 0] or plan["schedule"]
    first_on = date.fromisoformat(rows[0]["due_on"])
    due_day: int | None = params.get("due_day") or None
    if plan.get("made_on") and params.get("first_in_days"):
        anchor = date.fromisoformat(plan["made_on"]) + timedelta(days=params["first_in_days"])
        first_on = anchor if abs((anchor - first_on).days) <= 10 else first_on
    rule = plan["conventions"]["business_day"]
    freq = cast("Frequency", params.get("freq", "monthly"))
    return Rhythm(freq=freq, first_on=first_on, due_day=due_day or first_on.day, rule=rule)


def tail_dates(
    rhythm: Rhythm, *, after: date, count: int, pauses: tuple[Pause, ...] = ()
) -> tuple[date, ...]:
    """Return the next `count` dates of a rhythm after a day, none of them on a frozen day.

    Stepped from the anchor, so the 31st stays a month's end. Raises `PlanError` when the pauses leave none.
    """
    found: list[date] = []
    for step, anchor in enumerate(_anchors(rhythm, after)):
        day = roll(anchor, rule=rhythm.rule)
        if day > after and not any(pause.start <= day < pause.end for pause in pauses):
            if not found or day > found[-1]:
                found.append(day)
            if len(found) == count:
                return tuple(found)
        if step > _TAIL_SEARCH:
            break
    raise PlanError("no date is left after the pauses")


def next_anchor(rhythm: Rhythm, *, after: date, months: int = 0) -> date:
    """Return the anchor of the next payment that falls due later than a day, or of the one so many months behind it.

    The anchor is the date before weekends move it; what it is rolled to is what falls due.
    """
    anchors: Iterator[date] = _anchors(rhythm, after)
    found = next(day for day in anchors if roll(day, rule=rhythm.rule) > after)
    if not months:
        return found
    wanted = add_months(found, months)
    return next(day for day in anchors if day >= wanted)


def _anchors(rhythm: Rhythm, after: date) -> Any:
    """Yield anchors from shortly before a day on; months are skipped from the anchor, never stepped from a cut one."""
    start = rhythm.first_on
    if rhythm.freq == "monthly":
        months = max((after.year - start.year) * 12 + after.month - start.month - 1, 0)
        first = start.replace(day=1)
        return (add_months(first, months + k, day=rhythm.due_day) for k in range(_TAIL_SEARCH + 2))
    day = rhythm.due_day if rhythm.freq == "semi_monthly" else None
    return anchored(first_on=start, frequency=rhythm.freq, due_day=day)
