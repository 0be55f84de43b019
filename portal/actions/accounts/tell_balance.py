"""How `account.balance_changed` says what moved."""

from datetime import datetime
from typing import Any


def balance_payload(
    *, before: tuple[int, int, int], after: tuple[int, int, int], currency: str, now: datetime, reason: str
) -> dict[str, Any]:
    """Make the payload of `account.balance_changed` from (principal, interest, fees) before and after."""

    def money(minor: int) -> dict[str, Any]:
        return {"minor": minor, "currency": currency}

    parts = {name: money(minor) for name, minor in zip(("principal", "interest", "fees"), after, strict=True)}
    return {
        "before": money(sum(before)),
        "after": money(sum(after)),
        "difference": money(sum(after) - sum(before)),
        "parts": parts,
        "reason": reason,
        "as_of": now.isoformat().replace("+00:00", "Z"),
    }
