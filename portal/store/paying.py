"""A payment with everything that its money touches, locked and read by one statement."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from portal.store.accounts import Account
from portal.store.payments import Payment
from portal.store.work import Transaction

_OF_CREDITOR = frozenset({"creditor_ref", "brand_name"})
_PAYMENT = tuple(Payment.__dataclass_fields__)
_ACCOUNT = tuple(Account.__dataclass_fields__)
_COLUMNS = ", ".join(
    [f"p.{name} AS p_{name}" for name in _PAYMENT]
    + [f"{'c' if name in _OF_CREDITOR else 'a'}.{name} AS a_{name}" for name in _ACCOUNT]
)

# The account is locked first, then the payment: the order of every action, so that none waits for another in a ring.
_LOCK = f"""
SELECT {_COLUMNS}, d.debtor_ref, g.agreement_ref
FROM payments p
JOIN accounts a ON a.lender_id = p.lender_id AND a.account_id = p.account_id
JOIN creditors c ON c.lender_id = a.lender_id AND c.creditor_id = a.creditor_id
JOIN debtors d ON d.lender_id = p.lender_id AND d.debtor_id = p.debtor_id
LEFT JOIN agreements g ON g.lender_id = p.lender_id AND g.agreement_id = p.agreement_id
WHERE p.lender_id = %(lender_id)s AND p.payment_id = %(payment_id)s
FOR UPDATE OF a, p
"""  # noqa: S608 - composed of our own column names; values are bound


@dataclass(frozen=True, kw_only=True)
class Paying:
    """A locked payment, its locked account, and how the person and the payment's agreement are named in events."""

    payment: Payment
    account: Account
    debtor_ref: str
    agreement_ref: str | None


def lock_paying(tx: Transaction, *, payment_id: UUID) -> Paying | None:
    """Lock a payment and its account until the commit and load them as they are then; None when there is none."""
    row = tx.find(_LOCK, {"lender_id": tx.lender_id, "payment_id": payment_id})
    if row is None:
        return None
    return Paying(
        payment=Payment(**_named(row, "p_", _PAYMENT)),
        account=Account(**_named(row, "a_", _ACCOUNT)),
        debtor_ref=row["debtor_ref"],
        agreement_ref=row["agreement_ref"],
    )


def _named(row: dict[str, Any], prefix: str, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: row[prefix + name] for name in names}
