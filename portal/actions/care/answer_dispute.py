from dataclasses import dataclass
from datetime import datetime

from portal.actions.accounts.find_and_lock import Found, tell
from portal.actions.links.send_link import queue_link
from portal.core.actors import Actor
from portal.store import accounts, debtors, disputes
from portal.store.disputes import Dispute
from portal.store.work import Transaction, Work

OUTCOMES = ("debtor_right", "corrected", "confirmed")
HOLD = "dispute"


@dataclass(frozen=True, kw_only=True)
class InboxAnswered:
    """What became of it: answered, answered_already, unknown, or words_needed; `is_late` against the promise."""

    kind: str
    is_late: bool = False


def answer_dispute(
    work: Work, *, dispute_ref: str, outcome: str, words: str, actor: Actor, base_url: str, now: datetime
) -> InboxAnswered:
    """Answer a dispute once, in words that the debtor reads, and close it.

    `debtor_right` keeps the hold: nothing is collected until the account is taken back or put right. `corrected` and
    `confirmed` release it. Tells `dispute.answered`, `dispute.closed` and, where it ends, `account.released`; the
    debtor gets a neutral message when the contact rules allow one. Raises ValueError for an unknown outcome.
    """
    if outcome not in OUTCOMES:
        raise ValueError(f"an outcome is one of {', '.join(OUTCOMES)}")
    if not words:
        return InboxAnswered(kind="words_needed")
    with work.begin() as tx:
        seen = disputes.find_dispute(tx, dispute_ref=dispute_ref)
        account = accounts.lock_account(tx, account_id=seen.account_id) if seen else None
        dispute = disputes.lock_dispute(tx, dispute_ref=dispute_ref)
        debtor = debtors.find_debtor(tx, debtor_id=account.debtor_id) if account else None
        if dispute is None or account is None or debtor is None:
            return InboxAnswered(kind="unknown")
        if dispute.state not in disputes.OPEN:
            return InboxAnswered(kind="answered_already")
        found = Found(account=account, debtor=debtor)
        is_late = now > dispute.answer_due_at
        _close(tx, dispute, words=words, now=now)
        payload = {"id": dispute_ref, "answer": outcome, "is_late": is_late}
        tell(tx, found, type_="dispute.answered", actor=actor, now=now, payload=payload)
        closed = {"id": dispute_ref, "outcome": outcome}
        tell(tx, found, type_="dispute.closed", actor=actor, now=now, payload=closed)
        if outcome != "debtor_right":
            _release(tx, found, actor=actor, now=now)
        queue_link(
            tx, debtor_id=debtor.debtor_id, now=now, base_url=base_url, template="link_first", actor=actor
        )
    return InboxAnswered(kind="answered", is_late=is_late)


def _close(tx: Transaction, dispute: Dispute, *, words: str, now: datetime) -> None:
    own = dispute.dispute_id
    disputes.move_dispute(tx, dispute_id=own, before=dispute.state, after="answered", answer=words, now=now)
    disputes.move_dispute(tx, dispute_id=own, before="answered", after="closed", now=now)


def _release(tx: Transaction, found: Found, *, actor: Actor, now: datetime) -> None:
    if accounts.release_holds(tx, account_id=found.account.account_id, kind=HOLD, now=now):
        payload = {"cause": HOLD, "reason": "answered"}
        tell(tx, found, type_="account.released", actor=actor, now=now, payload=payload)
