"""What a debtor says comes in and goes out; sealed, because it tells how somebody lives."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert, select

from portal.store.tables.debtors import budgets
from portal.store.work import Transaction


@dataclass(frozen=True, kw_only=True)
class KeptBudget:
    """The newest budget; `form` holds the fields of `core.negotiation.facts.Budget`, `evidence` its level."""

    budget_id: UUID
    form: Mapping[str, Any]
    evidence: str
    recorded_at: datetime


def save_budget(
    tx: Transaction, *, debtor_id: UUID, form: Mapping[str, Any], evidence: str, now: datetime
) -> UUID:
    """Save a budget; earlier ones stay as they were."""
    budget_id = tx.new_id()
    sealed = tx.seal(column="budgets.form", row=budget_id, text=json.dumps(dict(form)))
    tx.execute(
        insert(budgets).values(
            lender_id=tx.lender_id,
            budget_id=budget_id,
            debtor_id=debtor_id,
            form=sealed,
            evidence=evidence,
            recorded_at=now,
        )
    )
    return budget_id


def find_newest(tx: Transaction, *, debtor_id: UUID) -> KeptBudget | None:
    """Find the newest budget of a debtor."""
    row = tx.execute(
        select(budgets.c.budget_id, budgets.c.form, budgets.c.evidence, budgets.c.recorded_at)
        .where(budgets.c.lender_id == tx.lender_id, budgets.c.debtor_id == debtor_id)
        .order_by(budgets.c.recorded_at.desc(), budgets.c.budget_id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    form = json.loads(tx.unseal(column="budgets.form", row=row.budget_id, sealed=row.form))
    return KeptBudget(budget_id=row.budget_id, form=form, evidence=row.evidence, recorded_at=row.recorded_at)
