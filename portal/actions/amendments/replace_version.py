"""A new version of an agreement takes the place of the one before, and gives it back where it is taken back in time."""

import json
from dataclasses import replace
from datetime import datetime

from portal.actions.payments.record_mandate import cancel
from portal.core.actors import DEBTOR
from portal.core.agreements.books import Due, pay_installments
from portal.core.plans.record import plan_from_dict
from portal.core.plans.telling import plan_payload
from portal.store import agreements, calendars, debtors, directory, events, life_changes, mandates, versions
from portal.store.accounts import Account
from portal.store.agreements import Agreement
from portal.store.rows import known
from portal.store.work import Transaction

CALENDAR = "calendar"


class VersionTakenError(Exception):
    """The version that was to be replaced does not run any more; everything was rolled back."""


def retire_version(tx: Transaction, agreement: Agreement, *, now: datetime) -> None:
    """End the running version that an agreement amends, in the transaction that signs it: its accounts are free.

    What was collected by a mandate on the old dates stops: the new dates need a consent of their own. The course and
    the calendar's address go on. Raises VersionTakenError when another version was faster.
    """
    before = known(agreements.lock_agreement(tx, agreement_id=known(agreement.amends_id)))
    if before.state not in {"active", "broken"} or not agreements.move_agreement(
        tx, agreement_id=before.agreement_id, before=before.state, after="amended", now=now
    ):
        raise VersionTakenError
    agreements.release_accounts(tx, agreement_id=before.agreement_id)
    life_changes.rest(tx, agreement_id=before.agreement_id)
    _end_mandate(tx, before, now=now)


def _end_mandate(tx: Transaction, agreement: Agreement, *, now: datetime) -> None:
    mandate = mandates.find_active_mandate(tx, agreement_id=agreement.agreement_id)
    if mandate is not None:
        cancel(tx, mandate, reason="amended", actor=DEBTOR, now=now)


def hand_over(tx: Transaction, agreement: Agreement, covered: list[Account], *, now: datetime) -> None:
    """Let the calendar follow to the new version, which runs already, and tell the lender."""
    before = known(agreements.find_agreement(tx, agreement_id=known(agreement.amends_id)))
    _move_calendar(tx, before, agreement, now=now)
    plan = plan_from_dict(json.loads(agreement.terms_json)["plan"])
    payload = {
        "id": agreement.agreement_ref,
        "amends": before.agreement_ref,
        "version": agreement.version,
        "reason": json.loads(agreement.terms_json)["amends"]["reason"],
        "terms": plan_payload(plan),
        "terms_digest": agreement.terms_hash,
        "html_digest": agreement.html_hash,
        "effective_on": now.date().isoformat(),
    }
    events.append_for_accounts(
        tx,
        accounts=covered,
        type="agreement.amended",
        actor=DEBTOR,
        at=now,
        debtor_ref=known(debtors.find_debtor(tx, debtor_id=agreement.debtor_id)).debtor_ref,
        payload=payload,
    )


def bring_back(tx: Transaction, agreement: Agreement, *, now: datetime) -> Agreement:
    """Let the version before run again because the one that replaced it was taken back; gives it.

    What was paid in between counts on its payments, the earliest first. The accounts are free and locked.
    """
    before = known(agreements.lock_agreement(tx, agreement_id=known(agreement.amends_id)))
    agreements.move_agreement(tx, agreement_id=before.agreement_id, before="amended", after="active", now=now)
    for account_id in agreements.list_account_ids(tx, agreement_id=before.agreement_id):
        agreements.claim_account(tx, account_id=account_id, agreement_id=before.agreement_id)
        life_changes.wake_account(tx, account_id=account_id, now=now)
    _count_paid(tx, agreement, before)
    life_changes.rest(tx, agreement_id=agreement.agreement_id)
    versions.move_course(tx, before_id=agreement.agreement_id, after_id=before.agreement_id)
    _move_calendar(tx, agreement, before, now=now)
    _end_mandate(tx, agreement, now=now)
    return replace(before, state="active", ended_at=None)


def _count_paid(tx: Transaction, agreement: Agreement, before: Agreement) -> None:
    paid = sum(
        row.paid_minor for row in agreements.list_installments(tx, agreement_id=agreement.agreement_id)
    )
    rows = {row.number: row for row in agreements.list_installments(tx, agreement_id=before.agreement_id)}
    dues = [Due(number=row.number, left_minor=row.left_minor) for row in rows.values() if row.left_minor]
    for number, part in pay_installments(amount_minor=paid, dues=dues):
        row = rows[number]
        state = "paid" if part == row.left_minor else row.state
        agreements.save_paid(tx, installment=row, paid_minor=row.paid_minor + part, state=state)


def _move_calendar(tx: Transaction, before: Agreement, after: Agreement, *, now: datetime) -> None:
    """Let the private address of the dates lead to the version that runs."""
    token = calendars.load_token(tx, agreement_id=before.agreement_id)
    if token is None:
        return
    calendars.save_token(tx, agreement_id=before.agreement_id, token=None)
    calendars.save_token(tx, agreement_id=after.agreement_id, token=token)
    directory.forget_entry(tx, kind=CALENDAR, secret=token)
    directory.save_entry(
        tx, kind=CALENDAR, secret=token, lender_id=tx.lender_id, subject_id=after.agreement_id, now=now
    )
