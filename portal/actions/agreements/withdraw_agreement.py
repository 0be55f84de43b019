"""A debtor changes their mind inside the cooling-off days: one tap, nothing to explain, money paid stays credited."""

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from portal.actions.agreements.view_agreement import covered_accounts
from portal.actions.amendments.replace_version import bring_back
from portal.core.actors import DEBTOR
from portal.core.amendments.undo import can_take_back
from portal.store import agreements, cases, debtors, events
from portal.store.agreements import Agreement
from portal.store.rows import known
from portal.store.work import Transaction, Work


@dataclass(frozen=True, kw_only=True)
class Withdrawn:
    """The agreement is taken back; `was_withdrawn` tells a repeated request that the first one had done it."""

    was_withdrawn: bool


@dataclass(frozen=True, kw_only=True)
class NotWithdrawn:
    """Nothing changed. `reason`: unknown, too_late, not_active."""

    reason: str


def can_withdraw(tx: Transaction, agreement: Agreement, *, now: datetime) -> bool:
    """Tell whether a signed agreement can be taken back at a moment: what the page shows and the action decides by."""
    amends = json.loads(agreement.terms_json).get("amends") or {}
    rows = agreements.list_installments(tx, agreement_id=agreement.agreement_id)
    return agreement.state == "active" and can_take_back(
        until=agreement.withdraw_until,
        reason=amends.get("reason", ""),
        has_paid=any(row.paid_minor for row in rows),
        now=now,
    )


def withdraw_agreement(
    work: Work, *, agreement_ref: str, debtor_id: UUID, now: datetime
) -> Withdrawn | NotWithdrawn:
    """Take an active agreement back until its `withdraw_until`; the accounts are free for another plan at once.

    Where it had taken the place of an earlier version, that one runs again. A version that put elsewhere what was late
    can be taken back as long as nothing was paid on it.
    """
    with work.begin() as tx:
        found = agreements.find_agreement(tx, agreement_ref=agreement_ref)
        if found is None or found.debtor_id != debtor_id:
            return NotWithdrawn(reason="unknown")
        agreement = known(agreements.lock_agreement(tx, agreement_id=found.agreement_id))
        if agreement.state == "withdrawn":
            return Withdrawn(was_withdrawn=True)
        if agreement.state != "active":
            return NotWithdrawn(reason="not_active")
        if not can_withdraw(tx, agreement, now=now):
            return NotWithdrawn(reason="too_late")
        agreements.move_agreement(
            tx, agreement_id=agreement.agreement_id, before="active", after="withdrawn", now=now
        )
        covered = covered_accounts(tx, agreement=agreement)
        agreements.release_accounts(tx, agreement_id=agreement.agreement_id)
        cases.move_case(tx, case_id=agreement.case_id, before="agreed", after="closed", now=now)
        back = bring_back(tx, agreement, now=now) if agreement.amends_id else None
        events.append_for_accounts(
            tx,
            accounts=covered,
            type="agreement.withdrawn",
            actor=DEBTOR,
            at=now,
            debtor_ref=known(debtors.find_debtor(tx, debtor_id=debtor_id)).debtor_ref,
            payload={
                "id": agreement.agreement_ref,
                "reason": "changed_mind",
                **({"back_to": back.agreement_ref} if back else {}),
            },
        )
    return Withdrawn(was_withdrawn=False)
