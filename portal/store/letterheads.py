"""What stands at the top of a debtor's pages and messages: the brand that they know, or the lender's own."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from portal.core.messages import is_neutral
from portal.store.lenders import find_creditor, find_lender
from portal.store.tables.debtors import accounts
from portal.store.work import Transaction


@dataclass(frozen=True, kw_only=True)
class Sender:
    """Who writes: the creditor where there is only one, the name (empty when it would tell a bystander), a phone."""

    creditor_id: UUID | None
    name: str
    phone: str | None


def find_only_creditor(tx: Transaction, *, debtor_id: UUID) -> UUID | None:
    """Find the creditor of a person's live accounts; None when there are several or none."""
    rows = tx.execute(
        select(accounts.c.creditor_id)
        .where(
            accounts.c.lender_id == tx.lender_id,
            accounts.c.debtor_id == debtor_id,
            accounts.c.state.in_(["open", "settled"]),
        )
        .distinct()
        .limit(2)
    )
    found = list(rows.scalars())
    return found[0] if len(found) == 1 else None


def find_sender(tx: Transaction, *, debtor_id: UUID) -> Sender:
    """Find under which name and phone a person is written to."""
    lender = find_lender(tx, lender_id=tx.lender_id)
    settings = lender.settings if lender else {}
    creditor_id = find_only_creditor(tx, debtor_id=debtor_id)
    creditor = find_creditor(tx, creditor_id=creditor_id) if creditor_id else None
    name = (
        creditor.brand_name
        if creditor
        else str(settings.get("brand_name") or (lender.name if lender else ""))
    )
    if not is_neutral(name):
        name = str(settings.get("neutral_name") or "")
    phone = (creditor.phone if creditor else None) or settings.get("phone")
    return Sender(creditor_id=creditor_id, name=name if is_neutral(name) else "", phone=phone)
