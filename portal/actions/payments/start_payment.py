"""A debtor goes to pay: the attempt is written down first, then the provider is asked for its page.

Two transactions, because nobody may wait for the outside world inside one: what happens between them is the state
`started`, which the sweeper settles by asking. An account has one open page at a time (close_pages).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from portal.actions.payments.close_pages import NO_OTHERS, Pages, close_pages
from portal.actions.payments.destinations import with_destination
from portal.actions.payments.money_sides import destination_of
from portal.actions.payments.telling import move_and_tell, payment_payload
from portal.core import fx
from portal.core.actors import DEBTOR, SYSTEM
from portal.core.fx import FxQuote
from portal.core.money import Money
from portal.core.payments import (
    CheckoutStarted,
    PageWish,
    PaymentRefused,
    PaymentTrouble,
    PaymentUnknown,
    may_repeat,
)
from portal.store import accounts, agreements, debtors, events, form_tokens, payments
from portal.store.accounts import Account
from portal.store.debtors import new_ref
from portal.store.payments import Payment
from portal.store.rows import known
from portal.store.work import Transaction, Work

#: Holds under which nobody is asked for money: the law stops it, or the debt itself is questioned.
STOPPED = {
    "deceased": "held",
    "bankruptcy": "held",
    "bankrupt": "held",
    "statutory_freeze": "held",
    "dispute": "disputed",
}


class Checkout(Pages, Protocol):
    """The part of a payment gateway that this action needs."""

    name: str
    passes_on: bool

    def start_checkout(
        self,
        *,
        attempt: UUID | str,
        amount: Money,
        label: str,
        page: PageWish,
        destination: str | None = None,
    ) -> CheckoutStarted | PaymentTrouble:
        """Make the provider's page for one attempt; with `destination` its money goes on to a creditor's account."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What the debtor wants to pay: on which account, how much, why (`installment`, `overdue`, `balance`, `part`).

    `payoff_on` is the day whose payoff amount was shown; it is kept as promised. `pays_again` says that the debtor
    knows of a payment on its way and pays another one all the same. `channel` is the way in: portal, or link by `gift`.
    """

    account_id: UUID
    amount: Money
    purpose: str
    payoff_on: str | None = None
    pays_again: bool = False
    channel: str = "portal"
    gift: str | None = None
    fx: FxQuote | None = None

    @property
    def quote(self) -> Mapping[str, Any] | None:
        """What is promised with the amount."""
        kept = {
            "payoff_on": self.payoff_on,
            "gift": self.gift,
            "fx": fx.to_json(self.fx) if self.fx else None,
        }
        return {name: value for name, value in kept.items() if value} or None


@dataclass(frozen=True, kw_only=True)
class GoTo:
    """Send the debtor to the provider's page."""

    payment_ref: str
    url: str


@dataclass(frozen=True, kw_only=True)
class NoPage:
    """There is no page to go to; `payment_ref` names the payment that the debtor should look at.

    `reason`: unknown, amount, held, disputed, settled, refused, trouble; checking (the end of another payment is not
    known), quote_over (the price in another currency stands no longer), on_its_way (another one is with the bank: ask
    first), paid (an older page was paid meanwhile), newer (a newer page was opened), old_form (the form is of
    yesterday).
    """

    reason: str
    payment_ref: str | None = None


@dataclass(frozen=True, kw_only=True)
class Begun:
    """An attempt that is written down, with the older ones whose pages are to be closed first."""

    payment: Payment
    older: tuple[Payment, ...] = ()


def start_payment(
    work: Work,
    *,
    wish: Wish,
    debtor_id: UUID,
    gateway: Checkout,
    page_for: Callable[[str], PageWish],
    form_token: str,
    now: datetime,
    rails: Mapping[str, Pages] = NO_OTHERS,
) -> GoTo | NoPage:
    """Write an attempt down, tell it, close older pages, and ask the provider for its page.

    `rails` are all that are set up: an older page may be one of another rail than `gateway`. `page_for` makes the wish
    for the page out of the attempt's reference. A repeated form continues the same attempt and gives the same page.
    """
    with work.begin() as tx:
        begun = _begin_or_again(
            tx, wish=wish, debtor_id=debtor_id, gateway=gateway, form_token=form_token, now=now
        )
    if isinstance(begun, NoPage):
        return begun
    payment = begun.payment
    paid = close_pages(work, attempts=begun.older, rails={gateway.name: gateway, **rails}, now=now)
    if paid is not None:
        with work.begin() as tx:
            _drop(tx, payment, reason="paid_elsewhere", now=now)
        return NoPage(reason="paid", payment_ref=paid.payment_ref)
    started = gateway.start_checkout(
        attempt=payment.payment_id,
        amount=charge_of(payment),
        label=payment.payment_ref,
        page=page_for(payment.payment_ref),
        destination=destination_of(payment),
    )
    with work.begin() as tx:
        kept = _keep(tx, payment, started, now=now)
    if isinstance(started, CheckoutStarted) and isinstance(kept, NoPage) and kept.reason == "newer":
        gateway.close_checkout(session_ref=started.session_id)
    return kept


def charge_of(payment: Payment) -> Money:
    """Give what is charged: the amount itself, or its price in the currency in which it is paid."""
    deal = fx.deal_of(payment.quote)
    return deal.pay if deal else Money(payment.amount_minor, payment.currency)


class SameFormError(Exception):
    """The same form was being handled by another request at this moment; everything here was rolled back."""


def _begin_or_again(
    tx: Transaction, *, wish: Wish, debtor_id: UUID, gateway: Checkout, form_token: str, now: datetime
) -> Begun | NoPage:
    """Lock the account, so that a second tap waits here and then continues what the first began."""
    account = accounts.lock_account(tx, account_id=wish.account_id)
    if account is None or account.debtor_id != debtor_id:
        return NoPage(reason="unknown")
    if (first := form_tokens.first_answer(tx, token=form_token)) is not None:
        return _again(tx, first, now)
    if (refusal := _why_not(tx, account, wish, now)) is not None:
        return refusal
    older = tuple(payments.list_open_pages(tx, account_id=account.account_id))
    payment = _begin(tx, account, wish, gateway, now)
    if not form_tokens.use_token(tx, token=form_token, answer=payment.payment_ref, now=now):
        raise SameFormError
    return Begun(payment=payment, older=older)


def _again(tx: Transaction, payment_ref: str, now: datetime) -> Begun | NoPage:
    payment = payments.find_payment(tx, payment_ref=payment_ref)
    if payment is None:
        return NoPage(reason="unknown")
    if payment.state != "started" or not may_repeat(started_at=payment.started_at, now=now):
        return NoPage(reason="old_form", payment_ref=payment_ref)
    return Begun(payment=payment)


def _begin(tx: Transaction, account: Account, wish: Wish, gateway: Checkout, now: datetime) -> Payment:
    agreement = agreements.find_active(tx, account_id=account.account_id)
    payment_id = tx.new_id()
    payment = Payment(
        payment_id=payment_id,
        payment_ref=new_ref("pay", payment_id),
        debtor_id=account.debtor_id,
        account_id=account.account_id,
        agreement_id=agreement.agreement_id if agreement else None,
        currency=wish.amount.currency,
        amount_minor=wish.amount.minor,
        purpose=wish.purpose,
        channel=wish.channel,
        gateway=gateway.name,
        state="started",
        started_at=now,
        quote=with_destination(tx, wish.quote, account=account, gateway=gateway),
    )
    payments.save_payment(tx, payment)
    events.append_for_accounts(
        tx,
        accounts=[account],
        type="payment.started",
        actor=DEBTOR if wish.channel == "portal" else SYSTEM,
        at=now,
        debtor_ref=known(debtors.find_debtor(tx, debtor_id=account.debtor_id)).debtor_ref,
        payload=payment_payload(payment, agreement_ref=agreement.agreement_ref if agreement else None),
    )
    return payment


def _refusal(account: Account, wish: Wish, now: datetime) -> str:
    """Say what speaks against the wish by itself; nothing is an empty text."""
    if account.state != "open":
        return "settled"
    if wish.amount.currency != account.currency or wish.amount.minor <= 0:
        return "amount"
    if wish.fx is not None and (wish.fx.debt != wish.amount or not wish.fx.stands(now)):
        return "quote_over"
    return ""


def _why_not(tx: Transaction, account: Account, wish: Wish, now: datetime) -> NoPage | None:
    if reason := _refusal(account, wish, now):
        return NoPage(reason=reason)
    holds = accounts.list_holds(tx, account_id=account.account_id, now=now)
    if stops := [STOPPED[hold.kind] for hold in holds if hold.kind in STOPPED]:
        return NoPage(reason=stops[0])
    for payment in payments.list_in_flight(tx, account_id=account.account_id):
        if payment.state == "unknown":
            return NoPage(reason="checking", payment_ref=payment.payment_ref)
        if not wish.pays_again:
            return NoPage(reason="on_its_way", payment_ref=payment.payment_ref)
    return None


def _keep(
    tx: Transaction, payment: Payment, started: CheckoutStarted | PaymentTrouble, *, now: datetime
) -> GoTo | NoPage:
    ref = payment.payment_ref
    if isinstance(started, CheckoutStarted):
        accounts.lock_account(tx, account_id=payment.account_id)
        payments.save_gateway_words(tx, payment_id=payment.payment_id, gateway_session=started.session_id)
        open_pages = payments.list_open_pages(tx, account_id=payment.account_id)
        if any(other.payment_id > payment.payment_id for other in open_pages):
            _drop(tx, payment, reason="newer_page", now=now)
            return NoPage(reason="newer", payment_ref=ref)
        return GoTo(payment_ref=ref, url=started.url)
    if isinstance(started, PaymentRefused):
        move_and_tell(tx, payment, after="failed", type_="payment.failed", now=now, reason=started.code)
        return NoPage(reason="refused", payment_ref=ref)
    if isinstance(started, PaymentUnknown) and started.code != "idempotency_key_in_use":
        move_and_tell(tx, payment, after="unknown", type_="payment.unknown", now=now)
    return NoPage(reason="trouble", payment_ref=ref)


def _drop(tx: Transaction, payment: Payment, *, reason: str, now: datetime) -> None:
    """End an attempt on which nobody can pay: its page was not made or is closed at once."""
    move_and_tell(
        tx, payment, after="canceled", type_="payment.failed", now=now, reason=reason, is_retryable=True
    )
