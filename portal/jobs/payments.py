"""Jobs of payments: what a provider told becomes a fact; debits are told beforehand and taken on their day."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import structlog
from procrastinate import JobContext
from sqlalchemy.exc import DBAPIError

from portal.actions.mandates.announce_debits import announce_debits
from portal.actions.mandates.debit_installment import debit_installment
from portal.actions.mandates.tell_declined import tell_declined as tell
from portal.actions.payments.record_payment import record_payment as act
from portal.actions.payments.send_unmatched import send_unmatched as send_back
from portal.actions.payments.settle_unknown import settle_unknown
from portal.actions.payments.value_payment import value_payment as value
from portal.actions.refunds.send_refund import send_refund as send
from portal.jobs.app import RETRY, app
from portal.jobs.house import House, house_of
from portal.jobs.sweepers import lender_ids
from portal.store import mandates, refunds, unmatched

log = structlog.get_logger(__name__)


@app.task(name="record_payment", queue="payments", pass_context=True, retry=RETRY)
def record_payment(context: JobContext, *, lender_id: int, source: str, outside_id: str) -> None:
    """Apply one kept notice of a payment provider."""
    house = house_of(context)
    act(house.work(lender_id), source=source, outside_id=outside_id, now=house.clock.now())


@app.task(name="value_payment", queue="payments", pass_context=True, retry=RETRY)
def value_payment(context: JobContext, *, lender_id: int, payment_id: str) -> None:
    """Value a payment that came in another currency; without a rate that serves the price of its quote stands."""
    house = house_of(context)
    if house.fx_rates is not None:
        done = value(
            house.work(lender_id), payment_id=UUID(payment_id), rates=house.fx_rates, now=house.clock.now()
        )
        log.info("payment_valued", lender_id=lender_id, result=done)


@app.periodic(cron="*/5 * * * *")
@app.task(name="sweep_payments", queue="payments", queueing_lock="sweep_payments", pass_context=True)
def sweep_payments(context: JobContext, timestamp: int) -> None:
    """Ask the provider about attempts that nobody told the end of; send refunds whose job was lost or unanswered."""
    del timestamp
    house = house_of(context)
    for lender_id in lender_ids(house):
        for rail in house.rails.values():
            try:
                _sweep(house, lender_id, rail)
            except (DBAPIError, LookupError, ValueError) as fault:
                log.warning("payments_not_swept", lender_id=lender_id, reason=type(fault).__name__)


def _sweep(house: House, lender_id: int, rail: Any) -> None:
    work, now = house.work(lender_id), house.clock.now()
    settle_unknown(work, gateway=rail, now=now)
    with work.read() as tx:
        waiting = refunds.list_refunds(tx, state="approved")
        steps = unmatched.list_steps(tx, state="approved")
    for refund in waiting:
        send(work, refund_id=refund.refund_id, gateway=rail, now=now)
    for step in steps:
        send_back(work, step_id=step.step_id, gateway=rail, now=now)


@app.task(name="send_refund", queue="payments", pass_context=True, retry=RETRY)
def send_refund(context: JobContext, *, lender_id: int, refund_id: str) -> None:
    """Send an approved refund to the provider."""
    house = house_of(context)
    for rail in house.rails.values():
        send(house.work(lender_id), refund_id=UUID(refund_id), gateway=rail, now=house.clock.now())


@app.task(name="send_unmatched", queue="payments", pass_context=True, retry=RETRY)
def send_unmatched(context: JobContext, *, lender_id: int, step_id: str) -> None:
    """Send back money for which there is no payment, as two people said."""
    house = house_of(context)
    for rail in house.rails.values():
        send_back(house.work(lender_id), step_id=UUID(step_id), gateway=rail, now=house.clock.now())


@app.task(name="tell_declined", queue="messages", pass_context=True, retry=RETRY)
def tell_declined(context: JobContext, *, lender_id: int, debtor_id: str) -> None:
    """Tell a debtor that a debit did not go through."""
    house = house_of(context)
    tell(
        house.work(lender_id),
        debtor_id=UUID(debtor_id),
        base_url=house.settings.base_url,
        now=house.clock.now(),
    )


@app.periodic(cron="7 * * * *")
@app.task(name="run_debits", queue="payments", queueing_lock="run_debits", pass_context=True)
def run_debits(context: JobContext, timestamp: int) -> None:
    """Tell the debits whose notice is due, and take those whose day has come."""
    del timestamp
    house = house_of(context)
    for lender_id in lender_ids(house):
        try:
            run_debits_of(house, lender_id)
        except (DBAPIError, LookupError, ValueError) as fault:
            log.warning("debits_not_run", lender_id=lender_id, reason=type(fault).__name__)


def run_debits_of(house: House, lender_id: int) -> tuple[int, int]:
    """Tell and take one lender's debits; gives how many were told and how many were tried. Safe to run twice."""
    work, now = house.work(lender_id), house.clock.now()
    told = tried = 0
    last: UUID | None = None
    while True:
        with work.read() as tx:
            page = mandates.list_active_mandates(tx, after=last)
        for mandate in page:
            told += announce_debits(
                work, mandate_id=mandate.mandate_id, base_url=house.settings.base_url, now=now
            )
        if not page:
            break
        last = page[-1].mandate_id
    if house.stripe is None:
        return told, tried
    tomorrow = now.date() + timedelta(days=1)  # it is tomorrow already where some debtors live
    after: tuple[date, UUID] | None = None
    while True:
        with work.read() as tx:
            due = mandates.list_due_debits(tx, on=tomorrow, after=after)
        if not due:
            return told, tried
        for debit in due:
            done = debit_installment(
                work, agreement_id=debit.agreement_id, number=debit.number, gateway=house.stripe, now=now
            )
            tried += done.kind != "not_made"
        after = (due[-1].debit_on, due[-1].debit_id)
