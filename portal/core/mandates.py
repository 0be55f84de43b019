"""Debits that a debtor allowed: the exact terms, the notice before each, the cut-off, the tries after a decline.

A mandate says what is taken, when, how it is told beforehand, how often it is tried, how it is stopped. A change of any
of these is a new mandate with a new consent (CONC 7.6; 12 CFR 1005.10(b)). Days are the debtor's calendar days.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from portal.core.calendar import add_months, month_length, roll
from portal.core.packs.model import Pack
from portal.core.payments import is_hard_decline
from portal.core.plans.canonical import digest

NOTICE_DAYS = 3
NOTICE_DAYS_WHEN_AMOUNT_VARIES = 10
RETRIES_MAX = 2
RETRY_AFTER_DAYS = (3, 7)
"""Days from a decline to the next try where no payday is known."""
STOPPING_HOLDS = frozenset(
    {
        "pause",
        "dispute",
        "moratorium",
        "adviser",
        "deceased",
        "bankrupt",
        "bankruptcy",
        "statutory_freeze",
        "statute_barred",
        "urgent_help",
    }
)
"""Holds under which nothing is collected, whatever was agreed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MandateTerms:
    """What a debtor consents to, word by word the base of the page that they read.

    `amounts` is how the amount of a debit is found: always the installment that falls due, never more than was told.
    `payday` is the day of the month on which the debtor is paid, where they said it: no try comes before it.
    """

    agreement_ref: str
    currency: str
    first_on: date
    last_on: date
    count: int
    highest_minor: int
    total_minor: int
    notice_days: int
    varying_notice_days: int
    retries: int = RETRIES_MAX
    payday: int | None = None
    amounts: str = "installment_due"
    timing: str = "due_date"
    stop_until: str = "day_before"

    def to_dict(self) -> dict[str, Any]:
        """Return the terms as they are kept and hashed."""
        values = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {
            name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()
        }

    @property
    def digest(self) -> str:
        """Return the hash that the consent names."""
        return digest(self.to_dict())


@dataclass(frozen=True, kw_only=True, slots=True)
class Collectable:
    """One installment that a mandate may collect: minor units that are left of it, and its date."""

    number: int
    due_on: date
    left: int


def terms_of(
    *,
    agreement_ref: str,
    currency: str,
    rows: Sequence[Collectable],
    today: date,
    pack: Pack,
    payday: int | None = None,
) -> MandateTerms | None:
    """Return the terms on which the open installments would be collected; None when nothing is left to collect.

    `payday` lies between 1 and 31 or is None.
    """
    left = [row for row in rows if row.left and row.due_on > today]
    if not left:
        return None
    return MandateTerms(
        agreement_ref=agreement_ref,
        currency=currency,
        first_on=left[0].due_on,
        last_on=left[-1].due_on,
        count=len(left),
        highest_minor=max(row.left for row in left),
        total_minor=sum(row.left for row in left),
        notice_days=notice_days(pack, varies=False),
        varying_notice_days=notice_days(pack, varies=True),
        payday=payday,
    )


def notice_days(pack: Pack, *, varies: bool, confirmed: frozenset[str] = frozenset()) -> int:
    """Return the days between the notice and the debit: the stricter of the house and the pack.

    House: 3, and 10 where the amount differs from the debit before (12 CFR 1005.10(d)(1)).
    """
    own = pack.number("debit_notice", unit="days", confirmed=confirmed) or 0
    return max(own, NOTICE_DAYS_WHEN_AMOUNT_VARIES if varies else NOTICE_DAYS)


def debit_day(*, due_on: date, told_on: date, days: int, grace_days: int) -> date | None:
    """Return the day of a debit: the due date, or as soon after it as the notice allows inside the grace days.

    None when the notice would come too late: then the debtor pays this one by themselves.
    """
    day = max(due_on, told_on + timedelta(days=days))
    return day if day <= due_on + timedelta(days=grace_days) else None


def must_tell_on(*, due_on: date, days: int) -> date:
    """Return the last day on which a debit on the due date can be told in time."""
    return due_on - timedelta(days=days)


def can_change(*, debit_on: date, today: date) -> bool:
    """Tell whether a debit can still be stopped or moved: until the end of the day before it."""
    return today < debit_on


def move_window(*, due_on: date, today: date, grace_days: int) -> tuple[date, date]:
    """Return the first and the last day to which a debit can be moved without moving the installment itself."""
    return today + timedelta(days=1), due_on + timedelta(days=grace_days)


def next_try(
    *, declined_on: date, tries: int, code: str | None, is_final: bool, terms: Mapping[str, Any]
) -> date | None:
    """Return the day of the next try after a decline, None when there is none.

    `tries` counts the tries made so far, 1 after the first. A hard decline is never tried again, and after the agreed
    number of retries it ends. With a known payday the next try comes the working day after it.
    """
    if is_final or is_hard_decline(code) or not 1 <= tries <= int(terms["retries"]):
        return None
    payday = terms.get("payday")
    if payday is None:
        day = declined_on + timedelta(days=RETRY_AFTER_DAYS[min(tries, len(RETRY_AFTER_DAYS)) - 1])
    else:
        day = _next_payday(declined_on, int(payday)) + timedelta(days=1)
    return roll(day, rule="following")


def _next_payday(after: date, day: int) -> date:
    for month in range(2):
        first = add_months(after.replace(day=1), month)
        found = first.replace(day=min(day, month_length(first.year, first.month)))
        if found > after:
            return found
    raise AssertionError("a payday comes every month")
