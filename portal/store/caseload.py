"""A counselor's clients at one lender, as the caseload shows them: a few queries, however many clients."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.dialects.postgresql import distinct_on

from portal.store.tables.agreements import agreements, installments
from portal.store.tables.cases import handoffs
from portal.store.tables.debtors import accounts, budgets, debtors
from portal.store.work import Transaction


@dataclass(frozen=True, kw_only=True)
class Client:
    """Who a client is: the name, unsealed, and where they live."""

    debtor_id: UUID
    debtor_ref: str
    name: str
    time_zone: str
    country: str


@dataclass(frozen=True, kw_only=True)
class NextPayment:
    """The oldest payment of a running plan that is not paid in full."""

    due_on: date
    left_minor: int


def list_names(tx: Transaction, *, debtor_ids: Sequence[UUID]) -> dict[UUID, Client]:
    """Map debtors to who they are."""
    rows = tx.execute(
        select(
            debtors.c.debtor_id,
            debtors.c.debtor_ref,
            debtors.c.full_name,
            debtors.c.time_zone,
            debtors.c.country,
        ).where(debtors.c.lender_id == tx.lender_id, debtors.c.debtor_id.in_(debtor_ids))
    )
    return {row.debtor_id: _client(tx, row) for row in rows}


def _client(tx: Transaction, row: Row[Any]) -> Client:
    name = tx.unseal(column="debtors.full_name", row=row.debtor_id, sealed=row.full_name)
    return Client(
        debtor_id=row.debtor_id,
        debtor_ref=row.debtor_ref,
        name=name,
        time_zone=row.time_zone,
        country=row.country,
    )


def list_currencies(tx: Transaction, *, debtor_ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    """Map debtors to the currency of each of their open accounts."""
    rows = tx.execute(
        select(accounts.c.debtor_id, accounts.c.currency)
        .where(
            accounts.c.lender_id == tx.lender_id,
            accounts.c.debtor_id.in_(debtor_ids),
            accounts.c.state.in_(["open", "settled"]),
        )
        .order_by(accounts.c.account_id)
    )
    found: dict[UUID, list[str]] = {}
    for row in rows:
        found.setdefault(row.debtor_id, []).append(row.currency)
    return found


def list_next_payments(tx: Transaction, *, debtor_ids: Sequence[UUID]) -> dict[UUID, NextPayment]:
    """Map debtors with a running plan to its oldest payment that is not paid in full."""
    same = (installments.c.lender_id == agreements.c.lender_id) & (
        installments.c.agreement_id == agreements.c.agreement_id
    )
    rows = tx.execute(
        select(
            agreements.c.debtor_id,
            installments.c.due_on,
            (installments.c.amount_minor - installments.c.paid_minor).label("left_minor"),
        )
        .select_from(agreements.join(installments, same))
        .where(
            agreements.c.lender_id == tx.lender_id,
            agreements.c.debtor_id.in_(debtor_ids),
            agreements.c.state.in_(["active", "broken"]),
            installments.c.amount_minor > installments.c.paid_minor,
            installments.c.state != "moved",
        )
        .ext(distinct_on(agreements.c.debtor_id))
        .order_by(agreements.c.debtor_id, installments.c.due_on)
    )
    return {row.debtor_id: NextPayment(due_on=row.due_on, left_minor=row.left_minor) for row in rows}


def list_budgets(tx: Transaction, *, debtor_ids: Sequence[UUID]) -> dict[UUID, Mapping[str, Any]]:
    """Map debtors to the form of their newest budget."""
    rows = tx.execute(
        select(budgets.c.debtor_id, budgets.c.budget_id, budgets.c.form)
        .where(budgets.c.lender_id == tx.lender_id, budgets.c.debtor_id.in_(debtor_ids))
        .ext(distinct_on(budgets.c.debtor_id))
        .order_by(budgets.c.debtor_id, budgets.c.recorded_at.desc())
    )
    return {
        row.debtor_id: json.loads(tx.unseal(column="budgets.form", row=row.budget_id, sealed=row.form))
        for row in rows
    }


def list_promised(tx: Transaction, *, debtor_ids: Sequence[UUID]) -> dict[UUID, datetime]:
    """Map debtors whose case a person looks at to the time by which an answer is promised."""
    rows = tx.execute(
        select(handoffs.c.debtor_id, handoffs.c.answer_due_at)
        .where(
            handoffs.c.lender_id == tx.lender_id,
            handoffs.c.debtor_id.in_(debtor_ids),
            handoffs.c.state == "waiting",
        )
        .ext(distinct_on(handoffs.c.debtor_id))
        .order_by(handoffs.c.debtor_id, handoffs.c.answer_due_at)
    )
    return {row.debtor_id: row.answer_due_at for row in rows}
