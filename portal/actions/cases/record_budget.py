"""A debtor says what comes in and goes out; from then on plans fit it, and lower ones may open."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from portal.core.actors import DEBTOR, Actor
from portal.core.negotiation.audit import plain
from portal.core.negotiation.facts import Budget
from portal.core.plans.telling import money_payload
from portal.store import accounts, budgets, debtors, events
from portal.store.work import Transaction, Work


def record_budget(
    work: Work, *, account_id: UUID, debtor_id: UUID, budget: Budget, actor: Actor = DEBTOR, now: datetime
) -> bool:
    """Keep a budget and tell its sums; False when the account is not the debtor's."""
    with work.begin() as tx:
        return keep_budget(
            tx, account_id=account_id, debtor_id=debtor_id, budget=budget, actor=actor, now=now
        )


def keep_budget(
    tx: Transaction, *, account_id: UUID, debtor_id: UUID, budget: Budget, actor: Actor, now: datetime
) -> bool:
    """Keep a budget in an open transaction; a counselor's counts as an adviser's evidence."""
    account = accounts.find_account(tx, account_id=account_id)
    debtor = debtors.find_debtor(tx, debtor_id=debtor_id)
    if account is None or debtor is None or account.debtor_id != debtor_id:
        return False
    evidence = "adviser" if actor.kind == "counselor" else "budget_self"
    budget_id = budgets.save_budget(
        tx, debtor_id=debtor_id, form=plain(asdict(budget)), evidence=evidence, now=now
    )
    currency = account.currency
    events.append_for_accounts(
        tx,
        accounts=[account],
        type="budget.recorded",
        actor=actor,
        at=now,
        debtor_ref=debtor.debtor_ref,
        payload={
            "id": f"bud_{budget_id.hex}",
            "income": money_payload(budget.income_minor, currency),
            "spending": money_payload(budget.outgoings_minor, currency),
            "spare": money_payload(max(budget.surplus_minor, 0), currency),
            "frequency": budget.income_freq,
            "source": actor.kind,
        },
    )
    return True
