"""Everything that an agreement asked for is paid: the waiver vests, the account is settled, the lender hears it."""

import json
from datetime import datetime
from typing import Any

from portal.core.actors import SYSTEM
from portal.core.agreements.books import Owed, settle
from portal.core.plans.telling import money_payload
from portal.store import accounts, agreements, debtors, events, ledger
from portal.store.accounts import Account
from portal.store.agreements import Agreement
from portal.store.ledger import Entry
from portal.store.rows import known
from portal.store.work import Transaction


def complete_if_paid(tx: Transaction, account: Account, agreement: Agreement, *, now: datetime) -> None:
    """Complete an agreement whose installments are all paid: the waiver vests, the account is settled."""
    rows = agreements.list_installments(tx, agreement_id=agreement.agreement_id)
    if any(row.left_minor for row in rows):
        return
    agreements.move_agreement(
        tx, agreement_id=agreement.agreement_id, before="active", after="completed", now=now
    )
    agreements.release_accounts(tx, agreement_id=agreement.agreement_id)
    waived = _vest(tx, account, agreement, now=now)
    debtor_ref = known(debtors.find_debtor(tx, debtor_id=agreement.debtor_id)).debtor_ref
    currency = account.currency
    paid = money_payload(sum(row.amount_minor for row in rows), currency)
    told: list[tuple[str, dict[str, Any]]] = [
        (
            "agreement.completed",
            {
                "id": agreement.agreement_ref,
                "paid": paid,
                "waived": money_payload(waived, currency),
                "completed_on": now.date().isoformat(),
            },
        )
    ]
    if waived:
        vested = {"amount": money_payload(waived, currency), "cause": "completed"}
        told.append(("waiver.vested", {"agreement": agreement.agreement_ref, **vested}))
    for type_, payload in told:
        events.append_for_accounts(
            tx,
            accounts=[account],
            type=type_,
            actor=SYSTEM,
            at=now,
            debtor_ref=debtor_ref,
            payload=payload,
        )


def _vest(tx: Transaction, account: Account, agreement: Agreement, *, now: datetime) -> int:
    """Write off what the signed terms waive; gives the sum. What is left beyond that stays owed."""
    left = known(accounts.find_account(tx, account_id=account.account_id))
    total: int = min(sum(json.loads(agreement.terms_json)["plan"]["waived"].values()), left.balance_minor)
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
