"""A running plan as a change of it needs it: what is open, part by part, and what was forgiven already."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from portal.core.amendments.reshape import Open, Running
from portal.core.life.terms import read_terms
from portal.core.plans.canonical import digest
from portal.core.plans.grammar import Milestone
from portal.core.plans.record import plan_from_dict
from portal.store import accounts, agreements, enrollments, lives
from portal.store.agreements import Agreement, Installment
from portal.store.rows import known
from portal.store.work import Transaction


def load_running(tx: Transaction, agreement: Agreement, *, today: date) -> Running:
    """Load the plan of a signed agreement as it stands on the debtor's day; its accounts are locked by the caller."""
    terms = json.loads(agreement.terms_json)
    plan = plan_from_dict(terms["plan"])
    life = lives.load_life(tx, agreement_id=agreement.agreement_id)
    if life is not None and life.life.is_re_aged:
        plan = replace(plan, re_age_kept=0)  # it happened: a plan re-ages its accounts once
    rows = [
        row
        for row in agreements.list_installments(tx, agreement_id=agreement.agreement_id)
        if row.amount_minor
    ]
    covered = [
        known(accounts.find_account(tx, account_id=one))
        for one in agreements.list_account_ids(tx, agreement_id=agreement.agreement_id)
    ]
    return Running(
        plan=plan,
        rhythm=read_terms(terms).rhythm,
        opened=tuple(_open(row) for row in rows if row.left_minor),
        settled_on=_settled_on(rows, plan.made_on or date.fromisoformat(terms["prepared_on"]), today),
        balance=sum(one.balance_minor for one in covered),
        vested=life.life.vested if life is not None else 0,
        paid=sum(row.paid_minor for row in rows),
        total=sum(row.amount_minor for row in rows),
        milestones=_ahead(tx, agreement, plan.milestones),
    )


def _open(row: Installment) -> Open:
    interest = max(row.interest_minor - row.paid_minor, 0)
    return Open(due_on=row.due_on, principal=row.left_minor - interest, interest=interest)


def _settled_on(rows: Sequence[Installment], begun_on: date, today: date) -> date:
    """Return the last date up to which interest is paid or due: the payments before the first that is still to come."""
    settled = begun_on
    for row in rows:
        if row.left_minor and row.due_on > today:
            break
        settled = max(settled, row.due_on)
    return settled


def _ahead(tx: Transaction, agreement: Agreement, signed: tuple[Milestone, ...]) -> tuple[Milestone, ...]:
    """Return the milestones of a course that are still to be reached."""
    course = enrollments.find_enrollment(tx, agreement_id=agreement.agreement_id)
    if course is None:
        return signed
    kept = enrollments.list_milestones(tx, enrollment_id=course.enrollment_id)
    waiting = {one.kind for one in kept if one.state == "waiting"}
    return tuple(one for one in signed if one.kind in waiting)


def running_digest(running: Running) -> str:
    """Return the fingerprint of what a change rests on: money and dates of what is open, not the day."""
    facts: dict[str, Any] = {
        "balance": running.balance,
        "open": [[row.due_on.isoformat(), row.principal, row.interest] for row in running.opened],
        "paid": running.paid,
        "vested": running.vested,
    }
    return digest(facts)
