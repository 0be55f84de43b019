"""A debtor makes a code for somebody who wants to help: it says an amount and nothing else."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from portal.core.actors import DEBTOR
from portal.core.gifts import LIFE, OPEN_MAX, make_code
from portal.core.money import Money
from portal.core.plans.telling import money_payload
from portal.store import accounts, debtors, events, form_tokens, gifts
from portal.store.accounts import Account
from portal.store.gifts import Gift
from portal.store.rows import known
from portal.store.work import Transaction, Work


@dataclass(frozen=True, kw_only=True)
class GiftMade:
    """The code, shown this one time; or why there is none: unknown, again, amount, settled, too_many."""

    code: str = field(default="", repr=False)
    reason: str = ""


def make_gift(
    work: Work, *, account_id: UUID, debtor_id: UUID, amount: Money, form_token: str, now: datetime
) -> GiftMade:
    """Make a code for an amount of a debtor's own account; it lives thirty days, at most five at a time."""
    with work.begin() as tx:
        account = accounts.lock_account(tx, account_id=account_id)
        if account is None or account.debtor_id != debtor_id:
            return GiftMade(reason="unknown")
        if not form_tokens.use_token(tx, token=form_token, answer="gift", now=now):
            return GiftMade(reason="again")
        if reason := _why_not(tx, account, amount, now):
            return GiftMade(reason=reason)
        code = make_code(tx.lender_id, secrets.choice)
        gift = Gift(
            gift_id=tx.new_id(),
            account_id=account_id,
            amount_minor=amount.minor,
            currency=amount.currency,
            made_at=now,
            expires_at=now + LIFE,
        )
        gifts.save_gift(tx, gift, code=code)
        tell_gift(tx, account, gift, is_open=True, now=now)
    return GiftMade(code=code)


def end_gift(work: Work, *, account_id: UUID, debtor_id: UUID, gift_id: UUID, now: datetime) -> bool:
    """End a code of the debtor's own account at once; True when it cannot be paid with any more."""
    with work.begin() as tx:
        account = accounts.lock_account(tx, account_id=account_id)
        if account is None or account.debtor_id != debtor_id:
            return False
        for gift in gifts.list_open_gifts(tx, account_id=account_id, now=now):
            if gift.gift_id == gift_id:
                gifts.end_gifts(tx, account_id=account_id, gift_id=gift_id, now=now)
                tell_gift(tx, account, gift, is_open=False, now=now)
    return True


def tell_gift(tx: Transaction, account: Account, gift: Gift, *, is_open: bool, now: datetime) -> None:
    """Append the event of a code that was made or ended; never the code."""
    events.append_for_accounts(
        tx,
        accounts=[account],
        type="gift.changed",
        actor=DEBTOR,
        at=now,
        debtor_ref=known(debtors.find_debtor(tx, debtor_id=account.debtor_id)).debtor_ref,
        payload={
            "id": f"gft_{gift.gift_id.hex}",
            "amount": money_payload(gift.amount_minor, gift.currency),
            "is_open": is_open,
            "until": gift.expires_at.date().isoformat(),
        },
    )


def _why_not(tx: Transaction, account: Account, amount: Money, now: datetime) -> str:
    if account.state != "open":
        return "settled"
    if amount.currency != account.currency or not 0 < amount.minor <= account.balance_minor:
        return "amount"
    return (
        "too_many"
        if len(gifts.list_open_gifts(tx, account_id=account.account_id, now=now)) >= OPEN_MAX
        else ""
    )
