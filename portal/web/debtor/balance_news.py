"""What a debtor is told when the lender's system says another balance than the signed plan knows."""

from dataclasses import dataclass
from datetime import datetime

from portal.core.money import Money
from portal.store import case_balances
from portal.store.accounts import Account
from portal.store.agreements import Agreement
from portal.web.context import work


@dataclass(frozen=True, kw_only=True, slots=True)
class BalanceNews:
    """The two figures, when the other one came, and the rule that a running plan met it with."""

    said: Money
    own: Money
    at: datetime
    effect: str


def balance_news(account: Account, agreement: Agreement) -> BalanceNews | None:
    """Find what was said of an account since its plan runs and was not taken over."""
    if agreement.state not in {"active", "broken"} or agreement.signed_at is None:
        return None
    with work().read() as tx:
        found = case_balances.find_told(tx, account_id=account.account_id)
    if found is None or found[1].effect == "none" or found[1].at < agreement.signed_at:
        return None
    told = found[1]
    return BalanceNews(
        said=Money(told.minor, account.currency),
        own=Money(told.ours_minor, account.currency),
        at=told.at,
        effect=told.effect,
    )
