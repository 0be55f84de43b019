"""An account goes to a person with a promised time."""

from datetime import datetime

from portal.core.actors import DEBTOR, Actor
from portal.core.care import care_rules
from portal.core.events.envelope import write_time
from portal.store import events, handoffs, lenders
from portal.store.accounts import Account
from portal.store.debtors import Debtor
from portal.store.handoffs import Handoff
from portal.store.work import Transaction


def hand_over(
    tx: Transaction,
    *,
    debtor: Debtor,
    account: Account,
    cause: str,
    words: str | None,
    now: datetime,
    actor: Actor = DEBTOR,
) -> Handoff:
    """Hand an account to a person with a promised time, in an open transaction, and tell it."""
    lender = lenders.find_lender(tx, lender_id=tx.lender_id)
    rules = care_rules(lender.settings if lender else {})
    packet = {
        "account": account.account_ref,
        "balance_minor": account.balance_minor,
        "currency": account.currency,
    }
    handoff = handoffs.save_handoff(
        tx,
        debtor_id=debtor.debtor_id,
        account_id=account.account_id,
        cause=cause,
        packet=packet,
        answer_due_at=now + rules.handoff_answer,
        now=now,
        words=words,
    )
    payload = {"id": handoff.handoff_ref, "reason": cause, "promised_by": write_time(handoff.answer_due_at)}
    events.append(
        tx,
        type="case.handed_off",
        actor=actor,
        at=now,
        payload=payload,
        account_ref=account.account_ref,
        creditor_ref=account.creditor_ref,
        debtor_ref=debtor.debtor_ref,
    )
    return handoff
