"""Somebody pays by a code: an attempt on the account behind it, and nothing about anybody on the way."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from portal.actions.payments.close_pages import NO_OTHERS, Pages
from portal.actions.payments.start_payment import Checkout, GoTo, NoPage, Wish, start_payment
from portal.core.money import Money
from portal.core.payments import PageWish
from portal.store import accounts, gifts
from portal.store.work import Work


@dataclass(frozen=True, kw_only=True)
class GiftAmount:
    """All that a code discloses."""

    amount: Money


def look_at_gift(work: Work, *, code: str, now: datetime) -> GiftAmount | None:
    """Give the amount behind a code; None for one that is unknown, ended, or whose account takes nothing."""
    with work.read() as tx:
        gift = gifts.find_gift(tx, code=code)
        account = accounts.find_account(tx, account_id=gift.account_id) if gift else None
    if gift is None or account is None or not gift.is_open(now) or account.state != "open":
        return None
    return GiftAmount(amount=Money(min(gift.amount_minor, account.balance_minor), gift.currency))


def pay_gift(
    work: Work,
    *,
    code: str,
    gateway: Checkout,
    page: PageWish,
    form_token: str,
    now: datetime,
    rails: Mapping[str, Pages] = NO_OTHERS,
) -> GoTo | NoPage:
    """Begin a payment by a code; it ends when the money is certain, so a closed page can be opened again."""
    found = look_at_gift(work, code=code, now=now)
    with work.read() as tx:
        gift = gifts.find_gift(tx, code=code)
        account = accounts.find_account(tx, account_id=gift.account_id) if gift else None
    if found is None or account is None:
        return NoPage(reason="unknown")
    return start_payment(
        work,
        wish=Wish(
            account_id=account.account_id,
            amount=found.amount,
            purpose="gift",
            channel="link",
            gift=gift.gift_id.hex if gift else None,
            pays_again=True,
        ),
        debtor_id=account.debtor_id,
        gateway=gateway,
        page_for=lambda _ref: page,
        form_token=form_token,
        now=now,
        rails=rails,
    )
