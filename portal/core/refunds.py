"""What of a payment can be given back, and on which way. Amounts are minor units of its currency."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from portal.core.payment_methods import METHODS

REASONS = ("requested", "paid_twice", "overpaid", "goodwill", "error", "withdrawn")
"""Why money is given back, as staff say it."""


def refundable(*, took: int, refunded: int, returned: int, claimed: int) -> int:
    """Return how much of a payment can still be given back; `claimed` is in refunds that are not done."""
    return max(took - refunded - returned - claimed, 0)


def credit_of(allocation: Mapping[str, Any] | None, *, claimed: int) -> int:
    """Return what a payment brought beyond the debt and nobody has asked back yet: the debtor's own money."""
    return max(int((allocation or {}).get("credit", 0)) - claimed, 0)


def has_way_back(*, method: str | None, paid_on: date, today: date) -> bool:
    """Tell whether the provider can give money back the way it came; else the lender sends it by another way."""
    if method is None or method not in METHODS:
        return method is None
    days = METHODS[method].refund_days
    return days > 0 and today <= paid_on + timedelta(days=days)
