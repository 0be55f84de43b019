"""Why contact or collection on an account can stop, and what each kind of stop freezes."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

CAUSES = (
    "dispute",
    "complaint",
    "moratorium",
    "adviser",
    "deceased",
    "bankrupt",
    "prison",
    "disaster",
    "statutory_freeze",
    "statute_barred",
    "balance_change",
)
"""Causes as the lender's case system may say them; codes, none of them tells about anybody's health."""

RECALL_REASONS = ("sold", "paid", "error", "legal", "returned", "other")
"""Why a lender takes an account back."""

ADJUSTMENT_REASONS = (
    "payment_elsewhere",
    "fee_waived",
    "interest_waived",
    "interest_charged",
    "fee_charged",
    "credit",
    "correction",
)
"""Why what is owed changed outside the portal."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Freeze:
    """What a hold stops while it lasts.

    `reminders`: messages of the lender's own accord. `debits`: money that is collected. `dates`: due dates, grace and
    the days to catch up; the days are given back. `interest`: what would be added. `expiries`: how long offers stand.
    """

    reminders: bool = True
    debits: bool = True
    dates: bool = True
    interest: bool = True
    expiries: bool = True


EVERYTHING = Freeze()
FREEZES: Mapping[str, Freeze] = MappingProxyType(
    {
        "pause": Freeze(interest=False),
        "adviser": Freeze(interest=False),
        "urgent_help": Freeze(interest=False),
        "complaint": Freeze(debits=False, dates=False, interest=False, expiries=False),
        "statute_barred": Freeze(dates=False, expiries=False),
    }
)
"""The kinds that leave something running; every other kind stops everything."""


def freeze_of(kind: str, *, pause_stops_interest: bool = False) -> Freeze:
    """Return what a hold of a kind freezes; an unknown kind stops everything.

    `pause_stops_interest` is the lender's own promise for a pause that somebody takes.
    """
    if kind == "pause" and pause_stops_interest:
        return EVERYTHING
    return FREEZES.get(kind, EVERYTHING)


def stops(freeze: Freeze) -> list[str]:
    """Return what is stopped in the words of the event catalog: contact, payments, interest."""
    named = (("contact", freeze.reminders), ("payments", freeze.debits), ("interest", freeze.interest))
    return [word for word, is_stopped in named if is_stopped]
