from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from portal.core.actors import DEBTOR
from portal.core.care import care_rules
from portal.core.events.envelope import write_time
from portal.core.packs.rules import pack_for
from portal.store import accounts, debtors, events, form_tokens, handoffs, lenders
from portal.store.accounts import Account
from portal.store.debtors import Debtor
from portal.store.handoffs import Handoff
from portal.store.work import Transaction, Work


@dataclass(frozen=True, kw_only=True)
class PersonAsked:
    """A person will answer by `answer_due_at`; kind is asked, there_already (the same form twice) or not_found."""

    kind: str
    ref: str = ""
    answer_due_at: datetime | None = None


def ask_for_person(
    work: Work, *, debtor_id: UUID, account_id: UUID, words: str, token: str, now: datetime
) -> PersonAsked:
    """Hand an account to a person because the debtor wants to speak to one; the promised time is kept in the row.

    `token` is the form's one-use token; a repeated form gets the first answer.
    """
    with work.begin() as tx:
        account = accounts.lock_account(tx, account_id=account_id)
        debtor = debtors.find_debtor(tx, debtor_id=debtor_id)
        if account is None or debtor is None or account.debtor_id != debtor_id:
            return PersonAsked(kind="not_found")
        if not form_tokens.use_token(tx, token=token, answer=str(account_id), now=now):
            known = [
                one
                for one in handoffs.list_handoffs_of(tx, debtor_id=debtor_id)
                if one.account_id == account_id
            ]
            return PersonAsked(
                kind="there_already",
                ref=known[0].handoff_ref if known else "",
                answer_due_at=known[0].answer_due_at if known else None,
            )
        handoff = hand_over(
            tx, debtor=debtor, account=account, cause="asked_for_person", words=words, now=now
        )
        return PersonAsked(kind="asked", ref=handoff.handoff_ref, answer_due_at=handoff.answer_due_at)


def hand_over(
    tx: Transaction, *, debtor: Debtor, account: Account, cause: str, words: str | None, now: datetime
) -> Handoff:
    """Hand an account to a person with a promised time, in an open transaction, and tell it."""
    lender = lenders.find_lender(tx, lender_id=tx.lender_id)
    rules = care_rules(lender.settings if lender else {}, pack=pack_for(debtor.country))
    handoff = handoffs.save_handoff(
        tx,
        debtor_id=debtor.debtor_id,
        account_id=account.account_id,
        cause=cause,
        packet={
            "account": account.account_ref,
            "balance_minor": account.balance_minor,
            "currency": account.currency,
        },
        answer_due_at=now + rules.handoff_answer,
        now=now,
        words=words,
    )
    events.append(
        tx,
        type="case.handed_off",
        actor=DEBTOR,
        at=now,
        payload={
            "id": handoff.handoff_ref,
            "reason": cause,
            "promised_by": write_time(handoff.answer_due_at),
        },
        account_ref=account.account_ref,
        creditor_ref=account.creditor_ref,
        debtor_ref=debtor.debtor_ref,
    )
    return handoff
