from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import insert, select, update

from portal.core.states import check_move
from portal.store.life_changes import wake_account
from portal.store.tables.debtors import account_lines, accounts, holds
from portal.store.tables.lenders import creditors
from portal.store.work import Transaction


@dataclass(frozen=True, kw_only=True)
class Account:
    """One debt as the lender's case system knows it, with the brand that the debtor knows."""

    account_id: UUID
    account_ref: str
    creditor_id: UUID
    creditor_ref: str
    brand_name: str
    debtor_id: UUID
    product: str
    currency: str
    principal_minor: int
    interest_minor: int
    fees_minor: int
    original_minor: int
    annual_rate: Decimal
    opened_on: date
    delinquent_since: date | None
    last_payment_on: date | None
    as_of: datetime
    state: str

    @property
    def balance_minor(self) -> int:
        return self.principal_minor + self.interest_minor + self.fees_minor

    def days_past_due(self, today: date) -> int:
        """Days from the oldest unpaid due date to `today`; 0 when nothing is late."""
        return max((today - self.delinquent_since).days, 0) if self.delinquent_since else 0


@dataclass(frozen=True, kw_only=True)
class Line:
    """One addition or subtraction; `label_key` names the text that the screen shows."""

    position: int
    kind: str
    label_key: str
    on_date: date | None
    amount_minor: int


@dataclass(frozen=True, kw_only=True)
class Hold:
    hold_id: UUID
    account_id: UUID
    kind: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True, kw_only=True)
class NewAccount:
    account_ref: str
    creditor_id: UUID
    debtor_id: UUID
    product: str
    currency: str
    principal_minor: int
    interest_minor: int
    fees_minor: int
    original_minor: int
    annual_rate: Decimal
    opened_on: date
    delinquent_since: date | None
    last_payment_on: date | None
    as_of: datetime
    row_digest: bytes
    lines: tuple[Line, ...] = ()


ACCOUNT = (
    accounts.c.account_id,
    accounts.c.account_ref,
    accounts.c.creditor_id,
    creditors.c.creditor_ref,
    creditors.c.brand_name,
    accounts.c.debtor_id,
    accounts.c.product,
    accounts.c.currency,
    accounts.c.principal_minor,
    accounts.c.interest_minor,
    accounts.c.fees_minor,
    accounts.c.original_minor,
    accounts.c.annual_rate,
    accounts.c.opened_on,
    accounts.c.delinquent_since,
    accounts.c.last_payment_on,
    accounts.c.as_of,
    accounts.c.state,
)
WITH_BRAND = accounts.join(
    creditors,
    (creditors.c.lender_id == accounts.c.lender_id) & (creditors.c.creditor_id == accounts.c.creditor_id),
)


def find_account(
    tx: Transaction, *, account_id: UUID | None = None, account_ref: str | None = None
) -> Account | None:
    """Find an account by its id or by the lender's reference."""
    wanted = (
        accounts.c.account_id == account_id
        if account_id is not None
        else accounts.c.account_ref == account_ref
    )
    row = tx.execute(
        select(*ACCOUNT).select_from(WITH_BRAND).where(accounts.c.lender_id == tx.lender_id, wanted)
    ).one_or_none()
    return None if row is None else Account(**row._mapping)


def lock_account(tx: Transaction, *, account_id: UUID) -> Account | None:
    """Lock the account's row until the commit and load it as it is then: two actions on one account take turns."""
    row = tx.execute(
        select(*ACCOUNT)
        .select_from(WITH_BRAND)
        .where(accounts.c.lender_id == tx.lender_id, accounts.c.account_id == account_id)
        .with_for_update(of=accounts)
    ).one_or_none()
    return None if row is None else Account(**row._mapping)


def list_accounts_of(tx: Transaction, *, debtor_id: UUID) -> list[Account]:
    """List a debtor's accounts that are not closed or recalled, oldest first."""
    rows = tx.execute(
        select(*ACCOUNT)
        .select_from(WITH_BRAND)
        .where(
            accounts.c.lender_id == tx.lender_id,
            accounts.c.debtor_id == debtor_id,
            accounts.c.state.in_(["open", "settled"]),
        )
        .order_by(accounts.c.account_id)
    )
    return [Account(**row._mapping) for row in rows]


def list_lines(tx: Transaction, *, account_id: UUID) -> list[Line]:
    rows = tx.execute(
        select(
            account_lines.c.position,
            account_lines.c.kind,
            account_lines.c.label_key,
            account_lines.c.on_date,
            account_lines.c.amount_minor,
        )
        .where(account_lines.c.lender_id == tx.lender_id, account_lines.c.account_id == account_id)
        .order_by(account_lines.c.position)
    )
    return [Line(**row._mapping) for row in rows]


def list_holds(tx: Transaction, *, account_id: UUID, now: datetime) -> list[Hold]:
    """List the holds in force on an account at `now`."""
    rows = tx.execute(
        select(holds.c.hold_id, holds.c.account_id, holds.c.kind, holds.c.since, holds.c.until).where(
            holds.c.lender_id == tx.lender_id,
            holds.c.account_id == account_id,
            holds.c.released_at.is_(None),
            holds.c.until.is_(None) | (holds.c.until > now),
        )
    )
    return [Hold(**row._mapping) for row in rows]


def save_account(tx: Transaction, account: NewAccount, *, now: datetime) -> UUID:
    """Save a new account with its itemized lines."""
    account_id = tx.new_id()
    columns = {name: getattr(account, name) for name in account.__dataclass_fields__ if name != "lines"}
    tx.execute(
        insert(accounts).values(
            lender_id=tx.lender_id,
            account_id=account_id,
            state="open",
            event_sequence=0,
            created_at=now,
            updated_at=now,
            **columns,
        )
    )
    if account.lines:
        tx.execute(
            insert(account_lines),
            [{"lender_id": tx.lender_id, "account_id": account_id, **vars(line)} for line in account.lines],
        )
    return account_id


def save_balance(
    tx: Transaction,
    *,
    account_id: UUID,
    principal_minor: int,
    interest_minor: int,
    fees_minor: int,
    now: datetime,
) -> None:
    """Save what is left of each component after a payment or an adjustment."""
    tx.later(
        _BALANCE,
        {
            "lender_id": tx.lender_id,
            "account_id": account_id,
            "principal": principal_minor,
            "interest": interest_minor,
            "fees": fees_minor,
            "now": now,
        },
    )


_BALANCE = """
UPDATE accounts SET principal_minor = %(principal)s, interest_minor = %(interest)s, fees_minor = %(fees)s,
  as_of = %(now)s, updated_at = %(now)s
WHERE accounts.lender_id = %(lender_id)s AND accounts.account_id = %(account_id)s
"""


def move_account(tx: Transaction, *, account_id: UUID, before: str, after: str, now: datetime) -> bool:
    """Move an account's state by compare-and-set; False when it was not in `before`."""
    check_move(noun="account", before=before, after=after)
    step = (
        update(accounts)
        .where(
            accounts.c.lender_id == tx.lender_id,
            accounts.c.account_id == account_id,
            accounts.c.state == before,
        )
        .values(state=after, updated_at=now)
    )
    return tx.execute(step).rowcount == 1


def save_hold(
    tx: Transaction, *, account_id: UUID, kind: str, now: datetime, until: datetime | None = None
) -> UUID:
    """Save a hold that begins now; the account's plan looks again, because its dates may freeze."""
    hold_id = tx.new_id()
    tx.execute(
        insert(holds).values(
            lender_id=tx.lender_id, hold_id=hold_id, account_id=account_id, kind=kind, since=now, until=until
        )
    )
    wake_account(tx, account_id=account_id, now=now)
    return hold_id


def release_holds(tx: Transaction, *, account_id: UUID, kind: str, now: datetime) -> int:
    """Release the holds of one kind on an account; gives how many."""
    step = (
        update(holds)
        .where(
            holds.c.lender_id == tx.lender_id,
            holds.c.account_id == account_id,
            holds.c.kind == kind,
            holds.c.released_at.is_(None),
        )
        .values(released_at=now)
    )
    wake_account(tx, account_id=account_id, now=now)
    return tx.execute(step).rowcount


def list_hold_starts(tx: Transaction, *, account_id: UUID, kind: str) -> list[datetime]:
    """List when the holds of one kind began on an account, in force or not, the newest first."""
    found = (
        select(holds.c.since)
        .where(holds.c.lender_id == tx.lender_id, holds.c.account_id == account_id, holds.c.kind == kind)
        .order_by(holds.c.since.desc())
    )
    return list(tx.execute(found).scalars())
