"""A debtor stops debits: at once, in one tap, and the provider lets go of the way to pay."""

from datetime import datetime
from typing import Protocol
from uuid import UUID

from portal.actions.payments.record_mandate import cancel
from portal.core.actors import DEBTOR
from portal.core.payments import MethodDetached, PaymentTrouble
from portal.store import accounts, mandates
from portal.store.work import Work


class Forgetter(Protocol):
    """The part of a payment gateway that this action needs."""

    def forget_method(self, *, method_ref: str) -> MethodDetached | PaymentTrouble:
        """Let go of a kept method."""


def end_mandate(
    work: Work, *, mandate_ref: str, debtor_id: UUID, gateway: Forgetter | None, now: datetime
) -> bool:
    """End a debtor's own mandate; True when it is not in force any more. The provider hears of it after the commit."""
    with work.begin() as tx:
        mandate = mandates.find_mandate(tx, mandate_ref=mandate_ref)
        if mandate is None or mandate.debtor_id != debtor_id:
            return False
        accounts.lock_account(tx, account_id=mandate.account_id)
        mandate = mandates.find_mandate(tx, mandate_ref=mandate_ref) or mandate
        if mandate.state == "active":
            cancel(tx, mandate, reason="debtor", actor=DEBTOR, now=now)
    if gateway is not None and mandate.method_ref:
        gateway.forget_method(method_ref=mandate.method_ref)
    return True
