"""What a lender tells of itself and its creditors for its letters, as its settings keep it.

`letterhead` of the settings: `name`, `address` (lines), `phone`, `email`, `web`, `authority` (lines), the flags
`collects_for_others` and `is_law_firm`, and `creditors`, which maps a creditor's reference to `name` and `address`.
"""

from collections.abc import Mapping
from typing import Any

from portal.core.letters.frame import Creditor, Sender

KEY = "letterhead"
LINE_MAX, LINES_MAX = 120, 8


def sender_of(settings: Mapping[str, Any], *, lender_name: str) -> Sender:
    """Return who writes, from a lender's settings; without a letterhead its name and phone alone."""
    kept = _kept(settings)
    return Sender(
        name=str(kept.get("name") or lender_name),
        address=lines_of(kept.get("address")),
        phone=str(kept.get("phone") or settings.get("phone") or ""),
        email=str(kept.get("email") or ""),
        web=str(kept.get("web") or ""),
        authority=lines_of(kept.get("authority")),
        collects_for_others=kept.get("collects_for_others") is True,
        is_law_firm=kept.get("is_law_firm") is True,
    )


def creditor_of(settings: Mapping[str, Any], *, creditor_ref: str, brand: str) -> Creditor:
    """Return to whom the money is owed; without more, the brand that the debtor knows."""
    every = _kept(settings).get("creditors")
    own = every.get(creditor_ref) if isinstance(every, Mapping) else None
    kept = own if isinstance(own, Mapping) else {}
    return Creditor(brand=brand, name=str(kept.get("name") or brand), address=lines_of(kept.get("address")))


def lines_of(value: object) -> tuple[str, ...]:
    """Return the lines of an address, from a list or a text: no empty ones, none too long, not too many."""
    listed = value.splitlines() if isinstance(value, str) else value if isinstance(value, list) else []
    lines = (" ".join(str(line).split())[:LINE_MAX] for line in listed)
    return tuple(line for line in lines if line)[:LINES_MAX]


def _kept(settings: Mapping[str, Any]) -> Mapping[str, Any]:
    kept = settings.get(KEY)
    return kept if isinstance(kept, Mapping) else {}
