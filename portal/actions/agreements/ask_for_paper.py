"""A debtor would rather sign on paper: a person at the lender sends it, and the plan waits for it unchanged."""

from datetime import datetime
from uuid import UUID

from portal.actions.agreements.view_agreement import covered_accounts
from portal.actions.care.ask_for_person import PersonAsked
from portal.actions.cases.hand_over import hand_over
from portal.store import agreements, debtors, form_tokens, handoffs
from portal.store.rows import known
from portal.store.work import Work

CAUSE = "asked_for_paper"


def ask_for_paper(
    work: Work, *, agreement_ref: str, debtor_id: UUID, token: str, now: datetime
) -> PersonAsked:
    """Hand a prepared agreement to a person who sends it on paper, free of charge; asking twice is asking once.

    Kinds as in `ask_for_person`; not_found also when the agreement is not the debtor's or is not open for signing.
    """
    with work.begin() as tx:
        agreement = agreements.find_agreement(tx, agreement_ref=agreement_ref)
        if agreement is None or agreement.debtor_id != debtor_id or agreement.state != "prepared":
            return PersonAsked(kind="not_found")
        account = covered_accounts(tx, agreement=agreement)[0]
        waiting = [
            one
            for one in handoffs.list_handoffs_of(tx, debtor_id=debtor_id)
            if one.cause == CAUSE and one.account_id == account.account_id and one.state == "waiting"
        ]
        is_new = form_tokens.use_token(tx, token=token, answer=agreement_ref, now=now)
        if waiting or not is_new:
            due = waiting[0].answer_due_at if waiting else None
            return PersonAsked(kind="there_already", answer_due_at=due)
        handoff = hand_over(
            tx,
            debtor=known(debtors.find_debtor(tx, debtor_id=debtor_id)),
            account=account,
            cause=CAUSE,
            words=None,
            now=now,
        )
        return PersonAsked(kind="asked", ref=handoff.handoff_ref, answer_due_at=handoff.answer_due_at)
