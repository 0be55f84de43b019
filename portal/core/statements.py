"""A statement of account: what was owed on a day, every posting since, what is owed on another; to the unit.

It is counted backwards from today's balance, so that it always ends where the balance stands.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portal.core.fx import FxQuote
from portal.core.money import Money

DEBT_BOOKS = ("principal", "interest", "fees")
"""The books that together are what is owed; every other book is the other side of a posting."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Effect:
    """What one posting did to what is owed, in minor units: below zero it became less.

    `paid` is the money that moved where it was of another currency, and `deal` the price at which it settles.
    """

    on: date
    cause: str
    amount: int
    payment_ref: str | None = None
    paid: Money | None = None
    deal: FxQuote | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class StatementLine:
    """One posting with what was owed after it."""

    effect: Effect
    balance: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Statement:
    """What was owed before the first day, each posting of the days, and what was owed at the end of the last."""

    since: date
    until: date
    opening: int
    lines: tuple[StatementLine, ...]
    closing: int


def statement(*, balance: int, effects: Sequence[Effect], since: date, until: date) -> Statement:
    """Return the statement of the days from `since` to `until`, both included.

    `balance` is what is owed now; `effects` are all postings from `since` on, in the order in which they were booked.
    A posting counts on its own day, so one that was booked late stands where it belongs.
    """
    after = sum(effect.amount for effect in effects if effect.on > until)
    inside = sorted((effect for effect in effects if since <= effect.on <= until), key=lambda one: one.on)
    closing = balance - after
    opening = running = closing - sum(effect.amount for effect in inside)
    lines = []
    for effect in inside:
        running += effect.amount
        lines.append(StatementLine(effect=effect, balance=running))
    return Statement(since=since, until=until, opening=opening, lines=tuple(lines), closing=closing)
