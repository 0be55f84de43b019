"""A debtor opens the agreement: the first view goes into the signing log and is told."""

from datetime import datetime
from uuid import UUID

from portal.core.actors import DEBTOR
from portal.store import accounts, agreements, debtors, events
from portal.store.accounts import Account
from portal.store.agreements import Agreement
from portal.store.rows import known
from portal.store.work import Transaction, Work


def view_agreement(
    work: Work, *, agreement_ref: str, debtor_id: UUID, form: str, now: datetime
) -> Agreement | None:
    """Show a debtor's own agreement and keep the first view; None when there is none of that name.

    `form` is page, pdf or print.
    """
    with work.begin() as tx:
        found = agreements.find_agreement(tx, agreement_ref=agreement_ref)
        if found is None or found.debtor_id != debtor_id:
            return None
        if found.viewed_at is not None:
            return found
        agreement = known(agreements.lock_agreement(tx, agreement_id=found.agreement_id))
        if agreement.viewed_at is not None:
            return agreement
        log = [*agreement.signing_log, {"act": "viewed", "at": now.isoformat(), "form": form}]
        agreements.stamp_agreement(tx, agreement_id=agreement.agreement_id, log=log, viewed_at=now)
        events.append_for_accounts(
            tx,
            accounts=covered_accounts(tx, agreement=agreement),
            type="agreement.viewed",
            actor=DEBTOR,
            at=now,
            debtor_ref=known(debtors.find_debtor(tx, debtor_id=debtor_id)).debtor_ref,
            payload={"id": agreement.agreement_ref, "version": agreement.version, "form": form},
        )
        return known(agreements.find_agreement(tx, agreement_ref=agreement_ref))


def covered_accounts(tx: Transaction, *, agreement: Agreement) -> list[Account]:
    """Load the accounts that an agreement covers, in the order of their ids."""
    found = agreements.list_account_ids(tx, agreement_id=agreement.agreement_id)
    return [known(accounts.find_account(tx, account_id=account_id)) for account_id in found]
