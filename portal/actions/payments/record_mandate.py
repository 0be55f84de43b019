"""The provider kept a way to pay, or did not, or let go of one: the mandate is in force, or ends, and it is told."""

from datetime import datetime
from typing import Any
from uuid import UUID

from portal.core.actors import DEBTOR, SYSTEM, Actor
from portal.core.payments import Kind, PaymentNotice, PaymentState
from portal.store import accounts, agreements, debtors, events, mandates
from portal.store.mandates import Mandate
from portal.store.rows import known
from portal.store.work import Transaction, Work

KINDS = frozenset({Kind.SETUP_DONE, Kind.SETUP_FAILED, Kind.METHOD_REMOVED})
"""What a provider tells of ways to pay that are kept."""


def record_setup(work: Work, *, mandate_id: UUID, state: PaymentState, now: datetime) -> bool:
    """Apply what the provider answered about its page; True when the mandate is in force now."""
    if state.state != "succeeded" or state.method_ref is None:
        return False
    with work.begin() as tx:
        mandate = _lock(tx, mandate_id)
        return mandate is not None and _start(tx, mandate, state.method_ref, state.method, now=now)


def apply_setup(tx: Transaction, *, notice: PaymentNotice, now: datetime) -> str:
    """Apply a notice about a kept way to pay, in an open transaction; gives applied, nothing_new or ignored."""
    found = _find(tx, notice)
    mandate = _lock(tx, found.mandate_id) if found else None
    if mandate is None:
        return "ignored"
    if notice.kind is Kind.SETUP_DONE and notice.method_ref:
        return "applied" if _start(tx, mandate, notice.method_ref, notice.method, now=now) else "nothing_new"
    if notice.kind is Kind.METHOD_REMOVED and mandate.state == "active":
        cancel(tx, mandate, reason="method_removed", actor=SYSTEM, now=now)
        return "applied"
    return "nothing_new"


def cancel(tx: Transaction, mandate: Mandate, *, reason: str, actor: Actor, now: datetime) -> None:
    """End an active mandate in an open transaction: no debit of it begins any more, and it is told."""
    mandates.move_mandate(
        tx, mandate_id=mandate.mandate_id, before="active", after="canceled", now=now, reason=reason
    )
    mandates.stop_debits(tx, mandate_id=mandate.mandate_id)
    tell_mandate(tx, mandate, type_="mandate.canceled", actor=actor, now=now, reason=reason)


def tell_mandate(
    tx: Transaction, mandate: Mandate, *, type_: str, actor: Actor, now: datetime, **more: Any
) -> None:
    """Append one event of a mandate to its account."""
    account = known(accounts.find_account(tx, account_id=mandate.account_id))
    agreement = known(agreements.find_agreement(tx, agreement_id=mandate.agreement_id))
    told = {
        "id": mandate.mandate_ref,
        "agreement": agreement.agreement_ref,
        "method": mandate.method,
        "provider": mandate.gateway,
        **more,
    }
    events.append_for_accounts(
        tx,
        accounts=[account],
        type=type_,
        actor=actor,
        at=now,
        debtor_ref=known(debtors.find_debtor(tx, debtor_id=mandate.debtor_id)).debtor_ref,
        payload={name: value for name, value in told.items() if value is not None},
    )


def _start(tx: Transaction, mandate: Mandate, method_ref: str, method: str | None, *, now: datetime) -> bool:
    if mandate.state != "asked":
        return False
    kept = method or "card"
    mandates.save_words(tx, mandate_id=mandate.mandate_id, method_ref=method_ref, method=kept)
    mandates.move_mandate(tx, mandate_id=mandate.mandate_id, before="asked", after="active", now=now)
    mandate = known(mandates.find_mandate(tx, mandate_id=mandate.mandate_id))
    before = mandates.find_mandate(tx, mandate_id=mandate.replaces_id) if mandate.replaces_id else None
    if before is not None and before.state == "active":
        mandates.move_mandate(
            tx, mandate_id=before.mandate_id, before="active", after="replaced", now=now, reason="new_consent"
        )
        mandates.stop_debits(tx, mandate_id=before.mandate_id)
        changed = ["terms"] if before.terms_hash != mandate.terms_hash else ["method"]
        tell_mandate(
            tx,
            mandate,
            type_="mandate.changed",
            actor=DEBTOR,
            now=now,
            changed=changed,
            replaces=before.mandate_ref,
        )
        return True
    first_on = mandate.terms["first_on"]
    tell_mandate(tx, mandate, type_="mandate.created", actor=DEBTOR, now=now, starts_on=first_on)
    return True


def _find(tx: Transaction, notice: PaymentNotice) -> Mandate | None:
    if notice.attempt:
        try:
            return mandates.find_mandate(tx, mandate_id=UUID(notice.attempt))
        except ValueError:
            return None
    return mandates.find_mandate(tx, method_ref=notice.method_ref) if notice.method_ref else None


def _lock(tx: Transaction, mandate_id: UUID) -> Mandate | None:
    """Lock the account, as every action does, then look at the mandate as it is now."""
    found = mandates.find_mandate(tx, mandate_id=mandate_id)
    if found is None:
        return None
    accounts.lock_account(tx, account_id=found.account_id)
    return mandates.find_mandate(tx, mandate_id=mandate_id)
