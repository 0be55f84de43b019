"""A debtor goes to pay: the attempt is written down first, then the provider is asked for its page.

Two transactions, because nobody may wait for the outside world inside one: what happens between them is the state
`started`, which the sweeper settles by asking.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from portal.actions.payments.telling import move_and_tell, payment_payload
from portal.core.actors import DEBTOR
from portal.core.money import Money
from portal.core.payments import CheckoutStarted, PageWish, PaymentRefused, PaymentTrouble, PaymentUnknown
from portal.store import accounts, agreements, debtors, events, form_tokens, payments
from portal.store.accounts import Account
from portal.store.debtors import new_ref
from portal.store.payments import Payment
from portal.store.rows import known
from portal.store.work import Transaction, Work


class Checkout(Protocol):
    """The part of a payment gateway that this action needs."""

    name: str

    def start_checkout(
        self, *, attempt: UUID | str, amount: Money, label: str, page: PageWish
    ) -> CheckoutStarted | PaymentTrouble:
        """Make the provider's page for one attempt."""


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What the debtor wants to pay: on which account, how much, and why (`installment`, `balance`, `part`)."""

    account_id: UUID
    amount: Money
    purpose: str
    agreement_ref: str | None = None


@dataclass(frozen=True, kw_only=True)
class GoTo:
    """Send the debtor to the provider's page."""

    payment_ref: str
    url: str


@dataclass(frozen=True, kw_only=True)
class NoPage:
    """There is no page to go to. `reason`: unknown, amount, held, settled, refused, trouble."""

    reason: str
    payment_ref: str | None = None


def start_payment(
    work: Work,
    *,
    wish: Wish,
    debtor_id: UUID,
    gateway: Checkout,
    page_for: Callable[[str], PageWish],
    form_token: str,
    now: datetime,
) -> GoTo | NoPage:
    """Write an attempt down, tell it, and ask the provider for its page.

    `page_for` makes the wish for the page out of the attempt's reference. A repeated form with the same token
    continues the same attempt: the provider knows it by our id and gives the same page.
    """
    with work.begin() as tx:
        first = form_tokens.first_answer(tx, token=form_token)
        payment = _begin(tx, wish, debtor_id, gateway.name, now) if first is None else _again(tx, first)
        if isinstance(payment, NoPage):
            return payment
        if first is None and not form_tokens.use_token(
            tx, token=form_token, answer=payment.payment_ref, now=now
        ):
            raise SameFormError
    started = gateway.start_checkout(
        attempt=payment.payment_id,
        amount=wish.amount,
        label=payment.payment_ref,
        page=page_for(payment.payment_ref),
    )
    with work.begin() as tx:
        return _keep(tx, payment, started, now=now)


class SameFormError(Exception):
    """The same form was being handled by another request at this moment; everything here was rolled back."""


def _again(tx: Transaction, payment_ref: str) -> Payment | NoPage:
    payment = payments.find_payment(tx, payment_ref=payment_ref)
    return payment if payment is not None else NoPage(reason="unknown")


def _begin(tx: Transaction, wish: Wish, debtor_id: UUID, gateway: str, now: datetime) -> Payment | NoPage:
    account = accounts.lock_account(tx, account_id=wish.account_id)
    if account is None or account.debtor_id != debtor_id:
        return NoPage(reason="unknown")
    if (refusal := _why_not(tx, account, wish, now)) is not None:
        return refusal
    agreement = agreements.find_active(tx, account_id=account.account_id)
    payment_id = tx.new_id()
    payment = Payment(
        payment_id=payment_id,
        payment_ref=new_ref("pay", payment_id),
        debtor_id=debtor_id,
        account_id=account.account_id,
        agreement_id=agreement.agreement_id if agreement else None,
        currency=wish.amount.currency,
        amount_minor=wish.amount.minor,
        purpose=wish.purpose,
        gateway=gateway,
        state="started",
        started_at=now,
    )
    payments.save_payment(tx, payment)
    events.append_for_accounts(
        tx,
        accounts=[account],
        type="payment.started",
        actor=DEBTOR,
        at=now,
        debtor_ref=known(debtors.find_debtor(tx, debtor_id=debtor_id)).debtor_ref,
        payload=payment_payload(payment, agreement_ref=agreement.agreement_ref if agreement else None),
    )
    return payment


def _why_not(tx: Transaction, account: Account, wish: Wish, now: datetime) -> NoPage | None:
    if account.state != "open":
        return NoPage(reason="settled")
    if wish.amount.currency != account.currency or wish.amount.minor <= 0:
        return NoPage(reason="amount")
    stopped = {"deceased", "bankruptcy", "statutory_freeze"}
    if any(hold.kind in stopped for hold in accounts.list_holds(tx, account_id=account.account_id, now=now)):
        return NoPage(reason="held")
    return None


def _keep(
    tx: Transaction, payment: Payment, started: CheckoutStarted | PaymentTrouble, *, now: datetime
) -> GoTo | NoPage:
    if isinstance(started, CheckoutStarted):
        payments.save_gateway_words(tx, payment_id=payment.payment_id, gateway_session=started.session_id)
        return GoTo(payment_ref=payment.payment_ref, url=started.url)
    if isinstance(started, PaymentRefused):
        move_and_tell(tx, payment, after="failed", type_="payment.failed", now=now, reason=started.code)
        return NoPage(reason="refused", payment_ref=payment.payment_ref)
    if isinstance(started, PaymentUnknown):
        move_and_tell(tx, payment, after="unknown", type_="payment.unknown", now=now)
    return NoPage(reason="trouble", payment_ref=payment.payment_ref)
