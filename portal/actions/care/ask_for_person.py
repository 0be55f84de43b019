from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from portal.actions.cases.hand_over import hand_over
from portal.store import accounts, debtors, form_tokens, handoffs
from portal.store.work import Work


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
