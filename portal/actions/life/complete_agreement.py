"""Everything that an agreement asked for is paid: the waiver vests, the account is settled, the lender hears it.

When the bank takes a payment back afterwards, the same agreement runs on: what had vested is owed again.
"""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from portal.core.actors import SYSTEM
from portal.core.agreements.books import Owed, settle
from portal.core.life.money import final_at
from portal.core.plans.telling import money_payload
from portal.store import accounts, agreements, debtors, events, jobs, ledger, lives, payments
from portal.store.accounts import Account
from portal.store.agreements import Agreement
from portal.store.ledger import Entry
from portal.store.rows import known
from portal.store.work import Transaction


def complete_if_paid(tx: Transaction, account: Account, agreement: Agreement, *, now: datetime) -> None:
    """Complete an agreement whose installments are all paid with money that is final: the waiver vests.

    While a bank can still take a collected payment back by itself the plan waits; its life completes it then.
    """
    rows = agreements.list_installments(tx, agreement_id=agreement.agreement_id)
    if (
        agreement.state != "active"
        or any(row.left_minor for row in rows)
        or not _is_final(tx, agreement, now)
    ):
        return
    agreements.move_agreement(
        tx, agreement_id=agreement.agreement_id, before="active", after="completed", now=now
    )
    agreements.release_accounts(tx, agreement_id=agreement.agreement_id)
    waived = _vest(tx, account, agreement, now=now)
    jobs.defer(tx, "issue_closing_letter", queue="documents", account_id=account.account_id.hex)
    debtor_ref = known(debtors.find_debtor(tx, debtor_id=agreement.debtor_id)).debtor_ref
    paid = sum(row.amount_minor for row in rows)
    for type_, payload in _told(agreement, account.currency, paid=paid, waived=waived, now=now):
        events.append_for_accounts(
            tx,
            accounts=[account],
            type=type_,
            actor=SYSTEM,
            at=now,
            debtor_ref=debtor_ref,
            payload=payload,
        )


def _told(
    agreement: Agreement, currency: str, *, paid: int, waived: int, now: datetime
) -> list[tuple[str, dict[str, Any]]]:
    completed = {
        "id": agreement.agreement_ref,
        "paid": money_payload(paid, currency),
        "waived": money_payload(waived, currency),
        "completed_on": now.date().isoformat(),
    }
    vested = {
        "agreement": agreement.agreement_ref,
        "amount": money_payload(waived, currency),
        "cause": "completed",
    }
    return [("agreement.completed", completed), *([("waiver.vested", vested)] if waived else [])]


def _is_final(tx: Transaction, agreement: Agreement, now: datetime) -> bool:
    final = final_at(payments.list_settled_of(tx, agreement_id=agreement.agreement_id))
    return final is None or final <= now


def reopen_if_unpaid(
    tx: Transaction, account: Account, *, agreement_id: UUID | None, cause: str, now: datetime
) -> None:
    """Let a completed agreement run on when money that had completed it went back; another plan's account stays."""
    agreement = agreements.find_agreement(tx, agreement_id=agreement_id) if agreement_id else None
    if agreement is None or agreement.state != "completed" or agreement.ended_at is None:
        return
    rows = agreements.list_installments(tx, agreement_id=agreement.agreement_id)
    if not any(row.left_minor for row in rows) or not agreements.claim_account(
        tx, account_id=account.account_id, agreement_id=agreement.agreement_id
    ):
        return
    agreements.move_agreement(
        tx, agreement_id=agreement.agreement_id, before="completed", after="active", now=now
    )
    _take_waiver_back(tx, account, completed_at=agreement.ended_at, now=now)
    events.append_for_accounts(
        tx,
        accounts=[account],
        type="agreement.reopened",
        actor=SYSTEM,
        at=now,
        debtor_ref=known(debtors.find_debtor(tx, debtor_id=agreement.debtor_id)).debtor_ref,
        payload={
            "id": agreement.agreement_ref,
            "reason": cause,
            "left": money_payload(sum(row.left_minor for row in rows), account.currency),
        },
    )


def _take_waiver_back(tx: Transaction, account: Account, *, completed_at: datetime, now: datetime) -> None:
    vested = ledger.posted_at(tx, account_id=account.account_id, cause="waiver", booked_at=completed_at)
    if not any(vested.values()):
        return
    left = known(accounts.find_account(tx, account_id=account.account_id))
    ledger.post(
        tx,
        account_id=account.account_id,
        currency=account.currency,
        entries=tuple(Entry(book=book, amount_minor=-side) for book, side in vested.items() if side),
        on_date=now.date(),
        cause="waiver_undone",
        payment_id=None,
        now=now,
    )
    accounts.save_balance(
        tx,
        account_id=account.account_id,
        principal_minor=left.principal_minor - vested.get("principal", 0),
        interest_minor=left.interest_minor - vested.get("interest", 0),
        fees_minor=left.fees_minor - vested.get("fees", 0),
        now=now,
    )


def _vest(tx: Transaction, account: Account, agreement: Agreement, *, now: datetime) -> int:
    """Write off what the signed terms waive; gives the sum. What is left beyond that stays owed."""
    left = known(accounts.find_account(tx, account_id=account.account_id))
    waived: int = sum(json.loads(agreement.terms_json)["plan"]["waived"].values())
    vested = lives.load_vested(tx, agreement_id=agreement.agreement_id)
    total = min(waived - vested, left.balance_minor)
    if total:
        off = settle(
            amount_minor=total,
            owed=Owed(fees=left.fees_minor, interest=left.interest_minor, principal=left.principal_minor),
        )
        sides = {"waived": total, "fees": -off.fees, "interest": -off.interest, "principal": -off.principal}
        ledger.post(
            tx,
            account_id=left.account_id,
            currency=left.currency,
            entries=tuple(Entry(book=book, amount_minor=side) for book, side in sides.items() if side),
            on_date=now.date(),
            cause="waiver",
            payment_id=None,
            now=now,
        )
        accounts.save_balance(
            tx,
            account_id=left.account_id,
            principal_minor=left.principal_minor - off.principal,
            interest_minor=left.interest_minor - off.interest,
            fees_minor=left.fees_minor - off.fees,
            now=now,
        )
    if left.balance_minor == total and left.state == "open":
        accounts.move_account(tx, account_id=left.account_id, before="open", after="settled", now=now)
    return total
