"""Money that fits nothing goes back the way it came, once however often it is asked for."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from portal.actions.payments.ask_unmatched import money_of
from portal.core.actors import SYSTEM
from portal.core.money import Money
from portal.core.payments import PaymentRefused, PaymentTrouble, RefundStarted, may_repeat
from portal.core.plans.telling import money_payload
from portal.store import events, inbox, unmatched
from portal.store.rows import known
from portal.store.unmatched import Step
from portal.store.work import Work


class SendsBack(Protocol):
    """The part of a payment gateway that this action needs."""

    name: str

    def refund(
        self, *, key: UUID | str, payment_ref: str, amount: Money, reason: str | None = None
    ) -> RefundStarted | PaymentTrouble:
        """Pay a payment back, once per key."""


def send_unmatched(work: Work, *, step_id: UUID, gateway: SendsBack, now: datetime) -> str:
    """Send back what was approved: done, failed, waits (no answer, ask again), stale, nothing. Safe to call twice.

    It goes back by the provider that told of it; other_rail: that is not this gateway.
    """
    with work.begin() as tx:
        step = unmatched.lock_step(tx, step_id=step_id)
        if step is None or step.state != "approved" or step.kind != "send_back" or step.decided_at is None:
            return "nothing"
        if not may_repeat(started_at=step.decided_at, now=now):
            return "stale"
        if step.source != gateway.name:
            return "other_rail"
        kept = known(unmatched.find_notice(tx, source=step.source, outside_id=step.outside_id))
        notice, _amount = known(money_of(kept.body))
    answer = gateway.refund(
        key=step.step_id,
        payment_ref=notice.payment_ref or "",
        amount=Money(step.amount_minor, step.currency),
    )
    if isinstance(answer, PaymentRefused) or (isinstance(answer, RefundStarted) and answer.state == "failed"):
        return _end(work, step, after="failed", now=now)
    if isinstance(answer, RefundStarted):
        return _end(work, step, after="done", refund=answer.refund_ref, now=now)
    return "waits"


def _end(work: Work, step: Step, *, after: str, refund: str = "", now: datetime) -> str:
    """Write the provider's answer down and tell what went back."""
    with work.begin() as tx:
        if not unmatched.move_step(tx, step_id=step.step_id, before="approved", after=after, ended_at=now):
            return "nothing"
        if after == "done":
            inbox.finish(tx, source=step.source, outside_id=step.outside_id, state="done", now=now)
            payload = {
                "id": step.step_ref,
                "amount": money_payload(step.amount_minor, step.currency),
                "provider": step.source,
                "refund": refund,
            }
            events.append(tx, type="payment.sent_back", actor=SYSTEM, at=now, payload=payload)
    return after
