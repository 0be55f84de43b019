"""Nobody told what became of an attempt: the provider is asked, until the answer is certain (SAFETY.md 3.4).

A page that was never made (no answer when it was asked for) is not asked for again: the attempt is closed after a
day, when its idempotency key is no longer remembered and no payment was found.
"""

from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from portal.actions.payments.record_payment import Recorded, record_state
from portal.core.payments import KEY_LIFE, PaymentAbsent, PaymentState, PaymentTrouble
from portal.store import payments
from portal.store.work import Work

PATIENCE = timedelta(minutes=5)


class Asked(Protocol):
    """The part of a payment gateway that this action needs."""

    name: str

    def find_payment(
        self,
        *,
        session_ref: str | None = None,
        payment_ref: str | None = None,
        attempt: UUID | str | None = None,
    ) -> PaymentState | PaymentTrouble:
        """Tell where an attempt stands."""


def settle_unknown(work: Work, *, gateway: Asked, now: datetime, limit: int = 100) -> int:
    """Ask a rail about its attempts that have been open for five minutes; gives how many were settled.

    Safe to run twice.
    """
    with work.read() as tx:
        waiting = payments.list_unsettled(tx, gateway=gateway.name, before=now - PATIENCE, limit=limit)
    settled = 0
    for payment in waiting:
        state = gateway.find_payment(
            session_ref=payment.gateway_session, payment_ref=payment.gateway_ref, attempt=payment.payment_id
        )
        if isinstance(state, PaymentAbsent) and now - payment.started_at > KEY_LIFE:
            state = PaymentState(state="canceled")
        if isinstance(state, PaymentState):
            done = record_state(work, payment_id=payment.payment_id, state=state, now=now)
            settled += done == Recorded(result="applied")
    return settled
