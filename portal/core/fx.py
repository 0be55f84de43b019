"""Paying a debt in another currency: what it costs at a rate, how long that stands, and what the books make of it.

The debt keeps its currency. A rate says how many major units of the pay currency one major unit of the debt's
currency is worth. Everything is an exact fraction until it is rounded half-even, once, to minor units.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

from portal.core.money import CURRENCIES, Money, exponent, round_half_even

WHOLE = 10_000
"""Basis points of one."""
AHEAD = timedelta(minutes=5)
"""A rate dated further ahead than clocks differ is a mistake."""
MARGIN_BP_MAX = 500
LOCKED_MINUTES = (5, 1_440)
STALE_HOURS = (1, 120)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rate:
    """One major unit of `base` is worth `value` (above 0) major units of `other`; who says so, and of when it is."""

    base: str
    other: str
    value: Decimal
    source: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class FxRules:
    """What a lender allows: in which currencies people may pay, its margin, how long a quote and a rate stand.

    `margin_bp` is added to the price, 0 to 500; `locked_minutes` 5 to 1,440; `stale_hours` 1 to 120.
    """

    currencies: tuple[str, ...] = ()
    margin_bp: int = 0
    locked_minutes: int = 30
    stale_hours: int = 26


@dataclass(frozen=True, kw_only=True, slots=True)
class FxQuote:
    """What a payment costs in another currency, and until when.

    `debt` is what the payment settles, `pay` what is charged, `worth_minor` what `pay` is worth in the debt's currency
    at the rate of the quote: above `debt` by the margin.
    """

    debt: Money
    pay: Money
    worth_minor: int
    rate: Rate
    margin_bp: int
    quoted_at: datetime
    locked_until: datetime

    @property
    def margin(self) -> Decimal:
        """The margin as a share of the price at the rate: 0.015 for 150 basis points."""
        return Decimal(self.margin_bp) / WHOLE

    def stands(self, now: datetime) -> bool:
        """Tell whether the price still holds."""
        return now < self.locked_until

    def charged(self, debt_minor: int) -> int:
        """Return the minor units of the pay currency that a part of the debt costs at this price."""
        return round_half_even(Fraction(debt_minor * self.pay.minor, self.debt.minor))

    def settles(self, pay_minor: int) -> int:
        """Return the minor units of debt that a part of the charged sum settles at this price."""
        return round_half_even(Fraction(pay_minor * self.debt.minor, self.pay.minor))


class Leg(NamedTuple):
    """One side of a posting, in signed minor units of its own currency."""

    book: str
    minor: int
    currency: str


def rules_of(settings: Mapping[str, Any]) -> FxRules:
    """Read a lender's rules; what is missing or out of range is the house's, and nothing is switched on by itself."""
    own = settings.get("fx")
    if not isinstance(own, Mapping):
        return FxRules()
    house = FxRules()
    return FxRules(
        currencies=tuple(sorted(code for code in own.get("currencies") or () if code in CURRENCIES)),
        margin_bp=_within(own.get("margin_bp"), (0, MARGIN_BP_MAX), house.margin_bp),
        locked_minutes=_within(own.get("locked_minutes"), LOCKED_MINUTES, house.locked_minutes),
        stale_hours=_within(own.get("stale_hours"), STALE_HOURS, house.stale_hours),
    )


def _within(value: object, bounds: tuple[int, int], house: int) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and bounds[0] <= value <= bounds[1]:
        return value
    return house


def why_not(rate: Rate | None, *, rules: FxRules, now: datetime) -> str | None:
    """Say why nothing is quoted by a rate: missing, ahead (it is of a moment to come), stale; None when it serves."""
    if rate is None or rate.value <= 0:
        return "missing"
    if rate.at > now + AHEAD:
        return "ahead"
    return "stale" if now - rate.at > timedelta(hours=rules.stale_hours) else None


def quote(debt: Money, *, rate: Rate, rules: FxRules, now: datetime) -> FxQuote | None:
    """Return what paying `debt` costs at a rate that serves; None when it is less than the smallest unit."""
    price = _across(debt.minor, rate) * Fraction(WHOLE + rules.margin_bp, WHOLE)
    pay = Money(round_half_even(price), rate.other)
    if pay.minor <= 0 or debt.minor <= 0:
        return None
    return FxQuote(
        debt=debt,
        pay=pay,
        worth_minor=worth(pay, rate),
        rate=rate,
        margin_bp=rules.margin_bp,
        quoted_at=now,
        locked_until=now + timedelta(minutes=rules.locked_minutes),
    )


def _across(minor: int, rate: Rate) -> Fraction:
    """Turn minor units of the base into exact minor units of the other currency."""
    scale = Fraction(10) ** (exponent(rate.other) - exponent(rate.base))
    return Fraction(minor) * Fraction(rate.value) * scale


def worth(pay: Money, rate: Rate) -> int:
    """Return what a sum of the pay currency is worth at a rate, in minor units of the rate's base."""
    scale = Fraction(10) ** (exponent(rate.base) - exponent(rate.other))
    return round_half_even(Fraction(pay.minor) / Fraction(rate.value) * scale)


def money_legs(deal: FxQuote, *, book: str, before: int, after: int, worth_now: int) -> tuple[Leg, ...]:
    """Return the sides of a posting by which a payment that settled `before` minor units of debt settles `after`.

    In the pay currency money lies in `book` against the position; in the debt's currency the position stands at
    `worth_now` (what the whole charge was worth when it came in), the margin and the gain (below zero) or loss beside
    it. The sides of the pay currency sum to zero, those of the debt's currency to `after - before`, which the parts of
    the debt answer. Every sum follows from the totals alone, so going back all the way leaves nothing behind.
    """

    def step(total: int) -> int:
        whole = deal.debt.minor
        return round_half_even(Fraction(total * after, whole)) - round_half_even(
            Fraction(total * before, whole)
        )

    charged, quoted, now = step(deal.pay.minor), step(deal.worth_minor), step(worth_now)
    own, other = deal.debt.currency, deal.pay.currency
    legs = (
        Leg(book, charged, other),
        Leg("fx_position", -charged, other),
        Leg("fx_position", now, own),
        Leg("fx_margin", (after - before) - quoted, own),
        Leg("fx_result", quoted - now, own),
    )
    return tuple(leg for leg in legs if leg.minor)


def to_json(deal: FxQuote) -> dict[str, Any]:
    """Write a quote down as plain JSON."""
    return {
        "debt": [deal.debt.minor, deal.debt.currency],
        "pay": [deal.pay.minor, deal.pay.currency],
        "worth": deal.worth_minor,
        "rate": str(deal.rate.value),
        "source": deal.rate.source,
        "rate_at": deal.rate.at.isoformat(),
        "margin_bp": deal.margin_bp,
        "quoted_at": deal.quoted_at.isoformat(),
        "locked_until": deal.locked_until.isoformat(),
    }


def from_json(kept: Mapping[str, Any]) -> FxQuote:
    """Read a quote that was written down."""
    debt, pay = Money(*kept["debt"]), Money(*kept["pay"])
    return FxQuote(
        debt=debt,
        pay=pay,
        worth_minor=kept["worth"],
        rate=Rate(
            base=debt.currency,
            other=pay.currency,
            value=Decimal(kept["rate"]),
            source=kept["source"],
            at=datetime.fromisoformat(kept["rate_at"]),
        ),
        margin_bp=kept["margin_bp"],
        quoted_at=datetime.fromisoformat(kept["quoted_at"]),
        locked_until=datetime.fromisoformat(kept["locked_until"]),
    )


def deal_of(kept: Mapping[str, Any] | None) -> FxQuote | None:
    """Give the price of a payment out of what was promised with it; None where it is made in the debt's currency."""
    named = (kept or {}).get("fx")
    return from_json(named) if named else None
