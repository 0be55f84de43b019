"""An account has one open payment page: before a new one opens, the older ones are closed at the provider.

So two taps in two tabs, or a changed mind about the amount, never end in two charges. A page that turns out to be
paid already is recorded instead.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Protocol
from uuid import UUID

from portal.actions.payments.record_payment import record_state
from portal.core.payments import PaymentState, PaymentTrouble
from portal.store.payments import Payment
from portal.store.work import Work

#: States of an attempt after which no second page may be opened without a word.
TAKEN = frozenset({"succeeded", "pending", "disputed", "refunded"})


class Pages(Protocol):
    """The part of a payment gateway that this action needs."""

    def close_checkout(self, *, session_ref: str) -> PaymentState | PaymentTrouble:
        """Close a page that nobody has paid on yet."""

    def find_payment(
        self, *, session_ref: str | None = None, attempt: UUID | str | None = None
    ) -> PaymentState | PaymentTrouble:
        """Tell where an attempt stands."""


NO_OTHERS: Mapping[str, Pages] = MappingProxyType({})


def close_pages(
    work: Work, *, attempts: Sequence[Payment], rails: Mapping[str, Pages], now: datetime
) -> Payment | None:
    """Close the pages of older attempts, each at its own rail; gives the first that was paid meanwhile, or None.

    What was paid meanwhile is recorded. A rail that is not set up any more cannot be asked: its notices still count.
    """
    paid: Payment | None = None
    for attempt in attempts:
        rail = rails.get(attempt.gateway)
        if attempt.gateway_session is None or rail is None:
            continue  # its page is only being made: whoever makes it sees that there is a newer attempt
        state = _close(rail, attempt.gateway_session)
        if not isinstance(state, PaymentState):
            continue
        record_state(work, payment_id=attempt.payment_id, state=state, now=now)
        if state.state in TAKEN and paid is None:
            paid = attempt
    return paid


def _close(gateway: Pages, session_ref: str) -> PaymentState | PaymentTrouble:
    """Close a page; one that cannot be closed any more is asked about."""
    state = gateway.close_checkout(session_ref=session_ref)
    return state if isinstance(state, PaymentState) else gateway.find_payment(session_ref=session_ref)
