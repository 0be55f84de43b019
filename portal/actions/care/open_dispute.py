from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from portal.actions.contact.send_message import quiet_queue
from portal.core.actors import DEBTOR
from portal.core.care import care_rules
from portal.core.events.envelope import write_time
from portal.core.holds import freeze_of, stops
from portal.store import accounts, debtors, disputes, events, form_tokens, lenders
from portal.store.accounts import Account
from portal.store.debtors import Debtor, new_ref
from portal.store.disputes import Dispute
from portal.store.work import Transaction, Work

OWN_HOLDS = frozenset({"deceased", "bankrupt"})


@dataclass(frozen=True, kw_only=True)
class DisputeOpened:
    """What became of it: opened, there_already (an answer is still due), not_found. `ref` is the public reference."""

    kind: str
    ref: str = ""
    answer_due_at: datetime | None = None


def open_dispute(
    work: Work, *, debtor_id: UUID, account_id: UUID, reason: str, words: str, token: str, now: datetime
) -> DisputeOpened:
    """Take a person's word that something about an account is wrong, and stop contact at once, in one transaction.

    `reason` is one of `core.care.DISPUTE_REASONS`; `token` is the form's one-use token. An account with a dispute
    that waits for its answer gets no second one.
    """
    with work.begin() as tx:
        account = accounts.lock_account(tx, account_id=account_id)
        debtor = debtors.find_debtor(tx, debtor_id=debtor_id)
        if account is None or debtor is None or account.debtor_id != debtor_id:
            return DisputeOpened(kind="not_found")
        waiting = disputes.find_open_dispute(tx, account_id=account_id)
        if waiting or not form_tokens.use_token(tx, token=token, answer=str(account_id), now=now):
            return DisputeOpened(
                kind="there_already",
                ref=waiting.dispute_ref if waiting else "",
                answer_due_at=waiting.answer_due_at if waiting else None,
            )
        dispute = _save(tx, debtor, account, reason, words=words, now=now)
        hold_account(
            tx, debtor=debtor, account=account, kind=reason if reason in OWN_HOLDS else "dispute", now=now
        )
        return DisputeOpened(kind="opened", ref=dispute.dispute_ref, answer_due_at=dispute.answer_due_at)


def _save(
    tx: Transaction, debtor: Debtor, account: Account, reason: str, *, words: str, now: datetime
) -> Dispute:
    lender = lenders.find_lender(tx, lender_id=tx.lender_id)
    rules = care_rules(lender.settings if lender else {})
    dispute = disputes.save_dispute(
        tx,
        account_id=account.account_id,
        reason=reason,
        words=words,
        answer_due_at=now + rules.dispute_answer,
        now=now,
    )
    events.append(
        tx,
        type="dispute.opened",
        actor=DEBTOR,
        at=now,
        payload={
            "id": dispute.dispute_ref,
            "cause": reason,
            "disputed": {"minor": account.balance_minor, "currency": account.currency},
            "answer_by": write_time(dispute.answer_due_at),
        },
        account_ref=account.account_ref,
        creditor_ref=account.creditor_ref,
        debtor_ref=debtor.debtor_ref,
    )
    return dispute


def hold_account(
    tx: Transaction,
    *,
    debtor: Debtor,
    account: Account,
    kind: str,
    now: datetime,
    until: datetime | None = None,
) -> UUID:
    """Stop the lender's messages about an account for a cause, and tell it, in an open transaction."""
    hold_id = accounts.save_hold(tx, account_id=account.account_id, kind=kind, now=now, until=until)
    payload: dict[str, object] = {
        "id": new_ref("hld", hold_id),
        "cause": kind,
        "stops": stops(freeze_of(kind)),
    }
    if until is not None:
        payload["until"] = until.date().isoformat()
    events.append(
        tx,
        type="account.held",
        actor=DEBTOR,
        at=now,
        payload=payload,
        account_ref=account.account_ref,
        creditor_ref=account.creditor_ref,
        debtor_ref=debtor.debtor_ref,
    )
    quiet_queue(tx, debtor=debtor, now=now)
    return hold_id
