"""Money that came in another currency is valued by the market: the gain or loss since its price was made is booked."""

from datetime import datetime
from uuid import UUID

from portal.actions.payments.money_sides import stays, worth_of
from portal.actions.payments.quote_payment import Rates
from portal.actions.payments.telling import rate_text
from portal.core.actors import SYSTEM
from portal.core.events.envelope import write_time
from portal.core.fx import FxQuote, Rate, deal_of, money_legs, rules_of, why_not, worth
from portal.core.plans.telling import money_payload
from portal.store import events, ledger, lenders, payments
from portal.store.ledger import Entry
from portal.store.paying import Paying, lock_paying
from portal.store.payments import Payment
from portal.store.work import Transaction, Work

CAME_IN = frozenset({"succeeded", "disputed", "refunded", "returned"})


def value_payment(work: Work, *, payment_id: UUID, rates: Rates, now: datetime) -> str:
    """Value a payment once: valued, nothing (not such a payment, or valued before), or why no rate serves.

    The rate is asked for before the account is locked.
    """
    with work.read() as tx:
        payment = payments.find_payment(tx, payment_id=payment_id)
        lender = lenders.find_lender(tx, lender_id=tx.lender_id)
    deal = _open_deal(payment)
    if deal is None:
        return "nothing"
    rate = rates.find_rate(base=deal.debt.currency, other=deal.pay.currency)
    refusal = why_not(rate, rules=rules_of(lender.settings if lender else {}), now=now)
    if rate is None or refusal is not None:
        return refusal or "missing"
    with work.begin() as tx:
        paying = lock_paying(tx, payment_id=payment_id)
        if paying is None or _open_deal(paying.payment) is None:
            return "nothing"
        _book(tx, paying, deal, rate, now=now)
    return "valued"


def _open_deal(payment: Payment | None) -> FxQuote | None:
    """Give the price of a payment that came in and was not valued yet."""
    if payment is None or payment.state not in CAME_IN or "worth" in (payment.allocation or {}):
        return None
    return deal_of(payment.quote)


def _book(tx: Transaction, paying: Paying, deal: FxQuote, rate: Rate, *, now: datetime) -> None:
    payment = paying.payment
    was, is_now = worth_of(payment), worth(deal.pay, rate)
    sides = _difference(deal, kept=stays(payment), was=was, is_now=is_now)
    if sides:
        ledger.post(
            tx,
            account_id=payment.account_id,
            currency=payment.currency,
            entries=sides,
            on_date=now.date(),
            cause="valued",
            payment_id=payment.payment_id,
            now=now,
        )
    payments.save_money(
        tx, payment_id=payment.payment_id, allocation={**(payment.allocation or {}), "worth": is_now}
    )
    events.append_for_accounts(
        tx,
        accounts=[paying.account],
        type="payment.valued",
        actor=SYSTEM,
        at=now,
        debtor_ref=paying.debtor_ref,
        payload={
            "id": payment.payment_ref,
            "paid": money_payload(deal.pay.minor, deal.pay.currency),
            "settles": money_payload(deal.debt.minor, payment.currency),
            "worth": money_payload(is_now, payment.currency),
            "margin": money_payload(deal.worth_minor - deal.debt.minor, payment.currency),
            "result": money_payload(is_now - deal.worth_minor, payment.currency),
            "rate": rate_text(rate.value),
            "source": rate.source,
            "rate_at": write_time(rate.at),
        },
    )


def _difference(deal: FxQuote, *, kept: int, was: int, is_now: int) -> tuple[Entry, ...]:
    """Give the sides by which the position moves from one worth to another, for what stays of the payment."""
    before, after = (
        {leg.book: leg.minor for leg in legs if leg.currency == deal.debt.currency}
        for legs in (
            money_legs(deal, book="cash", before=0, after=kept, worth_now=one) for one in (was, is_now)
        )
    )
    moved = {book: after.get(book, 0) - before.get(book, 0) for book in ("fx_position", "fx_result")}
    return tuple(Entry(book=book, amount_minor=minor) for book, minor in moved.items() if minor)
