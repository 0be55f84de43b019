"""Money goes straight to the creditor's own account at the provider, where the lender named one and the rail can."""

from collections.abc import Mapping
from typing import Any, Protocol

from portal.store import lenders
from portal.store.accounts import Account
from portal.store.work import Transaction


class PassesOn(Protocol):
    """What is asked of a rail here: whether money can go on to a creditor's account by itself."""

    passes_on: bool


def with_destination(
    tx: Transaction, quote: Mapping[str, Any] | None, *, account: Account, gateway: PassesOn
) -> Mapping[str, Any] | None:
    """Give what is kept with a payment together with the account its money goes to, in an open transaction.

    It is kept with the attempt: what is refunded later is taken back from there, whatever was changed meanwhile.
    """
    creditor = lenders.find_creditor(tx, creditor_id=account.creditor_id) if gateway.passes_on else None
    if creditor is None or not creditor.payout_account:
        return quote
    return {**(quote or {}), "destination": creditor.payout_account}
