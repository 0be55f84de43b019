"""What a payment costs in another currency: asked for, kept with the visit, and firm until its minute."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from portal.core.fx import FxQuote, Rate, quote, rules_of, to_json, why_not
from portal.core.money import Money
from portal.store import accounts, lenders, sessions
from portal.store.work import Work

KEPT = "fx"
"""Under which name a visit keeps the quote."""


class Rates(Protocol):
    """The part of a rates provider that this action needs."""

    def find_rate(self, *, base: str, other: str) -> Rate | None:
        """Find what one unit of `base` is worth in `other` now."""


@dataclass(frozen=True, kw_only=True)
class Quoted:
    """The price, or why there is none.

    `reason`: unknown (not their open account), off (the lender does not take that currency), amount (too small),
    missing, ahead or stale (no rate serves: see `core/fx`).
    """

    quote: FxQuote | None = None
    reason: str = ""


def quote_payment(
    work: Work,
    *,
    session_id: UUID,
    account_id: UUID,
    debtor_id: UUID,
    amount: Money,
    currency: str,
    choice: str,
    pays_again: bool,
    rates: Rates | None,
    now: datetime,
) -> Quoted:
    """Price `amount` of a debt in `currency` and keep the price with the visit, with the choice it was asked for.

    Every asking is a new price; the one before is forgotten.
    """
    rate = rates.find_rate(base=amount.currency, other=currency) if rates else None
    with work.begin() as tx:
        account = accounts.find_account(tx, account_id=account_id)
        if account is None or account.debtor_id != debtor_id or account.state != "open":
            return Quoted(reason="unknown")
        lender = lenders.find_lender(tx, lender_id=tx.lender_id)
        rules = rules_of(lender.settings if lender else {})
        if currency not in rules.currencies or amount.currency != account.currency:
            return Quoted(reason="off")
        refusal = why_not(rate, rules=rules, now=now)
        if rate is None or refusal is not None:
            return Quoted(reason=refusal or "missing")
        found = quote(amount, rate=rate, rules=rules, now=now)
        if found is None:
            return Quoted(reason="amount")
        kept = {"account": account_id.hex, "choice": choice, "again": pays_again, "quote": to_json(found)}
        sessions.merge_state(tx, session_id=session_id, values={KEPT: kept})
    return Quoted(quote=found)
